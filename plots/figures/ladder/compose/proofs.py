"""What a recording, or captures at both ends, prove of an ending beyond what the packets of one capture say.

Each function looks for one thing and gives the sentences for it: words `title-KEY`, `verdict-KEY` and `why-KEY`, as far
as there are such. The first one that finds something is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .....analyze.story import ACK, FIN, RST, SYN, Call, Connection, KernelEvent, Reset, Segment, Side
from ....scene import other
from . import recorded

QUEUED_NS = 10_000_000  # a handshake's last ACK is not taken up for so long: there was no room
BENIGN = ("reset-instead-of-fin",)  # verdicts of a RST that hurts nobody


@dataclass(frozen=True, slots=True)
class Proof:
    """What is told in place of the packets' own finding. Counts of bytes in `values` are integers."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    kind: Literal["bad", "ok", "open"] = "bad"
    certainty: Literal["proved", "implied"] = "proved"


def proof(connection: Connection, told: Reset | None) -> Proof | None:
    """The first thing that is proved; `told` is the RST with the callout."""
    return next(_all(connection, told), None)


def _all(connection: Connection, told: Reset | None) -> Iterator[Proof]:
    for look in (
        _forged,
        _refused_by_icmp,
        _unanswered,
        _icmp,
        _walled_off,
        _half_open,
        _window,
        _opened,
        _queued,
        _queue_given_up,
        _cancelled,
        _twice,
    ):
        found = look(connection)
        if found is not None:
            yield found
    if told is not None:
        for judge in (
            _stray,
            _both_names,
            _old_stamp,
            _keepalive,
            _gave_up_before,
            _shut_down,
            _unread,
            _time_wait,
            _benign,
            _health_check,
        ):
            found = judge(connection, told)
            if found is not None:
                yield found


def _sides(side: Side) -> dict[str, object]:
    return {"side": side, "peer": other(side)}


def _forged(connection: Connection) -> Proof | None:
    """A segment that the end in whose name it came never sent, and that was believed: a FIN, data; or a SYN."""
    for place, segment in enumerate(connection.segments):
        if segment.fate != "unsent" or segment.flags & RST:
            continue
        values = _sides(segment.side)
        if segment.flags & SYN and not segment.flags & ACK:
            if connection.ending == "closed":
                return Proof(
                    "forged-syn-closed" if connection.closed_first == values["peer"] else "forged-syn", values, "ok"
                )
            return Proof("forged-syn", values, "open" if connection.ending == "open" else "bad")
        if segment.flags & FIN:
            return Proof("forged-fin", values) if connection.ending == "reset" else None
        end = (segment.seq + segment.payload) % 2**32
        replies = (later for later in connection.segments[place + 1 :] if later.side != segment.side)
        reply = next(replies, None)
        if segment.payload and reply is not None and reply.ack == end and connection.ending == "closed":
            closed = {values["peer"]: "forged-data-closed", segment.side: "forged-data-own-close"}
            key = closed.get(connection.closed_first, "forged-data")
            return Proof(key, {**values, "bytes": segment.payload})
        if segment.payload and reply is not None and reply.ack == end and connection.ending == "open":
            return Proof("stray-data", {**values, "bytes": segment.payload})
    return None


def _unanswered(connection: Connection) -> Proof | None:
    """What became of SYNs without an answer."""
    fates = {segment.fate for segment in connection.segments if segment.flags & SYN}
    if connection.ending != "unanswered" or len(fates) != 1 or quoted(connection):
        return None
    if any(segment.flags & RST for segment in connection.segments):
        return None
    (fate,) = fates
    if fate == "lost":
        return Proof("unanswered-lost")
    if fate != "arrived":
        return None
    if walled(connection, "server", "drop", connection.first_ns):
        return Proof("unanswered-walled")
    room = never_accepted(connection)
    if room is not None:
        return Proof("unanswered-queue", {"n": room}, certainty="implied")
    return Proof("unanswered-arrived", certainty="implied")  # what dropped it there is not told


