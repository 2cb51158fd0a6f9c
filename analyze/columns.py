"""The tables of connections and of resets: one array per column, filled from the engine's records.

Compiled with `columns.pxd`; `connections.ConnectionTable` and `ResetTable` show the arrays as NumPy columns.
"""

from __future__ import annotations

from array import array

from .endings import closed_first, conn_state, ended_by, ending
from .states import UNKNOWN
from .track import Connection, Reset
from .vocabulary import FACT_SEEN, FACT_START

#: Column -> array type code: B u8, H u16, I u32, Q u64, q i64.
COLUMNS = {
    "number": "I",
    "version": "B",
    "client_hi": "Q",
    "client_lo": "Q",
    "client_port": "H",
    "server_hi": "Q",
    "server_lo": "Q",
    "server_port": "H",
    "direction_seen": "B",
    "start_seen": "B",
    "first_ns": "q",
    "last_ns": "q",
    "silence_ns": "q",
    "first_frame": "I",
    "last_frame": "I",
    "packets_client": "I",
    "packets_server": "I",
    "bytes_client": "Q",
    "bytes_server": "Q",
    "retransmissions_client": "I",
    "retransmissions_server": "I",
    "rst_client": "I",
    "rst_server": "I",
    "state_client": "B",
    "state_server": "B",
    "ending": "B",
    "ended_by": "B",
    "closed_first": "B",
    "conn_state": "B",
}
#: The same of one row per RST. sender: 0 the client, 1 the server; latency_ns and silence_ns: -1 where there is none.
RESET_COLUMNS = {
    "connection": "I",
    "ts_ns": "q",
    "latency_ns": "q",
    "silence_ns": "q",
    "sender": "B",
    "shape": "B",
    "accepted": "B",
}


def last_state(c: Connection, side: int) -> int:
    """The state of one end after the last packet; UNKNOWN where nothing was heard from it."""
    if c.packets[side] == 0 and c.packets[1 - side] and c.facts & FACT_START and side != c.client:
        return UNKNOWN
    return c.state[side]


def columns(connections: list[Connection]) -> dict[str, array[int]]:
    """All columns of `COLUMNS`, each as long as `connections`."""
    count = len(connections)
    table = {name: array(code, bytes(array(code).itemsize * count)) for name, code in COLUMNS.items()}
    number = table["number"]
    version = table["version"]
    client_hi = table["client_hi"]
    client_lo = table["client_lo"]
    client_port = table["client_port"]
    server_hi = table["server_hi"]
    server_lo = table["server_lo"]
    server_port = table["server_port"]
    direction_seen = table["direction_seen"]
    start_seen = table["start_seen"]
    first_ns = table["first_ns"]
    last_ns = table["last_ns"]
    silence_ns = table["silence_ns"]
    first_frame = table["first_frame"]
    last_frame = table["last_frame"]
    packets_client = table["packets_client"]
    packets_server = table["packets_server"]
    bytes_client = table["bytes_client"]
    bytes_server = table["bytes_server"]
    retransmissions_client = table["retransmissions_client"]
    retransmissions_server = table["retransmissions_server"]
    rst_client = table["rst_client"]
    rst_server = table["rst_server"]
    state_client = table["state_client"]
    state_server = table["state_server"]
    how = table["ending"]
    who = table["ended_by"]
    first = table["closed_first"]
    zeek = table["conn_state"]
    i = 0
    while i < count:
        c = connections[i]
        client = c.client
        server = 1 - client
        number[i] = c.number
        version[i] = c.version
        client_hi[i] = c.hi[client]
        client_lo[i] = c.lo[client]
        client_port[i] = c.port[client]
        server_hi[i] = c.hi[server]
        server_lo[i] = c.lo[server]
        server_port[i] = c.port[server]
        direction_seen[i] = 1 if c.facts & FACT_SEEN else 0
        start_seen[i] = 1 if c.facts & FACT_START else 0
        first_ns[i] = c.first_ts
        last_ns[i] = c.last_ts
        silence_ns[i] = c.silence
        first_frame[i] = c.first_frame
        last_frame[i] = c.last_frame
        packets_client[i] = c.packets[client]
        packets_server[i] = c.packets[server]
        bytes_client[i] = c.bytes[client]
        bytes_server[i] = c.bytes[server]
        retransmissions_client[i] = c.retransmissions[client]
        retransmissions_server[i] = c.retransmissions[server]
        rst_client[i] = c.rst[client]
        rst_server[i] = c.rst[server]
        state_client[i] = last_state(c, client)
        state_server[i] = last_state(c, server)
        how[i] = ending(c)
        who[i] = ended_by(c, how[i])
        first[i] = closed_first(c)
        zeek[i] = conn_state(c)
        i += 1
    return table


def reset_columns(connections: list[Connection], resets: list[Reset]) -> dict[str, array[int]]:
    """All columns of `RESET_COLUMNS`, each as long as `resets`; `connections` by their numbers (the tracker's)."""
    count = len(resets)
    table = {name: array(code, bytes(array(code).itemsize * count)) for name, code in RESET_COLUMNS.items()}
    connection = table["connection"]
    ts_ns = table["ts_ns"]
    latency_ns = table["latency_ns"]
    silence_ns = table["silence_ns"]
    sender = table["sender"]
    shape = table["shape"]
    accepted = table["accepted"]
    i = 0
    while i < count:
        r = resets[i]
        c = connections[r.connection]
        connection[i] = r.connection
        ts_ns[i] = r.ts
        latency_ns[i] = r.latency
        silence_ns[i] = r.silence
        sender[i] = 0 if r.side == c.client else 1
        shape[i] = r.shape
        accepted[i] = r.accepted
        i += 1
    return table
