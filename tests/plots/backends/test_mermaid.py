"""Mermaid: every line is one of its statements, and no text can end one.

That Mermaid itself reads and draws them (11.17, in a browser) was tried on every sample and every conversation here; it
is not part of the tests, which would need a browser. What is tested is its grammar, as far as it is used.
"""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from finrst.plots.backends import render
from finrst.plots.backends.mermaid import NOTE, escaped
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.metrics import cells

from ..conversations import ALL, capture, hostile_names, write_after_close, write_after_close_calls

WHO = r"(?:client|server)(?:_process)?|path"
TEXT = r"(?:[^;#%$<>&\"`\\{}\n]|#\d+;|<br/>)+"
STATEMENT = re.compile(
    rf" +(?:accTitle: {TEXT}|participant (?:{WHO}) as {TEXT}|(?:de)?activate (?:{WHO})|rect rgba\([\d., ]+\)|end"
    rf"|Note over (?:{WHO})(?:,server)?: {TEXT}|(?:{WHO})(?:-->>|->>|--x|-x|--\))(?:{WHO}): {TEXT})"
)


def drawn(name: str, lang: str = "en", **options: Any) -> list[str]:
    return render(compose(ALL[name](), capture(), lang, **options), "mmd").decode().splitlines()


def read(text: str) -> str:
    """What Mermaid shows of a text."""
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", text.replace("<br/>", "\n")))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("timed", [True, False])
def test_every_line_is_a_statement_of_mermaid(name: str, lang: str, timed: bool) -> None:
    first, *lines = drawn(name, lang, timed=timed)
    assert first == "sequenceDiagram"
    assert [line for line in lines if not STATEMENT.fullmatch(line)] == []
    assert sum(line.strip() == "end" for line in lines) == sum("rect " in line for line in lines)
    assert "autonumber" not in " ".join(lines)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_of_a_note_is_wider_than_its_box(name: str, lang: str) -> None:
    for line in drawn(name, lang):
        if "Note over" in line:
            assert all(cells(part) <= NOTE for part in read(line.partition(": ")[2]).split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "a; b",
        "#59;",
        "%%{init: {}}%%",
        "$$x$$",
        "<script>x</script>",
        "wrap: x",
        "nowrap:x",
        '"',
        "`x`",
        "&lt;",
        "ﬂ°°59¶ß",
    ],
)
def test_what_means_something_to_mermaid_is_escaped(text: str) -> None:
    assert read(escaped(text)) == text
    assert re.fullmatch(TEXT, escaped(text)) and "ﬂ" not in escaped(text)
    assert not re.match(r"(no)?wrap:", escaped(text))


def test_words_of_the_capture_cannot_break_out() -> None:
    scene = compose(hostile_names(), capture("a\n    client->>server: [R] x;%%{init}%%.pcap"))
    lines = render(scene, "mmd").decode().splitlines()
    assert [line for line in lines[1:] if not STATEMENT.fullmatch(line)] == []
    assert sum(bool(re.match(r" +(client|server)-+(>>|x|\)) ?", line)) for line in lines) == len(scene.arrows)


def test_an_arrow_tells_its_kind_by_its_form() -> None:
    forms = [match[1] for line in drawn("unanswered") if (match := re.match(r" +client(-\S+)server:", line))]
    assert forms == ["-x", "--x", "--x", "--x"]
    assert any("path->>client: [R" in line for line in drawn("from_the_path"))
    assert any("--)" in line and "[R" in line for line in drawn("ignored_reset"))
    for name in ("orderly", "timed_out"):
        scene = compose(ALL[name](), capture())
        lost = [arrow for arrow in scene.arrows if arrow.unanswered is not None]
        assert sum("-x" in line for line in drawn(name)) == len(lost)


def test_a_rst_stands_in_a_red_box_with_its_reason() -> None:
    lines = [line.strip() for line in drawn("write_after_close")]
    at = next(number for number, line in enumerate(lines) if line.startswith("rect"))
    assert "[R] RST" in lines[at + 1] and lines[at + 2].startswith("Note over client,server: Why this RST?")
    assert lines[at + 3] == "end"


def test_the_verdict_stands_at_the_end_and_the_sum_below_it() -> None:
    scene = compose(ALL["long_connection"](), capture())
    *_, verdict, sums = drawn("long_connection")
    assert scene.verdict.text in read(verdict).replace("\n", " ")
    assert f"3,001 packets = {scene.totals.drawn} drawn" in read(sums).replace("\n", " ")


def test_applications_take_part_when_their_calls_are_known() -> None:
    assert not any("_process" in line for line in drawn("write_after_close"))
    scene = with_calls(compose(write_after_close(), capture()), write_after_close_calls())
    lines = [line.strip() for line in render(scene, "mmd").decode().splitlines()]
    assert "participant server_process as server process" in lines
    assert any(line.startswith("server_process->>server: write(4,…,18) = -1 EPIPE") for line in lines)
    for side in ("client", "server"):
        assert lines.count(f"activate {side}_process") == lines.count(f"deactivate {side}_process")
    assert any(line.startswith("activate") for line in lines)