#: What a firewall does with a packet, and how its rules say so (nft).
RULES = {
    "drop": r"(rule .*\bdrop\b|chain .*\bpolicy drop\b)",
    "reset": r"rule .*\breject with tcp reset\b",
    "icmp": r"rule .*\breject with icmp",
}


def walled(connection: Connection, side: Side, does: str, until_ns: int) -> bool:
    """Whether an end's firewall had been given a rule, or a policy, to do one of RULES by a time."""
    rule = re.compile(rf"^{side}: nft add {RULES[does]}")
    return any(rule.search(step.text) and step.t_ns <= until_ns for step in connection.steps)


def remembers(connection: Connection, side: Side) -> int | None:
    """For how long, in nanoseconds, an end's firewall was told to remember a connection; None: not known."""
    rule = re.compile(rf"{side}: nft add rule .*\btimeout (\d+)(ms|s)\b")
    asked = [found for step in connection.steps if (found := rule.match(step.text))]
    return min((int(one[1]) * (1_000_000 if one[2] == "ms" else 1_000_000_000) for one in asked), default=None)


def never_accepted(connection: Connection) -> int | None:
    """How many connections a listener had room for whose program, by its record, accepted none; None: not so.

    Linux keeps one more than listen() asked for (sk_acceptq_is_full).
    """
    listens = [call for call in connection.calls if call.call == "listen" and call.result == 0]
    found = re.search(r", (\d+)\)", listens[-1].text) if listens else None
    if found is None or any(call.call.startswith("accept") for call in connection.calls):
        return None
    return int(found[1]) + 1


def stamp_age(connection: Connection, segment: Segment) -> int | None:
    """By how many ticks a segment's TSval (RFC 7323, 3) lies behind the last of its side's own; None: it does not."""
    if segment.options.tsval is None:
        return None
    last: int | None = None
    for one in connection.segments:
        if one.frame == segment.frame:
            break
        if one.side == segment.side and one.fate != "unsent" and one.options.tsval is not None:
            last = one.options.tsval
    behind = 0 if last is None else (last - segment.options.tsval) % 2**32
    return behind if 0 < behind < 2**31 else None


def quoted(connection: Connection) -> bool:
    """Whether an ICMP error quoted a packet of the connection."""
    return any(one.says == "icmp" for verdict in connection.verdicts for one in verdict.evidence)


def _refused_by_icmp(connection: Connection) -> Proof | None:
    """An ICMP error answered the SYN: with the errno that the client's kernel, or its connect, then had."""
    if connection.ending != "unanswered" or not connection.icmp:
        return None
    error = connection.icmp[-1]
    heard = {event.errno for event in connection.kernel if event.kind == "error" and event.side == "client"}
    heard |= {call.errno for call in connection.calls if call.side == "client" and call.call == "connect"}
    own = error.sender == connection.server.address
    if error.errno is None or error.errno not in heard:
        return None
    key = "unanswered-icmp" if own else "unanswered-icmp-from"
    if own and walled(connection, "server", "icmp", error.ts_ns):
        key = "unanswered-icmp-walled"
    return Proof(key, {**_sides("client"), "address": error.sender, "icmp": error.what})


def _icmp(connection: Connection) -> Proof | None:
    event = gave_up(connection)
    if connection.ending != "timed-out" or event is None or not quoted(connection) or not connection.icmp:
        return None
    error = connection.icmp[-1]
    peer = other(event.side)
    end = connection.server if peer == "server" else connection.client
    own = error.sender == end.address and walled(connection, peer, "icmp", error.ts_ns)
    return Proof(
        "timed-out-icmp-walled" if own else "timed-out-icmp",
        {**_sides(event.side), "address": error.sender, "icmp": error.what},
    )


