"""A RST that its receiver did not take: the connection went on."""

from __future__ import annotations

from ..story import Evidence, Verdict
from ..vocabulary import ACCEPTED_YES, WHYS
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ResetIgnored(Rule):
    """A RST that its receiver did not take: the connection went on.

    **What happened.** A RST came with a number that was not the next one expected, with a wrong checksum, or for a
    connection that was over. Its receiver went on.
    **Why.** RFC 5961, 3.2: only an exact number resets; one elsewhere in the window is answered with a challenge
    ACK, any other is dropped.
    **What each side sees.** No program sees anything.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.100 < R 5101:5101(0) win 0
        0.100 > . 1:1(0) ack 101
        0.130 > P. 1:201(200) ack 101
        0.140 < . 101:101(0) ack 201
        0.200 > F. 201:201(0) ack 101
        0.210 < F. 101:101(0) ack 202
        0.210 > . 202:202(0) ack 102

    **Not to be confused with.**
    - `reset-forged`: its receiver accepted it
    - `reset-after-close`: the connection was over
    - `lost-reset`: a second RST of the same end was accepted
    - `reset-took-the-path`: the receiver lives, but nothing arrives any more

    **Fix.** Nothing is broken here; somebody is guessing, or a packet is very late.
    **References.** RFC 5961, 3.2; RFC 9293, 3.10.7.4.
    """

    code = "reset-ignored"
    benign = True
    stronger_than = (
        "closed",
        "still-open",
        "half-closed",
        "simultaneous-close",
        "closed-without-answer",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.any_rst & (f.rst_accepted != ACCEPTED_YES) & f.ended("closed", "open", "half-closed") & ~f.after_both_fins
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = [row.rst()]
        if row.rst_why:
            evidence.append(Evidence("not-accepted", {"why": WHYS[row.rst_why]}, (row.rst_frame,)))
        return cls.held(evidence, side=row.sender, peer=row.receiver)
