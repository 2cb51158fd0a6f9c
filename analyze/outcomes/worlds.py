"""What the packets of a connection let happen to the socket of each end: worlds, each a row of the automaton's events.

The first world is the likeliest, the others cannot be excluded. An end whose application makes no more calls has no
world, and a reason. Everything here is made from the engine's records: no packet is looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..story import Connection, Reset, Side

World = tuple[str, ...]

CLOSED_IT = "its application has closed the socket"
ABORTED = "its application has closed the socket, unless that was taken from it (ss -K) or disconnected (AF_UNSPEC)"
NO_SOCKET = "its kernel has no such connection, so no application has"
REFUSED = "nobody listened there, or something on the path refused in its name"
NOT_ACCEPTED = "the handshake was not completed: its application never had the connection"
GAVE_UP = "its kernel waits for no answer: nobody asked it to connect, or has given up"
LET_GO = "its kernel has let go of the connection: if after retransmissions without an answer, this is next"
NOT_SEEN = "the capture does not show its state"
NOT_HEARD = "nothing was heard from it"
MAYBE_CLOSED = "if its FIN was a shutdown: after close() there is no next call"

#: What has happened to a socket in each state, whoever's it is; the client's opening is put before.
SINCE: dict[str, World] = {
    "SYN_SENT": ("syn_sent",),
    "SYN_RCVD": ("syn_sent",),
    "ESTABLISHED": ("established", "accepted"),
    "CLOSE_WAIT": ("established", "accepted", "fin"),
    "FIN_WAIT_1": ("established", "accepted", "fin_sent"),
    "FIN_WAIT_2": ("established", "accepted", "fin_sent", "fin_acknowledged"),
    "CLOSING": ("established", "accepted", "fin_sent", "fin"),
    "LAST_ACK": ("established", "accepted", "fin", "fin_sent"),
    "TIME_WAIT": ("established", "accepted", "fin_sent", "fin_acknowledged", "fin"),
    "CLOSED": ("established", "accepted", "fin", "fin_sent", "fin_acknowledged"),
}
RETRIED = 2  # transmissions without an answer after which a limit may have been reached
LONGEST_RTO_NS = 120_000_000_000  # TCP_RTO_MAX
MARGIN_NS = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Left:
    """What the engine knows of one end beyond the story.

    `tries`: transmissions without an answer; `idle`: with nothing unacknowledged, so they are probes. `waited_ns`: from
    the last answer to its last packet, `silent_ns`: from there to the end of the capture. `shut_out`: the other end's
    window is closed. `unreachable`: the errnos that ICMP errors have left since the last answer, the newest first.
    """

    tries: int = 0
    idle: bool = False
    waited_ns: int = 0
    silent_ns: int = 0
    shut_out: bool = False
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One end as the packets show it."""

    worlds: tuple[World, ...]  # none: there is no next call
    why: str | None = None


def seen(c: Connection, side: Side, left: Left) -> Seen:
    """The worlds of one end."""
    state = c.client_state if side == "client" else c.server_state
    heard = c.packets.client if side == "client" else c.packets.server
    if not heard and not any(r.sender != side and r.accepted for r in c.resets):
        return Seen((), NOT_HEARD)
    ended, unsure = _ended(c, side, state)
    if ended is not None and ended.sender == side:
        return _by_itself(c, ended, left)
    before = ended.receiver_state if ended is not None else state
    if ended is None and unsure is not None and state == "CLOSED":
        before = unsure.receiver_state
    if before in ("SYN_RCVD", "LISTEN") and side == "server":
        return Seen((), NOT_ACCEPTED)
    if before not in SINCE:
        return Seen((), NOT_SEEN)
    since = SINCE[before]
    why = MAYBE_CLOSED if "fin_sent" in since else None
    reset = (*since, "rst")
    if ended is not None:
        return Seen((reset,), why)
    if unsure is not None:
        return Seen((reset, since) if c.ending in ("reset", "refused") else (since, reset), why)
    return Seen(_unanswered(c, side, since, left), why)


def _ended(c: Connection, side: Side, state: str) -> tuple[Reset | None, Reset | None]:
    """The RST that ended this end's socket, its own or the other's; and one of which nobody knows whether it did.

    One that came to a living socket after "its own" shows that the first was sent by another in its name.
    """
    own = unsure = None
    for reset in c.resets:
        if reset.sender != side:
            if reset.accepted and reset.receiver_state not in ("CLOSED", "LISTEN", "TIME_WAIT"):
                return reset, None
            if reset.accepted is None or _old(c, reset):
                unsure = unsure or reset
        elif reset.forged or own is not None:
            continue
        else:
            lived = reset.sender_state not in ("CLOSED", "TIME_WAIT")
            if (state in ("CLOSED", "UNKNOWN") and lived) or (c.syn.client and reset.shape == "syn-reply"):
                own = reset
    return own, (unsure if own is None else None)


