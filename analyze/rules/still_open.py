"""Nothing yet: the connection is in use when the capture ends."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class StillOpen(Rule):
    """Nothing yet: the connection is in use when the capture ends."""

    code = "still-open"
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("open")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(cls.code, "implied", {}, (row.ends(),))
