"""Claims about sequence space: numbers are unwrapped, acknowledgements never go down, nonsense is set apart."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Connection, Options
from finrst.plots.figures.time_sequence.directions import LEAST_REACH, Shut, directions, moments

from ... import conversations
from ...conversations import Talk


def transfer(
    isn: tuple[int, int] = (1_000, 2_000), segments: int = 40, size: int = 1_000, **more: object
) -> Connection:
    """The client sends segments, each acknowledged."""
    talk = Talk(isn=isn).handshake()
    for number in range(segments):
        at = 0.01 * (number + 1)
        talk.add(at, "client", "P.", 1 + number * size, 1, size)
        talk.add(at + 0.004, "server", ".", 1, 1 + (number + 1) * size)
    return talk.connection("open", "nobody", None, **more)


@pytest.mark.parametrize("name", conversations.ALL)
def test_what_is_acknowledged_never_goes_down_and_time_never_runs_backwards(name: str) -> None:
    connection = conversations.ALL[name]()
    for way in directions(connection).values():
        steps = [one.acked for one in way.heard if one.acked is not None]
        assert all(one <= other for one, other in pairwise(steps))
        for times in ([one.t_ns for one in way.sent], [one.t_ns for one in way.heard]):
            assert all(one <= other for one, other in pairwise(times))


def test_numbers_that_wrap_go_on() -> None:
    plain, wrapped = directions(transfer())["client"], directions(transfer((2**32 - 20_500, 5)))["client"]
    assert [(one.low, one.high) for one in plain.sent] == [(one.low, one.high) for one in wrapped.sent]
    assert wrapped.acked == 40_001
    assert not wrapped.missed


def test_a_clock_that_steps_back_is_counted_and_not_followed() -> None:
    connection = transfer()
    first, second, *rest = connection.segments
    turned = replace(connection, segments=(first, replace(second, ts_ns=first.ts_ns - 5), *rest))
    found, back = moments(turned)
    assert back == 1
    assert all(one.t_ns <= other.t_ns for one, other in pairwise(found))


def test_random_numbers_are_not_believed() -> None:
    talk = Talk(isn=(1, 1)).handshake()
    chance = random.Random(5)
    for number in range(300):
        talk.add(0.001 * number, "client", "P.", chance.getrandbits(32), chance.getrandbits(32), 100)
        talk.add(0.001 * number, "server", ".", chance.getrandbits(32), chance.getrandbits(32))
    way = directions(talk.connection("open", "nobody", None))["client"]
    believed = [one.high for one in way.sent if one.believed]
    assert max(believed) < 3 * LEAST_REACH
    assert way.acked is not None and way.acked < 3 * LEAST_REACH


def test_a_gap_of_the_capture_is_believed_once_the_data_goes_on() -> None:
    talk = Talk(isn=(1, 1)).handshake()
    talk.add(0.01, "client", "P.", 1, 1, 1_000)
    for number in range(4):
        talk.add(0.9 + number * 0.01, "client", "P.", 5_000_001 + 1_000 * number, 1, 1_000)
        talk.add(0.905 + number * 0.01, "server", ".", 1, 5_001_001 + 1_000 * number)
    way = directions(talk.connection("open", "nobody", None))["client"]
    assert all(one.believed for one in way.sent)
    (hole,) = way.missed
    assert (hole.low, hole.high) == (1_001, 5_000_001)


def test_what_was_acknowledged_but_not_captured_is_missed() -> None:
    connection = transfer()
    kept = tuple(one for one in connection.segments if one.payload == 0 or not 5 <= one.frame <= 10)
    (hole,) = directions(replace(connection, segments=kept))["client"].missed
    assert (hole.low, hole.high) == (1_001, 4_001)
    assert hole.t_ns < hole.until_ns


def test_a_capture_of_acknowledgements_alone_says_how_far_they_went() -> None:
    connection = transfer()
    kept = tuple(one for one in connection.segments if one.side == "server")
    way = directions(replace(connection, segments=kept, isn=(None, connection.isn[1])))["client"]
    assert not way.sent
    assert way.acked is not None and way.missed[0].high == way.acked


def test_without_its_syn_the_receivers_window_is_not_known() -> None:
    way = directions(transfer())["client"]
    assert all(one.edge is not None for one in way.heard)
    cut = transfer()
    cut = replace(cut, isn=(None, None), segments=cut.segments[3:])
    assert all(one.edge is None for one in directions(cut)["client"].heard)


def test_a_shut_window_lasts_until_it_opens() -> None:
    talk = Talk(isn=(1, 1)).handshake()
    talk.add(0.1, "client", "P.", 1, 1, 64_240)
    talk.add(0.2, "server", ".", 1, 64_241, window=0)
    talk.add(0.4, "client", ".", 64_240, 1, window_probe=True)
    talk.add(0.5, "server", ".", 1, 64_241, window=0)
    talk.add(0.9, "server", ".", 1, 64_241)
    way = directions(talk.connection("open", "nobody", None))["client"]
    assert way.shut == [Shut(200_000_000, 900_000_000, most=0)]
    assert [one.fills_window for one in way.sent if one.segment.payload] == [True]


def test_a_window_of_less_than_a_segment_is_told_with_what_it_lets_in() -> None:
    talk = Talk(isn=(1, 1)).handshake()
    talk.add(0.1, "client", "P.", 1, 1, 1_000)
    talk.add(0.2, "server", ".", 1, 1_001, window=24)
    talk.add(0.5, "client", "P.", 1_001, 1, 24)
    talk.add(0.6, "server", ".", 1, 1_025, window=0)
    talk.add(0.9, "server", ".", 1, 1_025)
    way = directions(talk.connection("open", "nobody", None))["client"]
    assert way.shut == [Shut(200_000_000, 900_000_000, most=24)]


def test_one_end_looks_on_its_own_packets_leave_and_the_others_arrive(sample: Callable[[str], Path]) -> None:
    connection = finrst.read(sample("crossing-data").parent).connection(0).story
    first = connection.segments[0].ts_ns
    for view in ("client", "server"):
        packets, back = moments(connection, view)
        assert back == 0 and [p.t_ns for p in packets] == sorted(p.t_ns for p in packets)
        assert all(p.t_ns == p.segment.at(view) - first for p in packets)
    reset = next(p for p in moments(connection, "client")[0] if p.segment.frame == 9)
    assert 760_000_000 < reset.t_ns < 761_000_000


def test_what_was_lost_acknowledges_nothing(sample: Callable[[str], Path]) -> None:
    connection = finrst.read(sample("lost-data-one-of-many").parent).connection(0).story
    acks = [s for s in connection.segments if s.side == "server" and s.flags == 0x10]
    lost = replace(acks[0], fate="lost", arrived_ns=None)
    segments = tuple(lost if s is acks[0] else s for s in connection.segments)
    told = directions(replace(connection, segments=segments))["client"]
    heard = next(one for one in told.heard if one.segment is lost)
    before = told.heard[told.heard.index(heard) - 1]
    assert heard.acked == before.acked


def test_a_wait_counts_from_the_last_copy() -> None:
    way = directions(conversations.timed_out())["client"]
    again = [one for one in way.sent if one.segment.retransmission_of is not None]
    assert [one.tries for one in again] == [2, 3, 4, 5, 6]
    assert [round((one.waited_ns or 0) / 1e6) for one in again] == [200, 400, 800, 1600, 3200]
    assert all(one.earlier is not None and one.earlier.t_ns == 1_000_000_000 for one in again)


def test_a_sack_block_has_relative_numbers_even_across_the_wrap() -> None:
    isn = 2**32 - 1_500
    talk = Talk(isn=(isn, 1)).handshake()
    for number in (0, 2):
        talk.add(0.1, "client", "P.", 1 + number * 1_000, 1, 1_000)
    block = ((isn + 2_001) % 2**32, (isn + 3_001) % 2**32)
    answer = talk.add(0.2, "server", ".", 1, 1_001)
    connection = talk.connection("open", "nobody", None)
    told = replace(answer, options=Options(sack=(block,)))
    connection = replace(connection, segments=(*connection.segments[:-1], told))
    assert directions(connection)["client"].heard[-1].sack == ((2_001, 3_001),)
