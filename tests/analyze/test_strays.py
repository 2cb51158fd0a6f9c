"""Data that nobody wrote, in one capture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Connection
from finrst.analyze.strays import marked


def unsent(connection: Connection) -> list[int]:
    return [s.frame for s in marked(connection.segments, connection) if s.fate == "unsent"]


def test_data_that_no_call_wrote_and_without_the_agreed_timestamp_is_not_its_ends(
    sample: Callable[[str], Path],
) -> None:
    story = finrst.read(sample("stray-segment-known").parent).connection(0).story
    assert [s.frame for s in story.segments if s.fate == "unsent"] == [4]


def test_either_alone_proves_nothing(sample: Callable[[str], Path]) -> None:
    story = finrst.read(sample("stray-segment-known").parent).connection(0).story
    bare = replace(story, segments=tuple(replace(s, fate=None) for s in story.segments))
    assert unsent(bare) == [4]
    connect = next(call for call in bare.calls if call.call == "connect")
    wrote = replace(connect, call="write", result=6, text="write(3, 6 bytes)")
    assert unsent(replace(bare, calls=(*bare.calls, wrote))) == []
    pending = replace(wrote, until_ns=None, result=None)
    assert unsent(replace(bare, calls=(*bare.calls, pending))) == []
    assert unsent(replace(bare, calls=tuple(c for c in bare.calls if c.side == "server"))) == [], "nobody listened"
    stamped = tuple(replace(s, options=replace(s.options, tsval=7)) for s in bare.segments)
    assert unsent(replace(bare, segments=stamped)) == []
    plain = tuple(replace(s, options=replace(s.options, tsval=None)) for s in bare.segments)
    assert unsent(replace(bare, segments=plain)) == [], "no timestamps were agreed on"


def test_a_header_that_the_capture_cut_proves_nothing(sample: Callable[[str], Path]) -> None:
    story = finrst.read(sample("stray-segment-known").parent).connection(0).story
    cut = tuple(replace(s, fate=None, header=s.header[:16]) for s in story.segments)
    assert unsent(replace(story, segments=cut)) == []


@pytest.mark.parametrize("name", ["stray-segment", "stray-segment-no-ack"])
def test_a_segment_that_a_recordings_program_made_up_is_not_its_kernels(
    sample: Callable[[str], Path], name: str
) -> None:
    story = finrst.read(sample(name).parent).connection(0).story
    assert [(s.side, s.fate) for s in story.segments] == [("client", "unsent"), ("server", None)]
    assert unsent(replace(story, segments=tuple(replace(s, fate=None) for s in story.segments), steps=())) == []
