"""The close of an idle connection that crossed the next request."""

from __future__ import annotations

import numpy as np

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row

IDLE_TURNS = 2  # round trips without a segment
IDLE_AT_LEAST_NS = 10_000_000


class IdleTimeoutRace(Rule):
    """The close of an idle connection that crossed the next request.

    **What happened.** The connection had been idle. One end's patience ended and it closed; before the other end knew,
    it sent its next request. FIN and request crossed, and the request was answered with RST.
    **Why.** The RST takes its number from the request, which did not acknowledge the FIN yet: it is one below what
    comes next. Linux accepts such a RST once a FIN is in (tcp_reset_check).
    **What each side sees.** The client reads end of file: the FIN came first. Libraries say "socket hang up",
    "connection reset" or "server closed idle connection" for the same race. The request was never read: it may be
    sent again.

    **Example.** Seen at the server, which closes after 5 s:

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        5.040 > F. 201:201(0) ack 101
        5.045 < P. 101:201(100) ack 201
        5.045 > R 201:201(0) win 0

    **Not to be confused with.**
    - `write-after-peer-closed`: the request acknowledges the FIN: the client's kernel knew it, and its program did
      not look
    - `closed-without-answer`: the server never answered anything
    - `aborted`: there is no FIN: the request had arrived and was not read

    **Fix.** The server has to wait longer than its clients: keep-alive timeout of the client or load balancer below
    that of the server. Retry requests that may be repeated.
    **References.** RFC 9112, 9.3 and 9.5.
    """

    code = "idle-timeout-race"
    stronger_than = (
        "write-after-peer-closed",
        "fin-wait-2-expired",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        # At the other end the request stands before the FIN. The longest gap is at least as long as all are on average.
        on_average = (f.last_ns - f.first_ns) // np.maximum(f.packets_client + f.packets_server - np.uint32(1), 1)
        idle = np.maximum(f.silence_ns, on_average) >= np.maximum(IDLE_TURNS * f.rtt_ns, IDLE_AT_LEAST_NS)
        return (
            f.closed_end_answered
            & ~f.receiver_closed
            & (f.rst_sent > 0)
            & (((f.rst_distance == -1) & (f.rst_space > 0)) | f.crossed_before)
            & idle
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = [row.fin(row.sender), row.trigger(), row.rst(), *row.by_kernel()]
        if row.silence_ns >= IDLE_AT_LEAST_NS:
            evidence.insert(0, row.silence())
        return cls.held(evidence, side=row.sender, peer=row.receiver)
