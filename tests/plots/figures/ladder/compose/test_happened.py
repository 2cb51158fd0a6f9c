"""What happened on the way to an ending stands behind the verdict, and only where it happened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import finrst
from finrst.plots import words
from finrst.plots.figures.ladder.compose import compose
from finrst.plots.figures.ladder.compose.facts import Facts
from finrst.plots.figures.ladder.compose.happened import Happened
from finrst.plots.scene import Break, Scene
from finrst.reading import Told

SAMPLES = Path(__file__).parents[5] / "samples"


def told(name: str, number: int = 0) -> Told:
    return finrst.read(SAMPLES / name).connection(number)


def sentences(name: str, lang: str = "en") -> str:
    one = told(name)
    return Happened(Facts(one.story, one.capture, lang, True)).sentences()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lost-data-one-of-many", "3 duplicate ACKs with SACK brought it again after 23.9 ms, before any timer."),
        ("lost-data-reordered", "The data (100 bytes) was overtaken on the way; both arrived"),
        ("lost-fin", "The FIN (M) was lost on the way, and sent again after 204 ms."),
        ("lost-fin-ack", "the FIN (N) was sent again after 205 ms: TIME_WAIT is there to acknowledge it."),
        ("lost-handshake", "The SYN-ACK was lost on the way, and sent again after 1.01 s."),
        ("lost-handshake-last-ack", "The handshake's last ACK was lost on the way; the data (6 bytes) acknowledged"),
        ("wire-cut-in-time", "The data (6 bytes) was lost on the way 3 times before it arrived."),
        ("zero-window-read-on", "For 214 ms the client had room for 24 bytes at most, no full segment"),
        ("zero-window-writer-gone", "in FIN_WAIT_1 for 253 ms, still delivered 5,656 bytes, and its FIN behind them."),
        ("zero-window-user-timeout", "Linux answers one probe in 500 ms: the last was sooner."),
        ("zero-window-read-on", "the server waited, and all 30,000 bytes arrived."),
        ("firewall-resets", "The server spoke on, and got the client's RST: its own read failed, too."),
        ("forged-rst", "The server spoke on, and got the client's RST: its own read failed, too."),
        ("crossing-data", "The later RSTs answer 300 bytes that were on the way: lost, too."),
        ("descriptor-after-reset", "The server's descriptor outlived the RST, until close: no EBADF."),
        ("early-answer", "The whole answer, 30 bytes, was still there behind the error."),
        ("time-wait", "The client's only local port, 7000, was in TIME_WAIT to this server, so its connect failed"),
        ("proxy-closes", "The client read an ordinary end of file: it is told nothing."),
        ("response-cut-request-read", "The server's program had closed; its kernel still delivered 15.7 kB."),
        ("half-close", "After its own shutdown the client's write failed: EPIPE."),
        ("early-answer-drained", "Between the two FINs the server received 1,000 bytes more."),
        ("shutdown-both-but-write", "the client's read still returned 6 bytes."),
        ("listener-closed-after-accept", "an accepted connection goes on."),
        ("middlebox-forgets-but-kept-alive", "silence of 1.51 s; the server's firewall forgets after 1.3 s."),
        ("middlebox-forgets-silently", "The client's TCP_USER_TIMEOUT, 700 ms, ran from try 3."),
        ("reset-after-response-kept", "The response had been read whole: nothing was lost."),
        ("accept-queue-full", "After 417 ms accept found the queue empty; the next try, 438 ms later, was taken."),
        ("half-open-by-close", "The client's program had closed before: nobody hears of it."),
        ("lost-data", "no ACK told so, and a timer (loss probe or RTO) sent it again after 208 ms."),
        ("health-check-polite", "Not one byte of data was sent."),
        ("user-timeout", "The client's TCP_USER_TIMEOUT, 700 ms, ran from try 3. Every try was lost"),
        ("wire-cut", "The client's TCP_USER_TIMEOUT, 700 ms, ran from try 3."),
        ("zero-window-user-timeout", "The server's TCP_USER_TIMEOUT, 700 ms, ran from the first window probe."),
        ("retransmissions", "Linux makes tcp_retries2 = 1 a limit of 600 ms, from try 3."),
        ("firewall-drops-mid-stream-icmp", "It sent no RST: the server knows nothing."),
        ("time-wait-restart", "With SO_REUSEADDR it then succeeded."),
        ("time-wait-protected", "The client's bind to the same port still failed: EADDRINUSE."),
        ("time-wait-assassinated", "The client's bind to the same port then succeeded."),
        ("time-wait-reused", "Its TIME_WAIT ended early: connection 1 took the same ports."),
        ("write-twice-back-to-back", "were never sent: Nagle's algorithm held them back."),
        ("zero-window", "5,768 bytes that the server wrote were never sent."),
        ("three-segment-close", "Three segments closed it: the server's FIN carried the ACK."),
        ("three-segment-close", "The client's kernel was in FIN_WAIT_2 for 14 µs only."),
        ("full-segment", "Full segments carry 1,448 bytes: the MSS, 1460, less 12 for timestamps."),
        ("full-segment-no-timestamps", "Full segments carry 1,460 bytes: the whole MSS, without timestamps."),
        ("crossing-resets", "Both had set SO_LINGER 0, and closed."),
        ("push", "No segment carried PSH; the server's read returned the data all the same."),
        ("push-with-psh", "The data carried PSH: the server's read, which waited, returned it at once"),
        ("write-twice-client-stays", "The client still had the connection: it acknowledged both writes of the server"),
        ("rebooted-peer-remembers", "The server still had the connection: it acknowledged both writes of the client"),
        ("refused-unless-listening", "connect had returned before accept was called"),
        ("push-low-water", "Data with PSH was there, but the server's read waited 70.9 ms for 2,000 bytes"),
    ],
)  # fmt: skip
def test_the_point_of_a_scenario_is_told(name: str, said: str) -> None:
    assert said in sentences(name)
    one = told(name)
    assert said in compose(one.story, one.capture).verdict.text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("lost-data", "The data (6 bytes) was lost, and sent again by a timer after 208 ms"),
        ("lost-data-one-of-many", "Fast retransmit: 3 duplicate ACKs with SACK bring the data (100 bytes) again"),
        ("lost-data-reordered", "The data (100 bytes) was overtaken on the way, not lost"),
        ("lost-handshake-last-ack", "The handshake's last ACK was lost, and not missed"),
        ("half-close", "Half-close: the client ended its sending, and still received 36 bytes"),
        ("time-wait", "TIME_WAIT holds the client's only port: connect fails with EADDRNOTAVAIL"),
        ("time-wait-restart", "TIME_WAIT: the server's bind failed with EADDRINUSE"),
        ("close-client-first", "Orderly close, the client first"),
        ("health-check-polite", "Orderly close, without a byte of data"),
        ("push-with-psh", "Data with PSH wakes the waiting read at once"),
        ("write-twice-client-stays", "The client still had the connection: both of the server's writes were read"),
        ("three-segment-close", "Orderly close in three segments"),
        ("full-segment", "A full segment carries 1,448 bytes: timestamps take 12 of the MSS"),
        ("middlebox-forgets-but-kept-alive", "A keepalive probe keeps the firewall from forgetting"),
        ("proxy-closes", "Orderly close, after the proxy's other connection had failed"),
    ],
)
def test_the_title_of_an_orderly_close_is_what_happened_on_the_way(name: str, title: str) -> None:
    one = told(name)
    assert compose(one.story, one.capture).title.startswith(title)


@pytest.mark.parametrize("name", ["lost-data", "lost-handshake", "user-timeout"])
def test_a_break_before_a_retransmission_counts_as_the_verdict_does(name: str) -> None:
    one = told(name)
    figure = compose(one.story, one.capture)
    cuts = [item for item in figure.items if isinstance(item, Break) and "acknowledgement" in item.text]
    again = [arrow for arrow in figure.arrows if arrow.retransmission_of is not None]
    tries = [arrow for arrow in figure.arrows if again[0].retransmission_of in (arrow.frame, arrow.retransmission_of)]
    assert cuts[0].text == f"{words.span(tries[1].t_ns - tries[0].t_ns)} without acknowledgement"


@pytest.mark.parametrize("name", ["close-client-first", "write-twice", "refused", "crossing-fins"])
def test_where_nothing_more_happened_nothing_is_said(name: str) -> None:
    assert sentences(name) == ""


def test_losses_are_claimed_only_where_both_ends_were_captured() -> None:
    one = told("lost-data")
    single = replace(
        one.story,
        other_end=None,
        segments=tuple(replace(s, seen=None, fate=None, arrived_ns=None) for s in one.story.segments),
    )
    text = Happened(Facts(single, one.capture, "en", True)).sentences()
    assert "lost" not in text
    assert "The data (6 bytes) was sent again after 208 ms." in text


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_calls_after_the_error_are_told_in_their_order(lang: str) -> None:
    one = told("quotation")
    text = compose(one.story, one.capture, lang).verdict.text
    assert text.index("ECONNRESET") < text.index("write = EPIPE") < text.index("read = EOF")


def test_end_of_file_before_the_error_is_told_before_it() -> None:
    one = told("write-once")
    text = compose(one.story, one.capture).verdict.text
    assert text.index("end of file, no error") < text.index("getsockopt then said EPIPE")


def test_an_urgent_byte_that_reads_pass_over_is_told_where_nothing_stayed_unread() -> None:
    assert "recv with MSG_OOB had returned the urgent byte, and read passed over it" in sentences("urgent-byte-passed")
    one = told("urgent-byte-passed")
    assert compose(one.story, one.capture).title == "Urgent byte: recv with MSG_OOB returns it, read passes over it"
    calls = tuple(replace(call, result=5) if call.result == 6 else call for call in one.story.calls)
    assert "urgent" not in Happened(Facts(replace(one.story, calls=calls), one.capture, "en", True)).sentences()


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("proxy", 0, "Before, the proxy's read on its connection with 10.9.0.2:9000 had said ECONNRESET."),
        ("proxy-closes", 0, "Before, the proxy's read on its connection with 10.9.0.2:9000 had said ECONNRESET."),
        ("proxy-client-gone", 1, "the proxy's getsockopt on its connection with 10.9.0.1:38186 had said EPIPE."),
        ("accept-queue-full", 1, "For 417 ms it held the only place in the server's accept queue."),
        ("accept-queue-full-syn", 1, "Never accepted, it took the only place in the server's accept queue."),
    ],
)  # fmt: skip
def test_what_one_connection_is_to_another_is_told(name: str, number: int, said: str) -> None:
    one = told(name, number)
    assert said in compose(one.story, one.capture).verdict.text


def test_a_firewalls_memory_is_told_only_where_it_is_known() -> None:
    one = told("middlebox-forgets")
    unknown = replace(one.story, steps=())
    assert "The connection had been idle: firewalls" in compose(unknown, one.capture).verdict.text


def test_a_check_that_read_or_wrote_is_no_connection_without_a_byte() -> None:
    one = told("disconnect")
    assert "Not one byte" not in compose(one.story, one.capture).verdict.text


@pytest.mark.parametrize("missing", ["accept", "connect"])
def test_who_answered_first_is_told_only_of_calls_that_were_recorded(missing: str) -> None:
    one = told("refused-unless-listening")
    story = replace(one.story, calls=tuple(call for call in one.story.calls if call.call != missing))
    assert "had returned before" not in Happened(Facts(story, one.capture, "en", True)).sentences()


def test_what_was_not_read_was_not_all_read() -> None:
    one = told("write-twice-client-stays")
    reads = [call for call in one.story.calls if call.call == "read" and call.side == "client"]
    story = replace(one.story, calls=tuple(call for call in one.story.calls if call is not reads[-1]))
    assert Happened(Facts(story, one.capture, "en", True)).sentences() == ""


def test_a_read_that_data_did_not_wake_at_once_is_not_said_to_be_woken() -> None:
    one = told("push-with-psh")
    later = [replace(c, until_ns=(c.until_ns or 0) + 10**8) if c.call == "read" else c for c in one.story.calls]
    assert Happened(Facts(replace(one.story, calls=tuple(later)), one.capture, "en", True)).sentences() == ""


def test_a_socket_that_was_connected_anew_is_told_in_both_of_its_connections() -> None:
    before, after = (told("disconnect", number) for number in (0, 1))
    said = [compose(one.story, one.capture).verdict.also for one in (before, after)]
    assert "The client then connected the same socket again, from port 42422." in said[0]
    assert said[1] == " The client's socket had been another connection before, from port 42420."
    assert after.story.socket_before == ("client", "10.9.0.1:42420") and after.story.socket_after is None
    assert told("time-wait-reused", 1).story.socket_before is None, "a new socket"


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("lost-data-reordered", "was overtaken on the way, not lost", "was overtaken behind the capture: first a hole"),
        ("early-answer-drained", "Half-close: the server ended its sending", "a closed socket would have sent RST."),
        (
            "accurate-ecn",
            "After the client's FIN, the server's data is answered with RST",
            "most likely not the server's, changed nothing.",
        ),
        ("forged-data", "Most likely foreign: 6 bytes in the server's name", "the server's next ACK does not count"),
        ("stray-segment-known", "Most likely foreign: 6 bytes in the client's name", "Still open."),
        ("lost-data-duplicated", "Most likely the network delivered every packet twice", "D-SACKs report copies."),
    ],
)
def test_packets_alone_tell_their_point_as_surely_as_they_know_it(name: str, title: str, said: str) -> None:
    scene = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene("en")
    assert isinstance(scene, Scene)
    assert title in scene.title and said in scene.verdict.text
    assert scene.verdict.certainty == "implied"


def test_an_arrival_that_the_acks_tell_has_no_time_of_its_own() -> None:
    scene = finrst.read(SAMPLES / "lost-data-reordered" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(scene, Scene)
    late, later = (arrow for arrow in scene.arrows if arrow.kind == "data")
    holed, filled = (arrow for arrow in scene.arrows if arrow.label.startswith("ACK J"))
    assert late.arrival_inferred and not later.arrival_inferred
    assert holed.t_ns < (late.arrives_ns or 0) <= filled.t_ns


@pytest.mark.parametrize("name", ["response-cut", "response-cut-linger-0", "response-cut-read-before"])
def test_who_resets_while_a_small_window_holds_it_back_may_have_had_more_to_send(name: str) -> None:
    scene = finrst.read(SAMPLES / name / "packets.pcapng").connection(0).scene("en")
    assert isinstance(scene, Scene)
    assert "The client's window had room for 24 bytes only: the server may have had more to send" in scene.verdict.text
