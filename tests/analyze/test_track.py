"""Claims about connections: states after every packet, which RSTs are accepted, what they answer, and counts.

Acceptance is what Linux 6.18 does, measured with real sockets (RFC 5961 3.2, tcp_reset, tcp_reset_check).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from finrst.analyze.scan import scan

from ..engines import Engine, both
from .conversation import End, Talk, Wire, explained, explained_all

OPEN = ["SYN_SENT SYN_RCVD", "ESTABLISHED SYN_RCVD", "ESTABLISHED ESTABLISHED"]


# States after every packet


@pytest.mark.parametrize("version", [4, 6])
def test_the_handshake_is_three_states(version: int) -> None:
    talk = Talk(version=version)
    talk.open()
    assert explained(talk).states == OPEN


def test_a_close_in_four_segments_by_the_client() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.fin(), c.ack()
    assert explained(talk).states[3:] == [
        "FIN_WAIT_1 CLOSE_WAIT",
        "FIN_WAIT_2 CLOSE_WAIT",
        "TIME_WAIT LAST_ACK",
        "TIME_WAIT CLOSED",
    ]


def test_a_close_in_four_segments_by_the_server() -> None:
    talk = Talk()
    c, s = talk.open()
    s.fin(), c.ack(), c.fin(), s.ack()
    assert explained(talk).states[3:] == [
        "CLOSE_WAIT FIN_WAIT_1",
        "CLOSE_WAIT FIN_WAIT_2",
        "LAST_ACK TIME_WAIT",
        "CLOSED TIME_WAIT",
    ]


def test_a_close_in_three_segments() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.fin(), c.ack()
    told = explained(talk)
    assert told.states[3:] == ["FIN_WAIT_1 CLOSE_WAIT", "TIME_WAIT LAST_ACK", "TIME_WAIT CLOSED"]
    assert told["closed_first"] == "client"


def test_fins_that_cross_lead_both_ends_through_closing() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(lost=True), s.fin(gap=0.001), s.ack(ack=2), c.ack(ack=2)
    assert explained(talk).states[3:] == [
        "FIN_WAIT_1 CLOSE_WAIT",
        "CLOSING CLOSING",
        "TIME_WAIT CLOSING",
        "TIME_WAIT TIME_WAIT",
    ]


def test_a_simultaneous_open_establishes_both_ends() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(lost=True), s.syn(gap=0.001)
    c.heard = s.heard = 1
    c.synack(), s.synack()
    told = explained(talk)
    assert told.states[-1] == "ESTABLISHED ESTABLISHED"
    assert (told["ending"], told["connection"]) == ("open", 0)


def test_the_second_half_of_a_simultaneous_open_is_no_retransmission() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(lost=True), s.syn(lost=True, gap=0.001)
    c.synack(gap=0.02), s.synack(gap=0.001)
    told = explained(talk)
    assert told["retransmissions"] == {"client": 0, "server": 0}
    s.synack(gap=1.0)
    assert explained(talk)["retransmissions"] == {"client": 0, "server": 1}


def test_after_a_half_close_data_still_flows_to_the_end_that_closed() -> None:
    talk = Talk()
    c, s = talk.open()
    c.fin(), s.ack(), s.data(100), c.ack()
    told = explained(talk)
    assert told.states[-1] == "FIN_WAIT_2 CLOSE_WAIT"
    assert told["bytes"] == {"client": 0, "server": 100}


def test_a_refusing_end_was_never_more_than_closed() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    assert explained(talk).states == ["SYN_SENT CLOSED", "CLOSED CLOSED"]


def test_nothing_is_known_of_an_end_that_never_speaks() -> None:
    talk = Talk()
    talk.client.syn(), talk.client.syn(seq=0, gap=1.0)
    told = explained(talk)
    assert told.states == ["SYN_SENT UNKNOWN", "SYN_SENT UNKNOWN"]
    assert told["states"] == {"client": "SYN_SENT", "server": "UNKNOWN"}


def test_an_end_whose_fin_waits_behind_a_lost_segment_has_not_closed_yet_for_the_other() -> None:
    talk = Talk()
    c, s = talk.open()
    c.data(100, hidden=True), c.fin(), s.ack(ack=1), c.data(100, seq=1), s.ack(ack=102)
    told = explained(talk)
    assert told.states[3:] == [
        "FIN_WAIT_1 ESTABLISHED",
        "FIN_WAIT_1 ESTABLISHED",
        "FIN_WAIT_1 CLOSE_WAIT",
        "FIN_WAIT_2 CLOSE_WAIT",
    ]


def test_a_fin_captured_after_its_own_acknowledgement_still_closes() -> None:
    talk = Talk()
    c, s = talk.open()
    s.ack(ack=2), c.fin(gap=0.000_01), s.fin(ack=2), c.ack()
    told = explained(talk)
    assert (told["ending"], told.states[-1]) == ("closed", "TIME_WAIT CLOSED")
    assert told["retransmissions"] == {"client": 0, "server": 0}


def test_a_rst_ends_both_ends_states() -> None:
    talk = Talk()
    c, _ = talk.open()
    c.abort()
    assert explained(talk).states[-1] == "CLOSED CLOSED"


@pytest.mark.parametrize(("waits", "taken"), [(0.1, True), (0.005, False)])
def test_a_rst_is_taken_at_the_number_asked_for_where_a_firewall_kept_what_came_after_it(
    waits: float, taken: bool
) -> None:
    """The other end asks for what a RST in its name had answered: not where that may still have been on its way."""
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), c.data(6, lost=True), s.rst(seq=1), s.data(18, gap=waits), c.rst(seq=7)
    told = explained(talk)
    assert told["resets"][-1]["accepted"] is taken
    assert told["states"]["server"] == ("CLOSED" if taken else "ESTABLISHED")


# Capture starts or ends in the middle


def test_a_capture_that_starts_in_the_middle_says_what_the_segments_prove() -> None:
    talk = Talk()
    c, s = talk.established()
    c.data(10), s.ack(), s.data(20), c.ack()
    told = explained(talk)
    assert told.states[0] == "ESTABLISHED UNKNOWN"
    assert told.states[-1] == "ESTABLISHED ESTABLISHED"
    assert told["cut"] == {"start": True, "end": True}
    assert told["direction"] == "guessed"


def test_without_a_syn_the_lower_port_is_the_server() -> None:
    talk = Talk()
    c, s = talk.established()
    s.data(10), c.ack()
    told = explained(talk)
    assert told["client"]["port"] == 40136


def test_a_syn_ack_shows_the_direction() -> None:
    talk = Talk(ports=(80, 40136))
    c, s = talk.client, talk.server
    c.next = s.heard = 1
    s.synack(), c.ack()
    told = explained(talk)
    assert (told["direction"], told["client"]["port"]) == ("seen", 80)
    assert told.states[-1] == "ESTABLISHED ESTABLISHED"


def test_a_close_is_seen_in_a_capture_that_starts_in_the_middle() -> None:
    talk = Talk()
    c, s = talk.established()
    s.data(10), c.ack(), s.fin(), c.ack(), c.fin(), s.ack()
    told = explained(talk)
    assert (told["ending"], told["ended_by"]) == ("closed", "server")
    assert told["states"] == {"client": "CLOSED", "server": "TIME_WAIT"}


# Numbers


def test_the_same_ports_with_a_new_isn_are_a_new_connection() -> None:
    wire = Wire()
    for isn in ((100, 900), (5_000_000, 90_000)):
        talk = Talk(isn=isn, wire=wire)
        c, s = talk.open()
        c.fin(), s.fin(), c.ack()
    told = explained_all(wire)
    assert [(t["connection"], t["first_frame"], t["ending"]) for t in told] == [(0, 1, "closed"), (1, 7, "closed")]


def test_a_retransmitted_syn_belongs_to_its_connection() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(lost=True), c.syn(seq=0, gap=1.0), s.synack(), c.ack()
    told = explained(talk)
    assert told["syn"] == {"client": 2, "server": 1}
    assert told["retransmissions"]["client"] == 1
    assert told.segments[1].retransmission_of == 1
    assert told.states == ["SYN_SENT SYN_RCVD", *OPEN]


def test_a_refused_connection_tried_again_with_the_same_isn_can_still_open() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.refuse(), c.syn(seq=0, gap=1.0)
    s.synack(), c.ack()
    told = explained(talk)
    assert (told["ending"], told.states[-1]) == ("open", "ESTABLISHED ESTABLISHED")


@pytest.mark.parametrize("before_wrap", [0, 1, 3, 7, 500])
def test_sequence_numbers_may_wrap(before_wrap: int) -> None:
    talk = Talk(isn=(2**32 - 1 - before_wrap, 2**32 - 1 - before_wrap // 2))
    c, s = talk.open()
    c.data(6), s.ack(), s.data(1000), c.ack(), c.fin(), s.ack()
    late = s.data(18)
    c.rst()
    told = explained(talk)
    assert told["retransmissions"] == {"client": 0, "server": 0}
    assert told.reset["accepted"] is True and told.reset["answers_frame"] == late
    assert told["undelivered"] == {"client": 0, "server": 18}


# Which RST is accepted


def conversation() -> tuple[Talk, End, End]:
    talk = Talk()
    c, s = talk.open()
    c.data(6), s.ack(), s.data(300), c.ack()
    return talk, c, s


def test_the_exact_number_is_accepted_in_established() -> None:
    talk, _c, s = conversation()
    s.abort()
    assert (told := explained(talk).reset)["accepted"] is True
    assert (told["receiver_state"], told["pending_error"]) == ("ESTABLISHED", "ECONNRESET")


@pytest.mark.parametrize(
    ("offset", "why"),
    [
        (1, "in the window, but not exact: challenge ACK"),
        (1000, "in the window, but not exact: challenge ACK"),
        (-1, "outside the window"),
        (-200, "outside the window"),
        (10_000_000, "outside the window"),
        (-10_000_000, "outside the window"),
    ],
)
def test_any_other_number_is_ignored_in_established(offset: int, why: str) -> None:
    talk, c, s = conversation()
    s.rst(seq=301 + offset)
    c.data(5), s.ack()
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["why_not_accepted"]) == (False, why)
    assert told.reset["pending_error"] is None
    assert (told["ending"], told["ended_by"], told["closed_first"]) == ("open", "nobody", None)
    assert told.states[-1] == "ESTABLISHED ESTABLISHED"


def test_an_ignored_rst_changes_nothing_in_the_close_that_follows() -> None:
    talk, c, s = conversation()
    s.rst(seq=400), s.fin(), c.ack(), c.fin(), s.ack()
    told = explained(talk)
    assert (told["ending"], told["ended_by"]) == ("closed", "server")
    assert told.states[-1] == "CLOSED TIME_WAIT"


def test_an_end_that_answers_old_segments_with_rst_has_no_socket_any_more() -> None:
    """It reset itself (data came after close with its own data unsent): its RSTs are below the window, and ignored."""
    talk, c, s = conversation()
    c.data(1400), c.data(1400)
    s.data(18, ack=7), c.rst(seq=7), s.abort(ack=2807)
    told = explained(talk)
    assert [r["accepted"] for r in told["resets"]] == [False, False]
    assert told["resets"][1]["why_not_accepted"] == "its receiver has no connection any more"


def test_an_ignored_rst_does_not_hide_the_rst_that_ends_the_connection() -> None:
    talk, c, s = conversation()
    s.rst(seq=400), c.abort()
    told = explained(talk)
    assert [r["accepted"] for r in told["resets"]] == [False, True]
    assert (told["ending"], told["ended_by"]) == ("reset", "client")


def closing(talk: Talk, c: End, s: End, state: str) -> None:
    """Lead the client into `state`; the server's FIN has the number 301."""
    if state in ("CLOSE_WAIT", "LAST_ACK"):
        s.fin(), c.ack()
    if state == "LAST_ACK":
        c.fin(lost=True)
    if state in ("FIN_WAIT_1", "CLOSING"):
        c.fin(lost=True)
    if state == "CLOSING":
        s.fin(gap=0.001)
    if state in ("FIN_WAIT_2", "TIME_WAIT"):
        c.fin(), s.ack()
    if state == "TIME_WAIT":
        s.fin()


