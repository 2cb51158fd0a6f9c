"""Whole conversations from their ends, drawn by Hypothesis: what each end sends, and how it must be said to end."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from ..engines import Engine, batch

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
CLIENT, SERVER = 0, 1
PORTS = (40136, 80)
M32 = 0xFFFFFFFF


@dataclass(frozen=True)
class Row:
    """A segment; its numbers count from the ISNs."""

    side: int
    flags: int
    seq: int
    ack: int
    size: int = 0
    ident: int = 0


@dataclass(frozen=True)
class Exchange:
    """Rows, where their closing begins, and the contract's words for the end."""

    rows: tuple[Row, ...]
    closing: int
    ending: str
    ended_by: str
    closed_first: str | None
    states: tuple[str, str]


class Ends:
    """Both ends' numbers while rows are being written."""

    def __init__(self) -> None:
        self.next = [0, 0]
        self.rows: list[Row] = []

    def send(self, side: int, flags: int, size: int = 0) -> None:
        """An end sends its next number and acknowledges all that the other has sent."""
        ack = self.next[1 - side] if flags & ACK else 0
        self.rows.append(Row(side, flags, self.next[side], ack, size, len(self.rows) + 1))
        self.next[side] += size + bool(flags & SYN) + bool(flags & FIN)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    """A handshake, data in both directions, and one of the ways to end."""
    ends = Ends()
    ends.send(CLIENT, SYN)
    how = draw(st.sampled_from(("refused", "close", "close together", "close at once", "reset", "reset after fin")))
    if how == "refused":
        ends.send(SERVER, RST | ACK)
        return Exchange(tuple(ends.rows), 1, "refused", "server", "server", ("CLOSED", "CLOSED"))
    ends.send(SERVER, SYN | ACK)
    ends.send(CLIENT, ACK)
    for side, size in draw(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 70_000)), max_size=8)):
        ends.send(side, PSH | ACK, size)
        if draw(st.booleans()):
            ends.send(1 - side, ACK)
    # Both ends have heard all before they close.
    ends.send(CLIENT, ACK)
    ends.send(SERVER, ACK)
    closing = len(ends.rows)
    first = draw(st.integers(0, 1))
    name = ("client", "server")[first]
    if how == "reset":
        ends.send(first, RST | ACK)
        return Exchange(tuple(ends.rows), closing, "reset", name, name, ("CLOSED", "CLOSED"))
    ends.send(first, FIN | ACK)
    if how == "reset after fin":
        ends.send(1 - first, ACK)
        ends.send(1 - first, RST | ACK)
        other = ("client", "server")[1 - first]
        return Exchange(tuple(ends.rows), closing, "reset", other, name, ("CLOSED", "CLOSED"))
    if how == "close together":
        crossed = replace(ends.rows[-1], side=1 - first)
        ends.rows.append(replace(crossed, seq=ends.next[1 - first], ack=ends.next[first] - 1, ident=999))
        ends.next[1 - first] += 1
        ends.send(first, ACK)
        ends.send(1 - first, ACK)
        return Exchange(tuple(ends.rows), closing, "closed", "both", "both", ("TIME_WAIT", "TIME_WAIT"))
    if how == "close":
        ends.send(1 - first, ACK)
        if draw(st.booleans()):  # half-closed, the other end may still send
            ends.send(1 - first, PSH | ACK, draw(st.integers(1, 3000)))
            ends.send(first, ACK)
    ends.send(1 - first, FIN | ACK)
    ends.send(first, ACK)
    states = ["CLOSED", "CLOSED"]
    states[first] = "TIME_WAIT"
    return Exchange(tuple(ends.rows), closing, "closed", name, name, (states[0], states[1]))


def packet(row: Row, isn: tuple[int, int], client: int = 0x0A000001) -> tuple[bytes, int]:
    """Raw IPv4, its payload left out by the snaplen; and the length on the wire."""
    seq = (row.seq + isn[row.side]) & M32
    ack = (row.ack + isn[1 - row.side]) & M32 if row.flags & ACK else 0
    ports = PORTS if row.side == CLIENT else PORTS[::-1]
    ends = (client, 0x0A000002) if row.side == CLIENT else (0x0A000002, client)
    # Where there is payload, it is cut off, and nobody can look at the checksum.
    head = struct.pack(">HHIIBBHHH", *ports, seq, ack, 0x50, row.flags, 0x7FFF, 0, 0)
    words = struct.unpack(">10H", head)
    total = sum(words) + sum(end >> 16 for end in ends) + sum(end & 0xFFFF for end in ends) + 6 + 20
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    if row.size == 0:
        head = head[:16] + struct.pack(">H", ~total & 0xFFFF) + head[18:]
    size = 40 + row.size
    length = size if size < 65536 else 0  # a super-segment
    return struct.pack(">BBHHHBBHII", 0x45, 0, length, row.ident, 0x4000, 64, 6, 0, *ends) + head, size


def outcome(engine: Engine, packets: list[tuple[bytes, int]], gap_ns: int = 50_000_000) -> list[dict[str, Any]]:
    """What the engine says of every connection of these packets."""
    tracker = engine("analyze.track").Tracker(3)
    records = batch(engine, [data for data, _ in packets], 101, [size for _, size in packets])
    for i in range(len(packets)):
        records.ts[i] = 10**18 + i * gap_ns
    tracker.feed(records)
    endings, words, states = engine("analyze.endings"), engine("analyze.vocabulary"), engine("analyze.states")
    told = []
    for c in tracker.connections:
        how = endings.ending(c)
        first = endings.closed_first(c)
        told.append(
            {
                "ending": words.ENDINGS[how],
                "ended_by": words.WHO[endings.ended_by(c, how)],
                "closed_first": None if first == words.NOBODY_CLOSED else words.WHO[first],
                "states": tuple(states.STATES[c.state[side]] for side in (c.client, 1 - c.client)),
                "packets": [c.packets[c.client], c.packets[1 - c.client]],
                "bytes": [c.bytes[c.client], c.bytes[1 - c.client]],
                "retransmissions": sum(c.retransmissions),
                "duplicates": sum(c.duplicates),
                "zeek": (words.ZEEK_CONN_STATES[endings.conn_state(c)], bytes(c.history_letters())),
                "accepted": [r.accepted for r in tracker.resets if r.connection == c.number],
            }
        )
    return told


def expected(exchange: Exchange) -> dict[str, Any]:
    """The part of `outcome` that the exchange was made for."""
    names = ("ending", "ended_by", "closed_first", "states")
    return {name: getattr(exchange, name) for name in names}
