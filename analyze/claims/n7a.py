"""N7a: what a read says after one write to a closed peer."""

from __future__ import annotations

from . import READS, WRITES, Claim, Evidence, Finding, NotMeasuredError, fin_before, other, said


class N7a(Claim):
    """After one write to a client that has closed, the server's read fails with "Connection reset by peer".

    Measured: the server's write, the RST that answers it, what poll, read and SO_ERROR say after it, and whether the
    client's FIN came before the RST. On Linux it does: the stream has ended, a read says so, and goes on saying so. The
    RST leaves EPIPE as the error of a connection whose other end had closed. Where no FIN came first, the notes' words
    come out literally.
    """

    says = (
        "The client sends data, closes and exits. The server writes once, goes back to select and reads: "
        '"Connection reset by peer".'
    )
    scenarios = ("write-once",)
    changed = ("write-once-unread", "write-once-vanished")

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        left, _ = one.gone()
        writer = other(left)
        writes, resets = one.calls(writer, *WRITES), one.came(writer, "RST")
        if not writes:
            raise NotMeasuredError(f"the {writer} wrote nothing")
        since = resets[0].t_ns if resets else writes[0].t_ns
        reads = one.calls(writer, *READS, after=since)
        if not reads:
            raise NotMeasuredError(f"the {writer} did not read afterwards")
        asked = one.calls(writer, "poll", "getsockopt", after=since)
        polls = [said(call) for call in asked if call.call == "poll"]
        errors = [said(call) for call in asked if call.call == "getsockopt"]
        when = f"{'a' if fin_before(one, writer) else 'no'} FIN came before the RST" if resets else "no RST came"
        parts = [said(writes[0]), when, *polls[:1], said(reads[0]), *errors[:1]]
        return Finding(reads[0].errno == "ECONNRESET", "; ".join(parts), when)
