"""Connections are found for exactly what some application can have seen, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import finrst
from finrst.analyze.errors import TOLERANCE_NS, by_kind, matches, may_have, of_host, one_by_one
from finrst.analyze.scan import Scan, scan
from finrst.analyze.story import Matches
from finrst.analyze.verdicts import of
from finrst.analyze.wordings import WORDINGS, Call, Wording, understood

ROOT = Path(__file__).parents[2]
Sample = Callable[[str], Path]


def wording(line: str) -> Wording:
    found = understood(line)
    assert found is not None
    return found


def asked(path: Path, line: str, at_ns: int | None = None, host: str | None = None) -> Matches:
    return matches(scan(str(path)), wording(line), at_ns, host)


def sights(told: Matches) -> set[tuple[str, str, str]]:
    return {(one.side, one.call, one.sure) for match in told.found for one in match.sights}


def test_broken_pipe_is_seen_by_who_wrote_to_the_closed_end(sample: Sample) -> None:
    told = asked(sample("write-twice"), "Broken pipe")
    assert sights(told) == {("server", "write", "next")}
    assert told.found[0].verdict.code == "write-after-peer-closed"


def test_reset_by_peer_is_not_seen_where_a_fin_had_come_before(sample: Sample) -> None:
    told = asked(sample("write-twice"), "Connection reset by peer")
    assert told.found == ()
    assert [match.connection.number for match in told.nearest] == [0]


def test_reset_by_peer_is_seen_where_the_peer_aborted_and_then_broken_pipe(sample: Sample) -> None:
    path = sample("unread-data")
    told = asked(path, "Connection reset by peer")
    assert ("server", "read", "next") in sights(told)
    assert ("server", "write", "after") in sights(asked(path, "Broken pipe"))


def test_refused_is_seen_by_connect_alone(sample: Sample) -> None:
    path = sample("refused")
    assert sights(asked(path, "connection refused")) == {("client", "connect", "next")}
    assert asked(path, "Broken pipe").found == ()


def test_end_of_file_is_seen_by_who_closed_second(sample: Sample) -> None:
    told = asked(sample("close-server-first"), "upstream prematurely closed connection")
    assert sights(told) == {("client", "read", "next")}
    told = asked(sample("close-client-first"), "upstream prematurely closed connection")
    assert sights(told) == {("client", "read", "if-shutdown")}


def test_who_lost_patience_itself_is_found(sample: Sample) -> None:
    told = asked(sample("close-client-first"), "use of closed network connection")
    assert sights(told) == {("client", "close", "next")}


def test_a_host_is_an_address_or_a_network_of_either_end(sample: Sample) -> None:
    path = sample("write-twice")
    for host in ("10.9.0.1", "10.9.0.2", "10.9.0.0/24"):
        assert asked(path, "Broken pipe", host=host).looked_at == 1
    assert asked(path, "Broken pipe", host="10.9.0.3").looked_at == 0
    with pytest.raises(ValueError, match="nowhere"):
        asked(path, "Broken pipe", host="nowhere")


def test_what_came_after_the_time_of_the_log_line_is_not_its_cause(sample: Sample) -> None:
    path = sample("write-twice")
    since = asked(path, "Broken pipe").found[0].from_ns
    assert asked(path, "Broken pipe", at_ns=since + 10**9).found[0].away_ns == 10**9
    assert asked(path, "Broken pipe", at_ns=since - TOLERANCE_NS).found
    late = asked(path, "Broken pipe", at_ns=since - TOLERANCE_NS - 1)
    assert (late.found, late.too_late) == ((), 1)


@pytest.mark.parametrize("line", ["Connection reset by peer", "Broken pipe", "ETIMEDOUT", "EOF", "connection refused"])
def test_nothing_that_fits_is_left_out_before_the_closer_look(shared_captures: Path, line: str) -> None:
    words = wording(line)
    for path in sorted(shared_captures.glob("*.pcap*")):
        if path.stat().st_size > 200_000:
            continue
        found = scan(str(path))
        quick = {match.connection.number: match.sights for match in matches(found, words).found}
        slow = all_of(found, words)
        assert {number for number, sure in slow.items() if sure != "if-shutdown"} <= set(quick), path.name


def all_of(found: Scan, words: Wording) -> dict[int, str]:
    from finrst.analyze.errors import sights as seen
    from finrst.analyze.tell import stories

    everything = stories(found, found.connections)
    return {one.number: seen(one, words)[0].sure for one in everything if seen(one, words)}


@pytest.mark.parametrize("line", ["Connection reset by peer", "Broken pipe", "EOF", "use of closed network connection"])
def test_all_are_counted_and_the_nearest_are_told(shared_captures: Path, line: str) -> None:
    found = scan(sorted(map(str, ROOT.glob("samples/*/packets.pcapng"))))
    at_ns = found.tracker.first_ts + (found.tracker.last_ts - found.tracker.first_ts) // 2
    for at in (None, at_ns):
        everything = matches(found, wording(line), at)
        few = matches(found, wording(line), at, most=3)
        assert len(few.found) == 3 < len(everything.found) == len(everything.numbers)
        assert few.numbers == everything.numbers == tuple(match.connection.number for match in everything.found)
        assert few.found == everything.found[:3] and few.weak == everything.weak
        assert everything.weak == sum(match.sure == "if-shutdown" for match in everything.found)
        away = [abs(match.away_ns or 0) for match in everything.found if match.sure != "if-shutdown"]
        assert away == sorted(away)


def test_one_by_one_fits_what_fits_by_kind() -> None:
    found = scan(sorted(map(str, ROOT.glob("samples/*/packets.pcapng"))))
    rows = np.arange(len(found.connections))
    for words in WORDINGS:
        alone, alike = one_by_one(found, rows, words), by_kind(found, rows, words)
        assert alone.rows.tolist() == alike.rows.tolist()
        assert alone.since_ns.tolist() == alike.since_ns.tolist()
        assert [alone.sights[place] for place in alone.which] == [alike.sights[place] for place in alike.which]


@pytest.mark.parametrize("at_ns", [-(2**80), 0, 2**80])
def test_no_time_is_too_far_away(sample: Sample, at_ns: int) -> None:
    told = asked(sample("write-twice"), "Broken pipe", at_ns)
    assert len(told.found) + told.too_late == 1


def test_no_wording_and_no_capture_break_it(shared_captures: Path) -> None:
    for path in sorted(shared_captures.glob("*.pcap*")):
        if path.stat().st_size < 100_000:
            found = scan(str(path))
            for one in WORDINGS:
                told = matches(found, one, at_ns=found.tracker.last_ts)
                assert len(told.found) + told.too_late <= told.looked_at == len(found.connections)


CALLS: dict[str, Call] = {
    "read": "read", "recv": "read", "recvfrom": "read", "write": "write", "send": "write", "sendto": "write",
    "connect": "connect",
}  # fmt: skip
ERRORS = {"ECONNRESET", "EPIPE", "ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ECONNABORTED"}


def test_every_error_that_a_recorded_program_met_leads_to_its_connection() -> None:
    met = 0
    for folder in sorted(path.parent for path in ROOT.glob("samples/*/truth.jsonl")):
        reading = finrst.read(folder)
        held = [one.story for one in reading.told([c.number for c in reading._found.connections])]
        for one in held:
            for call in one.calls:
                if call.errno in ERRORS and call.call in CALLS and not call.on_listener:
                    words = Wording("glibc", "", (call.errno,), (CALLS[call.call],), call.side)
                    told = matches(reading._found, words)
                    assert one.number in [match.connection.number for match in told.found], (folder.name, call.text)
                    met += 1
    assert met > 80


def test_ipv6_hosts_are_found(shared_captures: Path) -> None:
    table = of(scan(str(shared_captures / "zeek__almost-resp.pcap"))).table
    assert of_host(table, "[::1]").sum() == 1
    assert may_have(table, wording("EOF")).all()
