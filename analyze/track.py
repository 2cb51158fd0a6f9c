"""One pass over the packets: connections, and both ends' TCP state after every packet.

Theory of operation. A packet finds its connection by addresses and ports, in either direction; a SYN
with a new sequence number starts a new one exactly where Wireshark starts a new tcp.stream. Each
connection is one small record with a place for either side, side 0 being the sender of its first
packet. The observer keeps for each side

- `top`: the end of what it has sent, as seen on the wire,
- `edge`: the end of what has arrived in order at the other end, its rcv_nxt as far as the capture
  shows: data seen in order, or acknowledged, whichever is more,
- `acked`: the highest acknowledgement from the other end,

and walks the table of `states` for both ends: the sender's event when a segment is seen, the
receiver's when the segment is in order. A RST is judged by its receiver's state and `edge`
(RFC 5961 3.2 and what Linux does, see docs).

Rows of packets live for a batch only. Compiled with the types of `track.pxd`; the same text runs
interpreted. Every value that may wrap is masked where it is made.
"""

from __future__ import annotations

from array import array

from ..capture.decode import Decoder, Packet
from ..capture.table import (
    CHECKSUM_BAD,
    CHECKSUM_OFFLOADED,
    CHECKSUM_UNCHECKED,
    FAULT_CUT,
    FAULT_FRAGMENT,
    FAULT_NONE,
    FAULT_SHORT,
    OPTION_SACK,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    QUOTED_TCP,
    TCP,
    Records,
)
from .recent import Recent
from .seq import after, distance
from .states import (
    CLOSE_WAIT,
    CLOSED,
    CLOSING,
    ESTABLISHED,
    FIN_WAIT_1,
    FLAT,
    LAST_ACK,
    LISTEN,
    RECEIVE_ACK_OF_FIN,
    RECEIVE_ACK_OF_SYN,
    RECEIVE_FIN,
    RECEIVE_SYN,
    RECEIVE_SYN_ACK,
    SEND_ACK,
    SEND_FIN,
    SEND_SYN,
    SEND_SYN_ACK,
    SYN_RCVD,
    SYN_SENT,
    TIME_WAIT,
    UNKNOWN,
    WIDTH,
)
from .vocabulary import (
    ACCEPTED_NO,
    ACCEPTED_UNKNOWN,
    ACCEPTED_YES,
    FACT_ACKED,
    FACT_AHEAD,
    FACT_BASE,
    FACT_CHECKSUM,
    FACT_CLOSED,
    FACT_CROSSED,
    FACT_FIN,
    FACT_FIN_ACKED,
    FACT_FIN_IN_ORDER,
    FACT_FIN_LOST,
    FACT_FIN_OF_1_FIRST,
    FACT_HANDSHAKE,
    FACT_HANDSHAKE_RESET,
    FACT_LONG_HISTORY,
    FACT_OPEN_QUESTION,
    FACT_QUOTED,
    FACT_RESET,
    FACT_RESETS_CROSSED,
    FACT_SACK,
    FACT_SCALE,
    FACT_SEEN,
    FACT_SPOKE_AFTER_RST,
    FACT_STAMPED,
    FACT_START,
    FACT_SYN,
    FACT_SYN_ACK,
    FACT_SYN_ALONE,
    FACT_SYN_RESET,
    FACT_TOP,
    FACT_VOUCHED,
    MARK_DUPLICATE,
    MARK_KEEPALIVE,
    MARK_OUT_OF_ORDER,
    MARK_RETRANSMISSION,
    MARK_WINDOW_PROBE,
    SHAPE_ACTIVE,
    SHAPE_REPLY,
    SHAPE_SYN_REPLY,
    TRIES_UNTIL_DOUBT,
    WHY_BAD_CHECKSUM,
    WHY_CROSSED,
    WHY_IN_WINDOW,
    WHY_LOST,
    WHY_NO_CONNECTION,
    WHY_NONE,
    WHY_NOT_THE_SYN,
    WHY_OUT_OF_WINDOW,
    ZEEK_CLOSED,
    ZEEK_ESTABLISHED,
    ZEEK_INACTIVE,
    ZEEK_PARTIAL,
    ZEEK_RESET,
    ZEEK_SYN_ACK_SENT,
    ZEEK_SYN_SENT,
)

FIN = 1
SYN = 2
RST = 4
PSH = 8
ACK = 16

M16 = 0xFFFF
M32 = 0xFFFFFFFF
M64 = 0xFFFFFFFFFFFFFFFF
HALF = 0x80000000
BOTH_BASES = 3 << 2  # FACT_BASE of both sides
SCALE_BITS = 56  # Connection.facts: four bits of window scale for each side
# Odd multipliers of the hash
K1 = 0x9E3779B97F4A7C15
K2 = 0xC2B2AE3D27D4EB4F
K3 = 0x165667B19E3779F9

FAR = 0x40000000  # no window reaches further (RFC 7323 2.3)

HISTORY = 16  # letters kept in the record; longer histories go on in Tracker.histories

# Connection.once: letters that Zeek records once for each side (shifted by the side)
ONCE_ACK = 1
ONCE_DATA = 4
ONCE_MULTI = 16
ONCE_FIN_RST = 64
ONCE_FIN = 256
ONCE_RST = 1024

REORDERING_NS = 3_000_000  # a hole filled sooner than this is reordering, later a retransmission
CROSSING_NS = 1_000_000_000  # a FIN is under way for no longer
DOUBLE_NS = 20_000  # two equal packets without an IP-ID, closer than this: captured twice
DOUBLE_LATE_NS = 150_000_000  # with one IP-ID: some devices never change it, and send again after 200 ms or more
DOUBLE_KNOWN_NS = 1_000_000  # the same, where packets of the connection have been captured twice before
PRINTS = 2  # fingerprints of each side that are kept in the record
# A RST is an answer to what arrived one turn-around ago, as the capture saw it: this share of the handshake's
# (a hundredth each), and so much more for what waits and jitters.
SOONEST = 70
LATEST = 150
JITTER_NS = 500_000
QUEUE_NS = 100_000_000  # how long data may wait on its way, beyond a turn-around, before it is held for lost
PROBE_NS = 900_000_000  # keepalive probes come after a second at the soonest (TCP_KEEPIDLE, TCP_KEEPINTVL)
DELAYED_NS = 30_000_000  # an ACK that was waited with comes after 40 ms at the soonest (TCP_DELACK_MIN)
SILENCE_NS = 3_000_000_000  # nothing is answered after so long (and two turn-arounds)
LULL_NS = 1_000_000_000  # the shortest silence that a goodbye may end; it takes no longer itself
GOODBYE = 128  # bytes: TLS close_notify, HTTP/2 GOAWAY, MQTT DISCONNECT, a terse 421
WALK = 4096  # entries of the ring that are looked at for one RST,
WALKS = 16  # ... for so many RSTs of one side; later ones get
SHORT_WALK = 64
MOST_ERRORS = 1 << 20  # ICMP errors that are kept


