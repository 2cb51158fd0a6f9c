"""Story to scene: what to show, what to fold, and which words.

Every packet of the connection is either drawn, folded into a box, or a second capture of one that
is drawn; the scene's totals add up to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from .....analyze import programs
from .....analyze.findings import given_up, openings
from .....analyze.story import RST, SIDES, Capture, Connection, Segment
from .... import words
from ....scene import Arrow, Break, Call, Fold, Item, Party, Scene, Side, State, Totals, other
from ....visible import visible
from . import recorded
from .arrows import Arrows
from .calls import by_the_kernel, from_the_listen, with_calls, without_repeats
from .ending import Ending
from .facts import Facts, Part
from .folding import GAP_NS, Folding, Run, median
from .gaps import with_waits
from .pauses import Pauses
from .provenance import Provenance
from .recorded import Mark, Marks

ALIKE = 0.8  # gaps: the shorter to the longer
FINE_NS = 10_000_000  # of a gap that is shorter, three decimals would leave one digit or none


def compose(connection: Connection, capture: Capture, lang: str = "en", *, timed: bool = True) -> Scene:
    """The scene of one connection; `timed=False` gives the textbook's time line, without clock and data."""
    if lang not in words.LANGUAGES:
        raise ValueError(f"no language {lang!r}: choose from {', '.join(words.LANGUAGES)}")
    facts = Facts(connection, capture, lang, timed)
    composer = _Composer(facts)
    runs = composer.folding.runs()
    if not (connection.calls or connection.kernel or connection.exits or connection.steps):
        scene = with_waits(without_repeats(composer.scene(runs)), composer.pauses.before)
        return composer.up_to_the_end(scene)
    start_ns = facts.start_ns
    marks = composer.marks(runs)
    if timed:
        cut = composer.folding.cut(runs, [mark.t_ns + start_ns for mark in marks if mark.t_ns])
        if cut != runs:
            runs, marks = cut, composer.marks(cut)
    scene = composer.scene(runs)
    crossed = {(facts.by_frame[frame].side, sent) for frame in facts.crossing for sent in ("FIN_WAIT_1", "SYN_SENT")}
    if facts.both:
        crossed.clear()  # there every state stands at its own packet
    marks = [
        mark
        for mark in marks
        if not (isinstance(mark, State) and (mark.side, mark.name) in crossed)  # drawn at its arrow
    ]
    marks = sorted([*marks, *facts.forgotten()], key=lambda mark: mark.t_ns or 0)
    scene = from_the_listen(by_the_kernel(with_calls(scene, marks, composer.meanwhile), connection, start_ns))
    scene = with_waits(scene, composer.pauses.before)
    scene = composer.up_to_the_end(scene)
    subtitle, guessed = composer.provenance.subtitle(scene), composer.provenance.named(scene, "inferred")
    return replace(scene, subtitle=subtitle, guessed=guessed, decimals=_decimals(scene.items))


def _decimals(items: Iterable[Item]) -> int:
    """Decimals of the stamps, in seconds: tcpdump's six, or three where they tell all packets and calls well apart."""
    stamped = sorted(item.t_ns for item in items if isinstance(item, Arrow | Call | Fold) and item.t_ns >= 0)
    return 3 if len(stamped) > 1 and all(b - a >= FINE_NS for a, b in pairwise(stamped)) else 6


def _over_ns(item: Item) -> int:
    """When a mark is over."""
    if isinstance(item, Break):
        return 0
    return max(
        item.t_ns or 0,
        item.until_ns if isinstance(item, Fold) else 0,
        (item.arrives_ns or 0) if isinstance(item, Arrow) else 0,
    )


def _put(items: list[Item], arrow: Arrow) -> None:
    """Put an arrow behind what happened before it; what has no time stands with what follows."""
    before = [at for at, item in enumerate(items) if not isinstance(item, Break) and (item.t_ns or 0) <= arrow.t_ns]
    items.insert(before[-1] + 1 if before else 0, arrow)


