"""A full accept queue: the listener answered the end of the handshake with RST."""

from __future__ import annotations

from ..story import Rival, Verdict
from . import Rule
from .facts import Facts, Mask, Row


class AcceptQueueOverflow(Rule):
    """A full accept queue: the listener answered the end of the handshake with RST."""

    code = "accept-queue-overflow"
    stronger_than = ("unknown-connection",)

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return (
            f.ended("reset")
            & f.by("server")
            & (
                f.said("INVALID_SYN")
                | (
                    ~f.any_reason
                    & f.rst_is("reply")
                    & ~f.sender_closed
                    & (f.rst_sent == 0)
                    & (f.rst_space == 0)
                    & (f.rst_answers_frame > 0)
                    & (f.start_seen == 1)
                    & (f.rst_distance == 0)
                    & (f.silence_ns < 1_000_000_000)
                )
            )
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        evidence = (row.trigger(), row.rst(), row.nothing_sent("server"), *row.by_kernel())
        if row.reason:
            return Verdict(cls.code, "proved", {"side": "server"}, evidence)
        return Verdict(
            cls.code, "compatible", {"side": "server"}, evidence, (Rival("unknown-connection", "listen-overflows"),)
        )
