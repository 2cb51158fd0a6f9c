"""Linux's timers: what they sent again, and from where a limit for unanswered data counted.

A tail loss probe (RFC 8985, 7) sends the last segment again before the retransmission timeout. TCP_USER_TIMEOUT and
tcp_retries2 are compared, whenever the timer fires, with the time since the first retransmission that a timeout caused
(net/ipv4/tcp_timer.c: retransmits_timed_out, retrans_stamp), with a closed window since the first probe
(tcp_probe_timer, icsk_probes_tstamp). A tail loss probe does not begin that time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .....analyze.story import FIN, RST, SYN, Connection, Segment, Side
from . import proofs

RTO_MIN_NS = 200_000_000  # TCP_RTO_MIN
RTO_NS = 150_000_000  # copies closer than that were not sent for want of an answer
RTO_MAX_NS = 120_000_000_000  # TCP_RTO_MAX
LATE_NS = 50_000_000  # a timer may fire so late
EARLY_NS = 10_000_000  # a tick of the kernel's clock, at 100 Hz


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
    event = proofs.gave_up(connection)
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
    for call in proofs.calls(connection, side, ("setsockopt",), 2**63):
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