@pytest.mark.parametrize(
    ("state", "number", "error"),
    [
        ("ESTABLISHED", 301, "ECONNRESET"),
        ("FIN_WAIT_1", 301, "ECONNRESET"),
        ("FIN_WAIT_2", 301, "ECONNRESET"),
        ("CLOSE_WAIT", 302, "EPIPE"),
        ("CLOSING", 302, "ECONNRESET"),
        ("LAST_ACK", 302, "ECONNRESET"),
        ("TIME_WAIT", 302, None),
    ],
)
def test_the_exact_number_is_accepted_in_every_state(state: str, number: int, error: str | None) -> None:
    talk, c, s = conversation()
    closing(talk, c, s, state)
    s.rst(seq=number)
    told = explained(talk)
    assert told.reset["receiver_state"] == state
    assert (told.reset["accepted"], told.reset["pending_error"]) == (True, error)
    assert told["states"]["client"] == "CLOSED"


@pytest.mark.parametrize(
    ("state", "accepted"),
    [
        ("ESTABLISHED", False),
        ("FIN_WAIT_1", False),
        ("FIN_WAIT_2", False),
        ("CLOSE_WAIT", True),
        ("CLOSING", True),
        ("LAST_ACK", True),
        ("TIME_WAIT", False),
    ],
)
def test_one_below_is_accepted_only_after_a_fin(state: str, accepted: bool) -> None:
    talk, c, s = conversation()
    closing(talk, c, s, state)
    s.rst(seq=301 if accepted or state == "TIME_WAIT" else 300)
    told = explained(talk)
    assert told.reset["receiver_state"] == state
    assert told.reset["accepted"] is accepted


