"""The packets of one connection in two captures: which of the one is which of the other.

A packet is known by its direction, flags, length and sequence numbers (counted from each capture's own, should a
firewall have rewritten them); copies of one another by timestamps or IP-ID, and then by the order of time. Network
cards cut and join segments behind a capture's back: data is then found by its range of sequence numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from .story import ACK, FIN, RST, SYN, Clock, Segment, Side

M32 = 0xFFFFFFFF
HALF = 0x80000000
FLAGS = 0x3F  # routers and middleboxes may change the ECN bits
_SIDES: tuple[Side, Side] = ("client", "server")
_Place = tuple[str, int]  # "near" or "far", place there
_Group = tuple[tuple[object, ...], list[int], list[int]]  # a key, and who has it: places in near, in far


def space(segment: Segment) -> int:
    """Sequence numbers that it uses up."""
    return segment.payload + bool(segment.flags & SYN) + bool(segment.flags & FIN)


def _shift(side: int, near: Sequence[Segment], far: Sequence[Segment], isn: tuple[int | None, int | None]) -> int:
    """By how much one side's sequence numbers are higher in the far capture."""
    if isn[0] is not None and isn[1] is not None:
        return (isn[1] - isn[0]) & M32
    there: dict[tuple[object, ...], list[int]] = {}
    for s in far:
        if s.side == _SIDES[side] and (s.payload or s.options.tsval):
            there.setdefault((s.flags & FLAGS, s.payload, s.options.tsval, s.options.tsecr), []).append(s.seq)
    votes: Counter[int] = Counter()
    for s in near:
        if s.side == _SIDES[side] and (s.payload or s.options.tsval):
            key = (s.flags & FLAGS, s.payload, s.options.tsval, s.options.tsecr)
            votes.update((seq - s.seq) & M32 for seq in there.get(key, ())[:8])
    if not votes or votes[0] == max(votes.values()):
        return 0
    return votes.most_common(1)[0][0]


