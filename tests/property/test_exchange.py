"""Conversations of every ending: what is captured twice, wrapped, mixed or cut at its start ends as it ended."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ..engines import COMPILED, INTERPRETED, Engine, both, compiled_only
from .exchange import Exchange, exchanges, expected, outcome, packet

u32 = st.integers(0, 2**32 - 1)
isns = st.tuples(u32, u32)
PLAIN = (1000, 2_000_000)


def about(told: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    return {name: told[name] for name in expected(exchange)}


@both
@given(exchange=exchanges())
def test_the_ending_is_the_one_that_was_written(engine: Engine, exchange: Exchange) -> None:
    (told,) = outcome(engine, [packet(row, PLAIN) for row in exchange.rows])
    assert about(told, exchange) == expected(exchange)
    for side in (0, 1):
        mine = [row for row in exchange.rows if row.side == side]
        assert (told["packets"][side], told["bytes"][side]) == (len(mine), sum(row.size for row in mine))
    assert told["retransmissions"] == told["duplicates"] == 0


@both
@given(exchange=exchanges(), isn=isns)
def test_sequence_numbers_may_begin_anywhere_and_wrap(engine: Engine, exchange: Exchange, isn: tuple[int, int]) -> None:
    plain = outcome(engine, [packet(row, PLAIN) for row in exchange.rows])
    assert outcome(engine, [packet(row, isn) for row in exchange.rows]) == plain


@both
@given(exchange=exchanges(), back=st.tuples(st.integers(0, 200_000), st.integers(0, 200_000)))
def test_numbers_that_wrap_inside_the_conversation_change_nothing(
    engine: Engine, exchange: Exchange, back: tuple[int, int]
) -> None:
    isn = (2**32 - 1 - back[0], 2**32 - 1 - back[1])
    plain = outcome(engine, [packet(row, PLAIN) for row in exchange.rows])
    assert outcome(engine, [packet(row, isn) for row in exchange.rows]) == plain


@both
@given(exchange=exchanges(), twice=st.sets(st.integers(0, 40)))
def test_packets_captured_twice_change_no_ending(engine: Engine, exchange: Exchange, twice: set[int]) -> None:
    rows = [row for i, row in enumerate(exchange.rows) for _ in range(1 + (i in twice))]
    (told,) = outcome(engine, [packet(row, PLAIN) for row in rows], 10_000)
    (plain,) = outcome(engine, [packet(row, PLAIN) for row in exchange.rows], 10_000)
    assert about(told, exchange) == expected(exchange)
    assert told["retransmissions"] == plain["retransmissions"]
    assert told["duplicates"] == len(rows) - len(exchange.rows)


@both
@given(exchange=exchanges(), part=st.floats(0, 1))
def test_a_cut_start_changes_no_ending(engine: Engine, exchange: Exchange, part: float) -> None:
    """As long as one packet of each end from before the closing is left."""
    if exchange.closing < 3:
        return
    start = int(part * (exchange.closing - 2))
    (told,) = outcome(engine, [packet(row, PLAIN) for row in exchange.rows[start:]])
    assert about(told, exchange) == expected(exchange)


@both
@given(several=st.lists(exchanges(), min_size=2, max_size=5), seed=st.integers(0, 999))
def test_conversations_do_not_disturb_each_other(engine: Engine, several: list[Exchange], seed: int) -> None:
    chance = random.Random(seed)
    waiting = {i: [packet(row, PLAIN, 0x0A010000 + i) for row in e.rows] for i, e in enumerate(several)}
    mixed, order = [], []
    while waiting:
        i = chance.choice(sorted(waiting))
        if i not in order:
            order.append(i)
        mixed.append(waiting[i].pop(0))
        if not waiting[i]:
            del waiting[i]
    told = outcome(engine, mixed)
    assert [about(one, several[i]) for one, i in zip(told, order, strict=True)] == [expected(several[i]) for i in order]


@compiled_only
@given(exchange=exchanges(), isn=isns, seed=st.integers(0, 999))
def test_both_engines_say_the_same_in_any_order(exchange: Exchange, isn: tuple[int, int], seed: int) -> None:
    rows = list(exchange.rows)
    chance = random.Random(seed)
    if seed % 3 == 0:
        chance.shuffle(rows)
    rows = [row for row in rows for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    if rows:
        packets = [packet(row, isn) for row in rows]
        assert outcome(COMPILED, packets, 1_000_000) == outcome(INTERPRETED, packets, 1_000_000)
