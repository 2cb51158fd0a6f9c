"""pcap files built by hand, and real ones: the same records, in both engines, as Wireshark finds."""

from __future__ import annotations

import random
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PACKET = bytes.fromhex("ffffffffffff00000000000108004500002800010000400600000a0000010a000002") + bytes(26)


def header(
    order: str = "<", magic: int = 0xA1B2C3D4, version: tuple[int, int] = (2, 4), snap: int = 65535, network: int = 1
) -> bytes:
    return struct.pack(order + "IHHIIII", magic, *version, 0, 0, snap, network)


def record(
    order: str, seconds: int, fraction: int, packet: bytes, wire: int | None = None, extra: bytes = b""
) -> bytes:
    length = len(packet) if wire is None else wire
    return struct.pack(order + "IIII", seconds, fraction, len(packet), length) + extra + packet


def exchanged(order: str, seconds: int, fraction: int, packet: bytes, wire: int) -> bytes:
    return struct.pack(order + "IIII", seconds, fraction, wire, len(packet)) + packet


def plain(order: str = "<", **header_fields: Any) -> bytes:
    records = (record(order, 1_700_000_000 + i, 123_456 + i, PACKET[: 40 + i % 20], 100) for i in range(6))
    return header(order, **header_fields) + b"".join(records)


def variants() -> dict[str, bytes]:
    """Every variant that one file can be, by name."""
    made: dict[str, bytes] = {}
    for order, name in (("<", "little"), (">", "big")):
        made[f"micro-{name}"] = plain(order)
        made[f"nano-{name}"] = plain(order, magic=0xA1B23C4D)
        made[f"fcs-{name}"] = plain(order, network=0x24000001)
        for extra, kind in ((8, "ss991029"), (12, "ss990915")):
            made[f"{kind}-{name}"] = header(order, 0xA1B2CD34) + b"".join(
                record(
                    order,
                    1_700_000_000 + i,
                    i,
                    PACKET[: 40 + i],
                    extra=struct.pack(order + "IHBB", 2, 8, 0, 0).ljust(extra, b"\0"),
                )
                for i in range(5)
            )
        made[f"ss990417-{name}"] = header(order) + b"".join(
            record(order, 1_700_000_000 + i, i, PACKET[: 40 + i], extra=struct.pack(order + "IHBB", 2, 8, 0, 0))
            for i in range(5)
        )
        made[f"nokia-{name}"] = header(order) + b"".join(
            record(order, 1_700_000_000 + i, i, PACKET[: 40 + i], extra=bytes(4)) for i in range(5)
        )
        for version in ((2, 0), (2, 2), (2, 3), (543, 0)):
            made[f"exchanged-{version[0]}.{version[1]}-{name}"] = header(order, version=version) + b"".join(
                exchanged(order, 1_700_000_000 + i, i, PACKET[: 40 + i], 90 + i) for i in range(5)
            )
        made[f"not-exchanged-2.3-{name}"] = plain(order, version=(2, 3))
        made[f"aix-{name}"] = header(order, version=(2, 2), network=6) + b"".join(
            exchanged(order, 1_700_000_000 + i, i, PACKET[: 40 + i], 90 + i) for i in range(5)
        )
        made[f"aix-fddi-{name}"] = header(order, version=(2, 2), network=15) + b"".join(
            exchanged(order, 1_700_000_000 + i, i, bytes(3) + PACKET[: 40 + i], 90 + i) for i in range(5)
        )
        made[f"ixia-{name}"] = header(order, 0x1C0001AC) + bytes(4) + plain(order)[24:]
    made["empty"] = header()
    made["one"] = header() + record("<", 1, 2, PACKET)
    made["empty-packets"] = header() + record("<", 1, 2, b"", 60) * 3
    made["captured-over-length"] = header() + record("<", 1, 2, PACKET, 10) * 4
    made["over-snaplen"] = header(snap=20) + record("<", 1, 2, PACKET) * 4
    made["largest"] = header() + record("<", 1, 2, bytes(262_144)) + record("<", 1, 3, PACKET)
    made["late"] = header() + record("<", 2**32 - 1, 999_999, PACKET) * 4
    made["usb-large"] = header(network=189) + record("<", 1, 2, bytes(300_000)) + record("<", 1, 3, PACKET)
    made["dbus-largest"] = header(network=231) + record("<", 1, 2, PACKET) + struct.pack("<IIII", 1, 2, 2**27, 2**27)
    for network in (0, 12, 101, 113, 228, 239, 276, 204, 123, 201):
        made[f"link-{network}"] = plain(network=network)
    for name, length in (("over", 262_145), ("absurd", 0xFFFFFFFF), ("sign", 0x80000000)):
        made[f"length-{name}"] = plain() + struct.pack("<IIII", 1, 2, length, length) + bytes(100)
    return made


DAMAGED = {"dbus-largest", "length-over", "length-absurd", "length-sign"}

#: Bytes at the packets' start that editcap writes anew, by what it understands of them.
REWRITTEN = {"link-204": 1, "link-123": 4, "link-201": 4}

#: Read by tshark itself; the others by its library only, which is a hundred times as quick to start.
SHOWN = ("micro-big", "nano-little", "ss990915-big", "ss990417-little", "nokia-big", "exchanged-2.3-little")


@pytest.fixture(scope="session")
def variant_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pcap")
    files = {name: folder / f"{name}.pcap" for name in variants()}
    for name, content in variants().items():
        files[name].write_bytes(content)
    return files


