"""Packets that arrived in another order than they were captured in, by their receiver's ACKs alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..matching import space
from ..story import ACK, RST, SYN, Segment, Side

MOST_BEHIND = 50  # packets behind a segment that are looked at for what its receiver says of it


def overtaken(segments: Sequence[Segment]) -> dict[int, Segment]:
    """Data that a later segment overtook behind the capture: its frame -> the ACK that it drew when it came.

    Its receiver reported a hole where it belongs (RFC 2018), and then took it before anything was sent again: the
    ACK echoes the timestamp of the data itself (RFC 7323, 4.3), which no copy carries.
    """
    if any(segment.seen for segment in segments):
        return {}  # by both captures that is known
    found: dict[int, Segment] = {}
    newest: dict[Side, int] = {}  # the number behind all that an end has sent
    for place, data in enumerate(segments):
        end = (data.seq + space(data)) % 2**32
        last = newest.get(data.side, data.seq)
        new = (data.seq - last) % 2**32 < 2**31  # what fills a hole of before is no sign
        newest[data.side] = end if (end - last) % 2**32 < 2**31 else last
        plain = data.options.tsval is not None and not data.flags & (SYN | RST) and data.fate is None
        if data.payload and new and plain and data.retransmission_of is None:
            ack = _filled(data, segments[place + 1 : place + 1 + MOST_BEHIND])
            found |= {} if ack is None else {data.frame: ack}
    return found


def _filled(data: Segment, behind: Sequence[Segment]) -> Segment | None:
    """The ACK of the data itself, after one that told of a hole in its place; None: there was no such."""
    end = data.seq + space(data)
    later = hole = False
    for one in behind:
        if one.side == data.side:
            if one.payload and (one.seq - data.seq) % 2**32 < data.payload:
                return None  # sent again, whole or in part
            later = later or bool(one.payload and (one.seq - end) % 2**32 < 2**31)
        elif one.flags & ACK and not one.flags & RST:
            if (one.ack - end) % 2**32 < 2**31:
                return one if hole and one.options.tsecr == data.options.tsval else None
            above = any((left - end) % 2**32 < 2**31 for left, _ in one.options.sack)
            hole = hole or (later and one.ack == data.seq and above and one.d_sack is None)
    return None
