"""Packets of one capture that the network delivered twice: each counts as often as it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .matching import space
from .story import SIDES, Segment, Side, other

COPIED_NS = 10_000_000  # a copy that the way makes comes right behind: no timer sends again so soon
MOST_REPORTS = 20  # D-SACKs that are looked up
FEWEST = 3  # packets of an end that come twice, and no other


def as_delivered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The packets of one capture, where the way delivered them twice: how often each was sent, and how often it came.

    A capture that holds an end's every packet twice may have doubled them itself. It has not where that end reports, by
    a D-SACK (RFC 2883), that what the capture holds once came to it twice.
    """
    if all(segment.duplicate_of is None for segment in segments):
        return tuple(segments)
    far = next((side for side in SIDES if _all_twice(segments, side) and _reports_copies(segments, side)), None)
    if far is None:
        return tuple(segments)
    first: dict[int, int] = {}  # second copy -> first
    waiting: dict[tuple[object, ...], int] = {}
    for segment in segments:
        if segment.side == far:
            earlier = waiting.pop(_content(segment), None)
            if earlier is None:
                waiting[_content(segment)] = segment.frame
            else:
                first[segment.frame] = earlier
    done: list[Segment] = []
    drew: int | None = None  # the last copy that draws an answer
    for segment in segments:
        if segment.side != far:
            answer = segment.duplicate_of is not None and drew is not None and segment.duplicate_of < drew
            done.append(replace(segment, duplicate_of=None) if answer else segment)
        elif segment.frame in first:
            drew = segment.frame if space(segment) else drew
            done.append(replace(segment, duplicate_of=first[segment.frame], retransmission_of=None))
        else:
            done.append(replace(segment, duplicate_of=None, deliveries=2))
    return tuple(done)


def _content(segment: Segment) -> tuple[object, ...]:
    """What the copies of one packet share, and what its sender changes when it sends the same again."""
    return segment.flags, segment.seq, segment.ack, segment.payload, segment.ip_id, segment.window, segment.options


def _all_twice(segments: Sequence[Segment], side: Side) -> bool:
    """Whether every packet of an end was captured twice, one copy right behind the other."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for segment in segments:
        if segment.side == side:
            alike.setdefault(_content(segment), []).append(segment.ts_ns)
    pairs = [pair for times in alike.values() for pair in zip(times[::2], times[1::2], strict=False)]
    whole = all(len(times) % 2 == 0 for times in alike.values())
    return whole and len(pairs) >= FEWEST and all(b - a < COPIED_NS for a, b in pairs)


def _reports_copies(segments: Sequence[Segment], side: Side) -> bool:
    """Whether an end reports twice, in D-SACKs of its own, what the other end was captured to send once."""
    reported = [ack.d_sack for ack in segments if ack.side == side and ack.d_sack is not None][:MOST_REPORTS]
    for left, _ in reported:
        sent = [s for s in segments if s.side == other(side) and (left - s.seq) % 2**32 < space(s)]
        if len(sent) == 1:
            return True
    return False
