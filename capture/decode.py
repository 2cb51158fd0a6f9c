"""Link, IP and TCP headers of one record: from bytes to the one reused `Packet`.

Compiled with the types of `decode.pxd`, or interpreted as it stands: one source. Every read of
capture bytes is proven by a length check above it (`need` in the comments: the bytes that the check
has shown to exist); nothing here trusts a length field further than the bytes that were captured.

Two ends are carried through the layers: `end`, where the captured bytes stop, and `wire`, where the
packet stopped on the wire (a snaplen cuts the first, an Ethernet trailer lies behind the second).

Sources: the tcpdump.org list of link types, RFC 791, 8200, 9293, 2784, 2637, 7348, 8926, 3032.
"""

from __future__ import annotations

from .fragments import Fragments
from .octets import be16, be32, be64
from .table import (
    CHECKSUM_BAD,
    CHECKSUM_GOOD,
    CHECKSUM_OFFLOADED,
    CHECKSUM_UNCHECKED,
    FAULT_CUT,
    FAULT_FRAGMENT,
    FAULT_HEADER_LENGTH,
    FAULT_NONE,
    FAULT_SHORT,
    HEADERLESS_TCP,
    LINK_NONE,
    LINKTYPE_ATM_RFC1483,
    LINKTYPE_C_HDLC,
    LINKTYPE_ENC,
    LINKTYPE_ETHERNET,
    LINKTYPE_FDDI,
    LINKTYPE_FRELAY,
    LINKTYPE_IEEE802_5,
    LINKTYPE_IEEE802_11,
    LINKTYPE_IEEE802_11_AVS,
    LINKTYPE_IEEE802_11_PRISM,
    LINKTYPE_IEEE802_11_RADIOTAP,
    LINKTYPE_IPOIB,
    LINKTYPE_IPV4,
    LINKTYPE_IPV6,
    LINKTYPE_LINUX_SLL,
    LINKTYPE_LINUX_SLL2,
    LINKTYPE_LOOP,
    LINKTYPE_NETANALYZER,
    LINKTYPE_NFLOG,
    LINKTYPE_NULL,
    LINKTYPE_PFLOG,
    LINKTYPE_PKTAP,
    LINKTYPE_PPI,
    LINKTYPE_PPP,
    LINKTYPE_PPP_ETHER,
    LINKTYPE_PPP_HDLC,
    LINKTYPE_PPP_WITH_DIR,
    LINKTYPE_RAW,
    LINKTYPE_RAW_12,
    LINKTYPE_RAW_14,
    NOT_TCP,
    OPTION_MSS,
    OPTION_SACK,
    OPTION_SACK_PERMITTED,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    QUOTED_TCP,
    TCP,
)

# Layers of the decoding loop; an ETHERTYPE layer reads `kind`.
LAYER_NONE = 0
LAYER_ETHERNET = 1
LAYER_ETHERTYPE = 2
LAYER_IP = 3
LAYER_IPV4 = 4
LAYER_IPV6 = 5
LAYER_PPP = 6
LAYER_MPLS = 7
LAYER_LLC = 8
LAYER_PROTOCOL = 9
LAYER_GRE = 10
LAYER_UDP = 11
LAYER_ICMP = 12
LAYER_WIFI = 13

MAX_LAYERS = 40  # more than any honest packet nests

M16 = 0xFFFF
M32 = 0xFFFFFFFF


