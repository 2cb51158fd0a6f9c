"""A RST behind its sender's own FIN."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class AbortedAfterFin(Rule):
    """A RST behind its sender's own FIN.

    **What happened.** One end had sent FIN, and then threw the rest away: its program closed with data unread,
    asked not to wait (TCP_LINGER2), or its kernel dropped the orphan.
    **Why.** Linux: tcp_close sends RST where unread data is lost, also behind shutdown(SHUT_WR);
    TCP_ABORT_ON_LINGER where TCP_LINGER2 is below 0.
    **What each side sees.** The other end reads end of file (the FIN came first); its next write fails with EPIPE.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        0.050 < F. 101:101(0) ack 201
        0.050 > . 201:201(0) ack 102
        0.070 < R. 102:102(0) ack 201

    **Not to be confused with.**
    - `write-after-peer-closed`: the RST answers data
    - `aborted`: there is no FIN of the RST's sender
    - `reset-after-close`: both FINs were acknowledged before

    **Fix.** Read to the end of file before closing.
    **References.** RFC 2525, 2.17; tcp(7), TCP_LINGER2.
    """

    code = "aborted-after-fin"
    stronger_than = ("aborted",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        late = f.rst_is("reply") & (f.closed_first == f.rst_sender)
        late = late & (
            (f.rst_space > 0) | (f.rst_answers_frame == 0) | f.crossed_before
        )  # what came for it after its close was answered
        return f.reset_itself & f.sender_closed & ~late & (~f.any_reason | ~f.rst_is("active"))

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.fin(row.sender), row.rst(), *row.by_kernel())
        if row.rst_answers_frame or row.reason:
            return cls.held((*evidence, row.trigger()), proved=row.reason > 0, side=row.sender, peer=row.receiver)
        rivals = (("aborted-with-unread-data", "calls"), ("aborted-without-unread-data", "calls"))
        return cls.held(evidence, *rivals, side=row.sender, peer=row.receiver)
