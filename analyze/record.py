"""The machine-readable record of a story: the contract's JSON, field for field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .outcomes import calls
from .story import (
    Call,
    Capture,
    Cluster,
    Connection,
    Endpoint,
    IcmpError,
    KernelEvent,
    Match,
    Matches,
    Outcome,
    Outcomes,
    Pair,
    Reset,
    Returns,
    Sight,
    Verdict,
)

SCHEMA = 1

Say = Callable[[str, Mapping[str, str | int]], str]  # a sentence of the catalogue of verdicts, by key and values


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
        "accepted_proved": reset.accepted_proved,
        "why_not_accepted": reset.why_not_accepted,
        "receiver_state": reset.receiver_state,
        "pending_error": reset.pending_error,
        "echo_of": reset.echo_of,
        "reasons": list(reset.reasons),
        "forged_possible": reset.forged_possible,
        "certainty": reset.certainty,
        **({"lost": True} if reset.lost else {}),
        **({"unsent": True} if reset.unsent else {}),
    }


def icmp_record(error: IcmpError) -> dict[str, Any]:
    """One entry of "icmp"."""
    return {
        "frame": error.frame,
        "to": error.to,
        "from": error.sender,
        "type": error.type,
        "code": error.code,
        "what": error.what,
        "errno": error.errno,
        "seq": error.seq,
        **({} if error.mtu is None else {"mtu": error.mtu}),
    }


def observed(call: Call) -> str | int | list[str] | None:
    """What a call came to, in the words of the contract's "outcomes"; where it has none, the result."""
    seen = calls.observed(call)
    return call.result if seen is None else returns(seen)


def call_record(call: Call) -> dict[str, Any]:
    """One entry of the contract's "calls"."""
    return {
        "side": call.side,
        "call": call.call,
        "t_ns": call.t_ns,
        "until_ns": call.until_ns,
        "predicted": None if call.predicted is None else returns(call.predicted),
        "observed": observed(call),
        "result": call.result,
        "errno": call.errno,
        "says": call.says,
        "signals": list(call.signals),
        "text": call.text,
        "process": call.process,
        "pid": call.pid,
        "on_listener": call.on_listener,
        **({"may_be": [returns(value) for value in call.may_be]} if call.may_be else {}),
        **({} if call.predicted_bytes is None else {"predicted_bytes": call.predicted_bytes}),
    }