class _Composer(Part):
    """Puts the parts together."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.folding = Folding(facts)
        self.pauses = Pauses(facts)
        self.ending = Ending(facts)
        self.provenance = Provenance(facts, self.ending)

    def marks(self, runs: list[Run]) -> list[Mark]:
        """What the recording adds; there is less room for calls that stand in a box of packets."""
        folded = [(run[0].ts_ns, run[-1].ts_ns) for keep, run in runs if not keep and self.facts.timed]
        never_sent = self._never_sent()
        return Marks(
            self.connection, self.facts.start_ns, self.lang, folded, self.facts.timed, self.facts.limit, never_sent,
            self.facts.roles, openings.room_found(self.connection),
        ).all()  # fmt: skip

    def _never_sent(self) -> dict[tuple[Side, int], tuple[int, bool]]:
        """Writes whose bytes the end threw away: how many of them, and whether Nagle's algorithm held them back."""
        connection = self.connection
        if connection.ending not in ("reset", "timed-out") and given_up.gave_up(connection) is None:
            return {}
        lost = {(side, t_ns): n for side in SIDES for t_ns, n in programs.never_sent(connection, side).items()}
        return {
            (call.side, call.t_ns): (lost[call.side, call.t_ns], programs.waits_for_ack(connection, call))
            for call in connection.calls
            if (call.side, call.t_ns) in lost
        }

    def scene(self, runs: list[Run]) -> Scene:
        """Put the marks together."""
        shown = [segment for keep, run in runs if keep for segment in run]
        folded = sum(len(run) for keep, run in runs if not keep)
        client_state, server_state = self.facts.ways.first
        breaks = self._breaks(runs)
        arrows = Arrows(self.facts, self.ending, {segment.frame for segment in shown})
        items = self._items(runs, breaks, arrows, {"client": client_state, "server": server_state})
        for frame, error in self.facts.icmp.items():
            if frame in arrows.shown:
                _put(items, arrows.icmp(error, self.facts.by_frame[frame]))
        if not self.facts.timed:
            items += self._two_msl()
        connection = self.connection
        totals = Totals(
            packets=len(connection.segments),
            drawn=len(shown),
            folded=folded,
            copies=len(connection.segments) - len(self.segments),
        )
        return Scene(
            connection=connection.number,
            title=self.ending.title(),
            subtitle=self.provenance.written(totals, self.provenance.sources(), items),
            client=self._party("client", self.facts.numbers.client),
            server=self._party("server", self.facts.numbers.server),
            verdict=self.ending.verdict,
            totals=totals,
            items=tuple(items),
            client_state=State(
                side="client", name=client_state, source=self.facts.first_source("client", client_state)
            ),
            server_state=State(
                side="server", name=server_state, source=self.facts.first_source("server", server_state)
            ),
            lang=self.lang,
            timed=self.facts.timed,
            slants=self.provenance.slants(items),
            decimals=_decimals(items),
            cut_start=connection.cut_start and len(self.facts.silent) < 2,
            cut_end=connection.cut_end,
            torn_start=self._torn_start(),
            torn_end=self._torn_end() if connection.cut_end else "",
        )

    def up_to_the_end(self, scene: Scene) -> Scene:
        """The same scene; a long silence between what is drawn last and the capture's end is told."""
        end_ns = self.facts.capture.last_ns
        if not (scene.timed and scene.cut_end and self.segments) or end_ns is None:
            return scene
        if self.connection.continued_by is not None:
            return scene  # it is not silent: its packets are told elsewhere
        end_ns -= self.facts.start_ns
        last_ns = max(map(_over_ns, scene.items), default=0)
        times = [segment.ts_ns for segment in self.segments]
        gaps = [b - a for a, b in pairwise(times)]
        least = max(GAP_NS, 20 * median(gaps)) if len(gaps) > 1 else GAP_NS
        if end_ns - last_ns <= least:
            return scene
        text = self.say("silent-end", time=words.span(end_ns - last_ns))
        silence = Break(dt_ns=end_ns - last_ns, text=text, detail=self.say("until-the-end"))
        return replace(scene, items=(*scene.items, silence), ends_ns=end_ns)

    def _torn_start(self) -> str:
        began = self.connection.continues
        return self.say("capture-starts") if began is None else self.say("began-as", n=began)

    def _torn_end(self) -> str:
        """Where the packets are that are not in the figure."""
        goes_on = self.connection.continued_by
        return self.say("capture-ends") if goes_on is None else self.say("goes-on", n=goes_on)

    def _party(self, side: Side, base: int) -> Party:
        """One end; its program by the recording's own name, where that tells more than the side."""
        end = self.connection.client if side == "client" else self.connection.server
        return Party(side=side, address=visible(str(end)), role=self.facts.roles.get(side, ""), base=base)

    def _items(self, runs: list[Run], breaks: set[int], arrows: Arrows, states: dict[Side, str]) -> list[Item]:
        items: list[Item] = []
        tries: Counter[int] = Counter()
        previous: Segment | None = None
        for keep, run in runs:
            if not keep and not self.facts.timed:
                note = self.folding.data_note(run, states)
                items += [note] if note is not None else []
                previous = run[-1]
                self._skip(run, states, tries, items)
                continue
            if run[0].frame in breaks and previous is not None:
                items.append(self._break(previous, run[0], states))
            if not keep:
                items.append(self.folding.fold(run))
                previous = run[-1]
                self._skip(run, states, tries, items)
                continue
            for segment in run:
                if segment is not run[0] and segment.frame in breaks and previous is not None:
                    items.append(self._break(previous, segment, states))
                items += self._gone_before(segment, states)
                items.append(arrows.arrow(segment, states, tries))
                previous = segment
        return items

    def _gone_before(self, segment: Segment, states: dict[Side, str]) -> Iterator[State]:
        """CLOSED, of an end that answers a segment for want of a connection: since when, no packet tells."""
        side = other(segment.side)
        after = segment.client_state if side == "client" else segment.server_state
        answered = any(r.answers_frame == segment.frame and r.sender == side for r in self.connection.resets)
        if self.facts.both or segment.flags & RST or states[side] not in ("SYN_SENT", "ESTABLISHED", "CLOSE_WAIT"):
            return
        if after == "CLOSED" and answered and side not in self.facts.silent:
            states[side] = after
            yield State(side=side, name=after, t_ns=segment.ts_ns - self.facts.start_ns - 1)

    def _skip(self, run: list[Segment], states: dict[Side, str], tries: Counter[int], items: list[Item]) -> None:
        """Carry states and counts over packets that are not drawn."""
        for segment in run:
            tries[segment.retransmission_of or segment.frame] += 1
        last = run[-1]
        there = self.facts.ways.settled(states["server"], last.server_state)
        after: dict[Side, str] = {"client": last.client_state, "server": there}
        if self.facts.both:
            after = dict(states)
            for segment in run:
                for side in after:
                    after[side] = self.facts.moved.get((segment.frame, side), after[side])
        for side, name in after.items():
            if states[side] != name:
                states[side] = name
                source = self.facts.source(side, name, None)
                items.append(State(side=side, name=name, t_ns=last.ts_ns - self.facts.start_ns, source=source))

    def _breaks(self, runs: list[Run]) -> set[int]:
        """Frames before which the ordinal rows are cut; at most two in ten arrows, the longest gaps."""
        if not self.facts.timed:
            return set()
        edges: list[tuple[int, Segment]] = []  # gap before, segment
        previous: Segment | None = None
        there_ns = 0  # when all that was sent so far had arrived
        arrows = 0
        for keep, run in runs:
            for segment in run if keep else run[:1]:
                if previous is not None:
                    gap_ns = segment.ts_ns - previous.ts_ns
                    quiet_ns = max(0, min(gap_ns, segment.ts_ns - there_ns))
                    edges.append((gap_ns if gap_ns < 0 else quiet_ns, segment))
                there_ns = max(there_ns, segment.arrived_ns or 0)
                previous = segment
            arrows += len(run) if keep else 1
            previous = run[-1]
        gaps = [abs(gap) for gap, _ in edges]
        least = max(GAP_NS, 20 * median(gaps)) if gaps else GAP_NS
        again = {segment.frame for _, segment in edges if segment.retransmission_of is not None}
        least = min([least, *(gap for gap, segment in edges if segment.frame in again and gap > GAP_NS)])
        long = [(gap, segment) for gap, segment in edges if gap > (GAP_NS if segment.frame in again else least - 1)]
        long.sort(key=lambda edge: -edge[0])
        back = [segment.frame for gap, segment in edges if gap < -1_000_000]
        most = max(1, (arrows + 2) // 5)
        cut, rest = long[:most], long[most:]
        while cut and rest and {cut[-1][1].frame, rest[0][1].frame} <= again and rest[0][0] >= ALIKE * cut[-1][0]:
            cut.pop()  # copies after about as long are told in the same way: all of these beside the times
        return {segment.frame for _, segment in cut} | set(back[:2])

    def _break(self, before: Segment, after: Segment, states: dict[Side, str]) -> Break:
        dt_ns = after.ts_ns - before.ts_ns
        if dt_ns < 0:
            return Break(dt_ns=dt_ns, text=self.say("clock-back", time=words.span(dt_ns)))
        text = self.say("later", time=words.span(dt_ns))
        waiting = [side for side in ("client", "server") if states[side] == "CLOSE_WAIT"]
        tries = [
            s.ts_ns for s in self.segments[: self.facts.position[after.frame]]
            if after.retransmission_of is not None and after.retransmission_of in (s.frame, s.retransmission_of)
        ]  # fmt: skip
        if tries:
            text = self.say("unacknowledged", time=words.span(after.ts_ns - tries[-1]))
            detail = self._retry(after)
        elif (reason := self.pauses.reason(after.frame)) == "way":
            detail = self.say("quiet-way")
        elif reason in ("window", "room") or (after.window_probe and self.facts.windows.small(before)):
            detail = self._small(before)
        elif self.facts.unseen is not None:
            detail = self.say("quiet-unseen", side=other(self.facts.unseen), peer=self.facts.unseen)
        elif after.keepalive or (reason == "timer" and before.keepalive):
            detail = self.say("quiet-keepalive", side=after.side)
        elif waiting:
            detail = self.say("quiet-open", side=waiting[0])
        else:
            detail = self.say("quiet")
        return Break(dt_ns=dt_ns, text=text, detail=detail)

    def _small(self, ack: Segment) -> str:
        """Whose window was too small, and who waited."""
        key = "quiet-window" if ack.window else "quiet-window-zero"
        return self.say(key, side=other(ack.side), peer=ack.side, n=ack.window)

    def _retry(self, again: Segment) -> str:
        """Why the same was sent again after a pause."""
        key = "quiet-probe" if again.frame in self.facts.loss_probes else "quiet-retry"
        return self.say(key, side=again.side)

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
        said = self.say("two-msl"), self.say("two-msl-linux")
        if self.connection.replaced_by is not None:
            said = self.say("two-msl-not"), self.say("two-msl-taken", n=self.connection.replaced_by)
        cut: Item = Break(dt_ns=None, text=said[0], detail=said[1], source="inferred")
        return [cut, *(State(side=side, name="CLOSED") for side in waiting)]

    def meanwhile(self, from_ns: int, to_ns: int) -> str | None:
        """What went on in a gap of the figure: what was sent again; a window too small; a call that waited."""
        again = (s for s in self.segments if s.ts_ns - self.facts.start_ns == to_ns and s.retransmission_of is not None)
        if (copy := next(again, None)) is not None:
            return self._retry(copy)
        small = self.facts.held_back(from_ns, to_ns)
        if small is not None:
            return self._small(small)
        for call in self.connection.calls:
            begun = call.t_ns - self.facts.start_ns
            until = None if call.until_ns is None else call.until_ns - self.facts.start_ns
            if not call.on_listener and begun <= from_ns and (until is None or until >= to_ns):
                if call.call in recorded.SLEEPS:
                    return self.say("sleeps", side=call.side)
                return self.say("wait-in", side=call.side, call=call.call)
        return None
