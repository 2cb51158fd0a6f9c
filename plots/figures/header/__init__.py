"""The TCP header of one packet, bit by bit: the notes' claim N3, drawn from the bytes of the capture."""

from __future__ import annotations

from typing import ClassVar

from ...scene import Said
from .. import Figure
from . import grid, layout, scene
from .scene import HeaderScene


class Header(Figure):
    """The TCP header of one packet, bit by bit."""

    name: ClassVar[str] = "header"
    says: ClassVar[type[Said]] = HeaderScene
    options: ClassVar[tuple[str, ...]] = ("frame",)
    compose = staticmethod(scene.compose)
    place = staticmethod(layout.layout)
    grid = staticmethod(grid.grid)
