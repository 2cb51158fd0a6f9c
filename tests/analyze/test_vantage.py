"""Two captures of one connection: what arrived, what was lost, what neither end sent, and how it ended by both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import finrst
from finrst.analyze.scan import scan
from finrst.analyze.tell import both_ends, tell

from .conversation import START
from .two_ends import Ends

MS = 1_000_000


def exchanged(ends: Ends) -> Ends:
    """Data both ways, and a close."""
    c, s = ends.open()
    c.data(100), s.ack(gap=0.03), s.data(200), c.ack(gap=0.03), c.fin(), s.ack(gap=0.03), s.fin(), c.ack(gap=0.03)
    return ends


# Times


@settings(max_examples=25, deadline=None)
@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 2_000),
    st.integers(0, 2_000),
    st.lists(st.integers(0, 50), min_size=11, max_size=11),
)
def test_any_offset_and_any_ways_are_recovered(offset_ms: int, there_ms: int, back_ms: int, waits: list[int]) -> None:
    ends = Ends(offset=offset_ms / 1000, ways=(there_ms / 1000, back_ms / 1000))
    c, s = ends.open()
    for wait in waits:  # in queues
        c.data(10, gap=3.0, way=(there_ms + wait) / 1000), s.data(10, gap=3.0, way=(back_ms + 50 - wait) / 1000)
    told = ends.told()
    clock = told.other_end.clock if told.other_end else None
    assert clock is not None and clock.uncertainty_ns is not None
    assert abs(clock.offset_ns - offset_ms * MS) <= clock.uncertainty_ns <= (there_ms + back_ms + 50) * MS / 2 + 1
    for s_ in told.segments:
        assert s_.sent_ns is not None and s_.arrived_ns is not None and s_.fate == "arrived"
        assert s_.arrived_ns >= s_.sent_ns


def test_each_packet_leaves_and_arrives_by_one_clock() -> None:
    told = exchanged(Ends(offset=-77.5, ways=(0.015, 0.015))).told()
    assert {(s.arrived_ns or 0) - (s.sent_ns or 0) for s in told.segments} == {15 * MS}
    assert told.segments[0].ts_ns == START + 10 * MS
    assert [s.ts_ns for s in told.segments] == sorted(s.ts_ns for s in told.segments)
    assert all(s.seen == "both" and s.server_frame == s.frame for s in told.segments)
    assert told.notes == ()


def test_a_clock_that_gains_is_followed() -> None:
    ends = Ends(offset=5.0, drift_ppm=80.0, ways=(0.001, 0.001))
    c, s = ends.open()
    for _ in range(40):
        c.data(10, gap=10.0), s.data(10, gap=10.0)
    told = ends.told()
    assert told.other_end is not None
    assert abs(told.other_end.clock.drift_ppm - 80) < 5
    assert all(0 <= (s.arrived_ns or 0) - (s.sent_ns or 0) < 3 * MS for s in told.segments)


def test_a_clock_that_is_set_in_between_is_told() -> None:
    ends = Ends(ways=(0.001, 0.001))
    c, s = ends.open()
    for number in range(6):
        if number == 3:
            ends.offset_ns = 0
        c.data(10), s.data(10)
    far = ends.captured["server"]
    ends.captured["server"] = far[:8] + [(t_ns + 10**9, packet) for t_ns, packet in far[8:]]
    assert any("a clock was set in between" in note for note in ends.told().notes)


def test_packets_that_cross_leave_before_the_other_arrives() -> None:
    ends = Ends(ways=(0.05, 0.05), offset=1.0)
    c, s = ends.open()
    c.fin(gap=0.2), s.fin(gap=0.01, ack=1), c.ack(gap=0.06), s.ack(gap=0.005)
    told = ends.told()
    one, two = (s for s in told.segments if s.flags & 1)
    assert one.side == "client" and two.ts_ns < (one.arrived_ns or 0) and one.ts_ns < (two.arrived_ns or 0)
    assert told.ended_by == "both"
    assert (two.client_state, two.server_state) == ("CLOSING", "FIN_WAIT_1"), "each by its own end's time"
    assert (told.client_state, told.server_state) == ("TIME_WAIT", "TIME_WAIT")


def test_behind_a_nat_the_client_is_another() -> None:
    ends = Ends(nat=("203.0.113.9", 61_000), rewritten=(17, 4_000_000_000), offset=3.0)
    c, s = ends.open()
    for size in (10, 20, 30):
        c.data(size, gap=0.03), s.ack(gap=0.03)
    c.fin(), s.ack(gap=0.03), s.fin(), c.ack(gap=0.03)
    told = ends.told()
    assert told.other_end is not None and str(told.other_end.client) == "203.0.113.9:61000"
    assert str(told.client) == "10.0.0.1:40136"
    assert told.ending == "closed" and {s.fate for s in told.segments} == {"arrived"}
    assert any("address translation" in note for note in told.notes)


# Connections and files


def test_a_connection_that_the_server_never_saw_is_told_from_one_capture(tmp_path: Path) -> None:
    ends = exchanged(Ends())
    other = Ends(isn=(5, 6), ports=(999, 80))
    other.client.syn(gap=0.5, lost=True)
    ends.captured["client"] += other.captured["client"]
    second = ends.story().connections[1]
    assert second.other_end is None and second.notes == ("the server's capture has no such connection",)


def test_one_connection_borrows_the_clock_of_the_others(tmp_path: Path) -> None:
    """A RST that the server's answer to nothing tells: only in packets of one direction, were it alone."""
    ends = exchanged(Ends(offset=6.0))
    other = Ends(offset=6.0, isn=(5, 6), ports=(999, 80))
    other.talk.wire.ns = ends.talk.wire.ns
    other.client.syn()
    for end in ("client", "server"):
        ends.captured[end] += other.captured[end]
    found = ends.found(tmp_path)
    (alone,) = tell(found, [1]).connections
    assert alone.other_end is not None and abs(alone.other_end.clock.offset_ns - 6 * 10**9) <= 10 * MS
    assert alone.other_end.clock.uncertainty_ns == 10 * MS


