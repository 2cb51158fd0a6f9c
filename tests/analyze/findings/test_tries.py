"""What wanted an answer and had none is known by its copies, or by the end."""

from __future__ import annotations

from dataclasses import replace

from finrst.analyze.findings.copies import own_packets
from finrst.analyze.findings.tries import RTO_NS, answered_late, without_answer
from finrst.analyze.story import Connection

from .recorded import by_packets, story


def found(connection: Connection) -> dict[int, int | None]:
    return without_answer(connection, own_packets(connection))


def test_every_syn_of_a_connect_that_timed_out_went_without_an_answer() -> None:
    told = story("connect-timeout")
    waits = found(told)
    assert list(waits) == [segment.frame for segment in told.segments]
    assert all(ns is not None and ns >= RTO_NS for ns in list(waits.values())[:-1])
    assert waits[told.segments[-1].frame] is None, "it was not sent again"


def test_what_was_answered_is_not_missing_an_answer() -> None:
    assert found(story("close-client-first")) == {}


def test_the_last_tries_are_without_an_answer_where_the_kernel_gave_up() -> None:
    told = story("zero-window-user-timeout")
    last = told.segments[-1]
    assert last.frame in found(told)
    assert last.frame not in found(replace(told, kernel=()))


def test_what_was_answered_only_after_its_copy_had_arrived_if_the_answer_has_its_timestamp() -> None:
    told = by_packets("lost-handshake")
    first, copy = told.segments[:2]
    assert answered_late(told.segments) == {first.frame}
    assert first.frame not in found(told)
    to_the_copy = [
        replace(s, options=replace(s.options, tsecr=copy.options.tsval)) if s.side == "server" else s
        for s in told.segments
    ]
    assert answered_late(to_the_copy) == set()
    assert found(replace(told, segments=tuple(to_the_copy)))[first.frame] == copy.ts_ns - first.ts_ns
