"""Nothing yet: the connection is in use when the capture ends."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class StillOpen(Rule):
    """Nothing yet: the connection is in use when the capture ends.

    **What happened.** Neither end has closed or reset; the last data was acknowledged, or may still be.
    **Why.** A connection without traffic stays open for ever: TCP asks for no sign of life (RFC 1122, 4.2.3.6).
    **What each side sees.** read waits, write succeeds. If the other end has forgotten the connection nobody knows
    it yet.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201

    **Not to be confused with.**
    - `syn-in-the-middle`: it goes on under another number
    - `half-closed`: one end has sent FIN
    - `retransmission-timeout`: the last data was sent three times or more, without an answer
    - `zero-window-stall`: the reader's window is 0

    **Fix.** Capture longer, or ask both kernels (ss -tni) whether they still know it.
    **References.** RFC 9293, 3.3.2.
    """

    code = "still-open"
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("open")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.ends(),))
