"""A sender that had no answer, tried again, and gave up."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class RetransmissionTimeout(Rule):
    """A sender that had no answer, tried again, and gave up."""

    code = "retransmission-timeout"
    stronger_than = ("still-open", "half-closed", "closed")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("timed-out") | (f.gave_up < 2)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (Evidence("no-answer", {"n": max(row.tries_client, row.tries_server)}, (row.last_frame,)),)
        return Verdict(
            cls.code,
            "proved" if row.gave_up < 2 else "implied",
            {"n": max(row.tries_client, row.tries_server)},
            evidence,
        )
