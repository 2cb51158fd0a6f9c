"""A capture at each end: which connections they share, how their clocks differ, and each connection by both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .clocks import compared
from .matching import Matching
from .scan import Scan
from .story import BothEnds, Clock, Connection, Segment, Side
from .together import ALONE, NOT_THERE, Coverage, Together, ended, turned
from .twins import Packets, Twins, twins

MOST_WITNESSES = 15  # other connections whose packets help to compare the clocks
MOST_BESIDE = 2  # connections between the same ports that are looked at, before and after


@dataclass
class _Pair:
    """A connection of the client's capture, and what may be it in the server's."""

    near: Connection
    there: Mapping[int, Connection]
    matching: Matching
    reversed: bool = False  # its own client is at the server's end: the names of both ends stand exchanged here


def _goes_back(matching: Matching) -> bool:
    """Whether packets arrive before they leave, one way with the other: then the captures' ends are exchanged.

    Whatever the clocks, the way there and the way back together take time.
    """
    there, back = matching.stamps()
    if not there or not back:
        return False
    return sum(sorted(arrived - sent for sent, arrived in way)[len(way) // 2] for way in (there, back)) < 0


class Vantage:
    """The server's capture beside the client's, ready to be asked for by connection."""

    def __init__(
        self,
        client: Scan,
        server: Scan,
        packets: Packets,
        *,
        recorded: bool = False,
        own: Collection[int] | None = None,
    ) -> None:
        """`recorded`: both are one recording's: one clock, and nothing of its `own` connections left out."""
        self.client, self.server, self.recorded = client, server, recorded
        self._own = own  # None: all
        self.twins: Twins = twins(client, server, packets)
        self.clock: Clock | None = None
        self._between = (_between(client), _between(server))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of the two captures as a whole."""
        said = []
        if self.twins.ambiguous:
            n = len(self.twins.ambiguous)
            which = "1 connection fits" if n == 1 else f"{n:,} connections fit"
            said.append(f"{which} several of the server's capture: told from the client's alone")
        return tuple(said)

    def witnesses(self, numbers: Sequence[int]) -> list[int]:
        """Connections told beside these, to compare the clocks by: the next ones that both captures have."""
        if self.recorded or not numbers:
            return []
        asked = set(numbers)
        middle = sorted(numbers)[len(numbers) // 2]
        rest = [number for number in self.twins.of if number not in asked]
        return sorted(rest, key=lambda number: (abs(number - middle), number))[:MOST_WITNESSES]

    def beside(self, end: int, numbers: Iterable[int]) -> list[int]:
        """These connections of the client's capture (`end` 0) or the server's (1), with those before and after them
        between the same ports: a forged SYN makes two of one, and perhaps in one capture only.
        """
        found: dict[int, None] = {}
        for number in numbers:
            same = self._between[end].get(number, [number])
            place = same.index(number)
            found.update(dict.fromkeys(same[max(0, place - MOST_BESIDE) : place + MOST_BESIDE + 1]))
        return list(found)

    def there(self, numbers: Iterable[int]) -> list[int]:
        """What of the server's capture these connections of the client's may be, or be part of."""
        twins = [self.twins.of[number] for number in numbers if number in self.twins.of]
        return self.beside(1, twins)

    def together(
        self, near: Mapping[int, Connection], far: Mapping[int, Connection], numbers: Sequence[int]
    ) -> dict[int, Connection]:
        """The connections `numbers` by both captures; near and far hold them with their packets, and the witnesses."""
        pairs = {number: self._pair(number, near, far) for number in near}
        clock = self.clock = self._compared([pair.matching for pair in pairs.values()])
        told = {}
        for number in numbers:
            pair = pairs[number]
            if clock is not None:
                pair.matching.finish(clock)
            twin = pair.there.get(self._stream(number, pair))
            whole = self.recorded and (self._own is None or number in self._own)
            if clock is None or (twin is None and not whole):
                fits = number in self.twins.ambiguous
                said = "several connections of the server's capture may be this one" if fits else NOT_THERE
                told[number] = replace(near[number], notes=(*near[number].notes, said))
                continue
            alone = {s.frame for f in pair.there.values() if self.twins.of.get(number) == f.number for s in f.segments}
            cover: dict[Side, Coverage] = {side: self.coverage(side, clock) for side in ("client", "server")}
            one = Together(
                pair.near, twin, pair.matching, clock, cover, alone, self.client.packets, reversed=pair.reversed
            ).connection()
            if pair.reversed:
                one, twin = turned(one), None if twin is None else turned(twin)
            told[number] = ended(one, near[number], twin)
        return told

    def _pair(self, number: int, near: Mapping[int, Connection], far: Mapping[int, Connection]) -> _Pair:
        """A connection and what may be it in the server's capture, with "client" the end where the first was made."""
        one, there = near[number], self._there(number, near, far)
        beside = [near[n] for n in self.beside(0, [number]) if n in near and n != number]
        others = [turned(two) if (two.client, two.server) == (one.server, one.client) else two for two in beside]
        pair = self._matched(one, others, there)
        if _goes_back(pair.matching):
            there = {n: turned(two) for n, two in there.items()}
            pair = self._matched(turned(one), [turned(two) for two in others], there)
            pair.reversed = True
        return pair

    def _matched(self, one: Connection, others: Sequence[Connection], there: Mapping[int, Connection]) -> _Pair:
        twin = there.get(self.twins.of.get(one.number, -1))
        isn = ((one.isn[0], twin.isn[0]), (one.isn[1], twin.isn[1])) if twin else ONE_NUMBERING
        return _Pair(one, there, Matching(_held("client", one, *others), _held("server", *there.values()), isn))

    def summed(self, told: Iterable[Connection]) -> BothEnds:
        """What both captures say of all these connections."""
        connections = there = lost_packets = unsent_packets = 0
        lost: list[int] = []
        unsent: list[int] = []
        corrected: list[int] = []
        for one in told:
            connections += 1
            end = one.other_end
            there += end is not None and end.number is not None
            corrected += [one.number] if any(note.startswith(ALONE) for note in one.notes) else []
            if end is None:
                continue
            for counts, of in ((end.lost, lost), (end.unsent, unsent)):
                of += [one.number] if counts.client + counts.server else []
            lost_packets += end.lost.client + end.lost.server
            unsent_packets += end.unsent.client + end.unsent.server
        return BothEnds(
            self.server.shown, connections, there, len(self.twins.ambiguous), self.clock,
            tuple(lost), lost_packets, tuple(unsent), unsent_packets, tuple(corrected),
        )  # fmt: skip

    def _there(
        self, number: int, near: Mapping[int, Connection], far: Mapping[int, Connection]
    ) -> dict[int, Connection]:
        """What of the server's capture may be this connection or a part of it, its client named as here."""
        one = near[number]
        twin = far.get(self.twins.of.get(number, -1))
        own, peer = (twin.client, twin.server) if twin is not None else (one.client, one.server)
        if number in self.twins.turned:
            own, peer = peer, own
        found = {}
        for other_number in self.there(self.beside(0, [number])):
            there = far.get(other_number)
            if there is not None:
                exchanged = (
                    number in self.twins.turned if there is twin else (there.client, there.server) == (peer, own)
                )
                found[other_number] = turned(there) if exchanged else there
        return found

    def _stream(self, number: int, pair: _Pair) -> int:
        """The connection there that this one is: its twin, else the one that has its packets."""
        if number in self.twins.of:
            return self.twins.of[number]
        of = {s.frame: f.number for f in pair.there.values() for s in f.segments}
        here = {s.frame for s in pair.near.segments}
        matching = pair.matching
        frames = (matching.far[j].frame for i, j in matching.pairs.items() if matching.near[i].frame in here)
        return next((of[frame] for frame in frames if frame in of), -1)

    def _compared(self, matchings: Iterable[Matching]) -> Clock | None:
        if self.recorded:
            return Clock(0, self.client.tracker.first_ts, 0, same=True)
        to_server: list[tuple[int, int]] = []
        to_client: list[tuple[int, int]] = []
        for matching in matchings:
            one, two = matching.stamps()
            to_server += one
            to_client += two
        return compared(to_server, to_client)

    def coverage(self, side: Side, clock: Clock) -> Coverage:
        """Of the capture at that end."""
        scan = self.client if side == "client" else self.server
        first, last = scan.tracker.first_ts, scan.tracker.last_ts
        if side == "server":
            first, last = clock.common(first), clock.common(last)
        return Coverage(first, last, bool(scan.source.dropped), self.recorded)


ONE_NUMBERING: tuple[tuple[None, None], tuple[None, None]] = ((None, None), (None, None))


def _between(scan: Scan) -> dict[int, list[int]]:
    """The connections whose ports are also another one's, each with all of them."""
    by_ends: dict[object, list[int]] = {}
    for c in scan.connections:
        ends = frozenset(((c.hi[0], c.lo[0], c.port[0]), (c.hi[1], c.lo[1], c.port[1])))
        by_ends.setdefault(ends, []).append(c.number)
    return {number: same for same in by_ends.values() if len(same) > 1 for number in same}


def _held(end: Side, *connections: Connection) -> list[Segment]:
    """Their packets by time, none twice only because the capture at that end holds packets twice.

    One that does so by itself, at two interfaces for instance, has most of what its own end sends twice. Else equal
    packets were sent or delivered more than once: they stay.
    """
    held = [s for one in connections for s in one.segments]
    sent = {s.frame for s in held if s.side == end and s.duplicate_of is None}
    twice = {s.duplicate_of for s in held if s.side == end and s.duplicate_of is not None}
    if 2 * len(twice) >= len(sent):
        held = [s for s in held if s.duplicate_of is None]
    return sorted(held, key=lambda s: s.ts_ns) if len(connections) > 1 else held
