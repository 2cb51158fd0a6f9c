"""The close of an idle connection that crossed the next request."""

from __future__ import annotations

import numpy as np

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row

IDLE = 5  # round trips without a segment


class IdleTimeoutRace(Rule):
    """The close of an idle connection that crossed the next request."""

    code = "idle-timeout-race"
    stronger_than = ("write-after-peer-closed",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.rst_is("reply")
            & f.sender_closed
            & (f.closed_first == f.rst_sender)
            & (f.rst_sent > 0)
            & (f.rst_distance == -1)
            & (f.rst_space > 0)
            & (f.silence_ns >= IDLE * np.maximum(f.rtt_ns, 0))
            & ~f.by("path")
            & ~f.proved_forged
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            "implied",
            {"side": row.sender, "peer": row.receiver, "ns": row.silence_ns},
            (row.silence(), row.fin(row.sender), row.trigger(), row.rst(), *row.by_kernel()),
        )
