"""N7c: whether a RST closes the descriptor."""

from __future__ import annotations

from . import Claim, Evidence, Finding, NotMeasuredError, other


class N7c(Claim):
    """When a RST arrives, the layer above must close the descriptor, so that the "pipe" closes too.

    Measured: every call on the descriptor after the RST. A closed descriptor answers each with EBADF. On Linux nothing
    closes it: it stays open and answers, as a socket without a connection does, until the program itself closes it.
    """

    says = (
        'When a RST arrives, the layer above must close the descriptor: the "pipe" closes too, hence the error\'s name.'
    )
    scenarios = ("descriptor-after-reset",)
    changed = ("descriptor-after-reset-closed",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        left, _ = one.gone()
        resets = one.came(other(left), "RST")
        if not resets:
            raise NotMeasuredError(f"no RST came to the {other(left)}")
        used = [call for call in one.calls(other(left), after=resets[0].t_ns) if call.fd is not None]
        own = next((call for call in used if call.call == "close" and not call.errno), None)
        asked = [call for call in used if call is not own and (own is None or own is used[-1] or call.t_ns > own.t_ns)]
        if not asked:
            raise NotMeasuredError("nothing was called on the descriptor after the RST")
        gone = [call for call in asked if call.errno == "EBADF"]
        answers = ", ".join(dict.fromkeys(f"{call.call} {call.errno or call.says or call.result}" for call in asked))
        if own and own is used[-1]:
            end = ", until the program's own close returned 0"
        else:
            end = ", after the program itself had closed it" if own else ""
        return Finding(
            holds=len(gone) == len(asked),
            text=f"{len(gone)} of {len(asked)} calls on descriptor {asked[0].fd} after the RST failed with EBADF"
            f"{end} ({answers})",
            when="the program itself closes it",
        )
