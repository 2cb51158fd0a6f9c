"""What an end sends later tells what it had not received."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Segment, Side
from finrst.analyze.unreceived import corrected, denied_fins, without_kernels

from ..plots.conversations import Talk

SAMPLES = Path(__file__).parents[2] / "samples"


def states(segments: tuple[Segment, ...], side: Side) -> list[str]:
    return [s.client_state if side == "client" else s.server_state for s in segments]


def by_packets(name: str, side: Side) -> list[str]:
    return states(finrst.read(SAMPLES / name / "packets.pcapng").connection(0).story.segments, side)


def test_who_sends_its_fin_again_had_no_ack_of_it() -> None:
    """The last ACK was lost behind the capture; the server's kernel was in LAST_ACK until it came again."""
    assert by_packets("lost-fin-ack", "server")[-4:] == ["LAST_ACK", "LAST_ACK", "LAST_ACK", "CLOSED"]


def test_who_goes_on_was_not_closed_by_a_rst() -> None:
    assert by_packets("lost-rst", "server")[2:] == ["ESTABLISHED"] * 5 + ["CLOSED"]
    assert by_packets("firewall-resets", "server")[2:] == ["ESTABLISHED"] * 6 + ["CLOSED"], "the client's RST"


def test_who_answers_a_fin_with_a_bare_rst_had_not_taken_it() -> None:
    assert "CLOSE_WAIT" not in by_packets("half-open-by-close", "server")
    assert by_packets("half-open-by-close", "server")[-2:] == ["CLOSED", "CLOSED"]


@pytest.mark.parametrize(
    ("waits", "after"), [("FIN_WAIT_1", "FIN_WAIT_2"), ("CLOSING", "TIME_WAIT"), ("LAST_ACK", "CLOSED")]
)
def test_a_fin_sent_again_holds_each_state_that_waits_for_its_ack(waits: str, after: str) -> None:
    one = Talk().handshake()
    fin = one.add(1, "server", "F.", 1, 1, states=f"TIME_WAIT {waits}")
    one.add(1.01, "client", ".", 1, 2, states=f"TIME_WAIT {after}")
    one.add(1.2, "server", "F.", 1, 1, retransmission_of=fin.frame)
    one.add(1.21, "client", ".", 1, 2)
    assert states(corrected(one.segments), "server")[-4:] == [waits, waits, waits, after]


def test_a_copy_that_is_never_answered_leaves_it_waiting() -> None:
    one = Talk().handshake()
    fin = one.add(1, "server", "F.", 1, 1, states="TIME_WAIT LAST_ACK")
    one.add(1.01, "client", ".", 1, 2, states="TIME_WAIT CLOSED")
    one.add(1.2, "server", "F.", 1, 1, retransmission_of=fin.frame)
    assert states(corrected(one.segments), "server")[-1] == "LAST_ACK"


def test_a_new_syn_after_a_rst_is_another_connections_life() -> None:
    one = Talk().handshake()
    one.add(1, "client", "R.", 1, 1, states="CLOSED CLOSED", reset={"shape": "active"})
    one.add(2, "server", "S", 50, states="CLOSED ESTABLISHED")
    assert states(corrected(one.segments), "server")[-2:] == ["CLOSED", "ESTABLISHED"]


def test_a_rst_that_is_no_answer_to_the_fin_denies_nothing() -> None:
    one = Talk().handshake()
    fin = one.add(1, "client", "F.", 1, 1, states="FIN_WAIT_1 CLOSE_WAIT")
    one.add(1.01, "server", "R.", 1, 2, states="CLOSED CLOSED", reset={"shape": "active"})
    assert states(corrected(one.segments), "server")[-2] == "CLOSE_WAIT"
    one.segments.pop()
    one.add(1.01, "server", "R", 1, states="CLOSED CLOSED", reset={"shape": "reply", "answers": fin.frame})
    assert states(corrected(one.segments), "server")[-2] == "CLOSED"


def test_who_answers_the_handshake_with_a_bare_rst_never_opened() -> None:
    assert "ESTABLISHED" not in by_packets("connect-timeout-cancelled", "client")
    assert "ESTABLISHED" not in by_packets("accept-queue-full-abort", "server")
    assert by_packets("accept-queue-full-abort", "client")[-2] == "ESTABLISHED", "it had the SYN-ACK"


def test_who_answers_data_with_a_bare_rst_had_no_connection_when_it_came() -> None:
    for name in ("write-once-vanished", "java-vanished"):
        assert by_packets(name, "client")[-3:] == ["ESTABLISHED", "CLOSED", "CLOSED"]
    assert by_packets("half-open", "server")[-3:] == ["ESTABLISHED", "CLOSED", "CLOSED"]


def test_what_crossed_an_ends_own_segment_does_not_tell_what_that_end_was_before() -> None:
    """Its own RST+ACK, or its FIN, left before the data that is answered with RST came."""
    assert by_packets("crossing-data", "server")[2:8] == ["ESTABLISHED"] * 6
    assert "FIN_WAIT_1" in by_packets("idle-race", "server")


