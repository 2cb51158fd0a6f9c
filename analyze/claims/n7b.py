"""N7b: the second write to a closed peer is the one that fails."""

from __future__ import annotations

from . import WRITES, Claim, Evidence, Finding, NotMeasuredError, other, said


class N7b(Claim):
    """The second write to a peer that has closed fails with "Broken pipe".

    A write returns when the kernel has taken the data. The first one is answered with RST; the next one finds the
    socket closed for sending. Measured: the writes after the peer's FIN, and whether a RST came between them. Where the
    FIN only ends the peer's own sending (shutdown), no RST comes, and both writes succeed.
    """

    says = 'A server that writes twice to a client that has closed gets "Broken pipe" at the second write.'
    scenarios = ("write-twice",)
    changed = ("half-close",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        left, since = one.finished()
        writer = other(left)
        writes = [call for call in one.calls(writer, *WRITES, after=since) if call.arguments[2:3] != (0,)]
        if len(writes) < 2:
            raise NotMeasuredError(f"the {writer} did not write twice after the {left} had closed")
        first, second = writes[:2]
        back = [reset for reset in one.sent(left, "RST", after=first.t_ns) if reset.t_ns < second.t_ns]
        answered = [reset for reset in one.sent(left, "RST") if reset.t_ns > first.t_ns]
        late = "the second write came before the RST" if answered else "no RST came"
        when = "the RST is back before the second write" if back else late
        return Finding(
            holds=not first.errno and second.errno == "EPIPE",
            text=f"the first {said(first)}, {when.replace('is back', 'was back')}, the second {said(second)}",
            when=when,
        )