class Packet:
    """One TCP segment, as the engine sees it; reused for every record.

    ================  =====  ================================================================
    field             dtype  meaning
    ================  =====  ================================================================
    src_hi, src_lo    u64    source address: IPv6 as two halves; IPv4 in the low 32 bits of lo
    dst_hi, dst_lo    u64    destination address
    version           u8     4 or 6
    sport, dport      u16    ports
    seq, ack          u32    absolute, as in the header
    win               u16    as in the header, not scaled
    flags             u16    nine bits: FIN SYN RST PSH ACK URG ECE CWR AE from bit 0
    length            u32    payload bytes on the wire
    captured          u32    payload bytes in the capture
    header            u64    where the TCP header starts, in the batch's data or in the decoder's `whole`
    ttl               u8     TTL or hop limit
    ipid, has_ipid    u16    IPv4 identification; IPv6 has none
    dont_fragment     u8     IPv4 DF
    flowlabel         u32    IPv6 flow label
    options           u16    OPTION_* bits
    mss               u16    of a SYN
    wscale            u8     of a SYN
    sack_count        u8     SACK blocks; sack_left, sack_right: edges of the first
    tsval, tsecr      u32    RFC 7323
    checksum          u8     CHECKSUM_*
    tunnel            u8     how many IP headers stood in front of this one's
    fault             u8     FAULT_*
    icmp_type         u8     of the ICMP error that quotes the header, and its code; of QUOTED_TCP only, as the next two
    icmp_code         u8
    icmp_mtu          u32    of the next link, where the packet was too big for it; 0: not said
    icmp_hi, icmp_lo  u64    who sent the error: an address as above
    ================  =====  ================================================================
    """

    __slots__ = (
        "ack",
        "captured",
        "checksum",
        "dont_fragment",
        "dport",
        "dst_hi",
        "dst_lo",
        "fault",
        "flags",
        "flowlabel",
        "has_ipid",
        "header",
        "icmp_code",
        "icmp_hi",
        "icmp_lo",
        "icmp_mtu",
        "icmp_type",
        "ipid",
        "length",
        "mss",
        "options",
        "sack_count",
        "sack_left",
        "sack_right",
        "seq",
        "sport",
        "src_hi",
        "src_lo",
        "tsecr",
        "tsval",
        "ttl",
        "tunnel",
        "version",
        "win",
        "wscale",
    )

    def __init__(self) -> None:
        self.src_hi = 0
        self.src_lo = 0
        self.dst_hi = 0
        self.dst_lo = 0
        self.version = 0
        self.sport = 0
        self.dport = 0
        self.seq = 0
        self.ack = 0
        self.win = 0
        self.flags = 0
        self.length = 0
        self.captured = 0
        self.header = 0
        self.ttl = 0
        self.ipid = 0
        self.has_ipid = 0
        self.dont_fragment = 0
        self.flowlabel = 0
        self.options = 0
        self.mss = 0
        self.wscale = 0
        self.sack_count = 0
        self.sack_left = 0
        self.sack_right = 0
        self.tsval = 0
        self.tsecr = 0
        self.checksum = 0
        self.tunnel = 0
        self.fault = 0
        self.icmp_type = 0
        self.icmp_code = 0
        self.icmp_mtu = 0
        self.icmp_hi = 0
        self.icmp_lo = 0


def word_sum(data: bytes | bytearray, at: int, end: int) -> int:
    """Sum that folds to the sum of the 16-bit words of data[at:end], an odd end padded with zero (RFC 1071 2)."""
    total = 0
    while at + 16 <= end:
        total += be32(data, at) + be32(data, at + 4) + be32(data, at + 8) + be32(data, at + 12)
        at += 16
    while at + 4 <= end:
        total += be32(data, at)
        at += 4
    if at + 2 <= end:
        total += be16(data, at)
        at += 2
    if at < end:
        total += data[at] << 8
    return total


def fold(total: int) -> int:
    """A word sum folded to 16 bits with end-around carry (RFC 1071)."""
    while total >> 16:
        total = (total & M16) + (total >> 16)
    return total


