"""The programs of a laboratory and their sockets: real processes, told by one word what to call, one call at a time."""

from __future__ import annotations

import fcntl
import json
import marshal
import os
import signal
import subprocess
import termios
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .. import facts
from ..truth import calls
from .namespaces import LabError

if TYPE_CHECKING:
    from . import Lab

TIMEOUT = 5.0  # seconds that a scenario waits for anything, unless it says otherwise

Sigpipe = Literal["record", "default"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a call of a program came to."""

    fact: facts.Call
    data: bytes = b""  # what a read brought, up to 64 KiB of it
    died: str | None = None  # the signal by which the process died in the call

    @property
    def value(self) -> int | None:
        """What the call returned; None if it never did."""
        return self.fact.result

    @property
    def errno(self) -> str | None:
        """EPIPE, where it failed."""
        return self.fact.errno

    @property
    def says(self) -> str | None:
        """What else came back: EOF; IN OUT HUP; SO_ERROR = EPIPE."""
        return self.fact.says


class Pending:
    """A call that has begun and may block."""

    def __init__(self, process: Process, call: str, arguments: tuple[Any, ...], t_ns: int) -> None:
        self.process, self.call, self.arguments, self.t_ns = process, call, arguments, t_ns
        self.done: Result | None = None

    def result(self, timeout: float = TIMEOUT) -> Result:
        """Wait for the call's end. Raises LabError after `timeout` seconds."""
        text = calls.text_of(self.call, self.arguments)
        self.process.lab.wait(lambda: self.done is not None, f"{self.process.name}'s {text} to return", timeout)
        assert self.done
        return self.done


class Socket:
    """A descriptor of one process. `local` and `remote` stay known when it is closed."""

    def __init__(self, process: Process, fd: int) -> None:
        self.process, self.fd = process, fd
        self.local: str | None = None
        self.remote: str | None = None

    def __repr__(self) -> str:
        return f"{self.process.name}'s socket {self.fd}"

    def begin(self, call: str, *arguments: Any) -> Pending:
        """Begin any call of capture/truth/calls.py on this descriptor, which may block."""
        return self.process.begin(call, self.fd, *arguments, socket=self)

    def call(self, call: str, *arguments: Any) -> Result:
        """Make any call of capture/truth/calls.py on this descriptor."""
        return self.begin(call, *arguments).result()

    def read(self, size: int = 4096) -> Result:
        """read(2)"""
        return self.call("read", size)

    def begin_read(self, size: int = 4096) -> Pending:
        """read(2), which may block."""
        return self.begin("read", size)

    def recv(self, size: int, flags: str = "0") -> Result:
        """recv(2); flags by name: "MSG_PEEK|MSG_DONTWAIT"."""
        return self.call("recv", size, flags)

    def write(self, data: bytes | int) -> Result:
        """write(2) of these bytes, or of so many zeros."""
        return self.call("write", data)

    def begin_write(self, data: bytes | int) -> Pending:
        """write(2), which may block."""
        return self.begin("write", data)

    def send(self, data: bytes | int, flags: str = "0") -> Result:
        """send(2); flags by name: "MSG_NOSIGNAL"."""
        return self.call("send", data, flags)

    def shutdown(self, how: Literal["RD", "WR", "RDWR"]) -> Result:
        """shutdown(2)"""
        return self.call("shutdown", f"SHUT_{how}")

    def close(self) -> Result:
        """close(2)"""
        return self.call("close")

    def vanish(self) -> None:
        """The kernel forgets the connection and sends nothing, as a machine that is rebooted.

        TCP_REPAIR, then close. The programs have the lab's rights, also an ordinary user's.
        """
        self.process.lab.step(f"the {self.process.host} forgets the connection without a packet, as by a reboot")
        self.option("TCP_REPAIR", 1)
        self.close()

    def bind(self, where: str) -> Result:
        """bind(2) to "address:port"."""
        return self.call("bind", where)

    def listen(self, backlog: int = 16) -> Result:
        """listen(2)"""
        return self.call("listen", backlog)

    def connect(self, where: str) -> Result:
        """connect(2) to "address:port"."""
        return self.call("connect", where)

    def begin_connect(self, where: str) -> Pending:
        """connect(2), which may block."""
        return self.begin("connect", where)

    def disconnect(self) -> Result:
        """connect(2) to AF_UNSPEC: takes the connection back."""
        return self.call("connect", "AF_UNSPEC")

    def option(self, name: str, value: int) -> Result:
        """setsockopt(2): "TCP_NODELAY", 1. Timeouts (SO_RCVTIMEO) in milliseconds. Raises LabError if it fails."""
        return self.process.must(self.call("setsockopt", name, value))

    def linger(self, seconds: int, on: bool = True) -> Result:
        """SO_LINGER; linger(0) makes close send a RST."""
        return self.process.must(self.call("setsockopt", "SO_LINGER", int(on), seconds))

    def so_error(self) -> Result:
        """getsockopt(SO_ERROR): takes the pending error."""
        return self.call("getsockopt", "SO_ERROR")

    def poll(self, events: str = "IN OUT RDHUP", timeout_ms: int = 0) -> Result:
        """poll(2) of this descriptor; what it says are the events that came."""
        return self.call("poll", events, timeout_ms)

    def nonblocking(self) -> Result:
        """fcntl(F_SETFL, O_NONBLOCK)"""
        return self.process.must(self.call("fcntl", "F_SETFL", "O_NONBLOCK"))


class Process:
    """A real process on one host, driven call by call. One call at a time: begin two only in two processes."""

    def __init__(self, lab: Lab, name: str, host: str, sigpipe: str) -> None:
        self.lab, self.name, self.host = lab, name, host
        self._pending: Pending | None = None
        self._socket: Socket | None = None
        self._exiting: int | None = None
        self.ended: facts.Exit | None = None
        self.pid, self._channel = calls.start(lambda: lab.enter(host), sigpipe)
        lab.listen(self._channel, self._answer)

    def __repr__(self) -> str:
        return self.name

    def begin(self, call: str, *arguments: Any, socket: Socket | None = None) -> Pending:
        """Begin a call."""
        if self.ended:
            raise LabError(f"{self.name} has ended ({self.ended.signal or self.ended.status}): it cannot {call}")
        if self._pending:
            raise LabError(f"{self.name} is still in {self._pending.call}: it cannot {call}")
        self._pending = Pending(self, call, arguments, calls.now())
        self._socket = socket
        self._channel.send(marshal.dumps((call, arguments)))
        return self._pending

    def must(self, result: Result) -> Result:
        """The result of a call that a scenario presupposes. Raises LabError if it failed."""
        if result.value is None or result.value < 0:
            raise LabError(f"{self.name}: {result.fact.text} failed: {result.errno}")
        return result

    def socket(self) -> Socket:
        """socket(2)"""
        family = "AF_INET6" if self.lab.family == 6 else "AF_INET"
        made = self.must(self.begin("socket", family).result())
        assert made.value is not None
        return Socket(self, made.value)

    def listen(self, port: int = 9000, backlog: int = 16) -> Socket:
        """socket, bind and listen on this host's address."""
        listener = self.socket()
        self.must(listener.bind(facts.endpoint(self.lab.address(self.host), port)))
        self.must(listener.listen(backlog))
        return listener

    def connect(self, to: Socket | str) -> Socket:
        """socket and connect to a listener, or to "address:port". The socket is there also when the call failed."""
        one, pending = self.begin_connect(to)
        pending.result()
        return one

    def begin_connect(self, to: Socket | str) -> tuple[Socket, Pending]:
        """socket, and a connect that may block."""
        one = self.socket()
        where = to if isinstance(to, str) else to.local
        if self.host == "proxy":  # the routes give the client's address
            self.must(one.bind(facts.endpoint(self.lab.address(self.host), 0)))
        assert where
        return one, one.begin_connect(where)

    def accept(self, listener: Socket) -> Socket:
        """accept(2), which waits for a connection."""
        return self.accepted(self.begin_accept(listener))

    def begin_accept(self, listener: Socket) -> Pending:
        """accept(2), which may block; `accepted` gives the socket."""
        return listener.begin("accept")

    def accepted(self, pending: Pending) -> Socket:
        """The socket that a begun accept brought."""
        result = self.must(pending.result())
        assert result.value is not None
        one = Socket(self, result.value)
        one.local, one.remote = result.fact.local, result.fact.remote
        return one

    def asleep(self) -> bool:
        """Whether it has taken its order and sleeps: in the call, or because it has answered."""
        untaken = fcntl.ioctl(self._channel, termios.TIOCOUTQ, bytes(4))
        if any(untaken):
            return False
        handle = os.pidfd_open(self.pid)
        try:  # /proc is the machine's, where the process has another number
            told = Path(f"/proc/thread-self/fdinfo/{handle}").read_text()
        finally:
            os.close(handle)
        number = next(line.split()[1] for line in told.splitlines() if line.startswith("Pid:"))
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "S"

    def strerror(self, name: str) -> Result:
        """strerror(3): the C library's sentence for an errno, by name."""
        return self.begin("strerror", name).result()

    def ignore(self, signal_name: str) -> Result:
        """signal(2): what is sent to the process under this name does nothing."""
        return self.begin("signal", signal_name, "SIG_IGN").result()

    def exit(self, status: int = 0) -> None:
        """_exit(2): the kernel closes what is open."""
        self.begin("exit", status)
        self.lab.wait(lambda: self.ended is not None, f"{self.name} to exit", TIMEOUT)

    def kill(self, signal_number: int = signal.SIGKILL) -> None:
        """kill(2) from outside, and wait for its end."""
        self._exiting = calls.now()
        os.kill(self.pid, signal_number)
        self.lab.wait(lambda: self.ended is not None, f"{self.name} to die", TIMEOUT)

    def _answer(self) -> None:
        message = self._channel.recv(1 << 18)
        pending, self._pending = self._pending, None
        if not message:
            self._over(pending)
            return
        told = marshal.loads(message)
        assert pending
        if pending.call == "exit":
            self._exiting, self._pending = told["t_ns"], pending
            return
        data = told.pop("data", b"")
        fact = self._fact(pending, **told)
        one = self._socket
        if one and pending.call in ("connect", "bind"):
            if fact.call == "connect" and fact.local is None:  # the kernel has forgotten it again: the SYN has not
                fact = replace(fact, local=self.lab.source_of_syn(fact))
            one.local, one.remote = fact.local, fact.remote
        if one and fact.local is None:
            fact = replace(fact, local=one.local, remote=one.remote)
        self.lab.write(fact)
        pending.done = Result(fact, data)

    def _fact(self, pending: Pending, **told: Any) -> facts.Call:
        first = pending.arguments[0]
        fd = first if isinstance(first, int) else None
        text = calls.text_of(pending.call, pending.arguments)
        return facts.Call(process=self.name, pid=self.pid, call=pending.call, text=text, fd=fd, **told)

    def _over(self, pending: Pending | None) -> None:
        """The process has ended: perhaps within a call."""
        self.lab.unlisten(self._channel)
        self._channel.close()
        status = os.waitpid(self.pid, 0)[1]
        name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None
        if pending and pending.call != "exit":
            fact = self.unreturned(pending)
            if name == "SIGPIPE":  # the only signal that a call itself raises
                fact = replace(fact, signals=(name,))
            self.lab.write(fact)
            pending.done = Result(fact, died=name)
        self.ended = facts.Exit(
            t_ns=self._exiting or calls.now(),
            process=self.name,
            pid=self.pid,
            status=None if name else os.waitstatus_to_exitcode(status),
            signal=name,
        )
        self.lab.write(self.ended)

    def unreturned(self, pending: Pending) -> facts.Call:
        """A call that never came back."""
        told = tuple(len(one) if isinstance(one, bytes) else one for one in pending.arguments)
        one = self._socket
        fact = self._fact(
            pending, t_ns=pending.t_ns, until_ns=None, arguments=told,
            local=one.local if one else None, remote=one.remote if one else None,
        )  # fmt: skip
        if fact.call == "connect" and fact.local is None:
            fact = replace(fact, remote=str(pending.arguments[1]))
            fact = replace(fact, local=self.lab.source_of_syn(fact))
        return fact

    def blocks(self) -> None:
        """The recording ends: a call that still blocks is told."""
        if self._pending and not self.ended:
            self.lab.write(self.unreturned(self._pending))

    def at_end(self) -> None:
        """The recording has ended: the process goes, and what the kernel says to that is not part of it."""
        if self.ended:
            return
        self.lab.unlisten(self._channel)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._channel.close()


class Foreign:
    """A program of another make on a host, e.g. Java: driven by lines, and telling its calls itself.

    A line of its standard output that is a JSON object is one call: the fields of facts.Call, as far as it knows them
    ("call", "text", "t_ns", "until_ns", "result", "errno", "says", "local", "remote"). Other lines are for `line`.
    """

    def __init__(self, lab: Lab, name: str, host: str, command: Sequence[str]) -> None:
        self.lab, self.name, self.host = lab, name, host
        self.ended: facts.Exit | None = None
        self._lines: list[str] = []
        self._rest = b""
        with lab.at(host):
            try:
                self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
            except FileNotFoundError:
                raise LabError(f"{command[0]} is not installed") from None
        self.pid = self._program.pid
        assert self._program.stdin and self._program.stdout
        self._in, self._out = self._program.stdin, self._program.stdout
        lab.listen(self._out, self._answer)

    def tell(self, text: str) -> None:
        """Write a line to its standard input."""
        self._in.write(text.encode() + b"\n")

    def line(self, timeout: float = TIMEOUT) -> str:
        """Its next line that is no call. Raises LabError if none comes."""
        self.lab.wait(lambda: bool(self._lines) or self.ended is not None, f"a line of {self.name}", timeout)
        if not self._lines:
            raise LabError(f"{self.name} has ended without another line")
        return self._lines.pop(0)

    def end(self, timeout: float = TIMEOUT) -> facts.Exit:
        """Wait until it has ended."""
        self.lab.wait(lambda: self.ended is not None, f"{self.name} to end", timeout)
        assert self.ended
        return self.ended

    def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        self._program.kill()
        self.end()

    def _answer(self) -> None:
        chunk = self._out.read(1 << 16) or b""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace")
            if not text.startswith("{"):
                self._lines.append(text)
                continue
            told = {"fact": "call", "process": self.name, "pid": self.pid} | json.loads(text)
            self.lab.write(facts.parse(json.dumps(told)))
        if chunk:
            return
        self.lab.unlisten(self._out)
        status = self._program.wait()
        name = signal.Signals(-status).name if status < 0 else None
        self.ended = facts.Exit(
            t_ns=calls.now(), process=self.name, pid=self.pid, status=None if name else status, signal=name
        )
        self.lab.write(self.ended)
        self._in.close()
        self._out.close()

    def blocks(self) -> None:
        """It tells its calls itself."""

    def at_end(self) -> None:
        """The recording has ended, and the program with it."""
        if not self.ended:
            self.lab.unlisten(self._out)
            self._program.kill()
            self._program.wait()
            self._in.close()
            self._out.close()
