"""A probe: connect, and RST without a byte of data."""

from __future__ import annotations

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class HealthCheck(Rule):
    """A probe: connect, and RST without a byte of data."""

    code = "health-check"
    stronger_than = ("aborted", "aborted-without-unread-data", "handshake-abandoned")
    benign = True

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset", "handshake-incomplete")
            & f.by("client")
            & f.rst_is("active")
            & (f.bytes_client == 0)
            & (f.bytes_server == 0)
            & ~f.sender_closed
            & (f.start_seen == 1)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(
            cls.code, "implied", {"side": "client"}, (row.rst(), row.nothing_sent("client"), row.nothing_sent("server"))
        )
