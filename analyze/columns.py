"""The tables of connections and of resets: one array per column, filled from the engine's records.

Compiled with `columns.pxd`; `connections.ConnectionTable` and `ResetTable` show the arrays as NumPy columns.
"""

from __future__ import annotations

from array import array

from .endings import closed_first, conn_state, ended_by, ending
from .states import UNKNOWN
from .track import Connection, Reset
from .vocabulary import FACT_ACKED, FACT_CLOSED, FACT_SEEN, FACT_START, FACT_TOP

M32 = 0xFFFFFFFF
FAR = 0x40000000  # no window reaches further (RFC 7323 2.3)
EVEN = 0x55555555  # facts: the bits of side 0
UPPER = 0xFFFFFFFF00000000
SCALES = 0xFF00000000000000

#: Column -> array type code: B u8, H u16, I u32, Q u64, q i64. In facts (vocabulary.FACT_*) the client's bit is the
#: first; unacked: sequence numbers that were never acknowledged; heard: when the last packet of that end came;
#: window: the last one that it announced, in bytes; turn: how long its answer in the handshake took, in µs, as seen
#: from here (0: not known); reset: of the RST that ended it, counted from 1.
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
    "facts": "Q",
    "syn_client": "I",
    "syn_server": "I",
    "fin_client": "I",
    "fin_server": "I",
    "psh_client": "I",
    "psh_server": "I",
    "fin_frame_client": "I",
    "fin_frame_server": "I",
    "unacked_client": "I",
    "unacked_server": "I",
    "zero_windows_client": "H",
    "zero_windows_server": "H",
    "probes_client": "B",
    "probes_server": "B",
    "tries_client": "B",
    "tries_server": "B",
    "rtt_ns": "q",
    "heard_client": "q",
    "heard_server": "q",
    "window_client": "I",
    "window_server": "I",
    "turn_client": "I",
    "turn_server": "I",
    "reset": "I",
}
#: The same of one row per RST. sender: 0 the client, 1 the server; -1 ns where there is none. What was known when it
#: came is of its sender, unless `track.Reset` says otherwise: facts have their first bit for the sender.
RESET_COLUMNS = {
    "connection": "I",
    "ts_ns": "q",
    "latency_ns": "q",
    "silence_ns": "q",
    "quiet_ns": "q",
    "sender": "B",
    "shape": "B",
    "accepted": "B",
    "frame": "I",
    "answers_frame": "I",
    "echo_of": "I",
    "facts": "Q",
    "sent": "Q",
    "received": "Q",
    "space": "I",
    "seq": "I",
    "ack": "I",
    "distance": "q",
    "rtt_ns": "q",
    "fin_ns": "q",
    "fin_acked_ns": "q",
    "unacked": "I",
    "flags": "H",
    "window": "H",
    "why": "B",
    "receiver_state": "B",
    "sender_state": "B",
    "tries": "H",
    "probes": "B",
    "ttl": "B",
    "ttl_before": "B",
    "ip_id": "H",
    "ip_id_before": "H",
    "options": "H",
    "options_before": "H",
    "flow_label": "I",
    "label_before": "I",
}


def last_state(c: Connection, side: int) -> int:
    """The state of one end after the last packet; UNKNOWN where nothing was heard from it."""
    if c.packets[side] == 0 and c.packets[1 - side] and c.facts & FACT_START and side != c.client:
        return UNKNOWN
    return c.state[side]


def after_close(c: Connection) -> int:
    """For how long packets came after both FINs had been acknowledged, in µs; 0 where none did.

    And where that took more than 71 minutes from the first packet on: no number holds it. A column of its own would be
    for figures of a few connections only.
    """
    if not c.facts & FACT_CLOSED or c.closed_us == M32 or c.last_ts <= c.first_ts:
        return 0
    lived = (c.last_ts - c.first_ts) // 1000
    if lived <= c.closed_us:
        return 0
    return lived - c.closed_us if lived - c.closed_us < M32 else M32


def sided(facts: int, first: int) -> int:
    """The facts with the bits of side `first` before the other's, the upper half without window scales."""
    if first == 1:
        facts = (facts & UPPER) | (facts & EVEN) << 1 | (facts >> 1 & EVEN)
    return facts & ~SCALES


