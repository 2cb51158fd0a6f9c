"""What came in an end's name and was believed is told apart from what the end sent itself."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from finrst.analyze.findings.forgeries import (
    believed,
    both_names,
    firewall_forgot,
    foreign,
    foreign_data,
    old_stamp,
    stamp_age,
    stray,
)
from finrst.analyze.story import FIN

from .recorded import SAMPLES, by_packets, story, with_reset


def test_forged_data_that_was_believed_is_measured() -> None:
    found = believed(story("forged-data"))
    assert found is not None
    assert (found.values["side"], found.values["peer"]) == ("server", "client")
    forged = [s for s in story("forged-data").segments if s.fate == "unsent"]
    assert found.values["bytes"] == forged[0].payload


def test_what_an_end_sent_itself_is_no_forgery() -> None:
    told = story("forged-data")
    own = tuple(replace(s, fate="arrived") for s in told.segments)
    assert believed(replace(told, segments=own)) is None


def test_a_storm_of_forged_packets_is_looked_through_once() -> None:
    told = story("forged-data")
    forged = next(s for s in told.segments if s.fate == "unsent")
    storm = tuple(replace(forged, frame=1000 + i, ack=1) for i in range(20_000))
    reply = replace(told.segments[-1], side="client", ack=0)
    start = process_time()
    assert believed(replace(told, segments=(*storm, reply))) is None
    assert process_time() - start < 2, "20,000 squared is minutes"


def test_a_stray_segment_belongs_to_a_connection_that_nobody_had() -> None:
    told, reset = with_reset("stray-segment")
    assert stray(told, reset) is not None
    assert stray(replace(told, calls=story("forged-data").calls), reset) is None
    assert stray(replace(told, steps=()), reset) is None, "without a recording's world nobody can say so"


def test_rsts_in_both_names_are_told_only_where_neither_end_sent_one() -> None:
    assert both_names(*with_reset("forged-rst-both-ends")) is not None
    assert both_names(*with_reset("forged-rst")) is None


def test_a_timestamp_is_old_by_the_last_one_of_its_own_side() -> None:
    told, reset = with_reset("forged-rst-old-timestamp")
    segment = next(s for s in told.segments if s.frame == reset.frame)
    before = [s for s in told.segments if s.side == segment.side and s.frame < segment.frame]
    assert stamp_age(told, segment) == (before[-1].options.tsval or 0) - (segment.options.tsval or 0) > 0
    assert stamp_age(told, before[-1]) is None
    assert old_stamp(told, reset) is not None
    assert old_stamp(told, replace(reset, unsent=False)) is None


def test_a_firewall_forgot_only_what_was_silent_for_longer_than_its_rules_remember() -> None:
    told, reset = with_reset("middlebox-forgets")
    found = firewall_forgot(told, reset)
    assert found is not None and int(found.values["ns"]) > int(found.values["limit_ns"]) == 500_000_000
    longer = tuple(replace(step, text=step.text.replace("500ms", "2s")) for step in told.steps)
    assert firewall_forgot(replace(told, steps=longer), reset) is None
    assert firewall_forgot(*with_reset("firewall-resets")) is None, "its rules remember nothing"


@pytest.mark.parametrize("name", ["forged-data", "stray-segment-known"])
def test_data_that_its_end_denies_and_that_lacks_the_timestamp_is_most_likely_foreign(name: str) -> None:
    told = by_packets(name)
    found = foreign_data(told)
    assert found is not None and found.certainty == "implied" and found.values["bytes"] == 6
    ((frame, denial),) = foreign(told).items()
    assert denial is not None
    stamped = next(s for s in told.segments if s.side == denial.side and s.options.tsval is not None)
    own = [replace(s, options=stamped.options) if s.frame == frame else s for s in told.segments]
    assert not foreign(replace(told, segments=tuple(own))), "every TCP that has agreed on timestamps sends them"
    silent = [s for s in told.segments if s is not denial]
    assert foreign_data(replace(told, segments=tuple(silent))) is None, "a device on the way may strip an option"


def test_an_ack_without_the_timestamp_needs_another_counter_to_be_foreign() -> None:
    told = by_packets("accurate-ecn")
    ((frame, denial),) = foreign(told).items()
    assert denial is None
    near = max(s.ip_id or 0 for s in told.segments if s.side == "server")
    counted = [replace(s, ip_id=near - 3) if s.frame == frame else s for s in told.segments]
    assert not foreign(replace(told, segments=tuple(counted)))


def test_no_sample_without_a_made_up_segment_has_a_foreign_one() -> None:
    found = {path.parent.name for path in SAMPLES.glob("*/packets.pcapng") if foreign(by_packets(path.parent.name))}
    assert found == {"accurate-ecn", "forged-data", "forged-fin", "stray-segment-known"}


def test_a_fin_in_whose_place_its_end_sends_data_is_foreign_and_no_data() -> None:
    told = by_packets("forged-fin")
    ((frame, denial),) = foreign(told).items()
    fin = next(s for s in told.segments if s.frame == frame)
    assert fin.flags & FIN and denial is not None and denial.seq == fin.seq
    assert foreign_data(replace(told, ending="open")) is None
    silent = [s for s in told.segments if not (s.side == "server" and s.payload)]
    assert not foreign(replace(told, segments=tuple(silent))), "a FIN that is asked about may be late"
