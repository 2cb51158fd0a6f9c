"""What became of a handshake: SYNs without an answer, a queue without room, a socket closed before the SYN-ACK came."""

from __future__ import annotations

from ..firewalls import walled
from ..programs import ACCEPTS, calls, left_ns, unaccepted_room
from ..story import ACK, RST, SYN, Call, Connection, Finding, KernelEvent, Segment, sides
from .given_up import quoted

QUEUED_NS = 10_000_000  # a handshake's last ACK is not taken up for so long: there was no room


def unanswered(connection: Connection) -> Finding | None:
    """What became of SYNs without an answer."""
    sent = [segment for segment in connection.segments if segment.flags & SYN]
    fates = {segment.fate for segment in sent}
    if connection.ending != "unanswered" or len(fates) != 1 or quoted(connection):
        return None
    if any(segment.flags & RST for segment in connection.segments):
        return None
    (fate,) = fates
    syns = {"syns": sum(segment.duplicate_of is None for segment in sent)}
    if fate == "lost":
        return Finding("unanswered-lost", syns)
    if fate != "arrived":
        return None
    if walled(connection, "server", "drop", connection.first_ns):
        return Finding("unanswered-walled", syns)
    room = unaccepted_room(connection)
    if room is not None:
        return Finding("unanswered-queue", {**syns, "n": room}, certainty="implied")
    return Finding("unanswered-arrived", syns, certainty="implied")  # what dropped it there is not told


def refused_by_icmp(connection: Connection) -> Finding | None:
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
    return Finding(key, {**sides("client"), "address": error.sender, "icmp": error.what})


def both_opened(connection: Connection) -> Finding | None:
    """Both ends' SYNs made one connection."""
    plain = {s.side for s in connection.segments if s.flags & SYN and not s.flags & ACK and s.fate != "unsent"}
    if len(plain) < 2 or connection.ending != "closed" or connection.closed_first not in ("client", "server"):
        return None
    return Finding("closed-simultaneous-open", {"side": connection.closed_first}, "ok", "implied")


def queued(connection: Connection) -> Finding | None:
    """The handshake's last ACK had come, and the server's kernel took it up much later.

    How long the connection was open for the client only is told as the ladder shows it, from state to state.
    """
    waited = _waited_to_open(connection)
    if waited is None or connection.ending != "closed" or connection.closed_first is None:
        return None
    last, event = waited
    own = [e for e in connection.kernel if e.side == "client" and e.kind == "state" and e.state == "ESTABLISHED"]
    since_ns = own[0].t_ns if own else last.ts_ns
    values: dict[str, str | int] = {"side": connection.closed_first, "ns": event.t_ns - since_ns}
    accept = room_found(connection)
    if accept is None:
        return Finding("closed-queued", values, "ok")
    room: dict[str, str | int] = {"room_ns": accept.t_ns - last.at("server"), "again_ns": event.t_ns - accept.t_ns}
    return Finding("closed-queued-room", {**values, **room}, "ok")


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
        if call.call in ACCEPTS and call.side == "server" and call.t_ns < event.t_ns
    ]  # fmt: skip
    return waits[-1] if waits and waits[-1].t_ns > last.at("server") else None


def queue_given_up(connection: Connection) -> Finding | None:
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
    room = unaccepted_room(connection)
    if room is None:
        return Finding("queue-given-up")
    return Finding("queue-given-up-full", {"n": room}, certainty="implied")  # why it dropped them is not told


def cancelled(connection: Connection) -> Finding | None:
    """The client had closed its socket before the SYN-ACK came."""
    if connection.ending != "handshake-incomplete":
        return None
    for segment in connection.segments:
        if segment.side == "server" and segment.flags & SYN and segment.flags & ACK:
            closed = calls(connection, "client", ("close",), segment.at("client"))
            told = any(reset.answers_frame == segment.frame and reset.kernel_reason for reset in connection.resets)
            return Finding("cancelled") if closed and told else None
    return None
