"""The skyline: what is put where it has room covers nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from finrst.plots.figures.ladder.layout.skyline import Quad, Skyline

across = st.floats(0, 400)


@given(st.lists(st.tuples(across, across, st.floats(-40, 40), st.floats(0, 20), st.floats(0, 20)), max_size=12))
def test_each_strip_lies_below_all_before_it_wherever_they_meet(strips: list[tuple[float, ...]]) -> None:
    skyline = Skyline(0, 400, 10)
    there: list[tuple[Quad, float]] = []
    for x1, x2, fall, above, below in strips:
        strip = Quad(min(x1, x2), 0, max(x1, x2), fall if abs(x2 - x1) > 1 else 0, above, below)
        y = skyline.room([strip], 3)
        for earlier, at in there:
            low, high = max(earlier.x1, strip.x1), min(earlier.x2, strip.x2)
            for x in (low, high) if low <= high else ():
                bottom = at + earlier.slope() * (x - earlier.x1) + earlier.below
                assert y + strip.slope() * (x - strip.x1) - strip.above >= bottom + 3 - 1e-6
        skyline.add([strip], y)
        there.append((strip, y))


def test_what_stands_apart_does_not_push_down() -> None:
    skyline = Skyline(0, 400, 0)
    skyline.add([Quad(0, 50, 100, 50, 0, 0)], 0)
    assert skyline.lowest(0, 100) == 50 and skyline.lowest(200, 300) == 0
    assert skyline.room([Quad(200, 0, 300, 0, 0, 0)], 0) == 0
    skyline.fill(20)
    assert skyline.lowest(200, 300) == 20 and skyline.lowest() == 50
