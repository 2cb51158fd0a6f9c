"""Where arrows depart and arrive."""

from __future__ import annotations

import pytest

from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.figures.ladder.layout.departures import MOST_SLANT, SLANT
from finrst.plots.placed import Text

from .....analyze.two_ends import Ends
from ....conversations import capture, long_connection
from ..both_ends import ALL, closing, overtaken, scene, ways
from ..scenes import sample, texts


def test_time_runs_down() -> None:
    scene = compose(long_connection(), capture())
    stamps = {scene.stamp(arrow.t_ns): arrow.t_ns for arrow in scene.arrows}
    placed = sorted((text.y, stamps[text.text]) for text in texts(layout(scene)) if text.text in stamps)
    assert [t for _, t in placed] == sorted(t for _, t in placed)


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


def test_a_segment_that_was_overtaken_is_drawn_arriving_second_and_says_when() -> None:
    said = scene(overtaken())
    first, second = (arrow for arrow in said.arrows if arrow.kind == "data")
    placed = layout(said)
    (left1, there1), (left2, there2) = (ways(placed)[arrow.frame] for arrow in (first, second))
    assert left1 < left2 < there2 < there1
    assert [arrow.took for arrow in (first, second)] == ["takes 50 ms", None]
    assert any("takes 50 ms" in shape.text for shape in placed.shapes if isinstance(shape, Text))


def test_fins_that_cross_are_drawn_crossing() -> None:
    said = scene(closing())
    one, two = (arrow for arrow in said.arrows if arrow.kind == "fin")
    assert two.crosses == one.frame
    (left1, there1), (left2, there2) = (ways(layout(said))[arrow.frame] for arrow in (one, two))
    assert left1 < left2 < there1 < there2, "each leaves before the other arrives"


def test_a_slant_is_in_proportion_to_the_way() -> None:
    ends = Ends(ways=(0.02, 0.02))
    c, _ = ends.open()
    for way in (0.02, 0.02, 0.04, 0.2, 0.02):
        c.data(10, gap=0.3, way=way)
    said = scene(ends.told())
    falls = [there - left for left, there in ways(layout(said)).values()][3:]
    assert [round(fall) for fall in falls] == [SLANT, SLANT, 2 * SLANT, MOST_SLANT, SLANT]


def test_a_remark_on_the_wire_makes_no_arrow_steeper() -> None:
    said = sample("accept-queue-full-given-up")
    usual = [arrow.frame for arrow in said.arrows if arrow.arrives_ns and arrow.arrives_ns - arrow.t_ns < 1_000_000]
    assert len(usual) > 5
    assert all(there - left <= SLANT + 1 for frame, (left, there) in ways(layout(said)).items() if frame in usual)
