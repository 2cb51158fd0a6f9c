"""The catalogue as a user types it."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from finrst import catalogue
from finrst.analyze.rules import HEADINGS, rules
from finrst.capture.packet_script import parse
from finrst.cli import finrst


def run(*arguments: str) -> Result:
    return CliRunner().invoke(finrst, list(arguments))


def test_every_rule_is_listed_with_its_first_line() -> None:
    text = run("rules", "--width", "200").output
    for code, rule in rules().items():
        (line,) = (line for line in text.splitlines() if line.split()[:1] == [code])
        assert rule.first_line() in line
        assert line.endswith("(benign)") == rule.benign


def test_lines_are_as_wide_as_the_terminal() -> None:
    assert max(map(len, run("rules", "--width", "80").output.splitlines()[:-1])) <= 80


def test_programs_get_the_list_and_the_pages_as_json() -> None:
    listed = json.loads(run("rules", "--format", "json").output)
    assert [one["code"] for one in listed] == sorted(rules())
    page = json.loads(run("rule", "write-after-peer-closed", "--format", "json").output)
    assert list(page["sections"]) == [heading for heading in HEADINGS if heading != "Example"]
    assert parse(page["examples"][0]).packets
    assert not page["benign"] and "idle-timeout-race" in page["neighbours"]


@pytest.mark.parametrize("code", sorted(rules()))
def test_a_page_in_a_pipe_is_its_text(code: str) -> None:
    done = run("rule", code)
    assert done.exit_code == 0
    first, _, rest = done.output.partition("\n")
    assert first == code
    assert all(f"**{heading}.**" in rest for heading in HEADINGS)
    assert "\x1b" not in done.output


def test_a_page_in_a_terminal_has_headings_and_keeps_the_example_whole() -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=80, color_system="standard")
    catalogue.print_page(rules()["refused"], console)
    assert "\x1b[1m" in shown.getvalue()
    assert "**" not in shown.getvalue()
    assert "0.000 < S 0:0(0) win 64240 <mss 1460>" in shown.getvalue()


@pytest.mark.parametrize(
    ("typed", "meant"), [("refusd", "refused"), ("idle-race", "idle-timeout-race"), ("forged", "reset-forged")]
)
def test_an_unknown_code_gets_one_line_with_those_that_are_near(typed: str, meant: str) -> None:
    done = run("rule", typed)
    assert done.exit_code == 2
    (line,) = [line for line in done.output.splitlines() if "rule" in line and typed in line]
    assert meant in line


def test_a_code_like_no_other_is_answered_with_where_they_are_listed() -> None:
    done = run("rule", "xyzzy")
    assert done.exit_code == 2 and "finrst rules" in done.output
