"""What programs write into their logs when TCP fails them: the words, and what a call must have returned for them.

Each wording has its source. `errors` finds the connections in which an application can have met one.
"""
# ruff: noqa: E501 -- a wording, what is behind it and its source stand in one line

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from .story import Side

Call = Literal["connect", "read", "write", "so_error"]
READ: tuple[Call, ...] = ("read",)
WRITE: tuple[Call, ...] = ("write",)
CONNECT: tuple[Call, ...] = ("connect",)
ANY: tuple[Call, ...] = ("read", "write", "connect", "so_error")

RESET, PIPE, END, REFUSED, TIMEOUT, ABORTED = "ECONNRESET", "EPIPE", "EOF", "ECONNREFUSED", "ETIMEDOUT", "ECONNABORTED"
HOST, NETWORK = "EHOSTUNREACH", "ENETUNREACH"
SELF = "closed-itself"  # no call failed: the program itself had closed the connection, or lost patience


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in a log, and what is behind them."""

    family: str
    pattern: str  # a regular expression; lower case finds any case
    results: tuple[str, ...]  # of one of `calls`
    calls: tuple[Call, ...] = ANY
    side: Side | None = None  # whose application writes so; None: either
    source: str = ""
    text: str = ""  # what was found in the line

    @property
    def system(self) -> str | None:
        """The system on which such a line is written, where it is but one."""
        return "windows" if self.family == "Windows" else None


ENVOY = "envoyproxy.io, Access logging: %RESPONSE_FLAGS%"
HAPROXY = "HAProxy configuration manual 8.5: session state at disconnection"
NGINX = "nginx src/http/ngx_http_upstream.c, src/os/unix/ngx_recv.c"
NODE = "Node.js lib/_http_client.js: connResetException"
GO = "Go src/net, src/net/http/transport.go"
JAVA = "OpenJDK sun.nio.ch.NioSocketImpl, sun.nio.ch.IOUtil"
PYTHON = "Python docs: OSError's subclasses; Lib/http/client.py"
OPENSSL = "OpenSSL SSL_get_error(3): BUGS, SSL_R_UNEXPECTED_EOF_WHILE_READING"
CURL = "libcurl-errors(3)"
WINDOWS = "Microsoft Learn: Windows Sockets error codes"
LIBC = "glibc sysdeps/gnu/errlist.h: strerror(3)"
ERRNO = "Linux include/uapi/asm-generic/errno.h"

#: The first that is found counts: what is special stands before what is general.
WORDINGS: tuple[Wording, ...] = (
    # proxies
    Wording("Envoy", r"reset reason: (?:remote |local )?connection termination", (END, RESET), READ, "client", ENVOY),
    Wording("Envoy", r"reset reason: (?:remote |local )?connection failure", (REFUSED, TIMEOUT, HOST, RESET), CONNECT, "client", ENVOY),
    Wording("Envoy", r"upstream connect error or disconnect/reset before headers", (END, RESET, PIPE, REFUSED, TIMEOUT), ANY, "client", ENVOY),
    Wording("Envoy", r"(?:^|\b\d{3} )(?-i:UC|URX)\b", (END, RESET, PIPE), ("read", "write"), "client", ENVOY),
    Wording("Envoy", r"(?:^|\b\d{3} )(?-i:UF)\b", (REFUSED, TIMEOUT, HOST, NETWORK, RESET), CONNECT, "client", ENVOY),
    Wording("Envoy", r"(?:^|\b\d{3} )(?-i:DC)\b", (END, RESET, PIPE), ("read", "write"), "server", ENVOY),
    Wording("HAProxy", r"(?:^|\s)(?-i:SC)(?:[-A-Z]{2})?(?=\s|$)", (REFUSED, RESET, HOST, NETWORK), CONNECT, "client", HAPROXY),
    Wording("HAProxy", r"(?:^|\s)(?-i:S[RHDLQT])(?:[-A-Z]{2})?(?=\s|$)", (RESET, PIPE, END), ("read", "write"), "client", HAPROXY),
    Wording("HAProxy", r"(?:^|\s)(?-i:C[RHDLQTC])(?:[-A-Z]{2})?(?=\s|$)", (RESET, PIPE, END), ("read", "write"), "server", HAPROXY),
    Wording("HAProxy", r"(?:^|\s)(?-i:sC)(?:[-A-Z]{2})?(?=\s|$)", (TIMEOUT, "blocks"), CONNECT, "client", HAPROXY),
    Wording("HAProxy", r"(?:^|\s)(?-i:s[HDLQT])(?:[-A-Z]{2})?(?=\s|$)", (SELF,), (), "client", HAPROXY),
    Wording("HAProxy", r"(?:^|\s)(?-i:c[RHDLQT])(?:[-A-Z]{2})?(?=\s|$)", (SELF,), (), "server", HAPROXY),
    Wording("nginx", r"upstream prematurely closed connection", (END,), READ, "client", NGINX),
    Wording("nginx", r"client (?:\S+ )?prematurely closed (?:keepalive )?connection", (END,), READ, "server", NGINX),
    Wording("nginx", r"upstream timed out", (SELF,), (), "client", NGINX),
    Wording("nginx", r"(?:recv|readv|SSL_read)\(\) failed \(104", (RESET,), READ, None, NGINX),
    Wording("nginx", r"(?:send|writev|sendfile|SSL_write)\(\) failed \(32", (PIPE,), WRITE, None, NGINX),
    Wording("nginx", r"(?:send|writev|sendfile|SSL_write)\(\) failed \(104", (RESET,), WRITE, None, NGINX),
    Wording("nginx", r"connect\(\) failed \(111", (REFUSED,), CONNECT, "client", NGINX),
    # libraries and languages
    Wording("OpenSSL", r"unexpected eof while reading", (END,), READ, None, OPENSSL),
    Wording("OpenSSL", r"SSL_ERROR_SYSCALL(?!.*errno (?:104|32|110|111))", (END, RESET, PIPE), ("read", "write"), None, OPENSSL),
    Wording("curl", r"empty reply from server", (END,), READ, "client", CURL),
    Wording("Node.js", r"socket hang up", (END, RESET), READ, "client", NODE),
    Wording("Node.js", r"read ECONNRESET", (RESET,), READ, None, NODE),
    Wording("Node.js", r"write ECONNRESET", (RESET,), WRITE, None, NODE),
    Wording("Node.js", r"write EPIPE", (PIPE,), WRITE, None, NODE),
    Wording("Node.js", r"connect ECONNREFUSED", (REFUSED,), CONNECT, "client", NODE),
    Wording("Go", r"read: connection reset by peer", (RESET,), READ, None, GO),
    Wording("Go", r"write: connection reset by peer", (RESET,), WRITE, None, GO),
    Wording("Go", r"write: broken pipe", (PIPE,), WRITE, None, GO),
    Wording("Go", r"connect: connection refused", (REFUSED,), CONNECT, "client", GO),
    Wording("Go", r"server closed idle connection", (END,), READ, "client", GO),
    Wording("Go", r"use of closed network connection", (SELF,), (), None, GO),
    Wording("Go", r"(?-i:\bunexpected EOF\b|(?:^|: )EOF\s*$)", (END,), READ, None, GO),
    Wording("Java", r"connection reset(?! by peer)(?! by remote)(?!error)", (RESET,), READ, None, JAVA),
    Wording("Java", r"unexpected end of file from server|NoHttpResponseException|EOFException|premature EOF", (END,), READ, None, JAVA),
    Wording("Python", r"ConnectionResetError", (RESET,), ANY, None, PYTHON),
    Wording("Python", r"BrokenPipeError", (PIPE,), WRITE, None, PYTHON),
    Wording("Python", r"ConnectionAbortedError", (ABORTED,), ANY, None, PYTHON),
    Wording("Python", r"ConnectionRefusedError", (REFUSED,), CONNECT, "client", PYTHON),
    Wording("Python", r"RemoteDisconnected|remote end closed connection without response|IncompleteRead", (END,), READ, "client", PYTHON),
    # systems
    Wording("Windows", r"forcibly closed by the remote host|\b10054\b|WSAECONNRESET", (RESET,), ANY, None, WINDOWS),
    Wording("Windows", r"aborted by the software in your host machine|\b10053\b|WSAECONNABORTED", (ABORTED,), ANY, None, WINDOWS),
    Wording("Windows", r"actively refused it|\b10061\b|WSAECONNREFUSED", (REFUSED,), CONNECT, "client", WINDOWS),
    Wording("Windows", r"did not properly respond after a period of time|\b10060\b|WSAETIMEDOUT", (TIMEOUT, ABORTED), ANY, None, WINDOWS),
    Wording("glibc", r"connection reset by peer", (RESET,), ANY, None, LIBC),
    Wording("glibc", r"broken pipe", (PIPE,), WRITE, None, LIBC),
    Wording("glibc", r"connection refused", (REFUSED,), CONNECT, "client", LIBC),
    Wording("glibc", r"connection timed out", (TIMEOUT,), ANY, None, LIBC),
    Wording("glibc", r"software caused connection abort", (ABORTED,), ANY, None, LIBC),
    Wording("glibc", r"no route to host", (HOST,), ANY, None, LIBC),
    Wording("glibc", r"network is unreachable", (NETWORK,), ANY, None, LIBC),
    Wording("errno", r"\bECONNRESET\b|\berrno[ :=]*104\b", (RESET,), ANY, None, ERRNO),
    Wording("errno", r"\bEPIPE\b|\berrno[ :=]*32\b|\bSIGPIPE\b", (PIPE,), WRITE, None, ERRNO),
    Wording("errno", r"\bECONNREFUSED\b|\berrno[ :=]*111\b", (REFUSED,), CONNECT, "client", ERRNO),
    Wording("errno", r"\bETIMEDOUT\b|\berrno[ :=]*110\b", (TIMEOUT,), ANY, None, ERRNO),
    Wording("errno", r"\bECONNABORTED\b|\berrno[ :=]*103\b", (ABORTED,), ANY, None, ERRNO),
    Wording("errno", r"\bEHOSTUNREACH\b|\berrno[ :=]*113\b", (HOST,), ANY, None, ERRNO),
    Wording("errno", r"\bENETUNREACH\b|\berrno[ :=]*101\b", (NETWORK,), ANY, None, ERRNO),
)  # fmt: skip

#: Words before the error's that name the call, and words of which side it is told.
CALLED: tuple[tuple[str, tuple[Call, ...]], ...] = (
    (r"\b(?:SSL_)?(?:read|recv\w*|receive|receiving|reading)\b", READ),
    (r"\b(?:SSL_)?(?:write|writev|send\w*|writing)\b", WRITE),
    (r"\b(?:connect|connecting|dial)\b", CONNECT),
    (r"\b(?:getsockopt|SO_ERROR)\b", ("so_error",)),
)
OF_SIDE: tuple[tuple[str, Side], ...] = (
    (r"\b(?:from|to|with) (?:the )?(?:upstream|server|backend)\b", "client"),
    (r"\b(?:from|to|with) (?:the )?(?:client|downstream)\b", "server"),
)
NEAR = 48  # characters before the error in which its call is looked for
LONGEST = 10_000  # of a log line


def families() -> tuple[str, ...]:
    """Whose words are known."""
    return tuple(dict.fromkeys(wording.family for wording in WORDINGS))


def understood(line: str) -> Wording | None:
    """What a log line, or a part of one, says of a connection; None where no known words stand in it."""
    line = " ".join(line[:LONGEST].split())
    for wording in WORDINGS:
        found = re.search(wording.pattern, line, re.IGNORECASE)
        if found is not None:
            before = line[max(0, found.start() - NEAR) : found.start()]
            return replace(
                wording,
                text=found[0].strip(),
                calls=_called(before, wording.calls),
                side=wording.side or _side(line),
            )
    return None


def _called(before: str, calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """The call that is named last before the error, where it is one that can have failed so."""
    last, named = -1, calls
    for pattern, these in CALLED:
        for found in re.finditer(pattern, before, re.IGNORECASE):
            if found.start() > last and set(these) <= set(calls):
                last, named = found.start(), these
    return named


def _side(line: str) -> Side | None:
    """Whose application it is: who talks with an upstream is its client."""
    for pattern, side in OF_SIDE:
        if re.search(pattern, line, re.IGNORECASE):
            return side
    return None
