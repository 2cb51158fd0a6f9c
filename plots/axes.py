"""Axes of time: round places for ticks, and what is written at them."""

from __future__ import annotations

from datetime import UTC, datetime

from . import words

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
#: Distances of ticks that are round on a clock; below a second and above a month 1, 2 and 5 times a power of ten.
STEPS = (
    *(n * SECOND for n in (1, 2, 5, 10, 15, 30)),
    *(n * MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR for n in (1, 2, 3, 6, 12)),
    *(n * DAY for n in (1, 2, 5, 10, 20)),
)
DATED = "%Y-%m-%d %H:%M:%S"
RELATIVE = 5 * SECOND  # a range so short is told in seconds since its start

Tick = tuple[int, str]  # ns, what is written at it


def length(ns: int) -> str:
    """A length of time: 41 µs, 60 s, 1 h."""
    return words.span(ns).removesuffix(" 0 min")


def clock(ns: int, form: str = "%H:%M:%S") -> str:
    """A time in UTC; `ns` since 1970, in seconds where no calendar reaches."""
    try:
        return datetime.fromtimestamp(ns // SECOND, UTC).strftime(form)
    except (OverflowError, ValueError, OSError):
        return f"{ns / SECOND:.0f} s"


def clock_range(first_ns: int, last_ns: int) -> tuple[str, str]:
    """Start and end, as short as both are clear."""
    start, end = clock(first_ns, DATED), clock(last_ns, DATED)
    return (start, end[11:]) if start[:10] == end[:10] else (start, end)


def moment(ns: int, first_ns: int, last_ns: int) -> str:
    """A time within the range: with its day where the range has several."""
    return clock(ns, "%H:%M:%S" if clock(first_ns, "%j %Y") == clock(last_ns, "%j %Y") else DATED)


def time_ticks(first_ns: int, last_ns: int, most: int) -> list[Tick]:
    """At most `most` ticks (two or more) between the two times."""
    width = last_ns - first_ns
    if width == 0:
        return [(first_ns, clock(first_ns))]
    if width <= RELATIVE:
        step = _decimal_step(width, most)
        return [(first_ns + at, f"+{words.span(at)}" if at else "0 s") for at in range(0, width + 1, step)]
    step = next((step for step in STEPS if width // step < most), 0) or _decimal_step(width, most, DAY)
    ticks = range(first_ns + -first_ns % step, last_ns + 1, step)
    if step >= DAY:
        form = "%Y-%m-%d" if width > 300 * DAY else "%m-%d"
    elif width > DAY:
        form = "%m-%d %H:%M"
    else:
        form = "%H:%M" if step >= MINUTE else "%H:%M:%S"
    return [(at, clock(at, form)) for at in ticks]


def _decimal_step(width: int, most: int, unit: int = 1) -> int:
    step = unit
    while True:
        for times in (1, 2, 5):
            if width // (step * times) < most:
                return step * times
        step *= 10


def length_ticks(first_ns: int, last_ns: int) -> list[Tick]:
    """Ticks of a logarithmic axis of lengths: powers of ten below a second, what a clock has above."""
    places = [10**power for power in range(10)] + [n * SECOND for n in (10, 60, 600, 3600)]
    return [(at, length(at)) for at in places if first_ns <= at <= last_ns]
