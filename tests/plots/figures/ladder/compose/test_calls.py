"""Calls between packets."""

from __future__ import annotations

from itertools import pairwise

import pytest

import finrst
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.scene import Arrow, Break, Call

from .... import conversations as talk
from ..scenes import SAMPLES, sample, scene, states


def test_calls_take_their_place_in_time_and_split_the_gaps() -> None:
    figure = with_calls(scene(talk.write_after_close()), talk.write_after_close_calls())
    order = [item.text for item in figure.items if isinstance(item, Call | Break)]
    assert order[-5:] == ["1.96 s later", "= 0", "write(4,…,18)", "500 ms later", "write(4,…,18)"]
    assert figure.calls("server")[-1].result == "= -1 EPIPE"
    times = [item.t_ns for item in figure.items if isinstance(item, Arrow | Call)]
    assert times == sorted(times)


def test_calls_right_behind_a_packet_make_no_other_silence_of_the_one_between_packets() -> None:
    figure = sample("middlebox-forgets")
    (silence,) = (item for item in figure.items if isinstance(item, Break))
    before, after = figure.arrows[4:6]
    read = next(call for call in figure.calls("server") if call.text.startswith("read"))
    assert before.t_ns < read.t_ns < after.t_ns
    assert silence.text == "715 ms later"
    assert silence.dt_ns == after.t_ns - (before.arrives_ns or 0)
    assert after.t_ns - read.t_ns < 714_500_000 < silence.dt_ns


@pytest.mark.parametrize("name", ["three-segment-close", "ignored-rst-handshake"])
def test_a_state_that_the_kernel_was_in_for_a_moment_stands_between_fin_and_ack(name: str) -> None:
    fin, ack = sample(name).arrows[-2:]
    assert fin.receiver_state is not None and ack.sender_state is not None
    assert (fin.receiver_state.name, fin.receiver_state.source) == ("FIN_WAIT_2", "traced")
    assert (ack.sender_state.name, ack.sender_state.source) == ("TIME_WAIT", "inferred")


def test_an_end_in_whose_name_a_rst_came_enters_no_state_that_it_was_in() -> None:
    alone = finrst.read(SAMPLES / "forged-rst-old-timestamp" / "packets.pcapng").connection(0)
    figure = compose(alone.story, alone.capture)
    for side in ("client", "server"):
        names = states(figure, side)
        assert all(before != after for before, after in pairwise(names)), names
    assert states(figure, "server")[-2:] == ["ESTABLISHED", "CLOSED"]
