"""Timers of TCP: what Linux's sent again, from where a limit for unanswered data counted, which ACKs were held back.

A tail loss probe (RFC 8985, 7) sends the last segment again before the retransmission timeout. TCP_USER_TIMEOUT and
tcp_retries2 are compared, whenever the timer fires, with the time since the first retransmission that a timeout caused
(net/ipv4/tcp_timer.c: retransmits_timed_out, retrans_stamp), with a closed window since the first probe
(tcp_probe_timer, icsk_probes_tstamp). A tail loss probe does not begin that time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .....analyze import programs
from .....analyze.findings import given_up
from .....analyze.findings.tries import RTO_NS
from .....analyze.story import ACK, FIN, RST, SIDES, SYN, Connection, Segment, Side

RTO_MIN_NS = 200_000_000  # TCP_RTO_MIN
RTO_MAX_NS = 120_000_000_000  # TCP_RTO_MAX
LATE_NS = 50_000_000  # a timer may fire so late
EARLY_NS = 10_000_000  # a tick of the kernel's clock, at 100 Hz
NEAR_NS = 1_000_000  # so soon it was answered where the capture was made; so soon behind a call it was the call's doing
DELAY_MIN_NS = 40_000_000 - NEAR_NS  # TCP_DELACK_MIN; the two times may be a little off
DELAY_MAX_NS = 500_000_000  # RFC 9293, 3.8.6.3: less than that


@dataclass(frozen=True, slots=True)
class Limit:
    """For how long an end's kernel let its data go unanswered."""

    side: Side
    option: str  # TCP_USER_TIMEOUT, tcp_retries2
    value: int  # as it was set: milliseconds, retries
    ns: int
    since: Segment | None  # from when it counted; None: the packets do not show it
    nth: int = 0  # which of the same data's copies that was; 0: a window probe
    late_ns: int = 0  # by how much it was over when the kernel gave up: it is looked at when a try is due


def limit(connection: Connection) -> Limit | None:
    """The limit that an end's kernel kept when it gave the connection up, where a program or a step had set it."""
    event = given_up.gave_up(connection)
    if event is None or event.errno not in ("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"):
        return None
    side = event.side
    milliseconds = number(connection, side, "TCP_USER_TIMEOUT")
    steps = (re.match(rf"{side}: sysctl .*tcp_retries2 ?= ?(\d+)$", step.text) for step in connection.steps)
    retries = next((int(found[1]) for found in steps if found is not None), None)
    if milliseconds:
        option, value, ns = "TCP_USER_TIMEOUT", milliseconds, milliseconds * 1_000_000
    elif retries is not None:
        option, value, ns = "tcp_retries2", retries, retries_ns(retries)
    else:
        return None
    since, nth = _began(connection, side, event.t_ns)
    if since is not None:
        tried = max(s.at(side) for s in connection.segments if s.side == side and s.at(side) < event.t_ns)
        due = event.t_ns - since.at(side) >= ns - EARLY_NS and tried - since.at(side) < ns
        since = since if due else None
    late = 0 if since is None else event.t_ns - since.at(side) - ns
    return Limit(side, option, value, ns, since, nth, late if late > LATE_NS else 0)


