"""Small captures written as conversations, in packetdrill's brevity, and what the analysis says of them.

    talk = Talk()
    c, s = talk.open()                      # SYN, SYN-ACK, ACK
    c.data(6), s.ack(), c.fin(), s.ack()
    late = s.data(18)                       # every call returns the packet's frame number
    c.rst()
    told = explained(talk)
    assert told["ending"] == "reset" and told.reset["answers_frame"] == late

Sequence numbers are relative: the SYN has 0, the first byte 1. An end sends its next number and acknowledges what
it has heard; every field can be given instead. `explained` prints the ladder, which pytest shows when a test fails.
"""

from __future__ import annotations

import ipaddress
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from finrst.analyze.record import connection_record
from finrst.analyze.scan import scan
from finrst.analyze.story import Connection, Segment
from finrst.analyze.tell import tell
from finrst.plots.backends import render
from finrst.plots.figures.ladder.compose import compose

FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16, "U": 32, "E": 64, "W": 128}
START = 1_795_303_432_835_108_000
M32 = 0xFFFFFFFF


def ones_complement(data: bytes) -> int:
    """Folded 16-bit sum of RFC 1071, not yet complemented."""
    total: int = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@dataclass
class Wire:
    """What a capture holds: packets of any number of conversations, and the clock that they share."""

    packets: list[tuple[int, bytes]] = field(default_factory=list)
    ns: int = START

    def write(self, path: Path) -> Path:
        """A pcap of Ethernet frames with nanoseconds."""
        data = bytearray(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for ns, packet in self.packets:
            data += struct.pack("<IIII", ns // 10**9, ns % 10**9, len(packet), len(packet)) + packet
        path.write_bytes(data)
        return path


class End:
    """One end of a conversation: what it sends next and what it has heard."""

    def __init__(self, talk: Talk, address: str, port: int, isn: int) -> None:
        self.talk = talk
        self.address = ipaddress.ip_address(address)
        self.port = port
        self.isn = isn
        self.next = 0  # relative number of the next byte
        self.heard = 0  # relative number of the peer's next byte
        self.ip_id = 1000
        self.ttl = 64
        self.window = 64240
        self.checksum = "good"
        self.sent = b""  # the last packet, an Ethernet frame
        self.peer: End

    def send(
        self,
        flags: str,
        payload: int = 0,
        *,
        seq: int | None = None,
        ack: int | None = None,
        win: int | None = None,
        gap: float = 0.01,
        lost: bool = False,
        hidden: bool = False,
        ip_id: int | None = None,
        ttl: int | None = None,
        checksum: str | None = None,
        mss: int | None = None,
        wscale: int | None = None,
        sack: tuple[tuple[int, int], ...] = (),
        sack_permitted: bool = False,
        tsval: int | None = None,
        copies: int = 1,
        copy_gap: float = 0.000_002,
    ) -> int:
        """One packet, `gap` seconds after the one before; its frame number.

        lost: captured, but it does not reach the other end. hidden: not captured. copies: captured so often, each
        `copy_gap` after the other. checksum: "good", "bad", "offloaded" (only the pseudo-header's sum).
        """
        bits = sum(FLAGS[letter] for letter in flags)
        number = self.next if seq is None else seq
        end = number + payload + bool(bits & 2) + bool(bits & 1)
        if not bits & 4:
            self.next = max(self.next, end)
            if not lost and number <= self.peer.heard < end:
                self.peer.heard = end
        wire = self.talk.wire
        wire.ns += round(gap * 1e9)
        if ip_id is None:
            self.ip_id = self.ip_id + 1 & 0xFFFF
            ip_id = self.ip_id
        options = b""
        if mss is not None:
            options += struct.pack(">BBH", 2, 4, mss)
        if wscale is not None:
            options += struct.pack(">BBBB", 1, 3, 3, wscale)
        if sack_permitted:
            options += b"\1\1\4\2"
        if tsval is not None:
            options += struct.pack(">BBBBII", 1, 1, 8, 10, tsval, 0)
        if sack:
            edges = [(self.peer.isn + edge & M32) for block in sack for edge in block]
            options += struct.pack(f">BBBB{len(edges)}I", 1, 1, 5, 2 + 4 * len(edges), *edges)
        acked = 0
        if bits & 16:
            acked = self.peer.isn + (self.heard if ack is None else ack) & M32
        segment = struct.pack(
            ">HHIIHHHH",
            self.port,
            self.peer.port,
            self.isn + number & M32,
            acked,
            (20 + len(options)) // 4 << 12 | bits,
            self.window if win is None else win,
            0,
            0,
        )
        segment += options + bytes(i & 0xFF for i in range(payload))
        frame = self.sent = self.ethernet(segment, ip_id, ttl or self.ttl, checksum or self.checksum)
        if not hidden:
            for copy in range(copies):
                wire.packets.append((wire.ns + round(copy * copy_gap * 1e9), frame))
            wire.ns += round((copies - 1) * copy_gap * 1e9)
        return len(wire.packets) - copies + 1

    def ethernet(self, segment: bytes, ip_id: int, ttl: int, checksum: str) -> bytes:
        source, target = self.address.packed, self.peer.address.packed
        size = len(segment)
        pseudo = (
            source
            + target
            + (struct.pack(">BBH", 0, 6, size) if self.address.version == 4 else struct.pack(">IHBB", size, 0, 0, 6))
        )
        value = ones_complement(pseudo) if checksum == "offloaded" else ones_complement(pseudo + segment) ^ 0xFFFF
        if checksum == "bad":
            value ^= 0x1234
        segment = segment[:16] + struct.pack(">H", value) + segment[18:]
        if self.address.version == 4:
            header = struct.pack(">BBHHHBBH", 0x45, 0, (20 + size) & 0xFFFF, ip_id, 0x4000, ttl, 6, 0) + source + target
            header = header[:10] + struct.pack(">H", ones_complement(header) ^ 0xFFFF) + header[12:]
            return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\x00" + header + segment
        header = struct.pack(">IHBB", 0x60000000, size, 6, ttl) + source + target
        return b"\2\0\0\0\0\2\2\0\0\0\0\1\x86\xdd" + header + segment

    def icmp(self, kind: int, code: int, *, by: str | None = None, mtu: int = 0, gap: float = 0.001) -> int:
        """An ICMP error comes that quotes the packet sent last; `by`: of this address, else of the peer. Its frame."""
        source = (self.peer.address if by is None else ipaddress.ip_address(by)).packed
        quoted = self.sent[14 : 14 + (28 if self.address.version == 4 else 1000)]
        if self.address.version == 4:
            size = 28 + len(quoted)
            head = struct.pack(">BBHHHBBH", 0x45, 0, size, 1, 0, 64, 1, 0) + source + self.address.packed
            message = struct.pack(">BBHHH", kind, code, 0, 0, mtu) + quoted
        else:
            head = struct.pack(">IHBB", 0x60000000, 8 + len(quoted), 58, 64) + source + self.address.packed
            message = struct.pack(">BBHI", kind, code, 0, mtu) + quoted
        wire = self.talk.wire
        wire.ns += round(gap * 1e9)
        wire.packets.append((wire.ns, self.sent[6:12] + self.sent[:6] + self.sent[12:14] + head + message))
        return len(wire.packets)

    # The usual packets

    def syn(self, **more: Any) -> int:
        return self.send("S", **more)

    def synack(self, **more: Any) -> int:
        return self.send("S.", **({"seq": 0} | more))

    def ack(self, **more: Any) -> int:
        return self.send(".", **more)

    def data(self, payload: int, **more: Any) -> int:
        return self.send("P.", payload, **more)

    def fin(self, **more: Any) -> int:
        return self.send("F.", **more)

    def abort(self, **more: Any) -> int:
        """A RST that the socket decides on: RST+ACK with its own numbers."""
        return self.send("R.", **more)

    def rst(self, **more: Any) -> int:
        """A RST that answers a segment with ACK: bare, its number is that segment's acknowledgement."""
        return self.send("R", **({"seq": self.peer.heard, "win": 0, "ip_id": 0} | more))

    def refuse(self, **more: Any) -> int:
        """A RST that answers a segment without ACK: number 0, acknowledging what came."""
        return self.send("R.", **({"seq": -self.isn, "ack": self.peer.next, "win": 0, "ip_id": 0} | more))


class Talk:
    """A conversation of a client and a server. `wire`: share the capture with another conversation."""

    def __init__(
        self,
        *,
        version: int = 4,
        isn: tuple[int, int] = (1_000_000, 7_000_000),
        ports: tuple[int, int] = (40136, 80),
        wire: Wire | None = None,
    ) -> None:
        addresses = ("10.0.0.1", "10.0.0.2") if version == 4 else ("2001:db8::1", "2001:db8::2")
        self.wire = wire or Wire()
        self.client = End(self, addresses[0], ports[0], isn[0])
        self.server = End(self, addresses[1], ports[1], isn[1])
        self.client.peer, self.server.peer = self.server, self.client

    def open(self, **more: Any) -> tuple[End, End]:
        """SYN, SYN-ACK, ACK; the two ends."""
        self.client.syn(**more)
        self.server.synack(**more)
        self.client.ack()
        return self.client, self.server

    def established(self) -> tuple[End, End]:
        """The two ends after a handshake that was not captured."""
        self.client.next = self.client.heard = self.server.next = self.server.heard = 1
        return self.client, self.server


class Told(dict[str, Any]):
    """The contract's record of one connection, and its packets."""

    story: Connection

    @property
    def reset(self) -> dict[str, Any]:
        """The only RST."""
        (only,) = self["resets"]
        assert isinstance(only, dict)
        return only

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self.story.segments

    @property
    def states(self) -> list[str]:
        """Both ends' states after every packet: "client server"."""
        return [f"{segment.client_state} {segment.server_state}" for segment in self.segments]


def explained_all(talk: Talk | Wire | Path) -> list[Told]:
    """The records of all connections of a capture; their ladders are printed."""
    if isinstance(talk, Path):
        return records(talk)
    with tempfile.TemporaryDirectory() as folder:
        return records((talk.wire if isinstance(talk, Talk) else talk).write(Path(folder) / "talk.pcap"))


def records(path: Path) -> list[Told]:
    found = scan(str(path))
    story = tell(found, [c.number for c in found.connections])
    done = []
    for connection in story.connections:
        told = Told(connection_record(connection))
        told.story = connection
        done.append(told)
        print(render(compose(connection, story.capture), "txt").decode())
        print({key: told[key] for key in ("ending", "ended_by", "closed_first", "states", "zeek", "resets")})
    return done


def explained(talk: Talk | Wire | Path) -> Told:
    """The record of a capture's only connection."""
    (told,) = explained_all(talk)
    return told
