"""How a connection ended, who ended it and why: by its packets, its kernels' own reasons and its programs' calls."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from ..firewalls import walled
from ..numbers import numbers
from ..programs import CLOSES, DEAD, RECEIVES, amount, calls, came_ns, consequence, cut, left_ns, named_error, received
from ..story import (
    ACK,
    FIN,
    RST,
    SYN,
    Call,
    Certainty,
    Connection,
    Finding,
    KernelEvent,
    Reset,
    Segment,
    Side,
    Verdict,
    other,
    sides,
)
from ..unseen import unseen
from .closes import read_on

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
LEFT_OPEN = (  # packets allow other causes
    "active", "active-after-fin", "unknown-connection", "answers-nothing", "answers-unseen", "refused", "refused-path",
    "path",
)  # fmt: skip
#: Verdicts whose own sentence says more than what is found here; each has a title, words `headline-CODE`.
EXACT = (
    "accept-queue-full", "accept-queue-overflow", "aborted-mid-response", "aborted-without-unread-data",
    "closed-without-answer", "early-answer", "fin-wait-2-expired", "forged-fin", "half-open",
    "idle-connection-dropped", "idle-connection-forgotten", "idle-timeout-race", "idle-timeout-reset", "late-fin",
    "pmtu-black-hole", "port-reused", "refused-by-icmp", "reset-ignored", "reset-took-the-path",
    "syn-in-the-middle", "unprompted-reset", "zero-window-stall",
)  # fmt: skip

#: Verdicts that know the cause where what is found here leaves it open; each has a title, too.
SURER = ("keepalive-timeout", "health-check", "lost-reset", "reset-instead-of-fin", "retransmission-timeout")

Values = dict[str, str | int]


class Ended:
    """What is found of one connection's ending. `told`: the RST that is told of it; `segments`: its packets, each once.

    `unanswered`: the frames that never had an answer.
    """

    def __init__(
        self, connection: Connection, told: Reset | None, segments: list[Segment], unanswered: Collection[int]
    ) -> None:
        self.connection = connection
        self.told = told
        self.segments = segments
        self.unanswered = unanswered
        self.by_frame = {segment.frame: segment for segment in segments}
        #: The end none of whose packets was captured although it spoke; None: each end's are there, or it was silent.
        self.unseen = unseen(segments)
        self.fins: dict[Side, Segment] = {}
        for segment in segments:
            if segment.flags & FIN and not segment.flags & RST:
                self.fins.setdefault(segment.side, segment)

    def headline(self) -> Verdict | None:
        """The verdict whose own sentence is told, where what is found here says less."""
        head = self.connection.verdicts[0] if self.connection.verdicts else None
        if head is None or (self.told is not None and self.by_reason(self.told) is not None):
            return None  # what the kernel and the program did is known more exactly
        surer = head.code in SURER and head.certainty == "implied" and self.finding()[0] in LEFT_OPEN
        return head if surer or head.code in EXACT else None

    def ignored(self) -> Finding | None:
        """Why a RST did not end the connection, where that is its story."""
        headline, told = self.headline(), self.told
        if headline is None or headline.code != "reset-ignored" or told is None or told.accepted is not False:
            return None
        segment = self.by_frame[told.frame]
        away = told.distance or 0
        key = IGNORED.get(told.why_not_accepted or "")
        if key is None:
            return None
        if key == "ignored-outside":
            key = "ignored-below" if away < 0 else "ignored-beyond"
            key = "ignored-late" if away < 0 and self._exact_before(segment, -away) else key
        if key == "ignored-checksum" and told.distance == 0:
            key = "ignored-checksum-exact"
        if key == "ignored-handshake" and segment.flags & ACK:
            key = "ignored-handshake-ack"
        relative = numbers(self.connection)
        values: Values = {
            **sides(told.sender), "n": abs(away), "seq": relative.seq(segment), "ack": relative.ack(segment),
        }  # fmt: skip
        proved = told.accepted_proved and (told.unsent or told.forged)
        return Finding(key, values, self._kind(), "proved" if proved else headline.certainty)

    def _exact_before(self, reset: Segment, n: int) -> bool:
        """Whether its sequence number was the next expected one until `n` bytes of the same side's data came."""
        before = self.segments[: self.segments.index(reset)]
        return any(s.side == reset.side and s.payload == n and s.seq == reset.seq and s.fate != "lost" for s in before)

    def shut_down(self, side: str) -> bool:
        """Whether the end that closed first did so with shutdown, by its calls or by what it still took."""
        fin = self.fins.get("client" if side == "client" else "server")
        if fin is not None and read_on(self.connection, fin):
            return True
        own = () if fin is None else calls(self.connection, fin.side, CLOSES, fin.ts_ns + MOMENT_NS)
        first = next((call for call in own if not call.on_listener and "SHUT_RD)" not in call.text), None)
        return first is not None and first.call == "shutdown"

    def cut(self) -> tuple[int, int] | None:
        """Bytes that the RST's sender had written, and what its peer read of them, where that is less."""
        if self.told is None or self.connection.ending != "reset" or self.told.shape != "active":
            return None
        return cut(self.connection, self.told)

    def finding(self) -> tuple[str, Values]:
        """Which sentences tell the ending: the key of its title, and their values."""
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
            return self._reset(told), sides(told.sender)
        gave_up = self.gave_up()
        if ending in ("open", "half-closed") and gave_up is not None:
            return "gave-up", {"side": gave_up.side}
        if ending == "refused" and told is not None:
            foreign = connection.ended_by == "path" or told.forged or told.unsent
            key = "refused" if not foreign else f"refused{self.origin(told) or '-path'}"
            late = self._overtook(told)
            if key == "refused-path" and told.unsent and late is not None:
                return "refused-overtaken", {"side": told.sender, "ns": late}
            return key, {"side": told.sender, "port": self.refused_port(told)}
        if ending == "refused":
            return "refused", {"side": "server", "port": connection.server.port}
        if ending == "unknown" and self.unseen is not None:
            return "unknown-unseen", {"peer": self.unseen}
        if ending == "unanswered" and self.unseen is not None:
            return "answer-unseen", sides(other(self.unseen))
        if ending == "half-closed":
            if len(self.fins) == 1:
                return "half-closed", sides(next(iter(self.fins)))
            return "half-closed-any", {}
        if ending == "timed-out" and self.segments:
            return "timed-out", sides(self.segments[-1].side)
        return ending, {}

    def _reset(self, told: Reset) -> str:
        """What is found of a connection that a RST ended."""
        connection = self.connection
        if connection.ended_by == "path":
            return f"path{self.origin(told)}"
        if connection.ended_by == "both":
            return "reset-both"
        by_reason = self.by_reason(told)
        if by_reason is not None:
            return by_reason
        if self.lost_before(told) is not None:
            return "rst-lost"
        own_fin = self.fins.get(told.sender)
        fin_first = own_fin is not None and own_fin.frame < told.frame
        if told.shape == "active":
            return "active-after-fin" if fin_first else "active"
        trigger = self.by_frame.get(told.answers_frame or -1)
        if fin_first and connection.closed_first == told.sender:
            return "after-close" if trigger is None or trigger.payload else "active-after-fin"
        if told.kernel_reason in LATE_DATA[:2]:
            return "late-data"
        if trigger is None and told.kernel_reason is None:
            return "answers-nothing" if self.unseen is None else "answers-unseen"
        return "unknown-connection"

    def heard(self) -> Call | None:
        """The call in which the other end's program heard of it: of the RST, or that nobody answers."""
        connection, told = self.connection, self.told
        if told is None:
            if connection.ending not in ("unanswered", "timed-out"):
                return None
            side = "client" if connection.ending == "unanswered" or not self.segments else self.segments[-1].side
            return consequence(connection, side, connection.first_ns)
        if told.accepted is False:
            return None
        return consequence(connection, other(told.sender), came_ns(connection, told))

    def _killed(self, side: str) -> bool:
        """Whether the death of an end's process was its close, and left nothing unread."""
        connection = self.connection
        fin = self.fins.get("client" if side == "client" else "server")
        closed = any(c.side == side and c.call in CLOSES and not c.on_listener for c in connection.calls)
        died = any(end.side == side and end.signal is not None for end in connection.exits)
        if fin is None or closed or not died:
            return False
        came = received(connection, fin.side, fin.at(fin.side))
        return came == amount(calls(connection, fin.side, RECEIVES, fin.at(fin.side)))

    def from_host(self, reset: Reset) -> bool:
        """Whether a RST left its sender's host, by the capture there, though its TCP did not send it."""
        segment = self.by_frame.get(reset.frame)
        return reset.forged and segment is not None and segment.fate == "arrived" and not reset.unsent

    def origin(self, told: Reset) -> Literal["", "-host", "-firewall"]:
        """From where on its sender's host a RST came that its TCP did not send; "": not from there."""
        if not self.from_host(told):
            return ""
        return "-firewall" if walled(self.connection, told.sender, "reset", told.ts_ns) else "-host"

    def _overtook(self, told: Reset) -> int | None:
        """How long after a RST the SYN-ACK arrived, in nanoseconds, that was on its way when the RST came."""
        came = came_ns(self.connection, told)
        late = (
            s.at(other(told.sender)) - came for s in self.segments
            if s.side == told.sender and s.flags & SYN and s.flags & ACK and s.fate == "arrived" and s.ts_ns < came
        )  # fmt: skip
        return next((ns for ns in late if ns > 0), None)

    def lost_before(self, told: Reset) -> Reset | None:
        """The RST by which the same end had reset the connection before, and which never arrived."""
        earlier = (r for r in self.connection.resets if r.lost and r.sender == told.sender and r.ts_ns < told.ts_ns)
        return next(earlier, None) if told.shape != "active" else None

    def gave_up(self) -> KernelEvent | None:
        """The kernel's report that it gave the connection up: without a RST, so that no packet says it."""
        lost = [event for event in self.connection.kernel if event.kind == "error" and event.errno in DEAD]
        return next((event for event in lost if event.t_ns > self.connection.last_ns - MOMENT_NS), None)

    def no_socket(self, told: Reset | None) -> bool:
        """Whether the RST's sender's kernel has said that it knew no such connection: a listener is none."""
        if told is None or told.kernel_reason is None:
            return False
        sent = (e for e in self.connection.kernel if e.kind == "reset-sent" and e.frame == told.frame)
        return told.kernel_reason == "NO_SOCKET" or any(event.state == "LISTEN" for event in sent)

    def forgot(self, told: Reset) -> bool:
        """Whether the RST's sender's program had closed its socket under TCP_REPAIR: without a packet (tcp(7))."""
        left = left_ns(self.connection, told)
        own = [c for c in self.connection.calls if c.side == told.sender and c.t_ns < left]
        repaired = {(c.pid, c.fd) for c in own if c.call == "setsockopt" and "TCP_REPAIR, 1" in c.text}
        return any(c.call == "close" and (c.pid, c.fd) in repaired for c in own)

    def killed_by_ss(self, told: Reset) -> bool:
        """Whether a step was to destroy sockets at the RST's sender (ss --kill)."""
        kills = re.compile(rf"{told.sender}: ss\b.* (-K|--kill)\b")
        return any(kills.match(step.text) for step in self.connection.steps)

    def by_reason(self, told: Reset) -> str | None:
        """The finding that the kernel's own reason gives, with what the sender's program did; None: the packets'."""
        key = REASONS.get(told.kernel_reason or "")
        until_ns = left_ns(self.connection, told) + MOMENT_NS
        died = any(
            end.side == told.sender and end.signal is not None and end.t_ns <= until_ns for end in self.connection.exits
        )
        closed = self._called(told, "close")
        if key == "unread":
            return "unread-killed" if died and not closed else key
        if key == "torn-down":
            if self._called(told, "AF_UNSPEC"):
                return "disconnect"
            if self._called(told, "SO_LINGER") and (died or closed):
                return "linger" if closed else "linger-killed"
            listener = self._called(told, "listener")
            if (died or listener) and told.sender == "server" and not self._called(told, "accept"):
                return "listener" if listener else "listener-killed"
            if not died and not closed and self._called(told, ""):
                return "destroyed"
        return key

    def _called(self, told: Reset, what: str) -> bool:
        """Whether the RST's sender had made such a call of this connection when it was sent."""
        until_ns = left_ns(self.connection, told) + MOMENT_NS
        for call in self.connection.calls:
            if call.side != told.sender or call.t_ns > until_ns or call.result == -1:
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

    def refused_port(self, told: Reset) -> int:
        """The port that a RST refuses."""
        return self.connection.server.port if told.sender == "server" else self.connection.client.port

    def _kind(self) -> Literal["bad", "ok", "open"]:
        key, _ = self.finding()
        if key.startswith("closed"):
            return "ok"
        return "open" if self.connection.ending in ("open", "unknown", "half-closed") else "bad"

    def answer(self) -> Finding:
        """Who ended it and why: what a verdict's sentence says."""
        headline, ignored = self.headline(), self.ignored()
        if ignored is not None:
            return ignored
        found = self._answer()
        if headline is None:
            return found
        told = self.told if self.connection.ending in ("reset", "refused") else None
        certainty = headline.certainty
        both = any(segment.seen for segment in self.segments)
        if headline.code in WITNESSED and both and told is not None and told.kernel_reason is not None:
            certainty = "proved"  # by both captures, and the kernel's own reason
        return Finding(headline.code, headline.values, found.kind, certainty, by_rule=True)

    def _answer(self) -> Finding:
        """The same, where no verdict's own sentence says more."""
        key, values = self.finding()
        connection, kind = self.connection, self._kind()
        key, values = self._more_exactly(key, values)
        certainty: Certainty = "compatible" if key in LEFT_OPEN else "implied"
        told = self.told if connection.ending in ("reset", "refused") else None
        if key.endswith(("-host", "-firewall")):
            certainty = "proved"
        elif told is not None:
            key, values, certainty = self._by_record(told, key, values, certainty)
        gave_up = self.gave_up()
        if gave_up is not None and key in ("gave-up", "timed-out", "timed-out-any"):
            certainty, kind = "proved", "bad"
            key = key if key == "gave-up" else "timed-out-proved"
            values = {"side": gave_up.side, "errno": gave_up.errno or ""}
            after = self.heard()
            if after is not None and after.side == gave_up.side and named_error(after) == gave_up.errno:
                key = "timed-out-told" if key == "timed-out-proved" else key  # the call says the errno
        if key == "linger" and self.cut() is not None:
            key = "linger-cut"
        return Finding(key, values, kind, certainty)

    def _more_exactly(self, key: str, values: Values) -> tuple[str, Values]:
        """Which of several sentences under one title, by the packets and calls."""
        connection = self.connection
        if key == "closed" and connection.resets:
            return "closed-rst", values
        if key == "closed" and self.shut_down(str(values["side"])):
            return "closed-shut", values
        if key == "half-closed-any":
            return "half-closed-unacked", values
        if key == "open" and any(reset.accepted is False for reset in connection.resets):
            return "open-ignored", values
        if key == "unanswered":
            syns = [s for s in self.segments if s.flags & SYN]
            if any(s.flags & RST for s in self.segments):
                key = "unanswered-rst"
            elif len(syns) == 1:
                key = "unanswered-once"
            return key, {"syns": len(syns), "ns": syns[-1].ts_ns - syns[0].ts_ns if syns else 0}
        if key == "handshake-incomplete" and any(s.flags & RST for s in self.segments):
            return "handshake-reset", values
        if key == "timed-out":
            first = self.segments[-1].retransmission_of if self.segments else None
            tail = [s for s in self.segments if s.frame in self.unanswered]
            same = {s.retransmission_of or s.frame for s in tail}
            if len(tail) > 1 and first is not None and len(same) == 1:
                return key, {**values, "n": len(tail)}
            return "timed-out-any", {}
        return key, values

    def _by_record(self, told: Reset, key: str, values: Values, certainty: Certainty) -> tuple[str, Values, Certainty]:
        """The same by the records of kernel and programs, or a second capture."""
        if told.unsent and key in ("path", "refused-path", "refused-overtaken"):
            return ("path-unsent" if key == "path" else key), values, "proved"
        if told.forged and key in ("path", "refused-path"):
            return ("path-proved" if key == "path" else key), values, "proved"
        if key in ("path", "refused-path"):
            return f"{key}-likely", values, certainty
        if key == "refused" and told.kernel_reason == "NO_SOCKET":
            return "refused-proved", values, "proved"
        if key == "unknown-connection" and self.no_socket(told):
            key = "no-socket" if told.kernel_reason == "NO_SOCKET" else "no-socket-listener"
            key = f"no-socket-forgot{key.removeprefix('no-socket')}" if self.forgot(told) else key
            return key, values, "proved"
        if key == "rst-lost":
            lost = self.lost_before(told)
            because = None if lost is None else self.by_reason(lost)
            proved = lost is not None and told.kernel_reason is not None
            return key, {**values, "because": because or "any"}, "proved" if proved else certainty
        if told.kernel_reason in REASONS or (key in ("after-close", "late-data") and told.kernel_reason in LATE_DATA):
            certainty = "proved"
        if key == "destroyed" and self.killed_by_ss(told):
            key = "destroyed-ss"
        return key, values, certainty
