"""The RSTs of a capture: of which kinds they are, when they came, and how soon they answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ...analyze.story import SIDES, Overview, ResetFigures, Side
from .. import words
from ..axes import length, length_ticks, time_ticks
from ..characters import Grid
from ..marks import character, colour, mark
from ..metrics import Measure, cells, wrap
from ..of_capture import along, at, joined, provenance, share
from ..placed import MARGIN, Display, Line, Pen, Rect, Shape
from ..scene import Said
from ..strips import HEIGHT, LEAST, blocks, merged, strip
from . import Figure

LABEL = 230.0  # px
PITCH = HEIGHT + 7
FEW = 20  # RSTs, of which a share says less than a count
TABLE_BAR = 24  # columns


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """RSTs of one sender and shape, and how many of them their receivers accepted."""

    ending: str  # whose mark it has: reset-client, reset-server
    label: str
    accepted: int
    ignored: int
    unclear: int
    text: str

    @property
    def count(self) -> int:
        """All of them."""
        return self.accepted + self.ignored + self.unclear


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """One side's RSTs along an axis."""

    ending: str
    label: str
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetsScene(Said):
    """The RSTs of a capture."""

    subtitle: str
    total: int
    first_ns: int
    last_ns: int
    kinds: tuple[KindRow, ...]
    over_time: tuple[SideRow, ...]
    time_text: str
    latency: tuple[SideRow, ...]  # first and last bin without limit
    edges_ns: tuple[int, ...]
    latency_text: str


