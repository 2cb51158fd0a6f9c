"""An arrow's geometry before it has a place: where its line falls, where its words stand along it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ....metrics import Measure
from ....placed import ASCENT, DESCENT
from ....scene import Arrow
from .lines import Lines, Remark, Row
from .skyline import Quad

CROWDED, MOST_CROWDED = 0.32, 0.4  # of the wire: so far from their tails reach the labels of arrows that cross
CROWDED_LABEL = 130.0  # px that such a label needs, with the chip before it, where the wire has room for them
STEEP = 0.42  # dy per dx from which on labels are not turned any more, but stand above the tail
ABOVE_TAIL = (0.5, 0.7, 0.9)  # of the wire, for such labels: no more than they need, where others are on their way
LONGER = 1.2  # what it costs to need more
ROW, ROW_LIFT = 14.0, 4.0  # of a label above its tail
INSET = 14.0  # chip to lifeline
CHIP = 18.0
CROSS = 8.0  # half of the mark where an arrow ends on its way
ABOVE, BELOW, LOWER = 5.0, 3.5, 3.0  # px between a line and the words above it, below it, and below the chip


def depth(chip_width: float, angle: float) -> float:
    """How far a chip reaches below its line, across it."""
    radians = math.radians(abs(angle))
    return 11 * math.cos(radians) + chip_width / 2 * math.sin(radians)


class Planner(Lines):
    """Plans arrows between two lifelines."""

    def __init__(self, lang: str, measure: Measure, left: float, right: float, both: bool) -> None:
        super().__init__(lang, measure)
        self.left = left
        self.right = right
        self.wire = right - left
        self.both = both  # ends were captured
        self.crowded = min(MOST_CROWDED, max(CROWDED, CROWDED_LABEL / self.wire))
        self._made: dict[tuple[int, float, bool, bool], Plan] = {}

    def plan(self, arrow: Arrow, slant: float, crowded: bool, others: bool = False) -> Plan:
        """Everything about the arrow but its y; `crowded`: it crosses others; `others`: some are under way already."""
        asked = (arrow.frame, slant, crowded, others)
        if asked not in self._made:  # an arrow is planned to find its place, to be drawn, and again in each pass
            self._made[asked] = self._plan(arrow, slant, crowded, others)
        return self._made[asked]

    def _plan(self, arrow: Arrow, slant: float, crowded: bool, others: bool) -> Plan:
        rightwards = arrow.side == "client"
        sign = 1.0 if rightwards else -1.0
        start = self.left if rightwards else self.right
        end = self.right if rightwards else self.left
        tail = start + sign * arrow.origin * self.wire
        reach = end
        if arrow.unanswered is not None:
            reach = start + sign * 0.64 * self.wire
        slope = slant / (end - tail)  # dy per dx, signed
        angle = math.degrees(math.atan2(slope, 1.0))
        chip_width = self.measure(arrow.flags, 11.5, "mono", True) + 10
        octagon = arrow.kind == "rst"
        if octagon:
            chip_width += 6
        inset = INSET if not arrow.origin else 12 + INSET
        chip = tail + sign * (inset + chip_width / 2)
        head = 13.0 if octagon else 10.0

        def at(x: float) -> float:
            return (x - tail) * slope

        boxes = [Quad(tail, 0, reach, at(reach), 3.0, 3.0)]
        level = self.both and (abs(slope) > STEEP or others or (crowded and arrow.unanswered is None))
        words: list[tuple[Row, float, float]] = []
        longer: Longer | None = None
        if level:
            # Above the tail, where the fall does not move them; `Labels` looks for a better place along the line.
            first = tail + sign * (INSET + 2)
            remarks = self.remarks(arrow, crowded=crowded)
            parts = ABOVE_TAIL[:1] if others else ABOVE_TAIL if crowded else ABOVE_TAIL[-1:]
            cost, rows = self._above_tail(arrow, remarks, abs(end - tail), parts)
            room = abs(reach - chip) * math.hypot(1, slope) - chip_width / 2 - 2 * head - 12
            less, along = self.two(arrow, remarks, room)
            longer = Longer(along, cost - less) if less < cost else None
            wide = max(row.measured for row in rows)
            boxes.append(Quad(first, -ROW_LIFT, first + sign * (wide + 2), -ROW_LIFT, ROW * len(rows), 0))
        else:
            free_from = chip + sign * (chip_width / 2 + 8)
            free_to = reach - sign * (head + 6)
            if crowded:
                limit = tail + sign * self.crowded * self.wire
                free_to = min(free_to, limit) if rightwards else max(free_to, limit)
            first = tail + sign * (INSET + 4)  # below the chip, and beside the heads of arrows, there is more room
            room, below = abs(free_to - free_from), 0.0 if arrow.why is not None else abs(free_to - first)
            _, rows = self.two(arrow, self.remarks(arrow, crowded=crowded), room, below)
            middles = (free_from + free_to) / 2, (first + free_to) / 2
            words = self._along(rows, room, middles, depth(chip_width, angle))
            stretch = 1 / math.cos(math.radians(angle))
            for row, middle, low in words:
                near, far = middle - row.measured / 2 - 2, middle + row.measured / 2 + 2
                above = max(0.0, row.size * ASCENT - low) * stretch
                boxes.append(Quad(near, at(near), far, at(far), above, max(0.0, low + row.size * DESCENT) * stretch))
        beside: tuple[str, float, float] | None = None
        if arrow.unanswered is not None:
            x = reach + sign * 13
            said = [arrow.unanswered, arrow.shorter_unanswered or arrow.unanswered]
            text, size = self.fit(said, abs(end - x) - 10, 11, 9.5, "sans", True)
            beside = (text, size, x)
            boxes.append(Quad(reach - CROSS, at(reach), reach + CROSS, at(reach), CROSS, CROSS))
            if not level:
                wide = self.measure(text, size, "sans", True)
                boxes.append(Quad(reach, at(reach), x + sign * wide, at(reach), 9, 9))
        tall = (22.0 if octagon else CHIP) / 2 + 1
        boxes.append(Quad(chip - chip_width / 2, at(chip), chip + chip_width / 2, at(chip), tall, tall))
        if arrow.origin:
            boxes.append(Quad(start, 0, tail, 0, 12, 20))
        return Plan(
            sign, start, end, tail, reach, slope, slant, angle, chip, chip_width, head,
            tuple(boxes), rows, level, first, longer, tuple(words), beside,
        )  # fmt: skip

    def _above_tail(
        self, arrow: Arrow, remarks: Sequence[Remark], most: float, parts: Sequence[float]
    ) -> tuple[float, tuple[Row, ...]]:
        """The lines of an arrow that falls far, or crosses others: as short as says most of it."""
        found = []
        for number, part in enumerate(parts):
            cost, rows = self.two(arrow, remarks, min(part * self.wire, most) - INSET - 2)
            found.append((cost + LONGER * number, rows))
        return min(found, key=lambda one: one[0])

    def _along(
        self, rows: Sequence[Row], room: float, middles: tuple[float, float], chip: float
    ) -> list[tuple[Row, float, float]]:
        """The lines, turned with the arrow's: the first above it, the others below, and below its chip if need be."""
        first, *others = rows
        placed = [(first, middles[0], -(ABOVE + first.size * DESCENT))]
        bottom, wide = 0.0, False
        for number, row in enumerate(others):
            wide = wide or number > 0 or row.measured > room
            gap = BELOW if number == 0 else LOWER
            low = max(bottom + gap, chip + LOWER if wide else 0.0) + row.size * ASCENT
            placed.append((row, middles[1 if wide else 0], low))
            bottom = low + row.size * DESCENT
        return placed


class Longer(NamedTuple):
    """The words of an arrow that falls far, for a place along its line, where they have more room."""

    rows: tuple[Row, ...]
    gain: float  # how much more they say


@dataclass(frozen=True, slots=True)
class Plan:
    """An arrow's geometry, y counted from its departure."""

    sign: float
    start: float
    end: float
    tail: float
    reach: float
    slope: float
    slant: float
    angle: float  # degrees
    chip: float  # its middle
    chip_width: float
    head: float
    boxes: tuple[Quad, ...]
    rows: tuple[Row, ...]
    level: bool  # its words stand above the tail, from `first` on, or where they hide least
    first: float
    longer: Longer | None
    words: tuple[tuple[Row, float, float], ...]  # else: each line, its middle, how far below the arrow's line
    beside: tuple[str, float, float] | None  # what became of it, at the cross: text, size, x