@pytest.fixture(scope="session")
def wireshark_variants(
    variant_files: dict[str, Path], wireshark_records: Callable[[Path], list[tuple[int, int, int, bytes]]]
) -> dict[str, list[tuple[int, int, int, bytes]]]:
    return {name: wireshark_records(path) for name, path in variant_files.items()}


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_variant_has_the_rows_that_wireshark_finds(
    name: str, variant_files: dict[str, Path], wireshark_variants: dict[str, Any], read: Any
) -> None:
    reading = read(variant_files[name])
    skip = REWRITTEN.get(name, 0)
    rows = [(row.ts, row.captured, row.length, row.packet[skip:]) for row in reading.rows]
    assert rows == [(*facts, packet[skip:]) for *facts, packet in wireshark_variants[name]]
    assert bool(reading.damage) == (name in DAMAGED)


def test_frame_numbers_and_times_are_those_that_tshark_prints(
    variant_files: dict[str, Path], wireshark_rows: Any, read: Any, fields: Any
) -> None:
    paths = [variant_files[name] for name in SHOWN]
    for path, expected in zip(paths, wireshark_rows(paths), strict=True):
        assert [fields(row) for row in read(path).rows] == expected, path.name


def test_descriptions_say_what_was_found(variant_files: dict[str, Path], read: Any) -> None:
    said = {name: read(path).capture.description for name, path in variant_files.items()}
    assert said["micro-little"] == "pcap, little-endian, microseconds"
    assert said["nano-big"] == "pcap, big-endian, nanoseconds"
    assert "ss990915" in said["ss990915-little"] and "ss991029" in said["ss991029-big"]
    assert "ss990417" in said["ss990417-little"] and "Nokia" in said["nokia-big"]
    assert "AIX" in said["aix-little"] and "Ixia" in said["ixia-big"]


def test_the_packets_bytes_are_where_the_row_says(variant_files: dict[str, Path], read: Any) -> None:
    for name in ("micro-little", "nano-big", "ss990915-big", "nokia-little", "aix-fddi-big", "exchanged-2.0-little"):
        assert all(row.packet == PACKET[: row.captured] for row in read(variant_files[name]).rows), name


def test_an_impossible_length_is_named_with_its_offset(variant_files: dict[str, Path], read: Any) -> None:
    reading = read(variant_files["length-absurd"])
    damage = reading.capture.damage[0]
    assert damage.offset == len(plain())
    assert damage.what.startswith("record length 4,294,967,295")
    assert damage.read == "everything before it: 6 packets"


def test_absurd_lengths_are_never_allocated(variant_files: dict[str, Path], read: Any) -> None:
    tracemalloc.start()
    for name in ("length-absurd", "length-sign", "dbus-largest"):
        read(variant_files[name])
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_real_captures_have_the_rows_that_wireshark_finds(
    captures: list[Path], wireshark_rows: Any, read: Any, fields: Any
) -> None:
    for path, expected in zip(captures, wireshark_rows(captures), strict=True):
        reading = read(path)
        assert [fields(row) for row in reading.rows] == expected, path.name
        assert not reading.damage, path.name


def test_a_file_cut_anywhere_gives_the_whole_records_before_the_cut(
    tmp_path: Path, read: Any, wireshark_counts: Any
) -> None:
    # Nanoseconds: a cut file with the usual magic number can be taken for a Nokia one, by Wireshark too.
    whole = plain(magic=0xA1B23C4D)[: 24 + 3 * (16 + 45)]
    paths = [tmp_path / f"{size}.pcap" for size in range(len(whole))]
    for size, path in enumerate(paths):
        path.write_bytes(whole[:size])
    readings = [read(path) for path in paths]
    assert [len(reading.rows) for reading in readings[24:]] == wireshark_counts(paths[24:])
    assert all(reading.error for reading in readings[:24])
    ends = {24, *(24 + sum(16 + 40 + i for i in range(n)) for n in range(1, 4))}
    for size, reading in enumerate(readings[24:], 24):
        assert bool(reading.damage) == (size not in ends), size
        if reading.damage:
            offset, what = reading.damage[-1]
            assert offset == max(end for end in ends if end < size) and f"cut after {size - offset} byte" in what


def damaged(source: bytes, seed: int) -> bytes:
    """`source` after a few seeded accidents beyond its file header."""
    chance = random.Random(seed)
    content = bytearray(source)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(24, len(content))
        accident = chance.random()
        if accident < 0.4:
            content[at] ^= 1 << chance.randrange(8)
        elif accident < 0.7:
            value = chance.choice((0, 1, 60, 262_144, 262_145, 2**31, 2**32 - 1, 2**32 - 3))
            content[at : at + 4] = struct.pack(chance.choice("<>") + "I", value)
        elif accident < 0.9:
            del content[at : at + chance.choice((1, 4, 8))]
        else:
            del content[at:]
        if len(content) <= 25:
            break
    return bytes(content)


def test_damaged_files_end_where_wireshark_ends(tmp_path: Path, read: Any, wireshark_counts: Any) -> None:
    sources = list(variants().values())
    sources = [source for source in sources if 100 < len(source) < 10_000]
    paths = [tmp_path / f"{seed}.pcap" for seed in range(1000)]
    for seed, path in enumerate(paths):
        path.write_bytes(damaged(sources[seed % len(sources)], seed))
    for path, expected in zip(paths, wireshark_counts(paths), strict=True):
        assert len(read(path).rows) == expected, path.name


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(variants())), st.binary(min_size=1, max_size=8), st.integers(0, 400))
def test_no_bytes_raise_anything_but_capture_error(tmp_path: Path, read: Any, name: str, noise: bytes, at: int) -> None:
    content = bytearray(variants()[name][:2000])
    at %= len(content)
    content[at : at + len(noise)] = noise
    path = tmp_path / "noise.pcap"
    path.write_bytes(content)
    reading = read(path)
    assert reading.error or reading.capture
