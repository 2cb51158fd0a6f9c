"""Windows as far as packets tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.story import Connection, Options
from finrst.analyze.windows import Windows

from ..plots.conversations import Talk


def narrow(window: int, payload: int = 1000) -> Connection:
    """Data, and its ACK with this window."""
    one = Talk().handshake()
    one.add(0.001, "client", "P.", 1, 1, payload)
    one.add(0.002, "server", ".", 1, 1 + payload, window=window)
    return one.connection("open", "", None)


def small(connection: Connection) -> bool:
    return Windows(connection, connection.segments).small(connection.segments[-1])


def test_a_window_is_small_if_the_other_ends_segments_do_not_fit() -> None:
    assert small(narrow(24)) and small(narrow(0, 6))
    assert not small(narrow(24, 6)), "its data fits"
    assert not small(narrow(600)), "room for more than a small segment"


@pytest.mark.parametrize("side", ["client", "server"])
def test_without_both_syns_only_a_window_of_0_is_known(side: str) -> None:
    """418 may be 418 times 64."""
    for window, known in ((24, False), (0, True)):
        whole = narrow(window)
        scaled = tuple(replace(s, options=replace(s.options, window_scale=6)) for s in whole.segments)
        lost = replace(
            whole,
            isn=(None, whole.isn[1]) if side == "client" else (whole.isn[0], None),
            segments=tuple(s for s in scaled if s.side != side or not s.flags & 2),
        )
        assert small(lost) is known


def test_who_offers_no_scale_has_none_whatever_the_other_one_offered() -> None:
    whole = narrow(24)
    alone = replace(whole, isn=(None, whole.isn[1]), segments=whole.segments[1:])
    assert alone.segments[0].options == Options(mss=1460) and small(alone)
