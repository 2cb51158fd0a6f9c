"""The connection table: every column against the record it was filled from, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from finrst.analyze.connections import DTYPES, NUMBERS, WORDS, ConnectionTable
from finrst.analyze.scan import scan
from finrst.analyze.vocabulary import (
    FACT_ACKED,
    FACT_CLOSED,
    FACT_FIN,
    FACT_FIN_ACKED,
    FACT_HANDSHAKE,
    FACT_SEEN,
    FACT_SPOKE_AFTER_RST,
    FACT_START,
    FACT_SYN,
    FACT_SYN_ALONE,
)

from ..capture.stacks import STACKS
from ..engines import Engine, account, both, decode

PAIRS = {
    "hi": "hi", "lo": "lo", "port": "port", "packets": "packets", "bytes": "bytes",
    "retransmissions": "retransmissions", "rst": "rst", "syn": "syn", "fin": "fin", "fin_frame": "fin_frame",
    "zero_windows": "zero_windows", "probes": "probes", "tries": "tries", "heard": "heard", "window": "window",
    "turn": "turn", "psh": "psh",
}  # fmt: skip
PLAIN = {"number": "number", "version": "version", "first_ns": "first_ts", "last_ns": "last_ts",
         "first_frame": "first_frame", "last_frame": "last_frame", "silence_ns": "silence",
         "rtt_ns": "handshake_rtt", "reset": "reset_number"}  # fmt: skip
RESETS = {"ts_ns": "ts", "latency_ns": "latency", "silence_ns": "silence", "quiet_ns": "quiet", "rtt_ns": "rtt",
          "answers_frame": "trigger"}  # fmt: skip
SIDED = FACT_SYN | FACT_FIN | FACT_FIN_ACKED | FACT_SPOKE_AFTER_RST | FACT_SYN_ALONE


def sides(facts: int, first: int) -> list[bool]:
    """The facts of SIDED, of side `first`, then of the other."""
    bits = [bit for bit in range(0, 32, 2) if SIDED >> bit & 1]
    return [bool(facts >> bit + side & 1) for side in (first, 1 - first) for bit in bits]


@both
def test_every_column_says_what_its_record_says(engine: Engine, tmp_path: Any, sample: Any) -> None:
    columns, endings = engine("analyze.columns"), engine("analyze.endings")
    connections = [decode(engine, *stack.packets, link=stack.link).tracker.connections[0] for stack in STACKS]
    for name in ("write-twice", "close-client-first", "time-wait-assassinated"):
        connections += engine("analyze.scan").scan(str(sample(name))).connections
    table = columns.columns(connections)
    assert set(table) == set(columns.COLUMNS)
    for i, c in enumerate(connections):
        expected = {name: getattr(c, field) for name, field in PLAIN.items()}
        for name, field in PAIRS.items():
            form = "{1}_{0}" if name in ("hi", "lo", "port") else "{0}_{1}"
            for end, side in (("client", c.client), ("server", 1 - c.client)):
                expected[form.format(name, end)] = getattr(c, field)[side]
        came = (c.last_ts - c.first_ts) // 1000 - c.closed_us
        assert columns.after_close(c) == (max(0, came) if c.facts & FACT_CLOSED else 0)
        expected["direction_seen"] = int(bool(c.facts & FACT_SEEN))
        expected["start_seen"] = int(bool(c.facts & FACT_START))
        expected["ending"] = endings.ending(c)
        expected["ended_by"] = endings.ended_by(c, expected["ending"])
        expected["closed_first"] = endings.closed_first(c)
        expected["conn_state"] = endings.conn_state(c)
        expected["state_client"] = columns.last_state(c, c.client)
        expected["state_server"] = columns.last_state(c, 1 - c.client)
        assert {name: table[name][i] for name in expected} == expected
        assert sides(table["facts"][i], 0) == sides(c.facts, c.client) and table["facts"][i] >> 56 == 0
        assert table["facts"][i] & FACT_HANDSHAKE == c.facts & FACT_HANDSHAKE
        for end, side in (("client", c.client), ("server", 1 - c.client)):
            left = (c.top[side] - c.acked[side]) % 2**32 if c.facts >> side & FACT_ACKED else 0
            assert table[f"unacked_{end}"][i] in (left, 0)
        assert set(expected) | {"facts", "unacked_client", "unacked_server"} == set(table)


@both
def test_no_connections_are_columns_of_no_rows(engine: Engine) -> None:
    assert {len(column) for column in engine("analyze.columns").columns([]).values()} == {0}


@both
def test_every_column_of_resets_says_what_its_record_says(engine: Engine, sample: Any, shared_captures: Any) -> None:
    columns = engine("analyze.columns")
    several = 0
    for path in (sample("write-twice"), sample("refused"), *sorted(shared_captures.glob("*.pcap*"))):
        found = engine("analyze.scan").scan(str(path))
        table = columns.reset_columns(found.tracker.connections, found.resets)
        assert set(table) == set(columns.RESET_COLUMNS)
        for i, r in enumerate(found.resets):
            client = found.tracker.connections[r.connection].client
            expected = {name: getattr(r, RESETS.get(name, name)) for name in table if name not in ("sender", "facts")}
            expected["sender"] = 0 if r.side == client else 1
            assert {name: table[name][i] for name in expected} == expected
            assert sides(table["facts"][i], 0) == sides(r.facts, r.side)
            several += 1
        assert {len(column) for column in table.values()} == {len(found.resets)}
    assert several > 3


def test_the_table_shows_the_arrays_without_copying_their_numbers(sample: Any) -> None:
    table = ConnectionTable(scan(str(sample("write-twice"))))
    assert len(table) == 1
    for name, column in table.columns.items():
        assert column.shape == (1,) and column.dtype in [np.dtype(kind) for kind in DTYPES.values()], name


def test_every_field_of_filters_has_its_columns(sample: Any) -> None:
    table = ConnectionTable(scan(str(sample("write-twice"))))
    for columns in (*NUMBERS.values(), *((column,) for column, _ in WORDS.values())):
        for name in columns:
            assert len(table[name]) == len(table)


@both
@pytest.mark.parametrize("name", ["write-twice", "close-client-first"])
def test_columns_and_json_say_the_same(engine: Engine, sample: Any, name: str) -> None:
    seen = account(engine, sample(name))
    for i, record in enumerate(seen["json"]["connections"]):
        columns = {column: values[i] for column, values in seen["columns"].items()}
        assert (columns["client_port"], columns["server_port"]) == (record["client"]["port"], record["server"]["port"])
        assert (columns["bytes_client"], columns["bytes_server"]) == tuple(record["bytes"].values())
        assert (columns["first_ns"], columns["last_frame"]) == (record["first_ns"], record["last_frame"])
