"""One connection by both captures of it: when each packet left and arrived, what was lost, what neither end sent.

A packet that both captures have arrived, and took so long. One that only its sender's capture has was lost on the way;
one that only its receiver's has was sent by neither end. Both are proved only where the capture that does not have it
is whole: it runs at that time, and nothing else is missing in it. Of each end its own capture tells the states, and
what a RST met there. Where that contradicts what one capture alone says, a note says what, and why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .matching import Matching, Ranges, space
from .story import ACK, RST, SYN, Clock, Connection, Fate, IcmpError, OtherEnd, Pair, Reset, Segment, Side, other
from .vocabulary import TWICE, WHY_NO_CONNECTION, WHY_NOT_THERE, WHYS

MOST_NAMED = 8  # frames in a note
M32 = 0xFFFFFFFF
OVER = {"client": "server", "server": "client", "both": "both"}
ALONE = "by one capture alone"
NOT_THERE = "the server's capture has no such connection"


@dataclass(frozen=True, slots=True)
class Coverage:
    """When a capture ran, by the common clock, and whether packets of this connection are missing in it."""

    first_ns: int
    last_ns: int
    leaks: bool  # it dropped packets, or has none of what it must have seen
    always: bool = False  # a recording: it ran all the time

    def whole(self, t_ns: int) -> bool:
        """Whether a packet of that time would be in it."""
        return not self.leaks and (self.always or self.first_ns <= t_ns <= self.last_ns)


def _exchanged(counts: Pair) -> Pair:
    return Pair(counts.server, counts.client)


def turned(connection: Connection) -> Connection:
    """The same with the names of its ends exchanged."""
    there = connection.other_end
    return replace(
        connection,
        client=connection.server, server=connection.client, isn=connection.isn[::-1],
        client_state=connection.server_state, server_state=connection.client_state,
        ended_by=OVER.get(connection.ended_by, connection.ended_by),
        closed_first=OVER.get(connection.closed_first or "", connection.closed_first),
        resets=tuple(replace(r, sender=other(r.sender)) for r in connection.resets),
        icmp=tuple(replace(e, to=other(e.to)) for e in connection.icmp),
        segments=tuple(
            replace(
                s, side=other(s.side), client_state=s.server_state, server_state=s.client_state,
                seen=other(s.seen) if s.seen in ("client", "server") else s.seen,
            )
            for s in connection.segments
        ),
        other_end=None if there is None else replace(
            there, client=there.server, server=there.client, client_only=there.server_only,
            server_only=there.client_only, lost=_exchanged(there.lost),
            unsent=_exchanged(there.unsent), way_ns=there.way_ns[::-1],
        ),
        packets=_exchanged(connection.packets), bytes=_exchanged(connection.bytes), syn=_exchanged(connection.syn),
        fin=_exchanged(connection.fin), rst=_exchanged(connection.rst), psh=_exchanged(connection.psh),
        retransmissions=_exchanged(connection.retransmissions), undelivered=_exchanged(connection.undelivered),
    )  # fmt: skip


def begun_by_forgery(connection: Connection) -> bool:
    """Whether its first packet is a SYN that the end in whose name it came never sent: it was open before."""
    first = connection.segments[0] if connection.segments else None
    return first is not None and first.fate == "unsent" and first.flags & (SYN | ACK) == SYN


def named_as_before(connection: Connection, before: Connection) -> Connection:
    """A connection that a forged SYN cut off from `before`: its ends are called as there, whoever the SYN came from."""
    if (before.client, before.server) == (connection.server, connection.client):
        connection = _told_turned(connection)
    return replace(connection, isn=before.isn, cut_start=True, continues=before.number)


def _told_turned(connection: Connection) -> Connection:
    """`turned` with all that was joined, predicted and held of it."""
    there, outcomes = connection.other_end, connection.outcomes
    done = turned(connection)
    return replace(
        done,
        segments=tuple(
            s if s.reset is None else replace(s, reset=replace(s.reset, sender=other(s.reset.sender)))
            for s in done.segments
        ),
        calls=tuple(replace(call, side=other(call.side)) for call in connection.calls),
        exits=tuple(replace(end, side=other(end.side)) for end in connection.exits),
        kernel=tuple(replace(event, side=other(event.side)) for event in connection.kernel),
        outcomes=None if outcomes is None else replace(outcomes, client=outcomes.server, server=outcomes.client),
        verdicts=tuple(
            replace(
                held, values=_over(held.values),
                evidence=tuple(replace(one, values=_over(one.values)) for one in held.evidence),
            )
            for held in connection.verdicts
        ),
        other_end=None if there is None or done.other_end is None
        else replace(done.other_end, reversed=not there.reversed),
    )  # fmt: skip


def _over(values: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name: OVER.get(value, value) if isinstance(value, str) else value for name, value in values.items()}


class Together:
    """One connection, from both captures."""

    def __init__(
        self,
        near: Connection,
        far: Connection | None,
        matching: Matching,
        clock: Clock,
        cover: Mapping[Side, Coverage],
        there: set[int],
        counted: int,
        *,
        reversed: bool = False,
    ) -> None:
        """`there`: frames of the server's capture that are of this connection, whether the client's has them or not.

        Frames of the server's capture count on from `counted`. `reversed`: the names of both ends are exchanged here.
        """
        self.near, self.far, self.matching, self.clock, self.there = near, far, matching, clock, there
        self.reversed = reversed
        self.names: dict[Side, Side] = {side: other(side) if reversed else side for side in ("client", "server")}
        self.here = {s.frame for s in near.segments}
        self.cover = dict(cover)
        self.counted = counted
        self.frames: dict[int, int] = {}  # of the server's capture -> here
        for i, s in enumerate(matching.far):
            one = matching.back.get(i)
            self.frames[s.frame] = self.counted + s.frame if one is None else matching.near[one].frame
        self.ways: dict[Side, list[int]] = {"client": [], "server": []}
        self.ranges: dict[tuple[Side, Side], Ranges] = {}
        alone: list[tuple[Side, Segment]] = []
        alone += [("client", s) for i, s in enumerate(matching.near) if i not in matching.pairs | matching.parts]
        alone += [("server", s) for i, s in enumerate(matching.far) if i not in matching.back | matching.joined]
        for at, s in alone:
            absent = other(at)
            if self._missed(s, at, absent):
                self.cover[absent] = replace(self.cover[absent], leaks=True)

    def connection(self) -> Connection:
        """All of it but the ending: packets, RSTs, states, notes; "client" is where the first capture was made."""
        matching, near, far = self.matching, self.near, self.far
        done = [
            self._near(i, s) for i, s in enumerate(matching.near)
            if s.frame in self.here and (s.duplicate_of is None or i in matching.pairs or -1 - i in matching.doubled)
        ]  # fmt: skip
        for j, s in enumerate(matching.far):
            placed = j in matching.back or j in matching.joined or j in matching.doubled
            if s.frame in self.there and not placed and s.duplicate_of is None:
                done.append(self._far(s))
        done = self._delivered(done)
        done.sort(key=lambda s: s.ts_ns)
        done = self._stated(done)
        done = self._with_copies(done)
        resets = self._resets({s.frame: s for s in done})
        known = {reset.frame: reset for reset in resets}
        done = [replace(s, reset=known.get(s.frame)) for s in done]
        fates = Counter((s.side, s.fate) for s in done if s.duplicate_of is None)
        seen = Counter(s.seen for s in done if s.duplicate_of is None)
        way = {side: min(ways) if ways else None for side, ways in self.ways.items()}
        told = replace(
            near,
            segments=tuple(done),
            resets=resets,
            icmp=tuple(self._icmp()),
            isn=self._isn(),
            cut_start=near.cut_start and (far is None or far.cut_start),
            server_state=near.server_state if far is None else far.server_state,
            other_end=OtherEnd(
                number=None if far is None else far.number,
                client=None if far is None else far.client,
                server=None if far is None else far.server,
                clock=self.clock,
                both=seen["both"],
                client_only=seen["client"],
                server_only=seen["server"],
                lost=Pair(fates["client", "lost"], fates["server", "lost"]),
                unsent=Pair(fates["client", "unsent"], fates["server", "unsent"]),
                way_ns=(way["client"], way["server"]),
                reversed=self.reversed,
            ),
        )
        notes = told.notes
        if matching.doubled and not any(s.duplicate_of is not None and s.seen == "both" for s in done):
            notes = tuple(note for note in notes if not note.endswith(TWICE))  # each was sent, or delivered, twice
        return replace(told, notes=(*notes, *self._notes(told)))

    # --- packets

    def _near(self, place: int, s: Segment) -> Segment:
        matching = self.matching
        twins = [matching.far[j] for j in matching.parts.get(place, ())]
        if place in matching.pairs:
            twins = [matching.far[matching.pairs[place]]]
        if -1 - place in matching.doubled:
            first = matching.near[matching.doubled[-1 - place]].frame
            return replace(s, duplicate_of=first, arrived_ns=s.ts_ns, seen="client")
        if not twins:
            return self._alone(s, "client", s.ts_ns)
        there = [self.clock.common(twin.ts_ns) for twin in twins]
        if s.side == "client":  # of data in pieces: all of it has arrived with the last, and left with the first
            sent, arrived, own = s.ts_ns, max(there), s
        else:
            sent, arrived, own = min(there), s.ts_ns, twins[0]
        if len(twins) == 1:
            self.ways[s.side].append(arrived - sent)
        again = own.retransmission_of
        if again is None and space(own):  # equal to one before it, and sent all the same
            again = own.duplicate_of
        if again is not None and own is not s:
            again = self.frames.get(again, again + self.counted)
        return replace(
            s, ts_ns=sent, sent_ns=sent, arrived_ns=arrived, seen="both", fate="arrived", server_frame=twins[0].frame,
            retransmission_of=again, duplicate_of=None, keepalive=own.keepalive, window_probe=own.window_probe,
        )  # fmt: skip

    def _delivered(self, done: list[Segment]) -> list[Segment]:
        """How often each packet arrived, where a capture does not hold packets twice by itself."""
        matching = self.matching
        more = Counter(matching.near[near].frame for near in matching.doubled.values())
        return [replace(s, deliveries=1 + more[s.frame]) if s.duplicate_of is None else s for s in done]

    def _far(self, s: Segment) -> Segment:
        again = s.retransmission_of
        told = replace(
            s,
            frame=self.counted + s.frame,
            server_frame=s.frame,
            retransmission_of=None if again is None else self.frames.get(again, again + self.counted),
        )
        return self._alone(told, "server", self.clock.common(s.ts_ns))

    def _alone(self, s: Segment, at: Side, t_ns: int) -> Segment:
        """A packet that only the capture `at` that end has."""
        absent = other(at)
        fate: Fate = "missed"
        if self.cover[absent].whole(t_ns):
            fate = "lost" if s.side == at else "unsent"
        told = replace(s, ts_ns=t_ns, seen=at, fate=fate)
        return replace(told, sent_ns=t_ns) if s.side == at else replace(told, arrived_ns=t_ns)

    def _missed(self, s: Segment, at: Side, absent: Side) -> bool:
        """Whether the capture that does not have it must have missed it: it knows of the same bytes, but has none."""
        if not space(s) or s.flags & RST:
            return False
        start, end = self._ranges(at, s.side).of(s)
        held = self._ranges(absent, s.side)
        if held.holds(start, end):
            return False
        if s.side == absent:  # its sender went on behind it
            return held.top > end
        segments = self.matching.near if absent == "client" else self.matching.far
        return any(held.place(a.ack) >= end for a in segments if a.side == absent and a.flags & ACK)

    def _ranges(self, at: Side, side: Side) -> Ranges:
        """What the capture at one end has of one side's data; both captures' count alike."""
        if (at, side) not in self.ranges:
            matching = self.matching
            shift = matching.shifts[0 if side == "client" else 1]
            one, two = ([s for s in captured if s.side == side] for captured in (matching.near, matching.far))
            base = one[0].seq if one else (two[0].seq - shift) & M32 if two else 0
            if at == "client":
                self.ranges[at, side] = Ranges(one, base)
            else:
                self.ranges[at, side] = Ranges(two, base, shift)
        return self.ranges[at, side]

    def _stated(self, done: Sequence[Segment]) -> list[Segment]:
        """Each end's states as its own capture has them; a packet that an end has no part in leaves its state."""
        near = [(s.ts_ns, s.client_state) for s in self.matching.near]
        far = [(self.clock.common(s.ts_ns), s.server_state) for s in self.matching.far]
        by_frame = {s.frame: s.client_state for s in self.matching.near}
        by_server_frame = {s.frame: s.server_state for s in self.matching.far}
        told = []
        for s in done:
            client = by_frame.get(s.frame)
            if client is None:
                client = _state_at(near, s.ts_ns) or _before(self.matching.near, "client")
            server = None if s.server_frame is None else by_server_frame.get(s.server_frame)
            if server is None:
                server = _state_at(far, s.ts_ns) or _before(self.matching.far, "server")
            told.append(replace(s, client_state=client, server_state=server))
        return told

    def _with_copies(self, done: list[Segment]) -> list[Segment]:
        """What the client's capture holds twice stands behind its first copy."""
        copies: dict[int, list[Segment]] = {}
        known = {s.frame for s in done}
        for s in self.near.segments:
            if s.duplicate_of is not None and s.frame not in known:
                copies.setdefault(s.duplicate_of, []).append(s)
        told = []
        for s in done:
            told.append(s)
            for copy in copies.get(s.frame, ()):
                told.append(replace(s, frame=copy.frame, duplicate_of=s.frame, reset=None))
        return told

    def _isn(self) -> tuple[int | None, int | None]:
        if self.far is None:
            return self.near.isn
        one, two = (
            here if here is not None or there is None else (there - shift) & M32
            for here, there, shift in zip(self.near.isn, self.far.isn, self.matching.shifts, strict=True)
        )
        return one, two

    # --- ICMP errors

    def _icmp(self) -> Iterator[IcmpError]:
        """Those of the client's capture; the same in the server's tells when it left, or when it arrived there.

        The same has type, code and the quoted sequence number; of several, each is the next one, if none is missing.
        """
        there: dict[tuple[Side, int, int, int], deque[int]] = {}
        for e in self.far.icmp if self.far is not None else ():
            seq = (e.seq - self.matching.shifts[0 if e.to == "client" else 1]) & M32
            there.setdefault((e.to, e.type, e.code, seq), deque()).append(self.clock.common(e.ts_ns))
        here = Counter((e.to, e.type, e.code, e.seq) for e in self.near.icmp)
        both = {key for key, times in there.items() if len(times) == here[key]}
        for e in self.near.icmp:
            key = e.to, e.type, e.code, e.seq
            if key not in both:
                yield e
            elif e.to == "client":
                yield replace(e, ts_ns=there[key].popleft(), arrived_ns=e.ts_ns)
            else:
                yield replace(e, arrived_ns=there[key].popleft())

    # --- RSTs

    def _resets(self, segments: Mapping[int, Segment]) -> tuple[Reset, ...]:
        """Each RST: what it answers by the capture at its sender's end, what it met by that at its receiver's."""
        near = {r.frame: r for r in self.near.resets}
        far = {self.frames.get(r.frame, self.counted + r.frame): r for r in (self.far.resets if self.far else ())}
        told = []
        for frame in sorted({*near, *far}, key=lambda frame: segments[frame].ts_ns if frame in segments else 0):
            if frame not in segments:  # a copy: in the client's capture, as it is
                told += [near[frame]] if frame in near else []
                continue
            s = segments[frame]
            of = {"client": near.get(frame), "server": self._here(far.get(frame), frame)}
            cause, meets = of[s.side] or of[other(s.side)], of[other(s.side)] or of[s.side]
            assert cause is not None and meets is not None
            if s.fate == "unsent":
                cause = meets
            reset = replace(
                cause, frame=frame, ts_ns=(near.get(frame) or cause).ts_ns, sender=s.side,
                accepted=meets.accepted, receiver_state=meets.receiver_state, pending_error=meets.pending_error,
                distance=meets.distance, why_not_accepted=meets.why_not_accepted, unsent=s.fate == "unsent",
            )  # fmt: skip
            if s.fate == "lost":
                reset = replace(
                    reset, accepted=False, lost=True, why_not_accepted=WHYS[WHY_NOT_THERE], pending_error=None
                )
            told.append(reset)
        alone = [s for s in segments.values() if s.flags & RST and s.duplicate_of is None and s.fate == "arrived"]
        told += _equal(alone, told, segments)
        return tuple(sorted(told, key=lambda one: segments[one.frame].ts_ns if one.frame in segments else 0))

    def _here(self, reset: Reset | None, frame: int) -> Reset | None:
        """A RST of the server's capture with this capture's frames and times."""
        if reset is None:
            return None

        def here(there: int | None) -> int | None:
            return None if there is None else self.frames.get(there, self.counted + there)

        return replace(
            reset, frame=frame, ts_ns=self.clock.common(reset.ts_ns), answers_frame=here(reset.answers_frame),
            echo_of=here(reset.echo_of),
        )  # fmt: skip

    # --- words

    def _notes(self, told: Connection) -> list[str]:
        said = []
        both = self.far
        if both is None:
            said.append(NOT_THERE)
        elif (both.client, both.server) != (told.client, told.server):
            seen = turned(both) if self.reversed else both
            end = self.names["server"]
            said.append(f"at the {end}'s end it is {seen.client} to {seen.server} (address translation)")
        for side, name in self.names.items():
            of = [s for s in told.segments if s.side == side and s.duplicate_of is None]
            lost = [s.frame for s in of if s.fate == "lost"]
            if lost:
                said.append(
                    f"lost on the way from the {name}: {named(lost)}; the capture at the {self.names[other(side)]}'s "
                    f"end does not have {'it' if len(lost) == 1 else 'them'}"
                )
            unsent = [s.frame for s in of if s.fate == "unsent"]
            if unsent:
                said.append(
                    f"in the {name}'s name, but not sent by it: {named(unsent)}; the capture at the {name}'s end does "
                    f"not have {'it' if len(unsent) == 1 else 'them'}"
                )
            for at in self.names:
                missed = [s for s in of if s.fate == "missed" and s.seen == at]
                cover = self.cover[other(at)]
                outside = [s.frame for s in missed if not cover.first_ns <= s.ts_ns <= cover.last_ns]
                within = [s.frame for s in missed if s.frame not in outside]
                only = f"only in the capture at the {self.names[at]}'s end: "
                if outside:
                    said.append(f"{only}{named(outside)}; the other capture does not reach so far")
                if within:
                    said.append(f"{only}{named(within)}; the other capture has missed packets")
        doubled = len(self.matching.doubled)
        if doubled:
            said.append("1 packet arrived twice" if doubled == 1 else f"{doubled:,} packets arrived twice")
        back = [
            s.frame for s in told.segments if None not in (s.sent_ns, s.arrived_ns) and (s.arrived_ns or 0) < s.ts_ns
        ]
        if back:
            said.append(f"by the captures' clocks {named(back)} arrived before it left: a clock was set in between")
        return said


