"""One direction of a connection in sequence space: what was sent, acknowledged and allowed, over time.

Numbers are relative to where the side's begin and do not wrap: each is placed next to what is known
already, by differences modulo 2**32. What no connection can have sent there is set apart, not drawn
to scale. Times are nanoseconds since the first packet and never go back. Where both ends were captured,
one of them looks on: what it sent stands where it left, what it got where it arrived, as in a capture there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from ....analyze.findings import given_up
from ....analyze.numbers import numbers
from ....analyze.story import ACK, FIN, RST, SYN, Connection, KernelEvent, Segment, Side, other
from ....analyze.windows import Windows
from ...scene import SAME_NS

LEAST_REACH = 1 << 16  # so far from what is known a number is always believed
MOST_REACH = 1 << 30  # the largest window (RFC 7323 2.3)
UNANSWERED = ("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH")
FASTEST = 12.5  # bytes per nanosecond: what a capture may have missed of a 100 Gbit/s line


@dataclass(frozen=True, slots=True)
class Moment:
    """A packet and its time."""

    segment: Segment
    t_ns: int


@dataclass(slots=True)
class Sent:
    """A packet of the direction's sender: the numbers from `low` up to `high` are in it."""

    segment: Segment
    t_ns: int
    low: int
    high: int
    believed: bool = True
    fills_window: bool = False
    earlier: Sent | None = None  # the first copy of what it repeats
    waited_ns: int | None = None  # since the last copy
    tries: int = 1  # with this one


@dataclass(frozen=True, slots=True)
class Heard:
    """A packet of the receiver, and what its sender knows then."""

    segment: Segment
    t_ns: int
    acked: int | None  # all before it has arrived; never less than before
    edge: int | None  # up to there data may be sent; None: the window's scale is not known
    sack: tuple[tuple[int, int], ...] = ()
    believed: bool = True


@dataclass(frozen=True, slots=True)
class Missed:
    """Numbers that were acknowledged and never captured."""

    low: int
    high: int
    t_ns: int
    until_ns: int


@dataclass(frozen=True, slots=True)
class Shut:
    """A time in which the receiver's window was less than one segment: its sender waits (RFC 9293, 3.8.6.2)."""

    from_ns: int
    until_ns: int
    most: int  # bytes that it let in; 0: it was closed all the time


@dataclass(slots=True)
class Direction:
    """What one side sent, and what the other said of it."""

    side: Side
    sent: list[Sent] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    copies: list[Moment] = field(default_factory=list)  # of the sender's packets, captured again
    shut: list[Shut] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)

    @property
    def acked(self) -> int | None:
        """What is acknowledged in the end."""
        return self.heard[-1].acked if self.heard else None


def moments(connection: Connection, view: Side = "client") -> tuple[list[Moment], int]:
    """Every packet at a time that is not before the last one's, and how many clocks stepped back.

    `view`: whose end looks on, where both were captured.
    """
    found: list[Moment] = []
    segments = connection.segments
    first = segments[0].ts_ns if segments else 0
    if connection.other_end is not None:
        return [Moment(s, s.at(view) - first) for s in sorted(segments, key=lambda s: s.at(view))], 0
    now = back = 0
    for segment in segments:
        back += segment.ts_ns - first < now and segment.duplicate_of is None
        now = max(now, segment.ts_ns - first)
        found.append(Moment(segment, now))
    return found, back


def gave_up(connection: Connection) -> tuple[KernelEvent, int] | None:
    """A kernel's report that it gave up for want of an answer, and when; None: none did, or its RST says so."""
    event = given_up.gave_up(connection)
    if event is None or event.errno not in UNANSWERED or not connection.segments:
        return None
    own = (s.at(event.side) for s in connection.segments if s.side == event.side and s.flags & RST)
    if any(abs(event.t_ns - t_ns) <= SAME_NS for t_ns in own):
        return None
    return event, event.t_ns - connection.segments[0].ts_ns


def probes(segment: Segment) -> bool:
    """Whether it only asks for an answer."""
    return segment.keepalive or segment.window_probe


