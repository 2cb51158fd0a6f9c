"""N5b: a process that dies, and what its kernel then sends."""

from __future__ import annotations

from . import READS, WRITES, Claim, Evidence, Finding, NotMeasuredError, other


class N5b(Claim):
    """When one side fails (crashes), it sends RST to tell the other.

    A process that dies cannot send anything: its kernel closes its sockets, as if each had called close. Measured: how
    the process ended, how many bytes stood unread in its socket, whether SO_LINGER was set to 0, and whether its kernel
    then sent FIN or RST.
    """

    says = "If one side of an established connection fails (crashes), it sends RST to tell the other."
    scenarios = ("unread-data", "unread-data-but-read", "unread-data-linger-0")
    changed = ()

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        left, since = one.gone()
        died = [end for end in one.exits(left) if end.signal]
        came = sum(max(call.result or 0, 0) for call in one.calls(other(left), *WRITES) if call.t_ns < since)
        taken = sum(max(call.result or 0, 0) for call in one.calls(left, *READS))
        lingers = [call for call in one.calls(left, "setsockopt") if call.arguments[1:] == ("SO_LINGER", 1, 0)]
        if not one.calls(left, "connect", "accept"):
            raise NotMeasuredError("there was no connection when the process ended")
        ended = f"killed by {died[0].signal}" if died else "the process closed its socket itself"
        state = f"{came - taken:,} bytes unread" if came > taken else "nothing unread"
        if lingers:
            state += ", SO_LINGER 0"
        fins, resets = one.sent(left, "FIN", after=since), one.sent(left, "RST", after=since)
        sent = "RST and no FIN" if resets and not fins else "FIN and no RST" if fins and not resets else "FIN, then RST"
        when = "the dead process left data unread" if came > taken else "it had read everything"
        return Finding(
            holds=bool(died) and bool(resets) and not fins,
            text=f"{ended} with {state}: its kernel sent {sent if fins or resets else 'nothing'}",
            when="SO_LINGER was set to 0" if lingers else when,
        )