def _equal(sent: Sequence[Segment], known: Sequence[Reset], segments: Mapping[int, Segment]) -> list[Reset]:
    """RSTs that one capture alone takes for copies of another: equal answers to equal segments, each sent."""
    frames = {reset.frame for reset in known}
    found = []
    for s in sent:
        like = next((r for r in known if r.frame in segments and _alike(segments[r.frame], s)), None)
        if s.frame in frames or like is None:
            continue
        came = [a for a in segments.values() if a.side != s.side and a.ack == s.seq and a.at(s.side) <= s.ts_ns]
        answered = None if like.answers_frame is None or not came else max(came, key=lambda a: a.at(s.side)).frame
        took = like.accepted is not False
        found.append(
            replace(
                like, frame=s.frame, ts_ns=s.at(other(s.side)), answers_frame=answered, pending_error=None,
                accepted=False if took else like.accepted, receiver_state="CLOSED" if took else like.receiver_state,
                why_not_accepted=WHYS[WHY_NO_CONNECTION] if took else like.why_not_accepted,
            )
        )  # fmt: skip
    return found


def _alike(one: Segment, two: Segment) -> bool:
    return (one.side, one.flags, one.seq, one.ack) == (two.side, two.flags, two.seq, two.ack)


def named(frames: Sequence[int]) -> str:
    """Frames, the first ones by number."""
    shown = ", ".join(str(frame) for frame in frames[:MOST_NAMED])
    more = f" and {len(frames) - MOST_NAMED:,} more" if len(frames) > MOST_NAMED else ""
    return ("frame " if len(frames) == 1 else "frames ") + shown + more


