"""Claims about marks that are merged in columns: nothing is lost, and as many columns as there are hold them."""

from __future__ import annotations

import random
from itertools import pairwise

from finrst.plots.figures.time_sequence.columns import COLUMNS, column, in_columns, steps, thinned
from finrst.plots.figures.time_sequence.compose import compose
from finrst.plots.figures.time_sequence.scales import Stretch, TimeAxis
from finrst.plots.figures.time_sequence.scene import Mark

from .test_compose import CAPTURE, lossy

AXIS = TimeAxis((Stretch(0, 10**9),), 0, COLUMNS, 0, 0)


def mark(t_ns: int, low: int, label: str = "", rank: float = 9.0) -> Mark:
    return Mark(kind="data", t_ns=t_ns, low=low, high=low + 100, frame=t_ns + 1, packets=1, label=label, rank=rank)


def test_times_lie_in_columns_from_the_first_to_the_last() -> None:
    assert (column(AXIS, 0), column(AXIS, 10**9)) == (0, COLUMNS - 1)


def test_marks_that_touch_in_a_column_become_one_with_the_most_wanted_label() -> None:
    (one,) = in_columns([mark(0, 0), mark(5, 100, "wanted", 1), mark(9, 200, "less", 2)], AXIS, 300)
    assert (one.low, one.high, one.count, one.packets, one.label) == (0, 300, 3, 3, "wanted")
    assert len(in_columns([mark(0, 0), mark(5, 90_000)], AXIS, 100_000)) == 2, "they do not touch"
    assert len(in_columns([mark(0, 0), mark(10**8, 100)], AXIS, 300)) == 2, "another column"


def test_thinned_lines_keep_their_extremes() -> None:
    random_ = random.Random(1)
    points = [(t, random_.randrange(10**6)) for t in range(0, 10**9, 10**5)]
    kept = thinned(points, AXIS)
    assert len(kept) <= 4 * COLUMNS < len(points)
    values = [value for _, value in points]
    assert {min(values), max(values)} <= {value for _, value in kept}
    assert all(a[0] <= b[0] for a, b in pairwise(kept))


def test_steps_stand_only_where_the_value_changes() -> None:
    assert steps([(0, 1), (1, 1), (2, 3), (3, 3), (4, 1)]) == [(0, 1), (2, 3), (4, 1)]


def test_a_long_connection_is_merged_and_says_so() -> None:
    scene = compose(lossy(), CAPTURE)
    assert scene.column_ns > 0 and str(COLUMNS) in scene.subtitle
    assert sum(len(panel.marks) for panel in scene.panels) < len(lossy().segments)
    assert compose(lossy(200), CAPTURE).column_ns == 0
