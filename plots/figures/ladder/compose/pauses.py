"""What a pause was for, by the packets alone: a timer, a small window, the way there and back, or nothing to send.

Inferred. Where an end's calls are recorded they tell it; what a packet's own label tells (a keepalive, an ACK that was
held back) is not told twice. Of what the packets leave open nothing is said.
"""

from __future__ import annotations

from functools import cached_property

from .....analyze.findings.tries import RTO_NS
from .....analyze.matching import space
from .....analyze.story import ACK, FIN, RST, SIDES, SYN, Segment
from ....scene import other
from .facts import Part
from .timers import loss_probes

MOST = 0.95  # of the time since what was answered, that the pause was
MOST_WAY = 0.8  # the same, of a round trip
BY_KERNELS = ("rto", "timer", "probe", "window")  # told of ends whose calls are recorded, too


class Pauses(Part):
    """Says why packets came no sooner behind the one before them."""

    def before(self, frame: int) -> str | None:
        """What a pause before the packet was for, in a word or two; None: it is told elsewhere, or nothing tells it."""
        reason = self.reason(frame)
        window = self.segments[self.facts.position.get(frame, 0) - 1].window
        return None if reason is None else self.say(f"pause-{reason}", n=window)

    def reason(self, frame: int) -> str | None:
        """The same as a key: rto, timer, probe, window, room (the window opens), way, answer, idle.

        Looks at the packets before it: to be asked of those that are drawn.
        """
        place = self.facts.position.get(frame, 0)
        if place == 0 or not self.facts.timed:
            return None
        segment, before = self.segments[place], self.segments[place - 1]
        watched = any(call.side == segment.side for call in self.connection.calls)
        foreign = segment.fate == "unsent" or segment.frame in self.facts.foreign  # no end waited with it
        if foreign or before.ts_ns > segment.ts_ns:
            return None
        reason = self._reason(segment, before)
        return None if watched and reason not in BY_KERNELS else reason

    def _reason(self, segment: Segment, before: Segment) -> str | None:
        if segment.keepalive or segment.window_probe or segment.frame in self.facts.delayed:
            return None
        if segment.retransmission_of is not None:
            return self._timer(segment)
        if self.facts.unseen is not None:
            return None  # what came meanwhile is not in the capture
        if segment.flags & RST and before.side == segment.side and (before.keepalive or before.window_probe):
            return "timer"  # its probes had no answer
        asked = self._asked(segment, before)
        took_ns = 0 if asked is None else segment.ts_ns - asked.ts_ns
        whole = segment.ts_ns - before.ts_ns >= MOST_WAY * took_ns
        if asked is not None and whole and self.facts.round_trips.explain(took_ns, segment.side, segment.frame):
            return "way"
        small = self.facts.windows.small(before)
        pure = not segment.payload and not segment.flags & (SYN | FIN | RST)
        if small and pure and segment.side == before.side and segment.window > before.window:
            return "room"  # until its program read
        if segment.flags & (SYN | ACK) == SYN:
            return "idle"  # until its program called connect
        if pure or segment.flags & SYN or (segment.reset is not None and segment.reset.shape != "active"):
            return None  # a kernel's own answer, late for a reason that no packet shows
        if small:  # who waits for room has not gone idle; nothing holds back a RST or a FIN
            held = self.facts.held_back(before.ts_ns - self.facts.start_ns, segment.ts_ns - self.facts.start_ns)
            return "window" if held is before and segment.payload else None
        earlier = self.segments[: self.facts.position[segment.frame]]
        sent = {s.side: s for s in earlier if s.retransmission_of is None and (s.payload or s.flags & FIN)}
        mine, theirs = sent.get(segment.side), sent.get(other(segment.side))
        if mine is not None and before.side != segment.side and not self._acknowledged(mine, segment):
            return None  # it may have waited for that: some ACK has come
        if not segment.payload or theirs is None or not theirs.payload or before.flags & RST:
            return "idle"
        turn = mine is None or theirs.ts_ns > mine.ts_ns
        return "answer" if turn and segment.ts_ns - before.ts_ns >= MOST * (segment.ts_ns - theirs.ts_ns) else "idle"

    def _asked(self, segment: Segment, before: Segment) -> Segment | None:
        """What a segment may answer: the last of the other end's, of a pure ACK the last that it newly acknowledges."""
        if segment.payload or segment.flags & (SYN | FIN | RST):
            return before if before.side != segment.side else None
        for there in reversed(self.segments[: self.facts.position[segment.frame]]):
            if there.side == segment.side:
                if there.flags & ACK and (there.ack - segment.ack) % 2**32 < 2**31:
                    return None  # nothing new
            elif space(there) and (segment.ack - there.seq - space(there)) % 2**32 < 2**31:
                return there
        return None

    def _timer(self, copy: Segment) -> str | None:
        """Which timer sent a segment again: one copy alone may be a tail loss probe's or a timeout's."""
        earlier = self.segments[: self.facts.position[copy.frame]]
        tries = [s.ts_ns for s in earlier if copy.retransmission_of in (s.frame, s.retransmission_of)]
        if copy.frame in self.facts.loss_probes:
            return None  # its label says so
        waited_ns = copy.ts_ns - tries[-1] if tries else 0
        if any(self.facts.round_trips.explain(waited_ns, side) for side in SIDES):
            return None  # sooner than an answer could be there: no timer of Linux does so
        if copy.frame in self._loss_probes:
            return "probe"
        if waited_ns < RTO_NS:
            return None
        return "rto" if len(tries) > 1 or copy.flags & SYN else "timer"

    @cached_property
    def _loss_probes(self) -> set[int]:
        return {n for side in SIDES for n in loss_probes([s for s in self.segments if s.side == side])}

    def _acknowledged(self, data: Segment, until: Segment) -> bool:
        """Whether the other end had acknowledged the data when its sender sent `until`."""
        end = data.seq + space(data)
        return any(
            s.side != data.side and s.flags & ACK and (s.ack - end) % 2**32 < 2**31
            for s in self.segments[self.facts.position[data.frame] : self.facts.position[until.frame]]
        )
