"""A copy that the network made is no packet that its sender sent again."""

from __future__ import annotations

from dataclasses import replace

from finrst.analyze.findings.copies import late_copy, repeated_for_a_copy, twice

from .recorded import story, with_reset


def test_a_late_copy_left_its_sender_once() -> None:
    told = story("time-wait-assassinated")
    by_frame = {s.frame: s for s in told.segments}
    (copy,) = [s for s in told.segments if s.duplicate_of is not None]
    original = by_frame[copy.duplicate_of or 0]
    assert late_copy(copy, original)
    assert not late_copy(replace(copy, seen="both"), original)
    assert not late_copy(replace(copy, ts_ns=original.ts_ns), original), "the same packet, captured twice"


def test_the_ack_that_drew_the_rst_was_repeated_for_the_copy() -> None:
    told, reset = with_reset("time-wait-assassinated")
    assert repeated_for_a_copy(told, reset)
    assert not repeated_for_a_copy(told, replace(reset, answers_frame=None))


def test_every_packet_came_twice_or_it_is_not_said() -> None:
    told = story("lost-data-duplicated")
    assert twice(told) is not None
    once = (replace(told.segments[0], deliveries=1), *told.segments[1:])
    assert twice(replace(told, segments=once)) is None
