"""Two aborts that crossed on the way."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class BothAborted(Rule):
    """Two aborts that crossed on the way.

    **What happened.** Each end reset the connection before the other's RST arrived. Neither RST found a socket any
    more.
    **Why.** RFC 9293, 3.5.2: a RST is never answered; to a closed socket it means nothing.
    **What each side sees.** Each program had decided for itself: nobody gets an error from the other.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460,TS val 1 ecr 0>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460,TS val 9 ecr 1>
        0.100 < . 1:1(0) ack 1 <TS val 2 ecr 9>
        1.000 > R. 1:1(0) ack 1 <TS val 10 ecr 2>
        1.040 < R. 1:1(0) ack 1 <TS val 3 ecr 9>

    **Not to be confused with.**
    - `simultaneous-close`: FINs crossed, not RSTs
    - `idle-timeout-reset`: a long silence before: something between the ends reset both
    - `aborted`: the second RST answers the first end's earlier segments

    **Fix.** If both have the same timeout, let one be shorter.
    **References.** RFC 9293, 3.5.2.
    """

    code = "both-aborted"
    stronger_than = (
        "aborted",
        "aborted-with-unread-data",
        "aborted-without-unread-data",
        "listener-gone",
        "health-check",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset") & f.by("both")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.rst(), row.ends()))
