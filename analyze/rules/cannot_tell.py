"""Something that this capture does not show."""

from __future__ import annotations

import numpy as np

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class CannotTell(Rule):
    """Something that this capture does not show.

    **What happened.** No rule fits: only one direction was captured, the capture begins with the RST, or its
    packets contradict each other.
    **Why.** What was not captured cannot be told from what was not sent.
    **What each side sees.** Unknown.

    **Example.**

        0.000 < R. 500:500(0) ack 900

    **Not to be confused with.**
    - `unanswered`: the SYN is there, and the capture would have had the answer

    **Fix.** Capture both directions, from before the connection begins: at the end whose program complains.
    **References.** RFC 9293, 3.10.7.
    """

    code = "cannot-tell"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return np.zeros(len(f), dtype=np.bool_)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return cls.held((row.ends(),))
