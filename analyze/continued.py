"""Connections that go on under another number.

Wireshark begins a new tcp.stream at every SYN with a new sequence number. Where that SYN was forged, or came from a
host that had forgotten the connection, and was not answered by a SYN-ACK, the other end goes on with its old numbers:
its packets stand in the stream that the SYN began.
"""

from __future__ import annotations

from .track import Connection, Tracker
from .vocabulary import FACT_SYN_ACK, FACT_TOP

M32 = 0xFFFFFFFF
NEAR = 1 << 20  # so far apart may be the numbers of before and after: two ISNs come so near once in two thousand times


def continued(tracker: Tracker) -> dict[int, int]:
    """Number of a connection -> of the one in which it goes on."""
    found = {}
    for number, before in tracker.again.items():
        if goes_on(tracker.connections[before], tracker.connections[number]):
            found[before] = number
    return found


def goes_on(old: Connection, new: Connection) -> bool:
    """Whether the end that received `new`'s SYN, between the same ports, went on with its numbers of `old`."""
    if new.facts & FACT_SYN_ACK or not new.packets[1]:  # side 0 sent the SYN
        return False
    side = 0 if (old.hi[0], old.lo[0], old.port[0]) == (new.hi[1], new.lo[1], new.port[1]) else 1
    if not old.facts >> side & FACT_TOP:
        return False
    ahead = (new.base[1] + 1 - old.top[side]) & M32
    return ahead <= NEAR or ahead >= M32 - NEAR
