"""The figure of silences: each ending on its own row, timers named."""

from __future__ import annotations

import json

import pytest

from finrst.analyze.story import Overview
from finrst.analyze.vocabulary import CLASSES
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures.idle_gaps import IdleGapsFigure
from finrst.plots.metrics import cells, wider
from finrst.plots.placed import Rect, Text

from ...analyze.tables import Row, overview_of, restart, some


def timers() -> list[Row]:
    """Silences all over, and three timers: 200 ms, 60 s, 62 s and an hour."""
    rows = some(1500)
    rows += [Row(ending="reset", who="path", silence=60 + n / 1000) for n in range(300)]
    rows += [Row(ending="reset", who="server", silence=0.2) for n in range(200)]
    rows += [Row(ending="timed-out", who="nobody", silence=4000 + n) for n in range(30)]
    return rows


CASES = {
    "none": overview_of([]),
    "no silence": overview_of([Row()]),
    "one": overview_of([Row(silence=5)]),
    "at once": overview_of([Row(silence=0)] * 3),
    "all shorter": overview_of([Row(silence=0.0001)] * 300),
    "restart": overview_of(*restart()),
    "timers": overview_of(timers()),
    "a hostile name": overview_of(timers(), name="\x1b[2J<script>" * 50),
}


@pytest.mark.parametrize("width", [900, 1200])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("told", CASES.values(), ids=CASES.keys())
def test_nothing_overlaps_and_nothing_is_clipped(told: Overview, lang: str, width: int) -> None:
    display = IdleGapsFigure.place(IdleGapsFigure.compose(told, lang=lang), width, wider)
    assert audit(display) == []
    assert all(shape.size >= 9.5 for shape in display.shapes if isinstance(shape, Text))


def test_the_title_names_the_timer_of_seconds() -> None:
    assert IdleGapsFigure.compose(CASES["restart"]).title == "4 connections ended after 60.0 s of silence"
    assert IdleGapsFigure.compose(CASES["timers"]).title == "300 connections ended after 60.1 s of silence"
    assert IdleGapsFigure.compose(overview_of(some(1500))).title.startswith("No timer stands out")
    assert IdleGapsFigure.compose(CASES["no silence"]).title == "No connection ended with FIN or RST"


def test_peaks_say_of_which_endings_they_are() -> None:
    peaks = {peak.name: (peak.ending, peak.text) for peak in IdleGapsFigure.compose(CASES["timers"]).peaks}
    assert peaks["60.1 s"] == ("reset-path", "60.1 s: 300 connections, mostly RST on the path") or peaks["60.1 s"] == (
        "reset-path",
        "60.1 s: 300 connections, all RST on the path",
    )
    assert peaks["200 ms"][0] == "reset-server"


@pytest.mark.parametrize("told", CASES.values(), ids=CASES.keys())
def test_rows_hold_every_silence_and_the_rest_is_said(told: Overview) -> None:
    scene = IdleGapsFigure.compose(told)
    assert sum(row.count for row in scene.rows) + told.idle.without == told.connections
    assert all(sum(row.bins) == row.count for row in scene.rows)
    assert [row.ending for row in scene.rows] == [
        name for name in CLASSES if name in {row.ending for row in scene.rows}
    ]
    assert (f"{told.idle.without:,} without FIN or RST" in scene.subtitle) == bool(told.idle.without)
    assert json.loads(render(scene, "json"))["rows"] == [
        {"mark": "gaprow", "ending": row.ending, "label": row.label, "count": row.count, "bins": list(row.bins)}
        for row in scene.rows
    ]


def test_every_bin_that_holds_something_is_drawn() -> None:
    scene = IdleGapsFigure.compose(CASES["timers"])
    shapes = IdleGapsFigure.place(scene, 900, wider).shapes
    drawn = [shape for shape in shapes if isinstance(shape, Rect) and shape.fill.startswith("end-")]
    assert len(drawn) == sum(n > 0 for row in scene.rows for n in row.bins)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80, 100, 200])
def test_the_characters_stay_within_their_columns_and_hold_the_counts(columns: int, lang: str) -> None:
    for told in CASES.values():
        scene = IdleGapsFigure.compose(told, lang=lang)
        lines = IdleGapsFigure.grid(scene, columns).text().splitlines()
        assert all(cells(line) <= columns for line in lines)
        if columns >= 80:
            assert all(
                any(row.label in line and line.endswith(f" {row.count:,}") for line in lines) for row in scene.rows
            )
