"""Scales of graphs: ticks at 1, 2 and 5, and a time axis from which long pauses are cut out.

Every stretch of a broken axis has the same scale, so that slopes can be compared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_CUTS, FEW_CUTS = 6, 2  # of a long and of a short connection
MANY = 60  # marks: a connection with more of them is a long one
IDLE_SHARE, FEW_SHARE = 4, 2  # a pause in which nothing was waited for is cut out when it is over that part of the axis
WAIT_SHARE = 10  # ... and a wait for an answer only when it leaves less than a tenth to everything else
FAR_LONGER = 20  # ... and it is so many times as long as the median
LEAST_CUT_NS = 1_000_000  # no shorter pause is cut out

UNITS = (("s", 10**9), ("ms", 10**6), ("µs", 10**3), ("ns", 1))
BYTES = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the time axis, in ns; `pause_ns`: what was cut out before it, 0 at the start."""

    from_ns: int
    until_ns: int
    pause_ns: int = 0


def stretches(times: Sequence[int], waits: Iterable[int] = ()) -> tuple[Stretch, ...]:
    """The axis for marks at `times` (ns, in order), with the longest pauses cut out.

    `waits`: indices into `times` at which a wait for an answer ends. Idle pauses far longer than the
    median are cut out from the longest down, while one takes over a quarter of what is left; six at most. Where there
    are few marks, two at most, which take over half.
    """
    if not times:
        return (Stretch(0, 0),)
    waiting = set(waits)
    left = times[-1] - times[0]
    gaps = [b - a for a, b in pairwise(times)]
    least = max(LEAST_CUT_NS, FAR_LONGER * sorted(gaps)[(len(gaps) - 1) // 2] if gaps else 0)
    pauses = sorted(((gap, index) for index, gap in enumerate(gaps, 1) if gap >= LEAST_CUT_NS), reverse=True)
    cuts: list[int] = []
    most, share = (MOST_CUTS, IDLE_SHARE) if len(times) > MANY else (FEW_CUTS, FEW_SHARE)
    for dt_ns, index in pauses:
        if len(cuts) == most:
            break
        if dt_ns == left:
            continue  # there is nothing else to look at
        limit = left * (WAIT_SHARE - 1) // WAIT_SHARE if index in waiting else max(least, left // share)
        if dt_ns > limit:
            cuts.append(index)
            left -= dt_ns
    pieces: list[Stretch] = []
    start, pause = times[0], 0
    for index in sorted(cuts):
        pieces.append(Stretch(start, times[index - 1], pause))
        start, pause = times[index], times[index] - times[index - 1]
    return (*pieces, Stretch(start, times[-1], pause))


class TimeAxis:
    """Nanoseconds to a place between `left` and `right`: stretches, `pad` around each and `cut` between them.

    A stretch that its scale would make narrower than `least` has more room around it, as far as there is any.
    """

    def __init__(
        self, pieces: Sequence[Stretch], left: float, right: float, cut: float, pad: float, least: float = 0.0
    ) -> None:
        self.pieces = pieces
        self.cut = cut
        lengths = [piece.until_ns - piece.from_ns for piece in pieces]
        room = right - left - cut * (len(pieces) - 1)
        least = min(max(least, 2 * pad), room / len(pieces))
        narrow: set[int] = set()
        while True:  # those that are widened leave less to the rest
            rest = sum(dt for index, dt in enumerate(lengths) if index not in narrow)
            free = room - least * len(narrow) - 2 * pad * (len(pieces) - len(narrow))
            self.scale = max(0.0, free) / rest if rest else 0.0  # places per ns
            more = {i for i, dt in enumerate(lengths) if i not in narrow and 2 * pad + dt * self.scale < least}
            if not more:
                break
            narrow |= more
        if len(narrow) == len(pieces) and any(lengths):
            self.scale = max(0.0, least - 2 * pad) / max(lengths)
        self.starts: list[float] = []
        self.ends: list[float] = []  # of the stretches with the room around them
        at = left
        for dt in lengths:
            wide = 2 * pad + dt * self.scale
            whole = max(wide, least) if any(lengths) else room / len(pieces)
            self.starts.append(at + (whole - dt * self.scale) / 2)
            at += whole
            self.ends.append(at)
            at += cut

    def at(self, t_ns: int) -> float:
        """Where a time stands; times that are cut out stand at the cut's edge."""
        place = max(0, bisect_right(self.pieces, t_ns, key=lambda piece: piece.from_ns) - 1)
        piece = self.pieces[place]
        return self.starts[place] + (min(max(t_ns, piece.from_ns), piece.until_ns) - piece.from_ns) * self.scale

    def cuts(self) -> list[tuple[float, int]]:
        """The left edge of each cut, and how long it is in ns."""
        return [(end, piece.pause_ns) for end, piece in zip(self.ends[:-1], self.pieces[1:], strict=True)]


def step(span: float, most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 ... that cuts `span` into no more than `most` parts."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * most >= span:
                return size * factor
        size *= 10


def ticks(low: int, high: int, most: int) -> list[int]:
    """Round numbers between `low` and `high`."""
    by = step(max(1, high - low), most)
    return list(range(-(-low // by) * by, high + 1, by))


def time_ticks(pieces: Sequence[Stretch], most: int) -> list[tuple[int, str]]:
    """Times to write on the axis: round ones, and where a stretch has none, its start."""
    total = sum(piece.until_ns - piece.from_ns for piece in pieces)
    last_ns = pieces[-1].until_ns
    by = step(max(1, total), most)
    found: list[tuple[int, str]] = []
    for piece in pieces:
        marks = range(-(-piece.from_ns // by) * by, piece.until_ns + 1, by)
        found += [(mark, clock(mark, by, last_ns)) for mark in marks]
        if not marks:
            found.append((piece.from_ns, clock(piece.from_ns, _finer(piece.from_ns, by), last_ns)))
    return found


def _finer(value: int, by: int) -> int:
    """A power of ten that is fine enough to tell `value` from the ticks around it."""
    unit: int = 10 ** (len(str(by)) - 1)
    return max(1, unit // 10 if value % unit else unit)


def clock(t_ns: int, by_ns: int, last_ns: int) -> str:
    """A time on an axis that ends at `last_ns` and is read to `by_ns`: 1.25 s, 40 ms."""
    unit, size = next(((unit, size) for unit, size in UNITS if last_ns >= size), UNITS[-1])
    return f"{_fixed(t_ns, by_ns, size)} {unit}" if t_ns else f"0 {unit}"


def count(value: int, by: int, last: int) -> str:
    """So many bytes on an axis that ends at `last` and has a tick each `by`: 2,000, 1.5 MB."""
    if last < 10_000:
        return f"{value:,}"
    unit, size = next((unit, size) for unit, size in BYTES if last >= size)
    return f"{_fixed(value, by, size)} {unit}" if value else "0"


def _fixed(value: int, by: int, size: int) -> str:
    decimals = 0
    while by % size and decimals < 9:
        by *= 10
        decimals += 1
    return f"{value / size:,.{decimals}f}"
