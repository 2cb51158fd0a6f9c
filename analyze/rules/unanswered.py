"""A SYN that nobody answered."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class Unanswered(Rule):
    """A SYN that nobody answered.

    **What happened.** The client sent its SYN, and sent it again after 1, 3, 7 seconds; no SYN-ACK and no RST came.
    **Why.** A firewall that drops, a host that is down, a full accept queue, or a lost answer: none of them says
    anything. RFC 9293, 3.8.1: the SYN is retransmitted; Linux gives up after tcp_syn_retries (6: 127 s).
    **What each side sees.** connect fails with ETIMEDOUT when the kernel gives up. The server's program sees
    nothing.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        1.000 < S 0:0(0) win 64240 <mss 1460>
        3.000 < S 0:0(0) win 64240 <mss 1460>

    **Not to be confused with.**
    - `refused`: a RST answers the SYN
    - `refused-by-icmp`: an ICMP error quotes the SYN
    - `handshake-abandoned`: a SYN-ACK came
    - `accept-queue-full`: the SYN-ACK came, and then nothing

    **Fix.** Capture at the server's end. If the SYN arrives there: nstat TcpExtListenDrops, TcpExtListenOverflows,
    the firewall's counters. If not: the path.
    **References.** tcp(7), tcp_syn_retries.
    """

    code = "unanswered"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("unanswered")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((Evidence("syns", {"n": row.syn_client}, (row.first_frame, row.last_frame)),), n=row.syn_client)
