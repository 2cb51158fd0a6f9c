"""Claims about the pen: what it writes is as wide as it says, and fits."""

from __future__ import annotations

from finrst.plots.metrics import wider
from finrst.plots.placed import MARGIN, Pen, Shape, Text


def test_a_text_that_does_not_fit_is_shortened_in_the_middle() -> None:
    shown, size = Pen("en", wider).fit(["a very long text for a narrow lane"], 60, 12, 10)
    assert size == 10 and "…" in shown and wider(shown, size) <= 60


def test_the_first_text_that_fits_is_taken() -> None:
    assert Pen("en", wider).fit(["far too long for this", "short"], 40, 12, 11)[0] == "short"


def test_the_heading_stays_between_the_margins() -> None:
    shapes: list[Shape] = []
    bottom = Pen("en", wider).heading(shapes, 400, "A title that needs more than one line here", "and where from " * 9)
    texts = [shape for shape in shapes if isinstance(shape, Text)]
    assert len(texts) > 3
    assert all(text.x >= MARGIN and text.x + text.measured <= 400 - MARGIN + 1e-6 for text in texts)
    assert max(text.y for text in texts) <= bottom
