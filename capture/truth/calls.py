"""The lab's programs: real processes, each of whose system calls is a raw C call that is written down.

A process is driven over a pipe: the scenario says "read(4, 100)", the process calls read(2) itself, and answers with
the two times around it, its result, errno and the signals that it raised. What the C library's caller would see is
what is recorded: no runtime stands between, retries EINTR or turns an errno into an exception.
"""

from __future__ import annotations

import ctypes
import errno
import marshal
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from ..facts import Argument, endpoint

NAME = "calls"

KEPT = 1 << 16  # bytes of read data that are handed back to the scenario
CHANNEL = 200  # the process's pipe: out of the way, so that its sockets are 3, 4, 5 ...

#: Errors of a connect that left the socket's peer as it was (__inet_stream_connect).
UNTRIED = ("EINVAL", "EISCONN", "EALREADY")

SHUTDOWNS = {"RD": socket.SHUT_RD, "WR": socket.SHUT_WR, "RDWR": socket.SHUT_RDWR}
POLL = {"IN": 1, "PRI": 2, "OUT": 4, "ERR": 8, "HUP": 16, "NVAL": 32, "RDHUP": 0x2000}
MESSAGE = {
    "MSG_OOB": 1,
    "MSG_PEEK": 2,
    "MSG_DONTWAIT": 0x40,
    "MSG_WAITALL": 0x100,
    "MSG_NOSIGNAL": 0x4000,
    "MSG_MORE": 0x8000,
}

#: Socket options by name: level, number. tcp(7), socket(7).
OPTIONS = {
    "SO_REUSEADDR": (socket.SOL_SOCKET, 2),
    "SO_SNDBUF": (socket.SOL_SOCKET, 7),
    "SO_RCVBUF": (socket.SOL_SOCKET, 8),
    "SO_KEEPALIVE": (socket.SOL_SOCKET, 9),
    "SO_LINGER": (socket.SOL_SOCKET, 13),
    "SO_RCVLOWAT": (socket.SOL_SOCKET, 18),
    "SO_RCVTIMEO": (socket.SOL_SOCKET, 20),
    "SO_SNDTIMEO": (socket.SOL_SOCKET, 21),
    "TCP_NODELAY": (socket.IPPROTO_TCP, 1),
    "TCP_MAXSEG": (socket.IPPROTO_TCP, 2),
    "TCP_CORK": (socket.IPPROTO_TCP, 3),
    "TCP_KEEPIDLE": (socket.IPPROTO_TCP, 4),
    "TCP_KEEPINTVL": (socket.IPPROTO_TCP, 5),
    "TCP_KEEPCNT": (socket.IPPROTO_TCP, 6),
    "TCP_SYNCNT": (socket.IPPROTO_TCP, 7),
    "TCP_LINGER2": (socket.IPPROTO_TCP, 8),
    "TCP_DEFER_ACCEPT": (socket.IPPROTO_TCP, 9),
    "TCP_QUICKACK": (socket.IPPROTO_TCP, 12),
    "TCP_USER_TIMEOUT": (socket.IPPROTO_TCP, 18),
    "TCP_REPAIR": (socket.IPPROTO_TCP, 19),
    "TCP_FASTOPEN": (socket.IPPROTO_TCP, 23),
}


def available() -> tuple[bool, str]:
    """Whether raw C calls can be made: anywhere but on Windows, where the sockets' calls are others."""
    return (os.name == "posix", "" if os.name == "posix" else "the lab needs POSIX sockets")


def now() -> int:
    """Nanoseconds since 1970, on the clock of the packets."""
    return time.clock_gettime_ns(time.CLOCK_REALTIME)


def errno_name(number: int) -> str:
    """EPIPE for 32."""
    return errno.errorcode.get(number, f"errno {number}")


def address(host: str, port: int) -> bytes:
    """A struct sockaddr_in or sockaddr_in6."""
    if ":" in host:
        return struct.pack("=H", socket.AF_INET6) + struct.pack(">HI16sI", port, 0, socket.inet_pton(10, host), 0)
    return struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", port, socket.inet_pton(socket.AF_INET, host))


def name_of(raw: bytes) -> str | None:
    """The endpoint in a struct sockaddr; None where it names no port."""
    (family,) = struct.unpack_from("=H", raw)
    (port,) = struct.unpack_from(">H", raw, 2)
    if not port or family not in (socket.AF_INET, socket.AF_INET6):
        return None
    at, size = (4, 4) if family == socket.AF_INET else (8, 16)
    return endpoint(socket.inet_ntop(family, raw[at : at + size]), port)


def text_of(call: str, arguments: tuple[Any, ...]) -> str:
    """The call as a person reads it: write(4, 18 bytes)."""
    shown = [f"{len(one):,} bytes" if isinstance(one, bytes) else str(one) for one in arguments if one is not None]
    if call in ("write", "send") and isinstance(arguments[1], int):
        shown[1] = f"{arguments[1]:,} bytes"
    return f"{call}({', '.join(shown)})"


