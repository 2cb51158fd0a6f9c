"""A full accept queue: the listener answered the end of the handshake with RST."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row

AT_ONCE_NS = 1_000_000_000


class AcceptQueueOverflow(Rule):
    """A full accept queue: the listener answered the end of the handshake with RST.

    **What happened.** The client's last ACK of the handshake met a full accept queue, and tcp_abort_on_overflow was
    set.
    **Why.** Linux: tcp_check_req sends RST instead of dropping the ACK (reason INVALID_SYN in 6.18). By default it
    drops it in silence: see accept-queue-full.
    **What each side sees.** connect succeeds; the first call after it says ECONNRESET. The server's program sees
    nothing.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.010 > R 1:1(0) win 0

    **Not to be confused with.**
    - `accept-queue-full`: no RST: the request is sent again and again
    - `unknown-connection`: the RST answers data, or comes long after the handshake
    - `refused`: the RST answers the SYN
    - `health-check`: the client sent it

    **Fix.** A larger backlog (listen) and somaxconn; accept faster; leave tcp_abort_on_overflow at 0.
    **References.** ip-sysctl: tcp_abort_on_overflow; nstat TcpExtListenOverflows.
    """

    code = "accept-queue-overflow"
    stronger_than = ("unknown-connection",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.by("server")
            & (
                f.said("INVALID_SYN")
                | (
                    ~f.any_reason
                    & f.rst_is("reply")
                    & ~f.sender_closed
                    & (f.rst_sent == 0)
                    & (f.rst_received == 0)
                    & (f.rst_space == 0)
                    & (f.rst_answers_frame > 0)
                    & (f.start_seen == 1)
                    & (f.rst_distance == 0)
                    & (f.silence_ns < AT_ONCE_NS)
                    & (f.probes_client == 0)
                )
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), row.nothing_sent("server"), *row.by_kernel())
        rival = ("unknown-connection", "listen-overflows")
        return cls.held(evidence, rival, proved=row.reason > 0, side="server", peer="client")
