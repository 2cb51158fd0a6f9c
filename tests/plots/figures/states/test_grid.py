"""Claims about the state diagram as a figure, and in characters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.backends import render
from finrst.plots.figures import figure_of, figures
from finrst.plots.figures.states.scene import Paths
from finrst.plots.metrics import cells

from ...conversations import ALL, capture


def text(name: str, lang: str = "en", columns: int = 80) -> str:
    scene = figures()["states"].compose(ALL[name](), capture(), lang=lang)
    return render(scene, "txt", columns=columns).decode()


def test_it_is_found_by_name_and_by_its_scene(sample: Callable[[str], Path]) -> None:
    scene = finrst.read(sample("write-twice").parent).connection(0).scene(figure="states")
    assert isinstance(scene, Paths) and figure_of(scene).name == "states"
    assert render(scene, "svg").startswith(b"<svg")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [60, 80, 100])
def test_characters_hold_every_step_in_the_width(name: str, lang: str, columns: int) -> None:
    drawn = text(name, lang, columns)
    assert max(cells(line) for line in drawn.splitlines()) <= columns
    for step in figures()["states"].compose(ALL[name](), capture(), lang=lang).steps:  # type: ignore[attr-defined]
        assert f"{step.number:2}  {step.after}" in drawn
        assert step.frame is None or f"#{step.frame}" in drawn
        assert step.stamp in drawn


def test_one_segment_is_one_row_with_what_it_did_to_both_ends() -> None:
    (row,) = (line for line in text("write_after_close").splitlines() if "#9" in line)
    assert row.split() == ["2.054241", "8", "CLOSED", "━" * 12, "#9", "RST", "━" * 11 + "▶", "9", "CLOSED"]


def test_an_arrow_points_to_who_received() -> None:
    rows = {line.split("#")[1][0]: line for line in text("orderly").splitlines() if "#" in line}
    assert rows["1"].count("▶") == 1 and rows["2"].count("◀") == 1


def test_what_the_kernel_recorded_has_a_star_and_the_star_is_explained(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice").parent).connection(0)
    drawn = render(told.scene(figure="states"), "txt", columns=80).decode()
    assert "CLOSE_WAIT*" in drawn and "* by the kernel's record" in drawn
    assert "*" not in text("write_after_close")


def test_2_msl_is_said_not_to_be_in_the_capture() -> None:
    lines = text("orderly").splitlines()
    assert lines[-2].split() == ["ends", "in", "TIME_WAIT", "CLOSED"]
    assert lines[-1].split() == ["CLOSED", "2", "MSL,", "not", "in", "the", "capture"]
