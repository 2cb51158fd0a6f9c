"""Bytes of a capture: from a file or standard input, decompressed by what the bytes are, never by the name.

A `ByteStream` is read forwards only, with `readinto`: a file, a pipe and a decompressor look the same, and memory
does not grow with what they hold. Nothing here waits for more than one read needs: on a pipe, what has arrived is
handed on. A broken or cut compressed file is damage, not an exception: what could be decompressed has been
delivered, and the stream then ends.

`Window` is the piece of a stream that a format reader looks at.
"""

from __future__ import annotations

import errno
import io
import select
import stat
import sys
import zlib
from pathlib import Path
from typing import Any, Protocol

from .table import CaptureError, Damage

#: Compressed bytes read at a time, and the most that one call of a decompressor gives back.
CHUNK = 1 << 18

#: Compressed bytes that a decompressor without copies takes at a time: what a broken block can lose.
SIP = 1 << 13

#: How often a read that the system refused for a moment is waited for: no limit, one second at a time.
WAIT = 1.0

_MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
)
_LONGEST_MAGIC = 6


class Raw(Protocol):
    """What is asked of a file: `io.RawIOBase`'s readinto and close."""

    def readinto(self, view: memoryview, /) -> int | None:
        """Fill `view` from its start; the number of bytes, 0 at the end, None when there are none just now."""

    def close(self) -> None:
        """Give the file back to the system."""


class ByteStream:
    """Bytes from a file or standard input, uncompressed or decompressed.

    name: shown to people; compression: "" | "gzip" | "zstd" | "xz" | "bzip2" | "lz4";
    damage: why the bytes ended early, if they did (offsets in decompressed bytes);
    is_pipe: the bytes come as somebody writes them, so asking for more of them may wait.
    """

    def __init__(self, raw: Raw, name: str, is_pipe: bool = False) -> None:
        self.name = name
        self.is_pipe = is_pipe
        self.compression = ""
        self.damage: list[Damage] = []
        self._raw = raw
        self._ahead = b""  # read by peek, not yet by readinto
        self._given = 0  # bytes handed on by the source, peeked ones included
        self._ended = False
        self._source: Raw = raw
        head = self.peek(_LONGEST_MAGIC)
        for magic, compression in _MAGIC:
            if head.startswith(magic):
                self._decompress(compression, head)
                break

    def _decompress(self, compression: str, head: bytes) -> None:
        source = _Compressed(self._raw, head)
        self.compression = compression
        self._ahead = b""
        self._given = 0
        self._ended = False
        if compression == "zstd":
            self._source = _Zstd(source)
        else:
            self._source = _Members(source, compression)

    def readinto(self, view: memoryview) -> int:
        """Fill `view` from its start; the number of bytes, 0 at the end.

        One read: fewer bytes than asked for do not mean the end. Errors of the decompressor or of the system
        become `damage` and the end.
        """
        if not view:
            return 0
        if self._ahead:
            count = min(len(view), len(self._ahead))
            view[:count] = self._ahead[:count]
            self._ahead = self._ahead[count:]
            return count
        return self._read(view)

    def _read(self, view: memoryview) -> int:
        if self._ended:
            return 0
        try:
            count = self._source.readinto(view)
            while count is None:  # a pipe that somebody made non-blocking
                _wait(self._raw)
                count = self._source.readinto(view)
        except _BrokenError as broken:
            return self._end(f"{self.compression}: {broken}")
        except OSError as error:
            return self._end(f"read error: {error.strerror or error}")
        if not count:
            self._ended = True
            return 0
        self._given += count
        return count

    def _end(self, what: str) -> int:
        self._ended = True
        self.damage.append(Damage(self._given, what, f"the {self._given:,} bytes before it"))
        return 0

    def peek(self, n: int) -> bytes:
        """The next `n` bytes without taking them; fewer only at the end. Waits until they have come."""
        while len(self._ahead) < n and not self._ended:
            chunk = bytearray(n - len(self._ahead))
            count = self._read(memoryview(chunk))
            self._ahead += chunk[:count]
        return self._ahead[:n]

    def close(self) -> None:
        """Close the file. Standard input is left open."""
        self._ended = True
        self._ahead = b""
        self._raw.close()


class Window:
    """One reused bytearray over a stream: the records being looked at.

    data: the bytes, valid up to `end`; base: offset in the stream of data[0].
    """

    def __init__(self, stream: ByteStream, size: int = 1 << 20) -> None:
        self.data = bytearray(size)
        self.end = 0
        self.base = 0
        self._stream = stream

    def more(self, pos: int) -> bool:
        """Let go of the bytes before `pos` (the first kept one then stands at 0) and read once; False at the end.

        The array grows, to twice its size, only when it is full of bytes that really came: callers ask for
        more of a record only after finding its length legal.
        """
        keep = self.end - pos
        if pos:
            if keep:
                self.data[:keep] = self.data[pos : self.end]
            self.base += pos
            self.end = keep
        elif keep == len(self.data):
            grown = bytearray(2 * keep)
            grown[:keep] = self.data
            self.data = grown
        with memoryview(self.data) as view, view[self.end :] as room:
            count = self._stream.readinto(room)
        self.end += count
        return count > 0


