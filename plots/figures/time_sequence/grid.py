"""A time-sequence graph in characters: columns of time, rows of sequence numbers, and the facts in words."""

from __future__ import annotations

from collections.abc import Callable

from ... import words
from ...characters import Grid, head_of_page
from ...metrics import cells, wrap
from . import scales
from .scales import TimeAxis
from .scene import Mark, Panel, TimeSequence

TALL, LOW = 16, 9  # rows of a plot: one alone or the first, the second
MOST_FACTS = 10

LETTER = {
    "data": "│", "retransmission": "R", "out-of-order": "O", "full": "▀", "syn": "S", "fin": "F", "rst": "⊗",
    "keepalive": "K", "window-probe": "P", "sack": "s", "dsack": "d", "copy": "=", "unacked": "!",
    "gave-up": "✕",
}  # fmt: skip
SIGNS = {"rst-ignored": "x", "rst-lost": "x", "data-foreign": "!", "copy-made": "="}  # of names of their own
STYLE = {
    "data": "data", "retransmission": "again bold", "out-of-order": "data bold", "full": "bold", "syn": "syn bold",
    "fin": "fin bold", "rst": "rst bold", "keepalive": "syn bold", "window-probe": "bold", "sack": "", "dsack": "",
    "copy": "muted", "unacked": "rst bold", "gave-up": "rst bold",
}  # fmt: skip
#: What stands above what in one cell: a retransmission must not hide behind data, nor a RST behind anything.
ORDER = ("copy", "unacked", "data", "sack", "dsack", "out-of-order", "full", "keepalive", "window-probe", "syn", "fin",
         "retransmission", "gave-up", "rst")  # fmt: skip


def grid(scene: TimeSequence, columns: int = 100) -> Grid:
    """Draw the scene into a grid of `columns` (60 at least)."""
    return _Drawing(scene, max(60, columns)).draw()


