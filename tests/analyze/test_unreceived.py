"""What an end sends later tells what it had not received."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import finrst
from finrst.analyze.story import Segment, Side
from finrst.analyze.unreceived import corrected

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
    assert by_packets("firewall-resets", "server")[2:] == ["ESTABLISHED"] * 7


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
