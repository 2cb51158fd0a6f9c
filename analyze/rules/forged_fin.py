"""A FIN that its sender did not send: it went on as if it had said nothing."""

from __future__ import annotations

from ..story import Verdict
from ..vocabulary import FACT_FIN_ACKED
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ForgedFin(Rule):
    """A FIN that its sender did not send: it went on as if it had said nothing.

    **What happened.** A FIN was acknowledged, and then new data came from the same end. No TCP sends data behind
    its own FIN.
    **Why.** RFC 9293, 3.10.4: after close nothing more is queued. The FIN was forged, or the data was; the end that
    had taken the FIN answered the data with RST.
    **What each side sees.** The victim read end of file: an answer that was cut short looks complete. The other end
    gets ECONNRESET.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > F. 1:1(0) ack 101
        0.040 < . 101:101(0) ack 2
        0.200 > P. 1:201(200) ack 101
        0.210 < R 101:101(0) win 0

    **Not to be confused with.**
    - `unknown-connection`: the other end had not sent FIN
    - `write-after-peer-closed`: the RST's sender is the one that had closed

    **Fix.** Say how long an answer is (Content-Length, TLS close_notify), so that a cut one is noticed.
    **References.** RFC 9293, 3.10.4; RFC 8446, 6.1.
    """

    code = "forged-fin"
    stronger_than = ("unknown-connection",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.reset_itself & f.rst_is("reply") & ~f.sender_closed & f.of_receiver(FACT_FIN_ACKED) & (f.rst_space > 1)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.fin(row.receiver), row.trigger(), row.rst(), *row.by_kernel())
        return cls.held(evidence, ("unknown-connection", "both-ends"), side=row.receiver, peer=row.sender)
