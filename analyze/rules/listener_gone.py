"""A listener that was closed while the connection still waited to be accepted."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ListenerGone(Rule):
    """A listener that was closed while the connection still waited to be accepted.

    **What happened.** The kernel had completed the handshake, and may have acknowledged a request; the program had
    not called accept. Then its listening socket was closed, or it died.
    **Why.** Linux: inet_csk_listen_stop sends RST to everything in the accept queue, reason TCP_STATE. All of them
    at one instant.
    **What each side sees.** Clients get ECONNRESET at their first call though connect had succeeded. The server's
    program never heard of them.

    **Example.** The server's calls are known:

        0.000 listen(3, 128) = 0
        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.100 close(3) = 0
        0.100 > R. 1:1(0) ack 101

    **Not to be confused with.**
    - `closed-without-answer`: what these packets look like without the calls: the program may have accepted
    - `accept-queue-overflow`: the RST answers the end of the handshake
    - `aborted-without-unread-data`: the program had accepted

    **Fix.** Accept what waits before closing the listener; drain on restart, or hand the socket over (SO_REUSEPORT,
    systemd).
    **References.** listen(2).
    """

    code = "listener-gone"
    stronger_than = (
        "aborted",
        "aborted-without-unread-data",
        "closed-without-answer",
        "aborted-with-unread-data",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.by("server")
            & ~f.proved_forged
            & f.rst_is("active")
            & f.did("listener-close")
            & (f.said("TCP_STATE") | ~f.any_reason)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.rst(), row.nothing_sent("server"), *row.by_kernel(), *row.by_calls())
        return cls.held(evidence, proved=True, side="server", peer="client")
