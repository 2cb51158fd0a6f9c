"""Claims about labels: they stand where nothing else does, near their marks."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.audit import box as corners
from finrst.plots.figures.time_sequence.labels import Labels, Room
from finrst.plots.figures.time_sequence.layout import CUT, layout
from finrst.plots.figures.time_sequence.scene import TimeSequence
from finrst.plots.metrics import wider
from finrst.plots.placed import Line, Rect, Text

ROOT = Path(__file__).parents[4]
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/packets.pcapng"))


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


@pytest.mark.parametrize("name", SAMPLES)
def test_words_without_a_leader_are_nearest_to_the_mark_that_they_are_about(name: str) -> None:
    scene = finrst.read(ROOT / "samples" / name).connection(0).scene(figure="time-sequence")
    assert isinstance(scene, TimeSequence)
    shapes = layout(scene, 900, wider).shapes
    leaders = [(one.x2, one.y2) for one in shapes if isinstance(one, Line) and one.role == "line" and one.width == 0.9]
    bars = [one for one in shapes if isinstance(one, Rect) and one.stroke == "again" and one.fill == "bg" and one.owner]
    marks = [one for panel in scene.panels for one in panel.marks if one.kind == "retransmission" and not one.outside]
    assert len(bars) >= len(marks)
    drawn = sorted(zip([one.t_ns for one in marks], bars, strict=False), key=lambda pair: pair[0])
    for text in (one for one in shapes if isinstance(one, Text) and len(one.text) > 1 and one.runs[0].fill == "again"):
        box = [(x, y) for x, y in corners(text)]
        left, right = min(x for x, _ in box), max(x for x, _ in box)
        top, bottom = min(y for _, y in box), max(y for _, y in box)
        if any(left - 4 < x < right + 4 and top - 8 < y < bottom + 8 for x, y in leaders):
            continue
        mine = [mark.t_ns for mark in marks if mark.label and mark.label.startswith(text.text.partition(" (")[0])]
        far = {}
        for t_ns, bar in drawn:
            aside = max(left - bar.x - bar.w, bar.x - right, 0.0)
            far[t_ns] = math.hypot(aside, max(top - bar.y - bar.h, bar.y - bottom, 0.0))
        assert min(far, key=far.__getitem__) in mine, text.text


def test_a_leader_crosses_none_of_the_marks_that_its_words_could_be_about() -> None:
    other = (50.0, 10.0, 90.0)
    assert not Labels.past((100, 50), (20, 60), [other])
    assert Labels.past((100, 50), (20, 150), [other])
    assert Labels.past((100, 50), (140, 60), [other])
