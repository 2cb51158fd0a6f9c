"""The TCP state diagram with the way that each end of this connection took through it."""

from __future__ import annotations

from typing import ClassVar

from ...scene import Said
from .. import Figure
from . import grid, layout, scene
from .scene import Paths


class States(Figure):
    """The TCP state diagram (RFC 9293, figure 5), with the way that each end took."""

    name: ClassVar[str] = "states"
    says: ClassVar[type[Said]] = Paths
    compose = staticmethod(scene.compose)
    place = staticmethod(layout.layout)
    grid = staticmethod(grid.grid)
