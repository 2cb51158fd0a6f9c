"""A listener that was closed while the connection still waited to be accepted."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class ListenerGone(Rule):
    """A listener that was closed while the connection still waited to be accepted."""

    code = "listener-gone"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.by("server")
            & (
                (f.said("TCP_STATE") & f.did("listener-close", "died"))
                | (~f.any_reason & f.rst_is("active") & (f.rst_sent == 0) & ~f.sender_closed & (f.start_seen == 1))
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.rst(), row.nothing_sent("server"), *row.by_kernel())
        if row.act:
            return Verdict(cls.code, "proved", {"side": "server"}, evidence)
        return Verdict(
            cls.code,
            "compatible",
            {"side": "server"},
            evidence,
            (Rival("aborted-with-unread-data", "calls"), Rival("aborted-without-unread-data", "calls")),
        )
