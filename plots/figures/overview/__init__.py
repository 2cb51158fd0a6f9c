"""A whole capture: how its connections ended, by service and time.

Few connections have a bar each; of many, each service has a strip, with the abnormal endings on the baseline and the
ordinary ones above them in pale. Below: the table of endings, whose counts are those drawn, and the findings.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ....analyze.story import Overview
from ...characters import Grid
from ...metrics import Measure
from ...placed import Display
from ...scene import Said
from .. import Figure
from . import grid, layout
from . import scene as said
from .scene import OverviewScene


class OverviewFigure(Figure):
    """A whole capture: how its connections ended, by service and time."""

    name: ClassVar[str] = "overview"
    of = "capture"
    says: ClassVar[type[Said]] = OverviewScene

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> OverviewScene:
        """The scene of an Overview."""
        (overview,) = subject
        assert isinstance(overview, Overview)
        return said.compose(overview, lang)

    @classmethod
    def place(cls, scene: Any, width: float, measure: Measure) -> Display:
        """The placed figure."""
        return layout.layout(scene, width, measure)

    @classmethod
    def grid(cls, scene: Any, columns: int) -> Grid:
        """The figure in characters."""
        return grid.grid(scene, columns)
