"""What a figure shows of a connection, what it folds, and which words it finds."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from finrst.analyze.story import Connection, Pair
from finrst.plots.figures.ladder.compose import MOST_ARROWS, compose, letters, with_calls
from finrst.plots.scene import Arrow, Break, Call, Fold, Note, Scene, State

from ... import conversations as talk
from ...conversations import ALL, Talk, capture


def scene(connection: Connection, lang: str = "en", timed: bool = True) -> Scene:
    return compose(connection, capture(), lang, timed=timed)


def arrow(figure: Scene, frame: int) -> Arrow:
    return next(item for item in figure.arrows if item.frame == frame)


def states(figure: Scene, side: str) -> list[str]:
    """One end's states in the order in which they are entered."""
    found = [(figure.client_state if side == "client" else figure.server_state).name]
    for item in figure.items:
        entered = (item.sender_state, item.receiver_state) if isinstance(item, Arrow) else (item,)
        found += [state.name for state in entered if isinstance(state, State) and state.side == side]
    return found


def test_flags_are_tcpdumps_letter_for_letter() -> None:
    assert letters(2) == "[S]"
    assert letters(2 | 16) == "[S.]"
    assert letters(1 | 8 | 16) == "[FP.]"
    assert letters(4) == "[R]"
    assert letters(0) == "[none]"
    assert letters(2 | 64 | 128) == "[SEW]"
    assert letters(16 | 256) == "[.e]"


def test_the_notes_experiment_reads_as_in_the_textbook() -> None:
    figure = scene(talk.write_after_close())
    assert [(a.flags, a.label, a.detail) for a in figure.arrows] == [
        ("[S]", "SYN J, MSS 1460", "seq 4106537322 win 64240"),
        ("[S.]", "SYN K, ACK J+1, MSS 1460", "seq 2810473247 ack 4106537323"),
        ("[.]", "ACK K+1", "ack 1"),
        ("[P.]", "data, 6 bytes", "seq 1:7 ack 1"),
        ("[.]", "ACK J+7", "ack 7"),
        ("[F.]", "FIN M  (M = J+7)", "seq 7 ack 1"),
        ("[.]", "ACK M+1", "ack 8"),
        ("[P.]", "data, 18 bytes", "seq 1:19 ack 8"),
        ("[R]", "RST", "seq 8, no ACK, win 0"),
    ]
    assert [figure.stamp(a.t_ns) for a in figure.arrows][-2:] == ["2.054200", "2.054241"]
    assert states(figure, "client") == ["CLOSED", "SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED"]
    assert states(figure, "server") == ["LISTEN", "SYN_RCVD", "ESTABLISHED", "CLOSE_WAIT", "CLOSED"]


def test_data_after_the_own_close_names_who_closed_first_and_no_cause_that_packets_do_not_show() -> None:
    figure = scene(talk.write_after_close())
    assert figure.verdict.text == "The client closed first; the server's data was answered with RST."
    assert figure.verdict.kind == "bad"
    why = arrow(figure, 9).why
    assert why is not None and "the FIN (M)" in why.text and "the data (18 bytes)" in why.text
    assert "Its seq, 8, is the ack number" in why.text


def test_the_rst_is_cited_only_with_an_ack_number_that_it_repeats() -> None:
    connection = talk.write_after_close()
    other = replace(connection.segments[-1], seq=connection.segments[-1].seq + 1)
    figure = scene(replace(connection, segments=(*connection.segments[:-1], other)))
    why = arrow(figure, 9).why
    assert why is not None and "ack number" not in why.text


def test_an_active_reset_leaves_its_cause_open() -> None:
    figure = scene(talk.active_reset())
    assert "do not tell" in figure.verdict.text
    assert figure.verdict.certainty == "compatible"
    why = arrow(figure, 8).why
    assert why is not None and "2,896 bytes from the client were never acknowledged" in why.text


def test_only_one_reset_has_a_callout_and_its_echo_says_again() -> None:
    figure = scene(talk.active_reset())
    assert [a.frame for a in figure.arrows if a.why is not None] == [8]
    assert arrow(figure, 9).label == "RST again"


def test_a_rst_that_was_not_accepted_says_so_and_ends_nothing() -> None:
    figure = scene(talk.ignored_reset())
    assert arrow(figure, 6).ignored == "ignored: in window, not exact"
    assert figure.verdict.kind == "open"
    assert states(figure, "server")[-1] == "ESTABLISHED"


def test_a_rst_after_the_close_changes_nothing() -> None:
    figure = scene(talk.closed_then_reset())
    assert figure.verdict.kind == "ok" and "changed nothing" in figure.verdict.text


