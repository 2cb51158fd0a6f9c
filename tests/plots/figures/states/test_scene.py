"""Claims about the ways through the state diagram: they are the ladder's, and the title says where they end."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import SIDES
from finrst.plots.figures import ladder as ladders
from finrst.plots.figures.states.scene import MOST_STEPS, Paths, compose
from finrst.plots.scene import State

from ...conversations import ALL, Talk, capture


def paths(name: str, lang: str = "en") -> Paths:
    return compose(ALL[name](), capture(), lang)


def way(scene: Paths, side: str) -> list[str]:
    return [f"{step.before} > {step.after}: {step.text}" for step in scene.steps if step.side == side]


@pytest.mark.parametrize("name", ALL)
def test_each_step_begins_where_the_one_before_ended_and_the_last_ends_the_way(name: str) -> None:
    scene = paths(name)
    for side in SIDES:
        own = [step for step in scene.steps if step.side == side]
        assert [step.before for step in own] == [scene.start(side), *(step.after for step in own)][: len(own)]
        assert scene.visited(side)[-1] == scene.end(side)
    assert [step.number for step in scene.steps] == list(range(1, len(scene.steps) + 1))


@pytest.mark.parametrize("name", ALL)
def test_the_ladder_and_the_diagram_enter_the_same_states(name: str) -> None:
    connection = ALL[name]()
    ladder = ladders.compose.compose(connection, capture())
    told: list[State] = [item for item in ladder.items if isinstance(item, State)]
    told += [state for a in ladder.arrows for state in (a.sender_state, a.receiver_state) if state is not None]
    for side in SIDES:
        entered = sorted(state.name for state in told if state.side == side)
        walked = sorted(step.after for step in compose(connection, capture()).steps if step.side == side)
        assert walked == entered


def test_a_step_names_the_segment_that_its_end_sent_or_received() -> None:
    scene = paths("write_after_close")
    assert way(scene, "client") == [
        "CLOSED > SYN_SENT: #1 SYN sent",
        "SYN_SENT > ESTABLISHED: #2 SYN-ACK received",
        "ESTABLISHED > FIN_WAIT_1: #6 FIN sent",
        "FIN_WAIT_1 > FIN_WAIT_2: #7 ACK received",
        "FIN_WAIT_2 > CLOSED: #9 RST sent",
    ]
    assert way(scene, "server")[-1] == "CLOSE_WAIT > CLOSED: #9 RST received"
    assert [step.frame for step in scene.steps if step.reset] == [9, 9]


def test_fins_that_cross_arrive_after_both_have_left() -> None:
    scene = paths("simultaneous_close")
    both = [step for step in scene.steps if step.before in ("ESTABLISHED", "FIN_WAIT_1")]
    assert [(step.side, step.after) for step in both] == [
        ("client", "FIN_WAIT_1"), ("server", "FIN_WAIT_1"), ("server", "CLOSING"), ("client", "CLOSING"),
    ]  # fmt: skip
    assert both[2].t_ns is None and both[2].stamp == "", "when it arrived is not in the capture"
    known = [step.t_ns for step in scene.steps if step.t_ns is not None]
    assert known == sorted(known)


def test_a_fin_with_the_ack_goes_straight_to_time_wait() -> None:
    scene = paths("three_packet_close")
    (step,) = (step for step in scene.steps if step.after == "TIME_WAIT")
    assert (step.before, step.segment) == ("FIN_WAIT_1", "FIN+ACK")
    assert scene.in_diagram(step)


def test_a_state_that_the_kernel_recorded_is_told_from_one_that_is_inferred(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("write-twice").parent).connection(0)
    scene = compose(told.story, told.capture)
    source = {(step.side, step.after): step.source for step in scene.steps}
    assert source["server", "CLOSE_WAIT"] == "traced" and source["client", "SYN_SENT"] == "inferred"
    assert {step.source for step in paths("write_after_close").steps} == {"inferred"}


def test_a_change_without_a_packet_is_said_to_have_none(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("connect-timeout").parent).connection(0)
    last = compose(told.story, told.capture).steps[-1]
    assert (last.before, last.after, last.frame) == ("SYN_SENT", "CLOSED", None)
    assert last.text.endswith("s, no packet") and not last.reset


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("orderly", "The client closed first and waits in TIME_WAIT; the server passes CLOSE_WAIT and LAST_ACK"),
        ("simultaneous_close", "Both closed at once: each passes CLOSING and waits in TIME_WAIT"),
        ("write_after_close", "RST takes the client from FIN_WAIT_2, the server from CLOSE_WAIT to CLOSED"),
        ("active_reset", "RST takes both ends from ESTABLISHED to CLOSED"),
        ("refused", "RST takes the client from SYN_SENT to CLOSED; the server stays in CLOSED"),
        ("unanswered", "The client ends in SYN_SENT; of the server's states nothing is known"),
        ("half_closed", "When the capture ends, the client is in FIN_WAIT_2, the server in CLOSE_WAIT"),
        ("cut_both", "When the capture ends, both ends are in ESTABLISHED"),
    ],
)
def test_the_title_is_the_finding(name: str, title: str) -> None:
    assert paths(name).title == title


def test_a_close_is_not_called_orderly_where_the_states_do_not_show_it() -> None:
    connection = ALL["orderly"]()
    cut = replace(connection, segments=connection.segments[:-4])
    assert "TIME_WAIT" not in compose(cut, capture()).title


def test_who_waits_in_time_wait_is_awaited() -> None:
    assert paths("orderly").awaited == ("client",)
    assert paths("simultaneous_close").awaited == ("client", "server")
    assert paths("write_after_close").awaited == ()
    replaced = replace(ALL["orderly"](), replaced_by=7)
    assert compose(replaced, capture()).awaited == (), "another connection took its endpoints before"


def test_a_way_without_end_is_cut_and_counted() -> None:
    talk = Talk().handshake()
    for number, state in enumerate(itertools.islice(itertools.cycle(("CLOSED", "ESTABLISHED")), 22)):
        talk.add(0.1 + number / 100, "client", "F.", 1 + number, 1, states=f"{state} {state}")
    scene = compose(talk.connection("open", "nobody", None), capture())
    assert len(scene.steps) == MOST_STEPS and scene.left_out > 0
    assert scene.end("client") in ("CLOSED", "ESTABLISHED")


def test_it_is_plain_data() -> None:
    plain = paths("orderly", "zh").as_dict()
    assert plain["mark"] == "paths" and plain["steps"][0]["mark"] == "step"
    assert plain["title"].startswith("客户端先关闭")


def steps_of(sample: Callable[[str], Path], name: str) -> list[tuple[str, str, str, str]]:
    told = finrst.read(sample(name).parent).connection(0)
    return [(s.side, s.before, s.after, s.text) for s in compose(told.story, told.capture).steps]


def test_a_close_in_syn_sent_is_the_edge_of_the_rfc(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("connect-timeout-cancelled").parent).connection(0)
    scene = compose(told.story, told.capture)
    step = next(s for s in scene.steps if s.before == "SYN_SENT")
    assert (step.after, step.call, step.text) == ("CLOSED", "close", "at 0.001239 s, close()")
    timed_out = finrst.read(sample("connect-timeout").parent).connection(0)
    assert all(not s.call for s in compose(timed_out.story, timed_out.capture).steps)


def test_a_change_that_only_a_later_packet_shows_has_no_time_of_its_own(sample: Callable[[str], Path]) -> None:
    assert ("client", "FIN_WAIT_2", "CLOSED", "by 1.044923 s, no packet") in steps_of(sample, "fin-wait-2")


def test_a_rst_of_a_listener_did_not_end_the_request_that_it_had_forgotten(sample: Callable[[str], Path]) -> None:
    steps = steps_of(sample, "accept-queue-full-given-up")
    assert ("server", "SYN_RCVD", "LISTEN", "by 1.676712 s, no packet") in steps
    assert not any(side == "server" and "RST" in text for side, _, _, text in steps)
