"""A kernel gave up, or has forgotten: no packet says so, its own record does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.findings.given_up import (
    gave_up,
    gave_up_before,
    half_open,
    icmp,
    keepalive,
    quoted,
    walled_off,
    window,
)

from .recorded import story, with_reset


def test_a_kernel_gave_up_when_it_said_so() -> None:
    told = story("retransmissions")
    event = gave_up(told)
    assert event is not None and event.errno == "ETIMEDOUT" and event.side == "client"
    assert gave_up(told, "server") is None
    assert gave_up(replace(told, kernel=())) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [("firewall-drops-mid-stream", "timed-out-walled"), ("middlebox-forgets-silently", "timed-out-forgotten")],
)
def test_a_firewall_drops_by_its_rule(name: str, key: str) -> None:
    found = walled_off(story(name))
    assert found is not None and found.key == key
    assert walled_off(replace(story(name), steps=())) is None


def test_a_forgotten_connection_had_been_silent_for_longer_than_the_firewall_remembers() -> None:
    found = walled_off(story("middlebox-forgets-silently"))
    assert found is not None and int(found.values["ns"]) > int(found.values["limit_ns"]) > 0


def test_icmp_in_place_of_answers_is_named() -> None:
    told = story("firewall-drops-mid-stream-icmp")
    found = icmp(told)
    assert quoted(told) and found is not None and found.values["icmp"] == "host-unreachable"
    assert icmp(replace(told, icmp=())) is None


def test_half_open_is_one_kernel_without_and_the_other_with_the_connection() -> None:
    told = story("half-open-unnoticed")
    found = half_open(told)
    assert found is not None and (found.values["side"], found.certainty) == ("server", "proved")
    both = tuple(event for event in told.kernel if event.side == "client")
    assert half_open(replace(told, kernel=both)) is None


def test_a_closed_window_is_measured_up_to_the_end() -> None:
    found = window(story("zero-window-user-timeout"))
    assert found is not None and found.values["errno"] == "ETIMEDOUT" and int(found.values["ns"]) > 0


def test_a_probe_whose_answer_was_lost_had_an_answer() -> None:
    told, reset = with_reset("keepalive-death")
    assert keepalive(told, reset) is not None
    all_came = tuple(replace(s, fate="arrived") for s in told.segments)
    assert keepalive(replace(told, segments=all_came), reset) is None


def test_who_gave_up_before_its_rst_did_so_by_its_kernels_record() -> None:
    told, reset = with_reset("wire-cut")
    found = gave_up_before(told, reset)
    assert found is not None and found.values["side"] == reset.sender
    assert gave_up_before(replace(told, kernel=()), reset) is None
