"""One TCP segment inside every stack of headers that the decoder reads, built with Scapy."""

# Scapy takes every field by keyword.
# mypy: disable-error-code="arg-type, no-untyped-call, attr-defined, no-any-return"

from __future__ import annotations

import struct
from ipaddress import ip_address
from typing import Any, NamedTuple

from scapy.contrib.geneve import GENEVE
from scapy.contrib.gtp import GTP_U_Header
from scapy.contrib.mpls import MPLS
from scapy.contrib.nsh import NSH
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import (
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
)
from scapy.layers.ipsec import AH
from scapy.layers.l2 import GRE, LLC, SNAP, CookedLinux, CookedLinuxV2, Dot1AD, Dot1Q, Dot3, Ether
from scapy.layers.ppp import HDLC, PPP, PPPoE
from scapy.layers.vxlan import VXLAN

CLIENT4, SERVER4 = "10.20.0.1", "198.51.100.7"
CLIENT6, SERVER6 = "2001:db8:1:2:3:4:5:6", "2001:db8::7"
OUTER = {"src": "192.0.2.1", "dst": "192.0.2.2", "id": 77, "ttl": 9}
OUTER6 = {"src": "2001:db8:ff::1", "dst": "2001:db8:ff::2", "hlim": 9}
PAYLOAD = b"GET / HTTP/1.1\r\n\r\n!"

#: What every stack holds, field by field.
SEGMENT = {
    "sport": 40136,
    "dport": 80,
    "seq": 0x9E370001,
    "ack": 0xFFFFFFF0,
    "win": 0xF00D,
    "flags": 0x118,  # PSH, ACK and AE, the ninth
    "length": len(PAYLOAD),
    "captured": len(PAYLOAD),
    "options": 8 | 16,  # SACK, timestamps
    "mss": 0,
    "wscale": 0,
    "sack_count": 2,
    "sack_left": 0xFFFFFFF8,
    "sack_right": 0x00000010,
    "tsval": 0xFEDCBA98,
    "tsecr": 0x01020304,
    "checksum": 1,  # good
    "fault": 0,
}
INSIDE4 = {
    "version": 4,
    "src_hi": 0,
    "src_lo": int(ip_address(CLIENT4)),
    "dst_hi": 0,
    "dst_lo": int(ip_address(SERVER4)),
    "ttl": 61,
    "ipid": 0xBEEF,
    "has_ipid": 1,
    "dont_fragment": 1,
    "flowlabel": 0,
}
INSIDE6 = {
    "version": 6,
    "src_hi": int(ip_address(CLIENT6)) >> 64,
    "src_lo": int(ip_address(CLIENT6)) & 2**64 - 1,
    "dst_hi": int(ip_address(SERVER6)) >> 64,
    "dst_lo": int(ip_address(SERVER6)) & 2**64 - 1,
    "ttl": 62,
    "ipid": 0,
    "has_ipid": 0,
    "dont_fragment": 0,
    "flowlabel": 0xABCDE,
}


class Stack(NamedTuple):
    """A packet (or the fragments of one, in order), its link type, and what the decoder must say of it."""

    name: str
    link: int
    packets: tuple[bytes, ...]
    inside: dict[str, int]
    tunnel: int


def tcp(**fields: Any) -> Any:
    """The segment."""
    options = [("NOP", None), ("NOP", None), ("Timestamp", (0xFEDCBA98, 0x01020304))]
    sack = [("NOP", None), ("NOP", None), ("SAck", (0xFFFFFFF8, 0x10, 0x20, 0x30))]
    given = {"sport": 40136, "dport": 80, "seq": 0x9E370001, "ack": 0xFFFFFFF0, "window": 0xF00D}
    return TCP(**(given | {"flags": 0x118, "options": options + sack} | fields)) / PAYLOAD


def ip4(**fields: Any) -> Any:
    """The segment in IPv4."""
    return IP(**({"src": CLIENT4, "dst": SERVER4, "ttl": 61, "id": 0xBEEF, "flags": "DF"} | fields)) / tcp()


def head6(**fields: Any) -> Any:
    """The segment's IPv6 header."""
    return IPv6(**({"src": CLIENT6, "dst": SERVER6, "hlim": 62, "fl": 0xABCDE} | fields))


