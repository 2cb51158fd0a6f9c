"""Where each end begins and ends: by the packets, and beyond them by a recording's kernels and calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.findings.copies import own_packets
from finrst.analyze.story import Connection
from finrst.analyze.ways import Ways

from .findings.recorded import story


def last(connection: Connection) -> tuple[str, str]:
    return Ways(connection, None, own_packets(connection)).last(connection.verdicts[0].finding)


@pytest.mark.parametrize(
    ("name", "with_kernel", "without"),
    [
        ("half-open-unnoticed", ("ESTABLISHED", "CLOSED"), ("ESTABLISHED", "ESTABLISHED")),
        ("middlebox-forgets-silently", ("CLOSED", "ESTABLISHED"), ("ESTABLISHED", "ESTABLISHED")),
        ("zero-window-user-timeout", ("ESTABLISHED", "CLOSED"), ("ESTABLISHED", "ESTABLISHED")),
    ],
)
def test_an_end_that_no_packet_tells_of_is_known_by_its_kernel(
    name: str, with_kernel: tuple[str, str], without: tuple[str, str]
) -> None:
    assert last(story(name)) == with_kernel
    assert last(replace(story(name), kernel=())) == without


def test_a_listener_goes_on_when_a_handshake_fails() -> None:
    for name in ("connect-timeout-cancelled", "accept-queue-full-abort", "accept-queue-full-given-up"):
        assert last(story(name))[1] == "LISTEN", name


def test_a_listener_that_nothing_reached_is_known_by_its_call_only() -> None:
    told = story("accept-queue-full-syn")
    assert last(told) == ("CLOSED", "LISTEN")
    assert last(replace(told, calls=()))[1] == "UNKNOWN"


def test_a_time_wait_that_ignores_the_rst_goes_on() -> None:
    told = story("time-wait-protected")
    assert last(told) == ("TIME_WAIT", "CLOSED")
    found = told.verdicts[0].finding
    assert found is not None
    unprotected = replace(told.verdicts[0], finding=None)
    assert last(replace(told, verdicts=(unprotected,)))[0] == "CLOSED"


def test_what_linux_goes_through_in_passing_is_no_step_back() -> None:
    told = story("three-segment-close")
    assert any(event.state == "FIN_WAIT_2" and event.frame is None for event in told.kernel)
    assert last(told)[0] == "TIME_WAIT"


def test_both_ends_of_a_simultaneous_open_begin_closed() -> None:
    told = story("simultaneous-open")
    assert Ways(told, None, own_packets(told)).first == ("CLOSED", "CLOSED")


def test_a_packet_that_was_captured_twice_is_one_and_a_copy_of_the_network_is_its_own() -> None:
    told = story("time-wait-assassinated")
    assert len(own_packets(told)) == len(told.segments)
    again = replace(told.segments[-1], duplicate_of=told.segments[-1].frame)
    assert len(own_packets(replace(told, segments=(*told.segments, again)))) == len(told.segments)
