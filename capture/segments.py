"""Segments on a wire of the lab: what a scenario waits for, and what it forges.

The engine's decoder reads files, into one reused packet, and is compiled: it cannot be asked about one packet from
Python. This reads what the lab itself sends: IPv4 or IPv6 without extension headers, then TCP.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from .facts import endpoint

FLAGS = {"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16, "URG": 32, "ECE": 64, "CWR": 128}


@dataclass(frozen=True, slots=True)
class Segment:
    """One TCP segment. Sequence numbers are absolute; `length` is the payload's, in bytes."""

    t_ns: int
    src: str  # address:port, as facts name it
    dst: str
    flags: int
    seq: int
    ack: int
    window: int  # as in the header, not scaled
    length: int
    raw: bytes  # the IP packet

    def has(self, *names: str) -> bool:
        """Whether all of these flags are set: has("SYN", "ACK")."""
        return all(self.flags & FLAGS[name] for name in names)

    @property
    def end(self) -> int:
        """The sequence number behind it: SYN and FIN count one each."""
        return (self.seq + self.length + self.has("SYN") + self.has("FIN")) & 0xFFFFFFFF

    @property
    def timestamps(self) -> tuple[int, int] | None:
        """TSval and TSecr (RFC 7323); None where it has no such option."""
        at = 20 if self.raw[0] >> 4 == 4 else 40
        options = self.raw[at + 20 : at + (self.raw[at + 12] >> 4) * 4]
        while options and options[0]:
            size = 1 if options[0] == 1 else max(2, options[1]) if len(options) > 1 else len(options)
            if options[0] == 8 and len(options) >= 10:
                return struct.unpack_from(">II", options, 2)
            options = options[size:]
        return None

    @property
    def payload(self) -> bytes:
        """The data, as far as it was captured."""
        return self.raw[len(self.raw) - self.length :] if self.length else b""

    def __str__(self) -> str:
        names = " ".join(name for name, bit in FLAGS.items() if self.flags & bit) or "none"
        return f"{self.src} > {self.dst} {names} seq {self.seq} ack {self.ack} len {self.length}"


def acknowledges(ack: int, end: int) -> bool:
    """Whether an acknowledgement number covers everything before `end` (RFC 9293 3.4: modulo 2³²)."""
    return (ack - end) & 0xFFFFFFFF < 1 << 31


def parse(raw: bytes, t_ns: int = 0) -> Segment | None:
    """The TCP segment in an IP packet; None if it is something else, or cut within the headers."""
    if len(raw) < 20:
        return None
    if raw[0] >> 4 == 4:
        at, total, protocol = (raw[0] & 15) * 4, struct.unpack_from(">H", raw, 2)[0], raw[9]
        family, src, dst = socket.AF_INET, raw[12:16], raw[16:20]
        if struct.unpack_from(">H", raw, 6)[0] & 0x1FFF:  # a later fragment
            return None
    elif raw[0] >> 4 == 6 and len(raw) >= 40:
        at, total, protocol = 40, 40 + struct.unpack_from(">H", raw, 4)[0], raw[6]
        family, src, dst = socket.AF_INET6, raw[8:24], raw[24:40]
    else:
        return None
    if protocol != socket.IPPROTO_TCP or len(raw) < at + 20:
        return None
    sport, dport, seq, ack, offset, flags, window = struct.unpack_from(">HHIIBBH", raw, at)
    return Segment(
        t_ns=t_ns,
        src=endpoint(socket.inet_ntop(family, src), sport),
        dst=endpoint(socket.inet_ntop(family, dst), dport),
        flags=flags,
        seq=seq,
        ack=ack,
        window=window,
        length=max(0, total - at - (offset >> 4) * 4),
        raw=raw[:total],
    )


def split(name: str) -> tuple[str, int]:
    """Address and port of an endpoint as facts name it: the inverse of `facts.endpoint`."""
    address, _, port = name.rpartition(":")
    return address.strip("[]"), int(port)


def forge(
    src: str,
    dst: str,
    flags: str,
    seq: int,
    ack: int = 0,
    *,
    payload: bytes = b"",
    window: int = 0,
    ttl: int = 64,
    timestamps: tuple[int, int] | None = None,
    bad_checksum: bool = False,
) -> bytes:
    """An IP packet that claims to come from `src`. `flags` are names: "RST ACK". Needs Scapy (ImportError).

    `timestamps`: the option's TSval and TSecr (RFC 7323); without it the segment carries no option.
    """
    from scapy.layers.inet import IP, TCP
    from scapy.layers.inet6 import IPv6

    (saddr, sport), (daddr, dport) = split(src), split(dst)
    bits = 0
    for name in flags.split():
        bits |= FLAGS[name]
    network = IPv6(src=saddr, dst=daddr, hlim=ttl) if ":" in saddr else IP(src=saddr, dst=daddr, ttl=ttl, flags="DF")
    segment = TCP(sport=sport, dport=dport, seq=seq & 0xFFFFFFFF, ack=ack & 0xFFFFFFFF, flags=bits, window=window)
    if timestamps:
        segment.options = [("NOP", None), ("NOP", None), ("Timestamp", timestamps)]
    built = bytes(network / segment / payload)
    if bad_checksum:
        at = (40 if ":" in saddr else 20) + 16
        built = built[:at] + struct.pack(">H", struct.unpack_from(">H", built, at)[0] ^ 0x1111) + built[at + 2 :]
    return built
