"""A SYN in its middle: it went on, and Wireshark counts what follows as another connection."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class SynInTheMiddle(Rule):
    """A SYN in its middle: it went on, and Wireshark counts what follows as another connection.

    **What happened.** A SYN with other numbers came between the same ports. It got no SYN-ACK: the other end went on
    with its own numbers.
    **Why.** A SYN in an open connection is answered by a challenge ACK, and changes nothing (RFC 5961, 4). It was
    forged, or came from a host that had forgotten the connection. Wireshark begins a new tcp.stream at each SYN with
    a new number; so that numbers agree, so does finrst.
    **What each side sees.** Nothing, if the SYN was forged. How the connection ended is told of the one in which it
    goes on.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        1.000 < S 70000:70000(0) win 64240
        1.000 > . 201:201(0) ack 101
        1.010 < P. 101:201(100) ack 201
        1.010 > . 201:201(0) ack 201

    **Not to be confused with.**
    - `still-open`: the capture ends before the connection does
    - `port-reused`: the SYN began a new connection, and the other end asked back

    **Fix.** None is needed. If nobody restarted: who forges packets on this path?
    **References.** RFC 5961, 4; RFC 9293, 3.10.7.4.
    """

    code = "syn-in-the-middle"
    stronger_than = ("still-open", "half-closed")
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        found: Mask = f.ended("open", "half-closed") & (f.continued > 0)
        return found

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        number = row.continued - 1
        evidence = (Evidence("goes-on", {"n": number}, (row.continued_frame,)), row.ends())
        return cls.held(evidence, n=number)