def test_the_right_edge_of_a_sack_block_is_accepted() -> None:
    talk, c, s = conversation()
    s.data(100, hidden=True)
    s.data(50, lost=True), c.ack(sack=((401, 451),)), s.rst(seq=451)
    assert explained(talk).reset["accepted"] is True


def test_of_several_sack_blocks_the_rightmost_edge_is_accepted() -> None:
    talk, c, s = conversation()
    s.data(50, seq=601, lost=True), c.ack(sack=((601, 651),))
    s.data(50, seq=401, lost=True), c.ack(sack=((401, 451), (601, 651)))
    s.rst(seq=451), s.rst(seq=651)
    assert [r["accepted"] for r in explained(talk)["resets"]] == [False, True]


def test_the_edge_of_a_block_that_is_filled_by_now_is_no_longer_accepted() -> None:
    talk, c, s = conversation()
    s.data(50, seq=401, lost=True), c.ack(sack=((401, 451),))
    s.data(100, seq=301), c.ack(ack=451), s.data(20, seq=451), c.ack(ack=471)
    s.rst(seq=451)
    assert explained(talk).reset["accepted"] is False


def test_a_duplicate_sack_is_no_block_that_is_held() -> None:
    talk, c, s = conversation()
    s.data(300, seq=1, gap=0.3), c.ack(sack=((1, 301),)), s.rst(seq=290)
    assert explained(talk).reset["accepted"] is False


def test_a_rst_with_a_wrong_checksum_is_dropped() -> None:
    talk, c, s = conversation()
    s.abort(checksum="bad"), s.data(5), c.ack()
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["why_not_accepted"]) == (False, "bad checksum")
    assert (told["ending"], told.states[-1]) == ("open", "ESTABLISHED ESTABLISHED")


