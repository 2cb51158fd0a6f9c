"""The legend."""

from __future__ import annotations

from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.layout import layout

from ....conversations import ALL, capture
from ..scenes import texts


def test_the_legend_lists_the_marks_used_and_no_other() -> None:
    written = {text.text for text in texts(layout(compose(ALL["ignored_reset"](), capture())))}
    assert "RST, ignored" in written and "RST+ACK" not in written and "retransmission" not in written
    written = {text.text for text in texts(layout(compose(ALL["timed_out"](), capture())))}
    assert {"retransmission", "no sign that it arrived"} <= written and "folded packets" not in written
