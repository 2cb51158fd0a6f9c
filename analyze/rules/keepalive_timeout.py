"""Keepalive probes that nobody answered."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class KeepaliveTimeout(Rule):
    """Keepalive probes that nobody answered.

    **What happened.** The connection was idle. Its kernel asked for a sign of life, again and again, and then reset
    it.
    **Why.** RFC 1122, 4.2.3.6. Linux: after tcp_keepalive_probes (9) unanswered probes, tcp_send_active_reset,
    reason TCP_KEEPALIVE_TIMEOUT: the one give-up that sends a RST.
    **What each side sees.** The prober's program gets ETIMEDOUT. The other end, if it lives and the RST arrives,
    ECONNRESET.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        10.000 > . 0:0(0) ack 101
        11.000 > . 0:0(0) ack 101
        12.000 > . 0:0(0) ack 101
        13.000 > R. 1:1(0) ack 101

    **Not to be confused with.**
    - `retransmission-timeout`: data had no answer, and no RST was sent
    - `half-open`: a probe was answered with RST
    - `aborted`: the probes were answered

    **Fix.** The path or the peer is dead: find out which. Keepalive worked as intended.
    **References.** RFC 1122, 4.2.3.6; tcp(7), tcp_keepalive_*.
    """

    code = "keepalive-timeout"
    stronger_than = (
        "aborted",
        "retransmission-timeout",
        "listener-gone",
        "aborted-without-unread-data",
        "aborted-after-fin",
        "closed-without-answer",
        "response-cut",
        "early-answer",
        "aborted-mid-response",
        "zero-window-stall",
        "health-check",
        "aborted-with-unread-data",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.any_rst & (
            f.said("TCP_KEEPALIVE_TIMEOUT")
            | (
                f.ended("reset", "timed-out")
                & ~f.accused
                & ~f.any_reason
                & f.rst_is("active")
                & (f.rst_probes > 0)
                & (f.rst_tries > 0)
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        probes = Evidence("probes", {"side": row.sender, "n": row.rst_probes}, (row.rst_frame,))
        return cls.held(
            (probes, row.rst(), *row.by_kernel()), proved=row.reason > 0, side=row.sender, peer=row.receiver
        )
