"""An abort on purpose: SO_LINGER 0, connect(AF_UNSPEC), or from outside."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class AbortedWithoutUnreadData(Rule):
    """An abort on purpose: SO_LINGER 0, connect(AF_UNSPEC), or from outside.

    **What happened.** The RST's sender had nothing unread, or had received nothing at all: no accident of reading
    made this RST.
    **Why.** Linux: reason TCP_STATE (SO_LINGER with 0 seconds, a disconnect, ss -K, a listener that goes) or
    TCP_ABORT_ON_LINGER. If no byte, no probe and no FIN came before it is the only possible reason.
    **What each side sees.** The other end's first call says ECONNRESET. ss -K: the program at the sending end gets
    ECONNABORTED.

    **Example.** Nothing had come that could be unread:

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.030 > P. 1:201(200) ack 1
        0.040 < . 1:1(0) ack 201
        0.100 > R. 201:201(0) ack 1

    The calls say so:

        0.000 accept(3, ...) = 4
        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.050 read(4, ..., 100) = 100
        0.060 setsockopt(4, SOL_SOCKET, SO_LINGER, {1 0}, 8) = 0
        0.070 close(4) = 0
        0.070 > R. 1:1(0) ack 101

    **Not to be confused with.**
    - `aborted-with-unread-data`: received data was left unread
    - `health-check`: the client did it, and neither end had sent a byte
    - `listener-gone`: the listener was closed before accept
    - `aborted`: data had come: packets cannot tell

    **Fix.** Remove SO_LINGER 0: it throws away what still waits to be sent, too. TIME_WAIT is not a fault.
    **References.** RFC 1122, 4.2.2.13; socket(7), SO_LINGER.
    """

    code = "aborted-without-unread-data"
    stronger_than = (
        "aborted",
        "response-cut",
        "zero-window-stall",
        "early-answer",
        "aborted-after-fin",
        "aborted-mid-response",
        "closed-without-answer",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        linger = f.did("disconnect") | (f.did("linger") & f.read_all)
        seen = (f.receiver("packets") > 0) & (f.start_seen == 1)  # else it may have come where the capture saw nothing
        nothing_came = (f.rst_received == 0) & (f.rst_probes == 0) & ~f.sender_closed & seen
        packets = ~f.any_reason & f.rst_is("active") & ~f.accused & (linger | (nothing_came & ~f.did("listener-close")))
        return f.ended("reset", "handshake-incomplete") & (f.said("TCP_STATE", "TCP_ABORT_ON_LINGER") | packets)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = [row.rst(), *row.by_kernel(), *row.by_calls()]
        if not row.rst_received:
            evidence.append(row.nothing_received(row.sender))
        proved = row.reason > 0 or row.act > 0
        rivals = (("listener-gone", "calls"),) if row.sender == "server" and not row.rst_sent else ()
        return cls.held(evidence, *rivals, proved=proved, side=row.sender, peer=row.receiver)
