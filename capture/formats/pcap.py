# cython: boundscheck=False
"""pcap: libpcap's own format, and the variants that tools wrote over the years.

Layout: draft-ietf-opsawg-pcap (24-byte file header, then 16-byte record headers). Variants, limits and the tests
that tell variants apart are those of Wireshark 4.0 (wiretap/libpcap.c), so that both read the same records:

- microseconds or nanoseconds, either byte order;
- file versions before 2.3 (and DG/UX's 543.0) have the two lengths of a record exchanged; 2.3 some of them;
- Kuznetzov's modified magic number and its longer record headers (24 or 28 bytes), and files with the usual magic
  number that hold such records (24 bytes), or Nokia's (20 bytes): told apart by trying the first three records;
- AIX: version 2.2 with RFC 1573 interface types, nanoseconds, and three bytes of padding before FDDI frames;
- Ixia's lcap: four more bytes in the file header.

A record whose length is beyond the largest packet that Wireshark reads ends the reading: nothing after it can be
trusted.
"""

from __future__ import annotations

import struct

from ..octets import be32, le32
from ..stream import ByteStream
from ..table import BATCH_ROWS, CaptureError, Records
from . import Format, largest, smallest

# Why a walk over the window stopped.
MORE = 0  # the next record is not all there
FULL = 1  # the batch is
BAD = 2  # the next record has an impossible length

_MAGIC = {
    0xA1B2C3D4: ("pcap", 1000),
    0xA1B23C4D: ("pcap", 1),
    0xA1B2CD34: ("modified pcap", 1000),
    0x1C0001AC: ("Ixia lcap (hardware)", 1000),
    0x1C0001AB: ("Ixia lcap (software)", 1000),
}
_IXIA = (0x1C0001AC, 0x1C0001AB)
_RECORD = 16

M32 = 0xFFFFFFFF

#: Record header lengths that share a magic number, most usual first.
_STANDARD = ((16, ""), (24, "records of 24 bytes (ss990417)"), (20, "Nokia records"))
_MODIFIED = ((24, "ss991029"), (28, "ss990915"))

#: AIX's interface types (RFC 1573) as link types.
_AIX = {6: 1, 9: 6, 15: 10, 24: 0}
_FDDI = 10

#: What no packet in a real capture exceeds on the wire (Wireshark's bound when it guesses a variant).
_WIRE = 128 * 1024 * 1024


def u32(data: bytearray, pos: int, big: bool) -> int:
    """The 32-bit number at `pos`, which the caller knows to be inside `data`."""
    return be32(data, pos) if big else le32(data, pos)


class Walk:
    """The record loop and what it needs to know about the file."""

    def __init__(self) -> None:
        self.pos = 0  # offset in the window of the next record
        self.end = 0  # bytes in the window
        self.count = 0  # rows filled
        self.frame = 0  # of the last row
        self.big = False
        self.head = _RECORD  # bytes of a record's header
        self.pad = 0  # bytes between header and packet, counted in both lengths
        self.swap = 0  # lengths exchanged: 0 never, 1 always, 2 when captured > length
        self.unit = 1000  # nanoseconds in a fraction's one
        self.least = 0  # bytes of a packet
        self.most = 0
        self.link = 0

    def run(self, data: bytearray, records: Records) -> int:
        """Fill rows from `count` on with the records of data[pos:end]; why it stopped."""
        at = records.at
        captured = records.captured
        length = records.length
        ts = records.ts
        link = records.link
        frame = records.frame
        pos = self.pos
        end = self.end
        count = self.count
        room = BATCH_ROWS
        big = self.big
        head = self.head
        pad = self.pad
        least = self.least
        most = self.most
        number = self.frame
        stop = FULL
        while count < room:
            if end - pos < head:
                stop = MORE
                break
            here = u32(data, pos + 8, big)
            wire = u32(data, pos + 12, big)
            if self.swap and (self.swap == 1 or here > wire):
                here, wire = wire, here
            if here > most or here < least:
                stop = BAD
                break
            if end - pos - head < here:
                stop = MORE
                break
            seconds = u32(data, pos, big)
            fraction = u32(data, pos + 4, big)
            number = (number + 1) & M32
            at[count] = pos + head + pad
            captured[count] = here - pad
            length[count] = (wire - pad) & M32
            ts[count] = seconds * 1_000_000_000 + fraction * self.unit
            link[count] = self.link
            frame[count] = number
            count += 1
            pos += head + here
        self.pos = pos
        self.count = count
        self.frame = number
        return stop


