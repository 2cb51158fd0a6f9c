"""The figure of RSTs: each counted once, what a receiver did with it in words and form."""

from __future__ import annotations

import pytest

from finrst.analyze.story import Overview
from finrst.analyze.vocabulary import ACCEPTED_NO, ACCEPTED_UNKNOWN, ACCEPTED_YES, SHAPES
from finrst.plots.audit import audit
from finrst.plots.figures.resets import ResetsFigure
from finrst.plots.metrics import cells, wider
from finrst.plots.placed import Rect, Text

from ...analyze.tables import Row, Rst, overview_of, restart

ALL = [
    Rst(n, n / 7, sender, shape, accepted, latency=None if shape == "active" else 10.0 ** (n % 9 - 7))
    for n, (sender, shape, accepted) in enumerate(
        (sender, shape, accepted)
        for sender in ("client", "server")
        for shape in SHAPES
        for accepted in (ACCEPTED_NO, ACCEPTED_YES, ACCEPTED_UNKNOWN)
        for _ in range(7)
    )
]
ROWS = [Row(0, 18, "reset", "server")] * len(ALL)
CASES = {
    "none": overview_of([Row()]),
    "no connection": overview_of([]),
    "one": overview_of([Row(ending="reset", who="client")], [Rst(0, 0.5)]),
    "of every kind": overview_of(ROWS, ALL),
    "of one kind": overview_of(ROWS, [Rst(n, n / 9) for n in range(20)]),
    "at one instant": overview_of([Row(1, 1, "refused", "server")] * 4, [Rst(n, 1, "server") for n in range(4)]),
    "restart": overview_of(*restart()),
    "a hostile name": overview_of(ROWS, ALL, name="\x9b31m\u2066" * 200),
}


@pytest.mark.parametrize("width", [900, 1200])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("told", CASES.values(), ids=CASES.keys())
def test_nothing_overlaps_and_nothing_is_clipped(told: Overview, lang: str, width: int) -> None:
    display = ResetsFigure.place(ResetsFigure.compose(told, lang=lang), width, wider)
    assert audit(display) == []
    assert all(shape.size >= 9.5 for shape in display.shapes if isinstance(shape, Text))


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("none", "No RST in this capture"),
        ("one", "1 RST: sent by the client on its own"),
        ("of one kind", "20 RSTs in 20 connections: all sent by the client on its own"),
        ("restart", "12 RSTs in 12 connections: 7 of them sent by the server on its own"),
    ],
)
def test_the_title_says_how_many_and_what_most_are(case: str, title: str) -> None:
    assert ResetsFigure.compose(CASES[case]).title == title


@pytest.mark.parametrize("told", CASES.values(), ids=CASES.keys())
def test_every_rst_is_counted_once_in_each_part(told: Overview) -> None:
    scene = ResetsFigure.compose(told)
    assert scene.total == sum(row.count for row in scene.kinds) == sum(sum(row.bins) for row in scene.over_time)
    assert sum(sum(row.bins) for row in scene.latency) == told.resets.latency.total


def test_what_receivers_did_is_said_in_words_and_form() -> None:
    scene = ResetsFigure.compose(CASES["of every kind"])
    assert {row.text for row in scene.kinds} == {"7 accepted, 7 ignored, 7 cannot be known"}
    shapes = ResetsFigure.place(scene, 900, wider).shapes
    bars = [(shape.fill, shape.stroke) for shape in shapes if isinstance(shape, Rect) and shape.h == 11]
    assert set(bars) == {
        ("end-reset-client", "end-reset-client"), ("bg", "end-reset-client"),
        ("end-reset-server", "end-reset-server"), ("bg", "end-reset-server"), ("faint", "muted"),
    }  # fmt: skip


def test_where_nothing_is_answered_that_is_said() -> None:
    scene = ResetsFigure.compose(CASES["of one kind"])
    assert scene.latency == () and scene.latency_text == "No RST answers a segment in this capture."


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80, 100, 200])
def test_the_characters_stay_within_their_columns_and_hold_the_counts(columns: int, lang: str) -> None:
    for told in CASES.values():
        scene = ResetsFigure.compose(told, lang=lang)
        lines = ResetsFigure.grid(scene, columns).text().splitlines()
        assert all(cells(line) <= columns for line in lines)
        if columns >= 80:
            assert all(any(row.text in line for line in lines) for row in scene.kinds)


def test_answers_whose_segment_is_not_known_are_counted_beside_the_latencies() -> None:
    told = overview_of(*restart())
    figure = ResetsFigure.compose(told)
    answers = sum(one.count for one in told.resets.kinds if one.shape != "active")
    without = answers - told.resets.latency.total
    assert ("answer what is not known" in figure.latency_text) == (without > 0 and told.resets.latency.total > 0)


def test_only_the_forms_that_are_drawn_are_explained() -> None:
    def texts(told: Overview) -> str:
        display = ResetsFigure.place(ResetsFigure.compose(told), 1200, wider)
        return " ".join(shape.text for shape in display.shapes if isinstance(shape, Text))

    assert "full: accepted by its receiver; hollow: ignored; grey: cannot be known" in texts(CASES["of every kind"])
    assert "full: accepted by its receiver" in texts(CASES["of one kind"])
    assert "hollow" not in texts(CASES["of one kind"]) and "grey" not in texts(CASES["of one kind"])
