"""Where the chips and words of arrows that cross others stand: chosen last, when all lines are known.

Each arrow has kept room above its tail; its chip and its words may do better along its line. What counts is how much
of others' lines they would hide, then how near they are to the tail. Chips, heads of arrows, boxes and words are never
covered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .... import audit
from ....placed import ASCENT, DESCENT, Line, Poly, Rect, Shape, Text
from ....scene import Arrow
from .arrows import WHY_TITLE, Arrows, behind
from .plans import ROW_LIFT, Plan

Points = Sequence[tuple[float, float]]

CHIP_STEP, CHIP_STEPS = 4.0, 16  # px along the wire: where a chip may slide, to stand on no other's line
STEP = 10.0  # px along the wire, of words
COVERED = 400.0  # what it costs to stand on a chip, a head, a box or words ...
HIDDEN = 12.0  # ... or, beside each of its px, on a line
FAR = 0.12  # per px from the tail
TURNED = 8.0  # level words are read more easily
SIDEWAYS = 16.0  # and those at the tail belong to it at a glance
ALONE = 60.0  # the words of an arrow that nothing crosses stand along it, as everywhere
STEEPEST_WORDS = 1.2  # dy per dx of a line that words may be turned along
ORIGINS = (15.0, -7.0, 19.0, 23.0, 27.0, 31.0)  # px below the way to the end that did not send it: whose it is not
ROOM = 3.0  # px around chips and words
LONGEST = 300.0  # px of a line from a RST to its reason: an eye follows no longer one among arrows


class Spot(NamedTuple):
    """A place for an arrow's words."""

    cost: float
    shapes: list[Shape]


