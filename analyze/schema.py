"""The JSON Schema of what `finrst explain --format json` and `jsonl` write; docs/record.schema.json is made from it.

Its words are those of `vocabulary` and `states`; more fields may come, none goes. A test validates real records against
it, closed: a field that stands in a record and not here is found there.
"""

from __future__ import annotations

from typing import Any

from .clusters import MOST
from .icmp import NAMES
from .outcomes.table import SYSTEMS
from .record import SCHEMA
from .rules import rules
from .states import STATES
from .vocabulary import ENDINGS, SHAPES, WHO, WHYS, ZEEK_CONN_STATES
from .wordings import families

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FRAME: Schema = {"type": "integer", "minimum": 1}
STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
CALLS = ("read", "write", "connect", "so_error")
SIDE: Schema = {"enum": ["client", "server"]}
NS: Schema = {"type": "integer", "description": "nanoseconds since 1970"}
SECONDS: Schema = {"type": ["string", "null"], "pattern": r"^-?\d+\.\d{9}$"}
RETURNS: Schema = {
    "description": "EOF, ok, blocks, 0 (SO_ERROR) or an errno; of poll its words",
    "oneOf": [STRING, {"type": "array", "items": STRING}],
}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"oneOf": [schema, {"type": "null"}]}


def words(known: tuple[str, ...] | list[str]) -> Schema:
    """One of them."""
    return {"enum": list(known)}


def array(items: Schema) -> Schema:
    """Any number of them."""
    return {"type": "array", "items": items}


