"""A conversation captured at both ends: two files, two clocks, and a way between them on which things happen.

    ends = Ends(offset=3.2, ways=(0.01, 0.02))
    c, s = ends.open()
    c.data(6), s.ack()
    s.data(18, lost=True)                    # only the server's capture has it
    s.rst(forged=True)                       # only the client's: the server never sent it
    told = ends.told()

Each call is that of tests/analyze/conversation.py, at the moment at which the packet leaves its sender.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from finrst.analyze.scan import Scan, scan
from finrst.analyze.story import Connection, Segment, Story
from finrst.analyze.tell import both_ends, tell

from .conversation import START, End, Talk, Wire, ones_complement


class Tapped:
    """One end, whose packets are captured as they leave and as they arrive."""

    def __init__(self, ends: Ends, end: End, way: float) -> None:
        self.ends, self.end, self.way = ends, end, way

    def __getattr__(self, name: str) -> Callable[..., None]:
        def send(
            *arguments: Any, way: float | None = None, lost: bool = False, forged: bool = False, missed: str = "",
            twice: float | None = None, **more: Any,
        ) -> None:  # fmt: skip
            ends, talk, next_number = self.ends, self.end.talk, self.end.next
            getattr(self.end, name)(*arguments, lost=lost, **more)
            t_ns, packet = talk.wire.packets[-1]
            own, other = ("client", "server") if self.end is talk.client else ("server", "client")
            if forged:
                self.end.next = next_number
            if not forged and own not in missed:
                ends.captured[own].append((t_ns, packet))
            arrival = t_ns + round((self.way if way is None else way) * 1e9)
            if not lost and other not in missed:
                ends.captured[other].append((arrival, packet))
                if twice is not None:
                    ends.captured[other].append((arrival + round(twice * 1e9), packet))

        return send


class Ends:
    """Both ends of a conversation. offset: seconds that the server's clock is ahead; ways: one-way times by sender.

    nat: the client's address and port as the server sees them. rewritten: what a firewall adds to both sides' numbers.
    """

    def __init__(
        self,
        *,
        offset: float = 0.0,
        drift_ppm: float = 0.0,
        ways: tuple[float, float] = (0.01, 0.01),
        nat: tuple[str, int] | None = None,
        rewritten: tuple[int, int] = (0, 0),
        **talk: Any,
    ) -> None:
        self.talk = Talk(**talk)
        self.offset_ns, self.drift, self.nat, self.rewritten = round(offset * 1e9), drift_ppm / 1e6, nat, rewritten
        self.client = Tapped(self, self.talk.client, ways[0])
        self.server = Tapped(self, self.talk.server, ways[1])
        self.captured: dict[str, list[tuple[int, bytes]]] = {"client": [], "server": []}

    def open(self, **more: Any) -> tuple[Tapped, Tapped]:
        """SYN, SYN-ACK, ACK; the two ends."""
        self.client.syn(**more)
        self.server.synack(gap=self.client.way + 0.01, **more)
        self.client.ack(gap=self.server.way + 0.01)
        return self.client, self.server

    def established(self) -> tuple[Tapped, Tapped]:
        """The two ends after a handshake that neither capture has."""
        self.talk.established()
        return self.client, self.server

    def wait(self, seconds: float) -> None:
        """Nothing happens."""
        self.talk.wire.ns += round(seconds * 1e9)

    def _beyond(self, packet: bytes) -> bytes:
        """The packet as it is on the other side of NAT and firewall."""
        if self.nat is None and self.rewritten == (0, 0):
            return packet
        ip, tcp = bytearray(packet[14:34]), bytearray(packet[34:])
        from_client = ip[12:16] == self.talk.client.address.packed
        if self.nat is not None:
            address = bytes(int(part) for part in self.nat[0].split("."))
            at = 12 if from_client else 16
            ip[at : at + 4] = address
            at = 0 if from_client else 2
            tcp[at : at + 2] = struct.pack(">H", self.nat[1])
        own, peer = self.rewritten if from_client else self.rewritten[::-1]
        seq, ack = struct.unpack(">II", tcp[4:12])
        struct.pack_into(">II", tcp, 4, (seq + own) % 2**32, (ack + peer) % 2**32 if tcp[13] & 16 else ack)
        ip[10:12] = b"\0\0"
        struct.pack_into(">H", ip, 10, ones_complement(bytes(ip)) ^ 0xFFFF)
        tcp[16:18] = b"\0\0"
        pseudo = bytes(ip[12:20]) + struct.pack(">BBH", 0, 6, len(tcp))
        struct.pack_into(">H", tcp, 16, ones_complement(pseudo + bytes(tcp)) ^ 0xFFFF)
        return packet[:14] + bytes(ip) + bytes(tcp)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The two captures."""
        near = sorted(self.captured["client"], key=lambda one: one[0])
        far = [
            (t_ns + self.offset_ns + round((t_ns - START) * self.drift), self._beyond(packet))
            for t_ns, packet in sorted(self.captured["server"], key=lambda one: one[0])
        ]
        return Wire(near).write(folder / "client.pcap"), Wire(far).write(folder / "server.pcap")

    def found(self, folder: Path) -> Scan:
        """The client's capture with the server's beside it."""
        near, far = self.write(folder)
        one = scan(str(near))
        both_ends(one, scan(str(far)))
        return one

    def story(self) -> Story:
        """All connections, told."""
        with tempfile.TemporaryDirectory() as folder:
            one = self.found(Path(folder))
            return tell(one, [c.number for c in one.connections])

    def told(self) -> Connection:
        """The only connection."""
        (only,) = self.story().connections
        return only


def fates(connection: Connection) -> list[str]:
    """What became of each packet, in the order in which they left: "client data arrived"."""
    return [f"{s.side} {_what(s)} {s.fate}" for s in connection.segments if s.duplicate_of is None]


def _what(segment: Segment) -> str:
    for bit, name in ((4, "RST"), (2, "SYN"), (1, "FIN")):
        if segment.flags & bit:
            return name
    return "data" if segment.payload else "ACK"
