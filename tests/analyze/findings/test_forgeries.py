"""What came in an end's name and was believed is told apart from what the end sent itself."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

from finrst.analyze.findings.forgeries import believed, both_names, firewall_forgot, old_stamp, stamp_age, stray

from .recorded import story, with_reset


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
