"""Scene of a time-sequence graph to a placed figure.

Marks stand to scale; labels are put where nothing else is, the most important first, with a leader
where they stand apart. A label without room is left out: the mark and its legend remain.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from typing import Literal

from ... import metrics, words
from ...metrics import Measure
from ...placed import ASCENT, DESCENT, MARGIN, WIDTH, Display, Hit, Line, Pen, Poly, Rect, Shape
from . import scales
from .marks import COLOUR, LEGEND, ORDER, glyph, sample
from .scales import TimeAxis
from .scene import Band, Mark, Panel, TimeSequence

TALL, UPPER, LOWER = 360.0, 290.0, 170.0  # plots: one alone, two
CUT = 22.0
PAD = 14.0
LEAST, MOST = 92.0, 172.0  # a stretch between cuts is not narrower: its time and its labels need room
EDGE = 20.0  # inside a plot, above and below its numbers
MOST_HITS = 250
MOST_LETTERS = 40
MOST_ENDS = 3  # lines for RST through all plots
MOST_SACKS = 20  # with brackets; more are plain strokes
_CELL = 2.0
LEADER_OFF = 3.0  # a leader begins so far from a mark's middle
BRACKETS = {  # where else a leader may touch a mark: from its place, and how far from its middle
    "unacked": ((9.0, 5.0), 0.5), "sack": ((8.0, 4.0), 0.5), "dsack": ((8.0, 4.0), 0.5), "rst": ((0.0,), 9.0),
    "syn": ((0.0,), 6.0), "fin": ((0.0,), 6.0),
}  # fmt: skip
SIDEWAYS: tuple[Literal["middle", "start", "end"], ...] = ("middle", "start", "end")  # of a label above or below
NEAR = 16.0  # a label further off than that has a leader
FAR = (10, 16, 26, 38, 52, 70, 92, 120, 150, 190, 240, 300, 380)
NOT_SO_FAR = FAR[:9]
DIRECTIONS = (
    (1, 0), (-1, 0), (0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (0, -1), (0, 1),
    (-0.95, 0.3), (0.95, 0.3), (-0.95, -0.3), (0.95, -0.3),
)  # fmt: skip


def layout(scene: TimeSequence, width: float = WIDTH, measure: Measure = metrics.wider) -> Display:
    """Place the scene; `measure` must not be narrower than the font that will draw."""
    return _Layout(scene, width, measure).display()


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
class _Plot:
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


class _Layout(Pen):
    def __init__(self, scene: TimeSequence, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = max(width, 480.0)
        self.shapes: list[Shape] = []
        self.hits: list[Shape] = []
        self.owner = 0
        self.used: dict[str, Mark | None] = {}
        numbers = [self.number_ticks(panel, 8)[1] for panel in scene.panels]
        gutter = max(measure(text, 10.5, "mono", False) for texts in numbers for text in texts.values()) + 10
        self.left, self.right = MARGIN + gutter, self.width - MARGIN
        pieces = len(scene.stretches)
        least = 0.8 * (self.right - self.left - CUT * (pieces - 1)) / pieces
        self.axis = TimeAxis(scene.stretches, self.left, self.right, CUT, PAD, min(max(least, LEAST), MOST))

    @staticmethod
    def number_ticks(panel: Panel, most: int) -> tuple[list[int], dict[int, str]]:
        marks = scales.ticks(panel.low, panel.high, most)
        by = scales.step(max(1, panel.high - panel.low), most)
        last = max(abs(panel.low), abs(panel.high))
        return marks, {mark: scales.count(mark, by, last) for mark in marks}

    # --- the page

    def display(self) -> Display:
        scene = self.scene
        y = self.heading(self.shapes, self.width, scene.title, scene.subtitle)
        y = self.bar(self.shapes, y + 8, self.width, scene.verdict) + 8
        plots: list[_Plot] = []
        for number, panel in enumerate(scene.panels):
            height = TALL if len(scene.panels) == 1 else LOWER if number else UPPER
            y = self.head(panel, y + 8)
            plots.append(_Plot(panel, y, y + height))
            y += height
        for plot in plots:
            self.plot(plot)
        for plot in plots:
            self.cuts(plot, first=plot is plots[0])
            self.label(plot)
        y = self.times(y)
        y = self.remarks(y)
        y = self.legend(y)
        said = [scene.verdict.text, scene.subtitle, *(panel.head for panel in scene.panels)]
        said += [mark.label for panel in scene.panels for mark in panel.marks if mark.label]
        return self.page(scene, self.width, y, (*self.shapes, *self.hits), "\n".join([*said, *scene.notes]))

    def head(self, panel: Panel, y: float) -> float:
        """Whose data it is; returns where the plot begins."""
        base = y + 13
        wide = self.text(self.shapes, MARGIN, base, panel.head, 12.5, bold=True)
        room = self.width - 2 * MARGIN - wide - 24
        if room > 160:
            shown, size = self.fit([panel.detail], room, 10.5, 9.5, "mono", False, 0.25)
            self.text(self.shapes, self.right, base, shown, size, "muted", anchor="end", family="mono")
        return y + 21

    # --- one plot

    def put(self, plot: _Plot, shape: Rect | Line | Poly, gap: float = 1.5) -> None:
        """A shape that labels keep away from."""
        self.shapes.append(shape)
        if isinstance(shape, Rect):
            plot.room.take(shape.x - gap, shape.y - gap, shape.x + shape.w + gap, shape.y + shape.h + gap)
        elif isinstance(shape, Line):
            points: tuple[tuple[float, float], ...] = ((shape.x1, shape.y1), (shape.x2, shape.y2))
            self.along(plot, points, gap)
        elif shape.closed:
            xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
            plot.room.take(min(xs) - gap, min(ys) - gap, max(xs) + gap, max(ys) + gap)
        else:
            self.along(plot, shape.points, gap)

    @staticmethod
    def along(plot: _Plot, points: Sequence[tuple[float, float]], gap: float) -> None:
        for (x1, y1), (x2, y2) in pairwise(points):
            plot.room.take(min(x1, x2) - gap, min(y1, y2) - gap, max(x1, x2) + gap, max(y1, y2) + gap)

    def steps(self, plot: _Plot, points: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
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

    def plot(self, plot: _Plot) -> None:
        panel, shapes = plot.panel, self.shapes
        acked, window = self.steps(plot, panel.acked), self.steps(plot, panel.window)
        if acked and window:
            self.window_room(plot, acked, window)
        for band in panel.bands:
            self.band(plot, band)
        ticks, names = self.number_ticks(panel, 8 if plot.bottom - plot.top > 200 else 4)
        for tick in ticks:
            y = plot.y(tick)
            shapes.append(Line(x1=self.left, y1=y, x2=self.right, y2=y, stroke="faint", width=0.8))
            self.text(shapes, self.left - 7, y + 3.6, names[tick], 10.5, "muted", anchor="end", family="mono")
        for x, _ in self.time_ticks():
            shapes.append(Line(x1=x, y1=plot.top, x2=x, y2=plot.bottom, stroke="faint", width=0.8))
        for y in (plot.top, plot.bottom):
            shapes.append(Line(x1=self.left, y1=y, x2=self.right, y2=y, stroke="ack", width=1))
            plot.room.take(self.left, y - 1, self.right, y + 1)
        top = plot.y(panel.high) + 0.01
        seen = [(x, y) for x, y in window if y > top] or (
            window if max((e for _, e in panel.window), default=0) <= panel.high else []
        )
        if seen:
            self.use("window")
            self.line(plot, window, "syn", 1.6, (6, 3), panel)
        if acked:
            self.use("acked")
            self.line(plot, acked, "ack", 1.8, (), None)
        self.resets(plot)
        dense = bool(self.scene.column_ns) or sum(mark.kind == "sack" for mark in panel.marks) > MOST_SACKS
        for kind in sorted(ORDER, key=lambda kind: dense and kind not in ("sack", "dsack")):
            for mark in panel.marks:
                if mark.kind == kind:
                    self.mark(plot, mark, dense)

    def line(
        self, plot: _Plot, points: Sequence[tuple[float, float]], stroke: str, width: float, dash: tuple[float, ...],
        within: Panel | None,
    ) -> None:  # fmt: skip
        """A staircase; `within`: only where it lies below the top of the axis."""
        pieces: list[list[tuple[float, float]]] = [[]]
        ceiling = plot.top + EDGE + 0.01
        clipped = within is not None and max(edge for _, edge in within.window) > within.high
        for one, other in pairwise(points):
            if clipped and one[1] <= ceiling and other[1] <= ceiling:
                pieces.append([])
                continue
            if not pieces[-1]:
                pieces[-1].append(one)
            for x, _ in self.axis.cuts():  # nothing runs on under a cut
                if one[0] < x and other[0] >= x + CUT:
                    pieces[-1].append((x, one[1]))
                    pieces.append([(x + CUT, one[1])])
            pieces[-1].append(other)
        for piece in pieces:
            if len(piece) > 1:
                self.put(
                    plot, Poly(points=tuple(piece), stroke=stroke, width=width, closed=False, dash=dash, role="line")
                )

    def window_room(self, plot: _Plot, acked: list[tuple[float, float]], window: list[tuple[float, float]]) -> None:
        """What the sender may send: between what is acknowledged and the window's edge."""
        above = plot.top + EDGE + 0.01
        clipped = max(edge for _, edge in plot.panel.window) > plot.panel.high
        edge = [(x, plot.top + 0.5 if clipped and y <= above else y) for x, y in window]
        start = max(acked[0][0], window[0][0])
        points = [(max(x, start), y) for x, y in edge] + [(max(x, start), y) for x, y in reversed(acked)]
        self.shapes.append(Poly(points=tuple(points), fill="tint-syn"))
        self.use("room")

    def band(self, plot: _Plot, band: Band) -> None:
        x1, x2 = self.axis.at(band.t_ns), self.axis.at(band.until_ns)
        if band.kind != "missed":
            x2 = max(x2, x1 + 2)
            self.shapes.append(Rect(x=x1, y=plot.top, w=x2 - x1, h=plot.bottom - plot.top, fill="tint-fin"))
            for x in (x1, x2):
                line = Line(x1=x, y1=plot.top, x2=x, y2=plot.bottom, stroke="fin", width=1, dash=(2, 2), role="line")
                self.put(plot, line)
        else:
            x1, x2 = min(x1, x2 - 6), x2
            y1, y2 = plot.y(band.high), max(plot.y(band.low), plot.y(band.high) + 3)
            corners = ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
            self.shapes.append(Poly(points=corners, fill="tint-unknown", stroke="muted", width=1.2, dash=(3, 2)))
        self.use(band.kind)

    def use(self, name: str, mark: Mark | None = None) -> None:
        self.used.setdefault(name, mark)

    def mark(self, plot: _Plot, mark: Mark, dense: bool) -> None:
        """One mark, at its place."""
        self.owner += 1
        x, y1, y2 = self.axis.at(mark.t_ns), plot.y(mark.high), plot.y(mark.low)
        name = mark.name
        if mark.outside:
            self.use("outside", replace(mark, kind="data"))
        if not mark.outside or mark.kind == "rst":
            self.use(name, replace(mark, outside=0))
        for shape in glyph(mark, x, y1, y2, dense, self.owner):
            self.put(plot, shape)
        if mark.repeats_ns is not None and (mark.label or not self.scene.column_ns):
            start, y = self.axis.at(mark.repeats_ns), (y1 + y2) / 2
            if x - start > 10:
                points = [(start + 3, y), (x - 4, y)]
                self.line(plot, points, "again", 1.2, (1.5, 3), None)
        if mark.packets and not self.scene.column_ns and len(self.hits) < MOST_HITS:
            self.hits.append(self.hit(plot.panel, mark, x, y1, y2))

    def hit(self, panel: Panel, mark: Mark, x: float, y1: float, y2: float) -> Hit:
        side = panel.side if not mark.by_peer else "server" if panel.side == "client" else "client"
        said = self.say(
            "ts-alt", frame=mark.frame, time=words.span(mark.t_ns), side=side, what=self.say(f"ts-legend-{mark.kind}"),
            low=words.number(mark.low), high=words.number(mark.high),
        )  # fmt: skip
        corners = ((x - 5, y1 - 5), (x + 5, y1 - 5), (x + 5, y2 + 5), (x - 5, y2 + 5))
        return Hit(points=corners, frame=mark.frame, label=said)

    def resets(self, plot: _Plot) -> None:
        """Through every plot the line at which a RST ended the connection."""
        marks = [one for panel in self.scene.panels for one in panel.marks]
        ends = sorted({self.axis.at(one.t_ns) for one in marks if one.kind == "rst" and one.accepted is not False})
        for x in ends[:MOST_ENDS]:
            line = Line(x1=x, y1=plot.top, x2=x, y2=plot.bottom, stroke="rst", width=1.2, role="line")
            self.put(plot, line)

    def cuts(self, plot: _Plot, first: bool) -> None:
        """Strips where time is cut out, with its length."""
        for x, pause_ns in self.axis.cuts():
            self.owner += 1
            box = Rect(
                x=x, y=plot.top - 2, w=CUT, h=plot.bottom - plot.top + 4, fill="bg", role="mark", owner=self.owner
            )
            self.put(plot, box)
            plot.strips.take(x, plot.top, x + CUT, plot.bottom)
            for edge in (x, x + CUT):
                tooth, points, y = 2.0, [], plot.top - 2
                while y < plot.bottom + 2:
                    points.append((edge + tooth, y))
                    tooth, y = -tooth, y + 5
                self.shapes.append(Poly(points=tuple(points), stroke="muted", width=1, closed=False))
            self.use("cut")
            if first:
                text, size = self.fit(
                    [self.say("ts-pause", time=words.span(pause_ns)), words.span(pause_ns)],
                    plot.bottom - plot.top - 10, 11, 9.5, "sans", True,
                )  # fmt: skip
                middle = (plot.top + plot.bottom) / 2
                wide = self.text(
                    self.shapes, x + CUT / 2 + 4, middle, text, size, "muted",
                    bold=True, anchor="middle", angle=-90, owner=self.owner,
                )  # fmt: skip
                plot.texts.take(x, middle - wide / 2 - 2, x + CUT, middle + wide / 2 + 2)

    # --- labels

    def label(self, plot: _Plot) -> None:
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
                       (x, y - 20), (x, low + 28)):  # fmt: skip
                if self.write(plot, *at, "R", 11, "again", "middle"):
                    break
        for band in panel.bands:
            self.band_label(plot, band)
        self.line_label(plot, panel.acked, "ts-acked", "ack")
        self.line_label(plot, panel.window, "ts-window", "syn")
        if panel.window_above:
            y = plot.top + 16
            for x in range(int(self.left + 8), int(self.right - 200), 24):
                if self.write(plot, x, y, f"↑ {panel.window_above}", 10.5, "syn", "start", bold=False):
                    break
        for mark in marks:
            if mark.rank >= first:
                self.callout(plot, mark)

    def write(
        self, plot: _Plot, x: float, y: float, text: str, size: float, fill: str,
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

    def callout(self, plot: _Plot, mark: Mark) -> None:
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
        for over_cuts, text in product((False, True) if mark.rank < 1 else (False,), texts):
            if self.point(plot, anchors, text, size, fill, distances, over_cuts, off):
                return

    def point(
        self, plot: _Plot, anchors: Sequence[tuple[float, float]], text: str, size: float, fill: str,
        distances: Sequence[float], over_cuts: bool = False, off: float = LEADER_OFF,
    ) -> bool:  # fmt: skip
        """Put a text near one of the anchors, with a leader where it stands apart; returns whether there was room."""
        for far, (x, y), (dx, dy) in product(distances, anchors, DIRECTIONS):
            tip = (x + dx * far, y + dy * far)
            if far > NEAR and not self.clear(plot, (x, y), tip, over_cuts):
                continue
            for way in SIDEWAYS if dx == 0 else SIDEWAYS[1:2] if dx > 0 else SIDEWAYS[2:]:
                at = tip[0] + {"start": 2, "middle": 0, "end": -2}[way]
                beyond = 0.3 if way != "middle" else 1.2 if dy > 0 else -0.4  # not where the leader ends
                if self.write(plot, at, tip[1] + size * beyond, text, size, fill, way):
                    if far > NEAR:
                        self.leader(plot, (x, y), tip, off)
                    return True
        return False

    @staticmethod
    def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
        parts = max(2, int(math.dist(start, end) / 3))
        for i in range(parts + 1):
            yield start[0] + (end[0] - start[0]) * i / parts, start[1] + (end[1] - start[1]) * i / parts

    def clear(self, plot: _Plot, start: tuple[float, float], end: tuple[float, float], over_cuts: bool) -> bool:
        """Whether a leader crosses no words and no cut, and does not run along a line."""
        points = list(self._along(start, end))
        if not all(plot.texts.free(x, y, x, y) and (over_cuts or plot.strips.free(x, y, x, y)) for x, y in points):
            return False
        apart = [(x, y) for x, y in points if math.dist((x, y), start) > NEAR]
        return sum(not plot.room.free(x, y, x, y) for x, y in apart) <= 0.5 * len(apart)

    def leader(self, plot: _Plot, start: tuple[float, float], end: tuple[float, float], clear: float) -> None:
        """From a mark to its words; `clear`: half of the mark, which it does not cross."""
        off = clear / max(clear + 0.1, math.dist(start, end))
        begin = (start[0] + (end[0] - start[0]) * off, start[1] + (end[1] - start[1]) * off)
        line = Line(x1=begin[0], y1=begin[1], x2=end[0], y2=end[1], stroke="muted", width=0.9, role="line")
        self.shapes.append(line)
        for x, y in self._along(begin, end):
            plot.room.take(x - 1, y - 1, x + 1, y + 1)

    def band_label(self, plot: _Plot, band: Band) -> None:
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

    def line_label(self, plot: _Plot, points: Sequence[tuple[int, int]], key: str, fill: str) -> None:
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

    # --- under the plots

    def time_ticks(self) -> list[tuple[float, str]]:
        """Where the clock is read, and what it says."""
        most = max(2, int((self.right - self.left) / 90))
        return [(self.axis.at(t_ns), text) for t_ns, text in scales.time_ticks(self.scene.stretches, most)]

    def times(self, y: float) -> float:
        upto = 0.0
        for x, text in self.time_ticks():
            self.shapes.append(Line(x1=x, y1=y, x2=x, y2=y + 4, stroke="ack", width=1))
            wide = self.measure(text, 10.5, "mono", False)
            start = min(x - wide / 2, self.right - wide)
            if start > upto:
                self.text(self.shapes, start, y + 16, text, 10.5, "muted", family="mono")
                upto = start + wide + 10
        return y + 22

    def remarks(self, y: float) -> float:
        for note in self.scene.notes:
            for line in self.lines(note, self.width - 2 * MARGIN, 11.5):
                y += 15
                self.text(self.shapes, MARGIN, y, line, 11.5, "muted")
        return y + (8 if self.scene.notes else 0)

    def legend(self, y: float) -> float:
        """The marks that were used, with words."""
        names = [name for name in LEGEND if name in self.used]
        shapes = self.shapes
        shapes.append(Line(x1=MARGIN, y1=y + 6, x2=self.width - MARGIN, y2=y + 6, stroke="faint"))
        x, base = MARGIN, y + 26
        for name in names:
            text = self.say(f"ts-legend-{name}")
            wide = 26 + self.measure(text, 11, "sans", False) + 18
            if x > MARGIN and x + wide - 18 > self.width - MARGIN:
                x, base = MARGIN, base + 20
            self.shapes += sample(name, self.used[name], x + 11, base - 4)
            if name == "retransmission":
                self.text(self.shapes, x + 16, base, "R", 10, "again", bold=True)
            self.text(shapes, x + 26, base, text, 11, "muted")
            x += wide
        return base + 14
