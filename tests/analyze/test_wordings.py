"""Whole log lines are understood: which call must have returned what, and whose."""
# ruff: noqa: E501 -- log lines

from __future__ import annotations

import re

import pytest

from finrst.analyze.wordings import LONGEST, WORDINGS, families, understood

LINES = [
    ("Connection reset by peer", "glibc", "ECONNRESET", "read write connect so_error", None),
    ("could not receive data from client: Connection reset by peer", "glibc", "ECONNRESET", "read", "server"),
    ("curl: (56) Recv failure: Connection reset by peer", "glibc", "ECONNRESET", "read", None),
    ("write(4, 18 bytes) = -1 EPIPE (Broken pipe)", "glibc", "EPIPE", "write", None),
    ("kex_exchange_identification: read: Connection reset by peer", "Go", "ECONNRESET", "read", None),
    (
        "2026/11/22 07:33:36 [error] 31#31: *5 recv() failed (104: Connection reset by peer) while reading response header"
        " from upstream, client: 1.2.3.4, server: _",
        "nginx", "ECONNRESET", "read", "client",
    ),
    ("upstream prematurely closed connection while reading response header", "nginx", "EOF", "read", "client"),
    ("writev() failed (32: Broken pipe) while sending request to upstream", "nginx", "EPIPE", "write", "client"),
    ("client prematurely closed connection, so upstream connection is closed too", "nginx", "EOF", "read", "server"),
    ("java.net.SocketException: Connection reset", "Java", "ECONNRESET", "read", None),
    ("java.io.IOException: Connection reset by peer", "glibc", "ECONNRESET", "read write connect so_error", None),
    ("read tcp 10.0.0.1:3->10.0.0.2:443: read: connection reset by peer", "Go", "ECONNRESET", "read", None),
    ("write tcp 10.0.0.1:3->10.0.0.2:443: write: broken pipe", "Go", "EPIPE", "write", None),
    ('Get "http://10.0.0.2/": EOF', "Go", "EOF", "read", None),
    ("accept tcp 10.0.0.2:80: use of closed network connection", "Go", "closed-itself", "", None),
    ("ConnectionResetError: [Errno 104] Connection reset by peer", "Python", "ECONNRESET", "read write connect so_error", None),
    ("BrokenPipeError: [Errno 32] Broken pipe", "Python", "EPIPE", "write", None),
    ("Error: socket hang up", "Node.js", "EOF ECONNRESET", "read", "client"),
    ("Error: read ECONNRESET at TCP.onStreamRead", "Node.js", "ECONNRESET", "read", None),
    ("error:0A000126:SSL routines::unexpected eof while reading", "OpenSSL", "EOF", "read", None),
    ("OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104", "errno", "ECONNRESET", "read", None),
    ("OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to a:443", "OpenSSL", "EOF ECONNRESET EPIPE", "read write", None),
    ("An existing connection was forcibly closed by the remote host", "Windows", "ECONNRESET", "read write connect so_error", None),
    ("winsock error 10053", "Windows", "ECONNABORTED", "read write connect so_error", None),
    ("fe be/s1 0/0/1/-1/5 200 12 - - SD-- 1/1/1/1/0", "HAProxy", "ECONNRESET EPIPE EOF", "read write", "client"),
    ("CD", "HAProxy", "ECONNRESET EPIPE EOF", "read write", "server"),
    ("cD--", "HAProxy", "closed-itself", "", "server"),
    ("sC", "HAProxy", "ETIMEDOUT blocks", "connect", "client"),
    ('"GET / HTTP/1.1" 503 UC upstream_reset_before_response', "Envoy", "EOF ECONNRESET EPIPE", "read write", "client"),
    (
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
        "Envoy", "EOF ECONNRESET", "read", "client",
    ),
    ("dial tcp 10.0.0.2:80: connect: connection refused", "Go", "ECONNREFUSED", "connect", "client"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "family", "results", "calls", "side"), LINES)
def test_a_line_is_understood(line: str, family: str, results: str, calls: str, side: str | None) -> None:
    wording = understood(line)
    assert wording is not None
    told = wording.family, " ".join(wording.results), " ".join(wording.calls), wording.side
    assert told == (family, results, calls, side)
    assert wording.text in line


def test_every_family_is_understood_from_a_line() -> None:
    assert {family for _, family, *_ in LINES} | {"curl"} == set(families())
    assert understood("curl: (52) Empty reply from server")


@pytest.mark.parametrize("line", ["", "hello", "no EOFs here", "10054321", "SOLD", "all is well", "\x00\x1b[31m"])
def test_other_words_are_not(line: str) -> None:
    assert understood(line) is None


def test_case_and_line_breaks_do_not_matter_in_words() -> None:
    assert understood("CONNECTION   RESET\n by peer") == understood("CONNECTION RESET by peer") != None  # noqa: E711


def test_a_line_of_any_length_takes_a_moment() -> None:
    for piece in ("read ", "a" * 40, "recv() failed (", "reset reason: ", "SSL_ERROR_SYSCALL "):
        assert understood(piece * 100_000 + "Connection refused") is None or len(piece * 100_000) > LONGEST


def test_every_wording_has_its_source_and_compiles() -> None:
    for wording in WORDINGS:
        assert wording.source and re.compile(wording.pattern)
        assert wording.calls or wording.results == ("closed-itself",)