def _walled_off(connection: Connection) -> Proof | None:
    """All that a kernel sent until it gave up came to the other end, whose firewall had a rule to drop."""
    event = gave_up(connection)
    if connection.ending != "timed-out" or event is None or quoted(connection):
        return None
    peer = other(event.side)
    heard = max((place for place, s in enumerate(connection.segments) if s.side == peer), default=-1)
    tries = connection.segments[heard + 1 :]
    if not tries or any(s.fate != "arrived" for s in tries) or not walled(connection, peer, "drop", tries[0].ts_ns):
        return None
    idle = tries[0].ts_ns - connection.segments[heard].at(event.side)
    limit = remembers(connection, peer)
    if heard >= 0 and limit is not None and limit < idle:
        return Proof("timed-out-forgotten", {**_sides(event.side), "ns": idle, "limit_ns": limit})
    return Proof("timed-out-walled", _sides(event.side))


def gave_up(connection: Connection, side: Side | None = None) -> KernelEvent | None:
    """An end's kernel's report that it gave the connection up; None: either end's."""
    errors = (event for event in connection.kernel if event.kind == "error" and event.errno in recorded.DEAD)
    return next((event for event in errors if side in (None, event.side)), None)


def _last_state(connection: Connection, side: Side) -> KernelEvent | None:
    own = [event for event in connection.kernel if event.kind == "state" and event.side == side]
    return own[-1] if own else None


def _half_open(connection: Connection) -> Proof | None:
    """One kernel has no connection any more, without a packet; the other still has."""
    if connection.ending != "open" or gave_up(connection) is not None:
        return None
    for side in ("client", "server"):
        own, others = _last_state(connection, side), _last_state(connection, other(side))
        gone = own is not None and own.state == "CLOSED" and own.frame is None and not own.handed_over
        if gone and others is not None and others.state == "ESTABLISHED":
            return Proof("forgotten", _sides(side))
    return None


def _window(connection: Connection) -> Proof | None:
    """The other end's window was closed until the kernel gave up."""
    event = gave_up(connection)
    if event is None or connection.ending not in ("open", "timed-out"):
        return None
    closed_ns: int | None = None
    for segment in connection.segments:
        if segment.side != event.side:
            closed_ns = (closed_ns or segment.ts_ns) if segment.window == 0 else None
    if closed_ns is None:
        return None
    return Proof("gave-up-window", {**_sides(event.side), "errno": event.errno, "ns": event.t_ns - closed_ns})


def _opened(connection: Connection) -> Proof | None:
    """Both ends' SYNs made one connection."""
    plain = {s.side for s in connection.segments if s.flags & SYN and not s.flags & ACK and s.fate != "unsent"}
    if len(plain) < 2 or connection.ending != "closed" or connection.closed_first not in ("client", "server"):
        return None
    return Proof("closed-simultaneous-open", {"side": connection.closed_first}, "ok", "implied")


def _queued(connection: Connection) -> Proof | None:
    """The handshake's last ACK had come, and the server's kernel took it up much later.

    How long the connection was open for the client only is told as the ladder shows it, from state to state.
    """
    waited = _waited_to_open(connection)
    if waited is None or connection.ending != "closed" or connection.closed_first is None:
        return None
    last, event = waited
    own = [e for e in connection.kernel if e.side == "client" and e.kind == "state" and e.state == "ESTABLISHED"]
    values = {"side": connection.closed_first, "ns": event.t_ns - (own[0].t_ns if own else last.ts_ns)}
    accept = room_found(connection)
    if accept is None:
        return Proof("closed-queued", values, "ok")
    room = {"room_ns": accept.t_ns - last.at("server"), "again_ns": event.t_ns - accept.t_ns}
    return Proof("closed-queued-room", {**values, **room}, "ok")


