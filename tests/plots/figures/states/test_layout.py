"""Claims about the placed state diagram: the table's edges and no other, and nothing on top of anything."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest

import finrst
from finrst.analyze.states import diagram
from finrst.plots import metrics
from finrst.plots.audit import audit
from finrst.plots.figures.states.layout import AWAITED, CLEAR, DISC, INFERRED, layout
from finrst.plots.figures.states.places import TALL
from finrst.plots.figures.states.scene import Paths, Step, compose
from finrst.plots.placed import Display, Hit, Poly, Rect, Text
from finrst.plots.theme import LIGHT

from ...conversations import ALL, capture

ROOT = Path(__file__).parents[4]
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/packets.pcapng"))


def placed(name: str, lang: str = "en", width: float = 900) -> Display:
    return layout(compose(ALL[name](), capture(), lang), width, metrics.wider)


def texts(display: Display) -> list[str]:
    return [shape.text for shape in display.shapes if isinstance(shape, Text)]


def ways(display: Display) -> list[Poly]:
    """The lines of edges that were taken: thicker than the pale ones."""
    return [s for s in display.shapes if isinstance(s, Poly) and not s.closed and s.role == "line" and s.width > 2]


def pale(display: Display) -> list[Poly]:
    return [s for s in display.shapes if isinstance(s, Poly) and not s.closed and s.role == "line" and s.width <= 2]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [640, 900, 1200])
def test_nothing_overlaps_and_nothing_is_clipped(name: str, lang: str, width: int) -> None:
    assert audit(placed(name, lang, width)) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_overlaps_in_any_sample(name: str) -> None:
    for told in finrst.read(ROOT / "samples" / name).connections:
        for lang, width in (("en", 900), ("zh", 1200)):
            assert audit(layout(compose(told.story, told.capture, lang), width, metrics.wider)) == []


def test_every_edge_is_drawn_once_taken_or_pale() -> None:
    display, scene = placed("orderly"), compose(ALL["orderly"](), capture())
    taken = {(step.before, step.after) for step in scene.steps} | {("TIME_WAIT", "CLOSED")}
    assert len(pale(display)) == len(diagram()) - len(taken)
    assert len(ways(display)) == len(taken)
    written = " ".join(texts(display)).replace(" / ", " ")
    for edge in diagram():
        for word in (edge.event, edge.action):
            assert word.replace(", ", " ") in written.replace(", ", " ")


def test_rst_has_an_octagon_where_it_was_taken_and_nowhere_else() -> None:
    assert texts(placed("orderly")).count("RST") == 0
    assert texts(placed("active_reset")).count("RST") == 2, "one on the way that both took, one in the legend"
    assert texts(placed("write_after_close")).count("RST") == 3
    assert {line.stroke for line in ways(placed("active_reset")) if line.stroke == "rst"} == {"rst"}


def test_client_and_server_differ_without_colour() -> None:
    """One thick line against two thin ones, a disc against a square."""
    strokes = {line.stroke: line.width for line in ways(placed("orderly"))}
    assert strokes == {"syn": 3.2, "fin": 5.4}
    inner = [s for s in placed("orderly").shapes if isinstance(s, Poly) and s.stroke == "bg" and not s.closed]
    assert len(inner) == len([line for line in ways(placed("orderly")) if line.width > 5]) + 1, "and in the legend"


def test_inferred_is_dashed_recorded_is_solid_and_what_was_not_seen_is_dotted(sample: Callable[[str], Path]) -> None:
    assert {line.dash for line in ways(placed("active_reset"))} == {INFERRED}
    told = finrst.read(sample("close-client-first").parent).connection(0)
    scene = compose(told.story, told.capture)
    display = layout(scene, 900, metrics.wider)
    assert {line.dash for line in ways(display)} == {(), INFERRED, AWAITED}
    solid = [line for line in ways(display) if not line.dash]
    assert len(solid) == sum(step.source == "traced" for step in scene.steps)


def test_both_ends_on_one_edge_stand_beside_each_other() -> None:
    lines = [line for line in ways(placed("active_reset")) if line.stroke == "rst"]
    assert len(lines) == 2 and lines[0].points[0][0] != lines[1].points[0][0]


def test_the_legend_has_the_marks_used_and_no_other() -> None:
    written = texts(placed("active_reset"))
    assert {"by RST", "client", "server", "inferred from packets"} <= set(written)
    assert not {"expected, not seen", "by the kernel's record"} & set(written)
    assert "expected, not seen" in texts(placed("orderly"))


@pytest.mark.parametrize("name", ALL)
def test_each_step_is_written_with_its_number_and_found_by_its_frame(name: str) -> None:
    display, scene = placed(name), compose(ALL[name](), capture())
    together = "".join("".join(texts(display)).split())
    for step in scene.steps:
        short = f"#{step.frame}"
        assert "".join(step.text.split()) in together or short in together
    hits = {shape.frame for shape in display.shapes if isinstance(shape, Hit)}
    assert hits == {step.frame for step in scene.steps if step.frame is not None and scene.in_diagram(step)}


def test_a_step_that_the_diagram_does_not_have_is_told_below() -> None:
    scene = compose(ALL["orderly"](), capture())
    odd: Paths = replace(scene, steps=(replace(scene.steps[0], after="CLOSE_WAIT"), *scene.steps[1:]))
    display = layout(odd, 900, metrics.wider)
    assert audit(display) == []
    assert any("CLOSED to CLOSE_WAIT" in text and "no transition" in text for text in texts(display))


@pytest.mark.parametrize("name", ALL)
def test_colours_are_tokens_and_type_is_large_enough(name: str) -> None:
    display = placed(name)
    for shape in display.shapes:
        used = [getattr(shape, "fill", "none"), getattr(shape, "stroke", "none")]
        used += [run.fill for run in getattr(shape, "runs", ())]
        assert all(token == "none" or token in LIGHT for token in used)
    assert min(shape.size for shape in display.shapes if isinstance(shape, Text)) >= 9.5


def test_it_is_wider_than_high_as_a_slide_is(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("wire-cut").parent).connection(0)
    display = layout(compose(told.story, told.capture), 900, metrics.wider)
    assert display.width / display.height > 1.4
    assert min(shape.size for shape in display.shapes if isinstance(shape, Text)) >= 11


def test_the_octagon_leaves_the_way_free_that_was_not_taken_by_rst(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("wire-cut").parent).connection(0)
    display = layout(compose(told.story, told.capture), 900, metrics.wider)
    chip = next(s for s in display.shapes if isinstance(s, Poly) and s.closed and len(s.points) == 8)
    left, right = min(x for x, _ in chip.points), max(x for x, _ in chip.points)
    down = {s.stroke: s.points[-1][0] for s in ways(display) if s.points[0][0] == s.points[-1][0]}
    assert left < down["rst"] < right and not left < down["syn"] < right


def test_a_passive_opener_goes_back_to_listen_only_by_rst() -> None:
    scene = compose(ALL["orderly"](), capture())
    begun = [step for step in scene.steps if step.after in ("SYN_SENT", "SYN_RCVD")]
    back = Step(
        number=3, side="server", before="SYN_RCVD", after="LISTEN", t_ns=5, stamp="0.000000", frame=3, kind="rst",
        text="#3 RST received",
    )  # fmt: skip
    display = layout(replace(scene, steps=(*begun, back), server_end="LISTEN", awaited=()), 900, metrics.wider)
    assert audit(display) == [] and texts(display).count("RST") == 2, "on the way, and in the legend"
    assert "server starts, ends" in texts(display)
    quiet = replace(back, kind=None, frame=None, text="1.5 s, no packet")
    display = layout(replace(scene, steps=(*begun, quiet), server_end="LISTEN", awaited=()), 900, metrics.wider)
    assert audit(display) == [] and any("no transition" in text for text in texts(display))


@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_keep_a_distance_from_each_other_and_from_every_way(name: str) -> None:
    told = finrst.read(ROOT / "samples" / name).connection(0)
    for lang in ("en", "zh"):
        display = layout(compose(told.story, told.capture, lang), 900, metrics.wider)
        badges = [s for s in display.shapes if isinstance(s, Rect) and s.role == "mark" and s.w == 2 * DISC]
        for one, other in combinations(badges, 2):
            assert max(abs(one.x - other.x) - one.w, abs(one.y - other.y) - one.h) >= CLEAR - 0.01
        for way in (*ways(display), *pale(display)):
            for (x1, y1), (x2, y2) in pairwise(way.points):
                off = CLEAR + way.width / 2
                for one in badges:
                    beside = max(one.x - max(x1, x2), min(x1, x2) - one.x - one.w)
                    above = max(one.y - max(y1, y2), min(y1, y2) - one.y - one.h)
                    assert math.hypot(max(beside, 0.0), max(above, 0.0)) >= off - 0.01, (lang, one, way.points)


def test_what_stands_in_a_box_keeps_off_its_frame(sample: Callable[[str], Path]) -> None:
    for name in ("refused", "write-twice", "simultaneous-open"):
        told = finrst.read(sample(name).parent).connection(0)
        display = layout(compose(told.story, told.capture, "en"), 900, metrics.wider)
        frames = [s for s in display.shapes if isinstance(s, Rect) and s.h == TALL - 7]
        assert frames
        for frame in frames:
            inside = [s for s in display.shapes if isinstance(s, Text) and frame.y - 4 < s.y < frame.y + frame.h + 4]
            inside = [s for s in inside if abs(s.x - frame.x - frame.w / 2) < 1]
            assert inside
            for text in inside:
                assert text.y - 0.73 * text.size > frame.y + 1 and text.y + 0.2 * text.size < frame.y + frame.h - 1
