"""What holds for the figure of every sample, in both languages: the rules that a machine can check.

The samples' connections are told once; each rule is a test over all of them. The same rules of overlap hold for
every connection with a RST in other projects' captures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

import finrst
from finrst.analyze.numbers import known_isn
from finrst.analyze.states import STATES, TABLE
from finrst.analyze.story import Connection
from finrst.analyze.windows import FULL
from finrst.plots import words
from finrst.plots.audit import audit, hidden, overlap
from finrst.plots.figures import figure
from finrst.plots.figures.ladder.compose import timers
from finrst.plots.figures.ladder.compose.calls import MOST_ALIKE
from finrst.plots.figures.ladder.compose.folding import GAP_NS, HIDDEN_NS
from finrst.plots.metrics import wider
from finrst.plots.placed import Display, Hit, Line, Poly, Rect, Text
from finrst.plots.scene import SAME_NS, Arrow, Break, Call, Fold, Item, Note, Scene, State
from finrst.plots.tcpdump import letters
from finrst.reading import Told

ROOT = Path(__file__).parent.parent
SAMPLES = sorted(path.parent for path in (ROOT / "samples").glob("*/packets.pcapng"))
LEGAL = {(STATES[state], STATES[after]) for (state, _event), after in TABLE.items()}
LEGAL |= {("CLOSED", "LISTEN")}  # passive OPEN (RFC 9293, figure 5): a call, no packet
LEGAL |= {("FIN_WAIT_1", "TIME_WAIT")}  # RFC 9293, figure 5, note 2: one segment is FIN and ACK of the FIN
LEGAL |= {("TIME_WAIT", "SYN_RCVD"), ("TIME_WAIT", "SYN_SENT")}  # RFC 1122, 4.2.2.13; RFC 6191: used again
LADDER = figure("ladder")
Scenes = list[tuple[str, Connection, Scene]]
MOST_HIDDEN = 25.0  # px of an arrow, where words and marks of others stand on it; of the RST that is explained:
DECISIVE_HIDDEN = 12.0


def told_samples() -> Iterator[tuple[str, Told]]:
    for folder in SAMPLES:
        for told in finrst.read(folder).connections:
            yield f"{folder.name} {told.number}", told


@pytest.fixture(scope="module")
def told() -> list[tuple[str, Told]]:
    """Every connection of every sample."""
    return list(told_samples())


@pytest.fixture(scope="module", params=["en", "zh"])
def scenes(request: pytest.FixtureRequest, told: list[tuple[str, Told]]) -> Scenes:
    """Their ladders."""
    return in_language(told, request.param)


def in_language(told: Iterable[tuple[str, Told]], lang: str) -> Scenes:
    found = []
    for name, one in told:
        scene = one.scene(lang)
        assert isinstance(scene, Scene)
        found.append((name, one.story, scene))
    return found


@cache
def placed(scene: Scene, width: float = 900) -> Display:
    """The scene's ladder, placed once for all tests."""
    return LADDER.place(scene, width, wider)


def call_ticks(display: Display) -> list[tuple[float, str]]:
    """Where calls stand, and at which end."""
    ticks = (shape for shape in display.shapes if isinstance(shape, Line) and shape.width == 1.8
             and shape.y1 == shape.y2 and abs(shape.x2 - shape.x1 - 10) < 0.01)  # fmt: skip
    return [(tick.y1, "client" if tick.x1 < display.width / 2 else "server") for tick in ticks]


def texts(scene: Scene, width: float = 900) -> list[Text]:
    return [shape for shape in placed(scene, width).shapes if isinstance(shape, Text)]


@pytest.mark.parametrize("width", [900, 1200])
def test_nothing_overlaps_and_nothing_is_clipped(scenes: Scenes, width: int) -> None:
    found = {name: audit(placed(scene, width)) for name, _, scene in scenes}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_no_words_of_others_hide_more_of_an_arrow_than_a_crossing_needs(scenes: Scenes) -> None:
    most = {name: max(hidden(placed(scene)), default=0.0) for name, _, scene in scenes}
    assert {name: px for name, px in most.items() if px > MOST_HIDDEN} == {}


