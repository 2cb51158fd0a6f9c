"""pcapng files built by hand: what is numbered, when it happened and where reading stops, as Wireshark has it."""

from __future__ import annotations

import random
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrst.capture.table import LINK_NONE

PACKET = bytes.fromhex("ffffffffffff00000000000108004500002800010000400600000a0000010a000002") + bytes(26)
NOW = 1_700_000_000_123_456  # µs


class Made:
    """A pcapng file being put together, in one byte order at a time."""

    def __init__(self, order: str = "<") -> None:
        self.order = order
        self.bytes = b""

    def pack(self, form: str, *values: int) -> bytes:
        return struct.pack(self.order + form, *values)

    def option(self, code: int, value: bytes) -> bytes:
        return self.pack("HH", code, len(value)) + value + bytes(-len(value) % 4)

    def block(self, kind: int, body: bytes, total: int | None = None, trailer: int | None = None) -> Made:
        body += bytes(-len(body) % 4)
        size = len(body) + 12 if total is None else total
        self.bytes += self.pack("II", kind, size) + body + self.pack("I", size if trailer is None else trailer)
        return self

    def section(self, order: str | None = None, options: bytes = b"", version: tuple[int, int] = (1, 0)) -> Made:
        self.order = order or self.order
        return self.block(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, *version, -1) + options)

    def interface(self, link: int = 1, snap: int = 0, options: bytes = b"") -> Made:
        return self.block(1, self.pack("HHI", link, 0, snap) + options)

    def packet(
        self,
        ticks: int = NOW,
        packet: bytes = PACKET,
        interface: int = 0,
        wire: int | None = None,
        options: bytes = b"",
        **lengths: int,
    ) -> Made:
        length = len(packet) if wire is None else wire
        fixed = self.pack("IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), length)
        return self.block(6, fixed + packet + bytes(-len(packet) % 4) + options, **lengths)

    def old_packet(self, ticks: int = NOW, packet: bytes = PACKET, interface: int = 0, options: bytes = b"") -> Made:
        fixed = self.pack("HHIIII", interface, 7, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), 99)
        return self.block(2, fixed + packet + bytes(-len(packet) % 4) + options)

    def simple(self, wire: int, packet: bytes) -> Made:
        return self.block(3, self.pack("I", wire) + packet)

    def statistics(self, interface: int, dropped: int) -> Made:
        return self.block(5, self.pack("III", interface, 0, 0) + self.option(5, self.pack("Q", dropped)))


def start(order: str = "<", **interface: Any) -> Made:
    return Made().section(order).interface(**interface)


