"""The page while it fills: lanes, the wire, what has been drawn, and where the next mark may stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from ....metrics import Measure
from ....placed import MARGIN, Line, Pen, Poly, Rect, Shape, octagon
from ....scene import SAME_NS, Arrow, Call, Fold, Scene, Side, State
from ....theme import EDGE, TINT
from .. import crossings
from .plans import CHIP, Plan, Planner
from .skyline import Quad, Skyline

APP = 158.0
STATE = 86.0
LEAST_WIRE = 300.0
STEEPEST = 0.7  # dy per dx of an arrow that crosses others
STATE_ROOM = 22.0
WAIT = 9.5  # px, the letters of a gap's length
WAIT_LIFT, WAIT_ROOM = 9.5, 19.0  # of a gap's length above the time; px from the time before to there
PAUSE = 11.0  # px that the word needs which tells what it was for
WAIT_BELOW = 22.0  # px from the mark before
DASH = (9.0, 2.5)  # px, of the edge of a state that is inferred
TOLD = 18.0  # px, at the least, of the edge of one that its kernel reported
Point = tuple[float, float]
Timed = Arrow | Call | Fold  # marks with a time in the gutter
BELOW = 10.0  # what has a stamp of its own, below what has arrived


@dataclass(slots=True)
class Lane:
    """One side's column: what has been placed in it."""

    side: Side
    line: float  # x of the kernel's lifeline
    outer: float  # x of the application's lifeline, or of the ribbon's outer edge
    app: bool
    state: State
    since: float = 0.0
    named: float = 0.0  # where the current span's name may have to be written again (after a break)
    repeated: bool = False
    told: float | None = None  # how far down the state's own record goes, where that ends before the state does
    calls: float = 0.0  # bottom of the last call's text
    last: float = 0.0  # where the last thing happened at this end
    arrivals: list[tuple[int | None, float]] = field(default_factory=list)  # of packets: when, as far as known; where
    gone: float | None = None  # y at which the process ended
    blocking: dict[int, float] = field(default_factory=dict)
    spans: list[Shape] = field(default_factory=list)


