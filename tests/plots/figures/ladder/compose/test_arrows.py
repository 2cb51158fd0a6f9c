"""The words and numbers of one arrow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import SYN
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.scene import Break, Scene, State

from .... import conversations as talk
from ..scenes import SAMPLES, arrow, sample, scene


def test_the_rst_is_cited_only_with_an_ack_number_that_it_repeats() -> None:
    connection = talk.write_after_close()
    other = replace(connection.segments[-1], seq=connection.segments[-1].seq + 1)
    figure = scene(replace(connection, segments=(*connection.segments[:-1], other)))
    why = arrow(figure, 9).why
    assert why is not None and "ack number" not in why.text


def test_a_refusal_keeps_the_seq_0_that_it_has() -> None:
    assert arrow(scene(talk.refused()), 2).detail == "seq 0, ack 1, win 0"


def test_a_long_gap_that_is_not_cut_out_is_written_beside_the_time() -> None:
    figure = scene(talk.syn_flags())
    assert [item.text for item in figure.items if isinstance(item, Break)] == ["75 s later", "90 s later"]
    assert [a.wait for a in figure.arrows if a.wait] == ["+60 s", "+75 s"]


def test_retransmissions_name_their_original_and_their_number() -> None:
    figure = scene(talk.unknown_connection())
    again = [a for a in figure.arrows if a.retransmission_of is not None]
    assert {a.retransmission_of for a in again} == {4}
    assert again[-1].label == "same 100 bytes, 8th try"
    assert arrow(figure, 4).unanswered == "no answer, again after 204 ms"
    assert again[-1].unanswered is None, "the last one was answered, with RST"


def test_a_fin_with_data_and_acknowledgement_says_all_three() -> None:
    figure = scene(talk.three_packet_close())
    assert arrow(figure, 6).label == "data, 30 bytes, FIN N, ACK M+1  (N = K+543)"
    assert arrow(figure, 7).label == "ACK N+1"


@pytest.mark.parametrize("name", ["firewall-drops", "firewall-drops-mid-stream", "middlebox-forgets-silently"])
def test_what_arrived_and_was_dropped_there_does_not_look_delivered(name: str) -> None:
    assert [arrow for arrow in sample(name).arrows if arrow.dropped == "dropped at the server's end"]


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("middlebox-forgets", 1), ("firewall-resets", 1), ("firewall-rejects", 1),
        ("firewall-rejects-host-unreachable", 1), ("firewall-drops-mid-stream-icmp", 6), ("forged-rst", 0),
    ],
)  # fmt: skip
def test_what_a_firewall_rejected_does_not_look_delivered(name: str, times: int) -> None:
    said = [arrow.frame for arrow in sample(name).arrows if arrow.dropped == "rejected at the server's end"]
    assert len(said) == times


def test_the_challenge_to_a_rst_in_the_window_is_named() -> None:
    (challenge,) = (arrow for arrow in sample("ignored-rst").arrows if arrow.label.startswith("challenge"))
    assert challenge.label == "challenge ACK K+1" and challenge.side == "client"
    assert not any("challenge" in arrow.label for arrow in sample("ignored-rst-outside-window").arrows)


def test_the_segment_that_opened_the_connection_at_last_was_not_dropped() -> None:
    dropped = [arrow.frame for arrow in sample("accept-queue-full").arrows if arrow.dropped is not None]
    assert dropped == [3, 7, 8, 9]


def test_a_fin_without_an_answer_takes_its_receiver_to_no_state(shared_captures: Path) -> None:
    told = finrst.read(shared_captures / "zeek__pppoe-over-qinq.pcap").connection(0)
    figure = told.scene()
    assert isinstance(figure, Scene)
    fins = [a for a in figure.arrows if a.side == "server" and a.kind == "fin"]
    assert len(fins) == 5 and all(a.unanswered and a.receiver_state is None for a in fins)
    assert fins[0].sender_state is not None and fins[0].sender_state.name == "FIN_WAIT_1"


@pytest.mark.parametrize("name", ["forged-fin", "forged-data"])
def test_what_denies_a_forged_segment_is_a_challenge_ack(name: str) -> None:
    assert [a.label for a in sample(name).arrows if "challenge" in a.label] == ["challenge ACK J+7"]


def test_a_dsack_names_what_came_twice_where_no_copy_was_sent() -> None:
    said = [one for a in sample("simultaneous-open").arrows for one in a.on_the_way]
    assert said.count("0:1 came twice") == 2 and not any("copy" in one for one in said)
    assert any("1:7 came twice" in a.on_the_way for a in sample("forged-data").arrows)
    assert any("the copy was needless" in a.on_the_way for a in sample("zero-window").arrows)


def test_on_loopback_a_probe_without_an_answer_arrived() -> None:
    probes = [a for a in sample("zero-window-user-timeout").arrows if a.label == "window probe"]
    assert [(a.unanswered, a.on_the_way) for a in probes] == [(None, ()), (None, ("no answer",))]


def test_what_the_symbol_of_a_fin_stands_for_outlives_the_word_data() -> None:
    fin = next(a for a in sample("zero-window-writer-gone").arrows if "FIN M" in a.label)
    assert fin.shorter_labels[0] == "1,288 bytes, FIN M  (M = K+10001)"


def test_a_seq_0_beside_numbers_that_count_from_the_isn_is_called_raw() -> None:
    assert next(a for a in sample("forged-rst-handshake").arrows if a.label == "RST+ACK").detail.startswith(
        "raw seq 0,"
    )
    assert "raw" not in arrow(scene(talk.refused()), 2).detail


def test_an_urgent_segment_has_its_pointer_beside_its_numbers() -> None:
    urgent = [a.detail for a in sample("urgent-byte-passed").arrows if "U" in a.flags]
    assert urgent == ["seq 1:2 ack 1, urg 1"]


def test_a_block_that_reports_what_came_twice_is_called_a_d_sack_where_its_numbers_stand() -> None:
    details = {arrow.frame: arrow.detail for arrow in sample("simultaneous-open").arrows}
    assert details[5] == details[6] == "ack 1, D-SACK 0:1"
    assert "ack 101, sack 201:301" in [arrow.detail for arrow in sample("lost-data-one-of-many").arrows]


def test_the_very_packet_again_is_a_copy_and_no_retransmission() -> None:
    """Who sends again writes another IP-ID and a later timestamp; one capture is enough to see it."""
    for name in ("time-wait-assassinated", "time-wait-protected"):
        figure = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene("en")
        assert isinstance(figure, Scene)
        assert [a.frame for a in figure.arrows if a.copy] == [10] and not any(
            a.retransmission_of for a in figure.arrows
        )
    retransmitted = finrst.read(SAMPLES / "retransmissions" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(retransmitted, Scene)
    assert sum(a.retransmission_of is not None for a in retransmitted.arrows) == 3
    assert not any(a.copy for a in retransmitted.arrows)


def test_the_syn_acks_of_a_simultaneous_open_cross() -> None:
    figure = finrst.read(SAMPLES / "simultaneous-open" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    assert [(a.frame, a.crosses, a.flags) for a in figure.arrows if a.crosses] == [(2, 1, "[S]"), (4, 3, "[S.]")]
    assert [s.name for s in figure.states("server")][:4] == ["CLOSED", "SYN_SENT", "SYN_RCVD", "ESTABLISHED"]


def lost_handshake(echoed: int) -> Scene:
    """By packets alone; the SYN-ACKs echo the first SYN's timestamp (0), or that of the second (1)."""
    story = finrst.read(SAMPLES / "lost-handshake" / "packets.pcapng").connection(0).story
    stamp = story.segments[echoed].options.tsval
    segments = [
        replace(s, options=replace(s.options, tsecr=stamp)) if s.side == "server" and s.flags & SYN else s
        for s in story.segments
    ]
    return compose(replace(story, segments=tuple(segments)), talk.capture())


