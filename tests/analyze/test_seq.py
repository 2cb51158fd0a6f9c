"""Sequence arithmetic modulo 2**32 (RFC 9293 3.4, RFC 1982), in both engines."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ..engines import Engine, both

u32 = st.integers(0, 2**32 - 1)
near = st.integers(1, 2**31 - 1)
counts = st.integers(0, 2**32 - 1)


@both
@given(number=u32, count=counts)
@example(number=0xFFFFFFFF, count=1)
def test_advance_and_distance_undo_each_other(engine: Engine, number: int, count: int) -> None:
    seq = engine("analyze.seq")
    there = seq.advance(number, count)
    assert 0 <= there < 2**32 and there == (number + count) % 2**32
    assert seq.distance(there, number) == count


@both
@given(number=u32, ahead=near)
@example(number=0xFFFFFFFF, ahead=1)
@example(number=0, ahead=2**31 - 1)
def test_what_lies_less_than_half_ahead_is_after_and_not_the_other_way_round(
    engine: Engine, number: int, ahead: int
) -> None:
    seq = engine("analyze.seq")
    there = seq.advance(number, ahead)
    assert seq.after(there, number) == 1
    assert seq.after(number, there) == 0
    assert seq.after(number, number) == 0


@both
@given(number=u32, offset=u32, ahead=counts)
def test_an_offset_changes_no_comparison(engine: Engine, number: int, offset: int, ahead: int) -> None:
    seq = engine("analyze.seq")
    there = seq.advance(number, ahead)
    moved = seq.advance(there, offset), seq.advance(number, offset)
    assert seq.after(there, number) == seq.after(*moved)
    assert seq.distance(there, number) == seq.distance(*moved)


@both
@given(number=u32)
def test_exactly_half_way_round_neither_is_after(engine: Engine, number: int) -> None:
    seq = engine("analyze.seq")
    there = seq.advance(number, 2**31)
    assert (seq.after(there, number), seq.after(number, there)) == (0, 0)
