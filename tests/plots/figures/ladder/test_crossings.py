"""Which arrows cross, and in which order marks stand whose two ends have times of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finrst.plots.audit import audit
from finrst.plots.figures.ladder.crossings import arrival, cross, groups, in_order, passing, spread
from finrst.plots.figures.ladder.grid import grid
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.scene import Arrow, Break, Note

from ....analyze.two_ends import Ends
from .both_ends import ALL, burst, closing, lossy, overtaken, scene


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
@example(
    [
        ("server", "data", 0.03, 0.2, "lost"),
        ("client", "abort", 0.0002, 0.2, ""),
        ("client", "fin", 0.003, 0.001, ""),
        ("client", "ack", 0.4, 0.001, ""),
        ("client", "abort", 0.03, 0.001, ""),
        ("client", "ack", 0.0002, 0.02, "missed"),
        ("client", "abort", 0.4, 0.001, "missed"),
        ("server", "data", 0.03, 0.02, ""),
        ("server", "data", 0.4, 0.001, "missed"),
    ],
    "zh",
)
@example(
    [
        ("client", "abort", 0.4, 0.02, "forged"),
        ("client", "fin", 0.4, 0.2, "missed"),
        ("server", "abort", 0.4, 0.2, ""),
        ("server", "data", 0.0002, 0.001, "lost"),
        ("client", "fin", 0.03, 0.02, "forged"),
        ("server", "ack", 0.0002, 0.2, ""),
        ("server", "data", 0.4, 0.02, "missed"),
        ("server", "fin", 0.003, 0.2, ""),
    ],
    "en",
)
@example(
    [
        ("client", "data", 0.003, 0.001, "lost"),
        ("server", "ack", 0.03, 0.001, "missed"),
        ("server", "ack", 0.03, 0.2, "lost"),
        ("server", "data", 0.0002, 0.001, ""),
        ("client", "data", 0.03, 0.001, ""),
        ("client", "data", 0.03, 0.001, ""),
        ("server", "abort", 0.4, 0.02, "forged"),
        ("client", "ack", 0.003, 0.02, "missed"),
    ],
    "en",
)
@example(
    [
        ("client", "ack", 0.0002, 0.02, ""),
        ("client", "abort", 0.0002, 0.001, ""),
        ("client", "abort", 0.4, 0.02, ""),
        ("server", "abort", 0.03, 0.001, ""),
        ("server", "data", 0.0002, 0.02, "lost"),
        ("server", "data", 0.4, 0.001, "forged"),
    ],
    "en",
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


def test_every_packet_of_both_captures_is_drawn_or_folded() -> None:
    told = lossy()
    said = scene(told)
    assert said.totals.drawn + said.totals.folded + said.totals.copies == said.totals.packets == len(told.segments)


def test_the_terminal_says_in_words_what_crosses() -> None:
    said = scene(closing())
    text = "\n".join("".join(cell.char for cell in row) for row in grid(said, 100).rows)
    assert "All took some 50 ms." in " ".join(text.split()) and ", crosses " not in text and "crosses " in text


def test_a_group_ends_where_something_else_is_drawn_across_the_wire() -> None:
    said = scene(closing())
    one, two = (arrow for arrow in said.arrows if arrow.kind == "fin")
    place = said.items.index(two)
    cut = replace(said, items=(*said.items[:place], Note(t_ns=two.t_ns, text="between"), *said.items[place:]))
    assert not any({one.frame, two.frame} <= {arrow.frame for arrow in group} for group in groups(cut, 125.0))
    assert any({one.frame, two.frame} <= {arrow.frame for arrow in group} for group in groups(said, 125.0))
    assert isinstance(one, Arrow)
