"""The capture's two tables: records as the file holds them, packets as the engine sees them.

A *record* is one numbered entry of a capture file (Wireshark's frame), TCP or not. A format reader
fills a `Records` batch; `capture.decode` turns each of its rows into the one reused `Packet`.
Neither outlives its batch: what is kept is per connection and per RST.
"""

from __future__ import annotations

from array import array

#: Link type of a record that Wireshark numbers but that holds no packet (a journal entry, a system call).
LINK_NONE = 0xFFFF

# What `Decoder.decode` found in a record.
NOT_TCP = 0
TCP = 1
QUOTED_TCP = 2  # a TCP header quoted inside an ICMP error: a fact of its connection, not a packet of it
HEADERLESS_TCP = 3  # TCP by its IP protocol number, but under 16 bytes of its header are there

# Packet.checksum
CHECKSUM_UNCHECKED = 0
CHECKSUM_GOOD = 1
CHECKSUM_OFFLOADED = 2
CHECKSUM_BAD = 3

# Packet.options: which TCP options are there (RFC 9293, 7323, 2018)
OPTION_MSS = 1
OPTION_WINDOW_SCALE = 2
OPTION_SACK_PERMITTED = 4
OPTION_SACK = 8
OPTION_TIMESTAMPS = 16

# Packet.fault: why a row is incomplete
FAULT_NONE = 0
FAULT_HEADER_LENGTH = 1  # data offset under 5: Wireshark shows neither flags nor length
FAULT_SHORT = 2  # the IP length ends inside the TCP header
FAULT_FRAGMENT = 3  # first fragment of a datagram whose rest cannot be joined
FAULT_CUT = 4  # the snaplen ends inside the TCP header

# Link types (tcpdump.org/linktypes.html)
LINKTYPE_NULL = 0
LINKTYPE_ETHERNET = 1
LINKTYPE_IEEE802_5 = 6
LINKTYPE_PPP = 9
LINKTYPE_FDDI = 10
LINKTYPE_RAW_12 = 12
LINKTYPE_RAW_14 = 14
LINKTYPE_PPP_HDLC = 50
LINKTYPE_PPP_ETHER = 51
LINKTYPE_ATM_RFC1483 = 100
LINKTYPE_RAW = 101
LINKTYPE_C_HDLC = 104
LINKTYPE_IEEE802_11 = 105
LINKTYPE_FRELAY = 107
LINKTYPE_LOOP = 108
LINKTYPE_ENC = 109
LINKTYPE_LINUX_SLL = 113
LINKTYPE_PFLOG = 117
LINKTYPE_IEEE802_11_PRISM = 119
LINKTYPE_IEEE802_11_RADIOTAP = 127
LINKTYPE_IEEE802_11_AVS = 163
LINKTYPE_PPI = 192
LINKTYPE_PPP_WITH_DIR = 204
LINKTYPE_IPV4 = 228
LINKTYPE_IPV6 = 229
LINKTYPE_NFLOG = 239
LINKTYPE_NETANALYZER = 240
LINKTYPE_IPOIB = 242
LINKTYPE_PKTAP = 258
LINKTYPE_LINUX_SLL2 = 276

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