class Pcap(Format):
    """A pcap file."""

    name = "pcap"
    suffixes = (".pcap", ".cap", ".dmp")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """One of the magic numbers, in either byte order."""
        return int.from_bytes(head[:4], "little") in _MAGIC or int.from_bytes(head[:4], "big") in _MAGIC

    def __init__(self, stream: ByteStream) -> None:
        super().__init__(stream)
        head = stream.peek(24)
        big = int.from_bytes(head[:4], "big") in _MAGIC
        order = ">" if big else "<"
        magic = int.from_bytes(head[:4], "big" if big else "little")
        size = 28 if magic in _IXIA else 24
        if size > 24:
            head = stream.peek(size)
        if len(head) < size:
            raise CaptureError(f"{stream.name}: pcap cut within its {size}-byte file header, after {len(head)} bytes")
        major, minor, _, _, self._snaplen, network = struct.unpack_from(order + "HHIIII", head, 4)
        if major < 2:
            raise CaptureError(f"{stream.name}: pcap version {major}.{minor} is not known")
        text, unit = _MAGIC[magic]
        self._order = order
        self._walk = walk = Walk()
        walk.pos = size
        walk.big = big
        walk.unit = unit
        walk.swap = 1 if (major == 2 and minor < 3) or major == 543 else 2 if (major, minor) == (2, 3) else 0
        aix = magic == 0xA1B2C3D4 and (major, minor) == (2, 2) and network in _AIX
        if aix:
            network = _AIX[network]
            walk.unit = 1
            walk.pad = 3 if network == _FDDI else 0
        if network & 0x03FF0000:
            raise CaptureError(f"{stream.name}: pcap with reserved bits in its link type field ({network:#010x})")
        walk.link = network & 0xFFFF
        walk.most = largest(walk.link)
        walk.least = smallest(walk.link) + walk.pad
        self.link_types.append(walk.link)
        variant = ", AIX" if aix else ""
        if not aix and magic in (0xA1B2C3D4, 0xA1B2CD34):
            walk.head, variant = self._variant(_STANDARD if magic == 0xA1B2C3D4 else _MODIFIED, size)
        self.description = (
            f"{text}, {'big' if big else 'little'}-endian, {'nano' if walk.unit == 1 else 'micro'}seconds{variant}"
        )

    def _variant(self, variants: tuple[tuple[int, str], ...], start: int) -> tuple[int, str]:
        """The record header's length, by trying the first three records; the first variant when all fit as badly.

        From a pipe that would have to wait for three packets: only the modified magic number, which has no usual
        variant, is worth it.
        """
        if self.stream.is_pipe and variants is _STANDARD:
            return _RECORD, ""
        least = 99
        for head, name in variants:
            misfit = self._misfit(head, start)
            if misfit < least:
                least, best, why = misfit, head, name
            if not misfit:
                break
        return best, f", {why}" if why else ""

    def _misfit(self, head: int, pos: int) -> int:
        """How many things are wrong with the first of three records that has anything wrong; 0: none has."""
        walk = self._walk
        for _ in range(3):
            there = self.stream.peek(pos + head)
            if len(there) <= pos:
                return 0
            if len(there) < pos + head:
                return 1
            _, fraction, here, wire = struct.unpack_from(self._order + "IIII", there, pos)
            if walk.swap and (walk.swap == 1 or here > wire):
                here, wire = wire, here
            wrong: int = (fraction >= 1_000_000) + (here > walk.most) + (wire > _WIRE) + (here > self._snaplen)
            wrong += here > wire
            if wrong:
                return wrong
            pos += head + here
            if here <= largest(0) and len(self.stream.peek(pos)) < pos:
                return 1
        return 0

    def fill(self, records: Records) -> int:
        """See `Format.fill`."""
        walk = self._walk
        window = self._window
        walk.count = 0
        while not self._ended:
            walk.end = window.end
            stop = walk.run(window.data, records) if walk.pos <= window.end else MORE
            if walk.count:
                break
            if stop == BAD:
                here, wire = self._lengths()
                limit = f"over {walk.most:,}" if here > walk.most else f"under {walk.least}"
                self._stop(window.base + walk.pos, f"record length {here:,} ({limit}; on the wire {wire:,})")
            elif walk.pos > window.end:  # the file header
                if not window.more(0):
                    self._end(window.base, window.end, "file header")
            else:
                more = window.more(walk.pos)
                walk.pos = 0
                if not more:
                    self._end(window.base, window.end, self._cut())
        records.data = window.data
        records.count = walk.count
        self.packets += walk.count
        return walk.count

    def _lengths(self) -> tuple[int, int]:
        """Captured length and length on the wire of the next record."""
        walk = self._walk
        here: int
        wire: int
        here, wire = struct.unpack_from(self._order + "II", self._window.data, walk.pos + 8)
        if walk.swap and (walk.swap == 1 or here > wire):
            here, wire = wire, here
        return here, wire

    def _cut(self) -> str:
        if self._window.end < self._walk.head:
            return f"record header of {self._walk.head} bytes"
        return f"record of {self._walk.head + self._lengths()[0]:,} bytes"
