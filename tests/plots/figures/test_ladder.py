"""Claims about the ladder as one figure among others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import finrst
from finrst.plots.backends import render
from finrst.plots.figures import figure_of, figures
from finrst.plots.figures.ladder.compose import compose


def test_the_ladder_is_the_first_figure() -> None:
    assert next(iter(figures())) == "ladder"


def test_a_figure_is_found_by_its_scene(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice")).connection(0)
    scene = told.scene(figure="ladder")
    assert figure_of(scene).name == "ladder"
    assert scene == compose(told.story, told.capture)
    assert render(scene, "txt").decode().startswith(scene.title)
