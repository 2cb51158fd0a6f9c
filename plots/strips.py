"""Strips: counts along an axis as columns, in a picture and in characters; what is there is never invisible."""

from __future__ import annotations

from collections.abc import Sequence

from .placed import Rect, Shape

HEIGHT = 33.0  # px
LEAST = 1.6  # px: the least height of a mark
BETWEEN = 0.6  # px between columns
BLOCKS = "▁▂▃▄▅▆▇█"

Column = Sequence[tuple[str, int]]  # colour token and count, from the baseline up


def strip(
    shapes: list[Shape], left: float, right: float, base: float, columns: Sequence[Column], most: int | None = None
) -> None:
    """Put the columns down; the full height is `most`, or the tallest. Texts keep off all of it."""
    wide = (right - left) / len(columns)
    most = most or max(sum(count for _, count in column) for column in columns)
    shapes.append(Rect(x=left, y=base - HEIGHT, w=right - left, h=HEIGHT, role="mark"))
    for number, column in enumerate(columns):
        y = base
        for token, height in stacked(column, most):
            y -= height
            shapes.append(Rect(x=left + number * wide, y=y, w=wide - BETWEEN, h=height, fill=token))


def stacked(column: Column, most: int) -> list[tuple[str, float]]:
    """The heights of one column's parts: none below `LEAST`, all of them together within the strip."""
    heights = [(token, max(LEAST, count / most * HEIGHT)) for token, count in column if count]
    over = sum(height for _, height in heights) - HEIGHT
    if over > 0:
        tallest = max(range(len(heights)), key=lambda place: heights[place][1])
        heights[tallest] = (heights[tallest][0], heights[tallest][1] - over)
    return heights


def block(count: int, most: int) -> str:
    """A column's height in one cell."""
    return BLOCKS[max(0, -(-count * len(BLOCKS) // most) - 1)] if count else " "


def blocks(counts: Sequence[int], most: int) -> str:
    """A row of columns in cells; a full one is `most`."""
    return "".join(block(count, most) for count in counts)


def merged(counts: Sequence[int], cells: int) -> list[int]:
    """The counts in that many cells, each of as many of them (the last of the rest)."""
    several = -(-len(counts) // cells)
    return [sum(counts[at : at + several]) for at in range(0, len(counts), several)]