class Connection:
    """One connection; arrays have a place for side 0 (sender of the first packet) and side 1.

    Numbers are absolute sequence numbers (u32), times are nanoseconds since 1970 (i64), counts are
    of packets as Wireshark counts them. `silence`: how long neither side had sent anything before the first FIN
    or RST, or before the goodbye that its sender said first; -1 without one, or where it was the first packet.
    """

    __slots__ = (
        "acked",
        "ahead_left",
        "ahead_right",
        "answered",
        "base",
        "bytes",
        "client",
        "closed_us",
        "damaged",
        "duplicates",
        "edge",
        "facts",
        "fin",
        "fin_end",
        "fin_frame",
        "fin_ms",
        "first_frame",
        "first_ts",
        "flow_label",
        "gaps",
        "handshake_rtt",
        "heard",
        "hi",
        "ip_id",
        "last",
        "last_frame",
        "last_rst",
        "last_ts",
        "letters",
        "lo",
        "lull_ms",
        "number",
        "once",
        "packets",
        "parting",
        "port",
        "prints",
        "prior",
        "probes",
        "psh",
        "reset_by",
        "reset_number",
        "retransmissions",
        "rst",
        "sack_edge",
        "silence",
        "size",
        "state",
        "syn",
        "top",
        "tries",
        "ttl",
        "turn",
        "version",
        "window",
        "zeek",
        "zero_windows",
    )

    def __init__(self) -> None:
        self.hi = [0, 0]
        self.lo = [0, 0]
        self.port = [0, 0]
        self.version = 0
        self.client = 0
        self.number = 0
        self.facts = 0
        self.first_ts = 0
        self.last_ts = 0
        self.closed_us = 0  # from its first packet until both FINs were acknowledged; M32: that or more
        self.first_frame = 0
        self.last_frame = 0
        self.handshake_rtt = -1
        self.silence = -1
        self.lull_ms = 0  # the silence before what may be a goodbye, in milliseconds; 0: none
        self.parting = 0  # of that: bytes << 1 | side
        self.heard = [0, 0]
        self.packets = [0, 0]
        self.bytes = [0, 0]
        self.syn = [0, 0]
        self.fin = [0, 0]
        self.rst = [0, 0]
        self.psh = [0, 0]
        self.retransmissions = [0, 0]
        self.damaged = [0, 0]
        self.duplicates = [0, 0]
        self.zero_windows = [0, 0]
        self.gaps = [0, 0]
        self.base = [0, 0]
        self.top = [0, 0]
        self.edge = [0, 0]
        self.acked = [0, 0]
        self.fin_end = [0, 0]
        self.last_rst = [0, 0]
        self.sack_edge = [0, 0]
        self.ahead_left = [0, 0]
        self.ahead_right = [0, 0]
        self.window = [0, 0]
        self.state = [0, 0]
        self.prior = [0, 0]
        self.zeek = [0, 0]
        self.tries = [0, 0]
        self.once = 0
        self.size = 0
        self.letters = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        self.prints = [0, 0, 0, 0]
        self.last = [0, 0]
        self.answered = [0, 0]
        self.turn = [0, 0]
        self.ip_id = [0, 0]  # this and the next two: of the side's last packet that was no RST
        self.ttl = [0, 0]
        self.flow_label = [0, 0]  # 20 bits, folded to 16
        self.fin_frame = [0, 0]
        self.fin_ms = [0, 0]  # milliseconds from the first packet to the FIN
        self.probes = [0, 0]  # keepalives, 255 at most
        self.reset_number = 0
        self.reset_by = 0

    def history_letters(self) -> bytes:
        """The kept letters, upper case for side 0."""
        return bytes([self.letters[i] for i in range(self.size)])


class Reset:
    """One RST. `accepted`, `shape` and `why` are numbers of `vocabulary`; times in nanoseconds."""

    __slots__ = (
        "accepted",
        "ack",
        "checksum",
        "connection",
        "distance",
        "echo_of",
        "facts",
        "fin_acked_ns",
        "fin_ns",
        "flags",
        "flow_label",
        "frame",
        "ip_id",
        "ip_id_before",
        "label_before",
        "latency",
        "options",
        "options_before",
        "probes",
        "quiet",
        "received",
        "receiver_state",
        "rtt",
        "sender_state",
        "sent",
        "seq",
        "shape",
        "side",
        "silence",
        "space",
        "tries",
        "trigger",
        "ts",
        "ttl",
        "ttl_before",
        "unacked",
        "why",
        "window",
    )

    def __init__(self) -> None:
        self.connection = 0
        self.frame = 0
        self.ts = 0
        self.side = 0
        self.flags = 0
        self.seq = 0
        self.ack = 0
        self.window = 0
        self.ttl = 0
        self.ip_id = 0
        self.options = 0
        self.checksum = 0
        self.shape = 0
        self.trigger = 0
        self.latency = -1
        self.silence = -1
        self.quiet = -1  # of both ends, before the segment that it answers
        self.accepted = 0
        self.why = 0
        self.receiver_state = 0
        self.sender_state = 0
        self.distance = 0
        self.echo_of = 0
        # What was known of the connection when it came: of its sender, unless it says otherwise.
        self.facts = 0  # Connection.facts
        self.sent = 0  # payload bytes
        self.received = 0  # payload bytes of the other end
        self.space = 0  # sequence numbers of the segment that it answers
        self.rtt = -1  # of the handshake
        self.fin_ns = -1  # since its FIN
        self.fin_acked_ns = -1  # since that was acknowledged; -1 also where that was too long ago to be known
        self.unacked = 0  # sequence numbers that it had sent and that were not acknowledged
        self.tries = 0  # its transmissions that had no answer
        self.probes = 0
        self.flow_label = 0  # folded to 16 bits, as the one before
        self.label_before = 0  # this and the next three: of its last packet that was no RST
        self.ttl_before = 0
        self.ip_id_before = 0
        self.options_before = 0


class IcmpError:
    """An ICMP error that quotes a packet of a connection. `side`: whose packet; `hi`, `lo`: who sent the error."""

    __slots__ = ("code", "connection", "frame", "hi", "kind", "lo", "mtu", "seq", "side", "ts")

    def __init__(self) -> None:
        self.connection = 0
        self.frame = 0
        self.ts = 0
        self.side = 0
        self.kind = 0  # the type; which is IPv4's or IPv6's, as the connection is
        self.code = 0
        self.mtu = 0  # 0: not said
        self.seq = 0  # of the quoted packet
        self.hi = 0
        self.lo = 0


def wide(value: int) -> int:
    """The value in 64 bits: C would shift and multiply the narrow type."""
    return value


def microseconds(ns: int) -> int:
    """A time in microseconds, as far as 32 bits hold it; at least one, 0 is not known."""
    if ns < 1000:
        return 1
    if ns > M32 * 1000:
        return M32
    return ns // 1000


def mix(hi: int, lo: int, port: int, salt: int) -> int:
    """64-bit hash of one endpoint (multiply and fold, salted: a capture cannot aim at its collisions)."""
    value = (lo ^ salt) * K1 & M64
    value = (value ^ (value >> 32) ^ hi) * K2 & M64
    value = (value ^ (value >> 29) ^ port) * K3 & M64
    return value ^ (value >> 32)


