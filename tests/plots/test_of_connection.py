"""What the figures of a connection share."""

from __future__ import annotations

from dataclasses import replace

from finrst.plots.of_connection import file_name

from . import conversations as talk
from .conversations import capture
from .figures.ladder.scenes import scene


def test_without_syn_numbers_count_from_the_first_segment_and_no_j_is_claimed() -> None:
    figure = scene(talk.cut_both())
    assert "J =" not in figure.subtitle and "first segment" in figure.subtitle
    assert figure.arrows[0].detail == "seq 1:1449 ack 1"
    assert figure.cut_start and figure.cut_end


def test_a_file_is_named_without_its_folders_and_the_others_are_counted() -> None:
    several = replace(capture(), files=("/captures/monday/a.pcap", "b.pcap", "c.pcap"))
    assert file_name(several, "en") == "a.pcap (+2)"
    assert file_name(replace(several, files=()), "en") == "capture"
