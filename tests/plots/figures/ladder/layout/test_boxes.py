"""Calls, notes, folds and breaks."""

from __future__ import annotations

import pytest

from finrst.plots.audit import audit
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.placed import Line, Poly
from finrst.plots.scene import Call, Fold

from ....conversations import capture, long_connection, write_after_close, write_after_close_calls
from ..scenes import sample, texts


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [640, 900, 1400])
def test_application_lanes_do_not_collide(lang: str, width: int) -> None:
    scene = with_calls(compose(write_after_close(), capture(), lang), write_after_close_calls())
    assert audit(layout(scene, width)) == []


def test_a_calls_tick_points_away_from_the_name_of_the_state_beside_it() -> None:
    scene = with_calls(compose(write_after_close(), capture()), write_after_close_calls())
    display = layout(scene)
    names = {text.text: text for text in texts(display)}
    ticks = [s for s in display.shapes if isinstance(s, Line) and s.width == 1.8 and s.y1 == s.y2 and not s.role]
    state = names["ESTABLISHED"]
    left, right = state.x - state.measured / 2, state.x + state.measured / 2
    assert ticks
    assert all(min(abs(tick.x1 - right), abs(tick.x2 - left)) > 5 for tick in ticks)


def test_what_a_call_returned_is_written_whole() -> None:
    scene = with_calls(compose(write_after_close(), capture()), write_after_close_calls())
    written = "".join("".join(text.text.split()) for text in texts(layout(scene, 640)))
    for call in (*scene.calls("client"), *scene.calls("server")):
        assert "".join((call.result or "").split()) in written


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_fold_says_what_went_each_way_and_every_fact(lang: str) -> None:
    scene = compose(long_connection(), capture(), lang)
    written = "".join("".join(text.text.split()) for text in texts(layout(scene)))
    folds = [item for item in scene.items if isinstance(item, Fold)]
    assert folds
    for fold in folds:
        for said in (fold.title, fold.to_server, fold.to_client, *fold.facts):
            assert "".join(said.split()) in written


def test_what_was_done_one_after_the_other_stands_on_lines_of_its_own_where_one_line_is_not_enough() -> None:
    written = [text.text for text in texts(layout(sample("time-wait-assassinated")))]
    assert "the wire keeps a copy of the data;" in written


def test_what_one_can_type_is_in_mono_and_broken_before_a_setting_not_in_it() -> None:
    written = texts(layout(sample("time-wait-assassinated")))
    command = [text for text in written if text.text in ("sysctl", "net.ipv4.ip_local_port_range = 7000 7000")]
    whose = [text for text in written if text.text == "client:"]
    assert [(text.family, text.italic) for text in command] == [("mono", False)] * 2
    assert [text.y for text in whose] == [command[0].y]


def test_a_flag_that_has_no_room_stands_below_its_call() -> None:
    written = [text.text for text in texts(layout(sample("sigpipe-ignored")))]
    at = written.index("signal(SIGPIPE,")
    assert written[at + 1] == "SIG_IGN)"
    assert "shutdown(3, SHUT_RDWR)" in [text.text for text in texts(layout(sample("shutdown-both")))]


def test_no_short_word_stands_alone_below_a_call() -> None:
    written = [text.text for text in texts(layout(sample("time-wait-restart")))]
    assert written[written.index("“Address already") + 1] == "in use”"
    assert "“Connection reset" in [text.text for text in texts(layout(sample("unread-data")))]


@pytest.mark.parametrize("name", ["disconnect", "early-answer", "fin-wait-2", "half-open", "health-check"])
def test_the_stamp_of_a_later_call_does_not_stand_level_with_an_arrival(name: str) -> None:
    scene = sample(name)
    display = layout(scene)
    stamps = {text.text: text.y - 3.7 for text in texts(display)}
    heads = [s.points[0][1] for s in display.shapes if isinstance(s, Poly) and len(s.points) == 3]
    later = [scene.items[place] for place in scene.told_alone()]
    written = [stamps[scene.stamp(item.t_ns)] for item in later if isinstance(item, Call)]
    assert heads and written
    assert all(abs(stamp - head) > 5 for stamp in written for head in heads)
