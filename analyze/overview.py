"""A whole capture in numbers that can be drawn: services, endings over time, findings, silences, resets.

Everything is counted with NumPy; no step looks at connections one by one where there are more than `MOST_BARS`. What is
drawn has the same size for any number of them: `BINS` parts of time, `MOST_ROWS` services, the others summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .connections import Column, ConnectionTable, Mask, ResetTable
from .distinct import distinct, numbered
from .story import (
    Bar,
    Capture,
    Clustering,
    Counts,
    Histogram,
    IdleGaps,
    Incident,
    Overview,
    Peak,
    Place,
    ResetCount,
    ResetFigures,
    Service,
)
from .tell import address
from .vocabulary import (
    ACCEPTED_NO,
    ACCEPTED_UNKNOWN,
    ACCEPTED_YES,
    CLASSES,
    ENDING_RESET,
    ENDINGS,
    ORDINARY,
    SHAPES,
    WHO,
)

MOST_BARS = 80  # connections with a bar each
BINS = 150  # parts of the time range
MOST_ROWS = 8  # services with a row of their own
MANY_SERVERS = 8  # a port that more servers than this have is one service
MOST_PEAKS = 4

SECOND = 10**9
GAP_EDGES = (*(round(10 ** (6 + step / 16)) for step in range(105)), 3600 * SECOND)  # 1 ms to 1 h
LATENCY_EDGES = tuple(round(10 ** (3 + step / 8)) for step in range(57))  # 1 µs to 10 s

OPEN, RESET_CLIENT, RESET_SERVER, REFUSED = (
    CLASSES.index(name) for name in ("open", "reset-client", "reset-server", "refused")
)
ABNORMAL = np.array([name not in ORDINARY for name in CLASSES])
#: (ending, who) -> class
CLASS = np.array(
    [
        [
            CLASSES.index(f"reset-{who if f'reset-{who}' in CLASSES else 'unknown'}" if how == ENDING_RESET else name)
            for who in WHO
        ]
        for how, name in enumerate(ENDINGS)
    ],
    dtype=np.uint8,
)


class Chosen:
    """The rows of a table that are looked at, as columns: class of ending, service, times."""

    def __init__(self, table: ConnectionTable, mask: Mask | None) -> None:
        rows = slice(None) if mask is None else np.flatnonzero(mask)
        self.column = {name: table[name][rows] for name in NEEDED}
        self.mask = mask
        self.size = len(self.column["number"])
        self.kind = CLASS[self.column["ending"], self.column["ended_by"]].astype(np.int64)
        self.abnormal = ABNORMAL[self.kind]
        self.first_ns = int(self.column["first_ns"].min()) if self.size else 0
        self.last_ns = int(self.column["last_ns"].max()) if self.size else 0
        services = services_of(self.column) if self.size else (EMPTY, EMPTY, EMPTY)
        self.service, self.first_row, self.servers = services

    def part(self, ns: Column) -> Column:
        """In which of the `BINS` equal parts of the time range each time lies."""
        # Modulo 2**64: a difference of two times may be too large for 63 bits.
        since = ns.view(np.uint64) - np.uint64(self.first_ns % 2**64)
        part: Column = since.astype(np.float64) * (BINS / max(1, self.last_ns - self.first_ns))
        return np.clip(part.astype(np.int64), 0, BINS - 1)

    def counts(self, rows: Column | Mask | slice = slice(None)) -> Counts:
        """Connections per class."""
        return tuple(np.bincount(self.kind[rows], minlength=len(CLASSES)).tolist())

    def place(self, rows: Column) -> Place:
        """What is common to the servers of these rows, which have one port."""
        one = rows[0]
        hi, lo, version = (self.column[name] for name in ("server_hi", "server_lo", "version"))
        same = np.all((hi[rows] == hi[one]) & (lo[rows] == lo[one]) & (version[rows] == version[one]))
        name = address(int(version[one]), int(hi[one]), int(lo[one])) if same else None
        return Place(int(self.column["server_port"][one]), name, 1 if same else int(self.servers[self.service[one]]))

    def place_of(self, service: int) -> Place:
        """The service itself."""
        one = self.first_row[service]
        several = int(self.servers[service])
        place = self.place(np.array([one]))
        return place if several == 1 else Place(place.port, None, several)


NEEDED = (
    "number", "version", "server_hi", "server_lo", "server_port", "first_ns", "last_ns", "silence_ns",
    "ending", "ended_by",
)  # fmt: skip
EMPTY: Column = np.zeros(0, dtype=np.int64)


def overview(
    capture: Capture,
    table: ConnectionTable,
    resets: ResetTable,
    clustering: Clustering,
    mask: Mask | None = None,
    after_us: Callable[[int], int] = lambda row: 0,
) -> Overview:
    """The figures of the rows of `table` that `mask` lets through, of which `clustering` is, and of their RSTs.

    `after_us`: for how long packets of a row came after its close (columns.after_close).
    """
    chosen = Chosen(table, mask)
    their = of_connections(resets, None if mask is None else chosen.column["number"])
    return Overview(
        capture=capture,
        total=len(table),
        connections=chosen.size,
        first_ns=chosen.first_ns,
        last_ns=chosen.last_ns,
        counts=chosen.counts(),
        services=tuple(bars(chosen, their, after_us) if chosen.size <= MOST_BARS else strips(chosen)),
        clustering=clustering,
        incidents=tuple(incidents(chosen)),
        idle=idle_gaps(chosen),
        resets=reset_figures(chosen, their),
    )


def services_of(column: dict[str, Column]) -> tuple[Column, Column, Column]:
    """The service of each row by number; of each service its first row, and how many servers it has."""
    server, first = numbered([column[name] for name in ("server_lo", "server_hi", "server_port", "version")])
    port = distinct(column["server_port"][first])
    crowded = port.rows[port.place] > MANY_SERVERS
    service = distinct(np.where(crowded, port.place, len(port.values) + np.arange(len(first))))
    return service.place[server], first[service.first], service.rows


def ranked(chosen: Chosen) -> tuple[Column, Column, Column]:
    """Services, most abnormal endings first, then most connections; both counts by service."""
    count = len(chosen.servers)
    everything = np.bincount(chosen.service, minlength=count)
    abnormal = np.bincount(chosen.service[chosen.abnormal], minlength=count)
    return np.lexsort((chosen.first_row, -everything, -abnormal)), everything, abnormal


def bars(chosen: Chosen, resets: dict[str, Column], after_us: Callable[[int], int]) -> Iterator[Service]:
    """Every service with a bar for each of its connections."""
    order, everything, abnormal = ranked(chosen)
    rows_of = np.arange(chosen.size) if chosen.mask is None else np.flatnonzero(chosen.mask)  # in the table
    ended: dict[int, tuple[int, int | None]] = {}
    for row in np.lexsort((resets["accepted"] == ACCEPTED_NO, resets["connection"])):  # by connection, accepted first
        silence = int(resets["silence_ns"][row])
        ended.setdefault(int(resets["connection"][row]), (int(resets["ts_ns"][row]), silence if silence >= 0 else None))
    for service in order:
        rows = np.flatnonzero(chosen.service == service)
        rows = rows[np.lexsort((chosen.column["number"][rows], chosen.column["first_ns"][rows]))]
        drawn = []
        for row in rows:
            number, kind = int(chosen.column["number"][row]), CLASSES[chosen.kind[row]]
            start, last = int(chosen.column["first_ns"][row]), int(chosen.column["last_ns"][row])
            at, silence_ns = (
                chosen.last_ns if kind == "open" else last - after_us(int(rows_of[row])) * 1000,
                None,
            )
            if kind.startswith("reset") and number in ended:
                at, silence_ns = ended[number]
            drawn.append(Bar(number, start, last, at, kind, silence_ns))
        yield Service(
            place=chosen.place_of(service),
            services=1,
            connections=int(everything[service]),
            abnormal=int(abnormal[service]),
            counts=chosen.counts(rows),
            bars=tuple(drawn),
        )


def strips(chosen: Chosen) -> Iterator[Service]:
    """The services with the most abnormal endings, and the others as one; endings in `BINS` parts of time."""
    order, everything, abnormal = ranked(chosen)
    own = order[:MOST_ROWS] if len(order) > MOST_ROWS + 1 else order
    row_of = np.full(len(order), len(own))
    row_of[own] = np.arange(len(own))
    rows = len(own) + (len(order) > len(own))
    part = chosen.part(chosen.column["last_ns"])
    part[chosen.kind == OPEN] = BINS - 1  # still there when the capture ended
    cells = (row_of[chosen.service] * len(CLASSES) + chosen.kind) * BINS + part
    counted = np.bincount(cells, minlength=rows * len(CLASSES) * BINS).reshape(rows, len(CLASSES), BINS)
    for row in range(rows):
        mine = order[row : row + 1] if row < len(own) else order[len(own) :]
        yield Service(
            place=chosen.place_of(own[row]) if row < len(own) else None,
            services=len(mine),
            connections=int(everything[mine].sum()),
            abnormal=int(abnormal[mine].sum()),
            counts=tuple(counted[row].sum(axis=1).tolist()),
            bins=tuple(tuple(counts) for counts in counted[row].tolist()),
        )


def incidents(chosen: Chosen) -> Iterator[Incident]:
    """Services whose server reset or refused three connections or more within a twentieth of the time or less.

    At least half of what it so ended falls into that time, and so it ended at least half of what ended then.
    """
    window = (chosen.last_ns - chosen.first_ns) // 20
    trouble = np.flatnonzero((chosen.kind == RESET_SERVER) | (chosen.kind == REFUSED))
    of_service = np.bincount(chosen.service[trouble], minlength=1)
    for service in np.argsort(-of_service, kind="stable")[:MOST_ROWS]:
        if of_service[service] < 3 or window == 0:
            return
        rows = trouble[chosen.service[trouble] == service]
        rows = rows[np.argsort(chosen.column["last_ns"][rows], kind="stable")]
        at = chosen.column["last_ns"][rows]
        start, inside = densest(at, window)
        rows = rows[start : start + inside]
        first, last = int(at[start]), int(at[start + len(rows) - 1])
        ended = (chosen.service == service) & (chosen.kind != OPEN)
        ended &= (chosen.column["last_ns"] >= first) & (chosen.column["last_ns"] <= last)
        if len(rows) < 3 or 2 * len(rows) < of_service[service] or 2 * len(rows) < np.count_nonzero(ended):
            continue
        refused = chosen.kind[rows] == REFUSED
        resets, refusals = int(np.count_nonzero(~refused)), int(np.count_nonzero(refused))
        yield Incident(
            place=chosen.place(rows),
            first_ns=first,
            last_ns=last,
            resets=resets,
            refused=refusals,
            refused_after=bool(resets and refusals and np.all(refused[resets:])),
            example=int(chosen.column["number"][rows].min()),
        )


def densest(at: Column, window: int) -> tuple[int, int]:
    """Of times in order: where the most of them lie within `window` ns, the first of these and how many."""
    since = (at.view(np.uint64) - at.view(np.uint64)[0]).astype(np.float64)  # modulo 2**64, as `Chosen.part`
    inside = np.searchsorted(since, since + window, "right") - np.arange(len(at))
    start = int(np.argmax(inside))
    return start, int(inside[start])


def idle_gaps(chosen: Chosen) -> IdleGaps:
    """The silences before the end, and those that many connections share."""
    known = chosen.column["silence_ns"] >= 0
    silence, kind = chosen.column["silence_ns"][known], chosen.kind[known]
    return IdleGaps(
        gaps=histogram(silence, kind, len(CLASSES), GAP_EDGES),
        without=chosen.size - len(silence),
        peaks=peaks(silence, kind),
    )


def histogram(values: Column, kind: Column, kinds: int, edges: tuple[int, ...]) -> Histogram:
    """How many values of each kind lie between the edges."""
    bins = len(edges) + 1
    place = np.searchsorted(np.array(edges), values, "right")
    counted = np.bincount(kind.astype(np.int64) * bins + place, minlength=kinds * bins).reshape(kinds, bins)
    return Histogram(
        edges_ns=edges,
        counts=tuple(tuple(row) for row in counted[:, 1:-1].tolist()),
        below=tuple(counted[:, 0].tolist()),
        above=tuple(counted[:, -1].tolist()),
    )


FINE = np.log(1.01)  # width of the bins in which peaks are looked for
PEAKS_FROM = 10_000_000  # ns
NEAR, WIDE = 1, 25  # bins to each side: a peak's own, and around it


def peaks(silence: Column, kind: Column) -> tuple[Peak, ...]:
    """Silences of 10 ms and more that many share (`sharp`), in one class of endings or in several."""
    long = silence >= PEAKS_FROM // 2  # what lies around the shortest, too
    silence, kind = silence[long], kind[long]
    place = silence_bins(silence)
    candidates: list[tuple[int, int]] = []
    for one in np.unique(kind):
        candidates += sharp(place[kind == one])
    found: list[Peak] = []
    taken: list[int] = []
    for _, best in sorted(candidates, reverse=True):
        if len(found) < MOST_PEAKS and all(abs(best - other) > WIDE for other in taken):
            mine = np.abs(place - best) <= NEAR
            counts = tuple(np.bincount(kind[mine], minlength=len(CLASSES)).tolist())
            found.append(Peak(int(np.median(silence[mine])), counts))
            taken.append(best)
    return tuple(sorted(found, key=lambda peak: -peak.count))


def silence_bins(silence: Column) -> Column:
    """In which bin of `sharp` each silence lies; none is shorter than half of `PEAKS_FROM`."""
    bins: Column = (np.log(silence / (PEAKS_FROM / 2)) / FINE).astype(np.int64) + WIDE
    return bins


def at_peak(bins: Column) -> Iterator[Column]:
    """The places of those that lie in each bin that stands out among these (`sharp`), and beside it."""
    for _, best in sharp(bins):
        yield np.flatnonzero(np.abs(bins - best) <= NEAR)


def sharp(place: Column) -> list[tuple[int, int]]:
    """The bins that stand out among these values, most first: how many lie in each, and which it is.

    At least half of what lies within 25 % around lies within 3 %; there are so many of them that chance would not have
    it (four of four, seven of fifty, ten of any number), and one in a hundred.
    """
    sums = np.concatenate(([0], np.cumsum(np.bincount(place, minlength=int(place.max()) + 2 * WIDE + 1))))
    middles = np.arange(WIDE, len(sums) - WIDE - 1)
    near = sums[middles + NEAR + 1] - sums[middles - NEAR]
    around = sums[middles + WIDE + 1] - sums[middles - WIDE]
    enough = max(min(3.5 + len(place) / 15, 10), len(place) / 100)
    stands_out = (near >= enough) & (2 * near >= around) & (middles >= WIDE + np.log(2) / FINE)
    found: list[tuple[int, int]] = []
    while len(found) < MOST_PEAKS and np.any(stands_out):
        best = int(np.argmax(np.where(stands_out, near, 0)))
        found.append((int(near[best]), int(middles[best])))
        stands_out &= np.abs(middles - middles[best]) > WIDE
    return found


def of_connections(resets: ResetTable, numbers: Column | None) -> dict[str, Column]:
    """The columns of the RSTs that belong to these connections (None: to any)."""
    if numbers is None or not len(resets):
        return resets.columns
    wanted = np.zeros(int(resets["connection"].max()) + 1, dtype=np.bool_)
    wanted[numbers[numbers < len(wanted)]] = True
    rows = np.flatnonzero(wanted[resets["connection"]])
    return {name: column[rows] for name, column in resets.columns.items()}


def reset_figures(chosen: Chosen, resets: dict[str, Column]) -> ResetFigures:
    """RSTs by sender, shape and acceptance, over time, and how long after the segment that they answer."""
    sender = resets["sender"].astype(np.int64)
    whether = {ACCEPTED_YES: True, ACCEPTED_NO: False, ACCEPTED_UNKNOWN: None}
    keys = (sender * len(SHAPES) + resets["shape"]) * len(whether) + resets["accepted"]
    counted = np.bincount(keys, minlength=2 * len(SHAPES) * len(whether)).reshape(2, len(SHAPES), len(whether))
    kinds = [
        ResetCount("server" if side else "client", name, accepted, int(counted[side, shape, number]))
        for side in (0, 1)
        for shape, name in enumerate(SHAPES)
        for number, accepted in whether.items()
        if counted[side, shape, number]
    ]
    parts = np.bincount(sender * BINS + chosen.part(resets["ts_ns"]), minlength=2 * BINS).reshape(2, BINS)
    answers = resets["latency_ns"] >= 0
    latency, by = resets["latency_ns"][answers], sender[answers]
    medians = [int(np.median(latency[by == side])) if np.any(by == side) else None for side in (0, 1)]
    return ResetFigures(
        total=len(sender),
        connections=int(np.count_nonzero(np.bincount(resets["connection"]))),
        kinds=tuple(kinds),
        bins=tuple(tuple(row) for row in parts.tolist()),
        latency=histogram(latency, by, 2, LATENCY_EDGES),
        median_ns=(medians[0], medians[1]),
    )
