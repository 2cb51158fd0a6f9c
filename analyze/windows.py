"""Whether a window is known in bytes, and whether it is too small for what its reader has to send."""

from __future__ import annotations

from collections.abc import Sequence

from .story import ACK, RST, SIDES, SYN, Connection, Segment, Side, other

FULL = 500  # bytes: a window below that holds back a sender of larger segments


class Windows:
    """The windows of one connection, as far as its packets tell."""

    def __init__(self, connection: Connection, segments: Sequence[Segment]) -> None:
        #: Whether the numbers in an end's headers are known in bytes.
        self.known = {side: _known(connection, segments, side) for side in SIDES}
        #: Payload of the largest segment that each end sent, bytes.
        self._largest = {side: max((s.payload for s in segments if s.side == side), default=0) for side in SIDES}

    def small(self, segment: Segment) -> bool:
        """Whether its sender, by this ACK, has less room than the other end's segments need.

        A window of 0 is that at any scale; another number only where the scale is known.
        """
        if segment.flags & (SYN | RST) or not segment.flags & ACK:
            return False
        least = min(FULL, self._largest[other(segment.side)])
        return segment.window < least and (segment.window == 0 or self.known[segment.side])


def _known(connection: Connection, segments: Sequence[Segment], side: Side) -> bool:
    """RFC 7323, 2.2: what an end offered in its SYN holds if the other one's SYN offers a scale, too."""
    seen = {end: connection.isn[end == "server"] is not None for end in SIDES}
    if all(seen.values()):
        return True
    offers = (s.options.window_scale for s in segments if s.side == side and s.flags & SYN)
    return seen[side] and next(offers, None) is None
