"""Two clocks against each other: what is told lies within what is told of its uncertainty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from finrst.analyze.clocks import compared

DAY = 86_400 * 10**9
ways = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


def stamped(start: int, gap: int, of: list[int], leave: int, arrive: int) -> list[tuple[int, int]]:
    """Packets a `gap` apart, each so long on its way, by a clock at either end that is ahead by that much."""
    return [(start + n * gap + leave, start + n * gap + way + arrive) for n, way in enumerate(of)]


@given(st.integers(-(10**18), 10**18), ways, ways, st.integers(1, DAY))
def test_any_offset_is_recovered_within_its_uncertainty(
    offset: int, there: list[int], back: list[int], gap: int
) -> None:
    clock = compared(stamped(10**18, gap, there, 0, offset), stamped(10**18 + 7, gap, back, offset, 0))
    assert clock is not None and clock.uncertainty_ns is not None
    assert abs(clock.offset_ns - offset) <= clock.uncertainty_ns
    assert clock.drift_ppm == 0
    assert clock.uncertainty_ns <= (min(there) + min(back)) // 2 + 1


def test_equal_ways_leave_no_error() -> None:
    clock = compared(stamped(0, 10, [5000] * 4, 0, 777), stamped(0, 10, [5000] * 4, 777, 0))
    assert clock is not None
    assert (clock.offset_ns, clock.uncertainty_ns) == (777, 5000)


@given(st.integers(-150, 150).filter(lambda ppm: abs(ppm) > 20), st.integers(1, 5_000_000), st.integers(1, 5_000_000))
def test_a_drift_is_recovered_within_its_uncertainty(ppm: int, there: int, back: int) -> None:
    def far(t_ns: int) -> int:
        return t_ns + 3_000_000_000 + round(t_ns * ppm / 1e6)

    hour = [second * 10**9 for second in range(0, 3600, 30)]
    clock = compared([(t, far(t + there)) for t in hour], [(far(t), t + back) for t in hour])
    assert clock is not None and clock.uncertainty_ns is not None
    if there + back < 3600 * abs(ppm) * 1000 * 0.9:
        assert clock.drift_ppm != 0
    for t_ns in hour:
        assert abs(clock.offset(t_ns) - (far(t_ns) - t_ns)) <= clock.uncertainty_ns


def test_without_a_contradiction_no_drift_is_told() -> None:
    clock = compared([(0, 5000), (10**12, 10**12 + 9000)], [(500, 3000)])
    assert clock is not None and clock.drift_ppm == 0


def test_packets_of_one_direction_leave_the_way_unknown() -> None:
    clock = compared([(0, 5000), (100, 4100)], [])
    assert clock is not None
    assert (clock.offset_ns, clock.uncertainty_ns) == (4000, None)
    assert compared([], []) is None


def test_a_clock_that_was_set_is_no_drift() -> None:
    """An hour forward in between: no rate of a clock explains it."""
    hour = 3600 * 10**9
    times = [n * 10**9 for n in range(20)]
    far = [t if t < 10 * 10**9 else t + hour for t in times]
    clock = compared(
        list(zip(times, [t + 5 for t in far], strict=True)), list(zip(far, [t + 5 for t in times], strict=True))
    )
    assert clock is not None and clock.drift_ppm == 0
    assert clock.uncertainty_ns is not None and clock.uncertainty_ns > hour // 3
