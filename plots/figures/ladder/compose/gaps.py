"""The lengths of long gaps that are not cut out, at the packets that end them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from statistics import median

from .... import words
from ....scene import SAME_NS, Arrow, Break, Call, Fold, Item, Scene, State
from .folding import GAP_NS

LONG = 20  # times the median: a gap as long as that is marked


def with_waits(scene: Scene, pause: Callable[[int], str | None]) -> Scene:
    """The same scene; every long gap that no break tells has its length in `wait` of the packet or box that ends it.

    And what it was for in `paused`: what `pause` says of the packet's frame.

    A gap is long if it is more than 20 times the median and more than one stamp tells; before a copy also if a timeout
    may have passed, and where such a gap is told, any that is as long. What is written is the time since the packet
    before, whatever calls stand between. Where the call that ended the gap would stand apart from its packet, the call
    has it; after the last packet the first call that has a stamp of its own. A packet's own way is no gap: where it was
    longer than the silence after it, nothing is written.
    """
    if not scene.timed:
        return scene
    gaps = _gaps(scene)
    least = max(SAME_NS, LONG * median(gaps.values())) if gaps else SAME_NS
    again = {item.frame for item in scene.items if isinstance(item, Arrow) and item.retransmission_of is not None}
    least = min([least, *(gap - 1 for frame, gap in gaps.items() if frame in again and gap > GAP_NS)])
    alone = scene.told_alone()
    last = max((place for place, item in enumerate(scene.items) if isinstance(item, Arrow | Fold)), default=0)
    items = list(scene.items)
    before_ns: int | None = None  # the packet before
    there_ns = 0  # when it had arrived
    since = 0  # the place behind it
    for place, item in enumerate(scene.items):
        if isinstance(item, Break):
            before_ns = None  # up to what follows, the break tells it
        elif isinstance(item, Arrow | Fold):
            enough = min(least, GAP_NS) if _frame(item) in again else least
            if before_ns is not None and gaps.get(_frame(item), 0) > enough:
                paused = pause(_frame(item))
                ended = None if paused else _ended(scene.items, since, place, before_ns, alone)
                if ended is None:
                    items[place] = replace(item, wait=f"+{words.span(item.t_ns - before_ns)}", paused=paused)
                else:
                    items[ended[0]] = replace(ended[1], wait=f"+{words.span(ended[1].t_ns - before_ns)}")
            before_ns, since = item.until_ns if isinstance(item, Fold) else item.t_ns, place + 1
            there_ns = max(before_ns, _arrived(item))
        elif isinstance(item, Call) and place > last and place in alone and before_ns is not None:
            if item.t_ns - before_ns > least and _silence(before_ns, there_ns, item.t_ns):
                items[place] = replace(item, wait=f"+{words.span(item.t_ns - before_ns)}")
            before_ns = None
    return replace(scene, items=tuple(items))


def _ended(
    items: Sequence[Item], since: int, place: int, before_ns: int, alone: Collection[int]
) -> tuple[int, Call] | None:
    """The call that ended the gap before the packet at `place`, and its own place; None: the packet's stamp tells it.

    It is the first within a moment of the packet, unless it stands right above that, which it sent, or a stamp above
    tells its time: then the gap's length stands between the two.
    """
    packet = items[place]
    assert isinstance(packet, Arrow | Fold)
    stamped: Call | State | None = None  # what has the last stamp in the gap
    for number, item in enumerate(items[since:place], since):
        if isinstance(item, Call | State) and number in alone:
            stamped = item
        elif isinstance(item, Call) and packet.t_ns - item.t_ns <= SAME_NS < item.t_ns - before_ns:
            sent = isinstance(packet, Arrow) and packet.side == item.side and number == place - 1
            told = stamped is not None and stamped.side == item.side and item.t_ns - (stamped.t_ns or 0) <= SAME_NS
            return None if sent or told else (number, item)
    return None


def _frame(item: Arrow | Fold) -> int:
    return item.frames[0] if isinstance(item, Fold) else item.frame


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
            found[_frame(item)] = _silence(*before, item.t_ns)
        before = left_ns, max(there_ns, _arrived(item))
    return found


def _arrived(item: Arrow | Fold) -> int:
    """When the last of it had arrived; where that was not captured, when it left."""
    if isinstance(item, Fold):
        return item.until_ns
    return item.t_ns if item.arrival_inferred else item.arrives_ns or item.t_ns


def _silence(left_ns: int, there_ns: int, until_ns: int) -> int:
    """For how long nothing was on its way before `until_ns`; 0 if the packet before was for longer than that."""
    gap_ns = until_ns - there_ns
    return gap_ns if gap_ns > there_ns - left_ns else 0