class Decoder:
    """Turns records into `packet`; keeps the fragments of datagrams that are not yet whole."""

    def __init__(self) -> None:
        self.packet = Packet()
        self.fragments = Fragments()
        self.whole = b""  # the joined datagram that `packet` was read from
        self.unknown_links: dict[int, int] = {}  # link type -> records that could not be read
        self.rerouted = 0  # an IPv6 routing header has segments left
        self.padded = 0  # radiotap: the 802.11 header is padded to four bytes

    def decode(self, data: bytes | bytearray, at: int, captured: int, length: int, link: int, frame: int) -> int:
        """Read one record: NOT_TCP, TCP, QUOTED_TCP or HEADERLESS_TCP; a TCP segment stands in `packet`.

        data[at : at + captured] are the record's bytes, `length` its size on the wire, `link` its
        LINKTYPE number.
        """
        packet = self.packet
        end = at + captured
        wire = at + length
        if wire < end:  # a file that claims to hold more than there was
            wire = end
        kind = 0
        protocol = 0
        quoted = 0
        fragment = 0
        depth = 0
        whole_end = 0  # where the IP header says that its packet ends
        layer = LAYER_NONE
        packet.version = 0
        packet.tunnel = 0
        self.rerouted = 0

        if link == LINKTYPE_ETHERNET:
            layer = LAYER_ETHERNET
        elif link == LINKTYPE_LINUX_SLL:
            if at + 16 > end:
                return NOT_TCP
            kind = be16(data, at + 14)
            if be16(data, at + 2) == 824:  # ARPHRD_NETLINK
                return NOT_TCP
            at += 16
            layer = LAYER_ETHERTYPE if kind > 1535 else (LAYER_LLC if kind == 4 else LAYER_NONE)
        elif link == LINKTYPE_LINUX_SLL2:
            if at + 20 > end:
                return NOT_TCP
            kind = be16(data, at)
            at += 20
            layer = LAYER_ETHERTYPE if kind > 1535 else (LAYER_LLC if kind == 4 else LAYER_NONE)
        elif link == LINKTYPE_NULL or link == LINKTYPE_LOOP:
            if at + 4 > end:
                return NOT_TCP
            kind = be32(data, at)
            if kind & 0xFFFF0000:  # the capturing host was little-endian
                kind = data[at + 1] << 8 | data[at]
            at += 4
            if kind == 2:
                layer = LAYER_IP
            elif kind == 24 or kind == 28 or kind == 30:
                layer = LAYER_IPV6
            elif kind > 1535:
                layer = LAYER_ETHERTYPE
        elif (
            link == LINKTYPE_RAW
            or link == LINKTYPE_RAW_12
            or link == LINKTYPE_RAW_14
            or link == LINKTYPE_IPV4
            or link == LINKTYPE_IPV6
        ):
            layer = LAYER_IP
        elif link == LINKTYPE_PPP or link == LINKTYPE_PPP_HDLC:
            layer = LAYER_PPP
        elif link == LINKTYPE_PPP_WITH_DIR:
            if at + 1 > end:
                return NOT_TCP
            at += 1
            layer = LAYER_PPP
        elif link == LINKTYPE_PPP_ETHER:
            kind = 0x8864
            layer = LAYER_ETHERTYPE
        elif link == LINKTYPE_C_HDLC:
            if at + 4 > end:
                return NOT_TCP
            kind = be16(data, at + 2)
            at += 4
            layer = LAYER_ETHERTYPE
        elif link == LINKTYPE_FRELAY:  # RFC 2427: two address bytes, control, then NLPID or SNAP
            if at + 10 > end:
                return NOT_TCP
            if data[at + 2] != 3:  # Cisco's form
                kind = be16(data, at + 2)
                at += 4
                layer = LAYER_ETHERTYPE
            elif data[at + 3] == 0xCC:
                at += 4
                layer = LAYER_IP
            elif data[at + 3] == 0x8E:
                at += 4
                layer = LAYER_IPV6
            elif data[at + 3] == 0x80:
                kind = be16(data, at + 7)
                at += 9
                layer = LAYER_ETHERTYPE
            elif data[at + 3] == 0 and data[at + 4] == 0x80:
                kind = be16(data, at + 8)
                at += 10
                layer = LAYER_ETHERTYPE
        elif link == LINKTYPE_ATM_RFC1483:
            layer = LAYER_LLC
        elif link == LINKTYPE_FDDI:
            at += 13
            layer = LAYER_LLC
        elif link == LINKTYPE_IEEE802_5:  # token ring: a source address with its first bit set means a route
            if at + 15 > end:
                return NOT_TCP
            at += 14 + (data[at + 14] & 31 if data[at + 8] & 0x80 else 0)
            layer = LAYER_LLC
        elif link == LINKTYPE_IPOIB:
            if at + 44 > end:
                return NOT_TCP
            kind = be16(data, at + 40)
            at += 44
            layer = LAYER_ETHERTYPE
        elif link == LINKTYPE_NFLOG:
            # Family, version, resource id; then type-length-values in the host's byte order.
            if at + 4 > end:
                return NOT_TCP
            kind = data[at]
            at += 4
            while at + 4 <= end:
                size = data[at + 1] << 8 | data[at]
                tag = data[at + 3] << 8 | data[at + 2]
                if data[at + 2] == 0 and data[at + 3]:  # types are below 256: the host was big-endian
                    size = be16(data, at)
                    tag = be16(data, at + 2)
                if size < 4:
                    return NOT_TCP
                if tag == 9:
                    if wire > at + size:
                        wire = at + size
                    if end > wire:
                        end = wire
                    at += 4
                    layer = LAYER_IP if kind == 2 else (LAYER_IPV6 if kind == 10 else LAYER_NONE)
                    break
                at += (size + 3) & ~3
        elif link == LINKTYPE_ENC:
            if at + 12 > end:
                return NOT_TCP
            at += 12
            layer = LAYER_IP
        elif link == LINKTYPE_PFLOG:
            if at + 4 > end or data[at] < 4:
                return NOT_TCP
            at += (data[at] + 3) & ~3
            layer = LAYER_IP
        elif link == LINKTYPE_NETANALYZER:
            at += 4
            layer = LAYER_ETHERNET
        elif link == LINKTYPE_IEEE802_11:
            layer = LAYER_WIFI
        elif link == LINKTYPE_IEEE802_11_RADIOTAP:
            if at + 8 > end:
                return NOT_TCP
            size = data[at + 3] << 8 | data[at + 2]
            # A radiotap frame may end in a checksum; the IP length makes it a trailer.
            if size < 8:
                return NOT_TCP
            # The padding flag (bit 5 of Flags) aligns the frame body; it stands at byte 8 (after TSFT: 16).
            kind = data[at + 4]
            self.padded = 0
            if kind & 2 and at + 18 <= end and not data[at + 7] & 0x80:
                tag = at + 16 if kind & 1 else at + 8
                if data[tag] & 0x20:
                    self.padded = 1
            at += size
            layer = LAYER_WIFI
        elif link == LINKTYPE_IEEE802_11_PRISM:
            at += 144
            layer = LAYER_WIFI
        elif link == LINKTYPE_IEEE802_11_AVS:
            if at + 8 > end:
                return NOT_TCP
            at += be32(data, at + 4)
            layer = LAYER_WIFI
        elif link == LINKTYPE_PPI:
            if at + 8 > end:
                return NOT_TCP
            size = data[at + 3] << 8 | data[at + 2]
            kind = data[at + 4]
            if size < 8:
                return NOT_TCP
            at += size
            layer = LAYER_WIFI if kind == 105 else (LAYER_ETHERNET if kind == 1 else LAYER_NONE)
        elif link == LINKTYPE_PKTAP:
            if at + 12 > end:
                return NOT_TCP
            size = data[at + 1] << 8 | data[at]
            kind = data[at + 9] << 8 | data[at + 8]
            if size < 12:
                return NOT_TCP
            at += size
            if kind == LINKTYPE_ETHERNET:
                layer = LAYER_ETHERNET
            elif kind == LINKTYPE_NULL and at + 4 <= end:
                kind = data[at]
                at += 4
                layer = LAYER_IPV6 if kind == 30 else LAYER_IP
            elif kind == LINKTYPE_RAW or kind == LINKTYPE_RAW_12:
                layer = LAYER_IP
        elif link != LINK_NONE:
            self.unknown_links[link] = self.unknown_links.get(link, 0) + 1

        while layer:
            depth += 1
            if depth > MAX_LAYERS or at > end:
                return NOT_TCP

            if layer == LAYER_ETHERNET:
                if at + 14 > end:
                    return NOT_TCP
                kind = be16(data, at + 12)
                at += 14
                if kind == 0x0800:
                    layer = LAYER_IP
                elif kind > 1535:
                    layer = LAYER_ETHERTYPE
                elif kind <= 1500:
                    size = at + kind
                    if size < wire:
                        wire = size
                    if size < end:
                        end = size
                    layer = LAYER_LLC
                else:
                    return NOT_TCP

            elif layer == LAYER_IP and at + 1 <= end and data[at] >> 4 == 6:
                layer = LAYER_IPV6

            elif layer == LAYER_IPV4 or layer == LAYER_IP:
                if at + 20 > end:
                    return NOT_TCP
                kind = (data[at] & 15) * 4
                if kind < 20 or data[at] >> 4 != 4:
                    return NOT_TCP
                size = be16(data, at + 2)
                if size < kind:
                    if size:
                        return NOT_TCP
                    size = wire - at  # zero: a TSO super-segment, as the sending host saw it
                whole_end = at + size
                if whole_end < wire:
                    wire = whole_end
                if wire < end:
                    end = wire
                if packet.version:
                    packet.tunnel += 1
                packet.version = 4
                packet.ipid = be16(data, at + 4)
                packet.has_ipid = 1
                packet.dont_fragment = data[at + 6] >> 6 & 1
                packet.flowlabel = 0
                packet.ttl = data[at + 8]
                protocol = data[at + 9]
                packet.src_hi = 0
                packet.dst_hi = 0
                packet.src_lo = be32(data, at + 12)
                packet.dst_lo = be32(data, at + 16)
                tag = be16(data, at + 6)
                if at + kind > end:
                    return NOT_TCP
                if kind > 20:
                    self.source_route(data, at + 20, at + kind)
                at += kind
                if tag & 0x3FFF:  # a fragment: more to come, or an offset
                    if quoted:
                        if tag & 0x1FFF:
                            return NOT_TCP
                    elif end >= whole_end:
                        whole = self.fragments.add(
                            (
                                4,
                                packet.src_hi,
                                packet.src_lo,
                                packet.dst_hi,
                                packet.dst_lo,
                                packet.ipid,
                                protocol,
                            ),
                            (tag & 0x1FFF) * 8,
                            tag >> 13 & 1,
                            bytes(data[at:end]),
                            frame,
                        )
                        if whole is None:
                            return NOT_TCP
                        self.whole = whole
                        data = self.whole
                        at = 0
                        end = len(self.whole)
                        wire = end
                    else:
                        if tag & 0x1FFF:
                            return NOT_TCP
                        fragment = 1
                if protocol == 6:
                    break
                layer = LAYER_PROTOCOL

            elif layer == LAYER_PROTOCOL:
                layer = LAYER_NONE
                if protocol == 6:
                    break
                if protocol == 0 or protocol == 60 or protocol == 43 or protocol == 140:
                    if at + 8 > end:
                        return NOT_TCP
                    if protocol == 43 and data[at + 3]:  # segments left: the checksum is over the list's last address
                        self.rerouted = 1
                    protocol = data[at]
                    size = (data[at + 1] + 1) * 8
                    if at + size > end:
                        return NOT_TCP
                    at += size
                    layer = LAYER_PROTOCOL
                elif protocol == 51:  # AH, RFC 4302
                    if at + 8 > end:
                        return NOT_TCP
                    protocol = data[at]
                    at += (data[at + 1] + 2) * 4
                    layer = LAYER_PROTOCOL
                elif protocol == 44:  # IPv6 fragment
                    if at + 8 > end:
                        return NOT_TCP
                    protocol = data[at]
                    tag = be16(data, at + 2)
                    kind = be32(data, at + 4)
                    at += 8
                    if tag & 0xFFF9:
                        if quoted:
                            if tag & 0xFFF8:
                                return NOT_TCP
                        elif end >= whole_end:
                            whole = self.fragments.add(
                                (6, packet.src_hi, packet.src_lo, packet.dst_hi, packet.dst_lo, kind, 0),
                                tag & 0xFFF8,
                                tag & 1,
                                bytes(data[at:end]),
                                frame,
                            )
                            if whole is None:
                                return NOT_TCP
                            self.whole = whole
                            data = self.whole
                            at = 0
                            end = len(self.whole)
                            wire = end
                        else:
                            if tag & 0xFFF8:
                                return NOT_TCP
                            fragment = 1
                    layer = LAYER_PROTOCOL
                elif protocol == 4:
                    layer = LAYER_IPV4
                elif protocol == 41:
                    layer = LAYER_IPV6
                elif protocol == 47:
                    layer = LAYER_GRE
                elif protocol == 17:
                    layer = LAYER_UDP
                elif protocol == 1 or protocol == 58:
                    layer = LAYER_ICMP
                elif protocol == 137:
                    layer = LAYER_MPLS
                elif protocol == 97:  # EtherIP, RFC 3378
                    at += 2
                    layer = LAYER_ETHERNET

            elif layer == LAYER_IPV6:
                if at + 40 > end or data[at] >> 4 != 6:
                    return NOT_TCP
                size = be16(data, at + 4)
                if size == 0:
                    if data[at + 6]:  # a jumbogram says its length in the hop-by-hop header (RFC 2675)
                        return NOT_TCP
                    whole_end = wire
                else:
                    whole_end = at + 40 + size
                    if whole_end < wire:
                        wire = whole_end
                    if wire < end:
                        end = wire
                if packet.version:
                    packet.tunnel += 1
                packet.version = 6
                packet.ipid = 0
                packet.has_ipid = 0
                packet.dont_fragment = 0
                packet.flowlabel = be32(data, at) & 0xFFFFF
                protocol = data[at + 6]
                packet.ttl = data[at + 7]
                packet.src_hi = be64(data, at + 8)
                packet.src_lo = be64(data, at + 16)
                packet.dst_hi = be64(data, at + 24)
                packet.dst_lo = be64(data, at + 32)
                at += 40
                layer = LAYER_PROTOCOL

            elif layer == LAYER_ETHERTYPE:
                layer = LAYER_NONE
                if kind == 0x0800:
                    layer = LAYER_IP
                elif kind == 0x86DD:
                    layer = LAYER_IPV6
                elif kind == 0x8100 or kind == 0x88A8 or kind == 0x9100:
                    if at + 4 > end:
                        return NOT_TCP
                    kind = be16(data, at + 2)
                    at += 4
                    layer = LAYER_ETHERTYPE if kind > 1535 else LAYER_LLC
                elif kind == 0x8864:  # PPPoE session, RFC 2516
                    if at + 6 > end:
                        return NOT_TCP
                    size = at + 6 + be16(data, at + 4)
                    if size < wire:
                        wire = size
                    if size < end:
                        end = size
                    at += 6
                    layer = LAYER_PPP
                elif kind == 0x8847 or kind == 0x8848:
                    layer = LAYER_MPLS
                elif kind == 0x6558:
                    layer = LAYER_ETHERNET
                elif kind == 0x8903:  # Cisco FabricPath: forwarding tag, then the frame
                    at += 2
                    layer = LAYER_ETHERNET
                elif kind == 0x88E7:  # 802.1ah: the tag, then the customer's frame
                    at += 4
                    layer = LAYER_ETHERNET
                elif kind == 0x880B:
                    layer = LAYER_PPP
                elif kind == 0x8909:  # Cisco MetaData: version, length, two more, then an Ethernet type
                    if at + 8 > end:
                        return NOT_TCP
                    kind = be16(data, at + 6)
                    at += 8
                    layer = LAYER_ETHERTYPE
                elif kind == 0x8926:  # VN-Tag
                    if at + 6 > end:
                        return NOT_TCP
                    kind = be16(data, at + 4)
                    at += 6
                    layer = LAYER_ETHERTYPE
                elif kind == 0x894F:  # NSH, RFC 8300
                    layer = LAYER_NONE
                    if at + 8 > end:
                        return NOT_TCP
                    size = (be16(data, at) & 0x3F) * 4
                    kind = data[at + 3]
                    at += size
                    if kind == 1:
                        layer = LAYER_IP
                    elif kind == 2:
                        layer = LAYER_IPV6
                    elif kind == 3:
                        layer = LAYER_ETHERNET

            elif layer == LAYER_LLC:
                # IEEE 802.2 with SNAP; plain IP over LLC has SAP 6.
                if at + 3 > end:
                    return NOT_TCP
                if data[at] == 0xAA and data[at + 1] == 0xAA and data[at + 2] == 3 and at + 8 <= end:
                    protocol = be16(data, at + 3) << 8 | data[at + 5]
                    kind = be16(data, at + 6)
                    at += 8
                    if protocol == 0 or protocol == 0xF8:
                        layer = LAYER_ETHERTYPE
                    elif protocol == 0x80C2 and (kind == 1 or kind == 7):
                        at += 2
                        layer = LAYER_ETHERNET
                    else:
                        return NOT_TCP
                elif data[at] == 6 and data[at + 1] == 6 and data[at + 2] == 3:
                    at += 3
                    layer = LAYER_IP
                else:
                    return NOT_TCP

            elif layer == LAYER_WIFI:
                # IEEE 802.11 data frames that are not encrypted.
                if at + 24 > end:
                    return NOT_TCP
                if data[at] & 0x0C != 0x08 or data[at] & 0x40 or data[at + 1] & 0x40:
                    return NOT_TCP
                size = 24
                if data[at + 1] & 3 == 3:
                    size += 6
                if data[at] & 0x80:
                    if at + size + 2 > end:
                        return NOT_TCP
                    if data[at + size] & 0x80:  # A-MSDU
                        return NOT_TCP
                    size += 2
                    if data[at + 1] & 0x80:
                        size += 4
                if self.padded:
                    size = (size + 3) & ~3
                self.padded = 0
                at += size
                layer = LAYER_LLC

            elif layer == LAYER_PPP:
                if at + 2 > end:
                    return NOT_TCP
                if data[at] == 0xFF and data[at + 1] == 3:
                    at += 2
                elif data[at] == 0x0F and data[at + 1] == 0 and at + 4 <= end:  # Cisco HDLC
                    kind = be16(data, at + 2)
                    at += 4
                    layer = LAYER_ETHERTYPE
                    continue
                if at + 2 > end:
                    return NOT_TCP
                if data[at] & 1:
                    kind = data[at]
                    at += 1
                else:
                    kind = be16(data, at)
                    at += 2
                if kind == 0x21:
                    layer = LAYER_IP
                elif kind == 0x57:
                    layer = LAYER_IPV6
                elif kind == 0x281 or kind == 0x283:
                    layer = LAYER_MPLS
                else:
                    return NOT_TCP

            elif layer == LAYER_MPLS:
                if at + 4 > end:
                    return NOT_TCP
                kind = data[at + 2] & 1
                at += 4
                if kind:
                    if at + 4 > end:
                        return NOT_TCP
                    kind = data[at] >> 4
                    if kind == 4:
                        layer = LAYER_IPV4
                    elif kind == 6:
                        layer = LAYER_IPV6
                    else:  # a pseudowire: what it carries is not said in the packet
                        return NOT_TCP

            elif layer == LAYER_GRE:
                if at + 4 > end:
                    return NOT_TCP
                tag = be16(data, at)
                kind = be16(data, at + 2)
                at += 4
                if tag & 0x8000 or tag & 0x4000:
                    at += 4
                if tag & 0x2000:
                    at += 4
                if tag & 0x1000:
                    at += 4
                if tag & 7 == 1 and tag & 0x80:
                    at += 4
                if tag & 0x4000:  # source route entries, RFC 1701
                    while True:
                        if at + 4 > end:
                            return NOT_TCP
                        size = data[at + 3]
                        at += 4 + size
                        if size == 0:
                            break
                layer = LAYER_ETHERTYPE if kind != 0x8100 and kind != 0x88A8 else LAYER_NONE
                if kind == 0x88BE:  # ERSPAN: type I has no header and no sequence number
                    if tag & 0x1000:
                        at += 8
                    layer = LAYER_ETHERNET
                elif kind == 0x22EB:
                    if at + 12 > end:
                        return NOT_TCP
                    at += 20 if data[at + 11] & 1 else 12
                    layer = LAYER_ETHERNET
                elif kind == 0x883E:  # WCCP: newer versions put four bytes in front
                    if at + 4 > end:
                        return NOT_TCP
                    if data[at] >> 4 != 4:
                        at += 4
                    layer = LAYER_IP

            elif layer == LAYER_UDP:
                layer = LAYER_NONE
                if at + 8 > end:
                    return NOT_TCP
                kind = be16(data, at + 2)
                tag = be16(data, at)
                size = be16(data, at + 4)
                if size >= 8:
                    if at + size < wire:
                        wire = at + size
                    if wire < end:
                        end = wire
                at += 8
                if kind == 4789:  # VXLAN, RFC 7348
                    if at + 8 > end or not data[at] & 8:
                        return NOT_TCP
                    at += 8
                    layer = LAYER_ETHERNET
                elif kind == 6081:  # Geneve, RFC 8926
                    if at + 8 > end:
                        return NOT_TCP
                    size = (data[at] & 0x3F) * 4
                    kind = be16(data, at + 2)
                    at += 8 + size
                    layer = LAYER_ETHERTYPE
                elif kind == 2152 or tag == 2152:  # GTP-U, 3GPP TS 29.281
                    if at + 8 > end or data[at] >> 5 != 1 or data[at + 1] != 0xFF:
                        return NOT_TCP
                    tag = data[at] & 7
                    at += 8
                    if tag:
                        if at + 4 > end:
                            return NOT_TCP
                        kind = data[at + 3] if tag & 4 else 0
                        at += 4
                        while kind:
                            if at + 1 > end:
                                return NOT_TCP
                            size = data[at] * 4
                            if size == 0 or at + size > end:
                                return NOT_TCP
                            at += size
                            kind = data[at - 1]
                    layer = LAYER_IP
                elif kind == 3544 or tag == 3544:  # Teredo, RFC 4380
                    while at + 8 <= end and data[at] == 0:
                        if data[at + 1] == 0:
                            at += 8
                        elif data[at + 1] == 1:
                            if at + 4 > end:
                                return NOT_TCP
                            at += 13 + data[at + 2] + data[at + 3]
                        else:
                            return NOT_TCP
                    layer = LAYER_IPV6
                elif kind == 1701 or tag == 1701:  # L2TP version 2, RFC 2661
                    if at + 6 > end:
                        return NOT_TCP
                    tag = be16(data, at)
                    if tag & 0x8000 or tag & 15 != 2:
                        return NOT_TCP
                    at += 6
                    if tag & 0x4000:
                        at += 2
                    if tag & 0x0800:
                        at += 4
                    if tag & 0x0200:
                        if at + 2 > end:
                            return NOT_TCP
                        at += 2 + be16(data, at)
                    layer = LAYER_PPP
                elif kind == 6635:
                    layer = LAYER_MPLS

            else:  # LAYER_ICMP
                # An error quotes the packet that it is about (RFC 792, 4443).
                if quoted or at + 8 > end:
                    return NOT_TCP
                kind = data[at]
                if protocol == 1:
                    if kind != 3 and kind != 4 and kind != 5 and kind != 11 and kind != 12:
                        return NOT_TCP
                elif kind == 0 or kind > 4:
                    return NOT_TCP
                packet.icmp_type = kind
                packet.icmp_code = data[at + 1]
                packet.icmp_mtu = 0
                if protocol == 1:
                    if kind == 3 and data[at + 1] == 4:
                        packet.icmp_mtu = be16(data, at + 6)
                elif kind == 2:
                    packet.icmp_mtu = be32(data, at + 4)
                packet.icmp_hi = packet.src_hi
                packet.icmp_lo = packet.src_lo
                at += 8
                quoted = 1
                packet.version = 0
                layer = LAYER_IPV4 if protocol == 1 else LAYER_IPV6
                if layer == LAYER_IPV4 and at + 20 <= end and data[at] >> 4 == 4:
                    # The quotation is cut, so its own length field reaches beyond the message.
                    wire = at + be16(data, at + 2)
                    if wire < end:
                        wire = end
                elif layer == LAYER_IPV6 and at + 40 <= end:
                    wire = at + 40 + be16(data, at + 4)
                    if wire < end:
                        wire = end

        else:
            return NOT_TCP
        return self.tcp(packet, data, at, end, wire, quoted, fragment)

    def source_route(self, data: bytes | bytearray, at: int, end: int) -> None:
        """The last address of a source route is the packet's destination (RFC 791 3.1). Needs data[at:end]."""
        packet = self.packet
        while at + 2 <= end:
            kind = data[at]
            if kind == 0:
                return
            if kind == 1:
                at += 1
                continue
            size = data[at + 1]
            if size < 2 or at + size > end:
                return
            if (kind == 131 or kind == 137) and size >= 7 and data[at + 2] <= size:
                packet.dst_lo = be32(data, at + size - 4)
                return
            at += size

    def tcp(
        self, packet: Packet, data: bytes | bytearray, at: int, end: int, wire: int, quoted: int, fragment: int
    ) -> int:
        """Read the TCP header at `at` into `packet` (RFC 9293 3.1)."""
        if at + 16 > end:
            if quoted and at + 8 <= end:  # all that RFC 792 asks for
                packet.sport = be16(data, at)
                packet.dport = be16(data, at + 2)
                packet.seq = be32(data, at + 4)
                packet.flags = 0
                packet.fault = FAULT_SHORT
                return QUOTED_TCP
            return NOT_TCP if quoted else HEADERLESS_TCP
        packet.sport = be16(data, at)
        packet.dport = be16(data, at + 2)
        packet.seq = be32(data, at + 4)
        packet.ack = be32(data, at + 8)
        packet.flags = be16(data, at + 12) & 0x1FF
        packet.win = be16(data, at + 14)
        size = (data[at + 12] >> 4) * 4
        packet.options = 0
        packet.mss = 0
        packet.wscale = 0
        packet.sack_count = 0
        packet.sack_left = 0
        packet.sack_right = 0
        packet.tsval = 0
        packet.tsecr = 0
        packet.length = 0
        packet.captured = 0
        packet.header = at
        packet.checksum = CHECKSUM_UNCHECKED
        packet.fault = FAULT_NONE
        if size < 20:
            packet.fault = FAULT_HEADER_LENGTH
            packet.flags = 0
            if at + size <= wire and not quoted and not fragment:
                packet.length = wire - at - size
            return QUOTED_TCP if quoted else TCP
        if quoted:
            return QUOTED_TCP
        if fragment:
            packet.fault = FAULT_FRAGMENT
        elif at + size > wire:
            packet.fault = FAULT_SHORT
        else:
            packet.length = wire - at - size
            if at + size > end:
                packet.fault = FAULT_CUT
            else:
                packet.captured = end - at - size
        if size == 32 and at + 32 <= end and be32(data, at + 20) == 0x0101080A:  # the usual: NOP, NOP, timestamps
            packet.options = OPTION_TIMESTAMPS
            packet.tsval = be32(data, at + 24)
            packet.tsecr = be32(data, at + 28)
        elif size > 20:
            option_end = at + size
            if option_end > end:
                option_end = end
            self.tcp_options(packet, data, at + 20, option_end)
        if end == wire and packet.fault == FAULT_NONE and not self.rerouted:
            packet.checksum = self.verify(packet, data, at, end)
        return TCP

    def tcp_options(self, packet: Packet, data: bytes | bytearray, at: int, end: int) -> None:
        """Read the TCP options in data[at:end] (RFC 9293 3.2, 7323, 2018)."""
        while at + 2 <= end:
            kind = data[at]
            if kind == 1:
                at += 1
                continue
            if kind == 0:
                return
            size = data[at + 1]
            if size < 2 or at + size > end:
                return
            if kind == 8 and size == 10:
                packet.options |= OPTION_TIMESTAMPS
                packet.tsval = be32(data, at + 2)
                packet.tsecr = be32(data, at + 6)
            elif kind == 2 and size == 4:
                packet.options |= OPTION_MSS
                packet.mss = be16(data, at + 2)
            elif kind == 3 and size == 3:
                packet.options |= OPTION_WINDOW_SCALE
                packet.wscale = data[at + 2] if data[at + 2] < 14 else 14
            elif kind == 4 and size == 2:
                packet.options |= OPTION_SACK_PERMITTED
            elif kind == 5 and size >= 10:
                packet.options |= OPTION_SACK
                packet.sack_count = (size - 2) // 8
                packet.sack_left = be32(data, at + 2)
                packet.sack_right = be32(data, at + 6)
            at += size

    def verify(self, packet: Packet, data: bytes | bytearray, at: int, end: int) -> int:
        """CHECKSUM_* of the whole segment data[at:end] under `packet`'s pseudo-header (RFC 9293 3.1).

        A field that holds the folded pseudo-header sum was left for the network card to finish.
        """
        pseudo = 6 + end - at + (packet.src_lo & M32) + (packet.dst_lo & M32)
        if packet.version == 6:
            pseudo += (packet.src_lo >> 32) + (packet.dst_lo >> 32)
            pseudo += (packet.src_hi & M32) + (packet.src_hi >> 32) + (packet.dst_hi & M32) + (packet.dst_hi >> 32)
        if fold(pseudo + word_sum(data, at, end)) == M16:
            return CHECKSUM_GOOD
        if end - at >= 18:
            field = be16(data, at + 16)
            if field == fold(pseudo) or field == fold(pseudo - (end - at)):
                return CHECKSUM_OFFLOADED
        return CHECKSUM_BAD