def test_the_line_of_the_rst_that_is_explained_is_whole(scenes: Scenes) -> None:
    checked = 0
    for name, _, scene in scenes:
        display = placed(scene)
        for arrow in (arrow for arrow in scene.arrows if arrow.why):
            tail = next(
                shape.points for shape in display.shapes if isinstance(shape, Hit) and shape.frame == arrow.frame
            )
            lines = [shape for shape in display.shapes if isinstance(shape, Line) and shape.role == "line"
                     and shape.stroke == "rst"]  # fmt: skip
            own = {line.owner for line in lines if any(abs(line.y1 - y - 20) < 0.5 for _, y in tail[:2])}
            assert len(own) == 1, name
            pieces = tuple(line for line in lines if line.owner in own)
            assert max(hidden(replace(display, shapes=pieces)), default=0.0) <= DECISIVE_HIDDEN, name
            checked += 1
    assert checked > 60


def test_no_dotted_bracket_runs_through_the_head_of_an_arrow(scenes: Scenes) -> None:
    brackets = 0
    for name, _, scene in scenes:
        shapes = placed(scene).shapes
        heads = [shape.points for shape in shapes if isinstance(shape, Poly) and shape.role == "mark"]
        for one in shapes:
            if isinstance(one, Poly) and one.dash == (1.5, 2.5) and len(one.points) > 1:
                xs, ys = [x for x, _ in one.points], [y for _, y in one.points]
                x, top, bottom = max(xs, key=xs.count), min(ys), max(ys)
                strip = ((x - 1, top), (x + 1, top), (x + 1, bottom), (x - 1, bottom))
                assert not any(overlap(strip, head) for head in heads), name
                brackets += 1
    assert brackets > 30


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_overlaps_in_the_time_lines_of_two_captures(told: list[tuple[str, Told]], lang: str) -> None:
    both = {name: one for name, one in told if one.story.other_end is not None}
    assert len(both) > 50
    timeline = figure("timeline")
    found = {name: audit(timeline.place(one.scene(lang, figure="timeline"), 900, wider)) for name, one in both.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_grey_line_takes_two_lines_at_most(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        heading = words.say(scene.verdict.heading, scene.lang)
        drawn = texts(scene)
        bar = next(text.y for text in drawn if text.text == heading)
        grey = [text.text for text in drawn if text.runs[0].fill == "muted" and text.y < bar - 8]
        assert 1 <= len(grey) <= 2, (name, grey)


def test_the_verdict_is_short_and_the_reasons_too(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        whys = [arrow.why for arrow in scene.arrows if arrow.why]
        assert len(whys) <= 1, name
        if scene.lang == "en":
            assert len(scene.verdict.answer.split()) <= 30, (name, scene.verdict.answer)
            assert len(scene.verdict.text.split()) <= 45, (name, scene.verdict.text)  # with what happened besides
            assert all(len(why.text.split()) <= 45 for why in whys), (name, whys)


def test_a_rst_that_took_effect_is_explained_where_it_stands(scenes: Scenes) -> None:
    for name, connection, scene in scenes:
        effective = [reset.frame for reset in connection.resets if reset.accepted]
        if effective and connection.ending in ("reset", "refused"):
            assert [arrow.frame for arrow in scene.arrows if arrow.why] == effective[:1], name


def test_the_box_that_explains_a_rst_is_tied_to_its_chip(scenes: Scenes) -> None:
    """By its pointer, by a line, or by a mark at both."""
    ties = Counter[str]()
    for name, _, scene in scenes:
        if not any(arrow.why for arrow in scene.arrows):
            continue
        shapes = placed(scene).shapes
        open_ = [s for s in shapes if isinstance(s, Poly) and not s.closed and s.stroke == "rst" and s.width == 1.4]
        badges = [s for s in shapes if isinstance(s, Text) and s.text == "1"]
        pointer = any(len(s.points) == 3 and s.role == "line" for s in open_)
        line = any(s.role != "line" for s in open_)
        assert pointer + line + (len(badges) == 3) == 1, (name, pointer, line, badges)
        ties["pointer" if pointer else "line" if line else "mark"] += 1
    assert ties["pointer"] > 50 and ties["line"] and ties["mark"], ties


def test_a_rst_is_marked_by_its_shape(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        octagons = [
            shape for shape in placed(scene).shapes
            if isinstance(shape, Poly) and len(shape.points) == 8 and shape.role == "mark"
        ]  # fmt: skip
        resets = sum(arrow.kind == "rst" for arrow in scene.arrows)
        assert len(octagons) >= resets, name
        assert bool(octagons) == bool(resets), name


def test_flags_are_the_packets_own_letter_for_letter(scenes: Scenes) -> None:
    for name, connection, scene in scenes:
        flags = {segment.frame: letters(segment.flags) for segment in connection.segments}
        assert all(arrow.flags == flags[arrow.frame] for arrow in scene.segments), name


def test_relative_numbers_count_from_the_isn_and_syn_and_fin_count_one(scenes: Scenes) -> None:
    checked = 0
    for name, connection, scene in scenes:
        segments = {segment.frame: segment for segment in connection.segments}
        for arrow in scene.arrows:
            found = re.match(r"seq (\d+)(?::(\d+))? ack (\d+)", arrow.detail)
            isn = known_isn(connection, 0), known_isn(connection, 1)  # a forged SYN's is no base
            own, peer = isn if arrow.side == "client" else isn[::-1]
            if found is None or own is None or peer is None or arrow.kind in ("syn", "rst"):
                continue
            segment = segments[arrow.frame]
            assert int(found[1]) == (segment.seq - own) % 2**32, (name, arrow)
            assert found[2] is None or int(found[2]) - int(found[1]) == segment.payload, (name, arrow)
            assert int(found[3]) == (segment.ack - peer) % 2**32, (name, arrow)
            checked += 1
    assert checked > 300


def long_gaps(scene: Scene) -> Iterator[tuple[Arrow, list[Item]]]:
    """The arrows that come long after what was on its way before, with what stands between: rule 8."""
    gaps: list[tuple[Arrow, Arrow, int, int]] = []  # for how long nothing was on its way, and what was before
    there = 0
    for earlier, later in pairwise(scene.arrows):
        there = max(there, earlier.arrives_ns or 0, earlier.t_ns)
        gaps.append((earlier, later, max(0, later.t_ns - there), there - earlier.t_ns))
    least = max(SAME_NS, 20 * median(gap for *_, gap, _ in gaps)) if gaps else 0
    items = list(scene.items)
    for earlier, later, gap, way in gaps:
        enough = least if later.retransmission_of is None else min(least, GAP_NS)
        if gap > enough and gap > way:  # else it is the way that the figure shows
            yield later, items[items.index(earlier) + 1 : items.index(later)]


def test_a_long_gap_is_marked_with_its_length(scenes: Scenes) -> None:
    marked = 0
    for name, _, scene in scenes:
        for later, between in long_gaps(scene):
            ended = any(isinstance(item, Call) and item.wait is not None for item in between)
            assert later.wait or ended or any(isinstance(item, Break | Fold) for item in between), (name, later.frame)
            marked += later.wait is not None or ended
        written = {text.text for text in texts(scene)}
        timed = [item for item in scene.items if isinstance(item, Arrow | Call | Fold)]
        assert {item.wait for item in timed if item.wait} <= written, name
        key = "legend-wait-for" if any(item.wait and item.paused for item in timed) else "legend-wait"
        assert (words.say(key, scene.lang) in written) == any(item.wait for item in timed), name
    assert marked > 150


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_long_gap_says_what_it_was_for(told: list[tuple[str, Told]], lang: str, recorded: bool) -> None:
    """By a call of its sender, its own label, or a word at its length; of kernels' late answers nothing is known."""
    said = Counter[str]()
    for name, one in told if recorded else packets_alone():
        scene = one.scene(lang)
        assert isinstance(scene, Scene)
        written = {text.text for text in texts(scene)}
        segments = {segment.frame: segment for segment in one.story.segments}
        for later, between in long_gaps(scene):
            if later.wait is None:
                continue
            segment = segments.get(later.frame)
            if segment is None:
                assert later.kind == "icmp", name
                continue
            acted = any(isinstance(item, Call) and item.side == later.side for item in between)
            labelled = later.held or segment.retransmission_of or later.origin  # of that no end waited
            labelled = labelled or segment.keepalive or segment.window_probe
            small = [s for s in one.story.segments if s.ts_ns < segment.ts_ns][-1].window < FULL  # its label has it
            labelled = labelled or (small and not segment.payload)
            answers = later.kind in ("ack", "syn") or (segment.reset and segment.reset.shape != "active")
            assert later.paused or acted or labelled or answers, (name, later.frame)
            assert later.paused is None or later.paused in written, (name, later.paused)
            said[later.paused or ""] += 1
    assert recorded or (len(said) > 4 and said[""] < said.total() / 2), said


def packets_alone() -> Iterator[tuple[str, Told]]:
    """The same connections, without what was recorded beside the packets."""
    for folder in SAMPLES:
        for one in finrst.read(folder / "packets.pcapng").connections:
            yield f"{folder.name} {one.number}", one


def test_a_gap_counts_from_the_packet_before(scenes: Scenes) -> None:
    checked = 0
    for name, _, scene in scenes:
        earlier: Arrow | Fold | Break | None = None
        for later in scene.items:
            if isinstance(later, Arrow | Fold | Call) and later.wait is not None:
                assert earlier is not None and not isinstance(earlier, Break), name
                since = later.t_ns - (earlier.until_ns if isinstance(earlier, Fold) else earlier.t_ns)
                assert later.wait == f"+{words.span(since)}" and since > SAME_NS, (name, later.wait)
                checked += 1
            earlier = later if isinstance(later, Arrow | Fold | Break) else earlier
    assert checked > 250


def test_a_gaps_length_stands_right_above_the_stamp_that_it_belongs_to(scenes: Scenes) -> None:
    """With what it was for between the two, or nothing: at one distance everywhere; in characters in the row above."""
    checked = 0
    for name, _, scene in scenes:
        marks = [item for item in scene.items if isinstance(item, Arrow | Call | Fold) and item.wait is not None]
        at = sorted((text for text in texts(scene) if text.x < 100 and text.anchor == "end"), key=lambda text: text.y)
        gutter = [text for text in at if text.x == at[0].x and text.size in (9.5, 10.5)]
        found = [place for place, text in enumerate(gutter) if text.text.startswith("+")]
        assert [gutter[place].text for place in found] == [mark.wait for mark in marks], name
        for place, mark in zip(found, marks, strict=True):
            told = [mark.paused, scene.stamp(mark.t_ns)] if mark.paused else [scene.stamp(mark.t_ns)]
            below = gutter[place + 1 : place + 1 + len(told)]
            assert [text.text for text in below] == told, (name, mark.wait)
            apart = below[-1].y - gutter[place].y
            assert abs(apart - (24.2 if mark.paused else 13.2)) < 0.01, (name, mark.wait, apart)
            checked += 1
        rows = LADDER.grid(scene, 100).text().splitlines()
        for mark in marks:
            told = [str(mark.wait), *([mark.paused] if mark.paused else []), scene.stamp(mark.t_ns)]
            places = [row for row, line in enumerate(rows) if line.startswith(told[0])]
            under = [[line[: len(text)] for line, text in zip(rows[row:], told, strict=False)] for row in places]
            assert told in under, (name, told, under)
    assert checked > 250


def test_a_call_that_ended_a_gap_stands_by_the_gaps_length(scenes: Scenes) -> None:
    """Who reads a call level with a length takes that for the call's: right above its packet, or with its own stamp."""
    checked = 0
    for name, _, scene in scenes:
        ticks, alone = call_ticks(placed(scene)), scene.told_alone()
        stamps = {text.text: text.y - 3.7 for text in texts(scene) if text.size == 10.5}
        stood = {id(call): y for side in ("client", "server") for call, y in
                 zip(scene.calls(side), sorted(y for y, end in ticks if end == side), strict=True)}  # fmt: skip
        began, stamped = 0, dict[str, int]()
        for place, item in enumerate(scene.items):
            if isinstance(item, Break | Arrow | Fold):
                began, stamped = place + 1, {}
            elif isinstance(item, Call | State) and place in alone and item.t_ns is not None:
                stamped[item.side] = item.t_ns
            later = next((one for one in scene.items[place:] if isinstance(one, Arrow | Fold | Break)), None)
            if not isinstance(item, Call) or not isinstance(later, Arrow) or later.wait is None or later.paused:
                continue
            before_ns = later.t_ns - in_ns(later.wait)
            told = [
                one
                for number, one in enumerate(scene.items[began:], began)
                if isinstance(one, Call) and number not in alone
                and one.t_ns > before_ns + SAME_NS and later.t_ns - one.t_ns <= SAME_NS
            ]  # fmt: skip
            if told[:1] == [item] and item.t_ns - stamped.get(item.side, -SAME_NS) > SAME_NS:
                assert 0 < stamps[scene.stamp(later.t_ns)] - stood[id(item)] < 24, (name, item.text, later.wait)
                checked += 1
    assert checked > 60


def test_the_mark_of_a_gap_stands_between_the_calls_before_it_and_those_after_it(scenes: Scenes) -> None:
    checked = 0
    for name, _, scene in scenes:
        display = placed(scene)
        ticks = call_ticks(display)
        marks = {text.text: text.y for text in texts(scene)}
        for item in scene.items:
            if not isinstance(item, Arrow | Call) or item.wait is None or list(marks).count(item.wait) != 1:
                continue
            for side in ("client", "server"):
                own = sorted(y for y, end in ticks if end == side)
                for call, y in zip(scene.calls(side), own, strict=True):
                    if call.t_ns <= item.t_ns - in_ns(item.wait) + SAME_NS / 2:
                        assert y < marks[item.wait], (name, call.text, item.wait)
                        checked += 1
    assert checked > 300


def in_ns(wait: str) -> float:
    number, unit = wait[1:].split()
    return float(number) * {"ms": 1e6, "s": 1e9}[unit]


def test_an_ack_that_comes_late_says_why(scenes: Scenes) -> None:
    """By words of its own, or by the call beside it; sooner than any timer nothing is known."""
    said = 0
    for name, _, scene in scenes:
        for later, between in long_gaps(scene):
            if later.kind != "ack" or later.wait is None or in_ns(later.wait) < timers.DELAY_MIN_NS:
                continue
            acted = any(isinstance(item, Call) and item.side == later.side for item in between)
            assert later.held or acted or later.flags == "[R]" or later.retransmission_of, (name, later.frame)
            said += later.held is not None
        drawn = [text.text for text in texts(scene)]
        for arrow in scene.arrows:
            assert arrow.held is None or any(arrow.held in text for text in drawn), (name, arrow.held)
    assert said > 40


def test_no_box_hides_a_silence(scenes: Scenes) -> None:
    boxes = 0
    for name, connection, scene in scenes:
        times = {segment.frame: segment.ts_ns for segment in connection.segments}
        for fold in (item for item in scene.items if isinstance(item, Fold)):
            gaps = [times[later] - times[earlier] for earlier, later in pairwise(fold.frames)]
            assert max(gaps, default=0) <= max(HIDDEN_NS, (fold.until_ns - fold.t_ns) / 2), (name, fold.title)
            boxes += 1
    assert boxes >= 2


def test_marks_stand_in_the_order_of_their_times(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        now = None
        for item in scene.items:
            if isinstance(item, Break) or item.t_ns is None:
                continue
            assert now is None or item.t_ns >= now, (name, item)
            now = item.until_ns if isinstance(item, Fold) else item.t_ns


def test_what_was_called_after_a_step_stands_below_the_middle_of_its_box_and_what_was_before_above(
    scenes: Scenes,
) -> None:
    checked = 0
    for name, connection, scene in scenes:
        began = {step.t_ns for step in connection.steps}
        start = next((segment.ts_ns - arrow.t_ns for arrow in scene.arrows for segment in connection.segments
                      if segment.frame == arrow.frame), 0)  # fmt: skip
        display = placed(scene)
        boxes = [shape for shape in display.shapes if isinstance(shape, Rect) and shape.stroke == "muted"
                 and shape.fill == "panel" and shape.role == "mark"]  # fmt: skip
        notes = [item for item in scene.items if isinstance(item, Note) and item.boxed]
        assert len(boxes) == len(notes), name
        for note, box in zip(notes, sorted(boxes, key=lambda shape: shape.y), strict=True):
            assert note.t_ns + start in began, (name, note.text)
            for side in ("client", "server"):
                own = sorted(y for y, end in call_ticks(display) if end == side)
                for call, y in zip(scene.calls(side), own, strict=True):
                    below = y > box.y + box.h / 2
                    assert below == (call.t_ns > note.t_ns), (name, note.text, call.text)
                    checked += 1
    assert checked > 300


def test_time_never_runs_upwards(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        stamps = {scene.stamp(arrow.t_ns): arrow.t_ns for arrow in scene.arrows}
        placed = sorted((text.y, stamps[text.text]) for text in texts(scene) if text.text in stamps)
        assert [t for _, t in placed] == sorted(t for _, t in placed), name


@pytest.mark.parametrize("width", [900, 1200])
def test_whatever_happens_at_either_end_stands_in_the_order_of_its_times(scenes: Scenes, width: float) -> None:
    checked = 0
    for name, _, scene in scenes:
        if all(arrow.arrives_ns is None for arrow in scene.arrows):
            continue  # one capture only
        display = placed(scene, width)
        tails = {shape.frame: sorted((shape.points[0][1] + 20, shape.points[1][1] + 20)) for shape in display.shapes
                 if isinstance(shape, Hit)}  # fmt: skip
        ticks = call_ticks(display)
        events: list[tuple[int, float]] = []
        for side in ("client", "server"):
            own = sorted(y for y, end in ticks if end == side)
            calls = scene.calls(side)
            assert len(own) == len(calls), name
            events += [(call.t_ns, y) for call, y in zip(calls, own, strict=True)]
        for arrow in scene.arrows:
            leaves, arrives = tails[arrow.frame]
            events.append((arrow.t_ns, leaves))
            if arrow.arrives_ns is not None:
                events.append((arrow.arrives_ns, arrives))
        events.sort()
        upwards = [(a, b) for a, b in pairwise(events) if b[1] < a[1] - 0.1]
        assert upwards == [], (name, upwards)
        checked += len(events)
    assert checked > 1500


def test_how_long_a_segment_took_is_never_left_out(scenes: Scenes) -> None:
    said = 0
    for name, _, scene in scenes:
        written = " ".join(text.text for text in texts(scene))
        took = [arrow.took for arrow in scene.arrows if arrow.took]
        assert all(one in written for one in took), name
        said += len(took)
    assert said > 10


def test_the_true_scale_stands_above(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        assert words.say("to-scale", scene.lang) in {text.text for text in texts(scene)}, name


def test_no_state_follows_one_that_it_cannot_follow(scenes: Scenes) -> None:
    for name, connection, scene in scenes:
        now = {"client": scene.client_state.name, "server": scene.server_state.name}
        told_by_kernel = {(event.side, event.before, event.state) for event in connection.kernel}
        for state in entered(scene):
            step = (now[state.side], state.name)
            legal = (
                step in LEGAL or state.name == "CLOSED" or step[0] == "UNKNOWN" or (state.side, *step) in told_by_kernel
            )
            assert legal or (state.name == "LISTEN" and step[0] == "SYN_RCVD"), (name, state.side, step)
            now[state.side] = state.name


def entered(scene: Scene) -> Iterator[State]:
    """The states in order; what crosses an arrow leaves before that one arrives."""
    crossed = {arrow.crosses for arrow in scene.arrows}
    arriving: list[State | None] = []
    for item in scene.items:
        found: list[State | None] = []
        if isinstance(item, State):
            found = [item]
        elif isinstance(item, Arrow):
            found = [item.sender_state, *arriving]
            arriving = [item.receiver_state]
            if item.frame not in crossed:
                found, arriving = [*found, *arriving], []
        yield from (state for state in found if state is not None)


def test_every_state_is_named(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        written = {text.text for text in texts(scene)}
        assert {state.name for state in entered(scene)} <= written, name


def test_the_legend_has_the_marks_that_are_used_and_no_other(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        legend = words.say("legend", scene.lang)
        drawn = texts(scene)
        top = next(text.y for text in drawn if text.text == legend)
        below = {text.text for text in drawn if text.y >= top - 1}
        chips = {text for text in below if re.fullmatch(r"\[[A-Za-z.]+\]|ICMP", text)}
        ignored = {arrow.flags for arrow in scene.arrows if arrow.ignored}
        assert {arrow.flags for arrow in scene.arrows} | ignored == chips, name
        used = {
            "retransmission": any(arrow.retransmission_of for arrow in scene.arrows),
            "unanswered": any(arrow.unanswered and not arrow.lost for arrow in scene.arrows),
            "lost": any(arrow.lost for arrow in scene.arrows),
            "ignored": bool(ignored),
            "origin": any(arrow.origin and not arrow.copy for arrow in scene.arrows),
            "copy": any(arrow.copy for arrow in scene.arrows),
            "fold": any(isinstance(item, Fold) for item in scene.items),
        }
        shown = {mark: words.say(f"legend-{mark}", scene.lang) in below for mark in used}
        assert shown == used, name


def test_drawn_folded_and_captured_twice_add_up(scenes: Scenes) -> None:
    for name, connection, scene in scenes:
        totals = scene.totals
        folded = sum(len(item.frames) for item in scene.items if isinstance(item, Fold))
        assert totals.packets == len(connection.segments), name
        assert totals.packets == totals.drawn + totals.folded + totals.copies, name
        assert (totals.drawn, totals.folded) == (len(scene.segments), folded), name
        assert words.number(totals.packets) in scene.subtitle, name


def test_an_arrow_has_two_lines_of_words_at_most(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        legend = next(text.y for text in texts(scene) if text.text == words.say("legend", scene.lang))
        drawn = [text for text in texts(scene) if text.y < legend - 1]
        flags = {arrow.flags for arrow in scene.arrows}
        notes = {"?"} | {note for a in scene.arrows for note in (a.origin_note, a.shorter_origin_note)}
        notes |= {note for a in scene.arrows for note in (a.unanswered, a.shorter_unanswered)}  # at its cross
        notes |= {words.say("lost", scene.lang)}
        lines = Counter(text.owner for text in drawn if text.text not in {*flags, *notes})
        owners = {text.owner for text in drawn if text.text in flags}
        assert len(owners) == len(scene.arrows), name
        assert {owner: lines[owner] for owner in owners if lines[owner] > 2} == {}, name


def test_no_words_of_an_arrow_are_cut(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        said = [word for arrow in scene.arrows for word in (arrow.label, arrow.detail, *arrow.shorter_details)]
        owners = {text.owner for text in texts(scene) if text.text in {arrow.flags for arrow in scene.arrows}}
        cut = [text.text for text in texts(scene) if "…" in text.text and text.owner in owners - {0}]
        assert [one for one in cut if one not in said] == [], name


def test_type_is_large_enough(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        drawn = texts(scene)
        assert min(text.size for text in drawn) >= 9.5, name
        labels = {arrow.label: arrow for arrow in scene.arrows}
        assert all(text.size >= 10 for text in drawn if text.text in labels and text.angle), name


def test_a_figure_is_not_overcrowded(scenes: Scenes) -> None:
    for name, _, scene in scenes:
        assert len(scene.arrows) <= 24, name
        breaks = sum(isinstance(item, Break) for item in scene.items)
        assert breaks <= max(1, (len(scene.arrows) + 2) // 5) + 2 + MOST_ALIKE, name


def test_calls_stand_in_the_order_of_time_with_their_results(scenes: Scenes) -> None:
    for name, connection, scene in scenes:
        for side in ("client", "server"):
            times = [call.t_ns for call in scene.calls(side)]
            assert times == sorted(times), name
        failed = {call.errno for call in connection.calls if call.errno not in (None, "EAGAIN", "EINPROGRESS")}
        shown = " ".join(call.result or "" for side in ("client", "server") for call in scene.calls(side))
        untold = [errno for errno in failed if errno not in shown]  # Java's programs know exceptions only
        assert len(untold) <= shown.count("Exception"), (name, failed)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_rules_hold_where_only_packets_are_known(lang: str) -> None:
    alone = in_language(packets_alone(), lang)
    for rule in OF_PACKETS:
        rule(alone)
    assert {name: wrong for name, _, scene in alone if (wrong := audit(placed(scene)))} == {}


OF_PACKETS: tuple[Callable[[Scenes], None], ...] = (
    test_no_words_of_others_hide_more_of_an_arrow_than_a_crossing_needs,
    test_the_grey_line_takes_two_lines_at_most,
    test_the_verdict_is_short_and_the_reasons_too,
    test_a_rst_that_took_effect_is_explained_where_it_stands,
    test_a_rst_is_marked_by_its_shape,
    test_flags_are_the_packets_own_letter_for_letter,
    test_relative_numbers_count_from_the_isn_and_syn_and_fin_count_one,
    test_no_box_hides_a_silence,
    test_marks_stand_in_the_order_of_their_times,
    test_time_never_runs_upwards,
    test_no_state_follows_one_that_it_cannot_follow,
    test_every_state_is_named,
    test_the_legend_has_the_marks_that_are_used_and_no_other,
    test_drawn_folded_and_captured_twice_add_up,
    test_an_arrow_has_two_lines_of_words_at_most,
    test_no_words_of_an_arrow_are_cut,
    test_type_is_large_enough,
    test_a_figure_is_not_overcrowded,
)


def test_nothing_overlaps_in_connections_with_a_rst_of_other_projects_captures(shared_captures: Path) -> None:
    checked = 0
    for path in sorted(shared_captures.glob("*.pcap*")):
        reading = finrst.read(path)
        numbers = [told.number for told in reading.connections if told.story.resets]
        for number in numbers[:20]:
            for lang in ("en", "zh"):
                scene = reading.connection(number).scene(lang)
                assert audit(placed(scene)) == [], (path.name, number, lang)
                checked += 1
    assert checked >= 10
