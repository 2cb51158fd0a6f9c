"""What the figures of a connection share: its file's name, where its numbers begin, the RST that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..analyze.story import ACK, RST, SYN, Capture, Connection, Segment, Side
from . import words
from .visible import visible


def file_name(capture: Capture, lang: str) -> str:
    """The capture's file as a figure's subtitle names it."""
    if not capture.files:
        return words.say("some-capture", lang)
    name = visible(capture.files[0].replace("\\", "/").rstrip("/").rpartition("/")[2])
    return f"{name} (+{len(capture.files) - 1})" if len(capture.files) > 1 else name


def roles(connection: Connection, capture: Capture) -> dict[object, str]:
    """What sentences call each end: its program by the recording's own name, where that tells more than the side."""
    named: dict[object, str] = {}
    for side in ("client", "server") if capture.recorded is not None else ():
        names = {call.process for call in connection.calls if call.side == side and not call.on_listener}
        name = names.pop() if len(names) == 1 else side
        if name not in ("client", "server") and words.has(f"{name}-process"):
            named[side] = name
    return named


def by_role(named: Mapping[object, str], values: Mapping[str, object]) -> dict[str, object]:
    """The values of a sentence with its sides by those names."""
    return {name: named.get(value, value) if name in ("side", "peer") else value for name, value in values.items()}


def as_captured(connection: Connection) -> Connection:
    """The connection as the client's capture alone holds it, where the server's was read too: its packets and times.

    The file that a figure names: what it does not hold is not pointed at, and what was sent again is so from the first
    copy in it.
    """
    there = connection.other_end
    near: Side = "server" if there is not None and there.reversed else "client"
    held = sorted((s for s in connection.segments if s.seen in (None, "both", near)), key=lambda s: s.frame)
    if there is None or not held:
        return connection
    frames = {s.frame for s in held}
    first: dict[int, int] = {}  # of what was sent again, the first copy held
    for s in held:
        if s.retransmission_of is not None:
            again = s.retransmission_of
            first.setdefault(again, again if again in frames else s.frame)
    own = (
        replace(
            s, ts_ns=s.at(near), sent_ns=None, arrived_ns=None, seen=None,
            deliveries=1 if s.side == near else s.deliveries,
            retransmission_of=None if s.retransmission_of is None else first[s.retransmission_of],
        )
        for s in held
    )  # fmt: skip
    return replace(connection, segments=tuple(own), other_end=None)


@dataclass(frozen=True)
class Numbers:
    """Sequence numbers relative to where each side's begin."""

    client: int
    server: int

    def seq(self, segment: Segment) -> int:
        """The segment's first number, modulo 2**32; the seq 0 of a RST that refuses a SYN has no such beginning."""
        if segment.seq == 0 and segment.flags & RST:
            return 0
        return (segment.seq - (self.client if segment.side == "client" else self.server)) % 2**32

    def ack(self, segment: Segment) -> int:
        """What it acknowledges of the other side's, modulo 2**32."""
        return (segment.ack - (self.server if segment.side == "client" else self.client)) % 2**32


def known_isn(connection: Connection, index: int) -> int | None:
    """The client's or the server's ISN; None: its SYN is not in the capture, or is a forged one with another number."""
    first = next((s for s in connection.segments if s.flags & SYN and s.side == ("client", "server")[index]), None)
    isn = connection.isn[index]
    return None if first is not None and first.fate == "unsent" and first.seq == isn else isn


def numbers(connection: Connection) -> Numbers:
    """Where each side's numbers begin: its ISN, else what its first segment in the capture says."""
    segments = [segment for segment in connection.segments if segment.duplicate_of is None]
    bases: list[int] = []
    for index, side in enumerate(("client", "server")):
        isn = known_isn(connection, index)
        if isn is None:
            named = [s for s in segments if s.side == side]
            own_first = (s for s in named if s.fate != "unsent")
            first = next(own_first, next((s for s in named if s.payload), None))
            # Data starts at 1; a SYN, and the seq 0 of a RST that answers a SYN, stay 0.
            own = None if first is None else first.seq - (not first.flags & SYN and first.seq != 0)
            acked = next((s.ack - 1 for s in segments if s.side != side and s.flags & ACK), 0)
            isn = acked if own is None else own
        bases.append(isn)
    return Numbers(bases[0], bases[1])


def numbers_from(connection: Connection, lang: str) -> str:
    """The sentence of where relative numbers count from."""
    client, server = known_isn(connection, 0), known_isn(connection, 1)
    if client is not None and server is not None:
        return words.say("numbers-jk", lang, j=client, k=server)
    if client is not None:
        return words.say("numbers-j", lang, j=client)
    base = numbers(connection)
    spoke: set[Side] = {s.side for s in connection.segments if s.seq or not s.flags & RST}  # 0: a RST refuses
    if server is None and len(spoke) == 1:
        side = next(iter(spoke))
        return words.say("numbers-one", lang, side=side, base=base.client if side == "client" else base.server)
    return words.say("numbers-none" if server is None else "numbers-k", lang, j=base.client, k=base.server)