def kernel_record(event: KernelEvent) -> dict[str, Any]:
    """One thing that a kernel said; what is empty is left out."""
    told = {
        "side": event.side,
        "event": event.kind,
        "t_ns": event.t_ns,
        "frame": event.frame,
        "from": event.before,
        "state": event.state,
        "reason": event.reason,
        "errno": event.errno,
        "handed_over": event.handed_over or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def recorded(connection: Connection) -> dict[str, Any]:
    """What a recording adds to a connection's record; nothing for plain packets."""
    if not (connection.calls or connection.kernel or connection.exits or connection.steps):
        return {}
    return {
        "calls": [call_record(call) for call in connection.calls],
        "exits": [
            {
                "side": end.side, "t_ns": end.t_ns, "process": end.process, "pid": end.pid, "status": end.status,
                "signal": end.signal,
            }
            for end in connection.exits
        ],
        "kernel": [kernel_record(event) for event in connection.kernel],
        "steps": [{"t_ns": step.t_ns, "text": step.text} for step in connection.steps],
    }  # fmt: skip


def returns(value: Returns) -> str | list[str]:
    """What a call returns: a word, or poll's words."""
    return value if isinstance(value, str) else list(value)


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """One end of the contract's "outcomes"."""
    origin = {} if outcome.measured else {"source": "from documentation, not measured"}
    if outcome.next is None:
        return {"next": None, "why": outcome.why}
    return {
        "os": outcome.os,
        **origin,
        "next": {call: returns(value) for call, value in outcome.next.items()},
        "may_be": {call: [returns(value) for value in values] for call, values in outcome.may_be.items()},
        "sigpipe": outcome.sigpipe,
        "after": {call: {one: returns(value) for one, value in then.items()} for call, then in outcome.after.items()},
        **({} if outcome.why is None else {"why": outcome.why}),
    }


def outcomes_record(both: Outcomes | None) -> dict[str, Any]:
    """The contract's "outcomes"."""
    if both is None:
        return {}
    return {"outcomes": {"client": outcome_record(both.client), "server": outcome_record(both.server)}}


def endpoint(one: Endpoint | None) -> dict[str, Any] | None:
    """An end's address and port."""
    return None if one is None else {"address": one.address, "port": one.port}


def both_ends(connection: Connection) -> dict[str, Any]:
    """What a capture at the server's end adds to a connection's record; nothing without one.

    `one_end` holds the packets that only one capture has; the first of them, where they are many.
    """
    there = connection.other_end
    if there is None:
        return {}
    twin = {"connection": there.number, "client": endpoint(there.client), "server": endpoint(there.server)}
    alone = [s for s in connection.segments if s.fate not in (None, "arrived") and s.duplicate_of is None]
    return {
        "server_connection": None if there.number is None else twin,
        "clock_offset_ns": there.clock.offset(connection.first_ns),
        "clock_uncertainty_ns": there.clock.uncertainty_ns,
        "clock_drift_ppm": round(there.clock.drift_ppm, 3),
        "way_ns": {"client": there.way_ns[0], "server": there.way_ns[1]},
        "seen": {"both": there.both, "client": there.client_only, "server": there.server_only},
        "lost": pair(there.lost),
        "unsent": pair(there.unsent),
        "one_end": [
            {
                "frame": s.frame, "server_frame": s.server_frame, "from": s.side, "seen": s.seen, "fate": s.fate,
                "t_ns": s.ts_ns,
            }
            for s in alone[:MOST_ALONE]
        ],
    }  # fmt: skip


MOST_ALONE = 1000


def keyed(key: str, _values: Mapping[str, str | int]) -> str:
    """For who has no sentences: their key."""
    return key


def verdict_record(verdict: Verdict, say: Say) -> dict[str, Any]:
    """One entry of the contract's "verdicts", in the sentences that `say` has."""
    return {
        "code": verdict.code,
        "headline": verdict.headline,
        "certainty": verdict.certainty,
        "says": say(f"rule-{verdict.code}", verdict.values)
        if verdict.finding is None
        else say(verdict.finding.says, verdict.finding.values),
        **({} if verdict.finding is None else {"finding": verdict.finding.key}),
        "evidence": [
            {
                "says": say(f"evidence-{one.says}", one.values),
                "frames": list(one.frames),
                **({"absence": True} if one.absence else {}),
            }
            for one in verdict.evidence
        ],
        "rivals": [{"code": one.code, "decides": say(f"decides-{one.decides}", {})} for one in verdict.rivals],
    }


def neighbours(connection: Connection) -> dict[str, Any]:
    """The connections between the same endpoints that touch it."""
    numbers = {
        "continued_by": connection.continued_by,
        "replaces": connection.replaces and {"connection": connection.replaces[0], "time_wait": connection.replaces[1]},
        "replaced_by": connection.replaced_by,
    }
    return {name: value for name, value in numbers.items() if value is not None}


def connection_record(connection: Connection, say: Say = keyed) -> dict[str, Any]:
    """One entry of the contract's "connections"; `say` writes the sentences of its verdicts."""
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
        **neighbours(connection),
        **({"icmp": [icmp_record(error) for error in connection.icmp]} if connection.icmp else {}),
        **outcomes_record(connection.outcomes),
        "undelivered": pair(connection.undelivered),
        "verdicts": [verdict_record(verdict, say) for verdict in connection.verdicts],
        "notes": list(connection.notes),
        **recorded(connection),
        **both_ends(connection),
    }


def cluster_record(cluster: Cluster, says: str) -> dict[str, Any]:
    """One entry of the contract's "clusters"; `says` is the same in a sentence."""
    timer, burst = cluster.timer, cluster.burst
    return {
        "code": cluster.verdict.code,
        "says": says,
        "benign": cluster.benign,
        "ending": cluster.ending,
        "ended_by": cluster.ended_by,
        "server": {"address": cluster.address, "port": cluster.port},
        "servers": cluster.servers,
        "ports": cluster.ports,
        "clients": cluster.clients,
        "count": cluster.count,
        "of": cluster.of,
        "rate": round(cluster.count / cluster.of, 6),
        "first_ns": cluster.first_ns,
        "last_ns": cluster.last_ns,
        "first": seconds(cluster.first_ns),
        "last": seconds(cluster.last_ns),
        "timer": None
        if timer is None
        else {"silence_ns": timer.silence_ns, "spread_ns": timer.spread_ns, "known": list(timer.known)},
        "burst": None
        if burst is None
        else {"first_ns": burst.first_ns, "last_ns": burst.last_ns, "count": burst.count},
        "example": cluster.example,
    }


def sight_record(sight: Sight, match: Match) -> dict[str, Any]:
    """One entry of "error_matches" (--error): a call that returns what the log line says."""
    return {
        "side": sight.side,
        "call": sight.call,
        "returns": sight.returns,
        "sure": sight.sure,
        "after": sight.after,
        "from_ns": match.from_ns,
        "away_ns": match.away_ns,
    }


def error_record(matches: Matches, at_ns: int | None) -> dict[str, Any]:
    """The question as "error" (--error): how the log line was understood, and how many connections it fits."""
    return {
        "text": matches.text,
        "family": matches.family,
        "calls": list(matches.calls),
        "results": list(matches.results),
        "at_ns": at_ns,
        "found": len(matches.numbers),
        "too_late": matches.too_late,
        "looked_at": matches.looked_at,
        "nearest": [match.connection.number for match in matches.nearest],
    }
