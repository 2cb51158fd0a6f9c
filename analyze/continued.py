"""Connections between the same two endpoints, one after the other: the same one under another number, or a new one.

Wireshark begins a new tcp.stream at every SYN with a new sequence number. Where that SYN was forged, or came from a
host that had forgotten the connection, and was not answered by a SYN-ACK, the other end goes on with its old numbers:
its packets stand in the stream that the SYN began.

A connection that was closed keeps its endpoints in TIME_WAIT for a while. A new one may take its place before: at the
client with tcp_tw_reuse, at the server by its higher ISN or timestamp (RFC 6191, RFC 9293 3.10.7.4).
"""

from __future__ import annotations

from .columns import last_state
from .states import TIME_WAIT
from .track import Connection, Tracker
from .vocabulary import FACT_CLOSED, FACT_RESET, FACT_SYN_ACK, FACT_TOP

M32 = 0xFFFFFFFF
TIME_WAIT_NS = 60_000_000_000  # Linux, TCP_TIMEWAIT_LEN; RFC 9293 has four minutes
NEAR = 1 << 20  # so far apart may be the numbers of before and after: two ISNs come so near once in two thousand times


def continued(tracker: Tracker) -> dict[int, int]:
    """Number of a connection -> of the one in which it goes on."""
    found = {}
    for number, before in tracker.again.items():
        over = tracker.connections[before].facts & (FACT_CLOSED | FACT_RESET)
        if not over and goes_on(tracker.connections[before], tracker.connections[number]):
            found[before] = number
    return found


def goes_on(old: Connection, new: Connection) -> bool:
    """Whether the end that received `new`'s SYN, between the same ports, went on with its numbers of `old`."""
    if new.facts & FACT_SYN_ACK or not new.packets[1]:  # side 0 sent the SYN
        return False
    side = 1 if same_side(old, new) else 0
    if not old.facts >> side & FACT_TOP:
        return False
    ahead = (new.base[1] + 1 - old.top[side]) & M32
    return ahead <= NEAR or ahead >= M32 - NEAR


def same_side(old: Connection, new: Connection) -> bool:
    """Whether the side 0 of both is the same endpoint."""
    return (old.hi[0], old.lo[0], old.port[0]) == (new.hi[0], new.lo[0], new.port[0])


def replaced(tracker: Tracker) -> dict[int, tuple[int, int]]:
    """Number of a connection -> of the one in whose TIME_WAIT it began, and its own side that was in it."""
    found = {}
    for number, before in tracker.again.items():
        old, new = tracker.connections[before], tracker.connections[number]
        waits = [side for side in (0, 1) if last_state(old, side) == TIME_WAIT]
        if len(waits) == 1 and new.facts & FACT_SYN_ACK and 0 <= new.first_ts - old.last_ts < TIME_WAIT_NS:
            found[number] = before, waits[0] if same_side(old, new) else 1 - waits[0]
    return found
