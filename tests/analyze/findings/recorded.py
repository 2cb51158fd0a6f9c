"""Stories of the samples, for the tests of what is found in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import finrst
from finrst.analyze.findings import told_reset
from finrst.analyze.story import Connection, Reset

SAMPLES = Path(__file__).parents[3] / "samples"


@cache
def story(name: str, number: int = 0) -> Connection:
    return finrst.read(SAMPLES / name).connection(number).story


def with_reset(name: str, number: int = 0) -> tuple[Connection, Reset]:
    """A sample's story, and the RST that is told of it."""
    one = story(name, number)
    told = told_reset(one)
    assert told is not None
    return one, told


@cache
def by_packets(name: str, number: int = 0) -> Connection:
    """The same by its packets at the client alone: what a capture without a recording tells."""
    return finrst.read(SAMPLES / name / "packets.pcapng").connection(number).story
