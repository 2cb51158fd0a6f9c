"""A figure in characters: rows of cells, each with the name of its style.

What `placed` is to pictures this is to terminals and text files. Han characters take two cells. A
style is words separated by spaces: a colour token of `theme`, bold, italic.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .metrics import cells

_ASCII = str.maketrans(
    {
        "─": "-", "━": "=", "╌": "-", "│": "|", "●": "o", "▶": ">", "◀": "<", "▷": ">", "◁": "<", "✕": "X",
        "╭": "+", "╮": "+", "╰": "+", "╯": "+", "▌": "|", "▲": "^", "├": "|", "┤": "|", "⊗": "X", "┄": ".",
        "║": "|", "◇": "?", "·": ",", "…": "~", "→": ">", "“": '"', "”": '"', "’": "'", "×": "x", "µ": "u",
        "░": ":", "▀": "^", "↑": "^",
        "□": "#", "◐": "c", "◔": "h", "⋈": "%", "＞": ">>", "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*",
        "▇": "#", "█": "@",
    }
)  # fmt: skip


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
        return text.translate(_ASCII) if ascii_only else text
