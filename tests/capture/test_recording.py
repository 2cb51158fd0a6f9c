"""A recording on disk: what is written is read, damage is noted, and a half one says so."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from finrst.capture import facts, recording
from finrst.capture.lab import LabError, UnavailableError
from finrst.capture.recording import Description
from finrst.capture.scenarios import Expect, Scenario

FULL = Description(
    name="write-twice",
    title='Quotes " and \\ and \x7f and \u2028, too',
    ended="complete",
    claims=["N7b"],
    wire="loopback",
    family="IPv6",
    kernel="Linux 6.18",
    finrst="1",
    started_ns=1_700_000_000_123_456_789,
    dropped=0,
    hosts={"fd00:9::1": "client"},
    sysctls={"server net.ipv4.tcp_fin_timeout": "1"},
    expect={"ending": "reset", "calls": ["server write = EPIPE SIGPIPE"], "resets": []},
    differences=["one"],
)


def test_a_description_reads_back_as_it_was_written() -> None:
    assert recording.loads(recording.dumps(FULL)) == FULL


def test_a_description_is_toml_without_what_is_empty() -> None:
    told = tomllib.loads(recording.dumps(Description(name="x", title="y")))
    assert told == {"name": "x", "title": "y", "ended": "interrupted", "started_ns": 0}


def test_a_recording_without_its_description_or_facts_is_read_and_noted(tmp_path: Path) -> None:
    (tmp_path / "packets.pcapng").write_bytes(b"")
    found = recording.read(tmp_path)
    assert found.description.name == tmp_path.name
    assert found.description.ended == "interrupted"
    assert found.server is None
    assert len(found.truth.notes) == 2


def test_a_folder_without_packets_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        recording.read(tmp_path)


def made(name: str, **more: object) -> type[Scenario]:
    """A scenario that is not registered: its module is none of the folder's."""
    attributes = {"title": name, "expect": Expect(None, None), "variant": name, **more}
    return type("Made", (Scenario,), attributes)


def test_a_scenario_that_stops_half_way_leaves_an_interrupted_recording(tmp_path: Path) -> None:
    def run(self: Scenario, lab: object) -> None:
        lab.pair()  # type: ignore[attr-defined]
        raise LabError("the flood came")

    scenario = made("half", run=run)
    with pytest.raises(LabError, match=r"test-recording-half: the flood came"):
        recording.record(scenario, tmp_path)
    found = recording.read(tmp_path / scenario.name)
    assert found.description.ended == "interrupted"
    assert [fact.call for fact in found.truth.facts if isinstance(fact, facts.Call)][-1] == "accept"
    assert found.packets.stat().st_size > 300, "the handshake"


def test_what_came_otherwise_than_expected_stands_in_the_recording(tmp_path: Path) -> None:
    def run(self: Scenario, lab: object) -> None:
        lab.pair()[0].write(b"x")  # type: ignore[attr-defined]

    scenario = made("otherwise", run=run, expect=Expect("open", "nobody", ("client write = EPIPE",)))
    found = recording.record(scenario, tmp_path)
    assert found.description.differences == ["client write 1: EPIPE expected, 1 came"]
    assert recording.read(found.folder).description == found.description


def test_a_new_recording_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    scenario = made("again", run=lambda self, lab: None)
    first = recording.record(scenario, tmp_path)
    (first.folder / "server.pcapng").write_bytes(b"old")
    second = recording.record(scenario, tmp_path)
    assert second.server is None


def test_a_family_or_need_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnavailableError, match="has no IPv6 form"):
        recording.record(made("four", families=(4,)), tmp_path, 6)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match="apt install nftables"):
        recording.record(made("wall", needs=("nft",)), tmp_path)
