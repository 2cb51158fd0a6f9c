"""Colours, measured: contrast (WCAG) and distance for four kinds of colour vision (Machado 2009, severity 1)."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import finrst
from finrst.plots.figures import figures
from finrst.plots.metrics import wider
from finrst.plots.placed import WIDTH, Circle, Display, Poly, Rect, Run, Shape, Text
from finrst.plots.theme import EDGE, ENDING, THEMES, TINT, colours

Vector = npt.NDArray[np.float64]

VISION: dict[str, Vector] = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
FLAGS = ("syn", "ack", "data", "fin", "rst", "again")
SAMPLES = Path(__file__).parents[2] / "samples"
MEASURED = ("write-twice", "forged-rst", "lost-data", "keepalive-death", "simultaneous-open", "zero-window")


def linear(colour: str) -> Vector:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light = [float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722])) for colour in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def lab(rgb: Vector) -> Vector:
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = to_xyz @ rgb / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, vision: str) -> float:
    seen = [lab(np.clip(VISION[vision] @ linear(colour), 0, 1)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def inside(shape: Shape, x: float, y: float) -> bool:
    """Whether the filled shape covers the point."""
    if getattr(shape, "fill", "none") == "none":
        return False
    if isinstance(shape, Rect):
        return shape.x <= x <= shape.x + shape.w and shape.y <= y <= shape.y + shape.h
    if isinstance(shape, Circle):
        return math.dist((x, y), (shape.x, shape.y)) <= shape.r
    if isinstance(shape, Poly):
        corners = itertools.pairwise((*shape.points, shape.points[0]))
        crossed = [(y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in corners]
        return sum(crossed) % 2 == 1
    return False


def grounds(display: Display) -> set[tuple[str, str]]:
    """(colour of a text, colour of what lies under it) of a placed figure."""
    found: set[tuple[str, str]] = set()
    for at, text in enumerate(display.shapes):
        if isinstance(text, Text):
            long = sum(wider(run.text, text.size, text.family, run.bold) for run in text.runs)
            x = text.x + {"start": long / 2, "middle": 0.0, "end": -long / 2}[text.anchor]
            y = text.y - 0.35 * text.size
            below = (shape for shape in reversed(display.shapes[:at]) if inside(shape, x, y))
            ground = getattr(next(below, None), "fill", "bg")
            found |= {(run.fill, ground) for run in text.runs}
    return found


def test_the_ground_of_a_text_is_what_lies_under_it() -> None:
    shapes = (
        Rect(x=0, y=0, w=100, h=100, fill="panel"),
        Rect(x=0, y=0, w=50, h=50, fill="none", stroke="ink"),
        Poly(points=((60, 0), (100, 0), (80, 40)), fill="warn"),
        Text(x=10, y=30, runs=(Run("a", "ink"),), size=10),
        Text(x=80, y=20, runs=(Run("b", "rst"),), size=10, anchor="middle"),
        Text(x=200, y=20, runs=(Run("c", "muted"),), size=10),
    )
    display = Display(width=300, height=100, shapes=shapes, title="", description="", lang="en")
    assert grounds(display) == {("ink", "panel"), ("rst", "warn"), ("muted", "bg")}


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_contrast_on_everything_it_may_stand_on(theme: str) -> None:
    palette = colours(theme)
    for ground in ("bg", "panel", "warn", "ok", *dict.fromkeys(TINT.values())):
        for ink in ("ink", "muted", *FLAGS):
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for flag in FLAGS:
        assert contrast(palette["chip"], palette[flag]) >= 4.5, flag


@pytest.mark.parametrize("name", sorted(figures()))
def test_text_has_contrast_where_the_figures_draw_it(name: str) -> None:
    figure = figures()[name]
    pairs: set[tuple[str, str]] = set()
    for sample in MEASURED:
        reading = finrst.read(SAMPLES / sample)
        try:
            scene = reading.connection(0).scene("en", name) if figure.of == "connection" else reading.scene("en", name)
        except ValueError:  # has nothing for this figure
            continue
        pairs |= grounds(figure.place(scene, WIDTH, wider))
    assert pairs
    for theme in THEMES:
        palette = colours(theme)
        weak = [(ink, ground) for ink, ground in pairs if contrast(palette[ink], palette[ground]) < 4.5]
        assert (theme, weak) == (theme, [])


@pytest.mark.parametrize("theme", THEMES)
def test_marks_that_carry_meaning_alone_are_seen(theme: str) -> None:
    """The orderly ending recedes on purpose: its bars are never the only thing that says it."""
    palette = colours(theme)
    alone = {*EDGE.values(), *FLAGS, *(token for token, _ in ENDING.values())} - {"faint", "end-closed"}
    assert {token for token in alone if contrast(palette[token], palette["bg"]) < 3} == set()


def test_a_grey_is_the_same_grey_to_everyone_and_red_and_green_come_closer() -> None:
    for name, matrix in VISION.items():
        assert np.allclose(matrix @ np.ones(3), 1, atol=1e-5), name
    for vision in ("protan", "deutan"):
        assert distance("#FF0000", "#00A000", vision) < 0.5 * distance("#FF0000", "#00A000", "normal")
    assert distance("#0080FF", "#00A0A0", "tritan") < 0.5 * distance("#0080FF", "#00A0A0", "normal")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_no_two_flags_look_the_same_to_anyone(theme: str, vision: str) -> None:
    palette = colours(theme)
    for one, other in itertools.combinations(FLAGS, 2):
        assert distance(palette[one], palette[other], vision) >= 10, (one, other)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_no_two_endings_look_the_same_to_anyone(theme: str, vision: str) -> None:
    palette = colours(theme)
    for one, other in itertools.combinations([token for token, _ in ENDING.values()], 2):
        if one != other:
            assert distance(palette[one], palette[other], vision) >= 10, (one, other)


def test_every_ending_has_a_shape_of_its_own() -> None:
    by_shape: dict[str, set[str]] = {}
    for ending, (_, shape) in ENDING.items():
        by_shape.setdefault(shape, set()).add(ending)
    assert [endings for endings in by_shape.values() if len(endings) > 1] == [{"reset-path", "reset-unknown"}]


def test_every_theme_has_every_token() -> None:
    tokens = set(colours("light"))
    assert all(set(palette) == tokens for palette in THEMES.values())
    assert set(TINT.values()) | set(EDGE) | set(EDGE.values()) <= tokens


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="choose from light, dark, print"):
        colours("neon")
