"""Claims about the marks: every kind has a shape of its own, and colour is never alone."""

from __future__ import annotations

import itertools

import pytest

from finrst.plots.figures.time_sequence.marks import COLOUR, LEGEND, ORDER, glyph, sample
from finrst.plots.figures.time_sequence.scene import Mark
from finrst.plots.placed import Rect
from finrst.plots.theme import THEMES, colours
from tests.plots.test_theme import FLAGS, VISION, contrast, distance


def mark(kind: str, **more: object) -> Mark:
    return Mark(kind=kind, t_ns=0, low=0, high=10, frame=1, **more)  # type: ignore[arg-type]


def test_every_kind_is_drawn_and_in_the_legend() -> None:
    assert set(COLOUR) == set(ORDER) <= set(LEGEND)
    for kind in ORDER:
        assert glyph(mark(kind), 50, 10, 60, merged=False, owner=1)
        assert sample(kind, mark(kind), 10, 10)


def test_no_two_kinds_have_one_shape() -> None:
    shapes = {
        kind: repr(glyph(mark(kind), 50, 10, 60, merged=False, owner=0)).replace(f"'{COLOUR[kind]}'", "'colour'")
        for kind in ORDER
    }
    for one, other in itertools.combinations(ORDER, 2):
        assert shapes[one] != shapes[other], (one, other)


def test_a_rst_that_was_ignored_is_hollow() -> None:
    (taken,) = glyph(mark("rst", accepted=True), 0, 0, 0, merged=False, owner=1)
    (ignored,) = glyph(mark("rst", accepted=False), 0, 0, 0, merged=False, owner=1)
    assert not isinstance(taken, Rect) and taken != ignored


def test_a_lone_retransmission_is_seen_however_small() -> None:
    (bar,) = glyph(mark("retransmission"), 50, 10, 10.01, merged=True, owner=1)
    assert isinstance(bar, Rect) and bar.h >= 6 and bar.w >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_what_was_sent_again_has_a_colour_of_its_own_for_everyone(theme: str) -> None:
    palette = colours(theme)
    assert contrast(palette["again"], palette["bg"]) >= 4.5
    for flag, vision in itertools.product([flag for flag in FLAGS if flag != "again"], VISION):
        assert distance(palette["again"], palette[flag], vision) >= 10, (flag, vision)
