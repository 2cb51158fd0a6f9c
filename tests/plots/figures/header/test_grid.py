"""The header in characters: RFC 9293's drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import finrst
from finrst.plots.backends import render
from finrst.plots.figures.header.grid import grid
from finrst.plots.figures.header.scene import compose
from finrst.plots.metrics import cells


def drawn(path: Path, lang: str = "en", columns: int = 80, frame: int | None = None) -> list[str]:
    told = finrst.read(path).connection(0)
    return grid(compose(told.story, told.capture, lang, frame=frame), columns).text().splitlines()


def test_it_is_the_drawing_of_the_rfc_with_the_values_in_it(sample: Callable[[str], Path]) -> None:
    lines = drawn(sample("write-twice"))
    start = next(number for number, line in enumerate(lines) if line.startswith("  +-+"))
    assert lines[start] == "  " + "+-" * 32 + "+"
    assert lines[start - 1].split() == [str(bit % 10) for bit in range(32)]
    assert "source port 47304" in lines[start + 1] and "destination port 9000" in lines[start + 1]
    bars = [line for line in lines if line.startswith("  |")]
    assert {len(line) for line in bars} == {67}
    assert any(line.count("|0|0|0|0|0|0|1|0|0|") for line in bars)


def test_the_mark_stands_under_the_thirteenth_byte(sample: Callable[[str], Path]) -> None:
    for frame in (1, 9):
        lines = drawn(sample("write-twice"), frame=frame)
        at = next(number for number, line in enumerate(lines) if line.startswith("bytes"))
        column = lines[at + 1].index("^^")
        told = finrst.read(sample("write-twice")).connection(0).story.segments[frame - 1]
        assert lines[at][column : column + 2] == f"{told.header[13]:02x}"


def test_it_fits_eighty_columns_in_both_languages(sample: Callable[[str], Path]) -> None:
    for lang in ("en", "zh"):
        for frame in (1, 3, 9):
            assert max(cells(line) for line in drawn(sample("write-twice"), lang, frame=frame)) <= 80


def test_it_survives_seven_bits_and_no_colour(sample: Callable[[str], Path]) -> None:
    scene = finrst.read(sample("write-twice")).connection(0).scene(figure="header")
    text = render(scene, "txt", ascii_only=True, columns=80)
    assert text.isascii() and b"1 RST" in text
