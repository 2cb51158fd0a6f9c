"""What somebody else sent in an end's name, and that was believed: a SYN, data, a FIN, a RST."""

from __future__ import annotations

from dataclasses import replace

from ..firewalls import remembers, walled
from ..story import ACK, FIN, RST, SYN, Connection, Finding, Reset, Segment, Side, other, sides


def believed(connection: Connection) -> Finding | None:
    """A segment that the end in whose name it came never sent, and that was believed: a FIN, data; or a SYN."""
    replies = _replies(connection) if any(s.fate == "unsent" for s in connection.segments) else []
    for place, segment in enumerate(connection.segments):
        if segment.fate != "unsent" or segment.flags & RST:
            continue
        values = sides(segment.side)
        if segment.flags & SYN and not segment.flags & ACK:
            if connection.ending == "closed":
                return Finding(
                    "forged-syn-closed" if connection.closed_first == values["peer"] else "forged-syn", values, "ok"
                )
            return Finding("forged-syn", values, "open" if connection.ending == "open" else "bad")
        if segment.flags & FIN:
            return Finding("forged-fin", values) if connection.ending == "reset" else None
        end = (segment.seq + segment.payload) % 2**32
        reply = replies[place]
        if segment.payload and reply is not None and reply.ack == end and connection.ending == "closed":
            closed: dict[str | None, str] = {
                other(segment.side): "forged-data-closed",
                segment.side: "forged-data-own-close",
            }
            key = closed.get(connection.closed_first, "forged-data")
            return Finding(key, {**values, "bytes": segment.payload})
        if segment.payload and reply is not None and reply.ack == end and connection.ending == "open":
            return Finding("stray-data", {**values, "bytes": segment.payload})
    return None


def _replies(connection: Connection) -> list[Segment | None]:
    """For each packet the next one of the other end."""
    found: list[Segment | None] = []
    following: dict[Side, Segment] = {}
    for segment in reversed(connection.segments):
        found.append(following.get(other(segment.side)))
        following[segment.side] = segment
    return found[::-1]


def stray(connection: Connection, told: Reset) -> Finding | None:
    """A segment of a connection that there never was: in a recorded world neither kernel, and no program, had it."""
    segments = connection.segments
    had = connection.calls or any(e.kind != "reset-sent" or e.side != told.sender for e in connection.kernel)
    if had or not connection.steps or told.kernel_reason is None or told.shape == "active":
        return None
    if connection.ending != "reset" or any(s.flags & (SYN | RST) != RST for s in segments if s.side == told.sender):
        return None
    if any(s.flags & SYN for s in segments):
        return None
    return Finding("stray-segment", sides(told.sender))


def both_names(connection: Connection, told: Reset) -> Finding | None:
    names = {reset.sender for reset in connection.resets if reset.forged or reset.unsent}
    if connection.ending != "reset" or len(names) < 2 or connection.ended_by != "path":
        return None
    return Finding("path-both")


def old_stamp(connection: Connection, told: Reset) -> Finding | None:
    """A RST that its sender never sent ended it, with a timestamp that is too old for any other segment."""
    segment = next((s for s in connection.segments if s.frame == told.frame), None)
    age = None if segment is None else stamp_age(connection, segment)
    if age is None or not told.unsent or not told.accepted or connection.ending != "reset":
        return None
    return Finding("path-old", {**sides(told.sender), "ticks": age})


def firewall_forgot(connection: Connection, told: Reset) -> Finding | None:
    """A firewall on its sender's host sent it, which had been told to remember a connection for less than the silence.

    The silence is that before the segment that it answers; `ns` of the finding, `limit_ns`: for how long it remembers.
    """
    segments = connection.segments
    fate = {segment.frame: segment.fate for segment in segments}
    place = next((place for place, s in enumerate(segments) if s.frame == told.answers_frame), 0)
    if (
        place == 0
        or connection.ending != "reset"
        or not told.forged
        or told.unsent
        or fate.get(told.frame) != "arrived"
    ):
        return None
    idle, limit = segments[place].ts_ns - segments[place - 1].ts_ns, remembers(connection, told.sender)
    if limit is None or limit >= idle or not walled(connection, told.sender, "reset", told.ts_ns):
        return None
    return Finding("path-forgotten", {**sides(told.sender), "ns": idle, "limit_ns": limit})


def in_linux_time(found: Finding) -> Finding:
    """The same, its ticks of a timestamp clock as a length of time: one of Linux is a millisecond (tcp_clock_ms)."""
    values = dict(found.values)
    ticks = values.pop("ticks", None)
    return found if ticks is None else replace(found, values={**values, "old_ns": int(ticks) * 1_000_000})


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
