"""The time-sequence graph: what one side sent over time, what was acknowledged, the room in the receiver's window."""

from __future__ import annotations

from typing import Any, ClassVar

from ....analyze.story import Capture, Connection
from ...characters import Grid
from ...metrics import Measure
from ...placed import Display
from ...scene import Said
from .. import Figure
from . import compose, grid, layout
from .scene import TimeSequence


class TimeSequenceGraph(Figure):
    """Sequence numbers over time: data, acknowledgements, the receive window, retransmissions, stalls."""

    name: ClassVar[str] = "time-sequence"
    says: ClassVar[type[Said]] = TimeSequence
    options: ClassVar[tuple[str, ...]] = ("side",)

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> TimeSequence:
        """The scene; `side="client"` or "server" draws what that side sent, and nothing else."""
        connection, capture = subject
        assert isinstance(connection, Connection) and isinstance(capture, Capture)
        return compose.compose(connection, capture, lang, **options)

    @classmethod
    def place(cls, scene: Any, width: float, measure: Measure) -> Display:
        """The placed graph."""
        return layout.layout(scene, width, measure)

    @classmethod
    def grid(cls, scene: Any, columns: int) -> Grid:
        """The graph in characters."""
        return grid.grid(scene, columns)
