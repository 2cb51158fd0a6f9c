"""SVG: well formed, safe, readable aloud, light and dark in one file."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from finrst.plots.backends import backend, render, suffixes
from finrst.plots.backends.svg import _n
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.theme import DARK, LIGHT

from ..conversations import ALL, capture, hostile_names, orderly, write_after_close

SPACE = "{http://www.w3.org/2000/svg}"


def figures() -> list[Any]:
    return [pytest.param(name, lang, id=f"{name}-{lang}") for name in ALL for lang in ("en", "zh")]


@pytest.mark.parametrize(("name", "lang"), figures())
@pytest.mark.parametrize("theme", ["auto", "light", "dark", "print"])
def test_every_figure_is_well_formed_and_says_every_fact(name: str, lang: str, theme: str) -> None:
    scene = compose(ALL[name](), capture(), lang)
    root = ET.fromstring(render(scene, "svg", theme=theme))
    assert root.get("role") == "img"
    assert root.findtext(f"{SPACE}title") == scene.title
    described = root.findtext(f"{SPACE}desc") or ""
    assert scene.verdict.text in described
    written = ["".join(text.itertext()) for text in root.iter(f"{SPACE}text")]
    for arrow in scene.arrows:
        assert arrow.flags in written and scene.stamp(arrow.t_ns) in written
        assert arrow.label in described and arrow.detail in described


def test_both_schemes_are_in_the_file_and_plain_colours_come_first() -> None:
    svg = render(compose(orderly(), capture()), "svg").decode()
    assert "@media (prefers-color-scheme:dark)" in svg
    assert f"--bg:{LIGHT['bg']}" in svg and f"--bg:{DARK['bg']}" in svg
    assert f"fill:{LIGHT['ink']};fill:var(--ink)" in svg
    assert DARK["bg"] not in render(compose(orderly(), capture()), "svg", theme="print").decode()


def test_strings_of_the_capture_stay_text() -> None:
    svg = render(compose(hostile_names(), capture("<script>alert(1)</script>\x00.pcap")), "svg").decode()
    assert "<script" not in svg and "\x1b" not in svg and "\x00" not in svg
    root = ET.fromstring(svg)
    assert {element.tag for element in root.iter()} <= {
        SPACE + tag
        for tag in ("svg", "title", "desc", "style", "rect", "line", "polygon", "polyline", "circle", "text", "tspan")
    }


def test_nothing_is_loaded_from_outside() -> None:
    svg = render(compose(write_after_close(), capture()), "svg").decode()
    assert re.findall(r"https?://[^\"' ]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in svg and "@import" not in svg


def test_the_same_scene_gives_the_same_bytes() -> None:
    one, other = (render(compose(write_after_close(), capture()), "svg") for _ in range(2))
    assert one == other


def test_an_unknown_suffix_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match="no output for 'gif': choose from") as caught:
        render(compose(orderly(), capture()), "gif")
    assert "\n" not in str(caught.value) and "svg" in str(caught.value)


def test_a_suffix_may_have_its_dot_and_any_case() -> None:
    assert backend(".SVG") is backend("svg")
    assert {"svg", "png", "pdf", "txt", "json"} <= set(suffixes())


def test_drawing_svg_imports_neither_matplotlib_nor_rich() -> None:
    program = (
        "import sys\n"
        "from finrst.plots.backends import render, suffixes\n"
        "suffixes()\n"
        "sys.exit([name for name in ('matplotlib', 'rich', 'numpy') if name in sys.modules] or 0)"
    )
    path = ":".join(sys.path)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": path})
    assert done.returncode == 0, done.stderr


def test_no_number_has_a_minus_for_zero_or_zeros_at_its_end() -> None:
    assert [_n(value) for value in (-0.0, 0.0, 0, 12.0, 1.5, 1.25, 1.005, -3.1)] == [
        "0", "0", "0", "12", "1.5", "1.25", "1", "-3.1"
    ]  # fmt: skip
