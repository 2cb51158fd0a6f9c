"""The ending in sentences: title, verdict, and why each RST was sent."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from .....analyze import programs
from .....analyze.findings.ended import LATE_DATA
from .....analyze.story import ACK, RST, SIDES, SYN, Finding, Reset, Segment
from .....analyze.story import Call as Told
from .....analyze.windows import FULL
from .... import words
from ....of_connection import by_role
from ....scene import Verdict, Why, other
from ....verdicts import sentence
from ....visible import visible
from . import happened
from .arrivals import never_took
from .facts import CROSSED, Facts, Part
from .happened import Happened

MOST_LISTED = 3  # calls behind the one that the verdict names


GO_ON = (  # findings of what ended no connection, or may not have
    "forged-syn", "forged-syn-closed", "forged-data", "forged-data-closed", "forged-data-own-close", "forgotten",
    "stray-data", "stray-segment", "foreign-data", "foreign-data-closed", "closed-queued", "closed-queued-room",
    "timed-out", "timed-out-any", "timed-out-icmp-packets",
)  # fmt: skip
FOREIGN = (
    "path",
    "refused-path",
    "refused-overtaken",
    "path-host",
    "refused-host",
    "path-firewall",
    "refused-firewall",
)  # findings: its sender's TCP did not send the RST


AGAINST = (  # evidence of verdicts, against the end in whose name a RST came
    "spoke-on", "early", "guessed-on", "other-way", "other-counter", "no-timestamps", "acks-differ",
)  # fmt: skip
MOST_EVIDENCE = 2  # of it in a callout


class Ending(Part):
    """How the connection ended, who ended it and why, in sentences: what is found of it is `facts.ended`."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.ended = facts.ended
        self.happened = Happened(facts)

    def _told(self, key: str, found: Finding) -> str:
        """A sentence with the values of what is found."""
        return sentence(key, by_role(self.facts.roles, found.values), self.lang)

    def title(self) -> str:
        if self.facts.proof is not None and words.has(f"title-{self.facts.proof.key}"):
            key = f"title-{self.facts.proof.key}"
            own = self._user_timeout() and words.has(f"{key}-user")
            return self._told(f"{key}-user" if own else key, self.facts.proof)
        headline, ignored = self.ended.headline(), self.ended.ignored()
        if ignored is not None:
            return self._told(f"title-{ignored.key}", ignored)
        if headline is not None:
            return sentence(f"headline-{headline.code}", by_role(self.facts.roles, headline.values), self.lang)
        key, values = self.ended.finding()
        if key in ("path", "refused-path") and self.told is not None and not (self.told.forged or self.told.unsent):
            key += "-likely"
        after = self.ended.heard()
        if key == "after-close" and self.told is not None:
            peer = other(self.told.sender)
            if any(end.side == peer and end.signal == "SIGPIPE" for end in self.connection.exits):
                key = "after-close-sigpipe"
            elif after is not None and programs.failed(after) and programs.named_error(after) == "EPIPE":
                key = "after-close-epipe"
            elif self._may_have_shut_down(self.told):
                key = "after-close-or-shut"
        elif key == "unknown-connection" and self.told is not None and self.ended.no_socket(self.told):
            key = "no-socket-forgot" if self.ended.forgot(self.told) else "no-socket"
            key += "-listener" if self.ended.forgot(self.told) and self.told.kernel_reason != "NO_SOCKET" else ""
        elif key == "destroyed" and self.told is not None and self.ended.killed_by_ss(self.told):
            key = "destroyed-ss"
        elif key == "timed-out":
            key += "-user" if self._user_timeout() else ""
            key += {"lost": "-lost", "arrived": "-dropped"}.get(self.happened.fate_of_the_tries() or "", "")
        ordinary = key == "open" or (key == "closed" and not self.connection.resets)
        on_the_way = self.happened.title() if ordinary else None
        return on_the_way or sentence(f"title-{key}", by_role(self.facts.roles, values), self.lang)

    def _user_timeout(self) -> bool:
        """Whether a program's TCP_USER_TIMEOUT was what its kernel gave up for."""
        return self.facts.limit is not None and self.facts.limit.option == "TCP_USER_TIMEOUT"

    def _first_told(self) -> Told | None:
        """The call in which a program heard of it: the other end's, or else that of the RST's sender itself."""
        told, after = self.told, self.ended.heard()
        if told is not None and (after is None or told.kernel_reason == "TCP_KEEPALIVE_TIMEOUT"):
            return programs.consequence(self.connection, told.sender, self._left(told)) or after
        return after

    def _then(self) -> str:
        """What followed for the other program: the error that it was told, or the signal that killed it."""
        told, after = self.told, self._first_told()
        if self.connection.ending == "closed" or (told is not None and told.accepted is False):
            return ""
        said = ""
        if after is not None:
            errno = programs.named_error(after) or ""
            known = words.has(f"errno-{errno}") and not (errno == "EPIPE" and self.ended.finding()[0] == "after-close")
            meaning = self.say(f"errno-{errno}") if known else ""
            if programs.failed(after) and after.says:
                known, meaning = True, visible(after.says)  # what a virtual machine made of it
            key = "failed" if programs.failed(after) else "said"
            known = known and self.ended.cut() is None  # there is no room for everything
            between: list[Told] = []
            if told is not None and key == "failed" and self._wrote_before(told, after):
                between = self._meanwhile(told, after)
                key = "later-failed" if between else "next-failed"
            at = None if told is None else self._came(told) if after.side != told.sender else self._left(told)
            key = ("then-" if at is not None and after.t_ns > at else "") + key + ("" if known else "-plain")
            woken = self._woken(after)
            if woken and key.startswith("then-failed"):
                key = key.replace("then", "then-woken")
            elif told is not None and after.side == told.sender and errno == "ECONNRESET" and "then-failed" in key:
                key = key.replace("then", "then-own")  # no RST came: its kernel sent one
            said = self.say(
                key, peer=after.side, call=self._written(between[0] if between else after), errno=errno,
                meaning=meaning, result=words.number(between[0].result or 0) if between else "", **woken,
            )  # fmt: skip
        if told is None:
            return said
        peer = other(told.sender)
        for end in self.connection.exits:
            if end.side == peer and end.signal == "SIGPIPE" and end.t_ns >= self._left(told):
                return self.say("then-killed", peer=peer, signal=end.signal)
        return said

    def _written(self, call: Told) -> str:
        """A call's name; of a write of nothing, which tells of the socket all the same, that too."""
        return self.say("call-empty", call=call.call) if re.search(r"\b0 bytes\b", call.text) else call.call

    def _woken(self, after: Told) -> dict[str, str]:
        """The write that waited for room in the other end's window when the RST came: how much it had handed over."""
        told = self.told
        if told is None or after.side == told.sender or after.call not in programs.SENDS:
            return {}
        came = self._came(told)
        acks = [s for s in self.segments if s.side == told.sender and s.at(after.side) < came and s.flags & ACK]
        if not acks or not self.facts.windows.small(acks[-1]):
            return {}
        for call in programs.calls(self.connection, after.side, (after.call,), came):
            asked = re.search(r"\b([\d,]+) bytes\b", call.text)
            wanted = int(asked[1].replace(",", "")) if asked is not None else 0
            if call is not after and call.t_ns < came <= (call.until_ns or 0) and 0 < (call.result or 0) < wanted:
                counts = {"window": acks[-1].window, "n": call.result or 0, "m": wanted}
                return {name: words.number(count) for name, count in counts.items()}
        return {}

    def _went_on(self, told: Reset) -> str:
        """Whose the RST was, as far as that is proved, and how the connection ended instead."""
        said = self.say("ignored-not-sent", side=told.sender) if told.unsent or told.forged else ""
        first = self.connection.closed_first
        if self.connection.ending == "closed" and first in ("client", "server"):
            return said + self.say("went-on-closed", side=first)
        return said + self.say("went-on")

    def _heard(self) -> str:
        """What the RST's receiver's calls returned, in their order: error and end of file are the programs' riddle."""
        told, named = self.told, self.ended.heard()
        if self.connection.ending != "reset" or told is None or told.accepted is False:
            return self._then()
        if self.facts.proof is not None and self.facts.proof.key == "path-both":
            return self._heard_by_both()
        peer = other(told.sender)
        before, later = happened.afterwards(self.connection, told, named)
        if named is None:
            ends = [call for call in later if call.says == "EOF"]
            before, later = (ends[:1], []) if len(ends) == len(later) else ([], later)
        eof = next((call for call in before if call.says == "EOF"), None)
        said, then = "" if eof is None else self.say("after-eof", peer=peer, call=eof.call), self._then()
        first = self._first_told()
        said = then + said if eof is not None and first is not None and first.t_ns < eof.t_ns else said + then
        if named is not None and named.errno == "EPIPE" and "MSG_NOSIGNAL" in named.text and not named.signals:
            said += self.say("after-no-signal")
        elif named is not None and named.errno == "EPIPE" and programs.ignores_sigpipe(self.connection, named):
            said += self.say("after-ignored")
        closed = programs.calls(self.connection, peer, ("close",), 2**63)
        bad = [call for call in self.connection.calls if call.side == peer and call.errno == "EBADF"]
        if closed and bad and bad[-1].t_ns > closed[0].t_ns:
            said += self.say("after-close", peer=peer)
        listed = list(dict.fromkeys(self._returned(call) for call in later))[:MOST_LISTED]
        if listed:
            calls = ("、" if self.lang == "zh" else ", ").join(listed)
            said += self.say("after-list" if named is not None else "after-list-alone", peer=peer, calls=calls)
        if self.ended.finding()[0] in ("destroyed", "disconnect"):  # its own program hears of it, too
            own = programs.consequence(self.connection, told.sender, self._left(told))
            if own is not None and own is not first and programs.failed(own):
                meaning = self.say(f"errno-{own.errno}") if words.has(f"errno-{own.errno}") else ""
                key = "own-failed" if meaning else "own-failed-plain"
                said += self.say(key, side=told.sender, call=own.call, errno=own.errno, meaning=meaning)
        return said

    def _heard_by_both(self) -> str:
        """What the first call that failed at each end returned."""
        heard = [programs.consequence(self.connection, side, self.connection.first_ns) for side in SIDES]
        errors = [(call.call, programs.named_error(call) or "") for call in heard if call is not None]
        if len(errors) == 2 and errors[0] == errors[1] and words.has(f"errno-{errors[0][1]}"):
            call, errno = errors[0]
            return self.say("both-failed", call=call, errno=errno, meaning=self.say(f"errno-{errno}"))
        return "".join(
            self.say("failed-plain", peer=call.side, call=call.call, errno=programs.named_error(call))
            for call in heard if call is not None
        )  # fmt: skip

    def _returned(self, call: Told) -> str:
        """A call with what it returned: read = EOF."""
        what = programs.named_error(call) or call.errno or call.says or words.number(call.result or 0)
        return self.say("after-call", call=call.call, what=visible(what))

    def _wrote_before(self, told: Reset, after: Told) -> bool:
        """Whether the same call had returned without an error when its data drew the RST."""
        trigger = self.facts.by_frame.get(told.answers_frame or -1)
        if trigger is None or after.call not in programs.SENDS or after.t_ns <= self._left(told):
            return False
        earlier = programs.calls(self.connection, after.side, (after.call,), self._left(told))
        return any(one.t_ns <= trigger.at(trigger.side) <= (one.until_ns or one.t_ns) for one in earlier)

    def _meanwhile(self, told: Reset, after: Told) -> list[Told]:
        """Calls like `after` that returned without an error since the one whose data drew the RST."""
        trigger = self.facts.by_frame[told.answers_frame or -1]
        return [
            one for one in programs.calls(self.connection, after.side, (after.call,), after.t_ns - 1)
            if one.t_ns > trigger.at(trigger.side)
        ]  # fmt: skip

    def _left(self, reset: Reset) -> int:
        return programs.left_ns(self.connection, reset)

    def _came(self, reset: Reset) -> int:
        return programs.came_ns(self.connection, reset)

    def _read_later(self) -> int:
        """Bytes that the RST's receiver's program still read once it had come: they lay in its kernel's buffer."""
        if self.told is None:
            return 0
        came = self._came(self.told)
        reads = programs.calls(self.connection, other(self.told.sender), programs.RECEIVES, 2**63)
        return programs.amount([call for call in reads if call.t_ns > came])

    def given_up_for(self, reset: Reset) -> tuple[str | None, tuple[str, ...]]:
        """Why an end reset the connection on its own account, in a few words, where its kernel said so; in fewer."""
        key = (self.ended.by_reason(reset) or "").removesuffix("-killed")
        if not words.has(f"gave-up-{key}"):
            return None, ()
        return self.say(f"gave-up-{key}"), (self.say(f"gave-up-{key}-short"),)

    @cached_property
    def verdict(self) -> Verdict:
        ended = self.ended
        evidence = [reset.frame for reset in (self.told,) if reset is not None]
        evidence += [segment.frame for segment in self.facts.fins.values()]
        if self.told is not None and self.told.answers_frame is not None:
            evidence.append(self.told.answers_frame)
        proof = self.facts.proof
        ignored = None if proof is not None else ended.ignored()
        answer = proof or ended.answer()
        also = ""
        if ignored is not None and self.told is not None:
            also = self._went_on(self.told)
        cut = ended.cut()
        if cut is not None and self.told is not None and (proof is None or proof.key != "unread-urgent"):
            later = self._read_later()
            also += self.say(
                "cut-later" if 0 < later < cut[1] else "cut", peer=other(self.told.sender), wrote=words.number(cut[0]),
                got=words.number(cut[1]), later=words.number(later),
            )  # fmt: skip
        also += self._heard() + self.happened.sentences()
        return Verdict(
            text=self._told(answer.says, answer) + also,
            also=also,
            kind=answer.kind,
            certainty=answer.certainty,
            source="traced" if answer.certainty == "proved" else "inferred",
            goes_on=ignored is not None or answer.key in GO_ON,
            evidence=tuple(sorted(evidence)),
        )

    def why(self, segment: Segment, reset: Reset) -> Why:
        why = self._why_by_packets(segment, reset)
        if reset.accepted is False and why.title == self.say("why-title-ignored"):  # what it asks is what is signed
            if not reset.accepted_proved:
                return why
            key = "why-ignored-proof" if reset.kernel_reason is None else "why-ignored-both"
            signed = self.say(key, reason=visible(reset.kernel_reason or ""), peer=other(reset.sender))
            return replace(why, proof=signed, source="traced")
        if reset.kernel_reason is None:
            said = "why-not-sent-host" if self.ended.from_host(reset) else "why-not-sent"
            said = "why-nowhere" if reset.unsent and reset.forged else "why-not-captured" if reset.unsent else said
            proof = self.say(said, side=reset.sender) if reset.forged or reset.unsent else None
            return replace(why, proof=proof, source="traced") if proof else why
        return replace(why, proof=self.say("why-proof", reason=visible(reset.kernel_reason)), source="traced")

    def _why_by_headline(self, reset: Reset) -> str | None:
        """The key of the reason that goes with the verdict's own sentence."""
        headline = self.ended.headline()
        if headline is None or self.facts.proof is not None or reset is not self.told:
            return None
        key = f"why-head-{headline.code}"
        answers = reset.shape != "active" and reset.answers_frame in self.facts.by_frame
        return key if words.has(key) and (answers or "{trigger}" not in words.say(key)) else None

    def _unacked(self, reset: Reset) -> str:
        """What its sender had not acknowledged when it reset the connection on its own account."""
        lost = getattr(self.connection.undelivered, other(reset.sender)) if reset.shape == "active" else 0
        amount = words.amount(lost, self.lang)
        return self.say("why-unacked", bytes=amount, peer=other(reset.sender)) if lost else ""

    def _opens(self, segment: Segment) -> str:
        """That the RST shows a window that no read had opened: tcp_close throws away what is unread, then sends it."""
        own = (s for s in reversed(self.segments[: self.facts.position[segment.frame]]) if s.side == segment.side)
        last = next(own, None)
        if last is None or not self.facts.windows.small(last) or segment.ack != last.ack or segment.window < FULL:
            return ""
        return self.say("why-opens-in-rst", window=words.number(last.window), n=words.number(segment.window))

    def _against(self, segment: Segment) -> str:
        """What speaks against the end in whose name a RST came, as far as there is room; "": nothing is known."""
        held = (one.evidence for one in self.connection.verdicts if any(e.says in AGAINST for e in one.evidence))
        found = sorted(next(held, ()), key=lambda one: one.says != "spoke-on")
        said = [
            sentence(f"evidence-{one.says}", by_role(self.facts.roles, one.values), self.lang)
            for one in found if one.says in AGAINST
        ]  # fmt: skip
        old = self.facts.stamp_age(segment)
        said[1:1] = [] if old is None else [self.say("why-path-old-stamp", old=self.facts.age(old, segment))]
        lacked = never_took(self.facts)
        if lacked is not None:
            ack, what = self.facts.numbers.seq(lacked), self.facts.named(lacked.frame)
            said[1:1] = [self.say("why-path-never-took", ack=ack, trigger=what, side=other(lacked.side))]
        return self.say("why-path-and").join(said[:MOST_EVIDENCE])

    def _unfinished(self, segment: Segment, trigger: Segment) -> bool:
        """Whether a RST answers a SYN-ACK in the name of the end whose SYN that had answered."""
        plain = segment.flags & (SYN | ACK) == 0 and trigger.flags & (SYN | ACK) == SYN | ACK
        return plain and self.connection.ending == "handshake-incomplete"

    def _may_have_shut_down(self, reset: Reset) -> bool:
        """Whether shutdown both ways, not close, may be why a RST answers data: neither calls nor the reason tell.

        TCP_TIMEWAIT_SOCKET and NO_SOCKET are reasons of a kernel whose program has no socket any more.
        """
        called = any(call.side == reset.sender for call in self.connection.calls)
        return not called and reset.kernel_reason in (None, "TCP_ABORT_ON_DATA")

    def _why_by_packets(self, segment: Segment, reset: Reset) -> Why:
        sides: dict[str, object] = {"side": reset.sender, "peer": other(reset.sender)}
        title = self.say("why-title")
        trigger = self.facts.by_frame.get(reset.answers_frame or -1)
        seq = self.facts.numbers.seq(segment)
        if self.facts.proof is not None and words.has(f"why-{self.facts.proof.key}") and reset is self.told:
            return Why(title=title, text=self._told(f"why-{self.facts.proof.key}", self.facts.proof))
        if reset.why_not_accepted == CROSSED and words.has(f"why-{self.ended.by_reason(reset)}"):
            why = self.say(f"why-{self.ended.by_reason(reset)}", **sides)
            return Why(title=title, text=why + self.say("why-crossed-too", **sides))
        if reset.accepted is False:
            closed = len(self.facts.fins) == 2 and all(fin.frame < segment.frame for fin in self.facts.fins.values())
            if closed and self.connection.ending == "closed":
                return Why(title=title, text=self.say("why-closed-before"))
            title = self.say("why-title-ignored")
            key = f"why-ignored-{reset.why_not_accepted}"
            if words.has(f"{key}, ack") and segment.flags & ACK:
                return Why(title=title, text=self.say(f"{key}, ack", ack=self.facts.numbers.ack(segment), **sides))
            if words.has(key):
                told = "" if not self.facts.timed else f" {seq} " if self.lang == "zh" else f", {seq},"
                own_fin = self.facts.fins.get(reset.sender)
                one_below = reset.distance == -1 and (own_fin is None or own_fin.frame > reset.frame)
                text = self.say(key, seq=told, **sides) + (self.say("why-one-below", **sides) if one_below else "")
                return Why(title=title, text=text)
            why = visible(reset.why_not_accepted or "?")
            return Why(title=title, text=self.say("why-ignored-any", why=why, **sides))
        key, _ = self.ended.finding()
        if self.connection.ending == "closed":
            return Why(title=title, text=self.say("why-closed-before"))
        if reset.shape == "syn-reply" and key not in FOREIGN:
            ack = f"ACK J+{self.facts.numbers.ack(segment)}" if segment.flags & ACK else f"seq {seq}"
            said = "why-syn-reply-proved" if reset.kernel_reason == "NO_SOCKET" else "why-syn-reply"
            return Why(title=title, text=self.say(said, port=self.ended.refused_port(reset), ack=ack))
        echoes = trigger is not None and not segment.flags & ACK and segment.seq == trigger.ack
        if key in FOREIGN:
            said = "why-path-unsent" if reset.unsent else "why-path-proved" if reset.forged else "why-path"
            said = f"why-path{self.ended.origin(reset)}" if self.ended.origin(reset) else said
            evidence = self._against(segment) if said == "why-path" else ""
            text = self.say("why-path-against", evidence=evidence, **sides) if evidence else self.say(said, **sides)
        elif words.has(f"why-{key.removesuffix('-killed')}") and self.ended.by_reason(reset) == key:
            said = (
                "destroyed-ss" if key == "destroyed" and self.ended.killed_by_ss(reset) else key.removesuffix("-killed")
            )
            said = "linger-nothing" if said == "linger" and programs.nothing_thrown(self.connection, reset) else said
            text = self.say(f"why-{said}", **sides)
        elif (by_headline := self._why_by_headline(reset)) is not None:
            what = "" if trigger is None else self.facts.named(trigger.frame)
            text = self.say(by_headline, trigger=what, **sides) + self._unacked(reset)
        elif trigger is not None and reset.kernel_reason is None and self._unfinished(segment, trigger):
            text = self.say("why-handshake-reset", trigger=self.facts.named(trigger.frame), **sides)
        elif key == "active-after-fin" and reset.sender_state == "FIN_WAIT_2":
            got = getattr(self.connection.bytes, other(reset.sender))
            said = "why-active-after-fin-data" if got or self.connection.cut_start else "why-active-after-fin"
            text = self.say(said, **sides) + self._unacked(reset)
        elif reset.shape == "active":
            got = getattr(self.connection.bytes, other(reset.sender))  # else nothing can have been left unread
            hidden = self.connection.cut_start or self.facts.unseen is not None  # what came may not be in the capture
            nothing = "why-nothing-unread-server" if reset.sender == "server" else "why-head-health-check"
            said = "why-active" if got or hidden else nothing
            text = self.say(said, **sides) + self._unacked(reset) + self._opens(segment)
        elif trigger is not None and key == "rst-lost" and self.ended.lost_before(reset) is not None:
            text = self.say("why-rst-lost", trigger=self.facts.named(trigger.frame), **sides)
        elif key == "after-close" and trigger is not None:
            fin = self.facts.named(self.facts.fins[reset.sender].frame)
            said = "why-forgotten" if self.facts.forgotten() else "why-after-close"
            said = "why-after-close-or-shut" if self._may_have_shut_down(reset) else said
            text = self.say(said, fin=fin, trigger=self.facts.named(trigger.frame), **sides)
        elif key == "after-close" and self.facts.unseen is not None:
            text = self.say(
                "why-after-close-unseen", fin=self.facts.named(self.facts.fins[reset.sender].frame), **sides
            )
        elif trigger is not None and reset.kernel_reason in LATE_DATA and reset.kernel_reason != "NO_SOCKET":
            text = self.say("why-abort-on-data", trigger=self.facts.named(trigger.frame), **sides)
        elif trigger is not None and self.ended.no_socket(reset):
            said = "why-no-socket" if reset.kernel_reason == "NO_SOCKET" else "why-listener-only"
            text = self.say(said, trigger=self.facts.named(trigger.frame), **sides)
        elif key in ("answers-nothing", "answers-unseen"):
            text = self.say(f"why-{key}", **sides)
        elif trigger is not None:
            said = "why-unknown-connection-cut" if self.connection.cut_start else "why-unknown-connection"
            said = said if trigger.flags & (SYN | ACK | RST) else "why-no-ack-flag"
            text = self.say(said, trigger=self.facts.named(trigger.frame), **sides)
        else:
            text = self.say("why-any")
        if echoes and key not in FOREIGN and self.facts.timed:  # else there is no number to see it by
            text += self.say("why-seq-is-ack", seq=seq)
        elif trigger is not None and not trigger.flags & ACK and segment.flags & ACK and key not in FOREIGN:
            text += self.say("why-no-ack-number", ack=self.facts.numbers.ack(segment))  # RFC 9293, 3.10.7.1
        return Why(title=title, text=text)
