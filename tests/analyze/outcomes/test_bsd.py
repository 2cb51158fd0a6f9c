"""Claims about FreeBSD and macOS, as their sources have it."""

from __future__ import annotations

from finrst.analyze.outcomes.table import socket_in
from finrst.analyze.outcomes.worlds import SINCE


def test_the_first_write_after_a_rst_is_epipe_and_the_error_stays_for_the_read() -> None:
    socket = socket_in((*SINCE["ESTABLISHED"], "rst"), "bsd")
    first = socket.write()
    assert (first.value, first.sigpipe) == ("EPIPE", True)
    assert [socket.read().value, socket.read().value] == ["ECONNRESET", "EOF"]


def test_a_read_after_fin_and_rst_fails_once_where_linux_says_eof() -> None:
    world = (*SINCE["CLOSE_WAIT"], "rst")
    assert socket_in(world, "macos").read().value == "ECONNRESET"
    assert socket_in(world, "linux").read().value == "EOF"


def test_a_refused_socket_reads_eof() -> None:
    socket = socket_in(("syn_sent", "rst"), "bsd")
    assert [socket.connect().value, socket.read().value, socket.write().value] == ["ECONNREFUSED", "EOF", "EPIPE"]


def test_poll_has_no_err() -> None:
    assert socket_in((*SINCE["ESTABLISHED"], "rst"), "bsd").poll().value == ("IN", "OUT", "HUP")


def test_an_open_connection_does_not_keep_that_its_host_is_unreachable() -> None:
    world = (*SINCE["ESTABLISHED"], "unreachable EHOSTUNREACH", "timeout")
    assert socket_in(world, "bsd").read().value == "ETIMEDOUT"
    assert socket_in(world, "linux").read().value == "EHOSTUNREACH"
    assert socket_in(("syn_sent", "unreachable EHOSTUNREACH"), "bsd").connect().value == "EHOSTUNREACH"


def test_so_error_does_not_tell_a_kept_error() -> None:
    world = (*SINCE["ESTABLISHED"], "unreachable ECONNREFUSED")
    assert [socket_in(world, system).so_error().value for system in ("bsd", "linux")] == ["0", "ECONNREFUSED"]
