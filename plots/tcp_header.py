"""The bytes of a TCP header as fields and options (RFC 9293 3.1); what the capture cuts off is None."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SIZE = 20  # bytes, without options
EOL, NOP, MSS, SCALE, SACK_PERMITTED, SACK, TIMESTAMPS = 0, 1, 2, 3, 4, 5, 8

#: Name, first bit and bits of each field.
LAYOUT = (
    ("source-port", 0, 16), ("destination-port", 16, 16),
    ("seq", 32, 32),
    ("ack", 64, 32),
    ("offset", 96, 4), ("reserved", 100, 3), ("AE", 103, 1),
    ("CWR", 104, 1), ("ECE", 105, 1), ("URG", 106, 1), ("ACK", 107, 1),
    ("PSH", 108, 1), ("RST", 109, 1), ("SYN", 110, 1), ("FIN", 111, 1), ("window", 112, 16),
    ("checksum", 128, 16), ("urgent", 144, 16),
)  # fmt: skip
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")  # from the lowest bit
LETTERS = "FSRP.UEWe"  # what tcpdump prints for each


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands, and its value."""

    name: str
    bit: int  # from the start of the header
    bits: int
    value: int | None  # None: not in the capture


@dataclass(frozen=True, slots=True)
class Option:
    """One option, or what cannot be read as one."""

    kind: int
    at: int  # byte, from the start of the header
    size: int  # bytes that it takes, kind and length with it
    data: bytes  # behind kind and length, as far as captured
    fault: Literal["", "cut", "length", "padding"] = ""  # not all captured; a length that cannot be; behind EOL


def fields(header: bytes) -> tuple[Field, ...]:
    """The fixed header's fields, all of them."""
    found = []
    for name, bit, bits in LAYOUT:
        value = None
        if bit + bits <= 8 * len(header):
            whole = int.from_bytes(header[bit // 8 : (bit + bits + 7) // 8], "big")
            value = whole >> (-(bit + bits) % 8) & ((1 << bits) - 1)
        found.append(Field(name, bit, bits, value))
    return tuple(found)


def size(header: bytes) -> int:
    """How many bytes the header says that it has; without its data offset, those of a header without options."""
    return (header[12] >> 4) * 4 if len(header) > 12 else SIZE


def options(header: bytes) -> tuple[Option, ...]:
    """The options in their order; together they take every byte from the 20th up to the header's size."""
    found: list[Option] = []
    at, end = SIZE, size(header)
    while at < end:
        if at >= len(header):
            found.append(Option(-1, at, end - at, b"", "cut"))
            break
        kind = header[at]
        if kind in (EOL, NOP):
            found.append(Option(kind, at, 1, b""))
            at += 1
            if kind == EOL and at < end:
                found.append(Option(EOL, at, end - at, header[at:end], "padding"))
                break
            continue
        if at + 1 >= len(header) and at + 1 < end:
            found.append(Option(kind, at, end - at, b"", "cut"))
            break
        length = header[at + 1] if at + 1 < end else 0
        if length < 2 or at + length > end:
            found.append(Option(kind, at, end - at, header[at + 2 : end], "length"))
            break
        data = header[at + 2 : at + length]
        found.append(Option(kind, at, length, data, "cut" if len(data) < length - 2 else ""))
        at += length
    return tuple(found)
