"""Where the chips and words of arrows that cross others stand: chosen last, when all lines are known.

Each arrow has kept room above its tail; its chip and its words may do better along its line. What counts is how much
of others' lines they would hide, then how near they are to the tail. Chips, heads of arrows, boxes and words are never
covered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise
from typing import Literal, NamedTuple

from .... import audit
from ....placed import ASCENT, DESCENT, Circle, Line, Poly, Rect, Shape, Text
from ....scene import Arrow
from .arrows import WHY_TITLE, Arrows
from .convex import Convex, Points, Way
from .lines import Row
from .plans import ABOVE, BELOW, ROW_LIFT, Plan

CHIP_STEP, CHIP_STEPS = 4.0, 16  # px along the wire: where a chip may slide, to stand on no other's line
STEP = 10.0  # px along the wire, of words
COVERED = 400.0  # what it costs to stand on a chip, a head, a box or words ...
HIDDEN, HEAVY = 40.0, 1.5  # ... or on a line, beside each px by px of it that is hidden
CLOSE = 50.0  # ... or within ROOM of one
FAR = 0.12  # per px from the tail
TURNED = 8.0  # level words are read more easily
SIDEWAYS = 16.0  # and those at the tail belong to it at a glance
SAID = 12.0  # of words that say more: off, for each part that is not left out
ALONE = 60.0  # the words of an arrow that nothing crosses stand along it, as everywhere
STEEPEST_WORDS = 1.2  # dy per dx of a line that words may be turned along
ORIGINS = (15.0, -7.0, 19.0, 23.0, 27.0, 31.0)  # px below the way to the end that did not send it: whose it is not
AROUND: tuple[tuple[float, float, Literal["start", "middle", "end"]], ...] = (
    (13, 4, "start"), (0, 22, "middle"), (0, -14, "middle"), (13, 18, "start"), (13, -10, "start"), (-13, 22, "end"),
    (-13, -14, "end"), (-13, 4, "end"), (13, 32, "start"), (13, -24, "start"), (0, 36, "middle"), (0, -28, "middle"),
)  # fmt: skip  # px from a cross, in the arrow's way
AROUND_CHIP = ((0, 1), (0, -1), (-1, -0.6), (-1, 0.6), (1, -0.8), (1, 0.8), (1, 0), (-1, 0))  # in the arrow's way
MIRRORED: dict[str, Literal["start", "middle", "end"]] = {"start": "end", "middle": "middle", "end": "start"}
ROUNDS = 4  # in which words give way to each other
ROOM = 3.0  # px around chips and words
MOST_CROSSED = 1  # arrows, by such a line
BADGE = 7.0  # px, the radius of the mark that stands for a line
LONGEST = 300.0  # px of a line from a RST to its reason: an eye follows no longer one among arrows


def square(middle: tuple[float, float], half: float) -> Points:
    """Its corners."""
    (x, y), r = middle, half
    return (x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)


class Spot(NamedTuple):
    """A place for an arrow's words."""

    cost: float
    shapes: list[Shape]
    boxes: tuple[Convex, ...]  # of its words

    @classmethod
    def of(cls, cost: float, shapes: list[Shape]) -> Spot:
        """Where these words stand."""
        return cls(cost, shapes, tuple(Convex(audit.box(one)) for one in shapes if isinstance(one, Text)))


def _covered(here: Convex, taken: Iterable[Convex]) -> float:
    """What it costs to stand there."""
    cost = 0.0
    for one in here.near(taken, ROOM):
        if audit.overlap(here.points, one.points, -ROOM):
            cost += COVERED if audit.overlap(here.points, one.points) else CLOSE
    return cost


def _marks(shapes: Iterable[Shape]) -> Iterator[Convex]:
    """What must not be covered: words, chips, boxes, heads of arrows, breaks."""
    for shape in shapes:
        if isinstance(shape, Text):
            yield Convex(audit.box(shape))
        elif isinstance(shape, Rect) and shape.role == "mark":
            x, y = shape.x + shape.w, shape.y + shape.h
            yield Convex(((shape.x, shape.y), (x, shape.y), (x, y), (shape.x, y)))
        elif isinstance(shape, Poly) and shape.role == "mark":
            yield Convex(shape.points)
        elif isinstance(shape, Poly) and shape.role == "line":
            yield Convex(Convex(shape.points).corners)
        elif isinstance(shape, Line) and shape.role == "mark":  # a cross
            yield Convex(((shape.x1, shape.y1), (shape.x2, shape.y2), (shape.x2, shape.y2 + 1)))


