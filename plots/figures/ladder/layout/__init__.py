"""Scene to a placed display list: shapes with coordinates and colour tokens, nothing to overlap.

One pass from top to bottom. The y of each mark is the largest of its lower bounds: the order of
time, the pitch of arrows, the room a state's name needs, and a skyline of everything already on
the wire. So labels cannot collide, and nothing needs to be moved afterwards.

Where both ends were captured, an arrow's arrival is a mark of its own: below everything that came before it at that
end. How far the arrow falls is known only then, and its labels are turned with it: so the pass is repeated with what it
found, until no arrow has to fall farther. A line that is long on its way passes behind what is written there.
"""

from __future__ import annotations

from typing import Literal

from .... import metrics, words
from ....metrics import Measure
from ....placed import MARGIN, WIDTH, Display, Line, Rect, Shape
from ....scene import SAME_NS, Arrow, Break, Call, Fold, Scene, State
from .. import crossings
from .boxes import Boxes
from .legend import Legend
from .placing import STATE
from .skyline import Skyline

CROSS_ROOM = 11.0  # px along the strip that a cross needs to stand apart; of it, from a RST:
RST_ROOM = 8.0
COUNT_ROOM = 12.0  # px for the number at a cross that stands for more than one: for more than
SIDE_BY_SIDE = 3  # crosses, which stand beside each other
LEAST_STRIP = 200.0  # px
PASSES = 20  # at most, until no arrow has to fall farther


def layout(scene: Scene, width: float = WIDTH, measure: Measure = metrics.wider) -> Display:
    """Place the scene; `measure` must not be narrower than the font that will draw."""
    page = _Layout(scene, width, measure)
    for _ in range(PASSES):
        falls = page.falls
        page.place(falls)
        if all(abs(fall - falls[frame]) <= 0.1 for frame, fall in page.falls.items()):
            break
    return page.display()


