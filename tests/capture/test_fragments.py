"""Joining fragments: any order, overlaps, holes, and memory and time that no capture can blow up."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrst.capture.fragments import MAX_BYTES, MAX_DATAGRAMS, Fragments, Key


def key(number: int) -> Key:
    return (4, 0, 1, 0, 2, number, 6)


pieces = st.integers(1, 40).flatmap(
    lambda blocks: st.tuples(st.binary(min_size=blocks * 8 - 7, max_size=blocks * 8), st.randoms(use_true_random=False))
)


@given(pieces, st.integers(1, 6))
def test_every_order_gives_the_datagram_with_its_last_piece(piece: tuple[bytes, object], blocks: int) -> None:
    whole, chance = piece
    size = blocks * 8
    parts = [(at, int(at + size < len(whole)), whole[at : at + size]) for at in range(0, len(whole), size)]
    chance.shuffle(parts)  # type: ignore[attr-defined]
    fragments = Fragments()
    given_back = [fragments.add(key(1), *part, 1) for part in parts]
    assert given_back == [None] * (len(parts) - 1) + [whole]
    assert (fragments.size, len(fragments.datagrams)) == (0, 0)


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 40)), max_size=30))
def test_whatever_comes_the_datagram_has_no_hole_and_the_size_is_kept_right(
    parts: list[tuple[int, bool, int]],
) -> None:
    source = bytes(range(256)) * 2
    fragments = Fragments()
    covered: set[int] = set()
    for block, more, length in parts:
        at = block * 8
        covered |= set(range(at, at + length))
        whole = fragments.add(key(1), at, int(more), source[at : at + length], 1)
        if whole is not None:
            assert whole == source[: len(whole)] and covered >= set(range(len(whole)))
            covered = set()
            assert fragments.size == 0
    assert fragments.size >= sum(len(part) for d in fragments.datagrams.values() for part in d.parts.values())


def test_where_fragments_overlap_the_first_byte_stays() -> None:
    fragments = Fragments()
    assert fragments.add(key(1), 8, 0, b"second--last", 1) is None
    assert fragments.add(key(1), 0, 1, b"first---FIRST---", 2) == b"first---FIRST---last"


def test_a_longer_copy_of_a_piece_takes_its_place() -> None:
    fragments = Fragments()
    assert fragments.add(key(1), 0, 1, bytes(8), 1) is None
    assert fragments.add(key(1), 16, 0, b"end", 2) is None
    assert fragments.add(key(1), 0, 1, b"x" * 16, 3) == b"x" * 16 + b"end"


def test_a_last_piece_shorter_than_what_is_there_ends_the_datagram() -> None:
    fragments = Fragments()
    assert fragments.add(key(1), 0, 1, b"12345678abcdefghXYZ", 1) is None
    assert fragments.add(key(1), 8, 1, b"abcdefghXYZ", 2) is None
    assert fragments.add(key(1), 8, 0, b"abcdefghX", 3) == b"12345678abcdefghX"


def test_an_identification_used_again_is_a_new_datagram() -> None:
    fragments = Fragments()
    for content in (b"a" * 8, b"b" * 8):
        assert fragments.add(key(1), 0, 1, content, 1) is None
        assert fragments.add(key(1), 8, 0, b"end", 2) == content + b"end"


def test_the_oldest_datagrams_are_given_up() -> None:
    fragments = Fragments()
    for number in range(MAX_DATAGRAMS + 10):
        fragments.add(key(number), 0, 1, bytes(8), number)
    assert len(fragments.datagrams) == MAX_DATAGRAMS and fragments.given_up == 10
    assert fragments.add(key(0), 8, 0, b"end", 9) is None
    assert fragments.add(key(MAX_DATAGRAMS), 8, 0, b"end", 9) == bytes(8) + b"end"


@pytest.mark.parametrize(("length", "count"), [(60_000, 2_000), (8, 700_000), (0, 700_000)])
def test_memory_is_bounded_for_pieces_of_any_size(length: int, count: int) -> None:
    fragments = Fragments()
    for number in range(count):
        fragments.add(key(number // 8000), number % 8000 * 8, 1, bytes(length), number)
    used = 0
    for datagram in fragments.datagrams.values():
        used += sys.getsizeof(datagram.parts) + sys.getsizeof(datagram.blocks)
        used += sum(sys.getsizeof(part) + 32 for part in datagram.parts.values())  # 32: the offset, a number of its own
    assert used < MAX_BYTES + (1 << 20) and fragments.given_up


@pytest.mark.parametrize("step", [8, -8])
def test_pieces_around_a_hole_take_no_longer_than_others(step: int) -> None:
    fragments = Fragments()
    fragments.add(key(1), 65_528, 0, bytes(7), 1)
    began = time.process_time()
    for number in range(2, 8000):  # overlapping, so that their sizes add up to more than the datagram
        at = number * 8 if step > 0 else 64_000 - number * 8
        fragments.add(key(1), at, 1, bytes(1480 if step > 0 else 40), number)
    assert time.process_time() - began < 0.5
    assert len(fragments.datagrams) == 1
