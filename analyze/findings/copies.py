"""Packets that the network delivered twice, and what came of their copies."""

from __future__ import annotations

from ..story import Certainty, Connection, Finding, Reset, Segment, sides


def late_copy(segment: Segment, original: Segment) -> bool:
    """Whether a packet that was captured again is a copy made on the way: its sender's capture has one of it only."""
    made = segment.seen not in ("both", segment.side) and original.fate == "arrived" and original.deliveries > 1
    return made and segment.ts_ns - original.ts_ns >= 1_000_000


def same_packet(segment: Segment, original: Segment) -> bool:
    """Whether what was sent again is the very packet: who sends again writes another IP-ID and a later timestamp.

    Of one capture alone; without both of these nothing is said.
    """
    if segment.fate is not None or not segment.ip_id or segment.options.tsval is None:
        return False
    same = (segment.ip_id, segment.options.tsval, segment.flags, segment.ack, segment.payload)
    return same == (original.ip_id, original.options.tsval, original.flags, original.ack, original.payload)


def own_packets(connection: Connection) -> list[Segment]:
    """The packets without those that a capture holds twice; a copy that the network made is one of its own."""
    first = {segment.frame: segment for segment in connection.segments}
    return [
        s for s in connection.segments
        if s.duplicate_of is None or (s.duplicate_of in first and late_copy(s, first[s.duplicate_of]))
    ]  # fmt: skip


def repeated_for_a_copy(connection: Connection, told: Reset) -> bool:
    """Whether what the RST answers was sent for a copy of the RST's sender's data that the network had kept.

    By the captures at both ends, or, of one alone, most likely: `same_packet`.
    """
    known = {s.frame: s for s in connection.segments}
    trigger = known.get(told.answers_frame or -1)
    if trigger is None:
        return False
    came = [s for s in connection.segments if s.side == told.sender and s.at(trigger.side) < trigger.ts_ns]
    last = came[-1] if came else None
    original = None if last is None else known.get(last.duplicate_of or last.retransmission_of or -1)
    if last is None or original is None or not last.payload:
        return False
    return late_copy(last, original) if last.duplicate_of is not None else same_packet(last, original)


def twice(connection: Connection) -> Finding | None:
    """The way delivered every packet twice, by the captures at both ends; most likely so, by one (`delivered`)."""
    if connection.ending != "closed" or connection.closed_first is None:
        return None
    own = [s for s in connection.segments if s.duplicate_of is None]
    both = any(s.seen for s in own)
    ends = {s.side for s in own if s.deliveries != 2}
    if ends if both else len(ends) != 1:
        return None
    likely = "" if both else "-likely"
    certainty: Certainty = "proved" if both else "implied"
    answers = (reset for reset in connection.resets if reset.shape == "reply" and reset.receiver_state == "TIME_WAIT")
    reset = next(answers, None)
    if reset is not None:
        return Finding(f"delivered-twice-rst{likely}", sides(reset.sender), "ok", certainty)
    return Finding(f"delivered-twice{likely}", {"side": connection.closed_first}, "ok", certainty)
