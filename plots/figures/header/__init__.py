"""The TCP header of one packet, bit by bit: the notes' claim N3, drawn from the bytes of the capture."""

from __future__ import annotations

from typing import Any, ClassVar

from ....analyze.story import Capture, Connection
from ...characters import Grid
from ...metrics import Measure
from ...placed import Display
from ...scene import Said
from .. import Figure
from . import grid, layout
from . import scene as said
from .scene import HeaderScene


class Header(Figure):
    """The TCP header of one packet, bit by bit."""

    name: ClassVar[str] = "header"
    says: ClassVar[type[Said]] = HeaderScene
    options: ClassVar[tuple[str, ...]] = ("frame",)

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> HeaderScene:
        """The scene of the packet `frame`; without it, of the one that tells most of the ending."""
        connection, capture = subject
        assert isinstance(connection, Connection) and isinstance(capture, Capture)
        return said.compose(connection, capture, lang, **options)

    @classmethod
    def place(cls, scene: Any, width: float, measure: Measure) -> Display:
        """The placed header."""
        return layout.layout(scene, width, measure)

    @classmethod
    def grid(cls, scene: Any, columns: int) -> Grid:
        """The header as RFC 9293 draws it."""
        return grid.grid(scene, columns)