class Tracker:
    """The engine: feed it batches of records, then read `connections` and `resets`."""

    def __init__(self, salt: int = 0) -> None:
        self.decoder = Decoder()
        self.recent = Recent()
        self.connections: list[Connection] = []
        self.resets: list[Reset] = []
        self.errors: list[IcmpError] = []  # MOST_ERRORS at most
        self.again: dict[int, int] = {}  # connection -> the one before it between the same ports
        self.histories: dict[int, list[int]] = {}  # index of the connection -> letters beyond HISTORY
        self.slots = array("Q", bytes(8 * 4096))
        self.slot_mask = 4095
        self.salt = salt & M64
        self.tcp_packets = 0
        self.bad_checksums = 0
        self.offloaded = 0
        self.only_known = 0  # find makes no connection
        self.nobody = Connection()
        self.quoted_only = 0  # more than none: some connections may have no packets of their own
        self.first_ts = 0
        self.last_ts = 0
        self.records = 0
        self.told: dict[int, list[tuple[int, ...]]] | None = None  # first frame -> rows, where connections are told
        self.headers: dict[int, bytes] = {}  # of them: frame -> TCP header, as far as it is in the capture
        self.batch: Records | None = None  # being read, and its row, while connections are told
        self.row = 0
        self.wanted: list[Connection] = []  # if any: packets of other addresses and ports are passed over
        self.wanted_count = 0
        self.from_frame = 0
        self.to_frame = M32
        self.marks = 0
        self.side = 0  # of the packet whose connection was found last
        self.table = FLAT

    def feed(self, records: Records) -> None:
        """Take one batch; nothing of it is kept."""
        data = records.data
        at = records.at
        captured = records.captured
        length = records.length
        ts = records.ts
        link = records.link
        frame = records.frame
        count = records.count
        decoder = self.decoder
        packet = decoder.packet
        first = self.first_ts if self.records else ts[0]
        last = self.last_ts if self.records else ts[0]
        row = 0
        while row < count:
            if ts[row] > last:
                last = ts[row]
            elif ts[row] < first:
                first = ts[row]
            row += 1
        self.first_ts = first
        self.last_ts = last
        self.records += count
        telling = self.told is not None
        if telling:
            self.batch = records
        row = 0
        while row < count:
            if frame[row] < self.from_frame or frame[row] > self.to_frame:
                row += 1
                continue
            if telling:
                self.row = row
                decoder.whole = b""
            found = decoder.decode(data, at[row], captured[row], length[row], link[row], frame[row])
            if found:
                if found == TCP:
                    self.tcp_packets += 1
                    self.segment(packet, frame[row], ts[row])
                elif found == QUOTED_TCP:
                    self.quoted(packet, frame[row], ts[row])
                else:
                    self.tcp_packets += 1
            row += 1

    # Finding the connection

    def find(self, packet: Packet) -> Connection:
        """The packet's connection, made on demand; `side`: which side sent it."""
        value = (
            mix(packet.src_hi, packet.src_lo, packet.sport, self.salt)
            + mix(packet.dst_hi, packet.dst_lo, packet.dport, self.salt)
        ) & M64
        value ^= value >> 31
        tag = value >> 32
        mask = self.slot_mask
        place = tag & mask
        slot = self.slots[place]
        while slot:
            if slot >> 32 == tag:
                c = self.connections[(slot & M32) - 1]
                if c.version == packet.version:
                    if (
                        c.lo[0] == packet.src_lo
                        and c.port[0] == packet.sport
                        and c.lo[1] == packet.dst_lo
                        and c.port[1] == packet.dport
                        and c.hi[0] == packet.src_hi
                        and c.hi[1] == packet.dst_hi
                    ):
                        self.side = 0
                    elif (
                        c.lo[1] == packet.src_lo
                        and c.port[1] == packet.sport
                        and c.lo[0] == packet.dst_lo
                        and c.port[0] == packet.dport
                        and c.hi[1] == packet.src_hi
                        and c.hi[0] == packet.dst_hi
                    ):
                        self.side = 1
                    else:
                        place = (place + 1) & mask
                        slot = self.slots[place]
                        continue
                    # A SYN with another sequence number than the side's first one: the ports are used
                    # again (Wireshark 4.0, packet-tcp.c, dissect_tcp).
                    if packet.flags & (SYN | ACK) == SYN:
                        if c.facts >> self.side & FACT_BASE and packet.seq != c.base[self.side]:
                            before = c.number
                            c = self.create(packet)
                            self.again[c.number] = before
                            self.slots[place] = tag << 32 | (c.number + 1)
                    return c
            place = (place + 1) & mask
            slot = self.slots[place]
        if self.only_known:
            return self.nobody
        c = self.create(packet)
        self.slots[place] = tag << 32 | (c.number + 1)
        if wide(c.number) * 2 > mask:
            self.grow()
        return c

    def create(self, packet: Packet) -> Connection:
        """A new connection for the packet, whose sender is its side 0."""
        self.side = 0
        c = Connection()
        c.number = len(self.connections)
        c.version = packet.version
        c.hi[0] = packet.src_hi
        c.lo[0] = packet.src_lo
        c.port[0] = packet.sport
        c.hi[1] = packet.dst_hi
        c.lo[1] = packet.dst_lo
        c.port[1] = packet.dport
        c.state[0] = UNKNOWN
        c.state[1] = UNKNOWN
        c.handshake_rtt = -1
        # Until a SYN says it: the lower port is the server's, else the first speaker is the client.
        if packet.sport < packet.dport:
            c.client = 1
        else:
            c.client = 0
        self.connections.append(c)
        return c

    def grow(self) -> None:
        """Double the table; every connection that a place still names is placed again, by its tag."""
        old = self.slots
        size = self.slot_mask + 1
        mask = size * 2 - 1
        self.slots = array("Q", bytes(16 * size))
        self.slot_mask = mask
        i = 0
        while i < size:
            if old[i]:
                place = (old[i] >> 32) & mask
                while self.slots[place]:
                    place = (place + 1) & mask
                self.slots[place] = old[i]
            i += 1

    # One packet

    def quoted(self, packet: Packet, frame: int, ts: int) -> None:
        """A TCP header inside an ICMP error: no packet of its connection, but it takes a number as in Wireshark.

        Of a header that is cut to 8 bytes Wireshark makes no connection; here it belongs to the one that is known.
        """
        self.only_known = packet.fault == FAULT_SHORT
        c = self.find(packet)
        self.only_known = 0
        if c is self.nobody:
            return
        c.facts |= FACT_QUOTED
        if len(self.errors) < MOST_ERRORS:
            e = IcmpError()
            e.connection = c.number
            e.frame = frame
            e.ts = ts
            e.side = self.side
            e.kind = packet.icmp_type
            e.code = packet.icmp_code
            e.mtu = packet.icmp_mtu
            e.seq = packet.seq
            e.hi = packet.icmp_hi
            e.lo = packet.icmp_lo
            self.errors.append(e)
        self.quoted_only += c.packets[0] + c.packets[1] == 0

    def segment(self, packet: Packet, frame: int, ts: int) -> None:
        """One TCP segment: find its connection, count it, then follow it."""
        if self.wanted_count and not self.is_wanted(packet):
            return
        c = self.find(packet)
        side = self.side
        flags = packet.flags
        if c.packets[0] + c.packets[1] == 0:
            c.first_ts = ts
            c.first_frame = frame
            if flags & (SYN | ACK | RST) == SYN:
                c.client = side
                c.facts |= FACT_SEEN | FACT_START
                c.state[side] = CLOSED
                c.state[1 - side] = LISTEN
            elif flags & (SYN | ACK | RST) == SYN | ACK:
                c.client = 1 - side
                c.facts |= FACT_SEEN
            c.last_ts = ts
        c.packets[side] += 1
        c.last_frame = frame
        if ts > c.last_ts:
            c.last_ts = ts
        c.bytes[side] += packet.length
        if flags & SYN:
            c.syn[side] += 1
        if flags & FIN:
            c.fin[side] += 1
        if flags & RST:
            c.rst[side] += 1
        if flags & PSH:
            c.psh[side] += 1
        self.marks = 0
        if packet.fault == FAULT_NONE or packet.fault == FAULT_CUT:
            self.follow(packet, c, side, frame, ts)
        elif packet.fault != FAULT_SHORT and packet.fault != FAULT_FRAGMENT:
            self.set_base(packet, c, side)
        if self.told is not None:
            self.tell(packet, c, side, frame, ts)

    def is_wanted(self, packet: Packet) -> int:
        """1 when `decoder.packet` has the addresses and ports of a connection being told."""
        i = 0
        while i < self.wanted_count:
            c = self.wanted[i]
            if c.lo[0] == packet.src_lo and c.port[0] == packet.sport and c.lo[1] == packet.dst_lo:
                if c.port[1] == packet.dport:
                    return 1
            if c.lo[1] == packet.src_lo and c.port[1] == packet.sport and c.lo[0] == packet.dst_lo:
                if c.port[0] == packet.dport:
                    return 1
            i += 1
        return 0

    def set_base(self, packet: Packet, c: Connection, side: int) -> None:
        """Where relative numbers count from, as in Wireshark: the ISN, or one before the first number seen."""
        if not c.facts >> side & FACT_BASE:
            c.base[side] = packet.seq if packet.flags & SYN else (packet.seq - 1) & M32
            c.facts |= FACT_BASE << side
        elif packet.flags & (SYN | ACK) == SYN | ACK:
            c.base[side] = packet.seq
        if packet.flags & ACK and not c.facts >> (1 - side) & FACT_BASE:
            c.base[1 - side] = (packet.ack - 1) & M32
            c.facts |= FACT_BASE << (1 - side)

    def event(self, c: Connection, side: int, what: int) -> None:
        """Move one side through the state table."""
        c.state[side] = self.table[c.state[side] * WIDTH + what]

    def follow(self, packet: Packet, c: Connection, side: int, frame: int, ts: int) -> None:
        """Follow one whole segment: duplicates, checksum, RST, SYN, acknowledgement, data, FIN."""
        other = 1 - side
        flags = packet.flags
        seq = packet.seq
        length = packet.length
        end = seq + length
        if flags & SYN:
            end += 1
        if flags & FIN:
            end += 1
            if c.silence < 0:
                c.silence = self.silence_before_end(c, side, ts)
            if not c.facts >> side & FACT_FIN:
                c.fin_frame[side] = frame
                c.fin_ms[side] = (ts - c.first_ts) // 1_000_000 & M32 if ts > c.first_ts else 0
        end &= M32

        # The same packet captured twice (on "any", or before and after a bridge).
        fingerprint = (wide(packet.tsval) << 32 | packet.tsecr) * K1
        fingerprint = (fingerprint ^ (wide(packet.ipid) << 32 | wide(packet.win) << 16 | flags) ^ length << 20) & M64
        fingerprint = ((fingerprint ^ wide(seq) << 32 ^ packet.ack) * K2 & M64) >> 32
        if (c.prints[side * PRINTS] == fingerprint or c.prints[side * PRINTS + 1] == fingerprint) and self.is_copy(
            packet, c, side, ts, end
        ):
            if c.duplicates[side] < M16:
                c.duplicates[side] += 1
            self.marks = MARK_DUPLICATE
            return

        # A damaged segment never reaches the receiver's TCP. Where every checksum of a side is wrong, or a segment
        # with a wrong one was acknowledged, the checksums were rewritten or never computed, and say nothing.
        damaged = 0
        if packet.checksum == CHECKSUM_BAD:
            self.bad_checksums += 1
            if (c.facts >> side & FACT_CHECKSUM or c.packets[side] == 1) and not c.facts >> side & FACT_VOUCHED:
                damaged = 1
        elif packet.checksum != CHECKSUM_UNCHECKED:
            c.facts |= FACT_CHECKSUM << side
            if packet.checksum == CHECKSUM_OFFLOADED:
                self.offloaded += 1
        if damaged and (flags & RST or c.packets[side] > 1):
            if c.damaged[side] < M16:
                c.damaged[side] += 1
            self.letter_log(c, side, 67, c.damaged[side])  # C
        if damaged and not flags & RST and c.packets[side] > 1:
            self.set_base(packet, c, side)
            c.last[side] = self.recent.note(wide(c.number) << 1 | side, c.last[side], 0, ts, seq, end, packet.ack)
            return

        if flags & SYN or c.facts & BOTH_BASES != BOTH_BASES:
            self.set_base(packet, c, side)
        if not flags & RST or not c.facts & FACT_RESET:
            c.last[side] = self.recent.note(
                wide(c.number) << 1 | side, c.last[side], 0 if flags & RST else frame, ts, seq, end, packet.ack
            )
            c.prints[side * PRINTS + 1] = c.prints[side * PRINTS]
            c.prints[side * PRINTS] = fingerprint
        if flags & RST:
            if not damaged:
                self.zeek_packet(packet, c, side)
            self.reset(packet, c, side, frame, ts, damaged)
            c.heard[side] = ts
            return
        self.zeek_packet(packet, c, side)

        # It speaks: whatever the other side was waiting for has had an answer.
        if c.facts & (FACT_RESET | FACT_OPEN_QUESTION) or c.rst[side]:
            self.life_after_reset(packet, c, side, ts, end)
        c.tries[other] = 0

        if flags & SYN:
            self.open(packet, c, side, ts, end)
        if flags & ACK:
            self.acknowledge(packet, c, side, ts)
        if flags & (SYN | FIN | ACK) == ACK:
            self.event(c, side, SEND_ACK)
        self.send(packet, c, side, ts, end)

        # Windows are never scaled in a SYN (RFC 7323 2.2).
        if not flags & SYN and c.facts & FACT_SCALE and c.facts >> 1 & FACT_SCALE:
            c.window[side] = wide(packet.win) << (c.facts >> (SCALE_BITS + 4 * side) & 15)
        else:
            c.window[side] = packet.win
        if packet.win == 0 and not flags & SYN:
            if c.zero_windows[side] < M16:
                c.zero_windows[side] += 1
        if packet.options & OPTION_SACK:
            # The newest block stands first; Linux compares a RST with the rightmost one that it holds.
            if c.facts >> side & FACT_SACK and not after(c.sack_edge[side], packet.ack):
                c.facts &= ~(FACT_SACK << side)
            if after(packet.sack_right, packet.ack):
                if not c.facts >> side & FACT_SACK or after(packet.sack_right, c.sack_edge[side]):
                    c.sack_edge[side] = packet.sack_right
                    c.facts |= FACT_SACK << side
        elif flags & ACK:
            c.facts &= ~(FACT_SACK << side)
        c.ip_id[side] = packet.ipid
        c.ttl[side] = packet.ttl
        if packet.options & OPTION_TIMESTAMPS:
            c.facts |= FACT_STAMPED << side
        c.flow_label[side] = (packet.flowlabel ^ packet.flowlabel >> 16) & M16
        if length:
            self.speak(c, side, ts, length)
        c.heard[side] = ts

    def speak(self, c: Connection, side: int, ts: int, length: int) -> None:
        """Data, which may be the goodbye before the end, or the beginning of one."""
        gap = self.silence(c, ts)
        if gap >= LULL_NS:
            c.lull_ms = gap // 1_000_000 & M32
            c.parting = side
        if c.lull_ms:
            if c.parting & 1 != side or length + (c.parting >> 1) > GOODBYE:
                c.lull_ms = 0  # a talk, or no mere goodbye
            else:
                c.parting += length << 1

    def silence_before_end(self, c: Connection, side: int, ts: int) -> int:
        """The silence before the FIN or RST of a side, or before the goodbye that it said just before that."""
        gap = self.silence(c, ts)
        return wide(c.lull_ms) * 1_000_000 if c.lull_ms and c.parting & 1 == side and gap < LULL_NS else gap

    def silence(self, c: Connection, ts: int) -> int:
        """Nanoseconds since either side was heard; -1 where neither was."""
        last = c.heard[0] if c.heard[0] > c.heard[1] else c.heard[1]
        if last == 0:
            return -1
        return ts - last if ts > last else 0

    def is_copy(self, packet: Packet, c: Connection, side: int, ts: int, end: int) -> int:
        """1 when `decoder.packet` is one of the side's last packets again: captured twice, not sent twice."""
        gap = ts - c.heard[side] if ts > c.heard[side] else 0
        if not (
            (packet.ipid and gap < DOUBLE_LATE_NS)
            or (c.duplicates[0] + c.duplicates[1] and gap < DOUBLE_KNOWN_NS)
            or (packet.version == 6 and (packet.length or packet.flags & (SYN | FIN)) and gap < DOUBLE_NS)
        ):
            return 0
        owner = wide(c.number) << 1 | side
        at = c.last[side]
        i = 0
        while i < PRINTS and self.recent.holds(at, owner):
            if self.recent.seq(at) == packet.seq and self.recent.ack(at) == packet.ack and self.recent.end(at) == end:
                return 1
            at = self.recent.before(at)
            i += 1
        return 0

    def open(self, packet: Packet, c: Connection, side: int, ts: int, end: int) -> None:
        """A SYN or SYN-ACK (RFC 9293 3.5)."""
        other = 1 - side
        if not packet.flags & ACK:
            if c.facts >> side & FACT_SYN:
                if c.state[side] == CLOSED:  # tried again after a refusal, with the same ISN
                    c.facts &= ~(FACT_RESET | FACT_SYN_RESET | FACT_HANDSHAKE_RESET)
                    c.state[other] = LISTEN
            elif not c.facts & FACT_SEEN:
                c.client = side
                c.facts |= FACT_SEEN
            self.event(c, side, SEND_SYN)
            self.event(c, other, RECEIVE_SYN)
        else:
            if not c.facts & FACT_SEEN:
                c.client = other
                c.facts |= FACT_SEEN
            c.facts |= FACT_SYN_ACK
            if c.facts & FACT_START and c.syn[other] == 1 and c.syn[side] == 1:
                c.turn[side] = microseconds(ts - c.first_ts)
            if c.state[other] != SYN_SENT or distance(packet.ack, c.base[other]) == 1 or packet.ack == c.top[other]:
                self.event(c, other, RECEIVE_SYN_ACK)
            self.event(c, side, SEND_SYN_ACK)
        # A simultaneous open: SYN, then SYN-ACK with the same number, is no retransmission (RFC 9293 3.5, figure 7).
        answers = packet.flags & ACK and c.facts >> side & FACT_SYN_ALONE
        if packet.flags & ACK:
            c.facts &= ~(FACT_SYN_ALONE << side)
        else:
            c.facts |= FACT_SYN_ALONE << side
        if answers and c.base[side] == packet.seq:
            pass
        elif c.facts >> side & FACT_SYN and c.base[side] == packet.seq and c.facts >> side & FACT_TOP:
            c.retransmissions[side] += 1
            self.marks |= MARK_RETRANSMISSION
            if c.tries[side] < 255:
                c.tries[side] += 1
        else:
            c.edge[side] = (packet.seq + 1) & M32
            c.top[side] = end
            c.tries[side] = 1
        c.facts |= (FACT_SYN | FACT_TOP) << side
        if packet.options & OPTION_WINDOW_SCALE:
            c.facts &= ~(wide(15) << (SCALE_BITS + 4 * side))
            c.facts |= wide(packet.wscale) << (SCALE_BITS + 4 * side)
            c.facts |= FACT_SCALE << side

    def acknowledge(self, packet: Packet, c: Connection, side: int, ts: int) -> None:
        """What the segment acknowledges has arrived at its sender (RFC 9293 3.10.7.4, fifth step)."""
        other = 1 - side
        ack = packet.ack
        if ack == c.acked[other] and c.edge[other] != ack:
            self.doubt(packet, c, side, ts)
        facts = c.facts
        if (
            ack == c.acked[other]
            and facts >> other & (FACT_ACKED | FACT_FIN | FACT_FIN_ACKED) == FACT_ACKED
            and c.state[other] != SYN_RCVD
        ):
            return  # nothing new
        if c.state[other] == SYN_SENT and facts >> other & FACT_TOP:
            if not after(ack, c.base[other]) or after(ack, c.top[other]):
                return  # of an earlier connection (RFC 9293 3.10.7.3)
        if not facts >> other & FACT_TOP:
            c.top[other] = ack
            c.edge[other] = ack
            c.facts |= FACT_TOP << other
        elif after(ack, c.top[other]):
            if distance(ack, c.top[other]) > FAR:
                return
            if c.damaged[other] and self.vouches(c, other, ack):
                pass
            elif not packet.flags & (SYN | FIN) and c.packets[other] and distance(ack, c.base[other]) != 1:
                # The capture missed data that was acknowledged.
                if c.gaps[other] < M16:
                    c.gaps[other] += 1
                self.letter_log(c, other, 71, c.gaps[other])  # G
            c.top[other] = ack
        if not facts >> other & FACT_ACKED or (after(ack, c.acked[other]) and distance(ack, c.acked[other]) < FAR):
            c.acked[other] = ack
            c.facts |= FACT_ACKED << other
        if after(ack, c.edge[other]):
            if c.damaged[other]:
                self.vouches(c, other, ack)
            c.edge[other] = ack
            self.arrive(c, other, ack, ack)
        self.fin_in_order(c, other)
        if c.state[other] == SYN_RCVD and not packet.flags & SYN:
            if not facts >> other & FACT_SYN or after(ack, c.base[other]):
                self.event(c, other, RECEIVE_ACK_OF_SYN)
                if not c.facts & FACT_HANDSHAKE:
                    c.facts |= FACT_HANDSHAKE
                    if c.facts & FACT_START and c.syn[c.client] == 1 and ts >= c.first_ts:
                        c.handshake_rtt = ts - c.first_ts
                        c.turn[side] = microseconds(ts - c.heard[other])
        elif c.state[other] == SYN_RCVD and after(ack, c.base[other]):
            self.event(c, other, RECEIVE_ACK_OF_SYN)  # simultaneous open: the SYN-ACK acknowledges
            c.facts |= FACT_HANDSHAKE
        if c.facts >> other & FACT_FIN and not after(c.fin_end[other], ack):
            self.fin_acknowledged(c, other)

    def vouches(self, c: Connection, side: int, ack: int) -> int:
        """1 when `ack` acknowledges what of `side` came only with a wrong checksum: so they say nothing of it."""
        owner = wide(c.number) << 1 | side
        at = c.last[side]
        i = 0
        while i < SHORT_WALK and self.recent.holds(at, owner):
            end = self.recent.end(at)
            if self.recent.frame(at) == 0 and end != self.recent.seq(at):
                if after(end, c.edge[side]) and not after(end, ack):
                    c.facts |= FACT_VOUCHED << side
                    return 1
            at = self.recent.before(at)
            i += 1
        return 0

    def overdue(self, c: Connection, side: int, age: int) -> int:
        """1 when `side` has had that packet of the other end which was captured `age` nanoseconds ago."""
        latest = SILENCE_NS
        if c.turn[side]:
            latest = wide(c.turn[side]) * 1000 * LATEST // 100
            latest += JITTER_NS
        return 1 if age > latest else 0

    def doubt(self, packet: Packet, c: Connection, side: int, ts: int) -> None:
        """`side` still acknowledges less than what had time enough to arrive: the rest was lost on its way."""
        other = 1 - side
        age = ts - c.heard[other] - QUEUE_NS
        if not after(c.edge[other], packet.ack) or not self.overdue(c, side, age):
            return
        if c.facts >> other & FACT_FIN_IN_ORDER:
            if age < CROSSING_NS:
                return
            if c.state[side] == CLOSE_WAIT:
                c.state[side] = ESTABLISHED
            elif c.state[side] == LAST_ACK:
                c.state[side] = FIN_WAIT_1
            else:
                return
            c.facts &= ~(FACT_FIN_IN_ORDER << other)
            c.facts |= FACT_FIN_LOST << other
        c.edge[other] = packet.ack
        c.facts &= ~(FACT_AHEAD << other)

    def fin_acknowledged(self, c: Connection, side: int) -> None:
        """The other end has acknowledged the side's FIN."""
        if not c.facts >> side & FACT_FIN_ACKED:
            c.facts |= FACT_FIN_ACKED << side
            self.event(c, side, RECEIVE_ACK_OF_FIN)
            if c.facts >> (1 - side) & FACT_FIN_ACKED and not c.facts & FACT_RESET:
                c.facts |= FACT_CLOSED
                c.closed_us = microseconds(c.last_ts - c.first_ts)

    def arrive(self, c: Connection, side: int, seq: int, end: int) -> None:
        """Bytes seq..end of `side` have come: move its edge, join what waited behind a hole."""
        if after(seq, c.edge[side]):
            if not c.facts >> side & FACT_AHEAD:
                c.ahead_left[side] = seq
                c.ahead_right[side] = end
                c.facts |= FACT_AHEAD << side
            elif not after(seq, c.ahead_right[side]) and not after(c.ahead_left[side], end):
                if after(end, c.ahead_right[side]):
                    c.ahead_right[side] = end
                if after(c.ahead_left[side], seq):
                    c.ahead_left[side] = seq
            return
        if after(end, c.edge[side]):
            c.edge[side] = end
        if c.facts >> side & FACT_AHEAD and not after(c.ahead_left[side], c.edge[side]):
            if after(c.ahead_right[side], c.edge[side]):
                c.edge[side] = c.ahead_right[side]
            c.facts &= ~(FACT_AHEAD << side)

    def fin_in_order(self, c: Connection, side: int) -> None:
        """Once everything before the FIN has come, the other end has received the FIN."""
        if c.facts >> side & FACT_FIN and not c.facts >> side & FACT_FIN_IN_ORDER:
            if c.facts >> side & FACT_FIN_LOST and after(c.fin_end[side], c.acked[side]):
                return
            if not after(c.fin_end[side], c.edge[side]):
                c.facts |= FACT_FIN_IN_ORDER << side
                self.event(c, 1 - side, RECEIVE_FIN)

    def send(self, packet: Packet, c: Connection, side: int, ts: int, end: int) -> None:
        """The segment's data and FIN: new, sent again, out of order, a probe."""
        other = 1 - side
        flags = packet.flags
        seq = packet.seq
        length = packet.length
        if not c.facts >> side & FACT_TOP:
            c.edge[side] = seq
            c.top[side] = seq
            c.facts |= FACT_TOP << side
        if flags & SYN:
            return
        top = c.top[side]
        if (
            length <= 1
            and not flags & FIN
            and ((seq + 1) & M32) == top
            and (length == 0 or end == top)
            and not (
                (c.gaps[side] or c.facts >> side & FACT_FIN) and ts - c.heard[other] < PROBE_NS
            )  # one of the two may be forged
        ):
            if length == 0 or (c.facts >> side & FACT_ACKED and c.acked[side] == top):
                # One before what comes next: a keepalive (RFC 9293 3.8.4), or a probe of a closed window.
                if c.facts >> other & FACT_TOP and c.window[other] == 0 and c.zero_windows[other]:
                    self.marks |= MARK_WINDOW_PROBE
                else:
                    self.marks |= MARK_KEEPALIVE
                    if c.probes[side] < 255:
                        c.probes[side] += 1
                if c.tries[side] < 255:
                    c.tries[side] += 1
                return
        if length == 0 and not flags & FIN:
            return
        if after(end, top):
            c.top[side] = end
            if c.tries[side] == 0:
                c.tries[side] = 1
            self.arrive(c, side, seq, end)
        elif (
            after(end, c.edge[side])
            and after(end, c.acked[side])
            and not (
                c.facts >> side & FACT_AHEAD
                and not after(c.ahead_left[side], seq)
                and not after(end, c.ahead_right[side])
            )
        ):
            # Fills a hole: reordered on its way, or sent again after a loss before the capture.
            if ts - c.heard[side] < REORDERING_NS:
                self.marks |= MARK_OUT_OF_ORDER
            else:
                self.sent_again(packet, c, side)
            self.arrive(c, side, seq, end)
        elif flags & FIN and not c.facts >> side & FACT_FIN and ts - c.heard[other] < REORDERING_NS:
            self.marks |= MARK_OUT_OF_ORDER  # captured after its acknowledgement
        else:
            self.sent_again(packet, c, side)
        if flags & FIN:
            if not c.facts >> side & FACT_FIN:
                if side == 1 and not c.facts & FACT_FIN:
                    c.facts |= FACT_FIN_OF_1_FIRST
                c.facts |= FACT_FIN << side
                c.fin_end[side] = end
                # FINs that cross: the other's FIN was under way and is not acknowledged here.
                if c.facts >> other & FACT_FIN_IN_ORDER and flags & ACK and after(c.fin_end[other], packet.ack):
                    under_way = ts - c.heard[other] < CROSSING_NS or ts - c.heard[other] < 2 * c.handshake_rtt
                    if c.state[side] == CLOSE_WAIT:
                        c.state[side] = FIN_WAIT_1
                        if under_way:
                            self.event(c, side, RECEIVE_FIN)
                    if under_way:
                        c.facts |= FACT_CROSSED
                    else:  # too late for that: it was lost on its way
                        c.facts &= ~(FACT_FIN_IN_ORDER << other)
                        c.facts |= FACT_FIN_LOST << other
                else:
                    self.event(c, side, SEND_FIN)
            self.fin_in_order(c, side)
            if c.facts >> side & FACT_ACKED and not after(c.fin_end[side], c.acked[side]):
                self.fin_acknowledged(c, side)  # captured before the FIN itself
        elif c.facts >> side & FACT_FIN:
            self.fin_in_order(c, side)

    def sent_again(self, packet: Packet, c: Connection, side: int) -> None:
        """Count a retransmission."""
        c.retransmissions[side] += 1
        self.marks |= MARK_RETRANSMISSION
        # The same segment again and again: the first that is not acknowledged.
        if c.tries[side] < 255 and not (c.facts >> side & FACT_ACKED and after(packet.seq, c.acked[side])):
            c.tries[side] += 1
        if packet.length:
            self.letter_log(c, side, 84, c.retransmissions[side])  # T

    # RST

    def trigger(self, c: Connection, side: int, number: int, by_ack: int, ts: int) -> int:
        """Serial number (of `recent`) of the segment that a RST of `side` answers; 0 when none fits.

        by_ack: the RST's sequence number is that segment's acknowledgement; else the RST acknowledges
        that segment's end. Segments are answered in the order in which they came, each once; the first
        RST answers what came one turn-around ago.
        """
        other = 1 - side
        recent = self.recent
        owner = wide(c.number) << 1 | other
        turn = wide(c.turn[side]) * 1000
        soonest = turn * SOONEST // 100 - JITTER_NS
        latest = turn * LATEST // 100 + JITTER_NS
        # A socket that has sent its FIN takes every ACK: only data finds nobody to read it.
        only_data = c.facts >> side & FACT_FIN and c.state[side] != CLOSED
        limit = WALK if c.rst[side] <= WALKS else SHORT_WALK

        best = 0

        # The next one after the last that was answered; one that is long overdue was lost, if a later one fits.
        at = c.answered[other]
        if recent.holds(at, owner):
            recent.link(at, c.last[other], owner)
            at = recent.following(at)
            i = 0
            while i < limit and recent.holds(at, owner):
                if recent.frame(at) and number == (recent.ack(at) if by_ack else recent.end(at)):
                    age = ts - recent.time(at)
                    if age <= 2 * latest and (best == 0 or age >= soonest):
                        return at
                    if best == 0 and age <= 2 * turn + SILENCE_NS:
                        best = at
                at = recent.following(at)
                i += 1
            return best

        spare = 0
        at = c.last[other]
        i = 0
        while i < limit and recent.holds(at, owner):
            age = ts - recent.time(at)
            carries = recent.seq(at) != recent.end(at)
            if age > 2 * turn + SILENCE_NS or (best and turn and age > (2 * latest if carries else latest)):
                break
            if recent.frame(at) and number == (recent.ack(at) if by_ack else recent.end(at)):
                if carries and c.facts >> other & FACT_ACKED and not after(recent.end(at), c.acked[other]):
                    if not c.probes[other] or ((recent.end(at) - recent.seq(at)) & M32) > 1:
                        break  # it was received; the byte of a keepalive probe was, too, and is answered again
                if only_data and not carries:
                    if spare == 0 and age <= latest:
                        spare = at  # TCP_LINGER2 below zero: the ACK of the FIN is answered
                elif best == 0 or turn or (carries and after(recent.seq(best), recent.seq(at))):
                    best = at  # a turn-around is known: the oldest that can be it; else the oldest data, its last copy
            at = recent.before(at)
            i += 1
        return best or spare

    def since_fin(self, c: Connection, side: int, ts: int) -> int:
        """Nanoseconds since the side's first FIN; to a millisecond where it is no longer in the ring."""
        recent = self.recent
        owner = wide(c.number) << 1 | side
        first = ts - c.first_ts - wide(c.fin_ms[side]) * 1_000_000
        at = c.last[side]
        i = 0
        while i < SHORT_WALK and recent.holds(at, owner) and recent.end(at) == c.fin_end[side]:
            if recent.seq(at) != recent.end(at):
                first = ts - recent.time(at)
            at = recent.before(at)
            i += 1
        return first

    def since_fin_acked(self, c: Connection, side: int, ts: int) -> int:
        """Nanoseconds since the side's FIN was acknowledged; -1 where it was not, or that cannot be known."""
        recent = self.recent
        other = 1 - side
        owner = wide(c.number) << 1 | other
        if not c.facts >> side & FACT_FIN_ACKED:
            return -1
        limit = WALK if c.rst[side] <= WALKS else SHORT_WALK
        first = ts
        at = c.last[other]
        i = 0
        while i < limit and recent.holds(at, owner):
            if recent.frame(at) or recent.seq(at) != recent.end(at):  # no RST
                if after(c.fin_end[side], recent.ack(at)):
                    return ts - first
                first = recent.time(at)
            at = recent.before(at)
            i += 1
        return -1

    def quiet(self, c: Connection, side: int, place: int) -> int:
        """Nanoseconds without a packet before the segment `place` (of `recent`) of the other end, which `side` answers.

        -1 where none is known before. What the ring has lost was an acknowledgement of `side`'s last, or older.
        """
        recent = self.recent
        own = wide(c.number) << 1 | side
        last = 0
        at = recent.before(place)
        if recent.holds(at, wide(c.number) << 1 | (1 - side)):
            last = recent.time(at)
        at = c.last[side]
        i = 0
        while i < WALK and recent.holds(at, own) and after(at, place):  # what crossed it
            at = recent.before(at)
            i += 1
        if recent.holds(at, own):
            if recent.time(at) > last:
                last = recent.time(at)
        elif c.heard[side] > last and c.heard[side] <= recent.time(place):
            last = c.heard[side]
        if last == 0:
            return -1
        return recent.time(place) - last if recent.time(place) > last else 0

    def reset(self, packet: Packet, c: Connection, side: int, frame: int, ts: int, damaged: int) -> None:
        """A RST: its shape, what it answers, whether its receiver accepts it (RFC 5961 3.2, tcp_reset)."""
        other = 1 - side
        r = Reset()
        r.connection = c.number
        r.frame = frame
        r.ts = ts
        r.side = side
        r.flags = packet.flags
        r.seq = packet.seq
        r.ack = packet.ack
        r.window = packet.win
        r.ttl = packet.ttl
        r.ip_id = packet.ipid
        r.options = packet.options
        r.checksum = packet.checksum
        r.receiver_state = c.state[other]
        r.sender_state = c.state[side]
        r.latency = -1
        r.silence = self.silence(c, ts)
        if c.silence < 0:
            c.silence = self.silence_before_end(c, side, ts)
        r.facts = c.facts
        r.sent = c.bytes[side]
        r.received = c.bytes[other]
        r.rtt = c.handshake_rtt
        if c.facts >> side & FACT_FIN:
            r.fin_ns = self.since_fin(c, side, ts)
            r.fin_acked_ns = self.since_fin_acked(c, side, ts)
        if c.facts >> side & FACT_ACKED and c.facts >> side & FACT_TOP:
            r.unacked = (c.top[side] - c.acked[side]) & M32
        r.tries = c.tries[side]
        r.probes = c.probes[side]
        r.flow_label = (packet.flowlabel ^ packet.flowlabel >> 16) & M16
        r.label_before = c.flow_label[side]
        r.ttl_before = c.ttl[side]
        r.ip_id_before = c.ip_id[side]
        r.options_before = OPTION_TIMESTAMPS if c.facts >> side & FACT_STAMPED else 0
        self.resets.append(r)

        # Shape: Linux answers a segment with ACK by a bare RST whose seq is that ACK, and one without ACK
        # by RST+ACK with seq 0; a socket that decides by itself sends RST+ACK with its own numbers.
        place = 0
        answerable = 2000 * wide(c.turn[side])
        answerable += SILENCE_NS
        if not packet.flags & ACK:
            place = self.trigger(c, side, packet.seq, 1, ts)
            # A number that the other end has acknowledged was taken from one of its segments, seen or not; but
            # nothing is answered after a long silence.
            if (
                place
                or (
                    ts - c.heard[other] <= answerable
                    and c.facts >> side & FACT_ACKED
                    and not after(packet.seq, c.acked[side])
                )
                or c.packets[other] == 0
            ):
                r.shape = SHAPE_REPLY
            else:
                r.shape = SHAPE_ACTIVE
        elif (packet.seq == 0 and packet.win == 0 and not packet.options & OPTION_TIMESTAMPS) or (
            c.packets[side] == c.rst[side] and c.state[other] == SYN_SENT
        ):
            place = self.trigger(c, side, packet.ack, 0, ts)
            r.shape = SHAPE_REPLY
        else:
            r.shape = SHAPE_ACTIVE
        if place:
            r.trigger = self.recent.frame(place)
            r.space = (self.recent.end(place) - self.recent.seq(place)) & M32
            if c.state[other] == SYN_SENT and c.packets[side] == c.rst[side]:
                r.shape = SHAPE_SYN_REPLY
            r.latency = ts - self.recent.time(place)
            r.quiet = self.quiet(c, side, place)
            self.recent.answered(place)
            c.answered[other] = place
        elif r.shape == SHAPE_REPLY and c.state[other] == SYN_SENT and c.packets[side] == c.rst[side]:
            r.shape = SHAPE_SYN_REPLY

        # Acceptance.
        if place and not packet.flags & ACK and self.kept_away(c, side, place):
            c.edge[side] = packet.seq
        state = c.state[other]
        r.accepted = ACCEPTED_NO
        r.why = WHY_NONE
        r.distance = 0
        if c.facts >> side & FACT_TOP:
            r.distance = distance(packet.seq, c.edge[side])
            if r.distance >= HALF:
                r.distance -= M32 + 1
        if damaged:
            r.why = WHY_BAD_CHECKSUM
        elif state == SYN_SENT:
            if packet.flags & ACK and after(packet.ack, c.base[other]) and not after(packet.ack, c.top[other]):
                r.accepted = ACCEPTED_YES
            else:
                r.why = WHY_NOT_THE_SYN
        elif state == CLOSED or state == LISTEN:
            r.why = WHY_NO_CONNECTION
        elif not c.facts >> side & FACT_TOP or c.packets[other] == 0 or c.tries[side] >= TRIES_UNTIL_DOUBT:
            r.accepted = ACCEPTED_UNKNOWN
        elif (
            r.distance == 0
            or (r.distance == -1 and c.facts >> side & FACT_FIN_IN_ORDER and state != TIME_WAIT)
            or (c.facts >> other & FACT_SACK and c.sack_edge[other] == packet.seq)
        ):
            r.accepted = ACCEPTED_YES
        elif r.distance > 0 and r.distance < c.window[other]:
            r.why = WHY_IN_WINDOW
        else:
            r.why = WHY_OUT_OF_WINDOW

        # A socket that has taken a RST decides nothing any more: this one's was still on its way. Only a RST with
        # timestamps is surely of a socket; injected ones come in pairs, too, and are accepted.
        if c.facts & FACT_RESET and c.reset_by == other and c.rst[side] == 1 and r.shape == SHAPE_ACTIVE:
            first = self.ending_reset(c)
            if first is not None and first.shape == SHAPE_ACTIVE and first.options & r.options & OPTION_TIMESTAMPS:
                if c.turn[side] and ts - first.ts <= (2000 * wide(c.turn[side])) + JITTER_NS and not damaged:
                    first.accepted = ACCEPTED_NO
                    first.why = WHY_CROSSED
                    first.receiver_state = c.prior[side]
                    r.why = WHY_CROSSED
                    c.facts |= FACT_RESETS_CROSSED

        # RST+ACK of a socket acknowledges what its kernel has taken.
        if r.accepted != ACCEPTED_NO and r.shape == SHAPE_ACTIVE and packet.flags & ACK and c.facts >> other & FACT_TOP:
            if not after(packet.ack, c.top[other]):
                if not c.facts >> other & FACT_ACKED or after(packet.ack, c.acked[other]):
                    c.acked[other] = packet.ack
                    c.facts |= FACT_ACKED << other

        if c.reset_number and c.reset_by == side and c.last_rst[side] == packet.seq:
            r.echo_of = self.resets[c.reset_number - 1].frame
        c.last_rst[side] = packet.seq
        if r.accepted == ACCEPTED_YES:
            if not c.facts & FACT_RESET:
                c.reset_number = len(self.resets)
                c.reset_by = side
                c.facts |= FACT_RESET
                c.facts &= ~FACT_OPEN_QUESTION
                if state == SYN_SENT:
                    c.facts |= FACT_SYN_RESET
                elif (
                    c.facts & FACT_SYN_ACK
                    and c.facts & FACT_START
                    and not c.facts & FACT_HANDSHAKE
                    and side == c.client
                ):
                    c.facts |= FACT_HANDSHAKE_RESET
            c.prior[other] = state
            c.state[other] = CLOSED
        elif r.accepted == ACCEPTED_UNKNOWN and not c.facts & (FACT_RESET | FACT_CLOSED):
            if not c.reset_number:
                c.reset_number = len(self.resets)
                c.reset_by = side
            c.facts |= FACT_OPEN_QUESTION
        # A RST sent for a wrong SYN-ACK leaves its sender in SYN_SENT: it goes on trying (RFC 9293 3.10.7.3).
        if c.state[side] == SYN_SENT and not packet.flags & ACK and r.trigger:
            return
        # A RST that is damaged, or fits neither its sender's numbers nor a segment that it answers, says
        # nothing of its sender. An old segment's answer does: it has no socket for it any more.
        if r.why != WHY_BAD_CHECKSUM and (r.trigger or (r.why != WHY_IN_WINDOW and r.why != WHY_OUT_OF_WINDOW)):
            if c.state[side] != CLOSED:
                c.prior[side] = c.state[side]
            c.state[side] = CLOSED

    def kept_away(self, c: Connection, side: int, place: int) -> int:
        """1 when the segment `place` (of `recent`) shows that what the side sent last was kept from the other end.

        A RST in that end's name had answered it, of which that end knows nothing; and the segment, which left later
        than the data would have come, acknowledges less. The allowance for queues (doubt) is not needed here.
        """
        other = 1 - side
        if not c.facts & FACT_RESET or c.reset_by != other or not c.facts >> other & FACT_SPOKE_AFTER_RST:
            return 0
        if not after(c.edge[side], self.recent.ack(place)):
            return 0
        return self.overdue(c, other, self.recent.time(place) - c.heard[side])

    def life_after_reset(self, packet: Packet, c: Connection, side: int, ts: int, end: int) -> None:
        """A segment after a RST that ended, or may have ended, the connection: who still speaks, and of what?"""
        other = 1 - side
        open_end = not c.facts & (FACT_RESET | FACT_OPEN_QUESTION)
        if open_end or side == c.reset_by:
            # New data or a new acknowledgement in the name of the end whose RST it was.
            if (
                packet.flags & (SYN | RST) == 0
                and (
                    after(end, c.top[side])
                    or (packet.flags & ACK and c.facts >> other & FACT_ACKED and after(packet.ack, c.acked[other]))
                )
            ) or (packet.flags & (SYN | ACK) == SYN | ACK and c.facts & FACT_SYN_RESET):
                if not open_end:
                    c.facts |= FACT_SPOKE_AFTER_RST << side
                if c.state[side] == CLOSED:
                    c.state[side] = c.prior[side]
        elif c.facts & FACT_OPEN_QUESTION:
            c.facts &= ~FACT_OPEN_QUESTION
        elif packet.flags & ACK and c.facts >> other & FACT_SPOKE_AFTER_RST and after(packet.ack, c.last_rst[other]):
            self.survived(c, side, WHY_OUT_OF_WINDOW)  # it acknowledges what came after the RST
        elif self.lives(packet, c, side, ts):
            self.survived(c, side, WHY_LOST)
        elif packet.flags & FIN and not c.facts >> side & FACT_FIN and c.prior[side] != CLOSED:
            # It was sent before the RST came: a socket that is gone sends no FIN.
            r = self.ending_reset(c)
            if r is not None:
                if c.prior[side] == CLOSE_WAIT and after(c.fin_end[other], packet.ack):
                    c.prior[side] = CLOSING
                else:
                    c.prior[side] = self.table[c.prior[side] * WIDTH + SEND_FIN]
                r.receiver_state = c.prior[side]

    def lives(self, packet: Packet, c: Connection, side: int, ts: int) -> int:
        """1 when the side speaks again after it should have had the RST; what was in flight comes without a gap.

        A mere acknowledgement may have waited for the processor while the RST waited for the socket.
        """
        r = self.ending_reset(c)
        if r is None or c.facts & FACT_RESETS_CROSSED:
            return 0
        age = ts - r.ts
        if packet.length == 0 and not packet.flags & (SYN | FIN) and ((packet.seq + 1) & M32) != c.top[side]:
            age -= DELAYED_NS
        if not self.overdue(c, side, age):
            return 0
        return self.overdue(c, side, ts - c.heard[side])

    def survived(self, c: Connection, side: int, why: int) -> None:
        """The RST that seemed to end the connection did not."""
        c.facts &= ~(FACT_RESET | FACT_SYN_RESET | FACT_HANDSHAKE_RESET)
        if c.state[side] == CLOSED:
            c.state[side] = c.prior[side]
        r = self.ending_reset(c)
        if r is not None:
            r.accepted = ACCEPTED_NO
            r.why = why
        c.reset_number = 0

    def ending_reset(self, c: Connection) -> Reset | None:
        """The record of the RST that ended the connection."""
        return self.resets[c.reset_number - 1] if c.reset_number else None

    # Zeek's words

    def letter(self, c: Connection, side: int, letter: int) -> None:
        """Append a letter to the history; side 0 in upper case."""
        if side:
            letter += 32
        if c.size < HISTORY:
            c.letters[c.size] = letter
            c.size += 1
        else:
            c.facts |= FACT_LONG_HISTORY
            more = self.histories.setdefault(c.number, [])
            if len(more) < 1000:
                more.append(letter)

    def letter_log(self, c: Connection, side: int, letter: int, count: int) -> None:
        """Append a letter at its 1st, 10th, 100th ... time."""
        while count >= 10 and count % 10 == 0:
            count //= 10
        if count == 1:
            self.letter(c, side, letter)

    def zeek_packet(self, packet: Packet, c: Connection, side: int) -> None:
        """Zeek's history letters and endpoint state for one packet (TCPSessionAdapter::Process)."""
        other = 1 - side
        flags = packet.flags
        kind = flags & (SYN | FIN | RST)
        if kind == 0:
            if (
                packet.win
                and c.zeek[side] == ZEEK_ESTABLISHED
                and c.once >> side & (ONCE_DATA if packet.length else ONCE_ACK)
            ):
                return  # nothing new
            if packet.length:
                if not c.once >> side & ONCE_DATA:
                    c.once |= ONCE_DATA << side
                    self.letter(c, side, 68)  # D
            elif flags & ACK and not c.once >> side & ONCE_ACK:
                c.once |= ONCE_ACK << side
                self.letter(c, side, 65)  # A
        elif kind == SYN:
            if not c.facts >> side & FACT_SYN or c.base[side] != packet.seq:
                self.letter(c, side, 72 if flags & ACK else 83)  # H, S
        elif kind == FIN:
            end = (packet.seq + packet.length + 1) & M32
            if not c.once >> side & ONCE_FIN or c.fin_end[side] != end:
                self.letter(c, side, 70)  # F
            c.once |= ONCE_FIN << side
        elif kind == RST:
            if not c.once >> side & ONCE_RST or c.last_rst[side] != packet.seq or c.rst[side] == 1:
                self.letter(c, side, 82)  # R
            c.once |= ONCE_RST << side
        elif kind & (FIN | RST) == FIN | RST:
            if not c.once >> side & ONCE_FIN_RST:
                c.once |= ONCE_FIN_RST << side
                self.letter(c, side, 73)  # I
        elif not c.once >> side & ONCE_MULTI:
            c.once |= ONCE_MULTI << side
            self.letter(c, side, 81)  # Q
        if packet.win == 0 and not flags & RST and c.zeek[other] != ZEEK_CLOSED and c.zeek[side] != ZEEK_RESET:
            self.letter_log(c, side, 87, c.zero_windows[side] + 1)  # W

        state = c.zeek[side]
        if state == ZEEK_INACTIVE:
            if flags & SYN:
                if side == c.client:
                    state = ZEEK_SYN_ACK_SENT if flags & ACK else ZEEK_SYN_SENT
                else:
                    if c.zeek[other] == ZEEK_SYN_SENT:
                        c.zeek[other] = ZEEK_ESTABLISHED
                    state = ZEEK_ESTABLISHED
            if flags & FIN:
                state = ZEEK_CLOSED
            if flags & RST:
                state = ZEEK_RESET
            if state == ZEEK_INACTIVE:
                if side != c.client and packet.length == 0 and c.zeek[c.client] == ZEEK_SYN_SENT:
                    pass
                elif flags & ACK and c.zeek[other] == ZEEK_ESTABLISHED:
                    state = ZEEK_ESTABLISHED
                else:
                    state = ZEEK_PARTIAL
        elif state == ZEEK_SYN_SENT or state == ZEEK_SYN_ACK_SENT:
            if flags & FIN:
                state = ZEEK_CLOSED
            if flags & RST:
                state = ZEEK_RESET
        elif state == ZEEK_ESTABLISHED or state == ZEEK_PARTIAL:
            if flags & SYN and state == ZEEK_PARTIAL and c.zeek[other] == ZEEK_INACTIVE and not flags & ACK:
                state = ZEEK_SYN_SENT
            if flags & FIN and not flags & RST:
                state = ZEEK_CLOSED
                if c.zeek[other] == ZEEK_RESET and c.once >> other & ONCE_FIN:
                    c.zeek[other] = ZEEK_CLOSED  # FIN, then RST: after all a normal termination
            if flags & RST:
                state = ZEEK_RESET
        elif state == ZEEK_CLOSED:
            if flags & RST and c.zeek[other] != ZEEK_CLOSED:
                state = ZEEK_RESET
        c.zeek[side] = state

    # The connections being told

    def only(self, connections: list[Connection], from_frame: int) -> dict[int, list[tuple[int, ...]]]:
        """Follow only these connections (of an earlier pass) and keep their packets' rows, by first frame."""
        self.wanted = connections
        self.wanted_count = len(connections)
        self.told = {c.first_frame: [] for c in connections}
        self.from_frame = from_frame
        self.to_frame = max(c.last_frame for c in connections)
        return self.told

    def tell(self, packet: Packet, c: Connection, side: int, frame: int, ts: int) -> None:
        """Keep the packet's row, if its connection is being told."""
        rows = self.told.get(c.first_frame) if self.told is not None else None
        if rows is None:
            return
        window = packet.win  # of a RST, too, which does not change what its sender last offered
        if not packet.flags & SYN and c.facts & FACT_SCALE and c.facts >> 1 & FACT_SCALE:
            window = wide(packet.win) << (c.facts >> (SCALE_BITS + 4 * side) & 15)
        rows.append(
            (
                frame,
                ts,
                side,
                packet.flags,
                packet.seq,
                packet.ack,
                window,
                packet.length,
                packet.captured,
                packet.ttl,
                packet.ipid if packet.has_ipid else -1,
                packet.flowlabel,
                packet.options,
                packet.mss,
                packet.wscale,
                packet.sack_left,
                packet.sack_right,
                packet.tsval,
                packet.tsecr,
                packet.checksum,
                packet.fault,
                c.state[0],
                c.state[1],
                self.marks,
            )
        )
        self.headers[frame] = self.header()

    def header(self) -> bytes:
        """The TCP header of `decoder.packet`, options included; shorter where the capture cuts it."""
        at, whole = self.decoder.packet.header, self.decoder.whole
        batch, row = self.batch, self.row
        if batch is None:
            return b""
        source = whole or batch.data
        end = len(whole) or batch.at[row] + batch.captured[row]
        size = (source[at + 12] >> 4) * 4
        return bytes(source[at : min(at + max(size, 20), end)])
