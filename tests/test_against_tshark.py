"""tshark is the judge of numbers: the same packets, connections and per-connection counts, file by file."""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from finrst.analyze import endings, vocabulary
from finrst.analyze.scan import scan
from finrst.analyze.story import Segment
from finrst.analyze.tell import tell
from finrst.analyze.track import Connection
from finrst.capture.scenarios import scenarios

from .capture.stacks import STACKS

ROOT = Path(__file__).parent.parent
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/packets.pcapng"))
FIELDS = ("frame.number", "frame.protocols", "ip.src", "ipv6.src", "tcp.srcport", "tcp.stream", "tcp.flags", "tcp.len")
FIN, SYN, RST = 1, 2, 4

Side = tuple[str, int]


@dataclass
class Counts:
    """One connection, by sides: the sender of its first packet, the other."""

    first: Side
    first_frame: int
    last_frame: int = 0
    packets: list[int] = field(default_factory=lambda: [0, 0])
    syn: list[int] = field(default_factory=lambda: [0, 0])
    fin: list[int] = field(default_factory=lambda: [0, 0])
    rst: list[int] = field(default_factory=lambda: [0, 0])
    payload: list[int] = field(default_factory=lambda: [0, 0])


@dataclass
class Capture:
    packets: int = 0
    tcp_packets: int = 0
    connections: dict[int, Counts] = field(default_factory=dict)


def as_tshark_counts(tshark: str, path: Path) -> Capture:
    """One TCP layer in a frame; of nested IP headers the innermost (the last) is TCP's."""
    wanted = [word for name in FIELDS for word in ("-e", name)]
    command = [tshark, "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=l", *wanted]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seen = Capture()
    for line in said.splitlines():
        number, protocols, ipv4, ipv6, port, stream, flags, length = line.split("\t")
        seen.packets += 1
        layers = protocols.split(":")
        if "tcp" not in layers or {"icmp", "icmpv6"} & set(layers[: layers.index("tcp")]):
            continue
        seen.tcp_packets += 1
        if not stream:
            continue
        inner = [layer for layer in layers[: layers.index("tcp")] if layer in ("ip", "ipv6")][-1]
        sender = (ipv4 if inner == "ip" else ipv6, int(port))
        counts = seen.connections.setdefault(int(stream), Counts(sender, int(number)))
        side = int(sender != counts.first)
        bits = int(flags, 16)
        counts.last_frame = int(number)
        counts.packets[side] += 1
        counts.payload[side] += int(length or 0)
        for flag, tally in ((FIN, counts.fin), (SYN, counts.syn), (RST, counts.rst)):
            tally[side] += bool(bits & flag)
    return seen


def as_finrst_counts(path: Path) -> Capture:
    result = scan(str(path))
    seen = Capture(result.packets, result.tcp_packets)
    for c in result.connections:
        address = ip_address(c.lo[0]) if c.version == 4 else ip_address((c.hi[0] << 64 | c.lo[0]).to_bytes(16, "big"))
        seen.connections[c.number] = Counts(
            (str(address), c.port[0]), c.first_frame, c.last_frame,
            [*c.packets][:2], [*c.syn][:2], [*c.fin][:2], [*c.rst][:2], [*c.bytes][:2],
        )  # fmt: skip
    return seen


def agrees(tshark: str, path: Path) -> None:
    expected, found = as_tshark_counts(tshark, path), as_finrst_counts(path)
    assert (found.packets, found.tcp_packets) == (expected.packets, expected.tcp_packets)
    assert found.connections.keys() == expected.connections.keys()
    differing = [number for number, counts in found.connections.items() if counts != expected.connections[number]]
    assert differing == [], (found.connections[differing[0]], expected.connections[differing[0]])


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_numbered_and_counted_as_by_tshark(tshark: str, sample: Callable[[str], Path], name: str) -> None:
    agrees(tshark, sample(name))


def test_captures_of_other_projects_are_numbered_and_counted_as_by_tshark(tshark: str, shared_captures: Path) -> None:
    captures = [path for path in sorted(shared_captures.iterdir()) if path.suffix in (".pcap", ".pcapng")]
    assert captures
    for path in captures:
        agrees(tshark, path)


#: Stacks that tshark 4.0 wants more of (netANALYZER's own lengths), or reads in its own machine's byte order only.
ONLY_OURS = {"netANALYZER", "nflog, IPv4, big-endian", "nflog, IPv6, big-endian"}


