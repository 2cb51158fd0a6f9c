"""A RST in place of the second FIN: the server had answered and closed, and nobody is hurt."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import CLIENT, Facts, Mask
from .row import Row


class ResetInsteadOfFin(Rule):
    """A RST in place of the second FIN: the server had answered and closed, and nobody is hurt.

    **What happened.** The server sent all that it had, and FIN; the client had acknowledged everything and left
    with RST instead of a FIN of its own.
    **Why.** A RST saves the client the second half of the close. Browsers, load balancers and benchmarks do so on
    purpose (SO_LINGER 0), others by closing over data that they will not read.
    **What each side sees.** The server has closed already, so that no call is left to fail. If it had only shut
    down its sending half its next read fails with ECONNRESET.

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
        0.070 < R. 101:101(0) ack 202

    **Not to be confused with.**
    - `aborted`: the server has not closed: it may still wait for a request
    - `aborted-mid-response`: data of the server was not acknowledged
    - `reset-after-close`: the client sent FIN, too

    **Fix.** Nothing is lost. To keep it out of logs and counters, close with FIN.
    **References.** Arlitt and Williamson 2005; RFC 9293, 3.6.
    """

    code = "reset-instead-of-fin"
    stronger_than = (
        "aborted",
        "aborted-with-unread-data",
        "aborted-without-unread-data",
    )
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.rst_is("active")
            & (f.rst_sender == CLIENT)
            & f.receiver_closed
            & ~f.sender_closed
            & (f.unacked_server == 0)
            & (f.unacked_client == 0)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.fin(row.receiver), row.rst(), *row.by_kernel())
        return cls.held(evidence, proved=row.certainty == "proved", side=row.sender, peer=row.receiver)
