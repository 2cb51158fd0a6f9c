"""Where the chips and words of crossing arrows stand."""

from __future__ import annotations

import pytest

from finrst.plots.audit import hidden
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.placed import Poly, Text

from ..both_ends import ALL, burst, scene

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
