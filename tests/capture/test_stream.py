"""Streams: every compression, whole, cut, broken and bombed; pipes; and what cannot be opened."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard

from finrst.capture.formats import open_capture
from finrst.capture.stream import ByteStream, open_stream
from finrst.capture.table import CaptureError, Records

CHANCE = random.Random(1)
TEXT = b"".join(CHANCE.choice((b"one ", b"two ", b"three ", CHANCE.randbytes(9))) for _ in range(50_000))


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "zstd": zstd,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "lz4": lambda data: lz4.frame.compress(data, content_checksum=True),
}
COMPRESSIONS = [name for name in COMPRESS if name]


def all_of(stream: ByteStream, size: int = 70_000) -> bytes:
    chunk = bytearray(size)
    parts = []
    while count := stream.readinto(memoryview(chunk)):
        parts.append(bytes(chunk[:count]))
    assert stream.readinto(memoryview(chunk)) == 0
    return b"".join(parts)


def opened(folder: Path, content: bytes) -> ByteStream:
    path = folder / "capture"
    path.write_bytes(content)
    return open_stream(str(path))


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("size", [1, 999, 1 << 20])
def test_bytes_come_out_as_they_went_in(tmp_path: Path, compression: str, size: int) -> None:
    text = TEXT if size > 1 else TEXT[:300]
    stream = opened(tmp_path, COMPRESS[compression](text))
    assert stream.compression == compression
    assert stream.peek(20) == text[:20] == stream.peek(20)
    assert all_of(stream, size) == text
    assert stream.peek(1) == b"" and not stream.damage
    stream.close()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_members_follow_one_another(tmp_path: Path, compression: str) -> None:
    compress = COMPRESS[compression]
    stream = opened(tmp_path, compress(TEXT[:100_000]) + compress(b"") + compress(b"short") + compress(TEXT))
    assert all_of(stream) == TEXT[:100_000] + b"short" + TEXT
    assert not stream.damage
    stream.close()


@pytest.mark.parametrize("compression", ["gzip", "xz", "bzip2", "lz4"])
def test_what_follows_and_is_no_member_is_left_alone(tmp_path: Path, compression: str) -> None:
    for rest in (bytes(1024), b"trailing garbage"):
        stream = opened(tmp_path, COMPRESS[compression](TEXT) + rest)
        assert all_of(stream) == TEXT
        assert not stream.damage
        stream.close()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_cut_file_gives_what_there_is_and_says_so(tmp_path: Path, compression: str) -> None:
    packed = COMPRESS[compression](TEXT)
    for size in (len(packed) - 1, len(packed) // 2, 20, *(CHANCE.randrange(7, len(packed)) for _ in range(20))):
        stream = opened(tmp_path, packed[:size])
        got = all_of(stream)
        assert TEXT.startswith(got)
        assert len(got) > len(TEXT) * size / len(packed) - 1_000_000  # a bzip2 block is 900 kB
        assert len(stream.damage) == 1, size
        assert stream.damage[0].offset == len(got) and "cut short" in stream.damage[0].what
        stream.close()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_broken_file_gives_what_comes_before_and_says_so(tmp_path: Path, compression: str) -> None:
    packed = COMPRESS[compression](TEXT)
    for _ in range(12):
        broken = bytearray(packed)
        at = CHANCE.randrange(20, len(packed))
        broken[at] ^= CHANCE.randrange(1, 256)
        stream = opened(tmp_path, bytes(broken))
        got = all_of(stream)
        assert stream.damage or got == TEXT or compression == "bzip2", at
        stream.close()


def test_a_broken_gzip_file_gives_all_up_to_the_break(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1  # only the checksum
    stream = opened(tmp_path, bytes(packed))
    assert all_of(stream) == TEXT
    assert len(stream.damage) == 1
    stream.close()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_bomb_takes_constant_memory(tmp_path: Path, compression: str) -> None:
    stream = opened(tmp_path, COMPRESS[compression](bytes(32 << 20)))
    chunk = memoryview(bytearray(1 << 20))
    tracemalloc.start()
    total = 0
    while count := stream.readinto(chunk):
        total += count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    stream.close()
    assert total == 32 << 20 and peak < 12 << 20  # xz: a dictionary of 8 MiB


def test_what_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "notes.txt").write_text("Dear \x1b[31mSir,\nwhat")
    (tmp_path / "text").write_text("Dear Sir,\nplease")
    (tmp_path / "nothing.gz").write_bytes(gzip.compress(b""))
    expected = {
        "absent": "no such file",
        ".": "a directory, not a capture file",
        "empty": "empty",
        "notes.txt": "not a capture file (starts with the bytes 44 65 61 72 20 1b 5b 33)",
        "text": "not a capture file (starts with 'Dear Sir,\\nplease')",
        "nothing.gz": "not a capture file (gzip) (nothing in it)",
    }
    for name, says in expected.items():
        with pytest.raises(CaptureError) as caught:
            open_capture(str(tmp_path / name))
        assert str(caught.value) == f"{tmp_path / name}: {says}"


def test_a_name_with_a_nul_is_refused() -> None:
    with pytest.raises(CaptureError, match="null"):
        open_stream("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "secret").chmod(0)
    with pytest.raises(CaptureError, match="permission denied"):
        open_stream(str(tmp_path / "secret"))


HEADER = bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000")
RECORD = bytes.fromhex("0100000002000000040000003c00000061626364")

READ_STANDARD_INPUT = """
from finrst.capture.formats import open_capture
from finrst.capture.table import Records
capture, records = open_capture("-"), Records()
while capture.fill(records):
    print(records.count, flush=True)
