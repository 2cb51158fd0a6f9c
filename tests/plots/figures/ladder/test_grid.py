"""The ladder in characters: fits its columns, says every fact without colour, at any width."""

from __future__ import annotations

from typing import Any

import pytest

from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.figures.ladder.grid import grid
from finrst.plots.metrics import cells

from ...conversations import ALL, capture, write_after_close, write_after_close_calls


def ladders() -> list[Any]:
    return [
        pytest.param(name, lang, columns, id=f"{name}-{lang}-{columns}")
        for name in ALL
        for lang in ("en", "zh")
        for columns in (60, 80, 100, 160)
    ]


@pytest.mark.parametrize(("name", "lang", "columns"), ladders())
def test_no_line_is_wider_than_the_terminal_and_every_fact_is_there(name: str, lang: str, columns: int) -> None:
    scene = compose(ALL[name](), capture(), lang)
    text = grid(scene, columns).text()
    assert all(cells(line) <= columns for line in text.splitlines())
    together = "".join(text.replace("│", "").replace("▌", "").split())
    for arrow in scene.arrows:
        assert arrow.flags in text
        assert any(word in together for word in map(squeeze, (arrow.label, *arrow.shorter_labels)))
        assert not arrow.detail or any(
            word in together for word in map(squeeze, (arrow.detail, *arrow.shorter_details))
        )
        assert scene.stamp(arrow.t_ns) in text
        if arrow.why is not None:
            assert squeeze(arrow.why.title) in together
    assert squeeze(scene.title) in together and squeeze(scene.subtitle) in together


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_the_ladder_of_the_notes_experiment_reads_without_colour() -> None:
    text = grid(compose(write_after_close(), capture()), 100).text()
    assert "●━[R] RST ━━━" in text and "╭─▲ Why this RST?" in text
    assert "◀──" in text and "─ data, 18 bytes [P.]─●" in text
    assert "1.956 s later: no packet; the server has not closed its end" in text


def test_a_retransmission_without_answer_is_dashed_and_ends_in_a_cross() -> None:
    text = grid(compose(ALL["timed_out"](), capture()), 100).text()
    assert "╌✕" in text and "no answer, again after" in text


def test_calls_stand_in_lanes_where_there_is_room_and_on_lines_where_not() -> None:
    scene = with_calls(compose(write_after_close(), capture()), write_after_close_calls())
    assert "├ write(4,…,18)" in grid(scene, 100).text()
    assert "server process: write(4,…,18)" in grid(scene, 80).text()


def test_ascii_needs_no_other_character() -> None:
    scene = with_calls(compose(write_after_close(), capture()), write_after_close_calls())
    text = grid(scene, 100).text(ascii_only=True)
    assert text.isascii() and "=[R] RST ====" in text
