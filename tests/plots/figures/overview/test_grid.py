"""The overview in characters holds the same numbers, within its columns."""

from __future__ import annotations

import re

import pytest

from finrst.plots.backends import render
from finrst.plots.figures.overview.grid import grid
from finrst.plots.figures.overview.scene import compose
from finrst.plots.metrics import cells

from ....analyze.tables import Row, overview_of, restart, some


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80, 100, 200])
@pytest.mark.parametrize("count", [0, 1, 60, 900])
def test_no_line_is_wider_than_its_columns(count: int, columns: int, lang: str) -> None:
    scene = compose(overview_of(some(count, services=30)), lang)
    for ascii_only in (False, True) if lang == "en" else (False,):
        text = grid(scene, columns).text(ascii_only)
        assert all(cells(line) <= columns for line in text.splitlines())


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("count", [30, 3000])
def test_every_count_of_the_scene_is_there(count: int, columns: int) -> None:
    scene = compose(overview_of(some(count)))
    lines = grid(scene, columns).text().splitlines()
    for row in scene.endings:
        assert any(row.label in line and f" {row.count:,} " in line and row.share in line for line in lines)
    flat = " ".join(" ".join(lines).split())
    for service in scene.rows:
        assert service.label in flat and f"{service.count:,}" in flat
    assert scene.title in flat and scene.command in flat
    assert all(finding.text in flat for finding in scene.findings)


def test_each_of_few_connections_has_a_line_with_its_mark() -> None:
    scene = compose(overview_of(*restart()))
    lines = grid(scene, 100).text().splitlines()
    cut = next(line for line in lines if line.startswith("      0 "))
    assert cut.endswith("◇") and cut.count("╌") > 20 and "━" in cut
    numbers = [int(line[:7]) for line in lines if line[:7].strip().isdigit() and not line[:1].strip()]
    assert sorted(numbers) == list(range(39))


def test_a_single_abnormal_ending_among_thousands_shows() -> None:
    rows = [Row(n / 10, n / 10, port=80) for n in range(3000)] + [Row(100, 100, "refused", "server")]
    lines = grid(compose(overview_of(rows)), 100).text().splitlines()
    below = lines[next(n for n, line in enumerate(lines) if line.startswith("10.0.0.1:80")) + 1]
    assert "█" in below and "<0.1 %" in below and "refused" in below


def test_ascii_has_no_other_character() -> None:
    for count in (60, 900):
        scene = compose(overview_of(some(count)))
        assert render(scene, "txt", ascii_only=True).isascii()


def test_colours_off_the_terminal_says_the_same() -> None:
    scene = compose(overview_of(*restart()))
    plain = render(scene, "txt", columns=100).decode()
    assert {"◇", "▶", "□", "✕", "＞", "●"} <= set(plain)


def test_what_came_after_the_close_is_a_thin_line() -> None:
    lines = grid(compose(overview_of([Row(0, 100, closed=40)])), 100).text().splitlines()
    bar = next(line for line in lines if line.startswith("      0 "))
    assert re.fullmatch(r" +0 ━+●─+", bar)
