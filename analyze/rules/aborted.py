"""An abort: one end threw the connection away with RST."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class Aborted(Rule):
    """An abort: one end threw the connection away with RST.

    **What happened.** The RST has its sender's own numbers (RST+ACK, its next sequence number): its socket decided,
    no segment was answered. No FIN came before it.
    **Why.** Linux sends it when a socket is closed over unread data, with SO_LINGER 0, disconnected (connect to
    AF_UNSPEC), destroyed (ss -K), or when its listener goes. These packets are the same.
    **What each side sees.** The other end's first call says ECONNRESET, read or write alike, without SIGPIPE; then
    read returns end of file and write EPIPE. What had arrived can still be read on Linux, not on Windows.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        0.100 < R. 101:101(0) ack 201

    **Not to be confused with.**
    - `aborted-with-unread-data`: known only from the calls or from the kernel's reason
    - `aborted-without-unread-data`: as above; or nothing had come that could be unread
    - `write-after-peer-closed`: a FIN of the same end came before, and the RST answers data
    - `keepalive-timeout`: unanswered probes stand before the RST
    - `unknown-connection`: the RST answers a segment: no ACK flag, its number taken from there

    **Fix.** Record the calls (strace) or the kernel's reason (tcp:tcp_send_reset) at the RST's sender. Then read to
    end of file, or drop SO_LINGER 0.
    **References.** RFC 9293, 3.10.5; RFC 2525, 2.17; RFC 1122, 4.2.2.13.
    """

    code = "aborted"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.rst_is("active")
            & ~f.said(
                "TCP_ABORT_ON_CLOSE",
                "TCP_DISCONNECT_WITH_DATA",
                "TCP_STATE",
                "TCP_ABORT_ON_LINGER",
                "TCP_KEEPALIVE_TIMEOUT",
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        rivals = [("aborted-with-unread-data", "calls"), ("aborted-without-unread-data", "calls")]
        if row.sender == "server" and not row.rst_sent:
            rivals.append(("listener-gone", "calls"))
        evidence = (row.rst(), row.fin(row.sender), *row.by_kernel())
        return cls.held(evidence, *rivals, side=row.sender, peer=row.receiver)
