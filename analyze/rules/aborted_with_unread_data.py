"""A close (or death) of a program that had not read everything."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class AbortedWithUnreadData(Rule):
    """A close (or death) of a program that had not read everything."""

    code = "aborted-with-unread-data"
    stronger_than = ("aborted",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("reset") & f.said("TCP_ABORT_ON_CLOSE", "TCP_DISCONNECT_WITH_DATA")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(cls.code, "proved", {"side": row.sender, "peer": row.receiver}, (row.rst(), *row.by_kernel()))
