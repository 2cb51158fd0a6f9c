"""The header figure in characters: RFC 9293's drawing of the header, with this packet's values in it."""

from __future__ import annotations

from ...characters import Grid
from ...metrics import cells, wrap
from ...words import say
from .scene import TOKENS, WORD, Bits, HeaderScene, Row

LEFT = 2  # columns before the first bar
WIDE = 2 * WORD + 1


def grid(scene: HeaderScene, columns: int) -> Grid:
    """The figure in `columns` (70 at least)."""
    return _Drawing(scene, max(70, columns)).draw()


class _Drawing:
    def __init__(self, scene: HeaderScene, columns: int) -> None:
        self.scene = scene
        self.columns = columns
        self.page = Grid(columns)
        self.strong = f"bold {scene.token}".rstrip()

    def draw(self) -> Grid:
        """From the title to the flags."""
        scene, page = self.scene, self.page
        self._text(scene.title, "bold")
        self._text(scene.subtitle, "muted")
        self._text(scene.line, "")
        page.row()
        page.put(page.row(), LEFT, "".join(f" {bit // 10 if bit % 10 == 0 else ' '}" for bit in range(WORD)), "muted")
        page.put(page.row(), LEFT, "".join(f" {bit % 10}" for bit in range(WORD)), "muted")
        self._rule()
        for row in scene.rows:
            self._row(row)
        page.row()
        for row in scene.rows:
            self._says(row)
        page.row()
        self._bytes()
        page.row()
        self._flags()
        return page

    def _text(self, text: str, style: str, indent: int = 0) -> None:
        for line in wrap(text, self.columns - indent, lambda part: float(cells(part))):
            self.page.put(self.page.row(), indent, line, style)

    def _rule(self) -> None:
        self.page.put(self.page.row(), LEFT, "+" + "-+" * WORD, "muted")

    def _row(self, row: Row) -> None:
        height = 2 if any(cell.below for cell in row.cells) else 1
        if any(cell.flag for cell in row.cells):
            height = 4
        first = self.page.row()
        for _ in range(height - 1):
            self.page.row()
        for cell in row.cells:
            self._cell(cell, first, height, row.used)
        for line in range(first, first + height):
            self.page.put(line, LEFT + 2 * WORD, "|", "muted")
        self._rule()

    def _cell(self, cell: Bits, first: int, height: int, used: bool) -> None:
        left, room = LEFT + 2 * cell.bit, 2 * cell.bits - 1
        for line in range(first, first + height):
            self.page.put(line, left, "|", "muted")
        if cell.flag:
            style = f"chip-{TOKENS.get(cell.flag, 'ack')}" if cell.set else "muted"
            value = "?" if cell.state == "missing" else cell.value
            for line, letter in enumerate(f"{cell.flag:>3}"[:3] + value):
                self.page.put(first + line, left + 1, letter, style)
            return
        faded = cell.state in ("void", "missing")
        value = say("header-missing", self.scene.lang) if cell.state == "missing" else cell.value
        style = "muted" if faded else self.strong if used and cell.state == "used" else "bold"
        texts = [(f"{cell.name} {value}".strip(), style), (cell.below, "muted")]
        if height == 4:
            texts = [(cell.name, "muted"), (value, style), (cell.below, "muted")]
        for line, (text, tone) in enumerate(texts[: height if height < 4 else 3]):
            shown = _fitted(text, value if line == 0 and height < 4 else "", room)
            at = left + 1 + (room - cells(shown)) // 2
            self.page.put(first + line, at, shown, tone)

    def _says(self, row: Row) -> None:
        if not row.says:
            return
        head = say("header-byte", self.scene.lang, n=row.byte)
        indent = 10
        lines = wrap(row.says, self.columns - indent, lambda part: float(cells(part)))
        for number, line in enumerate(lines):
            at = self.page.row()
            if number == 0:
                self.page.put(at, 0, head, "muted")
            self.page.put(at, indent, line, self.strong if row.used else "")

    def _bytes(self) -> None:
        scene = self.scene
        head = say("header-bytes", scene.lang)
        for start in range(0, len(scene.bytes), 20):
            line = self.page.row()
            column = 10
            self.page.put(line, 0, head if start == 0 else "", "muted")
            for at in range(start, min(start + 20, len(scene.bytes))):
                style = (
                    f"chip-{scene.token or 'ack'}" if at in scene.marked else self.strong if at in scene.used else ""
                )
                column = self.page.put(line, column, f"{scene.bytes[at]:02x}", style) + (2 if at % 4 == 3 else 1)
            if start == 0 and scene.flags_byte:
                line = self.page.row()
                for at in scene.marked:
                    self.page.put(line, 10 + at * 3 + at // 4, "^^", self.strong)
                self._text(scene.flags_byte, self.strong, 10)
                for number, filter_ in enumerate(scene.filters):
                    lead = f"{say('header-or', scene.lang)} " if number else ""
                    self._text(f"{lead}tcpdump '{filter_}'", "bold", 12)

    def _flags(self) -> None:
        self._text(say("header-flags", self.scene.lang), "muted")
        for flag in self.scene.flags:
            line = self.page.row()
            style = f"chip-{TOKENS.get(flag.name, 'ack')}" if flag.set else "muted"
            self.page.put(line, 2, "1" if flag.set else "0", "bold" if flag.set else "muted")
            self.page.put(line, 4, f"{flag.name:<3}", style)
            self.page.put(line, 9, f"[{flag.letter}]", "muted")
            self.page.put(line, 13, f"{flag.mask:#04x}", "muted")
            self.page.put(line, 20, flag.text, "bold" if flag.set else "")


def _fitted(text: str, value: str, room: int) -> str:
    """The text; where it is too wide without what follows two blanks, the value alone, or as much as there is room."""
    for candidate in (text, text.split("  ")[0], value):
        if candidate and cells(candidate) <= room:
            return candidate
    shown = ""
    for char in value or text:
        if cells(shown + char) > room - 1:
            return shown + "…"
        shown += char
    return shown
