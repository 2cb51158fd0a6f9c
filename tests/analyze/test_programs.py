"""What programs did is read off their calls, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.programs import (
    amount,
    calls,
    came_ns,
    consequence,
    cut,
    failed,
    left_ns,
    named_error,
    never_sent,
    nothing_thrown,
    received,
    unaccepted_room,
)
from finrst.analyze.story import Call

from .findings.recorded import story, with_reset


def call(name: str, result: int = 0, errno: str | None = None, says: str | None = None, text: str = "") -> Call:
    return Call("client", 1, 2, "client", 7, name, text or f"{name}(3)", result, errno, says)


@pytest.mark.parametrize(("errno", "bad"), [("EPIPE", True), ("EAGAIN", False), ("EINTR", False), (None, False)])
def test_not_yet_is_no_failure(errno: str | None, bad: bool) -> None:
    assert failed(call("write", -1, errno)) is bad


def test_an_error_may_come_from_so_error() -> None:
    assert named_error(call("getsockopt", 0, says="SO_ERROR = EPIPE")) == "EPIPE"
    assert named_error(call("read", 0, says="EOF")) is None


def test_a_look_at_the_data_takes_nothing() -> None:
    assert amount([call("recv", 5), call("recv", 5, text="recv(3, 5 bytes, MSG_PEEK)")]) == 5


def test_a_rst_left_before_it_came() -> None:
    told, reset = with_reset("crossing-resets")
    assert left_ns(told, reset) < came_ns(told, reset)


def test_a_response_is_cut_where_less_was_read_than_written() -> None:
    wrote, got = cut(*with_reset("response-cut")) or (0, 0)
    assert wrote > got > 0
    assert cut(*with_reset("reset-after-response")) is None


def test_bytes_that_came_are_counted_from_the_isn() -> None:
    told = story("close-client-first")
    assert received(told, "server", 2**63) == amount(calls(told, "client", ("write",), 2**63))
    assert received(replace(told, isn=(None, None)), "server", 2**63) is None


def test_nothing_is_thrown_away_where_all_was_read_and_acknowledged() -> None:
    assert nothing_thrown(*with_reset("reset-after-response-kept"))
    assert not nothing_thrown(*with_reset("response-cut-linger-0"))


def test_bytes_that_never_left_are_those_behind_the_last_sent() -> None:
    assert sum(never_sent(story("response-cut-linger-0"), "server").values()) > 0
    assert never_sent(story("close-client-first"), "client") == {}


def test_the_consequence_is_the_first_call_that_failed_with_the_connection() -> None:
    told, reset = with_reset("early-answer")
    heard = consequence(told, "client", came_ns(told, reset))
    assert heard is not None and named_error(heard) in ("EPIPE", "ECONNRESET")
    assert consequence(told, "server", 0) is None


def test_a_listener_has_room_for_one_more_than_it_asked_for() -> None:
    told = story("accept-queue-full-syn")
    asked = next(call for call in told.calls if call.call == "listen")
    assert f", {(unaccepted_room(told) or 0) - 1})" in asked.text
    assert unaccepted_room(story("close-client-first")) is None