class Placing(Pen):
    """The state that all marks share; each kind of mark has a file of its own."""

    def __init__(self, scene: Scene, width: float, measure: Measure) -> None:
        """What is the same in every pass."""
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.both = any(arrow.arrives_ns is not None for arrow in scene.arrows)  # ends were captured
        self.apps: dict[Side, bool] = {"client": bool(scene.calls("client")), "server": bool(scene.calls("server"))}
        stamps = [scene.stamp(item.t_ns) for item in scene.items if isinstance(item, Arrow | Call)]
        self.gutter = 0.0
        if scene.timed and stamps:
            head = measure(self.say("time"), 11, "sans", False)
            timed = [item for item in scene.items if isinstance(item, Arrow | Call | Fold)]
            waits = [item.wait for item in timed if item.wait is not None]
            self.gutter = max(
                head,
                *(measure(stamp, 10.5, "mono", False) for stamp in stamps),
                *(measure(wait, WAIT, "mono", False) for wait in waits),
                *(measure(item.paused, WAIT, "sans", False) for item in timed if item.paused),
            ) + 14  # fmt: skip
        used = 2 * MARGIN + self.gutter + sum(APP for app in self.apps.values() if app) + 2 * STATE
        self.width = max(width, used + LEAST_WIRE)
        edge = MARGIN + self.gutter + (APP if self.apps["client"] else 0)
        self.left = edge + STATE
        self.right = self.width - MARGIN - (APP if self.apps["server"] else 0) - STATE
        self.edges: dict[Side, float] = {"client": edge, "server": self.right + STATE}  # of the lanes, outwards
        self.wire = self.right - self.left
        self.alone = {id(scene.items[place]) for place in scene.told_alone()}  # marks with a stamp of their own
        self.spoken = {  # by frame: each arrow, for those who do not see it
            arrow.frame: self.say(
                "alt-arrow", frame=arrow.frame, time=scene.stamp(arrow.t_ns), side=self.say(arrow.side),
                flags=arrow.flags, label=arrow.label, detail=arrow.detail,
            )
            for arrow in scene.arrows
        }  # fmt: skip
        self.planner = Planner(scene.lang, measure, self.left, self.right, self.both)
        self.passing = crossings.passing(scene) if self.both else {}
        spread = STEEPEST * self.wire * (1 - 2 * self.planner.crowded) - 20
        groups = [] if self.both else crossings.groups(scene, spread)
        self.groups = {arrow.frame: group for group in groups for arrow in group}
        ways = sorted(arrow.arrives_ns - arrow.t_ns for arrow in scene.arrows if arrow.arrives_ns is not None)
        self.usual_ns = max(0, ways[len(ways) // 2]) if ways else 0
        self.used_above: set[str] = set()  # marks of the strip above the lanes
        self.explained = {arrow.frame for arrow in scene.arrows if arrow.why is not None}
        self._begin({})

    def _begin(self, falls: dict[int, float]) -> None:
        """An empty page, for a pass in which arrows fall as far as that, by frame."""
        scene, edges, apps = self.scene, self.edges, self.apps
        self.lanes: dict[Side, Lane] = {
            "client": Lane("client", self.left, edges["client"], apps["client"], scene.client_state),
            "server": Lane("server", self.right, edges["server"], apps["server"], scene.server_state),
        }
        self.falls = dict(falls)  # frame -> how far the arrow falls, as this pass finds it
        self.flying: dict[int, tuple[Plan, float]] = {}  # frame -> departed, not yet there
        self.fading: list[tuple[Plan, float]] = []  # lost beside others that are on their way
        self.least_landing: dict[int, float] = {}
        self.passed: dict[Side, tuple[float, int]] = {}  # sender -> where its last arrow landed, lines of its words
        self.drawn: list[Line] = []  # both ends' arrows: their lines, to be cut where words stand
        self.floating: list[tuple[Arrow, Plan, float, int]] = []  # crossing arrows: their words, y of their tail, owner
        self.chips: dict[int, tuple[float, float]] = {}  # frame -> where such an arrow's chip came to stand
        self.leaders: list[
            tuple[Arrow, Plan, float, tuple[float, float, float], int]
        ] = []  # RSTs; left, right, top of a box; its owner
        self.origins: list[tuple[str, float, float, float, int]] = []  # whose a RST is not: words, size, x, y, owner
        self.unexplained: list[tuple[Arrow, Plan, float]] = []  # RSTs whose reason waits for an empty wire
        self.under: list[Shape] = []  # ribbons
        self.over: list[Shape] = []  # everything on them
        self.cuts: list[Shape] = []  # breaks: cover all lanes
        self.owner = 0
        self.flags_used: set[tuple[str, str]] = set()  # flags, and the kind of segment that has them
        self.ignored_flags = "[R]"
        self.used = set(self.used_above)
        self.lanes_top = self.bottom = 0.0
        self.skyline = Skyline(self.left, self.right, 0.0)
        self.anchor = 0.0  # y of the last mark in time
        self.wire_floor = 0.0  # the wire is taken up to here, by a box that is no mark in time
        self.middle: float | None = None  # of the last arrow
        self.detailed = False
        self.stamp_bottom = 0.0
        self.led: set[int] = set()  # packets right below the calls that sent them: the gap before is that of both
        self.departed_ns = 0  # the last packet; where it ends, arrived or lost:
        self.landed = 0.0
        self.cut_bottom = -1.0  # of the last break
        self.cut_spans: list[tuple[float, float]] = []
        self.dots: dict[int, tuple[float, Side]] = {}  # frame -> departure
        self.brackets: list[tuple[Point, Point, Point, Point, str]] = []  # between the same, sent again; their colours
        self.on_their_way: list[tuple[Arrow, float, int]] = []  # departed, not drawn: arrow, y, owner

    def _lifelines(self, lane: Lane, end: float) -> None:
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
            self.under.append(Rect(x=lane.outer - 4, y=y, w=8, h=last - y, fill="bg", stroke="ink", width=1.3))

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

    def _moment(self, mark: Call | State, y: float) -> float:
        """Where a mark of its own time stands, `y` at the least: below the packets before it, and by its stamp."""
        alone = self.gutter and id(mark) in self.alone  # its stamp must not date what arrived before
        if mark.t_ns is not None and mark.t_ns - self.departed_ns > SAME_NS and not self.on_their_way:
            y = max(y, self.landed + (BELOW if alone else 0.0))
        if alone and mark.t_ns is not None:
            y = max(y, self._stamped(mark))
            if isinstance(mark, Call):
                self._wait(mark, y)
            self._stamp(y, mark.t_ns)
        return y

    def _wait(self, mark: Timed, y: float) -> None:
        """The gap before it, above its time, and what it was for."""
        if mark.wait is None or not self.gutter:
            return
        x, bottom = MARGIN + self.gutter - 14, y - WAIT_LIFT
        if mark.paused:
            self.text(self.over, x, bottom, mark.paused, WAIT, "muted", italic=True, anchor="end")
            bottom -= PAUSE
        self.text(self.over, x, bottom, mark.wait, WAIT, "muted", family="mono", anchor="end")
        self.used |= {"wait-for"} if mark.paused else {"wait"}

    def _stamped(self, mark: Timed | State) -> float:
        """The least y at which the mark's time stands below the last one, and the gap before it below all before."""
        if not self.gutter:
            return 0.0
        if isinstance(mark, State) or mark.wait is None:
            return self.stamp_bottom + 7.0
        below = 0.0 if id(mark) in self.led else self.anchor + WAIT_BELOW
        return max(self.stamp_bottom + WAIT_ROOM, below) + (PAUSE if mark.paused else 0.0)

    def _enter(self, state: State | None, y: float) -> None:
        """Begin a state's span at y."""
        if state is None:
            return
        lane = self.lanes[state.side]
        self._close_span(lane, y)
        lane.state = state
        lane.since = y
        lane.repeated = False
        lane.told = None

    def _outlive(self, at: int | None) -> None:
        """Note where a state's record ends, at the first mark behind that time; None: at the figure's end."""
        for lane in self.lanes.values():
            until = lane.state.told_until_ns
            if until is not None and lane.told is None and (at is None or at > until):
                lane.told = max(lane.since + TOLD, self.anchor)

    def _close_span(self, lane: Lane, end: float) -> None:
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
        dash = DASH if inferred else ()
        if inferred or lane.state.source == "traced":
            self.used.add("inferred" if inferred else "traced")
        told = end - 1 if lane.told is None else min(max(lane.told, y), end - 1)
        if told > y:
            self.under.append(Line(x1=edge, y1=y, x2=edge, y2=told, stroke=EDGE[tint], width=4, dash=dash))
        if told < end - 1:
            self.used.add("inferred")
            self.under.append(Line(x1=edge, y1=told, x2=edge, y2=end - 1, stroke=EDGE[tint], width=4, dash=DASH))
        name, size = self.fit([lane.state.name], w - 10, 11, 9.5, "mono", not lane.repeated, 0.25)
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

    def _beside(self, x1: float, x2: float, bottom: float) -> None:
        """Reserve a box on the wire that takes no time: calls may stand beside it."""
        self.skyline.add((Quad(x1, bottom, x2, bottom, 0, 3),), 0)
        self.wire_floor = bottom + 15
        self.middle = None

    def _box(self, x1: float, x2: float, top: float, bottom: float) -> None:
        """Reserve a box's height; the next arrow starts 15 px below it."""
        self.skyline.add((Quad(x1, bottom, x2, bottom, 0, 3),), 0)
        self.anchor = max(self.anchor, bottom + 15 - 6)
        if self.both:
            self.wire_floor = max(self.wire_floor, bottom + 15)
        self.middle = None

    def _chip(
        self, shapes: list[Shape], x: float, y: float, width: float, flags: str, token: str, hollow: bool
    ) -> None:
        fill, stroke, ink = ("bg", token, token) if hollow else (token, "bg", "chip")
        if token == "rst":
            points = octagon(x, y, width / 2, 11.0, 6.0)
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

    def _diamond(self, shapes: list[Shape], x: float, y: float) -> None:
        points = ((x, y - 11), (x + 11, y), (x, y + 11), (x - 11, y))
        shapes.append(Poly(points=points, fill="bg", stroke="rst", width=1.8, role="mark", owner=self.owner))
        self.text(shapes, x, y + 4.2, "?", 12, "rst", bold=True, anchor="middle", family="mono", owner=self.owner)
