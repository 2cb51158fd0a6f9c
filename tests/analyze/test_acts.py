"""Claims about what the program at a RST's sender had done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import finrst
from finrst.analyze.acts import act


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
