"""The ladder in a terminal, through rich: its colours, its NO_COLOR, its width."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..figures import Figure, figure_of
from ..scene import Said
from ..theme import DARK, LIGHT
from . import Backend

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


class Terminal(Backend):
    """Text with escape sequences."""

    suffixes: ClassVar[tuple[str, ...]] = ("ansi",)
    takes: ClassVar[Literal["placed", "scene"]] = "scene"

    @classmethod
    def draws(cls, figure: type[Figure]) -> bool:
        """A figure with a form in characters."""
        return figure.in_characters()

    @classmethod
    def scene(cls, scene: Said, *, columns: int = 100, theme: str = "dark", **options: Any) -> bytes:
        """As a terminal of that many columns would be sent it; NO_COLOR is honoured."""
        from rich.console import Console

        out = io.StringIO()
        console = Console(file=out, width=columns, force_terminal=True, color_system="truecolor", legacy_windows=False)
        show(scene, console, theme=theme)
        return out.getvalue().encode()


def show(scene: Said, console: Console, *, theme: str = "dark") -> None:
    """Print the scene on a rich console, as wide as it is."""
    console.print(renderable(scene, console.width, theme=theme), soft_wrap=True)


def renderable(scene: Said, columns: int, *, theme: str = "dark") -> RenderableType:
    """The scene as one rich text."""
    from rich.style import Style
    from rich.text import Text

    palette = LIGHT if theme in ("light", "print") else DARK

    def style(name: str) -> Style:
        made = Style.null()
        for part in name.split():
            if part in ("bold", "italic"):
                made += Style.parse(part)
            elif part.startswith("chip-"):
                made += Style(color=palette["chip"], bgcolor=palette[part[5:]], bold=True)
            elif part.startswith("tint-"):
                made += Style(color=palette["ink"], bgcolor=palette[part])
            elif part == "line":
                made += Style(color=palette["muted"])
            elif part in palette:
                made += Style(color=palette[part])
        return made

    styles: dict[str, Style] = {}
    text = Text(no_wrap=True, end="")
    for row in figure_of(scene).grid(scene, columns).rows:
        used = len(row)
        while used and row[used - 1].char == " " and not row[used - 1].style:
            used -= 1
        start = 0
        while start < used:
            name = row[start].style
            end = start
            while end < used and row[end].style == name:
                end += 1
            if name not in styles:
                styles[name] = style(name)
            text.append("".join(cell.char for cell in row[start:end]), styles[name])
            start = end
        text.append("\n")
    return text
