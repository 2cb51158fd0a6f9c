"""A forged RST: it came in the name of an end that had not sent it."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ResetForged(Rule):
    """A forged RST: it came in the name of an end that had not sent it.

    **What happened.** A RST was accepted, but its supposed sender goes on talking as if nothing had happened; or
    several signs that each mean little say together that it came from elsewhere.
    **Why.** Whoever sees the packets knows the number that RFC 5961 asks for. Signs: life after the RST; an answer
    sooner than the round trip allows; more RSTs with guessed numbers; another number of hops, another IP-ID
    counter, missing timestamps, RSTs with different ACK numbers. No single one of the last five accuses.
    **What each side sees.** The receiver gets ECONNRESET. The other end knows nothing, until its next segment is
    answered with RST.

    **Example.** Life after the RST, seen at the client:

        local 192.0.2.1:40000
        remote 192.0.2.2:80
        0.000 > S 0:0(0) win 64240 <mss 1460>
        0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 > . 1:1(0) ack 1
        0.020 > P. 1:101(100) ack 1
        0.030 < . 1:1(0) ack 101
        0.040 < R 1:1(0) win 0
        0.050 < P. 1:201(200) ack 101
        0.050 > R 101:101(0) win 0

    Signs taken together: 7 ms after the request on a path of 300 ms, and from another distance.

        local 192.0.2.1:40000
        remote 192.0.2.2:443
        0.000 > S 0:0(0) win 64240 <mss 1460>
        0.300 < S. 0:0(0) ack 1 win 65160 ttl 50 id 700 <mss 1460>
        0.300 > . 1:1(0) ack 1
        0.310 > P. 1:518(517) ack 1
        0.317 < R 1:1(0) win 0 ttl 61 id 0

    **Not to be confused with.**
    - `reset-by-firewall`: the segment that it answers never arrived
    - `unprompted-reset`: nothing but its form speaks against it
    - `aborted`: nothing speaks against its sender: TTL 255 or IP-ID 0 are habits of honest kernels
    - `reset-ignored`: its receiver did not take it

    **Fix.** Encrypt so that nobody on the way can read and choose (TLS with ECH, IPsec, TCP-AO against RSTs);
    another path.
    **References.** Weaver, Sommer, Paxson (NDSS 2009); Global, Passive Detection of Connection Tampering (SIGCOMM
    2023); RFC 5961; RFC 5925.
    """

    code = "reset-forged"
    stronger_than = (
        "aborted",
        "refused",
        "unprompted-reset",
        "unknown-connection",
        "aborted-without-unread-data",
        "health-check",
        "both-aborted",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset", "refused") & f.accused & ~f.by_firewall

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.rst(), *row.against())
        rival = ("reset-by-firewall", "both-ends")
        return cls.held(evidence, rival, proved=bool(row.proved_forged), side=row.sender, peer=row.receiver)