class Labels(Arrows):
    """Places them."""

    def _settle(self) -> None:
        """Chips first, then words, then the lines from RSTs to their reasons."""
        chips = [(arrow, self._slid(arrow, plan, y, owner)) for arrow, plan, y, owner in self.floating]
        self.chips.update({arrow.frame: at for arrow, at in chips})
        for origin in self.origins:
            self._say_origin(*origin)
        for arrow, plan, y, owner in self.floating:
            self._tell(plan, y, owner, crossed=arrow.frame in self.passing)
        for arrow, plan, y, edge, owner in self.leaders:
            self._lead(arrow, plan, y, edge, owner)

    def _slid(self, arrow: Arrow, plan: Plan, y: float, owner: int) -> tuple[float, float]:
        """Draw the arrow's chip, as near to its tail as it hides nothing."""
        half, tall = plan.chip_width / 2, 11.0 if arrow.kind == "rst" else 9.0
        taken = list(self._marks())
        most = abs(plan.reach - plan.tail) - plan.head - half - 8
        best = (math.inf, plan.chip)
        for step in range(CHIP_STEPS + 1):
            x = plan.chip + plan.sign * CHIP_STEP * step
            if step and abs(x - plan.tail) > most:
                break
            at = y + (x - plan.tail) * plan.slope
            corners = ((x - half, at - tall), (x + half, at - tall), (x + half, at + tall), (x - half, at + tall))
            best = min(best, (self._cost(corners, owner, taken) + 0.5 * CHIP_STEP * step, x))
        self.owner, last = owner, self.owner
        chip = (best[1], y + (best[1] - plan.tail) * plan.slope)
        self._chip(self.over, *chip, plan.chip_width, arrow.flags, arrow.kind, arrow.ignored is not None)
        self.owner = last
        return chip

    def _say_origin(self, text: str, size: float, middle: float, y: float, owner: int) -> None:
        """Write whose a RST from nowhere is not beside the dotted way to that end, where it hides least."""
        taken = list(self._marks())
        spots: list[Spot] = []
        for lower in ORIGINS:
            for aside in range(0, 60, 4):
                for x in (middle + aside, middle - aside):
                    shapes: list[Shape] = []
                    self.text(shapes, x, y + lower, text, size, "rst", bold=True, anchor="middle", owner=owner)
                    cost = sum(self._cost(audit.box(one), owner, taken) for one in shapes if isinstance(one, Text))
                    spots.append(Spot(cost + aside / 8 + abs(lower - ORIGINS[0]) / 4, shapes))
        self.over += min(spots, key=lambda spot: spot.cost).shapes

    def _tell(self, plan: Plan, y: float, owner: int, *, crossed: bool) -> None:
        """Write the arrow's words where they hide least."""
        taken = list(self._marks())
        spots = [
            Spot(
                cost + sum(self._cost(audit.box(one), owner, taken) for one in shapes if isinstance(one, Text)), shapes
            )
            for cost, shapes in (*self._levels(plan, y, owner, crossed), *self._turns(plan, y, owner))
        ]
        self.over += min(spots, key=lambda spot: spot.cost).shapes

    def _levels(self, plan: Plan, y: float, owner: int, crossed: bool) -> Iterator[Spot]:
        """Level, upwards of the line: above the tail, and farther along."""
        apart = 0.0 if crossed else ALONE
        wide = self._widest(plan)
        x = plan.more_middle
        while (
            self.left + 8 <= x - (0 if plan.sign > 0 else wide) and x + (wide if plan.sign > 0 else 0) <= self.right - 8
        ):
            far = abs(x - plan.more_middle)
            bottom = y + (x - plan.tail) * plan.slope * (far > 0) - ROW_LIFT
            yield Spot(apart + FAR * far + SIDEWAYS * (far > 0), self._level(plan, x, bottom, owner))
            x += plan.sign * STEP
        if x == plan.more_middle:
            yield Spot(apart, self._level(plan, x, y - ROW_LIFT, owner))

    def _turns(self, plan: Plan, y: float, owner: int) -> Iterator[Spot]:
        """Turned with the line: the first of the words above it, the others below."""
        if abs(plan.slope) > STEEPEST_WORDS:
            return
        radians = math.radians(plan.angle)
        half = self._widest(plan) / 2 * math.cos(radians)
        first = plan.chip + plan.sign * (plan.chip_width / 2 + 6 + half)
        x = first
        while abs(x - plan.tail) + half < abs(plan.reach - plan.tail) - plan.head - 4:
            yield Spot(TURNED + FAR * abs(x - plan.chip), self._turned(plan, x, y, owner))
            x += plan.sign * STEP

    def _turned(self, plan: Plan, x: float, y: float, owner: int) -> list[Shape]:
        shapes: list[Shape] = []
        radians = math.radians(plan.angle)
        across = (math.sin(radians), -math.cos(radians))  # unit vector, upwards from the line
        at, low = y + (x - plan.tail) * plan.slope, 3.5
        for number, row in enumerate(plan.rows):
            lift = 5 + row.size * DESCENT if number == 0 else -(low + row.size * ASCENT)
            low += 0.0 if number == 0 else row.size * (ASCENT + DESCENT) + 1
            self.text(
                shapes, x + across[0] * lift, at + across[1] * lift, row.text, row.size, row.token, bold=row.bold,
                anchor="middle", angle=plan.angle, family="mono" if row.mono else "sans", halo=number == 0,
                owner=owner,
            )  # fmt: skip
        return shapes

    def _widest(self, plan: Plan) -> float:
        return max(self.measure(row.text, row.size, "mono" if row.mono else "sans", row.bold) for row in plan.rows)

    def _cost(self, corners: Points, owner: int, taken: Sequence[tuple[int, Points]]) -> float:
        """What a chip or a line of words hides there."""
        xs = [x for x, _ in corners]
        ys = [y for _, y in corners]
        cost = COVERED if min(xs) < self.left + 6 or max(xs) > self.right - 6 else 0.0
        for _, points in taken:
            if max(y for _, y in points) + ROOM < min(ys) or min(y for _, y in points) - ROOM > max(ys):
                continue
            if audit.overlap(tuple(corners), tuple(points), -ROOM):
                cost += COVERED
        for line in self.drawn:
            if line.owner == owner:
                continue
            part = behind(line, corners)
            if part is not None:
                cost += HIDDEN + (part[1] - part[0]) * math.hypot(line.x2 - line.x1, line.y2 - line.y1)
        return cost

    def _marks(self) -> Iterator[tuple[int, Points]]:
        """What must not be covered: words, chips, boxes, heads of arrows, breaks."""
        for shape in (*self.over, *self.cuts):
            if isinstance(shape, Text):
                yield shape.owner, audit.box(shape)
            elif isinstance(shape, Rect) and shape.role == "mark":
                x, y = shape.x + shape.w, shape.y + shape.h
                yield shape.owner, ((shape.x, shape.y), (x, shape.y), (x, y), (shape.x, y))
            elif isinstance(shape, Poly) and shape.role == "mark":
                yield shape.owner, shape.points
            elif isinstance(shape, Poly) and shape.role == "line":
                xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
                yield shape.owner, ((min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys)))
            elif isinstance(shape, Line) and shape.role == "mark":  # a cross
                yield shape.owner, ((shape.x1, shape.y1), (shape.x2, shape.y2), (shape.x2, shape.y2 + 1))

    def _lead(self, arrow: Arrow, plan: Plan, y: float, box: tuple[float, float, float], owner: int) -> None:
        """A line from the chip of a RST to its reason: the shortest that covers nothing.

        Straight down from under the chip; else aside from there, and down. Where words leave no such way, or a long
        one only, the box names its RST: by its flags, and by the time that stands beside it.
        """
        left, right, top = box
        x, at = self.chips.get(arrow.frame, (plan.chip, y + (plan.chip - plan.tail) * plan.slope))
        under, half = at + 11, plan.chip_width / 2 - 6
        taken = [points for _, points in self._marks()]

        def free(x1: float, y1: float, x2: float, y2: float) -> bool:
            low, high, above, below = min(x1, x2) - 4, max(x1, x2) + 4, min(y1, y2), max(y1, y2)
            strip = ((low, above), (high, above), (high, below), (low, below))
            return not any(audit.overlap(strip, tuple(points)) for points in taken)

        def ways() -> Iterator[tuple[tuple[float, float], ...]]:
            for aside in (0.0, -half, half):
                if left + 8 < x + aside < right - 8 and free(x + aside, under + 3, x + aside, top - 3):
                    yield (x + aside, under), (x + aside, top)
            for far in range(int(half) + 4, int(self.wire), 4):
                for there in (x - far, x + far):
                    level = free(x, under + 3, x, under + 9) and free(x, under + 3, there, under + 9)
                    if not (
                        self.left + 6 < there < self.right - 6 and level and free(there, under + 3, there, top - 3)
                    ):
                        continue
                    led = (x, under), (x, under + 6), (there, under + 6)
                    if left + 8 < there < right - 8:
                        yield *led, (there, top)
                    elif there < left - 4 or there > right + 4:
                        yield *led, (there, top + 14), (left if there < left else right, top + 14)

        led = next(ways(), None)
        if led is not None and sum(math.dist(*ends) for ends in pairwise(led)) <= LONGEST:
            self.under.append(Poly(points=led, stroke="rst", width=1.4, closed=False))
            return
        named = self.say("why-of", flags=arrow.flags, time=self.scene.stamp(arrow.t_ns))
        self.text(
            self.over, right - 14, top + WHY_TITLE, named if self.scene.timed else arrow.flags, 11, "rst", anchor="end",
            family="mono", owner=owner,
        )  # fmt: skip
