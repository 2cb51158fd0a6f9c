"""A bare RST that answers no segment of the capture."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class UnpromptedReset(Rule):
    """A bare RST that answers no segment of the capture.

    **What happened.** The RST has no ACK flag, so that it should be an answer; but no segment was under way that it
    could answer.
    **Why.** A TCP that aborts sends RST+ACK; one that answers needs a segment (RFC 9293, 3.5.2). Firewalls, load
    balancers, and other stacks do not keep to that.
    **What each side sees.** The receiver's next call says ECONNRESET. Whether the other end knows of it cannot be
    seen here.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > P. 1:201(200) ack 101
        0.040 < . 101:101(0) ack 201
        8.000 > R 201:201(0) win 0

    **Not to be confused with.**
    - `aborted`: the RST has an ACK: its socket decided
    - `unknown-connection`: a segment stands before it that it answers
    - `idle-timeout-reset`: both ends got one, after a long silence
    - `reset-forged`: more speaks against its sender: it speaks on, or the RST came too early

    **Fix.** Capture at the end in whose name it came: did it send it? Then look at what stands between.
    **References.** RFC 9293, 3.5.2; Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets (NDSS 2009).
    """

    code = "unprompted-reset"
    stronger_than = (
        "unknown-connection",
        "aborted",
        "aborted-without-unread-data",
        "closed-without-answer",
        "response-cut",
        "early-answer",
        "aborted-mid-response",
        "health-check",
        "zero-window-stall",
        "retransmission-timeout",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.bare
            & (f.rst_answers_frame == 0)
            & ~f.sender_closed
            & ~f.any_reason
            & (f.act == 0)
            & (f.receiver("packets") > f.receiver("rst"))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.rst(), Evidence("answers-nothing", {"side": row.sender}, (row.rst_frame,)))
        rivals = (("reset-forged", "both-ends"), ("unknown-connection", "both-ends"), ("aborted", "calls"))
        return cls.held(evidence, *rivals, side=row.sender, peer=row.receiver)