class _Layout(Boxes, Legend):
    """The whole page."""

    def __init__(self, scene: Scene, width: float, measure: Measure) -> None:
        """With what stands above the lanes."""
        super().__init__(scene, width, measure)
        self.top_shapes: list[Shape] = []
        self.top = self._head()
        self.falls = {arrow.frame: self._least_fall(arrow) for arrow in scene.arrows} if self.both else {}

    def place(self, falls: dict[int, float]) -> None:
        """Find a place for everything, where arrows fall at the least as far as that, by frame."""
        self._begin(falls)
        self._body(self.top)

    def display(self) -> Display:
        """What has been placed, with the words that were left to the end."""
        scene = self.scene
        self._finish()
        bottom = self._legend(self.bottom)
        shapes = [*self.top_shapes, *self.under, *self._pieces(), *self.over, *self.cuts]
        described = "\n".join([scene.verdict.text, scene.subtitle, *self.spoken.values()])
        return self.page(scene, self.width, bottom, shapes, described)

    def _head(self) -> float:
        """Title, provenance, verdict, true-scale strip, lane heads; returns where the lanes begin."""
        scene, shapes = self.scene, self.top_shapes
        y = self.heading(shapes, self.width, scene.title, scene.subtitle)
        y = self.bar(shapes, y + 8, self.width, scene.verdict)
        if scene.timed:
            y = self._strip(y + 12)
        return self._lane_heads(y + 12)

    def _strip(self, y: float) -> float:
        """The same segments on one true time scale."""
        scene, shapes = self.scene, self.top_shapes
        times: list[tuple[int, str]] = []
        for item in scene.items:
            if isinstance(item, Arrow | Call):
                killed = isinstance(item, Call) and item.kind == "exit" and item.signals
                times.append((item.t_ns, "killed" if killed else item.kind))
        folds = [item for item in scene.items if isinstance(item, Fold)]
        if not times:
            return y
        last = max([t for t, _ in times] + [fold.until_ns for fold in folds])
        last = max(last, *(crossings.arrival(arrow) or 0 for arrow in scene.arrows)) if scene.arrows else last
        last = max(last, scene.ends_ns or 0)
        first = min([t for t, _ in times] + [fold.t_ns for fold in folds])
        if first < 0 < last:  # from the gutter's zero: a call before it is no part of the conversation
            first = 0
            times = [(t, what) for t, what in times if t >= 0]
        middle = y + 9
        name = self.text(shapes, MARGIN, middle + 4, self.say("to-scale"), 11.5, "muted")
        total = words.span(last - first)
        x1 = MARGIN + name + 24
        most = x2 = self.width - MARGIN - self.measure(total, 11, "mono", False) - 12

        def at(t_ns: int) -> float:
            return x1 + 1.5 + (x2 - x1 - 3) * ((t_ns - first) / (last - first) if last > first else 0)

        while True:  # a shorter strip, while its last crosses have no room
            resets = [at(t_ns) for t_ns, what in times if what == "rst"]
            crosses = self._crosses([(at(t_ns), what) for t_ns, what in times], resets)
            ends = (x + CROSS_ROOM / 2 + (COUNT_ROOM if count > 1 else 0) for x, _, count in crosses)
            over = max(ends, default=0.0) - most
            if over <= 0 or x2 - x1 < LEAST_STRIP:
                break
            x2 -= max(over, 1.0)
        self.text(shapes, self.width - MARGIN, middle + 4, total, 11, "muted", family="mono", anchor="end")
        shapes.append(Line(x1=x1, y1=middle, x2=x2, y2=middle, stroke="faint", width=2, role="line"))
        for fold in folds:
            x = at(fold.t_ns)
            w = max(1.5, at(fold.until_ns) - x)
            shapes.append(Rect(x=x, y=middle - 5, w=w, h=10, fill="tint-est"))
            shapes.append(Line(x1=x, y1=middle, x2=x + w, y2=middle, stroke="data", width=1.4))
        heights = {"ack": 5.0, "data": 6.0, "syn": 7.0, "fin": 7.0, "icmp": 7.0, "rst": 9.0}
        for kind, height in heights.items():
            for t_ns, what in times:
                if what == kind:
                    wide = 3.0 if kind == "rst" else 1.8
                    x = at(t_ns)
                    shapes.append(Line(x1=x, y1=middle - height, x2=x, y2=middle + height, stroke=kind, width=wide))
        for x, what, count in crosses:
            token = "rst" if what == "err" else "ink"
            self.used_above.add("error" if what == "err" else "exit")
            self._cross(shapes, x, middle, 4.5, token, 2.2)
            if count > 1:
                self.used_above.add("errors")
                left = any(x < reset < x + RST_ROOM + COUNT_ROOM for reset in resets)
                aside: Literal["start", "end"] = "end" if left else "start"
                self.text(
                    shapes, x - 6 if left else x + 6, middle - 3, str(count), 9.5, token, bold=True, halo=True,
                    anchor=aside,
                )  # fmt: skip
        return y + 18

    def _crosses(self, marks: list[tuple[float, str]], resets: list[float]) -> list[tuple[float, str, int]]:
        """Errors and killings on the strip: where, what, how many.

        No cross hides a RST or another one; many at one place are one with a number.
        """
        groups: list[tuple[str, list[float]]] = []  # at one place
        for what in ("killed", "err"):
            for number, x in enumerate(sorted(x for x, kind in marks if kind == what)):
                first = groups[-1][1][0] if number else x
                if number and x - first < CROSS_ROOM and not any(first <= reset <= x for reset in resets):
                    groups[-1][1].append(x)
                else:
                    groups.append((what, [x]))
        found = [
            (x, what, 1 if len(xs) <= SIDE_BY_SIDE else len(xs))
            for what, xs in groups
            for x in (xs if len(xs) <= SIDE_BY_SIDE else xs[:1])
        ]
        placed: list[tuple[float, str, int]] = []
        free = 0.0
        for x, what, count in sorted(found):
            near = [reset for reset in resets if abs(reset - x) < RST_ROOM]
            before = min(near, default=x) - RST_ROOM
            if near and x < near[0] and before >= free and not any(abs(reset - before) < RST_ROOM for reset in resets):
                x = before
            x = max(x, free)
            while (hidden := max((reset for reset in resets if abs(reset - x) < RST_ROOM), default=None)) is not None:
                x = hidden + RST_ROOM
            placed.append((x, what, count))
            free = x + CROSS_ROOM + (COUNT_ROOM if count > 1 else 0)
        return placed

    def _lane_heads(self, y: float) -> float:
        shapes = self.top_shapes
        base = y + 12
        if self.gutter:
            self.text(shapes, MARGIN, base, self.say("time"), 11, "muted")
        named = {party.side: party.called for party in (self.scene.client, self.scene.server)}
        fitted = {
            side: self.fit([self.say(f"{name}-kernel"), self.say(name)], STATE - 1, 12.5, 10.5, "sans", True)
            for side, name in named.items()
        }
        size = min(at for _, at in fitted.values())
        for side, lane in self.lanes.items():
            middle = (lane.line + lane.outer) / 2
            name, _ = fitted[side]
            self.text(shapes, middle, base, name, size, bold=True, anchor="middle")
            if lane.app:
                at, anchor = (lane.outer - 12, "end") if side == "client" else (lane.outer + 12, "start")
                process = self.say(f"{named[side]}-process")
                self.text(shapes, at, base, process, size, bold=True, anchor="end" if anchor == "end" else "start")
        self.text(shapes, (self.left + self.right) / 2, base, self.say("wire"), size, bold=True, anchor="middle")
        addresses = [self.scene.client.address, self.scene.server.address]
        room = self.wire - 12
        both = sum(self.measure(address, 10.5, "mono", False) for address in addresses)
        rows = 1 if both + 24 <= room else 2
        for row, address in enumerate(addresses):
            client = row == 0
            shown, size = self.fit([address], room, 10.5, 9.5, "mono", False, 0.25)
            at = self.left + 6 if client else self.right - 6
            below = base + 17 + (14 * row if rows == 2 else 0)
            self.text(shapes, at, below, shown, size, "muted", family="mono", anchor="start" if client else "end")
        bottom = base + 17 + 14 * (rows - 1) + 10
        shapes.append(
            Line(x1=MARGIN, y1=bottom, x2=self.width - MARGIN, y2=bottom, stroke="faint", width=1, role="line")
        )
        return bottom

    def _body(self, top: float) -> None:
        scene = self.scene
        if scene.cut_start:
            top = self._torn(top + 2, scene.torn_start, starts=True)
        self.lanes_top = top + 3
        self.skyline = Skyline(self.left, self.right, self.lanes_top + 2)
        for lane in self.lanes.values():
            lane.since = self.lanes_top + 3
            lane.named = lane.since
            lane.calls = lane.since - 8
        self.anchor = self.lanes_top + 8
        self.stamp_bottom = self.lanes_top
        latest = 0
        following_of = {id(item): later for item, later in zip(scene.items, (*scene.items[1:], None), strict=True)}
        for item, begins in crossings.in_order(scene) if self.both else ((item, True) for item in scene.items):
            self.owner += 1
            following = following_of[id(item)]
            if not isinstance(item, Break):
                at = crossings.arrival(item) if isinstance(item, Arrow) and not begins else item.t_ns
                self._outlive(at or 0)
                latest = max(latest, at or 0)
            else:
                self._outlive(latest + SAME_NS)
            if isinstance(item, Arrow) and self.both:
                if begins:
                    self._leave(item)
                else:
                    self._land(item)
            elif isinstance(item, Arrow):
                self._place_arrow(item)
            elif isinstance(item, Call):
                self._place_call(item, following)
            elif isinstance(item, State):
                self._place_state(item)
            elif isinstance(item, Break):
                self._place_break(item)
            elif isinstance(item, Fold):
                self._place_fold(item)
            else:
                self._place_note(item)
        self._explain()

    def _finish(self) -> None:
        self._settle()
        self._brackets()
        end = self._floor() + 10
        self._outlive(None)
        for lane in self.lanes.values():
            self._close_span(lane, end)
        for lane in self.lanes.values():
            self._lifelines(lane, end)
        self.bottom = end
        if self.scene.cut_end:
            self.bottom = self._torn(end, self.scene.torn_end, starts=False)
