"""The state diagram, placed: eleven states as RFC 9293 figure 5 has them, and the ways that both ends took.

An edge that was not taken is pale. The client's way is one thick line, the server's a double one; dashed is what
was inferred. RST's ways to CLOSED are drawn only where they were taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from ....analyze.story import SIDES
from ...metrics import Measure, wrap
from ...placed import MARGIN, WIDTH, Circle, Display, Hit, Line, Pen, Poly, Rect, Shape, octagon
from ...scene import Side
from ...theme import TINT
from .places import BOX, END, TALL, Place, Places, Point, Way
from .scene import Paths, Step

LEAST = 1280.0  # as wide as a slide is: there the letters are large
SMALL = 12.0  # the RFC's words
SAID = 12.5  # what this connection did
ROW = 15.5
BADGE = 17.0  # its room; what is drawn is smaller
DISC = 7.9
CLEAR = 2.0  # between a badge and the next, or a way
BETWEEN = CLEAR + 2 * DISC - ROW
BELOW = 12.5
HALF_CHIP = 17.0
APART = 3.6  # of two ways on one edge, from its middle

INK: dict[Side, str] = {"client": "syn", "server": "fin"}
AWAITED = (2.0, 4.0)
INFERRED = (9.0, 2.5)


def layout(scene: Paths, width: float, measure: Measure) -> Display:
    """The placed diagram."""
    return _Diagram(scene, max(LEAST, width or WIDTH), measure).display()


class _Diagram(Pen):
    def __init__(self, scene: Paths, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = width
        self.head: list[Shape] = []
        self.pale: list[Shape] = []
        self.taken: list[Shape] = []
        self.boxes: list[Shape] = []
        self.said: list[Shape] = []
        self.owner = 0
        self.used: set[str] = set()

    def display(self) -> Display:
        """Title and verdict, the diagram, what it has no edge for, the legend."""
        scene = self.scene
        y = self.heading(self.head, self.width, scene.title, scene.subtitle)
        y = self.bar(self.head, y + 8, self.width, scene.verdict)
        self.places = Places(self.width, y + 22)
        for edge in scene.edges:
            words = f"{edge.event} / {edge.action}" if edge.action else edge.event
            way = (edge.before, edge.after)
            steps = [step for step in scene.steps if self._by_edge(step) == way]
            self._edge(self.places.edges[way], words, steps, way == ("TIME_WAIT", "CLOSED"))
        for state, exit_place in self.places.exits.items():
            steps = [step for step in scene.steps if step.before == state and self._leaves(step)]
            if steps:
                self._edge(exit_place, "", steps)
        for name in self.places.boxes:
            self._box(name)
        y = self._footnotes(self.places.bottom + 14)
        bottom = self._legend(y)
        alt = [scene.verdict.text, scene.subtitle, *(self._alt(step) for step in scene.steps)]
        return self.page(
            scene, self.width, bottom, (*self.head, *self.pale, *self.taken, *self.boxes, *self.said), "\n".join(alt)
        )

    def _alt(self, step: Step) -> str:
        return self.say(
            "alt-step", number=step.number, side=step.side, before=step.before, after=step.after, what=step.text
        )

    def _by_edge(self, step: Step) -> Way | None:
        """The diagram's edge that the step took."""
        way = (step.before, step.after)
        if way not in self.places.edges or self._leaves(step) or not self.scene.in_diagram(step):
            return None
        return way

    def _leaves(self, step: Step) -> bool:
        """Whether the step went to CLOSED by RST, or in a way that no packet explains."""
        if step.after != "CLOSED" or step.before not in self.places.exits:
            return False
        own = step.before == "LAST_ACK" or step.call
        return not own or step.reset

    # --- edges

    def _edge(self, at: Place, words: str, steps: Sequence[Step], timeout: bool = False) -> None:
        """One edge with its words: what the RFC says, then each step that took it."""
        self.owner += 1
        sides = [side for side in SIDES if any(step.side == side for step in steps)]
        waits = self.scene.awaited if timeout and not steps else ()
        if not sides and not waits:
            self.used.add("not-taken")
            self.pale.append(
                Poly(points=_bent(at.points), stroke="ack", width=1.0, closed=False, role="line", owner=self.owner)
            )
            self._head(self.pale, at.points, "ack", 7.0)
        by_rst = [side for side in sides if any(step.reset for step in steps if step.side == side)]
        chip = at.chip if by_rst else None
        if chip is not None and len(by_rst) < len(sides):  # the other way stays free: the chip stands off the words
            away = -1 if at.anchor == "start" else 1
            first = _beside(at.points, -APART)[-1][0] - at.points[-1][0]
            sides.sort(key=lambda side: (side in by_rst) != (first * away > 0))
            chip = (chip[0] + away * HALF_CHIP, chip[1])
        for number, side in enumerate(sides or waits):
            many = len(sides or waits) > 1
            points = _beside(at.points, (-APART if number == 0 else APART) if many else 0.0)
            own = [step for step in steps if step.side == side]
            self._way(points, side, own)
        if chip is not None:
            self.used.add("reset")
            self._octagon(chip)
        self._words(at, words, steps, waits)
        for step in steps:
            if step.frame is not None:
                self._hit(at, step)

    def _way(self, points: tuple[Point, ...], side: Side, steps: Sequence[Step]) -> None:
        """The client's way is one thick line, the server's a double one; by RST red; dashed where it is inferred."""
        token = "rst" if any(step.reset for step in steps) else INK[side]
        self.used.add(f"path-{side}")
        if not steps:
            dash: tuple[float, ...] = AWAITED
            self.used.add("step-awaited")
        elif all(step.source == "traced" for step in steps):
            dash = ()
            self.used.add("step-traced")
        else:
            dash = INFERRED
            self.used.add("step-inferred")
        self._stroke(self.taken, _bent(_shortened(points, 7)), side, token, dash, "line")
        self._head(self.taken, points, token, 12.0)

    def _stroke(
        self, shapes: list[Shape], points: tuple[Point, ...], side: Side, token: str, dash: tuple[float, ...],
        role: Literal["", "line"],
    ) -> None:  # fmt: skip
        double = side == "server"
        shapes.append(
            Poly(
                points=points, stroke=token, width=5.4 if double else 3.2, closed=False, dash=dash, role=role,
                owner=self.owner,
            )
        )  # fmt: skip
        if double:
            shapes.append(Poly(points=points, stroke="bg", width=2.2, closed=False))

    def _head(self, shapes: list[Shape], points: Sequence[Point], token: str, length: float) -> None:
        (x1, y1), (x, y) = points[-2], points[-1]
        far = math.hypot(x - x1, y - y1)
        dx, dy = (x - x1) / far, (y - y1) / far
        bx, by, half = x - dx * length, y - dy * length, length * 0.45
        tip = ((x, y), (bx - dy * half, by + dx * half), (bx + dy * half, by - dx * half))
        shapes.append(Poly(points=tip, fill=token, role="mark", owner=self.owner))

    def _octagon(self, at: Point) -> None:
        x, y = at
        points = octagon(x, y, HALF_CHIP, 11.0, 6.0)
        self.said.append(Poly(points=points, fill="rst", stroke="bg", width=1.6, role="mark", owner=self.owner))
        self.text(self.said, x, y + 4.1, "RST", 11, "chip", bold=True, anchor="middle", family="mono", owner=self.owner)

    def _words(self, at: Place, words: str, steps: Sequence[Step], waits: Sequence[Side]) -> None:
        """A block of lines at the edge's place for words."""
        lines: list[tuple[str, Step | None]] = []
        if words and self.measure(words, SMALL, "mono", False) <= at.room:
            lines.append((words, None))
        elif words:
            event, _, action = words.partition(" / ")
            parts = wrap(event, at.room, lambda part: self.measure(part, SMALL, "mono", False))
            lines += [(part, None) for part in (*parts, action) if part]
        shown = steps if len(steps) <= 3 else steps[:2]
        for step in shown:
            room = at.room - BADGE - 4
            text = step.text
            parts = self.lines(text, room, SAID, True)
            if max(self.measure(part, SAID, "sans", True) for part in parts) > room or len(parts) > 3:
                parts = [f"#{step.frame}", step.segment] if step.frame else [step.stamp]
            lines += [(part, step) for part in parts]
        tail = [self.say("steps-more", n=len(steps) - 2)] if len(steps) > 3 else []
        if waits:
            tail += self.lines(self.say("step-awaited"), at.room, SAID)
        if len({step.side for step in steps} or waits) > 1:  # two ways take more room than one
            aside = {"start": CLEAR, "middle": 0.0, "end": -CLEAR}[at.anchor]
            at = replace(at, x=at.x + aside, y=at.y - (2 * CLEAR if at.grows == "up" else 0.0))
        badges = len({step.number for _, step in lines if step is not None})
        height = ROW * (len(lines) + len(tail)) + BETWEEN * max(0, badges - 1)
        top = at.y - height if at.grows == "up" else at.y if at.grows == "down" else at.y - height / 2
        y = top + SAID - 0.6
        done: set[int] = set()
        for text, step_said in lines:
            if step_said is None:
                fill = "ink" if steps or waits else "muted"
                self.text(self.said, at.x, y, text, SMALL, fill, anchor=at.anchor, family="mono")
            else:
                first = step_said.number not in done
                y += BETWEEN if first and done else 0.0
                done.add(step_said.number)
                self._said(at, y, text, step_said, first)
            y += ROW
        for text in tail:
            self.text(self.said, at.x, y, text, SAID, "muted", italic=True, anchor=at.anchor)
            y += ROW

    def _said(self, at: Place, y: float, text: str, step: Step, first: bool) -> None:
        """A line of what a step was, behind its number."""
        wide = self.measure(text, SAID, "sans", True)
        whole = BADGE + 4 + wide
        x = {"start": at.x, "middle": at.x - whole / 2, "end": at.x - whole}[at.anchor]
        if first:
            self._badge(x + BADGE / 2, y - 4.4, step.number, step.side)
        fill = "rst" if step.reset else INK[step.side]
        self.text(self.said, x + BADGE + 4, y, text, SAID, fill, bold=True)

    def _badge(self, x: float, y: float, number: int, side: Side) -> None:
        """A step's number: the client's on a disc, the server's on a square."""
        self.owner += 1
        half = DISC
        box = Rect(x=x - half, y=y - half, w=2 * half, h=2 * half, role="mark", owner=self.owner)
        if side == "client":
            self.said += [box, Circle(x=x, y=y, r=half, fill=INK[side])]
        else:
            self.said.append(
                Rect(
                    x=x - half, y=y - half, w=2 * half, h=2 * half, fill=INK[side], radius=2.5, role="mark",
                    owner=self.owner,
                )
            )  # fmt: skip
        self.text(self.said, x, y + 4.0, str(number), 11, "chip", bold=True, anchor="middle", owner=self.owner)

    def _hit(self, at: Place, step: Step) -> None:
        xs, ys = [x for x, _ in at.points], [y for _, y in at.points]
        x1, x2, y1, y2 = min(xs) - 8, max(xs) + 8, min(ys) - 8, max(ys) + 8
        if len(at.points) > 2:  # of a bent way the last stretch
            (x1, y1), (x2, y2) = at.points[-2:]
            x1, x2, y1, y2 = min(x1, x2) - 8, max(x1, x2) + 8, min(y1, y2) - 8, max(y1, y2) + 8
        corners = ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
        assert step.frame is not None
        self.said.append(Hit(points=corners, frame=step.frame, label=self._alt(step)))

    # --- states

    def _box(self, name: str) -> None:
        scene = self.scene
        x, y = self.places.boxes[name]
        state = "CLOSED" if name == END else name
        w = self.places.end_width if name == END else BOX
        tags, ends = self._tags(name)
        visited = bool(tags) or any(
            step.after == state if name == END or state != "CLOSED" else step.before == state for step in scene.steps
        )
        self.owner += 1
        shapes = self.boxes
        shapes.append(
            Rect(
                x=x - w / 2, y=y - TALL / 2, w=w, h=TALL, fill=TINT[state] if visited else "bg",
                stroke="ink" if visited else "ack", width=1.6 if visited else 0.8, radius=5, role="mark",
                owner=self.owner,
            )
        )  # fmt: skip
        if ends:
            self.used.add("end")
            inner = Rect(x=x - w / 2 + 3.5, y=y - TALL / 2 + 3.5, w=w - 7, h=TALL - 7, stroke="ink", radius=3)
            shapes.append(inner)
        size, tag_size, step = (14.0, 12.0, 14.0) if len(tags) < 2 else (13.0, 11.0, 11.8)  # three lines in one box
        base = y + (5.0, -2.0, -8.0)[min(2, len(tags))]
        fill = "ink" if visited else "muted"
        self.text(shapes, x, base, state, size, fill, bold=visited, anchor="middle", family="mono", owner=self.owner)
        for text, token in tags:
            base += step
            self.text(shapes, x, base, text, tag_size, token, bold=True, anchor="middle", owner=self.owner)

    def _tags(self, name: str) -> tuple[list[tuple[str, str]], bool]:
        """Who starts and who ends in this box, each in its colour; whether anyone ends."""
        scene = self.scene
        said: list[tuple[str, list[Side]]] = []
        for key in ("start", "stay", "end"):
            who: list[Side] = []
            for side in SIDES:
                start, end = scene.start(side), scene.end(side)
                moved = any(step.side == side for step in scene.steps)
                state = {"start": start if moved else "", "stay": "" if moved else start, "end": end if moved else ""}
                box = END if key == "end" and end == "CLOSED" else state[key]
                if state[key] and box == name:
                    who.append(side)
            if who:
                said.append((key, who))
        tags: list[tuple[str, str]] = []
        if name != END and [key for key, _ in said] == ["start", "end"] and said[0][1] == said[1][1]:
            said = [("start-end", said[0][1]), ("end", [])]  # one line: the box holds two
        for key, who in said:
            if len(who) == 2 and name != END:
                tags.append((self.say(f"tag-{key}-both"), "ink"))
            else:
                tags += [(self.say(f"tag-{key}", who=self.say(side)), INK[side]) for side in who]
        if name == END and len(tags) == 2:  # side by side: the box is wide
            tags = [("   ·   ".join(text for text, _ in tags), "ink")]
        return tags, any(key in ("end", "stay") for key, _ in said)

    # --- below

    def _footnotes(self, y: float) -> float:
        """Steps without an edge, ends of which nothing is known, steps left out."""
        scene, x = self.scene, MARGIN + BADGE + 6
        for step in scene.steps:
            if scene.in_diagram(step):
                continue
            if step.before == "UNKNOWN":
                text = self.say("step-from-unknown", after=step.after, what=step.text)
            else:
                text = self.say("step-elsewhere", before=step.before, after=step.after, what=step.text)
            for number, line in enumerate(self.lines(text, self.width - x - MARGIN, BELOW)):
                y += 17
                if number == 0:
                    self._badge(MARGIN + BADGE / 2, y - 3.7, step.number, step.side)
                self.text(self.said, x, y, line, BELOW)
        notes = [self.say("no-state", side=side) for side in SIDES if set(scene.visited(side)) == {"UNKNOWN"}]
        if scene.left_out:
            notes.append(self.say("steps-left-out", n=scene.left_out))
        for note in notes:
            y += 17
            self.text(self.said, MARGIN, y, note, BELOW, "muted", italic=True)
        return y + 4

    def _legend(self, y: float) -> float:
        shapes = self.said
        y += 8
        shapes.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint", width=1))
        row = y + 22
        start = x = (
            MARGIN + self.text(shapes, MARGIN, row + 4, self.say("legend-paths"), BELOW, "muted", bold=True) + 14
        )
        order = (
            "path-client", "path-server", "step-traced", "step-inferred", "step-awaited", "reset", "end", "not-taken",
        )  # fmt: skip
        for mark in order:
            if mark not in self.used:
                continue
            text = self.say(f"legend-{'step-reset' if mark == 'reset' else mark}")
            needed = 46 + self.measure(text, BELOW, "sans", False)
            if x + needed > self.width - MARGIN and x > start:
                x, row = start, row + 26
            self.owner += 1
            self._legend_mark(mark, x, row)
            self.text(shapes, x + 46, row + 4, text, BELOW)
            x += needed + 10
        return row + 22

    def _legend_mark(self, mark: str, x: float, y: float) -> None:
        shapes = self.said
        line = ((x, y), (x + 38, y))
        if mark in ("path-client", "path-server"):
            side: Side = "client" if mark == "path-client" else "server"
            self._stroke(shapes, line, side, INK[side], (), "")
            steps = [step for step in self.scene.steps if step.side == side]
            self._badge(x + 19, y, steps[0].number if steps else 1, side)
        elif mark.startswith("step-"):
            dash = {"step-traced": (), "step-inferred": INFERRED, "step-awaited": AWAITED}[mark]
            self._stroke(shapes, line, "client", "ink", dash, "")
        elif mark == "reset":
            self._octagon((x + 19, y))
        elif mark == "end":
            shapes.append(Rect(x=x + 4, y=y - 9, w=30, h=18, fill="bg", stroke="ink", width=1.2, radius=5))
            shapes.append(Rect(x=x + 7, y=y - 6, w=24, h=12, fill="tint-closed", stroke="ink", width=1.2, radius=3))
        else:
            shapes.append(Line(x1=x, y1=y, x2=x + 38, y2=y, stroke="ack", width=1.0))
            self._head(shapes, line, "ack", 7.0)