def test_a_refusal_with_a_wrong_checksum_is_dropped() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse(checksum="bad")
    told = explained(talk)
    assert (told.reset["accepted"], told["ending"]) == (False, "unanswered")


def test_an_offloaded_checksum_is_no_damage() -> None:
    talk = Talk()
    talk.client.checksum = "offloaded"
    c, _s = talk.open()
    c.abort()
    told = explained(talk)
    assert told.reset["accepted"] is True
    assert {segment.checksum for segment in told.segments} == {"good", "offloaded"}


def test_where_every_checksum_of_an_end_is_wrong_they_say_nothing() -> None:
    talk = Talk()
    talk.server.checksum = "bad"
    c, s = talk.open()
    s.data(10), c.ack(), s.abort()
    told = explained(talk)
    assert told.reset["accepted"] is True
    assert told["bytes"]["server"] == 10


def test_where_data_with_a_wrong_checksum_is_acknowledged_the_checksums_say_nothing() -> None:
    """Segments that the network card put together keep the first one's checksum; a small one has its own."""
    talk, c, s = conversation()
    c.data(10), s.ack()
    c.data(3000, checksum="bad"), s.ack(ack=3017)
    c.data(3000, checksum="bad"), s.ack()
    c.abort(checksum="bad")
    told = explained(talk)
    assert (told["ending"], told["ended_by"], told.reset["accepted"]) == ("reset", "client", True)
    assert told["bytes"]["client"] == 6016
    assert not any("missed" in note for note in told["notes"])
    assert "bad" not in {segment.checksum for segment in told.segments}


def test_what_is_acknowledged_after_it_was_sent_again_vouches_for_no_wrong_checksum() -> None:
    talk, c, s = conversation()
    c.data(100, checksum="bad", lost=True), c.data(100), s.ack(ack=7), c.data(100, seq=7, gap=0.3), s.ack(ack=207)
    c.abort(checksum="bad"), s.ack()
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["why_not_accepted"]) == (False, "bad checksum")
    assert [segment.checksum for segment in told.segments].count("bad") == 2


def test_damaged_data_does_not_arrive() -> None:
    talk, _c, s = conversation()
    s.data(20, checksum="bad", lost=True), s.rst(seq=301)
    assert explained(talk).reset["accepted"] is True


@pytest.mark.parametrize(("ack", "accepted"), [(1, True), (0, False), (2, False), (5000, False)])
def test_in_syn_sent_the_rst_must_acknowledge_the_syn(ack: int, accepted: bool) -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse(ack=ack)
    told = explained(talk)
    assert told.reset["accepted"] is accepted
    assert told["ending"] == ("refused" if accepted else "unanswered")
    assert told.reset["pending_error"] == ("ECONNREFUSED" if accepted else None)


def test_in_syn_sent_a_rst_without_ack_is_ignored() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.rst(seq=0)
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["why_not_accepted"]) == (False, "it does not acknowledge the SYN")
    assert told["states"]["client"] == "SYN_SENT"


@pytest.mark.parametrize(("offset", "accepted"), [(0, True), (50, False), (10_000_000, False)])
def test_in_syn_rcvd_only_the_exact_number_is_accepted(offset: int, accepted: bool) -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.synack(), c.rst(seq=1 + offset)
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["receiver_state"]) == (accepted, "SYN_RCVD")
    assert told["ending"] == "handshake-incomplete"
    assert told["ended_by"] == ("client" if accepted else "nobody")


def test_a_receiver_without_a_connection_ignores_everything() -> None:
    talk, _c, s = conversation()
    s.abort(), s.rst(seq=301)
    told = explained(talk)
    assert [r["accepted"] for r in told["resets"]] == [True, False]
    assert told["resets"][1]["why_not_accepted"] == "its receiver has no connection any more"
    assert told["resets"][1]["echo_of"] == told["resets"][0]["frame"]


def test_of_a_lone_rst_nothing_is_known() -> None:
    talk = Talk()
    talk.established()[1].rst(seq=301)
    told = explained(talk)
    assert told.reset["accepted"] is None
    assert (told["ending"], told["ended_by"]) == ("unknown", "unknown")


def test_whether_a_peer_gone_silent_received_the_rst_cannot_be_known() -> None:
    talk, c, _s = conversation()
    for number in range(5):
        c.data(10, seq=7, lost=True, gap=0.2 * 2**number)
    c.abort()
    told = explained(talk)
    assert told.reset["accepted"] is None
    assert (told["ending"], told["ended_by"]) == ("reset", "client")


def test_a_rst_of_unknown_fate_is_no_ending_when_the_receiver_speaks_again() -> None:
    talk, c, s = conversation()
    for number in range(5):
        c.data(10, seq=7, lost=True, gap=0.2 * 2**number)
    c.abort(), s.data(10), c.data(10), s.ack()
    told = explained(talk)
    assert (told["ending"], told.states[-1]) == ("open", "ESTABLISHED ESTABLISHED")


@pytest.mark.parametrize(
    ("fin", "ack", "state", "error"),
    [
        (False, 7, "FIN_WAIT_1", "ECONNRESET"),
        (True, 8, "LAST_ACK", "ECONNRESET"),
        (True, 7, "CLOSING", "ECONNRESET"),
    ],
)
def test_a_fin_captured_after_the_rst_was_sent_before_it_came(fin: bool, ack: int, state: str, error: str) -> None:
    talk, c, s = conversation()
    if fin:
        c.fin()
    c.abort(), s.fin(ack=ack, gap=0.005)
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["receiver_state"]) == (True, state)
    assert told.reset["pending_error"] == error


