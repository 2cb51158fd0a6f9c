"""An end that spoke though none of its packets was captured: of two ways, the capture saw one (asymmetric routing)."""

from __future__ import annotations

from collections.abc import Sequence

from .story import ACK, RST, SYN, Segment, Side, other


def unseen(segments: Sequence[Segment]) -> Side | None:
    """The end whose packets are missing; None: each end's are there, or nothing shows that it spoke meanwhile.

    It did if what the other one acknowledges goes on, from its SYN or from an earlier ACK, or if a SYN's sender answers
    with a RST (RFC 9293, 3.10.7.3: the seq of one without ACK is the ack of what it answers).
    """
    sides = {segment.side for segment in segments}
    if len(sides) != 1:
        return None
    opened = any(segment.flags & SYN for segment in segments)
    acks = {segment.ack for segment in segments if segment.flags & ACK}
    refused = any(segment.flags & (RST | ACK) == RST for segment in segments)
    heard = len(acks) > 1 or (opened and (acks or refused))
    return other(next(iter(sides))) if heard else None
