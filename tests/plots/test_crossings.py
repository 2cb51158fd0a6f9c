"""Figures of two captures: true slants, arrows that cross, marks for what was lost and what neither end sent."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrst.analyze.story import Connection
from finrst.plots.audit import audit
from finrst.plots.compose import compose
from finrst.plots.crossings import cross, groups, spread
from finrst.plots.grid import grid
from finrst.plots.layout import MOST_SLANT, SLANT, layout
from finrst.plots.placed import Circle, Display, Line, Text
from finrst.plots.scene import Arrow, Note, Scene

from ..analyze.two_ends import Ends
from .conversations import capture


def scene(connection: Connection, lang: str = "en", **more: Any) -> Scene:
    return compose(connection, capture(), lang, **more)


def lines(display: Display, said: Scene) -> list[Line]:
    """The line of each arrow, from top to bottom."""
    tails = {(shape.x, shape.y) for shape in display.shapes if isinstance(shape, Circle)}
    found = [s for s in display.shapes if isinstance(s, Line) and s.role == "line" and (s.x1, s.y1) in tails]
    return sorted(found, key=lambda line: line.y1)


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


@pytest.mark.parametrize("name", ALL)
def test_at_each_end_arrows_leave_and_arrive_in_the_order_of_its_own_times(name: str) -> None:
    """Where they do not, for want of room, the arrow says what it crossed."""
    said = scene(ALL[name]())
    drawn = lines(layout(said, 1200), said)
    arrows = [arrow for arrow in said.arrows if not arrow.origin]
    assert len(drawn) == len(arrows)
    for side in ("client", "server"):
        events = []
        for arrow, line in zip(arrows, drawn, strict=True):
            if arrow.side == side:
                events.append((arrow.t_ns, line.y1, arrow))
            elif arrow.arrives_ns is not None:
                events.append((arrow.arrives_ns, line.y2, arrow))
        events.sort(key=lambda event: event[0])
        for (_, above, one), (_, below, two) in pairwise(events):
            assert above < below or "crosses" in f"{one.on_the_way} {two.on_the_way}"


def test_fins_that_cross_are_drawn_crossing() -> None:
    said = scene(closing())
    one, two = (arrow for arrow in said.arrows if arrow.kind == "fin")
    assert two.crosses == one.frame
    drawn = {(line.x1, round(line.y1)): line for line in lines(layout(said), said)}
    first, second = sorted((line for line in drawn.values() if line.stroke == "fin"), key=lambda line: line.y1)
    assert first.y1 < second.y1 < first.y2 < second.y2, "each leaves before the other arrives"


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
    falls = [line.y2 - line.y1 for line in lines(layout(said), said)]
    falls = falls[3:]
    scale = falls[0] / SLANT  # the line ends at its head
    assert [round(fall / scale) for fall in falls] == [SLANT, SLANT, 2 * SLANT, MOST_SLANT, SLANT]


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
    assert said.verdict.certainty == "proved" and "never sent it" in said.verdict.text


def test_every_packet_of_both_captures_is_drawn_or_folded() -> None:
    told = lossy()
    said = scene(told)
    assert said.totals.drawn + said.totals.folded + said.totals.copies == said.totals.packets == len(told.segments)


def test_the_terminal_says_in_words_what_crosses() -> None:
    said = scene(closing())
    text = "\n".join("".join(cell.char for cell in row) for row in grid(said, 100).rows)
    one = next(arrow.frame for arrow in said.arrows if arrow.kind == "fin")
    assert f"arrives 50 ms later, crosses frame {one}" in text


def test_a_group_ends_where_something_else_is_drawn_across_the_wire() -> None:
    said = scene(closing())
    one, two = (arrow for arrow in said.arrows if arrow.kind == "fin")
    place = said.items.index(two)
    cut = replace(said, items=(*said.items[:place], Note(t_ns=two.t_ns, text="between"), *said.items[place:]))
    assert not any({one.frame, two.frame} <= {arrow.frame for arrow in group} for group in groups(cut, 125.0))
    assert any({one.frame, two.frame} <= {arrow.frame for arrow in group} for group in groups(said, 125.0))
    assert isinstance(one, Arrow)
