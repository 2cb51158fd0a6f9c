"""A RST that its receiver did not take: the connection went on."""

from __future__ import annotations

from ..story import Evidence, Verdict
from ..vocabulary import ACCEPTED_NO, WHYS
from . import Rule
from .facts import Facts, Mask, Row


class ResetIgnored(Rule):
    """A RST that its receiver did not take: the connection went on."""

    code = "reset-ignored"
    stronger_than = ("closed", "still-open", "half-closed")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.any_rst
            & (f.rst_accepted == ACCEPTED_NO)
            & f.ended("closed", "open", "half-closed", "timed-out")
            & ~f.after_both_fins
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            "implied",
            {"side": row.sender},
            (row.rst(), Evidence("not-accepted", {"why": WHYS[row.rst_why]}, (row.rst_frame,))),
        )
