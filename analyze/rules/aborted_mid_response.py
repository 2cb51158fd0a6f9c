"""A client that aborted while the response was still coming."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import CLIENT, Facts, Mask
from .row import Row


class AbortedMidResponse(Rule):
    """A client that aborted while the response was still coming.

    **What happened.** The server was sending; the client sent RST in the middle. Data of the server was still
    unacknowledged.
    **Why.** A closed tab, a timeout, a cancelled call: the program closes, and its kernel finds unread data (RFC
    2525, 2.17).
    **What each side sees.** The server's next call says ECONNRESET; nginx writes 499. The client wanted it so.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > . 1:1461(1460) ack 101
        0.030 > . 1461:2921(1460) ack 101
        0.040 < . 101:101(0) ack 1461
        0.040 > . 2921:4381(1460) ack 101
        0.041 < R. 101:101(0) ack 1461

    **Not to be confused with.**
    - `aborted`: all of the response had been acknowledged
    - `zero-window-stall`: the client had stopped reading before
    - `early-answer`: the server aborted, over the client's upload
    - `response-cut`: the RST's sender is the one whose data is missing

    **Fix.** Nothing at the server. If many: compare the time since the request with the client's timeout.
    **References.** RFC 9112, 9.6.
    """

    code = "aborted-mid-response"
    stronger_than = ("aborted",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.rst_is("active")
            & (f.rst_sender == CLIENT)
            & ~f.sender_closed
            & (f.rst_received > 0)
            & (f.unacked_server > 0)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.unacked("server"), row.rst())
        return cls.held(evidence, side=row.sender, peer=row.receiver, n=row.unacked_server)
