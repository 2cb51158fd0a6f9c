"""A figure in characters: rows of cells, each with the name of its style.

What `placed` is to pictures this is to terminals and text files. Han characters take two cells. A
style is words separated by spaces: a colour token of `theme`, bold, italic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TextIO

from . import words
from .metrics import cells, wrap
from .scene import Verdict

_ASCII = str.maketrans(
    {
        "─": "-", "━": "=", "╌": "-", "│": "|", "●": "o", "▶": ">", "◀": "<", "▷": ">", "◁": "<", "✕": "X", "△": "A",
        "╭": "+", "╮": "+", "╰": "+", "╯": "+", "▌": "|", "▲": "^", "├": "|", "┤": "|", "⊗": "X", "┄": ".",
        "║": "#", "◇": "?", "·": ",", "…": "~", "→": ">", "“": '"', "”": '"', "’": "'", "×": "x", "µ": "u",
        "–": "-", "←": "<", "±": "~", "≥": ">=", "²": "^2", "▏": ".", "▎": ":", "▍": "-", "▋": "#", "▊": "#", "▉": "#",
        "░": ":", "▀": "^", "↑": "^",
        "□": "#", "◐": "c", "◔": "h", "⋈": "%", "＞": ">>", "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*",
        "▇": "#", "█": "@",
    }
)  # fmt: skip


def in_encoding(text: str, encoding: str) -> bytes:
    """The text's bytes; what the encoding does not have becomes the nearest ASCII sign, or its number, never `?`."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(char if has(encoding, char) else char.translate(_ASCII) for char in text).encode(
            encoding, "backslashreplace"
        )


def encoding_of(stream: TextIO, environment: Mapping[str, str]) -> str:
    """How text must be encoded for standard output's reader.

    Python writes UTF-8 also where the locale is C (PEP 538, PEP 540), which is right for a container that has no
    locale at all. Somebody who asks for C by name wants ASCII, as from other programs; PYTHONUTF8=1 and
    PYTHONIOENCODING are more exact than the locale.
    """
    exact = environment.get("PYTHONIOENCODING") or environment.get("PYTHONUTF8") == "1"
    ctype = environment.get("LC_CTYPE", "")  # Python itself sets this one
    named = environment.get("LC_ALL") or (ctype if ctype not in ("", "C.UTF-8") else environment.get("LANG", ""))
    if named in ("C", "POSIX") and not exact:
        return "ascii"
    return stream.encoding or "utf-8"


@lru_cache(maxsize=4096)
def has(encoding: str, text: str) -> bool:
    """Whether the encoding can write the text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Cell:
    """One character and the name of its style."""

    char: str = " "
    style: str = ""


@dataclass(slots=True)
class Grid:
    """Rows of cells, top to bottom."""

    columns: int
    rows: list[list[Cell]] = field(default_factory=list)

    def row(self) -> int:
        """Add an empty row; returns its number."""
        self.rows.append([Cell()] * self.columns)
        return len(self.rows) - 1

    def put(self, row: int, column: int, text: str, style: str = "") -> int:
        """Write from a column on; returns the column after it. Nothing is written past the edge."""
        while len(self.rows) <= row:
            self.row()
        for char in text:
            wide = cells(char)
            if wide == 0:
                if 0 < column <= self.columns:
                    before = self.rows[row][column - 1]
                    self.rows[row][column - 1] = Cell(before.char + char, before.style)
                continue
            if column < 0 or column + wide > self.columns:
                break
            self.rows[row][column] = Cell(char, style)
            if wide == 2:
                self.rows[row][column + 1] = Cell("", style)
            column += wide
        return column

    def text(self, ascii_only: bool = False) -> str:
        """The rows as plain text, without trailing blanks."""
        lines = ["".join(cell.char for cell in row).rstrip() for row in self.rows]
        text = "\n".join(lines) + "\n"
        return in_encoding(text, "ascii").decode() if ascii_only else text


def head_of_page(grid: Grid, title: str, subtitle: str, verdict: Verdict, lang: str) -> None:
    """Title, subtitle and verdict of a connection's figure, and whether the verdict is proved."""

    def lines(text: str, room: int) -> list[str]:
        return wrap(text, room, lambda part: float(cells(part)))

    for text, style in ((title, "bold"), (subtitle, "muted")):
        for line in lines(text, grid.columns):
            grid.put(grid.row(), 0, line, style)
    tone = {"bad": "rst", "ok": "data", "open": "muted"}[verdict.kind]
    head = "▌ " + words.say(verdict.heading, lang) + "  "
    proved = words.say("proved", lang) if verdict.certainty == "proved" else ""
    said = lines(f"{verdict.text} {proved}".rstrip(), grid.columns - cells(head))
    for number, line in enumerate(said):
        row = grid.row()
        grid.put(row, 0, head if number == 0 else "▌", f"bold {tone}")
        tag = proved if number == len(said) - 1 and line.endswith(proved) else ""
        at = grid.put(row, cells(head), line.removesuffix(tag) if tag else line, "bold")
        grid.put(row, at, tag, "bold data")
