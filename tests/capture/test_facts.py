"""What the kernel and the programs said: written line by line, read back, never trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from finrst.capture import facts

CALL = facts.Call(
    t_ns=5,
    until_ns=9,
    process="server",
    pid=7,
    call="write",
    text="write(4, 18 bytes)",
    fd=4,
    arguments=(4, None, 18),
    result=-1,
    errno="EPIPE",
    signals=("SIGPIPE",),
    local="[fd00:9::2]:9000",
    remote="[fd00:9::1]:40000",
)
ALL: tuple[facts.Fact, ...] = (
    facts.Source(t_ns=1, name="tracefs", available=False, why="not root"),
    CALL,
    facts.Exit(t_ns=10, process="server", pid=7, signal="SIGPIPE"),
    facts.ResetSent(t_ns=3, reason="NO_SOCKET", state="UNKNOWN", local="10.9.0.1:1", remote="10.9.0.2:2"),
    facts.ResetReceived(t_ns=4, state="CLOSE_WAIT", local="10.9.0.1:1", remote="10.9.0.2:2"),
    facts.StateChange(t_ns=4, old="CLOSE_WAIT", new="CLOSED", local="10.9.0.1:1", remote="10.9.0.2:2"),
    facts.SocketError(t_ns=4, errno="EPIPE", local="10.9.0.1:1", remote="10.9.0.2:2"),
    facts.Step(t_ns=2, text="the wire is cut"),
)


@pytest.mark.parametrize("fact", ALL, ids=lambda fact: fact.fact)
def test_every_fact_reads_back_as_it_was_written(fact: facts.Fact) -> None:
    assert facts.parse(facts.line(fact)) == fact
    assert facts.line(fact).count("\n") == 1


def test_every_kind_of_fact_is_tried_here() -> None:
    assert {fact.fact for fact in ALL} == set(facts.KINDS)


def test_the_schema_takes_every_fact_and_nothing_that_is_refused() -> None:
    Draft202012Validator.check_schema(facts.schema())
    validator = Draft202012Validator(facts.schema())
    for fact in ALL:
        assert list(validator.iter_errors(json.loads(facts.line(fact)))) == []
    for text in ("[]", '{"fact": "spell"}', '{"fact": "step", "t_ns": 1}', '{"fact": "step", "t_ns": "1", "text": ""}'):
        assert not validator.is_valid(json.loads(text))


def test_facts_are_read_in_order_of_time_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    facts.write(tmp_path / "truth.jsonl", ALL[:4])
    facts.write(tmp_path / "truth.jsonl", ALL[4:])
    truth = facts.read(tmp_path / "truth.jsonl")
    assert truth.facts == sorted(ALL, key=lambda fact: fact.t_ns)
    assert not truth.notes


def test_a_cut_line_costs_that_line_only(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(facts.line(CALL) + facts.line(ALL[0])[:30])
    truth = facts.read(path)
    assert truth.facts == [CALL]
    assert truth.notes == [f"{path}: line 2: no JSON; passed over"]


def test_many_damaged_lines_are_counted_and_the_first_is_named(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(facts.line(CALL) + "garbage\n" * 5000 + facts.line(CALL))
    truth = facts.read(path)
    assert truth.facts == [CALL, CALL]
    assert truth.notes == [f"{path}: line 2: no JSON; passed over; 4,999 more lines like it"]


def test_an_endless_line_is_one_damaged_line(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text("[" * (3 * facts.LONGEST) + "\n" + facts.line(CALL))
    truth = facts.read(path)
    assert truth.facts == [CALL]
    assert len(truth.notes) == 1 and "line 1" in truth.notes[0]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[]", "no fact that is known"),
        ('{"fact": "spell"}', "no fact that is known"),
        ('{"fact": []}', "no fact that is known"),
        ('{"fact": "step", "t_ns": 1}', "text is missing"),
        ('{"fact": "step", "t_ns": "1", "text": ""}', "t_ns is no int"),
        ('{"fact": "step", "t_ns": true, "text": ""}', "t_ns is no int"),
        ('{"fact": "step", "t_ns": 1.5, "text": ""}', "t_ns is no int"),
        ('{"fact": "exit", "t_ns": 1, "pid": 1, "process": "x", "status": {}}', "status is no int | None"),
    ],
)
def test_a_line_that_says_nothing_is_named(text: str, wrong: str) -> None:
    with pytest.raises(facts.FactError, match=wrong.replace("|", r"\|")):
        facts.parse(text)


def test_a_field_from_a_later_version_is_passed_over() -> None:
    assert facts.parse('{"fact": "step", "t_ns": 1, "text": "a", "colour": "red"}') == facts.Step(t_ns=1, text="a")


def test_the_facts_of_one_end_are_its_own_and_its_listeners() -> None:
    listening = facts.Call(
        t_ns=1, until_ns=2, process="server", pid=7, call="listen", text="listen(3)", local="[fd00:9::2]:9000"
    )
    other = facts.ResetReceived(t_ns=4, state="ESTABLISHED", local="[fd00:9::2]:9000", remote="[fd00:9::1]:40001")
    truth = facts.Truth([listening, CALL, other])
    assert list(truth.of("[fd00:9::2]:9000", "[fd00:9::1]:40000")) == [listening, CALL]


def test_endpoints_are_written_as_in_the_figures() -> None:
    assert facts.endpoint("10.0.0.1", 80) == "10.0.0.1:80"
    assert facts.endpoint("fd00::1", 80) == "[fd00::1]:80"
