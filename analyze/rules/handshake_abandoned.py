"""A handshake that the client did not complete."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class HandshakeAbandoned(Rule):
    """A handshake that the client did not complete."""

    code = "handshake-abandoned"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.ended("handshake-incomplete")

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(cls.code, "implied", {"side": "client"}, (row.ends(),))
