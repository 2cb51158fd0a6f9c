"""Strips: what is there can be seen, and nothing leaves the strip."""

from __future__ import annotations

import pytest

from finrst.plots.placed import Rect, Shape
from finrst.plots.strips import HEIGHT, LEAST, block, blocks, merged, stacked, strip


def test_a_single_one_among_hundreds_can_be_seen() -> None:
    heights = dict(stacked([("end-refused", 1), ("end-closed-pale", 400)], 401))
    assert heights["end-refused"] == LEAST
    assert sum(heights.values()) <= HEIGHT + 1e-9


@pytest.mark.parametrize("counts", [(1,), (1000,) * 13, (1, 1, 10**9), tuple(range(1, 14))])
def test_a_column_never_leaves_the_strip(counts: tuple[int, ...]) -> None:
    heights = stacked([(f"c{n}", count) for n, count in enumerate(counts)], sum(counts))
    assert abs(sum(height for _, height in heights) - HEIGHT) < 1e-6
    assert all(height >= LEAST - 1e-9 for _, height in heights)


def test_heights_are_linear() -> None:
    low, high = (stacked([("a", count)], 100)[0][1] for count in (25, 50))
    assert high == 2 * low == HEIGHT / 2


def test_columns_share_the_width() -> None:
    shapes: list[Shape] = []
    strip(shapes, 100, 400, 50, [[("end-closed", n)] if n else [] for n in (1, 0, 3)])
    area, *columns = shapes
    assert isinstance(area, Rect) and (area.x, area.w, area.role) == (100, 300, "mark")
    assert [(round(shape.x), shape.y + shape.h) for shape in columns if isinstance(shape, Rect)] == [
        (100, 50),
        (300, 50),
    ]


def test_blocks_are_never_empty_for_what_is_there() -> None:
    assert blocks([0, 1, 500, 999, 1000], 1000) == " ▁▄██"
    assert block(1, 10**12) == "▁"


def test_merged_counts_add_up() -> None:
    counts = list(range(150))
    for cells in (10, 47, 75, 150, 400):
        assert sum(merged(counts, cells)) == sum(counts)
        assert len(merged(counts, cells)) <= cells
