"""A SYN that nobody answered."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class Unanswered(Rule):
    """A SYN that nobody answered."""

    code = "unanswered"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("unanswered")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            "implied",
            {"n": row.syn_client},
            (Evidence("syns", {"n": row.syn_client}, (row.first_frame, row.last_frame)),),
        )