def test_a_gap_is_cut_out_with_its_length_and_what_went_on() -> None:
    breaks = [item for item in scene(talk.write_after_close()).items if isinstance(item, Break)]
    assert [(cut.text, cut.detail) for cut in breaks] == [
        ("1.956 s later", "no packet; the server has not closed its end")
    ]


def test_a_long_gap_that_is_not_cut_out_is_written_beside_the_time() -> None:
    figure = scene(talk.syn_flags())
    assert [item.text for item in figure.items if isinstance(item, Break)] == ["75.0 s later", "90.0 s later"]
    assert [a.wait for a in figure.arrows if a.wait] == ["+60.0 s", "+75.0 s"]


def test_a_connection_of_any_length_is_composed_in_linear_time() -> None:
    long = talk.long_connection(60_000)
    start = time.perf_counter()
    assert scene(long).totals.packets > 59_000
    assert time.perf_counter() - start < 5


def test_a_refusal_keeps_the_seq_0_that_it_has() -> None:
    assert arrow(scene(talk.refused()), 2).detail == "seq 0, ack 1, win 0"


def test_a_clock_that_steps_back_is_said() -> None:
    plain = talk.orderly()
    segments = list(plain.segments)
    segments[5] = replace(segments[5], ts_ns=segments[5].ts_ns - 5_000_000_000)
    figure = scene(replace(plain, segments=tuple(segments)))
    assert any(isinstance(item, Break) and "steps back" in item.text for item in figure.items)


def test_three_thousand_packets_become_ten_arrows_and_one_fold() -> None:
    figure = scene(talk.long_connection())
    folds = [item for item in figure.items if isinstance(item, Fold)]
    assert len(folds) == 1 and figure.totals.drawn == 10
    assert folds[0].facts[0] == "3 retransmitted, all recovered"
    assert "3,001 packets = 10 drawn + 2,991 folded" in figure.subtitle


@pytest.mark.parametrize("name", ALL)
def test_no_figure_has_more_arrows_than_a_reader_can_take(name: str) -> None:
    assert len(scene(ALL[name]()).arrows) <= MOST_ARROWS


@pytest.mark.parametrize("name", ALL)
def test_every_syn_fin_and_rst_is_drawn_or_counted_in_its_fold(name: str) -> None:
    connection = ALL[name]()
    figure = scene(connection)
    drawn = {item.frame for item in figure.arrows}
    for segment in connection.segments:
        if segment.flags & 7 and segment.duplicate_of is None and len(connection.segments) <= MOST_ARROWS:
            assert segment.frame in drawn


def test_a_flood_of_resets_is_folded_and_counted() -> None:
    flood = Talk().handshake()
    for number in range(200):
        told = {"shape": "active"} if number == 0 else None
        flood.add(1 + number / 1000, "server", "R.", 1, 1, states="CLOSED CLOSED", reset=told)
    figure = scene(flood.connection("reset", "server", "server"))
    assert len(figure.arrows) <= MOST_ARROWS
    facts = [fact for item in figure.items if isinstance(item, Fold) for fact in item.facts]
    folded = sum(int(fact.split()[0]) for fact in facts if "RST among them" in fact)
    assert folded + sum(a.kind == "rst" for a in figure.arrows) == 200


def test_a_packet_captured_twice_is_drawn_once_and_counted() -> None:
    figure = scene(talk.captured_twice())
    assert figure.totals.copies == 10 and figure.totals.drawn == 10
    assert "20 packets = 10 drawn + 10 captured twice" in figure.subtitle


def test_retransmissions_name_their_original_and_their_number() -> None:
    figure = scene(talk.unknown_connection())
    again = [a for a in figure.arrows if a.retransmission_of is not None]
    assert {a.retransmission_of for a in again} == {4}
    assert again[-1].label == "same 100 bytes, 8th try"
    assert arrow(figure, 4).unanswered == "no answer, again after 204 ms"
    assert again[-1].unanswered is None, "the last one was answered, with RST"


def test_a_rst_in_the_form_of_an_answer_that_answers_nothing_accuses_nobody() -> None:
    told = talk.unknown_connection()
    resets = tuple(replace(reset, answers_frame=None) for reset in told.resets)
    segments = tuple(replace(s, reset=resets[0]) if s.reset is not None else s for s in told.segments)
    figure = scene(replace(told, resets=resets, segments=segments))
    assert "answers nothing" in figure.title
    assert figure.verdict.certainty == "compatible"
    why = next(arrow.why for arrow in figure.arrows if arrow.why is not None)
    assert "firewall" in why.text and "not captured" in why.text


def test_unanswered_syns_end_half_way() -> None:
    figure = scene(talk.unanswered())
    assert all(a.unanswered for a in figure.arrows)
    assert figure.verdict.text.startswith("The client sent 4 SYNs in 7.1 s; no answer.")
    assert figure.server_state.name == "UNKNOWN"


