"""Which packets are drawn, and which are counted in a box."""

from __future__ import annotations

from dataclasses import replace

import pytest

import finrst
from finrst.plots.figures.ladder.compose.facts import Facts
from finrst.plots.figures.ladder.compose.folding import MOST_ARROWS, Folding
from finrst.plots.scene import Fold

from .... import conversations as talk
from ....conversations import ALL, Talk
from ..scenes import SAMPLES, scene


def test_three_thousand_packets_become_ten_arrows_and_one_fold() -> None:
    figure = scene(talk.long_connection())
    folds = [item for item in figure.items if isinstance(item, Fold)]
    assert len(folds) == 1 and figure.totals.drawn == 10
    assert folds[0].facts[0] == "3 retransmitted, all recovered"
    assert "3,001 packets = 10 drawn + 2,991 folded" in figure.subtitle


@pytest.mark.parametrize("name", ALL)
def test_no_figure_has_more_arrows_than_a_reader_can_take(name: str) -> None:
    assert len(scene(ALL[name]()).arrows) <= MOST_ARROWS


@pytest.mark.parametrize("name", ALL)
def test_every_syn_fin_and_rst_is_drawn_or_counted_in_its_fold(name: str) -> None:
    connection = ALL[name]()
    figure = scene(connection)
    drawn = {item.frame for item in figure.arrows}
    for segment in connection.segments:
        if segment.flags & 7 and segment.duplicate_of is None and len(connection.segments) <= MOST_ARROWS:
            assert segment.frame in drawn


def test_a_flood_of_resets_is_folded_and_counted() -> None:
    flood = Talk().handshake()
    for number in range(200):
        told = {"shape": "active"} if number == 0 else None
        flood.add(1 + number / 1000, "server", "R.", 1, 1, states="CLOSED CLOSED", reset=told)
    figure = scene(flood.connection("reset", "server", "server"))
    assert len(figure.arrows) <= MOST_ARROWS
    facts = [fact for item in figure.items if isinstance(item, Fold) for fact in item.facts]
    folded = sum(int(fact.split()[0]) for fact in facts if "RST among them" in fact)
    assert folded + sum(a.kind == "rst" for a in figure.arrows) == 200


def test_a_packet_captured_twice_is_drawn_once_and_counted() -> None:
    figure = scene(talk.captured_twice())
    assert figure.totals.copies == 10 and figure.totals.drawn == 10
    assert "20 packets = 10 drawn + 10 captured twice" in figure.subtitle


def test_what_overtook_a_segment_and_the_acks_that_tell_it_are_drawn_in_a_long_figure() -> None:
    told = finrst.read(SAMPLES / "lost-data-reordered" / "packets.pcapng").connection(0)
    first = told.story.segments
    data, ack = first[3], first[6]
    more = []
    for number in range(40):  # data and its ACK, many times, before the close
        at, ns = 200 * number, ack.ts_ns + 1_000 * number
        more.append(replace(first[4], frame=100 + 2 * number, ts_ns=ns + 1, seq=(ack.ack + at) % 2**32, payload=200))
        more.append(replace(ack, frame=101 + 2 * number, ts_ns=ns + 2, ack=(ack.ack + at + 200) % 2**32))
    one = replace(told.story, segments=(*first[:7], *more, *first[7:]))
    facts = Facts(one, told.capture, "en", timed=True)
    drawn = {s.frame for keep, run in Folding(facts).runs() if keep for s in run}
    assert len(drawn) < len(one.segments)
    assert facts.overtaken == {data.frame: ack}
    assert {s.frame for s in first[3:7]} <= drawn
