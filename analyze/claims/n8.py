"""N8: the quotation: reset by peer at the first write, broken pipe at the second."""

from __future__ import annotations

from . import READS, WRITES, Claim, Evidence, Finding, NotMeasuredError, fin_before, other, said


class N8(Claim):
    """If the other end closes or dies before the write, the first write fails with ECONNRESET, the second with EPIPE.

    Measured: the first two writes after the other end had gone, what its kernel had sent before them, and calls that
    may have taken the pending error first. An error is told once: the first call that asks gets ECONNRESET.
    """

    says = (
        'If the other end closes or dies before the write, the first write raises "Connection reset by peer" and the '
        'second "Broken pipe".'
    )
    scenarios = ("quotation", "quotation-ordinary-close")
    changed = ("quotation-read-first",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        left, since = one.gone()
        writer = other(left)
        writes = one.calls(writer, *WRITES, after=since)
        if len(writes) < 2:
            raise NotMeasuredError(f"the {writer} did not write twice after the {left} had gone")
        before = [call for call in one.calls(writer, *READS, "getsockopt", after=since) if call.t_ns < writes[0].t_ns]
        resets = [reset for reset in one.came(writer, "RST") if reset.t_ns < writes[0].t_ns]
        if fin_before(one, writer):
            when = "a FIN comes first"
        else:
            when = "the RST comes before any FIN" if resets else "neither FIN nor RST comes first"
        parts = [when.replace("comes", "came"), *(said(call) for call in before[:1])]
        parts += [f"the first {said(writes[0])}", f"the second {said(writes[1])}"]
        return Finding(
            holds=(writes[0].errno, writes[1].errno) == ("ECONNRESET", "EPIPE"),
            text="; ".join(parts),
            when=when,
        )
