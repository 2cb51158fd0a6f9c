"""What never arrived, or came to nothing, by one capture's packets alone. Inferred, from what its receiver did later.

A capture at one end shows that a packet passed there, not that it arrived. Where both ends were captured, or a recorded
wire has no way to lose anything, nothing is inferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .....analyze.findings.tries import RTO_NS
from .....analyze.matching import space
from .....analyze.story import ACK, FIN, RST, SYN, Segment
from ....scene import other
from .facts import SIDES, Facts

WENT_ON = "its receiver went on: it was lost on its way, or came from elsewhere"  # vocabulary.WHYS


class Unarrived(NamedTuple):
    """How a packet is known not to have arrived."""

    frame: int
    key: str  # of the words at its cross
    copy: Segment | None = None  # what was sent again for want of it


def unarrived(facts: Facts) -> dict[int, Unarrived]:
    """Frames of packets that their receiver went on without."""
    made = facts.capture.recorded
    if facts.both or not facts.timed or (made is not None and made.wire == "loopback"):
        return {}
    copies: dict[int, Segment] = {}  # original -> its first copy
    for segment in facts.segments:
        if segment.retransmission_of is not None and not (segment.keepalive or segment.window_probe):
            copies.setdefault(segment.retransmission_of, segment)
    found = [*_resets(facts), *_missing(facts, copies), *_acks(facts, copies), *_unacknowledged(facts)]
    return {one.frame: one for one in found}


def _resets(facts: Facts) -> Iterator[Unarrived]:
    """RSTs that changed nothing at an end that would have had to take them."""
    for reset in facts.connection.resets:
        if reset.accepted is False and reset.why_not_accepted == WENT_ON:
            yield Unarrived(reset.frame, "no-effect")


def _missing(facts: Facts, copies: dict[int, Segment]) -> Iterator[Unarrived]:
    """Data that its receiver reported a hole for, and that was sent again (RFC 2018, 3)."""
    for frame, copy in copies.items():
        first = facts.by_frame.get(frame)
        if first is None or not first.payload:
            continue
        between = facts.segments[facts.position[frame] : facts.position[copy.frame]]
        end = first.seq + space(first)
        holes = (
            s for s in between
            if s.side != first.side and s.ack == first.seq and s.d_sack is None
            and any((left - end) % 2**32 < 2**31 for left, _ in s.options.sack)
        )  # fmt: skip
        if any(holes):
            yield Unarrived(frame, "missing-there", copy)


def _acks(facts: Facts, copies: dict[int, Segment]) -> Iterator[Unarrived]:
    """ACKs of data or a FIN that was sent again so long afterwards that a timer still waited for them."""
    for frame, copy in copies.items():
        first = facts.by_frame.get(frame)
        if first is None or first.flags & (SYN | RST) or not (first.payload or first.flags & FIN):
            continue
        end = first.seq + space(first)
        for ack in facts.segments[facts.position[frame] : facts.position[copy.frame]]:
            pure = ack.side == other(first.side) and ack.flags & ACK and not space(ack) and not ack.flags & RST
            waited_ns = copy.ts_ns - ack.ts_ns
            late = waited_ns >= RTO_NS and not any(facts.round_trips.explain(waited_ns, side) for side in SIDES)
            if pure and (ack.ack - end) % 2**32 < 2**31 and late:
                yield Unarrived(ack.frame, "came-again", copy)


def _unacknowledged(facts: Facts) -> Iterator[Unarrived]:
    """Data that its receiver, which went on, never acknowledged: the first byte that it lacked to the end."""
    for end in SIDES:
        heard = [s for s in facts.segments if s.side != end and s.flags & ACK and not s.flags & RST]
        if not heard:
            continue
        last = heard[-1]
        for segment in facts.segments[: facts.position[last.frame]]:
            waited_ns = last.ts_ns - segment.ts_ns
            if segment.frame in facts.unanswered:
                continue  # that says more
            lacked = segment.side == end and segment.payload and (segment.seq - last.ack) % 2**32 < 2**31
            late = waited_ns >= RTO_NS and not any(facts.round_trips.explain(waited_ns, side) for side in SIDES)
            if lacked and late and not (segment.keepalive or segment.window_probe):
                yield Unarrived(segment.frame, "never-acked")
