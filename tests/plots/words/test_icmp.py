"""Every ICMP error that has a name has it in words, and no other."""

from __future__ import annotations

from finrst.analyze.icmp import NAMES
from finrst.plots.words.icmp import WORDS

SENTENCES = {"icmp-from", "icmp-quotes", "icmp-mtu"}


def test_the_names_of_icmp_errors_are_words_in_both_languages() -> None:
    assert set(WORDS) - SENTENCES == {f"icmp-{name}" for name in NAMES}
    assert all(english != chinese for english, chinese in WORDS.values())
