"""A RST to both ends after a long silence: something between them lost patience."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class IdleTimeoutReset(Rule):
    """A RST to both ends after a long silence: something between them lost patience.

    **What happened.** Nobody had sent anything for a minute or more. Then RSTs came in both directions at once, and
    no segment had asked for one.
    **Why.** Load balancers with "TCP reset on idle" (Azure: 4 minutes unless set otherwise) end a connection so
    that both ends learn of it.
    **What each side sees.** Both programs get ECONNRESET at their next call.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        240.040 > R. 201:201(0) ack 101
        240.041 < R. 101:101(0) ack 201

    **Not to be confused with.**
    - `both-aborted`: no long silence: both ends decided for themselves
    - `aborted`: one RST only
    - `idle-connection-forgotten`: one RST, in answer to the first segment after the silence
    - `idle-timeout-race`: a FIN closed the idle connection

    **Fix.** Keepalive below the timeout (tcp_keepalive_time, or the pool's), or a longer timeout there.
    **References.** Azure Load Balancer: TCP reset and idle timeout; RFC 5382, REQ-5.
    """

    code = "idle-timeout-reset"
    stronger_than = (
        "aborted",
        "both-aborted",
        "unprompted-reset",
        "aborted-without-unread-data",
        "aborted-with-unread-data",
        "reset-forged",
        "listener-gone",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.idle
            & (f.rst_client > 0)
            & (f.rst_server > 0)
            & (f.rst_answers_frame == 0)
            & ~f.sender_closed
            & ~f.receiver_closed
            & ~f.any_reason
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.silence(), row.rst(), row.ends())
        return cls.held(evidence, ("both-aborted", "both-ends"), ns=row.silence_ns)
