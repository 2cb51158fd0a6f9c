"""Connections that are alike in all that decides what their applications' calls return: one tells of all of them.

Of a capture of hundreds of thousands of connections a few hundred are different. What `outcomes.worlds` looks at is
taken from the columns of both tables; the connections for which all of it is the same are of one kind. Only where the
packets alone speak: calls, kernels and a second capture say something of each connection by itself.
"""

from __future__ import annotations

import os

import numpy as np

from .connections import Column, ConnectionTable
from .distinct import numbered
from .outcomes.worlds import LONGEST_RTO_NS, MARGIN_NS, RETRIED
from .rules.facts import Facts
from .scan import Scan
from .story import SIDES
from .tell import unreachable
from .vocabulary import ACCEPTED_NO, FACT_ACKED, FACT_QUOTED, FACT_TOP


def kinds(found: Scan, f: Facts, table: ConnectionTable, rows: Column) -> tuple[Column, Column]:
    """The kind of each of these rows by number, and of each kind one row."""
    keys = [by_connection(table, rows, found.tracker.last_ts), by_resets(table, f)[rows], by_icmp(found, table)[rows]]
    kind, first = numbered(keys)
    return kind, rows[first]


def by_icmp(found: Scan, table: ConnectionTable) -> Column:
    """What ICMP errors have left at both ends, as one number; few connections have any."""
    key = np.zeros(len(table), dtype=np.uint64)
    known: dict[tuple[tuple[str, ...], ...], int] = {}
    for row in np.flatnonzero(table["facts"] & np.uint64(FACT_QUOTED)):
        c = found.connections[row]
        left = tuple(unreachable(found, c, side) for side in (c.client, 1 - c.client))
        key[row] = known.setdefault(left, 1 + len(known))
    return key


def by_connection(table: ConnectionTable, rows: Column, end_ns: int) -> Column:
    """What counts of the connection itself, packed."""
    key = np.zeros(len(rows), dtype=np.uint64)

    def add(values: Column, bits: int) -> None:
        nonlocal key
        key = key << np.uint64(bits) | values.astype(np.uint64)

    for name in ("state_client", "state_server", "ending", "ended_by"):
        add(table[name][rows], 4)
    add(table["closed_first"][rows] & 7, 3)
    add(table["start_seen"][rows] > 0, 1)
    add(table["syn_client"][rows] > 0, 1)
    facts = table["facts"][rows]
    heard = {side: np.maximum(table[f"heard_{side}"][rows], table["first_ns"][rows]) for side in SIDES}
    for number, (side, other) in enumerate((SIDES, SIDES[::-1])):
        add(table[f"packets_{side}"][rows] > 0, 1)
        add(table[f"fin_{side}"][rows] > 0, 1)
        add(table[f"retransmissions_{side}"][rows] > 0, 1)
        add(np.minimum(table[f"tries_{side}"][rows], RETRIED), 2)
        known = np.uint64((FACT_ACKED | FACT_TOP) << number)
        add((facts & known == known) & (table[f"unacked_{side}"][rows] == 0), 1)
        waited, silent = since(heard[side], heard[other]), since(np.full(len(rows), end_ns), heard[side])
        add(gave_up(waited, silent), 1)
        add((table[f"window_{other}"][rows] == 0) & (table[f"zero_windows_{other}"][rows] > 0), 1)
    return key


def since(later: Column, earlier: Column) -> Column:
    """Nanoseconds between two times, 0 where the second is not later; unsigned, as far apart as they may be."""
    apart: Column = later.astype(np.int64).view(np.uint64) - earlier.astype(np.int64).view(np.uint64)
    return np.where(later > earlier, apart, np.uint64(0))


def gave_up(waited: Column, silent: Column) -> Column:
    """`worlds.gave_up` of many."""
    waited = np.minimum(waited, np.uint64(LONGEST_RTO_NS))
    limit = np.minimum(waited + (waited >> np.uint64(1)), np.uint64(LONGEST_RTO_NS)) + np.uint64(MARGIN_NS)
    found: Column = silent > limit
    return found


def by_resets(table: ConnectionTable, f: Facts) -> Column:
    """What counts of each row's RSTs in their order, as one number: others have the same by a chance of 2**-64."""
    key = np.zeros(len(table), dtype=np.uint64)
    row = f.row_of_reset
    here = np.flatnonzero(row >= 0)
    here = here[np.argsort(row[here], kind="stable")]
    if not len(here):
        return key
    row = row[here]
    code = np.zeros(len(here), dtype=np.uint64)
    last = f.resets("frame")[here] == table["last_frame"][row]
    sender = f.resets("sender")[here].astype(np.uint64)
    known = table["facts"][row] >> sender & np.uint64(FACT_TOP) != 0
    for values, bits in (
        (sender, 1), (f.resets("shape")[here], 2), (f.resets("accepted")[here], 2),
        (f.resets("receiver_state")[here], 4), (f.resets("sender_state")[here], 4),
        (f.resets("answers_frame")[here] > 0, 1), (known & (f.resets("distance")[here] < 0), 1),
        (last, 1), (np.ones(len(here)), 1),
    ):  # fmt: skip
        code = code << np.uint64(bits) | values.astype(np.uint64)
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    place = np.arange(len(here)) - np.repeat(starts, np.diff(np.r_[starts, len(here)]))
    salt = np.full(int(place.max()) + 1, np.uint64(int.from_bytes(os.urandom(8), "little") | 1))
    key[row[starts]] = np.add.reduceat(code * np.multiply.accumulate(salt)[place], starts)
    return key


def seen_since(table: ConnectionTable, f: Facts) -> tuple[Column, Column]:
    """When what the client's and the server's application saw had come: with the other's RST, else the last packet."""
    latest = np.iinfo(np.int64).max
    told = []
    for side in (0, 1):
        first = np.full(len(table), latest)
        came = np.flatnonzero(
            (f.row_of_reset >= 0) & (f.resets("sender") != side) & (f.resets("accepted") != ACCEPTED_NO)
        )
        np.minimum.at(first, f.row_of_reset[came], f.resets("ts_ns")[came])
        told.append(np.where(first == latest, table["last_ns"], first))
    return told[0], told[1]
