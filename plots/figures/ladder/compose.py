"""Story to scene: what to show, what to fold, and which words.

Every packet of the connection is either drawn, folded into a box, or a second capture of one that
is drawn; the scene's totals add up to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ....analyze.story import ACK, FIN, PSH, RST, SYN, Capture, Connection, KernelEvent, Reset, Segment
from ....analyze.story import Call as Told
from ....analyze.story import Verdict as Held
from ... import tcp_options, words
from ...scene import (
    Arrow,
    Break,
    Fold,
    Header,
    Item,
    Kind,
    Note,
    Party,
    Scene,
    Side,
    Source,
    State,
    Totals,
    Verdict,
    Why,
)
from ...verdicts import sentence
from ...visible import visible
from . import proofs, recorded
from .recorded import Mark, Marks

MOST_ARROWS = 24
GAP_NS = 250_000_000  # no shorter gap is cut out
MOMENT_NS = 1_000_000  # between a call and the RST that it caused
RTO_NS = 150_000_000  # copies closer than that were not sent for want of an answer
FEW_PACKETS = 100
MOST_BURSTS = 3  # retransmission bursts drawn; earlier ones are counted in their fold
CROSSED = "it crossed a RST of its receiver, whose socket was gone by then"
MOST_CROSSED = 50  # packets on their way at a time that are looked at
SHORTEST_FOLD = 6  # packets; shorter runs are drawn unless there are too many arrows

#: What Linux's own reason for a RST (sk_rst_reason) says of the ending, where it says more than the packets do.
REASONS = {
    "TCP_ABORT_ON_CLOSE": "unread",
    "TCP_DISCONNECT_WITH_DATA": "unread",
    "TCP_STATE": "torn-down",
    "TCP_ABORT_ON_LINGER": "linger2",
    "TCP_ABORT_ON_MEMORY": "memory",
    "TCP_KEEPALIVE_TIMEOUT": "keepalive",
    "INVALID_SYN": "overflow",  # so named by Linux 6.18
}
SILENT = ("LISTEN", "SYN_SENT", "SYN_RCVD", "TIME_WAIT", "UNKNOWN")  # states that no kernel's event reports in time
#: Linux goes through these in passing, and says so when the packet's own state stands already.
TOO_LATE = {
    ("TIME_WAIT", "FIN_WAIT_2"), ("ESTABLISHED", "SYN_RCVD"), ("CLOSE_WAIT", "SYN_RCVD"), ("LAST_ACK", "SYN_RCVD"),
}  # fmt: skip
LATE_DATA = ("TCP_TIMEWAIT_SOCKET", "TCP_ABORT_ON_DATA", "NO_SOCKET")  # came to a socket that was closed

_LETTERS = ((FIN, "F"), (SYN, "S"), (RST, "R"), (PSH, "P"), (ACK, "."), (32, "U"), (64, "E"), (128, "W"), (256, "e"))


def letters(flags: int) -> str:
    """The flags as tcpdump prints them: [S.]; no flag at all is [none]."""
    return "[" + ("".join(letter for bit, letter in _LETTERS if flags & bit) or "none") + "]"


def compose(connection: Connection, capture: Capture, lang: str = "en", *, timed: bool = True) -> Scene:
    """The scene of one connection; `timed=False` gives the textbook's time line, without clock and data."""
    if lang not in words.LANGUAGES:
        raise ValueError(f"no language {lang!r}: choose from {', '.join(words.LANGUAGES)}")
    composer = _Composer(connection, capture, lang, timed)
    scene = composer.scene()
    if not (connection.calls or connection.kernel or connection.exits or connection.steps):
        return scene
    start_ns = composer.start_ns
    folds = [(item.t_ns + start_ns, item.until_ns + start_ns) for item in scene.items if isinstance(item, Fold)]
    crossed = {
        (composer.by_frame[frame].side, sent) for frame in composer.crossing for sent in ("FIN_WAIT_1", "SYN_SENT")
    }
    if composer.both:
        crossed.clear()  # there every state stands at its own packet
    marks = [
        mark
        for mark in Marks(connection, start_ns, lang, folds, timed).all()
        if not (isinstance(mark, State) and (mark.side, mark.name) in crossed)  # drawn at its arrow
    ]
    marks = sorted([*marks, *composer.forgotten()], key=lambda mark: mark.t_ns or 0)
    scene = _by_the_kernel(with_calls(scene, marks, composer.meanwhile), connection, start_ns)
    return replace(scene, subtitle=composer.subtitle(scene))


def _by_the_kernel(scene: Scene, connection: Connection, start_ns: int) -> Scene:
    """Where the kernel tells states, leave out those that it had entered before, and those that it was not in."""
    now: dict[Side, str] = {"client": scene.client_state.name, "server": scene.server_state.name}
    told = [event for event in connection.kernel if event.kind == "state"]

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

    def new(state: State | None) -> State | None:
        if state is None or now[state.side] == state.name:
            return None
        if state.source == "inferred" and denied(state):
            return None
        if state.source == "traced" and (now[state.side], state.name) in TOO_LATE:
            return None
        now[state.side] = state.name
        return state

    items: list[Item] = []
    for item in scene.items:
        if isinstance(item, State):
            if new(item) is None:
                continue
        elif isinstance(item, Arrow):
            item = replace(item, sender_state=new(item.sender_state), receiver_state=new(item.receiver_state))
        items.append(item)
    return replace(scene, items=tuple(items))


def told_reset(connection: Connection) -> Reset | None:
    """The RST that gets the callout: the first that took effect, else the first; None without any packet of a RST."""
    packets = {segment.frame for segment in connection.segments if segment.duplicate_of is None}
    known = [reset for reset in connection.resets if reset.frame in packets]
    return next((reset for reset in known if reset.accepted is not False), known[0] if known else None)


