"""What stands in place of a verdict's sentence belongs to a verdict."""

from __future__ import annotations

from finrst.analyze.rules import rules
from finrst.plots.words.clusters import WORDS

OWN = {
    "place", "one", "only", "one-to", "many-to", "clients", "client", "servers", "ports", "silence", "timer", "burst",
    "burst-all",
}  # fmt: skip


def test_other_sentences_are_of_rules() -> None:
    assert {key.removeprefix("cluster-") for key in WORDS if key.startswith("cluster-")} - OWN <= set(rules())
