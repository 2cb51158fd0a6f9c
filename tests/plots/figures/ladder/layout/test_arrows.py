"""What is drawn of an arrow."""

from __future__ import annotations

import pytest

from finrst.plots.figures.ladder.layout import layout
from finrst.plots.placed import Text

from ..both_ends import ALL, lossy, scene


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [900, 1200])
def test_how_long_an_arrow_took_is_never_left_out(name: str, lang: str, width: int) -> None:
    said = scene(ALL[name](), lang)
    written = " ".join(shape.text for shape in layout(said, width).shapes if isinstance(shape, Text))
    for arrow in said.arrows:
        assert arrow.took is None or arrow.took in written


def test_what_was_lost_ends_on_its_way_and_is_said_to_be_lost() -> None:
    said = scene(lossy())
    lost = [arrow for arrow in said.arrows if arrow.lost]
    assert [(arrow.side, arrow.unanswered) for arrow in lost] == [
        ("client", "lost on the way, sent again 400 ms later"),
        ("server", "lost on the way, sent again 300 ms later"),
    ]
    written = {shape.text for shape in layout(said).shapes if isinstance(shape, Text)}
    assert "lost on the way, proved" in written and "no sign that it arrived" not in written
    assert all(arrow.receiver_state is None for arrow in lost)


def test_what_neither_end_sent_starts_on_the_wire() -> None:
    said = scene(lossy())
    forged = [arrow for arrow in said.arrows if arrow.origin]
    assert [(arrow.kind, arrow.origin_note) for arrow in forged] == [
        ("fin", "not from the server"), ("rst", "not from the server"),
    ]  # fmt: skip
    assert all(arrow.sender_state is None for arrow in forged)
    assert said.verdict.certainty == "proved" and "the server never sent" in said.verdict.text
