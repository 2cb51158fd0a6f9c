"""What programs and kernel did, put between the packets of a scene."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from .....analyze.story import Connection
from .....analyze.ways import TOO_LATE
from .... import words
from ....scene import Arrow, Break, Call, Fold, Item, Scene, Side, State
from .folding import GAP_NS
from .recorded import Mark

SILENT = ("LISTEN", "SYN_SENT", "SYN_RCVD", "TIME_WAIT", "UNKNOWN")  # states that no kernel's event reports in time
MOST_ALIKE = 3  # cuts more, where they are as long as those that are made
NEARLY = 0.99  # of the time between two packets: calls right behind and before them make no other silence of it


def by_the_kernel(scene: Scene, connection: Connection, start_ns: int) -> Scene:
    """Where the kernel tells states, leave out those that it had entered before, and those that it was not in."""
    now: dict[Side, str] = {"client": scene.client_state.name, "server": scene.server_state.name}
    told = [event for event in connection.kernel if event.kind == "state"]
    left = {(event.side, event.before): event.t_ns - start_ns for event in told if event.handed_over}

    def denied(state: State) -> bool:
        """Whether the kernel was in another state then. It tells nothing before the handshake, nor of TIME_WAIT."""
        at = (state.t_ns or 0) + start_ns
        own = [event for event in told if event.side == state.side]
        before = [event for event in own if event.t_ns <= at]
        after = [event for event in own if event.t_ns > at]
        if state.name in SILENT or state.t_ns is None or any(event.handed_over for event in before):
            return False
        if not own:  # listened to, and it never opened: no room in the accept queue
            return state.name == "ESTABLISHED" and any(event.side == state.side for event in connection.kernel)
        if not after and not (before and before[-1].state == "CLOSED"):
            return False  # it may not have been listened to any more
        known = before[-1].state if before else after[0].before
        return known != state.name

    def in_passing(at: int, arrow: Arrow) -> State | None:
        """FIN_WAIT_2, for as long as the ACK takes that answers a FIN with the ACK of the own one."""
        state, told_ns = arrow.receiver_state, None
        if state is None or (now[state.side], state.name) != ("FIN_WAIT_1", "TIME_WAIT"):
            return None
        own = [event for event in told if event.side == state.side]
        for entered, gone in pairwise(own):
            if entered.state == gone.before == "FIN_WAIT_2" and entered.frame is None and gone.handed_over:
                told_ns = entered.t_ns - start_ns
        answered = any(isinstance(item, Arrow) and item.side == state.side for item in scene.items[at + 1 :])
        if told_ns is None or not answered:
            return None
        return replace(state, name="FIN_WAIT_2", source="traced", t_ns=told_ns)

    def new(state: State | None) -> State | None:
        if state is None or now[state.side] == state.name:
            return None
        if state.source == "inferred" and (denied(state) or (now[state.side], state.name) == ("LISTEN", "CLOSED")):
            return None  # a RST in answer ends no listener
        if state.source == "traced" and (now[state.side], state.name) in TOO_LATE:
            return None
        if state.source == "inferred" and (now[state.side], state.name) == ("SYN_RCVD", "CLOSED"):
            party = scene.client_state if state.side == "client" else scene.server_state
            if party.name == "LISTEN":
                state = replace(state, name="LISTEN")  # as Ways.settled has it; ESTABLISHED before it was denied
        now[state.side] = state.name
        if state.source == "traced":  # what is left of the socket does not report
            state = replace(state, told_until_ns=left.get((state.side, state.name)))
        return state

    items: list[Item] = []
    waits: dict[Side, State] = {}  # TIME_WAIT, which begins when the ACK of the other end's FIN has left
    for at, item in enumerate(scene.items):
        if isinstance(item, State):
            state = new(item)
            if state is None:
                continue
            item = state
        elif isinstance(item, Arrow):
            passing = in_passing(at, item)
            if passing is not None and item.receiver_state is not None:
                waits[passing.side] = item.receiver_state
                item = replace(item, receiver_state=passing)
            elif item.side in waits:
                item = replace(item, sender_state=replace(waits.pop(item.side), t_ns=item.t_ns))
            item = replace(item, sender_state=new(item.sender_state), receiver_state=new(item.receiver_state))
        items.append(item)
    return replace(scene, items=tuple(items))


def without_repeats(scene: Scene) -> Scene:
    """The same scene without the states that their ends were in already.

    The packets take the end in whose name somebody else sent a RST to CLOSED, and back when it speaks on: no RST of
    its own, and no state.
    """
    now: dict[Side, str] = {"client": scene.client_state.name, "server": scene.server_state.name}

    def new(state: State | None) -> State | None:
        if state is None or now[state.side] == state.name:
            return None
        now[state.side] = state.name
        return state

    items: list[Item] = []
    for item in scene.items:
        if isinstance(item, Arrow):
            item = replace(item, sender_state=new(item.sender_state), receiver_state=new(item.receiver_state))
        if not isinstance(item, State) or new(item) is not None:
            items.append(item)
    return replace(scene, items=tuple(items))


def from_the_listen(scene: Scene) -> Scene:
    """The same scene; the server's LISTEN begins at its listen(), where something else is told before."""
    listens = next(
        (n for n, item in enumerate(scene.items) if isinstance(item, Call) and item.text.startswith("listen(")), 0
    )
    if not listens or scene.server_state.name != "LISTEN":
        return scene
    call = scene.items[listens]
    assert isinstance(call, Call)
    if any(isinstance(item, Arrow | Break | Fold) for item in scene.items[:listens]) or call.side != "server":
        return scene
    begins = State(side="server", name="LISTEN", t_ns=call.t_ns, source="traced")
    before = replace(scene.server_state, name="CLOSED")
    items = (*scene.items[: listens + 1], begins, *scene.items[listens + 1 :])
    return replace(scene, server_state=before, items=items)


