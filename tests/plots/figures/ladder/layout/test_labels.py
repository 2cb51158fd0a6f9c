"""Where the chips and words of crossing arrows stand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

import finrst
from finrst.plots.audit import box, hidden
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.figures.ladder.layout.convex import Convex
from finrst.plots.placed import Line, Poly, Text

from ..both_ends import ALL, burst, scene
from ..scenes import SAMPLES, sample

MOST_HIDDEN = 60.0  # px of an arrow


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [900, 1200])
def test_no_words_of_others_hide_more_of_an_arrow_than_a_crossing_needs(name: str, lang: str, width: int) -> None:
    assert max(hidden(layout(scene(ALL[name](), lang), width)), default=0.0) <= MOST_HIDDEN


def test_words_of_a_crossing_arrow_are_all_there() -> None:
    said = scene(burst())
    written = [shape.text for shape in layout(said).shapes if isinstance(shape, Text)]
    for arrow in said.arrows:
        assert any(text in written for text in (arrow.label, *arrow.shorter_labels)), arrow.label
        assert arrow.flags in written


def test_no_line_to_a_reason_crosses_a_burst_of_arrows() -> None:
    said = scene(burst())
    told = next(arrow for arrow in said.arrows if arrow.why)
    shapes = layout(said).shapes
    assert not any(isinstance(shape, Poly) and not shape.closed and shape.stroke == "rst" for shape in shapes)
    assert f"{told.flags} at {said.stamp(told.t_ns)}" in {shape.text for shape in shapes if isinstance(shape, Text)}


@pytest.mark.parametrize(
    ("name", "led"), [("crossing-data", False), ("lost-data-duplicated", False), ("idle-race", True)]
)
def test_a_reason_without_a_short_line_to_its_rst_names_it(name: str, led: bool) -> None:
    said = sample(name)
    display = layout(said)
    told = next(arrow for arrow in said.arrows if arrow.why)
    written = [shape.text for shape in display.shapes if isinstance(shape, Text)]
    lines = [s for s in display.shapes if isinstance(s, Poly) and not s.closed and s.stroke == "rst" and not s.role]
    assert (f"{told.flags} at {said.stamp(told.t_ns)}" in written) is not led
    assert bool(lines) is led
    marks = [s for s in display.shapes if isinstance(s, Text) and s.text == "1"]
    assert len(marks) == (0 if led else 3)
    if marks:
        there, here, _legend = marks
        chip = next(s for s in display.shapes if isinstance(s, Text) and s.text == told.flags and s.y < there.y)
        assert math.dist((here.x, here.y), (chip.x, chip.y)) < 50 < math.dist((there.x, there.y), (chip.x, chip.y))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["forged-rst-before-data", "forged-rst-handshake"])
def test_whose_a_rst_is_not_hides_no_arrow(name: str, lang: str) -> None:
    one = finrst.read(SAMPLES / name).connection(0)
    display = layout(compose(one.story, one.capture, lang))
    words = next(s for s in display.shapes if isinstance(s, Text) and s.text in ("not the server's", "并非来自服务器"))
    pieces: dict[tuple[int, str], list[Line]] = {}
    for shape in display.shapes:
        if isinstance(shape, Line) and shape.role == "line" and shape.owner > 0 and shape.y1 != shape.y2:
            pieces.setdefault((shape.owner, shape.stroke), []).append(shape)
    whole = [replace(one[0], x2=one[-1].x2, y2=one[-1].y2) for one in pieces.values()]
    assert whole and not any(Convex(box(words)).part(line) for line in whole)


@pytest.mark.parametrize("name", ["forged-rst-before-data", "forged-rst-handshake"])
def test_the_line_to_the_reason_of_a_rst_from_nowhere_starts_at_its_chip_not_at_the_end_it_names(name: str) -> None:
    display = layout(sample(name))
    line = next(s for s in display.shapes if isinstance(s, Poly) and not s.closed and s.stroke == "rst" and not s.role)
    (x, y), (_, end) = line.points[0], line.points[-1]
    chips = [s for s in display.shapes if isinstance(s, Poly) and s.fill == "rst" and len(s.points) == 8]
    assert any(min(cx for cx, _ in c.points) <= x <= max(cx for cx, _ in c.points)
               and abs(max(cy for _, cy in c.points) - y) < 0.1 for c in chips)  # fmt: skip
    assert end > y
