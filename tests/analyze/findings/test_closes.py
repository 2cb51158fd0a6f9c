"""What the program at a RST's sender had done: by its calls, not by a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.findings.closes import benign, health_check, kept_time_wait, read_on, shut_down, time_wait, unread
from finrst.analyze.story import FIN

from .recorded import by_packets, story, with_reset


@pytest.mark.parametrize(
    ("name", "key"), [("early-answer", "unread-rest"), ("quotation", "unread-all"), ("urgent-byte", "unread-urgent")]
)
def test_what_was_left_unread_is_counted(name: str, key: str) -> None:
    told, reset = with_reset(name)
    found = unread(told, reset)
    assert found is not None and found.key == key
    if key == "unread-rest":
        assert 0 < int(found.values["n"]) < int(found.values["m"])
    assert unread(replace(told, calls=()), reset) is None


def test_a_shutdown_of_both_directions_is_no_close() -> None:
    told, reset = with_reset("shutdown-both")
    assert shut_down(told, reset) is not None
    asked = tuple(call for call in told.calls if call.call != "shutdown")
    assert shut_down(replace(told, calls=asked), reset) is None


@pytest.mark.parametrize(("name", "kept"), [("time-wait-assassinated", False), ("time-wait-protected", True)])
def test_time_wait_ends_by_a_rst_unless_its_host_was_told_otherwise(name: str, kept: bool) -> None:
    told, reset = with_reset(name)
    found = time_wait(told, reset)
    assert kept_time_wait(told, reset) is kept
    assert found is not None and found.kind == "ok" and found.key.startswith("time-wait-kept") is kept


def test_nobody_was_hurt_only_where_no_call_failed() -> None:
    told, reset = with_reset("reset-after-response")
    assert benign(told, reset) is not None
    failed = tuple(replace(call, errno="EPIPE", result=-1) for call in told.calls)
    assert benign(replace(told, calls=failed), reset) is None


def test_a_health_check_is_the_verdict_on_it_and_never_more_than_implied() -> None:
    told, reset = with_reset("health-check")
    found = health_check(told, reset)
    assert found is not None and found.certainty == "implied"
    assert health_check(replace(told, verdicts=()), reset) is None


@pytest.mark.parametrize(
    ("name", "size"), [("early-answer-drained", 1000), ("half-close", 36), ("close-client-first", 0)]
)
def test_who_takes_data_after_its_fin_has_ended_its_sending_only(name: str, size: int) -> None:
    told = by_packets(name)
    fin = next(s for s in told.segments if s.flags & FIN)
    assert sum(s.payload for s in read_on(told, fin)) == size
    assert not read_on(story(name), next(s for s in story(name).segments if s.flags & FIN)), "there its calls say it"


def test_data_after_a_fin_that_is_answered_with_rst_was_not_taken() -> None:
    told = by_packets("write-once")
    fin = next(s for s in told.segments if s.flags & FIN)
    assert any(s.payload and s.side != fin.side and s.ts_ns > fin.ts_ns for s in told.segments)
    assert not read_on(told, fin)
