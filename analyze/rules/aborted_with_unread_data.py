"""A close (or death) of a program that had not read everything."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class AbortedWithUnreadData(Rule):
    """A close (or death) of a program that had not read everything.

    **What happened.** The program closed, or was killed, while received data stood unread. Its kernel sent RST
    instead of FIN.
    **Why.** RFC 2525, 2.17 and RFC 1122, 4.2.2.13: data that is lost must not look like an orderly close. Linux:
    tcp_close, reason TCP_ABORT_ON_CLOSE. It wins over SO_LINGER 0.
    **What each side sees.** The other end's first call says ECONNRESET, then EPIPE and end of file. What it had
    sent was acknowledged, and never read.

    **Example.** The server's calls are known:

        0.000 accept(3, ...) = 4
        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.050 read(4, ..., 10) = 10
        0.060 close(4) = 0
        0.060 > R. 1:1(0) ack 101

    **Not to be confused with.**
    - `aborted-without-unread-data`: all that came was read
    - `aborted`: nothing but packets: nobody knows
    - `closed`: with everything read the same close sends FIN

    **Fix.** Read until 0 before close; or shutdown(SHUT_WR), read the rest, then close (lingering close).
    **References.** RFC 2525, 2.17; RFC 9112, 9.6.
    """

    code = "aborted-with-unread-data"
    stronger_than = (
        "aborted",
        "response-cut",
        "early-answer",
        "zero-window-stall",
        "aborted-after-fin",
        "aborted-mid-response",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset") & (
            f.said("TCP_ABORT_ON_CLOSE", "TCP_DISCONNECT_WITH_DATA")
            | (~f.any_reason & ~f.accused & f.rst_is("active") & f.left_unread & f.did("close", "died", "linger"))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.rst(), *row.by_kernel(), *row.by_calls()), proved=True, side=row.sender, peer=row.receiver)
