"""The same connections in two captures, one at each end.

Initial sequence numbers tell a connection from every other one, also behind a NAT. Where a SYN is missing, or a
middlebox chooses numbers of its own, the same addresses and ports do, or the packets' own marks: their timestamps, or
the lengths of what they carry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .scan import Scan
from .story import Segment
from .track import Connection as Record
from .vocabulary import FACT_SYN

MOST_STRANGERS = 64  # connections of each capture whose packets are compared, where numbers and addresses tell nothing
FEWEST_MARKS = 3  # different ones that both must have

Packets = Callable[[Scan, Sequence[int]], Mapping[int, Sequence[Segment]]]
End = tuple[int, int, int]  # address in two halves, port


@dataclass
class Twins:
    """Which connection of the server's capture is which of the client's."""

    of: dict[int, int] = field(default_factory=dict)  # tcp.stream of the client's capture -> of the server's
    turned: set[int] = field(default_factory=set)  # of the client's: the other capture takes its client for the server
    ambiguous: list[int] = field(default_factory=list)  # of the client's: several fit equally well


@dataclass(frozen=True, slots=True)
class _Known:
    """What a connection is known by."""

    number: int
    client: End
    server: End
    isn: tuple[int | None, int | None]


def _known(c: Record) -> _Known:
    client, server = c.client, 1 - c.client
    return _Known(
        c.number,
        (c.hi[client], c.lo[client], c.port[client]),
        (c.hi[server], c.lo[server], c.port[server]),
        (
            c.base[client] if c.facts >> client & FACT_SYN else None,
            c.base[server] if c.facts >> server & FACT_SYN else None,
        ),
    )


def twins(client: Scan, server: Scan, packets: Packets) -> Twins:
    """Pair the connections of the client's capture with those of the server's."""
    found = Twins()
    near, far = [_known(c) for c in client.connections], [_known(c) for c in server.connections]
    taken: set[int] = set()

    def pair(key: Callable[[_Known], object], agree: Callable[[_Known, _Known], bool]) -> None:
        """Pair what has the same key and does not disagree; one of several only where its addresses single it out."""
        there: dict[object, list[_Known]] = {}
        for one in far:
            if one.number not in taken and (value := key(one)) is not None:
                there.setdefault(value, []).append(one)
        for one in near:
            value = None if one.number in found.of or one.number in found.ambiguous else key(one)
            fitting = [two for two in there.get(value, ()) if agree(one, two)] if value is not None else []
            fitting = [two for two in fitting if two.number not in taken]
            if len(fitting) > 1:
                fitting = _singled_out(one, fitting)
            if len(fitting) > 1:
                found.ambiguous.append(one.number)
            elif fitting:
                found.of[one.number] = fitting[0].number
                taken.add(fitting[0].number)
                if _exchanged(one, fitting[0]):
                    found.turned.add(one.number)

    pair(lambda one: None if None in one.isn else frozenset(one.isn), lambda one, two: True)
    pair(lambda one: one.isn[0], lambda one, two: one.isn[1] in (None, two.isn[1]) or two.isn[1] is None)
    pair(lambda one: one.isn[1], lambda one, two: one.isn[0] is None or two.isn[0] is None)
    pair(lambda one: frozenset((one.client, one.server)), _not_another)
    _by_packets(found, client, server, packets, taken)
    return found


def _exchanged(one: _Known, two: _Known) -> bool:
    """Whether one capture's client is the other's server: both sent a SYN, or none was seen."""
    if None not in one.isn and one.isn != two.isn and one.isn == two.isn[::-1]:
        return True
    return (one.client, one.server) == (two.server, two.client) != (two.client, two.server)


def _not_another(one: _Known, two: _Known) -> bool:
    """Whether no sequence number says that the ports were used again by another connection."""
    return not (one.isn[0] is not None and two.isn[0] is not None and one.isn != two.isn)


def _singled_out(one: _Known, fitting: list[_Known]) -> list[_Known]:
    same: Iterable[Callable[[_Known], bool]] = (
        lambda two: (two.client, two.server) == (one.client, one.server),
        lambda two: two.server == one.server,
        lambda two: two.server[2] == one.server[2],
    )
    for test in same:
        chosen = [two for two in fitting if test(two)]
        if chosen:
            return chosen
    return fitting


def _by_packets(found: Twins, client: Scan, server: Scan, packets: Packets, taken: set[int]) -> None:
    """Pair those that are left by what their packets carry: a firewall may have rewritten all else."""
    near = [c.number for c in client.connections if c.number not in found.of and c.number not in found.ambiguous]
    far = [c.number for c in server.connections if c.number not in taken]
    if not near or not far or len(near) > MOST_STRANGERS or len(far) > MOST_STRANGERS:
        return
    there = {number: marks(segments) for number, segments in packets(server, far).items()}
    for number, segments in packets(client, near).items():
        own = marks(segments)
        alike = sorted(
            ((_alike(own, other), -twin) for twin, other in there.items() if twin not in taken), reverse=True
        )
        if not alike or not alike[0][0]:
            continue
        if len(alike) > 1 and alike[1][0] * 2 > alike[0][0]:
            found.ambiguous.append(number)
            continue
        found.of[number] = -alike[0][1]
        taken.add(-alike[0][1])


def marks(segments: Sequence[Segment]) -> Counter[tuple[object, ...]]:
    """What no NAT changes, and most firewalls leave: timestamps, or the lengths of data by direction."""
    stamped = [s for s in segments if s.options.tsval]
    if len(stamped) >= FEWEST_MARKS:
        return Counter((s.options.tsval, s.options.tsecr, s.payload) for s in stamped)
    return Counter((s.side, s.payload) for s in segments if s.payload and s.retransmission_of is None)


def _alike(one: Counter[tuple[object, ...]], other: Counter[tuple[object, ...]]) -> int:
    """How many marks both have; 0 where that is too few to mean something."""
    both = one & other
    smaller = min(one.total(), other.total())
    return both.total() if len(both) >= FEWEST_MARKS and 2 * both.total() >= smaller else 0
