"""Equal endings, clustered across the connections of a capture: what happened where, how often, to whom and when.

A cluster has one server, one verdict and the same ends in its parts; a port that fails at many servers, and a server
that fails at many ports, is one. Connections that were silent for the same time before their end, as a timer makes it,
are a cluster of their own. Everything is counted with NumPy: only the `MOST` clusters that are told are looked at one
by one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .connections import Column, ConnectionTable, Mask
from .distinct import distinct, how_many, numbered
from .overview import at_peak, densest, silence_bins
from .rules import FALLBACK, Facts, Judged, judge, rules, verdicts
from .story import Burst, Cluster, Clustering, Timer
from .tell import address
from .vocabulary import ENDINGS, TIMERS, WHO

MOST = 64  # clusters that are told
MANY = 8  # servers with one port, or ports of one server, from which on they are not named one by one
SECOND = 10**9
FEWEST_AT_ONCE = 4  # connections of a burst
NEAR_TIMER = 0.02  # of its length
TIMER_SLACK = 50_000_000  # ns that a program may be late

NO_SENDER = 2


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows that belong together: of each row its group; of each group its count, and that of all to its servers."""

    of_row: Column
    count: Column
    of: Column
    first: Column  # a row of each
    servers: Column
    ports: Column


def clusters(table: ConnectionTable, f: Facts, judged: Judged, mask: Mask | None = None) -> Clustering:
    """The clusters of the rows that `mask` lets through, most connections hurt first.

    Behind those that hurt somebody come those that the capture does not explain, then those that hurt nobody.
    """
    rows = np.arange(len(table)) if mask is None else np.flatnonzero(mask)
    if not len(rows):
        return Clustering((), 0, 0)
    groups = grouped(table, f, judged, rows)
    rank = ranks(judged)[judged.headline[rows[groups.first]]]
    order = np.lexsort((groups.first, -groups.count, rank))
    ends = np.sort(table["last_ns"][rows])
    window = (int(ends[-1]) - int(table["first_ns"][rows].min())) // 20
    parts = [
        (group, one, timer)
        for group in order[:MOST]
        for its in (rows[np.flatnonzero(groups.of_row == group)],)
        for one, timer in by_timer(its, table["silence_ns"][its])
    ]
    examples = f.block(np.array([one[0] for _, one, _ in parts]))  # what telling needs is gathered for these only
    again = judge(examples)
    told: list[tuple[int, int, int, Cluster]] = []
    for place, (group, one, timer) in enumerate(parts):
        cluster = Cluster(
            verdict=verdicts(examples, again, place)[0],
            benign=bool(rank[group] == 2),
            ending=ENDINGS[table["ending"][one[0]]],
            ended_by=WHO[table["ended_by"][one[0]]],
            address=None if groups.servers[group] > 1 else server(table, int(one[0])),
            port=None if groups.ports[group] > 1 else int(table["server_port"][one[0]]),
            servers=int(groups.servers[group]),
            ports=int(groups.ports[group]),
            count=len(one),
            of=int(groups.of[group]),
            clients=clients(table, one),
            first_ns=int(table["last_ns"][one].min()),
            last_ns=int(table["last_ns"][one].max()),
            timer=timer,
            burst=burst(table["last_ns"][one], ends, window),
            example=int(table["number"][one[0]]),
        )
        told.append((int(rank[group]), -len(one), int(one[0]), cluster))
    told.sort(key=lambda each: each[:3])
    left = order[MOST:]
    return Clustering(tuple(each[3] for each in told), len(left), int(groups.count[left].sum()))


def ranks(judged: Judged) -> Column:
    """For each code of `judged`: 0 where somebody was hurt, 1 where nobody knows, 2 where nobody was."""
    known = rules()
    return np.array([2 if known[code].benign else int(code == FALLBACK) for code in judged.codes])


