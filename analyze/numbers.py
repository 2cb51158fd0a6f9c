"""Relative sequence numbers: where each side's begin."""

from __future__ import annotations

from dataclasses import dataclass

from .story import ACK, RST, SYN, Connection, Segment


@dataclass(frozen=True)
class Numbers:
    """Sequence numbers relative to where each side's begin."""

    client: int
    server: int

    def seq(self, segment: Segment) -> int:
        """The segment's first number, modulo 2**32; the seq 0 of a RST that refuses a SYN has no such beginning."""
        if segment.seq == 0 and segment.flags & RST:
            return 0
        return (segment.seq - (self.client if segment.side == "client" else self.server)) % 2**32

    def ack(self, segment: Segment) -> int:
        """What it acknowledges of the other side's, modulo 2**32."""
        return (segment.ack - (self.server if segment.side == "client" else self.client)) % 2**32


def known_isn(connection: Connection, index: int) -> int | None:
    """The client's or the server's ISN; None: its SYN is not in the capture, or is a forged one with another number."""
    first = next((s for s in connection.segments if s.flags & SYN and s.side == ("client", "server")[index]), None)
    isn = connection.isn[index]
    return None if first is not None and first.fate == "unsent" and first.seq == isn else isn


def numbers(connection: Connection) -> Numbers:
    """Where each side's numbers begin: its ISN, else what its first segment in the capture says."""
    segments = [segment for segment in connection.segments if segment.duplicate_of is None]
    bases: list[int] = []
    for index, side in enumerate(("client", "server")):
        isn = known_isn(connection, index)
        if isn is None:
            named = [s for s in segments if s.side == side]
            own_first = (s for s in named if s.fate != "unsent")
            first = next(own_first, next((s for s in named if s.payload), None))
            # Data starts at 1; a SYN, and the seq 0 of a RST that answers a SYN, stay 0.
            own = None if first is None else first.seq - (not first.flags & SYN and first.seq != 0)
            acked = next((s.ack - 1 for s in segments if s.side != side and s.flags & ACK), 0)
            isn = acked if own is None else own
        bases.append(isn)
    return Numbers(bases[0], bases[1])
