"""The tcpdump listing beside its arrows: the notes' claim N4, with each letter explained where it first stands."""

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
from .scene import ListingScene


class Listing(Figure):
    """The lines of tcpdump beside the arrows they stand for."""

    name: ClassVar[str] = "listing"
    says: ClassVar[type[Said]] = ListingScene

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> ListingScene:
        """The scene."""
        connection, capture = subject
        assert isinstance(connection, Connection) and isinstance(capture, Capture)
        return said.compose(connection, capture, lang, **options)

    @classmethod
    def place(cls, scene: Any, width: float, measure: Measure) -> Display:
        """The placed listing."""
        return layout.layout(scene, width, measure)

    @classmethod
    def grid(cls, scene: Any, columns: int) -> Grid:
        """The listing in characters."""
        return grid.grid(scene, columns)
