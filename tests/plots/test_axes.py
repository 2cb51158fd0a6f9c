"""Ticks stand at round times, within the range, and never too many."""

from __future__ import annotations

import pytest

from finrst.plots.axes import DAY, HOUR, MINUTE, SECOND, clock, clock_range, length, length_ticks, moment, time_ticks

START = 1_767_225_600 * SECOND


@pytest.mark.parametrize("first", [START + 123_456_789, -(2**62), 0])
@pytest.mark.parametrize(
    "width",
    [1, 999, 57_600_000, SECOND, 7 * SECOND, 79 * SECOND, HOUR, 5 * HOUR, 3 * DAY, 400 * DAY, 2**61],
)
@pytest.mark.parametrize("most", [2, 7, 12])
def test_ticks_lie_in_the_range_in_order_and_are_no_more_than_asked_for(first: int, width: int, most: int) -> None:
    ticks = time_ticks(first, first + width, most)
    places = [at for at, _ in ticks]
    assert places == sorted(set(places))
    assert all(first <= at <= first + width for at in places)
    assert len(places) <= most
    assert width < 10 or most < 7 or len(places) >= 2


@pytest.mark.parametrize(
    ("width", "texts"),
    [
        (0, ["00:00:00"]),
        (400_000_000, ["0 s", "+100 ms", "+200 ms", "+300 ms", "+400 ms"]),
        (60 * SECOND, ["00:00:00", "00:00:15", "00:00:30", "00:00:45", "00:01:00"]),
        (2 * HOUR, ["00:00", "00:30", "01:00", "01:30", "02:00"]),
        (2 * DAY, ["01-01 00:00", "01-01 12:00", "01-02 00:00", "01-02 12:00", "01-03 00:00"]),
        (8 * DAY, ["01-01", "01-03", "01-05", "01-07", "01-09"]),
    ],
)
def test_what_is_written_is_as_fine_as_the_range(width: int, texts: list[str]) -> None:
    assert [text for _, text in time_ticks(START, START + width, 6)] == texts


def test_a_range_of_years_has_dates() -> None:
    assert [text for _, text in time_ticks(0, 800 * DAY, 6)] == [
        "1970-01-01", "1970-07-20", "1971-02-05", "1971-08-24", "1972-03-11"
    ]  # fmt: skip


def test_times_before_1970_have_a_clock() -> None:
    assert clock(-1) == "23:59:59"
    assert clock_range(-DAY, -1) == ("1969-12-31 00:00:00", "23:59:59")
    assert clock_range(-2 * DAY, 0) == ("1969-12-30 00:00:00", "1970-01-01 00:00:00")


def test_a_time_that_no_calendar_has_is_in_seconds() -> None:
    assert clock(2**63 - 1) and clock(10**30) == f"{10**21} s"


def test_a_moment_has_its_day_where_there_are_several() -> None:
    assert moment(START, START, START + HOUR) == "00:00:00"
    assert moment(START, START, START + DAY) == "2026-01-01 00:00:00"


def test_lengths_are_powers_of_ten_and_what_a_clock_has() -> None:
    texts = [text for _, text in length_ticks(10**6, HOUR)]
    assert texts == ["1 ms", "10 ms", "100 ms", "1 s", "10 s", "60 s", "600 s", "1 h"]
    assert (length(HOUR), length(HOUR + 10 * MINUTE)) == ("1 h", "1 h 10 min")
