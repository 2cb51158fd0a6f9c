"""What the packets allow to be said of an ending, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from finrst.analyze.story import Pair

from .... import conversations as talk
from ....conversations import ALL
from ..scenes import arrow, sample, scene, states


def test_data_after_the_own_close_names_who_closed_first_and_no_cause_that_packets_do_not_show() -> None:
    figure = scene(talk.write_after_close())
    assert figure.verdict.text == "The client closed first; the server's data was answered with RST."
    assert figure.verdict.kind == "bad"
    why = arrow(figure, 9).why
    assert why is not None and "the FIN (M)" in why.text and "the data (18 bytes)" in why.text
    assert "Its seq, 8, is the ack number" in why.text


def test_an_active_reset_leaves_its_cause_open() -> None:
    figure = scene(talk.active_reset())
    assert "do not tell" in figure.verdict.text
    assert figure.verdict.certainty == "compatible"
    why = arrow(figure, 8).why
    assert why is not None and "2,896 bytes from the client were never acknowledged" in why.text


def test_only_one_reset_has_a_callout_and_the_next_says_what_it_answers() -> None:
    figure = scene(talk.active_reset())
    assert [a.frame for a in figure.arrows if a.why is not None] == [8]
    assert (arrow(figure, 9).label, arrow(figure, 9).because) == ("RST", "answers data 1449:2897")


def test_a_reset_that_repeats_another_for_the_same_segment_says_again() -> None:
    story = talk.active_reset()
    first, second = story.resets
    echo = replace(second, answers_frame=first.answers_frame)
    assert arrow(scene(replace(story, resets=(first, echo))), 9).label == "RST again"


def test_a_rst_that_was_not_accepted_says_so_and_ends_nothing() -> None:
    figure = scene(talk.ignored_reset())
    assert arrow(figure, 6).ignored == "ignored: in window, not exact"
    assert figure.verdict.kind == "open"
    assert states(figure, "server")[-1] == "ESTABLISHED"


def test_a_rst_after_the_close_changes_nothing() -> None:
    figure = scene(talk.closed_then_reset())
    assert figure.verdict.kind == "ok" and "changed nothing" in figure.verdict.text


def test_a_rst_in_the_form_of_an_answer_that_answers_nothing_accuses_nobody() -> None:
    told = talk.unknown_connection()
    resets = tuple(replace(reset, answers_frame=None) for reset in told.resets)
    segments = tuple(replace(s, reset=resets[0]) if s.reset is not None else s for s in told.segments)
    figure = scene(replace(told, resets=resets, segments=segments))
    assert "answers nothing" in figure.title
    assert figure.verdict.certainty == "compatible"
    why = next(arrow.why for arrow in figure.arrows if arrow.why is not None)
    assert "firewall" in why.text and "not captured" in why.text


@pytest.mark.parametrize("name", ALL)
def test_verdicts_and_callouts_are_short_enough_to_read(name: str) -> None:
    figure = scene(ALL[name]())
    assert len(figure.verdict.text.split()) <= 30
    assert all(len(a.why.text.split()) <= 45 for a in figure.arrows if a.why is not None)
    chinese = scene(ALL[name](), "zh")
    assert len(chinese.verdict.text) <= 75
    assert all(len(a.why.text) <= 110 for a in chinese.arrows if a.why is not None)


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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ignored-rst", "1,000 beyond the next expected. The client answered with a challenge ACK (RFC 5961)"),
        ("ignored-rst-bad-checksum", "exactly the seq that the client expected, but a wrong checksum"),
        ("ignored-rst-handshake", "had ack 1001, where ack 1 acknowledges that SYN"),
        ("ignored-rst-one-below", "seq 0, 1 below the next that the client expected"),
        (
            "ignored-rst-outside-window",
            "1,000,000 beyond the next that the client expected: outside its receive window",
        ),
        ("ignored-rst-too-late", "seq 1: exact until 18 bytes of data came before it"),
    ],
)
def test_a_rst_that_ended_nothing_is_no_reason_for_the_end(name: str, said: str) -> None:
    verdict = sample(name).verdict
    assert verdict.heading == "verdict"
    assert said in verdict.text
    assert verdict.text.endswith("The connection went on; later the client closed in order.")


def test_what_a_callout_asks_is_what_it_signs() -> None:
    ignored = next(a.why for a in sample("ignored-rst").arrows if a.why)
    assert ignored.proof is not None and "took no RST" in ignored.proof
    forged = next(a.why for a in sample("forged-rst").arrows if a.why)
    assert forged.proof is not None and "capture at the server's end" in forged.proof and "forger" in forged.text
    crossed = next(a.why for a in sample("crossing-resets").arrows if a.why)
    assert "SO_LINGER" in crossed.text and crossed.proof is not None and "TCP_STATE" in crossed.proof


def test_every_later_reset_says_what_it_answers() -> None:
    assert arrow(sample("forged-rst"), 8).because == "answers the data (18 bytes): a RST had ended its socket"
    later = [arrow(sample("crossing-data"), frame).because for frame in (10, 11, 12)]
    assert later == ["answers data 101:201", "answers data 201:301", "answers data 301:401"]
    lost = arrow(sample("lost-rst"), 6)
    assert (lost.because, lost.shorter_because) == ("sent because data was unread", ("data was unread",))


def test_a_reset_whose_trigger_has_no_arrow_of_its_own_answers_a_copy() -> None:
    scene = sample("lost-data-duplicated")
    assert [a.because for a in scene.arrows if a.kind == "rst"] == [
        "answers a copy of ACK N+1",
        "answers ACK N+1",
        "answers a copy of ACK N+1",
    ]


def test_both_victims_of_forged_resets_are_heard() -> None:
    assert "Both programs' read then failed: ECONNRESET" in sample("forged-rst-both-ends").verdict.text


def test_a_segment_without_an_ack_number_is_acknowledged_by_the_rst_that_refuses_it() -> None:
    why = next(arrow.why for arrow in sample("stray-segment-no-ack").arrows if arrow.why is not None)
    assert "has no ack number, so the RST has seq 0 and acknowledges it (ack 7)" in why.text
    why = next(arrow.why for arrow in sample("stray-segment").arrows if arrow.why is not None)
    assert "no ack number" not in why.text and "Its seq, 1, is the ack number" in why.text


def test_a_write_that_waited_for_the_window_says_how_much_it_handed_over() -> None:
    assert (
        "write, waiting for room (window 0 at last), returned 10,136 of 30,000 bytes; the next failed: ECONNRESET"
        in (sample("zero-window").verdict.text)
    )
    assert "waiting for room" not in sample("write-twice").verdict.text


def test_a_write_of_nothing_that_failed_is_called_so() -> None:
    assert "next write of 0 bytes failed: EPIPE" in sample("write-twice-empty").verdict.text
    assert "of 0 bytes" not in sample("write-twice").verdict.text


def test_a_read_that_failed_by_its_own_kernel_s_rst_blames_nobody_else() -> None:
    assert "The client's read then failed by its own kernel's RST: ECONNRESET" in sample("shutdown-both").verdict.text
    assert "own kernel" not in sample("unread-data").verdict.text
