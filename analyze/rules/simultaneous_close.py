"""A close from both ends at once: their FINs crossed."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class SimultaneousClose(Rule):
    """A close from both ends at once: their FINs crossed.

    **What happened.** Both programs closed before either had heard of the other. Both ends go FIN_WAIT_1, CLOSING,
    TIME_WAIT.
    **Why.** RFC 9293, 3.6, case 3: each FIN is acknowledged for itself; neither end is the one that closed first.
    **What each side sees.** Both read end of file, if they still read. Both keep the port in TIME_WAIT.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.100 > F. 1:1(0) ack 101
        0.105 < F. 101:101(0) ack 1
        0.105 > . 2:2(0) ack 102
        0.115 < . 102:102(0) ack 2

    **Not to be confused with.**
    - `closed`: one FIN acknowledges the other
    - `both-aborted`: RSTs crossed, not FINs

    **Fix.** Nothing is broken. If TIME_WAIT at the server is a burden, let one end wait for the other's FIN.
    **References.** RFC 9293, figure 12.
    """

    code = "simultaneous-close"
    stronger_than = ("closed",)
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("closed") & f.by("both") & ~f.any_rst

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.fin("client"), row.fin("server")))
