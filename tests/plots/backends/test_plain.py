"""Plain text: no escape sequence, and ASCII on request."""

from __future__ import annotations

import pytest

from finrst.plots.backends import render
from finrst.plots.figures.ladder.compose import compose

from ..conversations import ALL, capture


@pytest.mark.parametrize("name", ALL)
def test_text_holds_no_control_character(name: str) -> None:
    text = render(compose(ALL[name](), capture()), "txt").decode()
    assert all(char == "\n" or char.isprintable() for char in text)


@pytest.mark.parametrize("name", ALL)
def test_ascii_on_request(name: str) -> None:
    assert render(compose(ALL[name](), capture()), "txt", ascii_only=True).isascii()