def _beside(points: tuple[Point, ...], by: float) -> tuple[Point, ...]:
    """The way moved sideways; its corners stay square."""
    if not by:
        return points
    normals: list[Point] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        far = math.hypot(x2 - x1, y2 - y1)
        normals.append(((y1 - y2) / far, (x2 - x1) / far))
    moved: list[Point] = []
    for number, (x, y) in enumerate(points):
        near = [normals[at] for at in (number - 1, number) if 0 <= at < len(normals)]
        moved.append((x + by * sum(nx for nx, _ in near), y + by * sum(ny for _, ny in near)))
    return tuple(moved)


def _shortened(points: tuple[Point, ...], by: float) -> tuple[Point, ...]:
    """The way without its last stretch, which the arrowhead covers."""
    (x1, y1), (x, y) = points[-2:]
    far = math.hypot(x - x1, y - y1)
    return (*points[:-1], (x - by * (x - x1) / far, y - by * (y - y1) / far))


def _bent(points: tuple[Point, ...], radius: float = 9.0) -> tuple[Point, ...]:
    """The way with rounded corners."""
    way: list[Point] = [points[0]]
    for before, (x, y), after in zip(points, points[1:], points[2:], strict=False):
        ends: list[Point] = []
        for px, py in (before, after):
            far = math.hypot(px - x, py - y)
            part = min(radius, far / 2) / far
            ends.append((x + (px - x) * part, y + (py - y) * part))
        (x1, y1), (x2, y2) = ends
        for step in range(5):
            t = step / 4
            way.append(
                (
                    (1 - t) ** 2 * x1 + 2 * t * (1 - t) * x + t * t * x2,
                    (1 - t) ** 2 * y1 + 2 * t * (1 - t) * y + t * t * y2,
                )
            )
    return (*way, points[-1])
