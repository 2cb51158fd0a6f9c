"""Arrows that cross on the wire, in the groups in which a figure has to draw them.

In a group every arrow leaves before any from the other end arrives there: so all may fall at one slant, each label near
its own tail, where no other arrow of the group passes.
"""

from __future__ import annotations

from .scene import Arrow, Call, Scene, State

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
