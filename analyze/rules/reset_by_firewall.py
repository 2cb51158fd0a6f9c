"""A RST in answer to a segment, in the name of an end whose TCP did not send it."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ResetByFirewall(Rule):
    """A RST in answer to a segment, in the name of an end whose TCP did not send it.

    **What happened.** A segment was answered with RST and never arrived: the end in whose name the RST came talks
    on, and does not acknowledge that segment. Something on the way has kept it and answered.
    **Why.** A firewall that rejects (nft reject with tcp reset) and a middlebox that has forgotten an idle
    connection send the RST that a kernel without the connection would send.
    **What each side sees.** The receiver of the RST gets ECONNRESET (ECONNREFUSED for a SYN). The other end learns
    it when it writes next.

    **Example.** Seen at the client:

        local 192.0.2.1:40000
        remote 192.0.2.2:80
        0.000 > S 0:0(0) win 64240 <mss 1460>
        0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 > . 1:1(0) ack 1
        0.020 > P. 1:101(100) ack 1
        0.030 < . 1:1(0) ack 101
        400.000 > P. 101:201(100) ack 1
        400.010 < R 1:1(0) win 0
        401.000 < P. 1:201(200) ack 101
        401.000 > R 101:101(0) win 0

    **Not to be confused with.**
    - `unknown-connection`: the end in whose name it came never speaks again
    - `idle-connection-forgotten`: the same, after a long silence
    - `reset-forged`: the segment did arrive, or the RST answers none
    - `refused`: nothing shows that a server is there

    **Fix.** Find the device: its TTL is often another; capture on both sides of it. Keepalive below its idle
    timeout, or a rule for this traffic.
    **References.** RFC 5382, REQ-5.
    """

    code = "reset-by-firewall"
    stronger_than = (
        "refused",
        "unknown-connection",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.by_firewall

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        silence = (row.silence_before_trigger(),) if row.after_silence else ()
        evidence = (*silence, row.trigger(), row.rst(), *row.against())
        rival = ("reset-forged", "both-ends")
        return cls.held(evidence, rival, proved=bool(row.proved_forged), side=row.sender, peer=row.receiver)