def _waited_to_open(connection: Connection) -> tuple[Segment, KernelEvent] | None:
    """The handshake's last ACK, and the server's ESTABLISHED that came so late that there had been no room."""
    last = next((s for s in connection.segments if s.side == "client" and s.flags & ACK and s.arrived_ns), None)
    taken = (
        event for event in connection.kernel
        if event.side == "server" and event.kind == "state" and event.state == "ESTABLISHED"
    )  # fmt: skip
    event = next(taken, None)
    sent_again = any(s.retransmission_of is not None and s.fate == "arrived" for s in connection.segments)
    if last is None or event is None or not sent_again or event.t_ns - last.at("server") < QUEUED_NS:
        return None
    return last, event


def room_found(connection: Connection) -> Call | None:
    """The accept that was waiting when the connection got its place at last: it waits only where the queue is empty."""
    waited = _waited_to_open(connection)
    if waited is None:
        return None
    last, event = waited
    waits = [
        call for call in connection.calls
        if call.call in recorded.ACCEPTS and call.side == "server" and call.t_ns < event.t_ns
    ]  # fmt: skip
    return waits[-1] if waits and waits[-1].t_ns > last.at("server") else None


def _queue_given_up(connection: Connection) -> Proof | None:
    """What the client sent came to the server's end, whose kernel never took the connection up, and then forgot it."""
    reset = next((one for one in connection.resets if one.sender == "server" and one.accepted), None)
    if reset is None or connection.ending != "reset":
        return None
    left = left_ns(connection, reset)
    sent = (e for e in connection.kernel if e.kind == "reset-sent" and e.side == "server" and e.frame == reset.frame)
    only_listens = any(event.state == "LISTEN" for event in sent)
    taken = any(e.side == "server" and e.kind == "state" and e.state == "ESTABLISHED" for e in connection.kernel)
    answered = any(s.side == "server" and s.flags & SYN and s.flags & ACK for s in connection.segments)
    came = [
        s for s in connection.segments
        if s.side == "client" and not s.flags & SYN and s.fate == "arrived" and s.at("server") < left
        and s.frame != reset.answers_frame
    ]  # fmt: skip
    if not only_listens or not answered or not came or taken:
        return None
    room = never_accepted(connection)
    if room is None:
        return Proof("queue-given-up")
    return Proof("queue-given-up-full", {"n": room}, certainty="implied")  # why it dropped them is not told


def _cancelled(connection: Connection) -> Proof | None:
    """The client had closed its socket before the SYN-ACK came."""
    if connection.ending != "handshake-incomplete":
        return None
    for segment in connection.segments:
        if segment.side == "server" and segment.flags & SYN and segment.flags & ACK:
            closed = calls(connection, "client", ("close",), segment.at("client"))
            told = any(reset.answers_frame == segment.frame and reset.kernel_reason for reset in connection.resets)
            return Proof("cancelled") if closed and told else None
    return None


def _stray(connection: Connection, told: Reset) -> Proof | None:
    """A segment of a connection that there never was: in a recorded world neither kernel, and no program, had it."""
    segments = connection.segments
    had = connection.calls or any(e.kind != "reset-sent" or e.side != told.sender for e in connection.kernel)
    if had or not connection.steps or told.kernel_reason is None or told.shape == "active":
        return None
    if connection.ending != "reset" or any(s.flags & (SYN | RST) != RST for s in segments if s.side == told.sender):
        return None
    if any(s.flags & SYN for s in segments):
        return None
    return Proof("stray-segment", _sides(told.sender))


def _both_names(connection: Connection, told: Reset) -> Proof | None:
    names = {reset.sender for reset in connection.resets if reset.forged or reset.unsent}
    if connection.ending != "reset" or len(names) < 2 or connection.ended_by != "path":
        return None
    return Proof("path-both")


def _old_stamp(connection: Connection, told: Reset) -> Proof | None:
    """A RST that its sender never sent ended it, with a timestamp that is too old for any other segment."""
    segment = next((s for s in connection.segments if s.frame == told.frame), None)
    age = None if segment is None else stamp_age(connection, segment)
    if age is None or not told.unsent or not told.accepted or connection.ending != "reset":
        return None
    return Proof("path-old", {**_sides(told.sender), "ticks": age})