print(capture.stream.compression, capture.packets, [damage.what for damage in capture.damage], flush=True)
"""


def child() -> subprocess.Popen[bytes]:
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    return subprocess.Popen(
        [sys.executable, "-c", READ_STANDARD_INPUT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )


def test_rows_come_from_a_pipe_as_their_bytes_do() -> None:
    with child() as process:
        assert process.stdin and process.stdout
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        for piece in (HEADER, RECORD[:7]):
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.02)
        for piece in (RECORD[7:], RECORD + RECORD[:18], RECORD[18:]):
            process.stdin.write(piece)
            process.stdin.flush()
            assert process.stdout.readline() == b"1\n"
        process.stdin.write(RECORD[:19])
        process.stdin.close()
        assert process.stdout.read() == b" 3 ['record of 20 bytes cut after 19 bytes']\n"
        watchdog.cancel()
    assert process.returncode == 0


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_standard_input_may_be_compressed(compression: str) -> None:
    with child() as process:
        output, _ = process.communicate(COMPRESS[compression](HEADER + RECORD * 3), timeout=30)
    assert output.split(b"\n")[-2] == f"{compression} 3 []".encode()


def test_standard_input_replaced_by_bytes_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HEADER + RECORD)))
    capture = open_capture("-")
    assert capture.fill(Records()) == 1


def test_a_compressed_capture_reads_as_the_plain_one(tmp_path: Path) -> None:
    for compression, compress in COMPRESS.items():
        path = tmp_path / f"capture-{compression}"
        path.write_bytes(compress(HEADER + RECORD * 50_000))
        capture = open_capture(str(path))
        records = Records()
        while capture.fill(records):
            pass
        assert capture.packets == 50_000 and not capture.damage
        capture.close()


@pytest.mark.skipif(not shutil.which("capinfos"), reason="capinfos is not installed")
@pytest.mark.parametrize("compression", ["gzip", "zstd", "lz4"])
def test_a_cut_compressed_capture_has_the_packets_that_wireshark_finds(tmp_path: Path, compression: str) -> None:
    content = HEADER + b"".join(RECORD[:16] + CHANCE.randbytes(4) for _ in range(30_000))
    packed = COMPRESS[compression](content)
    for i in range(8):
        path = tmp_path / f"cut{i}"
        path.write_bytes(packed[: CHANCE.randrange(len(packed) // 4, len(packed))])
        done = subprocess.run(["capinfos", "-T", "-M", "-r", "-c", str(path)], capture_output=True, text=True)
        said = done.stdout.rpartition("\t")[2] or done.stderr.partition("after reading ")[2].split(" ")[0]
        capture = open_capture(str(path))
        records = Records()
        while capture.fill(records):
            pass
        capture.close()
        assert capture.damage
        assert capture.packets == int(said)
