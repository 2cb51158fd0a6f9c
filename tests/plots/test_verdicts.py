"""The sentences of verdicts, with their values filled in."""

from __future__ import annotations

import pytest

from finrst.plots.verdict_words import VERDICTS
from finrst.plots.verdicts import sentence, speaker

EVERY = {"side": "client", "peer": "server", "n": 4381, "m": 2, "ns": 7_000_000, "way_ns": 300_000_000,
         "why": "outside the window", "reason": "TCP_STATE"}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("key", VERDICTS)
def test_every_sentence_can_be_said_with_the_values_that_verdicts_have(key: str, lang: str) -> None:
    said = sentence(key, EVERY, lang)
    assert said and "{" not in said


def test_nanoseconds_become_time_and_counts_have_commas() -> None:
    assert sentence("evidence-silence", {"ns": 5_000_000_000}) == "5 s of silence before"
    early = {"side": "server", "ns": 7_000_000, "way_ns": 300_000_000}
    told = "the RST came 7 ms after the segment that it answers; an answer of the server takes 300 ms"
    assert sentence("evidence-early", early) == told
    assert sentence("evidence-unacked", {"side": "client", "n": 4381}).startswith(
        "4,381 sequence numbers of the client"
    )


def test_why_a_reset_was_not_accepted_is_said_in_the_language_of_the_rest() -> None:
    said = speaker("zh")("evidence-not-accepted", {"why": "outside the window"})
    assert said == "接收方没有接受它：在窗口之外"
