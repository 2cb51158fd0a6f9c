"""The listing in characters: tcpdump's lines, with a ladder of few columns before them."""

from __future__ import annotations

from ... import words
from ...characters import Grid, head_of_page
from ...metrics import cells, wrap
from ...scene import Arrow, Break, Fold
from .scene import ListingScene, Printed

WIRE = 11  # columns between the lifelines
TEXT = WIRE + 3


def grid(scene: ListingScene, columns: int) -> Grid:
    """The figure in `columns` (70 at least)."""
    return _Drawing(scene, max(70, columns)).draw()


class _Drawing:
    def __init__(self, scene: ListingScene, columns: int) -> None:
        self.scene = scene
        self.columns = columns
        self.page = Grid(columns)

    def draw(self) -> Grid:
        """From the title to the last line."""
        scene = self.scene
        head_of_page(self.page, scene.title, scene.subtitle, scene.verdict, scene.lang)
        for line in self._lines(f"$ {scene.command}", self.columns):
            self.page.put(self.page.row(), 0, line)
        row = self.page.row()
        client, server = (words.say(end.role or end.side, scene.lang) for end in (scene.client, scene.server))
        self.page.put(row, 0, client, "bold")
        self.page.put(row, TEXT - 1 - cells(server), server, "bold")
        for item in scene.items:
            if isinstance(item, Printed):
                self._printed(item)
            else:
                self._between(item)
        return self.page

    def _lines(self, text: str, room: int) -> list[str]:
        return wrap(text, room, lambda part: float(cells(part)))

    def _row(self) -> int:
        row = self.page.row()
        self.page.put(row, 0, "│", "line")
        self.page.put(row, WIRE + 1, "│", "line")
        return row

    def _printed(self, item: Printed) -> None:
        room = self.columns - TEXT
        lines = self._lines(f"{item.stamp} {item.line}", room)
        if len(lines) > 1:
            lines = [lines[0], *self._lines(" ".join(lines[1:]), room - 2)]
        for number, line in enumerate(lines):
            row = self._row()
            if number == 0:
                self._arrow(item.arrow, row)
            at = TEXT + (2 if number else 0)
            self.page.put(row, at, line)
            if number == 0:
                self.page.put(row, TEXT, item.stamp, "muted")
            place = line.find(item.arrow.flags)
            if place >= 0 and "Flags" in line:
                self.page.put(row, at + place, item.arrow.flags, f"chip-{item.arrow.kind}")
        for remark in item.remarks:
            for line in self._lines(remark.text, room - 4):
                self.page.put(self._row(), TEXT + 4, line, remark.token)

    def _arrow(self, arrow: Arrow, row: int) -> None:
        rightwards = arrow.side == "client"
        stroke = "━" if arrow.kind == "rst" else "─"
        head = "▶" if rightwards else "◀"
        if arrow.retransmission_of is not None or arrow.ignored:
            stroke = "╌"
        if arrow.ignored:
            head = "▷" if rightwards else "◁"
        if arrow.unanswered:
            head = "✕"
        tail = "◇" if arrow.origin else "●"
        chip = arrow.flags
        wire = stroke * max(0, WIRE - len(chip) - 3)
        style = f"bold {arrow.kind}" if arrow.kind == "rst" else arrow.kind
        text = f"{tail}{stroke}{chip}{wire}{head}" if rightwards else f"{head}{wire}{chip}{stroke}{tail}"
        self.page.put(row, 1, text, style)
        self.page.put(row, 1 + text.index(chip), chip, f"chip-{arrow.kind}" if not arrow.ignored else "bold rst")

    def _between(self, item: Break | Fold) -> None:
        if isinstance(item, Fold):
            key = "listing-fold"
            text = words.say(
                key, self.scene.lang, title=item.title, to_server=item.to_server, to_client=item.to_client
            )  # fmt: skip
            mark, style = f"{len(item.frames):,}".center(WIRE), "data"
        else:
            colon = words.say("colon", self.scene.lang)
            text = f"{item.text}{colon}{item.detail}" if item.detail else item.text
            mark, style = "╌" * WIRE, "muted"
        for number, line in enumerate(self._lines(text, self.columns - TEXT)):
            row = self._row()
            if number == 0:
                self.page.put(row, 1, mark, style)
            self.page.put(row, TEXT, line, f"bold {style}")
