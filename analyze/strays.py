"""Segments in an end's name that its TCP never sent, in one capture: by its own rules, and by its program's calls.

A recording says so itself where a program made one up, for a connection that neither that kernel nor a program of its
had. Where both SYNs have agreed on timestamps, every segment but a RST carries one (RFC 7323, 3.2); and a kernel sends
no byte that its program has not written. Data that breaks both was made by somebody else, on the same host for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .outcomes.calls import WRITES
from .story import RST, SYN, Connection, Segment, Side

M32 = 0xFFFFFFFF
MADE = re.compile(r"an?(?:other)? program on the (client|server) sends a segment of its own making")


def marked(segments: Sequence[Segment], connection: Connection) -> tuple[Segment, ...]:
    """The packets of a joined connection, those that the end in whose name they came never sent as "unsent"."""
    if connection.other_end is not None:  # the capture at their sender's end knows
        return tuple(segments)
    made = _made_up(connection)
    if made and not any(s.flags & SYN for s in segments):
        return tuple(replace(s, fate="unsent") if s.side in made and not s.flags & RST else s for s in segments)
    isn: dict[Side, int | None] = {"client": connection.isn[0], "server": connection.isn[1]}
    stamped = {s.side for s in segments if s.flags & SYN and s.options.tsval is not None}
    return tuple(
        replace(s, fate="unsent") if stamped == set(isn) and _is_stray(s, isn[s.side], connection) else s
        for s in segments
    )


def _made_up(connection: Connection) -> set[str]:
    """The ends at which a program made segments up, by the recording's steps, and that nothing else tells of."""
    found = {match[1] for step in connection.steps if (match := MADE.fullmatch(step.text))}
    spoke = {call.side for call in connection.calls} | {event.side for event in connection.kernel}
    return found - spoke


def _is_stray(segment: Segment, isn: int | None, connection: Connection) -> bool:
    whole = len(segment.header) > 12 and len(segment.header) >= (segment.header[12] >> 4) * 4
    if isn is None or not whole or not segment.payload or segment.flags & (SYN | RST):
        return False
    if segment.options.tsval is not None:
        return False
    written = _written(connection, segment)
    return written is not None and (segment.seq + segment.payload - isn - 1) & M32 > written


def _written(connection: Connection, segment: Segment) -> int | None:
    """Bytes that the program had written when the segment was captured; None: its calls do not tell."""
    own = [call for call in connection.calls if call.side == segment.side and not call.on_listener]
    writes = [call for call in own if call.call in WRITES and call.t_ns <= segment.ts_ns]
    begun = any(call.call.startswith(("connect", "accept")) for call in own)
    if not begun or any(call.until_ns is None for call in writes):
        return None
    return sum(call.result or 0 for call in writes if call.errno is None)
