"""A forged RST: it came in the name of an end that had not sent it, and answers nothing."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class ResetForged(Rule):
    """A forged RST: it came in the name of an end that had not sent it, and answers nothing."""

    code = "reset-forged"
    stronger_than = ("aborted", "refused")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset", "refused")
            & (f.by("path") | f.proved_forged)
            & ~(f.rst_is("reply", "syn-reply") & (f.rst_answers_frame > 0))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.rst(), row.not_its_own())
        if row.proved_forged:
            return Verdict(cls.code, "proved", {"side": row.sender}, evidence)
        return Verdict(
            cls.code, "compatible", {"side": row.sender}, evidence, (Rival("reset-by-firewall", "both-ends"),)
        )