def _twice(connection: Connection) -> Proof | None:
    """The way delivered every packet twice, by the captures at both ends."""
    if connection.ending != "closed" or connection.closed_first is None:
        return None
    if any(s.deliveries != 2 for s in connection.segments if s.duplicate_of is None):
        return None
    answers = (reset for reset in connection.resets if reset.shape == "reply" and reset.receiver_state == "TIME_WAIT")
    reset = next(answers, None)
    if reset is not None:
        return Proof("delivered-twice-rst", _sides(reset.sender), "ok")
    return Proof("delivered-twice", {"side": connection.closed_first}, "ok")


def _keepalive(connection: Connection, told: Reset) -> Proof | None:
    if told.kernel_reason != "TCP_KEEPALIVE_TIMEOUT":
        return None
    probed = next((s.ts_ns for s in connection.segments if s.keepalive and s.side == told.sender), told.ts_ns)
    peer = other(told.sender)
    lost = any(s.fate == "lost" and s.side == peer and s.ts_ns >= probed for s in connection.segments)
    return Proof("keepalive-lost", _sides(told.sender)) if lost else None


def _gave_up_before(connection: Connection, told: Reset) -> Proof | None:
    """The RST's sender's kernel had given the connection up before: its own packets had had no answer."""
    event = gave_up(connection, told.sender)
    if event is None or event.t_ns >= told.ts_ns or event.errno not in ("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"):
        return None
    if told.kernel_reason not in (None, "NO_SOCKET") or told.forged or told.unsent or told.shape == "active":
        return None
    return Proof("gave-up-before", {**_sides(told.sender), "errno": event.errno})


def calls(connection: Connection, side: Side, names: tuple[str, ...], until_ns: int) -> list[Call]:
    """An end's calls of these names that returned without an error, up to a time."""
    return [
        call
        for call in connection.calls
        if call.side == side and call.call in names and call.errno is None and call.t_ns <= until_ns
    ]


def _shut_down(connection: Connection, told: Reset) -> Proof | None:
    """The RST's sender had shut down its reading, and had not closed."""
    left = left_ns(connection, told)
    if told.kernel_reason != "TCP_ABORT_ON_DATA" or calls(connection, told.sender, ("close",), left):
        return None
    asked = calls(connection, told.sender, ("shutdown",), left)
    reading = any("SHUT_RDWR" in call.text or re.search(r"SHUT_RD\b", call.text) for call in asked)
    return Proof("shut-down", _sides(told.sender)) if reading else None


def received(connection: Connection, side: Side, until_ns: int) -> int | None:
    """Bytes of data that had come to an end; None: where they begin is not known."""
    peer = other(side)
    isn = connection.isn[0 if peer == "client" else 1]
    if isn is None:
        return None
    came = (
        s for s in connection.segments
        if s.side == peer and s.payload and s.fate not in ("lost", "unsent") and s.at(side) <= until_ns
    )  # fmt: skip
    ends = [(s.seq + s.payload - isn - 1) % 2**32 for s in came]
    return max((end for end in ends if end < 2**31), default=0)


def left_ns(connection: Connection, reset: Reset) -> int:
    """When a RST left its sender; `Reset.ts_ns` is when it was captured, which may be at its receiver."""
    return next((s.at(reset.sender) for s in connection.segments if s.frame == reset.frame), reset.ts_ns)


def came_ns(connection: Connection, reset: Reset) -> int:
    """When a RST arrived at its receiver, as far as that is known."""
    return next((s.at(other(reset.sender)) for s in connection.segments if s.frame == reset.frame), reset.ts_ns)


