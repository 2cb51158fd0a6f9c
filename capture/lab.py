"""The lab: a private network for real programs, on this machine's own kernel; the only file that changes the machine.

What it changes is its own: `inside` runs work in new network, process and mount namespaces (as an ordinary user also in
a new user namespace), and the machine's own network is never touched. The first process of the process namespace is
killed when the recorder dies, by whatever signal, and takes everything in it along; then the kernel removes the
namespaces, their interfaces, rules and settings (namespaces(7), pid_namespaces(7), PR_SET_PDEATHSIG in prctl(2)).
Nothing is written but into the recording's folder.

`Lab` is what a scenario is given: hosts and wires, processes and their sockets, waits. It has one thread, which does
everything while it waits: it moves packets, writes down what was captured, and listens to the programs and the kernel.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import marshal
import os
import random
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from . import facts, segments
from .live.afpacket import AfPacket
from .live.wire import Rule, Test, Wire, device
from .pcapng_file import PcapngFile
from .segments import Segment, acknowledges
from .truth import calls
from .truth.tracefs import Placing, Tracefs

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x10000000, 0x20000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18
PR_SET_PDEATHSIG = 1

TIMEOUT = 5.0  # seconds that a scenario waits for anything, unless it says otherwise
QUIET = 0.06  # seconds without a packet after which nothing more is expected: a delayed ACK takes 40 ms

HOSTS = ("client", "server", "proxy")
ADDRESSES = {4: [f"10.9.0.{n}" for n in (1, 2, 3)], 6: [f"fd00:9::{n}" for n in (1, 2, 3)]}

Wired = Literal["loopback", "veth", "tun"]
WIRES: tuple[Wired, ...] = ("loopback", "veth", "tun")
Sigpipe = Literal["record", "default", "ignore"]


class HasFileno(Protocol):
    """What can be waited for."""

    def fileno(self) -> int:
        """Its descriptor."""
        ...


class LabError(Exception):
    """The lab cannot be had here, or something that a scenario waited for did not happen: one line says what."""


class UnavailableError(LabError):
    """This machine does not allow a laboratory; the text has the remedy."""


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


# --- the walls -----------------------------------------------------------------------------------


def remedy(error: OSError, user: bool) -> str:
    """Why no namespace could be made, and what helps, in one line."""
    what = error.strerror or str(error)

    def says(path: str, value: str) -> bool:
        with contextlib.suppress(OSError):
            return Path(path).read_text().strip() == value
        return False

    if not user:
        return f"{what}: this root may not make namespaces, as in most containers: give it --cap-add SYS_ADMIN"
    if says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"):
        return (
            f"{what}: AppArmor keeps namespaces from ordinary users here (Ubuntu's default): run it with sudo, or "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if says("/proc/sys/user/max_user_namespaces", "0"):
        return (
            f"{what}: user namespaces are switched off: run it with sudo, or sudo sysctl user.max_user_namespaces=15000"
        )
    if says("/proc/sys/kernel/unprivileged_userns_clone", "0"):
        return (
            f"{what}: namespaces are for root here: run it with sudo, or sudo sysctl kernel.unprivileged_userns_clone=1"
        )
    return f"{what}: an ordinary user gets no namespaces here, as in most containers: run it as root"


def _walls() -> None:
    """Move this process into namespaces of its own; of the process namespace its next child is the first process."""
    libc = _libc()
    uid, gid = os.geteuid(), os.getegid()
    wanted = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID
    user = uid != 0
    try:
        if not user:
            try:
                _check(libc.unshare(wanted), "unshare")
            except OSError as error:
                if error.errno != errno.EPERM:
                    raise
                user = True  # root of a container, perhaps with user namespaces
        if user:
            _check(libc.unshare(wanted | CLONE_NEWUSER), "unshare")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
            Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        _check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount")
    except OSError as error:
        raise UnavailableError(remedy(error, user=uid != 0)) from None


def _fork() -> int:
    """fork(2). Python warns where there are threads, as in a notebook: the child here uses nothing of theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _die_with_parent(parent: int) -> None:
    _check(_libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if os.getppid() != parent:  # it died before
        os._exit(0)


def inside(work: Callable[[], Any], *, timeout: float | None = None) -> Any:
    """Run `work` in a laboratory of its own, in another process; what it returns, which must fit JSON.

    Raises UnavailableError where the machine allows no namespaces, LabError with what `work` raised, or when it took
    longer than `timeout` seconds. Everything is gone when this returns, and also when this process is killed.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    recorder = os.getpid()
    pid = _fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # the recorder's business: it ends this by SIGKILL
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _inner(work, writing, recorder)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    told = b""
    try:
        deadline = None if timeout is None else time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ)
            while True:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                if not selector.select(left):
                    raise LabError(f"the laboratory was ended after {timeout:g} s")
                chunk = os.read(reading, 1 << 16)
                if not chunk:
                    break
                told += chunk
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if not told:
        raise LabError("the laboratory ended without a word")
    kind, value = json.loads(told)
    if kind == "done":
        return value
    raise (UnavailableError if kind == "refused" else LabError)(value)


def _inner(work: Callable[[], Any], writing: int, recorder: int) -> None:
    """The outer process: makes the walls, and waits for the first process within them."""

    def tell(kind: str, value: Any) -> None:
        data = memoryview(json.dumps([kind, value]).encode())
        while data:
            data = data[os.write(writing, data) :]

    try:
        _walls()
        _die_with_parent(recorder)  # after the walls: a change of rights clears it
    except UnavailableError as error:
        tell("refused", str(error))
        return
    # The first process within sees its parent's number as 0: a pipe tells it that the parent is alive instead.
    alive, held = os.pipe()
    first = os.fork()
    if first:
        os.close(alive)
        os.waitpid(first, 0)
        return
    try:
        os.close(held)
        _check(_libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
        os.set_blocking(alive, False)
        with contextlib.suppress(BlockingIOError):
            os.read(alive, 1)  # nothing to read but the end: the parent died before
            os._exit(0)
        tell("done", work())
    except LabError as error:
        tell("failed", str(error))
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        tell("failed", f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})")
    finally:
        os._exit(0)


def available() -> tuple[bool, str]:
    """Whether a laboratory can be had here; if not, why and what helps."""
    if sys.platform != "linux":
        return False, "the lab needs Linux's namespaces: a Linux machine or virtual machine has them"
    if shutil.which("ip") is None:
        return False, "the lab needs the program ip: apt install iproute2"
    try:
        inside(lambda: True, timeout=10)
    except LabError as error:
        return False, str(error)
    return True, ""


# --- programs and their sockets --------------------------------------------------------------------


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


# --- the laboratory --------------------------------------------------------------------------------


@dataclass
class _Tap:
    """A capture running at one end of the wire."""

    host: str
    source: AfPacket
    file: PcapngFile
    seen: list[Segment] = field(default_factory=list)


def is_error(ip: bytes) -> bool:
    """Whether an IP packet is ICMP, or an error of ICMPv6: not what neighbours say to each other (RFC 4443, 2.1)."""
    if len(ip) >= 20 and ip[0] >> 4 == 4:
        return ip[9] == 1
    return len(ip) > 40 and ip[0] >> 4 == 6 and ip[6] == 58 and ip[40] < 128


class Lab:
    """One laboratory, within the walls: two hosts and a wire. Made by `capture/recording.py`, given to scenarios."""

    def __init__(
        self,
        folder: Path,
        *,
        wire: Wired = "loopback",
        family: Literal[4, 6] = 4,
        kernel: Tracefs | None = None,
        why_no_kernel: str = "not asked for",
        program: str = "finrst",
    ) -> None:
        self.folder, self.kind, self.family = folder, wire, family
        self.hosts = dict(zip(ADDRESSES[family], HOSTS, strict=True))
        self.settings: dict[str, dict[str, str]] = {}  # host -> what was set with `sysctl`
        self.processes: list[Process | Foreign] = []
        self._selector = selectors.DefaultSelector()
        self._truth = os.open(
            folder / "truth.jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o666
        )
        self._kernel = kernel
        self._placing = Placing(kernel) if kernel else None
        self._last_packet = time.monotonic()
        self._wire: Wire | None = None
        self._namespaces: dict[str, int] = {}
        self._taps: list[_Tap] = []
        self._build(program)
        self.write(facts.Source(t_ns=calls.now(), name=calls.NAME, available=True))
        if kernel:
            self.write(
                facts.Source(
                    t_ns=calls.now(), name="tracefs", available=True,
                    offset_ns=kernel.offset_ns, uncertainty_ns=kernel.uncertainty_ns,
                )
            )  # fmt: skip
        else:
            self.write(facts.Source(t_ns=calls.now(), name="tracefs", available=False, why=why_no_kernel))

    # Hosts and the wire.

    def _build(self, program: str) -> None:
        self._namespaces["client"] = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        if self.kind == "loopback":
            self._namespaces["server"] = self._namespaces["client"]
        else:
            _check(_libc().unshare(CLONE_NEWNET), "unshare")
            self._namespaces["server"] = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._namespaces["proxy"] = self._namespaces["client"]
        one, two, three = ADDRESSES[self.family]
        length = "24" if self.family == 4 else "64 nodad"
        # A port range of its own: the kernel's events do not say which laboratory they come from.
        self._ports = 32_768 + 256 * random.randrange(100)
        self._named = 0
        for namespace in dict.fromkeys(self._namespaces.values()):
            _check(_libc().setns(namespace, CLONE_NEWNET), "setns")
            self._put("net/ipv4/ip_local_port_range", f"{self._ports} {self._ports + 247}")
            self._put("net/ipv6/conf/default/router_solicitations", "0")
            if self.family == 4:
                self._put("net/ipv6/conf/all/disable_ipv6", "1")
                self._put("net/ipv6/conf/default/disable_ipv6", "1")
        if self.kind == "loopback":
            self.enter("client")
            # One segment a packet: the loopback interface would pass 64 KiB at once, whatever its MTU.
            self._ip(
                "link set lo mtu 1500 gso_max_segs 1 up",
                *(f"addr add {address}/{length} dev lo" for address in (one, two, three)),
            )
            # What the client sends to another host comes from the client's address, not from that host's own.
            for address in (two, three):
                if self.family == 6:
                    self._unroute(address)
                self._ip(f"route replace local {address} dev lo table local src {one}", six=self.family == 6)
            interfaces = {"client": "lo"}
        elif self.kind == "veth":
            self.enter("client")
            twin = f"/proc/self/fd/{self._namespaces['server']}"
            self._ip(f"link add eth0 mtu 1500 gso_max_segs 1 type veth peer name eth0 netns {twin}")
            for host, address, other in (("client", one, two), ("server", two, one)):
                self.enter(host)
                self._ip(
                    "link set lo up",
                    f"link set eth0 address {self._mac(host)} gso_max_segs 1 addrgenmode none up",
                    f"addr add {address}/{length} dev eth0",
                    f"neigh add {other} lladdr {self._mac('server' if host == 'client' else 'client')} dev eth0",
                )
            interfaces = {"client": "eth0", "server": "eth0"}
        else:
            devices = {}
            for host, address in (("client", one), ("server", two)):
                self.enter(host)
                devices[host] = device("tun0")
                self._ip(
                    "link set lo up",
                    "link set tun0 mtu 1500 addrgenmode none up",
                    f"addr add {address}/{length} dev tun0",
                )
                self._selector.register(devices[host], selectors.EVENT_READ, None)
            self._wire = Wire(devices)
            interfaces = {"client": "tun0", "server": "tun0"}
        for host, interface in interfaces.items():
            self.enter(host)
            source = AfPacket(interface)
            name = "packets.pcapng" if host == "client" else "server.pcapng"
            comment = "" if len(interfaces) == 1 else f"captured at the {host}"
            tap = _Tap(host, source, PcapngFile(self.folder / name, source.link, interface, program, comment))
            self._taps.append(tap)
            self._selector.register(source.fileno(), selectors.EVENT_READ, None)
        self.enter("client")

    def _unroute(self, address: str) -> None:
        """Take away the kernel's own route to an IPv6 address: it makes one a moment after the address is there."""
        for left in reversed(range(100)):
            try:
                self._ip(f"route del local {address} dev lo table local", six=True)
                return
            except LabError:
                if not left:
                    raise
                time.sleep(0.005)

    def _mac(self, host: str) -> str:
        return "02:00:00:00:09:01" if host == "client" else "02:00:00:00:09:02"

    def _ip(self, *commands: str, six: bool = False) -> None:
        done = subprocess.run(
            ["ip", *(["-6"] if six else []), "-batch", "-"],
            input="\n".join(commands) + "\n", capture_output=True, text=True, check=False,
            pass_fds=tuple(self._namespaces.values()),
        )  # fmt: skip
        if done.returncode:
            raise LabError(f"ip: {' '.join(done.stderr.split())}")

    def _put(self, path: str, value: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            Path("/proc/sys", path).write_text(value)

    def enter(self, host: str) -> None:
        """Move this process into a host's network namespace. Raises OSError."""
        _check(_libc().setns(self._namespaces[host], CLONE_NEWNET), "setns")

    @contextlib.contextmanager
    def at(self, host: str) -> Iterator[None]:
        """Do something in a host's network namespace."""
        self.enter(host)
        try:
            yield
        finally:
            self.enter("client")

    def address(self, host: str) -> str:
        """A host's address."""
        return ADDRESSES[self.family][HOSTS.index(host)]

    def endpoint(self, host: str, port: int) -> str:
        """A host's endpoint, as facts and calls name it."""
        return facts.endpoint(self.address(host), port)

    def port(self) -> int:
        """A port for a scenario that must name one, of the range that no other laboratory's programs use."""
        self._named += 1
        return self._ports + 256 - self._named

    def sysctl(self, host: str, name: str, value: int | str) -> None:
        """Set a kernel parameter of one host: "net.ipv4.tcp_fin_timeout". Raises LabError."""
        with self.at(host):
            try:
                Path("/proc/sys", *name.split(".")).write_text(str(value))
            except OSError as error:
                raise LabError(f"sysctl {name}: {error.strerror}") from None
        self.settings.setdefault(host, {})[name] = str(value)
        self.step(f"{host}: sysctl {name} = {value}")

    def run(self, host: str, *command: str, step: str | None = None) -> str:
        """Run a program in a host's network namespace to its end (`ss`, `nft`); its output. Raises LabError."""
        self.step(step or f"{host}: {' '.join(command)}")
        with self.at(host):
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
            except FileNotFoundError:
                raise LabError(f"{command[0]} is not installed") from None
        if done.returncode:
            raise LabError(f"{' '.join(command)}: {' '.join(done.stderr.split())}")
        self.turn(0)
        return done.stdout

    def nft(self, host: str, *rules: str) -> None:
        """Add rules of nftables to a host's own table "lab": "add chain inet lab in { … }"."""
        for rule in ("add table inet lab", *rules):
            self.run(host, "nft", rule)

    @property
    def wire(self) -> Wire:
        """The wire in user space. Raises LabError on any other."""
        if self._wire is None:
            raise LabError(f'the wire is "{self.kind}": a scenario that meddles with it needs wire = "tun"')
        return self._wire

    def drop(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Drop the packets that match, or only the first `count` of them."""
        self.step(text)
        return self.wire.add(test, copies=0, left=count)

    def duplicate(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Deliver the packets that match twice."""
        self.step(text)
        return self.wire.add(test, copies=2, left=count)

    def delay(self, test: Test, seconds: float, text: str, count: int | None = None) -> Rule:
        """Deliver the packets that match later: others overtake them."""
        self.step(text)
        return self.wire.add(test, copies=1, seconds=seconds, left=count)

    def hold(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Keep the packets that match on the wire until `release`."""
        self.step(text)
        return self.wire.add(test, copies=0, left=count, keep=True)

    def copy(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Deliver the packets that match, and keep a copy of each on the wire until `release`."""
        self.step(text)
        return self.wire.add(test, copies=1, left=count, keep=True)

    def release(self, rule: Rule, text: str) -> None:
        """Let go what a rule holds, and end it (also a rule that drops)."""
        self.step(text)
        self.wire.remove(rule)
        self.turn(0)

    def cut(self, text: str = "the wire is cut") -> Rule:
        """Drop everything both ways."""
        return self.drop(lambda segment: True, text)

    def forge(
        self,
        to: str,
        flags: str,
        *,
        src: str,
        dst: str,
        seq: int,
        ack: int = 0,
        text: str | None = None,
        through: str | None = None,
        **more: Any,
    ) -> None:
        """A segment that its `src` never sent arrives at a host; `more` as in `segments.forge`. Needs Scapy.

        It appears on the wire in user space; or, on any wire, a raw socket of the host `through` sends it.
        """
        raw = segments.forge(src, dst, flags, seq, ack, **more)
        self.step(text or f"a forged {flags} reaches the {to}")
        before = len(self.packets_at(to))
        if through:
            family = socket.AF_INET if self.family == 4 else socket.AF_INET6
            with self.at(through), socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
                sender.sendto(raw, (segments.split(dst)[0], 0))
        else:
            self.wire.put(to, raw)
        self.wait(
            lambda: any(one.raw == raw for one in self.packets_at(to)[before:]),
            f"the forged {flags} to arrive",
            TIMEOUT,
        )

    # Programs.

    def process(
        self,
        name: str,
        host: str | None = None,
        *,
        sigpipe: Sigpipe = "record",
    ) -> Process:
        """Start a program on a host: by default the one of its name, or the client."""
        one = Process(self, name, host or (name if name in HOSTS else "client"), sigpipe)
        self.processes.append(one)
        return one

    def program(self, name: str, *command: str, host: str | None = None) -> Foreign:
        """Start a program of another make (`java Experiment.java`) on a host; see `Foreign`."""
        one = Foreign(self, name, host or (name if name in HOSTS else "client"), command)
        self.processes.append(one)
        return one

    def pair(self, port: int = 9000, sigpipe: Sigpipe = "record") -> tuple[Socket, Socket]:
        """A server that listens, a client that connects, the connection accepted: both ends' sockets, client first."""
        server = self.process("server", sigpipe=sigpipe)
        listener = server.listen(port)
        client = self.process("client", sigpipe=sigpipe)
        one = client.connect(listener)
        return one, server.accept(listener)

    # Waiting.

    def listen(self, channel: HasFileno, heard: Callable[[], None]) -> None:
        """Call `heard` whenever the channel is readable."""
        self._selector.register(channel, selectors.EVENT_READ, heard)

    def unlisten(self, channel: HasFileno) -> None:
        """The channel ends."""
        self._selector.unregister(channel)

    def turn(self, seconds: float) -> None:
        """Do what there is to do, waiting at most so long for something."""
        due = self._wire.turn() if self._wire else None
        ready = self._selector.select(seconds if due is None else min(seconds, due))
        if self._wire:
            self._wire.turn()
        # Packets first: what a program says about a call is told after the packets of the call.
        for tap in self._taps:
            self._captured(tap)
        self._heard()
        for key, _events in ready:
            if key.data is not None:
                key.data()

    def wait(self, done: Callable[[], bool], what: str, timeout: float = TIMEOUT, step: float = 0.05) -> None:
        """Wait until `done()`. Raises LabError: what was waited for, and the last packets that were seen."""
        deadline = time.monotonic() + timeout
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                last = "; ".join(str(one) for one in self.packets[-3:]) or "none"
                raise LabError(f"waited {timeout:g} s for {what}. The last packets: {last}")
            self.turn(min(left, step))

    def must_hold(self, true: bool, what: str) -> None:
        """What a scenario shows, where calls and reasons do not. Raises LabError with what was expected."""
        if not true:
            last = "; ".join(str(one) for one in self.packets[-3:]) or "none"
            raise LabError(f"expected {what}. The last packets: {last}")

    def until(self, condition: Callable[[list[Segment]], bool], what: str, timeout: float = TIMEOUT) -> None:
        """Wait until the segments captured so far (at the client's end) fulfil a condition."""
        self.wait(lambda: condition(self.packets), what, timeout)

    def until_segment(
        self,
        *flags: str,
        source: Socket | str | None = None,
        count: int = 1,
        test: Test | None = None,
        at: str = "client",
        timeout: float = TIMEOUT,
    ) -> Segment:
        """Wait until `count` segments with these flags from a socket's end or a host were captured; the last of them.

        `at` is the host at whose end of the wire they are looked for: what is lost on the way is at one end only.
        """
        found: list[Segment] = []

        def there() -> bool:
            found[:] = [
                one
                for one in self.packets_at(at)
                if one.has(*flags) and self._from(one, source) and (test is None or test(one))
            ]
            return len(found) >= count

        whose = f" from {source}" if source else ""
        self.wait(there, f"{' '.join(flags) or 'a segment'}{whose}{f' ({count} times)' if count > 1 else ''}", timeout)
        return found[count - 1]

    def until_acked(self, source: Socket | str, timeout: float = TIMEOUT) -> None:
        """Wait until the other end has acknowledged everything that this end has sent, a FIN included."""

        def acked() -> bool:
            sent = [one for one in self.packets if self._from(one, source) and one.end != one.seq]
            if not sent:
                return False
            last = sent[-1]
            return any(
                one.src == last.dst and one.dst == last.src and one.has("ACK") and acknowledges(one.ack, last.end)
                for one in self.packets
            )

        self.wait(acked, f"the ACK of all that {source} has sent", timeout)

    def until_fin_acked(self, source: Socket | str, timeout: float = TIMEOUT) -> None:
        """Wait until this end has sent a FIN and the other end has acknowledged it."""
        self.until_segment("FIN", source=source, timeout=timeout)
        self.until_acked(source, timeout)

    def until_state(self, end: Socket, state: str, timeout: float = TIMEOUT) -> None:
        """Wait until the kernel has this end in a state, RFC 9293's name (CLOSED: it has no such socket)."""
        seen = ""

        def there() -> bool:
            nonlocal seen
            seen = self.state(end)
            return seen == state

        try:
            self.wait(there, f"{end} to be in {state}", timeout, step=0.002)
        except LabError as error:
            raise LabError(f"{error} It is in {seen}.") from None

    def until_blocked(self, pending: Pending, timeout: float = TIMEOUT) -> None:
        """Wait until the process of a begun call sleeps in it. Raises LabError if the call has returned."""
        self.wait(pending.process.asleep, f"{pending.process.name} to wait in {pending.call}", timeout, step=0.002)
        self.turn(0)  # its answer may be there
        if pending.done:
            raise LabError(f"{pending.process.name}'s {pending.done.fact.text} did not wait")

    def until_received(self, end: Socket, size: int, timeout: float = TIMEOUT) -> None:
        """Wait until so many bytes stand in a socket's receive queue, unread."""
        self.wait(lambda: self._row(end)[1] >= size, f"{size} bytes in the queue of {end}", timeout, step=0.002)

    def until_quiet(self, seconds: float = QUIET, timeout: float = TIMEOUT) -> None:
        """Wait until no packet has been seen for so long."""
        begun = time.monotonic()
        self.wait(
            lambda: time.monotonic() - max(self._last_packet, begun) >= seconds,
            f"{seconds:g} s without a packet",
            timeout,
            step=seconds / 4,
        )

    def pass_time(self, seconds: float) -> None:
        """Let time pass, where time is what the scenario is about."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end, "time to pass", seconds + 1)

    def state(self, end: Socket) -> str:
        """The state of an end's socket as the kernel lists it (/proc/net/tcp); CLOSED if it lists none."""
        return self._row(end)[0]

    def _row(self, end: Socket) -> tuple[str, int]:
        """State and bytes in the receive queue."""
        with self.at(end.process.host):
            table = Path("/proc/thread-self/net", "tcp6" if self.family == 6 else "tcp").read_text()
        for line in table.splitlines()[1:]:
            words = line.split()
            if _spelled(words[1]) == end.local and (end.remote is None or _spelled(words[2]) == end.remote):
                return TCP_STATES[int(words[3], 16)], int(words[4].partition(":")[2], 16)
        return "CLOSED", 0

    def _from(self, segment: Segment, source: Socket | str | None) -> bool:
        if source is None:
            return True
        if isinstance(source, Socket):
            return segment.src == source.local and segment.dst == source.remote
        return self.hosts.get(segments.split(segment.src)[0]) == source

    def is_from(self, source: Socket | str, *flags: str) -> Test:
        """A test for rules of the wire: segments from this end or host with these flags."""
        return lambda segment: self._from(segment, source) and segment.has(*flags)

    # What was recorded.

    @property
    def packets(self) -> list[Segment]:
        """The lab's segments captured so far at the client's end (on loopback: at the only place there is)."""
        return self._taps[0].seen if self._taps else []

    def packets_at(self, host: str) -> list[Segment]:
        """The lab's segments captured so far at a host's end."""
        return next((tap.seen for tap in self._taps if tap.host == host), self.packets)

    def catch_up(self) -> None:
        """See to it that what has passed by now stands in `packets`: the capture holds it for up to a millisecond."""
        end = time.monotonic() + 0.005
        while time.monotonic() < end:
            self.turn(0.001)

    def last(self, source: Socket | str) -> Segment:
        """The last segment from an end or host that was no RST: what a forger would go by."""
        self.catch_up()
        return next(one for one in reversed(self.packets) if self._from(one, source) and not one.has("RST"))

    def next_seq(self, source: Socket | str) -> int:
        """The sequence number that the other end expects from this one next, by what has passed the wire."""
        self.catch_up()
        sent = [one for one in self.packets if self._from(one, source) and not one.has("RST")]
        if not sent:
            raise LabError(f"{source} has sent nothing yet")
        highest = sent[0].end
        for one in sent:
            if acknowledges(one.end, highest):
                highest = one.end
        return highest

    def source_of_syn(self, call: facts.Call) -> str | None:
        """Where the SYN of a connect came from that the kernel has forgotten. It may still be in the capture's ring."""
        for _ in range(25):
            self._captured(self._taps[0])
            for one in reversed(self.packets):
                if (
                    one.has("SYN")
                    and not one.has("ACK")
                    and one.dst == call.remote
                    and one.t_ns > call.t_ns - 1_000_000
                ):
                    return one.src
            time.sleep(0.002)
        return None

    def step(self, text: str) -> None:
        """Write down what the scenario does to the world."""
        self.write(facts.Step(t_ns=calls.now(), text=text))

    def write(self, fact: facts.Fact) -> None:
        """Append a fact, at once."""
        os.write(self._truth, facts.line(fact).encode())

    def _captured(self, tap: _Tap) -> None:
        packets = tap.source.read()
        if not packets:
            return
        kept = []
        for one in packets:
            ip = one.data[14:] if tap.source.link == 1 else one.data
            segment = segments.parse(ip, one.t_ns)
            if segment is None and not is_error(ip):
                continue
            kept.append((one.t_ns, one.data, one.length))
            if segment:
                tap.seen.append(segment)
                if self._placing and self._own_port(segment):
                    here = len(self._taps) == 1 or self._from(segment, tap.host)  # not at the other end, later
                    self._placing.seen(segment.src, segment.dst, one.t_ns if here and segment.has("RST") else None)
        if kept:
            tap.file.packets(kept)
            self._last_packet = time.monotonic()

    def _heard(self, last: bool = False) -> None:
        """Write what the kernel has said."""
        for fact in self._placing.facts(last) if self._placing else ():
            self.write(fact)

    def _own_port(self, segment: Segment) -> bool:
        """Whether no other laboratory can have this connection at the same time: its client's port is of our range.

        Ports that a scenario chose itself are believed.
        """
        ports = [segments.split(one)[1] for one in (segment.src, segment.dst)]
        return any(self._ports <= port < self._ports + 256 for port in ports) or all(port < 32_768 for port in ports)

    def finish(self, quiet: bool = True) -> dict[str, int]:
        """End the recording: wait for the last packets, end the programs. Packets written and dropped."""
        if quiet:
            self.until_quiet()
        self.turn(0)
        for one in self.processes:
            one.blocks()
        # The programs go when the capture has ended: the FINs of a killed program are not what the scenario was about.
        dropped = 0
        for tap in self._taps:
            self._captured(tap)
            received, lost = tap.source.counts()
            tap.file.statistics(calls.now(), received, lost)
            tap.file.close()
            tap.source.close()
            dropped += lost
        self._heard(last=True)
        os.close(self._truth)
        for one in self.processes:
            one.at_end()
        return {"packets": self._taps[0].file.written, "dropped": dropped}


#: /proc/net/tcp's numbers (include/net/tcp_states.h), with RFC 9293's names.
TCP_STATES = {
    1: "ESTABLISHED",
    2: "SYN_SENT",
    3: "SYN_RCVD",
    4: "FIN_WAIT_1",
    5: "FIN_WAIT_2",
    6: "TIME_WAIT",
    7: "CLOSED",
    8: "CLOSE_WAIT",
    9: "LAST_ACK",
    10: "LISTEN",
    11: "CLOSING",
    12: "SYN_RCVD",
}


def _spelled(word: str) -> str:
    """An endpoint of /proc/net/tcp: hexadecimal, 32-bit words of the address in this machine's byte order."""
    address, _, port = word.partition(":")
    raw = bytes.fromhex(address)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    family = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
    return facts.endpoint(socket.inet_ntop(family, raw), int(port, 16))
