"""The first call that an application made after the last packet: what the table of next calls must have said."""

from __future__ import annotations

from finrst.analyze.outcomes.calls import POLLS, READS, WRITES, observed
from finrst.analyze.story import Call, Connection, Outcome, Returns, Side


def column(call: Call) -> str | None:
    """Where the call stands in the table."""
    if "MSG_OOB" in call.text or "MSG_PEEK" in call.text or call.fd is None:
        return None
    if call.call in READS:
        return "read"
    if call.call in WRITES:
        return "write"
    if call.call in POLLS:
        return "poll"
    return "so_error" if "SO_ERROR" in call.text else None


def first_after(connection: Connection, side: Side) -> Call | None:
    """The call, if there is one, after the last packet came to that end or left it.

    Reads of data that had come are not it, and nothing is known where a call was waiting, or met the RST before the
    last packet.
    """
    calls = [call for call in connection.calls if call.side == side and not call.on_listener]
    last_ns = max([connection.last_ns, *(segment.at(side) for segment in connection.segments)])
    over_ns = min([last_ns, *(segment.at(side) for segment in connection.segments if segment.reset is not None)])
    if any(call.t_ns <= last_ns and over_ns < (call.until_ns or 1 << 63) for call in calls):
        return None
    for call in calls:
        if call.t_ns <= last_ns:
            continue
        if column(call) is None:
            return None
        if not (column(call) == "read" and observed(call) == "ok"):
            return call
    return None


def said(outcome: Outcome, call: Call) -> bool:
    """Whether the table has what the call returned."""
    name, seen = column(call), observed(call)
    assert name is not None and seen is not None
    if outcome.next is None:
        return False
    values: list[Returns] = [outcome.next[name], *outcome.may_be.get(name, ())]
    if name == "poll":
        asked = {*str(call.arguments[1]).split(), "ERR", "HUP"}
        words = [{word for word in value if word in asked} for value in values]
        return set(seen) in words or set(seen) - {"IN"} in words  # IN: data waits
    return ("blocks" if seen == "EAGAIN" else seen) in values
