"""What is read off a connection's segments before any of it is told."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from .....analyze.findings import copies, forgeries, order, proved, told_reset
from .....analyze.findings.ended import Ended
from .....analyze.findings.tries import answered_late, without_answer
from .....analyze.matching import space
from .....analyze.numbers import numbers
from .....analyze.story import ACK, FIN, RST, SIDES, SYN, Capture, Connection, IcmpError, Segment
from .....analyze.vocabulary import WHY_CROSSED, WHY_IN_WINDOW, WHYS
from .....analyze.ways import Ways
from .....analyze.windows import Windows
from .... import words
from ....of_connection import by_role, roles
from ....scene import Note, Side, Source, State, other
from . import timers
from .round_trips import RoundTrips

CROSSED = WHYS[WHY_CROSSED]
INEXACT = WHYS[WHY_IN_WINDOW]
ALIKE, NOISE_NS = 1.5, 1_000_000  # longest way to shortest, where all took about as long; shorter ways are not compared
TELLING_NS, NEARLY = 20_000_000, 0.15  # so long a time tells a clock's rate, so exactly
MOST_CROSSED = 50  # packets on their way at a time that are looked at


def answered_by_icmp(connection: Connection) -> dict[int, IcmpError]:
    """What segments were answered by ICMP, by frame: the first error each; of several copies the last has it."""
    copies: dict[tuple[Side, int], list[Segment]] = {}
    for segment in connection.segments if connection.icmp else ():
        copies.setdefault((segment.side, segment.seq), []).append(segment)
    found: dict[int, IcmpError] = {}
    for error in connection.icmp:
        sent = [s.frame for s in copies.get((error.to, error.seq), ()) if s.ts_ns <= error.ts_ns]
        if sent:
            found.setdefault(sent[-1], error)
    return found


class Facts:
    """One connection, and what its segments show. Times of the scene count from `start_ns`."""

    def __init__(self, connection: Connection, capture: Capture, lang: str, timed: bool) -> None:
        self.connection = connection
        self.capture = capture
        self.lang = lang
        self.timed = timed
        self.roles = roles(connection, capture)
        first = {segment.frame: segment for segment in connection.segments}
        self.made_copies = {
            s.frame for s in connection.segments
            if (s.duplicate_of in first and copies.late_copy(s, first[s.duplicate_of]))
            or (s.retransmission_of in first and copies.same_packet(s, first[s.retransmission_of]))
        }  # fmt: skip
        sent_again = _sent_again(connection)
        apart = self.made_copies | sent_again
        own = [s for s in connection.segments if s.duplicate_of is None or s.frame in apart]
        self.copies = Counter(
            max((frame for frame in sent_again if s.duplicate_of <= frame <= s.frame), default=s.duplicate_of)
            for s in connection.segments
            if s.duplicate_of is not None and s.frame not in apart
        )
        self.segments = own
        often = {s.deliveries for s in own}
        #: How often the way delivered every packet, where that is more than once, and as often for all.
        self.all_delivered = max(often) if len(often) == 1 and max(often) > 1 else None
        self.by_frame = {segment.frame: segment for segment in self.segments}
        self.position = {segment.frame: index for index, segment in enumerate(self.segments)}
        self.round_trips = RoundTrips(self.segments)
        self.windows = Windows(connection, own)
        #: The first copy of each segment that was sent again, by the original's frame.
        self.first_copies: dict[int, Segment] = {}
        for segment in self.segments:
            if segment.retransmission_of is not None and not (segment.keepalive or segment.window_probe):
                self.first_copies.setdefault(segment.retransmission_of, segment)
        self.start_ns = self.segments[0].ts_ns if self.segments else connection.first_ns
        self.numbers = numbers(connection)
        self.told = told_reset(connection)
        self.proof = proved(connection, "" if capture.recorded is None else capture.recorded.kernel)
        self.icmp = answered_by_icmp(connection)
        self.ways = Ways(connection, capture.recorded, own)
        self.silent = self.ways.silent
        self.both = any(segment.seen for segment in self.segments)  # ends were captured
        self.unanswered = without_answer(connection, own)
        self.answered_late = answered_late(own)
        self.ended = Ended(connection, self.told, own, self.unanswered)
        self.fins = self.ended.fins
        self.unseen = self.ended.unseen
        self.crossing = self._crossing()
        self.crossed = {*self.crossing, *self.crossing.values()}  # either of two
        #: How long about all were on their way, ns, where that is more than noise and told by one clock.
        self.ways_alike = self._ways_alike()
        #: Segments that most likely are not their end's, and data that was overtaken, by one capture's packets alone.
        self.foreign = forgeries.foreign(connection)
        self.overtaken = order.overtaken(own)
        #: Data that came when its receiver had reset the connection, by the RSTs of one capture alone.
        self.after_reset = self._after_reset()
        self.challenges = self._challenges()
        self.loss_probes = self._loss_probes()
        self.delayed = timers.delayed_acks(connection, self.segments)
        self.limit = timers.limit(connection)
        self.moved = self.ways.moved if self.both else {}

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.lang, **by_role(self.roles, values))

    def _ways_alike(self) -> int | None:
        there = self.connection.other_end
        ways = sorted(
            segment.arrived_ns - segment.ts_ns
            for segment in self.segments
            if segment.fate == "arrived" and segment.arrived_ns is not None
        )
        if (
            there is None
            or not ways
            or not self.timed
            or not (there.clock.same or there.clock.uncertainty_ns is not None)
        ):
            return None
        return ways[len(ways) // 2] if ways[0] >= NOISE_NS and ways[-1] <= ALIKE * ways[0] else None

    def _crossing(self) -> dict[int, int]:
        """Packets that crossed on the way: by the times at both ends, or the second did not yet know of the first."""
        pairs: dict[int, int] = {}
        if self.both:
            for place, segment in enumerate(self.segments):
                for earlier in reversed(self.segments[max(0, place - MOST_CROSSED) : place]):
                    if crosses(earlier, segment):
                        pairs[segment.frame] = earlier.frame
                        break
            return pairs
        aborts = [s for s in self.segments if s.flags & RST and s.frame in self._crossed_resets()]
        for first, second in pairwise(aborts):
            if first.side != second.side and self.position[second.frame] == self.position[first.frame] + 1:
                pairs[second.frame] = first.frame
        for flag in (SYN, FIN):
            both = [s for s in self.segments if s.flags & flag and s.retransmission_of is None and not s.flags & RST]
            for first, second in pairwise(both):
                end = first.seq + space(first)
                unaware = not second.flags & ACK or (second.ack - end) % 2**32 >= 2**31
                adjacent = self.position[second.frame] == self.position[first.frame] + 1
                if first.side != second.side and unaware and adjacent:
                    pairs[second.frame] = first.frame
                    break
        for place, second in enumerate(self.segments[1:]):
            first = self.segments[place]
            if second.flags & FIN and first.payload and first.side != second.side and self._unaware(first, second):
                pairs[second.frame] = first.frame
        for second_fin in [frame for frame in pairs if self.by_frame[frame].flags & FIN]:
            place = self.position[second_fin] + 1
            pair = self.segments[place : place + 2]  # each end acknowledges the other's FIN as soon as that comes
            answered = [_bare_ack(s) for s in pair] == [True, True] and pair[0].side != pair[1].side
            if answered and self.by_frame[pairs[second_fin]].flags & FIN:
                pairs[pair[1].frame] = pair[0].frame
        opening = [s.flags & (SYN | ACK | FIN | RST) for s in self.segments[:4]]
        if opening == [SYN, SYN, SYN | ACK, SYN | ACK] and self.segments[1].frame in pairs:
            first, second = self.segments[2:4]  # simultaneous open: each answers the other's SYN
            if first.side != second.side:
                pairs[second.frame] = first.frame
        return pairs

    def _unaware(self, data: Segment, fin: Segment) -> bool:
        """Whether a FIN right behind data left before that came, by its ack number; and soon enough to have met it."""
        if data.flags & FIN or not fin.flags & ACK or fin.ack != data.seq or data.frame in self.first_copies:
            return False
        near, apart = fin.retransmission_of is None, fin.ts_ns - data.ts_ns
        return near and (apart < NOISE_NS or self.round_trips.explain(apart, fin.side))

    def _after_reset(self) -> dict[int, Segment]:
        """Data that an end lacked when it sent its own RST, by its ack: frame -> the first RST that answers any."""
        found: dict[int, Segment] = {}
        own = [s for s in self.segments if s.reset is not None and s.reset.shape == "active" and s.flags & ACK]
        for reply in self.segments if own and not self.both else ():
            data = None if reply.reset is None else self.by_frame.get(reply.reset.answers_frame or -1)
            if data is None or not data.payload:
                continue
            passed = (s for s in own if s.side == reply.side and data.ts_ns < s.ts_ns < reply.ts_ns)
            if any((data.seq - s.ack) % 2**32 < 2**31 for s in passed):
                found[data.frame] = next(iter(found.values()), reply)  # all of it was on its way by then
        return found

    def _challenges(self) -> set[int]:
        """ACKs by which an end asks whether a RST or SYN in its window was meant (RFC 5961, 3.2 and 4.2)."""
        asked = {r.frame for r in self.connection.resets if r.why_not_accepted == INEXACT}
        found = {denial.frame for denial in self.foreign.values() if denial is not None}
        for place, segment in enumerate(self.segments):
            forged_syn = segment.flags & (SYN | ACK) == SYN and segment.fate == "unsent"
            if segment.frame in asked or forged_syn:
                behind = (s for s in self.segments[place + 1 :] if s.side != segment.side)
                reply = next(behind, None)
                if reply is not None and reply.flags & ACK and not space(reply) and not reply.flags & RST:
                    found.add(reply.frame)
            if segment.fate == "unsent" and space(segment) and not segment.flags & (SYN | RST):
                denial = forgeries.denied(segment, self.segments[place + 1 :])
                found |= set() if denial is None else {denial.frame}
        return found

    def _loss_probes(self) -> set[int]:
        """Tail loss probes, where the kernel that sent them is known to be Linux."""
        made = self.capture.recorded
        if made is None or not made.kernel.startswith("Linux"):
            return set()
        return {frame for side in SIDES for frame in timers.loss_probes([s for s in self.segments if s.side == side])}

    def held_back(self, from_ns: int, to_ns: int) -> Segment | None:
        """The last packet before a pause, where it is its sender's small window that the other one waited for."""
        before = [s for s in self.segments if s.ts_ns - self.start_ns <= from_ns and not s.flags & RST]
        after = next((s for s in self.segments if s.ts_ns - self.start_ns >= to_ns), None)
        if not before or after is None or after.side == before[-1].side or after.flags & RST:
            return None
        return before[-1] if self.windows.small(before[-1]) else None

    def _crossed_resets(self) -> set[int]:
        """RSTs that came when their receiver had sent one itself."""
        return {reset.frame for reset in self.connection.resets if reset.why_not_accepted == CROSSED}

    def first_source(self, side: Side, name: str) -> Source:
        """LISTEN is no guess by the server's own listen(), nor any state that the kernel's first change left."""
        if name == "CLOSED" and side in self.silent:  # its kernel had no socket: it said so, or said nothing
            said = any(r.sender == side and r.kernel_reason == "NO_SOCKET" for r in self.connection.resets)
            return "traced" if said else "inferred"
        told = next((e for e in self.connection.kernel if e.kind == "state" and e.side == side), None)
        if told is not None and told.before == name:
            return "traced"
        return "traced" if side == "server" and name == "LISTEN" and self.ways.listens else "inferred"

    def source(self, side: Side, name: str, frame: int | None) -> Source:
        """Whether the kernel itself has said that this end entered the state.

        A listener's SYN_RCVD is never said when it begins: Linux keeps a request then (TCP_NEW_SYN_RECV), and reports a
        socket's LISTEN -> SYN_RCVD with the segment that ends it.
        """
        request = name == "SYN_RCVD"
        said = any(
            event.kind == "state" and event.side == side and event.state == name and not event.handed_over
            and not (request and event.before == "LISTEN")
            and (frame is None or event.frame == frame)
            for event in self.connection.kernel
        )  # fmt: skip
        return "traced" if said else "inferred"

    def acknowledgement(self, segment: Segment, index: int) -> Segment | None:
        """The first packet of the other end that acknowledges all of `segment`."""
        end = segment.seq + space(segment)
        for later in self.segments[index + 1 : index + 200]:
            if later.side != segment.side and later.flags & ACK and (later.ack - end) % 2**32 < 2**31:
                return later
        return None

    def recovered(self, segment: Segment, index: int) -> bool:
        return self.acknowledgement(segment, index) is not None

    def named(self, frame: int) -> str:
        """A segment as a sentence names it."""
        segment = self.by_frame[frame]
        symbol = self.fin_symbol(segment.side)
        if segment.flags & RST:
            return self.say("named-rst")
        if segment.flags & SYN:
            return self.say("named-syn-ack" if segment.flags & ACK else "named-syn")
        if segment.flags & FIN and symbol is not None:
            return self.say("named-fin", symbol=symbol)
        if segment.payload:
            return self.say("named-data", bytes=words.amount(segment.payload, self.lang))
        if segment.keepalive:
            return self.say("named-keepalive")
        fin = self.fins.get(other(segment.side))
        if fin is not None and segment.ack == (fin.seq + space(fin)) % 2**32:
            return self.say("named-ack-of-fin", symbol=self.fin_symbol(fin.side))
        return self.say("named-last-ack" if self._last_of_handshake(segment) else "named-ack")

    def stamp_age(self, segment: Segment) -> int | None:
        """By how many ticks a segment's timestamp lies behind the last one of its side; None: it does not."""
        return forgeries.stamp_age(self.connection, segment)

    def age(self, ticks: int, segment: Segment) -> str:
        """That many ticks of a segment's timestamp clock, as a length of time where a tick is known: a millisecond."""
        made = self.capture.recorded
        linux = made is not None and made.kernel.startswith("Linux")
        if linux or self._in_milliseconds(segment):
            return words.span(ticks * 1_000_000)
        return self.say("ticks", n=words.number(ticks))

    def _in_milliseconds(self, but: Segment) -> bool:
        """Whether the timestamps of an end's other segments count milliseconds (RFC 7323, 5.4: from 1 ms to 1 s)."""
        own = [s for s in self.segments if s.side == but.side and s is not but and s.options.tsval is not None]
        if not own:
            return False
        passed_ns = own[-1].ts_ns - own[0].ts_ns
        ticks = ((own[-1].options.tsval or 0) - (own[0].options.tsval or 0)) % 2**32
        return passed_ns >= TELLING_NS and abs(ticks * 1_000_000 - passed_ns) <= NEARLY * passed_ns

    def _last_of_handshake(self, segment: Segment) -> bool:
        answers = (s for s in self.segments if s.side == "server" and s.flags & SYN and s.flags & ACK)
        answer = next(answers, None)
        if answer is None or segment.side != "client" or segment.ack != (answer.seq + 1) % 2**32:
            return False
        own = (s for s in self.segments if s.side == "client" and not s.flags & SYN)
        return next(own, None) is segment

    def fin_symbol(self, side: Side) -> str | None:
        order = list(self.fins)
        return "MN"[order.index(side)] if side in self.fins else None

    def forgotten(self) -> list[State | Note]:
        """FIN_WAIT_2 or SYN_RCVD is over by the time that a segment finds no socket: nothing reports that end."""
        told = self.told
        trigger = None if told is None else self.by_frame.get(told.answers_frame or -1)
        if (
            told is not None
            and trigger is not None
            and self.proof is not None
            and self.proof.key.startswith("queue-given-up")
        ):
            t_ns = trigger.at(told.sender) - self.start_ns - 1
            text = self.say("request-forgotten", side=told.sender)
            note = [Note(t_ns=t_ns, text=text)] if self.timed else []
            return [*note, State(side=told.sender, name="LISTEN", t_ns=t_ns)]
        if told is None or trigger is None or told.kernel_reason != "NO_SOCKET":
            return []
        last = [e for e in self.connection.kernel if e.side == told.sender and e.kind == "state"]
        waited = trigger.client_state if told.sender == "client" else trigger.server_state
        if not last or not last[-1].handed_over or waited not in ("FIN_WAIT_2", "TIME_WAIT"):
            return []
        return [State(side=told.sender, name="CLOSED", t_ns=trigger.at(told.sender) - self.start_ns - 1)]


