"""The placed overview: nothing overlaps, every connection has its mark, colour is never alone."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from finrst.analyze.story import Overview
from finrst.analyze.vocabulary import CLASSES
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures import figure
from finrst.plots.figures.overview import OverviewFigure
from finrst.plots.metrics import wider
from finrst.plots.placed import Circle, Line, Poly, Rect, Text
from finrst.plots.strips import HEIGHT, LEAST
from finrst.plots.theme import LIGHT

from ....analyze.tables import MIDNIGHT_1960, Row, Rst, overview_of, restart, some

CASES = {
    "none": overview_of([]),
    "one": overview_of([Row(ending="refused", who="server")]),
    "restart": overview_of(*restart()),
    "199": overview_of(some(199)),
    "80": overview_of(some(80, services=80)),
    "200": overview_of(some(200, services=100)),
    "201": overview_of(some(201)),
    "many services": overview_of(some(3000, services=100)),
    "an instant": overview_of([Row(1, 1, ending="refused", who="server")] * 5),
    "an instant of many": overview_of([Row(1, 1)] * 300),
    "before 1970": overview_of(some(300), start=MIDNIGHT_1960),
    "long addresses": overview_of(
        [Row(server=f"2001:db8:aaaa:bbbb:cccc:dddd:eeee:{n:x}", port=60000 + n % 7) for n in range(210)]
    ),
    "long addresses, few": overview_of([Row(server=f"2001:db8:aaaa:bbbb:cccc:dddd:eeee:{n:x}") for n in range(5)]),
    "a hostile name": overview_of(*restart(), name="\x1b]0;x\x07" * 30 + "<svg onload=alert(1)>" + "字" * 300),
}


@pytest.mark.parametrize("width", [900, 1200])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("told", CASES.values(), ids=CASES.keys())
def test_nothing_overlaps_and_nothing_is_clipped(told: Overview, lang: str, width: int) -> None:
    display = OverviewFigure.place(OverviewFigure.compose(told, lang=lang), width, wider)
    assert audit(display) == []
    assert all(shape.size >= 9.5 for shape in display.shapes if isinstance(shape, Text))


@pytest.mark.parametrize("told", CASES.values(), ids=CASES.keys())
def test_it_can_be_written_in_every_form(told: Overview) -> None:
    scene = OverviewFigure.compose(told)
    svg = render(scene, "svg").decode()
    assert svg.startswith("<svg") and "\x1b" not in svg and "<svg onload" not in svg
    assert json.loads(render(scene, "json"))["connections"] == told.connections
    assert render(scene, "txt").decode().strip()


def test_every_bar_has_the_mark_of_its_ending() -> None:
    scene = OverviewFigure.compose(CASES["restart"])
    shapes = OverviewFigure.place(scene, 900, wider).shapes
    plot = 14 + 168
    orderly = [
        shape for shape in shapes if isinstance(shape, Circle) and shape.fill == "end-closed" and shape.x >= plot
    ]
    assert len(orderly) == 25
    bars = [shape for shape in shapes if isinstance(shape, Rect) and shape.fill.endswith("-pale")]
    assert Counter(shape.fill for shape in bars) >= Counter(
        {"end-reset-path-pale": 4, "end-reset-server-pale": 3, "end-closed-pale": 25, "end-silent-pale": 1}
    )
    assert all(shape.fill in LIGHT and (shape.h, shape.w >= LEAST) == (7, True) for shape in bars)


def test_abnormal_endings_stand_on_the_baseline_and_orderly_ones_above() -> None:
    rows = [Row(0, 0.5 + n / 3) for n in range(600)] + [Row(0, 100.2, "refused", "server"), Row(0, 300)]
    shapes = OverviewFigure.place(OverviewFigure.compose(overview_of(rows)), 900, wider).shapes
    area = next(shape for shape in shapes if isinstance(shape, Rect) and shape.role == "mark" and shape.h == HEIGHT)
    (refused,) = [
        shape
        for shape in shapes
        if isinstance(shape, Rect) and shape.fill == "end-refused" and area.y <= shape.y <= area.y + area.h
    ]
    assert refused.y + refused.h == pytest.approx(area.y + area.h) and refused.h >= LEAST
    (above,) = [s for s in shapes if isinstance(s, Rect) and s.fill == "end-closed-pale" and s.x == refused.x]
    assert above.y + above.h == pytest.approx(refused.y)


def test_the_drawn_columns_are_those_of_the_bins() -> None:
    told = CASES["many services"]
    shapes = OverviewFigure.place(OverviewFigure.compose(told), 900, wider).shapes
    drawn = [shape for shape in shapes if isinstance(shape, Rect) and not shape.role and shape.fill.startswith("end-")]
    ended = [
        counts
        for service in told.services
        for counts, name in zip(service.bins, CLASSES, strict=True)
        if name != "open"
    ]
    assert len(drawn) == sum(n > 0 for counts in ended for n in counts)


def test_connections_still_open_do_not_press_the_others_down() -> None:
    rows = [Row(0, n) for n in range(300)]
    with_open = [*rows, *[Row(0, 200, "open", "nobody")] * 5000]
    heights = [
        max(shape.h for shape in OverviewFigure.place(OverviewFigure.compose(overview_of(some)), 900, wider).shapes
            if isinstance(shape, Rect) and shape.fill == "end-closed-pale")
        for some in (rows, with_open)
    ]  # fmt: skip
    assert heights == [HEIGHT, HEIGHT]


def test_the_table_is_the_legend_of_all_marks_and_of_none_besides() -> None:
    told = CASES["restart"]
    scene = OverviewFigure.compose(told)
    used = {bar.ending for service in told.services for bar in service.bars}
    assert [row.ending for row in scene.endings] == [ending for ending in CLASSES if ending in used]


def test_the_size_of_the_figure_does_not_grow_with_the_connections() -> None:
    few, many = (
        OverviewFigure.place(OverviewFigure.compose(overview_of(some(1500) * times)), 900, wider) for times in (1, 9)
    )
    lines = 2 * 6  # findings differ, and by a line or two in length
    assert abs(many.height - few.height) <= 15 * lines and abs(len(many.shapes) - len(few.shapes)) <= lines


def test_it_is_a_figure_of_captures() -> None:
    assert figure("overview") is OverviewFigure and OverviewFigure.of == "capture"


def test_what_came_after_the_end_is_a_line_and_no_bar() -> None:
    told = overview_of([Row(0, 90, "reset", "server"), Row(0, 100)], [Rst(0, 60, "server")])
    display = OverviewFigure.place(OverviewFigure.compose(told), 900, wider)
    bar = next(s for s in display.shapes if isinstance(s, Rect) and s.fill == "end-reset-server-pale")
    end = next(s for s in display.shapes if isinstance(s, Poly) and s.fill == "end-reset-server")
    tip = max(x for x, _ in end.points)
    line = next(s for s in display.shapes if isinstance(s, Line) and s.stroke == "end-reset-server")
    assert bar.x + bar.w <= tip and line.x1 <= tip < line.x2