@pytest.mark.parametrize("folder", [True, False], ids=["recording", "two files"])
def test_samples_say_what_became_of_their_packets(sample: Callable[[str], Path], folder: bool) -> None:
    expected = {
        "lost-rst": ("reset", "client", (1, 0), (0, 0)),
        "lost-fin": ("closed", "client", (1, 0), (0, 0)),
        "lost-data": ("closed", "client", (1, 0), (0, 0)),
        "lost-handshake": ("closed", "client", (0, 1), (0, 0)),
        "forged-rst": ("reset", "path", (0, 0), (0, 1)),
        "forged-fin": ("reset", "client", (0, 0), (0, 1)),
        "idle-race": ("reset", "server", (0, 0), (0, 0)),
        "simultaneous-open": ("closed", "client", (0, 0), (0, 0)),
    }
    for name, (ending, who, lost, unsent) in expected.items():
        packets = sample(name)
        if folder:
            told = finrst.read(packets.parent).connection(0).story
        else:
            told = finrst.read(packets, server=packets.with_name("server.pcapng")).connection(0).story
        end = told.other_end
        assert end is not None and end.clock.same == folder
        assert (told.ending, told.ended_by) == (ending, who), name
        assert ((end.lost.client, end.lost.server), (end.unsent.client, end.unsent.server)) == (lost, unsent), name
        assert all((s.arrived_ns or s.ts_ns) >= s.ts_ns for s in told.segments), name


def test_a_recording_proves_the_loss_of_what_never_came(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("connect-timeout").parent).connection(0).story
    assert {s.fate for s in told.segments} == {"lost"}
    assert told.ending == "unanswered"


def test_captures_given_the_wrong_way_round_are_told_the_same(sample: Callable[[str], Path]) -> None:
    """A packet that arrives before it leaves, whatever the clocks: then the other file is the client's."""
    for name in ("forged-rst", "lost-fin"):
        packets = sample(name)
        there = packets.with_name("server.pcapng")
        right = finrst.read(packets, server=there).connection(0).story
        wrong = finrst.read(there, server=packets).connection(0).story
        assert right.other_end and wrong.other_end and wrong.other_end.reversed and not right.other_end.reversed
        assert [(s.side, s.flags, s.fate, s.seen) for s in wrong.segments] == [
            (s.side, s.flags, s.fate, s.seen) for s in right.segments
        ]
        assert (wrong.ending, wrong.ended_by) == (right.ending, right.ended_by)
        assert (wrong.other_end.lost, wrong.other_end.unsent) == (right.other_end.lost, right.other_end.unsent)


def test_a_connection_that_one_capture_makes_two_of_is_found_whole(sample: Callable[[str], Path]) -> None:
    """After a forged SYN the client's capture has a second connection, with the other end as its client."""
    for story in (
        [one.story for one in finrst.read(sample("forged-syn").parent).connections],
        [
            one.story
            for one in finrst.read(
                sample("forged-syn"), server=sample("forged-syn").with_name("server.pcapng")
            ).connections
        ],
    ):
        assert [{s.fate for s in one.segments} for one in story] == [{"arrived"}, {"unsent", "arrived"}]
        (forged,) = (s for one in story for s in one.segments if s.fate == "unsent")
        assert forged.flags == 2 and all((s.arrived_ns or s.ts_ns) >= s.ts_ns for one in story for s in one.segments)


def test_a_forged_syn_does_not_exchange_the_names_of_the_ends(sample: Callable[[str], Path]) -> None:
    """Wireshark's second stream calls the server client: the SYN came in its name, and it never sent it."""
    before, after = (one.story for one in finrst.read(sample("forged-syn").parent).connections)
    assert (after.client, after.server, after.isn) == (before.client, before.server, before.isn)
    assert (after.continues, after.cut_start, after.closed_first) == (before.number, True, "client")
    assert {s.side for s in after.segments if s.fate == "unsent"} == {"server"}
    assert {(call.side, call.process) for call in after.calls} == {("client", "client"), ("server", "server")}
    assert after.other_end is not None and not after.other_end.reversed


def test_summed_up(sample: Callable[[str], Path]) -> None:
    packets = sample("forged-rst")
    found = scan(str(packets))
    both_ends(found, scan(str(packets.with_name("server.pcapng"))))
    assert found.vantage is not None
    ends = found.vantage.summed(tell(found, [0]).connections)
    assert (ends.there, ends.connections, ends.unsent, ends.unsent_packets, ends.lost) == (1, 1, (0,), 1, ())
