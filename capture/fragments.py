"""IP fragments joined into datagrams (RFC 791 3.2, RFC 8200 4.5), as Wireshark joins them.

A rare path, so it is plain Python; its memory is bounded whatever the capture holds.
"""

from __future__ import annotations

from collections import OrderedDict

#: Unfinished datagrams kept at once; the oldest is given up beyond that.
MAX_DATAGRAMS = 4096
#: Bytes kept of unfinished datagrams, with what Python needs to keep a piece.
MAX_BYTES = 32 << 20
OVERHEAD = 160

Key = tuple[int, int, int, int, int, int, int]  # version, source, destination (two halves each), id, protocol


class Datagram:
    """The fragments of one datagram that have come so far."""

    __slots__ = ("blocks", "frame", "parts", "size", "total")

    def __init__(self, frame: int) -> None:
        self.frame = frame
        self.parts: dict[int, bytes] = {}
        self.blocks = 0  # a bit for every eight bytes that are there
        self.size = 0
        self.total = -1  # known once the last fragment came


class Fragments:
    """Datagrams that are not whole yet, by (version, addresses, identification, protocol)."""

    def __init__(self) -> None:
        self.datagrams: OrderedDict[Key, Datagram] = OrderedDict()
        self.size = 0
        self.given_up = 0
        self.seen = 0

    def add(self, key: Key, offset: int, more: int, part: bytes, frame: int) -> bytes | None:
        """Take one fragment; the whole datagram's payload when this one completes it."""
        self.seen += 1
        datagram = self.datagrams.get(key)
        if datagram is None:
            datagram = self.datagrams[key] = Datagram(frame)
        old = datagram.parts.get(offset)
        if old is None or len(old) < len(part):
            more_kept = len(part) + OVERHEAD if old is None else len(part) - len(old)
            self.size += more_kept
            datagram.size += more_kept
            datagram.parts[offset] = part
        there = len(part) >> 3 if more else (len(part) + 7) >> 3
        datagram.blocks |= ((1 << there) - 1) << (offset >> 3)
        if not more:
            datagram.total = offset + len(part)
        whole = None
        if datagram.total >= 0:
            wanted = (1 << ((datagram.total + 7) >> 3)) - 1
            if datagram.blocks & wanted == wanted:
                whole = join(datagram)
        if whole is not None:
            del self.datagrams[key]
            self.size -= datagram.size
        while len(self.datagrams) > MAX_DATAGRAMS or self.size > MAX_BYTES:
            _, oldest = self.datagrams.popitem(last=False)
            self.size -= oldest.size
            self.given_up += 1
        return whole


def join(datagram: Datagram) -> bytes | None:
    """The datagram's bytes, or None while there is a hole; where fragments overlap the first byte stays."""
    whole = bytearray()
    for offset in sorted(datagram.parts):
        if offset > len(whole):
            return None
        whole += datagram.parts[offset][len(whole) - offset :]
    return bytes(whole[: datagram.total]) if len(whole) >= datagram.total else None
