"""N5a: a SYN to a port on which no server listens."""

from __future__ import annotations

from ..story import RST, SYN
from . import Claim, Evidence, Finding, NotMeasuredError, said


class N5a(Claim):
    """A connection attempt to a port on which no server listens is answered with RST.

    Measured: what the SYN was answered with, and what connect said. Where a server listens the same SYN is answered
    with SYN and ACK.
    """

    says = "A connection attempt to a port on which no server listens is answered with RST."
    scenarios = ("refused",)
    changed = ("close-client-first",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        attempts = one.calls("client", "connect")
        if not attempts or not one.connection.syn.client:
            raise NotMeasuredError("nobody tried to connect")
        answers = [segment for segment in one.connection.segments if segment.side == "server"]
        resets = [segment for segment in answers if segment.flags & RST and not segment.flags & SYN]
        if not answers:
            answer = "nothing answered the SYN"
        elif answers[0] in resets:
            passed = (answers[0].ts_ns - one.connection.first_ns) / 1000
            answer = f"RST answered the SYN after {passed:,.0f} µs"
        else:
            answer = "the SYN was answered with SYN and ACK"
        return Finding(
            holds=bool(answers) and answers[0] in resets and attempts[0].errno == "ECONNREFUSED",
            text=f"{answer}; {said(attempts[0])}",
            when="nothing listens and nothing is in the way" if resets else "a server listens",
        )