def _bare_ack(segment: Segment) -> bool:
    return segment.flags & (SYN | FIN | RST | ACK) == ACK and not segment.payload


def _sent_again(connection: Connection) -> set[int]:
    """RSTs that look like one captured again, and that their sender's kernel says it sent: equal answers are alike.

    Which of the packets are whose is told where every one was captured equally often.
    """
    found: set[int] = set()
    alike: dict[int, list[int]] = {}
    for segment in connection.segments:
        if segment.flags & RST and segment.duplicate_of is not None:
            alike.setdefault(segment.duplicate_of, [segment.duplicate_of]).append(segment.frame)
    sent = [event for event in connection.kernel if event.kind == "reset-sent"]
    for event in sent:
        frames = alike.get(event.frame or -1)
        if frames is not None:
            times = 1 + sum(1 for other in sent if other.side == event.side and other.frame is None)
            each, rest = divmod(len(frames), times)
            if not rest:
                found.update(sorted(frames)[each::each])
    return found


class Part:
    """A part of the scene's making: it reads the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.connection = facts.connection
        self.segments = facts.segments
        self.told = facts.told
        self.lang = facts.lang

    def say(self, key: str, **values: object) -> str:
        return self.facts.say(key, **values)


def crosses(earlier: Segment, later: Segment) -> bool:
    """Whether a packet left while one from the other end was still on its way to it; both by that end's own clock."""
    if earlier.side == later.side or earlier.fate != "arrived" or later.fate != "arrived":
        return False
    return earlier.arrived_ns is not None and later.ts_ns < earlier.arrived_ns


def overtakes(earlier: Segment, later: Segment) -> bool:
    """Whether a packet arrived before one that had left earlier."""
    if earlier.arrived_ns is None or later.arrived_ns is None:
        return False
    return later.fate == "arrived" and later.arrived_ns < earlier.arrived_ns
