"""A server that closed as soon as the client had spoken, without a byte in answer."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import SERVER, Facts, Mask
from .row import Row

PROMPT_NS = 1_000_000_000


class ClosedWithoutAnswer(Rule):
    """A server that closed as soon as the client had spoken, without a byte in answer.

    **What happened.** The handshake was complete and the client sent something; the server sent nothing at all, and
    closed (FIN) or aborted (RST).
    **Why.** A program that cannot make sense of its first bytes, bans the peer, or dies over them, closes. If it
    has read them its kernel sends FIN; if not, RST (RFC 9293, 3.10.4; Linux: tcp_close).
    **What each side sees.** FIN: the client reads end of file. RST: it gets ECONNRESET. The server's log often has
    the reason.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.021 > F. 1:1(0) ack 101
        0.031 < F. 101:101(0) ack 2
        0.031 > . 2:2(0) ack 102

    Without reading:

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.022 > R. 1:1(0) ack 101

    **Not to be confused with.**
    - `closed`: the server answered before it closed, or waited
    - `listener-gone`: the connection was never accepted: the listener closed. Only calls tell
    - `aborted`: the server had sent data before
    - `accept-queue-overflow`: the RST answers the end of the handshake, and acknowledges no request

    **Fix.** Look for the wrong protocol on this port (HTTP to TLS, a missing PROXY header), for limits
    (MaxStartups, fail2ban), and for a crash at the first request.
    **References.** RFC 9112, 9.6.
    """

    code = "closed-without-answer"
    stronger_than = (
        "closed",
        "aborted",
        "simultaneous-close",
        "response-cut",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            (f.start_seen == 1)
            & (f.syn_server > 0)
            & (f.bytes_server == 0)
            & (f.bytes_client > 0)
            & (f.closed_first == SERVER)
            & (
                (f.ended("closed") & ~f.any_rst & (f.silence_ns < PROMPT_NS))
                | (
                    f.reset_itself
                    & f.by("server")
                    & f.rst_is("active")
                    & ~f.any_reason
                    & (f.act == 0)
                    & (f.rst_received > 0)
                )
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        if not row.any_rst:
            evidence = (row.nothing_sent("server"), row.fin("server"))
            return cls.held(evidence, side="server", peer="client", flag="FIN")
        rivals = (
            ("aborted-with-unread-data", "calls"),
            ("aborted-without-unread-data", "calls"),
            ("listener-gone", "calls"),
        )
        evidence = (row.nothing_sent("server"), row.rst())
        return cls.held(evidence, *rivals, side="server", peer="client", flag="RST")