class Ranges:
    """The data of one side that a capture holds, as ranges counted from `base`."""

    def __init__(self, segments: Iterable[Segment], base: int, shift: int = 0) -> None:
        self.base = base
        self.shift = shift
        parts = sorted(self.of(s) for s in segments if space(s) and not s.flags & RST)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in parts:
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def place(self, seq: int) -> int:
        """A sequence number of this capture, counted from the base; before it, negative."""
        at = (seq - self.shift - self.base) & M32
        return at - M32 - 1 if at >= HALF else at

    def of(self, segment: Segment) -> tuple[int, int]:
        """The range of a segment of this capture."""
        start = self.place(segment.seq)
        return start, start + space(segment)

    def holds(self, start: int, end: int) -> bool:
        """Whether all of it was captured."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]

    @property
    def top(self) -> int:
        """Where what was captured ends."""
        return self._ends[-1] if self._ends else -HALF


class Matching:
    """Pairs of places in two lists of segments, without packets that a capture by itself holds twice."""

    def __init__(
        self, near: Sequence[Segment], far: Sequence[Segment],
        isn: tuple[tuple[int | None, int | None], tuple[int | None, int | None]] = ((None, None), (None, None)),
    ) -> None:  # fmt: skip
        """`near` is the client's capture, `far` the server's; `isn` what each side's SYN had, near and far."""
        self.near, self.far = near, far
        self.shifts = (_shift(0, near, far, isn[0]), _shift(1, near, far, isn[1]))
        self.pairs: dict[int, int] = {}  # near -> far
        self.back: dict[int, int] = {}  # far -> near
        self.parts: dict[int, list[int]] = {}  # near data that arrived in other pieces -> those of the far capture
        self.joined: dict[int, list[int]] = {}  # far data that left in other pieces -> those of the near capture
        self.doubled: dict[int, int] = {}  # far copies that the network made -> near; near ones are -1 - place
        self._left: list[tuple[Side, list[int], list[int]]] = []
        self._certain()

    def _key(self, s: Segment, far: bool) -> tuple[object, ...]:
        own = self.shifts[0 if s.side == "client" else 1] if far else 0
        peer = self.shifts[1 if s.side == "client" else 0] if far else 0
        refuses = s.flags & RST and not s.seq  # answers a segment without ACK: its number is 0, in any numbering
        seq = s.seq if refuses else (s.seq - own) & M32
        return s.side, s.flags & FLAGS, s.payload, seq, (s.ack - peer) & M32 if s.flags & ACK else None

    def _pair(self, one: int, other: int) -> None:
        self.pairs[one] = other
        self.back[other] = one

    def _certain(self) -> None:
        """Pair what leaves no choice; the rest waits for the clock."""
        groups: dict[tuple[object, ...], tuple[list[int], list[int]]] = {}
        for place, s in enumerate(self.near):
            groups.setdefault(self._key(s, False), ([], []))[0].append(place)
        for place, s in enumerate(self.far):
            groups.setdefault(self._key(s, True), ([], []))[1].append(place)
        both = [self._arrived(key, here, there) for key, (here, there) in groups.items() if here and there]
        by_time = self._kept(both, lambda s: (s.options.tsval, s.options.tsecr) if s.options.tsval else None)
        by_id = self._kept(both, lambda s: s.ip_id or None)
        for key, here, there in both:
            side: Side = "client" if key[0] == "client" else "server"
            split: dict[object, tuple[list[int], list[int]]] = {}
            for mine, places, segments in ((0, here, self.near), (1, there, self.far)):
                for place in places:
                    s = segments[place]
                    stamp = (s.options.tsval, s.options.tsecr) if by_time and s.options.tsval else None
                    name = (stamp, s.ip_id if by_id and s.ip_id else None)
                    split.setdefault(name, ([], []))[mine].append(place)
            for one, other in split.values():
                if len(one) == len(other):
                    for a, b in zip(one, other, strict=True):
                        self._pair(a, b)
                elif one and other:
                    self._left.append((side, one, other))

    def _arrived(self, key: tuple[object, ...], here: list[int], there: list[int]) -> _Group:
        """A group of equal packets; copies of which fewer came than seem to have left were only captured again."""
        if key[0] == "client" and len(here) > len(there):
            here = [i for i in here if self.near[i].duplicate_of is None]
        elif key[0] == "server" and len(there) > len(here):
            there = [j for j in there if self.far[j].duplicate_of is None]
        return key, here, there

    def _kept(self, both: Sequence[_Group], mark: Callable[[Segment], object]) -> bool:
        """Whether the mark reaches the other end as it was: in most packets that are single in both captures."""
        told = [
            (mark(self.near[here[0]]), mark(self.far[there[0]]))
            for _, here, there in both
            if len(here) == len(there) == 1
        ]
        told = [(one, other) for one, other in told if one is not None or other is not None]
        return 2 * sum(one == other for one, other in told) >= len(told)

    def stamps(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """When each packet left and arrived, by the clock of either end: to the server, to the client."""
        to_server, to_client = [], []
        for one, other in self.pairs.items():
            near, far = self.near[one], self.far[other]
            if near.side == "client":
                to_server.append((near.ts_ns, far.ts_ns))
            else:
                to_client.append((far.ts_ns, near.ts_ns))
        return to_server, to_client

    def finish(self, clock: Clock) -> None:
        """Pair copies by their times, and data that was cut or joined on the way by its range."""
        slack = clock.uncertainty_ns or 0
        for side, here, there in self._left:
            times = {("near", i): self.near[i].ts_ns for i in here}
            times |= {("far", i): clock.common(self.far[i].ts_ns) for i in there}
            left = [("near", i) for i in here] if side == "client" else [("far", i) for i in there]
            came = [("far", i) for i in there] if side == "client" else [("near", i) for i in here]
            if self._each(side, left, came, times, slack):
                continue
            # A copy that arrived is the last one that had left by then; when as many left as came, in order.
            free = 0
            last: _Place | None = None
            for number, arrival in enumerate(came):
                most = len(left) - (len(came) - number - 1)  # what comes after needs one, too
                fits = [i for i in range(free, max(free + 1, most)) if i < len(left)]
                in_time = [i for i in fits if times[left[i]] <= times[arrival] + slack]
                if in_time:
                    last, free = left[in_time[-1]], in_time[-1] + 1
                    one, other = (last[1], arrival[1]) if side == "client" else (arrival[1], last[1])
                    self._pair(one, other)
                elif last is not None:
                    self._double(arrival, last)
        self._left = []
        self._pieces()

    def _double(self, arrival: _Place, left: _Place) -> None:
        """One more arrival of a packet that has arrived before."""
        if arrival[0] == "far":
            self.doubled[arrival[1]] = left[1]
        else:
            self.doubled[-1 - arrival[1]] = self.back[left[1]]

    def _each(
        self, side: Side, left: list[_Place], came: list[_Place], times: Mapping[_Place, int], slack: int
    ) -> bool:
        """Pair equal packets on a way that delivered each of them equally often, in their order; False: it did not."""
        often, rest = divmod(len(came), len(left))
        if rest or often < 2 or len(left) < 2:
            return False
        of = [(left[number // often], arrival) for number, arrival in enumerate(came)]
        if any(times[sent] > times[arrival] + slack for sent, arrival in of):
            return False
        for number, (sent, arrival) in enumerate(of):
            if number % often:
                self._double(arrival, sent)
            else:
                one, other = (sent[1], arrival[1]) if side == "client" else (arrival[1], sent[1])
                self._pair(one, other)
        return True

    def _pieces(self) -> None:
        """Segments of data whose bytes the other capture has in other pieces."""
        for number, side in enumerate(_SIDES):
            here = [i for i, s in enumerate(self.near) if s.side == side and s.payload and i not in self.pairs]
            there = [i for i, s in enumerate(self.far) if s.side == side and s.payload and i not in self.back]
            there = [i for i in there if i not in self.doubled]
            if not here or not there:
                continue
            base = self.near[here[0]].seq
            own = Ranges((self.near[i] for i in here), base)
            other = Ranges((self.far[i] for i in there), base, self.shifts[number])
            for i in here:
                start, end = own.of(self.near[i])
                if other.holds(start, end):
                    self.parts[i] = [j for j in there if _touch((start, end), other.of(self.far[j]))]
            for j in there:
                start, end = other.of(self.far[j])
                if own.holds(start, end):
                    self.joined[j] = [i for i in here if _touch((start, end), own.of(self.near[i]))]


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
