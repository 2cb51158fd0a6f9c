"""What came to one end of a connection, and when, as its socket noticed it: the events of the automaton with times.

The packets are those of the capture; which of them arrived, and when, is told by the capture at that end where there is
one, by its kernel's own events where they were recorded, else by the way between the ends and what was acknowledged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..story import ACK, FIN, RST, SYN, URG, Connection, KernelEvent, Segment, Side

M32 = 0xFFFFFFFF
HALF = 0x80000000
TAKEN_NS = 5_000_000  # what came so long ago stands in every acknowledgement
CAUSE_NS = 150_000  # an error that a kernel reports so soon after a RST is that RST's

Kind = Literal[
    "established", "data", "urgent", "fin", "acked", "fin_acknowledged", "rst", "unreachable", "timeout", "destroyed"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event at one end. `size`: bytes of data, in order; of "acked" those that it acknowledges newly."""

    t_ns: int
    kind: Kind
    size: int = 0
    errno: str | None = None
    sure: bool = True  # False: a RST of which nobody knows whether it was accepted
    frame: int | None = None


def ahead(a: int, b: int) -> int:
    """How far sequence number `a` is ahead of `b`; negative: behind."""
    distance = (a - b) & M32
    return distance - (M32 + 1) if distance >= HALF else distance


def length(segment: Segment) -> int:
    """Sequence numbers that it takes."""
    return segment.payload + bool(segment.flags & SYN) + bool(segment.flags & FIN)


def arrivals(connection: Connection, side: Side, closes_ns: Sequence[int] = ()) -> list[Arrival]:
    """All events at one end, by time. `closes_ns`: when its program closed the socket or ended."""
    packets = _Packets(connection, side)
    found = [*packets.events(), *_errors(connection, side), *_destroyed(connection, side, closes_ns)]
    return sorted(found, key=lambda one: one.t_ns)


class _Packets:
    """Reads one end's packets in order: what came in, and what it had sent before."""

    def __init__(self, connection: Connection, side: Side) -> None:
        self.connection = connection
        self.side = side
        self.way_ns = 0 if side == "client" else (connection.handshake_rtt_ns or 0) // 2
        self.known = {
            event.frame: event.t_ns
            for event in connection.kernel
            if event.side == side and event.frame is not None and event.kind in ("state", "reset-received")
        }
        self.in_order: int | None = None  # rcv_nxt
        self.waiting: list[tuple[int, int]] = []  # behind a hole
        self.fin_at: int | None = None
        self.own_fin: int | None = None
        self.acked: int | None = None
        self.told_fin = self.told_fin_acked = self.is_open = False

    def time(self, segment: Segment) -> int:
        """When the segment of the other end was noticed."""
        if segment.frame in self.known:
            return self.known[segment.frame]
        return segment.at(self.side) if segment.arrived_ns is not None else segment.ts_ns + self.way_ns

    def events(self) -> list[Arrival]:
        """What the packets brought."""
        found: list[Arrival] = []
        lost = _lost(self.connection.segments, self.side, self.way_ns)
        for segment in self.connection.segments:
            if segment.duplicate_of is not None:
                continue
            if segment.side == self.side:
                if segment.flags & FIN:
                    self.own_fin = (segment.seq + length(segment)) & M32
                continue
            if segment.frame not in lost and segment.checksum != "bad" and segment.fate != "lost":
                found += self.came(segment)
        return found

    def came(self, segment: Segment) -> list[Arrival]:
        """What one segment does at its receiver."""
        t_ns, flags = self.time(segment), segment.flags
        if flags & RST:
            reset = segment.reset
            if reset is None or reset.accepted is False:
                return []
            return [Arrival(t_ns, "rst", sure=bool(reset.accepted), frame=segment.frame)]
        found: list[Arrival] = []
        if not self.is_open and flags & ACK and not (flags & SYN and self.side == "server"):
            self.is_open = True
            found.append(Arrival(t_ns, "established", frame=segment.frame))
        if flags & ACK:
            found += self.acknowledges(segment, t_ns)
        if self.in_order is None:
            self.in_order = segment.seq
        if flags & SYN:
            if ahead(segment.seq + 1, self.in_order) > 0:
                self.in_order = (segment.seq + 1) & M32
            return found
        if segment.window_probe or segment.keepalive:
            return found
        end = (segment.seq + segment.payload) & M32
        if flags & FIN and self.fin_at is None:
            self.fin_at = end
        if segment.payload:
            self.waiting.append((segment.seq, end))
        size = self.joined()
        if size:
            urgent = bool(segment.flags & URG)  # its byte is not among the others (tcp_check_urg)
            found.append(Arrival(t_ns, "data", size - urgent, frame=segment.frame))
            if urgent:
                found.append(Arrival(t_ns, "urgent", frame=segment.frame))
        if self.fin_at is not None and self.in_order == self.fin_at and not self.told_fin:
            self.told_fin = True
            found.append(Arrival(t_ns, "fin", frame=segment.frame))
        return found

    def acknowledges(self, segment: Segment, t_ns: int) -> list[Arrival]:
        """What of this end's own has come to the other."""
        found: list[Arrival] = []
        if self.acked is not None and ahead(segment.ack, self.acked) > 0:
            found.append(Arrival(t_ns, "acked", ahead(segment.ack, self.acked), frame=segment.frame))
        if self.acked is None or ahead(segment.ack, self.acked) > 0:
            self.acked = segment.ack
        if self.own_fin is not None and not self.told_fin_acked and ahead(segment.ack, self.own_fin) >= 0:
            self.told_fin_acked = True
            found.append(Arrival(t_ns, "fin_acknowledged", frame=segment.frame))
        return found

    def joined(self) -> int:
        """Bytes that are in order now and were not before."""
        assert self.in_order is not None
        before = self.in_order
        for left, right in sorted(self.waiting, key=lambda part: ahead(part[0], before)):
            if ahead(left, self.in_order) <= 0 < ahead(right, self.in_order):
                self.in_order = right
        self.waiting = [part for part in self.waiting if ahead(part[1], self.in_order) > 0]
        return ahead(self.in_order, before)


