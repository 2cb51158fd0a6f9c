"""Data written to a peer that had closed: its kernel answered with RST."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class WriteAfterPeerClosed(Rule):
    """Data written to a peer that had closed: its kernel answered with RST."""

    code = "write-after-peer-closed"
    stronger_than = ("unknown-connection",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.rst_is("reply")
            & f.sender_closed
            & (f.closed_first == f.rst_sender)
            & ((f.rst_space > 0) | (f.rst_answers_frame == 0))
            & ~f.by("path")
            & ~f.proved_forged
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            row.certainty,
            {"side": row.sender, "peer": row.receiver},
            (row.fin(row.sender), row.trigger(), row.rst(), *row.by_kernel()),
        )