# Who speaks on after a RST


@pytest.mark.parametrize("copies", [1, 3])
def test_an_end_that_speaks_on_did_not_send_its_rst(copies: int) -> None:
    talk, c, s = conversation()
    for _ in range(copies):
        s.rst(seq=301)
    s.data(50)
    c.rst()
    told = explained(talk)
    assert (told["ending"], told["ended_by"]) == ("reset", "path")
    last = told["resets"][-1]
    assert (last["from"], last["accepted"], last["receiver_state"]) == ("client", True, "ESTABLISHED")


def test_when_both_ends_speak_on_the_rst_was_no_ending() -> None:
    talk, c, s = conversation()
    s.rst(seq=301), s.data(50), c.ack(), c.data(20), s.ack()
    told = explained(talk)
    assert told.reset["accepted"] is False
    assert (told["ending"], told.states[-1]) == ("open", "ESTABLISHED ESTABLISHED")


# What a RST is and what it answers


def test_a_socket_that_decides_sends_its_own_numbers() -> None:
    talk, c, _s = conversation()
    c.abort()
    told = explained(talk).reset
    assert (told["shape"], told["answers_frame"]) == ("active", None)


def test_a_bare_rst_answers_the_segment_whose_acknowledgement_it_carries() -> None:
    talk, c, s = conversation()
    c.fin(), s.ack()
    late = s.data(18)
    c.rst()
    told = explained(talk).reset
    assert (told["shape"], told["answers_frame"]) == ("reply", late)


def test_a_rst_to_a_syn_answers_the_syn() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    told = explained(talk).reset
    assert (told["shape"], told["answers_frame"]) == ("syn-reply", 1)


def test_two_segments_are_answered_by_two_rsts() -> None:
    talk, c, s = conversation()
    c.fin(), s.ack()
    first, second = s.data(18), s.data(18)
    c.rst(), c.rst()
    told = explained(talk)
    assert [r["answers_frame"] for r in told["resets"]] == [first, second]
    assert [r["accepted"] for r in told["resets"]] == [True, False]
    assert [r["shape"] for r in told["resets"]] == ["reply", "reply"]


def test_a_rst_after_a_retransmission_answers_the_last_copy() -> None:
    talk, c, s = conversation()
    c.data(10, lost=True), c.data(10, seq=7, lost=True, gap=0.2)
    last = c.data(10, seq=7, lost=True, gap=0.4)
    s.rst()
    assert explained(talk).reset["answers_frame"] == last


def test_data_that_crosses_a_fin_is_answered_one_below() -> None:
    talk, c, s = conversation()
    data = s.data(18, lost=True)
    c.fin(gap=0.001), s.ack(), c.rst(seq=7)
    told = explained(talk)
    assert told.reset["answers_frame"] == data
    assert (told.reset["accepted"], told.reset["pending_error"]) == (True, "EPIPE")


@pytest.mark.parametrize("count", [3, 8, 40])
def test_every_answer_to_a_burst_is_a_reply(count: int) -> None:
    talk, c, s = conversation()
    c.fin(), s.ack()
    for _ in range(count):
        s.data(18, gap=0.000_01)
    c.rst(gap=0.01)
    for _ in range(count - 1):
        c.rst(gap=0.000_01)
    told = explained(talk)
    assert {r["shape"] for r in told["resets"]} == {"reply"}
    assert [r["accepted"] for r in told["resets"]] == [True] + [False] * (count - 1)
    first = told["resets"][0]["frame"] - count
    assert [r["answers_frame"] for r in told["resets"]] == list(range(first, first + count)), "each its own, in order"


def test_acknowledgements_in_flight_are_answered_after_an_abort() -> None:
    talk, c, s = conversation()
    for _ in range(6):
        c.data(100, gap=0.000_01)
    c.abort(gap=0.000_01)
    for acked in range(107, 607, 100):
        s.ack(ack=acked, gap=0.000_01)
    for acked in range(107, 607, 100):
        c.rst(seq=acked, gap=0.000_01)
    told = explained(talk)
    assert [r["shape"] for r in told["resets"]] == ["active"] + ["reply"] * 5
    assert [r["accepted"] for r in told["resets"]] == [True] + [False] * 5
    assert [r["answers_frame"] for r in told["resets"]] == [None, *(r["frame"] - 5 for r in told["resets"][1:])]


def test_a_segment_that_was_lost_on_its_way_is_answered_by_nobody() -> None:
    talk, c, s = conversation()
    c.fin(), s.ack()
    s.data(18, gap=0.2)
    first = s.data(18, gap=0.2)
    c.rst(gap=0.02)
    s.data(18, gap=0.2)
    second = s.data(18, gap=0.2)
    c.rst(gap=0.02)
    assert [r["answers_frame"] for r in explained(talk)["resets"]] == [first, second]


