"""What a scene promises: it is plain data, it adds up, and no capture string in it can do harm."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from typing import Any

import pytest

from finrst.plots.figures.ladder.compose import compose
from finrst.plots.scene import Arrow, Call, Scene, Side, State

from .conversations import ALL, capture, write_after_close


def scenes() -> list[Any]:
    """Every conversation in both languages."""
    return [pytest.param(name, lang, id=f"{name}-{lang}") for name in ALL for lang in ("en", "zh")]


def test_a_stamp_carries_the_rounding_into_the_seconds() -> None:
    scene = dataclasses.replace(compose(write_after_close(), capture()), decimals=3)
    assert scene.stamp(1_999_999_600) == "2.000"
    assert scene.stamp(-1_500_000) == "-0.002"
    assert scene.stamp(98_765_432_100_000_000) == "98765432.100"


@pytest.mark.parametrize(("name", "lang"), scenes())
def test_drawn_folded_and_copies_add_up_to_the_packets(name: str, lang: str) -> None:
    connection = ALL[name]()
    for timed in (True, False):
        scene = compose(connection, capture(), lang, timed=timed)
        totals = scene.totals
        assert totals.drawn + totals.folded + totals.copies == totals.packets == len(connection.segments)
        assert len(scene.arrows) == totals.drawn


@pytest.mark.parametrize(("name", "lang"), scenes())
def test_json_says_what_the_scene_says(name: str, lang: str) -> None:
    scene = compose(ALL[name](), capture(), lang)
    plain = json.loads(scene.to_json())
    assert plain["mark"] == "scene"
    assert [item["frame"] for item in plain["items"] if item["mark"] == "arrow"] == [a.frame for a in scene.arrows]
    assert all(item["source"] in ("captured", "traced", "inferred") for item in plain["items"])
    assert plain["verdict"]["text"] == scene.verdict.text


def test_a_scene_holds_no_colour_and_no_pixel() -> None:
    names = {field.name for kind in (Scene, Arrow) for field in dataclasses.fields(kind)}
    assert not names & {"x", "y", "width", "height", "colour", "color", "fill", "stroke"}


def test_what_a_crossed_segment_brings_is_entered_after_both_have_left() -> None:
    scene = compose(ALL["simultaneous_close"](), capture())
    entered = [[[s.side + " " + s.name for s in part] for part in scene.entered(arrow)] for arrow in scene.arrows]
    fins = [states for arrow, states in zip(scene.arrows, entered, strict=True) if arrow.kind == "fin"]
    assert fins == [
        [["client FIN_WAIT_1"], []],
        [["server FIN_WAIT_1"], ["server CLOSING", "client CLOSING"]],
    ]


@pytest.mark.parametrize("name", ALL)
def test_the_states_of_an_end_are_those_that_its_arrows_and_marks_bring(name: str) -> None:
    scene = compose(ALL[name](), capture())
    for side in ("client", "server"):
        states = scene.states(side)
        assert states[0] is (scene.client_state if side == "client" else scene.server_state)
        brought = [
            s for a in scene.arrows for s in (a.sender_state, a.receiver_state) if s is not None and s.side == side
        ]
        brought += [item for item in scene.items if isinstance(item, State) and item.side == side]
        assert sorted(map(id, states[1:])) == sorted(map(id, brought))


def test_a_call_before_a_long_silence_or_told_by_another_ends_call_has_its_own_stamp() -> None:
    base = compose(write_after_close(), capture())
    first = replace(base.arrows[0], t_ns=0)
    last = replace(base.arrows[1], t_ns=50_000_000)

    def alone(*calls: Call, until: Arrow = last) -> list[int]:
        items: tuple[Arrow | Call, ...] = (first, *calls, until)
        found = replace(base, items=items).told_alone()
        return [items[place].t_ns for place in sorted(found)]

    def made(t_ns: int, side: Side = "client") -> Call:
        return Call(t_ns=t_ns, side=side, text="close(3)")

    assert alone(made(400_000)) == [400_000]
    assert alone(made(400_000), until=replace(last, t_ns=20_000_000)) == []
    assert alone(made(5_000_000), made(5_300_000), until=replace(last, t_ns=20_000_000)) == [5_000_000]
    there = made(5_000_000), made(5_300_000, "server")
    assert alone(*there, until=replace(last, t_ns=20_000_000)) == [5_000_000, 5_300_000]
    assert alone(made(400_000), until=replace(last, t_ns=1_700_000)) == [400_000]  # of a figure of 1.7 ms, a quarter
