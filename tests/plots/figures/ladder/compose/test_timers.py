"""From when a limit counted, and which copies no timeout had sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Call, Connection
from finrst.plots.figures.ladder.compose import compose, timers
from finrst.plots.scene import Note

from .... import conversations as talk

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


def delays(conversation: talk.Talk, *calls: Call) -> dict[int, int]:
    """The ACKs that were held back, for how many milliseconds."""
    connection = replace(conversation.connection("open", "", None), calls=calls)
    found = timers.delayed_acks(connection, connection.segments)
    return {frame: round(ns / 1_000_000) for frame, ns in found.items()}


def far_talk(way: float = 0.060) -> talk.Talk:
    """A handshake, captured so far from the server."""
    one = talk.Talk()
    one.add(0, "client", "S", states="SYN_SENT SYN_RCVD")
    one.add(way, "server", "S.", 0, 1, states="ESTABLISHED SYN_RCVD")
    one.add(way + 0.00002, "client", ".", 1, 1, states="ESTABLISHED ESTABLISHED")
    return one


def answered(one: talk.Talk, after: float) -> talk.Talk:
    """Six bytes a second later, acknowledged so long after."""
    one.add(1, "client", "P.", 1, 1, 6)
    one.add(1 + after, "server", ".", 1, 7)
    return one


def test_an_ack_is_delayed_by_as_long_as_the_oldest_that_it_acknowledges_had_waited() -> None:
    one = talk.Talk().handshake()
    one.add(1.000, "client", ".", 1, 1, 1448)
    one.add(1.015, "client", "P.", 1449, 1, 10)
    one.add(1.042, "server", ".", 1, 1459)
    assert delays(one) == {6: 42}
    assert delays(answered(talk.Talk().handshake(), 0.200)) == {5: 200}
    fin = talk.Talk().handshake()
    fin.add(1, "client", "F.", 1, 1, states="FIN_WAIT_1 CLOSE_WAIT")
    fin.add(1.044, "server", ".", 1, 2, states="FIN_WAIT_2 CLOSE_WAIT")
    assert delays(fin) == {5: 44}
    fin.add(2, "server", "F.", 1, 2, states="TIME_WAIT LAST_ACK")
    fin.add(2.044, "client", ".", 2, 2)
    assert delays(fin) == {5: 44}, "a FIN that follows one's own is acknowledged at once: that one was late"


@pytest.mark.parametrize("after", [0.00002, 0.030, 0.500, 3.0])
def test_no_timer_of_a_delayed_ack_is_so_short_or_so_long(after: float) -> None:
    assert delays(answered(talk.Talk().handshake(), after)) == {}


@pytest.mark.parametrize(("after", "held"), [(0.062, {}), (0.095, {}), (0.110, {5: 50})])
def test_the_way_to_an_end_that_is_far_from_the_capture_is_no_delay(after: float, held: dict[int, int]) -> None:
    assert delays(answered(far_talk(), after)) == held


def test_a_way_that_has_become_longer_is_no_delay() -> None:
    one = far_talk()
    one.add(1, "client", "P.", 1, 1, 6)
    one.add(1.090, "server", ".", 1, 7)  # a queue on the way, by now
    one.add(2, "client", "P.", 7, 1, 6)
    one.add(2.120, "server", ".", 1, 13)
    assert delays(one) == {}


def test_where_no_answer_shows_the_way_nothing_is_a_delay() -> None:
    one = talk.Talk()
    one.add(0, "server", "P.", 1, 1, 6, states="ESTABLISHED ESTABLISHED")
    one.add(0.001, "client", "P.", 1, 7, 6)
    one.add(0.050, "server", ".", 7, 7)
    assert delays(one) == {}


def test_an_ack_of_nothing_new_is_not_delayed() -> None:
    one = answered(talk.Talk().handshake(), 0.00002)
    one.add(1.050, "server", ".", 1, 7, window=200)  # a window update
    one.add(2.000, "client", ".", 6, 1, keepalive=True)
    one.add(2.050, "server", ".", 1, 7)
    assert delays(one) == {}


def test_an_ack_that_answers_what_has_just_come_is_not_delayed() -> None:
    lost = talk.Talk().handshake()
    lost.add(1.0, "client", "P.", 1, 1, 6)
    lost.add(1.2, "client", "P.", 1, 1, 6, retransmission_of=4)
    lost.add(1.2001, "server", ".", 1, 7)
    second = talk.Talk().handshake()
    second.add(1.0, "client", "P.", 1, 1, 6)
    second.add(1.045, "client", "P.", 7, 1, 6)
    second.add(1.0451, "server", ".", 1, 13)
    assert delays(lost) == delays(second) == {}


def test_an_ack_at_the_moment_of_its_programs_call_is_the_calls_doing() -> None:
    one = answered(talk.Talk().handshake(), 0.060)
    read = Call("server", talk.START + 1_000_000_000, talk.START + 1_059_900_000, "server", 1, "read", "read(4, 6)", 6)
    assert delays(one, read) == {}
    assert (
        delays(one, replace(read, until_ns=read.t_ns + 50_000)) == delays(one, replace(read, side="client")) == {5: 60}
    )


def test_several_acks_of_what_had_come_long_before_are_no_delayed_acks() -> None:
    busy = talk.Talk().handshake()
    for number in range(3):
        busy.add(1 + number / 1e5, "client", "P.", 1 + 6 * number, 1, 6)
    for number in range(3):
        busy.add(1.09 + number / 1e5, "server", ".", 1, 7 + 6 * number)
    assert delays(busy) == {}


def test_linuxs_timer_shows_in_the_recordings() -> None:
    checked = 0
    for name in ("write-twice", "half-close", "forged-data", "lost-data", "zero-window", "push", "java-write-once"):
        connection = told(name)
        held = timers.delayed_acks(connection, connection.segments)
        assert held and all(40_000_000 < ns < 50_000_000 for ns in held.values()), name
        checked += len(held)
    assert checked >= 7
    for name in ("three-segment-close", "time-wait-assassinated"):
        assert timers.delayed_acks(told(name), told(name).segments) == {}, name
