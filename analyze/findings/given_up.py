"""A kernel that gave a connection up, or has it no more, without a packet that says so."""

from __future__ import annotations

from ..firewalls import remembers, walled
from ..programs import DEAD
from ..story import Connection, Finding, KernelEvent, Reset, Side, other, sides


def gave_up(connection: Connection, side: Side | None = None) -> KernelEvent | None:
    """An end's kernel's report that it gave the connection up; None: either end's."""
    errors = (event for event in connection.kernel if event.kind == "error" and event.errno in DEAD)
    return next((event for event in errors if side in (None, event.side)), None)


def quoted(connection: Connection) -> bool:
    """Whether an ICMP error quoted a packet of the connection."""
    return any(one.says == "icmp" for verdict in connection.verdicts for one in verdict.evidence)


def icmp(connection: Connection) -> Finding | None:
    """ICMP errors were all that an end's tries brought back, until its kernel gave up; or, by packets alone, so far."""
    event = gave_up(connection)
    if connection.ending != "timed-out" or not quoted(connection) or not connection.icmp:
        return None
    error = connection.icmp[-1]
    if event is None:
        tries = connection.segments[-1].side if connection.segments else None
        values = {"address": error.sender, "icmp": error.what}
        if connection.calls or connection.kernel or tries != error.to:
            return None
        return Finding("timed-out-icmp-packets", {**sides(error.to), **values}, "bad", "implied")
    peer = other(event.side)
    end = connection.server if peer == "server" else connection.client
    own = error.sender == end.address and walled(connection, peer, "icmp", error.ts_ns)
    return Finding(
        "timed-out-icmp-walled" if own else "timed-out-icmp",
        {**sides(event.side), "address": error.sender, "icmp": error.what},
    )


def walled_off(connection: Connection) -> Finding | None:
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
        return Finding("timed-out-forgotten", {**sides(event.side), "ns": idle, "limit_ns": limit})
    return Finding("timed-out-walled", sides(event.side))


def _last_state(connection: Connection, side: Side) -> KernelEvent | None:
    own = [event for event in connection.kernel if event.kind == "state" and event.side == side]
    return own[-1] if own else None


def half_open(connection: Connection) -> Finding | None:
    """One kernel has no connection any more, without a packet; the other still has."""
    if connection.ending != "open" or gave_up(connection) is not None:
        return None
    for side in ("client", "server"):
        own, others = _last_state(connection, side), _last_state(connection, other(side))
        gone = own is not None and own.state == "CLOSED" and own.frame is None and not own.handed_over
        if gone and others is not None and others.state == "ESTABLISHED":
            return Finding("forgotten", sides(side))
    return None


def window(connection: Connection) -> Finding | None:
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
    return Finding("gave-up-window", {**sides(event.side), "errno": event.errno or "", "ns": event.t_ns - closed_ns})


def keepalive(connection: Connection, told: Reset) -> Finding | None:
    if told.kernel_reason != "TCP_KEEPALIVE_TIMEOUT":
        return None
    probed = next((s.ts_ns for s in connection.segments if s.keepalive and s.side == told.sender), told.ts_ns)
    peer = other(told.sender)
    lost = any(s.fate == "lost" and s.side == peer and s.ts_ns >= probed for s in connection.segments)
    return Finding("keepalive-lost", sides(told.sender)) if lost else None


def gave_up_before(connection: Connection, told: Reset) -> Finding | None:
    """The RST's sender's kernel had given the connection up before: its own packets had had no answer."""
    event = gave_up(connection, told.sender)
    if event is None or event.t_ns >= told.ts_ns or event.errno not in ("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"):
        return None
    if told.kernel_reason not in (None, "NO_SOCKET") or told.forged or told.unsent or told.shape == "active":
        return None
    return Finding("gave-up-before", {**sides(told.sender), "errno": event.errno or ""})
