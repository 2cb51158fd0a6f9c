"""N5d: the end of a sender's patience."""

from __future__ import annotations

from ..story import FIN, SYN, Segment
from . import Claim, Evidence, Finding, NotMeasuredError, other, said


class N5d(Claim):
    """If an ACK is lost and the limit of retransmissions is exceeded, the sender sends RST and frees the connection.

    Measured: what the sender sent again and how often, the error that its program got, and whether its kernel then sent
    a RST of its own accord. Linux gives up silently: ETIMEDOUT, and nothing on the wire. Only keepalive probes that
    nobody answers end with RST. A RST that comes later, when the other end speaks again, is N5c's.
    """

    says = (
        "If an ACK is lost and the number or time of retransmissions is exceeded, the sender sends RST and frees the "
        "connection."
    )
    scenarios = ("retransmissions",)
    changed = ("keepalive-death",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        segments = one.connection.segments
        again = [segment for segment in segments if segment.retransmission_of is not None or segment.keepalive]
        if not again:
            raise NotMeasuredError("nothing was sent again")
        sender = again[-1].side
        failed = [call for call in one.calls(sender) if call.errno and (call.until_ns or 0) > again[0].ts_ns]
        if not failed:
            raise NotMeasuredError(f"the {sender} did not give up")
        probes = [segment for segment in again if segment.side == sender and segment.keepalive]
        original = again[-1].retransmission_of
        copies = probes or [segment for segment in segments if original in (segment.frame, segment.retransmission_of)]
        until = failed[0].until_ns or 0
        if any(segment.side == other(sender) and copies[0].ts_ns < segment.ts_ns < until for segment in segments):
            raise NotMeasuredError(f"the {sender} was answered")
        what = (
            f"{len(copies)} keepalive probe{'s' if len(copies) > 1 else ''}"
            if probes
            else f"the same {kind(copies[0])} {len(copies)} times"
        )
        if len(copies) > 1:
            what += f" within {(copies[-1].ts_ns - copies[0].ts_ns) / 1e9:.1f} s"
        resets = [reset for reset in one.connection.resets if reset.sender == sender and reset.shape == "active"]
        end = f"then {said(failed[0])}, and its kernel sent {'a RST' if resets else 'no RST'}"
        return Finding(
            holds=bool(resets),
            text=f"the {sender} sent {what}, without an answer; {end}",
            when="keepalive probes go unanswered" if probes else "retransmissions run out",
        )


def kind(segment: Segment) -> str:
    """What a segment was sent for."""
    if segment.payload:
        return "data"
    return "SYN" if segment.flags & SYN else "FIN" if segment.flags & FIN else "segment"
