"""Later packets show that an earlier one never arrived: states of a told connection, corrected.

The tracker sees each packet once, and takes it for received. What its receiver does afterwards may deny that: who sends
a FIN from FIN_WAIT_1 had not received the other's, who sends its FIN again had not received the ACK of it, and who goes
on talking had not been closed by a RST.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .story import ACK, FIN, SIDES, SYN, Segment, Side

#: Steps that a segment cannot have caused which is answered with a bare RST.
NOT_ENTERED = {("SYN_SENT", "ESTABLISHED"), ("SYN_RCVD", "ESTABLISHED"), ("ESTABLISHED", "CLOSE_WAIT")}
#: States in which a FIN is sent again, and where its ACK leads.
ACKNOWLEDGED = {"FIN_WAIT_1": "FIN_WAIT_2", "CLOSING": "TIME_WAIT", "LAST_ACK": "CLOSED"}


def corrected(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The packets with the states that their ends were in, by all that they sent later."""
    done = unreceived_fins(segments)
    for side in SIDES:
        done = unreceived_acks(done, side)
        done = unreceived_resets(done, side)
        done = unknown_connections(done, side)
    return tuple(done)


def _with(segment: Segment, side: Side, state: str) -> Segment:
    return replace(segment, client_state=state) if side == "client" else replace(segment, server_state=state)


def _state(segment: Segment, side: Side) -> str:
    return segment.client_state if side == "client" else segment.server_state


def unreceived_fins(segments: Sequence[Segment]) -> list[Segment]:
    """An end that sends a FIN from FIN_WAIT_1 had not received the other's: it was in ESTABLISHED until then.

    The tracker sees only by that FIN's ack number that the other's FIN was lost behind the capture.
    """
    done = list(segments)
    for side in SIDES:
        later = False
        for at in range(len(done) - 1, -1, -1):
            state = _state(done[at], side)
            if state != "CLOSE_WAIT":
                later = state == "FIN_WAIT_1"
            elif later:
                done[at] = _with(done[at], side, "ESTABLISHED")
    return done


def unreceived_acks(segments: Sequence[Segment], side: Side) -> list[Segment]:
    """An end that sends its FIN again still waited for the ACK: until the other end answers the last copy."""
    done = list(segments)
    again = [at for at, s in enumerate(done) if s.side == side and s.flags & FIN and s.retransmission_of is not None]
    if not again:
        return done
    answer = next((at for at in range(again[-1], len(done)) if done[at].side != side), len(done))
    waited: str | None = None
    for at in range(answer):
        state = _state(done[at], side)
        if waited is not None and state == ACKNOWLEDGED[waited]:
            done[at] = _with(done[at], side, waited)
        else:
            waited = state if state in ACKNOWLEDGED else None
    return done


def unreceived_resets(segments: Sequence[Segment], side: Side) -> list[Segment]:
    """An end that goes on where it was had not been closed by a RST between: that was lost, or came from elsewhere."""
    done = list(segments)
    before = kept = ""
    since = 0
    for at, segment in enumerate(segments):
        state = _state(segment, side)
        if state == "CLOSED" and before != "CLOSED":
            kept, since = before, at
        elif before == "CLOSED" and state == kept and not segment.flags & SYN:
            done[since:at] = [_with(one, side, kept) for one in done[since:at]]
        before = state
    return done


def unknown_connections(segments: Sequence[Segment], side: Side) -> list[Segment]:
    """An end that answers a segment with a bare RST had not taken it up: it entered no state when that came.

    A FIN it answers so where it knew no connection, a SYN-ACK where its program had given up, the ACK of a handshake
    where its listener had no room.
    """
    done = list(segments)
    places = {segment.frame: at for at, segment in enumerate(segments)}
    for at, segment in enumerate(segments):
        reset = segment.reset
        if reset is None or reset.sender != side or reset.shape != "reply" or segment.flags & ACK or reset.signs:
            continue
        answered = places.get(reset.answers_frame or -1, at)
        before = _state(done[answered - 1], side) if 0 < answered < at else ""
        entered = _state(done[answered], side)  # of many RSTs that answer it, the first has told
        if (before, entered) in NOT_ENTERED:
            kept = "CLOSED" if entered == "CLOSE_WAIT" else before
            done[answered:at] = [_with(one, side, kept) for one in done[answered:at]]
    return done
