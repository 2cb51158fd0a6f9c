"""One FIN only: the other end had not closed when the capture ends."""

from __future__ import annotations

from ..story import Side, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class HalfClosed(Rule):
    """One FIN only: the other end had not closed when the capture ends."""

    code = "half-closed"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("half-closed")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        side: Side = "client" if row.fin_client else "server"
        return Verdict(cls.code, "implied", {"side": side}, (row.fin(side),))
