"""A whole capture: how its connections ended, by service and time.

Few connections have a bar each; of many, each service has a strip, with the abnormal endings on the baseline and the
ordinary ones above them in pale. Below: the table of endings, whose counts are those drawn, and the findings.
"""

from __future__ import annotations

from typing import ClassVar

from ...scene import Said
from .. import Figure
from . import grid, layout, scene
from .scene import OverviewScene


class OverviewFigure(Figure):
    """A whole capture: how its connections ended, by service and time."""

    name: ClassVar[str] = "overview"
    of = "capture"
    says: ClassVar[type[Said]] = OverviewScene
    compose = staticmethod(scene.compose)
    place = staticmethod(layout.layout)
    grid = staticmethod(grid.grid)
