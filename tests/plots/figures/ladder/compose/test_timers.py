"""From when a limit counted, and which copies no timeout had sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Connection
from finrst.plots.figures.ladder.compose import compose, timers
from finrst.plots.scene import Note

SAMPLES = Path(__file__).parents[5] / "samples"


def told(name: str) -> Connection:
    return finrst.read(SAMPLES / name).connection(0).story


@pytest.mark.parametrize(
    ("name", "option", "milliseconds", "nth"),
    [
        ("user-timeout", "TCP_USER_TIMEOUT", 700, 3),
        ("firewall-drops-mid-stream", "TCP_USER_TIMEOUT", 700, 3),
        ("firewall-drops-mid-stream-icmp", "TCP_USER_TIMEOUT", 700, 3),
        ("middlebox-forgets-silently", "TCP_USER_TIMEOUT", 700, 3),
        ("wire-cut", "TCP_USER_TIMEOUT", 700, 3),
        ("zero-window-user-timeout", "TCP_USER_TIMEOUT", 700, 0),
        ("retransmissions", "tcp_retries2", 600, 3),
    ],
)
def test_a_limit_counts_from_the_first_retransmission_by_timeout_or_the_first_probe(
    name: str, option: str, milliseconds: int, nth: int
) -> None:
    connection = told(name)
    found = timers.limit(connection)
    assert found is not None and (found.option, found.ns, found.nth) == (option, milliseconds * 1_000_000, nth)
    gave_up = next(event.t_ns for event in connection.kernel if event.kind == "error")
    assert found.since is not None and gave_up - found.since.at(found.side) >= found.ns


def test_where_the_times_do_not_fit_nothing_is_said_of_its_beginning() -> None:
    connection = told("user-timeout")
    early = tuple(replace(e, t_ns=e.t_ns - 200_000_000) if e.kind == "error" else e for e in connection.kernel)
    found = timers.limit(replace(connection, kernel=early))
    assert found is not None and found.since is None
    assert timers.limit(told("write-once")) is None  # nobody gave up
    unset = tuple(call for call in connection.calls if call.call != "setsockopt")
    assert timers.limit(replace(connection, calls=unset)) is None


def test_retries_are_a_time_to_linux() -> None:
    assert timers.retries_ns(1) == 600_000_000
    assert timers.retries_ns(15) == 924_600_000_000  # ip-sysctl: "yields a hypothetical timeout of 924.6 seconds"


@pytest.mark.parametrize("name", ["zero-window", "response-cut", "user-timeout", "retransmissions"])
def test_a_copy_sooner_than_a_timeout_or_without_backoff_is_a_tail_loss_probe(name: str) -> None:
    connection = told(name)
    copies = [s for s in connection.segments if s.retransmission_of is not None]
    own = [s for s in connection.segments if s.side == copies[0].side]
    assert timers.loss_probes(own) == {copies[0].frame}


def test_a_copy_that_was_asked_for_or_waited_for_is_no_probe() -> None:
    for name in ("lost-data", "lost-data-one-of-many"):  # by timeout; by duplicate ACKs, with newer data behind it
        connection = told(name)
        assert timers.loss_probes([s for s in connection.segments if s.side == "client"]) == set()


def test_the_figure_says_from_when_the_limit_counted() -> None:
    for name, said in (
        ("user-timeout", "TCP_USER_TIMEOUT counts from the 3rd try, the first after a timeout"),
        ("zero-window-user-timeout", "TCP_USER_TIMEOUT counts from the first window probe"),
        ("retransmissions", "tcp_retries2 = 1 is 600 ms to it, from the 3rd try"),
    ):
        one = finrst.read(SAMPLES / name).connection(0)
        assert any(said in item.text for item in compose(one.story, one.capture).items if isinstance(item, Note))


def test_a_limit_that_is_looked_at_only_when_a_try_is_due_is_late() -> None:
    found = timers.limit(told("firewall-drops-mid-stream-icmp"))
    assert found is not None and 100_000_000 < found.late_ns < 200_000_000
    on_time = timers.limit(told("user-timeout"))
    assert on_time is not None and on_time.late_ns == 0
