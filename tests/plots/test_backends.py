"""An output draws what it has a form for; where it has none, it names those that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import finrst
from finrst.plots.backends import backend, render, suffixes
from finrst.plots.figures import figures
from finrst.plots.scene import Said

from ..analyze.tables import overview_of, restart

SLOW = ("png", "pdf")
PACKETS = Path(__file__).parents[2] / "samples" / "write-twice"


def scene_of(name: str) -> Said:
    figure = figures()[name]
    if figure.of == "capture":
        return figure.compose(overview_of(*restart()))
    return finrst.read(PACKETS).connection(0).scene(figure=name)


@pytest.mark.parametrize("name", figures())
def test_a_figure_is_drawn_in_every_form_that_it_has_and_in_no_other(name: str) -> None:
    scene, figure = scene_of(name), figures()[name]
    has = [suffix for suffix in suffixes() if backend(suffix).draws(figure)]
    assert {"svg", "png", "pdf", "json"} <= set(has)
    for suffix in suffixes():
        if suffix in has:
            assert suffix in SLOW or render(scene, suffix)
            continue
        with pytest.raises(ValueError, match=rf"figure '{name}' has no form as {suffix}: choose from") as refused:
            render(scene, suffix)
        assert re.split(": choose from |, ", str(refused.value))[1:] == has


def test_a_figure_in_characters_without_arrows_names_text_too() -> None:
    with pytest.raises(ValueError, match=r"choose from ansi, json, pdf, png, svg, txt$"):
        render(scene_of("listing"), "mmd")