class Labels(Arrows):
    """Places them."""

    def _settle(self) -> None:
        """Chips first, then words, then the lines from RSTs to their reasons."""
        if not (self.floating or self.origins or self.leaders):
            return
        self._ways = [Way(line) for line in self.drawn]
        self._taken = list(_marks((*self.over, *self.cuts)))
        chips = [(arrow, self._slid(arrow, plan, y, owner)) for arrow, plan, y, owner in self.floating]
        self.chips.update({arrow.frame: at for arrow, at in chips})
        for origin in self.origins:
            self._say_origin(*origin)
        self._tell()
        for arrow, plan, y, owner in self.floating:
            self._end(arrow, plan, y, owner)
        for arrow, plan, y, edge, owner in self.leaders:
            self._lead(arrow, plan, y, edge, owner)

    def _write(self, shapes: Sequence[Shape]) -> None:
        """Put them down: what follows must not cover them."""
        self.over += shapes
        self._taken += _marks(shapes)

    def _end(self, arrow: Arrow, plan: Plan, y: float, owner: int) -> None:
        """Write what became of an arrow at its cross, where it hides least: in a word, rather than beside another's.

        Where there is no place at all, the cross and the legend tell it.
        """
        if plan.beside is None:
            return
        text, size, _ = plan.beside
        cross = y + (plan.reach - plan.tail) * plan.slope
        lines = [line for line in self.drawn if line.owner == owner]
        spots = []
        for shorter, said in enumerate((text, self.say("lost")) if arrow.lost else (text,)):
            for number, (dx, dy, anchor) in enumerate(AROUND):
                shapes: list[Shape] = []
                self.text(
                    shapes, plan.reach + plan.sign * dx, cross + dy, said, size, "rst", bold=True, owner=owner,
                    anchor=anchor if plan.sign > 0 else MIRRORED[anchor],
                )  # fmt: skip
                spot = Spot.of(number + HIDDEN / 2 * shorter, shapes)
                own = any(box.part(line) for line in lines for box in spot.boxes)
                spots.append(spot._replace(cost=self._hides(spot, owner, self._taken) + COVERED * own + spot.cost))
        best = min(spots, key=lambda spot: spot.cost)
        own = any(box.part(line) for line in lines for box in best.boxes)
        self._write([] if own or self._on(best, self._taken) else best.shapes)

    def _slid(self, arrow: Arrow, plan: Plan, y: float, owner: int) -> tuple[float, float]:
        """Draw the arrow's chip, as near to its tail as it hides nothing."""
        half, tall = plan.chip_width / 2, 11.0 if arrow.kind == "rst" else 9.0
        most = abs(plan.reach - plan.tail) - plan.head - half - 8
        best = (math.inf, plan.chip)
        for step in count():
            x = plan.chip + plan.sign * CHIP_STEP * step
            if step and (abs(x - plan.tail) > most or (step > CHIP_STEPS and best[0] < COVERED)):
                break
            at = y + (x - plan.tail) * plan.slope
            corners = ((x - half, at - tall), (x + half, at - tall), (x + half, at + tall), (x - half, at + tall))
            best = min(best, (self._cost(Convex(corners), owner, self._taken) + 0.5 * CHIP_STEP * step, x))
        self.owner, last = owner, self.owner
        chip = (best[1], y + (best[1] - plan.tail) * plan.slope)
        shapes: list[Shape] = []
        self._chip(shapes, *chip, plan.chip_width, arrow.flags, arrow.kind, arrow.ignored is not None)
        self._write(shapes)
        self.owner = last
        return chip

    def _say_origin(self, text: str, size: float, middle: float, y: float, owner: int) -> None:
        """Write whose a RST from nowhere is not beside the dotted way to that end, where it hides least."""
        spots: list[Spot] = []
        for lower in ORIGINS:
            for aside in range(0, 60, 4):
                for x in (middle + aside, middle - aside):
                    shapes: list[Shape] = []
                    self.text(shapes, x, y + lower, text, size, "rst", bold=True, anchor="middle", owner=owner)
                    spot = Spot.of(aside / 8 + abs(lower - ORIGINS[0]) / 4, shapes)
                    spots.append(spot._replace(cost=self._hides(spot, owner, self._taken) + spot.cost))
        self._write(min(spots, key=lambda spot: spot.cost).shapes)

    def _tell(self) -> None:
        """Write the arrows' words where they hide least: from the room that each has kept, while one does better."""
        spots = {
            owner: self._spots(plan, y, owner, arrow.frame in self.passing) for arrow, plan, y, owner in self.floating
        }
        told = {
            owner: Spot.of(0.0, self._level(plan, plan.first, y - ROW_LIFT, owner))
            for _, plan, y, owner in self.floating
        }
        for _ in range(ROUNDS):
            before = dict(told)
            for owner, those in spots.items():
                others = [box for own, spot in told.items() if own != owner for box in spot.boxes]
                least = math.inf
                for spot in those:  # the cheapest first: others can only make them dearer
                    if spot.cost >= least:
                        break
                    cost = spot.cost + sum(_covered(box, others) for box in spot.boxes)
                    if cost < least:
                        least, told[owner] = cost, spot
            if told == before:
                break
        self._give_way(told)
        self._write([shape for spot in told.values() for shape in spot.shapes])

    def _give_way(self, told: dict[int, Spot]) -> None:
        """Leave out words that cover others: the second line, or both where even one does; the chip says the flags."""
        for arrow, plan, y, owner in self.floating:
            taken = [*self._taken, *(box for own, spot in told.items() if own != owner for box in spot.boxes)]
            if self._on(told[owner], taken):
                one = replace(plan, rows=plan.rows[:1], longer=None)
                free = (s for s in self._spots(one, y, owner, arrow.frame in self.passing) if not self._on(s, taken))
                told[owner] = next(free, Spot(0.0, [], ()))

    @staticmethod
    def _on(spot: Spot, taken: Sequence[Convex]) -> bool:
        """Whether words stand on something there that must not be covered."""
        return any(audit.overlap(box.points, one.points, 0.5) for box in spot.boxes for one in box.near(taken, 0.0))

    def _spots(self, plan: Plan, y: float, owner: int, crossed: bool) -> list[Spot]:
        """The places for an arrow's words, by what they would hide of what stands fast."""
        spots = [*self._levels(plan, y, owner, crossed), *self._turns(plan, y, owner)]
        top = min(box.top for spot in spots for box in spot.boxes) - ROOM
        bottom = max(box.bottom for spot in spots for box in spot.boxes) + ROOM
        beside = [mark for mark in self._taken if mark.bottom >= top and mark.top <= bottom]
        found = [spot._replace(cost=spot.cost + self._hides(spot, owner, beside)) for spot in spots]
        return sorted(found, key=lambda spot: spot.cost)

    def _hides(self, spot: Spot, owner: int, taken: Sequence[Convex]) -> float:
        return sum(self._cost(box, owner, taken) for box in spot.boxes)

    def _levels(self, plan: Plan, y: float, owner: int, crossed: bool) -> Iterator[Spot]:
        """Level, upwards of the line: above the tail, and farther along."""
        apart = 0.0 if crossed else ALONE
        wide = max(row.measured for row in plan.rows)
        x = plan.first
        while (
            self.left + 8 <= x - (0 if plan.sign > 0 else wide) and x + (wide if plan.sign > 0 else 0) <= self.right - 8
        ):
            far = abs(x - plan.first)
            bottom = y + (x - plan.tail) * plan.slope * (far > 0) - ROW_LIFT
            yield Spot.of(apart + FAR * far + SIDEWAYS * (far > 0), self._level(plan, x, bottom, owner))
            x += plan.sign * STEP
        if x == plan.first:
            yield Spot.of(apart, self._level(plan, x, y - ROW_LIFT, owner))

    def _turns(self, plan: Plan, y: float, owner: int) -> Iterator[Spot]:
        """Turned with the line: the first of the words above it, the others below."""
        if abs(plan.slope) > STEEPEST_WORDS:
            return
        told = [(0.0, plan.rows)]
        told += [(-SAID * plan.longer.gain, plan.longer.rows)] if plan.longer is not None else []
        for gain, rows in told:
            half = max(row.measured for row in rows) / 2 * math.cos(math.radians(plan.angle))
            x = plan.chip + plan.sign * (plan.chip_width / 2 + 6 + half)
            while abs(x - plan.tail) + half < abs(plan.reach - plan.tail) - plan.head - 4:
                yield Spot.of(gain + TURNED + FAR * abs(x - plan.chip), self._turned(plan, rows, x, y, owner))
                x += plan.sign * STEP

    def _turned(self, plan: Plan, rows: Sequence[Row], x: float, y: float, owner: int) -> list[Shape]:
        shapes: list[Shape] = []
        at, bottom = (x, y + (x - plan.tail) * plan.slope), BELOW
        for number, row in enumerate(rows):
            low = -(ABOVE + row.size * DESCENT) if number == 0 else bottom + row.size * ASCENT
            bottom += 0.0 if number == 0 else row.size * (ASCENT + DESCENT) + 1
            self._turned_row(shapes, plan, row, at, low, number == 0, owner)
        return shapes

    def _cost(self, here: Convex, owner: int, taken: Sequence[Convex]) -> float:
        """What a chip or a line of words hides there."""
        cost = COVERED if here.left < self.left + 6 or here.right > self.right - 6 else 0.0
        cost += _covered(here, taken)
        for way in here.near(self._ways, ROOM):
            part = None if way.owner == owner else here.part(way.line)
            if part is not None:
                cost += HIDDEN + HEAVY * way.line.width * (part[1] - part[0]) * math.dist(*way.points)
        return cost

    def _crossed(self, led: Points) -> int:
        """How many arrows' lines it crosses."""
        strips = [
            Convex(((x1 - 1, y1), (x1 + 1, y1), (x2 + 1, y2 + 1), (x2 - 1, y2 + 1)))
            for (x1, y1), (x2, y2) in pairwise(led)
        ]
        return sum(strip.part(line, 0.0) is not None for line in self.drawn for strip in strips)

    def _lead(self, arrow: Arrow, plan: Plan, y: float, box: tuple[float, float, float], owner: int) -> None:
        """A line from the chip of a RST to its reason: the shortest that covers nothing.

        Straight down from under the chip; else aside from there, and down. Where words leave no such way, or a long
        one only, the box names its RST: by its flags, the time that stands beside it, and a mark that both have.
        """
        left, right, top = box
        x, at = self.chips.get(arrow.frame, (plan.chip, y + (plan.chip - plan.tail) * plan.slope))
        under, half = at + 11, plan.chip_width / 2 - 6

        def free(x1: float, y1: float, x2: float, y2: float) -> bool:
            low, high, above, below = min(x1, x2) - 4, max(x1, x2) + 4, min(y1, y2), max(y1, y2)
            strip = ((low, above), (high, above), (high, below), (low, below))
            return not any(audit.overlap(strip, one.points) for one in Convex(strip).near(self._taken, 0.0))

        def ways() -> Iterator[tuple[tuple[float, float], ...]]:
            for aside in (0.0, -half, half):
                if left + 8 < x + aside < right - 8 and free(x + aside, under + 3, x + aside, top - 3):
                    yield (x + aside, under), (x + aside, top)
            most = min(self.wire, LONGEST + 1 - (top - under)) if free(x, under + 3, x, under + 9) else 0.0
            for far in range(int(half) + 4, int(most), 4):
                for there in (x - far, x + far):
                    inside = self.left + 6 < there < self.right - 6
                    if not (inside and free(x, under + 3, there, under + 9) and free(there, under + 3, there, top - 3)):
                        continue
                    led = (x, under), (x, under + 6), (there, under + 6)
                    if left + 8 < there < right - 8:
                        yield *led, (there, top)
                    elif there < left - 4 or there > right + 4:
                        yield *led, (there, top + 14), (left if there < left else right, top + 14)

        short = (led for led in ways() if sum(math.dist(*ends) for ends in pairwise(led)) <= LONGEST)
        led = min(short, key=self._crossed, default=None)
        if led is not None and self._crossed(led) <= MOST_CROSSED:
            self.under.append(Poly(points=led, stroke="rst", width=1.4, closed=False))
            return
        self._refer(arrow, (x, at), plan, box, owner)

    def _refer(
        self, arrow: Arrow, chip: tuple[float, float], plan: Plan, box: tuple[float, float, float], owner: int
    ) -> None:
        """Name the RST in the box of its reason, as far as the box's title leaves room, and mark both."""
        assert arrow.why is not None
        left, right, top = box
        named = self.say("why-of", flags=arrow.flags, time=self.scene.stamp(arrow.t_ns)) if self.scene.timed else ""
        title = self.evened(arrow.why.title, right - left - 28, 12.5, True)[0]
        room = right - left - 28 - self.measure(title, 12.5, "sans", True) - 2 * BADGE - 12
        named, size = self.fit([named, arrow.flags, ""], room, 11, 11, "mono")
        shapes: list[Shape] = []
        edge = right - 14
        if named:
            edge -= 6 + self.text(
                shapes, edge, top + WHY_TITLE, named, size, "rst", anchor="end", family="mono", owner=owner
            )
        aside, above = plan.sign * (plan.chip_width / 2 + BADGE + 2), 11 + BADGE + 2
        around = [(chip[0] + dx * aside, chip[1] + dy * above) for dx, dy in AROUND_CHIP]
        near = min(around, key=lambda at: self._cost(Convex(square(at, BADGE)), 0, self._taken))
        self.used.add("badge")
        for x, y in ((edge - BADGE, top + WHY_TITLE - 4), near):
            shapes.append(Circle(x=x, y=y, r=BADGE, fill="bg", stroke="rst", width=1.4))
            self.text(shapes, x, y + 3.6, "1", 10, "rst", bold=True, anchor="middle", owner=owner)
        self._write(shapes)
