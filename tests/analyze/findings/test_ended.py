"""Who ended it and why is found by what is known: more of it makes the answer more exact, and more certain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.findings import ended
from finrst.analyze.findings.ended import EXACT, SURER
from finrst.analyze.story import Connection
from finrst.plots import words

from .recorded import by_packets, story


def without_record(connection: Connection) -> Connection:
    """The same, but nobody listened to its kernels and programs."""
    resets = tuple(replace(reset, kernel_reason=None) for reset in connection.resets)
    return replace(connection, resets=resets, calls=(), kernel=(), exits=(), steps=(), verdicts=())


@pytest.mark.parametrize(
    ("name", "recorded", "by_packets"),
    [
        ("response-cut-linger-0", "linger-cut", "active"),
        ("disconnect", "disconnect", "active"),
        ("killed-from-outside", "destroyed-ss", "active"),
        ("unread-data", "unread-killed", "active"),
        ("listener-closed", "listener", "active"),
        ("half-open", "no-socket-forgot", "unknown-connection"),
        ("refused", "refused-proved", "refused"),
    ],
)
def test_the_kernels_reason_and_the_programs_calls_say_why(name: str, recorded: str, by_packets: str) -> None:
    known, unknown = ended(story(name)).answer(), ended(without_record(story(name))).answer()
    assert (known.key, known.certainty) == (recorded, "proved")
    assert (unknown.key, unknown.certainty) == (by_packets, "compatible")


@pytest.mark.parametrize("name", ["crossing-resets", "idle-race", "lost-rst"])
def test_what_both_captures_and_the_kernel_show_is_proved(name: str) -> None:
    assert ended(story(name)).answer().certainty == "proved"


def test_a_rst_that_was_ignored_says_by_how_much_it_missed() -> None:
    found = ended(story("ignored-rst-one-below")).ignored()
    assert found is not None and (found.key, found.values["n"]) == ("ignored-below", 1)
    assert ended(story("write-twice")).ignored() is None


def test_the_reason_of_a_rst_that_was_lost_is_that_of_the_next_one() -> None:
    found = ended(story("lost-rst"))
    assert found.told is not None and found.lost_before(found.told) is not None
    answer = found.answer()
    assert (answer.key, answer.values["because"]) == ("rst-lost", "unread-killed")


def test_the_firewall_that_had_a_rule_is_named_and_else_its_host() -> None:
    told = story("firewall-resets")
    assert ended(told).finding()[0] == "path-firewall"
    assert ended(replace(told, steps=())).finding()[0] == "path-host"


def test_a_verdict_that_says_more_has_a_title_of_its_own_and_no_other_has() -> None:
    known = words.keys()
    titled = {key.removeprefix("headline-") for key in known if key.startswith("headline-")}
    assert {*EXACT, *SURER} == titled


def test_a_close_by_shutdown_is_called_so() -> None:
    assert ended(story("half-close")).answer().key == "closed-shut"
    assert ended(replace(story("close-client-first"), calls=())).answer().key == "closed"
    assert ended(by_packets("half-close")).answer().key == "closed-shut", "it took data after its FIN"


def test_every_answer_has_its_sentence() -> None:
    for name in ("half-close", "connect-timeout", "retransmissions", "write-twice", "fin-wait-2", "accept-queue-full"):
        for told in (story(name), without_record(story(name))):
            assert words.has(ended(told).answer().says), name
