"""The time-sequence graph: what one side sent over time, what was acknowledged, the room in the receiver's window."""

from __future__ import annotations

from typing import ClassVar

from ...scene import Said
from .. import Figure
from . import compose, grid, layout
from .scene import TimeSequence


class TimeSequenceGraph(Figure):
    """Sequence numbers over time: data, acknowledgements, the receive window, retransmissions, stalls."""

    name: ClassVar[str] = "time-sequence"
    says: ClassVar[type[Said]] = TimeSequence
    options: ClassVar[tuple[str, ...]] = ("side",)
    compose = staticmethod(compose.compose)
    place = staticmethod(layout.layout)
    grid = staticmethod(grid.grid)
