"""A RST in answer to the SYN: nothing listens there, or a firewall says so."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class Refused(Rule):
    """A RST in answer to the SYN: nothing listens there, or a firewall says so."""

    code = "refused"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("refused") & ~f.by("path") & ~f.proved_forged

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        if row.reason:
            return Verdict(cls.code, "proved", {"side": row.sender}, (row.trigger(), row.rst(), *row.by_kernel()))
        return Verdict(
            cls.code,
            "compatible",
            {"side": row.sender},
            (row.trigger(), row.rst()),
            (Rival("reset-by-firewall", "other-connections"),),
        )
