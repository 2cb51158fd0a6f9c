"""How long the way to each end and back takes, as captured: the shortest time until it acknowledged what it got."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from .....analyze.matching import space
from .....analyze.story import ACK, SYN, Segment
from ....scene import Side

NEAR_NS = 1_000_000  # an end that has answered so soon is where the capture was made
NO_LONGER = 1.5  # times the shortest: what the way explains


class Answer(NamedTuple):
    """An end's ACK of what came right before it."""

    frame: int
    ns: int
    at_once: bool  # of a SYN or SYN-ACK: no end holds that back


class RoundTrips:
    """The round trips of one connection's packets, in the order of the capture."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    def explain(self, ns: int, side: Side, but: int | None = None) -> bool:
        """Whether an answer of the end may have been on its way all that time; `but`: a frame that does not count.

        No: it is near, or nothing else of it tells how far it is.
        """
        answers = self._client if side == "client" else self._server
        shortest = min((one.ns for one in answers if one.at_once or one.frame != but), default=0)
        return shortest >= NEAR_NS and ns <= NO_LONGER * shortest

    @cached_property
    def _client(self) -> list[Answer]:
        return list(self._answered("client"))

    @cached_property
    def _server(self) -> list[Answer]:
        return list(self._answered("server"))

    def _answered(self, side: Side) -> Iterator[Answer]:
        asked: Segment | None = None
        for segment in self._segments:
            if segment.side != side:
                asked = segment if space(segment) and segment.retransmission_of is None else None
            elif asked is not None and segment.flags & ACK and segment.fate != "unsent":
                if segment.ack == (asked.seq + space(asked)) % 2**32:
                    yield Answer(segment.frame, segment.ts_ns - asked.ts_ns, bool(asked.flags & SYN))
                asked = None
