"""The machine-readable record of a story: the contract's JSON, field for field."""

from __future__ import annotations

from typing import Any

from .story import Capture, Connection, Pair, Reset

SCHEMA = 1


def seconds(ns: int | None) -> str | None:
    """A time as a string of seconds, for readers whose numbers cannot hold 64 bits."""
    return None if ns is None else f"{'-' if ns < 0 else ''}{abs(ns) // 10**9}.{abs(ns) % 10**9:09d}"


def pair(both: Pair) -> dict[str, int]:
    """client and server."""
    return {"client": both.client, "server": both.server}


def capture_record(capture: Capture) -> dict[str, Any]:
    """The contract's "capture"."""
    return {
        "files": list(capture.files),
        "format": capture.format.partition(",")[0],
        "compression": capture.format.partition(", ")[2] or None,
        "link_types": list(capture.link_types),
        "packets": capture.packets,
        "tcp_packets": capture.tcp_packets,
        "first_ns": capture.first_ns,
        "last_ns": capture.last_ns,
        "first": seconds(capture.first_ns),
        "last": seconds(capture.last_ns),
        "damage": [{"offset": d.offset, "what": d.what, "read": d.read} for d in capture.damage],
        "one_sided": capture.one_sided,
        "dropped": capture.dropped,
        "notes": list(capture.notes),
    }


def reset_record(reset: Reset) -> dict[str, Any]:
    """One entry of the contract's "resets"."""
    return {
        "frame": reset.frame,
        "from": reset.sender,
        "shape": reset.shape,
        "answers_frame": reset.answers_frame,
        "accepted": reset.accepted,
        "why_not_accepted": reset.why_not_accepted,
        "receiver_state": reset.receiver_state,
        "pending_error": reset.pending_error,
        "echo_of": reset.echo_of,
    }


def connection_record(connection: Connection) -> dict[str, Any]:
    """One entry of the contract's "connections"."""
    return {
        "connection": connection.number,
        "client": {"address": connection.client.address, "port": connection.client.port},
        "server": {"address": connection.server.address, "port": connection.server.port},
        "direction": connection.direction,
        "first_ns": connection.first_ns,
        "last_ns": connection.last_ns,
        "first": seconds(connection.first_ns),
        "last": seconds(connection.last_ns),
        "first_frame": connection.first_frame,
        "last_frame": connection.last_frame,
        "cut": {"start": connection.cut_start, "end": connection.cut_end},
        "packets": pair(connection.packets),
        "bytes": pair(connection.bytes),
        "syn": pair(connection.syn),
        "fin": pair(connection.fin),
        "rst": pair(connection.rst),
        "psh": pair(connection.psh),
        "retransmissions": pair(connection.retransmissions),
        "handshake_rtt_ns": connection.handshake_rtt_ns,
        "ending": connection.ending,
        "ended_by": connection.ended_by,
        "closed_first": connection.closed_first,
        "states": {"client": connection.client_state, "server": connection.server_state},
        "zeek": {"conn_state": connection.zeek_conn_state, "history": connection.zeek_history},
        "resets": [reset_record(reset) for reset in connection.resets],
        "undelivered": pair(connection.undelivered),
        "notes": list(connection.notes),
    }
