"""The sequence diagram: every segment as an arrow between the two ends, with states, calls and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from ....analyze.story import Capture, Connection
from ...characters import Grid
from ...metrics import Measure
from ...placed import Display
from ...scene import Said, Scene
from .. import Figure
from . import compose, grid, layout


class Ladder(Figure):
    """The sequence diagram of a connection."""

    name: ClassVar[str] = "ladder"
    says: ClassVar[type[Said]] = Scene
    options: ClassVar[tuple[str, ...]] = ("timed",)

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> Scene:
        """The scene; `timed=False` gives the textbook's time line, without clock and data."""
        connection, capture = subject
        assert isinstance(connection, Connection) and isinstance(capture, Capture)
        return compose.compose(connection, capture, lang, **options)

    @classmethod
    def place(cls, scene: Any, width: float, measure: Measure) -> Display:
        """The placed ladder."""
        apart = "" if scene.lang == "zh" or not scene.slants else " "
        return layout.layout(replace(scene, subtitle=f"{scene.subtitle}{apart}{scene.slants}"), width, measure)

    @classmethod
    def grid(cls, scene: Any, columns: int) -> Grid:
        """The ladder in characters."""
        return grid.grid(scene, columns)
