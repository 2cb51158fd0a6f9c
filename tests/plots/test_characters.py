"""Claims about the grid of characters."""

from __future__ import annotations

from finrst.plots.characters import Grid


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
