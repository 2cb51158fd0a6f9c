"""An arrow's geometry before it has a place: where its line falls, where its words stand along it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ....metrics import Measure
from ....placed import ASCENT, DESCENT, Pen
from ....scene import Arrow
from .skyline import Quad

CROWDED, MOST_CROWDED = 0.32, 0.4  # of the wire: so far from their tails reach the labels of arrows that cross
CROWDED_LABEL = 130.0  # px that such a label needs, with the chip before it, where the wire has room for them
STEEP = 0.42  # dy per dx from which on labels are not turned any more, but stand above the tail
ABOVE_TAIL, ABOVE_ALONE = 0.5, 0.9  # of the wire, for such labels; where no other arrow is on its way
MORE = 12.5  # a further line of a label
ROW, ROW_LIFT = 14.0, 4.0  # of a label above its tail
INSET = 14.0  # chip to lifeline
CHIP = 18.0


def depth(chip_width: float, angle: float) -> float:
    """How far a chip reaches below its line, across it."""
    radians = math.radians(abs(angle))
    return 11 * math.cos(radians) + chip_width / 2 * math.sin(radians)


class Planner(Pen):
    """Plans arrows between two lifelines."""

    def __init__(self, lang: str, measure: Measure, left: float, right: float, both: bool) -> None:
        super().__init__(lang, measure)
        self.left = left
        self.right = right
        self.wire = right - left
        self.both = both  # ends were captured
        self.crowded = min(MOST_CROWDED, max(CROWDED, CROWDED_LABEL / self.wire))

    def plan(self, arrow: Arrow, slant: float, crowded: bool) -> Plan:
        """Everything about the arrow but its y."""
        rightwards = arrow.side == "client"
        sign = 1.0 if rightwards else -1.0
        start = self.left if rightwards else self.right
        end = self.right if rightwards else self.left
        tail = start + sign * arrow.origin * self.wire
        reach = end
        if arrow.unanswered is not None:
            reach = start + sign * 0.64 * self.wire
        slope = slant / (end - tail)  # dy per dx, signed
        chip_width = self.measure(arrow.flags, 11.5, "mono", True) + 10
        octagon = arrow.kind == "rst"
        if octagon:
            chip_width += 6
        inset = INSET if not arrow.origin else 12 + INSET
        chip = tail + sign * (inset + chip_width / 2)
        head = 13.0 if octagon else 10.0
        free_from = chip + sign * (chip_width / 2 + 8)
        free_to = reach - sign * (head + 6)
        if crowded:
            limit = tail + sign * self.crowded * self.wire
            free_to = min(free_to, limit) if rightwards else max(free_to, limit)
        room = abs(free_to - free_from)
        if self.both and (abs(slope) > STEEP or (crowded and arrow.unanswered is None)):
            most = ABOVE_TAIL if crowded else ABOVE_ALONE
            return self._above_tail(
                arrow, sign, (start, end, tail, reach), slope, slant, (chip, chip_width, head), most
            )
        labels = [arrow.label, *arrow.shorter_labels]
        label, label_size = self.fit(labels, room, 12.5, 10, "sans", True)
        detail, detail_size = ("", 10.5)
        if arrow.detail:
            details = [arrow.detail, *arrow.shorter_details]
            if arrow.on_the_way is not None and not crowded:
                details[:0] = [f"{one}, {arrow.on_the_way}" for one in details]
            detail, detail_size = self.fit(details, room, 10.5, 9.5, "mono", False, 0.25)
        whole = detail
        if arrow.detail and detail not in details:  # cut: better below the line, where there is more room
            detail = ""
        more: list[tuple[str, float, str]] = []
        first = tail + sign * (INSET + 4)  # these stand below the chip, too, and beside the heads of arrows
        wide_room = abs(free_to - first)

        def add(text: str, token: str) -> None:
            shown, size = self.fit([text], wide_room, 10.5, 9.5)
            lines = [shown] if shown == text else self.evened(text, wide_room, 9.5)
            more.extend((line, size, token) for line in lines)

        if whole != detail:
            add(self.fit([arrow.detail, *arrow.shorter_details], wide_room, 10.5, 9.5)[0], "muted")
        if self.both and crowded and "  (" in arrow.label and "  (" not in label:
            add(arrow.label.partition("  ")[2], arrow.kind)  # what M or N stands for
        if arrow.took is not None and arrow.took not in detail:
            add(arrow.took, "ink")
        if arrow.dropped is not None and arrow.dropped not in detail:
            add(arrow.dropped, "rst")
        if arrow.because is not None:
            add(arrow.because, "ink")
        middle = (free_from + free_to) / 2
        angle = math.degrees(math.atan2(slope, 1.0))
        stretch = 1 / math.cos(math.radians(angle))

        def at(x: float) -> float:
            return (x - tail) * slope

        half = self.measure(label, label_size, "sans", True) / 2
        boxes = [Quad(tail, 0, reach, at(reach), 3.0, 3.0)]
        gap = 5.0
        above = (gap + label_size * (ASCENT + DESCENT)) * stretch
        boxes.append(Quad(middle - half - 2, at(middle - half - 2), middle + half + 2, at(middle + half + 2), above, 0))
        if detail:
            half = self.measure(detail, detail_size, "mono", False) / 2
            below = (3.5 + detail_size * (ASCENT + DESCENT)) * stretch
            boxes.append(
                Quad(middle - half - 2, at(middle - half - 2), middle + half + 2, at(middle + half + 2), 0, below)
            )
        tall = (22.0 if octagon else CHIP) / 2 + 1
        boxes.append(Quad(chip - chip_width / 2, at(chip), chip + chip_width / 2, at(chip), tall, tall))
        side_text: tuple[str, float, float] | None = None
        if arrow.unanswered is not None and crowded:
            add(arrow.unanswered, "rst")
        elif arrow.unanswered is not None:
            x = reach + sign * 13
            room_left = abs(end - x) - 10
            text, size = self.fit(
                [arrow.unanswered, arrow.shorter_unanswered or arrow.unanswered], room_left, 11, 9.5, "sans", True
            )
            wide = self.measure(text, size, "sans", True)
            boxes.append(Quad(reach, at(reach), x + sign * wide, at(reach), 9, 9))
            side_text = (text, size, x)
        elif arrow.ignored is not None:
            # Right above the head's end of the line, where a label of its own has room.
            text, size = self.fit([arrow.ignored, self.say("ignored")], room, 11, 9.5, "sans", True)
            side_text = (text, size, middle)
            half = self.measure(text, size, "sans", True) / 2 + 2
            low = (3.5 + 10.5 * (ASCENT + DESCENT)) if detail else 2.0
            below = (low + 3 + size * (ASCENT + DESCENT)) * stretch
            boxes.append(Quad(middle - half, at(middle - half), middle + half, at(middle + half), 0, below))
        more_middle = (first + free_to) / 2
        if more:
            low = (3.5 + detail_size * (ASCENT + DESCENT)) if detail else 2.0
            low += 3 + 11 * (ASCENT + DESCENT) if arrow.ignored is not None else 0.0
            low = max(low, depth(chip_width, angle))
            half = max(self.measure(text, size, "sans", False) for text, size, _ in more) / 2 + 2
            below = (low + 3 + MORE * len(more)) * stretch
            near, far = more_middle - half, more_middle + half
            boxes.append(Quad(near, at(near), far, at(far), 0, below))
        if arrow.origin:
            boxes.append(Quad(start, 0, tail, 0, 12, 20))
        return Plan(
            sign, start, end, tail, reach, slope, slant, chip, chip_width, head, middle, angle, label, label_size,
            detail, detail_size, side_text, tuple(boxes), tuple(more), more_middle,
        )  # fmt: skip

    def _above_tail(
        self,
        arrow: Arrow,
        sign: float,
        way: tuple[float, float, float, float],
        slope: float,
        slant: float,
        mark: tuple[float, float, float],
        most: float,
    ) -> Plan:
        """An arrow that falls far, or crosses others: its words stand level above its tail, where its fall does not
        move them; `Labels` looks for a better place along the line, once all lines are known.
        """
        (start, end, tail, reach), (chip, chip_width, head) = way, mark
        first = tail + sign * (INSET + 2)
        room = min(most * self.wire, abs(end - tail)) - INSET - 2
        token = "ink" if arrow.kind == "ack" else arrow.kind
        label, size = self.fit([arrow.label, *arrow.shorter_labels], room, 12.5, 10, "sans", True)
        rows = [Row(label, size, token, bold=True)]
        if arrow.detail:
            detail, size = self.fit([arrow.detail, *arrow.shorter_details], room, 10.5, 9.5, "mono", False, 0.25)
            rows.append(Row(detail, size, "muted", mono=True))
        for text, ink in (
            (arrow.took, "ink"),
            (arrow.dropped, "rst"),
            (arrow.because, "ink"),
            (arrow.ignored, "rst"),
            (arrow.unanswered, "rst"),
        ):
            shown, size = self.fit([text or ""], room, 11, 9.5)
            rows += [
                Row(line, size, ink) for line in ([shown] if shown == text else self.evened(text or "", room, 9.5))
            ]
        rows = [row for row in rows if row.text]
        wide = max(self.measure(row.text, row.size, "mono" if row.mono else "sans", row.bold) for row in rows)
        tall = (22.0 if arrow.kind == "rst" else CHIP) / 2 + 1
        chip_y = (chip - tail) * slope
        boxes: tuple[Quad, ...] = (
            Quad(tail, 0, reach, (reach - tail) * slope, 3.0, 3.0),
            Quad(first, -ROW_LIFT, first + sign * (wide + 2), -ROW_LIFT, ROW * len(rows), 0),
            Quad(chip - chip_width / 2, chip_y, chip + chip_width / 2, chip_y, tall, tall),
        )
        boxes += (Quad(start, 0, tail, 0, 12, 20),) if arrow.origin else ()
        return Plan(
            sign, start, end, tail, reach, slope, slant, chip, chip_width, head, chip,
            math.degrees(math.atan2(slope, 1.0)), "", 12.5, "", 10.5, None, boxes, (), first, tuple(rows),
        )  # fmt: skip


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
    chip: float
    chip_width: float
    head: float
    middle: float
    angle: float
    label: str
    label_size: float
    detail: str
    detail_size: float
    side_text: tuple[str, float, float] | None
    boxes: tuple[Quad, ...]
    more: tuple[tuple[str, float, str], ...]  # lines below the label's two: text, size, colour
    more_middle: float
    rows: tuple[Row, ...] = ()  # level, above the tail: instead of all these


@dataclass(frozen=True, slots=True)
class Row:
    """A line of words above the tail of an arrow that falls far."""

    text: str
    size: float
    token: str
    bold: bool = False
    mono: bool = False
