"""Scene to a placed display list: shapes with coordinates and colour tokens, nothing to overlap.

One pass from top to bottom. The y of each mark is the largest of its lower bounds: the order of
time, the pitch of arrows, the room a state's name needs, and a skyline of everything already on
the wire. So labels cannot collide, and nothing needs to be moved afterwards.

Where both ends were captured, an arrow's arrival is a mark of its own: below everything that came before it at that
end. How far the arrow falls is known only then, and its labels are turned with it: so the pass is repeated with what it
found, until no arrow has to fall farther. A line that is long on its way passes behind what is written there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ... import audit, metrics, words
from ...metrics import Measure
from ...placed import ASCENT, DESCENT, MARGIN, WIDTH, Circle, Display, Hit, Line, Pen, Poly, Rect, Run, Shape, Text
from ...scene import Arrow, Break, Call, Fold, Note, Scene, Side, State
from ...theme import EDGE, TINT
from . import crossings

APP = 158.0
STATE = 86.0
LEAST_WIRE = 300.0
SLANT = 30.0
MOST_SLANT = 90.0
CROSSING_SLANT = 110.0
CROSSING_LAG = 14.0  # the second departs so far below the first
CROWDED, MOST_CROWDED = 0.32, 0.4  # of the wire: so far from their tails reach the labels of arrows that cross
CROWDED_LABEL = 130.0  # px that such a label needs, with the chip before it, where the wire has room for them
STEEPEST = 0.7  # dy per dx of an arrow that crosses others
IGNORED = 18.0  # a line more, below an ignored RST
NOISE_NS = 1_000_000  # shorter ways are all drawn alike
LANDING = 14.0  # between two arrivals at one end, and from a departure to an arrival
PASSES = 20  # at most, until no arrow has to fall farther
STEEP = 0.42  # dy per dx from which on labels are not turned any more, but stand above the tail
ABOVE_TAIL = 0.5  # of the wire, for such labels
MOST_ROOM = 60.0  # that an arrow leaves for the label of one that overtakes it
LEADER = 9.0  # from the lifeline: the line from a RST to its reason, where others pass between
PITCH, PITCH_DETAILED = 34.0, 48.0
MORE = 12.5  # a further line of a label
ROW, ROW_LIFT = 14.0, 4.0  # of a label above its tail
INSET = 14.0  # chip to lifeline
CHIP = 18.0
BREAK = 28.0
STATE_ROOM = 22.0
_BIN = 4.0


def layout(scene: Scene, width: float = WIDTH, measure: Measure = metrics.wider) -> Display:
    """Place the scene; `measure` must not be narrower than the font that will draw."""
    falls: dict[int, float] = {}
    for _ in range(PASSES):
        placing = _Layout(scene, width, measure, falls)
        display = placing.display()
        if all(fall <= falls.get(frame, 0.0) + 0.1 for frame, fall in placing.falls.items()):
            break
        falls = placing.falls
    return display


def _other(side: Side) -> Side:
    return "server" if side == "client" else "client"


def _depth(chip_width: float, angle: float) -> float:
    """How far a chip reaches below its line, across it."""
    radians = math.radians(abs(angle))
    return 11 * math.cos(radians) + chip_width / 2 * math.sin(radians)


def _behind(line: Line, points: Sequence[tuple[float, float]], room: float = 2.5) -> tuple[float, float] | None:
    """The part of the line, 0 to 1, that lies in a convex polygon with `room` around it."""
    low, high = 0.0, 1.0
    dx, dy = line.x2 - line.x1, line.y2 - line.y1
    middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    for (x1, y1), (x2, y2) in zip(points, (*points[1:], points[0]), strict=True):
        length = math.hypot(x2 - x1, y2 - y1)
        if length < 1e-9:
            continue
        nx, ny = (y2 - y1) / length, (x1 - x2) / length
        if (middle[0] - x1) * nx + (middle[1] - y1) * ny > 0:
            nx, ny = -nx, -ny  # outwards
        start = (line.x1 - x1) * nx + (line.y1 - y1) * ny - room
        rise = dx * nx + dy * ny
        if abs(rise) < 1e-9:
            if start > 0:
                return None
        elif rise > 0:
            high = min(high, -start / rise)
        else:
            low = max(low, -start / rise)
    return (low, high) if low < high else None


class _Skyline:
    """The lowest y painted so far on the wire, by x."""

    def __init__(self, left: float, right: float, top: float) -> None:
        self.left = left
        self.bottoms = [top] * (int((right - left) / _BIN) + 2)

    def _bins(self, x1: float, x2: float) -> range:
        last = len(self.bottoms) - 1
        low = int((min(x1, x2) - self.left) // _BIN)
        high = int((max(x1, x2) - self.left) // _BIN)
        return range(max(0, min(last, low)), max(0, min(last, high)) + 1)

    def lowest(self, x1: float | None = None, x2: float | None = None) -> float:
        if x1 is None or x2 is None:
            return max(self.bottoms)
        return max(self.bottoms[i] for i in self._bins(x1, x2))

    def room(self, boxes: Sequence[_Quad], gap: float) -> float:
        """The least y that may be added to the boxes so that all lie `gap` below what is there."""
        least = -math.inf
        for box in boxes:
            slope, at = box.slope(), box.y1 - box.above - gap
            # A strip's highest point in a bin is at the bin's left edge if it falls to the right, else at its right.
            at += slope * (self.left - box.x1 + (0.0 if slope >= 0 else _BIN))
            for i in self._bins(box.x1, box.x2):
                least = max(least, self.bottoms[i] - at - slope * i * _BIN)
        return least

    def add(self, boxes: Sequence[_Quad], y: float) -> None:
        for box in boxes:
            slope, at = box.slope(), y + box.y1 + box.below
            at += slope * (self.left - box.x1 + (_BIN if slope >= 0 else 0.0))
            for i in self._bins(box.x1, box.x2):
                self.bottoms[i] = max(self.bottoms[i], at + slope * i * _BIN)

    def fill(self, y: float) -> None:
        self.bottoms = [max(y, bottom) for bottom in self.bottoms]


@dataclass(frozen=True, slots=True)
class _Quad:
    """A strip along a line: from (x1, y1) to (x2, y2), `above` and `below` it."""

    x1: float
    y1: float
    x2: float
    y2: float
    above: float
    below: float

    def slope(self) -> float:
        """dy per dx."""
        return (self.y2 - self.y1) / (self.x2 - self.x1) if abs(self.x2 - self.x1) > 1e-9 else 0.0


@dataclass(slots=True)
class _Lane:
    """One side's column: what has been placed in it."""

    side: Side
    line: float  # x of the kernel's lifeline
    outer: float  # x of the application's lifeline, or of the ribbon's outer edge
    app: bool
    state: State
    since: float = 0.0
    named: float = 0.0  # where the current span's name may have to be written again (after a break)
    repeated: bool = False
    calls: float = 0.0  # bottom of the last call's text
    last: float = 0.0  # where the last thing happened at this end
    arrivals: list[tuple[int | None, float]] = field(default_factory=list)  # of packets: when, as far as known; where
    gone: float | None = None  # y at which the process ended
    blocking: dict[int, float] = field(default_factory=dict)
    spans: list[Shape] = field(default_factory=list)


