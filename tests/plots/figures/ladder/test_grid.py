"""The ladder in characters: fits its columns, says every fact without colour, at any width."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import finrst
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.figures.ladder.grid import grid
from finrst.plots.metrics import cells
from finrst.plots.scene import Scene

from ...conversations import ALL, capture, write_after_close, write_after_close_calls
from .scenes import sample as ladder


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
    assert "1.96 s later: no packet; the server has not closed its end" in text


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


def drawn(sample: Callable[[str], Path], name: str, columns: int = 100) -> list[str]:
    """The ladder of a recording with captures at both ends, line by line."""
    told = finrst.read(sample(name).parent).connection(0)
    scene = told.scene()
    assert isinstance(scene, Scene)
    return grid(scene, columns).text().splitlines()


def line_with(lines: list[str], text: str) -> int:
    return next(number for number, line in enumerate(lines) if text in line)


@pytest.mark.parametrize("columns", [80, 100])
def test_a_state_stands_where_its_segment_arrives_and_not_where_it_left(
    sample: Callable[[str], Path], columns: int
) -> None:
    lines = drawn(sample, "idle-race", columns)
    let_go = line_with(lines, "the wire lets go")
    fin, rst = line_with(lines, "FIN M arrives"), line_with(lines, "RST arrives")
    assert let_go < fin < rst and "CLOSE_WAIT" in lines[fin] and "CLOSED" in lines[rst]
    sent = finrst.read(sample("idle-race").parent).connection(0).story.segments
    arrived = next(one.arrived_ns for one in sent if one.flags & 1 and one.side == "server") or 0
    assert lines[fin].startswith(f"{(arrived - sent[0].ts_ns) / 1e9:.6f}")
    assert not any("CLOSE_WAIT" in line for line in lines[:fin])


def test_the_kernel_still_takes_a_write_before_the_rst_is_there(sample: Callable[[str], Path]) -> None:
    lines = drawn(sample, "write-twice-back-to-back")
    there = line_with(lines, "RST arrives")
    writes = [number for number, line in enumerate(lines) if "write(4" in line]
    assert writes[1] < there < writes[2] and lines[there].rstrip().endswith("CLOSED")


@pytest.mark.parametrize("columns", [80, 100])
def test_a_state_is_not_glued_to_its_lifeline(sample: Callable[[str], Path], columns: int) -> None:
    lines = drawn(sample, "crossing-fins", columns)
    assert not any(re.search(r"[A-Z0-9][●│]|[●│][A-Z]{3}", line) for line in lines)


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("user-timeout", ("USER_TIMEOUT", "700 ms")),
        ("disconnect", ("AF_UNSPEC)",)),
        ("descriptor-after-reset", ("SO_ERROR", "RDHUP")),
        ("three-segment-close", ("QUICKACK", " 0")),
        ("response-cut", ("SNDBUF", "100000")),
    ],
)
def test_what_a_call_asks_for_is_not_left_out(
    sample: Callable[[str], Path], name: str, said: tuple[str, ...], columns: int
) -> None:
    text = "\n".join(drawn(sample, name, columns))
    assert all(word in text for word in said)
    assert not re.search(r"(setsockopt|poll)\([^)]*…", text)


def test_a_rst_that_was_ignored_has_neither_the_line_of_a_retransmission_nor_the_head_of_one_that_counts() -> None:
    text = grid(ladder("lost-data-duplicated"), 100).text()
    lines = [line for line in text.splitlines() if "RST [R]" in line]
    assert len(lines) == 3 and "━" in lines[0]
    assert all("·····" in line and "╌" not in line for line in lines[1:])
    assert text.count("◁··· RST arrives") == 2 and "·▷ RST, ignored" in text


def test_a_copy_that_was_made_on_the_way_is_no_sender_unknown() -> None:
    text = grid(ladder("time-wait-assassinated"), 100).text()
    assert "◇ copy made on the way" in text and "sender unknown" not in text


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize(
    "name", ["forged-rst", "forged-rst-before-data", "write-twice", "lost-data-duplicated", "refused"]
)
def test_the_box_with_a_reason_points_at_its_chip(name: str, columns: int) -> None:
    lines = grid(ladder(name), columns).text().splitlines()
    (top,) = (number for number, line in enumerate(lines) if "▲" in line and "RST?" in line)
    rst = next(line for line in reversed(lines[:top]) if re.search(r"\[R\.?\]", line))
    chip = re.search(r"\[R\.?\]", rst)
    assert chip is not None
    assert chip.start() <= lines[top].index("▲") <= chip.end()
