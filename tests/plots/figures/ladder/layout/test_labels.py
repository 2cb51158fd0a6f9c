"""Where the chips and words of crossing arrows stand."""

from __future__ import annotations

import pytest

from finrst.plots.audit import hidden
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.placed import Poly, Text

from ..both_ends import ALL, burst, scene
from ..scenes import sample

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


def test_a_reason_far_below_its_rst_has_a_line_to_it() -> None:
    said = scene(burst())
    assert any(arrow.why for arrow in said.arrows)
    display = layout(said)
    lines = [
        shape for shape in display.shapes if isinstance(shape, Poly) and not shape.closed and shape.stroke == "rst"
    ]
    assert len(lines) == 1


@pytest.mark.parametrize("name", ["forged-rst-before-data", "forged-rst-handshake"])
def test_the_line_to_the_reason_of_a_rst_from_nowhere_starts_at_its_chip_not_at_the_end_it_names(name: str) -> None:
    display = layout(sample(name))
    line = next(s for s in display.shapes if isinstance(s, Poly) and not s.closed and s.stroke == "rst" and not s.role)
    (x, y), (_, end) = line.points[0], line.points[-1]
    chips = [s for s in display.shapes if isinstance(s, Poly) and s.fill == "rst" and len(s.points) == 8]
    assert any(min(cx for cx, _ in c.points) <= x <= max(cx for cx, _ in c.points)
               and abs(max(cy for _, cy in c.points) - y) < 0.1 for c in chips)  # fmt: skip
    assert end > y
