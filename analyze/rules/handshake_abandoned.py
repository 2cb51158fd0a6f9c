"""A handshake that the client did not complete."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class HandshakeAbandoned(Rule):
    """A handshake that the client did not complete.

    **What happened.** The server answered the SYN with SYN-ACK. The client never acknowledged it, or answered it
    with RST.
    **Why.** A program that stopped waiting (its own timeout, the loser of two parallel connects) has closed the
    socket; its kernel knows it no more and answers the SYN-ACK with RST (RFC 9293, 3.5.2). A scanner does the same.
    **What each side sees.** The client's program has gone, or got its timeout. The server's program sees nothing:
    the connection was never established.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.100 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.110 < R 1:1(0)

    **Not to be confused with.**
    - `unanswered`: there is no SYN-ACK
    - `health-check`: the handshake was completed before the RST
    - `port-reused`: the RST answers an ACK, not a SYN-ACK

    **Fix.** If it is not a scan: find out why the SYN-ACK takes longer than the client waits.
    **References.** RFC 8305 (parallel connects); RFC 9293, 3.5.2.
    """

    code = "handshake-abandoned"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("handshake-incomplete")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.ends(),), side="client", peer="server")
