"""Packets that wanted an answer and had none: until the same was sent again, or until the end."""

from __future__ import annotations

from collections.abc import Sequence

from ..matching import space
from ..story import ACK, RST, Connection, Segment
from ..unseen import unseen
from .given_up import gave_up

RTO_NS = 150_000_000  # copies closer than that were not sent for want of an answer
MOST_BETWEEN = 200  # packets between a copy and the answer


def _asks(segment: Segment) -> bool:
    """Whether a segment wants an answer."""
    return bool(space(segment) or segment.keepalive or segment.window_probe) and not segment.flags & RST


def without_answer(connection: Connection, segments: Sequence[Segment]) -> dict[int, int | None]:
    """Frames that never got an answer -> nanoseconds until the same was sent again, if it was.

    That the peer sent nothing before the next copy is a fact; whether the packet was lost is not, unless the answer
    to the copy is one to the packet itself. Of a peer whose packets were not captured, only the next copy tells.
    """
    found: dict[int, int | None] = {}
    came = answered_late(segments)
    waiting: Segment | None = None  # wants an answer
    for segment in segments:
        if waiting is not None and segment.side != waiting.side:
            waiting = None
        elif waiting is not None and _repeats(segment, waiting):
            if segment.ts_ns - waiting.ts_ns >= RTO_NS and waiting.frame not in came:
                found[waiting.frame] = segment.ts_ns - waiting.ts_ns
            waiting = None
        if _asks(segment):
            waiting = waiting or segment
    heard_nothing = gave_up(connection) is not None and not connection.resets
    silent = connection.ending in ("unanswered", "timed-out") or heard_nothing
    if silent and segments and unseen(segments) is None:
        side = segments[-1].side
        for segment in reversed(segments):
            if segment.side != side:
                break
            if _asks(segment):
                found.setdefault(segment.frame, None)
    return found


def answered_late(segments: Sequence[Segment]) -> set[int]:
    """Frames that were sent again before an answer was captured, and that had arrived: the answer has their timestamp.

    An ACK echoes the timestamp of what it answers, which is not the copy's (RFC 7323, 4.3; the Eifel detection of
    RFC 3522).
    """
    found: set[int] = set()
    stamped = {s.frame: s for s in segments if space(s) and s.options.tsval is not None}
    for place, copy in enumerate(segments):
        first = stamped.get(copy.retransmission_of or -1)
        if first is None or copy.options.tsval in (None, first.options.tsval):
            continue
        end = (first.seq + space(first)) % 2**32
        between = segments[place + 1 : place + 1 + MOST_BETWEEN]
        answers = (s for s in between if s.side != copy.side and s.flags & ACK and (s.ack - end) % 2**32 < 2**31)
        answer = next(answers, None)
        if answer is not None and answer.options.tsecr == first.options.tsval:
            found.add(first.frame)
    return found


def _repeats(segment: Segment, earlier: Segment) -> bool:
    if segment.keepalive or segment.window_probe:
        return earlier.keepalive == segment.keepalive and earlier.window_probe == segment.window_probe
    original = earlier.retransmission_of if earlier.retransmission_of is not None else earlier.frame
    return segment.retransmission_of == original
