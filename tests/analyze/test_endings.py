"""Claims about endings: every line of the contract's table, who ended it, who closed first, and Zeek's words."""

from __future__ import annotations

import pytest

from .conversation import End, Talk, Told, Wire, explained, explained_all


def how(told: Told) -> tuple[str, str, str | None]:
    return told["ending"], told["ended_by"], told["closed_first"]


def opened(**more: object) -> tuple[Talk, End, End]:
    talk = Talk(**more)  # type: ignore[arg-type]
    c, s = talk.open()
    c.data(6), s.ack()
    return talk, c, s


# closed


def test_both_fins_acknowledged_is_closed_by_the_first() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.fin(), c.ack()
    assert how(explained(talk)) == ("closed", "client", "client")
    talk, c, s = opened()
    s.fin(), c.fin(), s.ack()
    assert how(explained(talk)) == ("closed", "server", "server")


def test_crossing_fins_are_closed_by_both() -> None:
    talk, c, s = opened()
    c.fin(lost=True), s.fin(gap=0.001), s.ack(ack=8), c.ack(ack=2)
    assert how(explained(talk)) == ("closed", "both", "both")


def test_a_later_rst_does_not_change_a_closed_connection() -> None:
    talk, c, s = opened()
    c.fin(), s.fin(), c.ack(), s.rst(seq=2)
    told = explained(talk)
    assert how(told) == ("closed", "client", "client")
    assert len(told["resets"]) == 1


# reset


def test_an_accepted_rst_before_both_fins_is_a_reset() -> None:
    talk, _c, s = opened()
    s.abort()
    assert how(explained(talk)) == ("reset", "server", "server")


def test_after_a_fin_the_reset_belongs_to_the_rst_and_the_first_close_to_the_fin() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.abort()
    assert how(explained(talk)) == ("reset", "server", "client")


def test_a_rst_instead_of_the_last_acknowledgement_is_a_reset() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.fin(), c.rst()
    assert how(explained(talk)) == ("reset", "client", "client")


def test_a_reset_by_neither_end_is_the_paths() -> None:
    talk, c, s = opened()
    s.rst(seq=1), s.data(10), c.rst(seq=7)
    assert how(explained(talk))[:2] == ("reset", "path")


# refused


def test_a_syn_answered_by_an_acceptable_rst_is_refused() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    assert how(explained(talk)) == ("refused", "server", "server")


def test_refused_again_and_again_is_refused() -> None:
    talk = Talk()
    for _ in range(3):
        talk.client.syn(seq=0, gap=1), talk.server.refuse()
    told = explained(talk)
    assert how(told) == ("refused", "server", "server")
    assert [r["accepted"] for r in told["resets"]] == [True] * 3
    assert [r["answers_frame"] for r in told["resets"]] == [1, 3, 5]


# unanswered


def test_only_syns_are_unanswered() -> None:
    talk = Talk()
    for _ in range(4):
        talk.client.syn(seq=0, gap=1)
    assert how(explained(talk)) == ("unanswered", "nobody", None)


def test_a_syn_and_then_the_clients_own_rst_is_unanswered() -> None:
    talk = Talk()
    talk.client.syn(), talk.client.rst(seq=1)
    told = explained(talk)
    assert (told["ending"], told["states"]["server"]) == ("unanswered", "UNKNOWN")


# handshake-incomplete


def test_syn_and_syn_ack_alone_are_an_incomplete_handshake() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.synack(), talk.server.synack(gap=1)
    assert how(explained(talk)) == ("handshake-incomplete", "nobody", None)


def test_a_half_open_scan_is_ended_by_the_client() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.synack(), talk.client.rst()
    told = explained(talk)
    assert how(told) == ("handshake-incomplete", "client", "client")
    assert told.reset["answers_frame"] == 2


def test_an_ignored_rst_does_not_end_a_handshake() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.synack(), talk.client.rst(seq=99)
    assert how(explained(talk)) == ("handshake-incomplete", "nobody", None)


# half-closed


def test_one_fin_only_is_half_closed() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.data(10), c.ack()
    assert how(explained(talk)) == ("half-closed", "nobody", "client")


def test_a_second_fin_never_acknowledged_is_half_closed() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.fin()
    assert how(explained(talk)) == ("half-closed", "nobody", "client")


