"""Two clocks, compared by the packets that both have stamped.

A packet from client to server arrives, by the server's clock, no earlier than it left plus the clocks' offset: that is
an upper bound of the offset; one the other way gives a lower bound. Between the best two lies the offset, as NTP
estimates it (RFC 5905 section 8): its uncertainty is half of the two shortest ways together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .story import Clock

Stamped = Sequence[tuple[int, int]]  # (sent, arrived), nanoseconds, each by the clock of its own end
MOST_DRIFT = 200e-6  # no clock that is not broken gains more


def compared(to_server: Stamped, to_client: Stamped) -> Clock | None:
    """The server's clock against the client's; None without a packet that both have stamped.

    A drift is told only where a constant offset would let a packet arrive before it was sent. Where no drift explains
    that either, a clock was set in between: the offset then lies in the middle of what is contradictory.
    """
    above = [(sent, arrived - sent) for sent, arrived in to_server]
    below = [(arrived, sent - arrived) for sent, arrived in to_client]
    if not above and not below:
        return None
    times = [at for at, _ in (*above, *below)]
    at = (min(times) + max(times)) // 2
    if not below:
        return Clock(min(bound for _, bound in above), at, None)
    if not above:
        return Clock(max(bound for _, bound in below), at, None)
    high, low = min(bound for _, bound in above), max(bound for _, bound in below)
    middle = (high + low) // 2
    if high < low and (drifting := _drifting(above, below, at, middle)):
        return drifting
    return Clock(middle, at, (abs(high - low) + 1) // 2)


def _drifting(above: Stamped, below: Stamped, at: int, base: int) -> Clock | None:
    """The line with the most room between the bounds, as a clock; None where no line lies between them."""
    upper = [(t - at, float(bound - base)) for t, bound in above]
    lower = [(t - at, float(bound - base)) for t, bound in below]

    def bounds(rate: float) -> tuple[float, float]:
        return min(b - rate * t for t, b in upper), max(b - rate * t for t, b in lower)

    def room(rate: float) -> float:
        high, low = bounds(rate)
        return high - low

    best = _highest(room, -MOST_DRIFT, MOST_DRIFT)
    if room(best) < 0:
        return None
    first = _edge(room, best, -MOST_DRIFT)
    last = _edge(room, best, MOST_DRIFT)
    centre = sum(bounds(best)) / 2
    reach = max(abs(t) for t, _ in (*upper, *lower))
    off = 0.0  # how far any other line between the bounds is from this one
    for step in range(65):
        rate = first + (last - first) * step / 64
        high, low = bounds(rate)
        off = max(off, max(abs(high - centre), abs(low - centre)) + abs(rate - best) * reach)
    return Clock(base + round(centre), at, round(off) + 1, best * 1e6)


def _highest(of: Callable[[float], float], low: float, high: float) -> float:
    """Where a concave function is highest, by ternary search."""
    for _ in range(80):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        if of(one) < of(other):
            low = one
        else:
            high = other
    return (low + high) / 2


def _edge(of: Callable[[float], float], inside: float, outside: float) -> float:
    """How far from `inside` towards `outside` the function stays at 0 or above."""
    for _ in range(50):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if of(middle) >= 0 else (inside, middle)
    return inside
