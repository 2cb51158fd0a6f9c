"""Placed figures: nothing overlaps, nothing is clipped, time runs down, type is large enough."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrst.analyze.story import Connection
from finrst.plots import metrics, words
from finrst.plots.audit import audit
from finrst.plots.backends import render
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.figures.ladder.layout.plans import Plan, Planner
from finrst.plots.placed import Hit, Line
from finrst.plots.scene import Arrow, Call, Item
from finrst.plots.theme import LIGHT

from ...conversations import ALL, Talk, capture, write_after_close
from .both_ends import closing, scene
from .scenes import sample, texts


def figures() -> list[Any]:
    return [pytest.param(name, lang, id=f"{name}-{lang}") for name in ALL for lang in ("en", "zh")]


@pytest.mark.parametrize(("name", "lang"), figures())
@pytest.mark.parametrize("width", [640, 900, 1400])
def test_nothing_overlaps_and_nothing_is_clipped(name: str, lang: str, width: int) -> None:
    for timed in (True, False):
        assert audit(layout(compose(ALL[name](), capture(), lang, timed=timed), width)) == []


@pytest.mark.parametrize(("name", "lang"), figures())
def test_type_is_large_enough_and_every_fact_is_written(name: str, lang: str) -> None:
    scene = compose(ALL[name](), capture(), lang)
    display = layout(scene)
    assert min(text.size for text in texts(display)) >= 9.5
    written = {text.text for text in texts(display)}
    runs = {run.text.rstrip(",， ") for text in texts(display) for run in text.runs}
    for arrow in scene.arrows:
        assert arrow.flags in written
        assert runs & {arrow.label, *arrow.shorter_labels}
        assert not arrow.detail or runs & {arrow.detail, *arrow.shorter_details}
        assert scene.stamp(arrow.t_ns) in written
    together = "".join("".join(text.text.split()) for text in texts(display))
    for sentence in (scene.title, scene.subtitle, scene.verdict.text):
        assert "".join(sentence.split()) in together
    assert all(frame.frame in {a.frame for a in scene.arrows} for frame in display.shapes if isinstance(frame, Hit))


@pytest.mark.parametrize("name", ALL)
def test_colours_are_tokens_of_the_theme(name: str) -> None:
    for shape in layout(compose(ALL[name](), capture())).shapes:
        used = [getattr(shape, "fill", "none"), getattr(shape, "stroke", "none")]
        used += [run.fill for run in getattr(shape, "runs", ())]
        assert all(token == "none" or token in LIGHT for token in used)


def test_a_figure_in_arial_is_no_wider_than_its_frame() -> None:
    display = layout(compose(ALL["ipv6"](), capture()), measure=metrics.arial)
    assert audit(display) == []


def full_ladder() -> Connection:
    ladder = Talk().handshake()
    for number in range(21):
        ladder.add(0.1 + number / 100, "client" if number % 2 else "server", "F.", 1 + number, 1 + number, 100)
    return ladder.connection("open", "nobody", None)


def test_a_full_ladder_takes_less_than_counting_to_a_million() -> None:
    told = full_ladder()
    assert len(compose(told, capture()).arrows) == 24

    def count() -> None:
        number = 0
        while number < 1_000_000:
            number += 1

    # In CPU time and in turn: a slow machine is slow for both. Where counting takes 50 ms, the figure takes no longer.
    pairs = [(_seconds(lambda: render(compose(told, capture()), "svg")), _seconds(count)) for _ in range(5)]
    assert min(drawn for drawn, _ in pairs) < min(counted for _, counted in pairs)


def test_where_no_arrow_has_to_fall_farther_each_is_planned_and_placed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[int] = []
    made = Planner._plan

    def counted(self: Planner, arrow: Arrow, *asked: Any) -> Plan:
        planned.append(arrow.frame)
        return made(self, arrow, *asked)

    monkeypatch.setattr(Planner, "_plan", counted)
    for said in (compose(full_ladder(), capture()), sample("close-client-first")):
        planned.clear()
        layout(said)
        assert sorted(planned) == sorted(arrow.frame for arrow in said.arrows)


def test_the_strip_covers_the_last_arrival() -> None:
    said = scene(closing())
    last = max(arrow.arrives_ns or 0 for arrow in said.arrows)
    assert last > max(arrow.t_ns for arrow in said.arrows)
    assert words.span(last) in {text.text for text in texts(layout(said))}


@pytest.mark.parametrize("together", [1, 2, 3, 4, 12])
def test_on_the_strip_no_error_hides_a_rst_and_few_at_one_place_stand_side_by_side(together: int) -> None:
    said = compose(write_after_close(), capture())
    rst = next(arrow.t_ns for arrow in said.arrows if arrow.kind == "rst")
    calls = (Call(t_ns=t_ns, side="server", text="write(4, 8 bytes)", kind="err", result="= -1 EPIPE")
             for t_ns in (*range(1_000, 1_000 + together), rst + 1_000, 900_000_000))  # fmt: skip
    display = layout(replace(said, items=(*calls, *said.items)))
    lines = [shape for shape in display.shapes if isinstance(shape, Line) and shape.stroke == "rst"]
    bar = next(line for line in lines if line.width == 3.0)
    strokes = [line for line in lines if line.width == 2.2 and line.y2 < bar.y2 + 20]  # not that of the legend
    crosses = {((line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2) for line in strokes}
    drawn = 2 + (together if together <= 3 else 1)
    assert len(strokes) == 2 * drawn
    assert len(crosses) == drawn and {y for _, y in crosses} == {(bar.y1 + bar.y2) / 2}
    for x1, x2 in combinations([*(x for x, _ in crosses), bar.x1], 2):
        assert abs(x1 - x2) >= 8
    first = min(x for x, _ in crosses)
    counted = [text.x for text in texts(display) if text.text == str(together) and text.y < bar.y2]
    assert counted == ([first + 6] if together > 3 else [])
    explained = words.say("legend-errors") in {text.text for text in texts(display)}
    assert explained == (together > 3), "a number at a cross is in the legend"


def test_the_strip_leaves_room_for_errors_at_its_end() -> None:
    said = compose(write_after_close(), capture())
    last = max(arrow.t_ns for arrow in said.arrows) + 1_000_000
    for count in (1, 2, 3, 9):
        calls = (Call(t_ns=last, side="server", text="write(4, 8 bytes)", kind="err", result="= -1 EPIPE"),) * count
        display = layout(replace(said, items=(*said.items, *calls)))
        assert audit(display) == []
        total = next(text for text in texts(display) if text.text == words.span(last))
        strip = [s for s in display.shapes if isinstance(s, Line) and s.width == 2.2 and abs(s.y1 - total.y) < 12]
        assert len(strip) == 2 * (count if count <= 3 else 1)
        assert max(line.x2 for line in strip) < total.x - total.measured - 6


def test_an_error_that_getsockopt_hands_over_is_on_the_strip_like_any_that_a_program_was_told() -> None:
    said = compose(write_after_close(), capture())
    found = Call(t_ns=1_000, side="server", text="getsockopt(4)", kind="err", result="= 0: SO_ERROR = EPIPE")
    without, given = (layout(replace(said, items=(*calls, *said.items))) for calls in ((), (found,)))
    assert words.say("legend-error") in [text.text for text in texts(given)]
    top = next(text.y for text in texts(without) if text.text == words.say("to-scale"))
    strips = [[s for s in d.shapes if isinstance(s, Line) and abs(s.y1 - top) < 12 and s.width == 2.2]
              for d in (without, given)]  # fmt: skip
    assert [len(strip) for strip in strips] == [0, 2]


def _seconds(work: Any) -> float:
    """Of CPU time."""
    start = time.process_time()
    work()
    return time.process_time() - start


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["client", "server"]),
            st.sampled_from([".", "P.", "F.", "S", "S.", "R", "R.", "FP.", "SEW", "FSRP.UEWe"]),
            st.integers(0, 2**32 - 1),
            st.integers(0, 2**32 - 1),
            st.sampled_from([0, 1, 1460, 65495, 4_000_000]),
            st.sampled_from(["CLOSED ESTABLISHED", "FIN_WAIT_1 CLOSE_WAIT", "UNKNOWN SYN_RCVD", "TIME_WAIT LAST_ACK"]),
            st.sampled_from([0.000001, 0.0004, 0.2, 3.0, 86400.0]),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["en", "zh"]),
    st.sampled_from(["closed", "reset", "unanswered", "timed-out", "open", "half-closed"]),
    st.booleans(),
)
def test_whatever_the_packets_nothing_overlaps(packets: list[Any], lang: str, ending: str, timed: bool) -> None:
    wild = Talk()
    at = 0.0
    for side, flags, seq, ack, payload, after, gap, again in packets:
        at += gap
        reset = {"shape": "active", "accepted": None} if "R" in flags else None
        more = {"retransmission_of": max(1, wild.frame)} if again and wild.frame else {}
        wild.add(at, side, flags, seq, ack, payload, after, reset=reset, **more)
    scene = compose(wild.connection(ending, "client", "client"), capture(), lang, timed=timed)
    assert audit(layout(scene)) == []
    assert scene.totals.drawn + scene.totals.folded == scene.totals.packets


@pytest.mark.parametrize(("name", "dashed"), [("write-once", True), ("fin-wait-2", True), ("half-close", False)])
def test_the_edge_of_a_state_is_dashed_from_where_its_kernel_does_not_tell_it_any_more(name: str, dashed: bool) -> None:
    figure = sample(name)
    told = replace(figure, items=tuple(_without_end(item) for item in figure.items))
    edges = [[shape for shape in layout(one, 900).shapes if isinstance(shape, Line) and shape.width == 4]
             for one in (figure, told)]  # fmt: skip
    of = [[(line.x1, line.y1, bool(line.dash)) for line in lines] for lines in edges]
    assert (len(of[0]) > len(of[1]) and set(of[1]) < set(of[0])) is dashed


def _without_end(item: Item) -> Item:
    if not isinstance(item, Arrow):
        return item
    states = [None if s is None else replace(s, told_until_ns=None) for s in (item.sender_state, item.receiver_state)]
    return replace(item, sender_state=states[0], receiver_state=states[1])
