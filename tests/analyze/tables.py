"""Connection and reset tables from plain rows, for what is counted from them without a capture."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finrst.analyze.clusters import clusters
from finrst.analyze.columns import COLUMNS, RESET_COLUMNS
from finrst.analyze.connections import DTYPES, ConnectionTable, ResetTable
from finrst.analyze.overview import overview
from finrst.analyze.rules import Facts, judge
from finrst.analyze.story import Capture, Overview
from finrst.analyze.vocabulary import ACCEPTED_YES, ENDINGS, SHAPES, WHO

SECOND = 10**9
START = 1_767_225_600 * SECOND  # 2026-01-01, midnight
MIDNIGHT_1960 = -315_619_200 * SECOND


@dataclass(frozen=True)
class Row:
    """A connection; times in seconds since START."""

    start: float = 0.0
    end: float = 1.0
    ending: str = "closed"
    who: str = "client"
    server: str = "10.0.0.1"
    port: int = 80
    silence: float | None = None
    closed: float | None = None  # None: with its last packet


@dataclass(frozen=True)
class Rst:
    """A RST of the connection with that number."""

    connection: int
    at: float
    sender: str = "client"
    shape: str = "active"
    accepted: int = ACCEPTED_YES
    latency: float | None = None
    silence: float | None = None


def ns(seconds: float | None, start: int = 0) -> int:
    return -1 if seconds is None else start + round(seconds * SECOND)


def connection_table(rows: Sequence[Row], start: int = START) -> ConnectionTable:
    table = ConnectionTable.__new__(ConnectionTable)
    table.size = len(rows)
    table.columns = {name: np.zeros(len(rows), dtype=DTYPES[code]) for name, code in COLUMNS.items()}
    for number, row in enumerate(rows):
        server = ipaddress.ip_address(row.server)
        values = {
            "number": number, "version": server.version, "server_port": row.port,
            "server_hi": int(server) >> 64, "server_lo": int(server) & 0xFFFFFFFFFFFFFFFF,
            "first_ns": ns(row.start, start), "last_ns": ns(row.end, start), "silence_ns": ns(row.silence),
            "ending": ENDINGS.index(row.ending), "ended_by": WHO.index(row.who),
        }  # fmt: skip
        for name, value in values.items():
            table.columns[name][number] = value
    return table


def reset_table(resets: Sequence[Rst], start: int = START) -> ResetTable:
    table = ResetTable.__new__(ResetTable)
    table.columns = {name: np.zeros(len(resets), dtype=DTYPES[code]) for name, code in RESET_COLUMNS.items()}
    for place, rst in enumerate(resets):
        values = {
            "connection": rst.connection, "ts_ns": ns(rst.at, start), "latency_ns": ns(rst.latency),
            "silence_ns": ns(rst.silence), "sender": ("client", "server").index(rst.sender),
            "shape": SHAPES.index(rst.shape), "accepted": rst.accepted,
        }  # fmt: skip
        for name, value in values.items():
            table.columns[name][place] = value
    return table


def capture(name: str = "capture.pcap", *more: str) -> Capture:
    return Capture((name, *more), "pcap", ("EN10MB",), 9412, 9412, START, START, (), False, None, ())


def overview_of(
    rows: Sequence[Row], resets: Sequence[Rst] = (), *, start: int = START, name: str = "capture.pcap"
) -> Overview:
    """The overview of these connections and RSTs."""
    table, their = connection_table(rows, start), reset_table(resets, start)
    f = Facts(table, their)
    after_us = [0 if row.closed is None else round((row.end - row.closed) * 1e6) for row in rows]
    return overview(capture(name), table, their, clusters(table, f, judge(f)), after_us=after_us.__getitem__)


def some(count: int, seed: int = 1, services: int = 5) -> list[Row]:
    """Connections of all endings, to several services, IPv6 among them, over an hour."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        start, service = float(random.uniform(0, 3590)), int(random.integers(services))
        rows.append(
            Row(
                start=start,
                end=start + float(random.uniform(0, 10)),
                ending=ENDINGS[random.choice(len(ENDINGS), p=[0.6] + [0.05] * 8)],
                who=WHO[random.integers(len(WHO))],
                server=f"10.0.{service // 200}.{service % 200}" if service % 3 else f"2001:db8::{service + 1:x}",
                port=1000 + service,
                silence=float(random.lognormal(-3, 2)) if random.random() < 0.8 else None,
            )
        )
    return rows


def restart() -> tuple[list[Row], list[Rst]]:
    """The picture of a capture with few connections: four cut after 60 s of silence, a service that restarts."""
    rows: list[Row] = []
    resets: list[Rst] = []

    def reset(row: Row, sender: str, silence: float) -> None:
        resets.append(Rst(len(rows), row.end, sender, silence=silence))
        rows.append(row)

    for start, quiet in ((20, 37), (30, 41), (38, 53), (48, 66)):
        end = quiet + 60
        reset(Row(start, end, "reset", "path", "10.1.9.80", 5432, silence=60), "server", 60)
    for place in range(13):
        rows.append(Row(35 + 9 * place, 42 + 10.5 * place, "closed", "client", "10.1.9.80", 5432, silence=0.2))
    for start in (60, 71, 82):
        reset(Row(start, 120, "reset", "server", "10.1.9.81", 443, silence=3), "server", 3)
    for place in range(5):
        rows.append(Row(120.5 + place, 120.6 + place, "refused", "server", "10.1.9.81", 443))
        resets.append(Rst(len(rows) - 1, 120.6 + place, "server", "syn-reply", latency=0.0001))
    for place in range(9):
        rows.append(Row(10 + 15 * place, 24 + 16 * place, "closed", "server", "10.1.9.81", 443, silence=0.1))
    rows.append(Row(33, 96, "timed-out", "nobody", "10.1.9.82", 6379))
    rows.append(Row(100, 170, "open", "nobody", "10.1.9.82", 6379))
    rows += [Row(40 + 20 * n, 75 + 33 * n, "closed", "client", "10.1.9.82", 6379, silence=0.3) for n in range(3)]
    return rows, resets
