"""Colours, measured: contrast (WCAG) and distance for four kinds of colour vision (Machado 2009, severity 1)."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

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
FLAGS = ("syn", "ack", "data", "fin", "rst")


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


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_contrast_on_everything_it_stands_on(theme: str) -> None:
    palette = colours(theme)
    grounds = ["bg", "panel", "warn", "ok", *dict.fromkeys(TINT.values())]
    for ground in grounds:
        for ink in ("ink", "muted"):
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for flag in FLAGS:
        assert contrast(palette[flag], palette["bg"]) >= 4.5, flag
        assert contrast(palette["chip"], palette[flag]) >= 4.5, flag
    assert contrast(palette["rst"], palette["warn"]) >= 4.5
    assert contrast(palette["data"], palette["ok"]) >= 4.5
    assert contrast(palette["data"], palette["tint-est"]) >= 4.5


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
    by_token: dict[str, set[str]] = {}
    for token, shape in ENDING.values():
        by_token.setdefault(token, set()).add(shape)
    assert all(len(shapes) == 1 for shapes in by_token.values())
    assert len({shape for shapes in by_token.values() for shape in shapes}) == len(by_token)


def test_every_theme_has_every_token() -> None:
    tokens = set(colours("light"))
    assert all(set(palette) == tokens for palette in THEMES.values())
    assert set(TINT.values()) | set(EDGE) | set(EDGE.values()) <= tokens


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="choose from light, dark, print"):
        colours("neon")
