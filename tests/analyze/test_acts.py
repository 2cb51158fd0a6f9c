"""Claims about what the program at a RST's sender had done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.analyze.acts import act, never_accepted, read_all


@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("unread-data-linger-0", "linger"),
        ("disconnect", "disconnect"),
        ("listener-closed", "listener-close"),
        ("response-cut", "close"),
        ("unread-data", "died"),
        ("killed-from-outside", "nothing"),
    ],
)
def test_what_the_program_had_done(sample: Callable[[str], Path], name: str, done: str) -> None:
    story = finrst.read(sample(name).parent).connection(0).story
    assert act(story, story.resets[0]) == done


def test_packets_alone_say_nothing_of_it(sample: Callable[[str], Path]) -> None:
    story = finrst.read(sample("unread-data")).connection(0).story
    assert act(story, story.resets[0]) == ""


@pytest.mark.parametrize(
    ("name", "received", "all_of_it"),
    [("unread-data", 6, False), ("unread-data-linger-0", 6, True), ("response-cut", 6, False)],
)
def test_whether_the_program_had_read_everything(
    sample: Callable[[str], Path], name: str, received: int, all_of_it: bool
) -> None:
    story = finrst.read(sample(name).parent).connection(0).story
    assert read_all(story, story.resets[0], received) is all_of_it


def test_what_was_read_by_calls_that_count_in_another_way_is_not_known(sample: Callable[[str], Path]) -> None:
    story = finrst.read(sample("urgent-byte").parent).connection(0).story  # MSG_OOB
    assert read_all(story, story.resets[0], 1) is None
    alone = finrst.read(sample("unread-data")).connection(0).story
    assert read_all(alone, alone.resets[0], 6) is None


def test_a_listener_whose_program_accepts_nothing_is_known_by_its_calls(sample: Callable[[str], Path]) -> None:
    full = finrst.read(sample("accept-queue-full-given-up").parent).connection(0).story
    taken = finrst.read(sample("accept-queue-full").parent).connection(0).story
    alone = finrst.read(sample("accept-queue-full-given-up")).connection(0).story
    assert [never_accepted(one) for one in (full, taken, alone)] == [True, False, False]
