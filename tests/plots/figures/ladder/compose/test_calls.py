"""Calls between packets."""

from __future__ import annotations

from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.scene import Arrow, Break, Call

from .... import conversations as talk
from ..scenes import scene


def test_calls_take_their_place_in_time_and_split_the_gaps() -> None:
    figure = with_calls(scene(talk.write_after_close()), talk.write_after_close_calls())
    order = [item.text for item in figure.items if isinstance(item, Call | Break)]
    assert order[-5:] == ["1.96 s later", "= 0", "write(4,…,18)", "500 ms later", "write(4,…,18)"]
    assert figure.calls("server")[-1].result == "= -1 EPIPE"
    times = [item.t_ns for item in figure.items if isinstance(item, Arrow | Call)]
    assert times == sorted(times)
