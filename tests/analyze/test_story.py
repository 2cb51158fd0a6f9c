"""What is told is frozen, and an address with its port reads as one would type it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import finrst
from finrst.analyze import story
from finrst.analyze.story import Endpoint, Options

ROOT = Path(__file__).parents[2]


def test_an_ipv6_address_stands_in_brackets_before_its_port() -> None:
    assert str(Endpoint("10.0.0.1", 80)) == "10.0.0.1:80"
    assert str(Endpoint("2001:db8::1", 80)) == "[2001:db8::1]:80"


def test_the_nine_flags_are_the_bits_of_the_header() -> None:
    assert [story.FIN, story.SYN, story.RST, story.PSH, story.ACK] == [1, 2, 4, 8, 16]
    assert [story.URG, story.ECE, story.CWR, story.AE] == [32, 64, 128, 256]


def test_a_story_cannot_be_changed_once_it_is_told() -> None:
    for name in ("Capture", "Connection", "Reset", "Segment", "Story", "Summary", "Cluster"):
        kind = getattr(story, name)
        assert dataclasses.is_dataclass(kind)
        assert getattr(kind, "__dataclass_params__").frozen, name  # noqa: B009
    with pytest.raises(dataclasses.FrozenInstanceError):
        Endpoint("10.0.0.1", 80).port = 81  # type: ignore[misc]


def test_a_sack_block_below_the_ack_reports_what_came_twice() -> None:
    told = finrst.read(ROOT / "samples" / "zero-window").connection(0).story
    ack = next(s for s in told.segments if s.options.sack)
    assert ack.d_sack == ack.options.sack[0]
    above = dataclasses.replace(ack, options=Options(sack=((ack.ack + 100, ack.ack + 200),)))
    assert above.d_sack is None and dataclasses.replace(ack, options=Options()).d_sack is None
