"""One pass over a capture: what it counts, when it stops, and that both engines find the same."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from ..capture.stacks import STACKS
from ..engines import COMPILED, INTERPRETED, Engine, account, both, compiled_only


def pcap(path: Path, packets: list[bytes], link: int = 1) -> Path:
    parts = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, link)]
    for number, packet in enumerate(packets, 1):
        parts += [struct.pack("<IIII", number, 5, len(packet), len(packet)), packet]
    path.write_bytes(b"".join(parts))
    return path


ETHERNET = [stack.packets[-1] for stack in STACKS if stack.link == 1]


@both
def test_records_packets_and_connections_are_counted(engine: Engine, tmp_path: Path) -> None:
    path = pcap(tmp_path / "x.pcap", [bytes(60), *ETHERNET, bytes(7)])
    found = engine("analyze.scan").scan(str(path))
    assert (found.packets, found.tcp_packets) == (len(ETHERNET) + 2, len(ETHERNET))
    assert sum(sum(c.packets) for c in found.connections) == len(ETHERNET)
    assert [c.number for c in found.connections] == list(range(len(found.connections)))
    assert found.resets == []
    assert (found.tracker.first_ts, found.tracker.last_ts) == (10**9 + 5, (len(ETHERNET) + 2) * 10**9 + 5)


@both
def test_progress_is_told_the_records_read(engine: Engine, tmp_path: Path) -> None:
    path = pcap(tmp_path / "x.pcap", [bytes(60)] * 40_000)
    told: list[int] = []
    engine("analyze.scan").scan(str(path), None, told.append)
    assert told == sorted(told) and told[-1] == 40_000 and len(told) >= 3


@both
def test_a_pass_that_wants_no_more_stops(engine: Engine, tmp_path: Path) -> None:
    path = pcap(tmp_path / "x.pcap", ETHERNET + [bytes(60)] * 100_000)
    found = engine("analyze.scan").scan(str(path))
    tracker = engine("analyze.track").Tracker(1)
    tracker.only(found.connections[:1], 1)
    assert engine("analyze.scan").scan(str(path), tracker).packets < 50_000


@both
@pytest.mark.parametrize("content", [b"", b"\x00", b"GET / HTTP/1.1\r\n\r\n", bytes(100), b"\x7fELF" + bytes(60)])
def test_what_is_no_capture_is_one_clear_error(engine: Engine, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.pcap"
    path.write_bytes(content)
    with pytest.raises(engine("capture.table").CaptureError, match=r"no\.pcap: (not a capture file|empty)"):
        engine("analyze.scan").scan(str(path))


@both
def test_the_salt_of_the_hash_changes_nothing_that_is_found(engine: Engine, tmp_path: Path) -> None:
    path = pcap(tmp_path / "x.pcap", ETHERNET * 3)
    outcomes = []
    for salt in (0, 1, 2**64 - 1):
        found = engine("analyze.scan").scan(str(path), engine("analyze.track").Tracker(salt))
        outcomes.append([(c.number, list(c.packets), list(c.lo), c.first_frame) for c in found.connections])
    assert outcomes[0] == outcomes[1] == outcomes[2]


@compiled_only
def test_both_engines_find_the_same_in_the_samples_and_in_other_projects_captures(shared_captures: Path) -> None:
    samples = Path(__file__).parents[2] / "samples"
    captures = [*samples.glob("*/packets.pcapng"), *shared_captures.glob("*.pcap*")]
    assert len(captures) > 10
    for path in captures:
        assert account(COMPILED, path) == account(INTERPRETED, path), path.name


@compiled_only
def test_both_engines_find_the_same_in_every_stack(tmp_path: Path) -> None:
    for link in {stack.link for stack in STACKS}:
        path = pcap(tmp_path / "x.pcap", [p for s in STACKS if s.link == link for p in s.packets], link)
        assert account(COMPILED, path, 50) == account(INTERPRETED, path, 50), link


@both
def test_many_connections_make_the_table_grow_and_are_found_again(engine: Engine, tmp_path: Path) -> None:
    def packet(number: int, flags: int) -> bytes:
        segment = struct.pack(">HHIIBBHHH", 1024 + number, 80, 5, 0, 0x50, flags, 9, 0, 0)
        return struct.pack(">BBHHHBBHII", 0x45, 0, 40, 1, 0, 64, 6, 0, 0x0A000001, 0x0A000002) + segment

    count = 9000
    packets = [packet(number, 2) for number in range(count)] + [packet(number, 4) for number in range(count)]
    found = engine("analyze.scan").scan(str(pcap(tmp_path / "x.pcap", packets, 101)))
    assert len(found.connections) == count and {tuple(c.packets) for c in found.connections} == {(2, 0)}
    assert len(found.resets) == count


@both
def test_counts_beyond_sixteen_bits_are_the_same_in_both_engines(engine: Engine, tmp_path: Path) -> None:
    def packet(flags: int, number: int) -> bytes:
        segment = struct.pack(">HHIIBBHHH", 1024, 80, 5, 0, 0x50, flags, 9, 0, 0)
        return struct.pack(">BBHHHBBHII", 0x45, 0, 40, number & 0xFFFF, 0, 64, 6, 0, 0x0A000001, 0x0A000002) + segment

    path = pcap(tmp_path / "x.pcap", [packet(2, number) for number in range(66_000)], 101)
    connection = engine("analyze.scan").scan(str(path)).connections[0]
    kept: Any = connection.syn[0]
    assert list(connection.packets) == [66_000, 0] and kept == 66_000
