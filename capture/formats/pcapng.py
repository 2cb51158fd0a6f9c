# cython: boundscheck=False
"""pcapng: blocks, in sections of either byte order, from any number of interfaces.

Layout: draft-ietf-opsawg-pcapng. What gets a frame number, what is skipped and where reading stops are those of
Wireshark 4.0 (wiretap/pcapng.c):

- numbered: Enhanced, Simple and (obsolete) Packet Blocks; and, without a packet (link = LINK_NONE), systemd journal
  entries, sysdig events and custom blocks;
- skipped: name resolution, interface statistics (their drop counters are summed), decryption secrets, unknown types;
- a block length that is no multiple of four is rounded up; the two lengths of a block must then agree;
- malformed lengths, options or references to interfaces end the reading: Wireshark does not look for another block.

Timestamps are nanoseconds since 1970, whatever the interface's resolution and offset; those beyond 64 bits stand at
the nearest end (years 1677 and 2262). A Simple Packet Block has no time: 0.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Callable, Iterator

from ..octets import be16, be32, le16, le32
from ..stream import ByteStream
from ..table import BATCH_ROWS, LINK_NONE, CaptureError, Records
from . import Format, largest, smallest

# Why a walk over the window stopped.
MORE = 0  # the next block is not all there
FULL = 1  # the batch is
BAD = 2  # the next block is malformed: `fault` says how
OTHER = 3  # the next block holds no packet

SECTION = 0x0A0D0D0A
INTERFACE = 1
NAMES = 4
STATISTICS = 5
JOURNAL = 9
SECRETS = 10
SYSDIG = {0x204: 36, 0x216: 40, 0x221: 40}  # block type: smallest block, in bytes
CUSTOM = (0x0BAD, 0x40000BAD)
NETFLIX = 10949  # private enterprise number whose custom blocks Wireshark looks into

#: Blocks longer than this are damage: a packet of 128 MiB, and 128 KiB of options.
LARGEST_BLOCK = 32 + 134_217_728 + 131_072

#: Ends of the timestamps' range, in seconds.
LAST_SECOND = 9_223_372_035

M32 = 0xFFFFFFFF
HOST_BIG = sys.byteorder == "big"

# What is wrong with a block, in words; the walk knows numbers.
FAULTS = {
    1: "block of {total:,} bytes: shorter than its fixed part",
    2: f"block of {{total:,}} bytes: longer than {LARGEST_BLOCK:,}",
    3: "packet of {here:,} bytes in a block of {total:,}",
    4: "packet from interface {interface:,}, but only {interfaces:,} described in this section",
    5: "packet of {here:,} bytes: more than any capture writes, or too few for its link type",
    6: "the block's two lengths do not agree ({total:,} and {trailer:,})",
    7: "malformed options in a packet's block",
}


def u16(data: bytearray, pos: int, big: bool) -> int:
    """The 16-bit number at `pos`, which the caller knows to be inside `data`."""
    return be16(data, pos) if big else le16(data, pos)


def u32(data: bytearray, pos: int, big: bool) -> int:
    """The 32-bit number at `pos`, which the caller knows to be inside `data`."""
    return be32(data, pos) if big else le32(data, pos)


def swapped(word: int) -> int:
    """The 32-bit number `word` with its bytes in the other order."""
    return (word & 0xFF) << 24 | (word & 0xFF00) << 8 | (word >> 8 & 0xFF00) | word >> 24


def packet_options_fit(data: bytearray, pos: int, left: int, big: bool) -> bool:
    """Whether the `left` bytes of options at `pos` of a packet's block are ones that Wireshark accepts."""
    while left:
        if left < 4:
            return False
        code = u16(data, pos, big)
        size = u16(data, pos + 2, big)
        step = size + (-size & 3)
        pos += 4
        left -= 4
        if step > left:
            return False
        if code == 0:  # end of options
            return True
        if code == 2 or code == 6:  # flags, queue
            if size != 4:
                return False
        elif code == 4 or code == 5:  # drop count, packet id
            if size != 8:
                return False
        elif code == 7:  # verdict: its first byte says whose
            if size < 1:
                return False
            if (data[pos] == 1 or data[pos] == 2) and size != 9:
                return False
        elif code == 2988 or code == 2989 or code == 19372 or code == 19373:  # custom: an enterprise number first
            if size < 4:
                return False
            if u32(data, pos, big) == 10949 and size < 8:
                return False
        pos += step
        left -= step
    return True


