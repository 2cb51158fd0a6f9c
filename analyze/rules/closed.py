"""An orderly close: both ends sent FIN, and both were acknowledged."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class Closed(Rule):
    """An orderly close: both ends sent FIN, and both were acknowledged.

    **What happened.** Each program said that it would send no more (close, shutdown, or the end of its process),
    and each kernel acknowledged it.
    **Why.** RFC 9293, 3.6: a connection is closed when both directions are. Nothing was lost: a FIN is acknowledged
    only behind all data before it.
    **What each side sees.** read returns 0 (end of file) at both ends. Whether a program was killed or called close
    cannot be seen: a kernel sends the same FIN for it.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        0.050 < F. 101:101(0) ack 201
        0.050 > F. 201:201(0) ack 102
        0.060 < . 102:102(0) ack 202

    **Not to be confused with.**
    - `reset-after-close`: a RST stands behind the second acknowledged FIN
    - `half-closed`: the second FIN is missing, or was never acknowledged
    - `simultaneous-close`: neither FIN acknowledges the other
    - `closed-without-answer`: the server closes at once, without a byte in answer to the request

    **Fix.** Nothing is broken.
    **References.** RFC 9293, 3.6 and 3.10.4.
    """

    code = "closed"
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("closed")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        first = row.closer()
        fins = (row.fin(first or "client"), row.fin("client" if first == "server" else "server"))
        return cls.held(fins, side=first or "both")
