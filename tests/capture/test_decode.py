"""Every stack of headers, built with Scapy: what stands in `Packet`, field by field, whole and cut at every byte."""

# Scapy takes every field by keyword.
# mypy: disable-error-code="arg-type, no-untyped-call, attr-defined, no-any-return"

from __future__ import annotations

import itertools
import random
import struct
from ipaddress import ip_address
from typing import Any

import pytest
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import ICMP, IP, TCP, fragment
from scapy.layers.inet6 import (
    ICMPv6DestUnreach,
    ICMPv6PacketTooBig,
    IPv6,
    IPv6ExtHdrRouting,
    IPv6ExtHdrSegmentRouting,
)
from scapy.layers.vxlan import VXLAN

from ..engines import Engine, both, decode
from .stacks import (
    CLIENT4,
    INSIDE4,
    INSIDE6,
    PAYLOAD,
    SEGMENT,
    SERVER4,
    STACKS,
    Stack,
    ether,
    head6,
    ip4,
    ip6,
    tcp,
    udp,
)

HEADER = 20 + 12 + 20  # of the segment of `stacks`: timestamps, two SACK blocks
UNCHECKED, GOOD, OFFLOADED, BAD = range(4)
FAULT_HEADER_LENGTH, FAULT_SHORT, FAULT_FRAGMENT, FAULT_CUT = 1, 2, 3, 4

each_stack = pytest.mark.parametrize("stack", STACKS, ids=[stack.name for stack in STACKS])


