"""How long the way to each end and back takes, as captured: the shortest time until it acknowledged what it got."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

from .....analyze.matching import space
from .....analyze.story import ACK, SYN, Segment
from ....scene import Side

NEAR_NS = 1_000_000  # an end that has answered so soon is where the capture was made
SOON_NS = 10_000_000  # what a loaded host may take for an answer
NO_LONGER = 1.5  # times the shortest: what the way explains


class Answer(NamedTuple):
    """An end's ACK of what came right before it."""

    frame: int
    ns: int
    at_once: bool  # of a SYN or SYN-ACK: no end holds that back


NONE = Answer(0, 0, False)


class RoundTrips:
    """The round trips of one connection's packets, in the order of the capture."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    def explain(self, ns: int, side: Side, but: int | None = None) -> bool:
        """Whether an answer of the end may have been on its way all that time; `but`: a frame that does not count.

        No: it is near, or nothing else of it tells how far it is.
        """
        shortest, second = self._client if side == "client" else self._server
        least = second.ns if shortest.frame == but and not shortest.at_once else shortest.ns
        return least >= NEAR_NS and ns <= NO_LONGER * least

    def is_over(self, ns: int, side: Side) -> bool:
        """Whether what was sent to the end so long ago has arrived there, and what it then said came back."""
        shortest, _ = self._client if side == "client" else self._server
        return 0 < NO_LONGER * shortest.ns < ns and ns >= SOON_NS

    @cached_property
    def _client(self) -> tuple[Answer, Answer]:
        return self._shortest("client")

    @cached_property
    def _server(self) -> tuple[Answer, Answer]:
        return self._shortest("server")

    def _shortest(self, side: Side) -> tuple[Answer, Answer]:
        """The two shortest answers of an end."""
        found = nsmallest(2, self._answered(side), key=lambda one: one.ns)
        shortest, second = (*found, NONE, NONE)[:2]
        return shortest, second

    def _answered(self, side: Side) -> Iterator[Answer]:
        asked: Segment | None = None
        for segment in self._segments:
            if segment.side != side:
                asked = segment if space(segment) and segment.retransmission_of is None else None
            elif asked is not None and segment.flags & ACK and segment.fate != "unsent":
                if segment.ack == (asked.seq + space(asked)) % 2**32:
                    yield Answer(segment.frame, segment.ts_ns - asked.ts_ns, bool(asked.flags & SYN))
                asked = None
