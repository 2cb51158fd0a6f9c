"""The tcpdump listing beside its arrows: the notes' claim N4, with each letter explained where it first stands."""

from __future__ import annotations

import re
from typing import Any

from ...metrics import Measure
from ...placed import MARGIN, Circle, Display, Hit, Line, Pen, Poly, Rect, Run, Shape, octagon
from ...scene import Arrow, Break, Fold
from .scene import ListingScene, Printed

FRAME = 42.0  # the frames' numbers, left of the ladder
SLANT, CHIP, INSET = 7.0, 17.0, 11.0
LINE, PAD = 15.5, 8.0


def layout(scene: ListingScene, width: float, measure: Measure) -> Display:
    """The placed listing."""
    return _Layout(scene, width, measure).display()


class _Layout(Pen):
    def __init__(self, scene: ListingScene, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = max(width, 700.0)
        self.left = MARGIN + FRAME + 6
        self.right = self.left + 0.155 * self.width
        self.text_at = self.right + 20
        self.size = 11.0 if self.width < 1100 else 12.0
        self.letter = measure("0", self.size, "mono", False)
        self.room = self.width - MARGIN - 6 - self.text_at
        self.grounds: list[Shape] = []
        self.lifelines: list[Shape] = []
        self.shapes: list[Shape] = []
        self.owner = 0

    def display(self) -> Display:
        """From the title to the last line."""
        scene = self.scene
        y = self.heading(self.shapes, self.width, scene.title, scene.subtitle)
        y = self.bar(self.shapes, y + 8, self.width, scene.verdict)
        y = self.typed(self.grounds, self.shapes, y + 8, self.width, "$", scene.command)
        y = self._heads(y + 8)
        start, shaded = y, False
        for item in scene.items:
            self.owner += 1
            if isinstance(item, Printed):
                y = self._printed(item, y, shaded)
                shaded = not shaded
            elif isinstance(item, Fold):
                y = self._fold(item, y)
            else:
                y = self._break(item, y)
        y += 6
        for x in (self.left, self.right):
            self.lifelines.append(Line(x1=x, y1=start, x2=x, y2=y, stroke="ink", width=1.4, role="line"))
        bottom = y + MARGIN
        said = [scene.verdict.text, scene.subtitle, scene.command]
        said += [f"{item.stamp} {item.line}" for item in scene.items if isinstance(item, Printed)]
        return self.page(scene, self.width, bottom, (*self.grounds, *self.lifelines, *self.shapes), "\n".join(said))

    def _heads(self, y: float) -> float:
        base = y + 13
        room = (self.right - self.left) / 2 + 10
        ends = (self.scene.client, self.scene.server)
        for end, x, anchor in zip(ends, (self.left - 8, self.right + 8), ("start", "end"), strict=True):
            name, size = self.fit([self.say(end.role or end.side)], room, 12, 10, "sans", True)
            self.text(self.shapes, x, base, name, size, bold=True, anchor="start" if anchor == "start" else "end")
        self.text(self.shapes, self.text_at, base, self.say("listing-head"), 12, bold=True)
        bottom = base + 8
        self.shapes.append(
            Line(x1=MARGIN, y1=bottom, x2=self.width - MARGIN, y2=bottom, stroke="faint", role="line")
        )  # fmt: skip
        return bottom + 2

    # --- rows

    def _printed(self, item: Printed, y: float, shaded: bool) -> float:
        lines = self._folded(f"{item.stamp} {item.line}")
        remarks = [
            (line, remark.token)
            for remark in item.remarks
            for line in self.evened(remark.text, self.room - 17 * self.letter, 11.5)
        ]
        first = y + PAD + 11
        height = max(2 * PAD + LINE * (len(lines) + len(remarks)), 36.0)
        if shaded:
            ground = Rect(x=MARGIN, y=y, w=self.width - 2 * MARGIN, h=height, fill="panel", radius=2)
            self.grounds.append(ground)
        self._arrow(item.arrow, first - 4)
        hanging = len(item.stamp) + 1
        for number, line in enumerate(lines):
            x = self.text_at + (hanging * self.letter if number else 0.0)
            self._line(x, first + LINE * number, line, item, number == 0)
        at = first + LINE * len(lines)
        for text, token in remarks:
            self.text(self.shapes, self.text_at + hanging * self.letter, at, text, 11.5, token)
            at += LINE
        points = ((MARGIN, y), (self.width - MARGIN, y), (self.width - MARGIN, y + height), (MARGIN, y + height))
        self.shapes.append(Hit(points=points, frame=item.arrow.frame, label=f"{item.stamp} {item.line}"))
        return y + height

    def _folded(self, text: str) -> list[str]:
        """The text in lines that end at a comma, where one is in reach; all but the first stand below "IP"."""
        lines: list[str] = []
        room = self.room
        for piece in re.split(r"(?<=,) (?=seq|ack|win|urg|options|length)", text):
            if lines and self._wide(f"{lines[-1]} {piece}") <= room:
                lines[-1] += f" {piece}"
                continue
            if lines:
                room = self.room - 17 * self.letter
            parts = self.lines(piece, room, self.size, family="mono")
            if not lines and len(parts) > 1:
                room = self.room - 17 * self.letter
                parts = [parts[0], *self.lines(" ".join(parts[1:]), room, self.size, family="mono")]
            lines += parts
        return lines

    def _wide(self, text: str) -> float:
        return self.measure(text, self.size, "mono", False)

    def _line(self, x: float, y: float, line: str, item: Printed, first: bool) -> None:
        """One line of the listing: the flags as the arrow's chip, time and options grey."""
        runs: list[Run] = []
        done = 0
        if first:
            done = len(item.stamp)
            runs.append(Run(line[:done], "muted"))
        found = re.search(r"(?<=Flags )\[\S*\]", line)
        if found:  # in three texts, so that the chip stands under its own letters in any font
            runs.append(Run(line[done : found.start()].rstrip(), "ink"))
            self._put(x, y, runs)
            at, wide = x + found.start() * self.letter, len(found[0]) * self.letter
            ground = Rect(x=at - 1.5, y=y - 11, w=wide + 3, h=LINE - 1, fill=item.arrow.kind, radius=3)
            self.shapes.append(ground)
            middle = at + wide / 2
            self.text(
                self.shapes, middle, y, found[0], self.size, "chip", bold=True, anchor="middle", family="mono"
            )  # fmt: skip
            x, done, runs = at + wide, found.end(), []
        options = line.find("options [", done)
        told = len(line) if options < 0 else options
        inside = not first and not found and ("options [" not in line and "]" in line)  # the options go on
        runs.append(Run(line[done:told], "muted" if inside else "ink"))
        runs.append(Run(line[told:], "muted"))
        self._put(x, y, runs)

    def _put(self, x: float, y: float, runs: list[Run]) -> None:
        kept = tuple(run for run in runs if run.text)
        if kept:
            self.text(self.shapes, x, y, kept, self.size, family="mono")

    def _arrow(self, arrow: Arrow, y: float) -> None:
        """The packet between the two lifelines, as the ladder draws it."""
        shapes, token, owner = self.shapes, arrow.kind, self.owner
        rightwards = arrow.side == "client"
        sign = 1.0 if rightwards else -1.0
        start = self.left if rightwards else self.right
        wide = self.right - self.left
        tail = start + sign * (0.3 * wide if arrow.origin else 0.0)
        reach = start + sign * (0.74 * wide if arrow.unanswered else wide)
        top = y - SLANT / 2

        def at(x: float) -> float:
            return top + abs(x - start) / wide * SLANT

        frame, size = self.fit([str(arrow.frame)], FRAME, 10, 9.5, "mono")
        self.text(shapes, MARGIN + FRAME - 4, y + 4, frame, size, "muted", anchor="end", family="mono")
        hollow = arrow.ignored is not None
        weight = 3.0 if token == "rst" and not hollow else 1.4 if token == "ack" else 1.9
        dash = (2.0, 3.0) if hollow else (6.0, 4.0) if arrow.retransmission_of is not None else ()
        head = 11.0 if token == "rst" else 9.0
        stop = reach - sign * (0 if arrow.unanswered else head - 2)
        if arrow.origin:
            shapes.append(Line(x1=start, y1=at(start), x2=tail, y2=at(tail), stroke="muted", width=1.3, dash=(2, 4)))
        shapes.append(
            Line(x1=tail, y1=at(tail), x2=stop, y2=at(stop), stroke=token, width=weight, dash=dash, role="line",
                 owner=owner)
        )  # fmt: skip
        if arrow.unanswered:
            for flip in (1, -1):
                x, middle = reach, at(reach)
                shapes.append(
                    Line(x1=x - 5.5, y1=middle - 5.5 * flip, x2=x + 5.5, y2=middle + 5.5 * flip, stroke="rst",
                         width=2.4)
                )  # fmt: skip
        else:
            x, tip = reach - sign * 0.8, at(reach)
            half = head * 0.42
            points = ((x, tip), (x - sign * head, tip - half - 0.4), (x - sign * head, tip + half - 0.4))
            fill = "bg" if hollow else token
            shapes.append(Poly(points=points, fill=fill, stroke=token if hollow else "none", width=1.5))
        if arrow.origin:
            x, middle = tail, at(tail)
            points4 = ((x, middle - 7), (x + 7, middle), (x, middle + 7), (x - 7, middle))
            shapes.append(Poly(points=points4, fill="bg", stroke="rst", width=1.6))
        else:
            shapes.append(Circle(x=tail, y=at(tail), r=3.0, fill=token, stroke="bg", width=1.3))
        self._chip(arrow, tail + sign * (INSET + (6 if arrow.origin else 0)), sign, at, hollow)

    def _chip(self, arrow: Arrow, edge: float, sign: float, at: Any, hollow: bool) -> None:
        token = arrow.kind
        reset = token == "rst"
        wide = self.measure(arrow.flags, 11, "mono", True) + (15 if reset else 9)
        middle = edge + sign * wide / 2
        y, half = at(middle), wide / 2
        fill, stroke, ink = ("bg", token, token) if hollow else (token, "bg", "chip")
        if reset:
            points = octagon(middle, y, half, 10.0, 5.5)
            self.shapes.append(
                Poly(points=points, fill=fill, stroke=stroke, width=1.5, role="mark", owner=self.owner)
            )  # fmt: skip
        else:
            self.shapes.append(
                Rect(x=middle - half, y=y - CHIP / 2, w=wide, h=CHIP, fill=fill, stroke=stroke, width=1.5, radius=4,
                     role="mark", owner=self.owner)
            )  # fmt: skip
        self.text(
            self.shapes, middle, y + 3.9, arrow.flags, 11, ink, bold=True, anchor="middle", family="mono",
            owner=self.owner,
        )  # fmt: skip

    def _fold(self, fold: Fold, y: float) -> float:
        """A run of packets: a stack of sheets, and its sum in one line."""
        text = self.say("listing-fold", title=fold.title, to_server=fold.to_server, to_client=fold.to_client)
        lines = self.lines(text, self.room, 11.5, True)
        height = 2 * PAD + LINE * len(lines) + 6
        x, wide = self.left + 12, self.right - self.left - 24
        middle = y + height / 2
        for shift in (3.0, 0.0):
            sheet = Rect(
                x=x + shift, y=middle - 9 - shift, w=wide, h=18, fill="tint-est", stroke="data", width=1.1, radius=3
            )
            self.shapes.append(sheet)
        top = middle - LINE * len(lines) / 2 + 11.5
        for number, line in enumerate(lines):
            self.text(self.shapes, self.text_at, top + LINE * number, line, 11.5, "data", bold=True)
        count = f"{len(fold.frames):,}"
        self.text(self.shapes, x + wide / 2, middle + 4, count, 11, "ink", bold=True, anchor="middle", family="mono")
        return y + height

    def _break(self, cut: Break, y: float) -> float:
        """A gap: how long, and what went on."""
        text = f"{cut.text}{self.say('colon')}{cut.detail}" if cut.detail else cut.text
        height = 27.0
        middle = y + height / 2
        cover = Rect(x=self.left - 3, y=middle - 7, w=self.right - self.left + 6, h=14, fill="bg")
        self.shapes.append(cover)
        for side in (-7, 7):
            self.shapes.append(
                Line(x1=self.left - 10, y1=middle + side, x2=self.right + 10, y2=middle + side, stroke="muted",
                     dash=(3, 3))
            )  # fmt: skip
        shown, size = self.fit([text, cut.text], self.room, 11.5, 10, "sans", True)
        self.text(self.shapes, self.text_at, middle + 4, shown, size, "muted", bold=True)
        return y + height
