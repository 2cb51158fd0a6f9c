"""Arrows, drawn as planned: line, chip, words, and the reason of a RST."""

from __future__ import annotations

import math
from dataclasses import replace

from .... import audit
from ....placed import Circle, Hit, Line, Poly, Rect, Shape, Text
from ....scene import Arrow
from .convex import Convex, Way
from .lines import Row
from .placing import Placing
from .plans import ROW, Plan

WHY_TITLE = 21.0  # px from the top of a reason's box to the baseline of its title
LONG = 70.0  # px: farther from its chip a reason has a line, no pointer
AROUND_HEAD = 4.0  # px around a head of an arrow, in which no dotted bracket passes
NEAR = 4.0  # px around a box, beyond which nothing that is turned in it hides any of a line


class Arrows(Placing):
    """Draws arrows."""

    def _draw_arrow(self, arrow: Arrow, plan: Plan, y: float) -> None:
        shapes, token, sign = self.over, arrow.kind, plan.sign

        def at(x: float) -> float:
            return y + (x - plan.tail) * plan.slope

        if arrow.ignored is None:
            self.flags_used.add((arrow.flags, arrow.kind))
        else:
            self.ignored_flags = arrow.flags
        weight = 3.0 if arrow.kind == "rst" else 1.4 if arrow.kind == "ack" else 1.9
        dash: tuple[float, ...] = ()
        if arrow.retransmission_of is not None:
            dash = (7, 4)
            self.used.add("retransmission")
        if arrow.ignored is not None:
            dash, weight = (2, 3), 1.9
            self.used.add("ignored")
        arrives = arrow.unanswered is None
        stop = plan.reach - sign * (plan.head - 2 if arrives else 0)
        (self.drawn if self.both else shapes).append(
            Line(
                x1=plan.tail, y1=y, x2=stop, y2=at(stop), stroke=token, width=weight, dash=dash,
                role="line", owner=self.owner,
            )
        )  # fmt: skip
        if arrow.retransmission_of is not None:
            self._bracket(arrow, y)
        if arrives:
            self._arrowhead(plan.reach - sign * 0.8, at(plan.reach), plan, token, hollow=arrow.ignored is not None)
        else:
            self._cross(shapes, plan.reach, at(plan.reach), 6.5, "rst", 2.6)
            self.used.add("lost" if arrow.lost else "unanswered")
        if arrow.origin:
            self._origin(arrow, plan, y)
        else:
            shapes.append(Circle(x=plan.tail, y=y, r=3.2, fill=token, stroke="bg", width=1.4))
        if plan.level:
            self.floating.append((arrow, plan, y, self.owner))
        else:
            self._chip(shapes, plan.chip, at(plan.chip), plan.chip_width, arrow.flags, token, arrow.ignored is not None)
            self._words(plan, y)
        x1, x2 = sorted((plan.tail, plan.end))
        y1, y2 = at(x1), at(x2)
        self.over.append(
            Hit(
                points=((x1, y1 - 20), (x2, y2 - 20), (x2, y2 + 20), (x1, y1 + 20)),
                frame=arrow.frame,
                label=self.spoken[arrow.frame],
            )
        )

    def _words(self, plan: Plan, y: float) -> None:
        """What stands along the line of an arrow that is alone on the wire."""
        for number, (row, x, low) in enumerate(plan.words):
            self._turned_row(self.over, plan, row, (x, y + (x - plan.tail) * plan.slope), low, number == 0, self.owner)
        if plan.beside is not None:
            text, size, x = plan.beside
            self.text(
                self.over, x, y + (plan.reach - plan.tail) * plan.slope + 4, text, size, "rst", bold=True,
                anchor="start" if plan.sign > 0 else "end", owner=self.owner,
            )  # fmt: skip

    def _turned_row(
        self, shapes: list[Shape], plan: Plan, row: Row, at: tuple[float, float], low: float, halo: bool, owner: int
    ) -> None:
        """A line of words, turned with the arrow's; its baseline is `low` px below that, across it."""
        radians = math.radians(plan.angle)
        self.text(
            shapes, at[0] - math.sin(radians) * low, at[1] + math.cos(radians) * low, row.runs, row.size,
            anchor="middle", family="mono" if row.mono else "sans", angle=plan.angle, halo=halo, owner=owner,
        )  # fmt: skip

    def _level(self, plan: Plan, x: float, bottom: float, owner: int) -> list[Shape]:
        """The words of an arrow that falls far: level, from x on, their last line ends above `bottom`."""
        shapes: list[Shape] = []
        for number, row in enumerate(reversed(plan.rows)):
            self.text(
                shapes, x, bottom - 3 - ROW * number, row.runs, row.size, anchor="start" if plan.sign > 0 else "end",
                family="mono" if row.mono else "sans", owner=owner,
            )  # fmt: skip
        return shapes

    def _arrowhead(self, x: float, y: float, plan: Plan, token: str, hollow: bool) -> None:
        radians = math.radians(plan.angle)
        dx, dy = plan.sign * math.cos(radians), plan.sign * math.sin(radians)
        length, half = plan.head, plan.head * 0.42
        bx, by = x - dx * length, y - dy * length
        self.over.append(
            Poly(
                points=((x, y), (bx - dy * half, by + dx * half), (bx + dy * half, by - dx * half)),
                fill="bg" if hollow else token,
                stroke=token if hollow else "none",
                width=1.5,
                role="mark",
                owner=self.owner,
            )
        )

    def _bracket(self, arrow: Arrow, y: float) -> None:
        """A dotted bracket along the lifeline, from the copy before."""
        earlier = [
            self.dots[one.frame]
            for one in self.scene.arrows
            if one.frame in self.dots
            and one.frame != arrow.frame
            and arrow.retransmission_of in (one.frame, one.retransmission_of)
        ]
        if not earlier:
            return
        top, side = earlier[-1]
        if side != arrow.side:
            return
        x = self.lanes[side].line
        inner = x + (7.5 if side == "client" else -7.5)
        self.used.add("same")
        self.brackets.append(((x, top), (inner, top + 6), (inner, y - 6), (x, y), arrow.kind))

    def _brackets(self) -> None:
        """Draw them, open where arrows arrive: a line through a head would make another mark of it."""
        heads = [Convex(one.points) for one in self.over if isinstance(one, Poly) and one.role == "mark"]
        for begin, (x, top), (_, bottom), end, token in self.brackets:
            side = Line(x1=x, y1=top, x2=x, y2=bottom, stroke=token)
            parted = sorted(part for head in heads if (part := head.part(side, AROUND_HEAD)) is not None)
            piece, at = [begin, (x, top)], 0.0
            for low, high in (*parted, (1.0, 1.0)):
                piece.append((x, top + max(at, low) * (bottom - top)))
                piece += [end] if low == 1.0 else []
                if low >= at:
                    self.under.append(Poly(points=tuple(piece), stroke=token, width=1.4, closed=False, dash=(1.5, 2.5)))
                at = max(at, high)
                piece = [(x, top + at * (bottom - top))]

    def _origin(self, arrow: Arrow, plan: Plan, y: float) -> None:
        """The "?" diamond of a sender that is not the peer, and the dotted way back to it."""
        shapes, sign = self.over, plan.sign
        self.used.add("copy" if arrow.copy else "origin")
        x = plan.tail
        (self.drawn if self.both else shapes).append(
            Line(x1=plan.start, y1=y, x2=x, y2=y, stroke="muted", width=1.3, dash=(2, 4), role="line", owner=self.owner)
        )
        self._diamond(shapes, x, y)
        middle = (plan.start + x - sign * 12) / 2
        notes = [arrow.origin_note or "", arrow.shorter_origin_note or arrow.origin_note or ""]
        text, size = self.fit(notes, abs(plan.start - x) - 30, 11, 9.5, "sans", True)
        if self.both:
            self.origins.append((text, size, middle, y, self.owner))
        else:
            self.text(shapes, middle, y + 15, text, size, "rst", bold=True, anchor="middle", owner=self.owner)

    def _callout(self, arrow: Arrow, plan: Plan, y: float, *, pointing: bool = True) -> None:
        assert arrow.why is not None
        x, w = self.left + 16, self.wire - 32
        chip_y = y + (plan.chip - plan.tail) * plan.slope
        size = 12.0
        lines = self.evened(arrow.why.text, w - 28, size)
        proof = self.evened(arrow.why.proof, w - 28, 11.5, True) if arrow.why.proof else []
        title = self.evened(arrow.why.title, w - 28, 12.5, True)
        top = max(chip_y + 11 + 14, self.skyline.lowest(x, x + w) + 8)
        pointing = pointing and not plan.level and top - chip_y < LONG
        h = 12 + 17 * len(title) + 16 * len(lines) + 8 + (16 * len(proof) + 5 if proof else 0)
        owner = self.owner = self.owner + 1
        tip = (plan.chip, chip_y + 13)
        half = 9.0
        base = min(max(plan.chip, x + 8 + half), x + w - 8 - half)
        self.over.append(
            Rect(x=x, y=top, w=w, h=h, fill="warn", stroke="rst", width=1.4, radius=5, role="mark", owner=owner)
        )
        pointer = ((base - half, top + 0.9), tip, (base + half, top + 0.9))
        if pointing:
            self.over.append(Poly(points=(*pointer, (base, top + 2)), fill="warn"))
            self.over.append(Poly(points=pointer, stroke="rst", width=1.4, closed=False, role="line", owner=owner))
        else:  # others pass below the chip
            self.leaders.append((arrow, plan, y, (x, x + w, top), owner))
        at = top + WHY_TITLE
        for line in title:
            self.text(self.over, x + 14, at, line, 12.5, "rst", bold=True, owner=owner)
            at += 17
        at -= 14
        for line in lines:
            at += 16
            self.text(self.over, x + 14, at - 1.5, line, size, owner=owner)
        at += 5
        for line in proof:
            at += 16
            self.text(self.over, x + 14, at - 1.5, line, 11.5, "data", bold=True, owner=owner)
        self._beside(x, x + w, top + h)

    def _pieces(self) -> list[Shape]:
        """The lines of both ends' arrows, cut where they pass behind words, chips and boxes of others."""
        if not self.drawn:
            return []
        there: list[Convex] = []
        for shape in (*self.over, *self.cuts):
            if isinstance(shape, Text):
                there.append(Convex(audit.box(shape), shape.owner))
            elif isinstance(shape, Rect) and shape.role == "mark":
                x, y = shape.x + shape.w, shape.y + shape.h
                there.append(Convex(((shape.x, shape.y), (x, shape.y), (x, y), (shape.x, y)), shape.owner))
            elif isinstance(shape, Poly) and shape.role == "mark" and len(shape.points) != 3:
                there.append(Convex(shape.points, shape.owner))
        pieces: list[Shape] = []
        for line in self.drawn:
            hidden = sorted(
                part for one in Way(line).near(there, NEAR)
                if one.owner != line.owner and (part := one.part(line)) is not None
            )  # fmt: skip
            length, at = math.hypot(line.x2 - line.x1, line.y2 - line.y1), 0.0
            for low, high in (*hidden, (1.0, 1.0)):
                if (low - at) * length > 2:
                    ends = [(line.x1 + (line.x2 - line.x1) * t, line.y1 + (line.y2 - line.y1) * t) for t in (at, low)]
                    (x1, y1), (x2, y2) = ends
                    pieces.append(replace(line, x1=x1, y1=y1, x2=x2, y2=y2))
                at = max(at, high)
        return pieces