def _state_at(states: Sequence[tuple[int, str]], t_ns: int) -> str | None:
    place = bisect_right(states, t_ns, key=lambda one: one[0])
    return states[place - 1][1] if place else None


def _before(captured: Sequence[Segment], side: Side) -> str:
    """One end's state before its capture's first packet."""
    if not captured:
        return "UNKNOWN" if side == "server" else "CLOSED"
    first = captured[0]
    if first.flags & (SYN | ACK) == SYN:
        return "CLOSED" if first.side == side else "LISTEN"
    return first.client_state if side == "client" else first.server_state


def ended(told: Connection, near: Connection, far: Connection | None) -> Connection:
    """How it ended by both captures: the client's decides, what the server's proves corrects it, and a note says so."""
    how, who, first = near.ending, near.ended_by, near.closed_first
    took = [reset for reset in told.resets if reset.accepted is not False]
    sure = [reset for reset in took if reset.accepted]
    why = ""
    if how != "closed":
        if how in ("reset", "refused") and not took and who != "both":
            how, who = _without_reset(told, far)
            fins = [side for side in ("client", "server") if getattr(told.fin, side)]
            first = fins[0] if len(fins) == 1 else None
            why = "no RST reached its receiver"
        elif sure and how not in ("reset", "refused", "handshake-incomplete"):
            one = sure[0]
            how = "refused" if one.receiver_state == "SYN_SENT" else "reset"
            who = "path" if one.unsent else one.sender
            first = first or one.sender
            why = f"a RST reached the {other(one.sender)}"
        elif took and how in ("reset", "refused"):
            one = (sure or took)[0]
            if one.unsent:
                who = "path"
                why = f"frame {one.frame} was sent by neither end"
            elif who not in ("path", "both"):
                who = one.sender
                why = f"the RST that took effect is frame {one.frame}"
        elif far is not None and (how, far.ending) in CORRECTED:
            how, who = far.ending, far.ended_by
            why = "the server's capture has what the client's does not"
    if (how, who) == (near.ending, near.ended_by):
        return told
    said = f"{ALONE}: {_outcome(near.ending, near.ended_by)}; by both: {_outcome(how, who)} ({why})"
    return replace(
        told, ending=how, ended_by=who, closed_first=first, notes=(*told.notes, said),
        cut_end=how in ("open", "half-closed"),
    )  # fmt: skip


#: What the server's capture knows better: endings of the client's -> of the server's.
CORRECTED = {
    ("unanswered", "handshake-incomplete"), ("open", "timed-out"), ("half-closed", "timed-out"),
    ("unanswered", "open"), ("unknown", "open"), ("unknown", "half-closed"), ("unknown", "timed-out"),
}  # fmt: skip


def _without_reset(told: Connection, far: Connection | None) -> tuple[str, str]:
    if far is not None and far.ending in ("timed-out", "handshake-incomplete"):
        return far.ending, far.ended_by
    if told.ending == "refused":
        return "unanswered", "nobody"
    return ("half-closed" if bool(told.fin.client) != bool(told.fin.server) else "open"), "nobody"


def _outcome(how: str, who: str) -> str:
    return how if who in ("nobody", "unknown") else f"{how}, by {'both' if who == 'both' else f'the {who}'}"