def test_crossing_fins_take_both_ends_through_closing() -> None:
    figure = scene(talk.simultaneous_close())
    assert arrow(figure, 5).crosses == 4
    first, second = arrow(figure, 4), arrow(figure, 5)
    for own, other in ((first, second), (second, first)):  # each leaves in FIN_WAIT_1, and finds the other there
        assert own.sender_state is not None and own.sender_state.name == "FIN_WAIT_1"
        assert other.receiver_state is not None and other.receiver_state.name == "CLOSING"
        assert own.sender_state.side == other.receiver_state.side
    assert states(figure, "client")[-1] == states(figure, "server")[-1] == "TIME_WAIT"


def test_a_rst_from_the_path_does_not_close_the_end_in_whose_name_it_came() -> None:
    figure = scene(talk.from_the_path())
    rst = figure.arrows[-1]
    assert rst.origin > 0 and rst.origin_note == "not from the server"
    assert states(figure, "server")[-1] == "ESTABLISHED"
    assert states(figure, "client")[-1] == "CLOSED"


def test_without_syn_numbers_count_from_the_first_segment_and_no_j_is_claimed() -> None:
    figure = scene(talk.cut_both())
    assert "J =" not in figure.subtitle and "first segment" in figure.subtitle
    assert figure.arrows[0].detail == "seq 1:1449 ack 1"
    assert figure.cut_start and figure.cut_end


def test_the_textbook_figure_has_no_clock_and_no_data() -> None:
    figure = scene(talk.orderly(), timed=False)
    assert [a.flags for a in figure.arrows] == ["[S]", "[S.]", "[.]", "[F.]", "[.]", "[F.]", "[.]"]
    assert [a.label for a in figure.arrows][3:] == ["FIN M", "ACK M+1", "FIN N", "ACK N+1"]
    assert not any(a.detail for a in figure.arrows)
    assert any(isinstance(item, Note) and "120 bytes" in item.text for item in figure.items)
    assert [item.text for item in figure.items if isinstance(item, Break)] == ["2 MSL later"]
    assert states(figure, "client")[-1] == "CLOSED"


def test_a_fin_with_data_and_acknowledgement_says_all_three() -> None:
    figure = scene(talk.three_packet_close())
    assert arrow(figure, 6).label == "data, 30 bytes, FIN N, ACK M+1  (N = K+543)"
    assert arrow(figure, 7).label == "ACK N+1"


@pytest.mark.parametrize("name", ALL)
def test_verdicts_and_callouts_are_short_enough_to_read(name: str) -> None:
    figure = scene(ALL[name]())
    assert len(figure.verdict.text.split()) <= 30
    assert all(len(a.why.text.split()) <= 45 for a in figure.arrows if a.why is not None)
    chinese = scene(ALL[name](), "zh")
    assert len(chinese.verdict.text) <= 75
    assert all(len(a.why.text) <= 110 for a in chinese.arrows if a.why is not None)


@pytest.mark.parametrize("name", ALL)
def test_both_languages_tell_the_same_facts(name: str) -> None:
    english, chinese = scene(ALL[name]()), scene(ALL[name](), "zh")
    assert [(a.frame, a.flags, a.detail, a.t_ns) for a in english.arrows] == [
        (a.frame, a.flags, a.detail, a.t_ns) for a in chinese.arrows
    ]
    assert [type(item) for item in english.items] == [type(item) for item in chinese.items]
    assert english.totals == chinese.totals and english.verdict.kind == chinese.verdict.kind


@pytest.mark.parametrize(
    "ending",
    ["closed", "reset", "refused", "unanswered", "handshake-incomplete", "half-closed", "timed-out", "open", "unknown"],
)
def test_every_ending_has_words_even_when_nothing_else_is_known(ending: str) -> None:
    bare = replace(
        talk.write_after_close(), ending=ending, ended_by="unknown", closed_first=None, resets=(), segments=(),
        undelivered=Pair(0, 0),
    )  # fmt: skip
    for lang in ("en", "zh"):
        figure = scene(bare, lang)
        assert figure.title and figure.verdict.text


def test_calls_take_their_place_in_time_and_split_the_gaps() -> None:
    figure = with_calls(scene(talk.write_after_close()), talk.write_after_close_calls())
    order = [item.text for item in figure.items if isinstance(item, Call | Break)]
    assert order[-5:] == ["1.956 s later", "= 0", "write(4,…,18)", "0.500 s later", "write(4,…,18)"]
    assert figure.calls("server")[-1].result == "= -1 EPIPE"
    times = [item.t_ns for item in figure.items if isinstance(item, Arrow | Call)]
    assert times == sorted(times)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="choose from en, zh"):
        scene(talk.orderly(), "de")
