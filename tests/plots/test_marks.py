"""The marks of endings are shapes of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.vocabulary import CLASSES
from finrst.plots.marks import character, colour, mark
from finrst.plots.placed import Circle, Line, Poly, Shape
from finrst.plots.theme import ENDING, LIGHT


def drawn(ending: str) -> list[Shape]:
    shapes: list[Shape] = []
    mark(shapes, ending, 50, 50)
    return shapes


def without_colour(shape: Shape) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, stroke="")
    assert isinstance(shape, Circle | Poly)
    return replace(shape, fill=str(shape.fill not in ("none", "bg")), stroke=str(shape.stroke != "none"))


def test_every_class_of_ending_has_a_mark() -> None:
    assert set(CLASSES) == set(ENDING)
    assert all(drawn(ending) and colour(ending) in LIGHT and character(ending) for ending in CLASSES)


def test_two_endings_look_the_same_only_where_nobody_knows_who_reset() -> None:
    by_shape: dict[object, set[str]] = {}
    for ending in CLASSES:
        by_shape.setdefault(tuple(map(without_colour, drawn(ending))), set()).add(ending)
    assert [endings for endings in by_shape.values() if len(endings) > 1] == [{"reset-path", "reset-unknown"}]


@pytest.mark.parametrize("ending", CLASSES)
def test_a_mark_stays_around_its_place(ending: str) -> None:
    for shape in drawn(ending):
        if isinstance(shape, Circle):
            points = [(shape.x - shape.r, shape.y), (shape.x + shape.r, shape.y)]
        elif isinstance(shape, Line):
            points = [(shape.x1, shape.y1), (shape.x2, shape.y2)]
        else:
            assert isinstance(shape, Poly)
            points = list(shape.points)
        assert all(abs(x - 50) <= 6 and abs(y - 50) <= 6 for x, y in points)
