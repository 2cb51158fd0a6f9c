"""32-bit sequence arithmetic (RFC 9293 3.4) and the acceptability of a RST (RFC 5961 3.2).

All arguments and results are unsigned 32-bit numbers, compared modulo 2**32. What the engine calls of it has its C in
`capture/inline.pxd`.
"""

from __future__ import annotations

M32 = 0xFFFFFFFF
HALF = 0x80000000


def distance(later: int, earlier: int) -> int:
    """How far `later` lies ahead of `earlier`, modulo 2**32."""
    return (later - earlier) & M32


def after(a: int, b: int) -> int:
    """1 when sequence number `a` comes after `b`."""
    return 1 if a != b and ((a - b) & M32) < HALF else 0


def advance(seq: int, count: int) -> int:
    """The sequence number `count` after `seq`."""
    return (seq + count) & M32
