"""N5c: a segment that belongs to no connection."""

from __future__ import annotations

from ...capture import facts
from ...capture.segments import FLAGS, Segment
from . import Claim, Evidence, Finding, NotMeasuredError

LOST = ("ETIMEDOUT", "ECONNRESET")  # errors behind which the kernel has freed the connection


class N5c(Claim):
    """A segment that belongs to no established connection is answered with RST.

    Measured: the first segment that reached a host whose kernel knows no such connection, because it was never opened
    there, was given up after a timeout, or vanished as by a reboot; and what that host answered. Where the kernel still
    knows the connection it answers with ACK.
    """

    says = "A segment that belongs to no established connection is answered with RST."
    scenarios = ("stray-segment", "rebooted-peer")
    changed = ("rebooted-peer-remembers",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        found = [stray for host in ("client", "server") for stray in strays(one, host)]
        if found:
            segment, why = min(found, key=lambda stray: stray[0].t_ns)
        else:
            data = [segment for host in ("client", "server") for segment in one.came(host) if segment.length]
            if not data:
                raise NotMeasuredError("no segment came that could have been a stranger")
            segment, why = max(data, key=lambda one: one.t_ns), "whose kernel knows the connection"
        host = one.host(segment.dst)
        answers = [
            answer
            for answer in one.packets_at(host)
            if (answer.src, answer.dst) == (segment.dst, segment.src) and answer.t_ns >= segment.t_ns
        ]
        answer = names(answers[0]) if answers else "nothing"
        size = f" with {segment.length:,} bytes" if segment.length else ""
        return Finding(
            holds=bool(found) and bool(answers) and answers[0].has("RST"),
            text=f"{names(segment)}{size} reached the {host}, {why}; the answer was {answer}",
            when="the segment is no RST itself" if found else "no such connection is known",
        )


def strays(one: Evidence, host: str) -> list[tuple[Segment, str]]:
    """Segments that reached a host whose kernel knew no such connection, and why it did not."""
    packets = one.packets_at(host)
    opened = {frozenset((one.src, one.dst)): one.t_ns for one in reversed(packets) if one.has("SYN")}
    found = []
    for segment in packets:
        if one.host(segment.dst) != host or (segment.has("SYN") and not segment.has("ACK")):
            continue
        if opened.get(frozenset((segment.src, segment.dst)), segment.t_ns + 1) > segment.t_ns:
            found.append((segment, "where no such connection was ever opened"))
        elif why := lost(one, host, segment):
            found.append((segment, why))
    return found


def lost(one: Evidence, host: str, segment: Segment) -> str:
    """How the receiver's kernel had come to forget the segment's connection; empty if it had not."""
    mine = [call for call in one.calls(host) if (call.local, call.remote) == (segment.dst, segment.src)]
    before = [call for call in mine if call.until_ns and call.until_ns < segment.t_ns]
    for call in before:
        if call.errno in LOST:
            return f"whose {call.call} had failed with {call.errno}"
    return "which had lost the connection as by a reboot" if vanished(before) else ""


def vanished(calls: list[facts.Call]) -> bool:
    """Whether a socket was closed under TCP_REPAIR: the kernel forgets it and sends nothing."""
    repaired = any(call.call == "setsockopt" and call.arguments[1:3] == ("TCP_REPAIR", 1) for call in calls)
    return repaired and calls[-1].call == "close"


def names(segment: Segment) -> str:
    """The names of a segment's flags: PSH ACK."""
    return " ".join(name for name, bit in FLAGS.items() if segment.flags & bit) or "a segment without flags"