def amount(told: list[Call]) -> int:
    """Bytes that calls returned; a look at the data takes nothing."""
    kept = (call for call in told if "MSG_PEEK" not in call.text and "MSG_OOB" not in call.text)
    return sum(call.result or 0 for call in kept)


def _unread(connection: Connection, told: Reset) -> Proof | None:
    """How much was left unread by the close that became a RST; how much of its own data the other program got."""
    left = left_ns(connection, told)
    if connection.ending != "reset" or not calls(connection, told.sender, ("close",), left + 1_000_000):
        return None
    values = _sides(told.sender)
    if told.kernel_reason == "TCP_ABORT_ON_CLOSE":
        reads = calls(connection, told.sender, recorded.RECEIVES, left)
        if any("MSG_OOB" in call.text and call.result for call in reads):
            return Proof("unread-urgent", values)
        came, took = received(connection, told.sender, left), amount(reads)
        if came is None or took >= came:
            return None
        key = "unread-rest" if took else "unread-all"
        return Proof(key, {**values, "n": took, "m": came})
    return None


def cut(connection: Connection, told: Reset) -> tuple[int, int] | None:
    """How many bytes the RST's sender's program had written, and how many of them the other one read; None: all."""
    peer = other(told.sender)
    wrote = amount(calls(connection, told.sender, recorded.SENDS, left_ns(connection, told)))
    reads = calls(connection, peer, recorded.RECEIVES, 2**63)
    got = amount(reads)
    return (wrote, got) if reads and got < wrote else None


def nothing_thrown(connection: Connection, told: Reset) -> bool:
    """Whether the RST's sender had read all that had come, and all that it had written was acknowledged."""
    side, left = told.sender, left_ns(connection, told)
    own = [call for call in connection.calls if call.side == side and not call.on_listener]
    if not own or connection.isn[0 if side == "client" else 1] is None or connection.cut_start:
        return False
    took = amount(calls(connection, side, recorded.RECEIVES, left))
    whole = not any("MSG_PEEK" in call.text or "MSG_OOB" in call.text for call in own)
    kept = never_sent(connection, side) or getattr(connection.undelivered, side)
    return whole and not kept and received(connection, side, left) == took


def never_sent(connection: Connection, side: Side) -> dict[int, int]:
    """Bytes of each writing call that the kernel accepted and never sent, by the time of the call.

    Empty where that cannot be told: the stream's beginning is not known, or a write is not.
    """
    isn = connection.isn[0 if side == "client" else 1]
    sends = [c for c in connection.calls if c.side == side and c.call in recorded.SENDS and not c.on_listener]
    if isn is None or connection.cut_start or any(call.until_ns is None or "MSG_OOB" in call.text for call in sends):
        return {}
    own = [s for s in connection.segments if s.side == side and s.fate != "unsent" and not s.flags & (SYN | RST)]
    ends = [(s.seq + s.payload - isn - 1) % 2**32 for s in own]
    sent = max((end for end in ends if end < 2**31), default=0)
    found: dict[int, int] = {}
    written = 0
    for call in sends:
        taken = call.result or 0
        if call.errno is None and taken > 0:
            written += taken
            if written > sent:
                found[call.t_ns] = min(taken, written - sent)
    return found


def waits_for_ack(connection: Connection, call: Call) -> bool:
    """Whether Nagle's algorithm holds back what a call wrote: a short segment, behind data not yet acknowledged."""
    side = call.side
    mss = next((s.options.mss for s in connection.segments if s.side != side and s.options.mss), None)
    at_once = any("TCP_NODELAY, 1" in one.text for one in calls(connection, side, ("setsockopt",), call.t_ns))
    if mss is None or at_once or not 0 < (call.result or 0) < mss - 12:
        return False
    had = [s for s in connection.segments if s.at(side) < call.t_ns and not s.flags & RST]
    last = next((s for s in reversed(had) if s.side == side and s.payload), None)
    if last is None:
        return False
    end = last.seq + last.payload
    return not any(s.side != side and s.flags & ACK and (s.ack - end) % 2**32 < 2**31 for s in had)


