"""Data to a peer that closed so long ago that its kernel had forgotten the connection."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row

TCP_FIN_TIMEOUT_NS = 60_000_000_000  # its default


class FinWait2Expired(Rule):
    """Data to a peer that closed so long ago that its kernel had forgotten the connection.

    **What happened.** One end closed; its FIN was acknowledged, and it waited for the other's FIN. When that did
    not come its kernel dropped the connection. Then data came.
    **Why.** Linux keeps an orphan in FIN_WAIT_2 for tcp_fin_timeout, 60 s unless set otherwise (RFC 9293 allows it
    for ever). After that the segment meets no socket: reason NO_SOCKET.
    **What each side sees.** As in write-after-peer-closed: the write succeeds, read returns end of file, the next
    write fails with EPIPE.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 < F. 101:101(0) ack 1
        0.030 > . 1:1(0) ack 102
        90.000 > P. 1:201(200) ack 102
        90.010 < R 102:102(0) win 0

    **Not to be confused with.**
    - `write-after-peer-closed`: less than a minute lies between FIN and data
    - `unknown-connection`: there is no FIN
    - `late-fin`: what comes late is a FIN without data

    **Fix.** Close when read returns 0: an end that stays in CLOSE_WAIT for a minute has forgotten to.
    **References.** ip-sysctl: tcp_fin_timeout; RFC 9293, 3.6.
    """

    code = "fin-wait-2-expired"
    stronger_than = ("write-after-peer-closed",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.closed_end_answered
            & f.fin_acknowledged
            & (f.rst_space > 0)
            & ~(f.receiver_closed & (f.rst_space == 1))
            & (f.said("NO_SOCKET", "TCP_FLAGS") | (~f.any_reason & (f.waited_ns >= TCP_FIN_TIMEOUT_NS)))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.fin(row.sender), row.ages(), row.trigger(), row.rst(), *row.by_kernel())
        rival = ("write-after-peer-closed", "kernel-reason")
        return cls.held(evidence, rival, proved=row.reason > 0, side=row.sender, peer=row.receiver)
