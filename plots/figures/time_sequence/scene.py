"""What a time-sequence graph says: the marks, lines and bands of one or both directions, words already chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...scene import Said, Side, Verdict
from .scales import Stretch

MarkKind = Literal[
    "data", "retransmission", "out-of-order", "full", "syn", "fin", "rst", "keepalive", "window-probe",
    "sack", "dsack", "copy", "unacked", "gave-up",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One fact in the graph, or `count` of one kind merged in a column; `low` to `high` are relative numbers."""

    kind: MarkKind
    t_ns: int  # since the connection's first packet
    low: int
    high: int
    frame: int  # of the first
    count: int = 1
    packets: int = 0  # for which it stands: a packet with two facts counts at one of them
    by_peer: bool = False  # sent by the receiver of this direction; it stands where that had acknowledged to
    accepted: bool | None = None  # of a RST
    fate: Literal["", "lost", "foreign", "made"] = ""  # on the way; not its sender's own; a copy made on the way
    repeats_ns: int | None = None  # when the first copy of it was sent
    outside: Literal[-1, 0, 1] = 0  # below or above the axis
    label: str = ""
    rank: float = 9.0  # of the label, lower is more

    @property
    def name(self) -> str:
        """What the legend calls it: its kind, told apart by who sent it and what became of it."""
        if self.kind == "rst" and self.fate == "lost":
            return "rst-lost"
        if self.kind == "rst" and self.accepted is False:
            return "rst-ignored"
        if self.fate == "foreign" and not self.by_peer and self.kind in ("data", "rst", "fin"):
            return f"{self.kind}-foreign"
        if self.fate == "made":
            return "copy-made"
        return f"{self.kind}-peer" if self.by_peer else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A time in which the receiver's window was 0 or under a segment, or numbers that the capture has missed."""

    kind: Literal["zero-window", "narrow-window", "missed"]
    t_ns: int
    until_ns: int
    low: int
    high: int
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One direction: the marks of what a side sent, and the other's answers as lines."""

    side: Side  # who sends
    head: str
    detail: str
    low: int  # of the axis
    high: int
    marks: tuple[Mark, ...]
    acked: tuple[tuple[int, int], ...]  # steps: from this time on, so far
    window: tuple[tuple[int, int], ...]  # its right edge
    window_above: str  # said where it lies above the axis
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """marked + acknowledgements + copies + left_out = packets."""

    packets: int
    marked: int
    acknowledgements: int  # packets that are only steps of the lines
    copies: int
    left_out: int  # of the other direction, which is not drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSequence(Said):
    """A connection's time-sequence graph."""

    connection: int
    subtitle: str
    verdict: Verdict
    panels: tuple[Panel, ...]
    stretches: tuple[Stretch, ...]
    sums: Sums
    column_ns: int = 0  # 0: nothing is merged
    notes: tuple[str, ...] = ()