def record(about: str, required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object; fields that stand always, and fields that stand where there is something to say."""
    return {
        "description": about,
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
    }


def pair(schema: Schema, about: str = "") -> Schema:
    """client and server."""
    return record(about, {"client": schema, "server": schema})


def capture() -> Schema:
    """The contract's "capture"."""
    return record(
        "The capture as a whole.",
        {
            "files": array(STRING),
            "format": STRING,
            "compression": maybe(STRING),
            "link_types": array(STRING),
            "packets": COUNT,
            "tcp_packets": COUNT,
            "first_ns": maybe(NS),
            "last_ns": maybe(NS),
            "first": SECONDS,
            "last": SECONDS,
            "damage": array(record("", {"offset": COUNT, "what": STRING, "read": STRING})),
            "one_sided": BOOLEAN,
            "dropped": maybe(COUNT),
            "notes": array(STRING),
        },
    )


def outcome() -> Schema:
    """One end of the contract's "outcomes"."""
    calls = ("connect", "read", "write", "so_error", "poll")
    following = record("", dict.fromkeys(calls[1:], RETURNS), {"connect": RETURNS})
    others = {"type": "array", "items": RETURNS, "maxItems": 2}
    then = record("What read and write return once it has been called.", {"read": RETURNS, "write": RETURNS})
    told = record(
        "What its application's next call returns, if it makes none between the last packet and that call.",
        {
            "os": words(list(SYSTEMS)),
            "next": following,
            "may_be": {"type": "object", "properties": dict.fromkeys(calls, others)},
            "sigpipe": BOOLEAN,
            "after": {"type": "object", "properties": dict.fromkeys((*calls[:3], "so_error"), then)},
        },
        {"why": STRING, "source": {"const": "from documentation, not measured"}},
    )
    return {"oneOf": [told, record("There is no next call.", {"next": {"type": "null"}, "why": STRING})]}


def reset() -> Schema:
    """One entry of the contract's "resets"."""
    return record(
        "One RST.",
        {
            "frame": FRAME,
            "from": SIDE,
            "shape": words(SHAPES),
            "answers_frame": maybe(FRAME),
            "accepted": maybe(BOOLEAN),
            "accepted_proved": BOOLEAN,
            "why_not_accepted": {"enum": [*filter(None, WHYS), None]},
            "receiver_state": words(STATES),
            "pending_error": maybe(STRING),
            "echo_of": maybe(FRAME),
            "reasons": {**array(STRING), "description": "Linux's words (sk_rst_reason): all that are possible"},
            "forged_possible": {"enum": [True, False, "proved"]},
            "certainty": words(("proved", "implied", "compatible")),
        },
        {
            "lost": {"const": True, "description": "Proved: the capture at its receiver's end does not have it."},
            "unsent": {"const": True, "description": "Proved: the capture at its sender's end does not have it."},
        },
    )


def icmp() -> dict[str, Schema]:
    """What ICMP errors add to a connection."""
    error = record(
        "An ICMP error that quotes a packet of the connection.",
        {
            "frame": FRAME,
            "to": {**SIDE, "description": "whose packet it quotes"},
            "from": {**STRING, "description": "its sender's address"},
            "type": COUNT,
            "code": COUNT,
            "what": words(NAMES),
            "errno": {**maybe(STRING), "description": "what Linux makes of it; null: nothing"},
            "seq": {**COUNT, "description": "of the quoted packet, absolute"},
        },
        {"mtu": {**COUNT, "description": "what would fit on the next link"}},
    )
    return {"icmp": {**array(error), "description": "the first hundred"}}


def continued() -> dict[str, Schema]:
    """What a SYN in its middle adds to a connection, or in its TIME_WAIT."""
    return {
        "continued_by": {**COUNT, "description": "the connection in which it goes on"},
        "replaces": record(
            "The connection between the same endpoints in whose TIME_WAIT it began, and the end that was in it.",
            {"connection": COUNT, "time_wait": SIDE},
        ),
        "replaced_by": {
            **COUNT,
            "description": "the connection between the same endpoints that began in its TIME_WAIT",
        },
    }


def verdict() -> Schema:
    """One entry of the contract's "verdicts"."""
    evidence = record(
        "What it rests on.",
        {"says": STRING, "frames": array(FRAME)},
        {"absence": {"const": True, "description": "It is something that did not come."}},
    )
    rival = record(
        "Another verdict that these packets allow.",
        {"code": words(sorted(rules())), "decides": {**STRING, "description": "the one observation that would tell"}},
    )
    return record(
        "What is held of a connection; `finrst rule CODE` is its page.",
        {
            "code": words(sorted(rules())),
            "headline": {**BOOLEAN, "description": "true of exactly one, the first"},
            "certainty": words(("proved", "implied", "compatible")),
            "says": STRING,
            "evidence": {**array(evidence), "minItems": 1},
            "rivals": array(rival),
        },
        {
            "finding": {
                **STRING,
                "description": "of a headline, in a recording or captures at both ends: who ended it and why, more"
                " exactly than the code; `says` and `certainty` are of this",
            },
        },
    )


def beside() -> dict[str, Schema]:
    """What a recording, --strace or --kernel adds to a connection."""
    call = record(
        "One system call: what the packets say that it returns, and what it returned.",
        {
            "side": SIDE,
            "call": STRING,
            "t_ns": NS,
            "until_ns": maybe(NS),
            "predicted": maybe(RETURNS),
            "observed": {"type": ["string", "array", "integer", "null"]},
            "result": maybe(INTEGER),
            "errno": maybe(STRING),
            "says": maybe(STRING),
            "signals": array(STRING),
            "text": STRING,
            "process": STRING,
            "pid": INTEGER,
            "on_listener": BOOLEAN,
        },
        {"may_be": array(RETURNS), "predicted_bytes": COUNT},
    )
    leaving = {"side": SIDE, "t_ns": NS, "process": STRING, "pid": INTEGER}
    event = record(
        "What a kernel said.",
        {"side": SIDE, "event": words(("reset-sent", "reset-received", "state", "error")), "t_ns": NS},
        {
            "frame": FRAME, "from": STRING, "state": STRING, "reason": STRING, "errno": STRING, "handed_over": BOOLEAN,
        },
    )  # fmt: skip
    return {
        "calls": array(call),
        "exits": array(record("A process has ended.", leaving | {"status": maybe(INTEGER), "signal": maybe(STRING)})),
        "kernel": array(event),
        "steps": array(record("What was done to the world.", {"t_ns": NS, "text": STRING})),
    }


def both_ends() -> dict[str, Schema]:
    """What a capture at the server's end (--server) adds to a connection."""
    endpoint = record("", {"address": STRING, "port": COUNT})
    twin = record(
        "The same connection there.", {"connection": COUNT, "client": endpoint, "server": endpoint}
    )  # fmt: skip
    packet = record(
        "A packet that only one capture has; frames of the server's count on from the client's last.",
        {
            "frame": FRAME,
            "server_frame": maybe(FRAME),
            "from": SIDE,
            "seen": SIDE,
            "fate": words(("lost", "unsent", "missed")),
            "t_ns": NS,
        },
    )
    return {
        "server_connection": maybe(twin),
        "clock_offset_ns": {"type": "integer", "description": "how far the server's clock is ahead, as it began"},
        "clock_uncertainty_ns": {**maybe(COUNT), "description": "null: packets of one direction only"},
        "clock_drift_ppm": {"type": "number"},
        "way_ns": pair(maybe(INTEGER), "The shortest way of a packet, by its sender."),
        "seen": record("Packets at both ends, at one only.", dict.fromkeys(("both", "client", "server"), COUNT)),
        "lost": pair(COUNT, "Packets proved to have been lost on the way, by sender."),
        "unsent": pair(COUNT, "Packets proved not to be of the end in whose name they came."),
        "one_end": array(packet),
    }


def connection() -> Schema:
    """One entry of the contract's "connections"."""
    endpoint = record("", {"address": STRING, "port": COUNT})
    return record(
        "One connection.",
        {
            "connection": COUNT,
            "client": endpoint,
            "server": endpoint,
            "direction": words(("seen", "guessed")),
            "first_ns": NS,
            "last_ns": NS,
            "first": SECONDS,
            "last": SECONDS,
            "first_frame": FRAME,
            "last_frame": FRAME,
            "cut": record("", {"start": BOOLEAN, "end": BOOLEAN}),
            **dict.fromkeys(("packets", "bytes", "syn", "fin", "rst", "psh", "retransmissions"), pair(COUNT)),
            "handshake_rtt_ns": maybe(COUNT),
            "ending": words(ENDINGS),
            "ended_by": words(WHO),
            "closed_first": {"enum": ["client", "server", "both", None]},
            "states": pair(words(STATES), "After the last packet; of a recording, when it ended."),
            "zeek": record("", {"conn_state": words(ZEEK_CONN_STATES), "history": STRING}),
            "resets": array(reset()),
            "outcomes": pair(outcome()),
            "undelivered": pair(COUNT, "Bytes handed over that the other kernel never acknowledged."),
            "verdicts": {**array({"$ref": "#/$defs/verdict"}), "minItems": 1},
            "notes": array(STRING),
        },
        icmp() | continued() | beside() | both_ends() | error_matches(),
    )


def cluster() -> Schema:
    """One entry of the contract's "clusters"."""
    timer = record(
        "The same silence before the end (the first FIN or RST, or a goodbye just before it) in all of them.",
        {
            "silence_ns": {**COUNT, "description": "their median"},
            "spread_ns": {**COUNT, "description": "half of what eight of ten lie within"},
            "known": {**array(STRING), "description": "who has a timer of this length by default"},
        },
    )
    burst = record(
        "Most of them ended within a twentieth of the capture's time, or less.",
        {"first_ns": NS, "last_ns": NS, "count": COUNT},
    )
    return record(
        "Connections that ended in the same way at one server, at one port of many, or at many ports of one. Most"
        " connections first; those that hurt nobody are last."
        f" The {MOST} largest are told, each of their timers apart.",
        {
            "code": {**STRING, "description": "the headline verdict of each"},
            "says": STRING,
            "benign": {**BOOLEAN, "description": "nobody was hurt"},
            "ending": {**words(ENDINGS), "description": "of the example"},
            "ended_by": words(WHO),
            "server": record("null: several.", {"address": maybe(STRING), "port": maybe(COUNT)}),
            "servers": COUNT,
            "ports": COUNT,
            "clients": {**COUNT, "description": "addresses"},
            "count": COUNT,
            "of": {**COUNT, "description": "connections to these servers and ports in all"},
            "rate": {"type": "number", "minimum": 0, "maximum": 1},
            "first_ns": NS,
            "last_ns": NS,
            "first": SECONDS,
            "last": SECONDS,
            "timer": maybe(timer),
            "burst": maybe(burst),
            "example": {**COUNT, "description": "connection: tcp.stream"},
        },
    )


def error() -> Schema:
    """The question of --error, as it was understood."""
    return record(
        "A line of a log (--error): what a call must have returned for it, and how many connections that fits.",
        {
            "text": STRING,
            "family": words(families()),
            "calls": array(words(CALLS)),
            "results": {**array(STRING), "description": "errno, EOF; closed-itself: no call failed"},
            "at_ns": maybe(NS),
            "found": COUNT,
            "too_late": {**COUNT, "description": "fitting connections that came to it only after --at"},
            "looked_at": COUNT,
            "nearest": {**array(COUNT), "description": "where none fits: connections"},
        },
    )


def error_matches() -> dict[str, Schema]:
    """What --error adds to a connection."""
    sight = record(
        "A call of one application that returns what the log line says.",
        {
            "side": SIDE,
            "call": words((*CALLS, "close")),
            "returns": STRING,
            "sure": {
                **words(("next", "after", "may-be", "if-shutdown")),
                "description": "the next call; the call after another one failed; packets do not tell; only where its"
                " FIN was a shutdown",
            },
            "after": maybe(STRING),
            "from_ns": {**NS, "description": "since when it could be seen"},
            "away_ns": {**maybe(INTEGER), "description": "from there to --at"},
        },
    )
    return {"error_matches": array(sight)}


def schema() -> Schema:
    """Of the whole of `--format json`; `$defs` has the lines of `--format jsonl`."""
    whole = record(
        f"finrst explain --format json, version {SCHEMA}.",
        {
            "schema": {"const": SCHEMA},
            "capture": {"$ref": "#/$defs/capture"},
            "connections": array({"$ref": "#/$defs/connection"}),
            "clusters": array({"$ref": "#/$defs/cluster"}),
        },
        {"error": {"$ref": "#/$defs/error"}},
    )
    line = {
        "description": "One line of finrst explain --format jsonl: the capture first, then the connections.",
        "oneOf": [
            record("", {"capture": {"$ref": "#/$defs/capture"}}, {"error": {"$ref": "#/$defs/error"}}),
            {"$ref": "#/$defs/connection"},
        ],
    }
    title = "What finrst explain writes for programs"
    return {
        "$schema": DRAFT,
        "title": title,
        **whole,
        "$defs": {
            "capture": capture(),
            "connection": connection(),
            "cluster": cluster(),
            "error": error(),
            "line": line,
            "verdict": verdict(),
        },
    }
