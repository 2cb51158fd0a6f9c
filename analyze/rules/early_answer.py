"""A server that answered an upload early and reset it."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import SERVER, Facts, Mask
from .row import Row


class EarlyAnswer(Rule):
    """A server that answered an upload early and reset it.

    **What happened.** The server had answered while the client was still sending, and closed over what it had not
    read.
    **Why.** A close over unread data is a RST (RFC 2525, 2.17), and the RST may arrive before the client has read
    the answer. RFC 9112, 9.6 asks for a lingering close.
    **What each side sees.** The client's write fails with ECONNRESET. On Linux the answer (413, 401) can still be
    read behind it; on other systems it may be gone.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < . 1:1461(1460) ack 1
        0.020 > . 1:1(0) ack 1461
        0.025 > P. 1:201(200) ack 1461
        0.026 < . 1461:2921(1460) ack 1
        0.026 < . 2921:4381(1460) ack 1
        0.027 > R. 201:201(0) ack 1461

    **Not to be confused with.**
    - `aborted`: the client had nothing on its way: an upload that was complete, or none
    - `closed-without-answer`: the server sent nothing
    - `write-after-peer-closed`: the server sent FIN first, and the upload was answered with RST
    - `aborted-mid-response`: the client aborted

    **Fix.** Server: shutdown(SHUT_WR), read and throw away until 0 or a limit, then close. Client: Expect:
    100-continue; read the answer when a write fails.
    **References.** RFC 9110, 10.1.1; RFC 9112, 9.6.
    """

    code = "early-answer"
    stronger_than = ("aborted",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.rst_is("active")
            & (f.rst_sender == SERVER)
            & ~f.sender_closed
            & (f.rst_sent > 0)
            & (f.unacked_client > 0)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        rivals = (("aborted-without-unread-data", "calls"),)
        evidence = (row.unacked("client"), row.rst(), row.fin("server"))
        return cls.held(evidence, *rivals, side="server", peer="client", n=row.unacked_client)
