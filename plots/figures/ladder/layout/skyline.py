"""What is taken on the wire already, from the top down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_BIN = 4.0


class Skyline:
    """The lowest y painted so far on the wire, by x."""

    def __init__(self, left: float, right: float, top: float) -> None:
        self.left = left
        self.bottoms = [top] * (int((right - left) / _BIN) + 2)
        self.numbers = [float(i) for i in range(len(self.bottoms))]  # of the bins; two floats are multiplied faster

    def _bins(self, x1: float, x2: float) -> slice:
        last = len(self.bottoms) - 1
        low = int((min(x1, x2) - self.left) // _BIN)
        high = int((max(x1, x2) - self.left) // _BIN)
        return slice(max(0, min(last, low)), max(0, min(last, high)) + 1)

    def lowest(self, x1: float | None = None, x2: float | None = None) -> float:
        if x1 is None or x2 is None:
            return max(self.bottoms)
        return max(self.bottoms[self._bins(x1, x2)])

    def room(self, boxes: Sequence[Quad], gap: float) -> float:
        """The least y that may be added to the boxes so that all lie `gap` below what is there."""
        least = -math.inf
        for box in boxes:
            slope, at, bins = box.slope(), box.y1 - box.above - gap, self._bins(box.x1, box.x2)
            # A strip's highest point in a bin is at the bin's left edge if it falls to the right, else at its right.
            at += slope * (self.left - box.x1 + (0.0 if slope >= 0 else _BIN))
            step = slope * _BIN
            there = zip(self.bottoms[bins], self.numbers[bins], strict=True)
            least = max(least, max([bottom - at - step * i for bottom, i in there]))
        return least

    def add(self, boxes: Sequence[Quad], y: float) -> None:
        for box in boxes:
            slope, at, bins = box.slope(), y + box.y1 + box.below, self._bins(box.x1, box.x2)
            at += slope * (self.left - box.x1 + (_BIN if slope >= 0 else 0.0))
            step = slope * _BIN
            there = zip(self.bottoms[bins], self.numbers[bins], strict=True)
            self.bottoms[bins] = [low if low > (mine := at + step * i) else mine for low, i in there]

    def fill(self, y: float) -> None:
        self.bottoms = [max(y, bottom) for bottom in self.bottoms]


@dataclass(frozen=True, slots=True)
class Quad:
    """A strip along a line: from (x1, y1) to (x2, y2), `above` and `below` it."""

    x1: float
    y1: float
    x2: float
    y2: float
    above: float
    below: float

    def slope(self) -> float:
        """dy per dx."""
        return (self.y2 - self.y1) / (self.x2 - self.x1) if abs(self.x2 - self.x1) > 1e-9 else 0.0
