"""A placed figure: shapes with coordinates and colour tokens, and the pen that writes text that fits.

Every figure ends as a `Display`; the backends for pictures only translate it. Coordinates are px,
y grows downwards; colours are tokens of `theme`. What the audit holds against each other says its
role: lines, marks and labels; shapes of one owner belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from . import metrics, words
from .metrics import Family, Measure
from .scene import Said, Verdict

WIDTH = 900
MARGIN = 14.0
ASCENT, DESCENT = 0.80, 0.22  # em, of a text's box

Role = Literal["", "line", "mark", "label"]  # what the audit holds against what


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """A rectangle, with corners rounded by `radius`."""

    x: float
    y: float
    w: float
    h: float
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    radius: float = 0.0
    role: Role = ""
    owner: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight stroke."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    role: Role = ""
    owner: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Poly:
    """A polygon, or with closed=False a polyline."""

    points: tuple[tuple[float, float], ...]
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    closed: bool = True
    dash: tuple[float, ...] = ()
    role: Role = ""
    owner: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A dot."""

    x: float
    y: float
    r: float
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text with one weight and colour."""

    text: str
    fill: str
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text on its baseline, turned by `angle` degrees about (x, y)."""

    x: float
    y: float
    runs: tuple[Run, ...]
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    family: Family = "sans"
    italic: bool = False
    angle: float = 0.0
    halo: bool = False
    owner: int = 0
    measured: float = 0.0  # px, by the measure that laid it out

    @property
    def text(self) -> str:
        """All runs."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Where a pointer or the keyboard finds a segment; not painted."""

    points: tuple[tuple[float, float], ...]
    frame: int
    label: str


Shape = Rect | Line | Poly | Circle | Text | Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A placed figure."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    description: str
    lang: str


