"""From a log line to the packets: the connections in which some application can have seen exactly that error.

What each application's calls return is `outcomes`' prediction; nothing is guessed beyond it. An application that had
closed its socket saw nothing, with one exception: who closed second had read the other's EOF before.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .alike import kinds, seen_since, since
from .connections import Column, ConnectionTable, Mask
from .outcomes.worlds import MAYBE_CLOSED, RETRIED
from .scan import Scan
from .story import SIDES, Connection, Match, Matches, Outcome, Returns, Side, Sight, Sure
from .tell import stories
from .verdicts import of
from .vocabulary import FACT_QUOTED
from .wordings import END, HOST, NETWORK, PIPE, REFUSED, SELF, TIMEOUT, Call, Wording

EVER = 2**62  # ns: no capture reaches further
TOLERANCE_NS = 2 * 10**9  # clocks of logs have seconds, and differ
#: What a kernel that has given up reports once; it leaves no packet.
TIMED_OUT = frozenset((TIMEOUT, HOST, NETWORK, REFUSED))
NEAREST = 3  # that are told where nothing fits

SURE: tuple[Sure, ...] = ("next", "after", "may-be", "if-shutdown")


@dataclass(frozen=True, slots=True)
class Fits:
    """Rows that fit: of each since when it could be seen, and by which calls: a place in `sights`."""

    rows: Column
    since_ns: Column
    which: Column
    sights: list[tuple[Sight, ...]]


def matches(
    found: Scan,
    wording: Wording,
    at_ns: int | None = None,
    host: str | None = None,
    mask: Mask | None = None,
    most: int | None = None,
) -> Matches:
    """The connections that explain a log line, nearest to `at_ns` first; `host`: an address or a network of either end.

    At most so many as `most` are told; None: all. Raises ValueError where `host` is none.
    """
    held = of(found)
    chosen = np.ones(len(held.table), dtype=np.bool_) if mask is None else mask
    if host is not None:
        chosen = chosen & of_host(held.table, host)
    if found.joining is None and found.vantage is None:
        fits = by_kind(found, np.flatnonzero(chosen & may_have(held.table, wording)), wording)
    else:
        fits = one_by_one(found, np.flatnonzero(chosen), wording)
    at = 0 if at_ns is None else min(max(at_ns, -EVER), EVER)
    early = np.ones(len(fits.rows), dtype=np.bool_) if at_ns is None else fits.since_ns <= at + TOLERANCE_NS
    away = since(np.full(len(fits.rows), at), fits.since_ns) + since(fits.since_ns, np.full(len(fits.rows), at))
    sure = np.array([SURE.index(one[0].sure) for one in fits.sights], dtype=np.int64)[fits.which]
    weak = sure == SURE.index("if-shutdown")
    order = np.lexsort((sure, np.zeros(len(away)) if at_ns is None else away, weak))
    order = order[early[order]]
    told = {one.number: one for one in stories(found, [found.connections[row] for row in fits.rows[order[:most]]])}
    matched = []
    for place in order[:most]:
        one = told[int(held.table["number"][fits.rows[place]])]
        from_ns = int(fits.since_ns[place])
        away_ns = None if at_ns is None else at_ns - from_ns
        matched.append(Match(one, one.verdicts[0], fits.sights[fits.which[place]], from_ns, away_ns))
    return Matches(
        text=wording.text,
        family=wording.family,
        calls=wording.calls,
        results=wording.results,
        system=wording.system,
        found=tuple(matched),
        numbers=tuple(held.table["number"][fits.rows[order]].tolist()),
        weak=int(np.count_nonzero(weak[order])),
        too_late=int(np.count_nonzero(~early)),
        nearest=() if matched else tuple(near(found, held.table, chosen, at_ns)),
        looked_at=int(np.count_nonzero(chosen)),
    )


def by_kind(found: Scan, rows: Column, wording: Wording) -> Fits:
    """The rows that fit, of each kind by one of its connections: their packets alone tell."""
    held = of(found)
    kind, of_kind = kinds(found, held.facts, held.table, rows)
    records = {found.connections[row].number: place for place, row in enumerate(of_kind)}
    seen: list[tuple[Sight, ...]] = [()] * len(of_kind)
    for one in stories(found, [found.connections[row] for row in of_kind]):
        seen[records[one.number]] = sights(one, wording)
    seeing = np.array([bool(one) for one in seen], dtype=np.bool_)
    fits = seeing[kind]
    rows, which = rows[fits], (np.cumsum(seeing) - 1)[kind[fits]]
    seen = [one for one in seen if one]
    client, server = seen_since(held.table, held.facts)
    by_server = np.array([one[0].side == "server" for one in seen], dtype=np.bool_)[which]
    return Fits(rows, np.where(by_server, server[rows], client[rows]), which, seen)


def one_by_one(found: Scan, rows: Column, wording: Wording) -> Fits:
    """The same where calls, kernels or a second capture say something of each connection by itself."""
    fits: list[tuple[int, int]] = []
    seen: list[tuple[Sight, ...]] = []
    for row, one in zip(rows, stories(found, [found.connections[row] for row in rows]), strict=True):
        its = sights(one, wording)
        if its:
            fits.append((int(row), since_ns(one, its[0].side)))
            seen.append(its)
    columns = np.array(fits, dtype=np.int64).reshape(-1, 2)
    return Fits(columns[:, 0], columns[:, 1], np.arange(len(seen)), seen)


def of_host(table: ConnectionTable, host: str) -> Mask:
    """Rows with that address, or one of that network, at either end. Raises ValueError."""
    network = ipaddress.ip_network(host.strip("[]"), strict=False)
    return table.in_network("client", network) | table.in_network("server", network)


def may_have(table: ConnectionTable, wording: Wording) -> Mask:
    """Rows worth a closer look: an error leaves a RST, an ICMP message, or tries without an answer; EOF a FIN."""
    if set(wording.results) & {END, SELF, "blocks"}:
        return np.ones(len(table), dtype=np.bool_)
    mask: Mask = (table["rst_client"] > 0) | (table["rst_server"] > 0)
    mask |= (table["tries_client"] >= RETRIED) | (table["tries_server"] >= RETRIED)
    mask |= (table["zero_windows_client"] > 0) | (table["zero_windows_server"] > 0)
    mask |= ((table["facts"] & np.uint64(FACT_QUOTED)) != 0) | (table["syn_client"] >= RETRIED)
    return mask


def sights(one: Connection, wording: Wording) -> tuple[Sight, ...]:
    """The calls of its applications that return what the wording stands for."""
    seen: list[Sight] = []
    for side in SIDES if wording.side is None else (wording.side,):
        if SELF in wording.results:
            seen += itself(one, side)
        elif one.outcomes is not None:
            outcome = one.outcomes.client if side == "client" else one.outcomes.server
            read = [] if END not in wording.results else list(closed_second(one, side, wording))
            seen += read
            seen += [sight for sight in of_outcome(side, outcome, wording) if not read or sight.returns != END]
    return tuple(sorted(seen, key=lambda sight: SURE.index(sight.sure)))


def of_outcome(side: Side, outcome: Outcome, wording: Wording) -> Iterator[Sight]:
    """By the table of next calls: each call at its surest."""
    if outcome.next is None:
        return
    shut = outcome.why == MAYBE_CLOSED
    for call in wording.calls:
        value = plain(outcome.next.get(call))
        if value in wording.results:
            yield Sight(side, call, value, "if-shutdown" if shut else "next")
            continue
        other = next((plain(one) for one in outcome.may_be.get(call, ()) if plain(one) in wording.results), None)
        if other is not None:
            yield Sight(side, call, other, "if-shutdown" if shut else "may-be")
            continue
        yield from second(side, call, outcome, wording, shut)


def second(side: Side, call: Call, outcome: Outcome, wording: Wording, shut: bool) -> Iterator[Sight]:
    """A call that returns it once another has failed; who could not connect makes no other."""
    if outcome.next is None or "connect" in outcome.next:
        return
    gave_up = next((one for one, others in outcome.may_be.items() if set(others) & TIMED_OUT), None)
    if gave_up is not None and call == "write" and PIPE in wording.results:
        yield Sight(side, call, PIPE, "if-shutdown" if shut else "may-be", gave_up)
        return
    for before, then in outcome.after.items():
        first = plain(outcome.next.get(before))
        value = plain(then.get(call))
        if value in wording.results and first not in ("ok", "blocks", "0", ""):
            yield Sight(side, call, value, "if-shutdown" if shut else "after", before)
            return


def closed_second(one: Connection, side: Side, wording: Wording) -> Iterator[Sight]:
    """Who sent its FIN or RST second may have read the other's EOF first."""
    peers = one.fin.server if side == "client" else one.fin.client
    if "read" in wording.calls and peers and one.closed_first not in (side, None):
        yield Sight(side, "read", END, "next")


