"""Claims about labels: they stand where nothing else does, near their marks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import finrst
from finrst.plots.figures.time_sequence.labels import Room
from finrst.plots.figures.time_sequence.layout import CUT, layout
from finrst.plots.metrics import wider
from finrst.plots.placed import Line, Text


def test_room_is_what_nothing_has_taken() -> None:
    room = Room()
    room.take(10, 10, 30, 20)
    assert not room.free(25, 15, 60, 60)
    assert room.free(40, 10, 60, 20)


def test_no_leader_crosses_what_is_cut_out(sample: Callable[[str], Path]) -> None:
    scene = finrst.read(sample("lost-rst").parent).connection(0).scene(figure="time-sequence")
    display = layout(scene, 900, wider)  # type: ignore[arg-type]
    cuts = [s.x for s in display.shapes if isinstance(s, Text) and s.angle]
    leaders = [s for s in display.shapes if isinstance(s, Line) and s.role == "line" and s.width == 0.9]
    assert len(cuts) == len(scene.stretches) - 1 > 0  # type: ignore[attr-defined]
    for x in cuts:
        assert not [one for one in leaders if min(one.x1, one.x2) < x - CUT / 2 and max(one.x1, one.x2) > x + CUT / 2]


def test_the_words_of_a_kernel_that_gave_up_stand_beside_its_mark(sample: Callable[[str], Path]) -> None:
    scene = finrst.read(sample("connect-timeout").parent).connection(0).scene(figure="time-sequence")
    display = layout(scene, 900, wider)  # type: ignore[arg-type]
    assert [s.text for s in display.shapes if isinstance(s, Text) and s.text.endswith("ETIMEDOUT")] == ["ETIMEDOUT"]
    assert not [s for s in display.shapes if isinstance(s, Line) and s.role == "line" and s.width == 0.9]
