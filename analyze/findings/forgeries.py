"""What somebody else sent in an end's name, and that was believed: a SYN, data, a FIN, a RST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..firewalls import remembers, walled
from ..matching import space
from ..story import ACK, FIN, RST, SIDES, SYN, Connection, Finding, Reset, Segment, Side, other, sides
from ..unreceived import denied_fins

MOST_BARE = 8  # segments without a timestamp; who strips it from more strips it from all that he carries
FAR = 1_000  # IP-IDs between two packets of a connection that one counter does not make (Linux counts each by itself)


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


def foreign(connection: Connection) -> dict[int, Segment | None]:
    """Segments that most likely are not their end's, by packets alone: frame -> the ACK that denies it, if there is.

    A FIN: the end in whose name it came then sends data in its place. Or both SYNs have agreed on timestamps, so that
    every segment of a TCP but a RST carries one (RFC 7323, 3.2); these do not, and there is a second sign. Data was
    acknowledged, and the end in whose name it came goes on with the number of its first byte: it has not sent it. An
    ACK alone was counted by another IP-ID.
    """
    segments = [s for s in connection.segments if s.duplicate_of is None]
    agreed = {s.side for s in segments if s.flags & SYN and s.options.tsval is not None}
    if connection.calls or any(s.fate for s in segments):
        return {}  # what more is recorded says who sent it
    fins = denied_fins(segments)
    found = {s.frame: denied(s, segments[place + 1 :]) for place, s in enumerate(segments) if s.frame in fins}
    if len(agreed) < len(SIDES):
        return found
    for side in SIDES:
        own = [s for s in segments if s.side == side and not s.flags & (SYN | RST)]
        bare = [s for s in own if s.options.tsval is None and _whole(s)]
        for segment in bare if 2 * len(bare) < len(own) and len(bare) <= MOST_BARE else ():
            if segment.payload:
                denial = denied(segment, segments[segments.index(segment) + 1 :])
                found |= {} if denial is None else {segment.frame: denial}
            elif not (segment.flags & FIN or segment.keepalive or segment.window_probe):
                found |= {segment.frame: None} if _counted_elsewhere(segment, own) else {}
    return found


def _whole(segment: Segment) -> bool:
    """Whether all of its options were captured."""
    return len(segment.header) > 12 and len(segment.header) >= (segment.header[12] >> 4) * 4


def _counted_elsewhere(segment: Segment, own: Sequence[Segment]) -> bool:
    """Whether its IP-ID is far from those of its end's other packets, and these are near to each other."""
    others = [s.ip_id for s in own if s is not segment and s.ip_id]
    if not segment.ip_id or len(others) < 2 or max(others) - min(others) >= FAR:
        return False
    return all(FAR <= (segment.ip_id - one) % 2**16 <= 2**16 - FAR for one in others)


def denied(segment: Segment, later: Sequence[Segment]) -> Segment | None:
    """The ACK by which an end denies data or a FIN in its name: what was acknowledged, it had not sent."""
    end = (segment.seq + space(segment)) % 2**32
    taken = next((i for i, s in enumerate(later) if s.side != segment.side and s.ack == end), None)
    own = next((s for s in later[taken:] if s.side == segment.side), None) if taken is not None else None
    if own is not None and own.flags & ACK and own.seq == segment.seq and not space(own) and not own.flags & RST:
        return own
    return None


def foreign_data(connection: Connection) -> Finding | None:
    """Data that most likely is not its end's, and that the other end took."""
    if connection.ending not in ("closed", "open"):
        return None
    doubtful = foreign(connection)
    for segment in connection.segments:
        if segment.payload and doubtful.get(segment.frame) is not None:
            key = "foreign-data" if connection.ending == "open" else "foreign-data-closed"
            return Finding(key, {**sides(segment.side), "bytes": segment.payload}, "bad", "implied")
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
