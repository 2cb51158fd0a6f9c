"""Claims about the placed time-sequence graph: nothing overlaps, nothing grows without bound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures.time_sequence.compose import compose
from finrst.plots.figures.time_sequence.layout import layout
from finrst.plots.metrics import wider
from finrst.plots.placed import Hit, Poly, Text

from ... import conversations
from .test_compose import lossy

CAPTURE = conversations.capture()


@pytest.mark.parametrize("width", [900, 1200])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", conversations.ALL)
def test_nothing_overlaps(name: str, lang: str, width: int) -> None:
    connection = conversations.ALL[name]()
    if connection.segments:
        assert audit(layout(compose(connection, CAPTURE, lang), width, wider), to_scale=True) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["user-timeout", "zero-window-user-timeout", "wire-cut"])
def test_where_a_kernel_gave_up_nothing_overlaps_and_the_window_above_is_told(
    sample: Callable[[str], Path], name: str, lang: str
) -> None:
    told = finrst.read(sample(name).parent).connection(0)
    scene = compose(told.story, told.capture, lang)
    display = layout(scene, 900, wider)
    assert audit(display, to_scale=True) == []
    written = [shape.text for shape in display.shapes if isinstance(shape, Text)]
    for panel in scene.panels:
        assert not panel.window_above or f"↑ {panel.window_above}" in written
        assert all(mark.label in written for mark in panel.marks if mark.kind == "gave-up")


def test_the_peers_syn_does_not_hide_behind_the_sides_own(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("zero-window").parent).connection(0)
    display = layout(compose(told.story, told.capture), 900, wider)
    triangles = [s for s in display.shapes if isinstance(s, Poly) and s.role == "mark" and s.stroke == "syn"]
    own, peers = (next(t for t in triangles if t.fill == fill) for fill in ("syn", "bg"))
    assert max(y for _, y in own.points) < min(y for _, y in peers.points) + 5


def test_a_long_connection_stays_small_and_sound() -> None:
    scene = compose(lossy(20_000), CAPTURE)
    display = layout(scene, 900, wider)
    assert len(render(scene, "svg")) < 300_000
    assert audit(display, to_scale=True) == []
    assert any(isinstance(shape, Text) and shape.text == "R" for shape in display.shapes)


def test_the_axis_of_a_graph_with_one_packet_is_drawn() -> None:
    display = layout(compose(conversations.unanswered_once(), CAPTURE), 900, wider)
    assert any(isinstance(shape, Text) and shape.text == "SYN" for shape in display.shapes)


def test_each_packet_that_is_marked_can_be_pointed_at() -> None:
    connection = conversations.write_after_close()
    scene = compose(connection, CAPTURE)
    hits = [shape.frame for shape in layout(scene, 900, wider).shapes if isinstance(shape, Hit)]
    assert sorted(hits) == sorted(mark.frame for panel in scene.panels for mark in panel.marks if mark.packets)


def test_the_lines_do_not_run_on_under_a_cut() -> None:
    scene = compose(conversations.long_connection(60), CAPTURE)
    assert any(piece.pause_ns for piece in scene.stretches)
    display = layout(scene, 900, wider)
    cuts = {shape.owner for shape in display.shapes if isinstance(shape, Text) and shape.angle}
    assert cuts
    stairs = [shape for shape in display.shapes if isinstance(shape, Poly) and shape.stroke == "ack"]
    assert len(stairs) > len(scene.panels)


def test_the_legend_holds_the_marks_that_are_used() -> None:
    texts = [
        shape.text
        for shape in layout(compose(conversations.orderly(), CAPTURE), 900, wider).shapes
        if isinstance(shape, Text)
    ]
    assert "FIN" in texts and "data" in texts
    assert not any("RST" in text for text in texts[texts.index("data") :])