def _lost(segments: Sequence[Segment], side: Side, way_ns: int) -> set[int]:
    """Frames with data for this end that did not come to its TCP.

    They were sent again with no acknowledgement in between; or this end spoke later, and did not acknowledge them.
    A D-SACK (RFC 2883) says that both copies have come.
    """
    found: set[int] = set()
    copies: dict[int, Segment] = {}  # sequence number -> the last copy, while nothing says that one has come
    again: dict[int, int] = {}  # sequence number -> frame of the copy that was given up
    for segment in segments:
        if segment.side != side:
            if not length(segment) or segment.flags & (SYN | RST) or segment.keepalive or segment.window_probe:
                continue
            before = copies.get(segment.seq)
            if before is not None and segment.duplicate_of is None and before.fate is None:
                found.add(before.frame)
                again[segment.seq] = before.frame
            copies[segment.seq] = segment
        elif segment.flags & ACK and not segment.flags & RST and copies:
            if segment.d_sack is not None:
                left, right = segment.d_sack
                found -= {frame for seq, frame in again.items() if ahead(seq, left) >= 0 and ahead(right, seq) > 0}
            for seq, copy in list(copies.items()):
                if ahead(segment.ack, (seq + length(copy)) & M32) >= 0:
                    del copies[seq]  # whatever comes again now came before
                elif segment.at(side) - copy.at(side) > (2 * way_ns if copy.arrived_ns is None else 0) + TAKEN_NS:
                    found.add(copy.frame)
    return found


def _errors(connection: Connection, side: Side) -> list[Arrival]:
    """Errors that the kernel reported and no RST brought: a timer that gave up, ICMP, ss -K."""
    resets = [e.t_ns for e in connection.kernel if e.side == side and e.kind == "reset-received"]
    found = []
    for event in connection.kernel:
        if event.side != side or event.kind != "error" or event.errno in (None, "errno 0", "EPIPE", "ECONNRESET"):
            continue  # a RST's, or none: tcp_disconnect reports, too
        if any(abs(event.t_ns - t_ns) < CAUSE_NS for t_ns in resets):
            continue
        if event.errno == "ECONNABORTED":
            found.append(Arrival(event.t_ns, "destroyed"))
        else:
            opening = _state_at(connection.kernel, side, event.t_ns) == "SYN_SENT"
            found.append(Arrival(event.t_ns, "unreachable" if opening else "timeout", errno=event.errno))
    return found


def _state_at(kernel: Sequence[KernelEvent], side: Side, t_ns: int) -> str | None:
    """The state that this end's kernel said last."""
    states = [e for e in kernel if e.side == side and e.kind == "state" and e.t_ns <= t_ns]
    last = states[-1] if states else None
    if last is None:
        return "SYN_SENT"  # entered before the connection had a port to be told with
    return last.before if last.state == "CLOSED" and t_ns - last.t_ns < CAUSE_NS else last.state


def _destroyed(connection: Connection, side: Side, closes_ns: Sequence[int]) -> list[Arrival]:
    """An active RST of its own that no call explains: somebody took the socket away."""
    if any(e.side == side and e.kind == "error" for e in connection.kernel):
        return []
    for reset in connection.resets:
        if reset.sender == side and reset.shape == "active" and not reset.forged:
            if reset.sender_state not in ("ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT_1", "FIN_WAIT_2"):
                return []
            if any(t_ns <= reset.ts_ns + CAUSE_NS for t_ns in closes_ns):
                return []
            probes = [s for s in connection.segments if s.side == side and s.keepalive and s.frame < reset.frame]
            kind: Kind = "timeout" if probes else "destroyed"
            return [Arrival(reset.ts_ns, kind, frame=reset.frame)]
    return []