def retries_ns(retries: int) -> int:
    """The time that Linux makes of tcp_retries2 (tcp_model_timeout): so many doublings of the shortest timeout."""
    doublings = min(retries, (RTO_MAX_NS // RTO_MIN_NS).bit_length() - 1)
    return ((2 << doublings) - 1) * RTO_MIN_NS + (retries - doublings) * RTO_MAX_NS


def number(connection: Connection, side: Side, option: str) -> int | None:
    """The number that an end's program set a socket option to."""
    for call in programs.calls(connection, side, ("setsockopt",), 2**63):
        found = re.search(rf"\b{option}, ([\d,]+)\)", call.text)
        if found:
            return int(found[1].replace(",", ""))
    return None


def _began(connection: Connection, side: Side, until_ns: int) -> tuple[Segment | None, int]:
    """The first retransmission of the last data by timeout, and its number among the copies; or the first probe."""
    own = [s for s in connection.segments if s.side == side and s.at(side) < until_ns and not s.flags & RST]
    if own and own[-1].window_probe:
        data = max((place for place, s in enumerate(own) if s.payload), default=-1)
        return next((s for s in own[data + 1 :] if s.window_probe), None), 0
    last = next((s for s in reversed(own) if s.payload or s.flags & (SYN | FIN)), None)
    if last is None:
        return None, 0
    original = last.frame if last.retransmission_of is None else last.retransmission_of
    probes = loss_probes(own)
    tries = [s for s in own if original in (s.frame, s.retransmission_of)]
    for nth, segment in enumerate(tries[1:], 2):
        if segment.frame not in probes:
            return segment, nth
    return None, 0


def loss_probes(segments: Sequence[Segment]) -> set[int]:
    """Frames of one end's copies that came too soon to be a timeout's: the last data, that nobody had asked for again.

    Sooner than the shortest timeout; or no timeout, because the next copy came after the same time, not after twice it.
    """
    found: set[int] = set()
    sent: dict[int, list[Segment]] = {}
    for segment in segments:
        if segment.payload or segment.flags & FIN:
            original = segment.frame if segment.retransmission_of is None else segment.retransmission_of
            sent.setdefault(original, []).append(segment)
    for copies in sent.values():
        if len(copies) < 2 or _followed(copies[0], copies[1], segments):
            continue
        waited = copies[1].ts_ns - copies[0].ts_ns
        doubles = len(copies) < 3 or 2 * (copies[2].ts_ns - copies[1].ts_ns) >= 3 * waited
        if waited < RTO_NS or not doubles:
            found.add(copies[1].frame)
    return found


def _followed(one: Segment, copy: Segment, segments: Iterable[Segment]) -> bool:
    """Whether newer data of the same end left before the copy: then it was not the tail."""
    between = (s for s in segments if s.side == one.side and one.ts_ns <= s.ts_ns < copy.ts_ns and s.payload)
    return any(0 < (s.seq - one.seq) % 2**32 < 2**31 for s in between)


def delayed_acks(connection: Connection, segments: Sequence[Segment]) -> dict[int, int]:
    """Frames of ACKs that their sender held back -> for how long, in nanoseconds. An inference, from times alone.

    A receiver need not acknowledge data at once, but within half a second (RFC 9293, 3.8.6.3). Linux waits 40 ms, at
    the least, and 200 ms, at the most (net/ipv4/tcp_output.c: tcp_send_delayed_ack, TCP_DELACK_MIN), from the oldest
    data or FIN on that the ACK newly acknowledges; a FIN that follows its own it acknowledges at once (tcp_input.c:
    tcp_fin). So that arrived at least 40 ms before, and nothing that the ACK could answer at once came or was called
    right before it. An end that acknowledges in several ACKs what had come long before was busy, or its packets waited
    elsewhere: no timer does so. Where the capture was made away from its sender, the way there and back is not counted:
    as long as its answers have taken, the shortest and the last. Before any answer that shows the way nothing is said.
    """
    return {frame: ns for side in SIDES for frame, ns in _held_back(connection, segments, side)}


def _held_back(connection: Connection, segments: Sequence[Segment], side: Side) -> Iterator[tuple[int, int]]:
    """One end's delayed ACKs: frame, for how long."""
    own = [call for call in connection.calls if call.side == side]
    acts = sorted([call.t_ns for call in own] + [call.until_ns for call in own if call.until_ns is not None])
    unacked: deque[tuple[int, int, int]] = deque()  # seq, the number behind it, when it came
    acked: int | None = None
    came_ns = sent_ns = 0  # the last packet from there, and from here
    closed: set[Side] = set()  # who had sent a FIN
    shortest_ns = 0 if any(s.seen for s in segments) else None  # of its answers; this end was captured, too: no way
    latest_ns = 0
    for segment in sorted((s for s in segments if s.fate != "lost"), key=lambda s: s.at(side)):
        at_ns = segment.at(side)
        closed |= {segment.side} if segment.flags & FIN else set()
        if segment.side != side:
            came_ns = at_ns
            length = segment.payload + bool(segment.flags & SYN) + bool(segment.flags & FIN)
            if length and not segment.flags & RST:
                unacked.append((segment.seq, (segment.seq + length) % 2**32, at_ns))
            continue
        if segment.fate == "unsent" or not segment.flags & ACK or segment.flags & RST:
            continue
        before_ns, sent_ns = sent_ns, at_ns
        if acked is not None and not 0 < (segment.ack - acked) % 2**32 < 2**31:
            continue  # nothing new
        pure = not segment.payload and not segment.flags & (SYN | FIN)
        if pure and acked is not None and shortest_ns is not None:
            # The last copy: of which one came, one capture says nothing.
            oldest_ns = max(
                (t for seq, end, t in unacked if (acked - seq) % 2**32 < (end - seq) % 2**32), default=at_ns
            )
            way_ns = 0 if shortest_ns < NEAR_NS else max(shortest_ns, latest_ns)
            held_ns = at_ns - oldest_ns - way_ns
            act = bisect_right(acts, at_ns)
            by_call = act > 0 and at_ns - acts[act - 1] < NEAR_NS
            waits = not by_call and len(closed) < 2 and at_ns - came_ns - way_ns >= EARLY_NS
            missed = before_ns > oldest_ns + way_ns  # what was sent since then would have acknowledged it
            left = any(t < at_ns - way_ns - EARLY_NS and (seq - segment.ack) % 2**32 < 2**31 for seq, _, t in unacked)
            if waits and not missed and not left and DELAY_MIN_NS <= held_ns < DELAY_MAX_NS:
                yield segment.frame, held_ns
                pure = False  # no measure of the way
        acked = segment.ack
        answered_ns: int | None = None
        while unacked and (acked - unacked[0][1]) % 2**32 < 2**31:
            answered_ns = unacked.popleft()[2]
        if answered_ns is not None and (pure or segment.flags & SYN):
            latest_ns = at_ns - answered_ns
            shortest_ns = latest_ns if shortest_ns is None else min(shortest_ns, latest_ns)
