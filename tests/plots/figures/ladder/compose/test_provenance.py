"""The subtitle: where a figure comes from."""

from __future__ import annotations

import pytest

from .... import conversations as talk
from ....conversations import ALL
from ..scenes import scene


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ALL)
def test_the_subtitle_counts_the_packets_as_the_scene_does(name: str, lang: str) -> None:
    figure = scene(ALL[name](), lang)
    for count in (figure.totals.packets, figure.totals.folded, figure.totals.copies):
        assert not count or f"{count:,}" in figure.subtitle


def test_what_only_packets_say_is_called_inferred() -> None:
    assert "inferred from the packets" in scene(talk.orderly()).subtitle


def test_a_time_line_says_that_it_is_not_to_scale() -> None:
    assert "not to scale" in scene(talk.orderly(), timed=False).subtitle
    assert "not to scale" not in scene(talk.orderly()).subtitle