class _BrokenError(Exception):
    """A compressed stream that cannot be read further: what is wrong with it."""


class _Compressed:
    """The compressed bytes: those already looked at, then the rest of the file."""

    def __init__(self, raw: Raw, head: bytes) -> None:
        self._raw = raw
        self._head = head

    def read(self, n: int = CHUNK) -> bytes:
        """At most `n` bytes, at least one except at the end."""
        if self._head:
            head, self._head = self._head[:n], self._head[n:]
            return head
        chunk = bytearray(n)
        with memoryview(chunk) as view:
            count = self._raw.readinto(view)
            while count is None:
                _wait(self._raw)
                count = self._raw.readinto(view)
        return bytes(chunk[:count])


class _Members:
    """gzip, xz, bzip2 or lz4: members one after the other, each with its own decompressor."""

    def __init__(self, source: _Compressed, compression: str) -> None:
        self._source = source
        self._kind = compression
        self._member: Any = None
        self._input = b""
        self._pending = False  # the decompressor may hold output back
        self._first = True
        self._rescued = b""
        self._broken: _BrokenError | None = None
        self._magic = next(magic for magic, name in _MAGIC if name == compression)

    def readinto(self, view: memoryview) -> int:
        """Decompress at most `len(view)` bytes; 0 at the end. `_BrokenError` when the data are broken or cut."""
        limit = min(len(view), CHUNK)
        while True:
            if self._rescued:
                output, self._rescued = self._rescued[:limit], self._rescued[limit:]
                break
            if self._broken:
                raise self._broken
            if self._member is None and not self._next_member():
                return 0
            if not self._input and not self._pending:
                self._input = self._source.read()
                if not self._input:
                    raise _BrokenError("cut short")
            output = self._step(limit)
            if output:
                break
        view[: len(output)] = output
        return len(output)

    def close(self) -> None:
        """Nothing to close: the file belongs to the stream."""

    def _next_member(self) -> bool:
        """Start the next member; False where no more follow. Bytes that are no member (padding) are ignored."""
        want = len(self._magic)
        while len(self._input) < want:
            more = self._source.read()
            if not more:
                break
            self._input += more
            if self._kind == "xz":  # stream padding: zero bytes, a multiple of four
                self._input = self._input.lstrip(b"\0")
        if not self._input.startswith(self._magic):
            self._input = b""
            return False
        if self._kind == "gzip":
            self._member = zlib.decompressobj(wbits=31)
        elif self._kind == "xz":
            import lzma

            self._member = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=1 << 30)
        elif self._kind == "bzip2":
            import bz2

            self._member = bz2.BZ2Decompressor()
        else:
            self._member = _lz4().LZ4FrameDecompressor()
        self._pending = False
        return True

    def _step(self, limit: int) -> bytes:
        member = self._member
        if self._kind == "gzip":
            before = member.copy()
            given = self._input
            try:
                output: bytes = member.decompress(given, limit)
            except zlib.error as error:
                self._broken = _BrokenError(_plain(error))
                self._rescued = _rescue(before, given)
                return b""
            self._input = member.unused_data if member.eof else member.unconsumed_tail
            # A full answer may be only part of what the input gives, even when all of it is taken.
            self._pending = len(output) == limit
        else:
            sip, self._input = self._input[:SIP], self._input[SIP:]
            try:
                output = member.decompress(sip, limit)
            except Exception as error:
                # lzma.LZMAError, OSError (bz2), RuntimeError (lz4), MemoryError (a dictionary beyond the limit)
                self._broken = _BrokenError(_plain(error))
                return b""
            if member.eof:
                self._input = (member.unused_data or b"") + self._input
            self._pending = not member.eof and not member.needs_input
        if member.eof:
            self._member = None
            self._pending = False
            if self._kind == "xz":
                self._input = self._input.lstrip(b"\0")
        return output


