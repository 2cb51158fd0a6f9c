"""The connection table: every column against the record it was filled from, in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from finrst.analyze.connections import DTYPES, NUMBERS, WORDS, ConnectionTable
from finrst.analyze.scan import scan
from finrst.analyze.vocabulary import FACT_SEEN, FACT_START

from ..capture.stacks import STACKS
from ..engines import Engine, account, both, decode

PAIRS = {
    "hi": "hi", "lo": "lo", "port": "port", "packets": "packets", "bytes": "bytes",
    "retransmissions": "retransmissions", "rst": "rst",
}  # fmt: skip
PLAIN = {"number": "number", "version": "version", "first_ns": "first_ts", "last_ns": "last_ts",
         "first_frame": "first_frame", "last_frame": "last_frame", "silence_ns": "silence"}  # fmt: skip


@both
def test_every_column_says_what_its_record_says(engine: Engine, tmp_path: Any, sample: Any) -> None:
    columns, endings = engine("analyze.columns"), engine("analyze.endings")
    connections = [decode(engine, *stack.packets, link=stack.link).tracker.connections[0] for stack in STACKS]
    for name in ("write-twice", "close-client-first"):
        connections += engine("analyze.scan").scan(str(sample(name))).connections
    table = columns.columns(connections)
    assert set(table) == set(columns.COLUMNS)
    for i, c in enumerate(connections):
        expected = {name: getattr(c, field) for name, field in PLAIN.items()}
        for name, field in PAIRS.items():
            form = "{1}_{0}" if name in ("hi", "lo", "port") else "{0}_{1}"
            for end, side in (("client", c.client), ("server", 1 - c.client)):
                expected[form.format(name, end)] = getattr(c, field)[side]
        expected["direction_seen"] = int(bool(c.facts & FACT_SEEN))
        expected["start_seen"] = int(bool(c.facts & FACT_START))
        expected["ending"] = endings.ending(c)
        expected["ended_by"] = endings.ended_by(c, expected["ending"])
        expected["closed_first"] = endings.closed_first(c)
        expected["conn_state"] = endings.conn_state(c)
        expected["state_client"] = columns.last_state(c, c.client)
        expected["state_server"] = columns.last_state(c, 1 - c.client)
        assert {name: table[name][i] for name in expected} == expected
        assert set(expected) == set(table)


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
            expected = {
                "connection": r.connection, "ts_ns": r.ts, "latency_ns": r.latency, "silence_ns": r.silence,
                "sender": 0 if r.side == client else 1, "shape": r.shape, "accepted": r.accepted,
            }  # fmt: skip
            assert {name: table[name][i] for name in table} == expected
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
