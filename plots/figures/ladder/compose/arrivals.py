"""What never arrived, or came to nothing, by one capture's packets alone. Inferred, from what its receiver did later.

A capture at one end shows that a packet passed there, not that it arrived. Where both ends were captured, or a recorded
wire has no way to lose anything, nothing is inferred.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .....analyze.findings.tries import RTO_NS
from .....analyze.matching import space
from .....analyze.story import ACK, FIN, RST, SIDES, SYN, Segment
from .....analyze.vocabulary import WHY_LOST, WHYS
from .facts import Facts

WENT_ON = WHYS[WHY_LOST]


class Unarrived(NamedTuple):
    """How a packet is known not to have arrived."""

    frame: int
    key: str  # of the words at its cross
    copy: Segment | None = None  # what was sent again for want of it


def unarrived(facts: Facts, frames: Collection[int]) -> dict[int, Unarrived]:
    """Those of the packets that their receiver went on without, by frame; to be asked of those that are drawn."""
    made = facts.capture.recorded
    if facts.both or not facts.timed or (made is not None and made.wire == "loopback"):
        return {}
    found: dict[int, Unarrived] = {}
    lost = {r.frame for r in facts.connection.resets if r.accepted is False and r.why_not_accepted == WENT_ON}
    untaken = never_took(facts)
    for segment in (facts.by_frame[frame] for frame in frames if frame in facts.by_frame):
        if segment.frame in lost:  # a RST that changed nothing at an end that would have had to take it
            found[segment.frame] = Unarrived(segment.frame, "no-effect")
        elif segment.frame in facts.overtaken:
            continue  # it came late
        elif segment.payload:
            gone = _missing(facts, segment) or _unacknowledged(facts, segment)
            if gone is None and segment is untaken:
                gone = Unarrived(segment.frame, "never-acked")
            found |= {segment.frame: gone} if gone is not None else {}
        elif segment.flags & ACK and not segment.flags & (SYN | FIN | RST):
            again = _again(facts, segment)
            found |= {segment.frame: again} if again is not None else {}
    return found


def _missing(facts: Facts, first: Segment) -> Unarrived | None:
    """Data that its receiver reported a hole for, and that was sent again (RFC 2018, 3)."""
    copy = facts.first_copies.get(first.frame)
    if copy is None:
        return None
    end = first.seq + space(first)
    for s in facts.segments[facts.position[first.frame] : facts.position[copy.frame]]:
        asks = s.side != first.side and s.ack == first.seq and s.d_sack is None
        if asks and any((left - end) % 2**32 < 2**31 for left, _ in s.options.sack):
            return Unarrived(first.frame, "missing-there", copy)
    return None


def _again(facts: Facts, ack: Segment) -> Unarrived | None:
    """An ACK of data or a FIN that was sent again so long afterwards that a timer still waited for it."""
    for frame, copy in facts.first_copies.items():
        first = facts.by_frame.get(frame)
        if first is None or first.side == ack.side or first.flags & (SYN | RST) or not space(first):
            continue
        came = facts.position[frame] < facts.position[ack.frame] < facts.position[copy.frame]
        covers = (ack.ack - first.seq - space(first)) % 2**32 < 2**31
        if came and covers and _too_late(facts, copy.ts_ns - ack.ts_ns):
            return Unarrived(ack.frame, "came-again", copy)
    return None


def _unacknowledged(facts: Facts, data: Segment) -> Unarrived | None:
    """Data that its receiver, which went on, never acknowledged: the first byte that it lacked to the end."""
    if data.frame in facts.unanswered or data.keepalive or data.window_probe:
        return None  # that says more
    after = (s for s in reversed(facts.segments) if s.side != data.side and s.flags & ACK and not s.flags & RST)
    last = next(after, None)
    lacked = last is not None and (data.seq - last.ack) % 2**32 < 2**31
    if last is None or not lacked or not _too_late(facts, last.ts_ns - data.ts_ns):
        return None
    return Unarrived(data.frame, "never-acked")


def never_took(facts: Facts) -> Segment | None:
    """The data that a RST answers which most likely is not its sender's: that end goes on, and still asks for it."""
    told = facts.told
    data = None if told is None else facts.by_frame.get(told.answers_frame or -1)
    if told is None or data is None or not data.payload or not told.signs:
        return None
    after = facts.segments[facts.position[told.frame] :]
    spoke = next((s for s in after if s.side == told.sender and s.flags & ACK and not s.flags & RST), None)
    if spoke is None or spoke.ack != data.seq or not facts.round_trips.is_over(spoke.ts_ns - data.ts_ns, told.sender):
        return None
    return data


def _too_late(facts: Facts, ns: int) -> bool:
    """Whether what was on its way would have been there, and an answer back."""
    return ns >= RTO_NS and not any(facts.round_trips.explain(ns, side) for side in SIDES)
