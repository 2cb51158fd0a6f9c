"""A full accept queue: the connection was open for the client only."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class AcceptQueueFull(Rule):
    """A full accept queue: the connection was open for the client only.

    **What happened.** The client got its SYN-ACK, so that its connect succeeded. But nothing that it sent was ever
    acknowledged: no packet of the server but the SYN-ACK.
    **Why.** Linux drops the last ACK, and the data behind it, while the accept queue is full, and sends the SYN-ACK
    again. When the queue stays full the half-open connection is forgotten; the next segment then gets RST.
    **What each side sees.** connect and write succeed, then silence: the program's own timeout, ETIMEDOUT, or
    ECONNRESET late. The server's program sees nothing.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.220 < P. 1:101(100) ack 1
        0.640 < P. 1:101(100) ack 1
        1.000 > S. 0:0(0) ack 1
        1.010 < . 101:101(0) ack 1
        1.480 < P. 1:101(100) ack 1

    Forgotten, and then found out:

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.220 < P. 1:101(100) ack 1
        0.640 < P. 1:101(100) ack 1
        0.640 > R 1:1(0) win 0

    **Not to be confused with.**
    - `retransmission-timeout`: the server had acknowledged something before
    - `accept-queue-overflow`: RST at once, at the end of the handshake
    - `unanswered`: the SYN itself had no answer

    **Fix.** nstat TcpExtListenOverflows and TcpExtListenDrops at the server; ss -ltn shows the queue. A larger
    backlog, faster accept.
    **References.** listen(2).
    """

    code = "accept-queue-full"
    stronger_than = (
        "retransmission-timeout",
        "unknown-connection",
        "still-open",
        "half-closed",
        "aborted",
        "aborted-after-fin",
        "accept-queue-overflow",
        "unprompted-reset",
        "response-cut",
        "aborted-without-unread-data",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            (f.start_seen == 1)
            & f.ended("reset", "timed-out", "open", "half-closed")
            & ~f.accused
            & (f.bytes_server == 0)
            & (f.bytes_client > 0)
            & (f.syn_server > 0)
            & (f.packets_server == f.syn_server + f.rst_server)
            & (f.retransmissions_client >= 2)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = [Evidence("only-syn-acks", {"n": row.syn_server}, (row.first_frame,))]
        evidence.append(Evidence("no-answer", {"n": row.retransmissions_client + 1}, (row.last_frame,)))
        if row.any_rst:
            evidence += [row.rst(), *row.by_kernel()]
        rivals = [("retransmission-timeout", "listen-overflows")]
        if row.never_accepted:
            evidence.append(Evidence("never-accepted", {"side": "server"}))
            rivals = []
        return cls.held(evidence, *rivals, side="server", peer="client")