class Pen:
    """Writes text that is measured: every figure's layout is one."""

    def __init__(self, lang: str, measure: Measure) -> None:
        self.lang = lang
        self.measure = measure

    def say(self, key: str, **values: object) -> str:
        """A sentence of `words` in the figure's language."""
        return words.say(key, self.lang, **values)

    def text(
        self,
        shapes: list[Shape],
        x: float,
        y: float,
        text: str | tuple[Run, ...],
        size: float,
        fill: str = "ink",
        *,
        bold: bool = False,
        anchor: Literal["start", "middle", "end"] = "start",
        family: Family = "sans",
        italic: bool = False,
        angle: float = 0.0,
        halo: bool = False,
        owner: int = 0,
    ) -> float:
        """Put a text down; returns its width."""
        runs = (Run(text, fill, bold),) if isinstance(text, str) else text
        measured = sum(self.measure(run.text, size, family, run.bold) for run in runs)
        shapes.append(
            Text(
                x=x,
                y=y,
                runs=runs,
                size=size,
                anchor=anchor,
                family=family,
                italic=italic and self.lang != "zh" and not _wide(runs),  # one style in all lines
                angle=angle,
                halo=halo,
                owner=owner,
                measured=measured,
            )
        )
        return measured

    def fit(
        self,
        texts: Sequence[str],
        room: float,
        size: float,
        least: float,
        family: Family = "sans",
        bold: bool = False,
        step: float = 0.5,
    ) -> tuple[str, float]:
        """The first of `texts` that fits, and its size; the last, shortened in the middle, if none does."""
        for text in texts:
            at = size
            while at >= least - 1e-9:
                if self.measure(text, at, family, bold) <= room:
                    return text, at
                at -= step
        text = texts[-1]
        keep = len(text)
        while keep > 1 and self.measure(text, least, family, bold) > room:
            keep -= 1
            half = (keep + 1) // 2
            text = texts[-1][:half] + "…" + texts[-1][len(texts[-1]) - (keep - half) :]
        return text, least

    def lines(self, text: str, room: float, size: float, bold: bool = False, family: Family = "sans") -> list[str]:
        """The text in lines no wider than `room`."""
        return metrics.wrap(text, room, lambda part: self.measure(part, size, family, bold))

    def page(
        self, scene: Said, width: float, height: float, shapes: Iterable[Shape], said: str, *, ground: bool = True
    ) -> Display:
        """The whole figure; `said` describes it to those who do not see it."""
        below = (Rect(x=0, y=0, w=width, h=height, fill="bg"),) if ground else ()
        return Display(
            width=width, height=height, shapes=(*below, *shapes), title=scene.title, description=said, lang=scene.lang
        )

    def evened(self, text: str, room: float, size: float, bold: bool = False) -> list[str]:
        """The text in as few lines as fit `room`, about equally long: no word stands alone in the last."""
        best = self.lines(text, room, size, bold)
        if len(best) > 1 and any("一" <= char <= "鿿" for char in text):
            return metrics.by_clauses(text, room, lambda part: self.measure(part, size, "sans", bold), len(best))
        low = high = room
        if len(best) > 1:
            longest = metrics.widest(text, lambda part: self.measure(part, size, "sans", bold))
            low = min(room, max(room / 2, longest))  # no word is parted for it
        while high - low > 4:  # the narrowest room that takes no line more
            room = (low + high) / 2
            lines = self.lines(text, room, size, bold)
            if len(lines) == len(best):
                best, high = lines, room
            else:
                low = room
        return best

    def filled(self, text: str, room: float, size: float, end: str = "") -> list[str]:
        """The text in as few lines as fit `room`, the last one no rest of a word or two, and `end` whole in it."""
        best = lines = self.lines(f"{text} {end}".rstrip(), room, size)
        narrower = room
        while len(lines) == len(best) > 1:
            whole = not end or (lines[-1].endswith(end) and lines[-1] != end)
            if whole and self.measure(lines[-1], size, "sans", False) >= room / 3:
                return lines
            narrower -= 6
            lines = self.lines(f"{text} {end}".rstrip(), narrower, size)
        return best

    def heading(self, shapes: list[Shape], width: float, title: str, subtitle: str) -> float:
        """The title and the grey line of provenance, from the top; returns where they end."""
        inner = width - 2 * MARGIN
        y = 12.0
        for line in self.evened(title, inner, 19, True):
            y += 19
            self.text(shapes, MARGIN, y - 2, line, 19, bold=True)
            y += 5
        y += 2
        tall = 12.0
        while len(self.lines(subtitle, inner, tall)) > 2 and tall > 9.5:
            tall -= 0.5
        for line in self.evened(subtitle, inner, tall):
            y += 13
            self.text(shapes, MARGIN, y - 1, line, tall, "muted")
            y += 3
        return y

    def typed(self, grounds: list[Shape], shapes: list[Shape], y: float, width: float, head: str, text: str) -> float:
        """What is typed in a terminal, or printed there, behind its head on a ground of its own; returns its end."""
        start = MARGIN + 12 + self.measure(head, 11, "sans", True) + 14
        lines = self.lines(text, width - MARGIN - 12 - start, 11, family="mono")
        height = 13 + 15.5 * len(lines)
        grounds.append(Rect(x=MARGIN, y=y, w=width - 2 * MARGIN, h=height, fill="panel", radius=3))
        self.text(shapes, MARGIN + 12, y + 18, head, 11, "muted", bold=True)
        for number, line in enumerate(lines):
            self.text(shapes, start, y + 18 + 15.5 * number, line, 11, family="mono")
        return y + height

    def bar(self, shapes: list[Shape], y: float, width: float, verdict: Verdict) -> float:
        """The verdict, on the colour of its kind; returns where it ends."""
        mark, ground = {"bad": ("rst", "warn"), "ok": ("data", "ok"), "open": ("muted", "panel")}[verdict.kind]
        head = self.say(verdict.heading)
        start = MARGIN + 18 + self.measure(head, 11, "sans", True) + 22
        proved = self.say("proved") if verdict.certainty == "proved" else ""
        room = width - MARGIN - 12 - start
        said = [(verdict.answer, 13.0, "ink"), (verdict.also.strip(), 12.0, "muted")]
        *first, (last, size, ink) = [each for each in said if each[0]]
        told = [(line, tall, tone) for text, tall, tone in first for line in self.filled(text, room, tall)]
        told += [(line, size, ink) for line in self.filled(last, room, size, proved)]
        height = 14 + 18 * len(told)
        shapes.append(Rect(x=MARGIN, y=y, w=width - 2 * MARGIN, h=height, fill=ground, radius=3))
        shapes.append(Rect(x=MARGIN, y=y, w=5, h=height, fill=mark))
        self.text(shapes, MARGIN + 16, y + 20, head, 11, mark, bold=True)
        for number, (line, size, ink) in enumerate(told):
            runs: tuple[Run, ...] = (Run(line, ink),)
            if proved and number == len(told) - 1 and line.endswith(proved):
                runs = (Run(line.removesuffix(proved), ink), Run(proved, "data", True))
            self.text(shapes, start, y + 20.5 + 18 * number, runs, size)
        return y + height


def octagon(x: float, y: float, half: float, tall: float, cut: float) -> tuple[tuple[float, float], ...]:
    """The corners of a chip that says RST, as wide as twice `half`, as high as twice `tall`."""
    return (
        (x - half + cut, y - tall), (x + half - cut, y - tall), (x + half, y - tall + cut),
        (x + half, y + tall - cut), (x + half - cut, y + tall), (x - half + cut, y + tall),
        (x - half, y + tall - cut), (x - half, y - tall + cut),
    )  # fmt: skip


def _wide(runs: tuple[Run, ...]) -> bool:
    """Whether any of it is Han text, which has no italics."""
    return any(ord(char) > 0x2E80 for run in runs for char in run.text)
