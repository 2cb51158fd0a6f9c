"""A packet that the network delivered twice was sent once."""

from __future__ import annotations

from dataclasses import replace

from finrst.analyze.delivered import as_delivered
from finrst.analyze.findings.copies import twice
from finrst.analyze.story import RST, SYN, Options

from .findings.recorded import by_packets, story


def test_by_one_capture_each_packet_counts_as_often_as_it_was_sent() -> None:
    told = by_packets("lost-data-duplicated")
    own = [s for s in told.segments if s.duplicate_of is None]
    for flag, times in ((SYN, 2), (RST, 3)):
        assert sum(bool(s.flags & flag) for s in own if s.side == "server") == times, "each of them came twice"
    assert {s.deliveries for s in own if s.side == "server"} == {2}
    both = [s for s in story("lost-data-duplicated").segments if s.duplicate_of is None]
    assert len(own) == len(both), "as the captures at both ends say"
    found = twice(told)
    assert found is not None and found.certainty == "implied"


def test_what_no_d_sack_reports_may_be_the_captures_own_doubling() -> None:
    told = by_packets("lost-data-duplicated").segments
    raw = [replace(s, deliveries=1) for s in told]
    assert any(s.deliveries == 2 for s in as_delivered(raw))
    silent = tuple(replace(s, options=replace(s.options, sack=())) for s in raw)
    assert as_delivered(silent) == silent


def test_an_end_with_one_packet_alone_was_not_delivered_twice() -> None:
    raw = [replace(s, deliveries=1) for s in by_packets("lost-data-duplicated").segments]
    one = replace(raw[-1], frame=1000, options=Options(), seq=raw[-1].seq + 1)
    assert all(s.deliveries == 1 for s in as_delivered([*raw, one]))
