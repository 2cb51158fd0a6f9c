"""What the kernel itself says, from tracepoints: each RST with its reason, accepted RSTs, states, errors.

Events (Linux, include/trace/events/{tcp,sock}.h): tcp:tcp_send_reset, whose reason exists since 6.10 and which fires
for RSTs that a socket decided on since 6.12; tcp:tcp_receive_reset; sock:inet_sock_set_state and
sock:inet_sk_error_report. They are read from an instance of their own, which disturbs nobody else's tracing.

An instance lives in the kernel, not in a process. A keeper therefore makes it, and waits, outside the laboratory:
once the recorder is gone, by whatever signal, it takes the instance away. Were the keeper killed as well, the next
recorder would do it: an instance that nobody reads from can be removed, one in use is busy.

Events carry no network namespace. The lab keeps those that speak of its own connections.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..facts import Fact, ResetReceived, ResetSent, SocketError, StateChange, endpoint

NAME = "tracefs"

TRACING = Path("/sys/kernel/tracing")
PREFIX = "finrst-"
EVENTS = ("tcp/tcp_send_reset", "tcp/tcp_receive_reset", "sock/inet_sock_set_state", "sock/inet_sk_error_report")
CLOCK = time.CLOCK_MONOTONIC  # trace_clock "mono"
RESOLUTION = 1_000  # ns: the text of an event has microseconds
SENT_WITHIN = 10_000_000  # ns from the event of a RST to its capture, at most
NOWHERE = ("0.0.0.0:0", "[::]:0")

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18

#: The kernel's names where they are not RFC 9293's.
STATES = {
    "SYN_RECV": "SYN_RCVD",
    "NEW_SYN_RECV": "SYN_RCVD",
    "FIN_WAIT1": "FIN_WAIT_1",
    "FIN_WAIT2": "FIN_WAIT_2",
    "CLOSE": "CLOSED",
}

LINE = re.compile(r"\s(\d+)\.(\d{6}): (\w+): (.*)")
FIELD = re.compile(r"(\w+)=(\S+)")


def available() -> tuple[bool, str]:
    """Whether the kernel can be asked here, and why not: needs root on the machine, tracefs, Linux 6.10."""
    if os.geteuid():
        return False, "needs root: without it there is no kernel's reason, only packets and calls"
    with contextlib.suppress(ValueError, AttributeError):
        release = tuple(int(word) for word in os.uname().release.split("-")[0].split(".")[:2])
        if release < (6, 10):
            return False, f"Linux {os.uname().release} does not tell a RST's reason: 6.10 does"
    if "\ttracefs\n" not in Path("/proc/filesystems").read_text():
        return False, "this kernel has no tracefs (CONFIG_FTRACE)"
    return True, ""


def state(name: str) -> str:
    """RFC 9293's name of a kernel's state."""
    name = name.removeprefix("TCP_")
    return STATES.get(name, name)


class Tracefs:
    """A running trace. `offset_ns` is what turns its clock into CLOCK_REALTIME, `uncertainty_ns` how well.

    Raises OSError where the trace cannot be set up, whatever `available` said: a container, a locked-down kernel.
    """

    def __init__(self) -> None:
        self._life, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pid = os.fork()
        if pid == 0:
            self._life.close()
            _keep(theirs)
        theirs.close()
        message, fds, _flags, _address = socket.recv_fds(self._life, 4096, 1)
        if not fds:
            self._life.close()
            os.waitpid(pid, 0)
            number, _, what = message.decode().partition(" ")
            raise OSError(int(number or errno.EIO), what or "the trace's keeper died")
        os.waitpid(pid, 0)  # the keeper itself is its child, nobody's
        self._fd = fds[0]
        self._rest = b""
        self._states: dict[tuple[str, str], str] = {}  # by local, remote
        self._held: dict[tuple[str, str], ResetReceived] = {}
        self.offset_ns, self.uncertainty_ns = offset()

    def fileno(self) -> int:
        """The pipe that events come out of."""
        return self._fd

    def facts(self) -> Iterator[Fact]:
        """The facts that are there; does not wait."""
        while True:
            try:
                chunk = os.read(self._fd, 1 << 16)
            except BlockingIOError:
                return
            if not chunk:
                return
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                found = fact(line.decode("ascii", "replace"), self.offset_ns)
                if isinstance(found, StateChange):
                    pair = found.local, found.remote
                    self._states[pair] = found.new
                    if held := self._held.pop(pair, None):
                        yield replace(held, state=found.old)
                elif isinstance(found, ResetReceived):
                    # Its event has no state. The last change has; where none was seen, the next one, which it causes.
                    pair = found.local, found.remote
                    if pair not in self._states:
                        self._held[pair] = found
                        continue
                    found = replace(found, state=self._states[pair])
                if found:
                    yield found

    def rest(self) -> Iterator[Fact]:
        """At the end: the facts that waited for another."""
        yield from self._held.values()
        self._held.clear()

    def close(self) -> None:
        """Let the keeper take the instance away; returns at once."""
        os.close(self._fd)
        self._life.close()


class Placing:
    """The kernel's facts of the connections that were captured: others wait until theirs has been, or are dropped.

    A RST for which a listening socket answers is told with that socket's ends, the remote one 0.0.0.0:0. It is a RST
    that this endpoint was seen to send right then, and that no other event tells by both of its ends; of several such
    events, which may be another laboratory's with the same address and port, a RST has the one nearest before it.
    """

    def __init__(self, trace: Tracefs) -> None:
        self._trace = trace
        self._pairs: set[tuple[str, str]] = set()
        self._waiting: list[Fact] = []
        self._resets: dict[str, list[tuple[int, str]]] = {}  # captured RSTs, by sender: when, and to whom
        self._told: dict[tuple[str, str], list[int]] = {}  # events of RSTs that were not captured yet: when

    def seen(self, src: str, dst: str, reset_ns: int | None = None) -> None:
        """A segment between these endpoints was captured. `reset_ns`: where it was a RST, when it was sent."""
        if (src, dst) not in self._pairs:
            self._pairs |= {(src, dst), (dst, src)}
        if reset_ns is not None:
            sent = self._resets.setdefault(src, [])
            sent.append((reset_ns, dst))
            del sent[:-100]

    def facts(self, last: bool = False) -> Iterator[Fact]:
        """The facts that are there, of connections seen so far; `last`: no more will come."""
        said = list(self._trace.facts())
        if last:
            said += self._trace.rest()
        for fact in said:
            if isinstance(fact, ResetSent) and fact.remote not in NOWHERE:
                told = self._told.setdefault((fact.local, fact.remote), [])
                told.append(fact.t_ns)
                del told[:-100]
        self._waiting += said
        later = []
        for fact in self._placed():
            if (getattr(fact, "local", ""), getattr(fact, "remote", "")) in self._pairs:
                yield fact
            else:
                later.append(fact)
        self._waiting = later[-10_000:]

    def _placed(self) -> list[Fact]:
        """What waits, a listening socket's RST with the remote end that it went to, once that is captured."""
        placed = list(self._waiting)
        of: dict[str, dict[int, ResetSent]] = {}  # by local end: a listener's events, by their places
        for place, fact in enumerate(placed):
            if isinstance(fact, ResetSent) and fact.remote in NOWHERE:
                of.setdefault(fact.local, {})[place] = fact
        for local, said in of.items():
            unknown = []
            for reset_ns, remote in self._resets.get(local, ()):
                if self._has_event(local, reset_ns, remote):
                    continue
                near = [place for place, one in said.items() if self._belongs(one.t_ns, reset_ns)]
                if near:
                    nearest = max(near, key=lambda place: said[place].t_ns)
                    placed[nearest] = replace(said.pop(nearest), remote=remote)
                else:
                    unknown.append((reset_ns, remote))
            if local in self._resets:
                self._resets[local] = unknown
        return placed

    def _has_event(self, src: str, reset_ns: int, dst: str) -> bool:
        """Whether an event tells this RST with both of its ends. An event has one RST, and comes before it."""
        told = self._told.get((src, dst), [])
        at = next((at for at, t_ns in enumerate(told) if self._belongs(t_ns, reset_ns)), None)
        if at is not None:
            del told[: at + 1]
        return at is not None

    def _belongs(self, said_ns: int, reset_ns: int) -> bool:
        """Whether a RST was captured so soon after an event that it may be the one."""
        since = said_ns - self._trace.uncertainty_ns
        return since <= reset_ns < since + SENT_WITHIN