def test_of_acknowledgements_alike_the_rst_answers_the_one_a_turn_around_ago() -> None:
    """The client's state has vanished, 20 ms away from the capture."""
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.synack(gap=0.000_1), c.ack(gap=0.02)
    for _ in range(10):
        s.ack(gap=0.5)
    asked = s.ack(gap=0.5)
    s.ack(gap=0.001), s.ack(gap=0.018)
    c.rst(gap=0.001)
    assert explained(talk).reset["answers_frame"] == asked


def test_a_bare_rst_after_a_long_silence_answers_nothing() -> None:
    talk, c, s = conversation()
    s.data(18), c.ack()
    c.rst(gap=60.0)
    told = explained(talk).reset
    assert (told["shape"], told["answers_frame"]) == ("active", None)


def quiet(talk: Talk, tmp_path: Path) -> list[float]:
    """Of each RST: seconds without a packet before the segment that it answers."""
    return [r.quiet / 1e9 for r in resets(talk, tmp_path)]


def test_the_silence_before_what_a_rst_answers_counts_the_packets_of_both_ends(tmp_path: Path) -> None:
    talk, c, s = conversation()
    s.data(18), c.ack()
    c.data(10, lost=True, gap=400.0), s.rst(gap=0.02)
    assert quiet(talk, tmp_path) == [400.0]
    talk, c, s = conversation()
    s.data(18), c.ack()
    s.ack(gap=100.0), c.data(10, lost=True, gap=300.0), s.rst(gap=0.02)
    assert quiet(talk, tmp_path) == [300.0]
    talk, c, s = conversation()
    s.data(18), c.ack()
    c.ack(gap=350.0), c.data(10, lost=True, gap=50.0), s.rst(gap=0.02)
    assert quiet(talk, tmp_path) == [50.0]


def test_what_crosses_the_segment_that_a_rst_answers_does_not_break_the_silence_before_it(tmp_path: Path) -> None:
    talk, c, s = conversation()
    c.data(10, lost=True, gap=400.0), s.data(5, gap=0.01, lost=True), s.rst(gap=0.01)
    assert quiet(talk, tmp_path) == [400.0]


def test_a_copy_without_an_answer_breaks_the_silence(tmp_path: Path) -> None:
    talk, c, s = conversation()
    c.data(10, lost=True, gap=400.0), c.data(10, seq=7, lost=True, gap=0.2), s.rst(gap=0.02)
    assert quiet(talk, tmp_path) == [0.2]


def test_before_the_first_packet_and_a_rst_that_answers_nothing_there_is_no_silence(tmp_path: Path) -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    assert quiet(talk, tmp_path) == [-1e-9]
    talk, c, _s = conversation()
    c.abort(gap=400.0)
    assert quiet(talk, tmp_path) == [-1e-9]


@both
def test_the_silence_is_known_where_the_packets_before_it_are_long_forgotten(engine: Engine, tmp_path: Path) -> None:
    """Other connections have sent more than the engine keeps of the segments seen last."""
    talk, c, s = conversation()
    s.data(18, gap=5.0), c.ack(gap=0.05)
    busy = Talk(ports=(40137, 80), wire=talk.wire)
    d, e = busy.open(gap=0.001)
    for _ in range(8):
        d.data(10, gap=0.000_01), e.ack(gap=0.000_01)
    talk.wire.packets += talk.wire.packets[-16:] * 4200
    c.data(10, lost=True, gap=400.0), s.rst(gap=0.02)
    (reset,) = engine("analyze.scan").scan(str(talk.wire.write(tmp_path / "talk.pcap"))).resets
    assert 400.0 < reset.quiet / 1e9 < 400.1, "since the RST's sender was heard: its receiver acknowledged at once"


def test_a_rst_answers_no_rst() -> None:
    talk, c, s = conversation()
    s.abort(), c.rst(seq=7)
    told = explained(talk)
    assert told["resets"][1]["answers_frame"] != told["resets"][0]["frame"]


def test_a_syn_answered_by_a_stray_acknowledgement_goes_on() -> None:
    """The peer still has the old connection: challenge ACK, RST, and the SYN again (RFC 9293 3.10.7.3)."""
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(lost=True)
    stray = s.ack(seq=-500_000, ack=-70_000, gap=0.0001)
    c.rst(seq=-70_000)
    c.syn(seq=0, gap=1.0), s.synack(), c.ack(), c.data(10), s.ack(), c.fin(), s.ack(), s.fin(), c.ack()
    told = explained(talk)
    assert told.reset["answers_frame"] == stray
    assert told["ending"] == "closed"
    assert told.states[-1] == "TIME_WAIT CLOSED"


# Packets that come twice, late, or only ask


def test_packets_captured_twice_on_any_are_counted_but_change_nothing() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(copies=2), s.synack(copies=2), c.ack(copies=2), c.data(100, copies=2), s.ack(copies=2)
    c.fin(copies=2), s.ack(copies=2), s.data(9, copies=2), c.rst(copies=2)
    told = explained(talk)
    assert told["retransmissions"] == {"client": 0, "server": 0}
    assert told["packets"] == {"client": 10, "server": 8}
    assert [r["accepted"] for r in told["resets"]] == [True]
    assert told["zeek"]["history"] == "ShADaFdR"
    assert told.segments[1].duplicate_of == 1
    assert "9 packets were captured twice" in told["notes"]


