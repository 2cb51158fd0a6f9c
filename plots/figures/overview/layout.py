"""A whole capture: how its connections ended, by service and time.

Few connections have a bar each; of many, each service has a strip, with the abnormal endings on the baseline and the
ordinary ones above them in pale. Below: the table of endings, whose counts are those drawn, and the findings.
"""

from __future__ import annotations

from ....analyze.vocabulary import CLASSES, ORDINARY
from ...axes import Tick, time_ticks
from ...marks import colour, mark
from ...metrics import Measure
from ...of_capture import at, joined
from ...placed import MARGIN, Display, Line, Pen, Rect, Shape
from ...strips import HEIGHT, LEAST, strip
from .scene import EndingRow, OverviewScene, ServiceRow

LABEL = 168.0  # px, of the services' names
RIGHT = 262.0  # of the numbers at a strip's right
PITCH = HEIGHT + 7
BAR, STEP = 7.0, 12.0
#: From the baseline up: abnormal endings first, then FIN. What is still open has not ended.
STACK = (*(place for place, name in enumerate(CLASSES) if name not in ORDINARY), CLASSES.index("closed"))
AREA = [colour(name) + ("-pale" if name == "closed" else "") for name in CLASSES]


def layout(scene: OverviewScene, width: float, measure: Measure) -> Display:
    """The placed figure."""
    return _Layout(scene, width, measure).display()


