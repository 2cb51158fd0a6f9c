"""What a pause was for, by the packets alone: a timer, a small window, the way there and back, or nothing to send.

Inferred. Where an end's calls are recorded they tell it; what a packet's own label tells (a keepalive, an ACK that was
held back) is not told twice. Of what the packets leave open nothing is said.
"""

from __future__ import annotations

from functools import cached_property

from .....analyze.findings.tries import RTO_NS
from .....analyze.matching import space
from .....analyze.story import ACK, FIN, PSH, RST, SYN, Segment
from ....scene import Side, other
from .facts import FULL, SIDES, Part

ROUND_TRIPS = 1.5  # the shortest answer from there, so often: no longer than the way explains
NEAR_NS = 1_000_000  # an end that has answered so soon is where the capture was made


class Pauses(Part):
    """Says why packets came no sooner behind the one before them."""

    def before(self, frame: int) -> str | None:
        """What a pause before the packet was for, in a word or two; None: told elsewhere, or the packets do not tell.

        Looks at the packets before it: to be asked of those that are drawn.
        """
        place = self.facts.position.get(frame, 0)
        if place == 0 or not self.facts.timed:
            return None
        segment, before = self.segments[place], self.segments[place - 1]
        watched = any(call.side == segment.side for call in self.connection.calls)
        if segment.fate == "unsent" or before.ts_ns > segment.ts_ns:
            return None
        reason = self._reason(segment, before)
        if reason is None or (watched and reason not in ("rto", "window")):
            return None
        return self.say(f"pause-{reason}", n=before.window)

    def _reason(self, segment: Segment, before: Segment) -> str | None:
        if segment.keepalive or segment.window_probe or segment.frame in self.facts.delayed:
            return None
        earlier = self.segments[: self.facts.position[segment.frame]]
        if segment.retransmission_of is not None:
            tries = [s.ts_ns for s in earlier if segment.retransmission_of in (s.frame, s.retransmission_of)]
            waited = bool(tries) and segment.ts_ns - tries[-1] >= RTO_NS
            return "rto" if waited and segment.frame not in self.facts.loss_probes else None
        gap_ns, way_ns = segment.ts_ns - before.ts_ns, self._ways[segment.side]
        if before.side != segment.side and way_ns is not None and gap_ns <= ROUND_TRIPS * way_ns:
            return "way"
        answers = segment.reset is not None and segment.reset.shape != "active"
        if answers or segment.flags & SYN or not (segment.payload or segment.flags & (FIN | RST)):
            return None  # a kernel's own answer, late for a reason that no packet shows
        if self.facts.held_back(before.ts_ns - self.facts.start_ns, segment.ts_ns - self.facts.start_ns) is before:
            return "window"
        sent = {s.side: s for s in earlier if s.retransmission_of is None and (s.payload or s.flags & FIN)}
        if before.flags & ACK and not before.flags & SYN and before.window < FULL:
            held = sent.get(other(before.side))
            more = held is not None and held.payload and not held.flags & PSH  # tcp_mark_push: all is sent
            return "window" if more or not before.window else None  # who waits for room has not gone idle
        mine, theirs = sent.get(segment.side), sent.get(other(segment.side))
        if mine is not None and not self._acknowledged(mine, segment):
            return None  # it may have waited for that
        asked = theirs is not None and theirs.payload and (mine is None or theirs.ts_ns > mine.ts_ns)
        return "answer" if asked and segment.payload else "idle"

    def _acknowledged(self, data: Segment, until: Segment) -> bool:
        """Whether the other end had acknowledged the data when its sender sent `until`."""
        end = data.seq + space(data)
        return any(
            s.side != data.side and s.flags & ACK and (s.ack - end) % 2**32 < 2**31
            for s in self.segments[self.facts.position[data.frame] : self.facts.position[until.frame]]
        )

    @cached_property
    def _ways(self) -> dict[Side, int | None]:
        return {side: self._shortest_answer(side) for side in SIDES}

    def _shortest_answer(self, side: Side) -> int | None:
        """The shortest time after which an end acknowledged what it got, as captured; None: none, or it is near."""
        asked: Segment | None = None
        shortest: int | None = None
        for segment in self.segments:
            if segment.side != side:
                asked = segment if space(segment) and segment.retransmission_of is None else None
            elif asked is not None and segment.flags & ACK and segment.fate != "unsent":
                if segment.ack == (asked.seq + space(asked)) % 2**32:
                    ns = segment.ts_ns - asked.ts_ns
                    shortest = ns if shortest is None else min(shortest, ns)
                asked = None
        return shortest if shortest is not None and shortest >= NEAR_NS else None
