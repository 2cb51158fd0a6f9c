"""A segment for a connection that its receiver did not know (any more)."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class UnknownConnection(Rule):
    """A segment for a connection that its receiver did not know (any more)."""

    code = "unknown-connection"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset") & f.rst_is("reply") & ~f.sender_closed & ~f.by("path") & ~f.proved_forged

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), row.fin(row.sender), *row.by_kernel())
        values = {"side": row.sender, "peer": row.receiver}
        if row.reason:
            return Verdict(cls.code, "proved", values, evidence)
        return Verdict(
            cls.code,
            "compatible",
            values,
            evidence,
            (Rival("reset-by-firewall", "life-after-rst"), Rival("reset-forged", "both-ends")),
        )
