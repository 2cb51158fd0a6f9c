"""The sentences of verdicts, with their values filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

import finrst
from finrst.plots.figures.ladder.compose.facts import Facts
from finrst.plots.verdicts import sentence, speaker
from finrst.plots.words.verdicts import WORDS

EVERY: dict[str, str | int] = {
    "side": "client", "peer": "server", "n": 4381, "m": 2, "ns": 7_000_000, "way_ns": 300_000_000,
    "why": "outside the window", "reason": "TCP_STATE", "what": "port-unreachable",
    "pattern": "SYN → RST", "stage": "Post-SYN", "flag": "RST",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("key", WORDS)
def test_every_sentence_can_be_said_with_the_values_that_verdicts_have(key: str, lang: str) -> None:
    said = sentence(key, EVERY, lang)
    assert said and "{" not in said


def test_nanoseconds_become_time_and_counts_have_commas() -> None:
    assert sentence("evidence-silence", {"ns": 5_000_000_000}) == "5 s of silence before"
    early: dict[str, str | int] = {"side": "server", "ns": 7_000_000, "way_ns": 300_000_000}
    told = "the RST came 7 ms after the segment that it answers; an answer of the server takes 300 ms"
    assert sentence("evidence-early", early) == told
    assert sentence("evidence-unacked", {"side": "client", "n": 4381}).startswith(
        "4,381 sequence numbers of the client"
    )


def test_why_a_reset_was_not_accepted_is_said_in_the_language_of_the_rest() -> None:
    said = speaker("zh")("evidence-not-accepted", {"why": "outside the window"})
    assert said == "接收方没有接受它：在窗口之外"


#: Of each headline, what a figure may tell of the ending (compose): the same, or what holds of it in general.
SAME = {
    "aborted": {"active"},
    "aborted-after-fin": {"active-after-fin"},
    "aborted-with-unread-data": {"unread", "unread-killed"},
    "aborted-without-unread-data": {
        "active",
        "destroyed",
        "disconnect",
        "linger",
        "linger-killed",
        "linger2",
        "torn-down",
    },
    "accept-queue-full": {"unknown-connection", "no-socket"},
    "accept-queue-overflow": {"overflow", "unknown-connection"},
    "both-aborted": {"reset-both"},
    "closed": {"closed", "closed-any", "closed-killed"},
    "closed-without-answer": {"active", "closed"},
    "fin-wait-2-expired": {"after-close"},
    "forged-fin": {"late-data", "unknown-connection"},
    "half-closed": {"half-closed", "half-closed-any"},
    "half-open": {"unknown-connection", "no-socket"},
    "handshake-abandoned": {"handshake-incomplete"},
    "health-check": {"active", "linger"},
    "idle-connection-forgotten": {"unknown-connection"},
    "idle-timeout-race": {"after-close", "late-data"},
    "keepalive-timeout": {"active", "keepalive"},
    "listener-gone": {"listener", "listener-killed"},
    "lost-reset": {"rst-lost", "unknown-connection"},
    "refused": {"refused"},
    "refused-by-icmp": {"unanswered"},
    "reset-after-close": {"closed", "closed-both"},
    "reset-by-firewall": {"path", "path-host", "path-firewall", "refused-path", "refused-host", "refused-firewall"},
    "reset-forged": {"path", "refused-path", "refused-overtaken"},
    "reset-ignored": {"closed", "open", "half-closed", "timed-out"},
    "reset-instead-of-fin": {"active", "linger", "unread"},
    "retransmission-timeout": {"timed-out", "gave-up", "unknown-connection"},
    "simultaneous-close": {"closed-both"},
    "still-open": {"open"},
    "syn-in-the-middle": {"open"},
    "unanswered": {"unanswered"},
    "unknown-connection": {"unknown-connection", "no-socket", "late-data"},
    "unprompted-reset": {"answers-nothing"},
    "write-after-peer-closed": {"after-close", "late-data"},
    "zero-window-stall": {"active", "open"},
}
SAMPLES = Path(__file__).parent.parent.parent / "samples"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SAMPLES.glob("*/packets.pcapng")))
def test_a_figure_and_the_headline_tell_the_same_ending(name: str) -> None:
    for path in (SAMPLES / name / "packets.pcapng", SAMPLES / name):
        reading = finrst.read(path)
        story = reading.connection(0).story
        finding, _ = Facts(story, reading.capture, "en", timed=True).ended.finding()
        assert finding in SAME[story.verdicts[0].code], path
