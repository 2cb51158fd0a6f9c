"""A probe: connect, and RST without a byte of data."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class HealthCheck(Rule):
    """A probe: connect, and RST without a byte of data.

    **What happened.** A client completed the handshake and reset the connection at once. Neither end sent a byte.
    **Why.** A load balancer wants to know whether the port answers; RST spares both ends TIME_WAIT (SO_LINGER 0).
    Scanners, and the losers of parallel connects, do the same.
    **What each side sees.** The server accepts a connection whose first read fails with ECONNRESET: noise in its
    log.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.011 < R. 1:1(0) ack 1

    **Not to be confused with.**
    - `handshake-abandoned`: the handshake was not completed
    - `aborted-without-unread-data`: data was sent, or the server did it
    - `closed`: the polite form ends with FIN
    - `aborted`: bytes were exchanged

    **Fix.** Nothing is broken. Use an application-level check, or keep these addresses out of the error log.
    **References.** RFC 8305.
    """

    code = "health-check"
    stronger_than = (
        "aborted",
        "aborted-without-unread-data",
        "handshake-abandoned",
    )
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset", "handshake-incomplete")
            & ~f.accused
            & f.by("client")
            & f.rst_is("active")
            & (f.bytes_client == 0)
            & (f.bytes_server == 0)
            & (f.packets_server > 0)
            & ~f.sender_closed
            & ~f.receiver_closed
            & (f.rst_probes == 0)
            & (f.start_seen == 1)
            & ~f.did("disconnect", "nothing")
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held(
            (row.rst(), row.nothing_sent("client"), row.nothing_sent("server")), side="client", peer="server"
        )
