"""The ring of the segments seen last, in both engines."""

from __future__ import annotations

from typing import Any

import pytest

from ..engines import Engine, both

SIZES = {"FIRST_SIZE": 1 << 10, "LAST_SIZE": 1 << 16}


def fill(recent: Any, owner: int, count: int, last: int = 0) -> int:
    """So many segments of one owner; the serial number of the last."""
    for _ in range(count):
        last = recent.note(owner, last, 1, 2, 3, 4, 5)
    return last


@both
def test_an_entry_says_what_was_noted(engine: Engine) -> None:
    recent = engine("analyze.recent").Recent()
    one = recent.note(7, 0, 11, 1_795_303_432_835_108_000, 0xFFFFFFFF, 0x10, 0x80000000)
    assert recent.holds(one, 7) and not recent.holds(one, 6) and not recent.holds(0, 7)
    assert (recent.frame(one), recent.time(one)) == (11, 1_795_303_432_835_108_000)
    assert (recent.seq(one), recent.end(one), recent.ack(one)) == (0xFFFFFFFF, 0x10, 0x80000000)
    recent.answered(one)
    assert recent.frame(one) == 0 and recent.holds(one, 7)


@both
def test_each_owner_has_a_chain_of_its_own(engine: Engine) -> None:
    recent = engine("analyze.recent").Recent()
    chains: dict[int, list[int]] = {4: [], 5: []}
    for i in range(100):
        owner = 4 + i % 3 % 2
        last = chains[owner][-1] if chains[owner] else 0
        chains[owner].append(recent.note(owner, last, i + 1, i, 0, 0, 0))
    for owner, chain in chains.items():
        assert [recent.before(serial) for serial in chain] == [0, *chain[:-1]]
        recent.link(chain[0], chain[-1], owner)
        assert [recent.following(serial) for serial in chain] == [*chain[1:], 0]


@both
def test_links_are_made_on_from_where_they_ended(engine: Engine) -> None:
    recent = engine("analyze.recent").Recent()
    last = fill(recent, 1, 5)
    recent.link(1, last, 1)
    last = fill(recent, 1, 3, last)
    assert recent.following(5) == 0
    recent.link(1, last, 1)
    assert [recent.following(serial) for serial in range(1, 9)] == [2, 3, 4, 5, 6, 7, 8, 0]


@both
@pytest.mark.parametrize("count", [SIZES["FIRST_SIZE"] - 1, SIZES["FIRST_SIZE"], SIZES["FIRST_SIZE"] * 4 + 3])
def test_the_ring_grows_without_losing_anything(engine: Engine, count: int) -> None:
    recent = engine("analyze.recent").Recent()
    last = fill(recent, 9, count)
    assert last == count
    assert all(recent.holds(serial, 9) and recent.before(serial) == serial - 1 for serial in range(1, count + 1))


@both
def test_the_oldest_entries_are_overwritten_in_the_end(engine: Engine) -> None:
    recent = engine("analyze.recent").Recent()
    size = SIZES["LAST_SIZE"]
    last = fill(recent, 9, size + 10)
    assert [bool(recent.holds(serial, 9)) for serial in (10, 11, last)] == [False, True, True]
    recent.link(3, last, 9)  # whose start is gone
    assert recent.following(11) == 12


@both
def test_serial_numbers_go_round_after_four_thousand_million(engine: Engine) -> None:
    recent = engine("analyze.recent").Recent()
    fill(recent, 3, SIZES["LAST_SIZE"])
    recent.noted = 0xFFFFFFFD
    a = recent.note(3, 0, 1, 2, 3, 4, 5)
    b = recent.note(3, a, 1, 2, 3, 4, 5)
    c = recent.note(3, b, 1, 2, 3, 4, 5)
    assert (a, b, c) == (0xFFFFFFFE, 0xFFFFFFFF, 1), "0 is no serial number"
    assert recent.holds(a, 3) and recent.holds(c, 3)
    recent.link(a, c, 3)
    assert (recent.following(a), recent.following(b)) == (b, c)