def directions(connection: Connection, view: Side = "client") -> dict[Side, Direction]:
    """Both directions of a connection whose packets are told, as that end saw them."""
    packets, _ = moments(connection, view)
    begin = numbers(connection)
    return {
        "client": _Reader(connection, "client", begin.client, packets).read(),
        "server": _Reader(connection, "server", begin.server, packets).read(),
    }


class _Reader:
    """Places one direction's numbers, packet by packet."""

    def __init__(self, connection: Connection, side: Side, base: int, packets: Sequence[Moment]) -> None:
        self.packets = packets
        given = gave_up(connection)
        self.until_ns = packets[-1].t_ns if packets else 0  # so long its sender waits
        if given is not None and given[0].side == side:
            self.until_ns = max(self.until_ns, given[1])
        self.base = base
        self.found = Direction(side)
        self.syn = connection.isn[side == "server"] is not None
        self.scaled = Windows(connection, connection.segments).known[other(side)]
        windows = [p.segment.window for p in packets if p.segment.side != side and not p.segment.flags & RST]
        self.reach = min(MOST_REACH, max(LEAST_REACH, 2 * max(windows, default=0)))
        self.top: int | None = None  # the highest number believed to be sent
        self.acked: int | None = None
        self.edge: int | None = None
        self.at_ns = 0  # of the last packet that was believed
        self.doubted: list[Sent] = []  # ahead of all the rest; the next packet may confirm them
        self.doubted_acks: list[int] = []
        self.first: dict[int, Sent] = {}  # frame of a first copy
        self.last: dict[int, tuple[int, int]] = {}  # ... -> time of the last copy, and how many
        self.shut_ns: int | None = None
        self.most = 0  # bytes of a window that is less than a segment
        self.whole = self.largest()

    def read(self) -> Direction:
        for packet in self.packets:
            segment = packet.segment
            if segment.duplicate_of is not None:
                if segment.side == self.found.side:
                    self.found.copies.append(packet)
            elif segment.side == self.found.side:
                self.send(segment, packet.t_ns)
            else:
                self.hear(segment, packet.t_ns)
        if self.shut_ns is not None:
            self.found.shut.append(Shut(self.shut_ns, self.until_ns, self.most))
        self.found.missed = self.holes()
        return self.found

    def largest(self) -> int:
        """Bytes of a full segment of this direction, as far as it sent one."""
        sent = max((p.segment.payload for p in self.packets if p.segment.side == self.found.side), default=0)
        asked = [p.segment.options.mss for p in self.packets if p.segment.side != self.found.side]
        return min(sent, next((mss for mss in asked if mss is not None), sent))

    def place(self, number: int) -> int:
        """A header's number, next to what is known."""
        near = self.top if self.top is not None else self.acked or 0
        return near + (number - self.base - near + 2**31) % 2**32 - 2**31

    def known(self) -> int:
        """The highest number that is known to be in use."""
        return max(self.top or 0, self.acked or 0)

    def plausible(self, low: int, high: int) -> bool:
        """Whether the numbers lie where the next ones, or earlier ones again, are expected."""
        return high <= self.known() + self.reach and low >= (0 if self.syn else -self.reach)

    def possible(self, number: int, t_ns: int) -> bool:
        """Whether so much can have been sent since, and missed by the capture."""
        return self.known() < number <= self.known() + self.reach + FASTEST * (t_ns - self.at_ns)

    def send(self, segment: Segment, t_ns: int) -> None:
        low = self.place(segment.seq)
        space = segment.payload + bool(segment.flags & SYN) + bool(segment.flags & FIN)
        sent = Sent(segment, t_ns, low, low + space)
        self.found.sent.append(sent)
        sent.believed = self.plausible(low, sent.high)
        if segment.flags & RST:
            return  # it says where its sender stands, or lies: nothing else is placed by it
        self.repeats(sent)
        if not sent.believed:
            if not self.possible(low, t_ns):
                return
            near = [one for one in self.doubted if 0 <= low - one.high <= self.reach]
            self.doubted = [*self.doubted[-1:], sent]
            if len(near) < 2 and all(one.high != low for one in near):
                return
            self.trust([*near, sent])
        self.top = max(sent.high, self.top if self.top is not None else sent.high)
        self.at_ns = t_ns
        if self.edge is not None and segment.payload and not segment.flags & SYN:
            sent.fills_window = sent.high == self.edge

    def trust(self, confirmed: Sequence[Sent]) -> None:
        """Numbers far ahead are in use: the capture has missed what lies between.

        One that follows exactly shows it, or three in a row: random numbers do neither.
        """
        for one in confirmed:
            one.believed = True
        self.top = max(one.high for one in confirmed)
        self.doubted = []

    def repeats(self, sent: Sent) -> None:
        segment = sent.segment
        original = segment.retransmission_of
        if original is None:
            self.first.setdefault(segment.frame, sent)
            return
        earlier = self.first.get(original)
        before_ns, tries = self.last.get(original, (earlier.t_ns if earlier else None, 1))
        sent.earlier = earlier if earlier is not sent else None
        sent.waited_ns = None if before_ns is None else sent.t_ns - before_ns
        sent.tries = tries + 1
        self.last[original] = (sent.t_ns, sent.tries)
        self.first.setdefault(original, sent)

    def hear(self, segment: Segment, t_ns: int) -> None:
        found = self.found
        if segment.flags & RST or not segment.flags & ACK or segment.fate == "lost":
            found.heard.append(Heard(segment, t_ns, self.acked, self.edge))
            return
        ack = self.place(segment.ack)
        believed = self.plausible(ack, ack)
        if not believed and self.possible(ack, t_ns):
            near = [one for one in self.doubted if one.high == ack]
            if near:
                self.trust(near)
            believed = bool(near) or sum(0 <= ack - one <= self.reach for one in self.doubted_acks) == 2
            self.doubted_acks = [] if believed else [*self.doubted_acks[-1:], ack]
        sack: tuple[tuple[int, int], ...] = ()
        if believed:
            if self.acked is None or ack >= self.acked:
                self.acked = ack
                self.at_ns = t_ns
                if segment.window == 0 or self.scaled:
                    self.edge = ack + segment.window
                self.window(segment, t_ns)
            blocks = [(self.place(left), self.place(right)) for left, right in segment.options.sack]
            sack = tuple((a, b) for a, b in blocks if a < b and self.plausible(a, b))
        found.heard.append(Heard(segment, t_ns, self.acked, self.edge if self.scaled else None, sack, believed))

    def window(self, segment: Segment, t_ns: int) -> None:
        narrow = self.scaled and segment.window < self.whole and (self.top or 0) > 1
        if (segment.window == 0 or narrow) and not segment.flags & SYN:
            self.most = segment.window if self.shut_ns is None else max(self.most, segment.window)
            self.shut_ns = t_ns if self.shut_ns is None else self.shut_ns
        elif self.shut_ns is not None:
            self.found.shut.append(Shut(self.shut_ns, t_ns, self.most))
            self.shut_ns = None

    def holes(self) -> list[Missed]:
        """What was acknowledged and not captured."""
        found = self.found
        if found.acked is None:
            return []
        parts = sorted((one.low, one.high, one.t_ns) for one in found.sent if one.believed and one.high > one.low)
        # Before the first number seen nothing is known, unless it is the SYN, or nothing at all was captured.
        upto = parts[0][0] if parts else 0 if self.syn else 1
        holes: list[tuple[int, int]] = []
        for low, high, _ in parts:
            if low > upto:
                holes.append((upto, min(low, found.acked)))
            upto = max(upto, high)
        if upto < found.acked:
            holes.append((upto, found.acked))
        acks = [heard.acked if heard.acked is not None else -(2**62) for heard in found.heard]
        missed: list[Missed] = []
        ends = sorted((high, t_ns) for _, high, t_ns in parts)
        soonest: dict[int, int] = {}
        for high, t_ns in ends:
            soonest[high] = min(t_ns, soonest.get(high, t_ns))
        for low, high in holes:
            if high <= low:
                continue
            at = bisect_left(acks, high)
            until_ns = found.heard[min(at, len(acks) - 1)].t_ns
            missed.append(Missed(low, high, min(soonest.get(low, found.heard[0].t_ns), until_ns), until_ns))
        return missed
