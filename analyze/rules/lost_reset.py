"""A RST that was lost on its way, and a second one that arrived."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class LostReset(Rule):
    """A RST that was lost on its way, and a second one that arrived.

    **What happened.** One end had reset the connection; its RST never arrived. The other end went on, and its next
    segment met no socket.
    **Why.** A RST is not acknowledged and not repeated (RFC 9293, 3.5.2). The second RST is an ordinary answer to a
    segment without a connection.
    **What each side sees.** The end that went on learns it late: ECONNRESET after its next write.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        0.100 < R. 101:101(0) ack 201
        2.000 > P. 201:301(100) ack 101
        2.010 < R 101:101(0) win 0

    **Not to be confused with.**
    - `unknown-connection`: there is no earlier RST of the same end
    - `aborted`: the first RST was accepted
    - `reset-ignored`: the connection went on for good

    **Fix.** Look for loss on the path; otherwise as in aborted.
    **References.** RFC 9293, 3.5.2.
    """

    code = "lost-reset"
    stronger_than = (
        "unknown-connection",
        "half-open",
        "unprompted-reset",
        "retransmission-timeout",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.reset_itself & f.rst_is("reply") & f.lost_before & ~f.sender_closed

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (
            Evidence("reset-lost", {"side": row.sender}, (row.rst_frame,)),
            row.trigger(),
            row.rst(),
            *row.by_kernel(),
        )
        return cls.held(evidence, side=row.sender, peer=row.receiver)