def compose(overview: Overview, lang: str = "en") -> ResetsScene:
    """The scene of an Overview's RSTs."""
    resets = overview.resets
    kinds = tuple(_kinds(resets, lang))
    answers = resets.latency
    part = length((overview.last_ns - overview.first_ns) // len(resets.bins[0]))
    without = sum(one.count for one in resets.kinds if one.shape != "active") - answers.total
    latency = words.say("resets-latency" if answers.total else "resets-no-answers", lang)
    if answers.total and without > 0:
        latency += words.say("resets-latency-without", lang, n=words.number(without))
    return ResetsScene(
        title=_title(resets, kinds, lang),
        lang=lang,
        subtitle=joined([provenance(overview, lang), words.say("resets-says", lang) if resets.total else ""], lang),
        total=resets.total,
        first_ns=overview.first_ns,
        last_ns=overview.last_ns,
        kinds=kinds,
        over_time=tuple(
            SideRow(
                ending=f"reset-{side}",
                label=words.say(f"resets-by-{side}", lang, n=words.number(sum(resets.bins[place]))),
                bins=resets.bins[place],
            )
            for place, side in enumerate(SIDES)
            if any(resets.bins[place])
        ),
        time_text=words.say("resets-over-time", lang, time=part),
        latency=tuple(
            SideRow(
                ending=f"reset-{side}",
                label=words.say(
                    "resets-median",
                    lang,
                    side=side,
                    n=words.number(sum(answers.counts[place]) + answers.below[place] + answers.above[place]),
                    time=words.span(median),
                ),
                bins=(answers.below[place], *answers.counts[place], answers.above[place]),
            )
            for place, side in enumerate(SIDES)
            if (median := resets.median_ns[place]) is not None
        ),
        edges_ns=answers.edges_ns,
        latency_text=latency,
    )


def _kinds(resets: ResetFigures, lang: str) -> list[KindRow]:
    """The kinds that there are, most first."""
    by_kind: dict[tuple[Side, str], dict[bool | None, int]] = {}
    for one in resets.kinds:
        by_kind.setdefault((one.sender, one.shape), {})[one.accepted] = one.count
    rows = []
    for (sender, shape), counts in by_kind.items():
        said = [
            words.say(key, lang, n=words.number(counts[accepted]))
            for accepted, key in ((True, "resets-accepted"), (False, "resets-ignored"), (None, "resets-unclear"))
            if accepted in counts
        ]
        rows.append(
            KindRow(
                ending=f"reset-{sender}",
                label=words.say(f"reset-{shape}-{sender}", lang),
                accepted=counts.get(True, 0),
                ignored=counts.get(False, 0),
                unclear=counts.get(None, 0),
                text=words.say("comma", lang).join(said),
            )
        )
    return sorted(rows, key=lambda row: -row.count)


def _title(resets: ResetFigures, kinds: Sequence[KindRow], lang: str) -> str:
    if not resets.total:
        return words.say("resets-title-none", lang)
    if resets.total == 1:
        return words.say("resets-title-one", lang, most=kinds[0].label)
    most = words.say("resets-most", lang, share=share(kinds[0].count, resets.total), kind=kinds[0].label)
    if resets.total < FEW:
        most = words.say(
            "resets-most-of-few", lang, n=words.number(kinds[0].count), kind=kinds[0].label,
        )  # fmt: skip
    if len(kinds) > 1 and kinds[1].count == kinds[0].count:
        most = words.say("resets-even", lang, n=words.number(len(kinds)))
    if len(kinds) == 1:
        most = words.say("resets-all", lang, kind=kinds[0].label)
    return words.say(
        "resets-title",
        lang,
        n=words.number(resets.total),
        connections=words.count(resets.connections, "connection", lang),
        most=most,
    )


class _Layout(Pen):
    def __init__(self, scene: ResetsScene, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = width
        self.shapes: list[Shape] = []
        self.left = MARGIN + LABEL
        self.right = width - MARGIN - 30

    def display(self) -> Display:
        """All of it, from the top down."""
        scene = self.scene
        y = self.heading(self.shapes, self.width, scene.title, scene.subtitle)
        if scene.total:
            y = self.draw_kinds(y + 12)
            y = self.draw_time(y + 16)
            y = self.draw_latency(y + 16)
        said = joined([scene.subtitle, *(f"{row.label}: {row.text}." for row in scene.kinds)], scene.lang)
        return self.page(scene, self.width, y + 12, self.shapes, said, ground=False)

    def head(self, y: float, text: str, note: str = "") -> float:
        """A part's heading; returns where it ends."""
        wide = self.text(self.shapes, MARGIN, y + 11, text, 13, bold=True)
        if note:
            self.text(self.shapes, MARGIN + wide + 12, y + 11, note, 11, "muted")
        return y + 20

    def draw_kinds(self, y: float) -> float:
        """A bar for each kind: full what was accepted, hollow what was ignored, grey what cannot be known."""
        rows = self.scene.kinds
        there = {
            "resets-full": any(row.accepted for row in rows),
            "resets-hollow": any(row.ignored for row in rows),
            "resets-grey": any(row.unclear for row in rows),
        }
        bars = self.say("semicolon").join(self.say(key) for key, drawn in there.items() if drawn)
        y = self.head(y, self.say("resets-kinds"), bars)
        most = max(row.count for row in rows)
        texts = max(self.measure(row.text, 11, "sans", False) for row in self.scene.kinds)
        room = max(60.0, self.width - MARGIN - self.left - 10 - texts)
        for row in self.scene.kinds:
            y += 20
            mark(self.shapes, row.ending, MARGIN + 6, y - 4)
            text, size = self.fit([row.label], LABEL - 24, 12, 9.5)
            self.text(self.shapes, MARGIN + 20, y, text, size)
            x = self.left
            token = colour(row.ending)
            for number, fill, stroke in (
                (row.accepted, token, token), (row.ignored, "bg", token), (row.unclear, "faint", "muted")
            ):  # fmt: skip
                if number:
                    wide = max(LEAST + 2, number / most * room)
                    self.shapes.append(
                        Rect(x=x, y=y - 10, w=wide, h=11, fill=fill, stroke=stroke, width=1.2, role="mark")
                    )
                    x += wide
            self.text(self.shapes, x + 8, y, row.text, 11, "muted")
        return y + 6

    def rows(self, y: float, rows: Sequence[SideRow], ticks: list[tuple[float, str]]) -> float:
        """Strips one below the other, with ticks at these places of the axis; returns where they end."""
        bottom = y + PITCH * len(rows)
        for x, _ in ticks:
            self.shapes.append(Line(x1=x, y1=y, x2=x, y2=bottom, stroke="tint-closed", role="line"))
        for number, row in enumerate(rows):
            top = y + PITCH * number
            self.shapes.append(Line(x1=MARGIN, y1=top, x2=self.right, y2=top, stroke="faint", role="line"))
            mark(self.shapes, row.ending, MARGIN + 6, top + PITCH / 2)
            text, size = self.fit([row.label], LABEL - 24, 12, 9.5)
            self.text(self.shapes, MARGIN + 20, top + PITCH / 2 + 4, text, size)
            token = colour(row.ending)
            strip(self.shapes, self.left, self.right, top + PITCH - 1, [[(token, n)] if n else [] for n in row.bins])
        self.shapes.append(Line(x1=MARGIN, y1=bottom, x2=self.right, y2=bottom, stroke="faint", role="line"))
        for x, text in ticks:
            half = self.measure(text, 10, "mono", False) / 2
            place = min(x, self.width - MARGIN - half)
            self.text(self.shapes, place, bottom + 13, text, 10, "muted", anchor="middle", family="mono")
        return bottom + 17

    def draw_time(self, y: float) -> float:
        """When they came."""
        scene = self.scene
        y = self.head(y, self.say("resets-when"), scene.time_text)
        wide = self.right - self.left
        ticks = time_ticks(scene.first_ns, scene.last_ns, max(2, int(wide / 84)))
        places = [(self.left + at(ns, scene.first_ns, scene.last_ns) * wide, text) for ns, text in ticks]
        return self.rows(y, scene.over_time, places)

    def draw_latency(self, y: float) -> float:
        """How soon they answered."""
        scene = self.scene
        y = self.head(y, self.say("resets-soon"), scene.latency_text)
        if not scene.latency:
            return y
        one = (self.right - self.left) / len(scene.latency[0].bins)
        ticks = length_ticks(scene.edges_ns[0], scene.edges_ns[-1])
        wide = self.right - self.left - 2 * one
        return self.rows(y, scene.latency, [(self.left + one + along(ns, scene.edges_ns) * wide, t) for ns, t in ticks])


class _Characters:
    def __init__(self, scene: ResetsScene, columns: int) -> None:
        self.scene = scene
        self.columns = columns
        self.grid = Grid(columns)
        self.paragraph(scene.title, "bold")
        self.paragraph(scene.subtitle, "line")
        if not scene.total:
            return
        say, lang = words.say, scene.lang
        labels = [one.label for one in scene.kinds] + [one.label for one in (*scene.over_time, *scene.latency)]
        self.left = min(columns - 20, 3 + max(map(cells, labels)) + 2)
        self.head(say("resets-kinds", lang))
        most = max(row.count for row in scene.kinds)
        for kind in scene.kinds:
            row = self.label(kind)
            wide = max(1, round(kind.count / most * min(TABLE_BAR, columns - self.left - 2)))
            column = self.grid.put(row, self.left, "━" * wide, colour(kind.ending))
            if column + 2 + cells(kind.text) > columns:
                row, column = self.grid.row(), max(1, min(self.left, columns - cells(kind.text)) - 2)
            self.grid.put(row, column + 2, kind.text, "line")
        room = columns - self.left - 2
        self.head(say("resets-when", lang))
        for one in scene.over_time:
            row, bins = self.label(one), merged(one.bins, room)
            self.grid.put(row, self.left, blocks(bins, max(bins)), colour(one.ending))
            wide = len(bins)
        self.axis(
            [
                (at(ns, scene.first_ns, scene.last_ns) * (wide - 1), text)
                for ns, text in time_ticks(scene.first_ns, scene.last_ns, max(2, room // 11))
            ]
        )
        self.head(say("resets-soon", lang))
        self.paragraph(scene.latency_text, "line")
        for one in scene.latency:
            row, bins = self.label(one), merged(one.bins, room)
            self.grid.put(row, self.left, blocks(bins, max(bins)), colour(one.ending))
            wide = len(bins)
        if scene.latency:
            ticks = length_ticks(scene.edges_ns[0], scene.edges_ns[-1])
            self.axis([(along(ns, scene.edges_ns) * (wide - 1), text) for ns, text in ticks])

    def paragraph(self, text: str, style: str = "") -> None:
        for line in wrap(text, self.columns, cells):
            self.grid.put(self.grid.row(), 0, line, style)

    def head(self, text: str) -> None:
        self.grid.row()
        self.grid.put(self.grid.row(), 0, text, "bold")

    def label(self, one: KindRow | SideRow) -> int:
        row = self.grid.row()
        self.grid.put(row, 0, character(one.ending), colour(one.ending))
        self.grid.put(row, 3, one.label)
        return row

    def axis(self, ticks: list[tuple[float, str]]) -> None:
        row, free = self.grid.row(), 0
        for place, text in ticks:
            start = min(self.left + round(place) - len(text) // 2, self.columns - len(text))
            if start >= free:
                free = self.grid.put(row, start, text, "line") + 1


def place(scene: ResetsScene, width: float, measure: Measure) -> Display:
    """The placed figure."""
    return _Layout(scene, width, measure).display()


def grid(scene: ResetsScene, columns: int) -> Grid:
    """The figure in characters."""
    return _Characters(scene, columns).grid


class ResetsFigure(Figure):
    """The RSTs of a capture: which kinds, when, how soon they answered."""

    name: ClassVar[str] = "resets"
    of = "capture"
    says: ClassVar[type[Said]] = ResetsScene
    compose = staticmethod(compose)
    place = staticmethod(place)
    grid = staticmethod(grid)
