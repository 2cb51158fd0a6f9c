"""An abort: one end threw the connection away with RST."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class Aborted(Rule):
    """An abort: one end threw the connection away with RST."""

    code = "aborted"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset") & f.rst_is("active") & ~f.by("path") & ~f.proved_forged & ~f.any_reason

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            "compatible",
            {"side": row.sender, "peer": row.receiver},
            (row.rst(), row.fin(row.sender)),
            (Rival("aborted-with-unread-data", "calls"), Rival("aborted-without-unread-data", "calls")),
        )
