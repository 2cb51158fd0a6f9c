"""What happened on the way to an ending: losses, closed windows, a half-close, calls that failed.

The verdict says how the connection ended and who ended it. An orderly close may still have lost its FIN twice: each
function here looks for one such thing in packets and calls, and gives a sentence for it, words `also-KEY`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from .....analyze import firewalls, programs
from .....analyze.findings import closes, given_up, openings
from .....analyze.findings.tries import RTO_NS
from .....analyze.matching import space
from .....analyze.story import ACK, FIN, PSH, RST, SIDES, SYN, URG, Call, Connection, Reset, Segment, Side
from .... import words
from ....scene import other
from ....visible import visible
from . import timers
from .arrivals import unarrived
from .facts import Facts, Part, overtakes

MOST = 2  # sentences beside the verdict
STALL_NS = 20_000_000  # a window that is closed for less delays nobody
SILENCE_NS = 500_000_000
PROBES_NS = 500_000_000  # what Linux takes for out of window it answers once in such a time (tcp_invalid_ratelimit)

Said = tuple[str, Mapping[str, object]]  # key without "also-", values
Look = Callable[[], Iterator[Said]]


MOST_LOOKED_AT = 50  # ACKs between a segment and its copy


class Happened(Part):
    """Looks for what a reader would miss in the verdict alone."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.ending = self.connection.ending

    def sentences(self) -> str:
        """The first of them, ready to stand behind the verdict; "" where there is nothing."""
        space_between = "" if self.lang == "zh" else " "
        return "".join(space_between + self.say(f"also-{key}", **values) for key, values in self.found)

    def title(self) -> str | None:
        """What makes an orderly close worth a figure; None: nothing happened on the way."""
        told = (said for said in self.found if words.has(f"title-also-{said[0]}"))
        key, values = next(told, ("", {}))
        return self.say(f"title-also-{key}", **values) if key else None

    @cached_property
    def found(self) -> list[Said]:
        """What happened, the first of it."""
        looks: tuple[Look, ...]
        key = "" if self.facts.proof is None else self.facts.proof.key
        if key.startswith("time-wait-"):
            looks = (self._bound_again,)
        elif key.startswith("gave-up-"):
            looks = (self._limit, self._limited_answer, self._never_sent)
        elif key == "closed-queued-room":
            looks = (self._room,)
        elif self.ending == "closed" and self.facts.proof is not None:
            return []  # told already
        elif key in ("timed-out-walled", "timed-out-forgotten"):
            looks = (self._limit,)
        elif key == "timed-out-icmp-walled":
            looks = (self._not_told,)
        elif self.ending == "closed":
            looks = (
                self._half, self._refused_calls, self._elsewhere, self._urgent, self._lost, self._delivered,
                self._window, self._failed_elsewhere, self._kept_alive, self._probes, self._swapped, self._pushed,
                self._low_water, self._shut_reading, self._listener, self._replaced, self._replaces,
                self._three_segments, self._full_segments, self._no_data, self._answered_first, self._foreign,
            )  # fmt: skip
        elif self.ending in ("timed-out", "unanswered"):
            looks = (self._limit, self._dropped, self._not_told, self._icmp_own)
        elif self.ending == "reset":
            looks = (
                self._failed_elsewhere, self._silence, self._both_lingered, self._foreign, self._never_sent,
                self._replaces, self._deaf, self._no_data, self._answer_read, self._answer_behind, self._outlived,
                self._also_lost, self._spoke_on, self._same_socket, self._stalled, self._left_waiting,
            )  # fmt: skip
        elif self.ending == "open":
            looks = (self._replaces, self._fills_queue, self._same_socket, self._stalled)
        else:
            return []
        told = [said for look in looks for said in look()]
        if not told and self.ending == "closed" and self.connection.closed_first in SIDES:
            told = [said for look in (self._woken, self._all_read) for said in look()][:1]  # ordinary, but not nothing
        return told[:MOST]

    # --- packets

    def _lost(self) -> Iterator[Said]:
        """What was lost, or sent again, and what brought it again."""
        again: dict[int, Segment] = {}  # the first copy of each that was sent again
        for segment in self.segments:
            if segment.retransmission_of is not None and segment.frame not in self.facts.made_copies:
                again.setdefault(segment.retransmission_of, segment)
        lost = [s for s in self.segments if s.fate == "lost"]
        waited_for = [
            s for s in self.segments if s.frame in again and again[s.frame].ts_ns - s.ts_ns >= RTO_NS
        ]  # a tail loss probe comes sooner, and often for nothing
        asked_for = [s for s in self.segments if s.frame in again and len(self._duplicate_acks(s, again[s.frame])) > 2]
        own = [s for s in lost if s.retransmission_of is None] or waited_for or asked_for
        if not own:
            return
        if len(own) > 1:
            yield ("lost-many" if lost else "again-many"), {"n": words.number(len(own))}
            return
        first = own[0]
        name = self.facts.named(first.frame)
        copy = again.get(first.frame)
        if copy is None:
            yield from self._lost_ack(first, again)
            return
        waited = words.span(copy.ts_ns - first.ts_ns)
        tries = sum(1 for s in lost if s.frame == first.frame or s.retransmission_of == first.frame)
        if first.fate == "lost" and tries > 1:
            yield "lost-tries", {"trigger": name, "n": words.number(tries)}
        elif first.fate == "lost":
            told = self._duplicate_acks(first, copy)
            acks = self._acks_written(told)
            timed = copy.ts_ns - first.ts_ns >= RTO_NS and copy.frame not in self.facts.loss_probes
            late = "lost-timer" if timed and first.payload else "lost-again"
            yield ("lost-fast" if len(told) > 2 else late), {"trigger": name, "time": waited, "acks": acks}
        elif first in asked_for:
            acks = self._acks_written(self._duplicate_acks(first, copy))
            yield "fast", {"trigger": name, "time": waited, "acks": acks, "peer": other(first.side)}
        elif self._acknowledged_before(first, copy):
            waits = first.flags & FIN and other(first.side) == self.connection.closed_first  # TIME_WAIT is at that end
            yield ("again-fin-acked" if waits else "again-acked"), {"trigger": name, "time": waited}
        elif len(tried := [s for s in self.segments if first.frame in (s.frame, s.retransmission_of)]) > 2:
            waited = words.span(tried[-1].ts_ns - first.ts_ns)
            yield "again-tries", {"trigger": name, "n": words.number(len(tried)), "time": waited}
        elif first.flags & SYN and first.frame in self.facts.answered_late:
            yield "again-came", {"trigger": name, "time": waited}
        else:
            yield "again", {"trigger": name, "time": waited}

    def _lost_ack(self, ack: Segment, again: Mapping[int, Segment]) -> Iterator[Said]:
        """An ACK alone was lost: the other end sends again what it acknowledged, or what follows stands in for it."""
        peer = other(ack.side)
        told = [s for s in self.segments if s.side == peer and s.frame in again and s.ts_ns < ack.ts_ns]
        name = self.facts.named(ack.frame)
        if told:
            waited = words.span(again[told[-1].frame].ts_ns - told[-1].ts_ns)
            waits = ack.side == self.connection.closed_first and told[-1].flags & FIN  # TIME_WAIT is at that end
            yield (
                "lost-fin-again" if waits else "lost-ack-again",
                {"trigger": name, "what": self.facts.named(told[-1].frame), "time": waited},
            )
            return
        behind = (s for s in self.segments[self.facts.position[ack.frame] + 1 :] if s.side == ack.side)
        after = next((s for s in behind if s.flags & ACK and s.fate != "lost"), None)
        if after is not None:
            yield "lost-ack-covered", {"trigger": name, "what": self.facts.named(after.frame)}

    def _acknowledged_before(self, first: Segment, copy: Segment) -> bool:
        """Whether an ACK had been captured that did not keep its sender from sending it again."""
        between = self.segments[self.facts.position[first.frame] : self.facts.position[copy.frame]]
        acks = unarrived(self.facts, [s.frame for s in between if s.side != first.side][:MOST_LOOKED_AT])
        return any(one.copy is copy for one in acks.values())

    def _acks_written(self, told: Sequence[Segment]) -> str:
        key = "duplicate-acks-sack" if any(s.options.sack for s in told) else "duplicate-acks"
        return self.say(key, n=words.number(len(told)))

    def _duplicate_acks(self, first: Segment, copy: Segment) -> list[Segment]:
        """The ACKs that asked once more for the segment before it was sent again, sooner than a timer would."""
        if copy.ts_ns - first.ts_ns >= RTO_NS:
            return []
        asked = [
            s for s in self.segments
            if s.side != first.side and not space(s) and s.flags & ACK and s.ack == first.seq
            and first.ts_ns < s.at(first.side) <= copy.ts_ns
        ]  # fmt: skip
        return asked[1:]

    def _window(self) -> Iterator[Said]:
        """For how long an end had no room for what the other one had to send."""
        for side in SIDES:
            since: Segment | None = None
            most = 0
            longest: tuple[int, int] | None = None
            for segment in self.segments:
                if segment.side != side or segment.flags & (SYN | RST) or not segment.flags & ACK:
                    continue
                if self.facts.windows.small(segment):
                    since = since or segment
                    most = max(most, segment.window)
                elif since is not None:
                    longest = max(longest or (0, 0), (segment.ts_ns - since.ts_ns, most))
                    since, most = None, 0
            if longest is not None and longest[0] >= STALL_NS:
                key = "window" if longest[1] else "window-zero"
                values = {"side": side, "peer": other(side), "time": words.span(longest[0])}
                wrote = programs.amount(programs.calls(self.connection, other(side), programs.SENDS, 2**63))
                delivered = next((said for said, _ in self._delivered()), "")
                if delivered.endswith("-queued"):
                    key = "window-before"
                elif not delivered and wrote and programs.amount(self._reads(side)) == wrote:
                    key += "-all"
                yield key, {**values, "n": words.number(longest[1]), "m": words.number(wrote)}

    def _full_segments(self) -> Iterator[Said]:
        """Segments as long as they may be: the MSS less the timestamps, which every segment carries (RFC 7323)."""
        if any(self._window()):
            return
        for side in SIDES:
            sent = [s for s in self.segments if s.side == side and s.payload]
            allowed = next((s.options.mss for s in self.segments if s.side != side and s.options.mss), None)
            largest = max((s.payload for s in sent), default=0)
            stamped = all(s.options.tsval is not None for s in sent)
            values = {"bytes": words.amount(largest, self.lang), "mss": allowed}
            if len(sent) > 1 and allowed is not None and largest == allowed - (12 if stamped else 0):
                yield "full-stamped" if stamped else "full", values

    def _swapped(self) -> Iterator[Said]:
        """A segment that was overtaken, and not lost."""
        late = list(self.facts.overtaken)
        if late:
            values = {"trigger": self.facts.named(late[0]), "n": words.number(len(late))}
            yield "swapped-acks-many" if len(late) > 1 else "swapped-acks", values
            return
        for place, segment in enumerate(self.segments):
            behind = (s for s in self.segments[place + 1 : place + 20] if s.side == segment.side and s.payload)
            if segment.payload and any(overtakes(segment, later) for later in behind):
                yield "swapped", {"trigger": self.facts.named(segment.frame)}
                return

    def _probes(self) -> Iterator[Said]:
        for side in () if any(self._kept_alive()) else SIDES:
            probes = [s for s in self.segments if s.side == side and s.keepalive]
            if probes:
                key = "probes" if len(probes) > 1 else "probe"
                yield key, {"side": side, "peer": other(side), "n": words.number(len(probes))}

    def _silence(self) -> Iterator[Said]:
        """What drew a RST that its end's TCP did not send came after a long silence."""
        told = self.told
        place = self.facts.position.get(-1 if told is None else told.answers_frame or -1, 0)
        if told is None or not (told.forged or told.unsent) or place == 0:
            return
        if self._idle_before(self.segments[place]) and self.facts.proof is None:
            yield "silence", {}

    def _kept_alive(self) -> Iterator[Said]:
        """A keepalive probe came in a silence that a firewall would have taken for the end."""
        for side in SIDES:
            limit = firewalls.remembers(self.connection, side)
            spoken = [s for s in self.segments if not s.keepalive and not self._answers_probe(s)]
            for one, later in pairwise(spoken):
                silence = later.ts_ns - one.ts_ns
                if limit is None or silence <= limit:
                    continue
                if any(one.ts_ns < s.ts_ns < later.ts_ns for s in self.segments if s.keepalive):
                    yield "kept-alive", {"side": side, "time": words.span(silence), "limit": words.span(limit)}
                    return

    def _answers_probe(self, segment: Segment) -> bool:
        place = self.facts.position[segment.frame]
        before = self.segments[place - 1] if place else None
        return before is not None and before.keepalive and before.side != segment.side and not space(segment)

    def _foreign(self) -> Iterator[Said]:
        """An ACK that its sender's TCP never sent, or most likely did not, and that changed nothing."""
        for segment in self.segments:
            if segment.fate == "unsent" and not segment.payload and not segment.flags & (SYN | FIN | RST):
                yield "foreign-ack", {"side": segment.side}
                return
            if segment.frame in self.facts.foreign and not space(segment):
                yield "foreign-ack-likely", {"side": segment.side}
                return

    def _icmp_own(self) -> Iterator[Said]:
        """An ICMP error that answered the SYN from the address that it says cannot be reached."""
        error = self.connection.icmp[-1] if self.connection.icmp and self.facts.proof is None else None
        if error is not None and self.ending == "unanswered" and error.sender == self.connection.server.address:
            yield "icmp-own", {}

    def _dropped(self) -> Iterator[Said]:
        """Whether the tries came to the other end, by the capture there."""
        tail = [s for s in self.segments if s.frame in self.facts.unanswered]
        if self.ending != "timed-out" or not tail or given_up.quoted(self.connection):
            return
        fate = self.fate_of_the_tries()
        if fate == "lost":
            yield "all-lost", {}
        elif fate == "arrived":
            key = "all-arrived-idle" if self._idle_before(tail[0]) else "all-arrived"
            yield key, {"peer": other(tail[0].side)}

    def fate_of_the_tries(self) -> str | None:
        """What became of all that was sent without an answer: lost, or arrived; None: not known, or of either."""
        fates = {s.fate for s in self.segments if s.frame in self.facts.unanswered}
        return fates.pop() if len(fates) == 1 and not given_up.quoted(self.connection) else None

    def _idle_before(self, segment: Segment) -> bool:
        """Whether the connection had been silent for long when the segment was sent."""
        place = self.facts.position[segment.frame]
        return place > 0 and segment.ts_ns - self.segments[place - 1].ts_ns >= SILENCE_NS

    def _no_data(self) -> Iterator[Said]:
        """A connection that carried nothing, from its beginning to its end: as checks of health make them."""
        whole = self.segments and self.segments[0].flags & SYN and not self.connection.cut_start
        used = (*programs.SENDS, *programs.RECEIVES)
        spoke = self.told is not None and any(
            call.call in used for call in self.connection.calls if call.side == self.told.sender
        )
        said = (self.facts.proof or self.facts.ended.answer()).key == "health-check"
        heard = self.facts.unseen is None
        if (
            whole
            and heard
            and not spoke
            and not said
            and self.connection.bytes.client == self.connection.bytes.server == 0
        ):
            yield "no-data", {}

    # --- programs

    def _failed_elsewhere(self) -> Iterator[Said]:
        """A proxy ended this connection after the one on its other side had failed."""
        found = self.connection.failed_elsewhere
        if found is not None:
            side, address, call = found
            errno = programs.named_error(call)
            yield "elsewhere-failed", {"side": side, "address": visible(address), "call": call.call, "errno": errno}
            peer = other(side)
            own = [one for one in self.connection.calls if one.side == peer and not one.on_listener]
            if any(one.says == "EOF" for one in own) and not any(programs.failed(one) for one in own):
                yield "told-nothing", {"peer": peer}

    def _deaf(self) -> Iterator[Said]:
        """The RST's receiver's program had closed its socket before: no call of it can fail."""
        if self.told is None or self.told.accepted is False:
            return
        peer, came = other(self.told.sender), programs.came_ns(self.connection, self.told)
        own = [call for call in self.connection.calls if call.side == peer and not call.on_listener]
        closed = programs.calls(self.connection, peer, ("close",), came)
        if own and any(call is own[-1] for call in closed):
            yield "deaf", {"peer": peer}

    def _answer_read(self) -> Iterator[Said]:
        """The client took the whole response before it reset: nothing was lost, though the server has an error."""
        told = self.told
        if (
            told is None
            or self.facts.proof is not None
            or told.sender != "client"
            or told.shape != "active"
            or not told.accepted
        ):
            return
        own, theirs = (programs.amount(self._reads(side)) for side in SIDES)
        wrote = programs.amount(programs.calls(self.connection, "server", programs.SENDS, 2**63))
        through = theirs == programs.amount(programs.calls(self.connection, "client", programs.SENDS, 2**63))
        closed = programs.calls(self.connection, "client", ("close",), 2**63)
        if closed and own and own == wrote and through and programs.nothing_thrown(self.connection, told):
            yield "answer-read", {}

    def _answer_behind(self) -> Iterator[Said]:
        """All that the RST's sender had written was read after a call had failed: the error does not hide it."""
        told = self.told
        if told is None or not told.accepted:
            return
        came, peer = programs.came_ns(self.connection, told), other(told.sender)
        failed = [c for c in self.connection.calls if c.side == peer and programs.named_error(c) and c.t_ns > came]
        reads = self._reads(peer)
        wrote = programs.amount(programs.calls(self.connection, told.sender, programs.SENDS, 2**63))
        if failed and reads and reads[0].t_ns > failed[0].t_ns and programs.amount(reads) == wrote:
            yield "answer-behind", {"bytes": words.amount(wrote, self.lang)}

    def _outlived(self) -> Iterator[Said]:
        """A descriptor whose options could be set after the RST: it is open until close."""
        told = self.told
        if told is None or not told.accepted:
            return
        came, peer = programs.came_ns(self.connection, told), other(told.sender)
        if any(call.t_ns > came for call in programs.calls(self.connection, peer, ("setsockopt",), 2**63)):
            yield "outlived", {"peer": peer}

    def _also_lost(self) -> Iterator[Said]:
        """Data that was on its way when its receiver reset: each segment is answered with another RST."""
        told = self.told
        if told is None or told.shape != "active" or not told.accepted:
            return
        came = programs.came_ns(self.connection, told)
        later = (r for r in self.connection.resets if r.sender == told.sender and r.shape == "reply")
        triggers = {r.answers_frame for r in later}
        sent = [s for s in self.segments if s.frame in triggers and s.payload and s.at(s.side) < came]
        if sent:
            values = {"bytes": words.amount(sum(s.payload for s in sent), self.lang), "peer": other(told.sender)}
            key = "also-lost" if len(sent) > 1 else "also-lost-one"
            yield (key if told.kernel_reason is not None else "crossed"), values

    def _spoke_on(self) -> Iterator[Said]:
        """The end in whose name a RST came knew nothing of it, spoke on, and was reset by the other end's kernel."""
        told = self.told
        if told is None or self.facts.proof is not None or not (told.forged or told.unsent) or not told.accepted:
            return
        side = told.sender
        came = programs.came_ns(self.connection, told)
        answered = {r.answers_frame for r in self.connection.resets if r.sender != side and r.ts_ns > came}
        spoke = [s for s in self.segments if s.side == side and s.frame in answered and not s.flags & RST]
        calls = [c for c in self.connection.calls if c.side == side and programs.named_error(c) in programs.DEAD]
        if spoke and calls and calls[0].t_ns > came and not any(self._silence()):  # there is no room for both
            before = all(s.ts_ns < told.ts_ns for s in spoke)
            yield "spoke-before" if before else "spoke-on", {"side": side, "peer": other(side), "call": calls[0].call}

    def _stalled(self) -> Iterator[Said]:
        """Who ended with RST what a closed window had brought to a stand; or that its end was not captured."""
        head = self.connection.verdicts[0].code if self.connection.verdicts else None
        if head != "zero-window-stall" or self.facts.proof is not None:
            return
        if self.told is not None:
            yield "then-reset", {"side": self.told.sender}
        elif self.facts.ended.gave_up() is None:
            yield "end-not-seen", {}

    def _left_waiting(self) -> Iterator[Said]:
        """A RST of an end that the other one's small window held back: it may have had more to send."""
        told, calls = self.told, self.connection.calls
        if told is None or told.shape != "active" or calls or self.facts.proof is not None or any(self._stalled()):
            return
        peer = other(told.sender)
        before = self.segments[: self.facts.position.get(told.frame, 0)]
        last = next((s for s in reversed(before) if s.side == peer), None)
        if last is not None and self.facts.windows.small(last):
            yield "left-waiting", {"side": told.sender, "peer": peer, "n": words.number(last.window)}

    def _limited_answer(self) -> Iterator[Said]:
        """The last probe came sooner after an answered one than Linux answers again: its peer may well be alive."""
        event = given_up.gave_up(self.connection)
        tail = [s for s in self.segments if s.frame in self.facts.unanswered]
        before = [s for s in self.segments if s.side != tail[0].side and s.ts_ns < tail[0].ts_ns] if tail else []
        if event is None or len(tail) != 1 or not before or tail[0].side != event.side:
            return
        if tail[0].fate != "lost" and tail[0].at(before[-1].side) - before[-1].ts_ns < PROBES_NS:
            yield "limited-answer", {}

    def _room(self) -> Iterator[Said]:
        """When the queue that had been full had room, and what was then taken."""
        values = {} if self.facts.proof is None else self.facts.proof.values
        yield "room", {name: words.span(int(str(values[f"{name}_ns"]))) for name in ("room", "again")}

    def _fills_queue(self) -> Iterator[Said]:
        """It waits, or waited long, to be accepted where there is room for one: no other one can come in meanwhile."""
        opened = next(
            (
                e
                for e in self.connection.kernel
                if e.side == "server" and e.state == "ESTABLISHED" and e.kind == "state"
            ),
            None,
        )
        listens = [call for call in self.connection.calls if call.call == "listen" and call.result == 0]
        if opened is None or not listens or not listens[-1].text.endswith(", 0)"):
            return
        accept = next((c for c in self.connection.calls if c.call in programs.ACCEPTS and c.side == "server"), None)
        if accept is None:
            yield "fills-queue", {}
        elif (accept.until_ns or opened.t_ns) - opened.t_ns >= openings.QUEUED_NS:
            yield "filled-queue", {"time": words.span((accept.until_ns or 0) - opened.t_ns)}

    def _never_sent(self) -> Iterator[Said]:
        """Data that a write had handed over, and that the end of the connection threw away before it was sent."""
        for side in SIDES:
            lost = programs.never_sent(self.connection, side)
            writes = [call for call in self.connection.calls if call.side == side and call.t_ns in lost]
            if lost:
                nagle = all(programs.waits_for_ack(self.connection, call) for call in writes)
                values = {"side": side, "bytes": words.amount(sum(lost.values()), self.lang)}
                yield "never-sent-nagle" if nagle else "never-sent", values

    def _three_segments(self) -> Iterator[Said]:
        """The second FIN carried the ACK of the first one: the close took three segments."""
        first = self.connection.closed_first
        if first not in SIDES or len(self.facts.fins) < 2 or self.connection.resets:
            return
        side: Side = "client" if first == "client" else "server"
        fin, answer = self.facts.fins[side], self.facts.fins[other(side)]
        if self.facts.acknowledgement(fin, self.facts.position[fin.frame]) is answer and not answer.payload:
            yield "three-segments", {"peer": other(side)}
            changes = [e for e in self.connection.kernel if e.kind == "state" and e.side == side]
            for entered, left in pairwise(changes):
                if entered.state == left.before == "FIN_WAIT_2" and left.handed_over:  # no packet of its own brought it
                    yield "passed-through", {"side": side, "time": words.span(left.t_ns - entered.t_ns)}

    def _both_lingered(self) -> Iterator[Said]:
        """Both programs had asked for a hard close."""
        if self.connection.ended_by == "both" and all(
            timers.number(self.connection, side, "SO_LINGER, 1") == 0 for side in SIDES
        ):
            yield "both-lingered", {}

    def _half(self) -> Iterator[Said]:
        """Who closed first ended its sending only, and received more."""
        first = self.connection.closed_first
        if first not in SIDES or first not in self.facts.fins:
            return
        side: Side = "client" if first == "client" else "server"
        fin = self.facts.fins[side]
        came = [
            s for s in self.segments
            if s.side != side and s.payload and s.at(side) > fin.ts_ns and s.fate not in ("lost", "unsent")
            and s.retransmission_of is None
        ]  # fmt: skip
        asked = programs.calls(self.connection, side, ("shutdown",), fin.ts_ns + 1_000_000)
        read_on = closes.read_on(self.connection, fin)
        if read_on:
            yield "half-taken", {"side": side, "bytes": words.amount(sum(s.payload for s in read_on), self.lang)}
        elif came and any("SHUT_WR" in call.text for call in asked):
            bytes_ = words.amount(sum(s.payload for s in came), self.lang)
            yield "half", {"side": side, "bytes": bytes_}

    def _refused_calls(self) -> Iterator[Said]:
        """Calls that failed though nothing was wrong with the connection."""
        for side in SIDES:
            for call in self.connection.calls:
                if call.side != side or not programs.failed(call) or call.errno not in programs.DEAD:
                    continue
                shut = programs.calls(self.connection, side, ("shutdown",), call.t_ns)
                own = [one for one in shut if one.fd == call.fd]
                if call.call in programs.SENDS and any(re.search("SHUT_(WR|RDWR)", one.text) for one in own):
                    yield "own-shutdown", {"side": side, "call": call.call, "errno": call.errno}
                    return

    def _elsewhere(self) -> Iterator[Said]:
        """Calls that failed because this connection still occupies its addresses, and the option that helped."""
        for call in self.connection.calls:
            if call.errno in ("EADDRNOTAVAIL", "EADDRINUSE"):
                meaning = self.say(f"errno-{call.errno}")
                values = {"side": call.side, "call": call.call, "errno": call.errno, "meaning": meaning}
                port = self._only_port(call)
                yield ("occupied", values) if port is None else ("occupied-port", {**values, "port": port})
                if any(
                    programs.reuses_address(self.connection, one) for one in programs.bound(self.connection, call.t_ns)
                ):
                    yield "reuse-address", {}
                return

    def _only_port(self, call: Call) -> int | None:
        """The port of this connection, where it is the only one that a connect to the same address may use."""
        one = self.connection
        if call.call != "connect" or call.side != "client" or not call.text.endswith(f" {one.server})"):
            return None
        rule = re.compile(r"client: sysctl .*ip_local_port_range ?= ?(\d+)\s+(\d+)")
        asked = [found for step in one.steps if step.t_ns <= call.t_ns and (found := rule.match(step.text))]
        return one.client.port if asked and {int(asked[-1][1]), int(asked[-1][2])} == {one.client.port} else None

    def _replaced(self) -> Iterator[Said]:
        """A new connection took its endpoints before TIME_WAIT was over."""
        if self.connection.replaced_by is not None:
            yield "replaced", {"n": self.connection.replaced_by}

    def _replaces(self) -> Iterator[Said]:
        """It began in the TIME_WAIT of another one, at the client with leave (tcp_tw_reuse)."""
        if self.connection.replaces is not None:
            number, side = self.connection.replaces
            allowed = any(re.match(rf"{side}: sysctl .*tcp_tw_reuse ?= ?[12]\b", s.text) for s in self.connection.steps)
            key = "replaces-own" if side == "client" else "replaces"  # RFC 6191 is of who is sent such a SYN
            yield "replaces-allowed" if allowed else key, {"n": number, "side": side}

    def _same_socket(self) -> Iterator[Said]:
        """Its socket had been, or was to be, another connection's: connected to nothing, then anew."""
        for key, told in (
            ("socket-before", self.connection.socket_before),
            ("socket-after", self.connection.socket_after),
        ):
            if told is not None:
                yield key, {"side": told[0], "port": told[1].rpartition(":")[2]}

    def _bound_again(self) -> Iterator[Said]:
        """Whether the address was free after a RST had come to its TIME_WAIT, as a program found out."""
        for call in self.connection.calls:
            if self.told is not None and call.call == "bind" and call.t_ns > self.told.ts_ns:
                errno = call.errno or ""
                key = "bind-failed" if errno == "EADDRINUSE" else "bind-free" if not errno else ""
                if key:
                    yield key, {"side": call.side, "errno": errno}
                    return
        yield "unseen", {}

    def _delivered(self) -> Iterator[Said]:
        """A program had gone, or closed, when its kernel still sent what it had written."""
        for side in SIDES:
            closes = programs.calls(self.connection, side, ("close",), 2**63)
            gone = [call.t_ns for call in closes if not call.on_listener]
            gone += [end.t_ns for end in self.connection.exits if end.side == side]
            late = [
                s for s in self.segments
                if s.side == side and s.payload and s.retransmission_of is None and gone and s.ts_ns > min(gone)
            ]  # fmt: skip
            if late:
                key = "delivered" if programs.calls(self.connection, side, ("close",), min(gone)) else "delivered-dead"
                values = {"side": side, "bytes": words.amount(sum(s.payload for s in late), self.lang)}
                queued = self._queued_fin(side, late[-1])
                yield (key, values) if queued is None else (f"{key}-queued", {**values, "time": words.span(queued)})

    def _queued_fin(self, side: Side, last: Segment) -> int | None:
        """For how long, ns, a FIN waited behind data in FIN_WAIT_1, where that was long: it is sent in its order."""
        closing = (e.t_ns for e in self.connection.kernel if e.side == side and e.state == "FIN_WAIT_1")
        since, fin = next(closing, None), self.facts.fins.get(side)
        if since is None or fin is None or fin.ts_ns < last.ts_ns or fin.ts_ns - since < STALL_NS:
            return None
        return fin.ts_ns - since

    def _reads(self, side: Side) -> list[Call]:
        return [call for call in programs.calls(self.connection, side, programs.RECEIVES, 2**63) if call.result]

    def _urgent(self) -> Iterator[Said]:
        """An urgent byte that a program asked for with MSG_OOB: its other reads pass over it, and return the rest."""
        for side in SIDES:
            urgent = [s for s in self.segments if s.side != side and s.flags & URG and s.payload]
            came = programs.received(self.connection, side, 2**63)
            reads = self._reads(side)
            asked = [call for call in reads if "MSG_OOB" in call.text]
            if urgent and asked and came is not None and programs.amount(reads) == came - len(asked):
                plain = next((call for call in reads if call.t_ns > asked[-1].t_ns), None)
                if plain is not None:
                    yield "urgent", {"side": side, "call": asked[0].call, "other": plain.call}
                    return

    def _pushed(self) -> Iterator[Said]:
        """A program read data that came without PSH."""
        for side in SIDES:
            came = [s for s in self.segments if s.side != side and s.payload]
            reads = self._reads(side)
            if reads and came and not any(s.flags & (PSH | FIN) for s in came):
                yield "no-psh", {"side": side, "call": reads[0].call}

    def _woken(self) -> Iterator[Said]:
        """A read that was waiting when data with PSH came, and returned it: data without PSH wakes it as well."""
        for side in SIDES:
            came = next((s for s in self.segments if s.side != side and s.payload), None)
            first = next(iter(self._reads(side)), None)
            if came is None or first is None or not came.flags & PSH:
                continue
            waited = (first.until_ns or 0) - came.at(side)
            if first.t_ns < came.at(side) and 0 <= waited < STALL_NS and first.result == came.payload:
                yield "woken", {"side": side, "call": first.call}

    def _all_read(self) -> Iterator[Said]:
        """An end wrote more than once, and every byte was read: no write came to an end that was gone."""
        for side in SIDES:
            writes = [c for c in programs.calls(self.connection, side, programs.SENDS, 2**63) if c.result]
            if len(writes) > 1 and programs.amount(self._reads(other(side))) == programs.amount(writes):
                key = "both-read" if len(writes) == 2 else "all-read"
                yield key, {"side": side, "peer": other(side), "n": words.number(len(writes))}

    def _answered_first(self) -> Iterator[Said]:
        """The client's connect had returned when the server's program called accept, on a connection without data."""
        calls = self.connection.calls
        connect = next((c for c in calls if c.side == "client" and c.call == "connect" and c.result == 0), None)
        accept = next((c for c in calls if c.side == "server" and c.call in programs.ACCEPTS), None)
        if connect is None or accept is None or not any(self._no_data()):
            return
        if connect.until_ns is not None and connect.until_ns < accept.t_ns:
            yield "answered-first", {"call": accept.call}

    def _low_water(self) -> Iterator[Said]:
        """A read that waited for as many bytes as SO_RCVLOWAT asks for, though data was there."""
        for side in SIDES:
            asked = timers.number(self.connection, side, "SO_RCVLOWAT")
            came = next((s for s in self.segments if s.side != side and s.payload), None)
            for call in self._reads(side)[:1]:
                waited = 0 if came is None or call.until_ns is None else call.until_ns - max(call.t_ns, came.at(side))
                if asked and waited >= STALL_NS:
                    values = {"side": side, "call": call.call, "time": words.span(waited), "n": words.number(asked)}
                    pushed = came is not None and came.flags & PSH
                    yield "low-water-psh" if pushed else "low-water", values

    def _shut_reading(self) -> Iterator[Said]:
        """A program that had shut down its reading read all the same."""
        for side in SIDES:
            asked = programs.calls(self.connection, side, ("shutdown",), 2**63)
            at = next((call.t_ns for call in asked if re.search(r"SHUT_RD\b", call.text)), None)
            late = [call for call in self._reads(side) if at is not None and call.t_ns > at]
            if late:
                bytes_ = words.amount(late[0].result or 0, self.lang)
                yield "shut-reading", {"side": side, "call": late[0].call, "bytes": bytes_}

    def _listener(self) -> Iterator[Said]:
        """The listener was closed while the connection was in use."""
        own = [call for call in self.connection.calls if call.call == "close" and call.on_listener]
        last = max((s.ts_ns for s in self.segments if s.payload), default=0)
        if any(call.t_ns < last for call in own):
            yield "listener", {}

    def _limit(self) -> Iterator[Said]:
        """The limit that was set for how long data may go unanswered, and from when it counted."""
        found = self.facts.limit
        if found is not None:
            key = f"limit-{found.option}"
            if found.since is not None:
                key += "-try" if found.nth else "-probe"
            yield key, {
                "side": found.side, "value": found.value, "time": words.span(found.ns), "n": found.nth,
                "nth": words.nth(found.nth),
            }  # fmt: skip

    def _not_told(self) -> Iterator[Said]:
        """One end gave up without a RST; the other's kernel still has the connection."""
        event = given_up.gave_up(self.connection)
        if event is None or self.ending != "timed-out" or self.connection.resets:
            return
        peer = other(event.side)
        states = [one for one in self.connection.kernel if one.side == peer and one.kind == "state"]
        if states and states[-1].state == "ESTABLISHED":
            yield "not-told", {"peer": peer}


def afterwards(connection: Connection, told: Reset, named: Call | None) -> tuple[list[Call], list[Call]]:
    """The calls of the RST's receiver once it had come: before the one that the verdict names, and after it."""
    peer = other(told.sender)
    came = programs.came_ns(connection, told)
    words_of = (*programs.SENDS, *programs.RECEIVES, "getsockopt", "connect")
    own = [
        call for call in connection.calls
        if call.side == peer and call.call in words_of and call.t_ns > came and call.until_ns is not None
        and call.errno != "EBADF"
        and (programs.named_error(call) or call.says == "EOF" or call.call in programs.RECEIVES)
    ]  # fmt: skip
    if named is None or named not in own:
        return [], [call for call in own if named is None or call.t_ns > named.t_ns]
    at = own.index(named)
    return own[:at], own[at + 1 :]
