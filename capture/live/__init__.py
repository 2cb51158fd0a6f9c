"""Live capture: one file per source. Each is a reader without an end, written to a pcapng as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Live:
    """One packet as it was captured."""

    t_ns: int  # since 1970, CLOCK_REALTIME
    data: bytes  # from the link layer on
    length: int  # bytes on the wire
    outgoing: bool = False


class Source(Protocol):
    """Where live packets come from. Every module of this folder has one, and an `available() -> (bool, why)`."""

    link: int  # LINKTYPE_* of its packets

    def fileno(self) -> int:
        """Becomes readable when packets are there."""
        ...

    def read(self) -> list[Live]:
        """The packets that are there; does not wait."""
        ...

    def counts(self) -> tuple[int, int]:
        """Packets that the kernel has handed over and dropped since it began."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...
