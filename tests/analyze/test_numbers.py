"""Relative numbers count from where each side's stream begins, as far as the capture knows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.numbers import known_isn, numbers
from finrst.analyze.story import RST

from ..plots.conversations import ALL
from .findings.recorded import story


@pytest.mark.parametrize("name", ALL)
def test_every_number_is_counted_from_where_its_side_begins(name: str) -> None:
    connection = ALL[name]()
    relative = numbers(connection)
    for segment in connection.segments:
        own, peer = relative.client, relative.server
        if segment.side == "server":
            own, peer = peer, own
        assert (relative.seq(segment) + own - segment.seq) % 2**32 == 0
        assert (relative.ack(segment) + peer - segment.ack) % 2**32 == 0


def test_a_forged_syn_is_no_beginning() -> None:
    told = story("forged-syn", 1)
    forged = next(s for s in told.segments if s.fate == "unsent")
    index = 0 if forged.side == "client" else 1
    isn = (forged.seq, told.isn[1]) if index == 0 else (told.isn[0], forged.seq)
    assert known_isn(replace(told, isn=isn), index) is None


def test_the_seq_0_of_a_rst_that_refuses_stays_0() -> None:
    told = story("refused")
    (refusal,) = [s for s in told.segments if s.flags & RST]
    assert refusal.seq == 0 == numbers(told).seq(refusal)
