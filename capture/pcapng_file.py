"""Packets into a pcapng file as they come: readable at every moment, also when the program that wrote it was killed.

Layout: draft-ietf-opsawg-pcapng. Nanoseconds (if_tsresol 9); every batch is one write to the end of the file, so a
kill leaves whole blocks. What the kernel dropped stands in an Interface Statistics Block at the end.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

SECTION, INTERFACE, STATISTICS, PACKET = 0x0A0D0D0A, 1, 5, 6


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("=I", len(body) + 12)
    return struct.pack("=I", kind) + size + body + size


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("=HH", code, len(value)) + _padded(value)


class PcapngFile:
    """A new pcapng file with one interface. Raises OSError."""

    def __init__(self, path: str | Path, link: int, interface: str, program: str = "finrst", comment: str = "") -> None:
        self.written = 0  # packets
        uname = os.uname()
        section = struct.pack("=IHHq", 0x1A2B3C4D, 1, 0, -1)
        if comment:
            section += _option(1, comment.encode())
        section += _option(3, f"{uname.sysname} {uname.release}".encode())
        section += _option(4, program.encode()) + _option(0, b"")
        described = struct.pack("=HHI", link, 0, 0) + _option(2, interface.encode()) + _option(9, b"\x09")
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o666)
        self._put(_block(SECTION, section) + _block(INTERFACE, described + _option(0, b"")))

    def packets(self, packets: Iterable[tuple[int, bytes, int]]) -> None:
        """Append (time in ns since 1970, captured bytes, bytes on the wire)."""
        blocks = bytearray()
        for t_ns, data, length in packets:
            body = struct.pack("=IIIII", 0, t_ns >> 32, t_ns & 0xFFFFFFFF, len(data), length) + _padded(data)
            blocks += _block(PACKET, body)
            self.written += 1
        if blocks:
            self._put(blocks)

    def statistics(self, t_ns: int, received: int, dropped: int) -> None:
        """Append what the kernel counted: packets received by the interface, and those that it dropped."""
        body = struct.pack("=III", 0, t_ns >> 32, t_ns & 0xFFFFFFFF)
        body += _option(4, struct.pack("=Q", received)) + _option(5, struct.pack("=Q", dropped)) + _option(0, b"")
        self._put(_block(STATISTICS, body))

    def close(self) -> None:
        """Nothing is buffered: closes the descriptor only."""
        os.close(self._fd)

    def __enter__(self) -> PcapngFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _put(self, data: bytes | bytearray) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._fd, left) :]
