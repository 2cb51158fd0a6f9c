"""What a figure shows of a connection as a whole."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from finrst.plots.figures.ladder.crossings import in_order
from finrst.plots.scene import Arrow, Break, Call, Note

from ... import conversations as talk
from ...conversations import ALL
from .scenes import sample, scene, states


def test_the_notes_experiment_reads_as_in_the_textbook() -> None:
    figure = scene(talk.write_after_close())
    assert [(a.flags, a.label, a.detail) for a in figure.arrows] == [
        ("[S]", "SYN J, MSS 1460", "seq 4106537322 win 64240"),
        ("[S.]", "SYN K, ACK J+1, MSS 1460", "seq 2810473247 ack 4106537323"),
        ("[.]", "ACK K+1", "ack 1"),
        ("[P.]", "data, 6 bytes", "seq 1:7 ack 1"),
        ("[.]", "ACK J+7", "ack 7"),
        ("[F.]", "FIN M  (M = J+7)", "seq 7 ack 1"),
        ("[.]", "ACK M+1, delayed 47 ms", "ack 8"),
        ("[P.]", "data, 18 bytes", "seq 1:19 ack 8"),
        ("[R]", "RST", "seq 8, no ACK, win 0"),
    ]
    assert [figure.stamp(a.t_ns) for a in figure.arrows][-2:] == ["2.054200", "2.054241"]
    assert states(figure, "client") == ["CLOSED", "SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSED"]
    assert states(figure, "server") == ["LISTEN", "SYN_RCVD", "ESTABLISHED", "CLOSE_WAIT", "CLOSED"]


def test_a_gap_is_cut_out_with_its_length_and_what_went_on() -> None:
    breaks = [item for item in scene(talk.write_after_close()).items if isinstance(item, Break)]
    assert [(cut.text, cut.detail) for cut in breaks] == [
        ("1.96 s later", "no packet; the server has not closed its end")
    ]


def test_a_connection_of_any_length_is_composed_in_linear_time() -> None:
    long = talk.long_connection(60_000)
    start = time.perf_counter()
    assert scene(long).totals.packets > 59_000
    assert time.perf_counter() - start < 5


def test_a_clock_that_steps_back_is_said() -> None:
    plain = talk.orderly()
    segments = list(plain.segments)
    segments[5] = replace(segments[5], ts_ns=segments[5].ts_ns - 5_000_000_000)
    figure = scene(replace(plain, segments=tuple(segments)))
    assert any(isinstance(item, Break) and "steps back" in item.text for item in figure.items)


def test_the_textbook_figure_has_no_clock_and_no_data() -> None:
    figure = scene(talk.orderly(), timed=False)
    assert [a.flags for a in figure.arrows] == ["[S]", "[S.]", "[.]", "[F.]", "[.]", "[F.]", "[.]"]
    assert [a.label for a in figure.arrows][3:] == ["FIN M", "ACK M+1", "FIN N", "ACK N+1"]
    assert not any(a.detail for a in figure.arrows)
    assert any(isinstance(item, Note) and "120 bytes" in item.text for item in figure.items)
    assert [item.text for item in figure.items if isinstance(item, Break)] == ["2 MSL later"]
    assert states(figure, "client")[-1] == "CLOSED"


def test_a_time_wait_that_another_connection_ended_does_not_last_2_msl() -> None:
    figure = scene(replace(talk.orderly(), replaced_by=7), timed=False)
    (cut,) = [item for item in figure.items if isinstance(item, Break)]
    assert (cut.text, cut.detail) == ("before 2 MSL are over", "connection 7 takes the same ports")
    assert states(figure, "client")[-1] == "CLOSED"


@pytest.mark.parametrize("name", ALL)
def test_both_languages_tell_the_same_facts(name: str) -> None:
    english, chinese = scene(ALL[name]()), scene(ALL[name](), "zh")
    assert [(a.frame, a.flags, a.detail, a.t_ns) for a in english.arrows] == [
        (a.frame, a.flags, a.detail, a.t_ns) for a in chinese.arrows
    ]
    assert [type(item) for item in english.items] == [type(item) for item in chinese.items]
    assert english.totals == chinese.totals and english.verdict.kind == chinese.verdict.kind


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="choose from en, zh"):
        scene(talk.orderly(), "de")


@pytest.mark.parametrize(("name", "decimals"), [("connect-timeout", 3), ("firewall-rejects", 6), ("write-twice", 6)])
def test_stamps_have_as_many_decimals_as_calls_and_packets_need_to_differ(name: str, decimals: int) -> None:
    figure = sample(name)
    assert figure.decimals == decimals
    stamps = [figure.stamp(item.t_ns) for item in figure.items if isinstance(item, Arrow | Call) and item.t_ns >= 0]
    assert len(set(stamps)) == len(stamps)


def test_a_silence_until_the_capture_ends_is_told_before_its_torn_end() -> None:
    figure = sample("accept-queue-full-syn", 1)
    assert figure.ends_ns is not None and figure.cut_end
    silence = figure.items[-1]
    assert isinstance(silence, Break) and silence.dt_ns is not None and silence.dt_ns < figure.ends_ns
    assert (silence.text, silence.detail) == ("998 ms without a packet", "then the capture ends")
    assert list(in_order(figure))[-1] == (silence, True), "all that was on its way has arrived before it"


@pytest.mark.parametrize(
    ("name", "number"), [("accept-queue-full-abort", 1), ("forged-syn", 0), ("close-client-first", 0)]
)
def test_a_short_silence_or_one_that_is_told_elsewhere_is_not_told(name: str, number: int) -> None:
    figure = sample(name, number)
    assert figure.ends_ns is None and not isinstance(figure.items[-1], Break)
