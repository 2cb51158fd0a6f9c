"""Claims about the scene of a time-sequence graph: nothing is lost, nothing invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Connection
from finrst.plots.figures.ladder.compose import compose as ladder
from finrst.plots.figures.time_sequence.compose import compose
from finrst.plots.figures.time_sequence.scene import TimeSequence

from ... import conversations
from ...conversations import Talk

CAPTURE = conversations.capture()


def lossy(packets: int = 3_000) -> Connection:
    """A long transfer in which every fiftieth segment is sent twice."""
    talk = Talk(isn=(2**32 - 9_000, 1)).handshake()
    sent, at = 1, 0.01
    for number in range(packets // 2):
        frame = talk.add(at, "client", "P.", sent, 1, 1_000).frame
        if number % 50 == 0:
            talk.add(at + 0.003, "client", "P.", sent, 1, 1_000, retransmission_of=frame)
        sent += 1_000
        talk.add(at + 0.004, "server", ".", 1, sent)
        at += 0.005
    reset = {"accepted": True, "shape": "active"}
    talk.add(at, "server", "R.", 1, sent, states="CLOSED CLOSED", reset=reset)
    return talk.connection("reset", "server", "server")


def seen(sample: Callable[[str], Path], name: str, side: str | None = None) -> TimeSequence:
    """Of a recording with captures at both ends."""
    told = finrst.read(sample(name).parent).connection(0)
    return compose(told.story, told.capture, side=side)


def kinds(scene: TimeSequence) -> Counter[str]:
    found: Counter[str] = Counter()
    for panel in scene.panels:
        for mark in panel.marks:
            found[mark.kind] += mark.count
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", conversations.ALL)
def test_what_is_marked_and_counted_adds_up_to_the_packets(name: str, lang: str) -> None:
    connection = conversations.ALL[name]()
    if not connection.segments:
        return
    scene = compose(connection, CAPTURE, lang)
    sums = scene.sums
    assert sums.packets == len(connection.segments)
    assert sums.marked + sums.acknowledgements + sums.copies + sums.left_out == sums.packets
    assert sums.left_out >= 0
    assert sums.marked == sum(mark.packets for panel in scene.panels for mark in panel.marks)


@pytest.mark.parametrize(
    "connection", [lossy(), lossy(200), conversations.timed_out(), conversations.long_connection()]
)
def test_every_retransmission_and_every_rst_is_marked_merged_or_not(connection: Connection) -> None:
    told = kinds(compose(connection, CAPTURE))
    again = [one for one in connection.segments if one.retransmission_of is not None]
    assert told["retransmission"] == len(again) > 0
    assert told["rst"] == len(connection.resets)


@pytest.mark.parametrize("name", conversations.ALL)
def test_the_staircase_never_goes_down_and_its_time_never_back(name: str) -> None:
    connection = conversations.ALL[name]()
    if not connection.segments:
        return
    for panel in compose(connection, CAPTURE).panels:
        assert all(a[1] < b[1] and a[0] <= b[0] for a, b in pairwise(panel.acked))
        assert all(a.t_ns <= b.t_ns for a, b in pairwise(panel.marks))


def test_marks_stay_on_the_axis() -> None:
    talk = Talk(isn=(1, 1)).handshake()
    talk.add(0.1, "client", "P.", 1, 1, 10)
    talk.add(0.2, "client", "P.", 3_000_000_000, 1, 10)
    talk.add(0.3, "server", ".", 1, 11)
    scene = compose(talk.connection("open", "nobody", None), CAPTURE)
    (panel,) = scene.panels
    assert panel.high < 100
    assert all(panel.low <= mark.low <= mark.high <= panel.high for mark in panel.marks)
    assert [mark.outside for mark in panel.marks if mark.frame == 5] == [-1]
    assert any("1 " in note for note in scene.notes)


def test_title_and_verdict_are_the_ladders() -> None:
    connection = conversations.write_after_close()
    scene, told = compose(connection, CAPTURE), ladder(connection, CAPTURE)
    assert (scene.title, scene.verdict) == (told.title, told.verdict)


def test_whoever_sent_more_comes_first_and_a_side_can_be_chosen() -> None:
    connection = conversations.orderly()
    assert [panel.side for panel in compose(connection, CAPTURE).panels] == ["server", "client"]
    (panel,) = compose(connection, CAPTURE, side="client").panels
    assert panel.side == "client"
    with pytest.raises(ValueError, match="no side 'peer'"):
        compose(connection, CAPTURE, side="peer")


def test_an_idle_minute_is_cut_out_and_the_rto_is_not() -> None:
    scene = compose(conversations.long_connection(), CAPTURE)
    assert 60_000_000_000 - 10**9 < max(piece.pause_ns for piece in scene.stretches) < 61_000_000_000
    assert len(compose(conversations.timed_out(), CAPTURE).stretches) == 1


def test_what_the_capture_lacks_is_said() -> None:
    connection = conversations.orderly()
    client = tuple(one for one in connection.segments if one.side == "client")
    scene = compose(replace(connection, segments=client), CAPTURE, side="client")
    assert any("acknowledged is in the capture" in note for note in scene.notes)
    with pytest.raises(ValueError, match="nothing that the server sent"):
        compose(replace(connection, segments=client[:1]), CAPTURE, side="server")


def test_no_packet_no_graph() -> None:
    with pytest.raises(ValueError, match="no packet"):
        compose(replace(conversations.orderly(), segments=()), CAPTURE)


def test_a_window_of_24_bytes_is_a_stall(sample: Callable[[str], Path]) -> None:
    (band,) = seen(sample, "zero-window").panels[0].bands
    assert band.kind == "narrow-window" and band.label == "window of 24 bytes or less for 213 ms"


def test_with_two_captures_the_figure_says_whose_end_looks_on(sample: Callable[[str], Path]) -> None:
    assert "Seen at the client's end" in seen(sample, "crossing-data").subtitle
    assert "Seen at" not in seen(sample, "zero-window").subtitle


@pytest.mark.parametrize("name", ["user-timeout", "zero-window-user-timeout", "connect-timeout"])
def test_the_axis_goes_on_to_where_the_kernel_gave_up(sample: Callable[[str], Path], name: str) -> None:
    told = finrst.read(sample(name).parent).connection(0)
    figure = compose(told.story, told.capture)
    marks = [mark for panel in figure.panels for mark in panel.marks if mark.kind == "gave-up"]
    assert [mark.t_ns for mark in marks] == [figure.stretches[-1].until_ns]
    assert marks[0].t_ns > told.story.segments[-1].ts_ns - told.story.first_ns
    assert marks[0].label.endswith("kernel gives up: ETIMEDOUT") and not marks[0].packets


def test_a_window_that_never_opened_is_shut_until_its_sender_gave_up(sample: Callable[[str], Path]) -> None:
    told = finrst.read(sample("zero-window-user-timeout").parent).connection(0)
    figure = compose(told.story, told.capture)
    (band,) = figure.panels[0].bands
    assert band.until_ns == figure.stretches[-1].until_ns
    assert band.label == "window of 24 bytes or less for 1.13 s"


def test_a_kernel_that_gives_up_with_a_rst_or_without_a_record_has_no_mark(sample: Callable[[str], Path]) -> None:
    for path in (sample("keepalive-death").parent, sample("half-open-by-keepalive").parent, sample("user-timeout")):
        told = finrst.read(path).connection(0)
        figure = compose(told.story, told.capture)
        assert all(mark.kind != "gave-up" for panel in figure.panels for mark in panel.marks), path


def test_how_many_segments_were_sent_again_is_not_taken_for_bytes(sample: Callable[[str], Path]) -> None:
    figure = of_recording(sample, "lost-data")
    assert figure.panels[0].head == "The client sends 6 bytes, 1 segment retransmitted"
    assert ", 3 segments retransmitted" in of_recording(sample, "retransmissions").panels[0].head


def test_where_no_data_was_sent_nothing_is_said_of_its_arrival(sample: Callable[[str], Path]) -> None:
    assert of_recording(sample, "connect-timeout").notes == ()
    assert of_recording(sample, "refused").notes == ()


def test_packets_that_are_all_marked_are_no_sum(sample: Callable[[str], Path]) -> None:
    assert "connection 0: 2 packets, all marked. " in of_recording(sample, "connect-timeout").subtitle


def test_bytes_left_when_the_kernel_gave_up_without_a_packet_were_never_sent(sample: Callable[[str], Path]) -> None:
    figure = of_recording(sample, "zero-window-user-timeout")
    assert figure.panels[0].head.endswith("never sent: 5,768 bytes")


def test_the_ends_of_a_recording_are_named_by_their_roles(sample: Callable[[str], Path]) -> None:
    assert [panel.head for panel in of_recording(sample, "proxy").panels] == [
        "The proxy sends 100 bytes", "The client sends 8 bytes",
    ]  # fmt: skip


def of_recording(sample: Callable[[str], Path], name: str) -> TimeSequence:
    told = finrst.read(sample(name).parent).connection(0)
    return compose(told.story, told.capture)
