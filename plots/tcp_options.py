"""The options of a TCP header as text: in their order, in packetdrill's words.

    mss 1460   wscale 7   sackOK   sack 1:11 21:31   TS val 100 ecr 0   nop   eol

Any other, and a known one of another length, is `kind-30 0x0102`; what cannot be cut into options is `bytes 0x0203`.
`capture/packet_script.py` reads the same words. (RFC 9293 3.1, RFC 7323, RFC 2018.)
"""

from __future__ import annotations

EOL, NOP, MSS, WSCALE, SACK_PERMITTED, SACK, TIMESTAMPS = 0, 1, 2, 3, 4, 5, 8


def written(options: bytes, base: int = 0) -> tuple[str, ...]:
    """Each option; the edges of SACK blocks count from `base`, the peer's ISN."""
    found: list[str] = []
    while options:
        kind = options[0]
        if kind == EOL:
            found.append("eol")
            if any(options) or len(options) > 4:  # more than fills the header up
                found.append(f"bytes 0x{options[1:].hex()}")
            break
        if kind == NOP:
            found.append("nop")
            options = options[1:]
            continue
        size = options[1] if len(options) > 1 else 0
        if size < 2 or size > len(options):
            found.append(f"bytes 0x{options.hex()}")
            break
        found.append(_one(kind, options[2:size], base))
        options = options[size:]
    return tuple(found)


def _one(kind: int, data: bytes, base: int) -> str:
    numbers = [int.from_bytes(data[at : at + 4]) for at in range(0, len(data) - 3, 4)]
    if kind == MSS and len(data) == 2:
        return f"mss {int.from_bytes(data)}"
    if kind == WSCALE and len(data) == 1:
        return f"wscale {data[0]}"
    if kind == SACK_PERMITTED and not data:
        return "sackOK"
    if kind == TIMESTAMPS and len(data) == 8:
        return f"TS val {numbers[0]} ecr {numbers[1]}"
    if kind == SACK and data and len(data) % 8 == 0:
        edges = [(number - base) % 2**32 for number in numbers]
        return "sack " + " ".join(f"{left}:{right}" for left, right in zip(edges[::2], edges[1::2], strict=True))
    return f"kind-{kind} 0x{data.hex()}"
