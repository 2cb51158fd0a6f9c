"""What the programs at both ends of a told connection did, by their recorded calls: which failed, how much was read."""

from __future__ import annotations

import re

from .story import ACK, RST, SYN, Call, Connection, Reset, Side, other

SENDS = ("write", "send", "sendto", "sendmsg", "writev", "sendfile")
RECEIVES = ("read", "recv", "recvfrom", "recvmsg", "readv")
ACCEPTS = ("accept", "accept4")
CLOSES = ("shutdown", "close")
SIGNALS = ("signal",)  # what a process does about SIGPIPE
DEAD = (  # what a call says when it is the connection that failed
    "EPIPE", "ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EPROTO",
)  # fmt: skip
NO_FAILURES = ("EAGAIN", "EWOULDBLOCK", "EINPROGRESS", "EALREADY", "EINTR")  # "not yet" is no error


def failed(call: Call) -> bool:
    """Whether the call came back with an error that its program has to hear of."""
    return call.errno is not None and call.errno not in NO_FAILURES


def named_error(call: Call) -> str | None:
    """The error that a call told its program: its own, or the one that getsockopt found waiting."""
    if failed(call):
        return call.errno
    if call.says is not None and call.says.startswith("SO_ERROR = E"):
        return call.says.removeprefix("SO_ERROR = ")
    return None


def ignores_sigpipe(connection: Connection, call: Call) -> bool:
    """Whether the process had said, before this call, that SIGPIPE shall do nothing: signal(SIGPIPE, SIG_IGN)."""
    told = [
        one.text for one in connection.calls
        if one.call in SIGNALS and (one.side, one.pid) == (call.side, call.pid) and one.t_ns < call.t_ns
        and "SIGPIPE" in one.text
    ]  # fmt: skip
    return bool(told) and "SIG_IGN" in told[-1]


def consequence(connection: Connection, side: Side, after_ns: int) -> Call | None:
    """The first call at that end which failed with the connection after `after_ns`, or was waiting then."""
    for call in connection.calls:
        if call.side == side and call.until_ns is not None and call.until_ns >= after_ns and named_error(call) in DEAD:
            return call
    return None


def calls(connection: Connection, side: Side, names: tuple[str, ...], until_ns: int) -> list[Call]:
    """An end's calls of these names that returned without an error, up to a time."""
    return [
        call
        for call in connection.calls
        if call.side == side and call.call in names and call.errno is None and call.t_ns <= until_ns
    ]


def amount(told: list[Call]) -> int:
    """Bytes that calls returned; a look at the data takes nothing."""
    kept = (call for call in told if "MSG_PEEK" not in call.text and "MSG_OOB" not in call.text)
    return sum(call.result or 0 for call in kept)


def left_ns(connection: Connection, reset: Reset) -> int:
    """When a RST left its sender; `Reset.ts_ns` is when it was captured, which may be at its receiver."""
    return next((s.at(reset.sender) for s in connection.segments if s.frame == reset.frame), reset.ts_ns)


def came_ns(connection: Connection, reset: Reset) -> int:
    """When a RST arrived at its receiver, as far as that is known."""
    return next((s.at(other(reset.sender)) for s in connection.segments if s.frame == reset.frame), reset.ts_ns)


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


def cut(connection: Connection, told: Reset) -> tuple[int, int] | None:
    """How many bytes the RST's sender's program had written, and how many of them the other one read; None: all."""
    peer = other(told.sender)
    wrote = amount(calls(connection, told.sender, SENDS, left_ns(connection, told)))
    reads = calls(connection, peer, RECEIVES, 2**63)
    got = amount(reads)
    return (wrote, got) if reads and got < wrote else None


def nothing_thrown(connection: Connection, told: Reset) -> bool:
    """Whether the RST's sender had read all that had come, and all that it had written was acknowledged."""
    side, left = told.sender, left_ns(connection, told)
    own = [call for call in connection.calls if call.side == side and not call.on_listener]
    if not own or connection.isn[0 if side == "client" else 1] is None or connection.cut_start:
        return False
    took = amount(calls(connection, side, RECEIVES, left))
    whole = not any("MSG_PEEK" in call.text or "MSG_OOB" in call.text for call in own)
    kept = never_sent(connection, side) or getattr(connection.undelivered, side)
    return whole and not kept and received(connection, side, left) == took


def never_sent(connection: Connection, side: Side) -> dict[int, int]:
    """Bytes of each writing call that the kernel accepted and never sent, by the time of the call.

    Empty where that cannot be told: the stream's beginning is not known, or a write is not.
    """
    isn = connection.isn[0 if side == "client" else 1]
    sends = [c for c in connection.calls if c.side == side and c.call in SENDS and not c.on_listener]
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


def unaccepted_room(connection: Connection) -> int | None:
    """How many connections a listener had room for whose program, by its record, accepted none; None: not so.

    Linux keeps one more than listen() asked for (sk_acceptq_is_full).
    """
    listens = [call for call in connection.calls if call.call == "listen" and call.result == 0]
    found = re.search(r", (\d+)\)", listens[-1].text) if listens else None
    if found is None or any(call.call.startswith("accept") for call in connection.calls):
        return None
    return int(found[1]) + 1


def bound(connection: Connection, after_ns: int) -> list[Call]:
    """The sockets that got an address of the connection after a time."""
    return [c for c in connection.calls if c.call == "bind" and c.errno is None and c.t_ns > after_ns]


def reuses_address(connection: Connection, bind: Call) -> bool:
    """Whether SO_REUSEADDR was set on a socket before it was bound: it gets an address that is in TIME_WAIT."""
    own = (c for c in connection.calls if (c.pid, c.fd) == (bind.pid, bind.fd) and c.t_ns < bind.t_ns)
    return any("SO_REUSEADDR, 1" in call.text for call in own)
