"""The contract's record, field for field, on the recorded experiment that it was written from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from finrst.analyze.record import capture_record, connection_record, seconds
from finrst.analyze.scan import scan
from finrst.analyze.tell import tell

from .conversation import Talk, explained

#: The contract's example; addresses, ports and times are those of the recording.
CONTRACT: dict[str, Any] = {
    "connection": 0,
    "direction": "seen",
    "first_frame": 1,
    "last_frame": 9,
    "cut": {"start": False, "end": False},
    "packets": {"client": 5, "server": 4},
    "bytes": {"client": 6, "server": 18},
    "syn": {"client": 1, "server": 1},
    "fin": {"client": 1, "server": 0},
    "rst": {"client": 1, "server": 0},
    "psh": {"client": 1, "server": 1},
    "retransmissions": {"client": 0, "server": 0},
    "ending": "reset",
    "ended_by": "client",
    "closed_first": "client",
    "states": {"client": "CLOSED", "server": "CLOSED"},
    "zeek": {"conn_state": "RSTO", "history": "ShADaFdR"},
    "undelivered": {"client": 0, "server": 18},
    "notes": [],
}
CONTRACT_RESET: dict[str, Any] = {
    "frame": 9,
    "from": "client",
    "shape": "reply",
    "answers_frame": 8,
    "accepted": True,
    "receiver_state": "CLOSE_WAIT",
    "pending_error": "EPIPE",
}


def test_the_recorded_experiment_gives_the_contracts_example(sample: Callable[[str], Path]) -> None:
    told = explained(sample("write-twice"))
    assert {key: told[key] for key in CONTRACT} == CONTRACT
    assert {key: told.reset[key] for key in CONTRACT_RESET} == CONTRACT_RESET
    assert (told["client"]["address"], told["server"]) == ("10.9.0.1", {"address": "10.9.0.2", "port": 9000})


def test_the_experiment_written_by_hand_gives_the_same_record(sample: Callable[[str], Path]) -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.fin(), s.ack(), s.data(18), c.rst()
    told = explained(talk)
    assert {key: told[key] for key in CONTRACT} == CONTRACT
    assert {key: told.reset[key] for key in CONTRACT_RESET} == CONTRACT_RESET


def test_the_recorded_close_is_closed(sample: Callable[[str], Path]) -> None:
    told = explained(sample("close-client-first"))
    assert (told["ending"], told["ended_by"], told["closed_first"]) == ("closed", "client", "client")
    assert told["states"] == {"client": "TIME_WAIT", "server": "CLOSED"}
    assert told["zeek"] == {"conn_state": "SF", "history": "ShADaFf"}
    assert (told["resets"], told["undelivered"]) == ([], {"client": 0, "server": 0})


def test_the_captures_record_has_the_contracts_fields(sample: Callable[[str], Path]) -> None:
    record = capture_record(tell(scan(str(sample("write-twice"))), []).capture)
    assert {
        "files", "format", "link_types", "packets", "tcp_packets",
        "first_ns", "last_ns", "damage", "one_sided", "dropped", "notes",
    } <= set(record)  # fmt: skip
    assert (record["format"], record["link_types"], record["packets"]) == ("pcapng", ["EN10MB"], 9)
    assert record["one_sided"] is False and record["damage"] == []


def test_records_survive_json(sample: Callable[[str], Path]) -> None:
    found = scan(str(sample("write-twice")))
    (connection,) = tell(found, [0]).connections
    record = connection_record(connection)
    assert json.loads(json.dumps(record)) == record


def test_times_are_also_strings_that_hold_every_nanosecond() -> None:
    assert seconds(1_795_303_432_835_108_007) == "1795303432.835108007"
    assert seconds(5) == "0.000000005"
    assert seconds(-1_500_000_000) == "-1.500000000"
    assert seconds(None) is None


def test_addresses_stand_in_their_canonical_form() -> None:
    talk = Talk(version=6)
    talk.open()
    told = explained(talk)
    assert told["client"] == {"address": "2001:db8::1", "port": 40136}
    assert told["server"] == {"address": "2001:db8::2", "port": 80}
