"""An abort on purpose: SO_LINGER 0, connect(AF_UNSPEC), or from outside."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class AbortedWithoutUnreadData(Rule):
    """An abort on purpose: SO_LINGER 0, connect(AF_UNSPEC), or from outside."""

    code = "aborted-without-unread-data"
    stronger_than = ("aborted",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset", "handshake-incomplete") & (
            f.said("TCP_STATE", "TCP_ABORT_ON_LINGER")
            | (
                ~f.any_reason
                & f.rst_is("active")
                & (f.rst_received == 0)
                & (f.rst_probes == 0)
                & ~f.sender_closed
                & ~f.by("path")
                & ~f.proved_forged
                & (f.start_seen == 1)
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (
            (row.rst(), row.nothing_received(row.sender), *row.by_kernel())
            if not row.reason
            else (row.rst(), *row.by_kernel())
        )
        return Verdict(cls.code, row.certainty, {"side": row.sender, "peer": row.receiver}, evidence)
