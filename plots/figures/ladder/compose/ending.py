"""The ending in sentences: title, verdict, and why each RST was sent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from .....analyze import firewalls, programs
from .....analyze.story import ACK, RST, SYN, KernelEvent, Reset, Segment
from .....analyze.story import Call as Told
from .....analyze.story import Verdict as Held
from .... import words
from ....of_connection import by_role
from ....scene import Verdict, Why, other
from ....verdicts import sentence
from ....visible import visible
from . import happened
from .facts import CROSSED, FULL, SIDES, Part
from .happened import Happened

MOST_LISTED = 3  # calls behind the one that the verdict names
MOMENT_NS = 1_000_000  # between a call and the RST that it caused

#: What Linux's own reason for a RST (sk_rst_reason) says of the ending, where it says more than the packets do.
REASONS = {
    "TCP_ABORT_ON_CLOSE": "unread",
    "TCP_DISCONNECT_WITH_DATA": "unread",
    "TCP_STATE": "torn-down",
    "TCP_ABORT_ON_LINGER": "linger2",
    "TCP_ABORT_ON_MEMORY": "memory",
    "TCP_KEEPALIVE_TIMEOUT": "keepalive",
    "INVALID_SYN": "overflow",  # so named by Linux 6.18
}
LATE_DATA = ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA", "NO_SOCKET")  # came to a socket that was closed


WITNESSED = ("idle-timeout-race", "lost-reset")  # verdicts that captures at both ends show
IGNORED = {  # by why a RST was not accepted, what its story is called
    "outside the window": "ignored-outside",
    "in the window, but not exact: challenge ACK": "ignored-inexact",
    "bad checksum": "ignored-checksum",
    "it does not acknowledge the SYN": "ignored-handshake",
}
GO_ON = (  # proofs of what ended no connection
    "forged-syn", "forged-syn-closed", "forged-data", "forged-data-closed", "forged-data-own-close", "forgotten",
    "stray-data", "stray-segment", "closed-queued", "closed-queued-room",
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


class Ending(Part):
    """How the connection ended, who ended it and why, as far as packets, programs and kernel tell."""

    def _headline(self) -> Held | None:
        """The verdict that the figure tells in the catalogue's own words, where it has none of its own for it."""
        head = self.connection.verdicts[0] if self.connection.verdicts else None
        if head is None or not words.has(f"headline-{head.code}"):
            return None
        if self.facts.proof is not None and words.has(f"title-{self.facts.proof.key}"):
            return None
        if self.told is not None and self._by_reason(self.told) is not None:
            return None  # what the kernel and the program did is known more exactly
        return head

    def _values(self, held: Held) -> dict[str, str | int]:
        """A verdict's values, its sides by their programs' names."""
        return {name: self.facts.roles.get(value, value) for name, value in held.values.items()}

    def _proved(self, key: str) -> str:
        """A sentence with the values of what is proved."""
        assert self.facts.proof is not None
        return sentence(key, by_role(self.facts.roles, self.facts.proof.values), self.lang)

    def title(self) -> str:
        if self.facts.proof is not None and words.has(f"title-{self.facts.proof.key}"):
            key = f"title-{self.facts.proof.key}"
            own = self._user_timeout() and words.has(f"{key}-user")
            return self._proved(f"{key}-user" if own else key)
        headline = self._headline()
        ignored = self._ignored(headline)
        if ignored is not None:
            return self.say(f"title-{ignored[0]}", **ignored[1])
        if headline is not None:
            return sentence(f"headline-{headline.code}", self._values(headline), self.lang)
        key, values = self.finding()
        after = self._after()
        if key == "after-close" and self.told is not None:
            peer = other(self.told.sender)
            if any(end.side == peer and end.signal == "SIGPIPE" for end in self.connection.exits):
                key = "after-close-sigpipe"
            elif after is not None and programs.failed(after) and programs.named_error(after) == "EPIPE":
                key = "after-close-epipe"
        elif key == "unknown-connection" and self.told is not None and self._no_socket(self.told):
            key = "no-socket-forgot" if self._forgot(self.told) else "no-socket"
            key += "-listener" if self._forgot(self.told) and self.told.kernel_reason != "NO_SOCKET" else ""
        elif key == "destroyed" and self.told is not None and self._killed_by_ss(self.told):
            key = "destroyed-ss"
        elif key == "timed-out":
            key += "-user" if self._user_timeout() else ""
            key += {"lost": "-lost", "arrived": "-dropped"}.get(Happened(self.facts).fate_of_the_tries() or "", "")
        ordinary = key == "open" or (key == "closed" and not self.connection.resets)
        on_the_way = Happened(self.facts).title() if ordinary else None
        return on_the_way or self.say(f"title-{key}", **values)

    def _user_timeout(self) -> bool:
        """Whether a program's TCP_USER_TIMEOUT was what its kernel gave up for."""
        return self.facts.limit is not None and self.facts.limit.option == "TCP_USER_TIMEOUT"

    def _after(self) -> Told | None:
        """The call of the other end in which its program heard of the RST."""
        if self.told is None:
            if self.connection.ending not in ("unanswered", "timed-out"):
                return None
            side = "client" if self.connection.ending == "unanswered" or not self.segments else self.segments[-1].side
            return programs.consequence(self.connection, side, self.connection.first_ns)
        if self.told.accepted is False:
            return None
        return programs.consequence(self.connection, other(self.told.sender), self._came(self.told))

    def _first_told(self) -> Told | None:
        """The call in which a program heard of it: the other end's, or else that of the RST's sender itself."""
        told, after = self.told, self._after()
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
            known = words.has(f"errno-{errno}") and not (errno == "EPIPE" and self.finding()[0] == "after-close")
            meaning = self.say(f"errno-{errno}") if known else ""
            if programs.failed(after) and after.says:
                known, meaning = True, visible(after.says)  # what a virtual machine made of it
            key = "failed" if programs.failed(after) else "said"
            known = known and self._cut() is None  # there is no room for everything
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
        largest = max((s.payload for s in self.segments if s.side == after.side), default=0)
        if not acks or acks[-1].window >= min(FULL, largest):
            return {}
        for call in programs.calls(self.connection, after.side, (after.call,), came):
            asked = re.search(r"\b([\d,]+) bytes\b", call.text)
            wanted = int(asked[1].replace(",", "")) if asked is not None else 0
            if call is not after and call.t_ns < came <= (call.until_ns or 0) and 0 < (call.result or 0) < wanted:
                counts = {"window": acks[-1].window, "n": call.result or 0, "m": wanted}
                return {name: words.number(count) for name, count in counts.items()}
        return {}

    def _ignored(self, headline: Held | None) -> tuple[str, dict[str, object]] | None:
        """Why a RST did not end the connection, where that is its story: the key of title and verdict."""
        told = self.told
        if headline is None or headline.code != "reset-ignored" or told is None or told.accepted is not False:
            return None
        segment = self.facts.by_frame[told.frame]
        away = told.distance or 0
        key = IGNORED.get(told.why_not_accepted or "")
        if key == "ignored-outside":
            key = "ignored-below" if away < 0 else "ignored-beyond"
            key = "ignored-late" if away < 0 and self._exact_before(segment, -away) else key
        if key == "ignored-checksum" and told.distance == 0:
            key = "ignored-checksum-exact"
        if key == "ignored-handshake" and segment.flags & ACK:
            key = "ignored-handshake-ack"
        values: dict[str, object] = {
            "side": told.sender, "peer": other(told.sender), "n": words.number(abs(away)),
            "seq": self.facts.numbers.seq(segment), "ack": self.facts.numbers.ack(segment),
        }  # fmt: skip
        return None if key is None else (key, values)

    def _exact_before(self, reset: Segment, n: int) -> bool:
        """Whether its sequence number was the next expected one until `n` bytes of the same side's data came."""
        before = self.segments[: self.facts.position[reset.frame]]
        return any(s.side == reset.side and s.payload == n and s.seq == reset.seq and s.fate != "lost" for s in before)

    def _went_on(self, told: Reset) -> str:
        """Whose the RST was, as far as that is proved, and how the connection ended instead."""
        said = self.say("ignored-not-sent", side=told.sender) if told.unsent or told.forged else ""
        first = self.connection.closed_first
        if self.connection.ending == "closed" and first in ("client", "server"):
            return said + self.say("went-on-closed", side=first)
        return said + self.say("went-on")

    def _heard(self) -> str:
        """What the RST's receiver's calls returned, in their order: error and end of file are the programs' riddle."""
        told, named = self.told, self._after()
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
        if self.finding()[0] in ("destroyed", "disconnect"):  # its own program hears of it, too
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

    def _shut_down(self, side: str) -> bool:
        """Whether the end that closed first did so with shutdown."""
        fin = self.facts.fins.get("client" if side == "client" else "server")
        own = () if fin is None else programs.calls(self.connection, fin.side, programs.CLOSES, fin.ts_ns + MOMENT_NS)
        first = next((call for call in own if not call.on_listener and "SHUT_RD)" not in call.text), None)
        return first is not None and first.call == "shutdown"

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

    def _cut(self) -> tuple[int, int] | None:
        """Bytes that the RST's sender had written, and what its peer read of them, where that is less."""
        if self.told is None or self.connection.ending != "reset" or self.told.shape != "active":
            return None
        return programs.cut(self.connection, self.told)

    def _read_later(self) -> int:
        """Bytes that the RST's receiver's program still read once it had come: they lay in its kernel's buffer."""
        if self.told is None:
            return 0
        came = self._came(self.told)
        reads = programs.calls(self.connection, other(self.told.sender), programs.RECEIVES, 2**63)
        return programs.amount([call for call in reads if call.t_ns > came])

    def finding(self) -> tuple[str, dict[str, object]]:
        """Which sentence pair tells the ending: its key without "title-", and the sides in it."""
        connection, told = self.connection, self.told
        ending = connection.ending
        if ending == "closed":
            if connection.closed_first == "both" or connection.ended_by == "both":
                return "closed-both", {}
            if connection.closed_first in ("client", "server"):
                killed = self._killed(connection.closed_first)
                return ("closed-killed" if killed else "closed"), {"side": connection.closed_first}
            return "closed-any", {}
        if ending == "reset" and told is not None:
            values: dict[str, object] = {"side": told.sender, "peer": other(told.sender)}
            if connection.ended_by == "path":
                return f"path{self._from(told)}", values
            if connection.ended_by == "both":
                return "reset-both", values
            by_reason = self._by_reason(told)
            if by_reason is not None:
                return by_reason, values
            if self._lost_before(told) is not None:
                return "rst-lost", values
            own_fin = self.facts.fins.get(told.sender)
            fin_first = own_fin is not None and own_fin.frame < told.frame
            if told.shape == "active":
                return "active-after-fin" if fin_first else "active", values
            trigger = self.facts.by_frame.get(told.answers_frame or -1)
            if fin_first and connection.closed_first == told.sender:
                return ("after-close", values) if trigger is None or trigger.payload else ("active-after-fin", values)
            if told.kernel_reason in LATE_DATA[:2]:
                return "late-data", values
            if trigger is None and told.kernel_reason is None:
                return "answers-nothing", values
            return "unknown-connection", values
        gave_up = self._gave_up()
        if ending in ("open", "half-closed") and gave_up is not None:
            return "gave-up", {"side": gave_up.side}
        if ending == "refused" and told is not None:
            foreign = connection.ended_by == "path" or told.forged or told.unsent
            key = "refused" if not foreign else f"refused{self._from(told) or '-path'}"
            late = self._overtook(told)
            if key == "refused-path" and told.unsent and late is not None:
                return "refused-overtaken", {"side": told.sender, "time": words.span(late)}
            return key, {"side": told.sender, "port": self._refused_port(told)}
        if ending == "refused":
            return "refused", {"side": "server", "port": connection.server.port}
        if ending == "half-closed":
            if len(self.facts.fins) == 1:
                side = next(iter(self.facts.fins))
                return "half-closed", {"side": side, "peer": other(side)}
            return "half-closed-any", {}
        if ending == "timed-out" and self.segments:
            side = self.segments[-1].side
            return "timed-out", {"side": side, "peer": other(side)}
        if words.has(f"title-{ending}"):
            return ending, {}
        return "unknown", {}

    def _killed(self, side: str) -> bool:
        """Whether the death of an end's process was its close, and left nothing unread."""
        connection = self.connection
        fin = self.facts.fins.get("client" if side == "client" else "server")
        closed = any(c.side == side and c.call in programs.CLOSES and not c.on_listener for c in connection.calls)
        died = any(end.side == side and end.signal is not None for end in connection.exits)
        if fin is None or closed or not died:
            return False
        came = programs.received(connection, fin.side, fin.at(fin.side))
        return came == programs.amount(programs.calls(connection, fin.side, programs.RECEIVES, fin.at(fin.side)))

    def from_host(self, reset: Reset) -> bool:
        """Whether a RST left its sender's host, by the capture there, though its TCP did not send it."""
        segment = self.facts.by_frame.get(reset.frame)
        return reset.forged and segment is not None and segment.fate == "arrived" and not reset.unsent

    def _from(self, told: Reset) -> Literal["", "-host", "-firewall"]:
        """From where on its sender's host a RST came that its TCP did not send; "": not from there."""
        if not self.from_host(told):
            return ""
        return "-firewall" if firewalls.walled(self.connection, told.sender, "reset", told.ts_ns) else "-host"

    def _overtook(self, told: Reset) -> int | None:
        """How long after a RST the SYN-ACK arrived, in nanoseconds, that was on its way when the RST came."""
        came = self._came(told)
        late = (
            s.at(other(told.sender)) - came for s in self.segments
            if s.side == told.sender and s.flags & SYN and s.flags & ACK and s.fate == "arrived" and s.ts_ns < came
        )  # fmt: skip
        return next((ns for ns in late if ns > 0), None)

    def _lost_before(self, told: Reset) -> Reset | None:
        """The RST by which the same end had reset the connection before, and which never arrived."""
        earlier = (r for r in self.connection.resets if r.lost and r.sender == told.sender and r.ts_ns < told.ts_ns)
        return next(earlier, None) if told.shape != "active" else None

    def _gave_up(self) -> KernelEvent | None:
        """The kernel's report that it gave the connection up: without a RST, so that no packet says it."""
        lost = [event for event in self.connection.kernel if event.kind == "error" and event.errno in programs.DEAD]
        return next((event for event in lost if event.t_ns > self.connection.last_ns - MOMENT_NS), None)

    def _no_socket(self, told: Reset | None) -> bool:
        """Whether the RST's sender's kernel has said that it knew no such connection: a listener is none."""
        if told is None or told.kernel_reason is None:
            return False
        sent = (e for e in self.connection.kernel if e.kind == "reset-sent" and e.frame == told.frame)
        return told.kernel_reason == "NO_SOCKET" or any(event.state == "LISTEN" for event in sent)

    def _forgot(self, told: Reset) -> bool:
        """Whether the RST's sender's program had closed its socket under TCP_REPAIR: without a packet (tcp(7))."""
        own = [c for c in self.connection.calls if c.side == told.sender and c.t_ns < self._left(told)]
        repaired = {(c.pid, c.fd) for c in own if c.call == "setsockopt" and "TCP_REPAIR, 1" in c.text}
        return any(c.call == "close" and (c.pid, c.fd) in repaired for c in own)

    def _killed_by_ss(self, told: Reset) -> bool:
        """Whether a step was to destroy sockets at the RST's sender (ss --kill)."""
        kills = re.compile(rf"{told.sender}: ss\b.* (-K|--kill)\b")
        return any(kills.match(step.text) for step in self.connection.steps)

    def _by_reason(self, told: Reset) -> str | None:
        """The finding that the kernel's own reason gives, with what the sender's program did; None: the packets'."""
        key = REASONS.get(told.kernel_reason or "")
        died = [
            end
            for end in self.connection.exits
            if end.side == told.sender and end.signal is not None and end.t_ns <= self._left(told) + MOMENT_NS
        ]
        if key == "unread":
            return "unread-killed" if died and not self._called(told, "close") else key
        if key == "torn-down":
            if self._called(told, "AF_UNSPEC"):
                return "disconnect"
            if self._called(told, "SO_LINGER") and (died or self._called(told, "close")):
                return "linger" if self._called(told, "close") else "linger-killed"
            if (
                (died or self._called(told, "listener"))
                and told.sender == "server"
                and not self._called(told, "accept")
            ):
                return "listener" if self._called(told, "listener") else "listener-killed"
            if not died and not self._called(told, "close") and self._called(told, ""):
                return "destroyed"
        return key

    def given_up_for(self, reset: Reset) -> tuple[str | None, tuple[str, ...]]:
        """Why an end reset the connection on its own account, in a few words, where its kernel said so; in fewer."""
        key = (self._by_reason(reset) or "").removesuffix("-killed")
        if not words.has(f"gave-up-{key}"):
            return None, ()
        return self.say(f"gave-up-{key}"), (self.say(f"gave-up-{key}-short"),)

    def _called(self, told: Reset, what: str) -> bool:
        """Whether the RST's sender had made such a call of this connection when it was sent."""
        for call in self.connection.calls:
            if call.side != told.sender or call.t_ns > self._left(told) + MOMENT_NS or call.result == -1:
                continue
            if what == "SO_LINGER":
                if call.call == "setsockopt" and "SO_LINGER" in call.text:
                    return True
            elif what == "listener":
                if call.on_listener and call.call == "close":
                    return True
            elif what == "AF_UNSPEC":
                if call.call == "connect" and "AF_UNSPEC" in call.text:
                    return True
            elif what in ("", call.call) and not call.on_listener:
                return True
        return False

    def _refused_port(self, told: Reset) -> int:
        return self.connection.server.port if told.sender == "server" else self.connection.client.port

    def verdict(self) -> Verdict:
        key, values = self.finding()
        connection = self.connection
        kind: Literal["bad", "ok", "open"] = "bad"
        certainty: Literal["proved", "implied", "compatible"] = "implied"
        if key.startswith("closed"):
            kind = "ok"
            if connection.resets and key == "closed":
                key = "closed-rst"
            elif key == "closed" and self._shut_down(str(values["side"])):
                key = "closed-shut"
        elif connection.ending in ("open", "unknown", "half-closed"):
            kind = "open"
        if key == "half-closed-any":
            key = "half-closed-unacked"
        elif key == "open" and any(reset.accepted is False for reset in connection.resets):
            key = "open-ignored"
        elif key == "unanswered":
            syns = [s for s in self.segments if s.flags & SYN]
            if any(s.flags & RST for s in self.segments):
                key = "unanswered-rst"
            elif len(syns) == 1:
                key = "unanswered-once"
            values = {
                "syns": self.say("n-syns", n=len(syns)),
                "time": words.span(syns[-1].ts_ns - syns[0].ts_ns) if syns else "",
            }
        elif key == "handshake-incomplete" and any(s.flags & RST for s in self.segments):
            key = "handshake-reset"
        elif key == "timed-out":
            first = self.segments[-1].retransmission_of if self.segments else None
            tail = [s for s in self.segments if s.frame in self.facts.unanswered]
            same = {s.retransmission_of or s.frame for s in tail}
            n = len(tail)
            if n > 1 and first is not None and len(same) == 1:
                values["n"] = n
            else:
                key, values = "timed-out-any", {}
        if key in ("active", "active-after-fin", "unknown-connection", "answers-nothing", "refused", "path"):
            certainty = "compatible"
        told = self.told if connection.ending in ("reset", "refused") else None
        if key.endswith(("-host", "-firewall")):
            certainty = "proved"
        elif told is not None and told.unsent and key in ("path", "refused-path", "refused-overtaken"):
            key, certainty = "path-unsent" if key == "path" else key, "proved"
        elif told is not None and told.forged and key in ("path", "refused-path"):
            key, certainty = "path-proved" if key == "path" else key, "proved"
        elif told is not None and key != "path":
            if key == "refused" and told.kernel_reason == "NO_SOCKET":
                key, certainty = "refused-proved", "proved"
            elif key == "unknown-connection" and self._no_socket(told):
                key = "no-socket" if told.kernel_reason == "NO_SOCKET" else "no-socket-listener"
                key = f"no-socket-forgot{key.removeprefix('no-socket')}" if self._forgot(told) else key
                certainty = "proved"
            elif key == "rst-lost":
                lost = self._lost_before(told)
                because = None if lost is None else self._by_reason(lost)
                named = f"rst-lost-{because}"
                values["because"] = self.say(named if words.has(named) else "rst-lost-any")
                certainty = "proved" if lost is not None and told.kernel_reason is not None else certainty
            elif told.kernel_reason in REASONS or (
                key in ("after-close", "late-data") and told.kernel_reason in LATE_DATA
            ):
                certainty = "proved"
        if key == "destroyed" and told is not None and self._killed_by_ss(told):
            key = "destroyed-ss"
        gave_up = self._gave_up()
        if gave_up is not None and (key == "gave-up" or key in ("timed-out", "timed-out-any")):
            certainty, kind = "proved", "bad"
            key = key if key == "gave-up" else "timed-out-proved"
            values = {"side": gave_up.side, "errno": gave_up.errno}
            after = self._after()
            if after is not None and after.side == gave_up.side and programs.named_error(after) == gave_up.errno:
                key = "timed-out-told" if key == "timed-out-proved" else key  # the call says the errno
        evidence = [reset.frame for reset in (self.told,) if reset is not None]
        evidence += [segment.frame for segment in self.facts.fins.values()]
        if self.told is not None and self.told.answers_frame is not None:
            evidence.append(self.told.answers_frame)
        text = self.say(f"verdict-{key}", **values)
        also = ""
        headline = self._headline()
        if headline is not None:
            text, certainty = sentence(f"rule-{headline.code}", self._values(headline), self.lang), headline.certainty
            if headline.code in WITNESSED and self.facts.both and told is not None and told.kernel_reason is not None:
                certainty = "proved"  # by both captures, and the kernel's own reason
        ignored = self._ignored(headline)
        if ignored is not None and self.told is not None:
            text = self.say(f"verdict-{ignored[0]}", **ignored[1])
            also = self._went_on(self.told)
            if self.told.accepted_proved and (self.told.unsent or self.told.forged):
                certainty = "proved"
        if self.facts.proof is not None:
            text, certainty, kind = (
                self._proved(f"verdict-{self.facts.proof.key}"), self.facts.proof.certainty, self.facts.proof.kind
            )  # fmt: skip
        cut = self._cut()
        if cut is not None and (self.facts.proof is None or self.facts.proof.key != "unread-urgent"):
            if key == "linger" and self.facts.proof is None:
                text = self.say("verdict-linger-cut", **values)
            peer = other(self.told.sender) if self.told is not None else "client"
            later = self._read_later()
            also += self.say(
                "cut-later" if 0 < later < cut[1] else "cut", peer=peer, wrote=words.number(cut[0]),
                got=words.number(cut[1]), later=words.number(later),
            )  # fmt: skip
        also += self._heard() + Happened(self.facts).sentences()
        return Verdict(
            text=text + also,
            also=also,
            kind=kind,
            certainty=certainty,
            source="traced" if certainty == "proved" else "inferred",
            goes_on=ignored is not None or (self.facts.proof is not None and self.facts.proof.key in GO_ON),
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
            said = "why-not-sent-host" if self.from_host(reset) else "why-not-sent"
            said = "why-nowhere" if reset.unsent and reset.forged else "why-not-captured" if reset.unsent else said
            proof = self.say(said, side=reset.sender) if reset.forged or reset.unsent else None
            return replace(why, proof=proof, source="traced") if proof else why
        return replace(why, proof=self.say("why-proof", reason=visible(reset.kernel_reason)), source="traced")

    def _why_by_packets(self, segment: Segment, reset: Reset) -> Why:
        sides: dict[str, object] = {"side": reset.sender, "peer": other(reset.sender)}
        title = self.say("why-title")
        trigger = self.facts.by_frame.get(reset.answers_frame or -1)
        seq = self.facts.numbers.seq(segment)
        if self.facts.proof is not None and words.has(f"why-{self.facts.proof.key}") and reset is self.told:
            return Why(title=title, text=self._proved(f"why-{self.facts.proof.key}"))
        if reset.why_not_accepted == CROSSED and words.has(f"why-{self._by_reason(reset)}"):
            why = self.say(f"why-{self._by_reason(reset)}", **sides)
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
                return Why(title=title, text=self.say(key, seq=told, **sides))
            why = visible(reset.why_not_accepted or "?")
            return Why(title=title, text=self.say("why-ignored-any", why=why, **sides))
        key, _ = self.finding()
        if self.connection.ending == "closed":
            return Why(title=title, text=self.say("why-closed-before"))
        if reset.shape == "syn-reply" and key not in FOREIGN:
            ack = f"ACK J+{self.facts.numbers.ack(segment)}" if segment.flags & ACK else f"seq {seq}"
            said = "why-syn-reply-proved" if reset.kernel_reason == "NO_SOCKET" else "why-syn-reply"
            return Why(title=title, text=self.say(said, port=self._refused_port(reset), ack=ack))
        echoes = trigger is not None and not segment.flags & ACK and segment.seq == trigger.ack
        if key in FOREIGN:
            said = "why-path-unsent" if reset.unsent else "why-path-proved" if reset.forged else "why-path"
            said = f"why-path{self._from(reset)}" if self._from(reset) else said
            text = self.say(said, **sides)
        elif words.has(f"why-{key.removesuffix('-killed')}") and self._by_reason(reset) == key:
            said = "destroyed-ss" if key == "destroyed" and self._killed_by_ss(reset) else key.removesuffix("-killed")
            said = "linger-nothing" if said == "linger" and programs.nothing_thrown(self.connection, reset) else said
            text = self.say(f"why-{said}", **sides)
        elif reset.shape == "active":
            text = self.say("why-active", **sides)
            lost = getattr(self.connection.undelivered, other(reset.sender))
            if lost:
                text += self.say("why-unacked", bytes=words.amount(lost, self.lang), **sides)
        elif key == "rst-lost" and trigger is not None and self._lost_before(reset) is not None:
            text = self.say("why-rst-lost", trigger=self.facts.named(trigger.frame), **sides)
        elif key == "after-close" and trigger is not None:
            fin = self.facts.named(self.facts.fins[reset.sender].frame)
            text = self.say(
                "why-forgotten" if self.facts.forgotten() else "why-after-close",
                fin=fin, trigger=self.facts.named(trigger.frame), **sides,
            )  # fmt: skip
        elif trigger is not None and reset.kernel_reason in LATE_DATA and reset.kernel_reason != "NO_SOCKET":
            text = self.say("why-abort-on-data", trigger=self.facts.named(trigger.frame), **sides)
        elif trigger is not None and self._no_socket(reset):
            said = "why-no-socket" if reset.kernel_reason == "NO_SOCKET" else "why-listener-only"
            text = self.say(said, trigger=self.facts.named(trigger.frame), **sides)
        elif key == "answers-nothing":
            text = self.say("why-answers-nothing")
        elif trigger is not None:
            text = self.say("why-unknown-connection", trigger=self.facts.named(trigger.frame), **sides)
        else:
            text = self.say("why-any")
        if echoes and key not in FOREIGN and self.facts.timed:  # else there is no number to see it by
            text += self.say("why-seq-is-ack", seq=seq)
        elif trigger is not None and not trigger.flags & ACK and segment.flags & ACK and key not in FOREIGN:
            text += self.say("why-no-ack-number", ack=self.facts.numbers.ack(segment))  # RFC 9293, 3.10.7.1
        return Why(title=title, text=text)
