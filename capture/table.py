"""The capture's two tables: records as the file holds them, packets as the engine sees them.

A *record* is one numbered entry of a capture file (Wireshark's frame), TCP or not. A format reader
fills a `Records` batch; `capture.decode` turns each of its rows into the one reused `Packet`.
Neither outlives its batch: what is kept is per connection and per RST.
"""

from __future__ import annotations

from array import array

#: Link type of a record that Wireshark numbers but that holds no packet (a journal entry, a system call).
LINK_NONE = 0xFFFF

#: Rows a batch can hold.
BATCH_ROWS = 16384


class Records:
    """A batch of records: one chunk of the file's bytes and a column per fact of each record.

    ==========  =====  ==========================================================================
    column      dtype  meaning
    ==========  =====  ==========================================================================
    at          u32    offset of the record's packet bytes inside `data`
    captured    u32    packet bytes present at `at`
    length      u32    packet bytes on the wire
    ts          i64    nanoseconds since 1970
    link        u16    LINKTYPE_* number (`LINK_NONE`: numbered, but not a packet)
    frame       u32    Wireshark's frame number, 1-based
    ==========  =====  ==========================================================================

    `data` is a bytearray that the reader owns and reuses: rows are valid until the next `fill`.
    `count` rows are filled; for each of them `at + captured <= len(data)` holds.
    """

    __slots__ = ("at", "captured", "count", "data", "frame", "length", "link", "ts")

    def __init__(self) -> None:
        self.data = bytearray()
        self.count = 0
        self.at = array("I", bytes(4 * BATCH_ROWS))
        self.captured = array("I", bytes(4 * BATCH_ROWS))
        self.length = array("I", bytes(4 * BATCH_ROWS))
        self.ts = array("q", bytes(8 * BATCH_ROWS))
        self.link = array("H", bytes(2 * BATCH_ROWS))
        self.frame = array("I", bytes(4 * BATCH_ROWS))


class Damage:
    """Where a capture is damaged or cut, and what was read of it.

    offset: byte offset in the (decompressed) file; what: what stands there; read: what was read.
    """

    __slots__ = ("offset", "read", "what")

    def __init__(self, offset: int, what: str, read: str) -> None:
        self.offset = offset
        self.what = what
        self.read = read


class CaptureError(Exception):
    """A capture that cannot be read at all: one clear line saying what and where."""
