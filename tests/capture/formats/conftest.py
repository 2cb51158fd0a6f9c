"""What the format tests share: both engines, reading a capture whole, and Wireshark's own reading of it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from finrst.capture.formats import Format
from finrst.capture.stream import open_stream
from finrst.capture.table import BATCH_ROWS, CaptureError, Records

REPOSITORY = Path(__file__).resolve().parents[3]
CAPTURES = REPOSITORY.parent / "shared" / "captures"


class Row(NamedTuple):
    frame: int
    ts: int
    captured: int
    length: int
    link: int
    packet: bytes


class Reading(NamedTuple):
    capture: Format | None
    rows: list[Row]
    error: str  # of a CaptureError, when there is no capture

    @property
    def damage(self) -> list[tuple[int, str]]:
        return [(damage.offset, damage.what) for damage in self.capture.damage] if self.capture else []


def rows_of(capture: Format) -> list[Row]:
    """All rows; checks what every batch must keep to."""
    records = Records()
    rows: list[Row] = []
    while count := capture.fill(records):
        assert count == records.count <= BATCH_ROWS
        for i in range(count):
            at, captured = records.at[i], records.captured[i]
            assert at + captured <= len(records.data)
            rows.append(
                Row(
                    records.frame[i],
                    records.ts[i],
                    captured,
                    records.length[i],
                    records.link[i],
                    bytes(records.data[at : at + captured]),
                )
            )
    assert records.count == 0 and capture.fill(records) == 0
    assert capture.packets == len(rows)
    assert [row.frame for row in rows] == list(range(1, len(rows) + 1))
    return rows


def interpreted(name: str) -> ModuleType:
    """The module `finrst.capture.formats.<name>` from its source, whatever is installed beside it."""
    module = importlib.import_module(f"finrst.capture.formats.{name}")
    if (module.__file__ or "").endswith(".py"):
        return module
    twin = f"finrst.capture.formats.{name}_interpreted"
    if twin not in sys.modules:
        source = REPOSITORY / "capture" / "formats" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(twin, source)
        assert spec and spec.loader
        sys.modules[twin] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[twin])
    return sys.modules[twin]


@pytest.fixture(scope="session", params=["interpreted", "compiled"])
def engine(request: pytest.FixtureRequest) -> list[type[Format]]:
    """The formats, of one engine."""
    classes = []
    for name, cls in (("pcap", "Pcap"), ("pcapng", "Pcapng")):
        module = importlib.import_module(f"finrst.capture.formats.{name}")
        if request.param == "interpreted":
            module = interpreted(name)
        elif (module.__file__ or "").endswith(".py"):
            pytest.skip("the compiled engine is not installed here")
        classes.append(getattr(module, cls))
    return classes


@pytest.fixture(scope="session")
def read(engine: list[type[Format]]) -> Callable[[Path], Reading]:
    """Read a file whole with one engine."""

    def read_file(path: Path) -> Reading:
        try:
            stream = open_stream(str(path))
        except CaptureError as error:
            return Reading(None, [], str(error))
        try:
            head = stream.peek(16)
            for cls in engine:
                if cls.recognises(head):
                    capture = cls(stream)
                    return Reading(capture, rows_of(capture), "")
            return Reading(None, [], "not a capture file")
        except CaptureError as error:
            return Reading(None, [], str(error))
        finally:
            stream.close()

    return read_file


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="session")
def wireshark_rows() -> Callable[[list[Path]], list[list[str]]]:
    """tshark's frame.number, frame.time_epoch, frame.cap_len, frame.len for every frame of every file."""
    tshark = _program("tshark")
    known: dict[tuple[Path, ...], list[list[str]]] = {}

    def rows(paths: list[Path]) -> list[list[str]]:
        if tuple(paths) in known:
            return known[tuple(paths)]
        fields = ["frame.number", "frame.time_epoch", "frame.cap_len", "frame.len"]
        arguments = [tshark, "-n", "-T", "fields", *(word for field in fields for word in ("-e", field)), "-r"]
        results = []
        for start in range(0, len(paths), 4):
            running = [
                subprocess.Popen([*arguments, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                for path in paths[start : start + 4]
            ]
            results += [process.communicate()[0].splitlines() for process in running]
        known[tuple(paths)] = results
        return results

    return rows


@pytest.fixture(scope="session")
def wireshark_counts() -> Callable[[list[Path]], list[int]]:
    """How many records Wireshark's library reads of every file; 0 where it refuses the file."""
    capinfos = _program("capinfos")

    def counts(paths: list[Path]) -> list[int]:
        found: dict[str, int] = {}
        for start in range(0, len(paths), 500):
            names = [str(path) for path in paths[start : start + 500]]
            done = subprocess.run([capinfos, "-T", "-M", "-r", "-c", *names], capture_output=True, text=True)
            for line in done.stdout.splitlines():
                name, _, number = line.rpartition("\t")
                found[name] = int(number)
            for number, name in re.findall(r'after reading (\d+) packets? from "(.*?)"', done.stderr):
                found[name] = int(number)
        return [found.get(str(path), 0) for path in paths]

    return counts


@pytest.fixture(scope="session")
def wireshark_records(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], list[tuple[int, int, int, bytes]]]:
    """Time in ns, captured length, length and bytes of every packet of a file of one link type, by editcap."""
    editcap = _program("editcap")
    copy = tmp_path_factory.mktemp("editcap") / "copy.pcap"

    def records(path: Path) -> list[tuple[int, int, int, bytes]]:
        subprocess.run([editcap, "-F", "nsecpcap", str(path), str(copy)], stderr=subprocess.DEVNULL)
        content = copy.read_bytes() if copy.exists() else b""
        copy.unlink(missing_ok=True)
        found = []
        at = 24
        while at < len(content):
            seconds, nanoseconds, captured, length = struct.unpack_from("=IIII", content, at)
            packet = content[at + 16 : at + 16 + captured]
            found.append((seconds * 10**9 + nanoseconds, captured, length, packet))
            at += 16 + captured
        return found

    return records


@pytest.fixture(scope="session")
def captures() -> Iterator[list[Path]]:
    """Real captures from public repositories."""
    found = sorted(path for path in CAPTURES.glob("*.pcap*")) if CAPTURES.is_dir() else []
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no captures in {CAPTURES}")
        pytest.skip(f"no captures in {CAPTURES}")
    yield found


def as_fields(row: Row) -> str:
    """A row as tshark prints it."""
    sign = "-" if row.ts < 0 else ""
    seconds, fraction = divmod(abs(row.ts), 10**9)
    return f"{row.frame}\t{sign}{seconds}.{fraction:09d}\t{row.captured}\t{row.length}"


@pytest.fixture(scope="session")
def fields() -> Callable[[Any], str]:
    return as_fields
