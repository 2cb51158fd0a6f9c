"""A recording on disk: what is written is read, damage is noted, and a half one says so."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from finrst.capture import facts, lab, recording
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


def test_an_interface_is_recorded_while_a_command_runs(tmp_path: Path, tcpdump: str) -> None:
    talk = (
        "import socket\n"
        "listener = socket.create_server(('10.9.0.2', 9000))\n"
        "for number in range(3):\n"
        "    client = socket.create_connection(('10.9.0.2', 9000))\n"
        "    listener.accept()[0].send(b'x' * 1000)\n"
        "    while client.recv(9999): pass\n"
        "raise SystemExit(7)"
    )

    def work() -> Any:
        lab.Lab(tmp_path)
        one, status = recording.capture(
            "lo", tmp_path / "live", "tcp port 9000", [sys.executable, "-c", talk], version="1"
        )
        return status, one.description.ended, one.description.dropped, one.packets.stat().st_size > 3_000

    assert lab.inside(work, timeout=20) == [7, "complete", 0, True]
    steps = [fact for fact in recording.read(tmp_path / "live").truth.facts if isinstance(fact, facts.Step)]
    assert len(steps) == 1


def test_an_interface_is_recorded_until_it_is_stopped(tmp_path: Path) -> None:
    turns = iter([False, False, True])

    def work() -> Any:
        lab.Lab(tmp_path)
        return recording.capture("lo", tmp_path / "live", stop=lambda: next(turns))[0].description.ended

    assert lab.inside(work, timeout=20) == "complete"


def test_an_interface_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere0"):
        recording.capture("nowhere0", tmp_path / "live")
    assert not (tmp_path / "live").exists()
