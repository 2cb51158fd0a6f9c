"""Claims about the time-sequence graph in characters: it fits, and the facts survive without colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.figures.time_sequence.compose import compose
from finrst.plots.figures.time_sequence.grid import grid
from finrst.plots.metrics import cells

from ... import conversations
from .test_compose import lossy

CAPTURE = conversations.capture()


@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", conversations.ALL)
def test_no_row_is_wider_than_the_terminal(name: str, lang: str, columns: int) -> None:
    connection = conversations.ALL[name]()
    if connection.segments:
        text = grid(compose(connection, CAPTURE, lang), columns).text()
        assert all(cells(line) <= columns for line in text.splitlines())


def test_retransmissions_stalls_and_rst_are_seen() -> None:
    scene = compose(conversations.unknown_connection(), CAPTURE)
    text = grid(scene, 100).text()
    plot = text[text.index(scene.panels[0].head) :].splitlines()[1:17]
    assert any("R" in line for line in plot) and any("⊗" in line for line in plot)
    assert "sent for the 8th time, 13.4 s later" in text


def test_nothing_else_hides_a_retransmission() -> None:
    text = grid(compose(lossy(), CAPTURE), 80).text()
    assert "R" in "".join(line for line in text.splitlines() if "│" in line)


@pytest.mark.parametrize("name", ["unknown_connection", "long_connection", "ignored_reset"])
def test_it_can_be_said_in_ascii(name: str) -> None:
    assert grid(compose(conversations.ALL[name](), CAPTURE), 80).text(ascii_only=True).isascii()


def test_data_that_was_never_acknowledged_is_still_seen_as_data() -> None:
    scene = compose(conversations.write_after_close(), CAPTURE)
    lines = grid(scene, 80).text().splitlines()
    first = lines.index(scene.panels[0].head)
    assert any("│" in line[10:] and "!" in line for line in lines[first : first + 16])


def test_a_proved_verdict_is_said_to_be_proved(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice").parent).connection(0)
    text = grid(compose(told.story, told.capture), 100).text()
    assert "▌ WHY IT ENDED  The client closed first" in text and "(proved)" in text
