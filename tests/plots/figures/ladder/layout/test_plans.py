"""An arrow's geometry, before it has a place."""

from __future__ import annotations

import pytest

from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.figures.ladder.layout.plans import Planner
from finrst.plots.metrics import wider
from finrst.plots.scene import Arrow

from ....conversations import ALL, capture
from ..scenes import sample, texts


def planner(wire: float, both: bool = False) -> Planner:
    return Planner("en", wider, 100, 100 + wire, both)


def arrows(name: str) -> tuple[Arrow, ...]:
    return compose(ALL[name](), capture()).arrows


@pytest.mark.parametrize("slant", [30.0, 90.0])
@pytest.mark.parametrize("name", ALL)
def test_an_arrow_falls_by_its_slant_from_its_sender_to_the_other_end(name: str, slant: float) -> None:
    for arrow in arrows(name):
        plan = planner(500).plan(arrow, slant, crowded=False)
        assert (plan.end - plan.tail) * plan.slope == pytest.approx(slant)
        assert plan.start == (100 if arrow.side == "client" else 600)
        assert (plan.tail == plan.start) == (not arrow.origin)


@pytest.mark.parametrize("name", ALL)
def test_words_keep_within_the_wire(name: str) -> None:
    for arrow in arrows(name):
        for box in planner(320).plan(arrow, 30, crowded=False).boxes:
            assert min(box.x1, box.x2) >= 100 - 3 and max(box.x1, box.x2) <= 420 + 3


def test_words_become_shorter_where_the_wire_is_narrow() -> None:
    first = arrows("write_after_close")[0]
    assert planner(600).plan(first, 30, crowded=False).rows[0].text == first.label
    assert planner(200).plan(first, 30, crowded=True).rows[0].text != first.label


def test_the_words_of_an_arrow_that_falls_far_stand_level_above_its_tail() -> None:
    first = arrows("write_after_close")[0]
    steep = planner(400, both=True).plan(first, 300, crowded=False)
    assert steep.level and [row.text for row in steep.rows] == [first.label, first.detail] and not steep.words
    flat = planner(400, both=True).plan(first, 30, crowded=False)
    assert not flat.level and tuple(row for row, _, _ in flat.words) == flat.rows


def test_words_of_an_arrow_among_others_reach_half_way_unless_they_stand_along_its_line() -> None:
    told = next(arrow for arrow in sample("crossing-data").arrows if arrow.frame == 12)
    plan = planner(313, both=True).plan(told, 200, crowded=False, others=True)
    assert max(row.measured for row in plan.rows) <= 313 / 2
    assert plan.longer is not None and plan.longer.gain > 0
    assert told.ignored is not None and told.ignored in " ".join(row.text for row in plan.longer.rows)


def test_an_arrow_that_falls_far_alone_says_as_much_as_any_other() -> None:
    said = sample("connect-timeout-cancelled")
    answer = next(arrow for arrow in said.arrows if arrow.flags == "[S.]")
    written = {run.text.rstrip(", ") for text in texts(layout(said)) for run in text.runs}
    assert {answer.label, answer.detail, answer.took} <= written