def differences(found: dict[str, int], expected: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Field -> (found, expected), where they differ."""
    return {name: (found[name], value) for name, value in expected.items() if found[name] != value}


@both
@each_stack
def test_every_stack_gives_every_field(engine: Engine, stack: Stack) -> None:
    found = decode(engine, *stack.packets, link=stack.link)
    assert found.kind == "TCP"
    assert differences(found.packet, SEGMENT | stack.inside | {"tunnel": stack.tunnel}) == {}
    at = found.packet["header"] + HEADER
    assert stack.packets[-1][at : at + len(PAYLOAD)] == PAYLOAD
    assert {name for name in found.packet if not name.startswith("icmp")} == {
        *SEGMENT,
        *stack.inside,
        "tunnel",
        "header",
    }


@both
@each_stack
def test_a_snaplen_anywhere_takes_only_what_it_cut_off(engine: Engine, stack: Stack) -> None:
    whole = stack.packets[-1]
    header = decode(engine, whole, link=stack.link).packet["header"]
    payload = header + HEADER
    for cut in range(len(whole)):
        found = decode(engine, whole[:cut], link=stack.link, length=len(whole))
        if cut < header:
            assert found.kind == "", cut
        elif cut < header + 16:
            assert found.kind == "HEADERLESS_TCP", cut
        else:
            assert found.kind == "TCP", cut
            captured = min(max(0, cut - payload), len(PAYLOAD))
            expected = {"captured": captured, "tunnel": stack.tunnel, "fault": FAULT_CUT if cut < payload else 0}
            expected["checksum"] = GOOD if captured == len(PAYLOAD) else UNCHECKED
            if cut < header + 32:
                expected |= {"options": 0, "tsval": 0, "tsecr": 0}
            if cut < payload:
                expected |= {"options": 0 if cut < header + 32 else 16}
                expected |= {"sack_count": 0, "sack_left": 0, "sack_right": 0}
            assert differences(found.packet, SEGMENT | stack.inside | expected) == {}, cut


@both
@each_stack
def test_a_packet_that_really_ends_early_is_never_read_beyond_its_end(engine: Engine, stack: Stack) -> None:
    whole = stack.packets[-1]
    for cut in range(len(whole)):
        found = decode(engine, whole[:cut], link=stack.link)
        assert found.packet["header"] <= 300 and found.packet["captured"] <= len(PAYLOAD), cut


@both
def test_a_syn_shows_its_options(engine: Engine) -> None:
    options = [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (7, 0)), ("NOP", None), ("WScale", 7)]
    syn = ether() / IP(src=CLIENT4, dst=SERVER4) / TCP(sport=40136, dport=80, seq=5, flags="S", options=options)
    found = decode(engine, bytes(syn)).packet
    expected = {"options": 1 | 2 | 4 | 16, "mss": 1460, "wscale": 7, "tsval": 7, "tsecr": 0, "sack_count": 0}
    assert differences(found, expected | {"flags": 2, "seq": 5, "ack": 0, "length": 0, "captured": 0}) == {}


@both
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (b"\x03\x03\x0e\x00", {"options": 2, "wscale": 14}),
        (b"\x03\x03\xff\x00", {"options": 2, "wscale": 14}),  # RFC 7323 2.3: beyond 14 counts as 14
        (b"\x02\x04\x00\x00", {"options": 1, "mss": 0}),
        (b"\x02\x03\x05\x00", {"options": 0}),  # a length that is not the option's
        (b"\x00\x02\x04\x05", {"options": 0}),  # after the end of the list
        (b"\x02\x04\x05", {"options": 0}),  # scapy pads with zeroes: the option ends where the header does
        (b"\x08\x00\x00\x00", {"options": 0}),  # a length of nothing must not stand still
        (b"\x08\x01\x00\x00", {"options": 0}),
        (b"\x05\x0a\x00\x00\x00\x01\x00\x00\x00\x02\x01\x01", {"options": 8, "sack_count": 1, "sack_right": 2}),
        (b"\xfd\x04\xab\xcd\x04\x02\x01\x01", {"options": 4}),  # an unknown option is stepped over
        (b"\x01" * 40, {"options": 0}),
        (b"\x01" * 38 + b"\x04\x02", {"options": 4}),
        (b"\x01" * 39 + b"\x04", {"options": 0}),
    ],
)
def test_options_are_read_as_far_as_their_lengths_are_right(
    engine: Engine, options: bytes, expected: dict[str, int]
) -> None:
    if len(options) == 3:
        options = b"\x01" + options
        expected = {"options": 0}
    header = struct.pack(">HHIIBBHHH", 1, 2, 3, 4, (20 + len(options)) << 2, 2, 5, 0, 0)
    packet = ether() / IP(src=CLIENT4, dst=SERVER4, proto=6) / (header + options)
    found = decode(engine, bytes(packet))
    assert found.kind == "TCP" and differences(found.packet, expected) == {}


# What is no packet of a connection


@both
@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\x00",
        bytes(60),
        bytes(ether(0x0806)) + bytes(28),
        bytes(ether() / IP(src=CLIENT4, dst=SERVER4) / ICMP()),
        bytes(ether() / IP(src=CLIENT4, dst=SERVER4, proto=17) / b"\x00\x35\x00\x35\x00\x08\x00\x00"),
        bytes(ether(0x8864)) + bytes.fromhex("1109000000080021") + bytes(ip4()),  # PPPoE discovery code
        bytes(ether(0x0600 - 1)) + bytes(ip4()),  # neither a length nor a type
        bytes(ether()) + b"\x45" + bytes(19),
        bytes(ether(0x800)) + b"\x44" + bytes(ip4())[1:],  # a header of 16 bytes
        bytes(ether(0x800)) + b"\x65" + bytes(ip4())[1:],
        bytes(ether(0x86DD)) + b"\x40" + bytes(ip6())[1:],
        bytes(ether(0x8100)) + bytes.fromhex("00018100") * 60,  # tags without an end
        bytes(ether(0x894F)) + bytes(60),  # a header of no length in front of itself
        bytes(ether(0x9200)) + bytes.fromhex("00010800") + bytes(ip4()),  # what Wireshark takes for something else
        bytes(ether() / MPLS(label=3, s=1)) + bytes(4) + bytes(ether() / ip4()),  # a pseudowire
        bytes(udp(8472) / VXLAN(flags=8) / ether() / ip4()),  # not VXLAN's port
        bytes(udp(4789) / VXLAN(flags=0) / ether() / ip4()),  # without its flag
    ],
)
def test_what_is_not_tcp_is_no_packet(engine: Engine, packet: bytes) -> None:
    found = decode(engine, packet)
    assert (found.kind, found.tracker.tcp_packets, len(found.tracker.connections)) == ("", 0, 0)


@both
def test_link_types_that_cannot_be_read_are_counted(engine: Engine) -> None:
    tracker = decode(engine, bytes(20), bytes(20), link=147).tracker
    assert dict(tracker.decoder.unknown_links) == {147: 2}
    assert dict(decode(engine, bytes(20), link=0xFFFF).tracker.decoder.unknown_links) == {}


@both
@pytest.mark.parametrize("version", [4, 6])
def test_a_header_length_below_five_is_a_fault_and_has_no_flags(engine: Engine, version: int) -> None:
    packet = ether() / (ip4() if version == 4 else ip6())
    content = bytearray(bytes(packet))
    content[14 + (20 if version == 4 else 40) + 12] = 0x40
    found = decode(engine, bytes(content))
    assert found.kind == "TCP"
    length = len(PAYLOAD) + HEADER - 16  # as Wireshark counts it
    expected = {"fault": FAULT_HEADER_LENGTH, "flags": 0, "length": length, "captured": 0, "checksum": UNCHECKED}
    assert differences(found.packet, expected | {"sport": 40136, "seq": 0x9E370001}) == {}


@both
def test_an_ip_length_inside_the_tcp_header_is_a_fault(engine: Engine) -> None:
    for size in range(20, 20 + HEADER + len(PAYLOAD)):
        packet = ip4(len=size)
        found = decode(engine, bytes(ether() / packet))
        if size < 36:
            assert found.kind == "HEADERLESS_TCP", size
        else:
            fault = FAULT_SHORT if size < 20 + HEADER else 0
            length = max(0, size - 20 - HEADER)
            expected = {"fault": fault, "length": length, "captured": length, "flags": 0x118}
            assert differences(found.packet, expected) == {}, size


@both
def test_an_ip_length_of_zero_is_a_super_segment(engine: Engine) -> None:
    packet = bytearray(bytes(ether() / ip4(flags="DF")))
    packet[16:18] = b"\0\0"
    found = decode(engine, bytes(packet)).packet
    assert differences(found, {"length": len(PAYLOAD), "captured": len(PAYLOAD), "fault": 0, "checksum": GOOD}) == {}
    cut = decode(engine, bytes(packet[:-9]), length=70_000).packet
    length = 70_000 - 14 - 20 - HEADER
    assert differences(cut, {"length": length, "captured": len(PAYLOAD) - 9, "checksum": UNCHECKED}) == {}


@both
def test_an_ipv6_length_of_zero_is_a_jumbogram_or_nothing(engine: Engine) -> None:
    packet = bytearray(bytes(ether() / ip6()))
    packet[18:20] = b"\0\0"
    assert decode(engine, bytes(packet)).kind == ""
    jumbo = struct.pack(">BBBBI", 6, 0, 0xC2, 4, len(bytes(tcp())) + 8)
    head = bytearray(bytes(ether() / head6(nh=0)))
    head[18:20] = b"\0\0"
    found = decode(engine, bytes(head) + jumbo + bytes(ip6())[40:])
    assert found.kind == "TCP" and differences(found.packet, SEGMENT | INSIDE6) == {}


# Checksums


def with_checksum(packet: Any, value: int) -> bytes:
    packet = packet.copy()
    packet[TCP].chksum = value
    return bytes(packet)


def pseudo_sum(packet: Any, size: bool) -> int:
    """The folded pseudo-header sum, with the segment's size or without."""
    head = packet[IPv6] if packet.haslayer(IPv6) else packet[IP]
    words = ip_address(head.src).packed + ip_address(head.dst).packed
    total = sum(struct.unpack(f">{len(words) // 2}H", words)) + 6 + (len(bytes(packet[TCP])) if size else 0)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@both
@pytest.mark.parametrize("version", [4, 6])
def test_checksums_are_good_offloaded_or_bad(engine: Engine, version: int) -> None:
    packet = ether() / (ip4() if version == 4 else ip6())
    right = bytes(packet)
    assert decode(engine, right).packet["checksum"] == GOOD
    for size in (True, False):  # a TSO super-segment's pseudo-header sum leaves the length out
        assert decode(engine, with_checksum(packet, pseudo_sum(packet, size))).packet["checksum"] == OFFLOADED
    for wrong in (0, 0xFFFF, pseudo_sum(packet, True) ^ 1, 0x1234):
        found = decode(engine, with_checksum(packet, wrong))
        assert found.packet["checksum"] == BAD and found.tracker.bad_checksums == 1
    for at in range(len(right) - len(PAYLOAD) - 8, len(right)):
        damaged = bytearray(right)
        damaged[at] ^= 0x10
        assert decode(engine, bytes(damaged)).packet["checksum"] == BAD, at


@both
@pytest.mark.parametrize("size", [0, 1, 2, 3, 1399, 1400])
def test_checksums_of_even_and_odd_segments_are_good(engine: Engine, size: int) -> None:
    payload = random.Random(size).randbytes(size)
    for head in (IP(src=CLIENT4, dst=SERVER4), IPv6(src="2001:db8::1", dst="ff02::ffff:ffff")):
        assert decode(engine, bytes(ether() / head / TCP(flags="A") / payload)).packet["checksum"] == GOOD


@both
def test_a_trailer_belongs_to_no_checksum_and_no_length(engine: Engine) -> None:
    packet = bytes(ether() / IP(src=CLIENT4, dst=SERVER4) / TCP(flags="R", seq=9))
    found = decode(engine, packet.ljust(60, b"\xff")).packet
    assert differences(found, {"length": 0, "captured": 0, "checksum": GOOD, "flags": 4}) == {}


# Fragments


def fragments(version: int, size: int) -> list[bytes]:
    """The segment of `stacks`, fragmented."""
    if version == 4:
        return [bytes(ether() / part) for part in fragment(ip4(flags=0), size)]
    payload = bytes(ip6())[40:]
    parts = []
    for at in range(0, len(payload), size):
        more = int(at + size < len(payload))
        head = struct.pack(">BBHI", 6, 0, at | more, 0xFACE)
        parts.append(bytes(ether() / head6(nh=44) / (head + payload[at : at + size])))
    return parts


@both
@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("size", [8, 16, 48, 64])
def test_the_fragment_that_completes_the_datagram_is_the_packet(engine: Engine, version: int, size: int) -> None:
    parts = fragments(version, size)
    inside = INSIDE4 | {"dont_fragment": 0} if version == 4 else INSIDE6
    orders = [parts, parts[::-1], *(random.Random(seed).sample(parts, len(parts)) for seed in range(3))]
    for order in orders:
        for some in range(1, len(order)):
            assert decode(engine, *order[:some]).kind == "", "not whole yet"
        found = decode(engine, *order)
        assert found.kind == "TCP" and found.tracker.tcp_packets == 1
        assert found.tracker.connections[0].first_frame == len(order)
        assert differences(found.packet, SEGMENT | inside | {"tunnel": 0}) == {}
        assert len(found.tracker.decoder.fragments.datagrams) == 0


@both
@pytest.mark.parametrize("version", [4, 6])
def test_a_fragment_that_comes_twice_or_not_at_all(engine: Engine, version: int) -> None:
    parts = fragments(version, 24)
    doubled = [part for part in parts[:-1] for _ in range(2)] + parts[-1:]
    assert decode(engine, *doubled).packet["checksum"] == GOOD
    for missing in range(len(parts)):
        found = decode(engine, *(part for i, part in enumerate(parts) if i != missing))
        assert found.kind == "" and found.tracker.tcp_packets == 0
        assert len(found.tracker.decoder.fragments.datagrams) == 1


@both
@pytest.mark.parametrize("version", [4, 6])
def test_datagrams_interleave_without_mixing(engine: Engine, version: int) -> None:
    one = fragments(version, 32)
    at = 14 + (4 if version == 4 else 44)
    other = [part[: at + 1] + b"\x99" + part[at + 2 :] for part in one]
    mixed = [part for both_parts in zip(one, other, strict=True) for part in both_parts]
    found = decode(engine, *mixed)
    assert found.tracker.tcp_packets == 2 and found.packet["checksum"] == GOOD


@both
@pytest.mark.parametrize("version", [4, 6])
def test_a_first_fragment_cut_by_the_snaplen_stands_alone_with_a_fault(engine: Engine, version: int) -> None:
    first, *rest = fragments(version, 64)
    found = decode(engine, first[:-2], length=len(first))
    assert found.kind == "TCP"
    expected = {"fault": FAULT_FRAGMENT, "length": 0, "seq": 0x9E370001, "flags": 0x118, "checksum": UNCHECKED}
    assert differences(found.packet, expected) == {}
    assert decode(engine, rest[-1][:-2], length=len(rest[-1])).kind == ""


@both
def test_fragments_inside_a_tunnel_of_fragments_are_joined(engine: Engine) -> None:
    inner = fragment(ip4(flags=0), 40)
    outer = []
    for number, part in enumerate(inner):
        outer += fragment(IP(src="192.0.2.1", dst="192.0.2.2", id=number, proto=4) / bytes(part), 24)
    found = decode(engine, *(bytes(ether() / part) for part in outer))
    expected = SEGMENT | INSIDE4 | {"dont_fragment": 0}
    assert found.kind == "TCP" and differences(found.packet, expected) == {}


# Headers quoted in ICMP errors


def icmp_errors() -> list[Any]:
    def four(**kind: int) -> Any:
        return ether() / IP(src="203.0.113.9", dst=CLIENT4) / ICMP(**kind)

    six = ether() / IPv6(src="2001:db8:9::9", dst="2001:db8:1:2:3:4:5:6")
    quoted4, quoted6 = bytes(ip4()), bytes(ip6())
    return [
        *(four(type=kind) / quoted4[:size] for kind in (3, 4, 5, 11, 12) for size in (44, 60, len(quoted4))),
        six / ICMPv6DestUnreach() / quoted6,
        six / ICMPv6PacketTooBig() / quoted6[:64],
    ]


@both
@pytest.mark.parametrize("number", range(len(icmp_errors())))
def test_a_quoted_header_is_a_fact_of_its_connection_and_no_packet(engine: Engine, number: int) -> None:
    packet = icmp_errors()[number]
    found = decode(engine, bytes(packet))
    assert found.kind == "QUOTED_TCP" and found.tracker.tcp_packets == 0
    connection = found.tracker.connections[0]
    assert list(connection.packets) == [0, 0]
    assert [connection.port[0], connection.port[1]] == [40136, 80]
    assert differences(found.packet, {"seq": 0x9E370001, "tunnel": 0}) == {}
    (error,) = found.tracker.errors
    assert (error.connection, error.frame, error.side, error.seq) == (0, 1, 0, 0x9E370001)
    message = packet[ICMP] if ICMP in packet else packet[IPv6].payload
    assert (error.kind, error.code) == (message.type, message.code)
    sender = int(ip_address("203.0.113.9" if ICMP in packet else "2001:db8:9::9"))
    assert error.hi << 64 | error.lo == sender


@both
def test_what_fits_on_the_next_link_is_said_by_the_errors_that_have_it(engine: Engine) -> None:
    four, six = ether() / IP(src="203.0.113.9", dst=CLIENT4), ether() / IPv6(src="2001:db8:9::9")
    errors = [
        four / ICMP(type=3, code=4, nexthopmtu=1400) / bytes(ip4()),
        four / ICMP(type=3, code=1, nexthopmtu=1400) / bytes(ip4()),  # not of this code
        six / ICMPv6PacketTooBig(mtu=1280) / bytes(ip6()),
        six / ICMPv6DestUnreach(code=4) / bytes(ip6()),
    ]
    told = [decode(engine, bytes(packet)).tracker.errors[0] for packet in errors]
    assert [(error.kind, error.code, error.mtu) for error in told] == [(3, 4, 1400), (3, 1, 0), (2, 0, 1280), (1, 4, 0)]


@both
@pytest.mark.parametrize("kind", [0, 8, 13, 30])
def test_icmp_that_is_no_error_quotes_nothing(engine: Engine, kind: int) -> None:
    packet = bytes(ether() / IP(src=SERVER4, dst=CLIENT4, proto=1)) + bytes([kind]) + bytes(7) + bytes(ip4())
    assert decode(engine, packet).kind == ""


@both
def test_a_quotation_of_eight_bytes_has_no_connection(engine: Engine) -> None:
    packet = ether() / IP(src=SERVER4, dst=CLIENT4) / ICMP(type=3) / bytes(ip4())[:28]
    found = decode(engine, bytes(packet))
    assert (found.kind, len(found.tracker.connections)) == ("", 0)


@both
def test_a_quotation_of_eight_bytes_belongs_to_the_connection_that_is_known(engine: Engine) -> None:
    """All that RFC 792 asks for, and what many routers send."""
    packet = ether() / IP(src="203.0.113.9", dst=CLIENT4) / ICMP(type=3, code=13) / bytes(ip4())[:28]
    found = decode(engine, bytes(ether() / ip4()), bytes(packet))
    (error,) = found.tracker.errors
    assert (error.connection, error.side, error.code, error.seq) == (0, 0, 13, 0x9E370001)
    other = ether() / IP(src="203.0.113.9", dst=CLIENT4) / ICMP(type=3) / bytes(ip4(src="198.51.100.7"))[:28]
    found = decode(engine, bytes(ether() / ip4()), bytes(other))
    assert len(found.tracker.connections) == 1 and not found.tracker.errors


@both
def test_a_quotation_inside_a_quotation_is_not_followed(engine: Engine) -> None:
    inner = IP(src=SERVER4, dst=CLIENT4) / ICMP(type=3) / bytes(ip4())
    assert decode(engine, bytes(ether() / IP(src=SERVER4, dst=CLIENT4) / ICMP(type=3) / bytes(inner))).kind == ""


@both
def test_quoted_fragments_beyond_the_first_have_no_header(engine: Engine) -> None:
    for part, kind in zip(fragment(ip4(flags=0), 40), ("QUOTED_TCP", ""), strict=False):
        packet = ether() / IP(src=SERVER4, dst=CLIENT4) / ICMP(type=3) / bytes(part)
        assert decode(engine, bytes(packet)).kind == kind


@both
def test_a_routing_header_leaves_the_addresses_of_the_ipv6_header(engine: Engine) -> None:
    for routing in (
        IPv6ExtHdrRouting(segleft=1, addresses=["2001:db8::7"]),
        IPv6ExtHdrSegmentRouting(addresses=["2001:db8::7", "2001:db8::99"], segleft=1),
    ):
        packet = ether() / head6(dst="2001:db8::99") / routing / tcp()
        found = decode(engine, bytes(packet)).packet
        expected = SEGMENT | INSIDE6 | {"dst_lo": 0x99}
        del expected["checksum"]
        assert differences(found, expected) == {}


# The packet is one record, used again and again


@both
def test_nothing_of_a_packet_is_left_in_the_next(engine: Engine) -> None:
    bare = bytes(ether() / IP(src=CLIENT4, dst=SERVER4) / TCP(sport=1, dport=2, flags="R"))
    six = bytes(ether() / IPv6(src="2001:db8::1", dst="2001:db8::2") / TCP(sport=1, dport=2, flags="R"))
    for last in (bare, six):
        alone = decode(engine, last).packet
        for stack in STACKS:
            if stack.link == 1:
                assert decode(engine, stack.packets[-1], last).packet == alone, stack.name


@both
def test_pairs_of_layers_never_read_beyond_the_packet(engine: Engine) -> None:
    """Any Ethernet type in front of any tail of a stack, in memory that ends where the packet ends."""
    types = (0x0800, 0x86DD, 0x8100, 0x8864, 0x8847, 0x6558, 0x88E7, 0x880B, 0x8909, 0x8926, 0x894F, 0x05DC)
    tails = [stack.packets[-1] for stack in STACKS[::7]]
    for kind, tail, cut in itertools.product(types, tails, range(0, 70, 3)):
        decode(engine, bytes(ether(kind)) + tail[14 : 14 + cut])


def test_the_segment_of_the_stacks_is_built_as_its_fields_say() -> None:
    built = TCP(bytes(tcp()))
    assert (built.sport, built.dport, built.seq, built.window) == (40136, 80, SEGMENT["seq"], SEGMENT["win"])
    assert built.dataofs * 4 == HEADER and len(bytes(built.payload)) == SEGMENT["length"]
