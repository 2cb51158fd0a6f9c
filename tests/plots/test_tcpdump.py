"""The text of a line is tcpdump's, letter for letter: in every sample, and for headers that nobody should send."""

from __future__ import annotations

import random
import re
import struct
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Connection, Endpoint
from finrst.plots import tcpdump as text

from . import headers

SAMPLES = sorted(path.name for path in (Path(__file__).parents[2] / "samples").iterdir() if path.is_dir())
SHARED = (
    "PcapPlusPlus__nanosecs_big_endian.pcap", "PcapPlusPlus__one_tcp_rst.pcap", "PcapPlusPlus__sll2.pcap",
    "filesamples__simple_http_sll2.pcap", "suricata-verify__bug-4702-01_input.pcap",
    "suricata-verify__mqtt5-unsub-qos1_input.pcap", "tcpdump__pptp.pcap", "tcpdump__tcp-handshake-nano.pcap",
    "zeek__almost-resp.pcap", "zeek__issue-32.pcapng", "zeek__payload-syn.pcap", "zeek__truncated-header.pcap",
    "zeek__pppoe-over-qinq.pcap",
)  # fmt: skip


def printed(tool: str, path: Path) -> dict[int, tuple[str, str]]:
    """Frame -> time and line, from the real one."""
    done = subprocess.run([tool, "-n", "-#", "-ttttt", "-r", str(path)], capture_output=True, text=True)
    rows = (re.match(r" *(\d+) +(\S+) .*?(IP6? .*)", line) for line in done.stdout.splitlines())
    return {int(row[1]): (row[2], row[3]) for row in rows if row}


def same(ours: str, real: str) -> bool:
    """Equal; behind the length tcpdump names the protocol of some ports, and 4.99.3 does not know AE."""
    if "truncated-ip" in real:  # a fault below TCP
        return True
    return any(real == line or real.startswith(f"{line}: ") for line in (ours, ours.replace("e]", "]", 1)))


def differences(tool: str, path: Path) -> Iterator[str]:
    real = printed(tool, path)
    assert real
    ends: set[frozenset[str]] = set()
    for told in finrst.read(path).connections:
        both = frozenset(map(str, (told.story.client, told.story.server)))
        if both in ends:  # tcpdump goes on counting from the earlier connection's numbers
            continue
        ends.add(both)
        lines = text.lines(told.story)
        assert len(lines) == len(told.story.segments)
        for frame, line in lines.items():
            if not same(line, real[frame][1]):
                yield f"{frame}: {line}\n   {real[frame][1]}"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_of_a_sample_is_tcpdumps(name: str, sample: Callable[[str], Path], tcpdump: str) -> None:
    assert list(differences(tcpdump, sample(name))) == []


@pytest.mark.parametrize("name", SHARED)
def test_every_line_of_a_capture_from_elsewhere_is_tcpdumps(name: str, shared_captures: Path, tcpdump: str) -> None:
    assert list(differences(tcpdump, shared_captures / name)) == []


def test_the_time_is_tcpdumps(sample: Callable[[str], Path], tcpdump: str) -> None:
    path = sample("write-twice")
    told = finrst.read(path).connection(0).story
    real = printed(tcpdump, path)
    first = told.segments[0].ts_ns
    assert [text.stamp(s.ts_ns, first) for s in told.segments] == [real[s.frame][0] for s in told.segments]


def test_time_may_go_back_and_starts_again_after_a_day() -> None:
    assert text.stamp(1_000_000_999, 1_000_001_000) == "-00:00:00.000001"
    assert text.stamp(90_061_000_000_000, 0) == "01:01:01.000000"


def capture(path: Path, connection: Connection) -> None:
    """The same packets as a file, over IP alone."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for segment in connection.segments:
            data = segment.header + bytes(segment.captured)
            size = 20 + max(20, (segment.header[12] >> 4) * 4) + segment.payload
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 6, 0, b"\n\x09\0\x01", b"\n\x09\0\x02")
            file.write(struct.pack("<IIII", segment.frame, 0, 20 + len(data), size) + ip + data)


def test_headers_that_nobody_should_send_are_printed_as_tcpdump_does(
    tmp_path: Path, tcpdump: str, mutations: int
) -> None:
    rng = random.Random(4)
    packets = []
    for frame in range(1, 10 * mutations):
        made = headers.header(
            rng.choice((2, 4, 16, 17, 18, 20, 24, 56, 0)), headers.hostile_options(rng), seq=rng.getrandbits(32),
            ack=rng.getrandbits(32), window=rng.getrandbits(16), urgent=rng.getrandbits(16),
        )  # fmt: skip
        whole, payload = len(made), rng.choice((0, 2))
        if rng.random() < 0.4:
            made = made[: rng.randrange(20, whole + 1)]
        captured = payload if len(made) == whole else 0
        packets.append(headers.packet(made, frame, payload=payload, captured=captured))
    connection = headers.connection(*packets)
    capture(tmp_path / "hostile.pcap", connection)
    real = printed(tcpdump, tmp_path / "hostile.pcap")
    lines = text.lines(connection)
    assert len(real) == len(lines)
    assert [(lines[frame], real[frame][1]) for frame in real if lines[frame] != real[frame][1]] == []


def test_a_header_cut_anywhere_has_a_line() -> None:
    whole = headers.header("S", bytes.fromhex("020405b40402080a00000001000000020103030a"))
    for cut in range(len(whole)):
        (line,) = text.lines(headers.connection(headers.packet(whole[:cut]))).values()
        assert "[|tcp]" in line


@pytest.mark.parametrize(
    ("address", "dotted"),
    [
        ("::ffff:102:304", "::ffff:1.2.3.4"),
        ("::1:2", "::0.1.0.2"),
        ("::1", "::1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_an_address_is_written_as_tcpdump_writes_it(address: str, dotted: str) -> None:
    connection = replace(headers.connection(headers.packet(headers.header())), client=Endpoint(address, 7))
    assert text.lines(connection)[1].split()[:2] == ["IP6", f"{dotted}.7"]


def test_flags_are_tcpdumps_letter_for_letter() -> None:
    assert text.letters(2) == "[S]"
    assert text.letters(2 | 16) == "[S.]"
    assert text.letters(1 | 8 | 16) == "[FP.]"
    assert text.letters(4) == "[R]"
    assert text.letters(0) == "[none]"
    assert text.letters(2 | 64 | 128) == "[SEW]"
    assert text.letters(16 | 256) == "[.e]"


@pytest.mark.parametrize(("printed", "names"), [("[S.]", "SYN+ACK"), ("[FP.]", "FIN+PSH+ACK"), ("[.e]", "ACK+AE")])
def test_letters_of_flags_have_names(printed: str, names: str) -> None:
    assert text.flag_names(printed) == names
