"""A RST in answer to a segment, in the name of an end whose TCP did not send it."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class ResetByFirewall(Rule):
    """A RST in answer to a segment, in the name of an end whose TCP did not send it."""

    code = "reset-by-firewall"
    stronger_than = ("refused", "unknown-connection", "reset-forged")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset", "refused")
            & (f.by("path") | f.proved_forged)
            & f.rst_is("reply", "syn-reply")
            & (f.rst_answers_frame > 0)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), row.not_its_own())
        if row.proved_forged:
            return Verdict(cls.code, "proved", {"side": row.sender}, evidence)
        return Verdict(cls.code, "compatible", {"side": row.sender}, evidence, (Rival("reset-forged", "both-ends"),))
