"""Claims about one socket: what each call returns after what has happened, as measured on Linux 6.18."""

from __future__ import annotations

import pytest

from finrst.analyze.outcomes.automaton import Socket
from finrst.analyze.outcomes.table import socket_in
from finrst.analyze.outcomes.worlds import SINCE

RST = (*SINCE["ESTABLISHED"], "rst")


def results(world: tuple[str, ...], calls: str, queue: int = 0) -> str:
    """The results of reads and writes in this order; * for SIGPIPE, numbers for bytes."""
    socket = socket_in(world)
    socket.queue = queue
    told = []
    for call in calls:
        one = socket.read() if call == "r" else socket.write()
        told.append(str(one.size) if one.size else f"{one.value}{'*' * one.sigpipe}")
    return " ".join(told)


@pytest.mark.parametrize(
    ("world", "queue", "reads_first", "writes_first"),
    [
        (RST, 0, "ECONNRESET EOF EPIPE* EPIPE*", "ECONNRESET EPIPE* EOF EOF"),
        (RST, 40, "40 ECONNRESET EPIPE* EPIPE*", "ECONNRESET EPIPE* 40 EOF"),
        ((*SINCE["CLOSE_WAIT"], "rst"), 0, "EOF EOF EPIPE* EPIPE*", "EPIPE* EPIPE* EOF EOF"),
        ((*SINCE["CLOSE_WAIT"], "rst"), 12, "12 EOF EPIPE* EPIPE*", "EPIPE* EPIPE* 12 EOF"),
        ((*SINCE["LAST_ACK"], "rst"), 0, "EOF EOF ECONNRESET EPIPE*", "ECONNRESET EPIPE* EOF EOF"),
        ((*SINCE["FIN_WAIT_2"], "rst"), 0, "ECONNRESET EOF EPIPE* EPIPE*", "ECONNRESET EPIPE* EOF EOF"),
        ((*SINCE["ESTABLISHED"], "timeout"), 0, "ETIMEDOUT EOF EPIPE* EPIPE*", "ETIMEDOUT EPIPE* EOF EOF"),
        ((*SINCE["ESTABLISHED"], "destroyed"), 0, "ECONNABORTED EOF EPIPE* EPIPE*", "ECONNABORTED EPIPE* EOF EOF"),
        ((*SINCE["CLOSE_WAIT"], "destroyed"), 0, "EOF EOF ECONNABORTED EPIPE*", "ECONNABORTED EPIPE* EOF EOF"),
        (("syn_sent", "rst"), 0, "ECONNREFUSED EOF EPIPE* EPIPE*", "ECONNREFUSED EPIPE* EOF EOF"),
        ((*SINCE["ESTABLISHED"], "disconnected"), 0, "ECONNRESET ENOTCONN EPIPE* EPIPE*",
         "ECONNRESET EPIPE* ENOTCONN ENOTCONN"),
        (SINCE["ESTABLISHED"], 0, "blocks blocks ok ok", "ok ok blocks blocks"),
        (SINCE["FIN_WAIT_2"], 0, "blocks blocks EPIPE* EPIPE*", "EPIPE* EPIPE* blocks blocks"),
        (SINCE["CLOSE_WAIT"], 40, "40 EOF ok ok", "ok ok 40 EOF"),
        (SINCE["TIME_WAIT"], 0, "EOF EOF EPIPE* EPIPE*", "EPIPE* EPIPE* EOF EOF"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_calls_return_what_was_measured(
    world: tuple[str, ...], queue: int, reads_first: str, writes_first: str
) -> None:
    assert results(world, "rrww", queue) == reads_first
    assert results(world, "wwrr", queue) == writes_first


def test_a_connect_after_shutdown_says_only_whether_there_had_been_a_connection() -> None:
    socket = Socket()
    socket.syn_sent()
    socket.established()
    socket.shutdown("RD")
    assert socket.connect().value == "EISCONN"

    refused = Socket()
    refused.syn_sent()
    refused.rst()
    assert refused.shutdown("RDWR").value == "ENOTCONN"
    assert [refused.connect().value, refused.connect().value, refused.read().value] == [
        "EINVAL", "EINVAL", "ECONNREFUSED",
    ]  # fmt: skip


def test_a_failed_blocking_connect_leaves_a_socket_that_was_never_connected() -> None:
    socket = socket_in(("syn_sent", "rst"))
    assert socket.connect().value == "ECONNREFUSED"
    assert [socket.read().value, socket.write().value, socket.so_error().value] == ["ENOTCONN", "EPIPE", "0"]
    assert socket.poll().value == ("OUT", "HUP")


def test_poll_says_err_until_the_error_is_reported() -> None:
    socket = socket_in((*SINCE["CLOSE_WAIT"], "rst"))
    assert socket.poll().value == ("IN", "OUT", "ERR", "HUP", "RDHUP")
    socket.read()  # EOF does not report it
    assert "ERR" in socket.poll().value
    assert socket.so_error().value == "EPIPE"
    assert socket.poll().value == ("IN", "OUT", "HUP", "RDHUP")
    assert socket.poll(["IN"]).value == ("IN", "HUP")


def test_an_icmp_error_is_kept_until_a_timer_gives_up() -> None:
    socket = socket_in(SINCE["ESTABLISHED"])
    socket.unreachable("EHOSTUNREACH")
    assert socket.read().value == "blocks"
    assert socket.copy().so_error().value == "EHOSTUNREACH"
    socket.timeout()
    assert socket.read().value == "EHOSTUNREACH"


def test_shutdown_of_a_connection_that_is_over_is_enotconn() -> None:
    assert socket_in(RST).shutdown("WR").value == "ENOTCONN"
    assert socket_in(SINCE["TIME_WAIT"]).shutdown("WR").value == "ENOTCONN"
    assert socket_in(SINCE["FIN_WAIT_2"]).shutdown("WR").value == "0"


def test_shutdown_for_reading_hides_no_data_but_ends_with_eof() -> None:
    socket = socket_in(SINCE["ESTABLISHED"])
    socket.shutdown("RD")
    assert socket.read().value == "EOF"
    socket.data(70)
    assert [socket.read().size, socket.read().value, socket.write().value] == [70, "EOF", "ok"]


def test_data_after_shutdown_of_both_directions_resets_the_own_socket() -> None:
    socket = socket_in(SINCE["ESTABLISHED"])
    socket.shutdown("RDWR")
    socket.data(5)
    assert [socket.read().value, socket.read().value] == ["ECONNRESET", "EOF"]


def test_a_full_send_buffer_blocks_and_is_not_writable() -> None:
    socket = socket_in((*SINCE["ESTABLISHED"], "fill"))
    assert (socket.write().value, socket.poll().value) == ("blocks", ())


def test_an_end_that_is_over_takes_no_more_packets() -> None:
    socket = socket_in(SINCE["TIME_WAIT"])
    for event in ("rst", "timeout", "destroyed", "fin", "data 5"):
        socket.happens(event) if event != "data 5" else socket.data(5)
    assert (socket.err, socket.queue) == (None, 0)
    assert isinstance(socket, Socket)
