"""Packets that wanted an answer and had none: until the same was sent again, or until the end."""

from __future__ import annotations

from collections.abc import Sequence

from ..matching import space
from ..story import RST, Connection, Segment
from ..unseen import unseen
from .given_up import gave_up

RTO_NS = 150_000_000  # copies closer than that were not sent for want of an answer


def _asks(segment: Segment) -> bool:
    """Whether a segment wants an answer."""
    return bool(space(segment) or segment.keepalive or segment.window_probe) and not segment.flags & RST


def without_answer(connection: Connection, segments: Sequence[Segment]) -> dict[int, int | None]:
    """Frames that never got an answer -> nanoseconds until the same was sent again, if it was.

    That the peer sent nothing before the next copy is a fact; whether the packet was lost is not. Of a peer whose
    packets were not captured, only the next copy tells.
    """
    found: dict[int, int | None] = {}
    waiting: Segment | None = None  # wants an answer
    for segment in segments:
        if waiting is not None and segment.side != waiting.side:
            waiting = None
        elif waiting is not None and _repeats(segment, waiting):
            if segment.ts_ns - waiting.ts_ns >= RTO_NS:
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


def _repeats(segment: Segment, earlier: Segment) -> bool:
    if segment.keepalive or segment.window_probe:
        return earlier.keepalive == segment.keepalive and earlier.window_probe == segment.window_probe
    original = earlier.retransmission_of if earlier.retransmission_of is not None else earlier.frame
    return segment.retransmission_of == original
