"""How long connections were silent before they ended: timers of programs, kernels and middleboxes stand out.

A strip for each ending, on a logarithmic axis from 1 ms to 1 h; lengths that many connections share are named. What
an end sends just before it closes, 128 bytes at most and not answered with data, is its goodbye: the silence before
that is counted (`analyze/track.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ...analyze.story import IdleGaps, Overview, Peak
from ...analyze.vocabulary import CLASSES
from .. import words
from ..axes import length, length_ticks
from ..characters import Grid
from ..marks import character, colour, mark
from ..metrics import Measure, cells, wrap
from ..of_capture import along, joined, label, provenance, timer
from ..placed import MARGIN, Display, Line, Pen, Rect, Shape
from ..scene import Said
from ..strips import HEIGHT, blocks, merged, strip
from . import Figure

LABEL, RIGHT = 160.0, 96.0  # px
PITCH = HEIGHT + 7
END = 14.0  # px, of the columns for what is shorter or longer than the axis


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """The silences before one ending; `bins` from the shortest to the longest, the first and the last without limit."""

    ending: str
    label: str
    count: int
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPeak:
    """A length of silence that many connections share."""

    ending: str  # the most frequent one in it
    silence_ns: int
    count: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleGapsScene(Said):
    """How long connections were silent before they ended."""

    subtitle: str
    edges_ns: tuple[int, ...]
    rows: tuple[GapRow, ...]
    peaks: tuple[NamedPeak, ...]


def compose(overview: Overview, lang: str = "en") -> IdleGapsScene:
    """The scene of an Overview's silences."""
    idle = overview.idle
    total = idle.gaps.total
    sentences = [provenance(overview, lang)]
    if total:
        sentences.append(words.say("gaps-says", lang, n=words.count(total, "connection", lang)))
        sentences.append(words.say("gaps-scale", lang))
    if idle.without:
        sentences.append(words.say("gaps-without", lang, n=words.number(idle.without)))
    return IdleGapsScene(
        title=_title(idle, lang),
        lang=lang,
        subtitle=joined(sentences, lang),
        edges_ns=idle.gaps.edges_ns,
        rows=tuple(_rows(idle, lang)),
        peaks=tuple(_peak(peak, lang) for peak in idle.peaks),
    )


def _rows(idle: IdleGaps, lang: str) -> list[GapRow]:
    gaps = idle.gaps
    rows = []
    for place, ending in enumerate(CLASSES):
        bins = (gaps.below[place], *gaps.counts[place], gaps.above[place])
        if any(bins):
            rows.append(GapRow(ending=ending, label=label(ending, lang), count=sum(bins), bins=bins))
    return rows


def _title(idle: IdleGaps, lang: str) -> str:
    """The peak with the most connections; a timer of seconds says more than one of milliseconds."""
    if not idle.gaps.total:
        return words.say("gaps-title-empty", lang)
    long = [peak for peak in idle.peaks if peak.silence_ns >= 10**9]
    if not (long or idle.peaks):
        return words.say("gaps-title-none", lang)
    peak = (long or list(idle.peaks))[0]
    return words.say("gaps-title", lang, n=words.number(peak.count), time=timer(peak.silence_ns))


def _peak(peak: Peak, lang: str) -> NamedPeak:
    ending = max(range(len(CLASSES)), key=lambda place: (peak.counts[place], -place))
    key = "gaps-only" if peak.counts[ending] == peak.count else "gaps-mostly"
    time, n = timer(peak.silence_ns), words.count(peak.count, "connection", lang)
    many = words.say(key, lang, n=n, ending=label(CLASSES[ending], lang))
    return NamedPeak(
        ending=CLASSES[ending],
        silence_ns=peak.silence_ns,
        count=peak.count,
        name=time,
        text=words.say("gaps-peak", lang, time=time, n=many),
    )