class _Layout(Pen):
    def __init__(self, scene: Scene, width: float, measure: Measure, falls: dict[int, float]) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.both = any(arrow.arrives_ns is not None for arrow in scene.arrows)  # ends were captured
        self.least_falls = falls
        self.falls = dict(falls)  # frame -> how far the arrow falls, as this pass finds it
        self.flying: dict[int, tuple[_Plan, float]] = {}  # frame -> departed, not yet there
        self.least_landing: dict[int, float] = {}
        self.drawn: list[Line] = []  # both ends' arrows: their lines, to be cut where words stand
        self.unexplained: list[tuple[Arrow, _Plan, float]] = []  # RSTs whose reason waits for an empty wire
        self.passing = crossings.passing(scene) if self.both else {}
        self.under: list[Shape] = []  # ribbons
        self.over: list[Shape] = []  # everything on them
        self.cuts: list[Shape] = []  # breaks: cover all lanes
        self.top_shapes: list[Shape] = []
        self.owner = 0
        self.flags_used: dict[str, str] = {}
        self.ignored_flags = "[R]"
        self.used: set[str] = set()
        apps: dict[Side, bool] = {"client": bool(scene.calls("client")), "server": bool(scene.calls("server"))}
        stamps = [scene.stamp(item.t_ns) for item in scene.items if isinstance(item, Arrow | Call)]
        self.gutter = 0.0
        if scene.timed and stamps:
            head = measure(self.say("time"), 11, "sans", False)
            self.gutter = max(head, *(measure(stamp, 10.5, "mono", False) for stamp in stamps)) + 14
        used = 2 * MARGIN + self.gutter + sum(APP for app in apps.values() if app) + 2 * STATE
        self.width = max(width, used + LEAST_WIRE)
        x = MARGIN + self.gutter + (APP if apps["client"] else 0)
        self.left = x + STATE
        self.right = self.width - MARGIN - (APP if apps["server"] else 0) - STATE
        self.lanes: dict[Side, _Lane] = {
            "client": _Lane("client", self.left, x, apps["client"], scene.client_state),
            "server": _Lane("server", self.right, self.right + STATE, apps["server"], scene.server_state),
        }
        self.wire = self.right - self.left
        self.anchor = 0.0  # y of the last mark in time
        self.wire_floor = 0.0  # the wire is taken up to here, by a box that is no mark in time
        self.middle: float | None = None  # of the last arrow
        self.detailed = False
        self.stamp_bottom = 0.0
        self.cut_bottom = -1.0  # of the last break
        self.cut_spans: list[tuple[float, float]] = []
        self.dots: dict[int, tuple[float, Side]] = {}  # frame -> departure
        self.crowded = min(MOST_CROWDED, max(CROWDED, CROWDED_LABEL / self.wire))
        spread = STEEPEST * self.wire * (1 - 2 * self.crowded) - 20
        groups = [] if self.both else crossings.groups(scene, spread)
        self.groups = {arrow.frame: group for group in groups for arrow in group}
        self.on_their_way: list[tuple[Arrow, float, int]] = []  # departed, not drawn: arrow, y, owner
        ways = sorted(arrow.arrives_ns - arrow.t_ns for arrow in scene.arrows if arrow.arrives_ns is not None)
        self.usual_ns = max(0, ways[len(ways) // 2]) if ways else 0

    # --- the page

    def display(self) -> Display:
        scene = self.scene
        y = self._head()
        self._body(y)
        bottom = self._legend(self.bottom)
        shapes = [*self.top_shapes, *self.under, *self._pieces(), *self.over, *self.cuts]
        frame = Rect(x=0, y=0, w=self.width, h=bottom, fill="bg")
        described = [scene.verdict.text, scene.subtitle]
        described += [
            self.say(
                "alt-arrow",
                frame=arrow.frame,
                time=scene.stamp(arrow.t_ns),
                side=self.say(arrow.side),
                flags=arrow.flags,
                label=arrow.label,
                detail=arrow.detail,
            )
            for arrow in scene.arrows
        ]
        return Display(
            width=self.width,
            height=bottom,
            shapes=(frame, *shapes),
            title=scene.title,
            description="\n".join(described),
            lang=scene.lang,
        )

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
                times.append((item.t_ns, item.kind))
        folds = [item for item in scene.items if isinstance(item, Fold)]
        if not times:
            return y
        last = max([t for t, _ in times] + [fold.until_ns for fold in folds])
        first = min([t for t, _ in times] + [fold.t_ns for fold in folds])
        if self.both and first < 0 < last:  # from the gutter's zero: a call before it is no part of the conversation
            first = 0
            times = [(t, what) for t, what in times if t >= 0]
        middle = y + 9
        name = self.text(shapes, MARGIN, middle + 4, self.say("to-scale"), 11.5, "muted")
        total = words.span(last - first)
        x1 = MARGIN + name + 24
        x2 = self.width - MARGIN - self.measure(total, 11, "mono", False) - 12
        self.text(shapes, x2 + 11, middle + 4, total, 11, "muted", family="mono")
        shapes.append(Line(x1=x1, y1=middle, x2=x2, y2=middle, stroke="faint", width=2, role="line"))

        def at(t_ns: int) -> float:
            return x1 + 1.5 + (x2 - x1 - 3) * ((t_ns - first) / (last - first) if last > first else 0)

        for fold in folds:
            x = at(fold.t_ns)
            w = max(1.5, at(fold.until_ns) - x)
            shapes.append(Rect(x=x, y=middle - 5, w=w, h=10, fill="tint-est"))
            shapes.append(Line(x1=x, y1=middle, x2=x + w, y2=middle, stroke="data", width=1.4))
        heights = {"ack": 5.0, "data": 6.0, "syn": 7.0, "fin": 7.0, "rst": 9.0}
        for kind, height in heights.items():
            for t_ns, what in times:
                if what == kind:
                    wide = 3.0 if kind == "rst" else 1.8
                    x = at(t_ns)
                    shapes.append(Line(x1=x, y1=middle - height, x2=x, y2=middle + height, stroke=kind, width=wide))
        for t_ns, what in times:
            if what == "err":
                self._cross(shapes, at(t_ns), middle, 4.5, "rst", 2.2)
                self.used.add("error")
        return y + 18

    def _lane_heads(self, y: float) -> float:
        shapes = self.top_shapes
        base = y + 12
        if self.gutter:
            self.text(shapes, MARGIN, base, self.say("time"), 11, "muted")
        sides: tuple[Side, Side] = ("client", "server")
        fitted = {
            side: self.fit([self.say(f"{side}-kernel"), self.say(side)], STATE - 1, 12.5, 10.5, "sans", True)
            for side in sides
        }
        size = min(at for _, at in fitted.values())
        for side, lane in self.lanes.items():
            middle = (lane.line + lane.outer) / 2
            name, _ = fitted[side]
            self.text(shapes, middle, base, name, size, bold=True, anchor="middle")
            if lane.app:
                at, anchor = (lane.outer - 12, "end") if side == "client" else (lane.outer + 12, "start")
                process = self.say(f"{side}-process")
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

    # --- lanes

    def _body(self, top: float) -> None:
        scene = self.scene
        if scene.cut_start:
            top = self._torn(top + 2, self.say("capture-starts"), starts=True)
        self.lanes_top = top + 3
        self.skyline = _Skyline(self.left, self.right, self.lanes_top + 2)
        for lane in self.lanes.values():
            lane.since = self.lanes_top + 3
            lane.named = lane.since
            lane.calls = lane.since - 8
        self.anchor = self.lanes_top + 8
        self.stamp_bottom = self.lanes_top
        following_of = {id(item): later for item, later in zip(scene.items, (*scene.items[1:], None), strict=True)}
        for item, begins in crossings.in_order(scene) if self.both else ((item, True) for item in scene.items):
            self.owner += 1
            following = following_of[id(item)]
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
        end = self._floor() + 10
        for lane in self.lanes.values():
            self._close_span(lane, end)
        for lane in self.lanes.values():
            self._lifelines(lane, end)
        self.bottom = end
        if scene.cut_end:
            self.bottom = self._torn(end, self.say("capture-ends"), starts=False)

    def _lifelines(self, lane: _Lane, end: float) -> None:
        top = self.lanes_top
        edges = [top, *(y for cut in self.cut_spans for y in (cut[0] + 2, cut[1] - 2)), end]
        pieces = list(zip(edges[::2], edges[1::2], strict=True))  # no lifeline runs through a break
        for y1, y2 in pieces:
            self.under.append(Line(x1=lane.line, y1=y1, x2=lane.line, y2=y2, stroke="ink", width=1.4, role="line"))
            if not lane.app:
                continue
            stop = y2 if lane.gone is None else min(y2, max(y1, lane.gone))
            if stop > y1:
                line = Line(x1=lane.outer, y1=y1, x2=lane.outer, y2=stop, stroke="ink", width=1.4, role="line")
                self.under.append(line)
            if stop < y2:
                self.under.append(
                    Line(x1=lane.outer, y1=stop, x2=lane.outer, y2=y2, stroke="muted", width=1.2, dash=(1.5, 4))
                )
        for y in lane.blocking.values():
            last = end if lane.gone is None else lane.gone
            self.over.append(Rect(x=lane.outer - 4, y=y, w=8, h=last - y, fill="bg", stroke="ink", width=1.3))

    def _floor(self) -> float:
        """Below everything placed so far, in every lane."""
        lanes = self.lanes.values()
        states = max(lane.since + STATE_ROOM for lane in lanes)
        calls = max(lane.calls for lane in lanes)
        last = max(lane.last for lane in lanes) + 4 if self.both else 0.0
        return max(self.skyline.lowest(), states, calls, last, self.anchor, self.stamp_bottom)

    def _stamp(self, y: float, t_ns: int) -> None:
        if self.gutter:
            x = MARGIN + self.gutter - 14
            self.text(self.over, x, y + 3.7, self.scene.stamp(t_ns), 10.5, "muted", family="mono", anchor="end")
            self.stamp_bottom = y + 8

    def _enter(self, state: State | None, y: float) -> None:
        """Begin a state's span at y."""
        if state is None:
            return
        lane = self.lanes[state.side]
        self._close_span(lane, y)
        lane.state = state
        lane.since = y
        lane.repeated = False

    def _close_span(self, lane: _Lane, end: float) -> None:
        tint = TINT.get(lane.state.name, "tint-unknown")
        x = min(lane.line, lane.outer) + 5
        w = STATE - 10
        y = lane.since + 1
        h = end - 1 - y
        if h <= 0:
            return
        self.under.append(Rect(x=x, y=y, w=w, h=h, fill=tint))
        edge = x + w - 2 if lane.side == "client" else x + 2
        inferred = lane.state.source == "inferred"
        dash = (9.0, 2.5) if inferred else ()
        if inferred or lane.state.source == "traced":
            self.used.add("inferred" if inferred else "traced")
        self.under.append(Line(x1=edge, y1=y, x2=edge, y2=end - 1, stroke=EDGE[tint], width=4, dash=dash))
        name, size = self.fit([lane.state.name], w - 6, 11, 9.5, "mono", not lane.repeated, 0.25)
        fill = "muted" if lane.repeated or lane.state.name == "UNKNOWN" else "ink"
        middle = x + (w - 4) / 2 if lane.side == "client" else x + 4 + (w - 4) / 2
        self.text(
            self.under,
            middle,
            y + (17 if lane.repeated else 13),
            name,
            size,
            fill,
            bold=not lane.repeated,
            anchor="middle",
            family="mono",
        )

    # --- arrows

    def _place_arrow(self, arrow: Arrow) -> None:
        y = self._departure(arrow)
        if arrow.wait is not None and self.gutter and y - 22 >= self.stamp_bottom:
            x = MARGIN + self.gutter - 14
            wait, size = self.fit([arrow.wait], self.gutter - 14, 10, 9.5, "mono")
            self.text(self.over, x, y - 11, wait, size, "muted", family="mono", anchor="end", bold=True)
        self._stamp(y, arrow.t_ns)
        self._enter(arrow.sender_state, y)
        self.dots[arrow.frame] = (y, arrow.side)
        self.anchor = y
        self.detailed = bool(arrow.detail)
        self.on_their_way.append((arrow, y, self.owner))
        group = self.groups.get(arrow.frame)
        if group is None or arrow is group[-1]:
            self._arrive()

    def _departure(self, arrow: Arrow) -> float:
        """Where the arrow departs."""
        group = self.groups.get(arrow.frame, (arrow,))
        if arrow is group[0]:
            y = self._least(arrow, self._planned(arrow))
            for place, later in enumerate(group[1:], 1):  # those that cross it must fit too, a little below
                y = max(y, self.skyline.room(self._planned(later).boxes, 3.0) - place * CROSSING_LAG)
                if later.sender_state is not None:
                    y = max(y, self.lanes[later.side].since + STATE_ROOM - place * CROSSING_LAG)
            return y
        pitch = PITCH_DETAILED if self.detailed or arrow.detail else PITCH
        pitch += IGNORED if any(one.ignored is not None for one in group) else 0.0
        y = max(self.on_their_way[-1][1] + CROSSING_LAG, self.stamp_bottom + 6)
        y = max([y, *(above + pitch for one, above, _ in self.on_their_way if one.side == arrow.side)])
        if self.anchor > self.on_their_way[-1][1]:  # a call in between
            y = max(y, self.anchor + 6)
        if arrow.sender_state is not None:
            y = max(y, self.lanes[arrow.side].since + STATE_ROOM)
        return y

    def _arrive(self) -> None:
        """Draw what has departed: all at one slant, so steep that each is there after the last has left."""
        departed, self.on_their_way = self.on_their_way, []
        slant = self._slant(departed[0][0]) if len(departed) == 1 else CROSSING_SLANT
        for place, (one, y, _) in enumerate(departed):
            for two, below, _ in departed[place + 1 :]:
                if one.side != two.side:  # each label stands where the other arrow does not pass
                    room = IGNORED if one.ignored or two.ignored else 0.0
                    slant = max(slant, (below - y + 20 + room) / (1 - 2 * self.crowded))
            if len(departed) > 1 and one.receiver_state is not None:
                slant = max(slant, self.lanes[_other(one.side)].since + STATE_ROOM - y)
        plans = [self._plan(arrow, slant, crowded=len(departed) > 1) for arrow, _, _ in departed]
        last = self.owner
        for (arrow, y, self.owner), plan in zip(departed, plans, strict=True):
            self._draw_arrow(arrow, plan, y)
        self.owner = last
        for (arrow, y, _), plan in zip(departed, plans, strict=True):
            lane = self.lanes[_other(arrow.side)]
            if arrow.unanswered is None:
                lane.arrivals.append((arrow.arrives_ns, y + slant))
            if arrow.receiver_state is not None:
                self._enter(arrow.receiver_state, max(y + slant, lane.since + STATE_ROOM))
            self.skyline.add(plan.boxes, y)
        self.middle = departed[-1][1] + slant / 2
        for (arrow, y, _), plan in zip(departed, plans, strict=True):
            if arrow.why is not None:
                self._callout(arrow, plan, y, pointing=len(departed) == 1)

    # --- arrows of which both ends' times are known

    def _leave(self, arrow: Arrow) -> None:
        """The arrow departs."""
        frame, lane = arrow.frame, self.lanes[arrow.side]
        plan = self._flown(arrow)
        y = self._take_off(arrow, plan)
        for other, (theirs, above) in self.flying.items():
            if theirs.sign == plan.sign:
                continue
            # Head on: the other must pass below this one's labels, which stand near its tail.
            bottoms = [(abs(q.x2 - theirs.end), abs(q.x1 - theirs.end), q) for q in plan.boxes[1:]]
            for far1, far2, q in bottoms:
                far, at = (far1, q.y2) if far1 > far2 else (far2, q.y1)
                part = far / abs(theirs.end - theirs.tail)
                if part < 0.55:
                    least = (y + at + q.below + 4 - above * part) / (1 - part)
                    least = min(least, above + STEEPEST * self.wire)
                    self.least_landing[other] = max(self.least_landing.get(other, 0.0), least)
        if arrow.wait is not None and self.gutter and y - 22 >= self.stamp_bottom:
            x = MARGIN + self.gutter - 14
            wait, size = self.fit([arrow.wait], self.gutter - 14, 10, 9.5, "mono")
            self.text(self.over, x, y - 11, wait, size, "muted", family="mono", anchor="end", bold=True)
        self._stamp(y, arrow.t_ns)
        self._enter(arrow.sender_state, y)
        self.dots[frame] = (y, arrow.side)
        self.anchor = lane.last = y
        self.detailed = bool(arrow.detail)
        self._draw_arrow(arrow, plan, y)
        if arrow.why is not None:
            self.unexplained.append((arrow, plan, y))
        if crossings.arrival(arrow) is None:
            self.skyline.add(plan.boxes, y)
            self.middle = y + SLANT / 2
            if not self.flying:
                self._explain()
        else:
            self.skyline.add(plan.boxes[1:], y)
            self.flying[frame] = (plan, y)

    def _flown(self, arrow: Arrow) -> _Plan:
        """The arrow's geometry, falling as far as the passes before this one have found."""
        fall = self.falls.setdefault(arrow.frame, self._least_fall(arrow))
        return self._plan(arrow, fall, crowded=arrow.frame in self.passing)

    def _take_off(self, arrow: Arrow, plan: _Plan) -> float:
        """The least y at which the arrow may depart."""
        lane = self.lanes[arrow.side]
        pitch = PITCH_DETAILED if self.detailed or arrow.detail else PITCH
        y = max(self.anchor + 6, lane.last + 6, self.wire_floor, self.skyline.room(plan.boxes, 3.0))
        if self.middle is not None:
            y = max(y, self.middle + pitch - min(plan.slant, SLANT) / 2)
        if self.gutter:
            y = max(y, self.stamp_bottom + 7)
        if arrow.sender_state is not None:
            y = max(y, lane.since + STATE_ROOM)
        for theirs, above in self.flying.values():
            if theirs.sign != plan.sign:
                continue
            # Of the same way: this one's labels stand below the other's line, as far as that is not too steep.
            tops = [
                (abs(x - theirs.tail), at - q.above) for q in plan.boxes[1:] for x, at in ((q.x1, q.y1), (q.x2, q.y2))
            ]
            below = max(far * abs(theirs.slope) - top + 3 for far, top in tops)
            y = max(y, above + pitch, above + min(below, MOST_ROOM))
        return y

    def _least_fall(self, arrow: Arrow) -> float:
        """How far the arrow falls at the least: in proportion to its way, where that is more than noise."""
        if arrow.arrives_ns is None or not self.scene.timed:
            return SLANT
        way = arrow.arrives_ns - arrow.t_ns
        for other in self.passing.get(arrow.frame, ()):
            theirs = 0 if other.arrives_ns is None else other.arrives_ns - other.t_ns
            if other.side != arrow.side and 3 * way >= theirs:
                return CROSSING_SLANT
        return self._slant(arrow) if way >= NOISE_NS else SLANT

    def _land(self, arrow: Arrow) -> None:
        """The arrow arrives: below all that was before at that end."""
        plan, y = self.flying.pop(arrow.frame)
        lane = self.lanes[_other(arrow.side)]
        there = max(y + plan.slant, lane.last + LANDING, self.wire_floor, self.least_landing.get(arrow.frame, 0.0))
        if arrow.receiver_state is not None:
            there = max(there, lane.since + STATE_ROOM)
            self._enter(arrow.receiver_state, there)
        if there > y + plan.slant + 0.05:
            self.falls[arrow.frame] = there - y
        lane.last = there
        lane.arrivals.append((arrow.arrives_ns, there))
        self.skyline.add((_Quad(plan.tail, 0, plan.end, there - y, 3.0, 3.0),), y)
        self.middle = there - SLANT / 2
        if not self.flying:
            self._explain()

    def _explain(self) -> None:
        """The reasons of RSTs, once nothing is on its way."""
        waiting, self.unexplained = self.unexplained, []
        for arrow, plan, y in waiting:
            alone = arrow.frame not in self.passing and arrow.frame == next(reversed(self.dots))
            self._callout(arrow, plan, y, pointing=alone)

    def _pieces(self) -> list[Shape]:
        """The lines of both ends' arrows, cut where they pass behind words, chips and boxes of others."""
        there: list[tuple[int, Sequence[tuple[float, float]]]] = []
        for shape in (*self.over, *self.cuts):
            if isinstance(shape, Text):
                there.append((shape.owner, audit.box(shape)))
            elif isinstance(shape, Rect) and shape.role == "mark":
                x, y = shape.x + shape.w, shape.y + shape.h
                there.append((shape.owner, ((shape.x, shape.y), (x, shape.y), (x, y), (shape.x, y))))
            elif isinstance(shape, Poly) and shape.role == "mark" and len(shape.points) != 3:
                there.append((shape.owner, shape.points))
        pieces: list[Shape] = []
        for line in self.drawn:
            hidden = sorted(
                part for owner, points in there if owner != line.owner and (part := _behind(line, points)) is not None
            )
            length, at = math.hypot(line.x2 - line.x1, line.y2 - line.y1), 0.0
            for low, high in (*hidden, (1.0, 1.0)):
                if (low - at) * length > 2:
                    ends = [(line.x1 + (line.x2 - line.x1) * t, line.y1 + (line.y2 - line.y1) * t) for t in (at, low)]
                    (x1, y1), (x2, y2) = ends
                    pieces.append(replace(line, x1=x1, y1=y1, x2=x2, y2=y2))
                at = max(at, high)
        return pieces

    def _planned(self, arrow: Arrow) -> _Plan:
        crowded = arrow.frame in self.groups
        return self._plan(arrow, CROSSING_SLANT if crowded else self._slant(arrow), crowded=crowded)

    def _slant(self, arrow: Arrow) -> float:
        """How far an arrow falls that crosses none: where its way was measured, in proportion to the usual one."""
        if arrow.arrives_ns is None or not self.usual_ns or not self.scene.timed:
            return SLANT
        return min(MOST_SLANT, SLANT * max(1.0, (arrow.arrives_ns - arrow.t_ns) / self.usual_ns))

    def _least(self, arrow: Arrow, plan: _Plan) -> float:
        """The least y at which the arrow may depart."""
        least = max(self.anchor + 6, self.wire_floor, self.skyline.room(plan.boxes, 3.0))
        if self.middle is not None:
            pitch = PITCH_DETAILED if self.detailed or arrow.detail else PITCH
            least = max(least, self.middle + pitch - plan.slant / 2)
        if self.gutter:
            least = max(least, self.stamp_bottom + 7)
        if arrow.sender_state is not None:
            least = max(least, self.lanes[arrow.side].since + STATE_ROOM)
        if arrow.receiver_state is not None:
            least = max(least, self.lanes[_other(arrow.side)].since + STATE_ROOM - plan.slant)
        return least

    def _plan(self, arrow: Arrow, slant: float, crowded: bool) -> _Plan:
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
        if self.both and abs(slope) > STEEP:
            return self._steep(arrow, sign, (start, end, tail, reach), slope, slant, (chip, chip_width, head))
        labels = [arrow.label, *arrow.shorter_labels]
        label, label_size = self.fit(labels, room, 12.5, 10, "sans", True)
        detail, detail_size = ("", 10.5)
        if arrow.detail:
            details = [arrow.detail, *arrow.shorter_details]
            if arrow.on_the_way is not None and not crowded:
                details[:0] = [f"{one}, {arrow.on_the_way}" for one in details]
            detail, detail_size = self.fit(details, room, 10.5, 9.5, "mono", False, 0.25)
        more: list[tuple[str, float, str]] = []
        first = tail + sign * (INSET + 4)  # these stand below the chip, too, and beside the heads of arrows
        wide_room = abs(free_to - first)

        def add(text: str, token: str) -> None:
            shown, size = self.fit([text], wide_room, 10.5, 9.5)
            lines = [shown] if shown == text else self.lines(text, wide_room, 9.5)
            more.extend((line, size, token) for line in lines)

        if self.both and crowded and "  (" in arrow.label and "  (" not in label:
            add(arrow.label.partition("  ")[2], arrow.kind)  # what M or N stands for
        if arrow.took is not None and arrow.took not in detail:
            add(arrow.took, "ink")
        middle = (free_from + free_to) / 2
        angle = math.degrees(math.atan2(slope, 1.0))
        stretch = 1 / math.cos(math.radians(angle))

        def at(x: float) -> float:
            return (x - tail) * slope

        half = self.measure(label, label_size, "sans", True) / 2
        boxes = [_Quad(tail, 0, reach, at(reach), 3.0, 3.0)]
        gap = 5.0
        above = (gap + label_size * (ASCENT + DESCENT)) * stretch
        boxes.append(
            _Quad(middle - half - 2, at(middle - half - 2), middle + half + 2, at(middle + half + 2), above, 0)
        )
        if detail:
            half = self.measure(detail, detail_size, "mono", False) / 2
            below = (3.5 + detail_size * (ASCENT + DESCENT)) * stretch
            boxes.append(
                _Quad(middle - half - 2, at(middle - half - 2), middle + half + 2, at(middle + half + 2), 0, below)
            )
        tall = (22.0 if octagon else CHIP) / 2 + 1
        boxes.append(_Quad(chip - chip_width / 2, at(chip), chip + chip_width / 2, at(chip), tall, tall))
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
            boxes.append(_Quad(reach, at(reach), x + sign * wide, at(reach), 9, 9))
            side_text = (text, size, x)
        elif arrow.ignored is not None:
            # Right above the head's end of the line, where a label of its own has room.
            text, size = self.fit([arrow.ignored, self.say("ignored")], room, 11, 9.5, "sans", True)
            side_text = (text, size, middle)
            half = self.measure(text, size, "sans", True) / 2 + 2
            low = (3.5 + 10.5 * (ASCENT + DESCENT)) if detail else 2.0
            below = (low + 3 + size * (ASCENT + DESCENT)) * stretch
            boxes.append(_Quad(middle - half, at(middle - half), middle + half, at(middle + half), 0, below))
        more_middle = (first + free_to) / 2
        if more:
            low = (3.5 + detail_size * (ASCENT + DESCENT)) if detail else 2.0
            low += 3 + 11 * (ASCENT + DESCENT) if arrow.ignored is not None else 0.0
            low = max(low, _depth(chip_width, angle))
            half = max(self.measure(text, size, "sans", False) for text, size, _ in more) / 2 + 2
            below = (low + 3 + MORE * len(more)) * stretch
            near, far = more_middle - half, more_middle + half
            boxes.append(_Quad(near, at(near), far, at(far), 0, below))
        if arrow.origin:
            boxes.append(_Quad(start, 0, tail, 0, 12, 20))
        return _Plan(
            sign, start, end, tail, reach, slope, slant, chip, chip_width, head, middle, angle, label, label_size,
            detail, detail_size, side_text, tuple(boxes), tuple(more), more_middle,
        )  # fmt: skip

    def _steep(
        self,
        arrow: Arrow,
        sign: float,
        way: tuple[float, float, float, float],
        slope: float,
        slant: float,
        mark: tuple[float, float, float],
    ) -> _Plan:
        """An arrow that falls far: its words stand level above its tail, where its fall does not move them."""
        (start, end, tail, reach), (chip, chip_width, head) = way, mark
        first = tail + sign * (INSET + 2)
        room = ABOVE_TAIL * self.wire - INSET - 2
        token = "ink" if arrow.kind == "ack" else arrow.kind
        label, size = self.fit([arrow.label, *arrow.shorter_labels], room, 12.5, 10, "sans", True)
        rows = [_Row(label, size, token, bold=True)]
        if arrow.detail:
            detail, size = self.fit([arrow.detail, *arrow.shorter_details], room, 10.5, 9.5, "mono", False, 0.25)
            rows.append(_Row(detail, size, "muted", mono=True))
        for text, ink in ((arrow.took, "ink"), (arrow.ignored, "rst"), (arrow.unanswered, "rst")):
            shown, size = self.fit([text or ""], room, 11, 9.5)
            rows += [
                _Row(line, size, ink) for line in ([shown] if shown == text else self.lines(text or "", room, 9.5))
            ]
        rows = [row for row in rows if row.text]
        wide = max(self.measure(row.text, row.size, "mono" if row.mono else "sans", row.bold) for row in rows)
        tall = (22.0 if arrow.kind == "rst" else CHIP) / 2 + 1
        chip_y = (chip - tail) * slope
        boxes = (
            _Quad(tail, 0, reach, (reach - tail) * slope, 3.0, 3.0),
            _Quad(first, -ROW_LIFT, first + sign * (wide + 2), -ROW_LIFT, ROW * len(rows), 0),
            _Quad(chip - chip_width / 2, chip_y, chip + chip_width / 2, chip_y, tall, tall),
        )
        return _Plan(
            sign, start, end, tail, reach, slope, slant, chip, chip_width, head, chip,
            math.degrees(math.atan2(slope, 1.0)), "", 12.5, "", 10.5, None, boxes, (), first, tuple(rows),
        )  # fmt: skip

    def _draw_arrow(self, arrow: Arrow, plan: _Plan, y: float) -> None:
        shapes, token, sign = self.over, arrow.kind, plan.sign

        def at(x: float) -> float:
            return y + (x - plan.tail) * plan.slope

        if arrow.ignored is None:
            self.flags_used.setdefault(arrow.flags, arrow.kind)
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
        self._chip(shapes, plan.chip, at(plan.chip), plan.chip_width, arrow.flags, token, arrow.ignored is not None)
        middle_y = at(plan.middle)
        radians = math.radians(plan.angle)
        across = (math.sin(radians), -math.cos(radians))  # unit vector, upwards from the line
        lift = 5 + plan.label_size * DESCENT
        fill = "ink" if arrow.kind == "ack" else token
        for number, row in enumerate(reversed(plan.rows)):
            self.text(
                shapes, plan.more_middle, y - ROW_LIFT - 3 - ROW * number, row.text, row.size, row.token, bold=row.bold,
                anchor="start" if sign > 0 else "end", family="mono" if row.mono else "sans", owner=self.owner,
            )  # fmt: skip
        if plan.label:
            self.text(
                shapes, plan.middle + across[0] * lift, middle_y + across[1] * lift, plan.label, plan.label_size, fill,
                bold=True, anchor="middle", angle=plan.angle, halo=True, owner=self.owner,
            )  # fmt: skip
        low = 0.0
        if plan.detail:
            low = 3.5 + plan.detail_size * ASCENT
            self.text(
                shapes, plan.middle - across[0] * low, middle_y - across[1] * low, plan.detail, plan.detail_size,
                "muted", anchor="middle", family="mono", angle=plan.angle, owner=self.owner,
            )  # fmt: skip
            low += plan.detail_size * DESCENT
        if plan.side_text is not None:
            text, size, x = plan.side_text
            if arrow.ignored is not None:
                low += 3 + size * ASCENT
                self.text(
                    shapes, x - across[0] * low, at(x) - across[1] * low, text, size, "rst",
                    bold=True, anchor="middle", angle=plan.angle, owner=self.owner,
                )  # fmt: skip
            else:
                self.text(
                    shapes, x, at(plan.reach) + 4, text, size, "rst", bold=True,
                    anchor="start" if sign > 0 else "end", owner=self.owner,
                )  # fmt: skip
        low = max(low, _depth(plan.chip_width, plan.angle))
        for text, size, ink in plan.more:
            low += MORE
            self.text(
                shapes, plan.more_middle - across[0] * low, at(plan.more_middle) - across[1] * low, text, size, ink,
                anchor="middle", angle=plan.angle, owner=self.owner,
            )  # fmt: skip
        x1, x2 = sorted((plan.tail, plan.end))
        y1, y2 = at(x1), at(x2)
        self.over.append(
            Hit(
                points=((x1, y1 - 20), (x2, y2 - 20), (x2, y2 + 20), (x1, y1 + 20)),
                frame=arrow.frame,
                label=self.say(
                    "alt-arrow",
                    frame=arrow.frame,
                    time=self.scene.stamp(arrow.t_ns),
                    side=self.say(arrow.side),
                    flags=arrow.flags,
                    label=arrow.label,
                    detail=arrow.detail,
                ),
            )
        )

    def _arrowhead(self, x: float, y: float, plan: _Plan, token: str, hollow: bool) -> None:
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

    def _chip(
        self, shapes: list[Shape], x: float, y: float, width: float, flags: str, token: str, hollow: bool
    ) -> None:
        fill, stroke, ink = ("bg", token, token) if hollow else (token, "bg", "chip")
        if token == "rst":
            half, tall, cut = width / 2, 11.0, 6.0
            points = (
                (x - half + cut, y - tall), (x + half - cut, y - tall), (x + half, y - tall + cut),
                (x + half, y + tall - cut), (x + half - cut, y + tall), (x - half + cut, y + tall),
                (x - half, y + tall - cut), (x - half, y - tall + cut),
            )  # fmt: skip
            shapes.append(Poly(points=points, fill=fill, stroke=stroke, width=1.6, role="mark", owner=self.owner))
        else:
            shapes.append(
                Rect(
                    x=x - width / 2, y=y - CHIP / 2, w=width, h=CHIP, fill=fill, stroke=stroke, width=1.6, radius=4,
                    role="mark", owner=self.owner,
                )
            )  # fmt: skip
        self.text(shapes, x, y + 4.1, flags, 11.5, ink, bold=True, anchor="middle", family="mono", owner=self.owner)

    def _cross(self, shapes: list[Shape], x: float, y: float, r: float, token: str, width: float) -> None:
        for flip in (1, -1):
            shapes.append(
                Line(
                    x1=x - r, y1=y - r * flip, x2=x + r, y2=y + r * flip, stroke=token, width=width,
                    role="mark", owner=self.owner,
                )
            )  # fmt: skip

    def _bracket(self, arrow: Arrow, y: float) -> None:
        """A dotted bracket along the lifeline, from the copy before."""
        earlier = [
            self.dots[other.frame]
            for other in self.scene.arrows
            if other.frame in self.dots
            and other.frame != arrow.frame
            and arrow.retransmission_of in (other.frame, other.retransmission_of)
        ]
        if not earlier:
            return
        top, side = earlier[-1]
        if side != arrow.side:
            return
        x = self.lanes[side].line
        inner = x + (7.5 if side == "client" else -7.5)
        points = ((x, top), (inner, top + 6), (inner, y - 6), (x, y))
        self.over.append(Poly(points=points, stroke=arrow.kind, width=1.4, closed=False, dash=(1.5, 2.5)))

    def _origin(self, arrow: Arrow, plan: _Plan, y: float) -> None:
        """The "?" diamond of a sender that is not the peer, and the dotted way back to it."""
        shapes, sign = self.over, plan.sign
        self.used.add("origin")
        x = plan.tail
        (self.drawn if self.both else shapes).append(
            Line(x1=plan.start, y1=y, x2=x, y2=y, stroke="muted", width=1.3, dash=(2, 4), role="line", owner=self.owner)
        )
        self._diamond(shapes, x, y)
        middle = (plan.start + x - sign * 12) / 2
        notes = [arrow.origin_note or "", self.say("not-its-own", side=arrow.side)]
        text, size = self.fit(notes, abs(plan.start - x) - 30, 11, 9.5, "sans", True)
        self.text(shapes, middle, y + 15, text, size, "rst", bold=True, anchor="middle", owner=self.owner)

    def _diamond(self, shapes: list[Shape], x: float, y: float) -> None:
        points = ((x, y - 11), (x + 11, y), (x, y + 11), (x - 11, y))
        shapes.append(Poly(points=points, fill="bg", stroke="rst", width=1.8, role="mark", owner=self.owner))
        self.text(shapes, x, y + 4.2, "?", 12, "rst", bold=True, anchor="middle", family="mono", owner=self.owner)

    def _callout(self, arrow: Arrow, plan: _Plan, y: float, *, pointing: bool = True) -> None:
        assert arrow.why is not None
        x, w = self.left + 16, self.wire - 32
        chip_y = y + (plan.chip - plan.tail) * plan.slope
        size = 12.0
        lines = self.lines(arrow.why.text, w - 28, size)
        proof = self.lines(arrow.why.proof, w - 28, 11.5, True) if arrow.why.proof else []
        title = self.lines(arrow.why.title, w - 28, 12.5, True)
        top = max(chip_y + 11 + 14, self.skyline.lowest(x, x + w) + 8)
        pointing = pointing and not plan.rows
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
        else:  # others pass below the chip: a line from its tail, along the lifeline
            aside = plan.start + plan.sign * LEADER
            edge = x if plan.sign > 0 else x + w
            from_y = y + max(0.0, (aside - plan.tail) * plan.slope)
            led = ((aside, from_y), (aside, top + 14), (edge, top + 14))
            self.under.append(Poly(points=led, stroke="rst", width=1.4, closed=False))
        at = top + 7
        for line in title:
            at += 17
            self.text(self.over, x + 14, at - 3, line, 12.5, "rst", bold=True, owner=owner)
        for line in lines:
            at += 16
            self.text(self.over, x + 14, at - 1.5, line, size, owner=owner)
        at += 5
        for line in proof:
            at += 16
            self.text(self.over, x + 14, at - 1.5, line, 11.5, "data", bold=True, owner=owner)
        self._beside(x, x + w, top + h)

    def _beside(self, x1: float, x2: float, bottom: float) -> None:
        """Reserve a box on the wire that takes no time: calls may stand beside it."""
        self.skyline.add((_Quad(x1, bottom, x2, bottom, 0, 3),), 0)
        self.wire_floor = bottom + 15
        self.middle = None

    def _box(self, x1: float, x2: float, top: float, bottom: float) -> None:
        """Reserve a box's height; the next arrow starts 15 px below it."""
        self.skyline.add((_Quad(x1, bottom, x2, bottom, 0, 3),), 0)
        self.anchor = max(self.anchor, bottom + 15 - 6)
        if self.both:
            self.wire_floor = max(self.wire_floor, bottom + 15)
        self.middle = None

    # --- the other marks

    def _place_state(self, state: State) -> None:
        lane = self.lanes[state.side]
        if lane.repeated and lane.since == self.cut_bottom and (not self.both or lane.last == self.cut_bottom):
            # It changed somewhere in the gap.
            lane.state, lane.repeated = state, False
            lane.since += 4
            return
        y = max(self.anchor + 2, lane.since + STATE_ROOM, lane.last + 10 if self.both else 0.0)
        self._enter(state, y)
        lane.last = y
        self.anchor = max(self.anchor, y - 4)

    def _place_note(self, note: Note) -> None:
        room = self.wire - 60
        lines = self.lines(note.text, room, 11.5)
        start = max(self.anchor + 8, self.skyline.lowest() + (10 if note.boxed else 6))
        if self.both:
            start = max(start, *(lane.last + 6 for lane in self.lanes.values()))
        pad = 8 if note.boxed else 2
        if note.boxed:
            wide = max(self.measure(line, 11.5, "sans", False) for line in lines) + 24
            self.over.append(
                Rect(
                    x=(self.left + self.right - wide) / 2, y=start, w=wide, h=2 * pad + 16 * len(lines), fill="panel",
                    stroke="muted", radius=5, role="mark", owner=self.owner,
                )
            )  # fmt: skip
        y = start + pad
        for line in lines:
            y += 16
            self.text(
                self.over, (self.left + self.right) / 2, y - 4, line, 11.5, "muted", italic=True, anchor="middle",
                owner=self.owner,
            )  # fmt: skip
        if note.boxed or not self.scene.timed:
            self._box(self.left + 16, self.right - 16, start, y + pad)
        else:
            self._beside(self.left + 16, self.right - 16, y + pad)

    def _place_fold(self, fold: Fold) -> None:
        self.used.add("fold")
        x, w = self.left + 16, self.wire - 32 - 8
        inner = w - 28
        facts: list[str] = []
        line = ""
        for fact in fold.facts:
            longer = f"{line} · {fact}" if line else fact
            if line and self.measure(longer, 11, "sans", False) > inner:
                facts.append(line)
                longer = fact
            line = longer
        facts.append(line)
        facts = [part for fact in facts if fact for part in self.lines(fact, inner, 11)]
        self._explain()
        top = max(self.anchor + 10, self.skyline.lowest() + 8)
        h = 22 + 2 * 18 + 15 * len(facts) + 9
        for shift in (8, 4, 0):
            self.over.append(
                Rect(
                    x=x + shift, y=top + shift, w=w, h=h, fill="tint-est" if not shift else "bg", stroke="data",
                    width=1.3, radius=5, role="mark", owner=self.owner,
                )
            )  # fmt: skip
        middle = x + w / 2
        title, size = self.fit([fold.title], inner, 12.5, 10, "sans", True)
        self.text(self.over, middle, top + 18, title, size, bold=True, anchor="middle", owner=self.owner)
        for row, (text, rightwards) in enumerate(((fold.to_server, True), (fold.to_client, False))):
            y = top + 36 + 18 * row
            shown, size = self.fit([text], inner * 0.6, 11.5, 9.5, "sans", True)
            wide = self.measure(shown, size, "sans", True)
            anchor: Literal["start", "end"] = "start" if rightwards else "end"
            self.text(
                self.over, x + 14 if rightwards else x + w - 14, y, shown, size, "data", bold=True, anchor=anchor,
                owner=self.owner,
            )  # fmt: skip
            sign = 1 if rightwards else -1
            tail = x + 14 + wide + 10 if rightwards else x + w - 14 - wide - 10
            tip = x + w - 14 if rightwards else x + 14
            self.over.append(
                Line(x1=tail, y1=y - 4, x2=tip - sign * 8, y2=y - 4, stroke="data", width=1.9, owner=self.owner)
            )
            self.over.append(
                Poly(
                    points=((tip, y - 4), (tip - sign * 10, y - 8.2), (tip - sign * 10, y + 0.2)),
                    fill="data",
                    owner=self.owner,
                )
            )
        y = top + 36 + 18 + 3
        for fact in facts:
            y += 15
            self.text(self.over, middle, y - 1, fact, 11, anchor="middle", owner=self.owner)
        self._stamp(max(top + 14, self.stamp_bottom + 7), fold.t_ns)
        self._box(x, x + w + 8, top, top + h + 8)

    def _place_call(self, call: Call, following: object = None) -> None:
        lane = self.lanes[call.side]
        client = call.side == "client"
        at = lane.outer + (-12 if client else 12)
        anchor: Literal["start", "end"] = "end" if client else "start"
        y = max(self.anchor + 6, lane.calls + 12)
        y = max([y, *(at for t_ns, at in lane.arrivals if t_ns is None or t_ns <= call.t_ns)])
        if self.both:
            y = max(y, lane.last + 10)
        if isinstance(following, Arrow) and following.side == call.side and not self.on_their_way:
            departure = self._take_off(following, self._flown(following)) if self.both else self._departure(following)
            y = max(y, departure - 12)  # right above the packet that it sends
        room = APP - 24
        name, size = self.fit([call.text, *call.shorter_texts], room, 12, 10.5, "mono", True, 0.25)
        self.over.append(
            Line(x1=lane.outer - 5, y1=y, x2=lane.outer + 5, y2=y, stroke="ink", width=1.8, owner=self.owner)
        )
        if call.ends is not None and call.ends in lane.blocking:
            begun = lane.blocking.pop(call.ends)
            self.over.append(Rect(x=lane.outer - 4, y=begun, w=8, h=y - begun, fill="bg", stroke="ink", width=1.3))
        if call.id is not None:
            lane.blocking[call.id] = y
            self.used.add("blocks")
        bottom = y + 5 if call.text else y - 10
        if call.text:
            fill = {"ok": "data", "err": "rst"}.get(call.kind, "ink") if call.result is None else "ink"
            self.text(self.over, at, y + 4, name, size, fill, bold=True, anchor=anchor, family="mono", owner=self.owner)
        if call.result is not None:
            bottom = max(y + 5, self._result(call, lane, bottom, room))
        elif call.note:
            for line in self.lines(call.note, room, 10.5):
                bottom += 14
                self.text(self.over, at, bottom - 2, line, 10.5, "muted", italic=True, anchor=anchor, owner=self.owner)
        if call.kind == "exit":
            self._cross(self.over, lane.outer, y + 9, 6, "ink", 2)
            lane.gone = y + 9
            bottom = max(bottom, y + 16)
            self.used.add("exit")
        lane.calls = bottom
        self.anchor = lane.last = y
        if call.text and y > self.stamp_bottom + 4 and not self.scene.arrow_follows(call):
            self._stamp(y, call.t_ns)

    def _result(self, call: Call, lane: _Lane, bottom: float, room: float) -> float:
        client = call.side == "client"
        at = lane.outer + (-12 if client else 12)
        anchor: Literal["start", "end"] = "end" if client else "start"
        if call.kind != "err":
            fill = "muted" if call.kind == "wait" else "data"
            lines, size = self._whole(call.result or "", room, 11.5)
            for line in lines:
                bottom += 14
                self.text(self.over, at, bottom - 1, line, size, fill, bold=True, anchor=anchor, owner=self.owner)
            for line in self.lines(call.note or "", room, 10.5):
                bottom += 14
                self.text(self.over, at, bottom - 2, line, 10.5, "muted", italic=True, anchor=anchor, owner=self.owner)
            return bottom
        notes = self.lines(call.note or "", room - 14, 10.5)
        x = at - room if client else at
        results, size = self._whole(call.result or "", room - 14, 12)
        h = 10 + 15 + 14 * (len(results) - 1 + len(notes))
        top = bottom + 4
        self.over.append(
            Rect(x=x, y=top, w=room, h=h, fill="warn", stroke="rst", width=1.4, radius=4, role="mark", owner=self.owner)
        )
        for number, line in enumerate(results):
            self.text(self.over, x + 8, top + 16 + 14 * number, line, size, "rst", bold=True, owner=self.owner)
        for number, line in enumerate(notes, len(results)):
            self.text(self.over, x + 8, top + 16 + 14 * number, line, 10.5, owner=self.owner)
        return top + h + 2

    def _whole(self, result: str, room: float, size: float) -> tuple[list[str], float]:
        """What a call returned, exactly: in smaller letters, else in lines; never with a part left out."""
        text, fits = self.fit([result], room, size, 9.5, "sans", True)
        return ([text], fits) if text == result else (self.lines(result, room, 10.5, True), 10.5)

    def _place_break(self, cut: Break) -> None:
        self._explain()
        y = self._floor() + 5
        self._zigzag(y, y + BREAK)
        runs = [Run(cut.text, "ink", True)]
        room = self.width - 2 * MARGIN - 40
        if cut.detail:
            runs.append(Run("    " + cut.detail, "muted"))
        size = 12.0
        while size > 9.5 and sum(self.measure(run.text, size, "sans", run.bold) for run in runs) > room:
            size -= 0.5
        self.text(
            self.cuts, (MARGIN + self.width - MARGIN) / 2, y + BREAK / 2 + 4.2, tuple(runs), size, anchor="middle"
        )
        bottom = self.cut_bottom = y + BREAK
        self.cut_spans.append((y, bottom))
        for lane in self.lanes.values():
            self._close_span(lane, y + 6)
            lane.since = bottom
            lane.repeated = True
            lane.calls = max(lane.calls, bottom)
            lane.last = bottom
        self.skyline.fill(bottom + 6)
        self.anchor = bottom + 8
        self.middle = None
        self.stamp_bottom = bottom + 2

    def _zigzag(self, top: float, bottom: float) -> None:
        def edge(y: float) -> list[tuple[float, float]]:
            count = round((self.width - 2 * MARGIN) / 12) * 2
            step = (self.width - 2 * MARGIN) / count
            return [(MARGIN + i * step, y + (3.2 if i % 2 else -3.2)) for i in range(count + 1)]

        upper, lower = edge(top), edge(bottom)
        self.cuts.append(Poly(points=(*upper, *reversed(lower)), fill="bg"))
        for points in (upper, lower):
            self.cuts.append(Poly(points=tuple(points), stroke="muted", width=1.2, closed=False, role="line", owner=-1))

    def _torn(self, y: float, text: str, *, starts: bool) -> float:
        """A torn edge: the connection goes on beyond the capture."""
        if starts:
            top, bottom, base = y, y + 26, y + 14
            edge = bottom - 5
        else:
            top, bottom, base = y - 3, y + 26, y + 19
            edge = top + 3
        count = round((self.width - 2 * MARGIN) / 12) * 2
        step = (self.width - 2 * MARGIN) / count
        zigzag = [(MARGIN + i * step, edge + (3.2 if i % 2 else -3.2)) for i in range(count + 1)]
        far = top if starts else bottom
        if not starts:
            cover = ((MARGIN, far), *zigzag, (self.width - MARGIN, far))
            self.cuts.append(Poly(points=cover, fill="bg"))
        self.cuts.append(Poly(points=tuple(zigzag), stroke="muted", width=1.2, closed=False, role="line", owner=-1))
        self.text(self.cuts, self.width / 2, base, text, 11.5, "muted", italic=True, anchor="middle")
        return bottom if not starts else edge

    # --- legend

    def _legend(self, y: float) -> float:
        shapes = self.cuts
        y += 8
        shapes.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint", width=1))
        row = y + 22
        start = MARGIN + self.text(shapes, MARGIN, row + 4, self.say("legend"), 11, "muted", bold=True) + 14
        x = start
        order = {"syn": 0, "ack": 1, "data": 2, "fin": 3, "rst": 4}
        entries: list[tuple[str, str, float]] = []
        for flags, kind in sorted(self.flags_used.items(), key=lambda entry: (order[entry[1]], len(entry[0]))):
            wide = self.measure(flags, 11.5, "mono", True) + (16 if kind == "rst" else 10)
            entries.append((flags, self._flag_names(flags), wide))
        ignored = self.measure(self.ignored_flags, 11.5, "mono", True) + 16
        widths = {"ignored": max(40.0, ignored), "inferred": 8.0, "traced": 8.0}
        for mark in (
            "retransmission",
            "unanswered",
            "lost",
            "ignored",
            "origin",
            "fold",
            "blocks",
            "exit",
            "error",
            "traced",
            "inferred",
        ):
            if mark in self.used:
                entries.append(
                    (
                        mark,
                        self.say(f"legend-{mark}"),
                        widths.get(mark, 26.0),
                    )
                )
        for mark, text, wide in entries:
            needed = wide + 6 + self.measure(text, 11, "sans", False)
            if x + needed > self.width - MARGIN and x > start:
                x, row = start, row + 26
            self.owner += 1
            self._legend_mark(shapes, mark, x, row, wide)
            self.text(shapes, x + wide + 6, row + 4, text, 11)
            x += needed + 16
        return row + 22

    def _flag_names(self, flags: str) -> str:
        key = f"legend-{flags}"
        if words.has(key):
            return self.say(key)
        names = {"F": "FIN", "S": "SYN", "R": "RST", "P": "PSH", ".": "ACK", "U": "URG", "E": "ECE", "W": "CWR"}
        return "+".join(names.get(letter, letter) for letter in flags.strip("[]")) if flags != "[none]" else "no flags"

    def _legend_mark(self, shapes: list[Shape], mark: str, x: float, y: float, wide: float) -> None:
        if mark in self.flags_used:
            self._chip(shapes, x + wide / 2, y, wide, mark, self.flags_used[mark], False)
        elif mark == "retransmission":
            shapes.append(Line(x1=x, y1=y, x2=x + wide, y2=y, stroke="data", width=1.9, dash=(7, 4)))
        elif mark in ("unanswered", "lost"):
            shapes.append(Line(x1=x, y1=y, x2=x + wide - 6, y2=y, stroke="data", width=1.9))
            self._cross(shapes, x + wide - 6, y, 5, "rst", 2.2)
        elif mark == "ignored":
            self._chip(shapes, x + wide / 2, y, wide, self.ignored_flags, "rst", True)
        elif mark == "origin":
            self._diamond(shapes, x + 13, y)
        elif mark == "fold":
            for shift in (5, 2.5, 0):
                fill = "bg" if shift else "tint-est"
                shapes.append(Rect(x=x + shift, y=y - 8 + shift, w=wide - 6, h=11, fill=fill, stroke="data", radius=2))
        elif mark == "blocks":
            shapes.append(Rect(x=x + wide - 12, y=y - 8, w=8, h=16, fill="bg", stroke="ink", width=1.3))
        elif mark == "exit":
            self._cross(shapes, x + wide - 9, y, 6, "ink", 2)
        elif mark == "error":
            self._cross(shapes, x + wide - 9, y, 4.5, "rst", 2.2)
        else:
            dash = (9.0, 2.5) if mark == "inferred" else ()
            shapes.append(Line(x1=x + 3, y1=y - 9, x2=x + 3, y2=y + 9, stroke="data", width=4, dash=dash))


@dataclass(frozen=True, slots=True)
class _Plan:
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
    boxes: tuple[_Quad, ...]
    more: tuple[tuple[str, float, str], ...]  # lines below the label's two: text, size, colour
    more_middle: float
    rows: tuple[_Row, ...] = ()  # level, above the tail: instead of all these


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of words above the tail of an arrow that falls far."""

    text: str
    size: float
    token: str
    bold: bool = False
    mono: bool = False
