"""Numbers out of bytes, in either order; the caller has proven that the bytes are there.

The engine calls these several times per packet: its C is in `inline.pxd`, in the form that a C compiler makes one
instruction of.
"""

from __future__ import annotations


def be16(data: bytes | bytearray, at: int) -> int:
    """Two bytes, network order. Needs 2."""
    return data[at] << 8 | data[at + 1]


def be32(data: bytes | bytearray, at: int) -> int:
    """Four bytes, network order. Needs 4."""
    return data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]


def be64(data: bytes | bytearray, at: int) -> int:
    """Eight bytes, network order. Needs 8."""
    return be32(data, at) << 32 | be32(data, at + 4)


def le16(data: bytes | bytearray, at: int) -> int:
    """Two bytes, the lowest first. Needs 2."""
    return data[at + 1] << 8 | data[at]


def le32(data: bytes | bytearray, at: int) -> int:
    """Four bytes, the lowest first. Needs 4."""
    return data[at + 3] << 24 | data[at + 2] << 16 | data[at + 1] << 8 | data[at]
