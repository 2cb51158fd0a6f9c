"""What the figures of a connection share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.plots.of_connection import file_name, numbers

from . import conversations as talk
from .conversations import ALL, capture
from .figures.ladder.scenes import scene


def test_without_syn_numbers_count_from_the_first_segment_and_no_j_is_claimed() -> None:
    figure = scene(talk.cut_both())
    assert "J =" not in figure.subtitle and "first segment" in figure.subtitle
    assert figure.arrows[0].detail == "seq 1:1449 ack 1"
    assert figure.cut_start and figure.cut_end


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


def test_a_file_is_named_without_its_folders_and_the_others_are_counted() -> None:
    several = replace(capture(), files=("/captures/monday/a.pcap", "b.pcap", "c.pcap"))
    assert file_name(several, "en") == "a.pcap (+2)"
    assert file_name(replace(several, files=()), "en") == "capture"
