"""A SYN from a port pair that the other end still knew: it asked back, and was answered with RST."""

from __future__ import annotations

import numpy as np

from ..story import Verdict
from ..vocabulary import FACT_HANDSHAKE, FACT_SYN_ACK
from . import Rule
from .facts import CLIENT, Facts, Mask
from .row import Row


class PortReused(Rule):
    """A SYN from a port pair that the other end still knew: it asked back, and was answered with RST.

    **What happened.** The server still held an older connection of the same addresses and ports. It answered the
    SYN with a challenge ACK; the client, which knows nothing of that connection, answered the ACK with RST.
    **Why.** RFC 5961, 4: a SYN on a synchronized connection is answered with an ACK of where it stands. RFC 9293,
    3.10.7.3: in SYN_SENT an unacceptable ACK is answered with RST. The RST ends the old connection; the SYN that
    follows gets through.
    **What each side sees.** connect takes a second longer, or fails with ETIMEDOUT. A server program that still
    held the old connection reads ECONNRESET.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > . 90000:90000(0) ack 70000
        0.010 < R 70000:70000(0)

    **Not to be confused with.**
    - `refused`: the RST comes from the server, and acknowledges the SYN
    - `handshake-abandoned`: what the client answers with RST is a SYN-ACK

    **Fix.** More local ports (ip_local_port_range), fewer short connections, timestamps on at both ends; behind
    NAT, more addresses.
    **References.** RFC 5961, 4.2; RFC 9293, 3.10.7.3.
    """

    code = "port-reused"
    stronger_than = (
        "still-open",
        "unanswered",
        "handshake-abandoned",
        "reset-ignored",
        "half-closed",
        "unknown-connection",
        "aborted",
        "refused",
        "retransmission-timeout",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            (f.start_seen == 1)
            & f.any_rst
            & (f.rst_sender == CLIENT)
            & (f.rst_answers_frame > 0)
            & (f.rst_space == 0)
            & ((f.rst_facts & np.uint64(FACT_SYN_ACK)) == 0)
            & ((f.facts & np.uint64(FACT_HANDSHAKE)) == 0)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.trigger(), row.rst()), side="client", peer="server")
