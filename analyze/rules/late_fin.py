"""A FIN to a peer that had closed long before: answered with RST, and nobody is hurt."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class LateFin(Rule):
    """A FIN to a peer that had closed long before: answered with RST, and nobody is hurt.

    **What happened.** One end closed, and its kernel has forgotten the connection. The other end closes at last;
    its FIN meets no socket.
    **Why.** RFC 9293, 3.10.7.1: any segment to a closed port is answered with RST. The FIN_WAIT_2 of an orphan ends
    after tcp_fin_timeout (Linux: 60 s).
    **What each side sees.** Both programs had closed: nobody sees an error.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 < F. 101:101(0) ack 1
        0.030 > . 1:1(0) ack 102
        90.000 > F. 1:1(0) ack 102
        90.010 < R 102:102(0) win 0

    **Not to be confused with.**
    - `write-after-peer-closed`: the late segment carries data
    - `reset-after-close`: the second FIN was acknowledged
    - `unknown-connection`: the RST's sender had not sent FIN

    **Fix.** Nothing is lost. An end that closes so late holds its descriptors longer than it needs them.
    **References.** RFC 9293, 3.10.7.1; ip-sysctl: tcp_fin_timeout.
    """

    code = "late-fin"
    stronger_than = (
        "unknown-connection",
        "aborted-after-fin",
    )
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.closed_end_answered & f.receiver_closed & (f.rst_space == 1)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.fin(row.sender), row.ages(), row.trigger(), row.rst(), *row.by_kernel())
        return cls.held(evidence, proved=row.reason > 0, side=row.sender, peer=row.receiver)
