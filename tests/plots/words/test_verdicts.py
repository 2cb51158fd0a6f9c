"""The catalogue's sentences belong to a verdict, a piece of evidence, or an observation that decides."""

from __future__ import annotations

from finrst.analyze.rules import rules
from finrst.plots.words.verdicts import WORDS


def test_every_sentence_of_a_verdict_has_its_rule() -> None:
    said = {key.removeprefix("rule-") for key in WORDS if key.startswith("rule-")}
    assert said == set(rules())


def test_there_are_no_other_sentences() -> None:
    assert {key.partition("-")[0] for key in WORDS} == {"headline", "rule", "evidence", "decides"}
