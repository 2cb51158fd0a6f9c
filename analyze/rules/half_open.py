"""A keepalive probe of a connection that the other end had forgotten."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class HalfOpen(Rule):
    """A keepalive probe of a connection that the other end had forgotten.

    **What happened.** One end asked for a sign of life, and the other's kernel knew no such connection: it was
    restarted, or had given up.
    **Why.** RFC 1122, 4.2.3.6 and RFC 9293, 3.5.1: the probe is a segment like any other to a host without the
    connection, and gets RST.
    **What each side sees.** The prober's program reads ECONNRESET, without having written anything.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        60.000 < . 100:100(0) ack 201
        60.000 > R 201:201(0) win 0

    **Not to be confused with.**
    - `keepalive-timeout`: the probes had no answer at all
    - `unknown-connection`: what is answered is data or FIN
    - `reset-by-firewall`: the end in whose name the RST came goes on talking

    **Fix.** Nothing at the prober: keepalive did its work. Find out why the other end forgot.
    **References.** RFC 1122, 4.2.3.6; RFC 9293, 3.5.1.
    """

    code = "half-open"
    stronger_than = ("unknown-connection",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.rst_is("reply")
            & ~f.sender_closed
            & (f.rst_space <= 1)
            & (f.rst_answers_frame > 0)
            & (f.receiver("probes") > 0)
            & ~f.receiver_closed
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), row.fin(row.sender), *row.by_kernel())
        rivals = (("reset-by-firewall", "life-after-rst"),)
        return cls.held(evidence, *rivals, proved=row.reason > 0, side=row.sender, peer=row.receiver)
