"""What became of a handshake, where the packets of one capture do not tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.findings.openings import (
    both_opened,
    cancelled,
    queue_given_up,
    queued,
    refused_by_icmp,
    room_found,
    unanswered,
)

from .recorded import story


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("connect-timeout", "unanswered-lost"),
        ("firewall-drops", "unanswered-walled"),
        ("accept-queue-full-syn", "unanswered-queue"),
    ],
)
def test_a_syn_without_an_answer_was_lost_dropped_or_had_no_room(name: str, key: str) -> None:
    found = unanswered(story(name))
    assert found is not None and found.key == key
    assert found.values["syns"] == sum(bool(s.flags & 2) for s in story(name).segments)


def test_what_dropped_a_syn_is_implied_at_most_where_no_rule_was_recorded() -> None:
    found = unanswered(replace(story("firewall-drops"), steps=(), calls=()))
    assert found is not None and (found.key, found.certainty) == ("unanswered-arrived", "implied")


def test_an_icmp_error_answers_the_syn_only_where_the_client_heard_of_it() -> None:
    told = story("firewall-rejects-port-unreachable")
    assert refused_by_icmp(told) is not None
    assert refused_by_icmp(replace(told, kernel=(), calls=())) is None


def test_one_connection_of_two_syns_is_a_simultaneous_open() -> None:
    assert both_opened(story("simultaneous-open")) is not None
    assert both_opened(story("close-client-first")) is None


def test_a_full_queue_that_found_room_names_the_accept_that_made_it() -> None:
    told = story("accept-queue-full")
    found, accept = queued(told), room_found(told)
    assert found is not None and accept is not None and found.key == "closed-queued-room"
    assert accept.call.startswith("accept")
    without = queued(replace(told, calls=()))
    assert without is not None and without.key == "closed-queued"


def test_a_queue_that_never_had_room_is_most_likely_the_reason_and_no_more() -> None:
    found = queue_given_up(story("accept-queue-full-given-up"))
    assert found is not None and (found.key, found.certainty) == ("queue-given-up-full", "implied")


def test_a_socket_closed_before_the_syn_ack_came_is_known_by_its_close() -> None:
    told = story("connect-timeout-cancelled")
    assert cancelled(told) is not None
    assert cancelled(replace(told, calls=())) is None
