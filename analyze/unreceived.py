"""Later packets show that an earlier one never arrived: states of a told connection, corrected.

The tracker sees each packet once, and takes it for received. What its receiver does afterwards may deny that: who sends
a FIN from FIN_WAIT_1 had not received the other's, who sends its FIN again had not received the ACK of it, and who goes
on talking had not been closed by a RST.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .story import ACK, FIN, RST, SIDES, SYN, Segment, Side
from .vocabulary import WHY_CROSSED, WHYS

#: Steps that a segment cannot have caused which is answered with a bare RST, and where its receiver was instead.
INSTEAD = {
    ("SYN_SENT", "ESTABLISHED"): "SYN_SENT",
    ("SYN_RCVD", "ESTABLISHED"): "SYN_RCVD",
    ("ESTABLISHED", "CLOSE_WAIT"): "CLOSED",
    ("ESTABLISHED", "ESTABLISHED"): "CLOSED",
}
#: What became of a handshake that an end refuses to go on with.
GIVEN_UP = {("SYN_SENT", "SYN_SENT"): "CLOSED", ("SYN_RCVD", "SYN_RCVD"): "CLOSED"}
CROSSED = WHYS[WHY_CROSSED]
TRIES = 2  # copies without an answer, after which nothing that came is taken for received (rules/accept_queue_full.py)
#: States in which a FIN is sent again, and where its ACK leads.
ACKNOWLEDGED = {"FIN_WAIT_1": "FIN_WAIT_2", "CLOSING": "TIME_WAIT", "LAST_ACK": "CLOSED"}


def corrected(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The packets with the states that their ends were in, by all that they sent later."""
    done = never_opened(unreceived_fins(segments))
    for side in SIDES:
        done = unsent_fins(done, side)
        done = unreceived_acks(done, side)
        done = unreceived_resets(done, side)
        done = crossed_resets(done, side)
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
        elif before == "CLOSED" and state == kept and segment.flags & (SYN | ACK) != SYN:
            done[since:at] = [_with(one, side, kept) for one in done[since:at]]
        before = state
    return done


def never_opened(segments: Sequence[Segment]) -> list[Segment]:
    """A server that has said nothing but SYN-ACK, whatever was sent to it again and again, stayed in SYN_RCVD.

    Its accept queue had no room, or nothing had reached it: neither opens a connection (Linux: tcp_check_req).
    """
    done = list(segments)
    own = [s for s in done if s.side == "server" and s.duplicate_of is None]
    again = [s for s in done if s.side == "client" and s.payload and s.retransmission_of is not None]
    if len(again) < TRIES or not any(s.flags & SYN for s in own) or not all(s.flags & (SYN | RST) for s in own):
        return done
    opened = {"ESTABLISHED", "CLOSE_WAIT"}
    before = ""
    for at, segment in enumerate(done):
        if before == "SYN_RCVD" and segment.server_state in opened:
            done[at] = _with(segment, "server", before)
        before = done[at].server_state
    return done


def denied_fins(segments: Sequence[Segment]) -> set[int]:
    """FINs, by frame, in the name of an end that went on to send data in the FIN's own place.

    Nothing follows an end's own FIN (RFC 9293, 3.10.4): who sends there had sent none.
    """
    found: set[int] = set()
    sent: dict[Side, Segment] = {}
    for segment in segments:
        fin = sent.get(segment.side)
        if segment.flags & RST:
            continue
        if segment.flags & FIN:
            sent.setdefault(segment.side, segment)
        elif fin is not None and segment.payload:
            place = (fin.seq + fin.payload) % 2**32
            if 0 < (segment.seq + segment.payload - place) % 2**32 < 2**31:
                found.add(fin.frame)
    return found


def unsent_fins(segments: Sequence[Segment], side: Side) -> list[Segment]:
    """An end in whose name a FIN came that it had never sent goes on in the state in which it was."""
    done = list(segments)
    denied = denied_fins(segments)
    since = next((at for at, s in enumerate(done) if s.side == side and s.frame in denied), 0)
    before = _state(done[since - 1], side) if since else "CLOSED"
    for at in range(since, len(done)):
        if before == "CLOSED" or _state(done[at], side) == "CLOSED":
            break
        done[at] = _with(done[at], side, before)
    return done


def crossed_resets(segments: Sequence[Segment], side: Side) -> list[Segment]:
    """An end whose own RST crossed the other's was where it had been until it sent its own."""
    done = list(segments)
    for at, segment in enumerate(segments):
        reset = segment.reset
        if reset is None or reset.sender == side or reset.why_not_accepted != CROSSED or not at:
            continue
        own = (n for n in range(at + 1, len(done)) if done[n].side == side and done[n].flags & RST)
        before = _state(done[at - 1], side)
        for n in range(at, next(own, at)):
            done[n] = _with(done[n], side, before)
    return done


def without_kernels(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same of one capture alone, where no kernel says when an end gave up a handshake: before it refused a segment.

    Who waits for a SYN-ACK takes it, and who has a request for the handshake's end drops what comes once and again.
    """
    done = list(segments)
    for side in SIDES:
        done = unknown_connections(done, side, GIVEN_UP)
    return tuple(done)


def unknown_connections(
    segments: Sequence[Segment], side: Side, instead: Mapping[tuple[str, str], str] = INSTEAD
) -> list[Segment]:
    """An end that answers a segment with a bare RST had not taken it up: it entered no state when that came.

    Data or a FIN it answers so where it knew no connection, a SYN-ACK where its program had given up, the ACK of a
    handshake where its listener had no room. Since when it knew none, no packet tells.
    """
    done = list(segments)
    places = {segment.frame: at for at, segment in enumerate(segments)}
    spoke = 0  # where it sent something else last: what came later had not come yet
    for at, segment in enumerate(segments):
        reset = segment.reset
        if segment.side == side and (reset is None or reset.shape != "reply"):
            spoke = at
        if reset is None or reset.sender != side or reset.shape != "reply" or segment.flags & ACK or reset.signs:
            continue
        answered = places.get(reset.answers_frame or -1, at)
        before = _state(done[answered - 1], side) if 0 < answered < at else ""
        entered = _state(done[answered], side)  # of many RSTs that answer it, the first has told
        kept = instead.get((before, entered))
        if entered == before == "SYN_RCVD" and done[answered].retransmission_of is None:
            continue  # its first: there may be no room (tcp_abort_on_overflow)
        if kept is not None and spoke < answered and _state(done[at], side) == "CLOSED":
            done[answered:at] = [_with(one, side, kept) for one in done[answered:at]]
    return done
