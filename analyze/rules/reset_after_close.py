"""A RST after both ends had closed in order: it changed nothing."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class ResetAfterClose(Rule):
    """A RST after both ends had closed in order: it changed nothing."""

    code = "reset-after-close"
    stronger_than = ("reset-ignored", "closed")
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("closed") & f.any_rst & f.after_both_fins

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            "implied",
            {"side": row.sender},
            (row.fin("client"), row.fin("server"), row.rst(), *row.by_kernel()),
        )
