"""Every scenario, on this machine's kernel: what it expects comes, over IPv4 and IPv6, and again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest

from finrst.analyze.rules import rules
from finrst.analyze.vocabulary import ENDINGS
from finrst.capture import facts
from finrst.capture.recording import LONGEST
from finrst.capture.scenarios import HEADINGS, Expect, Scenario, came_to, missing, scenarios
from finrst.laboratory import recorded

ALL = scenarios()
each = pytest.mark.parametrize("scenario", ALL.values(), ids=ALL)


@each
@pytest.mark.parametrize("family", [4, 6])
def test_what_a_scenario_expects_comes(scenario: type[Scenario], family: Literal[4, 6], tmp_path: Path) -> None:
    if family not in scenario.families:
        return
    if why := missing(scenario.needs):
        pytest.skip(why)
    outcome = recorded(scenario, tmp_path, family)
    if outcome.problem or outcome.differences:  # a machine that stood still for a moment: now it must come
        outcome = recorded(scenario, tmp_path, family)
    assert outcome.problem == ""
    assert outcome.differences == []
    assert outcome.seconds < LONGEST
    assert outcome.recording is not None
    assert outcome.recording.description.ended == "complete"
    assert outcome.recording.truth.notes == []


@each
def test_a_scenario_is_described(scenario: type[Scenario]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.name)
    assert set(scenario.sections()) == set(HEADINGS)
    assert all(scenario.sections().values())
    assert scenario.title and not scenario.title.endswith(".")
    assert scenario.expect.ending is None or scenario.expect.ending in ENDINGS
    assert scenario.expect.verdict in rules()
    assert scenario.expect.proved is None or scenario.expect.proved in set(rules()) - {scenario.expect.verdict}
    assert all(re.fullmatch(r"N[1-8][a-d]?", claim) for claim in scenario.claims)
    assert not scenario.perturbs or scenario.perturbs in ALL


def call(name: str, result: int | None, **more: object) -> facts.Call:
    until = None if result is None else 2
    return facts.Call(
        t_ns=1, until_ns=until, process="server", pid=1, call=name, text=name, result=result, **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (call("write", 18), "18"),
        (call("write", -1, errno="EPIPE", signals=("SIGPIPE",)), "EPIPE SIGPIPE"),
        (call("read", 0, says="EOF"), "EOF"),
        (call("getsockopt", 0, says="SO_ERROR = EPIPE"), "EPIPE"),
        (call("poll", 1, says="IN OUT HUP"), "IN OUT HUP"),
        (call("read", None), "blocked"),
        (call("write", None, signals=("SIGPIPE",)), "died SIGPIPE"),
    ],
)
def test_what_a_call_came_to_has_one_spelling(made: facts.Call, value: str) -> None:
    assert came_to(made) == value


def test_what_came_otherwise_is_said() -> None:
    truth = facts.Truth(
        [
            facts.Source(t_ns=0, name="tracefs", available=True),
            call("write", 18),
            call("write", 18),
            facts.ResetSent(t_ns=1, reason="NO_SOCKET", state="UNKNOWN", local="10.9.0.1:1", remote="10.9.0.2:2"),
        ]
    )
    hosts = {"10.9.0.1": "client", "10.9.0.2": "server"}
    same = Expect("reset", "client", ("server write = 18", "server write = any"), ("client NO_SOCKET",))
    assert same.differences(truth, hosts) == []
    other = Expect("reset", "client", ("server write = EPIPE SIGPIPE", "server read = EOF"), ())
    assert other.differences(truth, hosts) == [
        "server write: 1 calls expected, 2 made",
        "server write 1: EPIPE SIGPIPE expected, 18 came",
        "server read: 1 calls expected, 0 made",
        "RSTs: none expected, client NO_SOCKET sent",
    ]
    truth.facts.pop(0)
    assert Expect(None, None, (), ()).differences(truth, hosts) == [], "without the kernel its reasons are not judged"


def test_a_need_that_is_not_there_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert missing(("nft",)) == "needs nft: apt install nftables"
    assert missing(()) is None
