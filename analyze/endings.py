"""How a connection ended, who ended it, who closed first: the contract's words, from one record.

Compiled with `endings.pxd`; called once per connection after the scan.
"""

from __future__ import annotations

from .track import Connection
from .vocabulary import (
    ENDING_CLOSED,
    ENDING_HALF_CLOSED,
    ENDING_HANDSHAKE_INCOMPLETE,
    ENDING_OPEN,
    ENDING_REFUSED,
    ENDING_RESET,
    ENDING_TIMED_OUT,
    ENDING_UNANSWERED,
    ENDING_UNKNOWN,
    FACT_CLOSED,
    FACT_CROSSED,
    FACT_FIN,
    FACT_FIN_OF_1_FIRST,
    FACT_HANDSHAKE,
    FACT_HANDSHAKE_RESET,
    FACT_OPEN_QUESTION,
    FACT_RESET,
    FACT_RESETS_CROSSED,
    FACT_SPOKE_AFTER_RST,
    FACT_START,
    FACT_SYN_ACK,
    FACT_SYN_RESET,
    NOBODY_CLOSED,
    TRIES_UNTIL_DOUBT,
    WHO_BOTH,
    WHO_CLIENT,
    WHO_NOBODY,
    WHO_PATH,
    WHO_SERVER,
    WHO_UNKNOWN,
    ZEEK_CLOSED,
    ZEEK_ESTABLISHED,
    ZEEK_INACTIVE,
    ZEEK_PARTIAL,
    ZEEK_RESET,
    ZEEK_SYN_ACK_SENT,
    ZEEK_SYN_SENT,
)


def ending(c: Connection) -> int:
    """ENDING_* of a connection (contract: "Endings"), the first line of the table that fits."""
    client = c.client
    server = 1 - client
    facts = c.facts
    if facts & FACT_CLOSED:
        return ENDING_CLOSED
    if facts & FACT_RESET:
        if facts & FACT_SYN_RESET:
            return ENDING_REFUSED
        if facts & FACT_HANDSHAKE_RESET:
            return ENDING_HANDSHAKE_INCOMPLETE
        return ENDING_RESET
    if c.packets[0] + c.packets[1] == c.rst[0] + c.rst[1]:
        return ENDING_UNKNOWN  # lone RSTs
    if facts & FACT_START and not facts & FACT_SYN_ACK and not facts & FACT_HANDSHAKE:
        if c.packets[server] == 0 and not only_later_segments(c, client):
            return ENDING_UNANSWERED
        if c.packets[server] and c.packets[server] == c.rst[server]:
            return ENDING_UNANSWERED  # only RSTs that do not acknowledge the SYN
    if facts & FACT_SYN_ACK and facts & FACT_START and not facts & FACT_HANDSHAKE:
        if c.packets[client] == c.syn[client] + c.rst[client]:
            return ENDING_HANDSHAKE_INCOMPLETE
    if facts & FACT_OPEN_QUESTION:
        return ENDING_RESET
    if c.tries[0] >= TRIES_UNTIL_DOUBT or c.tries[1] >= TRIES_UNTIL_DOUBT:
        if c.packets[0] and c.packets[1]:
            return ENDING_TIMED_OUT
    if c.packets[0] == 0 or c.packets[1] == 0:
        return ENDING_UNKNOWN
    if (facts | facts >> 1) & FACT_FIN:
        return ENDING_HALF_CLOSED
    return ENDING_OPEN


def only_later_segments(c: Connection, client: int) -> int:
    """1 when the client sent more than SYNs and RSTs: then an answer was there, but not captured."""
    return 1 if c.packets[client] > c.syn[client] + c.rst[client] else 0


def ended_by(c: Connection, how: int) -> int:
    """WHO_* ended it (contract: "Endings")."""
    if how == ENDING_CLOSED:
        if c.facts & FACT_CROSSED:
            return WHO_BOTH
        return WHO_CLIENT if first_fin(c) == c.client else WHO_SERVER
    if how == ENDING_RESET or how == ENDING_REFUSED or (how == ENDING_HANDSHAKE_INCOMPLETE and c.facts & FACT_RESET):
        if c.facts >> c.reset_by & FACT_SPOKE_AFTER_RST:
            return WHO_PATH
        if c.facts & FACT_RESETS_CROSSED:
            return WHO_BOTH
        return WHO_CLIENT if c.reset_by == c.client else WHO_SERVER
    if how == ENDING_HANDSHAKE_INCOMPLETE and c.facts & FACT_OPEN_QUESTION and c.reset_by == c.client:
        return WHO_CLIENT
    if how == ENDING_UNKNOWN:
        return WHO_UNKNOWN
    return WHO_NOBODY


def first_fin(c: Connection) -> int:
    """The side whose FIN was captured first (of a connection with a FIN)."""
    facts = c.facts
    if not facts & FACT_FIN:
        return 1
    if not facts >> 1 & FACT_FIN:
        return 0
    return 1 if facts & FACT_FIN_OF_1_FIRST else 0


def closed_first(c: Connection) -> int:
    """WHO_* closed first: sender of the first FIN or accepted RST; NOBODY_CLOSED when neither was seen."""
    if (c.facts | c.facts >> 1) & FACT_FIN:
        if c.facts & FACT_CROSSED:
            return WHO_BOTH
        return WHO_CLIENT if first_fin(c) == c.client else WHO_SERVER
    if c.facts & FACT_RESET:
        if c.facts & FACT_RESETS_CROSSED:
            return WHO_BOTH
        return WHO_CLIENT if c.reset_by == c.client else WHO_SERVER
    return NOBODY_CLOSED


def conn_state(c: Connection) -> int:
    """Index into ZEEK_CONN_STATES (Zeek, scripts/base/protocols/conn/main.zeek, conn_state)."""
    o = c.zeek[c.client]
    r = c.zeek[1 - c.client]
    o_inactive = o == ZEEK_INACTIVE or o == ZEEK_PARTIAL
    r_inactive = r == ZEEK_INACTIVE or r == ZEEK_PARTIAL
    if r == ZEEK_RESET:
        if o == ZEEK_SYN_SENT or o == ZEEK_SYN_ACK_SENT or (o == ZEEK_RESET and c.bytes[0] == 0 and c.bytes[1] == 0):
            return 3
        return 9 if o_inactive else 7
    if o == ZEEK_RESET:
        if r_inactive:
            return 8 if c.facts & FACT_START and not only_later_segments(c, c.client) else 12
        return 6
    if r == ZEEK_CLOSED and o == ZEEK_CLOSED:
        return 2
    if o == ZEEK_CLOSED:
        return 10 if r_inactive else 4
    if r == ZEEK_CLOSED:
        return 11 if o_inactive else 5
    if o == ZEEK_SYN_SENT and r == ZEEK_INACTIVE:
        return 0
    if o == ZEEK_ESTABLISHED and r == ZEEK_ESTABLISHED:
        return 1
    return 12
