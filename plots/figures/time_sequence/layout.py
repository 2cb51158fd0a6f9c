"""Scene of a time-sequence graph to a placed figure.

Marks stand to scale; labels are put where nothing else is (labels.py). One without room is left out: the mark and
its legend remain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ... import metrics, words
from ...metrics import Measure
from ...placed import MARGIN, WIDTH, Display, Hit, Line, Poly, Rect, Shape
from . import scales
from .labels import EDGE, PAD, Labels, Plot
from .marks import LEGEND, ORDER, glyph, sample
from .scales import TimeAxis
from .scene import Band, Mark, Panel, TimeSequence

TALL, UPPER, LOWER = 360.0, 290.0, 170.0  # plots: one alone, two
CUT = 22.0
BELOW = 10.0  # so far under the side's own SYN stands one of the peer that it would hide
LEAST, MOST = 92.0, 172.0  # a stretch between cuts is not narrower: its time and its labels need room
MOST_HITS = 250
MOST_ENDS = 3  # lines for RST through all plots
MOST_SACKS = 20  # with brackets; more are plain strokes


def layout(scene: TimeSequence, width: float = WIDTH, measure: Measure = metrics.wider) -> Display:
    """Place the scene; `measure` must not be narrower than the font that will draw."""
    return _Layout(scene, width, measure).display()


class _Layout(Labels):
    def __init__(self, scene: TimeSequence, width: float, measure: Measure) -> None:
        self.scene = scene
        self.width = max(width, 480.0)
        numbers = [self.number_ticks(panel, 8)[1] for panel in scene.panels]
        gutter = max(measure(text, 10.5, "mono", False) for texts in numbers for text in texts.values()) + 10
        left, right = MARGIN + gutter, self.width - MARGIN
        pieces = len(scene.stretches)
        least = 0.8 * (right - left - CUT * (pieces - 1)) / pieces
        axis = TimeAxis(scene.stretches, left, right, CUT, PAD, min(max(least, LEAST), MOST))
        super().__init__(scene.lang, measure, axis, left, right)
        self.hits: list[Shape] = []
        self.owner = 0
        self.used: dict[str, Mark | None] = {}

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
        plots: list[Plot] = []
        for number, panel in enumerate(scene.panels):
            height = TALL if len(scene.panels) == 1 else LOWER if number else UPPER
            y = self.head(panel, y + 8)
            plots.append(Plot(panel, y, y + height))
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

    def put(self, plot: Plot, shape: Rect | Line | Poly, gap: float = 1.5) -> None:
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
    def along(plot: Plot, points: Sequence[tuple[float, float]], gap: float) -> None:
        for (x1, y1), (x2, y2) in pairwise(points):
            plot.room.take(min(x1, x2) - gap, min(y1, y2) - gap, max(x1, x2) + gap, max(y1, y2) + gap)

    def plot(self, plot: Plot) -> None:
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
        self, plot: Plot, points: Sequence[tuple[float, float]], stroke: str, width: float, dash: tuple[float, ...],
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

    def window_room(self, plot: Plot, acked: list[tuple[float, float]], window: list[tuple[float, float]]) -> None:
        """What the sender may send: between what is acknowledged and the window's edge."""
        above = plot.top + EDGE + 0.01
        clipped = max(edge for _, edge in plot.panel.window) > plot.panel.high
        edge = [(x, plot.top + 0.5 if clipped and y <= above else y) for x, y in window]
        start = max(acked[0][0], window[0][0])
        points = [(max(x, start), y) for x, y in edge] + [(max(x, start), y) for x, y in reversed(acked)]
        self.shapes.append(Poly(points=tuple(points), fill="tint-syn"))
        self.use("room")

    def band(self, plot: Plot, band: Band) -> None:
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

    def mark(self, plot: Plot, mark: Mark, dense: bool) -> None:
        """One mark, at its place."""
        self.owner += 1
        x, y1, y2 = self.axis.at(mark.t_ns), plot.y(mark.high), plot.y(mark.low)
        name = mark.name
        if name == "syn-peer" and self.hidden(plot, x, y2):
            y1, y2 = y1 + BELOW, y2 + BELOW
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

    def hidden(self, plot: Plot, x: float, y: float) -> bool:
        """Whether a SYN of the peer would stand behind the side's own."""
        own = ((self.axis.at(one.t_ns), plot.y(one.low)) for one in plot.panel.marks if one.name == "syn")
        return any(abs(x - at) < BELOW and abs(y - there) < BELOW for at, there in own)

    def hit(self, panel: Panel, mark: Mark, x: float, y1: float, y2: float) -> Hit:
        side = panel.side if not mark.by_peer else "server" if panel.side == "client" else "client"
        said = self.say(
            "ts-alt", frame=mark.frame, time=words.span(mark.t_ns), side=side, what=self.say(f"ts-legend-{mark.kind}"),
            low=words.number(mark.low), high=words.number(mark.high),
        )  # fmt: skip
        corners = ((x - 5, y1 - 5), (x + 5, y1 - 5), (x + 5, y2 + 5), (x - 5, y2 + 5))
        return Hit(points=corners, frame=mark.frame, label=said)

    def resets(self, plot: Plot) -> None:
        """Through every plot the line at which a RST ended the connection, or a kernel without any packet."""
        marks = [one for panel in self.scene.panels for one in panel.marks]
        ends = sorted({self.axis.at(one.t_ns) for one in marks if one.kind == "rst" and one.accepted is not False})
        for x in ends[:MOST_ENDS]:
            line = Line(x1=x, y1=plot.top, x2=x, y2=plot.bottom, stroke="rst", width=1.2, role="line")
            self.put(plot, line)
        for x in (self.axis.at(one.t_ns) for one in marks if one.kind == "gave-up"):
            line = Line(x1=x, y1=plot.top, x2=x, y2=plot.bottom, stroke="rst", width=1.2, dash=(3, 3), role="line")
            self.put(plot, line)

    def cuts(self, plot: Plot, first: bool) -> None:
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
