"""The answer to a log line, in both languages and any width; hostile text does not reach the terminal."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from finrst.analyze.clusters import clusters
from finrst.analyze.errors import matches
from finrst.analyze.scan import scan
from finrst.analyze.story import Matches
from finrst.analyze.tell import capture_story
from finrst.analyze.verdicts import of
from finrst.analyze.wordings import understood
from finrst.plots import words
from finrst.plots.errors import SHOWN, print_matches

Sample = Callable[[str], Path]


def answer(path: Path, line: str, at_ns: int | None = None) -> Matches:
    wording = understood(line)
    assert wording is not None
    return matches(scan(str(path)), wording, at_ns)


def printed(told: Matches, path: Path, width: int = 100, lang: str = "en", at_ns: int | None = None) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False, markup=False)
    found = scan(str(path))
    held = of(found)
    print_matches(told, clusters(held.table, held.facts, held.judged), capture_story(found), at_ns, console, lang)
    return stream.getvalue()


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("line", ["Broken pipe", "Connection reset by peer", "EOF", "use of closed network connection"])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_it_fits_its_width(sample: Sample, lang: str, line: str, width: int) -> None:
    path = sample("write-twice")
    text = printed(answer(path, line), path, width, lang)
    assert all(cell_len(one.rstrip()) <= width for one in text.splitlines() if "finrst explain" not in one)


def test_it_says_who_saw_what_in_which_call_and_why(sample: Sample) -> None:
    path = sample("write-twice")
    text = printed(answer(path, "Broken pipe"), path)
    assert "An application can have seen it in 1 of 1 connection" in text
    assert "The server: write returns EPIPE." in text
    assert "The client closed first; the server's write was answered with RST." in text
    assert "--connection 0" in text


def test_where_nothing_fits_it_says_what_it_takes_and_what_comes_nearest(sample: Sample) -> None:
    path = sample("write-twice")
    text = printed(answer(path, "Connection reset by peer"), path)
    assert "No application can have seen it" in text
    assert "ECONNRESET takes a RST" in text
    assert "The server: read EOF, write EPIPE, SO_ERROR EPIPE." in text


def test_of_many_the_nearest_are_listed_and_the_others_counted(sample: Sample) -> None:
    path = sample("write-twice")
    at_ns = 1_767_268_800 * 10**9
    told = answer(path, "Broken pipe")
    match = replace(told.found[0], away_ns=10**9)
    many = replace(told, found=(match,) * SHOWN, numbers=tuple(range(SHOWN + 3)))
    text = printed(many, path, at_ns=at_ns)
    assert text.count("write returns EPIPE") == SHOWN and "and 3 more" in text
    assert "those nearest to 2026-01-01 12:00:00 UTC first" in " ".join(text.split()) and "1 s before" in text


def test_of_many_without_a_time_the_clusters_are_told(sample: Sample) -> None:
    path = sample("write-twice")
    told = answer(path, "Broken pipe")
    text = printed(replace(told, numbers=tuple(range(SHOWN + 3))), path)
    assert "10.9.0.2:9000: its only connection, number 0" in text


def test_a_log_line_cannot_drive_the_terminal(sample: Sample) -> None:
    path = sample("write-twice")
    told = replace(answer(path, "Broken pipe"), text="\x1b]0;owned\x07Broken pipe")
    assert "\x1b" not in printed(told, path) and "\x07" not in printed(told, path)


def test_every_result_says_what_it_takes() -> None:
    from finrst.analyze.wordings import WORDINGS

    for wording in WORDINGS:
        assert all(words.has(f"error-why-{result}") for result in wording.results)
