"""What the figures of a connection share: its file's name, where its numbers begin, the RST that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..analyze.numbers import known_isn, numbers
from ..analyze.story import RST, Capture, Connection, Side
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
        own, peer = (base.client, "server") if side == "client" else (base.server, "client")
        return words.say("numbers-one", lang, side=side, peer=peer, base=own)
    return words.say("numbers-none" if server is None else "numbers-k", lang, j=base.client, k=base.server)
