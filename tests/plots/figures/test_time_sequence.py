"""Claims about the time-sequence graph of real recordings."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import finrst
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures import figures
from finrst.plots.figures.time_sequence.scene import TimeSequence
from finrst.plots.metrics import wider

SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*/packets.pcapng"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_every_sample_is_drawn_soundly_and_completely(path: Path) -> None:
    figure = figures()["time-sequence"]
    for told in finrst.read(path).connections:
        segments = [one for one in told.story.segments if one.duplicate_of is None]
        scene = told.scene(figure="time-sequence")
        assert isinstance(scene, TimeSequence)
        for lang in ("en", "zh"):
            said = told.scene(lang, "time-sequence")
            for width in (900, 1200):
                assert audit(figure.place(said, width, wider), to_scale=True) == [], (told.number, lang, width)
        shown = {panel.side for panel in scene.panels}
        marks = [mark for panel in scene.panels for mark in panel.marks]
        counts = Counter(dict.fromkeys(("retransmission", "rst"), 0))
        for mark in marks:
            counts[mark.kind] += mark.count
        again = [one for one in segments if one.retransmission_of is not None and one.side in shown]
        assert counts["retransmission"] == len(again)
        assert counts["rst"] == sum(bool(one.flags & 4) for one in segments)
        sums = scene.sums
        assert sums.marked + sums.acknowledgements + sums.copies + sums.left_out == len(told.story.segments)
        for panel in scene.panels:
            assert all(one[1] < other[1] for one, other in pairwise(panel.acked))


def test_the_zero_window_and_who_waited_for_it_are_shown(sample_zero_window: TimeSequence) -> None:
    (panel,) = sample_zero_window.panels
    (band,) = panel.bands
    assert (band.kind, band.label) == ("narrow-window", "window of 24 bytes or less for 213 ms")  # 0 at the end of it
    assert {"full", "dsack", "retransmission", "rst"} <= {mark.kind for mark in panel.marks}
    assert len(sample_zero_window.stretches) == 1  # the 0.2 s in which the window was too small stay to scale


@pytest.fixture
def sample_zero_window() -> TimeSequence:
    path = next(path for path in SAMPLES if path.parent.name == "zero-window")
    scene = finrst.read(path).connection(0).scene(figure="time-sequence")
    assert isinstance(scene, TimeSequence)
    return scene


@pytest.mark.parametrize("suffix", ["svg", "txt", "json"])
def test_it_has_every_form(sample_zero_window: TimeSequence, suffix: str) -> None:
    made = render(sample_zero_window, suffix).decode()
    assert "RST from the client" in made
    if suffix == "json":
        assert json.loads(made)["verdict"]


def test_retransmissions_with_one_ip_id_are_not_taken_for_copies(shared_captures: Path) -> None:
    told = finrst.read(shared_captures / "zeek__pppoe-over-qinq.pcap").connection(0)
    scene = told.scene(figure="time-sequence")
    assert isinstance(scene, TimeSequence)
    assert scene.sums.copies == 0
    assert sum(m.count for p in scene.panels for m in p.marks if m.kind == "retransmission") == 25
    assert audit(figures()["time-sequence"].place(scene, 900, wider), to_scale=True) == []