def test_a_device_that_never_changes_its_ip_id_sends_again_all_the_same() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.synack(), c.ack()
    for gap in (0.001, 0.31, 0.61):
        s.data(100, seq=1, gap=gap, ip_id=0x133)
    told = explained(talk)
    assert told["retransmissions"] == {"client": 0, "server": 2}
    assert [segment.duplicate_of for segment in told.segments] == [None] * 6


def test_a_retransmission_is_no_second_capture_of_the_packet() -> None:
    talk, c, s = conversation()
    first = c.data(10, lost=True)
    c.data(10, seq=7, gap=0.2), s.ack()
    told = explained(talk)
    assert told["retransmissions"]["client"] == 1
    assert told.segments[-2].retransmission_of == first


def test_a_hole_filled_at_once_is_reordering() -> None:
    talk, c, s = conversation()
    c.data(10, seq=17, lost=True), c.data(10, seq=7, gap=0.0001), s.ack(ack=27)
    told = explained(talk)
    assert told["retransmissions"]["client"] == 0
    assert told.segments[-2].out_of_order


def test_a_hole_filled_late_is_a_retransmission() -> None:
    talk, c, s = conversation()
    c.data(10, hidden=True), c.data(10), c.data(10, seq=7, gap=0.2), s.ack()
    told = explained(talk)
    assert told["retransmissions"]["client"] == 1


def test_a_keepalive_is_neither_data_nor_a_retransmission() -> None:
    talk, c, s = conversation()
    c.ack(seq=6, gap=30), s.ack(), c.send(".", 1, seq=6, gap=30), s.ack()
    told = explained(talk)
    assert [segment.keepalive for segment in told.segments[-4:]] == [True, False, True, False]
    assert told["retransmissions"]["client"] == 0


def test_a_probe_of_a_closed_window_is_no_keepalive() -> None:
    talk, c, s = conversation()
    s.ack(win=0), c.ack(seq=6, gap=0.2), s.ack(win=0), s.ack(win=5000, gap=0.5)
    told = explained(talk)
    assert [segment.window_probe for segment in told.segments[-4:]] == [False, True, False, False]
    assert told.segments[-4].window == 0


def test_windows_are_scaled_after_the_handshake_if_both_ends_offered_it() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(wscale=7), s.synack(wscale=3), c.ack(win=502), s.ack(win=502)
    assert [segment.window for segment in explained(talk).segments] == [64240, 64240, 502 << 7, 502 << 3]


def test_one_end_alone_scales_nothing() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(wscale=7), s.synack(), c.ack(win=502)
    assert explained(talk).segments[-1].window == 502


def test_segments_larger_than_any_mtu_are_followed() -> None:
    talk, c, s = conversation()
    c.data(60_000), s.ack(), c.data(32_000), s.ack(), c.abort()
    told = explained(talk)
    assert told["bytes"]["client"] == 92_006
    assert told.reset["accepted"] is True


def test_data_that_the_capture_missed_but_was_acknowledged_has_arrived() -> None:
    talk, c, s = conversation()
    c.data(100, hidden=True), s.ack(), c.data(50), s.ack(), c.abort()
    told = explained(talk)
    assert told.reset["accepted"] is True
    assert "the capture missed packets that were acknowledged" in told["notes"]


# Two ends that reset it at once


def crossing(timestamps: bool) -> Talk:
    """Both applications abort within one turn-around; captured at the client, the server is 20 ms away."""
    talk = Talk()
    c, s = talk.client, talk.server
    tsval = 5 if timestamps else None
    c.syn(tsval=tsval), s.synack(gap=0.02, tsval=tsval), c.ack(gap=0.000_05, tsval=tsval)
    c.abort(gap=0.1, tsval=tsval)
    s.abort(gap=0.005, tsval=tsval)
    return talk


def test_of_two_resets_that_cross_neither_is_accepted_and_both_ended_it() -> None:
    told = explained(crossing(timestamps=True))
    assert [r["accepted"] for r in told["resets"]] == [False, False]
    assert {r["why_not_accepted"] for r in told["resets"]} == {
        "it crossed a RST of its receiver, whose socket was gone by then"
    }
    assert (told["ending"], told["ended_by"], told["closed_first"]) == ("reset", "both", "both")


def test_a_pair_without_timestamps_may_be_injected_and_the_first_counts() -> None:
    told = explained(crossing(timestamps=False))
    assert [r["accepted"] for r in told["resets"]] == [True, False]
    assert (told["ending"], told["ended_by"]) == ("reset", "client")


# What was lost on its way


def test_a_reset_was_lost_when_its_receiver_speaks_again_after_a_pause() -> None:
    """The next segment is answered, and that answer ends it."""
    talk, c, s = conversation()
    c.abort(gap=0.1)
    late = s.data(18, gap=0.2)
    c.rst(gap=0.000_1, seq=7)
    told = explained(talk)
    assert [(r["accepted"], r["answers_frame"]) for r in told["resets"]] == [(False, None), (True, late)]
    assert (
        told["resets"][0]["why_not_accepted"] == "its receiver went on: it was lost on its way, or came from elsewhere"
    )
    assert (told["ending"], told["ended_by"]) == ("reset", "client")


