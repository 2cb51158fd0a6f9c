"""The listing in characters: a hundred columns, an arrow before each line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import finrst
from finrst.plots.figures.listing.grid import TEXT, grid
from finrst.plots.figures.listing.scene import Printed, compose
from finrst.plots.metrics import cells


def lines(path: Path, lang: str = "en", columns: int = 100) -> list[str]:
    told = finrst.read(path).connection(0)
    return grid(compose(told.story, told.capture, lang), columns).text().splitlines()


def test_each_arrow_stands_before_its_line(sample: Callable[[str], Path]) -> None:
    first = [line for line in lines(sample("write-twice")) if line[TEXT : TEXT + 3] == "00:"]
    assert [line[: TEXT - 1] for line in first][:2] == ["│●─[S]─────▶│", "│◀────[S.]─●│"]
    assert first[-1].startswith("│●━[R]━━━━━▶│ 00:00:00.057592 IP 10.9.0.1.47304")


def test_the_lines_can_be_put_together_again(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice")).connection(0)
    scene = compose(told.story, told.capture)
    shown = " ".join(line[TEXT:].strip() for line in lines(sample("write-twice")))
    for item in scene.items:
        assert isinstance(item, Printed)
        assert f"{item.stamp} {item.line}" in shown


def test_it_fits_in_both_languages(sample: Callable[[str], Path]) -> None:
    for lang in ("en", "zh"):
        for columns in (80, 100):
            for name in ("write-twice", "retransmissions"):
                assert max(cells(line) for line in lines(sample(name), lang, columns)) <= columns


def test_a_proved_verdict_is_said_to_be_proved(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice").parent).connection(0)
    text = grid(compose(told.story, told.capture), 100).text()
    assert "▌ WHY IT ENDED  The client closed first" in text and "(proved)" in text


def test_an_end_is_named_by_its_role(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("proxy").parent).connection(0)
    lines = grid(compose(told.story, told.capture), 100).text().splitlines()
    assert any(line.split() == ["client", "proxy"] for line in lines)
