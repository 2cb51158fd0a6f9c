"""N1: three segments open a connection, four close it."""

from __future__ import annotations

from ..story import ACK, FIN, RST, SYN, Segment
from . import Claim, Evidence, Finding, NotMeasuredError

M32 = 0xFFFFFFFF


class N1(Claim):
    """Three segments open a connection and four close it; SYN and FIN are acknowledged with their number plus one.

    Measured: the first three segments; those from the first FIN to the last; each acknowledgement number against the
    sequence number that it answers; the MSS in both SYNs. Data is acknowledged by the bytes received.
    """

    says = (
        "Three segments open a connection, four close it; SYN and FIN carry a number, acknowledged with that number "
        "plus one; data is acknowledged by the bytes received; each SYN announces an MSS."
    )
    scenarios = ("close-client-first", "close-server-first")
    changed = ("three-segment-close", "unread-data")

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        segments = one.connection.segments
        if len(segments) < 3 or segments[0].flags & (SYN | ACK) != SYN:
            raise NotMeasuredError("no handshake was captured")
        first, second, third = segments[:3]
        opened = (second.flags & (SYN | ACK), third.flags & (SYN | FIN | RST | ACK)) == (SYN | ACK, ACK)
        opened = opened and (second.ack, third.ack) == ((first.seq + 1) & M32, (second.seq + 1) & M32)
        sizes = [segment.options.mss for segment in (first, second)]
        fins = [number for number, segment in enumerate(segments) if segment.flags & FIN]
        closing = segments[fins[0] :] if fins else segments[len(segments) :]
        resets = [segment for segment in segments if segment.flags & RST]
        in_turn = [bool(segment.flags & FIN) for segment in closing] == [True, False, True, False]
        closed = in_turn and not resets and all(acked(closing[at], closing[at + 1]) for at in (0, 2))
        data = [segment for segment in segments if segment.payload and not segment.flags & FIN]
        by_bytes = all(any(acked(segment, answer) for answer in segments) for segment in data)
        parts = [f"SYN J = {first.seq}, {answered(first, second)}", f"SYN K = {second.seq}, {answered(second, third)}"]
        parts.append(f"mss {' and '.join(str(size) if size else 'not announced' for size in sizes)}")
        if data:
            parts.append(f"{sum(segment.payload for segment in data):,} bytes acknowledged by their number")
        parts.append(f"{len(closing)} segments from the first FIN on" if fins else "no FIN")
        if fins and len(closing) > 1:
            parts.append(f"FIN M = {closing[0].seq}, {answered(closing[0], closing[1])}")
        if resets:
            parts.append(f"{len(resets)} RST")
        return Finding(opened and closed and by_bytes and all(sizes), "; ".join(parts), "both ends close in turn")


def answered(segment: Segment, answer: Segment) -> str:
    """The acknowledgement of a SYN or FIN against its number: `ACK J+1`."""
    letter = "M" if segment.flags & FIN else "K" if segment.flags & ACK else "J"
    if answer.side == segment.side or not answer.flags & ACK:
        return "which the next segment did not acknowledge"
    return f"ACK {letter}+{(answer.ack - segment.seq - segment.payload) & M32}"


def acked(segment: Segment, answer: Segment) -> bool:
    """Whether the answer acknowledges exactly this segment: its bytes, and one for a FIN."""
    end = segment.seq + segment.payload + bool(segment.flags & FIN)
    return answer.side != segment.side and bool(answer.flags & ACK) and answer.ack == end & M32
