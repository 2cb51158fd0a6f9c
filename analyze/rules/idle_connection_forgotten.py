"""A RST in answer to the first segment after a long silence: the connection had been forgotten meanwhile."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class IdleConnectionForgotten(Rule):
    """A RST in answer to the first segment after a long silence: the connection had been forgotten meanwhile.

    **What happened.** Nobody had sent anything for a minute or more. The next segment was answered with RST, though
    neither end had closed.
    **Why.** NAT, firewalls and load balancers strike out idle connections (AWS NAT gateway and NLB: 350 s), and some
    answer what comes next with RST, in the name of the other end. An end that was restarted meanwhile does the same.
    **What each side sees.** The sender of the segment: its write had succeeded; then read says ECONNRESET. New
    connections work at once. If a device on the path answered, the other end knows nothing, and waits.

    **Example.** Seen at the client, which takes the connection from its pool again after six minutes:

        local 192.0.2.1:40000
        remote 192.0.2.2:443
        0.000 > S 0:0(0) win 64240 <mss 1460>
        0.030 < S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.030 > . 1:1(0) ack 1
        0.040 > P. 1:101(100) ack 1
        0.075 < P. 1:201(200) ack 101
        0.075 > . 101:101(0) ack 201
        360.000 > P. 101:201(100) ack 201
        360.025 < R 201:201(0) win 0

    The RST comes after 1 ms where the server needs 80, and over fewer routers:

        local 192.0.2.1:40000
        remote 192.0.2.2:443
        0.000 > S 0:0(0) win 64240 <mss 1460>
        0.080 < S. 0:0(0) ack 1 win 65160 ttl 50 id 0 <mss 1460>
        0.080 > . 1:1(0) ack 1
        0.081 > P. 1:101(100) ack 1
        0.170 < P. 1:201(200) ack 101 ttl 50 id 700
        0.170 > . 101:101(0) ack 201
        360.000 > P. 101:201(100) ack 201
        360.001 < R 201:201(0) win 0 ttl 63 id 0

    **Not to be confused with.**
    - `unknown-connection`: no long silence before: the peer was restarted, or the path changed
    - `reset-by-firewall`: the end in whose name the RST came speaks again
    - `idle-timeout-reset`: the RSTs came to both ends, and answered nothing
    - `idle-connection-dropped`: nothing came back at all
    - `idle-timeout-race`: the RST's sender had closed with FIN
    - `half-open`: the segment was a keepalive probe

    **Fix.** Keepalive below the idle timeout of whatever stands between (tcp_keepalive_time is 2 h by default), a
    pool that drops idle connections sooner, a retry. A capture at the other end shows who sent the RST.
    **References.** RFC 5382, REQ-5; AWS: NAT gateway, idle timeout; RFC 9293, 3.5.1.
    """

    code = "idle-connection-forgotten"
    stronger_than = ("unknown-connection", "reset-forged")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.rst_is("reply")
            & f.after_silence
            & (f.rst_space > (f.receiver("probes") > 0))  # half-open: a keepalive probe, of one number at most
            & (f.sender("unacked") == 0)  # else it was not idle
            & ~f.sender_closed
            & ~f.any_reason
            & ~f.by("path")
            & ~f.proved_forged
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.silence_before_trigger(), row.trigger(), row.rst(), row.fin(row.sender), *row.against())
        rival = "reset-forged" if row.votes_accuse else "unknown-connection"
        return cls.held(evidence, (rival, "both-ends"), side=row.sender, peer=row.receiver, ns=row.rst_quiet_ns)
