"""The segments seen last, of all connections together: what a RST answers, and what was captured twice.

One ring for the whole capture, so that a connection has as many of them as it sent lately and none costs
memory by itself. Each entry knows the one before it of the same side of the same connection;
the record of a connection holds only the serial number of its sides' last entries. Serial numbers count
from 1 and are kept in 32 bits; 0 is none. An old entry is overwritten: `holds` says whether it is there.
"""

from __future__ import annotations

from array import array

FIRST_SIZE = 1 << 10
LAST_SIZE = 1 << 16  # segments; at a million a second a usual RTT, and what still fits the cache

# Words of one entry
WORDS = 8
FRAME = 0  # 0: no RST answers it, or one has
SEQ = 1
END = 2
ACK = 3
OWNER = 4  # twice the connection's number, plus the side
BEFORE = 5  # serial numbers in the same side
NEXT = 6  # the eighth is free: an entry is half a cache line

M32 = 0xFFFFFFFF


class Recent:
    """The ring. Numbers are as in the header, frames Wireshark's, times nanoseconds since 1970."""

    __slots__ = ("mask", "noted", "times", "words")

    def __init__(self) -> None:
        self.mask = FIRST_SIZE - 1
        self.noted = 0
        self.words = array("I", bytes(4 * WORDS * FIRST_SIZE))
        self.times = array("q", bytes(8 * FIRST_SIZE))

    def note(self, owner: int, before: int, frame: int, ts: int, seq: int, end: int, ack: int) -> int:
        """Keep one segment; its serial number. `before`: that of the last one of the same owner."""
        self.noted += 1
        if self.noted & M32 == 0:
            self.noted += 1
        if self.noted > self.mask and self.mask < LAST_SIZE - 1:
            self.grow()
        serial = self.noted & M32
        at = (serial & self.mask) * WORDS
        self.times[serial & self.mask] = ts
        self.words[at + FRAME] = frame
        self.words[at + SEQ] = seq
        self.words[at + END] = end
        self.words[at + ACK] = ack
        self.words[at + OWNER] = owner
        self.words[at + BEFORE] = before
        self.words[at + NEXT] = 0
        return serial

    def link(self, first: int, last: int, owner: int) -> None:
        """Make `following` true from `first` to `last` of the same owner; what has been linked is not walked again."""
        at = last
        while at != first and self.holds(at, owner):
            before = self.before(at)
            if not self.holds(before, owner) or self.following(before) == at:
                break
            self.words[(before & self.mask) * WORDS + NEXT] = at
            at = before

    def holds(self, serial: int, owner: int) -> int:
        """1 when the entry is still there."""
        if serial == 0 or ((self.noted - serial) & M32) > self.mask:
            return 0
        return self.words[(serial & self.mask) * WORDS + OWNER] == owner

    def frame(self, serial: int) -> int:
        """The frame of an entry that is there; 0: no RST answers it, or one has."""
        return self.words[(serial & self.mask) * WORDS + FRAME]

    def seq(self, serial: int) -> int:
        """Its sequence number."""
        return self.words[(serial & self.mask) * WORDS + SEQ]

    def end(self, serial: int) -> int:
        """The sequence number after its data, SYN and FIN."""
        return self.words[(serial & self.mask) * WORDS + END]

    def ack(self, serial: int) -> int:
        """Its acknowledgement."""
        return self.words[(serial & self.mask) * WORDS + ACK]

    def before(self, serial: int) -> int:
        """The serial number of the one before it in its side."""
        return self.words[(serial & self.mask) * WORDS + BEFORE]

    def following(self, serial: int) -> int:
        """The serial number of the one after it in its side, as far as `link` was asked; else 0."""
        return self.words[(serial & self.mask) * WORDS + NEXT]

    def time(self, serial: int) -> int:
        """When it was captured."""
        return self.times[serial & self.mask]

    def answered(self, serial: int) -> None:
        """A RST has answered it: each segment is answered once."""
        self.words[(serial & self.mask) * WORDS + FRAME] = 0

    def grow(self) -> None:
        """Double the ring, as long as nothing in it has been overwritten: every entry keeps its place."""
        size = self.mask + 1
        words = array("I", bytes(8 * WORDS * size))
        times = array("q", bytes(16 * size))
        i = 0
        while i < size * WORDS:
            words[i] = self.words[i]
            i += 1
        i = 0
        while i < size:
            times[i] = self.times[i]
            i += 1
        self.words = words
        self.times = times
        self.mask = size * 2 - 1
