"""JSON: the scene, whole."""

from __future__ import annotations

import json

import pytest

from finrst.plots.backends import render
from finrst.plots.figures.ladder.compose import compose

from ..conversations import ALL, capture


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_file_is_the_scene(name: str, lang: str) -> None:
    scene = compose(ALL[name](), capture(), lang)
    data = render(scene, "json")
    assert data.endswith(b"\n")
    assert json.loads(data) == json.loads(json.dumps(scene.as_dict()))
