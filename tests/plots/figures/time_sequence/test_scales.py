"""Claims about scales: ticks are round, cuts leave one scale, and time runs forwards."""

from __future__ import annotations

from itertools import pairwise

import pytest

from finrst.plots.figures.time_sequence.scales import (
    FEW_CUTS,
    MANY,
    MOST_CUTS,
    Stretch,
    TimeAxis,
    clock,
    count,
    step,
    stretches,
    ticks,
    time_ticks,
)

MS = 1_000_000


@pytest.mark.parametrize(("span", "most", "by"), [(1, 5, 1), (7, 4, 2), (1_000, 5, 200), (4_369, 8, 1_000)])
def test_steps_are_one_two_or_five(span: int, most: int, by: int) -> None:
    assert step(span, most) == by


def test_ticks_lie_inside() -> None:
    assert ticks(3, 4_369, 8) == [1_000, 2_000, 3_000, 4_000]
    assert ticks(-1, 1, 4) == [-1, 0, 1]


def test_where_there_are_many_marks_a_quarter_of_the_axis_is_cut_out() -> None:
    short = [*range(0, 50 * MS, 10 * MS), 80 * MS]
    long = [*range(0, 50 * MS, 100_000), 80 * MS]
    assert (len(stretches(short)), len(stretches(long))) == (1, 2)


def test_an_idle_pause_over_half_of_the_axis_is_cut_out() -> None:
    times = [0, 10 * MS, 20 * MS, 1_000 * MS, 1_010 * MS]
    pieces = stretches(times)
    assert [piece.pause_ns for piece in pieces] == [0, 980 * MS]
    assert (pieces[1].from_ns, pieces[1].until_ns) == (1_000 * MS, 1_010 * MS)


def test_a_wait_stays_to_scale_unless_it_leaves_less_than_a_tenth() -> None:
    times = [0, 1 * MS, 2 * MS, 90 * MS, 100 * MS]
    assert len(stretches(times, waits=[3])) == 1
    assert len(stretches(times)) == 2
    assert len(stretches([0, 10 * MS, 1_000 * MS, 1_010 * MS], waits=[2])) == 2


def test_short_pauses_stay_and_cuts_are_few() -> None:
    assert len(stretches([0, 100, 200, 900_000])) == 1
    times = [1_000 * MS * (3**n) for n in range(30)]
    assert len(stretches(times)) == FEW_CUTS + 1
    assert len(stretches([*range(MANY), *times])) == MOST_CUTS + 1


def test_two_packets_alone_are_not_cut_apart() -> None:
    assert len(stretches([0, 5_000 * MS])) == 1
    assert len(stretches([])) == 1


def test_places_never_run_backwards_and_all_stretches_have_one_scale() -> None:
    times = [0, 10 * MS, 20 * MS, 1_000 * MS, 1_010 * MS]
    axis = TimeAxis(stretches(times), 50, 850, 22, 14)
    places = [axis.at(t_ns) for t_ns in range(0, 1_020 * MS, 5 * MS)]
    assert all(one <= other for one, other in pairwise(places))
    assert axis.at(10 * MS) - axis.at(0) == pytest.approx(axis.at(1_010 * MS) - axis.at(1_000 * MS))
    ((cut, pause_ns),) = axis.cuts()
    assert pause_ns == 980 * MS and axis.at(20 * MS) < cut < cut + 22 < axis.at(1_000 * MS)
    assert axis.at(20 * MS) <= axis.at(500 * MS) <= axis.at(1_000 * MS)


def test_a_stretch_between_cuts_is_wide_enough_for_its_time() -> None:
    pieces = (Stretch(0, 100 * MS), Stretch(900 * MS, 901 * MS, 800 * MS), Stretch(1_900 * MS, 2_000 * MS, 999 * MS))
    axis = TimeAxis(pieces, 0, 800, 20, 14, 92)
    (one, _), (other, _) = axis.cuts()
    assert other - (one + 20) == pytest.approx(92)
    assert one < axis.at(900 * MS) <= axis.at(901 * MS) < other
    assert axis.at(100 * MS) - axis.at(0) == pytest.approx(axis.at(2_000 * MS) - axis.at(1_900 * MS))
    short = tuple(Stretch(n * 1_000 * MS, n * 1_000 * MS + 10 * n, 10) for n in range(4))
    narrow = TimeAxis(short, 0, 400, 20, 14, 200)  # more than there is room for
    assert narrow.at(short[-1].until_ns) < 400 and [at for at, _ in narrow.cuts()] == pytest.approx([85, 190, 295])


def test_one_moment_stands_in_the_middle() -> None:
    assert TimeAxis(stretches([7, 7]), 0, 100, 22, 10).at(7) == 50


def test_every_stretch_has_a_tick_that_says_its_time() -> None:
    found = time_ticks(stretches([0, 10 * MS, 1_000 * MS, 1_003 * MS]), 8)
    assert found[0] == (0, "0 s")
    assert any(t_ns >= 1_000 * MS for t_ns, _ in found)


def test_numbers_on_axes_have_units() -> None:
    assert clock(2_460_000, 20_000, 55 * MS) == "2.46 ms"
    assert clock(0, 20_000, 55 * MS) == "0 ms"
    assert clock(1_500 * MS, 500 * MS, 3_000 * MS) == "1.5 s"
    assert count(4_000, 1_000, 4_369) == "4,000"
    assert count(1_500_000, 500_000, 3_000_000) == "1.5 MB"
    assert count(0, 500_000, 3_000_000) == "0"