class _Layout(Pen):
    def __init__(self, scene: IdleGapsScene, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = width
        self.shapes: list[Shape] = []
        self.left = MARGIN + LABEL + END + 4
        self.right = width - MARGIN - RIGHT - END - 4

    def x(self, ns: int) -> float:
        """Where a length stands, within the axis."""
        return self.left + along(ns, self.scene.edges_ns) * (self.right - self.left)

    def display(self) -> Display:
        """All of it, from the top down."""
        scene = self.scene
        y = self.heading(self.shapes, self.width, scene.title, scene.subtitle)
        if scene.rows:
            y = self.draw_peaks(y + 12)
            y = self.draw_rows(y)
            y = self.draw_names(y + 14)
        said = joined([scene.subtitle, *(peak.text for peak in scene.peaks)], scene.lang)
        return self.page(scene, self.width, y + 12, self.shapes, said, ground=False)

    def draw_peaks(self, top: float) -> float:
        """The lengths that stand out, above the strips and as a line through them; a name without room is below."""
        bottom = top + 14 + PITCH * len(self.scene.rows)
        taken: list[tuple[float, float]] = []
        for peak in self.scene.peaks:
            x = self.x(peak.silence_ns)
            half = self.measure(peak.name, 11, "mono", True) / 2
            self.shapes.append(Rect(x=x - 3.5, y=top + 14, w=7, h=bottom - top - 14, fill="warn"))
            if all(x + half + 8 < left or x - half - 8 > right for left, right in taken):
                taken.append((x - half, x + half))
                self.text(self.shapes, x, top + 10, peak.name, 11, bold=True, anchor="middle", family="mono")
        head = self.say("connections-head")
        self.text(self.shapes, self.width - MARGIN, top + 10, head, 10.5, "muted", anchor="end")
        return top + 14

    def draw_rows(self, top: float) -> float:
        """A strip for each ending; returns where the axis ends."""
        rows, edges = self.scene.rows, self.scene.edges_ns
        bottom = top + PITCH * len(rows)
        ticks = length_ticks(edges[0], edges[-1])
        for ns, _ in ticks:
            self.shapes.append(Line(x1=self.x(ns), y1=top, x2=self.x(ns), y2=bottom, stroke="tint-closed", role="line"))
        for number, row in enumerate(rows):
            y = top + PITCH * number
            base = y + PITCH - 1
            self.shapes.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint", role="line"))
            mark(self.shapes, row.ending, MARGIN + 6, y + PITCH / 2)
            text, size = self.fit([row.label], LABEL - 22, 12, 9.5)
            self.text(self.shapes, MARGIN + 20, y + PITCH / 2 + 4, text, size)
            self.text(
                self.shapes, self.width - MARGIN, y + PITCH / 2 + 4, f"{row.count:,}", 12, anchor="end", family="mono"
            )
            token = colour(row.ending)
            most = max(row.bins)
            # One scale for the whole row: the columns at its ends are strips of their own.
            parts = (
                (self.left - END - 4, self.left - 4, row.bins[:1]),
                (self.left, self.right, row.bins[1:-1]),
                (self.right + 4, self.right + END + 4, row.bins[-1:]),
            )
            for left, right, bins in parts:
                strip(self.shapes, left, right, base, [[(token, n)] if n else [] for n in bins], most)
        self.shapes.append(Line(x1=MARGIN, y1=bottom, x2=self.width - MARGIN, y2=bottom, stroke="faint", role="line"))
        shorter, longer = self.say("shorter", time=length(edges[0])), self.say("longer", time=length(edges[-1]))
        self.text(self.shapes, self.left - 6, bottom + 13, shorter, 10, "muted", anchor="end", family="mono")
        self.text(self.shapes, self.right + 6, bottom + 13, longer, 10, "muted", family="mono")
        for ns, text in ticks[1:-1]:
            self.text(self.shapes, self.x(ns), bottom + 13, text, 10, "muted", anchor="middle", family="mono")
        return bottom + 17

    def draw_names(self, y: float) -> float:
        """What each peak is."""
        if not self.scene.peaks:
            return y
        self.text(self.shapes, MARGIN, y + 11, self.say("gaps-peaks"), 13, bold=True)
        y += 20
        for peak in self.scene.peaks:
            y += 19
            mark(self.shapes, peak.ending, MARGIN + 6, y - 4)
            self.text(self.shapes, MARGIN + 20, y, peak.text, 12)
        return y + 6


def grid(scene: IdleGapsScene, columns: int) -> Grid:
    grid = Grid(columns)

    def paragraph(text: str, style: str = "", indent: int = 0) -> None:
        for line in wrap(text, columns - indent, cells):
            grid.put(grid.row(), indent, line, style)

    paragraph(scene.title, "bold")
    paragraph(scene.subtitle, "line")
    if not scene.rows:
        return grid
    left = 3 + max(cells(row.label) for row in scene.rows) + 2
    inside = len(scene.rows[0].bins) - 2
    width = len(merged(range(inside), max(10, columns - left - 14)))
    grid.row()
    for row in scene.rows:
        at = grid.row()
        grid.put(at, 0, character(row.ending), colour(row.ending))
        grid.put(at, 3, row.label)
        middle = merged(row.bins[1:-1], width)
        most = max(*middle, row.bins[0], row.bins[-1])
        shown = blocks([row.bins[0]], most) + "│" + blocks(middle, most) + "│" + blocks([row.bins[-1]], most)
        grid.put(at, left, shown, colour(row.ending))
        number = f"{row.count:,}"
        grid.put(at, left + width + 14 - len(number), number)
    axis, free = grid.row(), 0
    for ns, text in length_ticks(scene.edges_ns[0], scene.edges_ns[-1]):
        start = left + 2 + round(along(ns, scene.edges_ns) * (width - 1)) - len(text) // 2
        if start >= free:
            free = grid.put(axis, start, text, "line") + 1
    if scene.peaks:
        grid.row()
        paragraph(words.say("gaps-peaks", scene.lang), "bold")
        for peak in scene.peaks:
            first = len(grid.rows)
            paragraph(peak.text, indent=3)
            grid.put(first, 0, character(peak.ending), colour(peak.ending))
    return grid


def place(scene: IdleGapsScene, width: float, measure: Measure) -> Display:
    """The placed figure."""
    return _Layout(scene, width, measure).display()


class IdleGapsFigure(Figure):
    """How long connections were silent before they ended."""

    name: ClassVar[str] = "idle-gaps"
    of = "capture"
    says: ClassVar[type[Said]] = IdleGapsScene
    compose = staticmethod(compose)
    place = staticmethod(place)
    grid = staticmethod(grid)
