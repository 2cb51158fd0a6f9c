"""Lanes: which there are, and what is in them."""

from __future__ import annotations

import pytest

from finrst.plots import metrics
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.calls import with_calls
from finrst.plots.figures.ladder.layout import layout
from finrst.plots.figures.ladder.layout.placing import LEAST_WIRE, Placing

from ....conversations import ALL, capture, write_after_close, write_after_close_calls
from ..scenes import texts


def test_lanes_of_applications_stand_only_where_something_is_known() -> None:
    bare = compose(write_after_close(), capture())
    assert not any(text.text == "client process" for text in texts(layout(bare)))
    told = with_calls(bare, write_after_close_calls())
    assert any(text.text == "client process" for text in texts(layout(told)))


@pytest.mark.parametrize("name", ALL)
def test_however_narrow_it_is_asked_for_the_wire_has_its_least_width(name: str) -> None:
    narrow = Placing(compose(ALL[name](), capture()), 100.0, metrics.wider)
    assert narrow.wire >= LEAST_WIRE and narrow.width > 100
    wide = Placing(compose(ALL[name](), capture()), 1400.0, metrics.wider)
    assert wide.width == 1400 and wide.wire > narrow.wire
