"""Claims about the grid of characters."""

from __future__ import annotations

import io

import pytest

from finrst.plots import words
from finrst.plots.characters import Grid, encoding_of, in_encoding


def test_nothing_is_written_past_the_edge() -> None:
    page = Grid(4)
    assert page.put(0, 2, "abc") == 4
    assert page.text() == "  ab\n"


def test_a_han_character_takes_two_cells() -> None:
    page = Grid(6)
    assert page.put(0, 0, "连接x") == 5
    assert page.put(1, 5, "连") == 5, "half a character is none"
    assert page.text() == "连接x\n\n"


def test_ascii_only_says_the_same_in_seven_bits() -> None:
    page = Grid(9)
    page.put(0, 0, "●─[R]━▶")
    assert page.text(ascii_only=True) == "o-[R]=>\n"


def test_what_an_encoding_lacks_becomes_ascii_or_its_number_and_never_a_question_mark() -> None:
    assert in_encoding("● 10 µs × 2 – “é汉”", "utf-8").decode() == "● 10 µs × 2 – “é汉”"
    assert in_encoding("● 10 µs × 2 – “é汉”", "ascii") == b'o 10 us x 2 - "\\xe9\\u6c49"'
    assert in_encoding("● 10 µs × 2 é", "latin-1").decode("latin-1") == "o 10 µs × 2 é"
    assert in_encoding("汉⊗─", "gbk").decode("gbk") == "汉X─"


@pytest.mark.parametrize("key", words.keys())
def test_every_english_sentence_can_be_written_in_ascii(key: str) -> None:
    assert "\\" not in in_encoding(words.say(key, "en"), "ascii").decode()


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({}, "utf-8"),
        ({"LANG": "de_DE.UTF-8"}, "utf-8"),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8"),  # what Python sets where nothing is set
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "ascii"),  # what it sets there
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, "utf-8"),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LC_ALL": "C.UTF-8"}, "utf-8"),
        ({"LC_ALL": "C", "PYTHONUTF8": "1"}, "utf-8"),
        ({"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, "utf-8"),
    ],
)
def test_who_names_the_locale_c_wants_ascii(environment: dict[str, str], encoding: str) -> None:
    assert encoding_of(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), environment) == encoding
