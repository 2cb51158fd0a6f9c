"""The verdicts on the connections of a scanned capture: judged once, all together, told one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from .acts import act, never_accepted, read_all
from .connections import ConnectionTable, ResetTable
from .icmp import NAMES, named
from .rules import Facts, Judged, judge, verdicts
from .rules.facts import READ_ALL, READ_SOME, READ_UNKNOWN
from .scan import Scan
from .story import Connection, Reset, Verdict
from .tell import by_packets
from .track import Reset as ResetRecord
from .vocabulary import ACTS, ENDINGS, NOBODY_CLOSED, REASONS, SHAPES, WHO, WHYS

ACCEPTED = (False, True, None)  # of ACCEPTED_*
GAVE_UP = ("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH")  # what a kernel says when it ends a connection without a RST


class Verdicts:
    """What is held of each connection of a capture. `facts` and `judged` have one row per connection."""

    def __init__(self, found: Scan) -> None:
        self.table, self.resets = ConnectionTable(found), ResetTable(found)
        self.facts = Facts(self.table, self.resets)
        quoted(self.facts, found)
        goes_on(self.facts, found)
        if found.joining is not None:
            resets: dict[int, list[ResetRecord]] = {}
            for r in found.resets:
                resets.setdefault(r.connection, []).append(r)
            for row, c in enumerate(found.connections):
                join(self.facts, row, found.joining.join(by_packets(found, c, resets.get(c.number, ()))))
        self.judged: Judged = judge(self.facts)
        self._both_ends = found.vantage is not None

    def _row(self, number: int) -> int:
        """The row of a tcp.stream; they stand in their order."""
        row = int(np.searchsorted(self.table["number"], number))
        if row == len(self.table) or self.table["number"][row] != number:
            raise KeyError(number)
        return row

    def told(self, told: Connection) -> tuple[Verdict, ...]:
        """The same of a connection that is told; by both its captures, where the server's end was captured, too."""
        if not self._both_ends or told.other_end is None:
            return self.of(told.number)
        row = self._row(told.number)
        f = self.facts.alone(row)
        here = set(f.resets("frame").tolist())
        elsewhere = sum(reset.frame not in here for reset in told.resets)  # captured at the server's end only
        if elsewhere:
            f = self.facts.alone(row, elsewhere)
        correct(f, told)
        join(f, 0, told)
        return verdicts(f, judge(f), 0)

    def by_both(self, told: Iterable[Connection]) -> Iterator[Connection]:
        """Hold of each of these what both its captures tell, and pass it on."""
        for one in told:
            if one.other_end is not None:
                row = self._row(one.number)
                for name, value in _ended(one).items():
                    self.table[name][row] = value
                self.judged.tell(row, one.verdicts)
            yield one

    def of(self, number: int) -> tuple[Verdict, ...]:
        """The verdicts on one connection (tcp.stream), its headline first. Raises KeyError."""
        return verdicts(self.facts, self.judged, self._row(number))


def quoted(f: Facts, found: Scan) -> None:
    """The last ICMP error of each connection, into its row."""
    if not found.tracker.errors:
        return
    rows = {c.number: row for row, c in enumerate(found.connections)}
    for error in found.tracker.errors:
        row = rows.get(error.connection)
        if row is not None:
            f.icmp[row] = NAMES.index(named(int(f.version[row]), error)[0])
            f.icmp_frame[row] = error.frame


def goes_on(f: Facts, found: Scan) -> None:
    """Under which number each connection goes on, into its row."""
    if not found.continued:
        return
    rows = {c.number: row for row, c in enumerate(found.connections)}
    for number, other in found.continued.items():
        if number in rows:
            f.continued[rows[number]] = other + 1
            f.continued_frame[rows[number]] = found.tracker.connections[other].first_frame


def correct(f: Facts, told: Connection) -> None:
    """What two captures together say of a connection, into its columns: `f` has no other row."""
    for name, value in _ended(told).items():
        getattr(f, name)[0] = value
    frames = f.resets("frame")
    free = iter(np.flatnonzero(frames == 0))
    decided = first = 0
    for reset in told.resets:
        places = np.flatnonzero(frames == reset.frame)
        place = int(places[0] if len(places) else next(free))
        if not len(places):
            f.resets("frame")[place] = reset.frame
            f.resets("ts_ns")[place] = reset.ts_ns
            f.resets("sender")[place] = WHO.index(reset.sender)
            f.resets("shape")[place] = SHAPES.index(reset.shape)
            f.resets("answers_frame")[place] = reset.answers_frame or 0
            for unknown in ("rtt_ns", "latency_ns", "silence_ns", "quiet_ns"):
                f.resets(unknown)[place] = -1
        f.resets("accepted")[place] = ACCEPTED.index(reset.accepted)
        f.resets("why")[place] = WHYS.index(reset.why_not_accepted or "")
        first = first or place + 1
        if reset.accepted is not False:
            decided = decided or place + 1
    f.deciding[0] = decided or first


def _ended(told: Connection) -> dict[str, int]:
    """How it ended, as columns have it."""
    first = NOBODY_CLOSED if told.closed_first is None else WHO.index(told.closed_first)
    return {"ending": ENDINGS.index(told.ending), "ended_by": WHO.index(told.ended_by), "closed_first": first}


def join(f: Facts, row: int, told: Connection) -> None:
    """What programs and kernels said of one connection, into its row."""
    frame = int(f.rst_frame[row])
    reset = next((one for one in told.resets if one.frame == frame), None)
    if reset is not None:
        _join_reset(f, row, told, reset)
    f.never_accepted[row] = never_accepted(told)
    for event in told.kernel:
        if event.kind == "error" and event.errno in GAVE_UP:
            f.gave_up[row] = 0 if event.side == "client" else 1


def _join_reset(f: Facts, row: int, told: Connection, reset: Reset) -> None:
    if reset.kernel_reason in REASONS:
        f.reason[row] = REASONS.index(reset.kernel_reason)
    f.proved_forged[row] = reset.forged or reset.unsent
    f.act[row] = ACTS.index(act(told, reset))
    if f.retransmissions_client[row] + f.retransmissions_server[row] == 0:  # the count of bytes holds no byte twice
        read = read_all(told, reset, int(f.rst_received[row]))
        f.read[row] = READ_UNKNOWN if read is None else READ_ALL if read else READ_SOME


def of(found: Scan) -> Verdicts:
    """The verdicts on a capture's connections; judged when they are first asked for."""
    if found.verdicts is None:
        found.verdicts = Verdicts(found)
    return found.verdicts


def codes(found: Scan) -> Sequence[str]:
    """The headline of each connection, in the order of `found.connections`."""
    judged = of(found).judged
    return [judged.codes[place] for place in judged.headline]
