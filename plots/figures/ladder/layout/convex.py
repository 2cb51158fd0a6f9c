"""Convex polygons on the page: which come near each other, and which part of a line lies in one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeVar

from ....placed import Line

Points = tuple[tuple[float, float], ...]
Other = TypeVar("Other", bound="Convex")


class Convex:
    """A convex polygon, and the box around it."""

    __slots__ = ("_sides", "bottom", "left", "owner", "points", "right", "top")

    def __init__(self, points: Points, owner: int = 0) -> None:
        xs, ys = zip(*points, strict=True)
        self.points, self.owner = points, owner
        self.left, self.right, self.top, self.bottom = min(xs), max(xs), min(ys), max(ys)
        self._sides: list[tuple[float, float, float, float]] | None = None

    @property
    def corners(self) -> Points:
        """Of the box."""
        return (self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)

    def near(self, others: Iterable[Other], room: float) -> list[Other]:
        """Those of the others whose box comes as near to this one's as that."""
        left, right, top, bottom = self.left - room, self.right + room, self.top - room, self.bottom + room
        return [
            one for one in others
            if one.top <= bottom and top <= one.bottom and one.left <= right and left <= one.right
        ]  # fmt: skip

    def part(self, line: Line, room: float = 2.5) -> tuple[float, float] | None:
        """The part of the line, 0 to 1, that lies in the polygon with `room` around it."""
        if self._sides is None:
            self._sides = self._outwards()
        low, high = 0.0, 1.0
        x, y, dx, dy = line.x1, line.y1, line.x2 - line.x1, line.y2 - line.y1
        for x1, y1, nx, ny in self._sides:
            start = (x - x1) * nx + (y - y1) * ny - room
            rise = dx * nx + dy * ny
            if abs(rise) < 1e-9:
                if start > 0:
                    return None
            elif rise > 0:
                high = min(high, -start / rise)
            else:
                low = max(low, -start / rise)
        return (low, high) if low < high else None

    def _outwards(self) -> list[tuple[float, float, float, float]]:
        """Of each side: where it begins, and the way out across it, 1 px long."""
        points, sides = self.points, []
        middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
        for (x1, y1), (x2, y2) in zip(points, (*points[1:], points[0]), strict=True):
            length = math.hypot(x2 - x1, y2 - y1)
            if length < 1e-9:
                continue
            nx, ny = (y2 - y1) / length, (x1 - x2) / length
            inwards = (middle[0] - x1) * nx + (middle[1] - y1) * ny > 0
            sides.append((x1, y1, -nx, -ny) if inwards else (x1, y1, nx, ny))
        return sides


class Way(Convex):
    """Where a line passes."""

    __slots__ = ("line",)

    def __init__(self, line: Line) -> None:
        super().__init__(((line.x1, line.y1), (line.x2, line.y2)), line.owner)
        self.line = line
