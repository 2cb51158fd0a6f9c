"""What the packets allow to be said of an ending, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Pair
from finrst.plots import words
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.scene import Scene
from finrst.plots.verdicts import sentence
from finrst.reading import Told

from .... import conversations as talk
from ....conversations import ALL
from ..scenes import arrow, sample, scene, states

SAMPLES = Path(__file__).parents[5] / "samples"


def by_packets(name: str) -> Scene:
    """The figure of a sample's packets alone."""
    figure = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene()
    assert isinstance(figure, Scene)
    return figure


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
    assert len(figure.verdict.answer.split()) <= 30 and len(figure.verdict.text.split()) <= 45
    assert all(len(a.why.text.split()) <= 45 for a in figure.arrows if a.why is not None)
    chinese = scene(ALL[name](), "zh")
    assert len(chinese.verdict.answer) <= 75 and len(chinese.verdict.text) <= 110
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
    assert "Without an ack number to take, the RST has seq 0 and acknowledges what came (ack 7)" in why.text
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


# --- what a recording or a second capture proves


def told(name: str, number: int = 0) -> Told:
    return finrst.read(SAMPLES / name).connection(number)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_forged_fin_is_not_the_clients_close(lang: str) -> None:
    one = told("forged-fin")
    figure = compose(one.story, one.capture, lang)
    assert figure.verdict.certainty == "proved"
    assert figure.verdict.text.startswith(
        "The client believed a FIN that the server never sent"
        if lang == "en"
        else "客户端相信了一个服务器从未发送的 FIN"
    )
    assert all("keepalive" not in arrow.label for arrow in figure.arrows)


def test_a_response_that_was_cut_says_how_much_of_it_was_read() -> None:
    assert "Of its 20,000 bytes the client read 4,344." in told("response-cut").says
    assert "read 4,344, 3,344 of them after the RST." in told("response-cut-read-before").says


def test_of_a_stray_segments_ends_the_one_is_known_whose_kernel_had_no_socket_and_the_others_is_inferred() -> None:
    figure = told("stray-segment").scene()
    assert isinstance(figure, Scene)
    known = [(state.side, state.name, state.source) for side in ("client", "server") for state in figure.states(side)]
    assert known == [("client", "CLOSED", "inferred"), ("server", "CLOSED", "traced")]
    assert not figure.cut_start


def test_the_late_copy_that_meets_time_wait_is_drawn() -> None:
    for name, after in (("time-wait-assassinated", "CLOSED"), ("time-wait-protected", "TIME_WAIT")):
        figure = told(name).scene()
        assert isinstance(figure, Scene)
        (copy,) = [arrow for arrow in figure.arrows if arrow.origin_note == words.say("copy-on-the-way", "en")]
        assert copy.label == "copy of the 6 bytes" and copy.frame == 10
        assert figure.states("client")[-1].name == after
        assert figure.totals.drawn + figure.totals.folded + figure.totals.copies == figure.totals.packets


def test_a_listener_without_room_keeps_the_connection_in_syn_rcvd() -> None:
    figure = told("accept-queue-full-given-up").scene()
    assert isinstance(figure, Scene)
    assert "ESTABLISHED" not in [state.name for state in figure.states("server")]


def test_fin_wait_2_is_over_before_the_data_that_finds_no_socket() -> None:
    for name, over in (("fin-wait-2", True), ("fin-wait-2-in-time", False)):
        figure = told(name).scene()
        assert isinstance(figure, Scene)
        data = next(place for place, item in enumerate(figure.items) if getattr(item, "kind", None) == "data")
        ended = [getattr(item, "name", None) for item in figure.items[:data]]
        assert ("CLOSED" in ended) is over, name


def test_the_labels_of_a_closed_window_say_so() -> None:
    figure = told("zero-window").scene()
    assert isinstance(figure, Scene)
    assert any(arrow.label.endswith(", window 0") for arrow in figure.arrows)


def test_data_that_was_still_on_its_way_at_the_close_was_not_unread() -> None:
    text = compose(told("crossing-data").story, told("crossing-data").capture).verdict.text
    assert "closed with 100 bytes unread" in text