def _time_wait(connection: Connection, told: Reset) -> Proof | None:
    """A RST came to an end in TIME_WAIT."""
    if connection.ending != "closed" or told.receiver_state != "TIME_WAIT" or told.accepted is False:
        return None
    copy = "-copy" if _repeated_for_a_copy(connection, told) else ""
    if kept_time_wait(connection, told):
        return Proof("time-wait-kept" + copy, _sides(told.sender), "ok")
    free = any(not reuses_address(connection, call) for call in bound(connection, told.ts_ns))
    return Proof("time-wait-ended" + copy, _sides(told.sender), "ok", "proved" if free else "implied")


def bound(connection: Connection, after_ns: int) -> list[Call]:
    """The sockets that got an address of the connection after a time."""
    return [c for c in connection.calls if c.call == "bind" and c.errno is None and c.t_ns > after_ns]


def reuses_address(connection: Connection, bind: Call) -> bool:
    """Whether SO_REUSEADDR was set on a socket before it was bound: it gets an address that is in TIME_WAIT."""
    own = (c for c in connection.calls if (c.pid, c.fd) == (bind.pid, bind.fd) and c.t_ns < bind.t_ns)
    return any("SO_REUSEADDR, 1" in call.text for call in own)


def _repeated_for_a_copy(connection: Connection, told: Reset) -> bool:
    """Whether what the RST answers was sent for a copy of the RST's sender's data that the network had kept."""
    known = {s.frame: s for s in connection.segments}
    trigger = known.get(told.answers_frame or -1)
    if trigger is None:
        return False
    came = [s for s in connection.segments if s.side == told.sender and s.at(trigger.side) < trigger.ts_ns]
    last = came[-1] if came else None
    original = None if last is None else known.get(last.duplicate_of or -1)
    return last is not None and original is not None and bool(last.payload) and late_copy(last, original)


def kept_time_wait(connection: Connection, told: Reset) -> bool:
    """Whether the receiver was told to ignore a RST in TIME_WAIT."""
    return any(re.search(rf"^{other(told.sender)}: .*tcp_rfc1337 ?= ?1\b", step.text) for step in connection.steps)


def _benign(connection: Connection, told: Reset) -> Proof | None:
    """RST in place of a FIN, after everything was said: no program saw an error."""
    headline = connection.verdicts[0].code if connection.verdicts else None
    heard = any(recorded.named_error(call) in recorded.DEAD for call in connection.calls)
    undelivered = connection.undelivered.client or connection.undelivered.server
    if headline not in BENIGN or not connection.calls or heard or undelivered:
        return None
    certainty: Literal["proved", "implied"] = "implied" if told.kernel_reason is None else "proved"
    return Proof("harmless", _sides(told.sender), "ok", certainty)


def _health_check(connection: Connection, told: Reset) -> Proof | None:
    """The client's program connected and reset, and neither end sent a byte: the record's own verdict."""
    headline = connection.verdicts[0] if connection.verdicts else None
    if headline is None or headline.code != "health-check" or told.kernel_reason is None or told.sender != "client":
        return None
    return Proof("health-check", _sides(told.sender), "ok", "implied")  # what it was meant for is not told


def late_copy(segment: Segment, original: Segment) -> bool:
    """Whether a packet that was captured again is a copy made on the way: its sender's capture has one of it only."""
    made = segment.seen not in ("both", segment.side) and original.fate == "arrived" and original.deliveries > 1
    return made and segment.ts_ns - original.ts_ns >= 1_000_000


def kept(connection: Connection, told: Reset | None) -> bool:
    """Whether what is proved of an ending is that a RST changed nothing: its receiver stayed in TIME_WAIT."""
    found = proof(connection, told)
    return found is not None and found.key.startswith("time-wait-kept")