def ip6() -> Any:
    """The segment in IPv6."""
    return head6() / tcp()


def ether(kind: int | None = None) -> Any:
    """An Ethernet header."""
    given = {} if kind is None else {"type": kind}
    return Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", **given)


def dot3() -> Any:
    """An IEEE 802.3 header."""
    return Dot3(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")


def udp(port: int, **fields: Any) -> Any:
    """Ethernet, IPv4 and UDP in front of a tunnel."""
    return ether() / IP(**OUTER) / UDP(sport=50000, dport=port, **fields)


def _links() -> list[Stack]:
    made = []

    def add(name: str, link: int, packet: Any, inside: dict[str, int] = INSIDE4, tunnel: int = 0) -> None:
        made.append(Stack(name, link, (bytes(packet),), inside, tunnel))

    four, six = bytes(ip4()), bytes(ip6())
    snapped = LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=0x800) / four
    add("ethernet, IPv4", 1, ether() / ip4())
    add("ethernet, IPv6", 1, ether() / ip6(), INSIDE6)
    add("ethernet, LLC and SNAP", 1, dot3() / snapped)
    add("ethernet, LLC with IP's own SAP", 1, dot3() / LLC(dsap=6, ssap=6, ctrl=3) / four)
    add("raw, IPv4", 101, four)
    add("raw, IPv6", 101, six, INSIDE6)
    add("raw, as OpenBSD numbers it", 12, four)
    add("raw, as BSD/OS numbers it", 14, six, INSIDE6)
    add("IPv4 only", 228, four)
    add("IPv6 only", 229, six, INSIDE6)
    add("linux cooked", 113, CookedLinux(proto=0x800) / ip4())
    add("linux cooked, LLC", 113, CookedLinux(proto=4) / snapped)
    add("linux cooked, VLAN", 113, CookedLinux(proto=0x8100) / Dot1Q(vlan=5, type=0x86DD) / ip6(), INSIDE6)
    add("linux cooked 2", 276, CookedLinuxV2(proto=0x86DD) / ip6(), INSIDE6)
    for family in (2, 24, 28, 30):
        packet, inside = (four, INSIDE4) if family == 2 else (six, INSIDE6)
        add(f"null, little-endian, family {family}", 0, struct.pack("<I", family) + packet, inside)
        add(f"null, big-endian, family {family}", 0, struct.pack(">I", family) + packet, inside)
        add(f"loop, family {family}", 108, struct.pack(">I", family) + packet, inside)
    add("PPP", 9, PPP(proto=0x21) / four)
    add("PPP with address and control", 9, HDLC() / PPP(proto=0x57) / six, INSIDE6)
    add("PPP, protocol in one byte", 50, b"\x21" + four)
    add("PPP with direction", 204, b"\x01" + bytes(HDLC() / PPP(proto=0x21)) + four)
    add("Cisco HDLC in PPP", 50, bytes.fromhex("0f000800") + four)
    add("Cisco HDLC", 104, bytes.fromhex("0f0086dd") + six, INSIDE6)
    add("PPPoE without Ethernet", 51, PPPoE(code=0) / PPP(proto=0x21) / four)
    add("frame relay, IPv4", 107, bytes.fromhex("184103cc") + four)
    add("frame relay, IPv6", 107, bytes.fromhex("1841038e") + six, INSIDE6)
    add("frame relay, NLPID and SNAP", 107, bytes.fromhex("184103800000000800") + four)
    add("frame relay, Cisco", 107, bytes.fromhex("18410800") + four)
    add("FDDI", 10, b"\x50" + bytes(12) + bytes(snapped))
    add("token ring", 6, bytes.fromhex("1040ffffffffffff020000000001") + bytes(snapped))
    add("token ring, routed", 6, bytes.fromhex("1040ffffffffffff820000000001") + b"\x06\0\1\2\3\4" + bytes(snapped))
    add("IP over InfiniBand", 242, bytes(40) + bytes.fromhex("08000000") + four)
    add("frame relay, SNAP", 107, bytes.fromhex("18410300800000000800") + four)
    add("ATM, RFC 1483", 100, bytes.fromhex("aaaa030000000800") + four)
    add("ATM, RFC 1483, bridged", 100, bytes.fromhex("aaaa030080c200070000") + bytes(ether() / ip4()))
    add("OpenBSD enc", 109, struct.pack("<III", 2, 1, 0) + four)
    add("OpenBSD pflog", 117, bytes([61, 2]) + bytes(62) + four)
    add("netANALYZER", 240, bytes(4) + bytes(ether() / ip6()), INSIDE6)
    for order, name in (("<", "little"), (">", "big")):
        prefix = struct.pack(order + "HH", 5, 10) + b"x\0\0\0"
        four_tlv = struct.pack(order + "HH", len(four) + 4, 9) + four
        add(f"nflog, IPv4, {name}-endian", 239, bytes([2, 0, 0, 0]) + prefix + four_tlv)
        six_tlv = struct.pack(order + "HH", len(six) + 4, 9) + six
        add(f"nflog, IPv6, {name}-endian", 239, bytes([10, 0, 0, 0]) + prefix + six_tlv, INSIDE6)
    snap = bytes.fromhex("aaaa030000000800") + four
    data = bytes.fromhex("08000000") + bytes(20)
    qos = bytes.fromhex("88000000") + bytes(20) + bytes(2)
    add("802.11", 105, data + snap)
    add("802.11, QoS", 105, qos + snap)
    add("802.11, four addresses", 105, bytes.fromhex("08030000") + bytes(26) + snap)
    add("802.11, QoS and HT control", 105, bytes.fromhex("88800000") + bytes(20) + bytes(6) + snap)
    add("radiotap", 127, struct.pack("<BBHI", 0, 0, 8, 0) + data + snap)
    add("radiotap, padded", 127, struct.pack("<BBHIB9x", 0, 0, 18, 2, 0x20) + qos + bytes(2) + snap)
    add("radiotap, padded, with TSFT", 127, struct.pack("<BBHIQB3x", 0, 0, 20, 3, 1, 0x20) + qos + bytes(2) + snap)
    add("Prism", 119, struct.pack("<II", 0x44, 144) + bytes(136) + data + snap)
    add("AVS", 163, struct.pack(">II", 0x80211001, 64) + bytes(56) + data + snap)
    add("PPI, 802.11", 192, struct.pack("<BBHI", 0, 0, 8, 105) + data + snap)
    add("PPI, Ethernet", 192, struct.pack("<BBHI", 0, 0, 8, 1) + bytes(ether() / ip4()))
    pktap = struct.pack("<III", 108, 1, 1) + bytes(96)
    add("pktap, Ethernet", 258, pktap + bytes(ether() / ip4()))
    add("pktap, raw", 258, pktap[:8] + struct.pack("<I", 101) + pktap[12:] + six, INSIDE6)
    add("pktap, null", 258, pktap[:8] + struct.pack("<I", 0) + pktap[12:] + struct.pack("<I", 30) + six, INSIDE6)
    return made


