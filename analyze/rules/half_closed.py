"""One FIN only: the other end had not closed when the capture ends."""

from __future__ import annotations

from ..story import Side, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class HalfClosed(Rule):
    """One FIN only: the other end had not closed when the capture ends.

    **What happened.** One end said that it would send no more. The other end never said so, or its FIN was never
    acknowledged.
    **Why.** RFC 9293, 3.6: a FIN closes one direction. The end that got it may go on sending for as long as it
    likes (CLOSE_WAIT).
    **What each side sees.** The end that got the FIN reads end of file, and may still write. The other end reads
    what comes.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        0.050 > F. 201:201(0) ack 101
        0.060 < . 101:101(0) ack 202

    **Not to be confused with.**
    - `closed`: both FINs were acknowledged
    - `write-after-peer-closed`: data to the closed end was answered with RST
    - `zero-window-stall`: a window of 0 keeps the rest from being sent

    **Fix.** An end that stays in CLOSE_WAIT has read end of file and not closed: look for a descriptor that is
    never closed.
    **References.** RFC 9293, 3.6; RFC 1122, 4.2.2.13.
    """

    code = "half-closed"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("half-closed")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        side: Side = "client" if row.fin_client else "server"
        return cls.held((row.fin(side),), side=side)
