"""One segment as an arrow: its label, its numbers, what became of it, and the states that it led to."""

from __future__ import annotations

import re
from collections import Counter

from .....analyze.findings.ended import MOMENT_NS
from .....analyze.findings.tries import RTO_NS
from .....analyze.firewalls import walled
from .....analyze.matching import space
from .....analyze.numbers import known_isn
from .....analyze.programs import came_ns, left_ns
from .....analyze.story import ACK, FIN, RST, SYN, URG, IcmpError, Reset, Segment
from .....analyze.windows import FULL
from .... import tcp_options, words
from ....scene import Arrow, Header, Kind, Side, State, other
from ....tcpdump import letters
from ....visible import visible
from .arrivals import unarrived
from .ending import Ending
from .facts import MOST_CROSSED, Facts, Part, overtakes


def _kind(segment: Segment) -> Kind:
    if segment.flags & RST:
        return "rst"
    if segment.flags & SYN:
        return "syn"
    if segment.flags & FIN:
        return "fin"
    return "data" if segment.payload else "ack"


class Arrows(Part):
    """Makes the arrows of the segments that are drawn."""

    def __init__(self, facts: Facts, ending: Ending, shown: set[int]) -> None:
        super().__init__(facts)
        self.ending = ending
        self.shown = shown  # frames that are drawn
        self.unarrived = unarrived(facts, shown)

    def arrow(self, segment: Segment, states: dict[Side, str], tries: Counter[int]) -> Arrow:
        original = segment.retransmission_of if segment.retransmission_of is not None else segment.frame
        tries[original] += 1
        count = tries[original]
        label = self._label(segment)
        shorter: tuple[str, ...] = ()
        if segment.retransmission_of is not None and segment.frame not in self.facts.made_copies:
            label, shorter = self._again(segment, max(2, count))
            if segment.frame in self.facts.loss_probes:
                label, shorter = self.say("loss-probe", label=label), (label, *shorter)
        elif "MSS" in label:
            shorter = (re.split("(?:, |，)MSS", label)[0],)
        elif " (M" in label or " (N" in label:
            shorter = (label.split("  (")[0],)
            if segment.payload:  # what M and N are is said nowhere else
                bytes_ = words.amount(segment.payload, self.lang)
                shorter = (label.replace(self.say("data", bytes=bytes_), bytes_), *shorter)
        if self.facts.both or segment.frame in self.facts.crossed:  # its label may have little room
            shorter = (*shorter, *self._plainer(segment))
        often = self._often(segment, label)
        if often is not None:
            label, shorter = often, (label, *shorter)
        if segment.frame in self.facts.challenges:
            shorter = (label, *shorter)
            label = self.say("challenge-ack", label=label)
        closed = self._window_label(segment)
        if closed is not None:
            shorter = (label, *shorter)
            label = self.say(closed, label=label, n=segment.window)
        held = self._held(segment) if closed != "window-open" else None  # opened by its program, which read
        if held is not None:
            shorter = (*(self.say("delayed-ack", label=form, held=held) for form in shorter), label, *shorter)
            label = self.say("delayed-ack", label=label, held=held)
        detail, shorter_details = self._detail(segment)
        late = segment.flags & RST and not self.facts.both and states[other(segment.side)] == "CLOSED"
        sender, receiver = self._entered(segment, states)
        reset = next((r for r in self.connection.resets if r.frame == segment.frame), segment.reset)
        told = reset is not None and self.told is not None and reset.frame == self.told.frame
        if reset is not None and self._echoes(reset) and not told:
            label = self.say("rst-again", label=label)
        ignored = None
        came = segment.fate != "lost" and segment.frame not in self.unarrived
        if reset is not None and reset.accepted is False and came:
            why = (reset.why_not_accepted or "") if self.facts.timed else ""
            key = f"why-{why}"
            if why:
                ignored = self.say("ignored-why", why=self.say(key) if words.has(key) else visible(why))
            else:
                ignored = self.say("ignored")
        if reset is None and late and came:  # one of several alike: nothing was left that it could end
            ignored = self.say("ignored")
        doubtful = reset is not None and reset.accepted is False and reset.signs
        from_path = reset is not None and told and (self.connection.ended_by == "path" or reset.forged or doubtful)
        from_host = reset is not None and self.facts.ended.from_host(reset)
        from_path = (from_path and not from_host) or segment.fate == "unsent" or segment.frame in self.facts.foreign
        copy, stray = segment.frame in self.facts.made_copies, segment.fate == "unsent" and segment.seen is None
        proved = segment.fate == "unsent" or (reset is not None and reset.forged)
        sure = "-tcp" if stray else "" if proved else "-likely"
        if copy:
            bytes_ = words.amount(segment.payload, self.lang)
            plain = (self.say("copy-plain", bytes=bytes_), self.say("copy-made"))
            label, shorter = (self.say("copy", bytes=bytes_), plain) if segment.payload else (label, ())
        if told and self.facts.proof is not None and self.facts.proof.key.startswith("time-wait-kept"):
            ignored, receiver = self.say("ignored"), None
        unanswered, shorter_unanswered = self._no_answer(segment)
        because, shorter_because = self._because(segment)
        return Arrow(
            frame=segment.frame,
            t_ns=segment.ts_ns - self.facts.start_ns,
            side=segment.side,
            kind=_kind(segment),
            flags=letters(segment.flags),
            label=label,
            detail=detail if self.facts.timed else "",
            shorter_labels=shorter,
            shorter_details=shorter_details if self.facts.timed else (),
            sender_state=None if from_path or from_host else sender,
            receiver_state=receiver,
            retransmission_of=None if copy else segment.retransmission_of,
            unanswered=unanswered,
            shorter_unanswered=shorter_unanswered,
            ignored=ignored,
            shorter_ignored="" if ignored is None else self.say("ignored"),
            origin=0.38 if from_path or copy else 0.0,
            origin_note=self.say(f"not-from{sure}", side=segment.side)
            if from_path
            else self.say("copy-on-the-way")
            if copy
            else None,
            shorter_origin_note=self.say("copy-made") if copy else self.say(f"not-its-own{sure}", side=segment.side),
            crosses=self.facts.crossing.get(segment.frame),
            arrives_ns=self._arrives_ns(segment),
            arrival_inferred=self._came_late(segment) is not None,
            lost=segment.fate == "lost",
            dropped=self._dropped_there(segment),
            because=because,
            shorter_because=shorter_because,
            took=self._took(segment),
            on_the_way=self._on_the_way(segment),
            held=held,
            copy=copy,
            copies=self.facts.copies[segment.frame] + 1,
            why=self.ending.why(segment, reset) if told and reset is not None else None,
            header=self._header(segment),
        )

    def _arrives_ns(self, segment: Segment) -> int | None:
        """When it arrived, where that is known; at the latest, where its receiver's ACKs tell that it came late."""
        late = self._came_late(segment)
        if late is not None:
            return late.ts_ns - self.facts.start_ns
        known = segment.fate == "arrived" and segment.arrived_ns
        return segment.arrived_ns - self.facts.start_ns if known and segment.arrived_ns else None

    def _came_late(self, segment: Segment) -> Segment | None:
        """What a segment drew that came late, where that is drawn, too: the ACK, or the RST of an end that was gone."""
        ack = self.facts.overtaken.get(segment.frame) or self.facts.after_reset.get(segment.frame)
        return ack if ack is not None and ack.frame in self.shown else None

    def _held(self, ack: Segment) -> str | None:
        """For how long an ACK was held back, where it was: whole milliseconds, as timers are set."""
        if ack.frame not in self.facts.delayed or not self.facts.timed:
            return None
        milliseconds = round(self.facts.delayed[ack.frame] / 1_000_000)
        return self.say("delayed", time=words.span(milliseconds * 1_000_000))

    def _often(self, segment: Segment, label: str) -> str | None:
        """The label with how often the way delivered it, or the capture holds it; None: the subtitle says it of all."""
        everywhere = len(self.facts.copies) >= len(self.segments)
        if segment.deliveries > 1:
            if self.facts.all_delivered is not None:
                return None
            key = "delivered-twice" if segment.deliveries == 2 else "delivered-n"
            return self.say(key, label=label, n=segment.deliveries)
        if segment.frame not in self.facts.copies or everywhere:
            return None
        return self.say("captured-n", label=label, n=self.facts.copies[segment.frame] + 1)

    def _echoes(self, reset: Reset) -> bool:
        """Whether a RST is another one again, and not the answer to another segment."""
        first = next((one for one in self.connection.resets if one.frame == reset.echo_of), None)
        if first is None:
            return False
        return reset.answers_frame is None or reset.answers_frame == first.answers_frame

    def _because(self, segment: Segment) -> tuple[str | None, tuple[str, ...]]:
        """Why a RST was sent: what it answers, or what its socket gave up for; in fewer words.

        Of the one with the callout, which tells it at length, only that it answers what has no arrow of its own.
        """
        reset = segment.reset
        if reset is None or reset.forged or reset.unsent or not self.facts.timed:
            return None, ()
        told = self.told is not None and reset.frame == self.told.frame
        trigger = self.facts.by_frame.get(reset.answers_frame or -1)
        again = trigger is not None and self._answers_copy(segment, trigger)
        if told and not again:
            return None, ()
        if reset.shape == "active":
            because = self.ending.given_up_for(reset)
            unknown = because[0] is None and reset.kernel_reason is None and not reset.signs
            unknown = unknown and segment.frame not in self.facts.crossed  # there words have little room
            return (self.say("of-its-own"), ()) if unknown else because
        if trigger is None:
            return None, ()
        answered = self.facts.named(trigger.frame)
        if _kind(trigger) == "ack" and not trigger.keepalive:
            answered = self._ack_label(trigger)
        bare: tuple[str, ...] = ()
        if sum(s.side == trigger.side and s.payload == trigger.payload for s in self.segments) > 1 and trigger.payload:
            seq = self.facts.numbers.seq(trigger)
            answered = self.say("range", range=f"{seq}:{(seq + trigger.payload) % 2**32}")
            bare = (self.say("answers", trigger=f"{seq}:{(seq + trigger.payload) % 2**32}"),)
        keys = ["answers-again", "answers-copy"] if again else ["answers"]
        keys = ["answers-no-socket", "answers"] if reset.kernel_reason == "NO_SOCKET" else keys
        keys = ["answers-after-rst", *keys] if self._ended_before(reset) else keys
        plain = answered.partition(" (")[0].partition("（")[0]  # without its bytes
        return self.say(keys[0], trigger=answered), (*(self.say(key, trigger=plain) for key in keys), *bare)

    def _answers_copy(self, reset: Segment, trigger: Segment) -> bool:
        """Whether it answers a segment that the way delivered once more: the last deliveries drew the answers."""
        answers = [s.frame for s in self.segments if s.reset and s.reset.answers_frame == trigger.frame]
        return trigger.deliveries - len(answers) + answers.index(reset.frame) > 0

    def _ended_before(self, reset: Reset) -> bool:
        """Whether a RST had come to this one's sender before, and ended its socket."""
        return any(
            one.sender == other(reset.sender)
            and one.accepted is True
            and came_ns(self.connection, one) < left_ns(self.connection, reset)
            for one in self.connection.resets
        )

    def icmp(self, error: IcmpError, quoted: Segment) -> Arrow:
        """An ICMP error as an arrow to the end whose segment it quotes; from the other end, if that is its sender."""
        side = other(error.to)
        peer = self.connection.server if side == "server" else self.connection.client
        what = self.say(f"icmp-{error.what}")
        if error.mtu is not None:
            what = self.say("icmp-mtu", what=what, n=error.mtu)
        kind = f"type {error.type} code {error.code}"
        quotes = self.say("icmp-quotes", type=error.type, code=error.code, seq=self._quoted(quoted))
        away = error.sender != peer.address
        said = self.say("icmp-from", address=visible(error.sender)) if away else None
        return Arrow(
            frame=error.frame,
            t_ns=error.ts_ns - self.facts.start_ns,
            side=side,
            kind="icmp",
            flags="ICMP",
            label=what,
            detail=quotes if self.facts.timed else "",
            shorter_details=(kind, "") if self.facts.timed else (),
            origin=0.38 if away else 0.0,
            origin_note=said,
            arrives_ns=None if error.arrived_ns is None else error.arrived_ns - self.facts.start_ns,
        )

    def _quoted(self, segment: Segment) -> int:
        return segment.seq if segment.flags & SYN else self.facts.numbers.seq(segment)

    def _plainer(self, segment: Segment) -> tuple[str, ...]:
        """The shortest forms of a label, for an arrow that others cross."""
        if segment.payload:
            return words.amount(segment.payload, self.lang), f"{segment.payload} B"
        plain = self._label(segment).partition(", ")[0].partition("  (")[0]
        return (
            (plain,) if segment.retransmission_of is None else (self.say("again", label=plain), self.say("sent-again"))
        )

    def _header(self, segment: Segment) -> Header:
        tcp = segment.header
        peer = self.facts.numbers.server if segment.side == "client" else self.facts.numbers.client
        return Header(
            seq=segment.seq,
            ack=segment.ack,
            length=segment.payload,
            window=int.from_bytes(tcp[14:16]) if len(tcp) >= 16 else segment.window,
            urgent=int.from_bytes(tcp[18:20]),
            options=tcp_options.written(tcp, peer),
            ttl=segment.ttl,
            ip_id=segment.ip_id,
            flow_label=segment.flow_label,
            bad_checksum=segment.checksum == "bad",
        )

    def _took(self, segment: Segment) -> str | None:
        """How long it was on its way, where that was longer than usual, or where another passed it.

        Not where all took about as long: the subtitle says it.
        """
        if segment.fate != "arrived" or segment.arrived_ns is None or not self.facts.timed or self.facts.ways_alike:
            return None
        took = segment.arrived_ns - segment.ts_ns
        usual = self._usual(segment.side) or took
        said = took > 2 * usual or (self._passed(segment) and not self._as_before(segment, took))
        return self.say("arrives", time=words.span(took)) if took >= MOMENT_NS and said else None

    def _usual(self, side: Side) -> int | None:
        """The shortest way of a packet from this end; by one clock from either: this one may have sent one only."""
        there = self.connection.other_end
        if there is None:
            return None
        ways = there.way_ns if there.clock.same else (there.way_ns[0 if side == "client" else 1],)
        return min((way for way in ways if way is not None), default=None)

    def _passed(self, segment: Segment) -> bool:
        """Whether another passed it on the way."""
        return segment.frame in self.facts.crossed or bool(self._overtaking(segment))

    def _as_before(self, segment: Segment, took: int) -> bool:
        """Whether the one that its end had sent before was passed, too, and took about as long: that is said there."""
        place = self.facts.position[segment.frame]
        before = (s for s in reversed(self.segments[max(0, place - MOST_CROSSED) : place]) if s.side == segment.side)
        one = next((s for s in before if s.fate == "arrived" and s.arrived_ns is not None), None)
        if one is None or one.arrived_ns is None or not self._passed(one):
            return False
        return abs(one.arrived_ns - one.ts_ns - took) * 5 <= took

    def _overtaking(self, segment: Segment) -> list[int]:
        """The frames that left after it and arrived before it."""
        return [s.frame for s in self._following(segment) if s.side == segment.side and overtakes(segment, s)]

    def _on_the_way(self, segment: Segment) -> tuple[str, ...]:
        """What its own times say beyond the usual: how long it took, and what it crossed or what overtook it."""
        took, later = self._took(segment), self._overtaking(segment)
        said = [took] if took else []
        said += [self.say("overtaken", what=self.facts.named(later[-1]))] if later else []
        crossed = self.facts.crossing.get(segment.frame)
        if crossed is not None and crossed in self.shown:
            said.append(self.say("crosses", what=self.facts.named(crossed)))
        if segment.flags & RST and segment.reset is not None and self.facts.ended.from_host(segment.reset):
            said.append(self.say("not-its-tcp", side=segment.side))
        said += [self._came_twice(segment, *segment.d_sack)] if segment.d_sack is not None else []
        said += [self.say("no-answer")] if self._unheard(segment) else []
        dropped = self._dropped_there(segment)
        said += [dropped] if dropped else []
        return tuple(said)

    def _came_twice(self, ack: Segment, left: int, right: int) -> str:
        """What a D-SACK reports: a copy of what had come; or numbers that two different segments used."""
        for copy in self.segments[: self.facts.position[ack.frame]]:
            made = copy.frame in self.facts.made_copies or copy.deliveries > 1
            if (
                (made or copy.retransmission_of is not None)
                and copy.side != ack.side
                and not copy.flags & SYN
                and (left - copy.seq) % 2**32 < space(copy)
            ):
                return self.say("came-twice-copy" if made else "came-twice")
        base = self.facts.numbers.server if ack.side == "client" else self.facts.numbers.client
        return self.say("came-twice-range", range=f"{(left - base) % 2**32}:{(right - base) % 2**32}")

    def _dropped_there(self, segment: Segment) -> str | None:
        """That a segment arrived, by the capture there, and that its receiver's TCP never took it."""
        if self._rejected(segment):
            return self.say("rejected-there", side=other(segment.side))
        if self._dropped(segment):
            proof = self.facts.proof
            return self.say("dropped-queue" if proof is None or proof.certainty == "proved" else "dropped-queue-likely")
        given_up = self.connection.ending in ("unanswered", "timed-out") and segment.frame in self.facts.unanswered
        there = segment.fate == "arrived" and segment.frame not in self.facts.icmp
        return self.say("dropped-there", side=other(segment.side)) if given_up and there else None

    def _rejected(self, segment: Segment) -> bool:
        """Whether its receiver's firewall answered it, by a rule that a step had given it."""
        if segment.fate != "arrived" or not self.connection.steps:
            return False
        peer = other(segment.side)
        error = self.facts.icmp.get(segment.frame)
        if error is not None:
            end = self.connection.server if peer == "server" else self.connection.client
            return error.sender == end.address and walled(self.connection, peer, "icmp", error.ts_ns)
        answers = (one for one in self.connection.resets if one.answers_frame == segment.frame and one.sender == peer)
        return any(self.facts.ended.origin(one) == "-firewall" for one in answers)

    def _dropped(self, segment: Segment) -> bool:
        """Whether the server's kernel had no room for the connection yet when this segment came to it."""
        head = self.connection.verdicts[0].code if self.connection.verdicts else None
        if segment.side != "client" or segment.flags & (SYN | RST) or segment.fate != "arrived":
            return False
        if self.facts.proof is not None and self.facts.proof.key.startswith("closed-queued"):
            opened = min(e.t_ns for e in self.connection.kernel if e.side == "server" and e.state == "ESTABLISHED")
            came = [s.at("server") for s in self.connection.segments if s.side == "client" and s.fate == "arrived"]
            return segment.at("server") < max(t_ns for t_ns in came if t_ns <= opened)  # the last one was let in
        refused = self.told is None or segment.frame != self.told.answers_frame
        return head == "accept-queue-full" and refused and not self._called_accept()

    def _called_accept(self) -> bool:
        return any(call.call.startswith("accept") and not call.on_listener for call in self.connection.calls)

    def _window_label(self, segment: Segment) -> str | None:
        """What an ACK says of its sender's window, where it closes or opens."""
        if _kind(segment) != "ack" or segment.flags & RST:
            return None
        if segment.window == 0:
            return "window-closed"
        if self.facts.windows.small(segment):
            return "window-small"
        before = (
            s for s in reversed(self.segments[: self.facts.position[segment.frame]])
            if s.side == segment.side and not s.flags & RST
        )  # fmt: skip
        earlier = next(before, None)
        opens = earlier is not None and self.facts.windows.small(earlier) and segment.window > FULL
        return "window-open" if opens else None

    def _following(self, segment: Segment) -> list[Segment]:
        place = self.facts.position[segment.frame]
        return self.segments[place + 1 : place + 1 + MOST_CROSSED]

    def _no_answer(self, segment: Segment) -> tuple[str | None, str]:
        if segment.fate == "lost":
            return self._lost(segment), self.say("lost-on-the-way")
        if segment.fate == "arrived" or self._unheard(segment) or self._answered_by_host(segment):
            return None, ""
        gone = self.unarrived.get(segment.frame)
        if gone is not None:
            time = "" if gone.copy is None else words.span(gone.copy.ts_ns - segment.ts_ns)
            what = "" if gone.copy is None else self.facts.named(gone.copy.frame)
            said = self.say(gone.key, peer=other(segment.side), what=what, time=time)
            return said, self.say(f"{gone.key}-short")
        if segment.frame not in self.facts.unanswered:
            return None, ""
        short = self.say("no-answer")
        after = self.facts.unanswered[segment.frame]
        return (short if after is None else self.say("no-answer-rto", time=words.span(after))), short

    def _answered_by_host(self, segment: Segment) -> bool:
        """Whether an ICMP error from its receiver's own address quotes it: that it came so far is certain."""
        error = self.facts.icmp.get(segment.frame)
        end = self.connection.server if segment.side == "client" else self.connection.client
        return error is not None and error.sender == end.address

    def _unheard(self, segment: Segment) -> bool:
        """Whether it got no answer though it arrived: on loopback what is captured has."""
        made = self.facts.capture.recorded
        at_once = made is not None and made.wire == "loopback" and segment.fate is None
        return at_once and segment.frame in self.facts.unanswered

    def _lost(self, segment: Segment) -> str:
        """That it was lost, and when the same was sent again: for want of an answer, where that took so long."""
        original = segment.retransmission_of if segment.retransmission_of is not None else segment.frame
        again = next((s for s in self._following(segment) if s.retransmission_of == original), None)
        if again is None or again.ts_ns - segment.ts_ns < RTO_NS:
            return self.say("lost-on-the-way")
        return self.say("lost-again", time=words.span(again.ts_ns - segment.ts_ns))

    def _entered(self, segment: Segment, states: dict[Side, str]) -> tuple[State | None, State | None]:
        """The states that sender and receiver enter with this segment."""
        if self.facts.both:
            entered: dict[Side, State | None] = {"client": None, "server": None}
            for side in entered:
                name = self.facts.moved.get((segment.frame, side))
                if name is not None:
                    states[side] = name
                    source = self.facts.source(side, name, segment.frame)
                    entered[side] = State(
                        side=side, name=name, t_ns=segment.at(side) - self.facts.start_ns, source=source
                    )
            return entered[segment.side], entered[other(segment.side)]
        after: dict[Side, str] = {"client": segment.client_state, "server": segment.server_state}
        if self.connection.ending == "refused" and after["server"] == "CLOSED" and states["server"] == "LISTEN":
            after["server"] = "LISTEN"  # refused by another, or before its listener: that goes on
        if segment.flags & (SYN | FIN) and segment.frame in self.facts.unanswered and not segment.fate:
            after[other(segment.side)] = states[other(segment.side)]  # nothing says that it arrived
        after["server"] = self.facts.ways.settled(states["server"], after["server"])
        crossed = False
        if segment.flags & FIN:
            if segment.frame in self.facts.crossing.values():  # by the other FIN
                after = {segment.side: "FIN_WAIT_1", other(segment.side): "CLOSING"}
                crossed = True
            elif self._crosses_a_fin(segment):
                # Leaving, its sender is in FIN_WAIT_1; the first FIN, still on its way, then takes it to CLOSING.
                states[segment.side] = "FIN_WAIT_1"
                states[other(segment.side)] = "CLOSING"
                peer = other(segment.side)
                states[segment.side] = "CLOSING"
                return (
                    State(
                        side=segment.side, name="FIN_WAIT_1", source=self.facts.source(segment.side, "FIN_WAIT_1", None)
                    ),
                    State(side=peer, name="CLOSING", source=self.facts.source(peer, "CLOSING", None)),
                )
        marks: dict[Side, State | None] = {"client": None, "server": None}
        t_ns = segment.ts_ns - self.facts.start_ns
        if segment.flags & (SYN | ACK) == SYN and segment.frame in self.facts.crossing:  # the other SYN had not come
            source = self.facts.source(segment.side, "SYN_SENT", None)
            marks[segment.side] = State(side=segment.side, name="SYN_SENT", t_ns=t_ns, source=source)
        for side in ("client", "server"):
            if states[side] != after[side] and side not in self.facts.silent:
                states[side] = after[side]
                source = self.facts.source(side, after[side], None if crossed else segment.frame)
                marks[side] = State(side=side, name=after[side], t_ns=t_ns, source=source)
        return marks[segment.side], marks[other(segment.side)]

    def _crosses_a_fin(self, fin: Segment) -> bool:
        first = self.facts.crossing.get(fin.frame)
        return first is not None and bool(self.facts.by_frame[first].flags & FIN)

    def _symbol(self, side: Side) -> str | None:
        """J or K, where that side's SYN is known."""
        known = known_isn(self.connection, 0 if side == "client" else 1) is not None
        return ("J" if side == "client" else "K") if known else None

    def _label(self, segment: Segment) -> str:
        flags = segment.flags
        if flags & RST:
            return "RST+ACK" if flags & ACK else "RST"
        parts: list[str] = []
        if flags & SYN:
            own = segment.fate != "unsent" or self.facts.numbers.seq(segment) == 0
            parts.append(f"SYN {'J' if segment.side == 'client' else 'K'}" if own else "SYN")
            if flags & ACK:
                parts.append(self._ack_label(segment))
            if segment.payload:
                parts.append(self.say("data", bytes=words.amount(segment.payload, self.lang)))
            if segment.options.mss is not None:
                parts.append(f"MSS {segment.options.mss}")
            return words.listed(parts, self.lang)
        if segment.keepalive and not self._displaced(segment):
            return self.say("keepalive")
        if segment.window_probe:
            return self.say("window-probe")
        if segment.payload:
            parts.append(self.say("data", bytes=words.amount(segment.payload, self.lang)))
        if flags & FIN:
            parts.append(self._fin_label(segment))
        if parts:
            return words.listed(parts, self.lang)
        return self._ack_label(segment) if flags & ACK else self.say("no-flags")

    def _displaced(self, segment: Segment) -> bool:
        """Whether a forged segment in its sender's name came first: its own numbers only look old."""
        return any(
            s.side == segment.side and (s.fate == "unsent" or s.frame in self.facts.foreign)
            for s in self.segments[: self.facts.position[segment.frame]]
        )

    def _denies(self, segment: Segment) -> bool:
        """Whether it is the ACK by which its end denies forged data in its name: its own number says so."""
        return segment.frame in self.facts.challenges and self._displaced(segment)

    def _fin_label(self, segment: Segment) -> str:
        symbol = self.facts.fin_symbol(segment.side)
        if symbol is None:
            return "FIN"
        base = self._symbol(segment.side)
        at = (self.facts.numbers.seq(segment) + segment.payload) % 2**32
        label = f"FIN {symbol}"
        peer = other(segment.side)
        theirs = self.facts.fins.get(peer)
        if theirs is not None and theirs.frame < segment.frame and self._first_to_acknowledge(segment, theirs):
            label += f", ACK {self.facts.fin_symbol(peer)}+1"
        if base is None or not self.facts.timed or self.facts.fins[segment.side].frame != segment.frame:
            return label
        return f"{label}  ({symbol} = {base}+{at})"

    def _first_to_acknowledge(self, segment: Segment, fin: Segment) -> bool:
        """Whether it is the first of its sender's that acknowledges the FIN."""
        found = self.facts.acknowledgement(fin, self.facts.position[fin.frame])
        return found is segment

    def _ack_label(self, segment: Segment) -> str:
        peer = other(segment.side)
        at = self.facts.numbers.ack(segment)
        fin = self.facts.fins.get(peer)
        if fin is not None and fin.frame < segment.frame and segment.ack == (fin.seq + fin.payload + 1) % 2**32:
            return f"ACK {self.facts.fin_symbol(peer)}+1"
        base = self._symbol(peer)
        return "ACK" if base is None or at > 9_999_999 else f"ACK {base}+{at}" if at != 0 else f"ACK {base}"

    def _again(self, segment: Segment, count: int) -> tuple[str, tuple[str, ...]]:
        if segment.payload and not segment.flags & (SYN | FIN):
            label = self.say("same", bytes=words.amount(segment.payload, self.lang))
        else:
            plain = re.split("  \\(|(?:, |，)MSS", self._label(segment))[0]
            label = self.say("again", label=plain)
        numbered = self.say("nth-try", label=label, nth=words.nth(count), n=count)
        return (numbered, (label,)) if count > 2 else (label, ())

    def _detail(self, segment: Segment) -> tuple[str, tuple[str, ...]]:
        """What tcpdump prints, and shorter forms of it: without window, without options."""
        flags, payload = segment.flags, segment.payload
        if flags & SYN:
            acked = f" ack {segment.ack}" if flags & ACK else ""
            short = f"seq {segment.seq}{acked}"
            if segment.retransmission_of is not None:
                return short, (f"seq {segment.seq}", "")  # the same as before
            if flags & ACK:
                return short, (f"seq {segment.seq}",)
            return f"{short} win {segment.window}", (short,)
        seq, ack = self.facts.numbers.seq(segment), self.facts.numbers.ack(segment)
        if flags & RST:
            acked = f"ack {ack}" if flags & ACK else "no ACK"
            window = self._header(segment).window  # as in the header, and so in tcpdump: not scaled
            decides = f"ack {ack}" if segment.seq == 0 and flags & ACK else f"seq {seq}"
            if segment.seq == 0 and self._symbol(segment.side) is not None:  # beside numbers that count from J or K
                raw = self.say("raw", number="seq 0")
                return f"{raw}, {acked}, win {window}", (f"{raw}, {acked}", acked)
            full, short = f"seq {seq}, {acked}, win {window}", f"seq {seq}, {acked}"
            behind = self.facts.stamp_age(segment)
            if behind is not None:
                old = self.say("tsval-old", old=self.facts.age(behind, segment))
                return f"{short}, {old}", (f"seq {seq}, {old}", old)
            return full, (short, decides)
        if payload:
            short = f"seq {seq}:{(seq + payload) % 2**32}"
        elif flags & FIN or segment.keepalive or segment.window_probe or self._denies(segment):
            short = f"seq {seq}"
        else:
            short = ""
        if not flags & ACK:
            return short or f"seq {seq}", ()
        full = f"{short} ack {ack}".strip()
        shorter = (full, short) if short else (full,)
        if flags & URG:
            return f"{full}, urg {int.from_bytes(segment.header[18:20])}", shorter
        if blocks := self._sack(segment):
            some = (f"{full}, {blocks[0]} …",) if len(blocks) > 1 else ()
            return f"{full}, {' '.join(blocks)}", (*some, *shorter)
        return full, shorter[1:]

    def _sack(self, segment: Segment) -> list[str]:
        """Its SACK blocks, in relative numbers: "sack 7:13 19:25"; one that reports what came twice is a D-SACK."""
        numbers = self.facts.numbers
        base = numbers.server if segment.side == "client" else numbers.client
        told: list[str] = []
        plain = False
        for left, right in segment.options.sack:
            twice = not told and segment.d_sack is not None  # it is the first (RFC 2883, 4)
            kind = "D-SACK " if twice else "" if plain else "sack "
            plain = plain or not twice
            told.append(f"{kind}{(left - base) % 2**32}:{(right - base) % 2**32}")
        return told
