"""Who ended a told connection and why: the answer that its record and its figures give alike.

ended.py finds it by packets, kernels' reasons and calls. Each function of the other modules looks for one thing that a
recording, or captures at both ends, prove beyond what the packets of one capture say; the first one that finds
something is told in its place. The sentences are words: `title-KEY`, `verdict-KEY` and `why-KEY`, as far as there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..story import Connection, Finding, Reset
from .closes import benign, health_check, shut_down, time_wait, unread
from .copies import own_packets, twice
from .ended import Ended
from .forgeries import believed, both_names, firewall_forgot, foreign_data, in_linux_time, old_stamp, stray
from .given_up import gave_up_before, half_open, icmp, keepalive, walled_off, window
from .openings import both_opened, cancelled, queue_given_up, queued, refused_by_icmp, unanswered
from .tries import without_answer

OF_A_CONNECTION = (
    believed, refused_by_icmp, unanswered, icmp, walled_off, half_open, window, both_opened, queued, queue_given_up,
    cancelled, twice, foreign_data,
)  # fmt: skip
OF_A_RESET = (
    stray, both_names, old_stamp, firewall_forgot, keepalive, gave_up_before, shut_down, unread, time_wait, benign,
    health_check,
)  # fmt: skip


def told_reset(connection: Connection) -> Reset | None:
    """The RST that gets the callout: the first that took effect, else the first; None without any packet of a RST."""
    packets = {segment.frame for segment in connection.segments if segment.duplicate_of is None}
    known = [reset for reset in connection.resets if reset.frame in packets]
    return next((reset for reset in known if reset.accepted is not False), known[0] if known else None)


def proved(connection: Connection, kernel: str = "") -> Finding | None:
    """The first thing that a recording or a second capture proves; None: nothing beyond the packets.

    `kernel`: of both ends, "Linux 6.18.44", as far as it is known.
    """
    found = next(_all(connection), None)
    return found if found is None or not kernel.startswith("Linux") else in_linux_time(found)


def _all(connection: Connection) -> Iterator[Finding]:
    for look in OF_A_CONNECTION:
        found = look(connection)
        if found is not None:
            yield found
    told = told_reset(connection)
    for judge in OF_A_RESET if told is not None else ():
        found = None if told is None else judge(connection, told)
        if found is not None:
            yield found


def ended(connection: Connection) -> Ended:
    """What packets, kernels and programs tell of the ending."""
    packets = own_packets(connection)
    return Ended(connection, told_reset(connection), packets, without_answer(connection, packets))


def with_finding(connection: Connection, kernel: str) -> Connection:
    """The connection whose headline says what is found of it, as surely as it is.

    Without proof the verdict stays as it is where the finding is less sure than it, or surer.
    """
    if not connection.verdicts:
        return connection
    head, *others = connection.verdicts
    beyond = proved(connection, kernel)
    found = beyond or ended(connection).answer()
    if beyond is None and found.certainty not in ("proved", head.certainty):
        return connection
    rivals = head.rivals if found.certainty == "compatible" else ()
    head = replace(head, certainty=found.certainty, rivals=rivals, finding=None if found.by_rule else found)
    return replace(connection, verdicts=(head, *others))