def test_a_syn_without_an_answer_opens_nothing() -> None:
    first, again = lost_handshake(1).arrows[:2]
    assert first.unanswered and first.receiver_state is None
    assert again.receiver_state is not None and again.receiver_state.name == "SYN_RCVD"


def test_a_syn_whose_timestamp_the_answer_echoes_had_arrived() -> None:
    figure = lost_handshake(0)
    first, again = figure.arrows[:2]
    assert first.unanswered is None and again.receiver_state is None
    assert first.receiver_state is not None and first.receiver_state.name == "SYN_RCVD"
    assert figure.title.startswith("The SYN had arrived") and "echoes its timestamp" in figure.verdict.text


@pytest.mark.parametrize("name", ["middlebox-forgets", "firewall-resets"])
def test_data_that_a_foreign_rst_answers_did_not_come_to_the_end_that_still_asks_for_it(name: str) -> None:
    figure = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    why = next(a.why for a in figure.arrows if a.why is not None)
    assert "the server's ack, 7, still lacks the data (6 bytes)" in why.text
    assert [a.unanswered for a in figure.arrows if a.detail.startswith("seq 7:13")] == ["never acknowledged"]


def test_who_knew_no_connection_was_closed_before_the_segment_came() -> None:
    figure = finrst.read(SAMPLES / "write-once-vanished" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    (gone,) = [item for item in figure.items if isinstance(item, State)]
    data = next(a for a in figure.arrows if a.detail.startswith("seq 1:19"))
    assert (gone.side, gone.name, gone.source) == ("client", "CLOSED", "inferred")
    assert gone.t_ns is not None and gone.t_ns < data.t_ns and data.receiver_state is None


def test_a_rst_of_its_own_without_a_known_reason_was_its_sockets_decision() -> None:
    figure = finrst.read(SAMPLES / "lost-rst" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    assert [a.because for a in figure.arrows if a.flags == "[R.]"] == ["its socket decided"]


def test_a_packet_that_the_way_doubled_is_drawn_as_often_as_it_was_sent() -> None:
    told = finrst.read(SAMPLES / "lost-data-duplicated" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(told, Scene)
    opening = [one.label for one in told.arrows if one.side == "server" and one.kind == "syn"]
    assert [label.count("arrives twice") for label in opening] == [1, 1] and "again" in opening[1]
    acks = [one.label for one in told.arrows if one.label.startswith("ACK N+1")]
    assert acks == ["ACK N+1"] * 2, "each answers one copy of the FIN"
    resets = [one for one in told.arrows if one.kind == "rst"]
    assert [one.ignored for one in resets] == [None, "ignored", "ignored"], "the first one left nothing to end"


def test_a_fin_that_does_not_yet_know_of_the_request_before_it_crosses_it() -> None:
    figure = finrst.read(SAMPLES / "idle-race" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    (fin,) = [a for a in figure.arrows if a.crosses is not None]
    request = next(a for a in figure.arrows if a.frame == fin.crosses)
    assert fin.flags == "[F.]" and request.detail.startswith("seq 9:17")
    assert [s.name for s in (fin.sender_state, fin.receiver_state) if s] == ["FIN_WAIT_1", "CLOSE_WAIT"]


@pytest.mark.parametrize("name", ["ignored-rst", "ignored-rst-outside-window", "ignored-rst-bad-checksum"])
def test_an_ignored_rst_whose_sender_speaks_on_is_most_likely_not_its_own(name: str) -> None:
    figure = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    (rst,) = [a for a in figure.arrows if "R" in a.flags]
    assert rst.ignored and rst.origin and rst.origin_note == "most likely not from the server's TCP"


def test_data_that_an_end_lacked_when_it_reset_the_connection_comes_after_that() -> None:
    figure = finrst.read(SAMPLES / "crossing-data" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(figure, Scene)
    reset = next(a for a in figure.arrows if a.flags == "[R.]")
    late = [a for a in figure.arrows if a.arrival_inferred]
    assert [a.detail.split(" ack")[0] for a in late] == ["seq 101:201", "seq 201:301", "seq 301:401"]
    assert all(a.t_ns < reset.t_ns < (a.arrives_ns or 0) for a in late)
