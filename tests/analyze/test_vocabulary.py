"""The contract's words, and the small numbers and bits that stand for them."""

from __future__ import annotations

import itertools

import pytest

from finrst.analyze import vocabulary
from finrst.analyze.connections import WORDS

FACTS = {name: value for name, value in vars(vocabulary).items() if name.startswith("FACT_")}


@pytest.mark.parametrize(
    ("words", "prefix"),
    [("ENDINGS", "ENDING_"), ("WHO", "WHO_"), ("SHAPES", "SHAPE_")],
)
def test_every_word_has_the_number_of_its_place(words: str, prefix: str) -> None:
    for number, word in enumerate(getattr(vocabulary, words)):
        assert getattr(vocabulary, prefix + word.upper().replace("-", "_")) == number


def test_the_words_are_the_contracts() -> None:
    assert set(vocabulary.ENDINGS) == {
        "closed",
        "reset",
        "refused",
        "unanswered",
        "handshake-incomplete",
        "half-closed",
        "timed-out",
        "open",
        "unknown",
    }
    assert set(vocabulary.WHO) == {"client", "server", "both", "path", "nobody", "unknown"}
    assert set(vocabulary.SHAPES) == {"active", "reply", "syn-reply"}
    assert len(vocabulary.WHO) <= vocabulary.NOBODY_CLOSED
    assert len(vocabulary.WHYS) == 1 + max(value for name, value in vars(vocabulary).items() if name.startswith("WHY_"))


def test_no_two_facts_share_a_bit() -> None:
    taken: set[int] = set()
    for name, value in FACTS.items():
        bits = [value.bit_length() - 1]
        assert value == 1 << bits[0], f"{name} is not one bit"
        if bits[0] < 32 and name not in ("FACT_SYN_ACK",):
            bits.append(bits[0] + 1)  # of the other side
        assert not taken & set(bits), name
        taken |= set(bits)
    assert max(taken) < 64


def test_marks_are_bits_and_zeeks_words_are_zeeks() -> None:
    marks = [value for name, value in vars(vocabulary).items() if name.startswith("MARK_")]
    assert all(a & b == 0 for a, b in itertools.combinations(marks, 2))
    assert set(vocabulary.ZEEK_CONN_STATES) == {*"S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH".split()}  # noqa: SIM905


def test_filters_know_every_word() -> None:
    assert WORDS["ending"][1] is vocabulary.ENDINGS and WORDS["ended_by"][1] is vocabulary.WHO
