"""Each end's way through the TCP states of a told connection: where it begins, what moved it, where it is at last.

The packets tell it, each end's by its own capture where both were made; what no packet tells, that a kernel gave up or
that a listener goes on, a recording's kernels and calls do.
"""

from __future__ import annotations

from collections.abc import Sequence

from .story import ACK, RST, SIDES, SYN, Connection, Finding, Recorded, Segment, Side

#: Linux goes through these in passing, and says so when the packet's own state stands already.
TOO_LATE = {
    ("TIME_WAIT", "FIN_WAIT_2"), ("ESTABLISHED", "SYN_RCVD"), ("CLOSE_WAIT", "SYN_RCVD"), ("LAST_ACK", "SYN_RCVD"),
}  # fmt: skip


class Ways:
    """Both ends' states. `made`: what is known of the recording; `segments`: its packets, each once."""

    def __init__(self, connection: Connection, made: Recorded | None, segments: Sequence[Segment]) -> None:
        self.connection = connection
        self.segments = segments
        #: Ends of a recording whose kernel and programs never spoke of this connection: there was none.
        self.silent = self._silent(made)
        self.listens = any(call.call == "listen" and call.result == 0 for call in connection.calls)
        #: Both ends' states before the first packet; where these endpoints were in TIME_WAIT, that.
        self.first = self._first()
        #: Which packet brought which end into which state, each in the order of its own times.
        self.moved = self._moved()

    def _silent(self, made: Recorded | None) -> set[Side]:
        connection = self.connection
        if made is None or "tracefs" not in made.sources or not connection.cut_start:
            return set()
        spoke: set[Side] = {call.side for call in connection.calls}
        spoke |= {event.side for event in connection.kernel if event.kind == "state"}
        return {side for side in SIDES if side not in spoke}

    def _first(self) -> tuple[str, str]:
        client, server = self._own_first()
        if self.connection.replaces is not None:
            return ("TIME_WAIT", server) if self.connection.replaces[1] == "client" else (client, "TIME_WAIT")
        return client, server

    def _own_first(self) -> tuple[str, str]:
        if not self.segments:
            return self.connection.client_state, self.connection.server_state
        first = self.segments[0]
        opening = first.flags & (SYN | ACK | RST) == SYN and first.side == "client" and first.fate != "unsent"
        if first.flags & SYN and first.fate == "unsent":
            return "ESTABLISHED", "ESTABLISHED"  # a forged one, in mid-connection
        if not opening or self.connection.cut_start:
            return (
                self._silent_state("client") if "client" in self.silent else first.client_state,
                self._silent_state("server") if "server" in self.silent else first.server_state,
            )
        if self.connection.ending == "refused":
            answered = any(s.side == "server" and s.flags & (SYN | ACK) == SYN | ACK for s in self.segments)
            return "CLOSED", "LISTEN" if self.listens or answered else "CLOSED"
        if self.connection.ending == "unanswered" or first.server_state == "UNKNOWN":
            return "CLOSED", "LISTEN" if self.listens else "UNKNOWN"
        second = self.segments[1] if len(self.segments) > 1 else first
        if second.side != first.side and second.flags & (SYN | ACK | RST) == SYN:
            return "CLOSED", "CLOSED"  # both open
        return "CLOSED", "LISTEN"

    def _silent_state(self, side: Side) -> str:
        """CLOSED where the kernel has said that it had no socket, or where a recorded world had none at either end."""
        none = any(r.sender == side and r.kernel_reason == "NO_SOCKET" for r in self.connection.resets)
        never = len(self.silent) == len(SIDES) and bool(self.connection.steps)
        return "CLOSED" if none or never else "UNKNOWN"

    def settled(self, before: str, after: str) -> str:
        """Where an end really comes to: LISTEN, for a passive opener whose handshake fails (RFC 9293, 3.10.7.4).

        Its listener goes on. What the packets tell, and Linux of such a request, is only that the connection is gone.
        """
        passive = self.first[1] == "LISTEN"
        return "LISTEN" if passive and before in ("SYN_RCVD", "LISTEN") and after == "CLOSED" else after

    def _moved(self) -> dict[tuple[int, Side], str]:
        moved: dict[tuple[int, Side], str] = {}
        now: dict[Side, str] = dict(zip(SIDES, self.first, strict=True))
        for side in SIDES:
            had = [s for s in self.segments if s.seen in (None, "both", side)]
            for segment in sorted(had, key=lambda s: s.at(side)) if side not in self.silent else ():
                name = segment.client_state if side == "client" else segment.server_state
                if self.connection.ending == "refused" and name == "CLOSED" and now[side] == "LISTEN":
                    continue  # refused by another, or before its listener: that goes on
                if name == "UNKNOWN" and now[side] == "LISTEN":
                    continue  # nothing was heard that would have moved it
                if name == "SYN_RCVD" and now[side] == "ESTABLISHED":
                    continue  # a forged SYN opens nothing
                if name == "ESTABLISHED" and now[side] == "SYN_RCVD" and self._never_opened(side):
                    continue  # no room in the accept queue
                name = self.settled(now[side], name)
                if name != now[side]:
                    now[side] = moved[segment.frame, side] = name
        return moved

    def _never_opened(self, side: Side) -> bool:
        """Whether an end's kernel was listened to, and told of a RST but of no state of a socket."""
        own = [event for event in self.connection.kernel if event.side == side]
        return bool(own) and not any(event.kind == "state" for event in own)

    def last(self, found: Finding | None) -> tuple[str, str]:
        """Both ends' states at the end of the recording; `found`: what is proved of the ending."""
        return self._last("client", found), self._last("server", found)

    def _last(self, side: Side, found: Finding | None) -> str:
        key = "" if found is None else found.key
        if key.startswith("time-wait-kept") and found is not None and found.values["peer"] == side:
            return "TIME_WAIT"  # it ignored the RST
        by_frame = {segment.frame: segment for segment in self.segments}
        steps = [(by_frame[frame].at(side), name, False) for (frame, end), name in self.moved.items() if end == side]
        steps += [
            (event.t_ns, event.state, True)
            for event in self.connection.kernel
            if event.kind == "state" and event.side == side and event.frame is None and not event.handed_over
            and event.state is not None and event.state != "SYN_SENT"  # that is the socket's next connection
            and event.t_ns > self.connection.first_ns
        ]  # fmt: skip
        now = self.first[SIDES.index(side)]
        for _, name, traced in sorted(steps, key=lambda step: step[0]):
            if not (traced and (now, name) in TOO_LATE):
                now = name
        return now
