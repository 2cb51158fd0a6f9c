"""The subtitle: where a figure comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

import finrst
from finrst.plots.scene import Scene

from .... import conversations as talk
from ....conversations import ALL
from ..scenes import sample, scene

SAMPLES = Path(__file__).parents[5] / "samples"


def drawn(name: str, number: int = 0) -> Scene:
    found = finrst.read(SAMPLES / name).connection(number).scene()
    assert isinstance(found, Scene)
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ALL)
def test_the_subtitle_counts_the_packets_as_the_scene_does(name: str, lang: str) -> None:
    figure = scene(ALL[name](), lang)
    for count in (figure.totals.packets, figure.totals.folded, figure.totals.copies):
        assert not count or f"{count:,}" in figure.subtitle


def test_what_only_packets_say_is_called_inferred() -> None:
    assert "inferred from the packets" in scene(talk.orderly()).subtitle


def test_a_time_line_says_that_it_is_not_to_scale() -> None:
    assert "not to scale" in scene(talk.orderly(), timed=False).subtitle
    assert "not to scale" not in scene(talk.orderly()).subtitle


def test_no_call_is_called_recorded_where_none_was() -> None:
    subtitle = sample("stray-segment").subtitle
    assert "Recorded: steps, the RST's reason, and by it server CLOSED; inferred: client CLOSED." in subtitle
    assert "Recorded: calls, states" in sample("write-once").subtitle


def test_a_state_that_the_kernel_s_first_change_left_is_recorded() -> None:
    figure = sample("simultaneous-open")
    assert (figure.client_state.source, figure.server_state.source) == ("traced", "traced")
    assert "CLOSED" not in figure.subtitle


def test_where_numbers_count_from_is_said_without_a_syn_too() -> None:
    assert "Numbers count from 999 (client) and 1999 (server)" in sample("stray-segment").subtitle
    assert "Numbers count from 999, by the client's first segment here" in sample("stray-segment-no-ack").subtitle


def test_of_two_spans_of_closed_only_the_one_before_the_syn_is_called_inferred() -> None:
    both = drawn("refused").subtitle
    assert "inferred: client CLOSED before the SYN, SYN_SENT; server CLOSED." in both
    first_only = drawn("accept-queue-full-syn", 1).subtitle
    assert "inferred: another client CLOSED, SYN_SENT; server SYN_RCVD." in first_only


def test_a_state_whose_record_ends_before_it_does_is_inferred_from_there_on() -> None:
    figure = drawn("write-once")
    assert "inferred: client CLOSED, SYN_SENT, the rest of FIN_WAIT_2;" in figure.subtitle
    (left,) = [state for state in figure.states("client") if state.told_until_ns is not None]
    assert (left.name, left.source) == ("FIN_WAIT_2", "traced")
    assert left.t_ns is not None and 0 < (left.told_until_ns or 0) - left.t_ns < 1_000_000


def test_what_was_delivered_again_is_counted_at_both_ends() -> None:
    figure = drawn("lost-data-duplicated")
    assert len(figure.arrows) == 16
    assert "25 packets = 16 drawn + 9 copies, 7 more in the other capture" in figure.subtitle
