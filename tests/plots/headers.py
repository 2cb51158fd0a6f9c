"""TCP headers made by hand, and packets around them, for the figures that read headers."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from typing import Any

from finrst.analyze.story import Connection, Options, Segment, Side

from .conversations import FLAGS, START, Talk


def header(
    flags: str | int = ".", options: bytes = b"", *, seq: int = 1000, ack: int = 2000, window: int = 100,
    urgent: int = 0, checksum: int = 0xBEEF, size: int | None = None, ports: tuple[int, int] = (56740, 9000),
) -> bytes:  # fmt: skip
    """A header with its options filled up to four bytes; `size`: what the data offset says, in words."""
    bits = flags if isinstance(flags, int) else sum(FLAGS[letter] for letter in flags)
    options += bytes(-len(options) % 4)
    words = 5 + len(options) // 4 if size is None else size
    return struct.pack(">HHIIHHHH", *ports, seq, ack, words << 12 | bits, window, checksum, urgent) + options


def packet(data: bytes, frame: int = 1, side: Side = "client", payload: int = 0, **more: Any) -> Segment:
    """What the story tells of a packet with that header."""
    whole = data + bytes(20)
    seq, ack, bits, window = struct.unpack_from(">IIHH", whole, 4)
    values: dict[str, Any] = {
        "frame": frame, "ts_ns": START + frame * 1_000_000, "side": side, "flags": bits & 0x1FF, "seq": seq,
        "ack": ack, "window": window, "payload": payload, "captured": payload, "ttl": 64, "ip_id": 0,
        "flow_label": None, "options": Options(), "checksum": "good", "client_state": "ESTABLISHED",
        "server_state": "ESTABLISHED", "header": data,
    }  # fmt: skip
    return Segment(**values | more)


def connection(*segments: Segment, **more: Any) -> Connection:
    """A connection of these packets."""
    talk = Talk()
    talk.segments = list(segments)
    values: dict[str, Any] = {"isn": (None, None)}
    return replace(talk.connection("open", "nobody", None), **values | more)


def hostile_options(rng: random.Random) -> bytes:
    """Options as nobody should send them: known kinds, lengths that may be anything; a multiple of four bytes."""
    sizes = {2: 4, 3: 3, 4: 2, 5: 10, 8: 10, 6: 6, 11: 6, 13: 6, 19: 18, 20: 4, 28: 4, 29: 8, 34: 6, 253: 4, 254: 6}
    made = b""
    wanted = rng.choice((4, 12, 20, 40))
    while len(made) < wanted:
        kind = rng.choice((0, 1, 99, *sizes))
        if kind < 2:
            made += bytes([kind])
            continue
        usual = sizes.get(kind, 3)
        value = rng.randbytes(usual - 2) if kind != 254 or rng.random() < 0.5 else b"\xf9\x89" + rng.randbytes(2)
        made += bytes([kind, usual if rng.random() < 0.8 else rng.randrange(256)]) + value
    return made[: min(len(made), 40) // 4 * 4]