def _tunnels() -> list[Stack]:
    made = []

    def add(name: str, packet: Any, inside: dict[str, int] = INSIDE4, tunnel: int = 0) -> None:
        made.append(Stack(name, 1, (bytes(packet),), inside, tunnel))

    four, six = bytes(ip4()), bytes(ip6())
    add("VLAN", ether() / Dot1Q(vlan=10) / ip4())
    add("VLAN in VLAN", ether() / Dot1Q(vlan=10) / Dot1Q(vlan=20) / ip6(), INSIDE6)
    add("VLAN, LLC", ether(0x8100) / Dot1Q(vlan=1, type=len(four) + 8) / bytes.fromhex("aaaa030000000800") / four)
    add("QinQ, PPPoE", ether() / Dot1AD(vlan=7) / Dot1Q(vlan=8) / PPPoE(code=0) / PPP(proto=0x21) / ip4())
    add("the first QinQ type", ether(0x9100) / Dot1Q(vlan=1, type=0x8100) / Dot1Q(vlan=2) / ip4())
    add("PPPoE, IPv6", ether() / PPPoE(code=0) / PPP(proto=0x57) / ip6(), INSIDE6)
    add("MAC in MAC", ether(0x88E7) / bytes(4) / ether() / ip4())
    add("MPLS, two labels", ether() / MPLS(label=3, s=0) / MPLS(label=4, s=1) / ip4())
    add("MPLS, IPv6", ether() / MPLS(label=3, s=1) / ip6(), INSIDE6)
    add("VN-Tag", ether(0x8926) / bytes.fromhex("800000010800") / four)
    add("Cisco MetaData", ether(0x8909) / bytes.fromhex("0101000000000800") / four)
    add("NSH, Ethernet", ether(0x894F) / NSH(nextproto=3, mdtype=1) / ether() / ip4())
    add("NSH, IPv4", ether(0x894F) / NSH(nextproto=1, mdtype=1) / ip4())
    add("NSH, IPv6", ether(0x894F) / NSH(nextproto=2, mdtype=1) / ip6(), INSIDE6)
    add("transparent Ethernet bridging", ether(0x6558) / ether() / ip4())

    add("GRE", ether() / IP(**OUTER) / GRE(proto=0x800) / ip4(), tunnel=1)
    keyed = GRE(proto=0x86DD, key_present=1, seqnum_present=1, chksum_present=1, key=1, sequence_number=2)
    add("GRE, checksum, key and sequence", ether() / IP(**OUTER) / keyed / ip6(), INSIDE6, 1)
    routed = struct.pack(">HHHH", 0x4000, 0x800, 0, 0) + bytes.fromhex("00020004") + bytes(4) + bytes(4)
    add("GRE, source route", ether() / IP(**OUTER, proto=47) / routed / four, tunnel=1)
    add("PPTP", ether() / IP(**OUTER, proto=47) / bytes.fromhex("3081880b") / bytes(12) / b"\x21" / four, tunnel=1)
    add("GRE, Ethernet", ether() / IP(**OUTER) / GRE(proto=0x6558) / ether() / ip4(), tunnel=1)
    add("ERSPAN I", ether() / IP(**OUTER) / GRE(proto=0x88BE) / ether() / ip4(), tunnel=1)
    erspan = GRE(proto=0x88BE, seqnum_present=1, sequence_number=9)
    add(
        "ERSPAN II",
        ether() / IP(**OUTER) / erspan / bytes.fromhex("1001000000000000") / bytes(ether() / ip4()),
        tunnel=1,
    )
    add(
        "ERSPAN III",
        ether() / IP(**OUTER) / GRE(proto=0x22EB) / (b"\x20" + bytes(11)) / bytes(ether() / ip4()),
        tunnel=1,
    )
    add(
        "ERSPAN III, platform header",
        ether() / IP(**OUTER) / GRE(proto=0x22EB) / (b"\x20" + bytes(10) + b"\x01" + bytes(8)) / bytes(ether() / ip4()),
        tunnel=1,
    )
    add("WCCP 1", ether() / IP(**OUTER) / GRE(proto=0x883E) / four, tunnel=1)
    add("WCCP 2", ether() / IP(**OUTER) / GRE(proto=0x883E) / bytes(4) / four, tunnel=1)
    add("IPv4 in IPv4", ether() / IP(**OUTER) / ip4(), tunnel=1)
    add("6in4", ether() / IP(**OUTER) / ip6(), INSIDE6, 1)
    add("IPv4 in IPv6", ether() / IPv6(**OUTER6, nh=4) / ip4(), tunnel=1)
    add("IPv6 in IPv6 in IPv6", ether() / IPv6(**OUTER6) / IPv6(**OUTER6) / ip6(), INSIDE6, 2)
    add("EtherIP", ether() / IP(**OUTER, proto=97) / b"\x30\x00" / bytes(ether() / ip4()), tunnel=1)
    add("MPLS in IP", ether() / IP(**OUTER, proto=137) / bytes(MPLS(label=3, s=1)) / four, tunnel=1)

    add("VXLAN", udp(4789) / VXLAN(vni=42, flags=8) / ether() / ip4(), tunnel=1)
    add("VXLAN, VLAN inside", udp(4789) / VXLAN(vni=4, flags=8) / ether() / Dot1Q(vlan=3) / ip6(), INSIDE6, 1)
    add("Geneve, Ethernet", udp(6081) / GENEVE(vni=5, proto=0x6558) / ether() / ip4(), tunnel=1)
    add("Geneve, options, IPv6", udp(6081) / bytes.fromhex("020086dd00000500") / bytes(8) / six, INSIDE6, 1)
    gtp = {"teid": 0x77, "gtp_type": 255}
    add("GTP-U", udp(2152) / GTP_U_Header(**gtp) / ip4(), tunnel=1)
    sequence = struct.pack(">BBHIHBB", 0x32, 255, len(four) + 4, 0x77, 5, 0, 0)
    add("GTP-U, sequence number", udp(2152) / sequence / four, tunnel=1)
    extended = struct.pack(">BBHIHBB", 0x34, 255, len(six) + 8, 0x77, 0, 0, 0x85) + bytes.fromhex("01000900")
    add("GTP-U, extension header", udp(2152) / extended / six, INSIDE6, 1)
    add("Teredo", udp(3544) / ip6(), INSIDE6, 1)
    teredo = bytes.fromhex("00010203") + bytes(2 + 3 + 8 + 1) + bytes.fromhex("0000") + bytes(6)
    add("Teredo, authentication and origin", udp(3544) / teredo[:18] / teredo[18:] / six, INSIDE6, 1)
    add("L2TP", udp(1701) / struct.pack(">HHH", 2, 1, 1) / bytes(HDLC() / PPP(proto=0x21)) / four, tunnel=1)
    full = struct.pack(">HHHHHHH", 0x4A02, 30 + len(six), 1, 1, 0, 0, 4) + bytes(4)
    add("L2TP, length, sequence and offset", udp(1701) / full / b"\x00\x57" / six, INSIDE6, 1)
    add("MPLS in UDP", udp(6635) / bytes(MPLS(label=3, s=1)) / four, tunnel=1)
    add(
        "six layers",
        ether() / Dot1Q(vlan=1) / MPLS(label=5, s=1) / IP(**OUTER) / GRE(proto=0x86DD) / IPv6(**OUTER6)
        / UDP(dport=4789) / VXLAN(flags=8) / ether() / IP(**OUTER) / ip4(),
        tunnel=3,
    )  # fmt: skip
    return made


