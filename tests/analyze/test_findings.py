"""What a recording or a second capture proves is found once, in the analysis: figures and records say it alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.findings import proved, told_reset, with_finding
from finrst.analyze.story import Connection

from ..plots.conversations import ALL

SAMPLES = Path(__file__).parents[2] / "samples"


def story(name: str, number: int = 0) -> Connection:
    return finrst.read(SAMPLES / name).connection(number).story


def key(connection: Connection) -> str | None:
    found = proved(connection)
    return None if found is None else found.key


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("accept-queue-full", 0, "closed-queued-room"),
        ("accept-queue-full-syn", 0, "unanswered-queue"),
        ("connect-timeout", 0, "unanswered-lost"),
        ("early-answer", 0, "unread-rest"),
        ("firewall-drops-mid-stream-icmp", 0, "timed-out-icmp-walled"),
        ("firewall-drops-mid-stream", 0, "timed-out-walled"),
        ("middlebox-forgets-silently", 0, "timed-out-forgotten"),
        ("middlebox-forgets", 0, "path-forgotten"),
        ("firewall-resets", 0, None),
        ("firewall-rejects-port-unreachable", 0, "unanswered-icmp-walled"),
        ("stray-segment", 0, "stray-segment"),
        ("health-check", 0, "health-check"),
        ("forged-data", 0, "forged-data-closed"),
        ("forged-fin", 0, "forged-fin"),
        ("forged-rst-both-ends", 0, "path-both"),
        ("forged-syn", 1, "forged-syn-closed"),
        ("half-open-unnoticed", 0, "forgotten"),
        ("keepalive-death", 0, "keepalive-lost"),
        ("reset-after-response", 0, "harmless"),
        ("shutdown-both", 0, "shut-down"),
        ("simultaneous-open", 0, "closed-simultaneous-open"),
        ("time-wait-assassinated", 0, "time-wait-ended-copy"),
        ("lost-data-duplicated", 0, "delivered-twice-rst"),
        ("forged-rst-old-timestamp", 0, "path-old"),
        ("stray-segment-known", 0, "stray-data"),
        ("time-wait-protected", 0, "time-wait-kept-copy"),
        ("urgent-byte", 0, "unread-urgent"),
        ("wire-cut", 0, "gave-up-before"),
        ("write-once-unread", 0, "unread-all"),
        ("zero-window-user-timeout", 0, "gave-up-window"),
        ("close-client-first", 0, None),
        ("lost-handshake-last-ack", 0, None),
        ("write-twice", 0, None),
    ],
)
def test_what_each_sample_proves(name: str, number: int, expected: str | None) -> None:
    assert key(story(name, number)) == expected


def test_nothing_is_proved_by_the_packets_of_one_capture_alone() -> None:
    for name in ("shutdown-both", "urgent-byte", "early-answer", "half-open-unnoticed", "zero-window-user-timeout"):
        unknown = replace(story(name), calls=(), kernel=(), exits=(), steps=(), resets=())
        assert key(unknown) is None, name


@pytest.mark.parametrize("name", ALL)
def test_the_reset_that_is_told_took_effect_where_any_did(name: str) -> None:
    connection = ALL[name]()
    told = told_reset(connection)
    assert (told is None) == (not connection.resets)
    if any(reset.accepted is not False for reset in connection.resets):
        assert told is not None and told.accepted is not False


def test_the_headline_says_what_is_proved_as_surely_as_it_is() -> None:
    (head, *others) = story("keepalive-death").verdicts
    assert head.finding is not None and head.finding.key == "keepalive-lost"
    assert all(other.finding is None for other in others)
    forged = story("forged-fin").verdicts[0]
    assert (forged.certainty, forged.rivals) == ("proved", ())


def test_a_headline_of_which_nothing_is_proved_stays_as_it_is() -> None:
    plain = ALL["write-after-close"]() if "write-after-close" in ALL else next(iter(ALL.values()))()
    assert with_finding(plain, "") is plain


def test_the_age_of_a_timestamp_is_a_time_only_where_the_kernel_is_known() -> None:
    found = proved(story("forged-rst-old-timestamp"))
    known = proved(story("forged-rst-old-timestamp"), "Linux 6.18")
    assert found is not None and known is not None
    assert known.values["old_ns"] == int(found.values["ticks"]) * 1_000_000
