"""The kernel's events from a text trace recorded by hand: tracefs's `trace` or `trace_pipe`, `trace-cmd report`.

    cd /sys/kernel/tracing
    echo mono > trace_clock
    for e in tcp/tcp_send_reset tcp/tcp_receive_reset sock/inet_sock_set_state sock/inet_sk_error_report
    do echo 1 > events/$e/enable; done
    cat trace_pipe > TRACE

Its clock is not that of the packets, and the text does not say which it is: times stay as they stand there, unless they
are seconds since 1970.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ..facts import Fact, ResetReceived, StateChange
from .tracefs import fact

NAME = "kernel_log"

LONGEST = 1 << 14  # characters of a line that are looked at
EPOCH_NS = 10**9 * 10**9  # a machine that has been up for so long would be thirty years old
#: trace-cmd and perf write a group's name before the event's, nanoseconds, and spaces for columns.
EVENT = re.compile(r"\s(\d{1,11})\.(\d{6})(\d{3})?: +(?:\w+:)?(\w+): +(.*)")


class KernelLogError(ValueError):
    """A file with no event that is known here: one line says what is expected."""


def plain(text: str) -> tuple[str, int]:
    """A line as tracefs writes it, and the nanoseconds that it had beyond its microseconds; "" where it is no event."""
    found = EVENT.search(text)
    if not found:
        return "", 0
    return f" {found[1]}.{found[2]}: {found[4]}: {found[5]}", int(found[3] or 0)


def read(path: str | Path) -> tuple[list[Fact], bool]:
    """The facts of a trace, by its own clock; and whether that is the packets'. Raises OSError, KernelLogError."""
    facts: list[Fact] = []
    states: dict[tuple[str, str], str] = {}
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        while text := file.readline(LONGEST):
            line, more_ns = plain(text.rstrip("\n"))
            one = fact(line, more_ns)
            if isinstance(one, StateChange):
                states[one.local, one.remote] = one.new
            elif isinstance(one, ResetReceived):  # its event has no state: the last change has
                one = replace(one, state=states.get((one.local, one.remote), "UNKNOWN"))
            if one is not None:
                facts.append(one)
    if not facts:
        events = "tcp:tcp_send_reset, tcp:tcp_receive_reset, sock:inet_sock_set_state, sock:inet_sk_error_report"
        raise KernelLogError(f"{path}: no event of {events}, as tracefs writes them")
    facts.sort(key=lambda one: one.t_ns)
    return facts, facts[0].t_ns > EPOCH_NS
