"""Two aborts that crossed on the way."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class BothAborted(Rule):
    """Two aborts that crossed on the way."""

    code = "both-aborted"
    stronger_than = ("aborted", "aborted-with-unread-data", "aborted-without-unread-data", "listener-gone")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset") & f.by("both")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(cls.code, "implied", {}, (row.rst(), row.ends()))
