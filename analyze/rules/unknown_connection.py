"""A segment for a connection that its receiver did not know (any more)."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class UnknownConnection(Rule):
    """A segment for a connection that its receiver did not know (any more).

    **What happened.** A segment was answered with RST though the RST's sender never closed: its kernel had no such
    connection. It was restarted, a middlebox or load balancer sent the segment to the wrong host, or it had given
    up in silence.
    **Why.** RFC 9293, 3.5.2, group 1: any segment to a connection that does not exist is answered with RST, whose
    number is the segment's ACK. Linux: NO_SOCKET, or TCP_FLAGS where the port has a listener.
    **What each side sees.** The sender of the segment: its write had succeeded; then read says ECONNRESET, once. At
    the other end nobody sees anything.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        5.000 < P. 101:201(100) ack 201
        5.000 > R 201:201(0) win 0

    **Not to be confused with.**
    - `write-after-peer-closed`: the RST's sender had sent FIN
    - `half-open`: the segment was a keepalive probe
    - `idle-connection-forgotten`: nobody had sent anything for a minute or more
    - `reset-by-firewall`: the end in whose name it came goes on talking
    - `unprompted-reset`: the RST answers nothing in the capture
    - `accept-queue-overflow`: the RST answers the end of the handshake

    **Fix.** Was the peer restarted? Is there a NAT or load balancer that was changed, or whose idle timeout is very
    short? Retry.
    **References.** RFC 9293, 3.5.1 (half-open connections).
    """

    code = "unknown-connection"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.reset_itself & f.rst_is("reply", "syn-reply") & ~f.sender_closed

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), row.fin(row.sender), *row.by_kernel())
        rivals = (("reset-by-firewall", "life-after-rst"), ("reset-forged", "both-ends"))
        return cls.held(evidence, *rivals, proved=row.reason > 0, side=row.sender, peer=row.receiver)
