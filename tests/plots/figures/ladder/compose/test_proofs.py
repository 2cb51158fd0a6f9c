"""What a recording or a second capture proves is told in place of what one capture's packets leave open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Connection
from finrst.plots import words
from finrst.plots.figures.ladder.compose import compose, proofs
from finrst.plots.of_connection import told_reset
from finrst.plots.scene import Scene
from finrst.reading import Told

SAMPLES = Path(__file__).parents[5] / "samples"


def told(name: str, number: int = 0) -> Told:
    return finrst.read(SAMPLES / name).connection(number)


def key(connection: Connection) -> str | None:
    found = proofs.proof(connection, told_reset(connection))
    return None if found is None else found.key


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("accept-queue-full", 0, "closed-queued-room"),
        ("accept-queue-full-syn", 0, "unanswered-queue"),
        ("connect-timeout", 0, "unanswered-lost"),
        ("early-answer", 0, "unread-rest"),
        ("firewall-drops-mid-stream-icmp", 0, "timed-out-icmp-walled"),
        ("firewall-drops-mid-stream", 0, "timed-out-walled"),
        ("middlebox-forgets-silently", 0, "timed-out-forgotten"),
        ("firewall-rejects-port-unreachable", 0, "unanswered-icmp-walled"),
        ("stray-segment", 0, "stray-segment"),
        ("health-check", 0, "health-check"),
        ("forged-data", 0, "forged-data-closed"),
        ("forged-fin", 0, "forged-fin"),
        ("forged-rst-both-ends", 0, "path-both"),
        ("forged-syn", 1, "forged-syn-closed"),
        ("half-open-unnoticed", 0, "forgotten"),
        ("keepalive-death", 0, "keepalive-lost"),
        ("reset-after-response", 0, "harmless"),
        ("shutdown-both", 0, "shut-down"),
        ("simultaneous-open", 0, "closed-simultaneous-open"),
        ("time-wait-assassinated", 0, "time-wait-ended-copy"),
        ("lost-data-duplicated", 0, "delivered-twice-rst"),
        ("forged-rst-old-timestamp", 0, "path-old"),
        ("stray-segment-known", 0, "stray-data"),
        ("time-wait-protected", 0, "time-wait-kept-copy"),
        ("urgent-byte", 0, "unread-urgent"),
        ("wire-cut", 0, "gave-up-before"),
        ("write-once-unread", 0, "unread-all"),
        ("zero-window-user-timeout", 0, "gave-up-window"),
        ("close-client-first", 0, None),
        ("lost-handshake-last-ack", 0, None),
        ("write-twice", 0, None),
    ],
)
def test_what_each_sample_proves(name: str, number: int, expected: str | None) -> None:
    assert key(told(name, number).story) == expected


def test_nothing_is_proved_by_the_packets_of_one_capture_alone() -> None:
    for name in ("shutdown-both", "urgent-byte", "early-answer", "half-open-unnoticed", "zero-window-user-timeout"):
        story = replace(told(name).story, calls=(), kernel=(), exits=(), steps=(), resets=())
        assert key(story) is None, name


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


def test_of_a_stray_segments_ends_only_the_one_is_known_whose_kernel_had_no_socket() -> None:
    figure = told("stray-segment").scene()
    assert isinstance(figure, Scene)
    known = [(state.side, state.name, state.source) for side in ("client", "server") for state in figure.states(side)]
    assert known == [("client", "UNKNOWN", "inferred"), ("server", "CLOSED", "traced")]
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
    assert [state.name for state in figure.states("server")] == ["LISTEN", "SYN_RCVD", "LISTEN"]
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
