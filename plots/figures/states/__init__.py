"""The TCP state diagram with the way that each end of this connection took through it."""

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
from .scene import Paths


class States(Figure):
    """The TCP state diagram (RFC 9293, figure 5), with the way that each end took."""

    name: ClassVar[str] = "states"
    says: ClassVar[type[Said]] = Paths

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> Paths:
        """Both ways, read off the ladder's scene. Raises ValueError for a connection without packets."""
        connection, capture = subject
        assert isinstance(connection, Connection) and isinstance(capture, Capture)
        return said.compose(connection, capture, lang)

    @classmethod
    def place(cls, scene: Any, width: float, measure: Measure) -> Display:
        """The placed diagram."""
        return layout.layout(scene, width, measure)

    @classmethod
    def grid(cls, scene: Any, columns: int) -> Grid:
        """Both ways beside each other: in each row what one segment did to its two ends."""
        return grid.grid(scene, columns)