def test_a_rst_of_the_hosts_firewall_is_not_from_the_path() -> None:
    one = told("firewall-rejects")
    figure = compose(one.story, one.capture)
    assert "The server's firewall, which had a rule to reject" in figure.verdict.text
    assert figure.title == "Refused by the server's firewall, not by its TCP" and figure.verdict.certainty == "proved"
    unknown = compose(replace(one.story, steps=()), one.capture)  # no rule is known
    assert "left the server's host" in unknown.verdict.text
    reset = next(arrow for arrow in figure.arrows if arrow.kind == "rst")
    assert reset.origin == 0 and reset.on_the_way == ("from its host, not from its TCP",)


def test_one_evidence_has_one_strength_in_figure_and_record() -> None:
    for name, strength in (("accept-queue-full-given-up", "implied"), ("reset-after-response", "proved")):
        one = told(name)
        figure = compose(one.story, one.capture)
        assert figure.verdict.certainty == one.story.verdicts[0].certainty == strength
    assert "most likely" in told("accept-queue-full-given-up").scene().title


@pytest.mark.parametrize("name", ["forged-data", "stray-segment", "stray-segment-no-ack", "accept-queue-full"])
def test_what_ended_nothing_is_not_headed_as_the_reason_of_the_end(name: str) -> None:
    one = told(name)
    assert compose(one.story, one.capture).verdict.heading == "verdict"


def test_a_hard_close_throws_away_only_what_was_there() -> None:
    def why(name: str) -> str:
        return " ".join(arrow.why.text for arrow in compose(told(name).story, told(name).capture).arrows if arrow.why)

    assert "Nothing was unsent or unread" in why("reset-after-response-kept")
    assert "throws away what is unsent" in why("response-cut-linger-0")  # 15.7 kB were never sent


def test_an_alternative_is_not_proved() -> None:
    for name, what in (("firewall-drops", "firewall"), ("accept-queue-full-syn", "accept queue")):
        story = told(name).story
        figure = compose(story, told(name).capture)
        assert "arrived at the server's end" in figure.verdict.text
        assert what in figure.title and (figure.verdict.certainty == "proved") == (what == "firewall")
        unknown = compose(replace(story, steps=(), calls=()), told(name).capture)
        assert "as a firewall does, or a full accept queue" in unknown.verdict.text
        assert unknown.verdict.certainty != "proved"


@pytest.mark.parametrize("name", ["firewall-rejects-host-unreachable", "firewall-drops-mid-stream-icmp"])
def test_an_icmp_error_is_an_arrow_from_the_end_whose_address_sent_it(name: str) -> None:
    one = told(name)
    figure = compose(one.story, one.capture)
    errors = [arrow for arrow in figure.arrows if arrow.kind == "icmp"]
    assert [error.frame for error in errors] == [error.frame for error in one.story.icmp]
    assert {(error.side, error.origin, error.label) for error in errors} == {("server", 0.0, "host unreachable")}
    assert figure.verdict.certainty == "proved" and "firewall, which had a rule to reject" in figure.verdict.text
    without = compose(replace(one.story, steps=()), one.capture)
    assert without.verdict.certainty == "proved" and "ICMP from" in without.verdict.text
    router = replace(one.story, icmp=tuple(replace(error, sender="10.9.0.9") for error in one.story.icmp))
    away = next(arrow for arrow in compose(router, one.capture).arrows if arrow.kind == "icmp")
    assert away.origin > 0 and away.origin_note == "from 10.9.0.9"


@pytest.mark.parametrize("name", ["accept-queue-full-abort", "connect-timeout-cancelled", "forged-rst-handshake"])
def test_a_passive_opener_whose_handshake_fails_listens_again(name: str) -> None:
    one = told(name)
    assert [state.name for state in compose(one.story, one.capture).states("server")][-2:] == ["SYN_RCVD", "LISTEN"]


