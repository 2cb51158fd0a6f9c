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
    assert planner(600).plan(first, 30, crowded=False).label == first.label
    assert planner(200).plan(first, 30, crowded=True).label != first.label


def test_the_words_of_an_arrow_that_falls_far_stand_level_above_its_tail() -> None:
    first = arrows("write_after_close")[0]
    steep = planner(400, both=True).plan(first, 300, crowded=False)
    assert steep.label == "" and [row.text for row in steep.rows][:2] == [first.label, first.detail]
    assert planner(400, both=True).plan(first, 30, crowded=False).rows == ()


def test_an_arrow_that_falls_far_alone_says_as_much_as_any_other() -> None:
    said = sample("connect-timeout-cancelled")
    answer = next(arrow for arrow in said.arrows if arrow.flags == "[S.]")
    assert {answer.label, answer.detail} <= {text.text for text in texts(layout(said))}