# timed-out


@pytest.mark.parametrize(("times", "ending"), [(1, "open"), (2, "open"), (3, "timed-out"), (6, "timed-out")])
def test_data_sent_three_times_without_an_answer_is_timed_out(times: int, ending: str) -> None:
    talk, c, _s = opened()
    for number in range(times):
        c.data(10, seq=7, lost=True, gap=0.2 * 2**number)
    assert how(explained(talk)) == (ending, "nobody", None)


def test_a_fin_sent_three_times_without_an_answer_is_timed_out() -> None:
    talk, c, _s = opened()
    for number in range(3):
        c.fin(seq=7, lost=True, gap=0.2 * 2**number)
    assert how(explained(talk)) == ("timed-out", "nobody", "client")


def test_three_keepalives_without_an_answer_are_timed_out() -> None:
    talk, c, _s = opened()
    for _ in range(3):
        c.ack(seq=6, gap=75)
    assert how(explained(talk))[0] == "timed-out"


def test_three_probes_of_a_closed_window_without_an_answer_are_timed_out() -> None:
    talk, c, s = opened()
    s.ack(win=0)
    for number in range(3):
        c.ack(seq=6, gap=0.2 * 2**number)
    assert how(explained(talk))[0] == "timed-out"


def test_an_answer_after_many_tries_is_no_time_out() -> None:
    talk, c, s = opened()
    for number in range(5):
        c.data(10, seq=7, lost=True, gap=0.2 * 2**number)
    s.ack(ack=17)
    assert how(explained(talk))[0] == "open"


def test_three_segments_each_sent_twice_are_no_time_out() -> None:
    talk, c, _s = opened()
    for _ in range(2):
        for seq in (7, 107, 207):
            c.data(100, seq=seq, lost=True, gap=0.01)
    assert how(explained(talk))[0] == "open"


# open, unknown


def test_a_connection_in_use_is_open() -> None:
    talk, _c, _s = opened()
    told = explained(talk)
    assert how(told) == ("open", "nobody", None)
    assert told["cut"] == {"start": False, "end": True}


def test_one_direction_alone_says_nothing() -> None:
    talk = Talk()
    c, _s = talk.established()
    c.data(10), c.data(10), c.ack(ack=50)
    assert how(explained(talk))[:2] == ("unknown", "unknown")


def test_a_client_that_goes_on_without_a_captured_answer_is_not_unanswered() -> None:
    talk = Talk()
    c, s = talk.client, talk.server
    c.syn(), s.synack(hidden=True), c.ack(), c.data(10)
    assert how(explained(talk))[0] == "unknown"


def test_a_lone_rst_is_unknown() -> None:
    talk = Talk()
    talk.established()[0].abort()
    assert how(explained(talk))[:2] == ("unknown", "unknown")


def test_connections_side_by_side_do_not_touch_each_other() -> None:
    wire = Wire()
    talks = [Talk(ports=(40000 + number, 80), wire=wire) for number in range(4)]
    for talk in talks:
        talk.client.syn()
    talks[0].server.refuse()
    for talk in talks[1:3]:
        talk.server.synack(), talk.client.ack()
    talks[1].client.abort()
    talks[2].client.fin(), talks[2].server.fin(), talks[2].client.ack()
    told = explained_all(wire)
    assert [t["connection"] for t in told] == [0, 1, 2, 3]
    assert [t["ending"] for t in told] == ["refused", "reset", "closed", "unanswered"]


# Zeek's conn_state and history (scripts/base/protocols/conn/main.zeek)


def zeek(talk: Talk) -> tuple[str, str]:
    told = explained(talk)
    return told["zeek"]["conn_state"], told["zeek"]["history"]


def test_zeek_s0_a_syn_without_reply() -> None:
    talk = Talk()
    talk.client.syn(), talk.client.syn(seq=0, gap=1)
    assert zeek(talk) == ("S0", "S")


def test_zeek_s1_established_not_terminated() -> None:
    talk, _c, _s = opened()
    assert zeek(talk) == ("S1", "ShADa")


def test_zeek_sf_a_normal_close() -> None:
    talk, c, s = opened()
    s.data(9), c.fin(), s.fin(), c.ack()
    assert zeek(talk) == ("SF", "ShADadFf")


