"""An orderly close: both ends sent FIN, and both were acknowledged."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class Closed(Rule):
    """An orderly close: both ends sent FIN, and both were acknowledged."""

    code = "closed"
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("closed") & ~f.any_rst

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        first = row.closer()
        fins = (row.fin(first or "client"), row.fin("client" if first == "server" else "server"))
        return Verdict(cls.code, "implied", {"side": first or "both"}, fins)