def test_who_sends_data_in_the_place_of_its_fin_had_sent_no_fin() -> None:
    assert by_packets("forged-fin", "server")[2:] == ["ESTABLISHED"] * 8 + ["CLOSED"]
    one = Talk().handshake()
    fin = one.add(1, "server", "F.", 1, 1, states="CLOSE_WAIT FIN_WAIT_1")
    one.add(1.01, "client", ".", 1, 2, states="CLOSE_WAIT FIN_WAIT_2")
    one.add(1.02, "server", ".", 2, 1, payload=0)
    assert denied_fins(one.segments) == set()
    one.add(1.03, "server", "P.", 1, 1, payload=18)
    assert denied_fins(one.segments) == {fin.frame}
    assert states(corrected(one.segments), "server")[2:] == ["ESTABLISHED"] * 5
    assert states(corrected(one.segments), "client")[-1] == "CLOSE_WAIT", "it believed the FIN"


def test_data_sent_again_that_a_fin_had_followed_denies_no_fin() -> None:
    one = Talk().handshake()
    data = one.add(1, "server", "P.", 1, 1, payload=18)
    one.add(1.01, "server", "F.", 19, 1, states="CLOSE_WAIT FIN_WAIT_1")
    one.add(1.3, "server", "P.", 1, 1, payload=18, retransmission_of=data.frame)
    one.add(1.31, "server", "FP.", 1, 1, payload=18, retransmission_of=data.frame)
    assert denied_fins(one.segments) == set()
    assert states(corrected(one.segments), "server")[-1] == "FIN_WAIT_1"


def test_an_end_is_closed_by_its_own_rst_when_that_crosses_the_other() -> None:
    assert by_packets("crossing-resets", "server")[2:] == ["ESTABLISHED", "ESTABLISHED", "CLOSED"]
    assert by_packets("crossing-resets", "client")[2:] == ["ESTABLISHED", "CLOSED", "CLOSED"]


def test_who_has_said_nothing_but_syn_ack_to_all_that_was_sent_again_stayed_in_syn_rcvd() -> None:
    assert by_packets("accept-queue-full-given-up", "server")[1:-2] == ["SYN_RCVD"] * 6
    one = Talk().handshake()
    first = one.add(1, "client", "P.", 1, 1, payload=8)
    one.add(1.2, "client", "P.", 1, 1, payload=8, retransmission_of=first.frame)
    assert states(corrected(one.segments), "server")[-1] == "ESTABLISHED", "one copy may have been lost"
    one.add(1.6, "client", "P.", 1, 1, payload=8, retransmission_of=first.frame)
    assert states(corrected(one.segments), "server")[1:] == ["SYN_RCVD"] * 5
    one.add(1.61, "server", ".", 1, 9)
    assert states(corrected(one.segments), "server")[2] == "ESTABLISHED", "it has taken it up"


def test_a_handshake_that_is_refused_was_given_up_before() -> None:
    """Where no kernel says when: who waits for a SYN-ACK takes it."""
    assert by_packets("connect-timeout-cancelled", "client") == ["SYN_SENT", "CLOSED", "CLOSED"]
    assert by_packets("accept-queue-full-given-up", "server")[-3:] == ["SYN_RCVD", "CLOSED", "CLOSED"]
    assert by_packets("accept-queue-full-abort", "server")[-3:-1] == ["SYN_RCVD"] * 2, "its first: there was no room"


def test_a_rst_that_leaves_its_sender_in_syn_sent_gives_up_nothing() -> None:
    one = Talk()
    one.add(0, "client", "S", states="SYN_SENT SYN_RCVD")
    old = one.add(0.01, "server", "S.", 0, 500)
    one.add(0.02, "client", "R", 500, reset={"shape": "reply", "answers": old.frame})
    assert states(without_kernels(corrected(one.segments)), "client") == ["SYN_SENT"] * 3


def test_a_storm_of_rsts_that_answer_one_segment_is_looked_through_once() -> None:
    one = Talk().handshake()
    fin = one.add(1, "client", "F.", 1, 1, states="FIN_WAIT_1 CLOSE_WAIT")
    for n in range(4000):
        one.add(
            1.01 + n / 1e5, "server", "R", 1, states="CLOSED CLOSED", reset={"shape": "reply", "answers": fin.frame}
        )
    began = time.process_time()
    assert states(corrected(one.segments), "server")[3:] == ["CLOSED"] * 4001
    took = time.process_time() - began
    began = time.process_time()
    corrected(one.segments[:404])
    assert took < 60 * max(time.process_time() - began, 1e-3), "ten times as many, no hundred times as long"


def test_a_listener_whose_syn_ack_follows_had_not_given_the_syn_up_for_a_rst_in_its_name() -> None:
    assert "LISTEN" not in by_packets("ignored-rst-handshake", "server")
    assert by_packets("ignored-rst-handshake", "server")[:3] == ["SYN_RCVD"] * 3