def test_zeek_rej_a_refused_connection() -> None:
    talk = Talk()
    talk.client.syn(), talk.server.refuse()
    assert zeek(talk) == ("REJ", "Sr")


def test_zeek_s2_only_the_originator_closed() -> None:
    talk, c, s = opened()
    c.fin(), s.ack()
    assert zeek(talk) == ("S2", "ShADaF")


def test_zeek_s3_only_the_responder_closed() -> None:
    talk, c, s = opened()
    s.fin(), c.ack()
    assert zeek(talk) == ("S3", "ShADaf")


def test_zeek_rsto_and_rstr_after_an_established_connection() -> None:
    talk, c, s = opened()
    c.abort()
    assert zeek(talk) == ("RSTO", "ShADaR")
    talk, c, s = opened()
    s.abort()
    assert zeek(talk) == ("RSTR", "ShADar")


def test_zeek_rsto_of_a_write_after_close() -> None:
    talk, c, s = opened()
    c.fin(), s.ack(), s.data(18), c.rst()
    assert zeek(talk) == ("RSTO", "ShADaFdR")


def test_zeek_rstos0_a_syn_then_a_rst() -> None:
    talk = Talk()
    talk.client.syn(), talk.client.rst(seq=1)
    assert zeek(talk) == ("RSTOS0", "SR")


def test_zeek_rstrh_a_syn_ack_then_a_rst_without_a_syn() -> None:
    talk = Talk()
    talk.server.synack(ack=1), talk.server.abort(ack=1)
    assert zeek(talk) == ("RSTRH", "^hr")


def test_zeek_sh_a_syn_then_a_fin() -> None:
    talk = Talk()
    talk.client.syn(), talk.client.send("F", seq=1)
    assert zeek(talk) == ("SH", "SF")


def test_zeek_shr_a_syn_ack_then_a_fin_without_a_syn() -> None:
    talk = Talk()
    talk.server.synack(ack=1), talk.server.fin(ack=1)
    assert zeek(talk) == ("SHR", "^hf")


def test_zeek_oth_traffic_in_midstream() -> None:
    talk = Talk()
    c, s = talk.established()
    c.data(5), s.ack(), s.data(5)
    assert zeek(talk) == ("OTH", "Dad")


def test_zeek_a_capture_whose_first_packet_is_the_responders_is_flipped() -> None:
    talk = Talk()
    c, s = talk.established()
    s.data(5), c.ack()
    assert zeek(talk)[1] == "^dA"


def test_zeek_writes_retransmissions_logarithmically() -> None:
    talk, c, _s = opened()
    c.data(10, lost=True)
    for _ in range(9):
        c.data(10, seq=7, lost=True, gap=1)
    assert zeek(talk)[1] == "ShADaT"
    c.data(10, seq=7, lost=True, gap=1)
    assert zeek(talk)[1] == "ShADaTT"


def test_zeek_writes_zero_windows_logarithmically() -> None:
    talk, _c, s = opened()
    for _ in range(10):
        s.ack(win=0)
    assert zeek(talk)[1] == "ShADaww"


def test_zeek_writes_gaps_and_damaged_packets() -> None:
    talk, c, s = opened()
    c.data(10, hidden=True), s.ack(), c.data(10, checksum="bad", lost=True)
    assert zeek(talk)[1] == "ShADaGC"


def test_zeek_does_not_count_a_damaged_rst_as_a_reset() -> None:
    talk, _c, s = opened()
    s.abort(checksum="bad")
    assert zeek(talk) == ("S1", "ShADac")


def test_zeek_writes_a_rst_again_only_for_another_number() -> None:
    talk, _, s = opened()
    s.abort(), s.rst(seq=1), s.rst(seq=1)
    assert zeek(talk)[1] == "ShADar"
    talk, _, s = opened()
    s.rst(seq=50), s.rst(seq=1)
    assert zeek(talk)[1] == "ShADarr"


def test_a_long_history_is_kept_whole() -> None:
    talk, _, s = opened()
    for number in range(30):
        s.rst(seq=100 + number)
    assert zeek(talk)[1] == "ShADa" + "r" * 30