def _old(c: Connection, reset: Reset) -> bool:
    """The last packet, and too old by the packets seen: right, if those before it never came to its receiver's TCP."""
    behind = reset.distance is not None and reset.distance < 0
    return behind and reset.accepted is False and reset.frame == c.last_frame and reset.shape == "reply"


def _by_itself(c: Connection, reset: Reset, left: Left) -> Seen:
    """An end that has sent a RST of its own."""
    if reset.shape == "syn-reply":
        return Seen((), REFUSED)
    if reset.sender == "server" and reset.sender_state in ("SYN_RCVD", "LISTEN"):
        return Seen((), NOT_ACCEPTED)
    if reset.sender_state == "SYN_SENT":
        return Seen((), GAVE_UP)
    if reset.shape == "active":
        if left.tries and left.idle and reset.sender_state in ("ESTABLISHED", "CLOSE_WAIT"):
            return Seen(((*SINCE[reset.sender_state], "timeout"),))  # TCP_KEEPALIVE_TIMEOUT
        return Seen((), CLOSED_IT if reset.sender_state not in ("ESTABLISHED", "CLOSE_WAIT") else ABORTED)
    if reset.sender_state in ("FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK"):
        return Seen((), CLOSED_IT)
    if reset.sender_state == "CLOSE_WAIT" and reset.answers_frame is not None:
        return Seen(
            ((*SINCE["CLOSE_WAIT"], "data"),)
        )  # data after its FIN: TCP_ABORT_ON_DATA, in a socket that is open
    if c.cut_start and reset.sender_state == "UNKNOWN":
        return Seen((), NOT_SEEN)
    if reset.sender_state in SINCE and getattr(c.retransmissions, reset.sender):
        return Seen(((*SINCE[reset.sender_state], "timeout"),), LET_GO)
    return Seen((), NO_SOCKET)


def _unanswered(c: Connection, side: Side, since: World, left: Left) -> tuple[World, ...]:
    """No RST came: whether a timer has given up leaves no packet."""
    kept = (*since, *(f"unreachable {errno}" for errno in left.unreachable[:1]))
    worlds: list[World] = [kept]
    if since == SINCE["SYN_SENT"]:
        silence = c.packets.server == 0 if side == "client" else False
        if left.unreachable:
            return (*((*since, f"unreachable {errno}") for errno in left.unreachable), since)
        if silence or left.tries >= RETRIED:
            worlds.append((*since, "timeout"))
    elif left.tries >= RETRIED and "fin_acknowledged" not in since:
        worlds.append((*kept, "timeout"))
    if len(worlds) > 1 and gave_up(left):
        worlds = [*worlds[1:], worlds[0]]
    if left.shut_out:  # TCP_USER_TIMEOUT runs there, too
        worlds += [(*since, "fill"), (*since, "timeout")]
    if kept != since:  # an error that was not believed
        worlds += [tuple(event for event in world if event not in kept[len(since) :]) for world in worlds]
    return tuple(worlds)


def gave_up(left: Left) -> bool:
    """Whether the silence is longer than any wait for the next retransmission: each is twice the one before."""
    return left.silent_ns > min(left.waited_ns + left.waited_ns // 2, LONGEST_RTO_NS) + MARGIN_NS


def both(c: Connection, left: Sequence[Left]) -> tuple[Seen, Seen]:
    """The client's and the server's."""
    client, server = seen(c, "client", left[0]), seen(c, "server", left[1])
    return (by_calls(c, "client", client), by_calls(c, "server", server)) if c.calls else (client, server)


def by_calls(c: Connection, side: Side, one: Seen) -> Seen:
    """The same where the program's calls are known: whether it had closed the socket when the last packet came."""
    calls = [call for call in c.calls if call.side == side and not call.on_listener]
    users = {(call.process, call.pid) for call in calls if call.call not in ("accept", "accept4")}
    gone = {(end.process, end.pid) for end in c.exits if end.side == side and end.t_ns <= c.last_ns}
    gone |= {(call.process, call.pid) for call in calls if call.call == "close" and call.t_ns <= c.last_ns}
    if not calls or one.why in (NO_SOCKET, NOT_ACCEPTED, REFUSED):
        return one
    if users and users <= gone:
        return Seen((), CLOSED_IT)
    if one.worlds:
        return Seen(one.worlds, one.why if one.why == LET_GO else None)
    before = "CLOSE_WAIT" if (c.fin.server if side == "client" else c.fin.client) else "ESTABLISHED"
    if one.why == ABORTED:
        unspec = any(call.call == "connect" and "AF_UNSPEC" in call.text for call in calls)
        return Seen(((*SINCE[before], "disconnected" if unspec else "destroyed"),))
    if one.why == CLOSED_IT:  # shutdown(RDWR), and data came: TCP_ABORT_ON_DATA
        return Seen(((*SINCE["FIN_WAIT_1"], "rst"),))
    return one