def grouped(table: ConnectionTable, f: Facts, judged: Judged, rows: Column) -> Groups:
    """Rows by server, verdict and who did what; many servers or many ports with the same become one."""
    owner, where = numbered([table[name] for name in ("server_lo", "server_hi", "server_port", "version")])
    everything = np.bincount(owner)  # of each server, whatever the filter
    sender = np.where(f.deciding[rows] > 0, f.rst_sender[rows], NO_SENDER)
    kind = judged.headline[rows].astype(np.uint16) << 7
    kind |= table["ended_by"][rows].astype(np.uint16) << 4
    kind |= (table["closed_first"][rows].astype(np.uint16) & 3) << 2 | sender
    kinds = np.flatnonzero(np.bincount(kind))
    place = np.zeros(int(kinds[-1]) + 1, dtype=np.int64)
    place[kinds] = np.arange(len(kinds))
    fine, first, of_row, count = distinct(owner[rows] * len(kinds) + place[kind])
    server_of, kind_of = fine // len(kinds), fine % len(kinds)
    where = where[server_of]
    port = table["server_port"][where].astype(np.int64)
    host, _ = numbered([table[name][where] for name in ("server_lo", "server_hi", "version")])
    by_port, by_host = port * len(kinds) + kind_of, host * len(kinds) + kind_of
    crowd = shared(by_port) > MANY
    scan = (shared(by_host) > MANY) & ~crowd
    far = int(by_port.max()) + 1
    label = np.where(crowd, by_port, far + np.where(scan, by_host, int(by_host.max()) + 1 + np.arange(len(fine))))
    _, begin, group, members = distinct(label)
    return Groups(
        of_row=group.astype(np.int32)[of_row],
        count=np.bincount(group, weights=count).astype(np.int64),
        of=np.bincount(group, weights=everything[server_of]).astype(np.int64),
        first=first[begin],
        servers=np.where(crowd[begin], members, 1),
        ports=np.where(scan[begin], members, 1),
    )


def shared(keys: Column) -> Column:
    """For each key how many are the same."""
    each = distinct(keys)
    return each.rows[each.place]


def by_timer(rows: Column, silence: Column) -> Iterator[tuple[Column, Timer | None]]:
    """The rows that were silent for the same time before their end, with that time; and the others."""
    others = np.ones(len(rows), dtype=np.bool_)
    long = np.flatnonzero(silence >= SECOND)
    if len(long):
        bins = silence_bins(silence[long])
        for peak in at_peak(bins):
            mine = long[peak]
            others[mine] = False
            yield rows[mine], timer(silence[mine])
    if others.any():
        yield rows[others], None


def timer(silence: Column) -> Timer:
    """What these silences have in common, and the timers of that length that are widely used."""
    low, middle, high = (int(value) for value in np.percentile(silence, (10, 50, 90)))
    named = [
        name
        for seconds, names in TIMERS.items()
        for name in names
        if abs(middle - seconds * SECOND) <= max(TIMER_SLACK, seconds * SECOND * NEAR_TIMER)
    ]
    return Timer(middle, (high - low) // 2, tuple(named))


def burst(at: Column, ends: Column, window: int) -> Burst | None:
    """Where most of these times lie in one window, and twice as many of them as of the other `ends` of the capture."""
    at = np.sort(at)
    start, count = densest(at, window)
    if count < FEWEST_AT_ONCE or 2 * count <= len(at):
        return None
    first, last = at[start], at[start + count - 1]
    others = np.searchsorted(ends, last, "right") - np.searchsorted(ends, first) - count
    if others * len(at) * 2 > count * (len(ends) - len(at)):
        return None
    return Burst(int(first), int(last), count)


def clients(table: ConnectionTable, rows: Column) -> int:
    """How many addresses of clients these rows have (two of 2**64 may be taken for one, by chance)."""
    salt = np.uint64(int.from_bytes(os.urandom(8), "little") | 1)
    return how_many(table["client_lo"][rows] + (table["client_hi"][rows] + table["version"][rows]) * salt)


def server(table: ConnectionTable, row: int) -> str:
    """The server's address of one row."""
    return address(*(int(table[name][row]) for name in ("version", "server_hi", "server_lo")))
