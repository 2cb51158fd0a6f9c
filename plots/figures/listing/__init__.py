"""The tcpdump listing beside its arrows: the notes' claim N4, with each letter explained where it first stands."""

from __future__ import annotations

from typing import ClassVar

from ...scene import Said
from .. import Figure
from . import grid, layout, scene
from .scene import ListingScene


class Listing(Figure):
    """The lines of tcpdump beside the arrows they stand for."""

    name: ClassVar[str] = "listing"
    says: ClassVar[type[Said]] = ListingScene
    compose = staticmethod(scene.compose)
    place = staticmethod(layout.layout)
    grid = staticmethod(grid.grid)