class Program:
    """The process's own side: waits for orders, calls, answers. Runs until the pipe closes, `exit`, or a signal."""

    def __init__(self, channel: socket.socket, sigpipe: str) -> None:
        self.channel = channel
        self.raised: list[str] = []
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.names: dict[int, tuple[str | None, str | None]] = {}  # descriptor -> local, remote
        self.accepted: str | None = None  # the client of the last accept
        noted = (lambda number, frame: self.raised.append("SIGPIPE")) if sigpipe == "record" else signal.SIG_DFL
        signal.signal(signal.SIGPIPE, noted)

    def run(self) -> None:
        """Serve orders; never returns."""
        while order := self.channel.recv(1 << 22):
            call, arguments = marshal.loads(order)
            if call == "exit":
                self.channel.send(marshal.dumps({"t_ns": now(), "pid": os.getpid()}))
                os._exit(arguments[0])
            self.channel.send(marshal.dumps(self.answer(call, arguments)))
        os._exit(0)

    def answer(self, call: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
        """Make the call; what it said."""
        fd = arguments[0] if arguments and isinstance(arguments[0], int) else -1
        local, remote = self.names.get(fd, (None, None))
        told: tuple[Argument, ...] = arguments
        if call in ("read", "write", "recv", "send"):  # as in C: descriptor, buffer, size, flags
            size = len(arguments[1]) if isinstance(arguments[1], bytes) else arguments[1]
            told = (fd, None, size, *arguments[2:])
        function, given, after = getattr(self, f"do_{call}")(*arguments)
        self.raised.clear()
        ctypes.set_errno(0)
        started = now()
        result = function(*given)
        number = ctypes.get_errno()
        ended = now()
        self.noticed()
        reply: dict[str, Any] = {"t_ns": started, "until_ns": ended, "result": result, "arguments": told}
        if result == -1:
            reply["errno"] = errno_name(number)
        if after is not None:
            reply |= after(result)
        reply["signals"] = tuple(self.raised)
        if call in ("bind", "connect", "accept") and reply.get("errno") not in UNTRIED:
            local, remote = self.learn(result if call == "accept" else fd, call, arguments)
        reply |= {"local": local, "remote": remote}
        if call == "close":
            self.names.pop(fd, None)
        return reply

    def noticed(self) -> None:
        """A Python call: at its beginning the interpreter runs the handlers of signals that have come."""

    def learn(self, fd: int, call: str, arguments: tuple[Any, ...]) -> tuple[str | None, str | None]:
        """The endpoints of a descriptor after the call."""
        found: list[str | None] = []
        for function in (self.libc.getsockname, self.libc.getpeername):
            buffer, size = ctypes.create_string_buffer(28), ctypes.c_uint(28)
            found.append(name_of(buffer.raw) if function(fd, buffer, ctypes.byref(size)) == 0 else None)
        local, remote = found
        if call == "connect" and remote is None and isinstance(arguments[1], str):
            remote = arguments[1]
        if call == "accept":
            remote = self.accepted
        if call == "connect" and local and local.rpartition(":")[0] in ("0.0.0.0", "[::]"):
            local = None  # a failed connect takes the address back
        self.names[fd] = local, remote
        return local, remote

    # Each: the function, its arguments as C takes them, and what to add to the answer.

    def do_socket(self, family: str) -> Any:
        number = socket.AF_INET6 if family == "AF_INET6" else socket.AF_INET
        return self.libc.socket, (number, socket.SOCK_STREAM, 0), None

    def _named(self, function: Any, fd: int, where: str) -> Any:
        if where == "AF_UNSPEC":
            return function, (fd, bytes(16), 16), None
        host, _, port = where.rpartition(":")
        raw = address(host.strip("[]"), int(port))
        return function, (fd, raw, len(raw)), None

    def do_bind(self, fd: int, where: str) -> Any:
        return self._named(self.libc.bind, fd, where)

    def do_connect(self, fd: int, where: str) -> Any:
        return self._named(self.libc.connect, fd, where)

    def do_listen(self, fd: int, backlog: int) -> Any:
        return self.libc.listen, (fd, backlog), None

    def do_accept(self, fd: int) -> Any:
        buffer, size = ctypes.create_string_buffer(28), ctypes.c_uint(28)

        def after(result: int) -> dict[str, Any]:
            # getpeername knows the client no more when it has reset the connection already (ENOTCONN).
            self.accepted = name_of(buffer.raw) if result >= 0 else None
            return {}

        return self.libc.accept, (fd, buffer, ctypes.byref(size)), after

    def _reads(self, function: Any, fd: int, size: int, *flags: int) -> Any:
        buffer = ctypes.create_string_buffer(max(size, 1))

        def after(result: int) -> dict[str, Any]:
            said = {"says": "EOF"} if result == 0 and size else {}
            return said | {"data": buffer.raw[: min(max(result, 0), KEPT)]}

        return function, (fd, buffer, ctypes.c_size_t(size), *flags), after

    def do_read(self, fd: int, size: int) -> Any:
        return self._reads(self.libc.read, fd, size)

    def do_recv(self, fd: int, size: int, flags: str) -> Any:
        return self._reads(self.libc.recv, fd, size, _flags(flags))

    def do_write(self, fd: int, data: bytes | int) -> Any:
        data = data if isinstance(data, bytes) else bytes(data)
        return self.libc.write, (fd, data, ctypes.c_size_t(len(data))), None

    def do_send(self, fd: int, data: bytes | int, flags: str) -> Any:
        data = data if isinstance(data, bytes) else bytes(data)
        return self.libc.send, (fd, data, ctypes.c_size_t(len(data)), _flags(flags)), None

    def do_shutdown(self, fd: int, how: str) -> Any:
        return self.libc.shutdown, (fd, SHUTDOWNS[how.removeprefix("SHUT_")]), None

    def do_close(self, fd: int) -> Any:
        return self.libc.close, (fd,), None

    def do_fcntl(self, fd: int, command: str, flags: str) -> Any:
        return self.libc.fcntl, (fd, 4, os.O_NONBLOCK if flags == "O_NONBLOCK" else 0), None

    def do_setsockopt(self, fd: int, option: str, value: int, seconds: int | None = None) -> Any:
        level, number = OPTIONS[option]
        if option in ("SO_RCVTIMEO", "SO_SNDTIMEO"):  # milliseconds
            raw = struct.pack("@ll", value // 1000, value % 1000 * 1000)
        else:
            raw = struct.pack("=i", value) if seconds is None else struct.pack("=ii", value, seconds)
        return self.libc.setsockopt, (fd, level, number, raw, len(raw)), None

    def do_getsockopt(self, fd: int, option: str) -> Any:
        level, number = (socket.SOL_SOCKET, 4) if option == "SO_ERROR" else OPTIONS[option]
        buffer, size = ctypes.create_string_buffer(8), ctypes.c_uint(8)

        def after(result: int) -> dict[str, Any]:
            if result:
                return {}
            (value,) = struct.unpack_from("=i", buffer.raw)
            return {"says": f"{option} = {errno_name(value) if option == 'SO_ERROR' and value else value}"}

        return self.libc.getsockopt, (fd, level, number, buffer, ctypes.byref(size)), after

    def do_strerror(self, name: str) -> Any:
        self.libc.strerror.restype = ctypes.c_char_p
        return self.libc.strerror, (getattr(errno, name),), lambda text: {"result": None, "says": text.decode()}

    def do_signal(self, name: str, how: str) -> Any:
        self.libc.signal.restype = ctypes.c_void_p
        given = signal.Signals[name], ctypes.c_void_p(signal.Handlers[how])
        return self.libc.signal, given, lambda before: {"result": before or 0}  # SIG_DFL is 0

    def do_poll(self, fd: int, events: str, timeout: int) -> Any:
        """timeout: milliseconds, as poll(2) takes it."""
        wanted = sum(POLL[word] for word in events.split())
        buffer = ctypes.create_string_buffer(struct.pack("=ihh", fd, wanted, 0), 8)

        def after(result: int) -> dict[str, Any]:
            got = struct.unpack_from("=ihh", buffer.raw)[2]
            words = " ".join(word for word, bit in POLL.items() if got & bit)
            return {"says": words or "nothing"} if result >= 0 else {}

        return self.libc.poll, (buffer, ctypes.c_ulong(1), timeout), after


def _flags(words: str) -> int:
    return sum(MESSAGE[word] for word in words.replace("|", " ").split() if word != "0")


def start(prepare: Callable[[], None], sigpipe: str) -> tuple[int, socket.socket]:
    """Fork one program. `prepare` runs in it first (enter a namespace). Its process id, and the pipe to drive it.

    `sigpipe`: "record" handles the signal and notes it, "default" lets it kill.
    Raises OSError.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the recorder's business
            prepare()
            os.dup2(theirs.fileno(), CHANNEL)
            quiet = os.open(os.devnull, os.O_RDWR)
            for fd in (0, 1):
                os.dup2(quiet, fd)
            # Nothing of the recorder's stays open: sockets here are 3, 4 ..., and no end of a pipe is held up.
            os.closerange(3, CHANNEL)
            os.closerange(CHANNEL + 1, CHANNEL + 4096)
            Program(socket.socket(fileno=CHANNEL), sigpipe).run()
        except BaseException as error:
            print(f"finrst: a program of the lab failed: {error!r}", file=sys.stderr)
        finally:
            os._exit(status)
    theirs.close()
    return pid, ours
