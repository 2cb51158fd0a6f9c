"""Figures of two captures: true slants, arrows that cross, marks for what was lost and what neither end sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrst.analyze.story import Connection
from finrst.plots.audit import audit
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.crossings import arrival, cross, groups, in_order, passing, spread
from finrst.plots.figures.ladder.grid import grid
from finrst.plots.figures.ladder.layout import MOST_SLANT, SLANT, layout
from finrst.plots.placed import Display, Hit, Text
from finrst.plots.scene import Arrow, Break, Note, Scene

from ....analyze.two_ends import Ends
from ...conversations import capture


def scene(connection: Connection, lang: str = "en", **more: Any) -> Scene:
    return compose(connection, capture(), lang, **more)


def ways(display: Display) -> dict[int, tuple[float, float]]:
    """Frame -> where its arrow departs and arrives: its line may be cut where words stand before it."""
    found = {}
    for shape in display.shapes:
        if isinstance(shape, Hit):
            left, right = shape.points[0][1] + 20, shape.points[1][1] + 20
            found[shape.frame] = (min(left, right), max(left, right))
    return found


def closing(*, way: float = 0.05) -> Connection:
    """Two FINs that cross."""
    ends = Ends(ways=(way, way), offset=2.0)
    c, s = ends.open(mss=1460)
    c.data(100, gap=0.2), s.ack(gap=way + 0.001)
    c.fin(gap=0.2), s.fin(gap=0.01, ack=101), c.ack(gap=way), s.ack(gap=0.005)
    return ends.told()


def burst() -> Connection:
    """Data on its way, which a RST crosses."""
    ends = Ends(ways=(0.1, 0.1))
    c, s = ends.open(mss=1460)
    for _ in range(3):
        c.data(100, gap=0.001)
    s.abort(gap=0.001, ack=1)
    for _ in range(3):
        s.rst(gap=0.1, seq=1)
    return ends.told()


def lossy() -> Connection:
    ends = Ends(offset=-3.0)
    c, s = ends.open(mss=1460)
    c.data(100, lost=True), c.data(100, seq=1, gap=0.4), s.ack(gap=0.02)
    s.fin(forged=True), s.data(50, gap=0.3, lost=True), s.data(50, seq=1, gap=0.3), c.ack(gap=0.02)
    s.rst(forged=True, seq=51), s.data(10, gap=0.4), c.rst(seq=101, gap=0.02), s.ack(gap=1.0)
    return ends.told()


ALL = {"closing": closing, "burst": burst, "lossy": lossy}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ALL)
def test_nothing_overlaps_at_any_width(name: str, lang: str) -> None:
    told = ALL[name]()
    for timed in (True, False):
        for width in (640, 900, 1200):
            assert audit(layout(scene(told, lang, timed=timed), width)) == [], (width, timed)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["client", "server"]),
            st.sampled_from(["data", "ack", "fin", "abort"]),
            st.sampled_from([0.0002, 0.003, 0.03, 0.4]),
            st.sampled_from([0.001, 0.02, 0.2]),
            st.sampled_from(["", "", "", "lost", "forged", "missed"]),
        ),
        max_size=14,
    ),
    st.sampled_from(["en", "zh"]),
)
def test_whatever_happens_on_the_way_nothing_overlaps(packets: list[Any], lang: str) -> None:
    ends = Ends(offset=1.0)
    ends.open(mss=1460)
    for side, what, gap, way, fate in packets:
        end = ends.client if side == "client" else ends.server
        more: dict[str, Any] = {"lost": True} if fate == "lost" else {"forged": True} if fate == "forged" else {}
        if fate == "missed":
            more = {"missed": "server" if side == "client" else "client"}
        getattr(end, what)(*([100] if what == "data" else []), gap=gap, way=way, **more)
    said = scene(ends.told(), lang)
    assert audit(layout(said)) == []
    grid(said, 80)


@pytest.mark.parametrize("name", [*ALL, "overtaken"])
@pytest.mark.parametrize("timed", [True, False])
def test_at_each_end_arrows_leave_and_arrive_in_the_order_of_its_own_times(name: str, timed: bool) -> None:
    said = scene({**ALL, "overtaken": overtaken}[name](), timed=timed)
    drawn = ways(layout(said))
    for side in ("client", "server"):
        events = []
        for arrow in said.arrows:
            if arrow.side == side and not arrow.origin:
                events.append((arrow.t_ns, drawn[arrow.frame][0]))
            elif arrow.side != side and not arrow.lost:
                there = arrow.t_ns if arrow.arrives_ns is None else arrow.arrives_ns
                events.append((there, drawn[arrow.frame][1]))
        events.sort()
        assert len(events) >= 3
        assert [y for _, y in events] == sorted(y for _, y in events)


def overtaken() -> Connection:
    """The second segment arrives first, and is answered before the first arrives."""
    ends = Ends(ways=(0.002, 0.002))
    c, s = ends.open(mss=1460)
    c.data(100, gap=0.1, way=0.05), c.data(100, gap=0.001), s.ack(gap=0.01, ack=1), s.ack(gap=0.1)
    return ends.told()


def test_a_segment_that_was_overtaken_is_drawn_arriving_second_and_says_when() -> None:
    said = scene(overtaken())
    first, second = (arrow for arrow in said.arrows if arrow.kind == "data")
    placed = layout(said)
    (left1, there1), (left2, there2) = (ways(placed)[arrow.frame] for arrow in (first, second))
    assert left1 < left2 < there2 < there1
    assert [arrow.took for arrow in (first, second)] == ["arrives 50 ms later", None]
    assert any("arrives 50 ms later" in shape.text for shape in placed.shapes if isinstance(shape, Text))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [900, 1200])
def test_how_long_an_arrow_took_is_never_left_out(name: str, lang: str, width: int) -> None:
    said = scene(ALL[name](), lang)
    written = " ".join(shape.text for shape in layout(said, width).shapes if isinstance(shape, Text))
    for arrow in said.arrows:
        assert arrow.took is None or arrow.took in written


def test_marks_stand_in_the_order_of_time_and_what_arrives_in_a_gap_on_its_nearer_side() -> None:
    said = scene(overtaken())
    order = [(item.frame, begins) for item, begins in in_order(said) if isinstance(item, Arrow)]
    first, second = (arrow.frame for arrow in said.arrows if arrow.kind == "data")
    ack = said.arrows[-2].frame
    at = [order.index(one) for one in ((first, True), (second, True), (second, False), (ack, True), (first, False))]
    assert at == sorted(at)
    assert sorted(order) == sorted((arrow.frame, begins) for arrow in said.arrows for begins in (True, False))
    one, two = said.arrows[:2]
    for there, before in ((10, True), (900, False)):
        items = (replace(one, t_ns=0, arrives_ns=there), Break(dt_ns=1000, text=""), replace(two, t_ns=1000))
        kinds = [(type(item).__name__, begins) for item, begins in in_order(replace(said, items=items))]
        assert (kinds.index(("Arrow", False)) < kinds.index(("Break", True))) is before


def test_what_passes_on_the_way() -> None:
    said = scene(overtaken())
    first, second = (arrow for arrow in said.arrows if arrow.kind == "data")
    ack = said.arrows[-2]
    assert passing(said) == {first.frame: [second, ack], second.frame: [first], ack.frame: [first]}
    assert arrival(second) == second.arrives_ns and arrival(replace(second, unanswered="lost")) is None


def test_fins_that_cross_are_drawn_crossing() -> None:
    said = scene(closing())
    one, two = (arrow for arrow in said.arrows if arrow.kind == "fin")
    assert two.crosses == one.frame
    (left1, there1), (left2, there2) = (ways(layout(said))[arrow.frame] for arrow in (one, two))
    assert left1 < left2 < there1 < there2, "each leaves before the other arrives"


def test_a_burst_and_the_reset_that_crosses_it_are_one_group() -> None:
    said = scene(burst())
    (group, *_) = groups(said, 125.0)
    assert [arrow.kind for arrow in group] == ["data", "data", "data", "rst"]
    assert groups(said, 20.0) != groups(said, 125.0)
    assert spread(list(group)) == 48 * 2 + 14


def test_resets_are_known_to_cross_from_one_capture_too() -> None:
    ends = Ends(ways=(0.05, 0.05))
    c, s = ends.open(tsval=5)
    c.abort(gap=0.2, tsval=9), s.abort(gap=0.01, tsval=9)
    told = ends.told()
    assert told.ended_by == "both"
    bare = replace(
        told, other_end=None, segments=tuple(replace(x, seen=None, fate=None, arrived_ns=None) for x in told.segments)
    )
    for connection in (told, bare):
        one, two = (arrow for arrow in scene(connection).arrows if arrow.kind == "rst")
        assert two.crosses == one.frame and cross(one, two)


def test_a_slant_is_in_proportion_to_the_way() -> None:
    ends = Ends(ways=(0.02, 0.02))
    c, _ = ends.open()
    for way in (0.02, 0.02, 0.04, 0.2, 0.02):
        c.data(10, gap=0.3, way=way)
    said = scene(ends.told())
    falls = [there - left for left, there in ways(layout(said)).values()][3:]
    assert [round(fall) for fall in falls] == [SLANT, SLANT, 2 * SLANT, MOST_SLANT, SLANT]


def test_what_was_lost_ends_on_its_way_and_is_said_to_be_lost() -> None:
    said = scene(lossy())
    lost = [arrow for arrow in said.arrows if arrow.lost]
    assert [(arrow.side, arrow.unanswered) for arrow in lost] == [
        ("client", "lost on the way"),
        ("server", "lost on the way"),
    ]
    written = {shape.text for shape in layout(said).shapes if isinstance(shape, Text)}
    assert "lost on the way, proved" in written and "no answer seen" not in written
    assert all(arrow.receiver_state is None for arrow in lost)


def test_what_neither_end_sent_starts_on_the_wire() -> None:
    said = scene(lossy())
    forged = [arrow for arrow in said.arrows if arrow.origin]
    assert [(arrow.kind, arrow.origin_note) for arrow in forged] == [
        ("fin", "not from the server"), ("rst", "not from the server"),
    ]  # fmt: skip
    assert all(arrow.sender_state is None for arrow in forged)
    assert said.verdict.certainty == "proved" and "the server never sent" in said.verdict.text


def test_every_packet_of_both_captures_is_drawn_or_folded() -> None:
    told = lossy()
    said = scene(told)
    assert said.totals.drawn + said.totals.folded + said.totals.copies == said.totals.packets == len(told.segments)


def test_the_terminal_says_in_words_what_crosses() -> None:
    said = scene(closing())
    text = "\n".join("".join(cell.char for cell in row) for row in grid(said, 100).rows)
    assert "arrives 50 ms later, crosses " in text


def test_a_group_ends_where_something_else_is_drawn_across_the_wire() -> None:
    said = scene(closing())
    one, two = (arrow for arrow in said.arrows if arrow.kind == "fin")
    place = said.items.index(two)
    cut = replace(said, items=(*said.items[:place], Note(t_ns=two.t_ns, text="between"), *said.items[place:]))
    assert not any({one.frame, two.frame} <= {arrow.frame for arrow in group} for group in groups(cut, 125.0))
    assert any({one.frame, two.frame} <= {arrow.frame for arrow in group} for group in groups(said, 125.0))
    assert isinstance(one, Arrow)
