"""A RST in answer to the SYN: nothing listens there, or a firewall says so."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class Refused(Rule):
    """A RST in answer to the SYN: nothing listens there, or a firewall says so.

    **What happened.** The kernel at that address has no socket that listens on the port, and answered the SYN with
    RST.
    **Why.** RFC 9293, 3.10.7.1: a segment to a closed port is answered with RST; without an ACK of its own to go
    by, its sequence number is 0. Linux: tcp_v4_send_reset, reason NO_SOCKET.
    **What each side sees.** connect fails with ECONNREFUSED. No program at the server sees anything.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > R. 0:0(0) ack 1 win 0

    **Not to be confused with.**
    - `reset-by-firewall`: byte for byte the same, if the firewall stands on that host. Another TTL, or others who
      get through, give it away
    - `unanswered`: nothing answers
    - `refused-by-icmp`: ICMP answers
    - `reset-forged`: the server's SYN-ACK comes behind the RST

    **Fix.** Start the service, or look at its address and port: it may listen on 127.0.0.1 only.
    **References.** RFC 9293, 3.5.2; connect(2).
    """

    code = "refused"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("refused") & ~f.accused

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), *row.by_kernel())
        return cls.held(
            evidence,
            ("reset-by-firewall", "other-connections"),
            proved=row.reason > 0,
            side=row.sender,
            peer=row.receiver,
        )
