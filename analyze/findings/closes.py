"""What the program at a RST's sender had done, and what the RST then did: data unread, TIME_WAIT ended, nobody hurt."""

from __future__ import annotations

import re
from typing import Literal

from ..programs import DEAD, RECEIVES, amount, bound, calls, left_ns, named_error, received, reuses_address
from ..story import ACK, Connection, Finding, Reset, Segment, other, sides
from .copies import repeated_for_a_copy

BENIGN = ("reset-instead-of-fin",)  # verdicts of a RST that hurts nobody


def shut_down(connection: Connection, told: Reset) -> Finding | None:
    """The RST's sender had shut down its reading, and had not closed."""
    left = left_ns(connection, told)
    if told.kernel_reason != "TCP_ABORT_ON_DATA" or calls(connection, told.sender, ("close",), left):
        return None
    asked = calls(connection, told.sender, ("shutdown",), left)
    reading = any("SHUT_RDWR" in call.text or re.search(r"SHUT_RD\b", call.text) for call in asked)
    return Finding("shut-down", sides(told.sender)) if reading else None


def read_on(connection: Connection, fin: Segment) -> list[Segment]:
    """The data that the sender of a FIN took after it, by packets alone: without a RST it acknowledged it.

    A kernel whose program has closed answers data with RST (RFC 1122, 4.2.2.13): that one had ended its sending only.
    """
    side = fin.side
    if any(call.side == side for call in connection.calls) or any(reset.sender == side for reset in connection.resets):
        return []
    last = next((s for s in reversed(connection.segments) if s.side == side and s.flags & ACK), fin)
    return [
        s for s in connection.segments
        if s.side != side and s.payload and s.at(side) > fin.ts_ns and s.fate in (None, "arrived")
        and s.retransmission_of is None and s.duplicate_of is None and not (s.keepalive or s.window_probe)
        and (last.ack - s.seq - s.payload) % 2**32 < 2**31
    ]  # fmt: skip


def unread(connection: Connection, told: Reset) -> Finding | None:
    """How much was left unread by the close that became a RST; how much of its own data the other program got."""
    left = left_ns(connection, told)
    if connection.ending != "reset" or not calls(connection, told.sender, ("close",), left + 1_000_000):
        return None
    values = sides(told.sender)
    if told.kernel_reason == "TCP_ABORT_ON_CLOSE":
        reads = calls(connection, told.sender, RECEIVES, left)
        if any("MSG_OOB" in call.text and call.result for call in reads):
            return Finding("unread-urgent", values)
        came, took = received(connection, told.sender, left), amount(reads)
        if came is None or took >= came:
            return None
        if took == 0:
            return Finding("unread-all", {**values, "bytes": came})
        return Finding("unread-rest", {**values, "n": took, "m": came})
    return None


def time_wait(connection: Connection, told: Reset) -> Finding | None:
    """A RST came to an end in TIME_WAIT."""
    if connection.ending != "closed" or told.receiver_state != "TIME_WAIT" or told.accepted is False:
        return None
    copy = "-copy" if repeated_for_a_copy(connection, told) else ""
    copy += "-likely" if copy and not (connection.steps or connection.calls) else ""
    if kept_time_wait(connection, told):
        return Finding("time-wait-kept" + copy, sides(told.sender), "ok")
    free = any(not reuses_address(connection, call) for call in bound(connection, told.ts_ns))
    return Finding("time-wait-ended" + copy, sides(told.sender), "ok", "proved" if free else "implied")


def kept_time_wait(connection: Connection, told: Reset) -> bool:
    """Whether the receiver was told to ignore a RST in TIME_WAIT."""
    return any(re.search(rf"^{other(told.sender)}: .*tcp_rfc1337 ?= ?1\b", step.text) for step in connection.steps)


def benign(connection: Connection, told: Reset) -> Finding | None:
    """RST in place of a FIN, after everything was said: no program saw an error."""
    headline = connection.verdicts[0].code if connection.verdicts else None
    heard = any(named_error(call) in DEAD for call in connection.calls)
    undelivered = connection.undelivered.client or connection.undelivered.server
    if headline not in BENIGN or not connection.calls or heard or undelivered:
        return None
    certainty: Literal["proved", "implied"] = "implied" if told.kernel_reason is None else "proved"
    return Finding("harmless", sides(told.sender), "ok", certainty)


def health_check(connection: Connection, told: Reset) -> Finding | None:
    """The client's program connected and reset, and neither end sent a byte: the record's own verdict."""
    headline = connection.verdicts[0] if connection.verdicts else None
    if headline is None or headline.code != "health-check" or told.kernel_reason is None or told.sender != "client":
        return None
    return Finding("health-check", sides(told.sender), "ok", "implied")  # what it was meant for is not told
