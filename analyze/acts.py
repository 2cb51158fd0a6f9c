"""What the program at a RST's sender had done when the RST was sent, from the calls and ends of a recording."""

from __future__ import annotations

from .story import Connection, Reset

READS = ("read", "recv", "recvfrom")
UNCOUNTED = ("readv", "recvmsg", "splice", "recvmmsg")  # they read, too: not by one number
MOMENT_NS = 1_000_000  # between a call and the RST that it caused


def act(connection: Connection, reset: Reset) -> str:
    """One of vocabulary.ACTS: what brought its socket down; "nothing" if its calls are known and none did."""
    until = reset.ts_ns + MOMENT_NS
    calls = [
        call for call in connection.calls if call.side == reset.sender and call.t_ns <= until and call.result != -1
    ]
    own = [call for call in calls if not call.on_listener]
    died = any(e.side == reset.sender and e.signal is not None and e.t_ns <= until for e in connection.exits)
    closed = any(call.call == "close" for call in own)
    if any(call.call == "connect" and "AF_UNSPEC" in call.text for call in own):
        return "disconnect"
    if any(call.call == "setsockopt" and "SO_LINGER" in call.text for call in own) and (died or closed):
        return "linger"
    waited = reset.sender == "server" and not any(call.call == "accept" for call in calls)
    if waited and (died or any(call.call == "close" and call.on_listener for call in calls)):
        return "listener-close"
    if closed:
        return "close"
    if died:
        return "died"
    return "nothing" if own else ""


def never_accepted(connection: Connection) -> bool:
    """Whether the server's program listened and, by its calls, accepted nothing: its queue was left to fill."""
    listens = any(call.call == "listen" and call.result == 0 for call in connection.calls)
    return listens and not any(call.call.startswith("accept") for call in connection.calls)


def read_all(connection: Connection, reset: Reset, received: int) -> bool | None:
    """Whether the program at a RST's sender had read all `received` bytes when it was sent; None where that is unknown.

    Its calls are known if one of them is (connect or accept, then all of its socket's).
    """
    calls = [
        call
        for call in connection.calls
        if call.side == reset.sender and call.t_ns <= reset.ts_ns + MOMENT_NS and not call.on_listener
    ]
    if not any(call.call in ("connect", "accept") for call in calls):
        return None
    if any(call.call in UNCOUNTED or "MSG_PEEK" in call.text or "MSG_OOB" in call.text for call in calls):
        return None
    return sum(call.result or 0 for call in calls if call.call in READS and (call.result or 0) > 0) >= received
