"""The options of a TCP header as text: in their order, in packetdrill's words.

    mss 1460   wscale 7   sackOK   sack 1:11 21:31   TS val 100 ecr 0   nop   eol

Any other, and a known one of another length, is `kind-30 0x0102`; what cannot be cut into options, or is cut off
by the capture, is `bytes 0x0203`.
`capture/packet_script.py` reads the same words. (RFC 9293 3.1, RFC 7323, RFC 2018.)
"""

from __future__ import annotations

from .tcp_header import EOL, MSS, NOP, SACK, SACK_PERMITTED, SCALE, TIMESTAMPS, options


def written(header: bytes, base: int = 0) -> tuple[str, ...]:
    """Each option of a TCP header, as far as captured; the edges of SACK blocks count from `base`, the peer's ISN."""
    found: list[str] = []
    for option in options(header):
        raw = header[option.at : option.at + option.size]
        if option.fault == "padding" and not any(raw) and len(raw) < 4:
            continue  # a header is filled up like that
        if option.fault:
            found += [f"bytes 0x{raw.hex()}"] if raw else []
        else:
            found.append({EOL: "eol", NOP: "nop"}.get(option.kind) or _one(option.kind, option.data, base))
    return tuple(found)


def _one(kind: int, data: bytes, base: int) -> str:
    numbers = [int.from_bytes(data[at : at + 4]) for at in range(0, len(data) - 3, 4)]
    if kind == MSS and len(data) == 2:
        return f"mss {int.from_bytes(data)}"
    if kind == SCALE and len(data) == 1:
        return f"wscale {data[0]}"
    if kind == SACK_PERMITTED and not data:
        return "sackOK"
    if kind == TIMESTAMPS and len(data) == 8:
        return f"TS val {numbers[0]} ecr {numbers[1]}"
    if kind == SACK and data and len(data) % 8 == 0:
        edges = [(number - base) % 2**32 for number in numbers]
        return "sack " + " ".join(f"{left}:{right}" for left, right in zip(edges[::2], edges[1::2], strict=True))
    return f"kind-{kind} 0x{data.hex()}"