class _Drawing:
    def __init__(self, scene: TimeSequence, columns: int) -> None:
        self.scene = scene
        self.columns = columns
        self.grid = Grid(columns)
        self.used: dict[str, None] = {}
        self.names = [self.number_ticks(panel) for panel in scene.panels]
        self.left = max(cells(text) for names in self.names for text in names.values()) + 2
        self.axis = TimeAxis(scene.stretches, self.left, columns - 1, 3, 0.5)

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.scene.lang, **values)

    @staticmethod
    def number_ticks(panel: Panel) -> dict[int, str]:
        by = scales.step(max(1, panel.high - panel.low), 4)
        last = max(abs(panel.low), abs(panel.high))
        return {mark: scales.count(mark, by, last) for mark in scales.ticks(panel.low, panel.high, 4)}

    def lines(self, text: str, style: str, indent: int = 0) -> None:
        for line in wrap(text, self.columns - indent, lambda part: float(cells(part))):
            self.grid.put(self.grid.row(), indent, line, style)

    def draw(self) -> Grid:
        scene = self.scene
        head_of_page(self.grid, scene.title, scene.subtitle, scene.verdict, scene.lang)
        for number, (panel, names) in enumerate(zip(scene.panels, self.names, strict=True)):
            self.grid.row()
            self.lines(panel.head, "bold")
            self.plot(panel, names, LOW if number else TALL)
        self.times()
        self.facts()
        for note in scene.notes:
            self.lines(note, "muted")
        self.legend()
        return self.grid

    def column(self, t_ns: int) -> int:
        return min(self.columns - 1, int(self.axis.at(t_ns)))

    # --- one plot

    def plot(self, panel: Panel, names: dict[int, str], rows: int) -> None:
        top = len(self.grid.rows)
        for _ in range(rows):
            self.grid.row()

        def row(number: int) -> int:
            number = min(max(number, panel.low), panel.high)
            return top + round((panel.high - number) * (rows - 1) / (panel.high - panel.low))

        for number in range(rows):
            self.grid.put(top + number, self.left - 1, "│", "faint")
        for number, text in names.items():
            self.grid.put(row(number), self.left - 2 - cells(text), text, "muted")
        for band in panel.bands:
            self.used[band.kind] = None
            first, last = self.column(band.t_ns), self.column(band.until_ns)
            rows_of = range(row(band.high), row(band.low) + 1)
            for at in rows_of:
                for column in range(first, max(first, last) + 1):
                    self.grid.put(at, column, "░" if band.kind != "missed" else "?", "fin")
        self.steps(panel, panel.window, "┄", "syn", row)
        self.steps(panel, panel.acked, "─", "ack", row)
        for x, _ in self.axis.cuts():
            self.used["cut"] = None
            for number in range(rows):
                self.grid.put(top + number, int(x), " ║ ", "muted")
        for kind in ORDER:
            for mark in panel.marks:
                if mark.kind == kind:
                    self.mark(mark, row)

    def steps(
        self, panel: Panel, points: tuple[tuple[int, int], ...], char: str, style: str, row: Callable[[int], int]
    ) -> None:
        following = [self.column(t_ns) for t_ns, _ in points[1:]] + [self.columns - 1]
        for (t_ns, value), end in zip(points, following, strict=False):
            if value > panel.high:
                continue  # above the graph
            self.used["window" if char == "┄" else "acked"] = None
            for column in range(self.column(t_ns), end + 1):
                self.grid.put(row(value), column, char, style)

    def mark(self, mark: Mark, row: Callable[[int], int]) -> None:
        name = mark.name
        self.used["outside" if mark.outside and mark.kind != "rst" else name] = None
        column = self.column(mark.t_ns)
        if mark.kind == "unacked":  # beside the data
            column = min(column + 1, self.columns - 1)
        if mark.outside and mark.kind != "rst":
            self.grid.put(row(mark.high), column, "▲" if mark.outside > 0 else "v", STYLE[mark.kind])
            return
        whole = mark.kind in ("data", "retransmission", "out-of-order", "sack", "dsack", "unacked")
        last = row(mark.low) if whole else row(mark.high)
        for at in range(row(mark.high), last + 1):
            self.grid.put(at, column, SIGNS.get(name, LETTER[mark.kind]), STYLE[mark.kind])

    # --- below

    def times(self) -> None:
        row = self.grid.row()
        upto = 0
        for t_ns, text in scales.time_ticks(self.scene.stretches, max(2, (self.columns - self.left) // 14)):
            column = min(self.column(t_ns), self.columns - cells(text))
            if column >= upto:
                upto = self.grid.put(row, column, text, "muted") + 2

    def facts(self) -> None:
        """What the labels of the picture say, in order of time."""
        found = [
            (mark.rank, mark.t_ns, mark.label + (f" ×{words.number(mark.count)}" if mark.count > 1 else ""), mark.kind)
            for panel in self.scene.panels
            for mark in panel.marks
            if mark.label and mark.kind not in ("syn", "fin")
        ]
        found += [
            (2.0, band.t_ns, band.label, "fin") for panel in self.scene.panels for band in panel.bands if band.label
        ]
        found = sorted(found)[:MOST_FACTS]
        stamps = {t_ns: words.span(t_ns) for _, t_ns, _, _ in found}
        wide = max((cells(stamp) for stamp in stamps.values()), default=0)
        said = set()
        for _, t_ns, text, kind in sorted(found, key=lambda fact: fact[1]):
            if (t_ns, text) not in said:
                said.add((t_ns, text))
                self.lines(f"{stamps[t_ns]:>{wide}}  {text}", STYLE.get(kind, kind))
        for panel in self.scene.panels:
            if panel.window_above:
                self.lines(f"{panel.head}{self.say('colon')}{panel.window_above}", "muted")

    def legend(self) -> None:
        signs = (
            LETTER | SIGNS | {"syn-peer": "S", "fin-peer": "F", "rst-peer": "⊗", "rst-foreign": "⊗", "fin-foreign": "F"}
        )
        signs |= {"acked": "─", "window": "┄", "zero-window": "░", "narrow-window": "░", "missed": "?", "outside": "▲"}
        signs["cut"] = "║"
        parts = [
            f"{signs[name]} {self.say(f'ts-legend-{name}').partition(',')[0].partition('，')[0]}"
            for name in signs
            if name in self.used
        ]
        line = ""
        for part in parts:
            if line and cells(line) + cells(part) + 3 > self.columns:
                self.grid.put(self.grid.row(), 0, line, "muted")
                line = ""
            line += ("   " if line else "") + part
        self.grid.put(self.grid.row(), 0, line, "muted")