class _Zstd:
    """zstd frames one after the other.

    The library's reader does not say whether a frame was complete: the frames' block headers, which pass by on
    their way to it, do (RFC 8878, 3.1.1).
    """

    def __init__(self, source: _Compressed) -> None:
        try:
            import zstandard
        except ImportError as error:
            raise CaptureError(f"zstd compression needs the Python package zstandard ({error})") from None
        self._source = source
        self._error = zstandard.ZstdError
        self._skip = 0
        self._stage = "frame"
        self._part = b""
        self._checksum = False
        self._reader = zstandard.ZstdDecompressor().stream_reader(
            self,  # type: ignore[arg-type]
            read_size=1 << 17,
            read_across_frames=True,
            closefd=False,
        )

    def readinto(self, view: memoryview) -> int:
        """Decompress at most `len(view)` bytes; 0 at the end. `_BrokenError` when the data are broken or cut."""
        try:
            count = self._reader.readinto1(view)
        except self._error as error:
            raise _BrokenError(_plain(error)) from None
        if not count and (self._stage != "frame" or self._skip or self._part):
            raise _BrokenError("cut short")
        return count

    def close(self) -> None:
        """Nothing to close: the file belongs to the stream."""

    def read(self, n: int) -> bytes:
        """Compressed bytes, for the library's reader; follows the frames' structure in them."""
        chunk = self._source.read(n)
        self._follow(chunk)
        return chunk

    def _follow(self, chunk: bytes) -> None:
        at = 0
        size = len(chunk)
        while at < size:
            if self._skip:
                step = min(self._skip, size - at)
                self._skip -= step
                at += step
                continue
            need = {"frame": 5, "block": 3, "skippable": 4}[self._stage]
            take = need - len(self._part)
            self._part += chunk[at : at + take]
            at += take
            if len(self._part) < need:
                return
            part, self._part = self._part, b""
            number = int.from_bytes(part[:4], "little")
            if self._stage == "frame":
                if number & 0xFFFFFFF0 == 0x184D2A50:  # a skippable frame: its length follows the magic number
                    self._part = part[4:]
                    self._stage = "skippable"
                    continue
                descriptor = part[4]
                single = descriptor >> 5 & 1
                self._checksum = bool(descriptor & 4)
                self._skip = (1 - single) + (0, 1, 2, 4)[descriptor & 3] + (single, 2, 4, 8)[descriptor >> 6]
                self._stage = "block"
            elif self._stage == "skippable":
                self._skip = number
                self._stage = "frame"
            else:
                self._skip = 1 if number >> 1 & 3 == 1 else number >> 3
                if number & 1:
                    self._skip += 4 if self._checksum else 0
                    self._stage = "frame"


def _rescue(member: Any, given: bytes) -> bytes:
    """What a deflate stream gives up to its broken byte: ever smaller pieces, from before the failing call."""
    parts: list[bytes] = []
    piece = max(1, len(given) // 2)
    total = 0
    while given and total < 4 * CHUNK:
        before = member.copy()
        try:
            output = member.decompress(given[:piece], CHUNK)
        except zlib.error:
            if piece == 1:
                break
            member = before
            piece = max(1, piece // 2)
            continue
        given = member.unconsumed_tail + given[piece:]
        if member.eof:
            given = b""
        parts.append(output)
        total += len(output)
    return b"".join(parts)


def _plain(error: Exception) -> str:
    """A library's message on one line."""
    text = " ".join(str(error).split())
    return text or type(error).__name__


def _lz4() -> Any:
    try:
        import lz4.frame  # type: ignore[import-untyped]
    except ImportError as error:
        raise CaptureError(f"lz4 compression needs the Python package lz4 ({error})") from None
    return lz4.frame


def _wait(raw: Any) -> None:
    """Wait until a non-blocking file has bytes."""
    select.select([raw], [], [], WAIT)


class _Standard:
    """Standard input, read without Python's buffer in front and not closed."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def readinto(self, view: memoryview) -> int | None:
        count: int | None = self._raw.readinto(view)
        return count

    def fileno(self) -> int:
        number: int = self._raw.fileno()
        return number

    def close(self) -> None:
        """Standard input stays open."""


def open_stream(path: str) -> ByteStream:
    """Open `path`, "-" for standard input. `CaptureError` says in one line why it cannot be read at all."""
    if path == "-":
        name = "standard input"
        if sys.stdin is None:
            raise CaptureError(f"{name}: closed")
        if sys.stdin.isatty():
            raise CaptureError(f"{name}: a terminal; pipe a capture into it, or name a file")
        buffer: Any = sys.stdin.buffer
        raw: Raw = _Standard(getattr(buffer, "raw", buffer))
        try:
            is_pipe = not stat.S_ISREG(Path(f"/dev/fd/{buffer.fileno()}").stat().st_mode)
        except (OSError, ValueError, AttributeError):
            is_pipe = False
    else:
        name = path
        try:
            file = io.FileIO(path, "r")
            is_pipe = not stat.S_ISREG(Path(path).stat().st_mode)
        except ValueError as error:  # a NUL in the name
            raise CaptureError(f"{path!r}: {error}") from None
        except OSError as error:
            raise CaptureError(f"{path}: {_reason(error)}") from None
        raw = file
    try:
        stream = ByteStream(raw, name, is_pipe)
    except CaptureError as error:
        raw.close()
        raise CaptureError(f"{name}: {error}") from None
    if not stream.compression and not stream.peek(1):
        damage = stream.damage
        stream.close()
        raise CaptureError(f"{name}: {damage[0].what if damage else 'empty'}")
    return stream


def _reason(error: OSError) -> str:
    """Why the system refused, in lower case without its number."""
    known = {
        errno.ENOENT: "no such file",
        errno.EISDIR: "a directory, not a capture file",
        errno.EACCES: "permission denied",
        errno.EPERM: "permission denied",
    }
    return known.get(error.errno or 0) or (error.strerror or str(error)).lower()
