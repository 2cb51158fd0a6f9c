"""Convex polygons: what is near them, and what of a line lies in them."""

from __future__ import annotations

import pytest

from finrst.plots.audit import box, overlap
from finrst.plots.figures.ladder.layout.convex import Convex, Way
from finrst.plots.placed import Line, Run, Text

SQUARE = Convex(((0, 0), (10, 0), (10, 10), (0, 10)))


def line(x1: float, y1: float, x2: float, y2: float) -> Line:
    return Line(x1=x1, y1=y1, x2=x2, y2=y2, stroke="ink")


@pytest.mark.parametrize(
    ("drawn", "part"),
    [
        (line(-10, 5, 30, 5), (0.25, 0.5)),
        (line(30, 5, -10, 5), (0.5, 0.75)),
        (line(2, 2, 8, 8), (0.0, 1.0)),
        (line(-10, 15, 30, 15), None),
        (line(12, -10, 12, 30), None),
        (line(-9, 10, 11, 30), None),  # past the corner
    ],
)
def test_the_part_of_a_line_in_a_polygon_is_what_lies_between_its_sides(
    drawn: Line, part: tuple[float, float] | None
) -> None:
    for polygon in (SQUARE, Convex(SQUARE.points[::-1])):
        assert polygon.part(drawn, 0.0) == part


def test_room_around_a_polygon_hides_more_of_a_line() -> None:
    assert SQUARE.part(line(-10, 5, 30, 5), 2.0) == (0.2, 0.55)
    assert SQUARE.part(line(-10, 11, 30, 11), 2.0) == (0.2, 0.55)


def test_those_near_are_all_whose_boxes_come_so_near_on_both_axes() -> None:
    beside, below, apart = (Convex(((x, y), (x + 5, y), (x, y + 5))) for x, y in ((13, 0), (0, 14), (13, 20)))
    assert SQUARE.near([beside, below, apart], 3.0) == [beside]
    assert SQUARE.near([beside, below, apart], 4.0) == [beside, below]
    assert SQUARE.near([SQUARE], 0.0) == [SQUARE]


@pytest.mark.parametrize("angle", range(-60, 61, 15))
def test_a_line_that_turned_words_hide_is_near_their_box(angle: float) -> None:
    words = Convex(box(Text(x=50, y=50, runs=(Run("words", "ink"),), size=12.5, angle=angle, measured=60, owner=1)))
    hidden = 0
    for y in range(-40, 140):
        for drawn in (line(0, y, 200, y), line(0, y, 200, y + 60), line(y, 0, y, 200)):
            if words.part(drawn) is not None:
                hidden += 1
                assert Way(drawn).near([words], 4.0)
    assert hidden > 20


def test_the_corners_of_the_box_hold_the_polygon() -> None:
    turned = Convex(((5, 0), (10, 5), (5, 10), (0, 5)))
    assert turned.corners == SQUARE.points
    assert overlap(turned.corners, turned.points)
