"""Labels of a time-sequence graph: where nothing else stands, the most important first, with a leader where apart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Literal

from ... import words
from ...metrics import Measure
from ...placed import ASCENT, DESCENT, Line, Pen, Shape
from .marks import COLOUR
from .scales import TimeAxis
from .scene import Band, Mark, Panel

PAD = 14.0
EDGE = 20.0  # inside a plot, above and below its numbers
MOST_LETTERS = 40
_CELL = 2.0
_ERRNO = re.compile(r"[A-Z]+$")
LEADER_OFF = 3.0  # a leader begins so far from a mark's middle
BRACKETS = {  # where else a leader may touch a mark: from its place, and how far from its middle
    "unacked": ((9.0, 5.0), 0.5), "sack": ((8.0, 4.0), 0.5), "dsack": ((8.0, 4.0), 0.5), "rst": ((0.0,), 9.0),
    "syn": ((0.0,), 6.0), "fin": ((0.0,), 6.0),
}  # fmt: skip
SIDEWAYS: tuple[Literal["middle", "start", "end"], ...] = ("middle", "start", "end")  # of a label above or below
NEAR = 16.0  # a label further off than that has a leader
FAR = (10, 16, 26, 38, 52, 70, 92, 120, 150, 190, 240, 300, 380)
NOT_SO_FAR = FAR[:9]
Upright = tuple[float, float, float]  # a mark: x, its upper end, its lower end
DIRECTIONS = (
    (1, 0), (-1, 0), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (0, -1), (0, 1),
    (-0.95, 0.3), (0.95, 0.3), (-0.95, -0.3), (0.95, -0.3),
)  # fmt: skip


class Room:
    """What is taken of the page, in cells: where a label may stand."""

    def __init__(self) -> None:
        self.cells: set[tuple[int, int]] = set()

    @staticmethod
    def _over(x1: float, y1: float, x2: float, y2: float) -> Iterator[tuple[int, int]]:
        for column in range(math.floor(x1 / _CELL), math.floor(x2 / _CELL) + 1):
            for row in range(math.floor(y1 / _CELL), math.floor(y2 / _CELL) + 1):
                yield column, row

    def take(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Nothing else may stand here."""
        self.cells.update(self._over(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))

    def free(self, x1: float, y1: float, x2: float, y2: float) -> bool:
        """Whether nothing stands here yet."""
        return self.cells.isdisjoint(self._over(x1, y1, x2, y2))


@dataclass(slots=True)
class Plot:
    """One panel's place."""

    panel: Panel
    top: float
    bottom: float
    room: Room = field(default_factory=Room)
    texts: Room = field(default_factory=Room)  # texts alone: leaders may cross lines, not words
    strips: Room = field(default_factory=Room)  # the cuts

    def y(self, number: int) -> float:
        span = self.panel.high - self.panel.low
        number = min(max(number, self.panel.low), self.panel.high)
        return self.bottom - EDGE - (number - self.panel.low) / span * (self.bottom - self.top - 2 * EDGE)


