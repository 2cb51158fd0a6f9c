"""Claims about Windows, as Microsoft documents it."""

from __future__ import annotations

from finrst.analyze.outcomes.table import socket_in
from finrst.analyze.outcomes.worlds import SINCE


def test_a_reset_is_told_to_every_call_and_unread_data_is_gone() -> None:
    socket = socket_in(SINCE["ESTABLISHED"], "windows")
    socket.data(40)
    socket.rst()
    assert [socket.read().value, socket.write().value, socket.read().value] == ["WSAECONNRESET"] * 3
    assert socket.so_error().value == "WSAECONNRESET"


def test_there_is_no_sigpipe() -> None:
    one = socket_in(SINCE["FIN_WAIT_2"], "windows").write()
    assert (one.value, one.sigpipe) == ("WSAESHUTDOWN", False)


def test_a_timeout_is_wsaeconnaborted_but_of_connect_wsaetimedout() -> None:
    assert socket_in((*SINCE["ESTABLISHED"], "timeout"), "windows").read().value == "WSAECONNABORTED"
    assert socket_in(("syn_sent", "timeout"), "windows").connect().value == "WSAETIMEDOUT"


def test_a_refused_connect_is_wsaeconnrefused() -> None:
    assert socket_in(("syn_sent", "rst"), "windows").connect().value == "WSAECONNREFUSED"
    assert socket_in(("syn_sent", "unreachable EHOSTUNREACH"), "windows").connect().value == "WSAEHOSTUNREACH"