def with_calls(
    scene: Scene, marks: Iterable[Mark], meanwhile: Callable[[int, int], str | None] = lambda from_ns, to_ns: None
) -> Scene:
    """The same scene with what the applications did, in time order; at equal times the call comes before the packet.

    `meanwhile` says what went on between two times, for the gaps that are cut out.
    """
    details: dict[int, Break] = {}  # the mark below a break -> the break
    kept: list[Item] = []
    cut: Break | None = None
    for item in scene.items:
        if isinstance(item, Break) and item.dt_ns is not None:
            cut = item
            continue
        if cut is not None:
            details[id(item)] = cut
            cut = None
        kept.append(item)
    waiting = sorted(marks, key=lambda mark: mark.t_ns or 0)
    merged: list[Item] = []
    for item in kept:
        at = _moment(item)
        if isinstance(item, Break):  # "2 MSL later", the only one here: after all that was recorded
            merged += waiting
            waiting = []
        while at is not None and waiting and (waiting[0].t_ns or 0) <= at:
            merged.append(waiting.pop(0))
        merged.append(item)
    merged += waiting
    if not scene.timed:
        return replace(scene, items=tuple(merged))
    cuts = [(_moment(item) or 0, details[id(item)]) for item in kept if id(item) in details]  # where each ends
    gaps = list(_gaps(merged))
    longest = sorted((gap for gap in gaps if gap.dt_ns > GAP_NS), key=lambda gap: -gap.dt_ns)
    most = max(1, (len(scene.arrows) + 2) // 5) + 2
    alike = 0.8 * longest[:most][-1].dt_ns if longest else 0  # what is about as long is marked in the same way
    chosen = {id(gap.item) for gap in longest[: most + MOST_ALIKE] if gap.dt_ns >= alike}
    items: list[Item] = []
    for gap in gaps:
        item, at, dt_ns = gap.item, gap.t_ns, gap.dt_ns
        back = details.get(id(gap.item)) if dt_ns < 0 else None
        if back is not None:
            items.append(back)
        elif id(gap.item) in chosen:
            old = next((cut for end, cut in cuts if end - (cut.dt_ns or 0) <= at - dt_ns and at <= end), None)
            detail = meanwhile(at - dt_ns, at) or (old.detail if old else words.say("quiet", scene.lang))
            dt_ns = gap.packets_ns if NEARLY * gap.packets_ns <= dt_ns <= gap.packets_ns else dt_ns
            text = _unacknowledged(scene, item) or words.say("later", scene.lang, time=words.span(dt_ns))
            items.append(Break(dt_ns=dt_ns, text=text, detail=detail))
        items.append(item)
    return replace(scene, items=tuple(items))


def _unacknowledged(scene: Scene, item: Item) -> str | None:
    """The gap before a segment that is sent again, told from its last try on; None: no such segment."""
    if not isinstance(item, Arrow) or item.retransmission_of is None:
        return None
    same = (one for one in scene.arrows if item.retransmission_of in (one.frame, one.retransmission_of))
    tries = [one.t_ns for one in same if one.t_ns < item.t_ns]
    return words.say("unacknowledged", scene.lang, time=words.span(item.t_ns - tries[-1])) if tries else None


@dataclass(frozen=True, slots=True)
class _Gap:
    """A mark, and how long nothing had happened before it; negative: its clock stepped back.

    `packets_ns`: how long no packet was on its way, from the last one before the mark to the next one; or, where none
    comes any more, to the mark.
    """

    item: Item
    t_ns: int
    dt_ns: int
    packets_ns: int = 0


def _gaps(items: Iterable[Item]) -> Iterator[_Gap]:
    """The marks with the silences before them: a packet on its way is no silence."""
    marks = list(items)
    following: list[int | None] = []  # when the next packet leaves, from the last mark to the first
    for item in reversed(marks):
        upcoming = following[-1] if following else None
        following.append(item.t_ns if isinstance(item, Arrow | Fold) else upcoming)
    last: int | None = None
    there = over = 0  # when the last packet had arrived; when it had left, or arrived
    for item, next_ns in zip(marks, reversed(following), strict=True):
        at = _moment(item)
        if at is None or last is None:
            yield _Gap(item, at or 0, 0)
        else:
            dt_ns = at - last if at < last else at - max(last, min(there, at))
            yield _Gap(item, at, dt_ns, (at if next_ns is None else next_ns) - over)
        if at is not None:
            last = item.until_ns if isinstance(item, Fold) else at
        if isinstance(item, Arrow) and item.arrives_ns is not None and not item.arrival_inferred:
            there = max(there, item.arrives_ns)
        over = max(there, last or 0) if isinstance(item, Arrow | Fold) else over


def _moment(item: Item) -> int | None:
    return None if isinstance(item, Break) else item.t_ns
