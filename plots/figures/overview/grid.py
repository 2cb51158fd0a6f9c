"""The overview in characters: strips of blocks, or a line for each of few connections; the same numbers."""

from __future__ import annotations

from ....analyze.story import Counts
from ....analyze.vocabulary import CLASSES, ORDINARY
from ... import metrics, words
from ...axes import length, time_ticks
from ...characters import Grid
from ...marks import character, colour
from ...of_capture import at, joined
from ...strips import block
from .scene import OverviewScene, ServiceRow

LABEL = 22  # columns
TABLE_BAR = 16


def grid(scene: OverviewScene, columns: int) -> Grid:
    """The scene, that many columns wide."""
    drawing = _Drawing(scene, columns)
    drawing.paragraph(scene.title, "bold")
    strips = any(row.bins for row in scene.rows)
    span = length((scene.last_ns - scene.first_ns) // max(1, drawing.plot))
    subtitle = joined([scene.subtitle, scene.scale_in_characters.replace("{time}", span)], scene.lang)
    drawing.paragraph(subtitle, "line")
    if scene.rows:
        drawing.grid.row()
        drawing.strips() if strips else drawing.bars()
        drawing.axis()
        drawing.grid.row()
        drawing.endings()
        drawing.grid.row()
        drawing.findings()
        drawing.grid.row()
        row = drawing.grid.row()
        column = drawing.grid.put(row, 0, words.say("next-command", scene.lang) + "  ", "bold")
        rest = scene.command
        while rest:  # what is typed is never cut
            room = columns - column
            drawing.grid.put(row, column, rest[:room])
            rest = rest[room:]
            row = drawing.grid.row() if rest else row
    return drawing.grid


class _Drawing:
    """Writes the overview's parts, from the top down."""

    def __init__(self, scene: OverviewScene, columns: int) -> None:
        self.scene = scene
        self.columns = columns
        self.grid = Grid(columns)
        self.strip = any(row.bins for row in scene.rows)
        self.left = LABEL if self.strip else 8
        room = columns - self.left - (28 if self.strip else 2)
        # Of a strip every column holds the same number of bins.
        self.plot = max(n for n in (10, 15, 25, 30, 50, 75, 150) if n <= max(10, room)) if self.strip else max(10, room)

    def paragraph(self, text: str, style: str = "", indent: int = 0) -> None:
        """Text in lines."""
        for line in metrics.wrap(text, self.columns - indent, metrics.cells):
            self.grid.put(self.grid.row(), indent, line, style)

    def strips(self) -> None:
        """Two lines for each service: all endings, and of them the abnormal ones."""
        say, grid = words.say, self.grid
        row = grid.row()
        grid.put(row, 0, say("service", self.scene.lang), "line")
        grid.put(row, self.left, say("endings-over-time", self.scene.lang), "line")
        self.right(row, self.left + self.plot + 10, say("connections-head", self.scene.lang), "line")
        grid.put(row, self.left + self.plot + 12, say("mostly", self.scene.lang), "line")
        for service in self.scene.rows:
            self.service(service)

    def right(self, row: int, end: int, text: str, style: str = "") -> None:
        """Text that ends before a column."""
        self.grid.put(row, end - metrics.cells(text), text, style)

    def service(self, service: ServiceRow) -> None:
        """One service."""
        upper, lower = self.grid.row(), self.grid.row()
        parts = metrics.wrap(service.label, LABEL - 2, metrics.cells)
        for row, part in zip((upper, lower), parts, strict=False):
            self.grid.put(row, 0, part, "bold")
        for part in parts[2:]:
            self.grid.put(self.grid.row(), 0, part, "bold")
        bins = list(zip(*service.bins, strict=True))
        several = len(bins) // self.plot
        cells = [_added(bins[at : at + several]) for at in range(0, len(bins), several)]
        totals = [sum(counts) - counts[_OPEN] for counts in cells]  # what is still open has not ended
        bad = [sum(counts[place] for place in _ABNORMAL) for counts in cells]
        most, worst = max(totals), max(bad)
        for number, counts in enumerate(cells):
            self.grid.put(upper, self.left + number, block(totals[number], most), "end-closed")
            if bad[number]:
                main = max(_ABNORMAL, key=lambda place: (counts[place], -place))
                self.grid.put(lower, self.left + number, block(bad[number], worst), colour(CLASSES[main]))
        end = self.left + self.plot
        self.right(upper, end + 10, f"{service.count:,}")
        self.right(lower, end + 10, service.share if service.abnormal else "", "bold")
        if service.mostly:
            self.named(lower, end + 12, service.mostly, service.mostly_label)

    def named(self, row: int, column: int, ending: str, text: str) -> None:
        """An ending's mark, which may take two cells, and its name."""
        self.grid.put(row, column, character(ending), colour(ending))
        self.grid.put(row, column + 3, text)

    def bars(self) -> None:
        """A line for each connection."""
        grid, scene = self.grid, self.scene
        for service in scene.rows:
            row = grid.row()
            column = grid.put(row, 0, service.label, "bold")
            text = service.connections
            grid.put(row, column + 2, text, "line")
            for bar in service.bars:
                row = grid.row()
                token = colour(bar.ending)
                self.right(row, 7, f"{bar.number}", "line")
                quiet = bar.last_ns if bar.ending == "open" else bar.ended_ns - (bar.silence_ns or 0)
                start, silent, end, last = (
                    self.left + round(at(ns, scene.first_ns, scene.last_ns) * (self.plot - 1))
                    for ns in (bar.start_ns, quiet, bar.ended_ns, bar.last_ns)
                )
                grid.put(row, start, "━" * (end - start + 1), token)
                grid.put(row, end + 1, "─" * (last - end), token)
                grid.put(row, silent + 1, "╌" * (end - silent - 1), token)
                grid.put(row, end, character(bar.ending), f"{token} bold")

    def axis(self) -> None:
        """Times below the plot, as many as fit."""
        scene, row, free = self.scene, self.grid.row(), 0
        for ns, text in time_ticks(scene.first_ns, scene.last_ns, max(2, self.plot // 11)):
            middle = self.left + round(at(ns, scene.first_ns, scene.last_ns) * (self.plot - 1))
            start = max(0, min(middle - len(text) // 2, self.columns - len(text)))
            if start >= free:
                free = self.grid.put(row, start, text, "line") + 1

    def endings(self) -> None:
        """The table of endings."""
        scene = self.scene
        self.grid.put(self.grid.row(), 0, words.say("how-ended", scene.lang), "bold")
        labels = max(metrics.cells(row.label) for row in scene.endings)
        numbers = max(len(f"{row.count:,}") for row in scene.endings)
        most = max((row.count for row in scene.endings if row.abnormal), default=0)
        for one in scene.endings:
            row = self.grid.row()
            self.named(row, 0, one.ending, one.label)
            end = 3 + labels + 2 + numbers
            self.right(row, end, f"{one.count:,}", "bold" if one.abnormal else "")
            self.right(row, end + 9, one.share, "line")
            if one.abnormal:
                self.grid.put(row, end + 11, "━" * max(1, round(one.count / most * TABLE_BAR)), colour(one.ending))

    def findings(self) -> None:
        """What was found."""
        scene = self.scene
        self.grid.put(self.grid.row(), 0, words.say("findings", scene.lang), "bold")
        if not scene.findings and not scene.more:
            self.paragraph(words.say("no-findings", scene.lang), indent=3)
        for finding in scene.findings:
            first = len(self.grid.rows)
            self.paragraph(finding.text, indent=3)
            self.grid.put(first, 0, character(finding.ending), colour(finding.ending))
        if scene.more:
            self.paragraph(scene.more, "line", indent=3)


_OPEN = CLASSES.index("open")
_ABNORMAL = [place for place, name in enumerate(CLASSES) if name not in ORDINARY]


def _added(bins: list[Counts]) -> Counts:
    """Several bins as one."""
    return tuple(map(sum, zip(*bins, strict=True)))