def nanoseconds(ticks: int, units: int, shrink: int, small: int, offset: int) -> int:
    """Nanoseconds since 1970 of `ticks`, of which `units` are a second, plus `offset` seconds.

    The rest of a second is counted in `small` = units / shrink, so that small × 10⁹ fits 64 bits.
    """
    seconds = ticks // units
    part = (ticks - seconds * units) // shrink
    if part >= small:
        part = small - 1
    part = part * 1_000_000_000 // small
    if seconds > LAST_SECOND:
        seconds = LAST_SECOND
    whole = seconds
    whole += offset  # at most twice LAST_SECOND, either way
    if whole > LAST_SECOND:
        whole = LAST_SECOND
    if whole < -LAST_SECOND:
        whole = -LAST_SECOND
    fraction = part
    return whole * 1_000_000_000 + fraction


class Walk:
    """The block loop and what it needs to know about the section and its interfaces."""

    def __init__(self) -> None:
        self.pos = 0  # offset in the window of the next block
        self.end = 0  # bytes in the window
        self.count = 0  # rows filled
        self.frame = 0  # of the last row
        self.big = False
        self.fault = 0  # key of FAULTS, when BAD
        self.link = array("H")  # per interface: LINKTYPE number
        self.least = array("I")  # bytes of a packet
        self.most = array("I")
        self.snap = array("I")  # bytes of a simple packet that were kept; 0: all
        self.multiple = array("Q")  # nanoseconds in a tick; 0: another way is needed
        self.limit = array("Q")  # ticks up to which multiplying cannot overflow
        self.add = array("q")  # if_tsoffset in nanoseconds
        self.units = array("Q")  # ticks in a second; the rest is for `nanoseconds`
        self.shrink = array("Q")
        self.small = array("Q")
        self.offset = array("q")  # if_tsoffset in seconds

    def section(self, big: bool) -> None:
        """A new section begins: no interfaces."""
        self.big = big
        for column in (self.link, self.least, self.most, self.snap, self.multiple, self.limit, self.add):
            del column[:]
        for column in (self.units, self.shrink, self.small, self.offset):
            del column[:]

    def interface(self, link: int, snap: int, resolution: int, offset: int) -> None:
        """A new interface: link type, snapshot length, if_tsresol as in the file, if_tsoffset in seconds."""
        base, exponent = (2, resolution & 127) if resolution & 128 else (10, resolution)
        if (base == 2 and exponent > 63) or exponent > 127 or (base == 10 and exponent > 19):
            units = 2**64 - 1  # Wireshark's reading of a resolution beyond 64 bits
        else:
            units = base**exponent
        shrink = max(1, units // 1_000_000_000 if base == 10 else units >> 34)
        offset = max(-2 * LAST_SECOND, min(2 * LAST_SECOND, offset))
        multiple = 10 ** (9 - exponent) if base == 10 and exponent <= 9 else 0
        if abs(offset) > LAST_SECOND:
            multiple = 0
        self.link.append(link)
        self.least.append(smallest(link))
        self.most.append(largest(link))
        self.snap.append(snap)
        self.multiple.append(multiple)
        self.limit.append((LAST_SECOND * 1_000_000_000 - max(offset, 0) * 1_000_000_000) // multiple if multiple else 0)
        self.add.append(offset * 1_000_000_000 if multiple else 0)
        self.units.append(units)
        self.shrink.append(shrink)
        self.small.append(units // shrink)
        self.offset.append(offset)

    def run(self, data: bytearray, words: memoryview, records: Records) -> int:
        """Fill rows from `count` on with the packet blocks of data[pos:end]; why it stopped.

        `words` is `data` in 32-bit words of this machine's byte order: blocks are aligned to them, in the file
        as in the window.
        """
        at = records.at
        captured = records.captured
        length = records.length
        ts = records.ts
        link = records.link
        frame = records.frame
        links = self.link
        least = self.least
        most = self.most
        snap = self.snap
        multiple = self.multiple
        limit = self.limit
        add = self.add
        units = self.units
        shrink = self.shrink
        small = self.small
        offset = self.offset
        interfaces = len(links)
        pos = self.pos
        end = self.end
        count = self.count
        room = BATCH_ROWS
        big = self.big
        flip = big != HOST_BIG
        number = self.frame
        stop = FULL
        fault = 0
        while count < room:
            if end - pos < 12:
                stop = MORE
                break
            word = pos >> 2
            kind = words[word]
            total = words[word + 1]
            if flip:
                kind = swapped(kind)
                total = swapped(total)
            total += -total & 3
            if kind == 6 or kind == 2:  # enhanced; its obsolete forerunner differs in the first word only
                if end - pos < 28:
                    if total < 32:
                        stop = BAD
                        fault = 1
                    else:
                        stop = MORE
                    break
                interface = words[word + 2]
                high = words[word + 3]
                ticks = words[word + 4]
                here = words[word + 5]
                wire = words[word + 6]
                if flip:
                    interface = swapped(interface)
                    high = swapped(high)
                    ticks = swapped(ticks)
                    here = swapped(here)
                    wire = swapped(wire)
                if kind == 2:  # a number of 16 bits, then a drop count
                    interface = interface >> 16 if big else interface & 0xFFFF
                fixed = 28
            elif kind == 3:  # simple
                interface = 0
                wire = words[word + 2]
                if flip:
                    wire = swapped(wire)
                here = wire
                if interfaces and snap[0] and here > snap[0]:
                    here = snap[0]
                fixed = 12
            else:
                stop = OTHER
                break
            padded = here + (-here & 3)
            if total < fixed + 4:
                fault = 1
            elif total > LARGEST_BLOCK:
                fault = 2
            elif total < fixed + padded + 4:
                fault = 3
            elif interface >= interfaces:
                fault = 4
            elif here > most[interface] or here < least[interface]:
                fault = 5
            if fault:
                stop = BAD
                break
            # Wireshark looks for a simple block's second length right after the packet.
            size = fixed + padded + 4 if kind == 3 else total
            if end - pos < size:
                stop = MORE
                break
            trailer = words[(pos + size - 4) >> 2]
            if flip:
                trailer = swapped(trailer)
            if trailer + (-trailer & 3) != total:
                stop = BAD
                fault = 6
                break
            if size > fixed + padded + 4 and not packet_options_fit(
                data, pos + fixed + padded, size - fixed - padded - 4, big
            ):
                stop = BAD
                fault = 7
                break
            number = (number + 1) & M32
            at[count] = pos + fixed
            captured[count] = here
            length[count] = wire
            if kind == 3:
                ts[count] = 0
            else:
                ticks |= high << 32
                if ticks < limit[interface]:
                    ts[count] = ticks * multiple[interface] + add[interface]
                else:
                    ts[count] = nanoseconds(
                        ticks, units[interface], shrink[interface], small[interface], offset[interface]
                    )
            link[count] = links[interface]
            frame[count] = number
            count += 1
            pos += size
        self.pos = pos
        self.count = count
        self.frame = number
        self.fault = fault
        return stop


class _MalformedError(Exception):
    """A block that Wireshark would stop at: what is wrong with it."""


class Pcapng(Format):
    """A pcapng file."""

    name = "pcapng"
    suffixes = (".pcapng", ".ntar")

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """A Section Header Block with its byte-order magic, unless the file is cut before that."""
        return head[:4] == b"\x0a\x0d\x0d\x0a" and (head[8:12] in _ORDERS or len(head) < 12)

    def __init__(self, stream: ByteStream) -> None:
        super().__init__(stream)
        head = stream.peek(28)
        if len(head) < 28:
            raise CaptureError(f"{stream.name}: pcapng cut within its section header, after {len(head)} bytes")
        order = _ORDERS[head[8:12]]
        major, minor = struct.unpack_from(order + "HH", head, 12)
        if (major, minor) not in _VERSIONS:
            raise CaptureError(f"{stream.name}: pcapng version {major}.{minor} is not known")
        self._big_sections: list[bool] = []
        self._describe(order == ">")
        self._walk = Walk()
        self._walk.big = order == ">"
        self._fault = ""
        self._passing = False  # over a block that need not be looked at
        self._passed = (0, 0, 0)  # its type, total length and time
        self._begun = 0  # where it begins in the file
        self._left = 0  # its bytes still to come before its second length
        self._sections = 0
        self._drops: dict[tuple[int, int], int] = {}  # (section, interface): the last count

    def fill(self, records: Records) -> int:
        """See `Format.fill`."""
        walk = self._walk
        window = self._window
        walk.count = 0
        while not self._ended:
            walk.end = window.end
            if self._passing:
                stop = self._pass(records)
            else:
                with memoryview(window.data) as view, view.cast("I") as words:
                    stop = walk.run(window.data, words, records)
                if stop == OTHER:
                    stop = self._block(records)
            if stop == OTHER:
                continue
            if walk.count:
                break
            if stop == BAD:
                at = self._begun if self._passing else window.base + walk.pos
                self._stop(at, self._fault or self._packet_fault())
            else:
                more = window.more(walk.pos)
                walk.pos = 0
                if not more:
                    self._over()
        records.data = window.data
        records.count = walk.count
        self.packets += walk.count
        return walk.count

    def _describe(self, big: bool) -> None:
        if big not in self._big_sections:
            self._big_sections.append(big)
        orders = " and ".join("big-endian" if order else "little-endian" for order in self._big_sections)
        self.description = f"pcapng, {orders}"

    def _block(self, records: Records) -> int:
        """The block at hand, which holds no packet: OTHER when done with it, MORE or BAD otherwise."""
        walk = self._walk
        data = self._window.data
        pos = walk.pos
        there = walk.end - pos
        order = ">" if walk.big else "<"
        kind, total = struct.unpack_from(order + "II", data, pos)
        try:
            if data[pos : pos + 4] == b"\x0a\x0d\x0d\x0a":  # the same in both orders: it sets the order
                if there < 28:
                    return MORE
                order = _ORDERS.get(bytes(data[pos + 8 : pos + 12]), "")
                if not order:
                    raise _MalformedError("section header without its byte-order magic")
                kind = SECTION
                (total,) = struct.unpack_from(order + "I", data, pos + 4)
            total = (total + 3) & 0xFFFFFFFC
            fewest = _FEWEST.get(kind, 12)
            if total < fewest:
                raise _MalformedError(f"block of {total:,} bytes: type {kind:#x} has at least {fewest}")
            if total > LARGEST_BLOCK:
                raise _MalformedError(f"block of {total:,} bytes: longer than {LARGEST_BLOCK:,}")
            if there < fewest:
                return MORE
            reader = _READERS.get(kind)
            if kind in CUSTOM and struct.unpack_from(order + "I", data, pos + 8)[0] == NETFLIX:
                reader = Pcapng._netflix
            if reader is None:
                self._passed = (kind, total, self._glance(kind, total, order))
                self._passing = True
                self._begun = self._window.base + pos
                self._left = total - 4
                return OTHER
            if there < total:
                return MORE
            time = reader(self, bytes(data[pos + 8 : pos + total - 4]), order)
            self._trailer(pos + total - 4, total, order)
        except _MalformedError as malformed:
            self._fault = str(malformed)
            return BAD
        walk.pos = pos + total
        if kind in _NUMBERED:
            self._number(records, time)
        return OTHER

    def _glance(self, kind: int, total: int, order: str) -> int:
        """The time, in nanoseconds, of a block that is not looked at further; 0 where it has none."""
        data = self._window.data
        pos = self._walk.pos
        if kind in SYSDIG:
            (ticks,) = struct.unpack_from(order + "Q", data, pos + 10)
            return int(min(ticks, LAST_SECOND * 1_000_000_000))
        if kind == SECRETS:
            (size,) = struct.unpack_from(order + "I", data, pos + 12)
            if total < 20 + size:
                raise _MalformedError(f"secrets of {size:,} bytes in a block of {total:,}")
        return 0

    def _pass(self, records: Records) -> int:
        """Go on passing over a block, however long: OTHER when done, MORE or BAD otherwise."""
        walk = self._walk
        kind, total, time = self._passed
        step = min(self._left, walk.end - walk.pos)
        walk.pos += step
        self._left -= step
        if self._left or walk.end - walk.pos < 4:
            return MORE
        try:
            self._trailer(walk.pos, total, ">" if walk.big else "<")
        except _MalformedError as malformed:
            self._fault = str(malformed)
            return BAD
        walk.pos += 4
        self._passing = False
        if kind in _NUMBERED:
            self._number(records, time)
        return OTHER

    def _trailer(self, pos: int, total: int, order: str) -> None:
        (trailer,) = struct.unpack_from(order + "I", self._window.data, pos)
        if (trailer + 3) & 0xFFFFFFFC != total:
            raise _MalformedError(f"the block's two lengths do not agree ({total:,} and {trailer:,})")

    def _number(self, records: Records, time: int) -> None:
        """A row for a record that is no packet."""
        walk = self._walk
        walk.frame = (walk.frame + 1) & 0xFFFFFFFF
        row = walk.count
        records.at[row] = walk.pos
        records.captured[row] = 0
        records.length[row] = 0
        records.ts[row] = time
        records.link[row] = LINK_NONE
        records.frame[row] = walk.frame
        walk.count = row + 1

    def _section(self, body: bytes, order: str) -> int:
        major, minor = struct.unpack_from(order + "HH", body, 4)
        if (major, minor) not in _VERSIONS:
            raise _MalformedError(f"section of pcapng version {major}.{minor}, which is not known")
        _options(body, 16, order)
        self._sections += 1
        self._describe(order == ">")
        self._walk.section(order == ">")
        return 0

    def _interface(self, body: bytes, order: str) -> int:
        link, _, snap = struct.unpack_from(order + "HHI", body)
        resolution = None
        offset = None
        for code, value in _options(body, 8, order):
            if code == 9 and len(value) == 1 and resolution is None:
                resolution = value[0]
            elif code == 14 and len(value) == 8 and offset is None:
                offset = struct.unpack(order + "q", value)[0]
            elif code == 11 and not value:
                raise _MalformedError("interface's filter option without the filter's type")
        self._walk.interface(link, snap, 6 if resolution is None else resolution, offset or 0)
        if link not in self.link_types:
            self.link_types.append(link)
        return 0

    def _names(self, body: bytes, order: str) -> int:
        pos = 0
        while pos < len(body):
            if len(body) - pos < 4:
                raise _MalformedError("name resolution block cut within a record")
            kind, size = struct.unpack_from(order + "HH", body, pos)
            pos += 4
            step = (size + 3) & 0x1FFFC
            if len(body) - pos < step:
                raise _MalformedError(f"name resolution record of {size:,} bytes: more than its block holds")
            if kind == 0:
                break
            address = {1: 4, 2: 16}.get(kind)
            if address is not None:
                if size < address:
                    raise _MalformedError(f"name resolution record of {size} bytes: shorter than an address")
                if size > address and body[pos + size - 1]:
                    raise _MalformedError("name resolution record whose name has no end")
            pos += step
        _options(body, pos, order)
        return 0

    def _statistics(self, body: bytes, order: str) -> int:
        (interface,) = struct.unpack_from(order + "I", body)
        for code, value in _options(body, 12, order):
            if code == 5 and len(value) == 8:
                self._drops[self._sections, interface] = struct.unpack(order + "Q", value)[0]
                self.dropped = sum(self._drops.values())
                break
        return 0

    def _journal(self, body: bytes, order: str) -> int:
        entry = body.rstrip(b"\0")
        if len(entry) < 23:
            raise _MalformedError(f"journal entry of {len(entry)} bytes: too short for a time")
        found = _REALTIME.search(entry.split(b"\0", 1)[0])
        microseconds = int(found[1]) if found else 0
        return min(microseconds, LAST_SECOND * 1_000_000) * 1000 if microseconds < 2**64 else 0

    def _netflix(self, body: bytes, order: str) -> int:
        if len(body) < 8:
            raise _MalformedError("Netflix custom block without its type")
        (kind,) = struct.unpack_from("<I", body, 4)
        start = {1: 8, 2: 12}.get(kind)
        if start is None or len(body) < start:
            raise _MalformedError(f"Netflix custom block of type {kind} and {len(body)} bytes")
        if any(code not in _CUSTOM_OPTIONS and code != 1 for code, _ in _options(body, start, "<")):
            raise _MalformedError("Netflix custom block with a foreign option")
        return 0

    def _packet_fault(self) -> str:
        """In words, why the walk stopped at a packet's block."""
        walk = self._walk
        data = self._window.data
        order = ">" if walk.big else "<"
        kind, total = struct.unpack_from(order + "II", data, walk.pos)
        there = walk.end - walk.pos
        here = interface = trailer = 0
        if kind == 3:
            (here,) = struct.unpack_from(order + "I", data, walk.pos + 8)
        elif there >= 28:
            (here,) = struct.unpack_from(order + "I", data, walk.pos + 20)
            (interface,) = struct.unpack_from(order + ("I" if kind == 6 else "H"), data, walk.pos + 8)
        if walk.fault == 6:
            size = min(here, walk.snap[0] or here) + 16 if kind == 3 else total
            (trailer,) = struct.unpack_from(order + "I", data, walk.pos + size + (-size & 3) - 4)
        return FAULTS[walk.fault].format(
            total=total, here=here, interface=interface, interfaces=len(walk.link), trailer=trailer
        )

    def _over(self) -> None:
        """The bytes are over: cleanly between two blocks, or within one."""
        window = self._window
        if self._passing:
            _, total, _ = self._passed
            self._end(self._begun, window.base + window.end - self._begun, f"block of {total:,} bytes")
        elif window.end >= 12:
            order = ">" if self._walk.big else "<"
            if window.data[:4] == b"\x0a\x0d\x0d\x0a":
                order = _ORDERS.get(bytes(window.data[8:12]), order)
            (total,) = struct.unpack_from(order + "I", window.data, 4)
            self._end(window.base, window.end, f"block of {(total + 3) & 0xFFFFFFFC:,} bytes")
        else:
            self._end(window.base, window.end, "block header")


_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_VERSIONS = ((1, 0), (1, 2))
_REALTIME = re.compile(rb"__REALTIME_TIMESTAMP=([0-9]+)")
_CUSTOM_OPTIONS = (2988, 2989, 19372, 19373)

#: The smallest block of each type, in bytes.
_FEWEST = {
    SECTION: 28,
    INTERFACE: 20,
    NAMES: 16,
    STATISTICS: 24,
    JOURNAL: 35,
    SECRETS: 20,
    **SYSDIG,
    **dict.fromkeys(CUSTOM, 16),
}

#: Block types that get a frame number without holding a packet.
_NUMBERED = frozenset((JOURNAL, *SYSDIG, *CUSTOM))

#: Block types that are looked into; the others are passed over, however long.
_READERS: dict[int, Callable[[Pcapng, bytes, str], int]] = {
    SECTION: Pcapng._section,
    INTERFACE: Pcapng._interface,
    NAMES: Pcapng._names,
    STATISTICS: Pcapng._statistics,
    JOURNAL: Pcapng._journal,
}


def _options(body: bytes, pos: int, order: str) -> Iterator[tuple[int, bytes]]:
    """The options from `pos` on, as (code, value), all of them checked before the first is given."""
    options = []
    while pos < len(body):
        if len(body) - pos < 4:
            raise _MalformedError("options cut within an option's header")
        code, size = struct.unpack_from(order + "HH", body, pos)
        pos += 4
        step = (size + 3) & 0x1FFFC
        if len(body) - pos < step:
            raise _MalformedError(f"option of {size:,} bytes: more than its block holds")
        if code == 0:
            break
        value = body[pos : pos + size]
        if code in _CUSTOM_OPTIONS:
            if size < 4:
                raise _MalformedError(f"custom option of {size} bytes: shorter than its enterprise number")
            if struct.unpack_from(order + "I", value)[0] == NETFLIX and size < 8:
                raise _MalformedError(f"Netflix option of {size} bytes: shorter than its type")
        options.append((code, value))
        pos += step
    return iter(options)