def offset() -> tuple[int, int]:
    """CLOCK_REALTIME minus the trace's clock in ns, and the uncertainty: the tightest of a few readings."""
    best = (1 << 62, 0)
    for _ in range(9):
        before = time.clock_gettime_ns(CLOCK)
        real = time.clock_gettime_ns(time.CLOCK_REALTIME)
        after = time.clock_gettime_ns(CLOCK)
        best = min(best, (after - before, real - (before + after) // 2))
    return best[1], best[0] // 2 + RESOLUTION


def fact(line: str, offset_ns: int) -> Fact | None:
    """The fact in one line of the trace; None for any other line."""
    found = LINE.search(line)
    if not found:
        return None
    t_ns = int(found[1]) * 1_000_000_000 + int(found[2]) * 1_000 + offset_ns
    told = dict(FIELD.findall(found[4]))
    try:
        if found[3] == "tcp_send_reset":
            return ResetSent(
                t_ns=t_ns, reason=told["reason"], state=state(told["state"]), local=told["src"], remote=told["dest"]
            )
        six = "6" in told["family"]
        local = endpoint(told["saddrv6" if six else "saddr"], int(told["sport"]))
        remote = endpoint(told["daddrv6" if six else "daddr"], int(told["dport"]))
        if found[3] == "tcp_receive_reset":
            return ResetReceived(t_ns=t_ns, state="UNKNOWN", local=local, remote=remote)
        if told.get("protocol") != "IPPROTO_TCP":
            return None
        if found[3] == "inet_sock_set_state":
            return StateChange(
                t_ns=t_ns, old=state(told["oldstate"]), new=state(told["newstate"]), local=local, remote=remote
            )
        if found[3] == "inet_sk_error_report":
            number = int(told["error"])
            name = errno.errorcode.get(number, f"errno {number}")
            return SocketError(t_ns=t_ns, errno=name, local=local, remote=remote)
    except (KeyError, ValueError):
        return None
    return None


def sweep(tracing: Path = TRACING) -> list[str]:
    """Remove the instances that recorders left which are gone; those in use are busy and stay. Their names."""
    gone = []
    for one in tracing.glob(f"instances/{PREFIX}*"):
        with contextlib.suppress(OSError):
            one.rmdir()
            gone.append(one.name)
    return gone


def _keep(life: socket.socket) -> None:
    """The keeper: makes the instance, hands its pipe over, waits for the recorder's end, removes it. Never returns."""
    status, instance, pipe = 1, None, -1
    try:
        if os.fork():  # so that the recorder has no child to wait for
            os._exit(0)
        os.setsid()  # a closing terminal or Ctrl-C does not reach it
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        os.closerange(3, life.fileno())
        os.closerange(life.fileno() + 1, 4096)
        os.chdir("/")
        quiet = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(quiet, fd)
        try:
            _mount()
            # One at a time: another's sweep must not come before an instance is in use.
            turn = os.open(TRACING, os.O_RDONLY)
            fcntl.flock(turn, fcntl.LOCK_EX)
            sweep()
            instance = TRACING / "instances" / f"{PREFIX}{os.getpid()}-{time.monotonic_ns():x}"
            pipe = _instance(instance)
            os.close(turn)
        except OSError as error:
            life.send(f"{error.errno or errno.EIO} {error.strerror}: {error.filename or TRACING}".encode())
            raise
        socket.send_fds(life, [b"trace"], [pipe])
        os.close(pipe)
        pipe = -1
        life.recv(1)  # returns when the last copy of the other end is closed
        status = 0
    finally:
        if pipe >= 0:  # the recorder was gone before it could be handed over
            os.close(pipe)
        if instance is not None:
            # Nothing is written to it any more: were it swept at this moment, the kernel could take the next one made
            # for it, which may lie at the same place in memory, and switch that off.
            for _ in range(200):
                try:
                    instance.rmdir()
                except FileNotFoundError:
                    break
                except OSError:  # busy: the laboratory is still dying
                    time.sleep(0.02)
                else:
                    break
        os._exit(status)


def _mount() -> None:
    """See to it that tracefs is there, for this process alone."""
    if (TRACING / "instances").is_dir():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if (
        libc.unshare(CLONE_NEWNS)
        or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None)
        or libc.mount(b"tracefs", bytes(TRACING), b"tracefs", 0, None)
    ):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(TRACING))


def _instance(instance: Path) -> int:
    """Set the events up in an instance of their own; its pipe, which does not block."""
    instance.mkdir()
    (instance / "trace_clock").write_text("mono")
    (instance / "buffer_size_kb").write_text("1024")
    with contextlib.suppress(OSError):
        (instance / "buffer_percent").write_text("0")  # wake the reader for one event
    for event in EVENTS:
        (instance / "events" / event / "enable").write_text("1")
    return os.open(instance / "trace_pipe", os.O_RDONLY | os.O_NONBLOCK)
