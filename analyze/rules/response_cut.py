"""An abort that left the sender's own data undelivered."""

from __future__ import annotations

import numpy as np

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row

AT_ONCE_NS = 1_000_000  # behind its own last segment


class ResponseCut(Rule):
    """An abort that left the sender's own data undelivered.

    **What happened.** The end that aborted had data on its way that the other had time to acknowledge and did not.
    What its program had written and the kernel not yet sent is gone as well.
    **Why.** RFC 9293, 3.10.5: an abort drops the send queue. Every write had succeeded: write only hands data to
    the kernel. Measured: 113 kB of 3.9 MB arrived, for 4 unread bytes.
    **What each side sees.** The other end reads what had arrived, then ECONNRESET: a truncated answer. The program
    that aborted sees no error at all.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 < P. 1:101(100) ack 1
        0.020 > . 1:1(0) ack 101
        0.030 > . 1:1461(1460) ack 101
        0.040 < . 101:101(0) ack 1461
        0.040 > . 1461:2921(1460) ack 101
        0.250 > . 1461:2921(1460) ack 101
        0.400 > R. 2921:2921(0) ack 101

    **Not to be confused with.**
    - `aborted`: everything that was sent had been acknowledged, or had no time to be
    - `aborted-mid-response`: the other end's data was cut, not the sender's own
    - `zero-window-stall`: the reader's window was 0 at the end

    **Fix.** shutdown(SHUT_WR), read until 0, then close. Say how long an answer is (Content-Length), so that a cut
    one is noticed.
    **References.** RFC 2525, 2.17; RFC 9112, 8 and 9.6.
    """

    code = "response-cut"
    stronger_than = (
        "aborted",
        "early-answer",
        "aborted-mid-response",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.reset_itself
            & f.rst_is("active")
            & ~f.sender_closed
            & (f.rst_sent > 0)
            & (f.sender("unacked") > 0)
            & (f.rst_silence_ns > np.maximum(f.rtt_ns, AT_ONCE_NS))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        rivals = (("aborted-with-unread-data", "calls"), ("aborted-without-unread-data", "calls"))
        evidence = (row.unacked(row.sender), row.rst(), row.fin(row.sender))
        n = row.count("unacked", row.sender)
        return cls.held(evidence, *rivals, side=row.sender, peer=row.receiver, n=n)
