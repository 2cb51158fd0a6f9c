"""What the state diagram says: the way of each end through the TCP states, step by step.

The steps are read off the ladder's scene, so that both figures tell the same of a connection.
"""

from __future__ import annotations

from dataclasses import dataclass

from ....analyze.states import Transition, diagram
from ....analyze.story import SIDES, Capture, Connection, Segment
from ... import words
from ...of_connection import file_name
from ...scene import Arrow, Fold, Kind, Said, Scene, Side, Source, State, Verdict
from ...visible import visible
from ..ladder import compose as ladder_of

MOMENT_NS = 1_000_000  # so much later than the call's return its state change may be stamped
MOST_STEPS = 24  # drawn; a connection without faults in it has ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One end goes from one state to another."""

    number: int  # in the order of the steps of both ends
    side: Side
    before: str
    after: str
    t_ns: int | None  # since the first packet; None: only the departure of what brought it was captured
    stamp: str  # the same in seconds
    frame: int | None = None  # of the segment that it sent or received; None: no packet brought it
    sent: bool = False
    segment: str = ""  # SYN-ACK
    kind: Kind | None = None
    text: str = ""  # "#7 FIN received"
    call: str = ""  # of the program, that did it without a packet
    source: Source = "inferred"

    @property
    def reset(self) -> bool:
        """Whether a RST did it."""
        return self.kind == "rst" and self.after in ("CLOSED", "LISTEN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths(Said):
    """Both ends' ways through the state diagram."""

    connection: int
    subtitle: str
    verdict: Verdict
    client: str  # the states before the first packet
    server: str
    steps: tuple[Step, ...]
    left_out: int  # steps that are not shown
    client_end: str
    server_end: str
    awaited: tuple[Side, ...]  # in TIME_WAIT when the capture ends: 2 MSL later they are CLOSED, which is not seen
    edges: tuple[Transition, ...]  # of the diagram

    def start(self, side: Side) -> str:
        """The state before the first packet."""
        return self.client if side == "client" else self.server

    def end(self, side: Side) -> str:
        """The state after the last packet."""
        return self.client_end if side == "client" else self.server_end

    def visited(self, side: Side) -> tuple[str, ...]:
        """The states that an end was in, in order."""
        return (self.start(side), *(step.after for step in self.steps if step.side == side))

    def in_diagram(self, step: Step) -> bool:
        """Whether the diagram has an edge for the step: its own, or the way that RST takes to CLOSED."""
        known = {state for edge in self.edges for state in (edge.before, edge.after)}
        if step.after == "CLOSED":
            return step.before in known
        own = (edge for edge in self.edges if (edge.before, edge.after) == (step.before, step.after))
        return any(step.reset or edge.event != "rcv RST" for edge in own)


def compose(connection: Connection, capture: Capture, lang: str = "en") -> Paths:
    """The scene of the state diagram for one connection."""
    ladder = ladder_of.compose(connection, capture, lang)
    steps = _Walk(connection, ladder, lang).steps()
    ends = {side: ladder.client_state.name if side == "client" else ladder.server_state.name for side in SIDES}
    ends |= {step.side: step.after for step in steps}
    return Paths(
        connection=connection.number,
        title=_title(connection, steps, ends, lang),
        subtitle=_subtitle(connection, capture, steps, lang),
        verdict=ladder.verdict,
        client=ladder.client_state.name,
        server=ladder.server_state.name,
        steps=tuple(steps[:MOST_STEPS]),
        left_out=max(0, len(steps) - MOST_STEPS),
        client_end=ends["client"],
        server_end=ends["server"],
        awaited=tuple(side for side in SIDES if ends[side] == "TIME_WAIT" and connection.replaced_by is None),
        edges=diagram(),
        lang=lang,
    )


class _Walk:
    """Along the ladder's marks, from top to bottom."""

    def __init__(self, connection: Connection, ladder: Scene, lang: str) -> None:
        self.ladder = ladder
        self.lang = lang
        self.segments = connection.segments
        self.first_ns = connection.segments[0].ts_ns if connection.segments else 0
        self.closes = [call for call in connection.calls if call.call == "close" and not call.on_listener]
        self.now: dict[Side, str] = {"client": ladder.client_state.name, "server": ladder.server_state.name}
        self.done: list[Step] = []

    def steps(self) -> list[Step]:
        crossed = {arrow.crosses for arrow in self.ladder.arrows if arrow.crosses is not None}
        late: list[Arrow] = []  # still on its way when the next departs
        fold: Fold | None = None
        for item in self.ladder.items:
            if isinstance(item, Arrow):
                self._by_arrow(item.sender_state, item)
                for arrow in late:
                    self._by_arrow(arrow.receiver_state, arrow, late=True)
                late = [item] if item.frame in crossed else []
                if not late:
                    self._by_arrow(item.receiver_state, item)
            elif isinstance(item, State):
                inside = fold is not None and item.t_ns == fold.until_ns
                self._by_segment(item, self._bringer(item, fold) if inside and fold else None)
            if not isinstance(item, State):
                fold = item if isinstance(item, Fold) else None
        for arrow in late:
            self._by_arrow(arrow.receiver_state, arrow, late=True)
        return self.done

    def _bringer(self, state: State, fold: Fold) -> Segment | None:
        """The folded packet with which the end entered the state."""
        found, before = None, None
        for segment in self.segments:
            after = segment.client_state if state.side == "client" else segment.server_state
            if segment.frame in fold.frames and after == state.name != before:
                found = segment
            before = after
        return found

    def _by_arrow(self, state: State | None, arrow: Arrow, late: bool = False) -> None:
        if state is not None:  # of one that arrived after the next departed, only its departure is in the capture
            self._step(state, None if late else arrow.t_ns, arrow.frame, arrow.side, arrow.kind, "." in arrow.flags)

    def _closing(self, state: State, t_ns: int | None) -> str:
        """The call that took the end to CLOSED in handshake, without a packet (RFC 9293, figure 5: CLOSE)."""
        if t_ns is None or state.name != "CLOSED" or self.now[state.side] not in ("SYN_SENT", "LISTEN"):
            return ""
        at = t_ns + self.first_ns
        near = (c for c in self.closes if c.side == state.side and c.t_ns <= at <= (c.until_ns or at) + MOMENT_NS)
        return next((call.call for call in near), "")

    def _by_segment(self, state: State, segment: Segment | None) -> None:
        if segment is None:
            self._step(state, state.t_ns)
            return
        bits: tuple[tuple[int, Kind], ...] = ((4, "rst"), (2, "syn"), (1, "fin"))
        kind = next((kind for bit, kind in bits if segment.flags & bit), "data" if segment.payload else "ack")
        t_ns = segment.ts_ns - self.segments[0].ts_ns
        self._step(state, t_ns, segment.frame, segment.side, kind, bool(segment.flags & 16))

    def _step(
        self,
        state: State,
        t_ns: int | None,
        frame: int | None = None,
        sender: Side | None = None,
        kind: Kind | None = None,
        acks: bool = False,
    ) -> None:
        before, after = self.now[state.side], state.name
        if before == after:
            return
        call = self._closing(state, t_ns) if frame is None else ""
        self.now[state.side] = after
        said = {"syn": "SYN-ACK" if acks else "SYN", "fin": "FIN", "rst": "RST", "ack": "ACK"}
        segment = "" if kind is None else said.get(kind) or words.say("step-data", self.lang)
        if kind == "fin" and (before, after) == ("FIN_WAIT_1", "TIME_WAIT"):
            segment = "FIN+ACK"
        stamp = "" if t_ns is None else self.ladder.stamp(t_ns)
        if frame is None:
            # An inferred one is known only by what came later; so is that a listener had forgotten a request.
            known = state.source == "traced" and (before, after) != ("SYN_RCVD", "LISTEN")
            key = "step-called" if call else "step-silent" if known else "step-silent-by"
            text = words.say(key, self.lang, time=stamp, call=call)
        else:
            text = words.say(
                "step-sent" if sender == state.side else "step-received", self.lang, frame=frame, what=segment
            )
        self.done.append(
            Step(
                number=len(self.done) + 1,
                side=state.side,
                before=before,
                after=after,
                t_ns=t_ns,
                stamp=stamp,
                frame=frame,
                sent=sender == state.side,
                segment=segment,
                kind=kind,
                text=text,
                call=call,
                source=state.source,
            )
        )


def _title(connection: Connection, steps: list[Step], ends: dict[Side, str], lang: str) -> str:
    """The finding: where the two ways part, and where they end."""
    visited = {side: {step.after for step in steps if step.side == side} for side in SIDES}
    first = connection.closed_first
    if connection.ending == "closed":
        if all("CLOSING" in visited[side] for side in SIDES):
            return words.say("paths-closed-both", lang)
        for side, peer in (SIDES, SIDES[::-1]):
            if first == side and ends[side] == "TIME_WAIT" and {"CLOSE_WAIT", "LAST_ACK"} <= visited[peer]:
                return words.say("paths-closed", lang, side=side, peer=peer)
    resets = {step.side: step for step in steps if step.reset and step.before != "UNKNOWN" and step.after == "CLOSED"}
    if len(resets) == 2:
        client, server = (resets[side].before for side in SIDES)
        if client == server:
            return words.say("paths-reset-same", lang, state=client)
        return words.say("paths-reset-both", lang, client=client, server=server)
    known = [side for side in SIDES if ends[side] != "UNKNOWN"]
    for side, step in resets.items():
        peer = SIDES[1 - SIDES.index(side)]
        if peer not in known:
            return words.say("paths-reset-alone", lang, side=side, before=step.before)
        key = "paths-reset-one" if visited[peer] else "paths-reset-stays"
        return words.say(key, lang, side=side, peer=peer, before=step.before, state=ends[peer])
    if len(known) == 2:
        key = "paths-open" if connection.cut_end else "paths-end"
        if ends["client"] == ends["server"]:
            return words.say(f"{key}-same", lang, state=ends["client"])
        return words.say(key, lang, client=ends["client"], server=ends["server"])
    if known:
        return words.say("paths-one", lang, side=known[0], peer=SIDES[1 - SIDES.index(known[0])], state=ends[known[0]])
    return words.say("paths-none", lang)


def _subtitle(connection: Connection, capture: Capture, steps: list[Step], lang: str) -> str:
    """Where it is from, and what solid and dashed lines rest on."""
    packets = words.number(len(connection.segments))
    parts = [
        words.say(
            "paths-subtitle",
            lang,
            file=file_name(capture, lang),
            number=connection.number,
            steps=words.number(len(steps)),
            packets=packets,
        )
    ]
    if capture.recorded is not None and capture.recorded.kernel:
        parts.append(words.say("recorded", lang, kernel=visible(capture.recorded.kernel)))
    traced = any(step.source == "traced" for step in steps)
    parts.append(words.say("paths-traced" if traced else "paths-inferred", lang))
    if connection.direction == "guessed":
        parts.append(words.say("guessed", lang))
    parts.append(words.say("paths-figure", lang))
    return ("" if lang == "zh" else " ").join(parts)