def itself(one: Connection, side: Side) -> Iterator[Sight]:
    """That the application had closed the connection itself."""
    if one.closed_first == side or (one.ending == "reset" and one.ended_by == side):
        yield Sight(side, "close", SELF, "next")


def plain(value: Returns | None) -> str:
    """A call's result by its POSIX name: WSAECONNRESET is Windows' name of ECONNRESET."""
    return value.removeprefix("WSA") if isinstance(value, str) else ""


def since_ns(one: Connection, side: Side) -> int:
    """When what that application saw had come: with the RST that it accepted, else with the last packet."""
    ends = [reset.ts_ns for reset in one.resets if reset.sender != side and reset.accepted is not False]
    return min(ends, default=one.last_ns)


def near(found: Scan, table: ConnectionTable, chosen: Mask, at_ns: int | None) -> Iterator[Match]:
    """The connections that come nearest: by time, else those that were reset, and what their calls return."""
    rows = np.flatnonzero(chosen)
    away = np.zeros(len(rows)) if at_ns is None else np.abs(table["last_ns"][rows].astype(np.float64) - at_ns)
    quiet = (table["rst_client"][rows] == 0) & (table["rst_server"][rows] == 0)
    rows = rows[np.lexsort((away, quiet))][:NEAREST]
    for one in stories(found, [found.connections[row] for row in rows]):
        yield Match(one, one.verdicts[0], (), one.last_ns, None if at_ns is None else at_ns - one.last_ns)
