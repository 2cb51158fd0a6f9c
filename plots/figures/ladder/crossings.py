"""Arrows that cross on the wire.

Where both ends were captured, `in_order` gives departures and arrivals in the order of their times, `passing` the
arrows that cross or overtake. From one capture only the order of departures is known; arrows that must have crossed
are drawn in `groups`: there every arrow leaves before any from the other end arrives, so that all may fall at one
slant, each label near its own tail, where no other arrow of the group passes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from ...scene import Arrow, Break, Call, Item, Scene, State

LAG, PITCH = 14.0, 48.0  # px between departures: from different ends, from the same


def cross(earlier: Arrow, later: Arrow) -> bool:
    """Whether the later arrow departs, from the end that the earlier one goes to, before that arrives."""
    if earlier.side == later.side:
        return False
    if earlier.arrives_ns is None or later.arrives_ns is None:
        return later.crosses == earlier.frame
    return later.t_ns < earlier.arrives_ns


def spread(run: list[Arrow]) -> float:
    """How far apart, at the least, the departures of two arrows come to stand that cross."""
    at: list[float] = []
    for place, one in enumerate(run):
        before = [y + (PITCH if two.side == one.side else 0.0) for y, two in zip(at, run, strict=False)]
        at.append(max([0.0, *before, *(y + LAG for y in at[-1:] if run[place - 1].side != one.side)]))
    pairs = ((one, two) for one in range(len(run)) for two in range(one + 1, len(run)))
    return max((at[two] - at[one] for one, two in pairs if run[one].side != run[two].side), default=0.0)


def groups(scene: Scene, most: float) -> list[tuple[Arrow, ...]]:
    """The groups of two arrows and more, from top to bottom; calls and states may stand between its arrows.

    `most` is the `spread` that a group may have: with more, its arrows would fall too steeply.
    """
    found: list[tuple[Arrow, ...]] = []
    run: list[Arrow] = []

    def close() -> None:
        """What of the run crosses is a group."""
        places = [
            place
            for place, one in enumerate(run)
            if any(cross(one, two) for two in run[place + 1 :]) or any(cross(two, one) for two in run[:place])
        ]
        if places:
            found.append(tuple(run[places[0] : places[-1] + 1]))
        run.clear()

    for item in scene.items:
        if isinstance(item, Call | State):
            continue
        if not isinstance(item, Arrow):
            close()
            continue
        if item.lost or item.origin or item.unanswered is not None:
            close()
            continue
        there = [place for place, one in enumerate(run) if one.side != item.side and not cross(one, item)]
        if there:  # those have arrived: what is still on its way goes on, if nothing of the others crossed it
            on_its_way = run[there[-1] + 1 :]
            if any(cross(one, two) for one in run[: there[-1] + 1] for two in on_its_way):
                on_its_way = []
            del run[len(run) - len(on_its_way) :]
            close()
            run += on_its_way
        if spread([*run, item]) > most:
            if any(cross(one, two) for place, one in enumerate(run) for two in run[place + 1 :]):
                close()
            while run and spread([*run, item]) > most:
                del run[0]
        run.append(item)
    close()
    return found


def arrival(arrow: Arrow) -> int | None:
    """When the arrow is there, in nanoseconds of the scene: at once, where that is not known; None: never."""
    if arrow.unanswered is not None:
        return None
    return arrow.t_ns if arrow.arrives_ns is None else arrow.arrives_ns


def in_order(scene: Scene) -> Iterator[tuple[Item, bool]]:
    """Each mark as it begins (True), and each arrow again as it arrives (False), in the order of time.

    What arrives in a gap that is cut out does so before or after the break, whichever is nearer.
    """
    on_their_way: list[tuple[int, Arrow]] = []
    last: int | None = None
    for item, following in pairwise((*scene.items, None)):
        assert item is not None
        at: int | None
        if isinstance(item, Break):
            after = None if following is None or isinstance(following, Break) else following.t_ns
            at = last if last is None or after is None else (last + after) // 2
            if item.dt_ns is None or following is None:  # so long, or until the end: everything has arrived
                at = max([at or 0, *(there for there, _ in on_their_way)])
        else:
            at = item.t_ns
            last = at if at is not None else last
        due = [one for one in on_their_way if at is not None and one[0] <= at]
        on_their_way = [one for one in on_their_way if one not in due]
        yield from ((arrow, False) for _, arrow in sorted(due, key=lambda one: one[0]))
        yield item, True
        if isinstance(item, Arrow):
            there = arrival(item)
            if there is not None and there <= item.t_ns:
                yield item, False
            elif there is not None:
                on_their_way.append((there, item))
    yield from ((arrow, False) for _, arrow in sorted(on_their_way, key=lambda one: one[0]))


def passing(scene: Scene) -> dict[int, list[Arrow]]:
    """Frame -> the arrows that it crosses, or that overtake it, or that it overtakes."""
    found: dict[int, list[Arrow]] = defaultdict(list)
    on_their_way: list[Arrow] = []
    for item, begins in in_order(scene):
        if not isinstance(item, Arrow):
            continue
        if not begins:
            if item in on_their_way:
                on_their_way.remove(item)
            continue
        there = arrival(item)
        for other in on_their_way:
            if other.side != item.side or (there is not None and there < (arrival(other) or 0)):
                found[other.frame].append(item)
                found[item.frame].append(other)
        if there is not None:
            on_their_way.append(item)
    return dict(found)
