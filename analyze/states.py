"""The TCP state table: (state, event) -> state, one for both ends (RFC 9293 3.3.2 and 3.10).

The engine walks it for every packet, the teaching diagram is drawn from it, and a test reads every
entry. An observer on the wire also meets connections whose beginning was not captured: `UNKNOWN` has
entries of its own, which say what a segment proves about the end that sent it.

A pair that is not in the table leaves the state as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

STATES = (
    "CLOSED",
    "LISTEN",
    "SYN_SENT",
    "SYN_RCVD",
    "ESTABLISHED",
    "FIN_WAIT_1",
    "FIN_WAIT_2",
    "CLOSE_WAIT",
    "CLOSING",
    "LAST_ACK",
    "TIME_WAIT",
    "UNKNOWN",
)
(
    CLOSED,
    LISTEN,
    SYN_SENT,
    SYN_RCVD,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT,
    UNKNOWN,
) = range(12)

EVENTS = (
    "send SYN",
    "send SYN-ACK",
    "send ACK",
    "send FIN",
    "send RST",
    "receive SYN",
    "receive SYN-ACK",
    "receive ACK of SYN",
    "receive FIN",
    "receive ACK of FIN",
    "receive RST",
)
(
    SEND_SYN,
    SEND_SYN_ACK,
    SEND_ACK,
    SEND_FIN,
    SEND_RST,
    RECEIVE_SYN,
    RECEIVE_SYN_ACK,
    RECEIVE_ACK_OF_SYN,
    RECEIVE_FIN,
    RECEIVE_ACK_OF_FIN,
    RECEIVE_RST,
) = range(11)

#: What RFC 9293 has a segment do.
PROTOCOL: dict[tuple[int, int], int] = {
    # Opening (RFC 9293 3.5).
    (CLOSED, SEND_SYN): SYN_SENT,
    (LISTEN, SEND_SYN): SYN_SENT,
    (LISTEN, RECEIVE_SYN): SYN_RCVD,
    (SYN_SENT, RECEIVE_SYN): SYN_RCVD,  # simultaneous open
    (SYN_SENT, RECEIVE_SYN_ACK): ESTABLISHED,
    (SYN_RCVD, RECEIVE_ACK_OF_SYN): ESTABLISHED,
    # Closing (RFC 9293 3.6).
    (SYN_RCVD, SEND_FIN): FIN_WAIT_1,
    (ESTABLISHED, SEND_FIN): FIN_WAIT_1,
    (ESTABLISHED, RECEIVE_FIN): CLOSE_WAIT,
    (SYN_RCVD, RECEIVE_FIN): CLOSE_WAIT,
    (CLOSE_WAIT, SEND_FIN): LAST_ACK,
    (FIN_WAIT_1, RECEIVE_ACK_OF_FIN): FIN_WAIT_2,
    (FIN_WAIT_1, RECEIVE_FIN): CLOSING,
    (FIN_WAIT_2, RECEIVE_FIN): TIME_WAIT,
    (CLOSING, RECEIVE_ACK_OF_FIN): TIME_WAIT,
    (LAST_ACK, RECEIVE_ACK_OF_FIN): CLOSED,
}
#: Seen without its cause: the packet that led here was not captured, or comes later in the file.
OBSERVED: dict[tuple[int, int], int] = {
    (CLOSED, SEND_SYN_ACK): SYN_RCVD,
    (LISTEN, SEND_SYN_ACK): SYN_RCVD,
    (SYN_SENT, SEND_SYN_ACK): SYN_RCVD,
    (SYN_SENT, SEND_ACK): ESTABLISHED,
    (SYN_SENT, SEND_FIN): FIN_WAIT_1,
    (UNKNOWN, SEND_SYN): SYN_SENT,
    (UNKNOWN, SEND_SYN_ACK): SYN_RCVD,
    (UNKNOWN, SEND_ACK): ESTABLISHED,
    (UNKNOWN, SEND_FIN): FIN_WAIT_1,
    (UNKNOWN, RECEIVE_SYN_ACK): ESTABLISHED,
    (UNKNOWN, RECEIVE_FIN): CLOSE_WAIT,
}
TABLE: dict[tuple[int, int], int] = PROTOCOL | OBSERVED
# RST ends any state at the end that accepts it, and at the end that sends it (RFC 9293 3.10.7). Whether
# a RST is accepted, and whether its sender had a connection to lose, is decided in `track`.
for _state in range(len(STATES)):
    TABLE[_state, SEND_RST] = CLOSED
    if _state != LISTEN:  # which ignores it (RFC 9293 3.10.7.2)
        TABLE[_state, RECEIVE_RST] = CLOSED

#: A row of the flat table is 16 entries wide.
WIDTH = 16

#: The table for the engine: FLAT[state * WIDTH + event] is the next state; one byte each.
FLAT = bytes(
    TABLE.get((state, event), state) if event < len(EVENTS) else state
    for state in range(len(STATES))
    for event in range(WIDTH)
)

#: What no packet shows: calls of the program, and time. The engine cannot know of it; the diagram has it.
UNSEEN: dict[tuple[int, str], int] = {
    (CLOSED, "passive OPEN"): LISTEN,
    (LISTEN, "CLOSE"): CLOSED,
    (SYN_SENT, "CLOSE"): CLOSED,
    (TIME_WAIT, "timeout 2 MSL"): CLOSED,
}

#: An event of the table as RFC 9293 figure 5 writes it, and what the end does beside: its action.
_WRITTEN: dict[int, tuple[str, str]] = {
    SEND_SYN: ("active OPEN", "snd SYN"),
    SEND_FIN: ("CLOSE", "snd FIN"),
    RECEIVE_SYN: ("rcv SYN", "snd SYN,ACK"),
    RECEIVE_SYN_ACK: ("rcv SYN,ACK", "snd ACK"),
    RECEIVE_ACK_OF_SYN: ("rcv ACK of SYN", ""),
    RECEIVE_FIN: ("rcv FIN", "snd ACK"),
    RECEIVE_ACK_OF_FIN: ("rcv ACK of FIN", ""),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One edge of the state diagram, with event and action in the spelling of RFC 9293 figure 5."""

    before: str
    after: str
    event: str
    action: str = ""  # "": none


def diagram() -> tuple[Transition, ...]:
    """The state diagram of RFC 9293 figure 5, made from the table; of RST, which leads from everywhere, one edge.

    That is the figure's, too: a passive opener goes back from SYN_RCVD to LISTEN (its note 1, 3.10.7.4).
    The figure omits FIN_WAIT_1 to TIME_WAIT (its note 2): one segment brings both the FIN and the ACK of the own FIN.
    It also omits SYN_RCVD to CLOSE_WAIT, which is in the text (3.10.7.4, "eighth, check the FIN bit").
    """
    edges: list[Transition] = []
    for (state, call), after in UNSEEN.items():
        edges.append(Transition(STATES[state], STATES[after], call, "delete TCB" if after == CLOSED else "create TCB"))
    for (state, event), after in PROTOCOL.items():
        written, action = ("SEND", "snd SYN") if (state, event) == (LISTEN, SEND_SYN) else _WRITTEN[event]
        edges.append(Transition(STATES[state], STATES[after], written, action))
    both = PROTOCOL[PROTOCOL[FIN_WAIT_1, RECEIVE_ACK_OF_FIN], RECEIVE_FIN]
    edges.append(Transition(STATES[FIN_WAIT_1], STATES[both], "rcv FIN, ACK of FIN", "snd ACK"))
    edges.append(Transition(STATES[SYN_RCVD], STATES[LISTEN], "rcv RST"))
    return tuple(edges)
