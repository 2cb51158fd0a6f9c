"""Connections captured at both ends, and where their arrows are drawn."""

from __future__ import annotations

from typing import Any

from finrst.analyze.story import Connection
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.placed import Display, Hit
from finrst.plots.scene import Scene

from ....analyze.two_ends import Ends
from ...conversations import capture


def scene(connection: Connection, lang: str = "en", **more: Any) -> Scene:
    return compose(connection, capture(), lang, **more)


def ways(display: Display) -> dict[int, tuple[float, float]]:
    """Frame -> where its arrow departs and arrives: its line may be cut where words stand before it."""
    found = {}
    for shape in display.shapes:
        if isinstance(shape, Hit):
            left, right = shape.points[0][1] + 20, shape.points[1][1] + 20
            found[shape.frame] = (min(left, right), max(left, right))
    return found


def closing(*, way: float = 0.05) -> Connection:
    """Two FINs that cross."""
    ends = Ends(ways=(way, way), offset=2.0)
    c, s = ends.open(mss=1460)
    c.data(100, gap=0.2), s.ack(gap=way + 0.001)
    c.fin(gap=0.2), s.fin(gap=0.01, ack=101), c.ack(gap=way), s.ack(gap=0.005)
    return ends.told()


def burst() -> Connection:
    """Data on its way, which a RST crosses."""
    ends = Ends(ways=(0.1, 0.1))
    c, s = ends.open(mss=1460)
    for _ in range(3):
        c.data(100, gap=0.001)
    s.abort(gap=0.001, ack=1)
    for _ in range(3):
        s.rst(gap=0.1, seq=1)
    return ends.told()


def lossy() -> Connection:
    ends = Ends(offset=-3.0)
    c, s = ends.open(mss=1460)
    c.data(100, lost=True), c.data(100, seq=1, gap=0.4), s.ack(gap=0.02)
    s.fin(forged=True), s.data(50, gap=0.3, lost=True), s.data(50, seq=1, gap=0.3), c.ack(gap=0.02)
    s.rst(forged=True, seq=51), s.data(10, gap=0.4), c.rst(seq=101, gap=0.02), s.ack(gap=1.0)
    return ends.told()


def overtaken() -> Connection:
    """The second segment arrives first, and is answered before the first arrives."""
    ends = Ends(ways=(0.002, 0.002))
    c, s = ends.open(mss=1460)
    c.data(100, gap=0.1, way=0.05), c.data(100, gap=0.001), s.ack(gap=0.01, ack=1), s.ack(gap=0.1)
    return ends.told()


ALL = {"closing": closing, "burst": burst, "lossy": lossy}
