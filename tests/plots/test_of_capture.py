"""What the figures of a whole capture share."""

from __future__ import annotations

from finrst.plots.figures.overview.scene import compose
from finrst.plots.of_capture import along, at, share

from ..analyze.tables import MIDNIGHT_1960, Row, overview_of


def test_times_before_1970_are_said() -> None:
    assert "1960-01-01 00:00:00" in compose(overview_of([Row(0, 5)] * 2, start=MIDNIGHT_1960)).subtitle


def test_what_is_there_is_never_zero_percent() -> None:
    assert [share(n, 10_000) for n in (0, 1, 5, 10_000)] == ["0.0 %", "<0.1 %", "0.1 %", "100.0 %"]


def test_places_on_axes() -> None:
    assert [at(ns, 10, 20) for ns in (0, 10, 15, 20, 30)] == [0, 0, 0.5, 1, 1] and at(5, 5, 5) == 0.5
    assert [round(along(ns, (10, 1000)), 9) for ns in (0, 10, 100, 1000, 10**6)] == [0, 0, 0.5, 1, 1]
