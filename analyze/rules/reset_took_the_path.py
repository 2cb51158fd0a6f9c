"""A RST that its receiver ignored, and a middlebox believed."""

from __future__ import annotations

from ..story import Evidence, Verdict
from ..vocabulary import ACCEPTED_NO, TRIES_UNTIL_DOUBT, WHY_IN_WINDOW, WHY_OUT_OF_WINDOW, WHYS
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ResetTookThePath(Rule):
    """A RST that its receiver ignored, and a middlebox believed.

    **What happened.** A RST came whose number was wrong, so that its receiver went on. From then on nothing that it
    sent was answered.
    **Why.** RFC 5961, 3.2 binds the ends. A connection tracker that takes any RST forgets the connection, and drops
    what follows.
    **What each side sees.** The receiver of the RST sends into silence: ETIMEDOUT. Nobody gets ECONNRESET.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.100 < R 5101:5101(0) win 0
        0.100 > . 1:1(0) ack 101
        1.000 > P. 1:201(200) ack 101
        1.200 > P. 1:201(200) ack 101
        1.600 > P. 1:201(200) ack 101
        2.400 > P. 1:201(200) ack 101

    **Not to be confused with.**
    - `retransmission-timeout`: there is no RST before the silence
    - `reset-ignored`: the connection goes on

    **Fix.** Have the connection tracker check the sequence numbers of a RST (nf_conntrack_tcp_ignore_invalid_rst,
    or its like elsewhere).
    **References.** RFC 5961, 3.2; projectcalico/calico issue 9605.
    """

    code = "reset-took-the-path"
    stronger_than = (
        "reset-ignored",
        "retransmission-timeout",
        "idle-connection-dropped",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("timed-out")
            & f.any_rst
            & (f.rst_accepted == ACCEPTED_NO)
            & ((f.rst_why == WHY_IN_WINDOW) | (f.rst_why == WHY_OUT_OF_WINDOW))
            & (f.receiver("tries") >= TRIES_UNTIL_DOUBT)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (
            row.rst(),
            Evidence("not-accepted", {"why": WHYS[row.rst_why]}, (row.rst_frame,)),
            Evidence("no-answer", {"n": row.count("tries", row.receiver)}, (row.last_frame,)),
        )
        return cls.held(evidence, ("retransmission-timeout", "both-ends"), side=row.sender, peer=row.receiver)
