"""Different values, counted by sorting: as NumPy itself counts them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from finrst.analyze.distinct import FEW, Column, distinct, how_many, numbered


@pytest.mark.parametrize("bound", [10, 500 // FEW, 500, 10**6])
@pytest.mark.parametrize("kind", [np.uint16, np.int64, np.uint64])
def test_few_and_many_different_values_are_told_apart_as_numpy_does(bound: int, kind: type) -> None:
    keys: Column = np.random.default_rng(bound).integers(0, min(bound, np.iinfo(kind).max), 500).astype(kind)
    by_numpy = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    assert all(np.array_equal(one, other) for one, other in zip(distinct(keys), by_numpy, strict=True))
    assert how_many(keys) == len(by_numpy[0])


def test_of_nothing_there_is_nothing_different() -> None:
    nothing = np.zeros(0, dtype=np.uint64)
    assert how_many(nothing) == 0
    assert [len(part) for part in distinct(nothing)] == [0, 0, 0, 0]


@given(arrays(np.uint64, st.integers(1, 80), elements=st.integers(0, 5)), st.integers(0, 2**64 - 1))
def test_rows_have_the_same_number_exactly_where_all_their_columns_are_equal(column: Column, mask: int) -> None:
    other = column[::-1] ^ np.uint64(mask)
    number, first = numbered([column, other])
    pairs = list(zip(column.tolist(), other.tolist(), strict=True))
    by_hand = list(dict.fromkeys(pairs))
    assert [by_hand[one] for one in number] == pairs
    assert [pairs.index(pair) for pair in by_hand] == first.tolist()


def test_two_hashes_that_meet_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    salts = iter([bytes(8), b"\x15\x7c\x4a\x7f\xb9\x79\x37\x9e"])  # the first changes nothing: 0 and 0 is as 1 and 1
    monkeypatch.setattr("os.urandom", lambda size: next(salts))
    column = np.array([0, 1, 0], dtype=np.uint64)
    ids, first = numbered([column, column])
    assert (ids.tolist(), first.tolist()) == ([0, 1, 0], [0, 1])
    assert next(salts, None) is None
