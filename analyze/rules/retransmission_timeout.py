"""A sender that had no answer, tried again, and gave up."""

from __future__ import annotations

import numpy as np

from ..story import SIDES, Evidence, Verdict
from ..vocabulary import TRIES_UNTIL_DOUBT
from . import Rule
from .facts import Facts, Mask
from .row import Row


class RetransmissionTimeout(Rule):
    """A sender that had no answer, tried again, and gave up.

    **What happened.** The same data (or FIN) was sent three times or more, each time after a longer wait, and
    nothing came back.
    **Why.** RFC 9293, 3.8.3 and RFC 6298: the wait doubles. Linux gives up after tcp_retries2 (15: about 924 s) or
    TCP_USER_TIMEOUT, in silence: no RST is sent. One is seen only if the other end speaks afterwards.
    **What each side sees.** The sender's program gets ETIMEDOUT, or the last ICMP error (EHOSTUNREACH). The other
    end notices nothing, for ever.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        1.000 > P. 1:201(200) ack 101
        1.200 > P. 1:201(200) ack 101
        1.600 > P. 1:201(200) ack 101
        2.400 > P. 1:201(200) ack 101

    It had given up: what comes later meets no socket.

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        1.000 > P. 1:201(200) ack 101
        1.200 > P. 1:201(200) ack 101
        1.600 > P. 1:201(200) ack 101
        2.400 > P. 1:201(200) ack 101
        9.000 < P. 101:201(100) ack 1
        9.000 > R 1:1(0) win 0

    **Not to be confused with.**
    - `still-open`: less than three tries: an answer may yet come
    - `accept-queue-full`: the server has sent nothing but its SYN-ACK
    - `idle-connection-dropped`: a long silence before: a middlebox has forgotten the connection
    - `pmtu-black-hole`: smaller segments arrive
    - `keepalive-timeout`: only probes, and a RST at the end
    - `zero-window-stall`: the peer answers, with a window of 0

    **Fix.** Find where it is lost (capture at both ends). Fail sooner: TCP_USER_TIMEOUT, a timeout of the program.
    **References.** RFC 6298; RFC 5482; ip-sysctl: tcp_retries2.
    """

    code = "retransmission-timeout"
    stronger_than = (
        "still-open",
        "half-closed",
        "closed",
        "unknown-connection",
        "zero-window-stall",
        "half-open",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        given_up = (
            f.reset_itself
            & f.rst_is("reply")
            & ~f.sender_closed
            & (f.sender("unacked") > 0)
            & (f.sender("retransmissions") + np.uint32(1) >= TRIES_UNTIL_DOUBT)
        )
        return f.ended("timed-out") | given_up | ((f.gave_up < 2) & ~f.ended("unanswered", "refused"))

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        side = SIDES[row.gave_up] if row.gave_up < 2 else row.sender if row.ended_reset else row.tried_most
        n = row.count("retransmissions", row.sender) + 1 if row.ended_reset else max(row.tries_client, row.tries_server)
        evidence = (Evidence("no-answer", {"n": n}, (row.last_frame,)), *row.by_icmp())
        return cls.held(evidence, proved=row.gave_up < 2, side=side, n=n)
