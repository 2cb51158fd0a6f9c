"""Both engines for one test: what is installed, and the same source interpreted under another name.

`@both` gives a test the parameter `engine`; `engine("analyze.scan")` is that engine's module. Where the installed
package is not compiled, the first of the two is skipped (which fails in CI), and left out under FINRST_NO_COMPILE=1.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

TWIN = "finrst_interpreted"


class SourceOnly:
    """Finds modules of the twin: `.py` files only, never the extensions beside them."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        package, _, _ = name.partition(".")
        if package != TWIN:
            return None
        if path is None:
            finrst = find_spec("finrst")
            assert finrst and finrst.origin
            where = Path(finrst.origin)
            loader = SourceFileLoader(TWIN, str(where))
            return importlib.util.spec_from_file_location(
                TWIN, where, loader=loader, submodule_search_locations=[str(where.parent)]
            )
        for folder in path:
            if spec := FileFinder(folder, (SourceFileLoader, [".py"])).find_spec(name):
                return spec
        return None


class Engine:
    """`engine("capture.table")`: a module of finrst, of the engine that is installed or of the interpreted twin."""

    def __init__(self, name: str, package: str) -> None:
        self.name = name
        self.package = package

    def __call__(self, module: str) -> Any:
        return importlib.import_module(f"{self.package}.{module}")

    def __repr__(self) -> str:
        return self.name


def is_compiled() -> bool:
    """Whether the installed finrst has its engine compiled."""
    spec = find_spec("finrst.analyze.track")
    return spec is not None and spec.origin is not None and not spec.origin.endswith(".py")


if SourceOnly not in sys.meta_path:
    sys.meta_path.insert(0, SourceOnly)

INTERPRETED = Engine("interpreted", TWIN)
COMPILED = Engine("compiled", "finrst")


def engines() -> list[Any]:
    """The parameters of `both`."""
    marks: list[Any] = []
    if not is_compiled():
        if os.environ.get("FINRST_NO_COMPILE") == "1":
            return [pytest.param(INTERPRETED, id="interpreted")]
        assert os.environ.get("FINRST_REQUIRE_COMPILED") != "1", "the engine is not compiled: run ./dev test"
        marks = [pytest.mark.skip(reason="the engine is not compiled here (./dev test compiles it)")]
    return [pytest.param(COMPILED, id="compiled", marks=marks), pytest.param(INTERPRETED, id="interpreted")]


both = pytest.mark.parametrize("engine", engines())
compiled_only = pytest.mark.skipif(
    not is_compiled() and os.environ.get("FINRST_NO_COMPILE") != "1", reason="the engine is not compiled here"
)


# What an engine has found, as plain values


class Decoded(NamedTuple):
    """What the decoder made of one record."""

    kind: str  # "" | TCP | QUOTED_TCP | HEADERLESS_TCP
    packet: dict[str, int]
    tracker: Any


def batch(engine: Engine, packets: Sequence[bytes], link: int = 1, lengths: Sequence[int] = (), first: int = 1) -> Any:
    """A `Records` batch; its data ends where the last packet ends."""
    records = engine("capture.table").Records()
    records.data = bytearray(b"".join(packets))
    at = 0
    for i, packet in enumerate(packets):
        records.at[i] = at
        records.captured[i] = len(packet)
        records.length[i] = lengths[i] if lengths else len(packet)
        records.ts[i] = (first + i) * 1_000_000
        records.link[i] = link
        records.frame[i] = first + i
        at += len(packet)
    records.count = len(packets)
    return records


def decode(engine: Engine, *packets: bytes, link: int = 1, length: int | None = None) -> Decoded:
    """Feed packets to a fresh decoder; what it made of the last one (`length`: that one's, on the wire)."""
    tracker = engine("analyze.track").Tracker(7)
    for i, packet in enumerate(packets[:-1], 1):
        tracker.feed(batch(engine, [packet], link, first=i))
    before = (tracker.tcp_packets, len(tracker.connections), tracker.quoted_only)
    lengths = [] if length is None else [length]
    tracker.feed(batch(engine, [packets[-1]], link, lengths, len(packets)))
    kind = ""
    if tracker.quoted_only > before[2] or (tracker.connections and tracker.connections[-1].facts >> 42 & 1):
        kind = "QUOTED_TCP"
    elif tracker.tcp_packets > before[0]:
        seen = sum(c.packets[0] + c.packets[1] for c in tracker.connections)
        kind = "TCP" if seen == tracker.tcp_packets else "HEADERLESS_TCP"
    fields = {name: getattr(tracker.decoder.packet, name) for name in slots("capture.decode", "Packet")}
    return Decoded(kind, fields, tracker)


def slots(module: str, name: str) -> list[str]:
    """The fields of a record class, as its source names them."""
    return [field for field in getattr(INTERPRETED(module), name).__slots__ if field != "letters"]


def plain(record: Any, fields: list[str]) -> dict[str, Any]:
    """A record's fields as numbers and lists of numbers."""
    values = {field: getattr(record, field) for field in fields}
    return {name: value if isinstance(value, int) else list(value) for name, value in values.items()}


def everything(tracker: Any) -> dict[str, Any]:
    """All that a tracker holds after a pass."""
    fields = slots("analyze.track", "Connection")
    return {
        "connections": [plain(c, fields) | {"letters": list(c.history_letters())} for c in tracker.connections],
        "resets": [plain(r, slots("analyze.track", "Reset")) for r in tracker.resets],
        "histories": {number: list(letters) for number, letters in tracker.histories.items()},
        "unknown_links": dict(tracker.decoder.unknown_links),
        "fragments": [tracker.decoder.fragments.seen, tracker.decoder.fragments.given_up],
        "counts": [
            getattr(tracker, name)
            for name in ("tcp_packets", "bad_checksums", "offloaded", "quoted_only", "records", "first_ts", "last_ts")
        ],
    }


def account(engine: Engine, path: Path, told: int = 5) -> dict[str, Any]:
    """Everything about a capture: the engine's records, the columns, the stories of the first `told` and their JSON."""
    scan, tell, record = engine("analyze.scan"), engine("analyze.tell"), engine("analyze.record")
    tracker = engine("analyze.track").Tracker(7)
    try:
        found = scan.scan(str(path), tracker)
    except engine("capture.table").CaptureError as error:
        return {"error": str(error)}
    seen = everything(tracker)
    columns = engine("analyze.columns").columns(found.connections)
    seen["columns"] = {name: list(column) for name, column in columns.items()}
    seen["damage"] = [(d.offset, d.what, d.read) for d in found.source.damage]
    numbers = [c.number for c in found.connections]
    story = tell.tell(found, numbers[:told])
    plain_stories = [record.connection_record(tell.connection_story(found, c)) for c in found.connections]
    seen["json"] = json.loads(
        json.dumps(
            {
                "capture": record.capture_record(story.capture),
                "connections": plain_stories,
                "told": [record.connection_record(c) for c in story.connections],
            },
            allow_nan=False,
        )
    )
    seen["segments"] = [[repr(segment) for segment in c.segments] for c in story.connections]
    for connection in story.connections:
        assert len(connection.segments) == connection.packets.client + connection.packets.server, (
            f"connection {connection.number} is not told whole"
        )
    return seen