def variants() -> dict[str, bytes]:
    """Files that are whole, by name."""
    made: dict[str, bytes] = {}
    for order, name in (("<", "little"), (">", "big")):
        made[f"plain-{name}"] = start(order).packet().packet(NOW + 1, PACKET[:41], wire=99).bytes
        made[f"old-{name}"] = start(order).interface().old_packet().old_packet(interface=1).bytes
        made[f"simple-{name}"] = start(order, snap=50).simple(60, PACKET[:50]).simple(20, PACKET[:20]).packet().bytes
        made[f"simple-no-snap-{name}"] = start(order).simple(60, PACKET[:60]).simple(21, PACKET[:21]).bytes
        made[f"simple-first-interface-{name}"] = (
            start(order, snap=30, link=101).interface().simple(60, PACKET[:30]).bytes
        )
        resolutions = (0, 1, 3, 6, 7, 9, 0x80, 0x8A, 0x94, 0x9E, 0xA0)
        file = Made().section(order)
        for resolution in resolutions:
            file.interface(options=file.option(9, bytes([resolution])))
        for i, resolution in enumerate(resolutions):
            second = 2 ** (resolution & 127) if resolution & 128 else 10**resolution
            file.packet(1_700_000_000 * second + second * 3 // 7, interface=i)
        made[f"resolutions-{name}"] = file.bytes
        file = Made().section(order)
        for offset in (0, 3600, -3600, -1_700_000_000):
            file.interface(options=file.option(14, file.pack("q", offset)) + file.option(0, b""))
        for i in range(4):
            file.packet(interface=i)
        made[f"offsets-{name}"] = file.bytes
        file = start(order)
        for code, value in (
            (1, b"a comment"),
            (2, bytes(4)),
            (3, b"\x02abcd"),
            (4, bytes(8)),
            (5, bytes(8)),
            (6, bytes(4)),
            (7, b"\x01" + bytes(8)),
            (7, b"\x00"),
            (7, b"\x09"),
            (2988, bytes(7)),
            (2989, bytes(4)),
            (40000, b"?"),
        ):
            file.packet(options=file.option(code, value) + file.option(0, b""))
        made[f"options-{name}"] = (
            file.packet(options=file.option(1, b"no end")).packet(options=bytes(4) + b"after the end!!!").bytes
        )
        file = start(order).packet()
        file.block(9, b"__REALTIME_TIMESTAMP=1700000000123456\n_BOOT_ID=1\n").packet()
        file.block(9, b"MESSAGE=without a time stamp, long\n")
        file.block(0x204, file.pack("HQQIH", 1, NOW * 1000, 2, 22, 3) + bytes(8))
        file.block(0x216, file.pack("HQQIHI", 1, NOW * 1000, 2, 22, 3, 0))
        file.block(0x221, file.pack("HQQIHI", 1, NOW * 1000, 2, 22, 3, 0) + bytes(9))
        file.block(0xBAD, file.pack("I", 1) + b"custom").block(0x40000BAD, file.pack("I", 1)).packet()
        made[f"numbered-without-packet-{name}"] = file.bytes
        file = start(order).packet()
        for kind in (7, 8, 0x208, 0x217, 0x222, 0x80000001, 0x0BADBEEF, 0):
            file.block(kind, b"whatever").packet()
        file.block(
            4,
            file.pack("HH", 1, 10) + b"\x0a\0\0\1host\0\0" + bytes(2) + file.pack("HH", 0, 0) + file.option(2, b"dns"),
        )
        file.block(10, file.pack("II", 0x544C534B, 5) + b"12345" + bytes(3)).statistics(0, 5)
        made[f"skipped-{name}"] = file.packet().bytes
    made["sections"] = (
        start("<").packet().section(">").interface(link=113).interface(link=101).packet(interface=1).packet()
        .section("<", version=(1, 2)).interface(link=0).packet().bytes
    )  # fmt: skip
    made["unrounded-lengths"] = start().packet(packet=PACKET[:41], total=32 + 41, trailer=32 + 41).packet().bytes
    made["no-interfaces"] = Made().section().block(0x0BAD0BAD, b"").bytes
    made["only-section"] = Made().section(options=Made().option(4, b"tests")).bytes
    made["zero-length"] = start().packet(packet=b"").packet(packet=b"", wire=60).bytes
    made["largest"] = start().packet(packet=bytes(262_144)).packet().bytes
    made["usb-large"] = start(link=189).packet(packet=bytes(300_000)).packet().bytes
    made["large-unknown-block"] = start().packet().block(0x7777, bytes(3 << 20)).packet().bytes
    made["large-options"] = start().packet(options=Made().option(1, bytes(60_000)) * 40).packet().bytes
    return made


def broken() -> dict[str, bytes]:
    """Files whose third record stops Wireshark, by name: two packets come before it, one after it."""

    def make() -> Made:
        return start().packet().packet()

    option = Made().option
    pack = Made().pack
    cases = {
        "trailer": make().packet(trailer=100),
        "too-short": make().block(6, bytes(20), total=28, trailer=28),
        "packet-over-block": make().block(6, pack("IIIII", 0, 0, 0, 200, 200) + bytes(60)),
        "packet-of-4-gib": make().block(6, pack("IIIII", 0, 0, 0, 0xFFFFFFFF, 200) + bytes(60)),
        "interface-unknown": make().packet(interface=1),
        "packet-too-large": make().packet(packet=bytes(262_145)),
        "block-too-large": make().block(6, PACKET, total=0x10000000),
        "block-absurd": make().block(0x1234, PACKET, total=0xFFFFFFFF),
        "unknown-too-short": make().block(0x1234, b"", total=8),
        "unknown-trailer": make().block(0x1234, b"abcd", trailer=12),
        "option-flags": make().packet(options=option(2, b"12345678")),
        "option-drops": make().packet(options=option(4, b"1234")),
        "option-queue": make().packet(options=option(6, b"")),
        "option-verdict": make().packet(options=option(7, b"\x01")),
        "option-verdict-empty": make().packet(options=option(7, b"")),
        "option-custom": make().packet(options=option(2989, b"123")),
        "option-over-block": make().packet(options=pack("HH", 1, 9)),
        "section-magic": make().block(0x0A0D0D0A, bytes(16)),
        "section-version": make().section(version=(2, 0)).interface(),
        "section-short": make().block(0x0A0D0D0A, pack("I", 0x1A2B3C4D)),
        "interface-short": make().block(1, pack("HH", 1, 0)),
        "interface-filter": make().interface(options=option(11, b"")),
        "interface-options": make().interface(options=pack("HH", 2, 100)),
        "simple-over-block": make().simple(200, PACKET),
        "simple-long-block": make().simple(40, PACKET),
        "old-interface": make().old_packet(interface=9),
        "statistics-short": make().block(5, bytes(8)),
        "names-cut": make().block(4, pack("HH", 1, 100)),
        "names-endless": make().block(4, pack("HH", 1, 8) + b"\x0a\0\0\1host" + pack("HH", 0, 0)),
        "secrets": make().block(10, pack("II", 1, 1000) + bytes(20)),
        "journal-short": make().block(9, b"MESSAGE=1\n" + bytes(20)),
        "sysdig-short": make().block(0x216, bytes(20)),
        "custom-short": make().block(0xBAD, b""),
    }
    return {name: made.packet().bytes for name, made in cases.items()}


def times_of(rows: list[Any]) -> list[tuple[int, int, int]]:
    return [(row.ts, row.captured, row.length) for row in rows]


def written(folder: Path, files: dict[str, bytes]) -> dict[str, Path]:
    for name, content in files.items():
        (folder / f"{name}.pcapng").write_bytes(content)
    return {name: folder / f"{name}.pcapng" for name in files}


@pytest.fixture(scope="session")
def variant_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(tmp_path_factory.mktemp("pcapng"), variants())


#: One link type each, so that editcap can copy them; the rest are shown by tshark.
SHOWN = (
    "numbered-without-packet-little", "numbered-without-packet-big", "sections", "simple-first-interface-big",
    "simple-little", "offsets-big", "skipped-big",
)  # fmt: skip
COPIED = tuple(name for name in variants() if name not in SHOWN and "interface" not in name and "simple" not in name)


@pytest.fixture(scope="session")
def wireshark_shown(variant_files: dict[str, Path], wireshark_rows: Any) -> dict[str, list[str]]:
    return dict(zip(SHOWN, wireshark_rows([variant_files[name] for name in SHOWN]), strict=True))


@pytest.mark.parametrize("name", SHOWN)
def test_frame_numbers_times_and_lengths_are_those_that_tshark_prints(
    name: str, variant_files: dict[str, Path], wireshark_shown: dict[str, list[str]], read: Any
) -> None:
    reading = read(variant_files[name])
    assert not reading.damage
    shown = [line.split("\t") for line in wireshark_shown[name]]
    assert [row.frame for row in reading.rows] == [int(line[0]) for line in shown]
    for row, (_, time, captured, length) in zip(reading.rows, shown, strict=True):
        if time:
            seconds, _, fraction = time.partition(".")
            assert row.ts == int(seconds) * 10**9 + int(fraction), row
        else:
            assert row.ts == 0
        if row.link == LINK_NONE:
            assert row.captured == row.length == 0
        else:
            assert (row.captured, row.length) == (int(captured), int(length))


@pytest.mark.parametrize("name", COPIED)
def test_every_variant_has_the_rows_that_wireshark_finds(
    name: str, variant_files: dict[str, Path], wireshark_records: Any, read: Any
) -> None:
    reading = read(variant_files[name])
    assert [(row.ts, row.captured, row.length, row.packet) for row in reading.rows] == wireshark_records(
        variant_files[name]
    )
    assert not reading.damage


def test_what_stops_wireshark_stops_the_reading(tmp_path: Path, read: Any, wireshark_counts: Any) -> None:
    files = written(tmp_path, broken())
    for (name, path), expected in zip(files.items(), wireshark_counts(list(files.values())), strict=True):
        reading = read(path)
        assert len(reading.rows) == expected == 2, name
        assert len(reading.damage) == 1 and reading.damage[0][0] == len(start().packet().packet().bytes), name


def test_link_types_and_descriptions_cover_all_sections(variant_files: dict[str, Path], read: Any) -> None:
    capture = read(variant_files["sections"]).capture
    assert capture.link_types == [1, 113, 101, 0]
    assert capture.description == "pcapng, little-endian and big-endian"
    assert [row.link for row in read(variant_files["sections"]).rows] == [1, 101, 113, 0]


def test_drops_are_the_last_count_of_each_interface(tmp_path: Path, read: Any) -> None:
    made = start().interface().statistics(0, 5).packet().statistics(0, 7).statistics(1, 2).section().interface()
    path = tmp_path / "drops.pcapng"
    path.write_bytes(made.statistics(0, 10).bytes)
    assert read(path).capture.dropped == 19
    path.write_bytes(start().packet().bytes)
    assert read(path).capture.dropped is None


@pytest.mark.parametrize("resolution", range(256))
def test_every_resolution_gives_exact_nanoseconds_or_the_nearest_end(
    tmp_path: Path, read: Any, resolution: int
) -> None:
    made = Made().section()
    units = 2 ** (resolution & 127) if resolution & 128 else 10**resolution
    if (resolution & 128 and resolution & 127 > 63) or (not resolution & 128 and resolution > 19):
        units = 2**64 - 1  # as in Wireshark
    offsets = (0, 1, -1, 10**12, -(10**12), 2**63 - 1, -(2**63))
    for offset in offsets:
        made.interface(options=made.option(9, bytes([resolution])) + made.option(14, made.pack("q", offset)))
    ticks = (0, 1, units - 1, units, 1_700_000_000 * 10**6 + 1, 2**63 - 1, 2**63, 2**64 - 1)
    for i in range(len(offsets)):
        for tick in ticks:
            made.packet(tick & (2**64 - 1), b"x", i)
    path = tmp_path / "resolution.pcapng"
    path.write_bytes(made.bytes)
    rows = iter(read(path).rows)
    for offset in offsets:
        for tick in ticks:
            seconds, rest = divmod(tick & (2**64 - 1), units)
            seconds = max(-9_223_372_035, min(9_223_372_035, min(9_223_372_035, seconds) + offset))
            exact = seconds * 10**9 + rest * 10**9 // units
            assert abs(next(rows).ts - exact) <= (1 if units > 10**9 else 0), (offset, tick)


def test_large_blocks_that_hold_no_packet_are_passed_over_in_constant_memory(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "large.pcapng"
    path.write_bytes(start().packet().block(0x7777, bytes(60 << 20)).packet().bytes)
    tracemalloc.start()
    reading = read(path)
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert len(reading.rows) == 2 and not reading.damage


def test_a_file_cut_anywhere_gives_the_whole_records_before_the_cut(
    tmp_path: Path, read: Any, wireshark_counts: Any
) -> None:
    made = start().packet(packet=PACKET[:20])
    made.block(0x7777, b"12345678").simple(8, b"12345678").statistics(0, 1).section(">").interface().old_packet(
        packet=b"123"
    )
    first = len(Made().section().bytes)
    paths = [tmp_path / f"{size}.pcapng" for size in range(first, len(made.bytes))]
    for size, path in enumerate(paths, first):
        path.write_bytes(made.bytes[:size])
    blocks = (28, 20, 52, 20, 24, 36, 28, 20, 36)
    ends = {sum(blocks[:n]) for n in range(len(blocks) + 1)}
    for size, (path, expected) in enumerate(zip(paths, wireshark_counts(paths), strict=True), first):
        reading = read(path)
        assert len(reading.rows) == expected, size
        assert bool(reading.damage) == (size not in ends), size
        if reading.damage:
            offset, what = reading.damage[-1]
            assert offset == max(end for end in ends if end < size) and f"cut after {size - offset} byte" in what


def damaged(source: bytes, seed: int) -> bytes:
    """`source` after a few seeded accidents beyond its first section header."""
    chance = random.Random(seed)
    content = bytearray(source)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(28, len(content))
        accident = chance.random()
        if accident < 0.4:
            content[at] ^= 1 << chance.randrange(8)
        elif accident < 0.8:
            value = chance.choice(
                (0, 1, 2, 3, 4, 5, 6, 9, 10, 12, 28, 32, 60, 0xBAD, 0x204, 2**18 + 1, 2**31, 2**32 - 1)
            )
            at &= ~3
            content[at : at + 4] = struct.pack(chance.choice("<>") + "I", value)[: len(content) - at]
        elif accident < 0.9:
            del content[at : at + chance.choice((1, 4, 8))]
        else:
            del content[at:]
        if len(content) <= 29:
            break
    return bytes(content)


def test_damaged_files_end_where_wireshark_ends(tmp_path: Path, read: Any, wireshark_counts: Any) -> None:
    sources = [source for source in variants().values() if 100 < len(source) < 10_000]
    paths = [tmp_path / f"{seed}.pcapng" for seed in range(1500)]
    for seed, path in enumerate(paths):
        path.write_bytes(damaged(sources[seed % len(sources)], seed))
    for path, expected in zip(paths, wireshark_counts(paths), strict=True):
        rows = read(path).rows
        # capinfos leaves out what is numbered without being a packet; tshark does not.
        packets = sum(row.link != LINK_NONE for row in rows)
        assert packets <= expected <= len(rows), path.name


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(variants())), st.binary(min_size=1, max_size=8), st.integers(0, 600))
def test_no_bytes_raise_anything_but_capture_error(tmp_path: Path, read: Any, name: str, noise: bytes, at: int) -> None:
    content = bytearray(variants()[name][:2000])
    at %= len(content)
    content[at : at + len(noise)] = noise
    path = tmp_path / "noise.pcapng"
    path.write_bytes(content)
    reading = read(path)
    assert reading.error or reading.capture