def many_links(path: Path) -> Path:
    """Every stack of the decoder's tests in one pcapng, an interface for each link type."""
    stacks = [stack for stack in STACKS if stack.name not in ONLY_OURS]

    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        size = struct.pack("<I", len(body) + 12)
        return struct.pack("<I", kind) + size + body + size

    links = list(dict.fromkeys(stack.link for stack in stacks))
    parts = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    parts += [block(1, struct.pack("<HHI", link, 0, 0)) for link in links]
    for number, stack in enumerate(stacks):
        for packet in stack.packets:
            head = struct.pack("<IIIII", links.index(stack.link), 0, number, len(packet), len(packet))
            parts.append(block(6, head + packet))
    path.write_bytes(b"".join(parts))
    return path


def test_every_stack_of_headers_is_read_as_by_tshark(tshark: str, tmp_path: Path) -> None:
    agrees(tshark, many_links(tmp_path / "stacks.pcapng"))


def as_pyshark_sees(path: Path) -> list[tuple[int, ...]]:
    """Frame, stream, flags, absolute seq and ack, window, payload of every packet with a TCP header of its own."""
    import pyshark

    # pyshark starts tshark on an event loop, and expects one to be there.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        preferences = {"tcp.relative_sequence_numbers": "FALSE"}
        rows: list[tuple[int, ...]] = []
        capture = pyshark.FileCapture(str(path), keep_packets=False, eventloop=loop, override_prefs=preferences)
        cleanup = capture._cleanup_subprocess

        async def once_it_has_ended(process: Any) -> None:
            # All was read, so that tshark ends by itself. Were it killed just then, Popen would take its exit status
            # from asyncio, which then says 255, and pyshark that it crashed.
            await asyncio.wait_for(process.wait(), 20)
            await cleanup(process)

        capture._cleanup_subprocess = once_it_has_ended
        try:
            with capture:
                for packet in capture:
                    if "TCP" in packet:
                        tcp: Any = packet.tcp
                        numbers = (tcp.stream, tcp.seq_raw, tcp.ack_raw, tcp.window_size_value, tcp.len)
                        stream, seq, ack, window, length = (int(number) for number in numbers)
                        rows.append((int(packet.number), stream, int(tcp.flags, 16) & 0x1FF, seq, ack, window, length))
        finally:
            capture._running_processes.clear()  # where it raised: its __del__ would close them again, without a loop
        return rows
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def unscaled(segment: Segment, scale: int) -> int:
    return segment.window if segment.flags & SYN else segment.window >> scale


@pytest.mark.parametrize("name", [name for name in SAMPLES if not scenarios()[name].variant])
def test_every_packet_of_the_samples_is_told_as_pyshark_sees_it(
    tshark: str, sample: Callable[[str], Path], name: str
) -> None:
    found = scan(str(sample(name)))
    rows = []
    for connection in tell(found, [c.number for c in found.connections]).connections:
        scales = {s.side: s.options.window_scale for s in connection.segments if s.flags & SYN}
        for segment in connection.segments:
            scale = scales[segment.side] if None not in scales.values() and len(scales) == 2 else 0
            rows.append(
                (segment.frame, connection.number, segment.flags, segment.seq, segment.ack,
                 unscaled(segment, scale or 0), segment.payload)
            )  # fmt: skip
    assert sorted(rows) == as_pyshark_sees(sample(name))


GENERATED = {
    "headers": ["--packets", "20000", "--snaplen", "96"],
    "whole": ["--packets", "5000", "--seed", "2"],
    "scan": ["--scan", "--connections", "3000"],
}


@pytest.fixture(scope="module", params=list(GENERATED))
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("generated") / f"{request.param}.pcap"
    program = [sys.executable, str(ROOT / "bench" / "generate.py")]
    subprocess.run([*program, str(path), *GENERATED[request.param]], check=True, capture_output=True)
    return path


def test_generated_captures_are_numbered_and_counted_as_by_tshark(tshark: str, generated: Path) -> None:
    agrees(tshark, generated)


def test_every_generated_connection_ends_as_it_was_written(generated: Path) -> None:
    def tally(word: Callable[[Connection], str]) -> dict[str, int]:
        words = [word(c) for c in connections]
        return {name: words.count(name) for name in set(words)}

    truth = json.loads(Path(f"{generated}.json").read_text())
    connections = scan(str(generated)).connections
    assert tally(lambda c: vocabulary.ENDINGS[endings.ending(c)]) == truth["endings"]
    assert tally(lambda c: vocabulary.WHO[endings.ended_by(c, endings.ending(c))]) == truth["ended_by"]