def median(values: list[int]) -> int:
    """The middle value, the upper of two."""
    return sorted(values)[len(values) // 2]


def _other(side: Side) -> Side:
    return "server" if side == "client" else "client"


def _space(segment: Segment) -> int:
    """Sequence numbers that the segment uses up."""
    return segment.payload + bool(segment.flags & SYN) + bool(segment.flags & FIN)


def _kind(segment: Segment) -> Kind:
    if segment.flags & RST:
        return "rst"
    if segment.flags & SYN:
        return "syn"
    if segment.flags & FIN:
        return "fin"
    return "data" if segment.payload else "ack"


@dataclass(frozen=True)
class Numbers:
    """Sequence numbers relative to where each side's begin."""

    client: int
    server: int

    def seq(self, segment: Segment) -> int:
        """The segment's first number, modulo 2**32."""
        return (segment.seq - (self.client if segment.side == "client" else self.server)) % 2**32

    def ack(self, segment: Segment) -> int:
        """What it acknowledges of the other side's, modulo 2**32."""
        return (segment.ack - (self.server if segment.side == "client" else self.client)) % 2**32


def known_isn(connection: Connection, index: int) -> int | None:
    """The client's or the server's ISN; None: its SYN is not in the capture, or a forged one."""
    first = next((s for s in connection.segments if s.flags & SYN and s.side == ("client", "server")[index]), None)
    return None if first is not None and first.fate == "unsent" else connection.isn[index]


def numbers(connection: Connection) -> Numbers:
    """Where each side's numbers begin: its ISN, else what its first segment in the capture says."""
    segments = [segment for segment in connection.segments if segment.duplicate_of is None]
    bases: list[int] = []
    for index, side in enumerate(("client", "server")):
        isn = known_isn(connection, index)
        if isn is None:
            first = next((s for s in segments if s.side == side and s.fate != "unsent"), None)
            # Data starts at 1; a SYN, and the seq 0 of a RST that answers a SYN, stay 0.
            own = None if first is None else first.seq - (not first.flags & SYN and first.seq != 0)
            acked = next((s.ack - 1 for s in segments if s.side != side and s.flags & ACK), 0)
            isn = acked if own is None else own
        bases.append(isn)
    return Numbers(bases[0], bases[1])


def file_name(capture: Capture, lang: str) -> str:
    """The capture's file as a figure's subtitle names it."""
    if not capture.files:
        return words.say("some-capture", lang)
    name = visible(capture.files[0].replace("\\", "/").rstrip("/").rpartition("/")[2])
    return f"{name} (+{len(capture.files) - 1})" if len(capture.files) > 1 else name


def numbers_from(connection: Connection, lang: str) -> str:
    """The sentence of where relative numbers count from."""
    client, server = known_isn(connection, 0), known_isn(connection, 1)
    if client is not None and server is not None:
        return words.say("numbers-jk", lang, j=client, k=server)
    if client is not None:
        return words.say("numbers-j", lang, j=client)
    return words.say("numbers-none", lang) if server is None else words.say("numbers-k", lang, k=server)


class _Composer:
    def __init__(self, connection: Connection, capture: Capture, lang: str, timed: bool) -> None:
        self.connection = connection
        self.capture = capture
        self.lang = lang
        self.timed = timed
        first = {segment.frame: segment for segment in connection.segments}
        self.made_copies = {
            s.frame for s in connection.segments
            if s.duplicate_of in first and proofs.late_copy(s, first[s.duplicate_of])
        }  # fmt: skip
        own = [s for s in connection.segments if s.duplicate_of is None or s.frame in self.made_copies]
        self.copies = Counter(
            s.duplicate_of
            for s in connection.segments
            if s.duplicate_of is not None and s.frame not in self.made_copies
        )
        self.segments = own
        self.by_frame = {segment.frame: segment for segment in self.segments}
        self.position = {segment.frame: index for index, segment in enumerate(self.segments)}
        self.start_ns = self.segments[0].ts_ns if self.segments else connection.first_ns
        self.numbers = numbers(connection)
        self.fins = self._fins()
        self.told = told_reset(connection)
        self.proof = proofs.proof(connection, self.told)
        self.silent = self._silent()
        self.both = any(segment.seen for segment in self.segments)  # ends were captured
        self.unanswered = self._unanswered()
        self.crossing = self._crossing()
        self.moved = self._moved() if self.both else {}
        self.shown: set[int] = set()

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.lang, **values)

    # --- facts read off the segments

    def _silent(self) -> set[Side]:
        """Ends of a recording whose kernel and programs never spoke of this connection: there was none."""
        connection, made = self.connection, self.capture.recorded
        if made is None or "tracefs" not in made.sources or not connection.cut_start:
            return set()
        spoke: set[Side] = {call.side for call in connection.calls}
        spoke |= {event.side for event in connection.kernel if event.kind == "state"}
        sides: tuple[Side, Side] = ("client", "server")
        return {side for side in sides if side not in spoke}

    def _fins(self) -> dict[Side, Segment]:
        fins: dict[Side, Segment] = {}
        for segment in self.segments:
            if segment.flags & FIN and not segment.flags & RST:
                fins.setdefault(segment.side, segment)
        return fins

    def _unanswered(self) -> dict[int, int | None]:
        """Frames that never got an answer -> nanoseconds until the same was sent again, if it was.

        That the peer sent nothing before the next copy is a fact; whether the packet was lost is not.
        """
        found: dict[int, int | None] = {}
        waiting: Segment | None = None  # wants an answer
        for segment in self.segments:
            if waiting is not None and segment.side != waiting.side:
                waiting = None
            elif waiting is not None and self._repeats(segment, waiting):
                if segment.ts_ns - waiting.ts_ns >= RTO_NS:
                    found[waiting.frame] = segment.ts_ns - waiting.ts_ns
                waiting = None
            if (_space(segment) or segment.keepalive) and not segment.flags & RST:
                waiting = waiting or segment
        if self.connection.ending in ("unanswered", "timed-out") and self.segments:
            side = self.segments[-1].side
            for segment in reversed(self.segments):
                if segment.side != side:
                    break
                if (_space(segment) or segment.keepalive) and not segment.flags & RST:
                    found.setdefault(segment.frame, None)
        return found

    def _repeats(self, segment: Segment, earlier: Segment) -> bool:
        if segment.keepalive:
            return earlier.keepalive
        original = earlier.retransmission_of if earlier.retransmission_of is not None else earlier.frame
        return segment.retransmission_of == original

    def _crossing(self) -> dict[int, int]:
        """Packets that crossed on the way: by the times at both ends, or the second did not yet know of the first."""
        pairs: dict[int, int] = {}
        if self.both:
            for place, segment in enumerate(self.segments):
                for earlier in reversed(self.segments[max(0, place - MOST_CROSSED) : place]):
                    if crosses(earlier, segment):
                        pairs[segment.frame] = earlier.frame
                        break
            return pairs
        aborts = [s for s in self.segments if s.flags & RST and s.frame in self._crossed_resets()]
        for first, second in pairwise(aborts):
            if first.side != second.side and self.position[second.frame] == self.position[first.frame] + 1:
                pairs[second.frame] = first.frame
        for flag in (SYN, FIN):
            both = [s for s in self.segments if s.flags & flag and s.retransmission_of is None and not s.flags & RST]
            for first, second in pairwise(both):
                end = first.seq + _space(first)
                unaware = not second.flags & ACK or (second.ack - end) % 2**32 >= 2**31
                adjacent = self.position[second.frame] == self.position[first.frame] + 1
                if first.side != second.side and unaware and adjacent:
                    pairs[second.frame] = first.frame
                    break
        return pairs

    def _crossed_resets(self) -> set[int]:
        """RSTs that came when their receiver had sent one itself."""
        return {reset.frame for reset in self.connection.resets if reset.why_not_accepted == CROSSED}

    def _moved(self) -> dict[tuple[int, Side], str]:
        """Which packet brought which end into which state, each by its own capture and in the order of its times."""
        moved: dict[tuple[int, Side], str] = {}
        now: dict[Side, str] = dict(zip(("client", "server"), self._first_states(), strict=True))
        for side in now:
            had = [s for s in self.segments if s.seen in (None, "both", side)]
            for segment in sorted(had, key=lambda s: s.at(side)) if side not in self.silent else ():
                name = segment.client_state if side == "client" else segment.server_state
                if self.connection.ending == "refused" and name == "CLOSED" and now[side] == "LISTEN":
                    continue  # refused by another, or before its listener: that goes on
                if name == "SYN_RCVD" and now[side] == "ESTABLISHED":
                    continue  # a forged SYN opens nothing
                if name != now[side]:
                    now[side] = moved[segment.frame, side] = name
        return moved

    # --- which packets are drawn

    def _ranks(self) -> dict[int, int]:
        """Frame -> how much the figure needs it; lower is more."""
        rank: dict[int, int] = {}

        def want(segment: Segment | None, level: int) -> None:
            if segment is not None:
                rank[segment.frame] = min(level, rank.get(segment.frame, level))

        segments = self.segments
        seen: set[object] = set()
        bursts: list[int] = []
        for index, segment in enumerate(segments):
            again = segment.retransmission_of is not None
            for bit in (SYN, FIN, RST):
                if segment.flags & bit:
                    first = (bit, segment.side) not in seen
                    seen.add((bit, segment.side))
                    want(segment, 0 if first else 3 if index in (len(segments) - 1,) else 5)
                    if first and bit == FIN:
                        want(self._acknowledgement(segment, index), 2)
            if not again and not segment.flags & (SYN | FIN | RST):
                if segment.payload and ("data", segment.side) not in seen:
                    seen.add(("data", segment.side))
                    want(segment, 2)
                    want(self._acknowledgement(segment, index), 6)
                elif not segment.payload and "handshake" not in seen and segments[0].flags & SYN:
                    seen.add("handshake")
                    want(segment, 2)
            if again and (index == 0 or segments[index - 1].retransmission_of is None):
                bursts.append(index)
        if len(segments) > FEW_PACKETS:  # there, recovered losses of long ago are a line in their fold
            bursts = [i for i in bursts if i > len(segments) - MOST_ARROWS or not self._recovered(segments[i], i)]
        for index in bursts[-MOST_BURSTS:]:
            want(segments[index], 4)
            original = self.by_frame.get(segments[index].retransmission_of or -1)
            if original is not None and original in segments[max(0, index - 8) : index]:
                want(original, 4)
        if self.told is not None:
            want(self.by_frame.get(self.told.frame), 0)
            want(self.by_frame.get(self.told.answers_frame or -1), 0)
        for reset in self.connection.resets[:4]:
            want(self.by_frame.get(reset.frame), 3)
            want(self.by_frame.get(reset.answers_frame or -1), 4)
        idle = self._last_idle()
        if idle is not None:
            for segment in segments[max(0, idle - 2) : idle]:
                want(segment, 1)
            for position, segment in enumerate(segments[idle:]):
                want(segment, 1 if position < 2 else 5)
        for segment in segments[:1] + segments[-2:]:
            want(segment, 1)
        return rank

    def _acknowledgement(self, segment: Segment, index: int) -> Segment | None:
        """The first packet of the other end that acknowledges all of `segment`."""
        end = segment.seq + _space(segment)
        for later in self.segments[index + 1 : index + 200]:
            if later.side != segment.side and later.flags & ACK and (later.ack - end) % 2**32 < 2**31:
                return later
        return None

    def _recovered(self, segment: Segment, index: int) -> bool:
        return self._acknowledgement(segment, index) is not None

    def _threshold_ns(self, times: list[int]) -> float:
        gaps = [b - a for a, b in pairwise(times)]
        return max(GAP_NS, 20 * median(gaps)) if gaps else GAP_NS

    def _last_idle(self) -> int | None:
        """Index of the packet after the last gap worth a break."""
        times = [segment.ts_ns for segment in self.segments]
        least = self._threshold_ns(times)
        found = [i for i in range(1, len(times)) if times[i] - times[i - 1] > least]
        return found[-1] if found else None

    def _runs(self) -> list[tuple[bool, list[Segment]]]:
        """The packets in order as (drawn, run)."""
        rank = self._ranks()
        if not self.timed:
            drawn = self._textbook()
        else:
            by_rank = sorted(rank, key=lambda frame: (rank[frame], frame))
            drawn = set(by_rank[:MOST_ARROWS])
            if len(self.segments) <= MOST_ARROWS:
                drawn |= {s.frame for run in self._gaps(drawn) if len(run) < SHORTEST_FOLD for s in run}
            else:
                for run in sorted(self._gaps(drawn), key=len):
                    if len(run) < SHORTEST_FOLD and len(drawn) + len(run) <= MOST_ARROWS:
                        drawn |= {s.frame for s in run}
        runs: list[tuple[bool, list[Segment]]] = []
        for segment in self.segments:
            keep = segment.frame in drawn
            if not runs or runs[-1][0] != keep:
                runs.append((keep, []))
            runs[-1][1].append(segment)
        return runs

    def _gaps(self, drawn: set[int]) -> list[list[Segment]]:
        gaps: list[list[Segment]] = [[]]
        for segment in self.segments:
            if segment.frame in drawn:
                gaps.append([])
            else:
                gaps[-1].append(segment)
        return [gap for gap in gaps if gap]

    def _textbook(self) -> set[int]:
        """Frames of handshake, close and reset only."""
        drawn: set[int] = set()
        for index, segment in enumerate(self.segments):
            if segment.retransmission_of is not None:
                continue
            if segment.flags & (SYN | FIN | RST):
                drawn.add(segment.frame)
                reply = None if segment.flags & RST else self._acknowledgement(segment, index)
                if reply is not None:
                    drawn.add(reply.frame)
        if self.told is not None and self.told.answers_frame in self.by_frame:
            drawn.add(self.told.answers_frame)
        return set(sorted(drawn)[:MOST_ARROWS])

    # --- marks

    def scene(self) -> Scene:
        """Put the marks together."""
        runs = self._runs()
        shown = [segment for keep, run in runs if keep for segment in run]
        self.shown = {segment.frame for segment in shown}
        folded = sum(len(run) for keep, run in runs if not keep)
        client_state, server_state = self._first_states()
        items = self._items(runs, client_state, server_state)
        if not self.timed:
            items += self._two_msl()
        edges = [t for keep, run in runs for t in ([s.ts_ns for s in run] if keep else [run[0].ts_ns, run[-1].ts_ns])]
        gaps = [b - a for a, b in pairwise(edges)]
        connection = self.connection
        totals = Totals(
            packets=len(connection.segments),
            drawn=len(shown),
            folded=folded,
            copies=len(connection.segments) - len(self.segments),
        )
        return Scene(
            connection=connection.number,
            title=self._title(),
            subtitle=self._subtitle(totals, self._sources()),
            client=Party(side="client", address=visible(str(connection.client)), base=self.numbers.client),
            server=Party(side="server", address=visible(str(connection.server)), base=self.numbers.server),
            verdict=self._verdict(),
            totals=totals,
            items=tuple(items),
            client_state=State(side="client", name=client_state),
            server_state=State(side="server", name=server_state, source=self._first_source(server_state)),
            lang=self.lang,
            timed=self.timed,
            slants=self._slants(),
            decimals=6 if any(0 <= gap < 1_000_000 for gap in gaps) or not gaps else 3,
            cut_start=connection.cut_start and len(self.silent) < 2,
            cut_end=connection.cut_end,
        )

    def forgotten(self) -> list[State]:
        """FIN_WAIT_2 is over by the time that a segment finds no socket: nothing reports the end of that wait."""
        told = self.told
        trigger = None if told is None else self.by_frame.get(told.answers_frame or -1)
        if told is None or trigger is None or told.kernel_reason != "NO_SOCKET" or not self.timed:
            return []
        last = [e for e in self.connection.kernel if e.side == told.sender and e.kind == "state"]
        waited = trigger.client_state if told.sender == "client" else trigger.server_state
        if not last or not last[-1].handed_over or waited not in ("FIN_WAIT_2", "TIME_WAIT"):
            return []
        return [State(side=told.sender, name="CLOSED", t_ns=trigger.at(told.sender) - self.start_ns - 1)]

    def _first_states(self) -> tuple[str, str]:
        """Both ends' states before the first packet."""
        if not self.segments:
            return self.connection.client_state, self.connection.server_state
        first = self.segments[0]
        opening = first.flags & (SYN | ACK | RST) == SYN and first.side == "client" and first.fate != "unsent"
        if first.flags & SYN and first.fate == "unsent":
            return "ESTABLISHED", "ESTABLISHED"  # a forged one, in mid-connection
        if not opening or self.connection.cut_start:
            return (
                "UNKNOWN" if "client" in self.silent else first.client_state,
                "UNKNOWN" if "server" in self.silent else first.server_state,
            )
        if self.connection.ending == "refused":
            return "CLOSED", "LISTEN" if self._listens() else "CLOSED"
        if self.connection.ending == "unanswered" or first.server_state == "UNKNOWN":
            return "CLOSED", "UNKNOWN"
        if self.crossing.get(self.segments[1].frame if len(self.segments) > 1 else -1) == first.frame:
            return "CLOSED", "CLOSED"
        return "CLOSED", "LISTEN"

    def _first_source(self, name: str) -> Source:
        """LISTEN is no guess where the server's own listen() says so."""
        return "traced" if name == "LISTEN" and self._listens() else "inferred"

    def _listens(self) -> bool:
        return any(call.call == "listen" and call.result == 0 for call in self.connection.calls)

    def _source(self, side: Side, name: str, frame: int | None) -> Source:
        """Whether the kernel itself has said that this end entered the state."""
        said = any(
            event.kind == "state" and event.side == side and event.state == name and not event.handed_over
            and (frame is None or event.frame == frame)
            for event in self.connection.kernel
        )  # fmt: skip
        return "traced" if said else "inferred"

    def _items(self, runs: list[tuple[bool, list[Segment]]], client_state: str, server_state: str) -> list[Item]:
        items: list[Item] = []
        states: dict[Side, str] = {"client": client_state, "server": server_state}
        tries: Counter[int] = Counter()
        breaks = self._breaks(runs)
        previous: Segment | None = None
        for keep, run in runs:
            if not keep and not self.timed:
                items.append(self._data_note(run))
                previous = run[-1]
                self._skip(run, states, tries, items)
                continue
            if run[0].frame in breaks and previous is not None:
                items.append(self._break(previous, run[0], states))
            if not keep:
                items.append(self._fold(run))
                previous = run[-1]
                self._skip(run, states, tries, items)
                continue
            for segment in run:
                if segment is not run[0] and segment.frame in breaks and previous is not None:
                    items.append(self._break(previous, segment, states))
                items.append(self._arrow(segment, states, tries))
                previous = segment
        return items

    def _skip(self, run: list[Segment], states: dict[Side, str], tries: Counter[int], items: list[Item]) -> None:
        """Carry states and counts over packets that are not drawn."""
        for segment in run:
            tries[segment.retransmission_of or segment.frame] += 1
        last = run[-1]
        after: dict[Side, str] = {"client": last.client_state, "server": last.server_state}
        if self.both:
            after = dict(states)
            for segment in run:
                for side in after:
                    after[side] = self.moved.get((segment.frame, side), after[side])
        for side, name in after.items():
            if states[side] != name:
                states[side] = name
                source = self._source(side, name, None)
                items.append(State(side=side, name=name, t_ns=last.ts_ns - self.start_ns, source=source))

    def _breaks(self, runs: list[tuple[bool, list[Segment]]]) -> set[int]:
        """Frames before which the ordinal rows are cut; at most two in ten arrows, the longest gaps.

        The other long gaps are kept in `self.waits`, to be written beside the time.
        """
        self.waits: dict[int, int] = {}
        if not self.timed:
            return set()
        edges: list[tuple[int, Segment]] = []  # gap before, segment
        previous: Segment | None = None
        arrows = 0
        for keep, run in runs:
            for segment in run if keep else run[:1]:
                if previous is not None:
                    edges.append((segment.ts_ns - previous.ts_ns, segment))
                previous = segment
            arrows += len(run) if keep else 1
            previous = run[-1]
        gaps = [abs(gap) for gap, _ in edges]
        least = max(GAP_NS, 20 * median(gaps)) if gaps else GAP_NS
        long = sorted((edge for edge in edges if edge[0] > least), key=lambda edge: -edge[0])
        back = [segment.frame for gap, segment in edges if gap < -1_000_000]
        most = max(1, (arrows + 2) // 5)
        self.waits = {segment.frame: gap for gap, segment in long[most:]}
        return {segment.frame for _, segment in long[:most]} | set(back[:2])

    def _break(self, before: Segment, after: Segment, states: dict[Side, str]) -> Break:
        dt_ns = after.ts_ns - before.ts_ns
        if dt_ns < 0:
            return Break(dt_ns=dt_ns, text=self.say("clock-back", time=words.span(dt_ns)))
        text = self.say("later", time=words.gap(dt_ns))
        waiting = [side for side in ("client", "server") if states[side] == "CLOSE_WAIT"]
        if after.retransmission_of is not None and before.frame in (after.retransmission_of, before.frame):
            detail = self.say("quiet-retry", side=after.side)
        elif waiting:
            detail = self.say("quiet-open", side=waiting[0])
        else:
            detail = self.say("quiet")
        return Break(dt_ns=dt_ns, text=text, detail=detail)

    def _fold(self, run: list[Segment]) -> Fold:
        first, last = run[0].ts_ns, run[-1].ts_ns
        count = words.number(len(run))
        facts: list[str] = []
        again = [segment for segment in run if segment.retransmission_of is not None]
        if again:
            recovered = all(self._recovered(segment, self.position[segment.frame]) for segment in again)
            key = "retransmissions-recovered" if recovered else "retransmissions"
            facts.append(self.say(key, n=words.number(len(again))))
        else:
            facts.append(self.say("no-retransmission"))
        gaps = [b.ts_ns - a.ts_ns for a, b in pairwise(run)]
        if gaps:
            facts.append(self.say("max-gap", time=words.span(max(gaps))))
        for side in ("client", "server"):
            ttls = {segment.ttl for segment in run if segment.side == side}
            if len(ttls) == 1 and (side == "server" or len({s.side for s in run}) == 1):
                facts.append(self.say("ttl-constant", side=side, ttl=ttls.pop()))
            elif len(ttls) > 1:
                facts.append(self.say("ttl-range", side=side, low=min(ttls), high=max(ttls)))
        lost = sum(segment.fate == "lost" for segment in run)
        if lost:
            facts.insert(0, self.say("holds-lost", n=words.number(lost)))
        for bit, key in ((RST, "holds-rst"), (FIN, "holds-fin"), (SYN, "holds-syn")):
            found = sum(bool(segment.flags & bit) for segment in run)
            if found:
                facts.insert(0, self.say(key, n=words.number(found)))
        return Fold(
            frames=tuple(segment.frame for segment in run),
            t_ns=first - self.start_ns,
            until_ns=last - self.start_ns,
            title=self.say("packets-in", n=count, time=words.span(last - first))
            if len(run) > 1
            else self.say("packet-in"),
            to_server=self._direction(run, "client"),
            to_client=self._direction(run, "server"),
            facts=tuple(facts),
        )

    def _direction(self, run: list[Segment], side: Side) -> str:
        sent = [segment for segment in run if segment.side == side]
        if not sent:
            return self.say("no-segments")
        amount = words.amount(sum(segment.payload for segment in sent), self.lang)
        return self.say("segment" if len(sent) == 1 else "segments", n=words.number(len(sent)), bytes=amount)

    def _data_note(self, run: list[Segment]) -> Note:
        to_server = sum(s.payload for s in run if s.side == "client" and s.retransmission_of is None)
        to_client = sum(s.payload for s in run if s.side == "server" and s.retransmission_of is None)
        return Note(
            t_ns=run[0].ts_ns - self.start_ns,
            text=self.say(
                "data-flowed",
                to_server=words.amount(to_server, self.lang),
                to_client=words.amount(to_client, self.lang),
            ),
        )

    def _two_msl(self) -> list[Item]:
        """After TIME_WAIT: not in any packet, but in the textbook's figure."""
        if not self.segments or self.connection.ending != "closed":
            return []
        last = self.segments[-1]
        waiting: list[Side] = []
        if last.client_state == "TIME_WAIT":
            waiting.append("client")
        if last.server_state == "TIME_WAIT":
            waiting.append("server")
        if not waiting:
            return []
        cut: Item = Break(dt_ns=None, text=self.say("two-msl"), detail=self.say("two-msl-linux"), source="inferred")
        return [cut, *(State(side=side, name="CLOSED") for side in waiting)]

    # --- one arrow

    def _arrow(self, segment: Segment, states: dict[Side, str], tries: Counter[int]) -> Arrow:
        original = segment.retransmission_of if segment.retransmission_of is not None else segment.frame
        tries[original] += 1
        count = tries[original]
        label = self._label(segment)
        shorter: tuple[str, ...] = ()
        if segment.retransmission_of is not None and segment.frame not in self.made_copies:
            label, shorter = self._again(segment, max(2, count))
        elif "MSS" in label:
            shorter = (label.split(", MSS")[0],)
        elif " (M" in label or " (N" in label:
            shorter = (label.split("  (")[0],)
        crossed = segment.frame in self.crossing or segment.frame in self.crossing.values()
        if self.both or crossed:  # its label may have little room
            plain = f"{words.amount(segment.payload, self.lang)}" if segment.payload else label.partition(", ")[0]
            shorter = (*shorter, plain, f"{segment.payload} B" if segment.payload else plain.partition(" (")[0])
        if segment.frame in self.copies and len(self.copies) < len(self.segments):  # else the subtitle says it
            shorter = (label, *shorter)
            label = self.say("captured-n", label=label, n=self.copies[segment.frame] + 1)
        closed = self._window_label(segment)
        if closed is not None:
            shorter = (label, *shorter)
            label = self.say(closed, label=label)
        detail, shorter_details = self._detail(segment)
        sender, receiver = self._entered(segment, states)
        reset = next((r for r in self.connection.resets if r.frame == segment.frame), segment.reset)
        told = reset is not None and self.told is not None and reset.frame == self.told.frame
        if reset is not None and reset.echo_of is not None and not told:
            label = self.say("rst-again", label=label)
        ignored = None
        if reset is not None and reset.accepted is False and segment.fate != "lost":
            why = (reset.why_not_accepted or "") if self.timed else ""
            key = f"why-{why}"
            if why:
                ignored = self.say("ignored-why", why=self.say(key) if words.has(key) else visible(why))
            else:
                ignored = self.say("ignored")
        from_path = reset is not None and told and (self.connection.ended_by == "path" or reset.forged)
        from_path = from_path or segment.fate == "unsent"
        copy = segment.frame in self.made_copies
        if copy:
            bytes_ = words.amount(segment.payload, self.lang)
            label, shorter = (self.say("copy", bytes=bytes_) if segment.payload else label), ()
        if told and self.proof is not None and self.proof.key == "time-wait-kept":
            ignored, receiver = self.say("ignored"), None
        unanswered, shorter_unanswered = self._no_answer(segment)
        return Arrow(
            frame=segment.frame,
            t_ns=segment.ts_ns - self.start_ns,
            side=segment.side,
            kind=_kind(segment),
            flags=letters(segment.flags),
            label=label,
            detail=detail if self.timed else "",
            shorter_labels=shorter,
            shorter_details=shorter_details if self.timed else (),
            sender_state=None if from_path else sender,
            receiver_state=receiver,
            wait=f"+{words.gap(self.waits[segment.frame])}" if segment.frame in self.waits else None,
            retransmission_of=None if copy else segment.retransmission_of,
            unanswered=unanswered,
            shorter_unanswered=shorter_unanswered,
            ignored=ignored,
            origin=0.38 if from_path or copy else 0.0,
            origin_note=self.say("not-from", side=segment.side)
            if from_path
            else self.say("copy-on-the-way")
            if copy
            else None,
            crosses=self.crossing.get(segment.frame),
            arrives_ns=segment.arrived_ns - self.start_ns if segment.fate == "arrived" and segment.arrived_ns else None,
            lost=segment.fate == "lost",
            took=self._took(segment),
            on_the_way=self._on_the_way(segment),
            copies=self.copies[segment.frame] + 1,
            why=self._why(segment, reset) if told and reset is not None else None,
            header=self._header(segment),
        )

    def _header(self, segment: Segment) -> Header:
        tcp = segment.header
        peer = self.numbers.server if segment.side == "client" else self.numbers.client
        return Header(
            seq=segment.seq,
            ack=segment.ack,
            length=segment.payload,
            window=int.from_bytes(tcp[14:16]) if len(tcp) >= 16 else segment.window,
            urgent=int.from_bytes(tcp[18:20]),
            options=tcp_options.written(tcp, peer),
            ttl=segment.ttl,
            ip_id=segment.ip_id,
            flow_label=segment.flow_label,
            bad_checksum=segment.checksum == "bad",
        )

    def _took(self, segment: Segment) -> str | None:
        """How long it was on its way, where that was longer than usual, or where another passed it."""
        if segment.fate != "arrived" or segment.arrived_ns is None:
            return None
        took = segment.arrived_ns - segment.ts_ns
        there = self.connection.other_end
        usual = (there.way_ns[0 if segment.side == "client" else 1] if there else None) or took
        passed = segment.frame in self.crossing or segment.frame in self.crossing.values() or self._overtaking(segment)
        return (
            self.say("arrives", time=words.span(took)) if took >= MOMENT_NS and (passed or took > 2 * usual) else None
        )

    def _overtaking(self, segment: Segment) -> list[int]:
        """The frames that left after it and arrived before it."""
        return [s.frame for s in self._following(segment) if s.side == segment.side and overtakes(segment, s)]

    def _on_the_way(self, segment: Segment) -> str | None:
        """What its own times say beyond the usual: how long it took, and what it crossed or what overtook it."""
        took, later = self._took(segment), self._overtaking(segment)
        said = [took] if took else []
        said += [self.say("overtaken", what=self._named(later[-1]))] if later else []
        crossed = self.crossing.get(segment.frame)
        if crossed is not None and crossed in self.shown:
            said.append(self.say("crosses", what=self._named(crossed)))
        if self._dropped(segment):
            said.append(self.say("dropped-queue"))
        if self.connection.ending == "unanswered" and proofs.quoted(self.connection):
            said.append(self.say("icmp-came"))
        return ("，" if self.lang == "zh" else ", ").join(said) or None

    def _dropped(self, segment: Segment) -> bool:
        """Whether the server's kernel had no room for the connection yet when this segment came to it."""
        head = self.connection.verdicts[0].code if self.connection.verdicts else None
        if segment.side != "client" or segment.flags & (SYN | RST) or segment.fate != "arrived":
            return False
        if self.proof is not None and self.proof.key == "closed-queued":
            return segment.at("server") < min(
                e.t_ns for e in self.connection.kernel if e.side == "server" and e.state == "ESTABLISHED"
            )
        refused = self.told is None or segment.frame != self.told.answers_frame
        return head == "accept-queue-full" and refused and not self._called_accept()

    def _called_accept(self) -> bool:
        return any(call.call.startswith("accept") and not call.on_listener for call in self.connection.calls)

    def _named(self, frame: int) -> str:
        """A segment as a sentence names it."""
        segment = self.by_frame[frame]
        symbol = self._fin_symbol(segment.side)
        if segment.flags & RST:
            return self.say("named-rst")
        if segment.flags & SYN:
            return self.say("named-syn")
        if segment.flags & FIN and symbol is not None:
            return self.say("named-fin", symbol=symbol)
        if segment.payload:
            return self.say("named-data", bytes=words.amount(segment.payload, self.lang))
        return self.say("named-keepalive" if segment.keepalive else "named-ack")

    def _window_label(self, segment: Segment) -> str | None:
        """What an ACK says of its sender's window, where it closes or opens."""
        if _kind(segment) != "ack" or segment.flags & RST:
            return None
        if segment.window == 0:
            return "window-closed"
        before = (
            s for s in reversed(self.segments[: self.position[segment.frame]])
            if s.side == segment.side and not s.flags & RST
        )  # fmt: skip
        earlier = next(before, None)
        return "window-open" if earlier is not None and earlier.window == 0 else None

    def _following(self, segment: Segment) -> list[Segment]:
        place = self.position[segment.frame]
        return self.segments[place + 1 : place + 1 + MOST_CROSSED]

    def _no_answer(self, segment: Segment) -> tuple[str | None, str]:
        if segment.fate == "lost":
            return self.say("lost-on-the-way"), self.say("lost")
        if segment.fate == "arrived":
            return None, ""
        if segment.frame not in self.unanswered:
            return None, ""
        short = self.say("no-answer")
        after = self.unanswered[segment.frame]
        return (short if after is None else self.say("no-answer-rto", time=words.span(after))), short

    def _entered(self, segment: Segment, states: dict[Side, str]) -> tuple[State | None, State | None]:
        """The states that sender and receiver enter with this segment."""
        if self.both:
            entered: dict[Side, State | None] = {"client": None, "server": None}
            for side in entered:
                name = self.moved.get((segment.frame, side))
                if name is not None:
                    states[side] = name
                    source = self._source(side, name, segment.frame)
                    entered[side] = State(side=side, name=name, t_ns=segment.at(side) - self.start_ns, source=source)
            return entered[segment.side], entered[_other(segment.side)]
        after: dict[Side, str] = {"client": segment.client_state, "server": segment.server_state}
        if self.connection.ending == "refused" and after["server"] == "CLOSED" and states["server"] == "LISTEN":
            after["server"] = "LISTEN"  # refused by another, or before its listener: that goes on
        crossed = False
        if segment.flags & FIN:
            if segment.frame in self.crossing.values():
                after = {segment.side: "FIN_WAIT_1", _other(segment.side): "CLOSING"}
                crossed = True
            elif segment.frame in self.crossing:
                # Leaving, its sender is in FIN_WAIT_1; the first FIN, still on its way, then takes it to CLOSING.
                states[segment.side] = "FIN_WAIT_1"
                states[_other(segment.side)] = "CLOSING"
                peer = _other(segment.side)
                states[segment.side] = "CLOSING"
                return (
                    State(side=segment.side, name="FIN_WAIT_1", source=self._source(segment.side, "FIN_WAIT_1", None)),
                    State(side=peer, name="CLOSING", source=self._source(peer, "CLOSING", None)),
                )
        marks: dict[Side, State | None] = {"client": None, "server": None}
        t_ns = segment.ts_ns - self.start_ns
        if segment.flags & SYN and segment.frame in self.crossing:  # it left before the other SYN arrived
            source = self._source(segment.side, "SYN_SENT", None)
            marks[segment.side] = State(side=segment.side, name="SYN_SENT", t_ns=t_ns, source=source)
        for side in ("client", "server"):
            if states[side] != after[side] and side not in self.silent:
                states[side] = after[side]
                source = self._source(side, after[side], None if crossed else segment.frame)
                marks[side] = State(side=side, name=after[side], t_ns=t_ns, source=source)
        return marks[segment.side], marks[_other(segment.side)]

    def _symbol(self, side: Side) -> str | None:
        """J or K, where that side's SYN is known."""
        known = known_isn(self.connection, 0 if side == "client" else 1) is not None
        return ("J" if side == "client" else "K") if known else None

    def _fin_symbol(self, side: Side) -> str | None:
        order = list(self.fins)
        return "MN"[order.index(side)] if side in self.fins else None

    def _label(self, segment: Segment) -> str:
        flags = segment.flags
        if flags & RST:
            return "RST+ACK" if flags & ACK else "RST"
        parts: list[str] = []
        if flags & SYN:
            parts.append(f"SYN {'J' if segment.side == 'client' else 'K'}")
            if flags & ACK:
                parts.append(self._ack_label(segment))
            if segment.payload:
                parts.append(self.say("data", bytes=words.amount(segment.payload, self.lang)))
            if segment.options.mss is not None:
                parts.append(f"MSS {segment.options.mss}")
            return ", ".join(parts)
        if segment.keepalive and not self._displaced(segment):
            return self.say("keepalive")
        if segment.window_probe:
            return self.say("window-probe")
        if segment.payload:
            parts.append(self.say("data", bytes=words.amount(segment.payload, self.lang)))
        if flags & FIN:
            parts.append(self._fin_label(segment))
        if parts:
            return ", ".join(parts)
        return self._ack_label(segment) if flags & ACK else self.say("no-flags")

    def _displaced(self, segment: Segment) -> bool:
        """Whether a forged segment in its sender's name came first: its own numbers only look old."""
        return any(s.side == segment.side and s.fate == "unsent" for s in self.segments[: self.position[segment.frame]])

    def _fin_label(self, segment: Segment) -> str:
        symbol = self._fin_symbol(segment.side)
        if symbol is None:
            return "FIN"
        base = self._symbol(segment.side)
        at = (self.numbers.seq(segment) + segment.payload) % 2**32
        label = f"FIN {symbol}"
        peer = _other(segment.side)
        other = self.fins.get(peer)
        if other is not None and other.frame < segment.frame and self._first_to_acknowledge(segment, other):
            label += f", ACK {self._fin_symbol(peer)}+1"
        if base is None or not self.timed or self.fins[segment.side].frame != segment.frame:
            return label
        return f"{label}  ({symbol} = {base}+{at})"

    def _first_to_acknowledge(self, segment: Segment, fin: Segment) -> bool:
        """Whether it is the first of its sender's that acknowledges the FIN."""
        found = self._acknowledgement(fin, self.position[fin.frame])
        return found is segment

    def _ack_label(self, segment: Segment) -> str:
        peer = _other(segment.side)
        at = self.numbers.ack(segment)
        fin = self.fins.get(peer)
        if fin is not None and fin.frame < segment.frame and segment.ack == (fin.seq + fin.payload + 1) % 2**32:
            return f"ACK {self._fin_symbol(peer)}+1"
        base = self._symbol(peer)
        return "ACK" if base is None or at > 9_999 else f"ACK {base}+{at}" if at != 0 else f"ACK {base}"

    def _again(self, segment: Segment, count: int) -> tuple[str, tuple[str, ...]]:
        if segment.payload and not segment.flags & (SYN | FIN):
            label = self.say("same", bytes=words.amount(segment.payload, self.lang))
        else:
            plain = self._label(segment).split("  (")[0].split(", MSS")[0]
            label = self.say("again", label=plain)
        numbered = self.say("nth-try", label=label, nth=words.nth(count), n=count)
        return (numbered, (label,)) if count > 2 else (label, ())

    def _detail(self, segment: Segment) -> tuple[str, tuple[str, ...]]:
        """What tcpdump prints, and shorter forms of it: without window, without options."""
        flags, payload = segment.flags, segment.payload
        if flags & SYN:
            acked = f" ack {segment.ack}" if flags & ACK else ""
            short = f"seq {segment.seq}{acked}"
            relative = f"seq {self.numbers.seq(segment)}"
            if flags & ACK:
                return short, (f"seq {segment.seq}", f"{relative} ack {self.numbers.ack(segment)}", relative)
            return f"{short} win {segment.window}", (short, relative)
        seq, ack = self.numbers.seq(segment), self.numbers.ack(segment)
        if flags & RST:
            acked = f"ack {ack}" if flags & ACK else "no ACK"
            return f"seq {seq}, {acked}, win {segment.window}", (f"seq {seq}, {acked}", f"seq {seq}")
        if payload:
            short = f"seq {seq}:{(seq + payload) % 2**32}"
        elif flags & FIN or segment.keepalive:
            short = f"seq {seq}"
        else:
            short = ""
        if not flags & ACK:
            return short or f"seq {seq}", ()
        full = f"{short} ack {ack}".strip()
        return (full, (short,)) if short else (full, ())

    # --- sentences

    def _headline(self) -> Held | None:
        """The verdict that the figure tells in the catalogue's own words, where it has none of its own for it."""
        head = self.connection.verdicts[0] if self.connection.verdicts else None
        if head is None or not words.has(f"headline-{head.code}"):
            return None
        if self.proof is not None and words.has(f"title-{self.proof.key}"):
            return None
        if self.told is not None and self._by_reason(self.told) is not None:
            return None  # what the kernel and the program did is known more exactly
        return head

    def _proved(self, key: str) -> str:
        """A sentence with the values of what is proved."""
        assert self.proof is not None
        values = dict(self.proof.values)
        count = values.pop("bytes", values.get("m"))
        if isinstance(count, int):
            values["bytes"] = words.amount(count, self.lang)
        if isinstance(values.get("ns"), int):
            values["time"] = words.span(int(str(values.pop("ns"))))
        syns = [s for s in self.segments if s.flags & SYN]
        values["syns"] = self.say("n-syns" if len(syns) > 1 else "one-syn", n=len(syns))
        values |= {name: words.number(value) for name, value in values.items() if isinstance(value, int)}
        return self.say(key, **values)

    def _title(self) -> str:
        if self.proof is not None and words.has(f"title-{self.proof.key}"):
            return self._proved(f"title-{self.proof.key}")
        headline = self._headline()
        if headline is not None:
            return sentence(f"headline-{headline.code}", headline.values, self.lang)
        key, values = self._finding()
        after = self._after()
        if key == "after-close" and self.told is not None:
            peer = _other(self.told.sender)
            if any(end.side == peer and end.signal == "SIGPIPE" for end in self.connection.exits):
                key = "after-close-sigpipe"
            elif after is not None and recorded.failed(after) and recorded.named_error(after) == "EPIPE":
                key = "after-close-epipe"
        elif key == "unknown-connection" and self._no_socket(self.told):
            key = "no-socket"
        return self.say(f"title-{key}", **values)

    def _after(self) -> Told | None:
        """The call of the other end in which its program heard of the RST."""
        if self.told is None:
            if self.connection.ending not in ("unanswered", "timed-out"):
                return None
            side = "client" if self.connection.ending == "unanswered" or not self.segments else self.segments[-1].side
            return recorded.consequence(self.connection, side, self.connection.first_ns)
        if self.told.accepted is False:
            return None
        return recorded.consequence(self.connection, _other(self.told.sender), self.told.ts_ns)

    def _then(self) -> str:
        """What followed for the other program: the error that it was told, or the signal that killed it."""
        told, after = self.told, self._after()
        if told is not None and (after is None or told.kernel_reason == "TCP_KEEPALIVE_TIMEOUT"):
            own = recorded.consequence(self.connection, told.sender, told.ts_ns)
            after = own or after  # the RST's sender heard of it itself
        if self.connection.ending == "closed" or (told is not None and told.accepted is False):
            return ""
        said = ""
        if after is not None:
            errno = recorded.named_error(after) or ""
            known = words.has(f"errno-{errno}") and not (errno == "EPIPE" and self._finding()[0] == "after-close")
            meaning = self.say(f"errno-{errno}") if known else ""
            key = "failed" if recorded.failed(after) else "said"
            known = known and self._cut() is None  # there is no room for everything
            if told is not None and key == "failed" and self._wrote_before(told, after):
                key = "next-failed"
            key = ("then-" if told is not None and after.t_ns > told.ts_ns else "") + key + ("" if known else "-plain")
            said = self.say(key, peer=after.side, call=after.call, errno=errno, meaning=meaning)
        if told is None:
            return said
        peer = _other(told.sender)
        for end in self.connection.exits:
            if end.side == peer and end.signal == "SIGPIPE" and end.t_ns >= told.ts_ns:
                return self.say("then-killed", peer=peer, signal=end.signal)
        return said

    def _wrote_before(self, told: Reset, after: Told) -> bool:
        """Whether the same call had returned without an error when its data drew the RST."""
        trigger = self.by_frame.get(told.answers_frame or -1)
        if trigger is None or after.call not in recorded.SENDS or after.t_ns <= told.ts_ns:
            return False
        earlier = proofs.calls(self.connection, after.side, (after.call,), told.ts_ns)
        return any(one.t_ns <= trigger.at(trigger.side) <= (one.until_ns or one.t_ns) for one in earlier)

    def _cut(self) -> tuple[int, int] | None:
        """Bytes that the RST's sender had written, and what its peer read of them, where that is less."""
        if self.told is None or self.connection.ending != "reset" or self.told.shape != "active":
            return None
        return proofs.cut(self.connection, self.told)

    def _finding(self) -> tuple[str, dict[str, object]]:
        """Which sentence pair tells the ending: its key without "title-", and the sides in it."""
        connection, told = self.connection, self.told
        ending = connection.ending
        if ending == "closed":
            if connection.closed_first == "both" or connection.ended_by == "both":
                return "closed-both", {}
            if connection.closed_first in ("client", "server"):
                return "closed", {"side": connection.closed_first}
            return "closed-any", {}
        if ending == "reset" and told is not None:
            values: dict[str, object] = {"side": told.sender, "peer": _other(told.sender)}
            if connection.ended_by == "path":
                return "path", values
            if connection.ended_by == "both":
                return "reset-both", values
            by_reason = self._by_reason(told)
            if by_reason is not None:
                return by_reason, values
            if self._lost_before(told) is not None:
                return "rst-lost", values
            own_fin = self.fins.get(told.sender)
            fin_first = own_fin is not None and own_fin.frame < told.frame
            if told.shape == "active":
                return "active-after-fin" if fin_first else "active", values
            trigger = self.by_frame.get(told.answers_frame or -1)
            if fin_first and connection.closed_first == told.sender:
                return ("after-close", values) if trigger is None or trigger.payload else ("active-after-fin", values)
            if told.kernel_reason in LATE_DATA[:2]:
                return "late-data", values
            if trigger is None and told.kernel_reason is None:
                return "answers-nothing", values
            return "unknown-connection", values
        gave_up = self._gave_up()
        if ending in ("open", "half-closed") and gave_up is not None:
            return "gave-up", {"side": gave_up.side}
        if ending == "refused" and told is not None:
            key = "refused-path" if connection.ended_by == "path" or told.forged or told.unsent else "refused"
            return key, {"side": told.sender, "port": self._refused_port(told)}
        if ending == "refused":
            return "refused", {"side": "server", "port": connection.server.port}
        if ending == "half-closed":
            if len(self.fins) == 1:
                side = next(iter(self.fins))
                return "half-closed", {"side": side, "peer": _other(side)}
            return "half-closed-any", {}
        if ending == "timed-out" and self.segments:
            side = self.segments[-1].side
            return "timed-out", {"side": side, "peer": _other(side)}
        if words.has(f"title-{ending}"):
            return ending, {}
        return "unknown", {}

    def _lost_before(self, told: Reset) -> Reset | None:
        """The RST by which the same end had reset the connection before, and which never arrived."""
        earlier = (r for r in self.connection.resets if r.lost and r.sender == told.sender and r.ts_ns < told.ts_ns)
        return next(earlier, None) if told.shape != "active" else None

    def _gave_up(self) -> KernelEvent | None:
        """The kernel's report that it gave the connection up: without a RST, so that no packet says it."""
        lost = [event for event in self.connection.kernel if event.kind == "error" and event.errno in recorded.DEAD]
        return next((event for event in lost if event.t_ns > self.connection.last_ns - MOMENT_NS), None)

    def _no_socket(self, told: Reset | None) -> bool:
        """Whether the RST's sender's kernel has said that it knew no such connection: a listener is none."""
        if told is None or told.kernel_reason is None:
            return False
        sent = (e for e in self.connection.kernel if e.kind == "reset-sent" and e.frame == told.frame)
        return told.kernel_reason == "NO_SOCKET" or any(event.state == "LISTEN" for event in sent)

    def _by_reason(self, told: Reset) -> str | None:
        """The finding that the kernel's own reason gives, with what the sender's program did; None: the packets'."""
        key = REASONS.get(told.kernel_reason or "")
        died = [
            end
            for end in self.connection.exits
            if end.side == told.sender and end.signal is not None and end.t_ns <= told.ts_ns + MOMENT_NS
        ]
        if key == "unread":
            return "unread-killed" if died and not self._called(told, "close") else key
        if key == "torn-down":
            if self._called(told, "AF_UNSPEC"):
                return "disconnect"
            if self._called(told, "SO_LINGER") and (died or self._called(told, "close")):
                return "linger"
            if (
                (died or self._called(told, "listener"))
                and told.sender == "server"
                and not self._called(told, "accept")
            ):
                return "listener"
            if not died and not self._called(told, "close") and self._called(told, ""):
                return "destroyed"
        return key

    def _called(self, told: Reset, what: str) -> bool:
        """Whether the RST's sender had made such a call of this connection when it was sent."""
        for call in self.connection.calls:
            if call.side != told.sender or call.t_ns > told.ts_ns + MOMENT_NS or call.result == -1:
                continue
            if what == "SO_LINGER":
                if call.call == "setsockopt" and "SO_LINGER" in call.text:
                    return True
            elif what == "listener":
                if call.on_listener and call.call == "close":
                    return True
            elif what == "AF_UNSPEC":
                if call.call == "connect" and "AF_UNSPEC" in call.text:
                    return True
            elif what in ("", call.call) and not call.on_listener:
                return True
        return False

    def meanwhile(self, from_ns: int, to_ns: int) -> str | None:
        """What a program did in a gap of the figure: which call it waited in."""
        for call in self.connection.calls:
            begun = call.t_ns - self.start_ns
            until = None if call.until_ns is None else call.until_ns - self.start_ns
            if not call.on_listener and begun <= from_ns and (until is None or until >= to_ns):
                if call.call in recorded.SLEEPS:
                    return self.say("sleeps", side=call.side)
                return self.say("wait-in", side=call.side, call=call.call)
        return None

    def _refused_port(self, told: Reset) -> int:
        return self.connection.server.port if told.sender == "server" else self.connection.client.port

    def _verdict(self) -> Verdict:
        key, values = self._finding()
        connection = self.connection
        kind: Literal["bad", "ok", "open"] = "bad"
        certainty: Literal["proved", "implied", "compatible"] = "implied"
        if key.startswith("closed"):
            kind = "ok"
            if connection.resets and key == "closed":
                key = "closed-rst"
        elif connection.ending in ("open", "unknown", "half-closed"):
            kind = "open"
        if key == "half-closed-any":
            key = "half-closed-unacked"
        elif key == "open" and any(reset.accepted is False for reset in connection.resets):
            key = "open-ignored"
        elif key == "unanswered":
            syns = [s for s in self.segments if s.flags & SYN]
            if any(s.flags & RST for s in self.segments):
                key = "unanswered-rst"
            elif len(syns) == 1:
                key = "unanswered-once"
            values = {
                "syns": self.say("n-syns", n=len(syns)),
                "time": words.span(syns[-1].ts_ns - syns[0].ts_ns) if syns else "",
            }
        elif key == "handshake-incomplete" and any(s.flags & RST for s in self.segments):
            key = "handshake-reset"
        elif key == "timed-out":
            first = self.segments[-1].retransmission_of if self.segments else None
            tail = [s for s in self.segments if s.frame in self.unanswered]
            same = {s.retransmission_of or s.frame for s in tail}
            n = len(tail)
            if n > 1 and first is not None and len(same) == 1:
                values["n"] = n
            else:
                key, values = "timed-out-any", {}
        if key in ("active", "active-after-fin", "unknown-connection", "answers-nothing", "refused", "path"):
            certainty = "compatible"
        told = self.told if connection.ending in ("reset", "refused") else None
        if told is not None and told.unsent and key in ("path", "refused-path"):
            key, certainty = "path-unsent" if key == "path" else key, "proved"
        elif told is not None and told.forged and key in ("path", "refused-path"):
            key, certainty = "path-proved" if key == "path" else key, "proved"
        elif told is not None and key != "path":
            if key == "refused" and told.kernel_reason == "NO_SOCKET":
                key, certainty = "refused-proved", "proved"
            elif key == "unknown-connection" and self._no_socket(told):
                key = "no-socket" if told.kernel_reason == "NO_SOCKET" else "no-socket-listener"
                certainty = "proved"
            elif told.kernel_reason in REASONS or (
                key in ("after-close", "late-data") and told.kernel_reason in LATE_DATA
            ):
                certainty = "proved"
        gave_up = self._gave_up()
        if gave_up is not None and (key == "gave-up" or key in ("timed-out", "timed-out-any")):
            certainty, kind = "proved", "bad"
            key = key if key == "gave-up" else "timed-out-proved"
            values = {"side": gave_up.side, "errno": gave_up.errno}
            after = self._after()
            if after is not None and after.side == gave_up.side and recorded.named_error(after) == gave_up.errno:
                key = "timed-out-told" if key == "timed-out-proved" else key  # the call says the errno
        evidence = [reset.frame for reset in (self.told,) if reset is not None]
        evidence += [segment.frame for segment in self.fins.values()]
        if self.told is not None and self.told.answers_frame is not None:
            evidence.append(self.told.answers_frame)
        text = self.say(f"verdict-{key}", **values)
        headline = self._headline()
        if headline is not None:
            text, certainty = sentence(f"rule-{headline.code}", headline.values, self.lang), headline.certainty
        if self.proof is not None:
            text, certainty, kind = (
                self._proved(f"verdict-{self.proof.key}"), self.proof.certainty, self.proof.kind
            )  # fmt: skip
        cut = self._cut()
        if cut is not None and (self.proof is None or self.proof.key != "unread-urgent"):
            if key == "linger" and self.proof is None:
                text = self.say("verdict-linger-cut", **values)
            peer = _other(self.told.sender) if self.told is not None else "client"
            text += self.say("cut", peer=peer, wrote=words.number(cut[0]), got=words.number(cut[1]))
        return Verdict(
            text=text + self._then(),
            kind=kind,
            certainty=certainty,
            source="traced" if certainty == "proved" else "inferred",
            evidence=tuple(sorted(evidence)),
        )

    def _why(self, segment: Segment, reset: Reset) -> Why:
        why = self._why_by_packets(segment, reset)
        if reset.kernel_reason is None:
            proof = self.say("why-not-sent", side=reset.sender) if reset.forged else None
            proof = proof or (self.say("why-not-captured", side=reset.sender) if reset.unsent else None)
            return replace(why, proof=proof, source="traced") if proof else why
        return replace(why, proof=self.say("why-proof", reason=visible(reset.kernel_reason)), source="traced")

    def _why_by_packets(self, segment: Segment, reset: Reset) -> Why:
        sides: dict[str, object] = {"side": reset.sender, "peer": _other(reset.sender)}
        title = self.say("why-title")
        trigger = self.by_frame.get(reset.answers_frame or -1)
        seq = self.numbers.seq(segment)
        if self.proof is not None and words.has(f"why-{self.proof.key}") and reset is self.told:
            return Why(title=title, text=self._proved(f"why-{self.proof.key}"))
        if reset.accepted is False:
            closed = len(self.fins) == 2 and all(fin.frame < segment.frame for fin in self.fins.values())
            if closed and self.connection.ending == "closed":
                return Why(title=title, text=self.say("why-closed-before"))
            title = self.say("why-title-ignored")
            key = f"why-ignored-{reset.why_not_accepted}"
            if words.has(key):
                return Why(title=title, text=self.say(key, seq=seq, **sides))
            why = visible(reset.why_not_accepted or "?")
            return Why(title=title, text=self.say("why-ignored-any", why=why, **sides))
        key, _ = self._finding()
        if self.connection.ending == "closed":
            return Why(title=title, text=self.say("why-closed-before"))
        if reset.shape == "syn-reply" and key != "refused-path":
            ack = f"ACK J+{self.numbers.ack(segment)}" if segment.flags & ACK else f"seq {seq}"
            said = "why-syn-reply-proved" if reset.kernel_reason == "NO_SOCKET" else "why-syn-reply"
            return Why(title=title, text=self.say(said, port=self._refused_port(reset), ack=ack))
        echoes = trigger is not None and not segment.flags & ACK and segment.seq == trigger.ack
        if key in ("path", "refused-path"):
            said = "why-path-unsent" if reset.unsent else "why-path-proved" if reset.forged else "why-path"
            text = self.say(said, **sides)
        elif words.has(f"why-{key.removesuffix('-killed')}") and self._by_reason(reset) == key:
            text = self.say(f"why-{key.removesuffix('-killed')}", **sides)
        elif reset.shape == "active":
            text = self.say("why-active", **sides)
            lost = getattr(self.connection.undelivered, _other(reset.sender))
            if lost:
                text += self.say("why-unacked", bytes=words.amount(lost, self.lang), **sides)
        elif key == "rst-lost" and trigger is not None and self._lost_before(reset) is not None:
            text = self.say("why-rst-lost", trigger=self._named(trigger.frame), **sides)
        elif key == "after-close" and trigger is not None:
            fin = self._named(self.fins[reset.sender].frame)
            text = self.say(
                "why-forgotten" if self.forgotten() else "why-after-close",
                fin=fin, trigger=self._named(trigger.frame), **sides,
            )  # fmt: skip
        elif trigger is not None and reset.kernel_reason in LATE_DATA and reset.kernel_reason != "NO_SOCKET":
            text = self.say("why-abort-on-data", trigger=self._named(trigger.frame), **sides)
        elif trigger is not None and self._no_socket(reset):
            said = "why-no-socket" if reset.kernel_reason == "NO_SOCKET" else "why-listener-only"
            text = self.say(said, trigger=self._named(trigger.frame), **sides)
        elif key == "answers-nothing":
            text = self.say("why-answers-nothing")
        elif trigger is not None:
            text = self.say("why-unknown-connection", trigger=self._named(trigger.frame), **sides)
        else:
            text = self.say("why-any")
        if echoes and key not in ("path", "refused-path"):
            text += self.say("why-seq-is-ack", seq=seq)
        return Why(title=title, text=text)

    def subtitle(self, scene: Scene) -> str:
        """Where each thing in the figure comes from, once calls and kernel have their place in it."""
        states = [scene.client_state, scene.server_state]
        states += [item for item in scene.items if isinstance(item, State)]
        states += [s for arrow in scene.arrows for s in (arrow.sender_state, arrow.receiver_state) if s is not None]
        if not any(event.kind == "state" for event in self.connection.kernel):
            said = self.say("traced-calls") + ("" if self.lang == "zh" else " ")
            said += self.say(f"inferred-{scene.verdict.certainty}")
            return self._subtitle(scene.totals, said)
        reasons = any(reset.kernel_reason for reset in self.connection.resets)
        key = "traced-all" if reasons else "traced-states"
        said = self.say(key if self.connection.calls else f"{key}-kernel")
        comma, apart = ("、", "，") if self.lang == "zh" else (", ", "; ")
        guessed: list[str] = []
        for side in ("client", "server"):
            names = [state.name for state in states if state.side == side and state.source == "inferred"]
            if names:
                guessed.append(f"{self.say(side)} {comma.join(dict.fromkeys(names))}")
        said += self.say("traced-but", states=apart.join(guessed)) if guessed else self.say("traced-end")
        if scene.verdict.certainty == "compatible":
            said += ("" if self.lang == "zh" else " ") + self.say("several-causes")
        return self._subtitle(scene.totals, said)

    def _subtitle(self, totals: Totals, sources: str) -> str:
        connection = self.connection
        file = file_name(self.capture, self.lang)
        n, drawn = words.number(totals.packets), words.number(totals.drawn)
        folded, copies = words.number(totals.folded), words.number(totals.copies)
        if totals.folded and totals.copies:
            sums = self.say("sum-both", n=n, drawn=drawn, folded=folded, copies=copies)
        elif totals.folded:
            sums = self.say("sum-folded", n=n, drawn=drawn, folded=folded)
        elif totals.copies:
            sums = self.say("sum-copies", n=n, drawn=drawn, copies=copies)
        else:
            sums = self.say("one-drawn") if totals.packets == 1 else self.say("all-drawn", n=n)
        parts = [
            self.say("subtitle", file=file, number=connection.number, packets=sums),
            numbers_from(connection, self.lang) if self.timed else self.say("untimed"),
        ]
        if self.capture.recorded is not None and self.capture.recorded.kernel:
            parts.append(self.say("recorded", kernel=visible(self.capture.recorded.kernel)))
        parts += self._both_ends()
        parts.append(sources)
        if connection.direction == "guessed":
            parts.append(self.say("guessed"))
        return ("" if self.lang == "zh" else " ").join(parts)

    def _sources(self) -> str:
        """Where states and verdict come from."""
        certainty = self._verdict().certainty
        unsent = certainty == "proved" and self.told is not None and self.told.unsent
        return self.say("inferred-both" if unsent else f"inferred-{certainty}")

    def _slants(self) -> str:
        """What a steep arrow means: only where the ways' lengths are known, and time is told."""
        there = self.connection.other_end
        known = self.timed and there is not None and (there.clock.same or there.clock.uncertainty_ns is not None)
        return self.say("steep") if known else ""

    def _both_ends(self) -> list[str]:
        """That both ends were captured, and how their clocks differ."""
        there = self.connection.other_end
        if there is None:
            return []
        clock = there.clock
        if clock.same:
            return [self.say("both-one-clock")]
        if clock.uncertainty_ns is None:
            return [self.say("both-one-way")]
        ahead = clock.offset(self.start_ns) * (-1 if there.reversed else 1)
        key = "both-ahead" if ahead >= 0 else "both-behind"
        return [self.say(key, time=words.span(ahead), give=words.span(clock.uncertainty_ns))]


def crosses(earlier: Segment, later: Segment) -> bool:
    """Whether a packet left while one from the other end was still on its way to it; both by that end's own clock."""
    if earlier.side == later.side or earlier.fate != "arrived" or later.fate != "arrived":
        return False
    return earlier.arrived_ns is not None and later.ts_ns < earlier.arrived_ns


def overtakes(earlier: Segment, later: Segment) -> bool:
    """Whether a packet arrived before one that had left earlier."""
    if earlier.arrived_ns is None or later.arrived_ns is None:
        return False
    return later.fate == "arrived" and later.arrived_ns < earlier.arrived_ns


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
    items: list[Item] = []
    last: int | None = None
    for item in merged:
        at = _moment(item)
        if at is not None and last is not None:
            dt_ns = at - last
            old = next((cut for end, cut in cuts if end - (cut.dt_ns or 0) <= last and at <= end), None)
            back = details.get(id(item)) if dt_ns < 0 else None
            if back is not None:
                items.append(back)
            elif dt_ns > GAP_NS:
                text = words.say("later", scene.lang, time=words.gap(dt_ns))
                detail = meanwhile(last, at) or (old.detail if old else "")
                items.append(Break(dt_ns=dt_ns, text=text, detail=detail))
        items.append(item)
        if at is not None:
            last = item.until_ns if isinstance(item, Fold) else at
    return replace(scene, items=tuple(items))


def _moment(item: Item) -> int | None:
    return None if isinstance(item, Break) else item.t_ns
