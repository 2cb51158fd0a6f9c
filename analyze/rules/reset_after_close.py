"""A RST after both ends had closed in order: it changed nothing."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ResetAfterClose(Rule):
    """A RST after both ends had closed in order: it changed nothing.

    **What happened.** Both FINs were acknowledged. Then a segment came late, or twice, at an end that had forgotten
    the connection, and was answered with RST.
    **Why.** RFC 9293, 3.10.7.1: a segment to a closed port is answered with RST. RFC 1337: one that arrives in
    TIME_WAIT may end that state early.
    **What each side sees.** Nobody sees an error.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 < F. 101:101(0) ack 1
        0.030 > F. 1:1(0) ack 102
        0.040 < . 102:102(0) ack 2
        0.050 < . 102:102(0) ack 2
        0.050 > R 2:2(0) win 0

    **Not to be confused with.**
    - `closed`: there is no RST
    - `reset-instead-of-fin`: the second FIN is missing

    **Fix.** Nothing is broken.
    **References.** RFC 1337; RFC 9293, 3.10.7.
    """

    code = "reset-after-close"
    stronger_than = (
        "reset-ignored",
        "closed",
        "simultaneous-close",
        "closed-without-answer",
    )
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("closed") & f.any_rst & f.after_both_fins

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held(
            (row.fin("client"), row.fin("server"), row.rst(), *row.by_kernel()), side=row.sender, peer=row.receiver
        )
