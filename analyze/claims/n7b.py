"""N7b: the second write to a closed peer is the one that fails."""

from __future__ import annotations

from . import WRITES, Claim, Evidence, Finding, NotMeasuredError, other, said


class N7b(Claim):
    """The second write to a peer that has closed fails with "Broken pipe".

    A write returns when the kernel has taken the data. The first one is answered with RST; the next one finds the
    socket closed for sending. Measured: the writes after the peer's FIN, and whether a RST came between them. Where the
    RST is not back yet, the second write succeeds as well; and also where the FIN only ends the peer's own sending
    (shutdown), and no RST comes at all.
    """

    says = 'A server that writes twice to a client that has closed gets "Broken pipe" at the second write.'
    scenarios = ("write-twice", "write-twice-empty")
    changed = ("write-twice-back-to-back", "half-close")

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        left, since = one.finished()
        writer = other(left)
        all_writes = one.calls(writer, *WRITES, after=since)
        writes = [call for call in all_writes if call.arguments[2:3] != (0,)]
        if len(writes) < 2:
            raise NotMeasuredError(f"the {writer} did not write twice after the {left} had closed")
        first, second = writes[:2]
        resets = one.came(writer, "RST", after=first.t_ns)
        if not resets:
            when = "no RST came"
        else:
            when = f"the RST is back {'before' if resets[0].t_ns < second.t_ns else 'only after'} the second write"
        parts = [f"the first {said(first)}", when.replace("is back", "was back")]
        parts += [f"an empty {said(call)}" for call in all_writes if first.t_ns < call.t_ns < second.t_ns]
        return Finding(
            holds=not first.errno and second.errno == "EPIPE",
            text="; ".join([*parts, f"the second {said(second)}"]),
            when=when,
        )