def test_a_connection_that_the_server_forgot_ends_at_its_listener() -> None:
    one = told("accept-queue-full-given-up")
    figure = compose(one.story, one.capture)
    assert [state.name for state in figure.states("server")] == ["CLOSED", "LISTEN", "SYN_RCVD", "LISTEN"]
    assert "SYN-ACK" not in figure.verdict.text


@pytest.mark.parametrize(
    ("name", "said"),
    [("write-twice-back-to-back", "write returned 18"), ("java-write-twice", "write of 0 bytes returned 0")],
)
def test_the_write_that_failed_is_the_one_named(name: str, said: str) -> None:
    text = compose(told(name).story, told(name).capture).verdict.text
    assert f"next {said}; a later one failed: EPIPE" in text


@pytest.mark.parametrize("name", ["unread-data-linger-0", "unread-data-but-read", "listener-closed-by-kill"])
def test_a_kill_is_no_close(name: str) -> None:
    figure = compose(told(name).story, told(name).capture)
    assert "killed" in figure.verdict.text and "client closed" not in figure.verdict.text + figure.title


def test_a_socket_that_was_closed_in_syn_sent_answers_the_syn_ack_with_rst() -> None:
    one = told("connect-timeout-cancelled")
    figure = compose(one.story, one.capture)
    assert "closed its socket before the SYN-ACK came" in figure.verdict.text
    assert [arrow.why.text for arrow in figure.arrows if arrow.why] and all(
        "SYN-ACK that came" in arrow.why.text for arrow in figure.arrows if arrow.why
    )


def test_what_java_said_is_quoted_as_java_said_it() -> None:
    one = told("java-vanished")
    text = compose(one.story, one.capture).to_json()
    assert "java.net.SocketException: Connection reset" in text and "Connection reset by peer" not in text


def test_when_the_queue_had_room_is_told_by_the_accept_that_then_waited() -> None:
    one = told("accept-queue-full")
    waited = next(call for call in one.story.calls if call.call == "accept")
    came = next(s.arrived_ns for s in one.story.segments[2:] if s.side == "client") or 0
    text = compose(one.story, one.capture).verdict.text
    assert f"After {words.span(waited.t_ns - came)} accept found the queue empty" in text


@pytest.mark.parametrize(
    ("name", "title", "why"),
    [
        ("keepalive-death", "The client's keepalive probes had no answer: RST", "TCP_KEEPCNT"),
        ("health-check", "Connected and reset without a byte, as a health check does", "nothing had come"),
        ("killed-from-outside", "The server threw the connection away, with nothing unread", "ss --kill"),
        ("lost-rst", "The client's RST had no effect: the server went on, and got another", "RST that had no effect"),
        ("wire-cut", "No answer to 4 transmissions: the client gave up", "and given up"),
        ("reset-after-response", "RST in place of the last FIN", "SO_LINGER 0"),
        ("accept-queue-full-abort", "RST at the handshake's end: most likely the accept queue was full", "queue"),
    ],
)
def test_from_packets_alone_the_figure_tells_what_the_catalogue_found(name: str, title: str, why: str) -> None:
    one = finrst.read(SAMPLES / name / "packets.pcapng").connection(0)
    figure, head = one.scene("en"), one.story.verdicts[0]
    assert isinstance(figure, Scene)
    assert figure.title == title
    assert figure.verdict.text.startswith(sentence(f"rule-{head.code}", head.values, "en"))
    assert figure.verdict.certainty == head.certainty
    told = next(arrow.why for arrow in figure.arrows if arrow.why is not None)
    assert why in told.text and ("data unread" in told.text) == (name == "reset-after-response")


@pytest.mark.parametrize(("name", "said"), [("ignored-rst-one-below", True), ("ignored-rst-outside-window", False)])
def test_when_one_below_would_have_been_taken_is_said_of_a_rst_one_below(name: str, said: bool) -> None:
    why = next(arrow.why for arrow in sample(name).arrows if arrow.why is not None)
    assert ("once the server's FIN has come" in why.text) is said


