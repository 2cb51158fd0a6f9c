"""The lengths of long gaps that are not cut out, at the arrows that end them."""

from __future__ import annotations

from dataclasses import replace

from .... import words
from ....scene import SAME_NS, Arrow, Break, Call, Fold, Item, Scene
from .folding import GAP_NS, median

LONG = 20  # times the median: a gap as long as that is marked


def with_waits(scene: Scene) -> Scene:
    """The same scene; every long gap that no break and no box tells has its length, in `Arrow.wait` or `Call.wait`.

    A gap is long if it is more than 20 times the median and more than one stamp tells; before a copy also if a timeout
    may have passed. What is written is the time since the last one that is written above, so that it is the difference
    of two numbers that a reader sees: of the packet before, or the end of a box. Calls with a time of their own part a
    gap: the longest part has its length.
    """
    if not scene.timed:
        return scene
    gaps = _gaps(scene)
    least = max(SAME_NS, LONG * median(list(gaps.values()))) if gaps else SAME_NS
    alone = scene.told_alone()
    items = list(scene.items)
    told_ns: int | None = None  # the last time that is written
    there_ns = 0  # when all had arrived
    parts: list[tuple[int, int, int]] = []  # of this gap: how long nothing was on its way, since the last time, place
    for place, item in enumerate(scene.items):
        if isinstance(item, Break | Fold):
            told_ns = item.until_ns if isinstance(item, Fold) else None  # up to what follows, a break tells it
            there_ns = max(there_ns, told_ns or 0)
            parts = []
        elif item.t_ns is not None:
            if told_ns is not None and (isinstance(item, Arrow) or (isinstance(item, Call) and place in alone)):
                parts.append((item.t_ns - max(told_ns, there_ns), item.t_ns - told_ns, place))
            if isinstance(item, Arrow):
                enough = least if item.retransmission_of is None else min(least, GAP_NS)
                if gaps.get(item.frame, 0) > enough and parts:
                    _, since_ns, longest = max(parts)
                    if since_ns > SAME_NS:
                        items[longest] = _waited(scene.items[longest], since_ns)
                there_ns, parts = max(there_ns, item.t_ns, item.arrives_ns or 0), []
            if isinstance(item, Arrow) or place in alone or told_ns is None:
                told_ns = item.t_ns
    return replace(scene, items=tuple(items))


def _waited(item: Item, since_ns: int) -> Item:
    assert isinstance(item, Arrow | Call)
    return replace(item, wait=f"+{words.span(since_ns)}")


def _gaps(scene: Scene) -> dict[int, int]:
    """Frame -> for how long nothing had been on its way when it left, in nanoseconds.

    0 also where the packet before had been on its way for longer than that: what is written would be its way.
    """
    found: dict[int, int] = {}
    before: tuple[int, int] | None = None  # when the last packet left, and when all had arrived
    for item in scene.items:
        if not isinstance(item, Arrow | Fold):
            continue
        left_ns = there_ns = item.until_ns if isinstance(item, Fold) else item.t_ns
        if before is not None:
            there_ns = max(there_ns, before[1])
        if isinstance(item, Arrow):
            there_ns = max(there_ns, item.arrives_ns or there_ns)
            if before is not None:
                gap_ns, way_ns = item.t_ns - before[1], before[1] - before[0]
                found[item.frame] = gap_ns if gap_ns > way_ns else 0
        before = left_ns, there_ns
    return found