def test_an_acknowledgement_that_waited_for_the_processor_says_nothing_of_the_reset() -> None:
    """The program was in recv, which held the socket, when the RST came; the kernel acknowledged as it returned."""
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.synack(gap=0.000_01), c.ack(gap=0.000_01)
    c.data(6, gap=0.000_01), s.ack(gap=0.000_01), s.data(18, gap=0.001)
    s.abort(gap=0.000_1), c.ack(gap=0.002_5)
    told = explained(talk)
    assert (told.reset["accepted"], told["ending"], told["states"]["client"]) == (True, "reset", "CLOSED")


@pytest.mark.parametrize("what", ["delayed", "probe", "data"])
def test_an_acknowledgement_later_than_any_delay_and_a_probe_and_data_show_that_the_reset_was_lost(what: str) -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.synack(gap=0.000_01), c.ack(gap=0.000_01)
    c.data(6, gap=0.000_01), s.ack(gap=0.000_01), s.data(18, gap=0.001)
    s.abort(gap=0.000_1)
    if what == "delayed":
        c.ack(gap=0.04)
    elif what == "probe":
        c.ack(seq=6, gap=0.002_5)
    else:
        c.data(6, gap=0.002_5)
    assert explained(talk).reset["accepted"] is False


@pytest.mark.parametrize("at_server", [False, True])  # where only what acknowledges the FIN is captured
def test_an_acknowledgement_one_below_a_fin_that_is_not_its_own_is_no_keepalive(at_server: bool) -> None:
    """A FIN was forged; the end in whose name it came answers what acknowledges that."""
    talk, c, s = conversation()
    s.fin(lost=True, hidden=at_server), c.ack(ack=302), s.ack(seq=301, gap=0.000_1)
    assert not explained(talk).segments[-1].keepalive
    s.ack(seq=301, gap=75.0)
    assert explained(talk).segments[-1].keepalive, "in FIN_WAIT_2 a socket probes, too"


def resets(talk: Talk, tmp_path: Path) -> list[Any]:
    """The engine's records of its RSTs."""
    return list(scan(str(talk.wire.write(tmp_path / "talk.pcap"))).resets)


def test_how_long_a_fin_was_sent_and_acknowledged_is_known_to_the_nanosecond(tmp_path: Path) -> None:
    talk, c, s = conversation()
    c.fin(lost=True, gap=0.010_000_3), c.fin(seq=7, gap=0.2), s.ack(gap=0.03)
    s.data(18, gap=1.0), c.rst(gap=0.000_04)
    (reset,) = resets(talk, tmp_path)
    assert (reset.fin_ns, reset.fin_acked_ns) == (1_230_040_000, 1_000_040_000)


def test_a_fin_that_was_not_acknowledged_has_no_time_for_it(tmp_path: Path) -> None:
    talk, c, s = conversation()
    c.fin(lost=True, gap=0.01), s.data(18, gap=0.001), c.rst(seq=7, gap=0.000_04)
    (reset,) = resets(talk, tmp_path)
    assert (reset.fin_ns, reset.fin_acked_ns) == (1_040_000, -1)


def test_data_that_acknowledges_the_fin_and_is_answered_is_its_acknowledgement(tmp_path: Path) -> None:
    talk, c, s = conversation()
    c.fin(gap=0.01), s.data(18, gap=0.02), s.data(18, gap=0.001), c.rst(gap=0.02), c.rst(gap=0.001)
    first, second = resets(talk, tmp_path)
    assert first.fin_acked_ns == 21_000_000
    assert second.fin_acked_ns == 22_000_000


def test_what_a_reset_leaves_unacknowledged_is_counted_when_it_comes(tmp_path: Path) -> None:
    talk, c, s = conversation()
    s.data(100), s.data(100), c.ack(ack=401)
    s.abort(gap=0.000_01), c.ack(ack=501, gap=0.000_01)
    (reset,) = resets(talk, tmp_path)
    assert reset.unacked == 100


def test_data_in_flight_says_nothing_of_the_reset_that_it_crosses() -> None:
    talk, c, s = conversation()
    for _ in range(40):
        s.data(1000, gap=0.001)
    c.abort(gap=0.001)
    for _ in range(40):
        s.data(1000, gap=0.001)
    told = explained(talk)
    assert told.reset["accepted"] is True


def test_data_that_is_not_acknowledged_in_time_never_arrived() -> None:
    """The wire was cut: the number of the RST is the one that the server expects."""
    talk, c, s = conversation()
    c.data(100, lost=True, gap=0.1), c.data(100, seq=7, lost=True, gap=0.3)
    late = s.data(18, gap=1.0)
    c.rst(seq=7, gap=0.000_1)
    told = explained(talk)
    assert (told.reset["accepted"], told.reset["answers_frame"]) == (True, late)
    assert (told["ending"], told["ended_by"]) == ("reset", "client")


def test_a_fin_that_is_not_acknowledged_in_time_never_arrived() -> None:
    talk, c, s = conversation()
    c.fin(lost=True, gap=0.1)
    s.data(18, gap=1.5)
    assert explained(talk).states[-1] == "FIN_WAIT_1 ESTABLISHED"


def test_a_syn_ack_after_the_refusal_shows_that_the_server_did_not_send_it() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.refuse(gap=0.001), s.synack(gap=0.02), c.rst(gap=0.001)
    told = explained(talk)
    assert (told["ending"], told["ended_by"]) == ("refused", "path")