def test_shutdown_both_ways_is_named_beside_close_where_no_record_tells_them_apart() -> None:
    alone = finrst.read(SAMPLES / "proxy-client-gone" / "packets.pcapng").connection(0)
    for figure, open_ in ((compose(alone.story, alone.capture), True), (sample("quotation-ordinary-close"), False)):
        why = next(arrow.why for arrow in figure.arrows if arrow.why is not None)
        assert ("closed or shut down its reading, too" in why.text) is open_


@pytest.mark.parametrize(
    ("name", "evidence"),
    [
        ("forged-rst", ("packets went on after", "IP-ID")),
        ("forged-rst-before-data", ("packets went on after", "IP-ID")),
        ("forged-rst-old-timestamp", ("packets went on after", "its timestamp is 100 s old")),
        ("firewall-resets", ("packets went on after",)),
        ("forged-rst-handshake", ("packets went on after",)),
    ],
)
def test_the_callout_names_what_speaks_against_a_rst_and_the_title_how_sure_that_is(
    name: str, evidence: tuple[str, ...]
) -> None:
    alone = finrst.read(SAMPLES / name / "packets.pcapng").connection(0)
    figure = compose(alone.story, alone.capture)
    rst = next(arrow for arrow in figure.arrows if arrow.why is not None)
    assert rst.why is not None and all(one in rst.why.text for one in evidence)
    assert len(rst.why.text.split()) <= 45
    assert figure.verdict.certainty == "compatible"
    assert "most likely not" in figure.title and "most likely not from" in (rst.origin_note or "")
    assert "likely" not in sample(name).title, "a recording proves it"


@pytest.mark.parametrize("name", ["listener-closed", "listener-closed-by-kill"])
def test_without_calls_a_listener_that_went_is_one_of_the_causes(name: str) -> None:
    alone = finrst.read(SAMPLES / name / "packets.pcapng").connection(0)
    figure = compose(alone.story, alone.capture)
    why = next(arrow.why for arrow in figure.arrows if arrow.why is not None)
    assert "listener" in why.text and "SO_LINGER 0" in why.text
    assert "ended the connection with RST" in figure.verdict.text


def test_a_handshake_that_is_refused_names_who_may_have_given_it_up() -> None:
    figure = by_packets("connect-timeout-cancelled")
    why = next(a.why for a in figure.arrows if a.why is not None)
    assert "had given up connecting" in why.text and "port scan" in why.text and "restarted" not in why.text


def test_a_rst_behind_an_acknowledged_fin_may_be_that_of_tcp_linger2() -> None:
    figure = by_packets("fin-wait-2-linger2-below-zero")
    why = next(a.why for a in figure.arrows if a.why is not None)
    assert "TCP_LINGER2 below zero" in why.text and "SO_LINGER 0" in why.text
    assert "unread" not in why.text, "nothing had come"


def test_a_fin_that_data_denies_is_drawn_as_nobodys_and_explains_the_rst() -> None:
    figure = by_packets("forged-fin")
    fin = next(a for a in figure.arrows if a.flags == "[F.]")
    assert fin.origin_note == "most likely not from the server's TCP" and fin.sender_state is None
    why = next(a.why for a in figure.arrows if a.why is not None)
    assert "the FIN had ended the server's stream" in why.text and "no connection" not in why.text


def test_a_rst_of_the_servers_own_firewall_is_not_said_to_be_of_another_host() -> None:
    figure = by_packets("firewall-resets")
    rst = next(a for a in figure.arrows if a.why is not None)
    assert rst.origin_note == "most likely not from the server's TCP"
    assert rst.why is not None and "The server's own firewall may have made it" in rst.why.text
    assert figure.arrows[-1].ignored is None, "the server asks for the very number of the client's RST"


def test_a_half_open_connection_that_a_full_queue_left_is_forgotten_before_it_is_refused() -> None:
    figure = by_packets("accept-queue-full-given-up")
    why = next(a.why for a in figure.arrows if a.why is not None)
    assert "taken up nothing since its SYN-ACK" in why.text and "restarted" not in why.text


def test_data_that_crossed_the_rst_is_counted_without_a_recording() -> None:
    assert by_packets("crossing-data").verdict.also == " 300 bytes from the client crossed that RST: lost."
