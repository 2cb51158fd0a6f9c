"""Keepalive probes that nobody answered."""

from __future__ import annotations

from ..story import Evidence, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class KeepaliveTimeout(Rule):
    """Keepalive probes that nobody answered."""

    code = "keepalive-timeout"
    stronger_than = ("aborted", "retransmission-timeout", "listener-gone", "aborted-without-unread-data")

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return f.any_rst & (
            f.said("TCP_KEEPALIVE_TIMEOUT")
            | (~f.any_reason & f.rst_is("active") & (f.rst_probes > 0) & (f.rst_tries > 0))
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code,
            row.certainty,
            {"side": row.sender},
            (
                Evidence("probes", {"side": row.sender, "n": row.rst_probes}, (row.rst_frame,)),
                row.rst(),
                *row.by_kernel(),
            ),
        )