def unacked(c: Connection, side: int) -> int:
    """Sequence numbers that one end has sent and the other never acknowledged; 0 where that cannot be known."""
    if not c.facts >> side & FACT_ACKED or not c.facts >> side & FACT_TOP:
        return 0
    left = (c.top[side] - c.acked[side]) & M32
    return left if left < FAR else 0


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
    facts = table["facts"]
    syn_client = table["syn_client"]
    syn_server = table["syn_server"]
    fin_client = table["fin_client"]
    fin_server = table["fin_server"]
    psh_client = table["psh_client"]
    psh_server = table["psh_server"]
    fin_frame_client = table["fin_frame_client"]
    fin_frame_server = table["fin_frame_server"]
    unacked_client = table["unacked_client"]
    unacked_server = table["unacked_server"]
    zero_windows_client = table["zero_windows_client"]
    zero_windows_server = table["zero_windows_server"]
    probes_client = table["probes_client"]
    probes_server = table["probes_server"]
    tries_client = table["tries_client"]
    tries_server = table["tries_server"]
    rtt_ns = table["rtt_ns"]
    heard_client = table["heard_client"]
    heard_server = table["heard_server"]
    window_client = table["window_client"]
    window_server = table["window_server"]
    turn_client = table["turn_client"]
    turn_server = table["turn_server"]
    reset = table["reset"]
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
        facts[i] = sided(c.facts, client)
        syn_client[i] = c.syn[client]
        syn_server[i] = c.syn[server]
        fin_client[i] = c.fin[client]
        fin_server[i] = c.fin[server]
        psh_client[i] = c.psh[client]
        psh_server[i] = c.psh[server]
        fin_frame_client[i] = c.fin_frame[client]
        fin_frame_server[i] = c.fin_frame[server]
        unacked_client[i] = unacked(c, client)
        unacked_server[i] = unacked(c, server)
        zero_windows_client[i] = c.zero_windows[client]
        zero_windows_server[i] = c.zero_windows[server]
        probes_client[i] = c.probes[client]
        probes_server[i] = c.probes[server]
        tries_client[i] = c.tries[client]
        tries_server[i] = c.tries[server]
        rtt_ns[i] = c.handshake_rtt
        heard_client[i] = c.heard[client]
        heard_server[i] = c.heard[server]
        window_client[i] = c.window[client]
        window_server[i] = c.window[server]
        turn_client[i] = c.turn[client]
        turn_server[i] = c.turn[server]
        reset[i] = c.reset_number
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
    quiet_ns = table["quiet_ns"]
    sender = table["sender"]
    shape = table["shape"]
    accepted = table["accepted"]
    frame = table["frame"]
    answers_frame = table["answers_frame"]
    echo_of = table["echo_of"]
    facts = table["facts"]
    sent = table["sent"]
    received = table["received"]
    space = table["space"]
    seq = table["seq"]
    ack = table["ack"]
    distance = table["distance"]
    rtt_ns = table["rtt_ns"]
    fin_ns = table["fin_ns"]
    fin_acked_ns = table["fin_acked_ns"]
    unacked = table["unacked"]
    flags = table["flags"]
    window = table["window"]
    why = table["why"]
    receiver_state = table["receiver_state"]
    sender_state = table["sender_state"]
    tries = table["tries"]
    probes = table["probes"]
    ttl = table["ttl"]
    ttl_before = table["ttl_before"]
    ip_id = table["ip_id"]
    ip_id_before = table["ip_id_before"]
    options = table["options"]
    options_before = table["options_before"]
    flow_label = table["flow_label"]
    label_before = table["label_before"]
    i = 0
    while i < count:
        r = resets[i]
        c = connections[r.connection]
        connection[i] = r.connection
        ts_ns[i] = r.ts
        latency_ns[i] = r.latency
        silence_ns[i] = r.silence
        quiet_ns[i] = r.quiet
        sender[i] = 0 if r.side == c.client else 1
        shape[i] = r.shape
        accepted[i] = r.accepted
        frame[i] = r.frame
        answers_frame[i] = r.trigger
        echo_of[i] = r.echo_of
        facts[i] = sided(r.facts, r.side)
        sent[i] = r.sent
        received[i] = r.received
        space[i] = r.space
        seq[i] = r.seq
        ack[i] = r.ack
        distance[i] = r.distance
        rtt_ns[i] = r.rtt
        fin_ns[i] = r.fin_ns
        fin_acked_ns[i] = r.fin_acked_ns
        unacked[i] = r.unacked
        flags[i] = r.flags
        window[i] = r.window
        why[i] = r.why
        receiver_state[i] = r.receiver_state
        sender_state[i] = r.sender_state
        tries[i] = r.tries
        probes[i] = r.probes
        ttl[i] = r.ttl
        ttl_before[i] = r.ttl_before
        ip_id[i] = r.ip_id
        ip_id_before[i] = r.ip_id_before
        options[i] = r.options
        options_before[i] = r.options_before
        flow_label[i] = r.flow_label
        label_before[i] = r.label_before
        i += 1
    return table
