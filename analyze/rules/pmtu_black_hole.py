"""A path that swallows large segments: small ones arrive."""

from __future__ import annotations

from ..story import Evidence, Side, Verdict
from ..vocabulary import FACT_SACK, TRIES_UNTIL_DOUBT
from . import Rule
from .facts import Facts, Mask
from .row import Row

LARGE = 1000  # bytes: below, hardly any link has such an MTU


class PmtuBlackHole(Rule):
    """A path that swallows large segments: small ones arrive.

    **What happened.** The same large segment was sent three times or more. What was sent behind it arrived (the
    other end said so by SACK); the large one never did.
    **Why.** RFC 2923, 2.1: a link with a smaller MTU drops the packet, and the ICMP message that would say so is
    filtered.
    **What each side sees.** The handshake and small messages work; the first large one stalls. ETIMEDOUT, or a TLS
    handshake timeout.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460,sackOK>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK>
        0.010 < . 1:1(0) ack 1
        0.020 < . 1:1461(1460) ack 1
        0.020 < P. 1461:1561(100) ack 1
        0.020 > . 1:1(0) ack 1 <sack 1461:1561>
        0.230 < . 1:1461(1460) ack 1
        0.640 < . 1:1461(1460) ack 1
        1.460 < . 1:1461(1460) ack 1

    **Not to be confused with.**
    - `retransmission-timeout`: nothing arrives
    - `zero-window-stall`: the other end's window is 0

    **Fix.** Let ICMP "fragmentation needed" through, clamp the MSS, set the MTU of the tunnel, or
    net.ipv4.tcp_mtu_probing=1.
    **References.** RFC 2923; RFC 4821.
    """

    code = "pmtu-black-hole"
    stronger_than = (
        "retransmission-timeout",
        "accept-queue-full",
        "aborted",
        "half-closed",
        "unknown-connection",
        "response-cut",
        "aborted-mid-response",
        "early-answer",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        client = (f.tries_client >= TRIES_UNTIL_DOUBT) & (f.unacked_client >= LARGE) & f.ever("server", FACT_SACK)
        server = (f.tries_server >= TRIES_UNTIL_DOUBT) & (f.unacked_server >= LARGE) & f.ever("client", FACT_SACK)
        return f.ended("timed-out", "reset", "half-closed") & ~f.accused & (client | server)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        side: Side = "client" if row.unacked_client >= LARGE else "server"
        evidence = (
            Evidence("no-answer", {"n": max(row.tries_client, row.tries_server)}, (row.last_frame,)),
            Evidence("sacked", {"side": "server" if side == "client" else "client"}, (row.last_frame,)),
            row.unacked(side),
            *row.by_icmp(),
        )
        return cls.held(evidence, ("retransmission-timeout", "ping-size"), side=side)
