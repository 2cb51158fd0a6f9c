"""A reader that had stopped reading: its window stood at 0 when the connection ended."""

from __future__ import annotations

from ..story import Side, Verdict
from . import Rule
from .facts import Facts, Mask
from .row import Row


class ZeroWindowStall(Rule):
    """A reader that had stopped reading: its window stood at 0 when the connection ended.

    **What happened.** The receiver's buffer was full and its program did not read. The sender could send nothing
    but probes. Then somebody gave up.
    **Why.** RFC 9293, 3.8.6: a window of 0 stops the sender; it probes for as long as the probes are acknowledged.
    Linux gives up only with TCP_USER_TIMEOUT or as an orphan.
    **What each side sees.** write waits at the sender. A reader that closes sends RST (unread data): ECONNRESET. A
    sender that gives up: ETIMEDOUT for itself, a cut stream for the reader.

    **Example.**

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 > . 1:1461(1460) ack 1
        0.030 < . 1:1(0) ack 1461 win 0
        0.250 > . 1460:1460(0) ack 1
        0.260 < . 1:1(0) ack 1461 win 0
        5.000 < R. 1:1(0) ack 1461 win 0

    Nobody has given up yet:

        0.000 < S 0:0(0) win 64240 <mss 1460>
        0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
        0.010 < . 1:1(0) ack 1
        0.020 > . 1:1461(1460) ack 1
        0.030 < . 1:1(0) ack 1461 win 0
        0.250 > . 1460:1460(0) ack 1
        0.260 < . 1:1(0) ack 1461 win 0

    **Not to be confused with.**
    - `retransmission-timeout`: the probes had no answer: the peer is gone, not slow
    - `aborted`: the window was open when the RST came
    - `still-open`: the window is open
    - `response-cut`: the window is open, and data is missing

    **Fix.** The receiver has to read; a server may have to drop slow readers (output buffer limits), and say so in
    its log.
    **References.** RFC 9293, 3.8.6.1; RFC 6429.
    """

    code = "zero-window-stall"
    stronger_than = (
        "aborted",
        "still-open",
        "half-closed",
        "aborted-mid-response",
        "response-cut",
        "early-answer",
        "aborted-after-fin",
        "reset-ignored",
    )

    @classmethod
    def when(cls, f: Facts) -> Mask:
        stands = f.stood("client") | f.stood("server")
        return stands & (
            f.ended("open", "half-closed", "timed-out") | (f.reset_itself & f.rst_is("active") & ~f.receiver_closed)
        )

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        side: Side = "client" if row.window_client == 0 and row.zero_windows_client else "server"
        peer: Side = "server" if side == "client" else "client"
        evidence = (row.stood(side), row.rst()) if row.any_rst else (row.stood(side),)
        return cls.held(evidence, side=side, peer=peer)
