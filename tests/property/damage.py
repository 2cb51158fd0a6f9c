"""Seeded damage to captures and to single packets, and what every damaged one must still keep to.

Run as a program (`python -m tests.property.damage FOLDER SEED COUNT` in the repository) it reads COUNT damaged
captures and packets with the installed engine, the one at hand always written to FOLDER before it is read: after a
crash it is the reproducer. That is how the mutations run under AddressSanitizer and under a memory limit.
"""

from __future__ import annotations

import os
import random
import resource
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..engines import COMPILED, Engine, account, batch, everything, is_compiled

ROOT = Path(__file__).parents[2]

#: One damaged capture of the small ones here takes some milliseconds; a reading that takes this long hangs.
PATIENCE_S = 5.0

NUMBERS = (0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 19, 20, 28, 39, 40, 41, 60, 127, 128, 255, 256, 1500, 1501, 1535, 1536)
WIDE = (0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0x40001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TYPES = (0x0800, 0x86DD, 0x8100, 0x88A8, 0x8847, 0x8864, 0x6558, 0x88E7, 0x894F, 0x8926, 0x8909, 0x880B)


def originals() -> list[bytes]:
    """The captures that are damaged: the samples, and other projects' captures where they stand beside us."""
    shared = ROOT.parent / "shared" / "captures"
    paths = [*ROOT.glob("samples/*/packets.pcapng"), *shared.glob("*.pcap"), *shared.glob("*.pcapng")]
    return [path.read_bytes() for path in sorted(paths)]


def mutate(original: bytes, chance: random.Random, start: int = 0) -> bytes:
    """`original` after one to six accidents at or after `start`: flips, numbers, cuts, repeats, headers."""
    content = bytearray(original)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if len(content) <= start:
            break
        at = chance.randrange(start, len(content))
        accident = chance.randrange(12)
        if accident < 3:
            content[at] ^= 1 << chance.randrange(8)
        elif accident == 3:
            content[at] = chance.randrange(256)
        elif accident == 4:
            content[at : at + 2] = struct.pack(">H", chance.choice(NUMBERS + TYPES))[: len(content) - at]
        elif accident == 5:
            number = struct.pack(chance.choice("<>") + "I", chance.choice(NUMBERS + WIDE))
            content[at : at + 4] = number[: len(content) - at]
        elif accident == 6:
            content[at] = chance.choice((0, 1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 60, 97, 132, 135, 137))
        elif accident == 7:
            del content[at : at + chance.choice((1, 2, 4, 8, 16, 100))]
        elif accident == 8:
            content[at:at] = chance.randbytes(chance.choice((1, 2, 4, 8, 16, 40)))
        elif accident == 9:
            piece = content[at : at + chance.choice((4, 14, 16, 20, 40, 60))]
            content[at:at] = piece * chance.choice((1, 2, 5))
        elif accident == 10:
            content[at:at] = struct.pack(">HH", chance.choice(TYPES), chance.choice(TYPES))
        else:
            del content[at:]
    return bytes(content)


def damaged_captures(seed: int, count: int) -> Iterator[bytes]:
    """`count` damaged captures; one in eight may lose its magic number."""
    chance = random.Random(seed)
    sources = originals()
    for i in range(count):
        yield mutate(sources[i % len(sources)], chance, 0 if i % 8 == 0 else 24)


def packets_of(engine: Engine) -> list[tuple[int, bytes]]:
    """(link type, packet) of every record of the captures."""
    from ..capture import stacks

    found: list[tuple[int, bytes]] = [(made.link, packet) for made in stacks.STACKS for packet in made.packets]
    for path in sorted(ROOT.glob("samples/*/packets.pcapng")):
        source = engine("capture.formats").open_capture(str(path))
        records = engine("capture.table").Records()
        while source.fill(records):
            for i in range(records.count):
                at = records.at[i]
                found.append((records.link[i], bytes(records.data[at : at + records.captured[i]])))
        source.close()
    return found


def damaged_packets(engine: Engine, seed: int, count: int) -> Iterator[tuple[int, bytes, int]]:
    """(link type, packet, length on the wire) of `count` damaged packets, each stack in turn."""
    chance = random.Random(seed)
    sources = packets_of(engine)
    for i in range(count):
        link, packet = sources[i % len(sources)]
        packet = mutate(packet, chance)
        if chance.random() < 0.05:
            link = chance.choice(sources)[0]
        beyond = chance.choice((0, 0, 0, 1, 4, 100, 70_000))
        yield link, packet, max(0, len(packet) + beyond - (1 if chance.random() < 0.05 else 0))


def read_packets(engine: Engine, packets: Iterator[tuple[int, bytes, int]], keep: Path | None = None) -> Any:
    """One engine over packets, every one in memory of exactly its own size."""
    tracker = engine("analyze.track").Tracker(7)
    for number, (link, packet, length) in enumerate(packets, 1):
        if keep is not None:
            keep.write_bytes(struct.pack("<II", link, length) + packet)
        tracker.feed(batch(engine, [packet], link, [length], number))
    return everything(tracker)


def main(folder: str, seed: str, count: str) -> None:
    """Read damaged captures and packets with the installed engine; prints what was read.

    FINRST_MEMORY_MIB: how much more memory it may take than it has when it begins; FINRST_COMPILED=1: refuse the
    interpreted engine.
    """
    if os.environ.get("FINRST_COMPILED") == "1":
        assert is_compiled(), "this is the interpreted engine"
    packets_of(COMPILED)  # what Scapy needs comes before the limit
    if limit := int(os.environ.get("FINRST_MEMORY_MIB", "0")) << 20:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + limit, used + limit))
    at_hand = Path(folder) / "capture"
    began = slowest = 0.0
    captures = 0
    for content in damaged_captures(int(seed), int(count)):
        at_hand.write_bytes(content)
        began = time.monotonic()
        account(COMPILED, at_hand)
        captures += 1
        slowest = max(slowest, time.monotonic() - began)
        assert slowest < PATIENCE_S, f"{slowest:.1f} s for {at_hand}"
    at_hand.unlink(missing_ok=True)
    packet = Path(folder) / "packet"
    seen = read_packets(COMPILED, damaged_packets(COMPILED, int(seed), int(count) * 5), packet)
    packet.unlink(missing_ok=True)
    print(f"{captures} captures, {seen['counts'][4]} packets, slowest {slowest:.3f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
