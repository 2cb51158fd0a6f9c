"""One connection tells of all of its kind: what their calls return is the same, and since when is each one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from finrst.analyze.alike import gave_up, kinds, seen_since, since
from finrst.analyze.errors import since_ns
from finrst.analyze.outcomes import worlds
from finrst.analyze.outcomes.worlds import Left
from finrst.analyze.scan import Scan, scan
from finrst.analyze.tell import stories
from finrst.analyze.verdicts import of

ROOT = Path(__file__).parents[2]
EVER = (-(2**63), -(10**18), -1, 0, 1, 10**9, 120 * 10**9, 10**18, 2**63 - 1)


def checked(found: Scan) -> tuple[int, int]:
    """Compares every connection with that of its kind; how many connections and kinds there are."""
    held = of(found)
    rows = np.arange(len(held.table))
    kind, first = kinds(found, held.facts, held.table, rows)
    client, server = seen_since(held.table, held.facts)
    told = list(stories(found, found.connections))
    for row, one in enumerate(told):
        other = told[first[kind[row]]]
        assert one.outcomes == other.outcomes, (found.shown, one.number, other.number)
        assert (one.fin.client > 0, one.fin.server > 0) == (other.fin.client > 0, other.fin.server > 0)
        assert (one.closed_first, one.ending, one.ended_by) == (other.closed_first, other.ending, other.ended_by)
        assert (client[row], server[row]) == (since_ns(one, "client"), since_ns(one, "server"))
    return len(told), len(first)


def test_what_calls_return_is_the_same_for_all_of_a_kind(shared_captures: Path) -> None:
    connections, different = checked(scan(sorted(map(str, ROOT.glob("samples/*/packets.pcapng")))))
    assert connections > 130 and different < connections
    for path in sorted(shared_captures.glob("*.pcap*")):
        if path.stat().st_size < 200_000:
            checked(scan(str(path)))


def test_the_order_of_resets_makes_another_kind(sample: Callable[[str], Path]) -> None:
    found = scan([str(sample("crossing-resets")), str(sample("write-twice")), str(sample("crossing-resets"))])
    held = of(found)
    rows = np.arange(len(held.table))
    kind, first = kinds(found, held.facts, held.table, rows)
    assert len(first) > 1
    assert sorted(set(kind.tolist())) == list(range(len(first)))


@pytest.mark.parametrize("later", EVER)
@pytest.mark.parametrize("earlier", EVER)
def test_times_are_as_far_apart_as_they_are(later: int, earlier: int) -> None:
    assert since(np.array([later]), np.array([earlier])).tolist() == [max(0, later - earlier)]


@pytest.mark.parametrize("waited", [0, 1, 10**9, 79 * 10**9, 80 * 10**9, 120 * 10**9, 2**64 - 1])
def test_who_gave_up_by_columns_gave_up_by_itself(waited: int) -> None:
    limit = min(waited + waited // 2, worlds.LONGEST_RTO_NS) + worlds.MARGIN_NS
    for silent in (0, limit, limit + 1, 2**64 - 1):
        columns = gave_up(np.array([waited], dtype=np.uint64), np.array([silent], dtype=np.uint64))
        assert columns.tolist() == [worlds.gave_up(Left(waited_ns=waited, silent_ns=silent))]