class Labels(Pen):
    """Puts labels into plots; `left` to `right` is where these stand."""

    def __init__(self, lang: str, measure: Measure, axis: TimeAxis, left: float, right: float) -> None:
        super().__init__(lang, measure)
        self.axis = axis
        self.left, self.right = left, right
        self.shapes: list[Shape] = []

    def steps(self, plot: Plot, points: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
        """A staircase from its first point to the end of the axis."""
        found: list[tuple[float, float]] = []
        for t_ns, value in points:
            x, y = self.axis.at(t_ns), plot.y(value)
            if found and abs(found[-1][1] - y) < 0.01:
                continue
            if found:
                found.append((x, found[-1][1]))
            found.append((x, y))
        if found:
            found.append((self.right - PAD / 2, found[-1][1]))
        return found

    def label(self, plot: Plot) -> None:
        """Every label of the plot, the most important first."""
        panel = plot.panel
        marks = sorted((mark for mark in panel.marks if mark.label), key=lambda mark: (mark.rank, mark.t_ns))
        again = [mark for mark in panel.marks if mark.kind == "retransmission" and not mark.outside]
        first = 2 if len(again) <= MOST_LETTERS else 3  # many letters would leave no room to the longest waits
        for mark in marks:
            if mark.rank < first:
                self.callout(plot, mark)
        for mark in again[:: 1 + len(again) // MOST_LETTERS]:
            x = self.axis.at(mark.t_ns)
            y = plot.y(mark.high)
            low = plot.y(mark.low)
            for at in ((x, y - 7), (x, low + 15), (x - 10, y + 9), (x + 10, y + 9), (x, y - 13), (x, low + 21),
                       (x, y - 20), (x, low + 28), (x + 8, low + 15)):  # fmt: skip
                if self.write(plot, *at, "R", 11, "again", "middle"):
                    break
        for band in panel.bands:
            self.band_label(plot, band)
        self.line_label(plot, panel.acked, "ts-acked", "ack")
        self.line_label(plot, panel.window, "ts-window", "syn")
        if panel.window_above:
            places = product(range(16, 66, 10), range(int(self.left + 8), int(self.right - 200), 24))
            for y, x in places:
                if self.write(plot, x, plot.top + y, f"↑ {panel.window_above}", 10.5, "syn", "start", bold=False):
                    break
        for mark in marks:
            if mark.rank >= first:
                self.callout(plot, mark)

    def write(
        self, plot: Plot, x: float, y: float, text: str, size: float, fill: str,
        anchor: Literal["start", "middle", "end"], bold: bool = True,
    ) -> bool:  # fmt: skip
        """Put a text where nothing stands; returns whether there was room."""
        wide = self.measure(text, size, "sans", bold)
        x1 = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * wide
        box = (x1 - 1, y - ASCENT * size - 1, x1 + wide + 1, y + DESCENT * size + 1)
        inside = box[0] > self.left + 1 and box[2] < self.right and box[1] > plot.top + 1 and box[3] < plot.bottom - 1
        if not inside or not plot.room.free(*box):
            return False
        plot.room.take(*box)
        plot.texts.take(*box)
        self.text(self.shapes, x, y, text, size, fill, bold=bold, anchor=anchor, halo=True)
        return True

    def callout(self, plot: Plot, mark: Mark) -> None:
        """A mark's label near it."""
        x, top, low = self.axis.at(mark.t_ns), plot.y(mark.high), plot.y(mark.low)
        texts = [mark.label, mark.label.partition(" (")[0]] if " (" in mark.label else [mark.label]
        if mark.kind == "rst":
            texts += [self.say("lost-on-the-way")] if mark.fate == "lost" else []
            texts.append("RST")
        if mark.count > 1:
            texts = [f"{text} ×{words.number(mark.count)}" for text in texts]
        heights = {"syn": [low], "fin": [top], "full": [top]}.get(mark.kind, [(top + low) / 2, top, low])
        edges, off = BRACKETS.get(mark.kind, ((0.0,), LEADER_OFF))
        anchors = [(x + edge, y) for y in heights for edge in edges]
        size, fill = 11.0 if mark.kind != "rst" else 12.5, COLOUR[mark.kind]
        if mark.fate == "foreign":
            fill = "rst"
        distances = FAR if mark.rank < 2 else NOT_SO_FAR
        others = self.others(plot, mark)
        errno = _ERRNO.search(mark.label) if mark.kind == "gave-up" else None
        if errno is not None:  # at the edge of the axis: rather the error alone than a leader over other marks
            near = [at for at in FAR if at <= NEAR]
            if any(
                self.point(plot, anchors, text, size, fill, near, off=off, others=others)
                for text in (mark.label, errno[0])
            ):
                return
        for over_cuts, text in product((False, True) if mark.rank < 1 else (False,), texts):
            if self.point(plot, anchors, text, size, fill, distances, over_cuts, off, others):
                return

    def point(
        self, plot: Plot, anchors: Sequence[tuple[float, float]], text: str, size: float, fill: str,
        distances: Sequence[float], over_cuts: bool = False, off: float = LEADER_OFF, others: Sequence[Upright] = (),
    ) -> bool:  # fmt: skip
        """Put a text near one of the anchors, with a leader where it stands apart; returns whether there was room.

        Without a leader it stands nearer to them than to the `others`, with one near to none of these: so it is read
        as theirs.
        """
        own = (anchors[0][0], min(y for _, y in anchors), max(y for _, y in anchors))
        for far, (x, y), (dx, dy) in product(distances, anchors, DIRECTIONS):
            tip = (x + dx * far, y + dy * far)
            if far > NEAR and not (self.clear(plot, (x, y), tip, over_cuts) and self.past((x, y), tip, others)):
                continue
            for way in SIDEWAYS if dx == 0 else SIDEWAYS[1:2] if dx > 0 else SIDEWAYS[2:]:
                at = tip[0] + {"start": 2, "middle": 0, "end": -2}[way]
                if others and not self.belongs(at, tip[1], text, size, way, own if far <= NEAR else None, others):
                    continue
                beyond = 0.3 if way != "middle" else 1.2 if dy > 0 else -0.4  # not where the leader ends
                if self.write(plot, at, tip[1] + size * beyond, text, size, fill, way):
                    if far > NEAR:
                        self.leader(plot, (x, y), tip, off)
                    return True
        return False

    def others(self, plot: Plot, mark: Mark) -> list[Upright]:
        """The marks of the same kind beside a mark: its label must not be taken for theirs."""
        x = self.axis.at(mark.t_ns)
        alike = (one for one in plot.panel.marks if one.kind == mark.kind and not one.outside)
        return [(at, plot.y(one.high), plot.y(one.low)) for one in alike if (at := self.axis.at(one.t_ns)) and at != x]

    def belongs(
        self, x: float, y: float, text: str, size: float, anchor: Literal["start", "middle", "end"],
        own: Upright | None, others: Sequence[Upright],
    ) -> bool:  # fmt: skip
        """Whether a text there is nearer to its own mark than to any other; `own` None: it has a leader."""
        wide = self.measure(text, size, "sans", True)
        x1 = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * wide

        def far(one: Upright) -> float:
            at, top, low = one
            return math.hypot(max(x1 - at, at - x1 - wide, 0.0), max(top - y - size / 2, y - size / 2 - low, 0.0))

        least = 2.5 * NEAR if own is None else far(own)
        return all(far(one) > least for one in others)

    @staticmethod
    def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
        parts = max(2, int(math.dist(start, end) / 3))
        for i in range(parts + 1):
            yield start[0] + (end[0] - start[0]) * i / parts, start[1] + (end[1] - start[1]) * i / parts

    def clear(self, plot: Plot, start: tuple[float, float], end: tuple[float, float], over_cuts: bool) -> bool:
        """Whether a leader crosses no words and no cut, and does not run along a line."""
        points = list(self._along(start, end))
        if not all(plot.texts.free(x, y, x, y) and (over_cuts or plot.strips.free(x, y, x, y)) for x, y in points):
            return False
        apart = [(x, y) for x, y in points if math.dist((x, y), start) > NEAR]
        return sum(not plot.room.free(x, y, x, y) for x, y in apart) <= 0.5 * len(apart)

    @staticmethod
    def past(start: tuple[float, float], end: tuple[float, float], others: Sequence[Upright]) -> bool:
        """Whether a leader crosses none of the marks that its label could be about."""
        (x1, y1), (x2, y2) = start, end
        for x, top, low in others:
            if min(x1, x2) - LEADER_OFF < x < max(x1, x2) + LEADER_OFF and x1 != x2:
                y = y1 + (y2 - y1) * min(max((x - x1) / (x2 - x1), 0.0), 1.0)
                if top - LEADER_OFF < y < low + LEADER_OFF:
                    return False
        return True

    def leader(self, plot: Plot, start: tuple[float, float], end: tuple[float, float], clear: float) -> None:
        """From a mark to its words; `clear`: half of the mark, which it does not cross."""
        off = clear / max(clear + 0.1, math.dist(start, end))
        begin = (start[0] + (end[0] - start[0]) * off, start[1] + (end[1] - start[1]) * off)
        line = Line(x1=begin[0], y1=begin[1], x2=end[0], y2=end[1], stroke="muted", width=0.9, role="line")
        self.shapes.append(line)
        for x, y in self._along(begin, end):
            plot.room.take(x - 1, y - 1, x + 1, y + 1)

    def band_label(self, plot: Plot, band: Band) -> None:
        if not band.label:
            return
        middle = (self.axis.at(band.t_ns) + self.axis.at(band.until_ns)) / 2
        if band.kind == "missed":
            middle_y = (plot.y(band.low) + plot.y(band.high)) / 2 + 4
            heights = [middle_y + dy for dy in (0, 16, -16, 32, -32, 48, -48)]
        else:
            heights = [plot.top + 16 + 15 * i for i in range(int((plot.bottom - plot.top) / 15) - 1)]
        for y in heights:
            if self.write(plot, middle, y, band.label, 11, "ink", "middle"):
                return
        self.point(plot, [(self.axis.at(band.t_ns), y) for y in heights], band.label, 11, "ink", NOT_SO_FAR)

    def line_label(self, plot: Plot, points: Sequence[tuple[int, int]], key: str, fill: str) -> None:
        """A line's name, along its longest level parts."""
        clipped = max((value for _, value in points), default=0) > plot.panel.high
        ceiling = plot.top + EDGE + 0.01
        steps = [(x, y) for x, y in self.steps(plot, points) if not (clipped and y <= ceiling)]
        level = [(x2 - x1, x1, x2, y1) for (x1, y1), (x2, y2) in pairwise(steps) if abs(y1 - y2) < 0.01]
        text = self.say(key)
        for _, x1, x2, y in sorted(level, reverse=True)[:12]:
            for below in (False, True):
                for part in (0.5, 0.25, 0.75, 0.1, 0.9):
                    at = x1 + (x2 - x1) * part
                    if self.write(plot, at, y + 14 if below else y - 7, text, 11, fill, "middle"):
                        return
        for x, y in steps[len(steps) // 2 :: max(1, len(steps) // 6)]:
            if self.point(plot, [(x, y)], text, 11, fill, NOT_SO_FAR):
                return
