"""PNG and PDF: the same placed figure, in a font that is no wider than layout assumed."""

from __future__ import annotations

import math
import struct
from itertools import pairwise

import matplotlib
import pytest

from finrst.plots import metrics
from finrst.plots.backends import raster, render
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.placed import Display, Run, Text
from finrst.plots.scene import Scene

from ..conversations import ALL, capture, write_after_close


@pytest.mark.parametrize("name", ["write_after_close", "from_the_path", "timed_out", "simultaneous_close", "cut_both"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_png_has_the_size_of_the_layout(name: str, theme: str) -> None:
    scene = compose(ALL[name](), capture())
    display = layout(scene)
    png = render(scene, "png", theme=theme, scale=1)
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    assert abs(width - display.width) <= 1 and abs(height - display.height) <= 1


def test_a_pdf_is_a_pdf_and_the_same_twice() -> None:
    scene = compose(write_after_close(), capture())
    one, other = render(scene, "pdf", theme="print"), render(scene, "pdf", theme="print")
    assert one.startswith(b"%PDF") and one == other


def test_without_a_font_chinese_becomes_numbers_and_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = compose(write_after_close(), capture(), "zh")
    english = compose(write_after_close(), capture())
    monkeypatch.setattr(raster, "HAN", ())
    assert raster.Raster.lacks("en") is None
    assert "fonts-wqy-microhei" in (raster.Raster.lacks("zh") or "")
    assert raster.Raster.writable(english) == english
    with pytest.warns(UserWarning, match="fonts-noto-cjk"):
        written = raster.Raster.writable(scene)
    assert isinstance(written, Scene)
    assert written.verdict.text.isascii() and "\\u5ba2" in written.verdict.text
    assert written.totals == scene.totals and [a.flags for a in written.arrows] == [a.flags for a in scene.arrows]


def test_with_a_font_chinese_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = compose(write_after_close(), capture(), "zh")
    if raster.has_han():
        assert render(scene, "png", scale=1).startswith(b"\x89PNG")
    monkeypatch.setattr(raster, "HAN", raster.MONO)  # one that is there
    assert raster.Raster.lacks("zh") is None and raster.Raster.writable(scene) is scene


def test_no_letter_is_wider_than_layout_counted_on() -> None:
    from matplotlib.font_manager import FontProperties

    display = layout(compose(ALL["write_after_close"](), capture()))
    for text in display.shapes:
        if isinstance(text, Text) and text.text.isascii():
            for run in text.runs:
                families = list(raster.MONO if text.family == "mono" else ["DejaVu Sans"])
                font = FontProperties(family=families, size=72, weight="bold" if run.bold else "normal")
                drawn = raster._width(run.text, font, raster.BLANK[text.family]) / 100
                assert drawn <= metrics.wider(run.text, 1, text.family, run.bold) + 0.02


def test_pieces_of_a_turned_line_follow_its_slope() -> None:
    runs = (Run("RST, ", "rst", True), Run("ignored", "ink"), Run(", again", "rst"))
    turned = Text(x=100, y=50, runs=runs, size=12, anchor="middle", angle=30, measured=120)
    figure = raster.draw(Display(width=200, height=100, shapes=(turned,), title="", description="", lang="en"), "light")
    at = [text.get_position() for text in figure.axes[0].texts]
    assert len(at) == 3
    for (x1, y1), (x2, y2) in pairwise(at):
        assert math.degrees(math.atan2(y2 - y1, x2 - x1)) == pytest.approx(30)


def test_settings_of_the_caller_are_left_alone() -> None:
    before = dict(matplotlib.rcParams)
    render(compose(ALL["lone_reset"](), capture()), "png", scale=1)
    assert dict(matplotlib.rcParams) == before


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="no theme"):
        render(compose(ALL["lone_reset"](), capture()), "png", theme="neon")