class _Layout(Pen):
    """Places the overview from its top down."""

    def __init__(self, scene: OverviewScene, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = width
        self.shapes: list[Shape] = []
        self.left = MARGIN + LABEL
        self.strips = any(row.bins for row in scene.rows)
        self.right = width - MARGIN - (RIGHT if self.strips else 8)

    def display(self) -> Display:
        """All of it."""
        scene = self.scene
        subtitle = joined([scene.subtitle, scene.scale], scene.lang)
        y = self.heading(self.shapes, self.width, scene.title, subtitle)
        if scene.rows:
            y = self.draw_strips(y + 10) if self.strips else self.draw_bars(y + 10)
            y = self.draw_tables(y + 18)
        said = " ".join([subtitle, *(finding.text for finding in scene.findings)])
        return self.page(scene, self.width, y + 12, self.shapes, said, ground=False)

    def x(self, ns: int) -> float:
        """Where a time stands."""
        return self.left + at(ns, self.scene.first_ns, self.scene.last_ns) * (self.right - self.left)

    def ticks(self) -> list[Tick]:
        """As many as there is room for."""
        return time_ticks(self.scene.first_ns, self.scene.last_ns, max(2, int((self.right - self.left) / 84)))

    def draw_grid(self, top: float, bottom: float) -> None:
        """Lines at the ticks."""
        for ns, _ in self.ticks():
            x = self.x(ns)
            self.shapes.append(Line(x1=x, y1=top, x2=x, y2=bottom, stroke="tint-closed", role="line"))

    def draw_axis(self, y: float) -> float:
        """What stands at the ticks; returns where it ends."""
        for ns, text in self.ticks():
            half = self.measure(text, 10, "mono", False) / 2
            x = min(max(self.x(ns), self.left - 10 + half), self.width - MARGIN - half)
            self.text(self.shapes, x, y + 12, text, 10, "muted", anchor="middle", family="mono")
        return y + 16

    def label_lines(self, text: str) -> list[str]:
        """A service's name in lines that fit beside its row; as it is typed, so nothing of it is left out."""
        room, rest, lines = LABEL - 10, text, []
        while rest:
            keep = len(rest)
            while keep > 1 and self.measure(rest[:keep], 10.5, "mono", True) > room:
                keep -= 1
            lines.append(rest[:keep])
            rest = rest[keep:]
        return lines

    # Few connections: a bar each

    def draw_bars(self, top: float) -> float:
        """Every connection; returns where the axis ends."""
        top = self.draw_band_texts(top)
        blocks = []
        y = top
        for row in self.scene.rows:
            lines = self.label_lines(row.label)
            note = len(row.bars) > 2
            height = 9 + max(STEP * len(row.bars), 13 * len(lines) + (13 if note else 0))
            blocks.append((y, height, row, lines, note))
            y += height
        self.draw_bands(top, y)
        self.draw_grid(top, y)
        for start, height, row, lines, note in blocks:
            self.shapes.append(Line(x1=MARGIN, y1=start, x2=self.right, y2=start, stroke="faint", role="line"))
            at_y = start + 14
            for line in lines:
                self.text(self.shapes, MARGIN, at_y, line, 10.5, bold=True, family="mono")
                at_y += 13
            if note:
                self.text(self.shapes, MARGIN, at_y, row.connections, 10.5, "muted")
            for place, _ in enumerate(row.bars):
                self.draw_bar(row, place, start + 5 + STEP / 2 + STEP * place)
            y = start + height
        return self.draw_axis(y)

    def draw_bar(self, row: ServiceRow, place: int, y: float) -> None:
        """One connection: its life, the silence before its end as dashes, and the mark of its ending."""
        bar = row.bars[place]
        token = colour(bar.ending)
        quiet = bar.ended_ns - (bar.silence_ns or 0)
        if bar.ending == "open":
            quiet = bar.last_ns
        end = quiet
        if self.x(bar.ended_ns) - self.x(quiet) < 6:
            end = bar.ended_ns
        else:
            self.shapes.append(
                Line(
                    x1=self.x(quiet), y1=y, x2=self.x(bar.ended_ns), y2=y,
                    stroke=token, width=1.5, dash=(3, 3), role="line",
                )
            )  # fmt: skip
        if end > bar.start_ns:
            x = self.x(bar.start_ns)
            wide = max(LEAST, self.x(end) - x)
            self.shapes.append(Rect(x=x, y=y - BAR / 2, w=wide, h=BAR, fill=f"{token}-pale", role="mark"))
        if self.x(bar.last_ns) - self.x(bar.ended_ns) > 6:  # it had ended, and packets still came
            line = Line(
                x1=self.x(bar.ended_ns), y1=y, x2=self.x(bar.last_ns), y2=y, stroke=token, width=1.5, role="line"
            )
            self.shapes.append(line)
        mark(self.shapes, bar.ending, self.x(bar.ended_ns), y)

    def draw_bands(self, top: float, bottom: float) -> None:
        """Where many connections of a service ended at once."""
        for band in self.scene.bands:
            x, end = self.x(band.first_ns), self.x(band.last_ns)
            wide = max(8.0, end - x)
            self.shapes.append(Rect(x=(x + end - wide) / 2, y=top, w=wide, h=bottom - top, fill="warn"))

    def draw_band_texts(self, top: float) -> float:
        """What happened there; one that finds no room is left to the findings."""
        taken: list[tuple[float, float]] = []
        for band in self.scene.bands:
            wide = self.measure(band.text, 10.5, "sans", True)
            middle = (self.x(band.first_ns) + self.x(band.last_ns)) / 2
            x = min(max(middle, self.left + wide / 2), self.width - MARGIN - wide / 2)
            if all(x + wide / 2 + 8 < left or x - wide / 2 - 8 > right for left, right in taken):
                taken.append((x - wide / 2, x + wide / 2))
                self.text(self.shapes, x, top + 9, band.text, 10.5, "rst", bold=True, anchor="middle")
        return top + 14 if taken else top

    # Many connections: a strip for each service

    def draw_strips(self, top: float) -> float:
        """Every service; returns where the axis ends."""
        columns = (self.width - MARGIN - 176, self.width - MARGIN - 112, self.width - MARGIN - 98)
        for x, key in ((MARGIN, "service"), (self.left, "endings-over-time"), (columns[2], "mostly")):
            self.text(self.shapes, x, top + 10, self.say(key), 10.5, "muted")
        for x, key in ((columns[0], "connections-head"), (columns[1], "abnormal")):
            self.text(self.shapes, x, top + 10, self.say(key), 10.5, "muted", anchor="end")
        top += 16
        bottom = top + PITCH * len(self.scene.rows)
        self.draw_bands(top, bottom)
        self.draw_grid(top, bottom)
        overall = sum(row.abnormal for row in self.scene.rows) / self.scene.connections
        for number, row in enumerate(self.scene.rows):
            y = top + PITCH * number
            self.shapes.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint", role="line"))
            lines = self.label_lines(row.label)
            middle = y + PITCH / 2 + 4
            for place, line in enumerate(lines):
                self.text(
                    self.shapes, MARGIN, middle + 13 * (place - (len(lines) - 1) / 2), line, 10.5,
                    bold=True, family="mono",
                )  # fmt: skip
            self.draw_strip(row, y + PITCH - 1)
            heavy = row.abnormal / row.count > 1.1 * overall > 0
            self.text(self.shapes, columns[0], middle, f"{row.count:,}", 11, anchor="end", family="mono")
            self.text(
                self.shapes, columns[1], middle, row.share, 11, "ink" if heavy else "muted",
                bold=heavy, anchor="end", family="mono",
            )  # fmt: skip
            if row.mostly:
                mark(self.shapes, row.mostly, columns[2] + 5, middle - 4)
                text, size = self.fit([row.mostly_label], 98 - 16, 11, 9.5)
                self.text(self.shapes, columns[2] + 15, middle, text, size)
        self.shapes.append(Line(x1=MARGIN, y1=bottom, x2=self.width - MARGIN, y2=bottom, stroke="faint", role="line"))
        return self.draw_axis(bottom)

    def draw_strip(self, row: ServiceRow, base: float) -> None:
        """One service's endings over time."""
        columns = [
            [(AREA[place], counts[place]) for place in STACK if counts[place]] for counts in zip(*row.bins, strict=True)
        ]
        strip(self.shapes, self.left, self.right, base, columns)

    # Below: what the marks are, and what was found

    def draw_tables(self, top: float) -> float:
        """Endings at the left, findings at the right, and what to type next; returns where they end."""
        middle = self.width * 0.48
        left = self.draw_endings(top, middle - 20)
        right = self.draw_findings(top, middle)
        y = max(left, right) + 10
        return self.typed(self.shapes, self.shapes, y, self.width, self.say("next-command"), self.scene.command)

    def draw_endings(self, y: float, right: float) -> float:
        """The table of endings; bars are linear."""
        rows = self.scene.endings
        wide = self.text(self.shapes, MARGIN, y + 11, self.say("how-ended"), 13, bold=True)
        labels = max(self.measure(row.label, 12, "sans", False) for row in rows)
        numbers = max(self.measure(f"{row.count:,}", 12, "mono", True) for row in rows)
        end_of_count = MARGIN + 20 + labels + 14 + numbers
        end_of_share = end_of_count + 58
        most = max((row.count for row in rows if row.abnormal), default=0)
        y += 20
        if most:
            heads = [self.say("share-of-abnormal"), self.say("of-abnormal")]
            x = max(end_of_share, MARGIN + wide) + 14
            text, size = self.fit(heads, right - x, 10.5, 9.5)
            self.text(self.shapes, x, y - 9, text, size, "muted")
        for row in rows:
            y += 19
            self.draw_ending(row, y, end_of_count, end_of_share)
            if row.abnormal:
                wide = max(LEAST, row.count / most * (right - end_of_share - 14))
                self.shapes.append(
                    Rect(x=end_of_share + 14, y=y - 9, w=wide, h=9, fill=colour(row.ending), role="mark")
                )
        return y + 6

    def draw_ending(self, row: EndingRow, y: float, end_of_count: float, end_of_share: float) -> None:
        """One line of it."""
        mark(self.shapes, row.ending, MARGIN + 6, y - 4)
        self.text(self.shapes, MARGIN + 20, y, row.label, 12)
        self.text(self.shapes, end_of_count, y, f"{row.count:,}", 12, bold=row.abnormal, anchor="end", family="mono")
        self.text(self.shapes, end_of_share, y, row.share, 11, "muted", anchor="end", family="mono")

    def draw_findings(self, y: float, left: float) -> float:
        """What was found, each with its mark."""
        self.text(self.shapes, left, y + 11, self.say("findings"), 13, bold=True)
        y += 20
        room = self.width - MARGIN - left - 22
        texts = [(finding.ending, finding.text) for finding in self.scene.findings]
        if not texts and not self.scene.more:
            texts = [("closed", self.say("no-findings"))]
        for ending, text in texts:
            y += 19
            mark(self.shapes, ending, left + 6, y - 4)
            for number, line in enumerate(self.filled(text, room, 12)):
                y += 15 if number else 0
                self.text(self.shapes, left + 20, y, line, 12)
        if self.scene.more:
            y += 19
            self.text(self.shapes, left + 20, y, self.scene.more, 12, "muted")
        return y + 6
