"""The sequence diagram: every segment as an arrow between the two ends, with states, calls and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from ...metrics import Measure
from ...placed import Display
from ...scene import Said, Scene
from .. import Figure
from . import compose, grid, layout


def place(scene: Scene, width: float, measure: Measure) -> Display:
    """The placed ladder: its subtitle says what steep arrows mean, which only this form has."""
    apart = "" if scene.lang == "zh" or not scene.slants else " "
    return layout.layout(replace(scene, subtitle=f"{scene.subtitle}{apart}{scene.slants}"), width, measure)


class Ladder(Figure):
    """The sequence diagram of a connection."""

    name: ClassVar[str] = "ladder"
    says: ClassVar[type[Said]] = Scene
    options: ClassVar[tuple[str, ...]] = ("timed",)
    compose = staticmethod(compose.compose)
    place = staticmethod(place)
    grid = staticmethod(grid.grid)