def _extended() -> list[Stack]:
    made = []

    def add(name: str, packet: Any, inside: dict[str, int] = INSIDE4) -> None:
        made.append(Stack(name, 1, (bytes(packet),), inside, 0))

    fixed = {"src": CLIENT4, "dst": SERVER4, "ttl": 61, "id": 0xBEEF, "flags": "DF"}
    whole4, whole6 = bytes(ip4()), bytes(ip6())
    add("IPv4 options", ether() / IP(**fixed, options=b"\x01" * 8) / tcp())
    # The checksum is over the last address of the route: the segment is built for it first.
    opened = bytearray(whole4[:20])
    opened[0] = 0x47
    opened[2:4] = struct.pack(">H", len(whole4) + 8)
    opened[16:20] = ip_address("192.0.2.99").packed
    route = b"\x83\x07\x04" + ip_address(SERVER4).packed + b"\x00"
    add("IPv4 source route", bytes(ether(0x800)) + bytes(opened) + route + whole4[20:])
    add("IPv6 hop by hop", ether() / head6() / IPv6ExtHdrHopByHop() / tcp(), INSIDE6)
    add("IPv6 destination options", ether() / head6() / IPv6ExtHdrDestOpt() / tcp(), INSIDE6)
    routing = IPv6ExtHdrRouting(segleft=0, addresses=["2001:db8::9"])
    chain = IPv6ExtHdrHopByHop() / routing / IPv6ExtHdrDestOpt()
    add("IPv6 hop by hop, routing done, destination options", ether() / head6() / chain / tcp(), INSIDE6)
    ah = AH(nh=6, payloadlen=4, icv=bytes(12))
    add("IPv4 authentication header", ether() / IP(**fixed, proto=51) / ah / whole4[20:])
    add("IPv6 authentication header", ether() / head6(nh=51) / ah / whole6[40:], INSIDE6)
    add("IPv6 whole in one fragment", ether() / head6(nh=44) / bytes.fromhex("0600000000000001") / whole6[40:], INSIDE6)
    add("Ethernet trailer", bytes(ether() / ip4()) + b"\xee" * 11)
    add("Ethernet trailer, IPv6", bytes(ether() / ip6()) + b"\xee" * 4, INSIDE6)
    return made


STACKS = [*_links(), *_tunnels(), *_extended()]
assert len({stack.name for stack in STACKS}) == len(STACKS)
