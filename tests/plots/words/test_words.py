"""Both languages say everything, with the same gaps to fill."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from string import Formatter

import pytest

from finrst.plots import words

HAN = re.compile("[⺀-鿿]")


def fields(text: str) -> set[str]:
    return {name.lower() for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", words.keys())
def test_both_languages_are_there_and_fill_in_the_same_values(key: str) -> None:
    english, chinese = (words.say(key, lang) for lang in words.LANGUAGES)
    assert english and chinese
    assert not HAN.search(english)
    assert fields(chinese) <= fields(english) | {"n"}
    assert "—" not in english


def test_a_key_stands_in_one_file_only() -> None:
    tables = [
        importlib.import_module(f"{words.__name__}.{found.name}") for found in pkgutil.iter_modules(words.__path__)
    ]
    counts = Counter(key for table in tables for key in getattr(table, "WORDS", ()))
    assert set(counts) == set(words.keys())
    assert [key for key, count in counts.items() if count > 1] == []


def test_a_sentence_starts_with_a_capital_side() -> None:
    assert words.say("title-active", "en", side="server") == "The server reset the connection"
    assert words.say("title-active", "zh", side="server") == "服务器重置了连接"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (9999, "9,999 bytes"), (10_000, "10.0 kB"), (1_700_000, "1.7 MB")],
)
def test_amounts(count: int, said: str) -> None:
    assert words.amount(count, "en") == said


@pytest.mark.parametrize(("count", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd")])
def test_ordinals(count: int, said: str) -> None:
    assert words.nth(count) == said


@pytest.mark.parametrize(
    ("ns", "said"),
    [
        (0, "0 s"),
        (41_000, "41 µs"),
        (1_230_000, "1.23 ms"),
        (999_600_000, "1 s"),
        (2_554_464_000, "2.55 s"),
        (130_000_000_000, "130 s"),
        (7_500_000_000_000, "2 h 5 min"),
        (98_765_432_300_000_000, "1,143 d"),
    ],
)
def test_lengths_of_time(ns: int, said: str) -> None:
    assert words.span(ns) == said
