"""That data was overtaken behind the capture is read off its receiver's ACKs."""

from __future__ import annotations

from dataclasses import replace

from finrst.analyze.findings.order import overtaken
from finrst.analyze.story import Segment

from .recorded import SAMPLES, by_packets, story


def late_and_its_ack() -> tuple[tuple[Segment, ...], Segment, Segment]:
    segments = by_packets("lost-data-reordered").segments
    ((frame, ack),) = overtaken(segments).items()
    return segments, next(s for s in segments if s.frame == frame), ack


def test_a_hole_that_is_filled_though_nothing_was_sent_again_was_an_overtaken_segment() -> None:
    segments, late, ack = late_and_its_ack()
    data = [s for s in segments if s.payload]
    assert late is data[0] and len(data) == 2
    assert ack.options.tsecr == late.options.tsval


def test_an_ack_that_echoes_another_timestamp_may_be_of_a_copy_that_the_capture_missed() -> None:
    segments, late, ack = late_and_its_ack()
    later = replace(ack, options=replace(ack.options, tsecr=(late.options.tsval or 0) + 9))
    assert not overtaken([later if s is ack else s for s in segments])


def test_data_that_was_sent_again_was_not_overtaken() -> None:
    segments, late, ack = late_and_its_ack()
    place = segments.index(ack)
    assert not overtaken([*segments[:place], replace(late, frame=1000), *segments[place:]])


def test_a_copy_that_fills_a_hole_of_before_was_not_overtaken() -> None:
    segments, late, _ = late_and_its_ack()
    first, second = (s for s in segments if s.payload)
    swapped = {first.frame: second, second.frame: first}
    assert not overtaken([swapped.get(s.frame, s) for s in segments]), (
        "captured behind what it may have been lost before"
    )
    assert not overtaken([replace(s, retransmission_of=1) if s is late else s for s in segments])


def test_both_captures_tell_of_the_order_themselves() -> None:
    assert not overtaken(story("lost-data-reordered").segments)


def test_no_other_sample_was_reordered_by_its_packets_alone() -> None:
    found = {p.parent.name for p in SAMPLES.glob("*/packets.pcapng") if overtaken(by_packets(p.parent.name).segments)}
    assert found == {"lost-data-reordered"}
