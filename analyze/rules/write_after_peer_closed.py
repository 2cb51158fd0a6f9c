"""Data written to a peer that had closed: its kernel answered with RST."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class WriteAfterPeerClosed(Rule):
    """Data written to a peer that had closed: its kernel answered with RST.

    **What happened.** One end closed and sent FIN. The other end wrote all the same, and nobody was there to read
    it.
    **Why.** RFC 1122, 4.2.2.13: a host that has closed and gets data SHOULD send RST, so that the sender learns
    that it is lost. Linux: TCP_TIMEWAIT_SOCKET when the FIN was acknowledged before, else TCP_ABORT_ON_DATA.
    **What each side sees.** The first write succeeds: the kernel takes the data. When the RST is there read returns
    end of file (the FIN came first), and the next write fails with EPIPE and SIGPIPE. Not ECONNRESET.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 < F. 101:101(0) ack 1
        0.030 > . 1:1(0) ack 102
        2.000 > P. 1:201(200) ack 102
        2.010 < R 102:102(0) win 0

    **Not to be confused with.**
    - `idle-timeout-race`: the RST's number is one below what comes next: it was made before the FIN was
      acknowledged
    - `fin-wait-2-expired`: a minute or more lies between the FIN and the data
    - `late-fin`: what is answered is a FIN without data
    - `aborted`: there is no FIN before the RST
    - `unknown-connection`: there is no FIN of the RST's sender

    **Fix.** Look at what read returns before writing: 0 means that nobody may be there. Ignore SIGPIPE, and treat
    EPIPE as the end.
    **References.** RFC 1122, 4.2.2.13; RFC 9293, 3.6; RFC 2525, 2.17.
    """

    code = "write-after-peer-closed"
    stronger_than = (
        "unknown-connection",
        "unprompted-reset",
        "aborted-after-fin",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.closed_end_answered
            & ((f.rst_space > 0) | (f.rst_answers_frame == 0) | f.crossed_before)
            & ~(f.receiver_closed & (f.rst_space == 1))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.fin(row.sender), row.trigger(), row.rst(), *row.by_kernel())
        return cls.held(evidence, proved=row.reason > 0, side=row.sender, peer=row.receiver)
