"""Different values of columns, and which row has which: by sorting values only, which NumPy does several times faster
than `numpy.unique` hashes them or sorts their places.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]

FEW = 16  # rows for each different value, from which on it is looked up and not sorted


class Distinct(NamedTuple):
    """The different values of some rows, in order, and where they are."""

    values: Column
    first: Column  # row of each
    place: Column  # among the values, of each row
    rows: Column  # how many of each


def distinct(keys: Column) -> Distinct:
    """What `numpy.unique` gives with all its options."""
    ordered = np.sort(keys)
    starts = _starts(ordered)
    values = ordered[starts]
    rows = np.diff(starts, append=len(keys))
    del ordered  # as large as the keys: of millions it is not kept while their places are looked up
    if len(values) * FEW > len(keys):
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    else:
        place = np.searchsorted(values, keys)
        first = np.empty(len(values), dtype=np.int64)
        first[place[::-1]] = np.arange(len(keys))[::-1]  # backwards: the first is set last
    return Distinct(values, first, place, rows)


def how_many(keys: Column) -> int:
    """How many different ones there are."""
    return len(_starts(np.sort(keys)))


def _starts(ordered: Column) -> Column:
    """Where another value begins."""
    return np.flatnonzero(np.concatenate(([len(ordered) > 0], ordered[1:] != ordered[:-1])))


def numbered(columns: list[Column]) -> tuple[Column, Column]:
    """One number, from 0 on, for each different row of these columns; of each number its first row.

    Rows are told apart by one hash of their columns, so that only it is sorted. Rows of one hash are then compared:
    another salt is taken where two that differ have the same.
    """
    while True:
        salt = int.from_bytes(os.urandom(8), "little") | 1
        mixed = np.full(len(columns[0]), np.uint64(salt))
        for column in columns:
            mixed ^= column.astype(np.uint64, copy=False)
            mixed *= np.uint64(salt)
            mixed ^= mixed >> np.uint64(32)
        each = distinct(mixed)
        del mixed
        if all(np.array_equal(column[each.first][each.place], column) for column in columns):
            order = np.argsort(each.first)  # by first row: the same numbers whatever the salt
            number = np.empty_like(order)
            number[order] = np.arange(len(order))
            return number[each.place], each.first[order]
