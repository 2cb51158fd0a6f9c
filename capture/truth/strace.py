"""System calls from a log of strace: any program's calls on its TCP connections, as it made them.

    strace -f -ttt -T -yy -e trace=%network,%desc -o LOG PROGRAM

`-ttt` is needed: wall-clock time, as packets have. `-yy` says which connection a descriptor is; without it, connect,
accept and getsockname do. `-T` says when a call returned; without it, it had returned by the process's next line. A
line that says nothing of a TCP socket is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

from ..facts import Argument, Call, Exit, Fact, Source, endpoint
from .calls import UNTRIED, text_of

NAME = "strace"

LONGEST = 1 << 16  # characters of a line that are looked at
SOON_NS = 500_000  # a call that does not wait returns as soon as that
OWN_NS = 2_000_000  # between the time that is shown and the call strace looks around, for -yy: at most so long
PARENTHESES = 16  # that may stand in what follows a result
WORD = 64  # characters of an argument's name
UNKNOWN = 10_000  # lines that are no calls, after which it is no log of strace

LINE = re.compile(
    r"(?:\[pid +(?P<inner>\d{1,9})(?:<[^>]*>)?\] +|(?P<outer>\d{1,9})(?:<(?P<comm>[^>]{1,64})>)? +)?"
    r"(?P<time>\d{1,11}\.\d{1,9}) (?P<rest>.*)"
)
CLOCKS = re.compile(r"(?:\[pid +\d+\] +|\d+ +)?\d\d:\d\d:\d\d(?:\.\d+)? \w+\(")
BEGIN = re.compile(r"(\w+)\((.*?)(?: <unfinished \.\.\.>)?$", re.DOTALL)
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)", re.DOTALL)
RESULT = re.compile(
    r"\) += (-?\d{1,18}|0x[0-9a-f]{1,16}|\?)(<[^>]*(?:->[^>]*)?>)?(?: (E[A-Z0-9]+))?(?: \((.*?)\))?"
    r"(?: <(\d{1,9}\.\d{1,9})>)?$"
)
SOCKET = re.compile(r"^(\d{1,9})(?:<(TCP|TCPv6):\[(.*)\]>)?")
PORT, ADDRESS = (
    re.compile(r"sin6?_port=htons\((\d{1,5})\)"),
    re.compile(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"'),
)
ENDED = re.compile(r"\+\+\+ (?:exited with (\d{1,9})|killed by (SIG\w+)(?: \(core dumped\))?) \+\+\+")
SIGNAL = re.compile(r"--- (SIG\w+) ")
NUMBER = re.compile(r"-?\d{1,18}")

READS = {"read": 2, "recv": 2, "recvfrom": 2, "pread64": 2}
WRITES = {"write": 2, "send": 2, "sendto": 2}
VECTORS = ("readv", "writev", "recvmsg", "sendmsg")
SAME = {"RDNORM": "IN", "WRNORM": "OUT"}
RESTARTS = ("ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK")
WAITS = frozenset(("read", "recv", "recvfrom", "readv", "recvmsg", "accept", "accept4", "connect", "poll", "ppoll",
                   "select", "pselect6", "epoll_wait", "epoll_pwait"))  # fmt: skip


class StraceError(ValueError):
    """A file that is no log of strace with the times that are needed: one line says what is missing."""


@dataclass
class Open:
    """A descriptor of one process, as far as the log has told."""

    local: str | None = None
    remote: str | None = None
    tcp: bool = False


@dataclass
class Begun:
    """A call that has begun and not yet returned."""

    name: str
    arguments: str
    t_ns: int


@dataclass
class _Process:
    name: str
    pid: int
    open: dict[int, Open] = field(default_factory=dict)
    begun: Begun | None = None
    restarts: Begun | None = None
    unended: dict[int, int | None] = field(default_factory=dict)  # places of calls whose end the next line tells; -T
    last: int | None = None  # place of the last call
    polled: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)  # epoll: (fd, data) -> fd, events


def split(text: str) -> list[str]:
    """The arguments of a call: at commas that stand in no string and no bracket."""
    found: list[str] = []
    depth, start, at, quoted = 0, 0, 0, False
    while at < len(text):
        one = text[at]
        if quoted:
            if one == "\\":
                at += 1
            elif one == '"':
                quoted = False
        elif one == '"':
            quoted = True
        elif one in "([{<":
            depth += 1
        elif one in ")]}" or (one == ">" and text[at - 1] != "-"):
            depth -= 1
        elif one == "," and depth <= 0:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    last = text[start:].strip()
    return [*found, last] if last or found else []


def canonical(text: str) -> str:
    """`[::ffff:10.0.0.1]:80` as the packets have it: 10.0.0.1:80."""
    host, _, port = text.rpartition(":")
    try:
        address: Any = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return endpoint(str(address), int(port)) if re.fullmatch(r"\d{1,5}", port) else text


def socket_of(argument: str) -> tuple[int | None, Open | None]:
    """A descriptor as -yy writes it, 3<TCP:[10.0.0.1:40136->10.0.0.2:80]>: its number, and its ends if named."""
    found = SOCKET.match(argument)
    if not found:
        return None, None
    if not found[2]:
        return int(found[1]), None
    local, _, remote = found[3].partition("->")
    named = ":" in local
    return int(found[1]), Open(canonical(local) if named else None, canonical(remote) if remote else None, True)


def result_of(text: str) -> re.Match[str] | None:
    """The end of a line, `) = 5 (...)`: the last that is one, for strings may hold others."""
    at = len(text)
    for _ in range(PARENTHESES):
        at = text.rfind(")", 0, at)
        if at < 0:
            return None
        if found := RESULT.match(text, at):
            return found
    return None


def address_of(argument: str) -> str | None:
    """The endpoint in {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.2")}."""
    port, host = PORT.search(argument), ADDRESS.search(argument)
    return canonical(f"[{host[1]}]:{port[1]}") if port and host else None


def poll_words(text: str, prefix: str) -> str:
    """POLLIN|POLLRDNORM|POLLRDHUP as IN RDHUP: on Linux, two words each say the same of a TCP socket (tcp_poll)."""
    words = [word.removeprefix(prefix) for word in text.split("|") if word.startswith(prefix)]
    return " ".join(dict.fromkeys(SAME.get(word, word) for word in words))


class Log:
    """One log, read line by line."""

    def __init__(self, pid: int = 0) -> None:
        self.pid = pid  # of lines that name none
        self.facts: list[Call | Exit] = []
        self.processes: dict[int, _Process] = {}
        self.lines = self.understood = self.without_times = 0

    def line(self, text: str) -> None:
        """One line."""
        self.lines += 1
        found = LINE.match(text)
        if not found:
            self.without_times += bool(CLOCKS.match(text) or re.match(r"(?:\d+ +)?\w+\(.*\) += ", text))
            return
        self.understood += 1
        pid = int(found["inner"] or found["outer"] or self.pid)
        whole, _, part = found["time"].partition(".")
        t_ns = int(whole) * 10**9 + int(part[:9].ljust(9, "0"))
        process = self.processes.setdefault(pid, _Process(found["comm"] or f"pid {pid}", pid))
        rest = found["rest"]
        self.returned_by(process, t_ns)
        if ended := ENDED.match(rest):
            self.ended(process, t_ns, ended)
        elif signal := SIGNAL.match(rest):
            self.signal(process, signal[1])
        elif resumed := RESUMED.match(rest):
            begun, process.begun = process.begun, None
            if begun is None and process.restarts and resumed[1] == "restart_syscall":
                begun, process.restarts = process.restarts, None
            if begun is not None:
                self.call(process, begun, begun.arguments + resumed[2], t_ns)
        elif begin := BEGIN.match(rest):
            begun = Begun(begin[1], begin[2], t_ns)
            if process.restarts and begun.name in (process.restarts.name, "restart_syscall"):
                begun = replace(process.restarts, arguments=begun.arguments or process.restarts.arguments)
                process.restarts = None
            if rest.endswith("<unfinished ...>"):
                process.begun = begun
            else:
                self.call(process, begun, begin[2], None)

    def returned_by(self, process: _Process, t_ns: int) -> None:
        """A process that is heard again has returned from what it did before."""
        for place, took_ns in process.unended.items():
            one = self.facts[place]
            assert isinstance(one, Call)
            waited = t_ns if one.call in WAITS and one.errno != "EAGAIN" else one.t_ns + SOON_NS
            until = min(t_ns, waited if took_ns is None else one.t_ns + took_ns + OWN_NS)
            self.facts[place] = replace(one, until_ns=max(until, one.t_ns))
        process.unended.clear()

    def ended(self, process: _Process, t_ns: int, ended: re.Match[str]) -> None:
        """The process is gone: by a signal, perhaps within a call."""
        if process.begun is not None:
            self.unreturned(process, ended[2])
        status = None if ended[1] is None else int(ended[1])
        self.facts.append(Exit(t_ns=t_ns, process=process.name, pid=process.pid, status=status, signal=ended[2]))

    def unreturned(self, process: _Process, signal: str | None) -> None:
        """A call that never came back."""
        begun, process.begun = process.begun, None
        assert begun is not None
        before = len(self.facts)
        self.call(process, begun, begun.arguments + ") = ?", begun.t_ns)
        for place in range(before, len(self.facts)):
            one = self.facts[place]
            if isinstance(one, Call):
                signals = (signal,) if signal == "SIGPIPE" else ()
                self.facts[place] = replace(one, until_ns=None, result=None, signals=signals)

    def signal(self, process: _Process, name: str) -> None:
        """A signal was delivered: SIGPIPE by the write before it."""
        if name == "SIGPIPE" and process.last is not None:
            one = self.facts[process.last]
            if isinstance(one, Call) and one.errno == "EPIPE":
                self.facts[process.last] = replace(one, signals=(name,))

    def call(self, process: _Process, begun: Begun, text: str, until_ns: int | None) -> None:
        """A call has returned, or is known never to."""
        found = result_of(text)
        if not found:
            return
        result, errno = found[1], found[3]
        if errno in RESTARTS:
            process.restarts = Begun(begun.name, text[: found.start()], begun.t_ns)
            return
        took_ns = round(float(found[5]) * 1e9) if found[5] else None
        value = None if result == "?" else int(result, 16 if result.startswith("0x") else 10)
        arguments = split(text[: found.start()])
        for one in self.told(process, begun.name, arguments, value, errno, found):
            process.last = len(self.facts)
            if until_ns is None:
                process.unended[len(self.facts)] = took_ns
            self.facts.append(replace(one, t_ns=begun.t_ns, until_ns=until_ns if until_ns else begun.t_ns))

    def told(
        self, process: _Process, name: str, arguments: list[str], result: int | None, errno: str | None,
        found: re.Match[str],
    ) -> Iterator[Call]:  # fmt: skip
        """The facts of one call; none where it is about no TCP socket."""
        made = {"result": result, "errno": errno, "process": process.name, "pid": process.pid}
        if name == "socket":
            stream = "SOCK_STREAM" in "".join(arguments[1:2]) and "AF_INET" in arguments[0]
            if result is not None and result >= 0 and stream:
                process.open[result] = Open(tcp=True)
                yield _fact(name, (arguments[0], arguments[1]), **made)
            return
        if name in ("poll", "ppoll"):
            yield from self.polled(process, arguments, made, found)
            return
        if name in ("select", "pselect6"):
            yield from self.selected(process, arguments, made, found)
            return
        if name.startswith("epoll"):
            yield from self.epolled(process, name, arguments, made)
            return
        fd, shown = socket_of(arguments[0]) if arguments else (None, None)
        if fd is None:
            return
        known = process.open.get(fd)
        if shown is not None:
            if known is not None and shown.remote is None:
                shown = Open(shown.local or known.local, known.remote, True)
            known = process.open[fd] = shown
        if known is None or not known.tcp:
            return
        if one := self.on_socket(process, name, fd, known, arguments, made, found):
            yield one

    def on_socket(
        self, process: _Process, name: str, fd: int, known: Open, arguments: list[str], made: dict[str, Any],
        found: re.Match[str],
    ) -> Call | None:  # fmt: skip
        """A call on a descriptor that is a TCP socket."""
        ends: dict[str, Any] = {"fd": fd, "local": known.local, "remote": known.remote}
        flags = tuple(one.replace("|", " ") for one in arguments[3:] if one.startswith("MSG_"))
        if name in READS or name in WRITES:
            size = int(arguments[2]) if len(arguments) > 2 and NUMBER.fullmatch(arguments[2]) else 0
            says = "EOF" if name in READS and made["result"] == 0 and size else None
            return _fact(name, (fd, size, *flags), says=says, **made, **ends)
        if name in VECTORS:
            size = sum(int(one) for one in re.findall(r"iov_len=(\d{1,12})", str(arguments)))
            says = "EOF" if name in ("readv", "recvmsg") and made["result"] == 0 and size else None
            flags = tuple(one.replace("|", " ") for one in arguments[2:] if one.startswith("MSG_"))
            return _fact(name, (fd, size, *flags), says=says, **made, **ends)
        if name == "connect":
            where = "AF_UNSPEC" if "AF_UNSPEC" in str(arguments) else address_of("".join(arguments[1:2]))
            if made.get("errno") in UNTRIED:
                return _fact(name, (fd, where), **made, **ends)
            known.remote = where if where != "AF_UNSPEC" else known.remote
            return _fact(name, (fd, where), **made, fd=fd, local=known.local, remote=where or known.remote)
        if name in ("accept", "accept4"):
            _, new = socket_of(f"{made['result']}{found[2] or ''}")
            remote = address_of(arguments[1]) if len(arguments) > 1 else None
            new = new or Open(known.local, remote, True)
            if made["result"] is not None and made["result"] >= 0:
                process.open[made["result"]] = new
                ends = {"fd": fd, "local": new.local, "remote": new.remote or remote}
            words = tuple(one for one in arguments[3:] if one.startswith("SOCK_"))
            return _fact("accept", (fd, *words), **made, **ends)
        if name in ("getsockname", "bind"):
            if made["errno"] is None and (local := address_of("".join(arguments[1:2]))):
                known.local = known.local or local
            return _fact(name, (fd, known.local), **made, **(ends | {"local": known.local})) if name == "bind" else None
        return self.setting(process, name, fd, arguments, made, ends)

    def setting(
        self, process: _Process, name: str, fd: int, arguments: list[str], made: dict[str, Any], ends: dict[str, Any]
    ) -> Call | None:
        """Options, flags, shutdown, close."""
        rest: tuple[Argument, ...] = ()
        says = None
        if name == "setsockopt" and len(arguments) > 3:
            values = [int(one) for one in NUMBER.findall(arguments[3]) if abs(int(one)) < 1 << 31]
            option = arguments[2].removesuffix("_OLD").removesuffix("_NEW")
            if "TIMEO" in option and len(values) > 1:
                values = [values[0] * 1000 + values[1] // 1000]
            rest = (option, *values[:2])
        elif name == "getsockopt" and len(arguments) > 3:
            value = arguments[3].strip("[]")
            rest, says = (arguments[2],), f"{arguments[2]} = {value}" if made["errno"] is None else None
        elif name == "fcntl" and len(arguments) > 1:
            rest = (arguments[1], *(one.replace("|", " ") for one in arguments[2:]))
        elif name == "ioctl" and "FIONBIO" in arguments:
            rest = ("FIONBIO", *(int(one) for one in NUMBER.findall(str(arguments[2:]))))
        elif name == "shutdown" and len(arguments) > 1:
            rest = (re.sub(r".*(SHUT_\w+).*", r"\1", arguments[1]),)
        elif name == "listen":
            rest = tuple(int(one) for one in arguments[1:2] if NUMBER.fullmatch(one))
        elif name == "close":
            process.open.pop(fd, None)
        else:
            return None
        return _fact(name, (fd, *rest), says=says, **made, **ends)

    def polled(
        self, process: _Process, arguments: list[str], made: dict[str, Any], found: re.Match[str]
    ) -> Iterator[Call]:
        """poll: one fact for each TCP socket in its set."""
        timeout = int(arguments[2]) if len(arguments) > 2 and NUMBER.fullmatch(arguments[2]) else -1
        if len(arguments) > 2 and arguments[2].startswith("{"):
            seconds = re.search(r"tv_sec=(\d{1,12}), tv_nsec=(\d{1,9})", arguments[2])
            timeout = int(seconds[1]) * 1000 + int(seconds[2]) // 10**6 if seconds else -1
        came = dict(re.findall(r"\{fd=(\d{1,9})(?:<[^}]*?>)?, revents=([A-Z|]+)\}", found[4] or ""))
        for item in re.findall(r"\{fd=(\d{1,9}(?:<[^}]*?>)?), events=([A-Z|0]+)\}", arguments[0] if arguments else ""):
            fd, ends = self.socket(process, item[0])
            if ends is not None:
                wanted = poll_words(item[1], "POLL")
                says = None if made["errno"] else poll_words(came.get(str(fd), ""), "POLL") or "nothing"
                yield _fact("poll", (fd, wanted, timeout), says=says, **made, **ends)

    def selected(
        self, process: _Process, arguments: list[str], made: dict[str, Any], found: re.Match[str]
    ) -> Iterator[Call]:
        """select: one fact for each TCP socket in its sets."""
        seconds = re.search(r"tv_sec=(\d{1,12}), tv_(?:u|n)sec=(\d{1,9})", arguments[4]) if len(arguments) > 4 else None
        timeout = int(seconds[1]) * 1000 if seconds else -1
        wanted: dict[str, list[str]] = {}
        for words, given in (("IN", arguments[1:2]), ("OUT", arguments[2:3])):
            for one in (
                re.findall(r"\d{1,9}(?:<(?:[^>]|(?<=-)>)*>)?", str(given)) if given and given[0] != "NULL" else []
            ):
                wanted.setdefault(one, []).append(words)
        ready = {
            "IN": re.search(r"in \[([^\]]*)\]", found[4] or ""),
            "OUT": re.search(r"out \[([^\]]*)\]", found[4] or ""),
        }
        for one, asked in wanted.items():
            fd, ends = self.socket(process, one)
            if ends is not None:
                came = [word for word, text in ready.items() if text and str(fd) in re.findall(r"\d+", text[1])]
                says = None if made["errno"] else " ".join(came) or "nothing"
                yield _fact("select", (fd, " ".join(asked), timeout), says=says, **made, **ends)

    def epolled(self, process: _Process, name: str, arguments: list[str], made: dict[str, Any]) -> Iterator[Call]:
        """epoll: what each TCP socket was asked for, and what came of it."""
        whole = ", ".join(arguments)
        epoll = socket_of(arguments[0])[0] if arguments else None
        if epoll is None:
            return
        if name == "epoll_ctl":
            if len(arguments) < 3:
                return
            asked = re.search(r"events=([A-Z|0]+), data=\{u32=(\d{1,10})", whole)
            fd, ends = self.socket(process, arguments[2])
            if asked and ends is not None:
                process.polled[epoll, asked[2]] = fd, asked[1]
            return
        timeout = next((int(one) for one in reversed(arguments) if NUMBER.fullmatch(one)), -1)
        for events, data in re.findall(r"\{events=([A-Z|]+), data=\{u32=(\d{1,10})", whole):
            fd, asked_for = process.polled.get((epoll, data), (int(data), ""))
            fd, ends = self.socket(process, str(fd))
            if ends is not None:
                says = poll_words(events, "EPOLL")
                wanted: tuple[Argument, ...] = (poll_words(asked_for, "EPOLL"), timeout) if asked_for else ()
                if "EPOLLET" in asked_for or "EPOLLONESHOT" in asked_for:
                    wanted = ()  # what it says then is what is new
                yield _fact("epoll_wait", (fd, *wanted), says=says, **made, **ends)

    def socket(self, process: _Process, shown: str) -> tuple[int, dict[str, Any] | None]:
        """A descriptor in a set, and its ends if it is a TCP socket."""
        fd, ends = socket_of(shown)
        if fd is not None and ends is not None and ends.remote:
            process.open[fd] = ends
        known = ends or process.open.get(fd if fd is not None else -1)
        if fd is None or known is None or not known.tcp:
            return -1 if fd is None else fd, None
        return fd, {"fd": fd, "local": known.local, "remote": known.remote}

    def finish(self) -> list[Call | Exit]:
        """All facts by time: what is still open never returned; connects know their own end by what came after."""
        for process in self.processes.values():
            if process.begun is not None:
                self.unreturned(process, None)
        self.facts.sort(key=lambda one: one.t_ns)
        local: dict[tuple[int, int], tuple[str, str]] = {}
        for place in reversed(range(len(self.facts))):
            one = self.facts[place]
            if not isinstance(one, Call) or one.fd is None:
                continue
            key = one.pid, one.fd
            if one.call in ("close", "socket"):
                local.pop(key, None)
            if one.local and one.remote and one.call != "accept":
                local[key] = one.local, one.remote
            elif one.call == "connect" and not one.local and local.get(key, ("", ""))[1] == one.remote:
                self.facts[place] = replace(one, local=local[key][0])
        return self.facts


def _fact(name: str, arguments: tuple[Any, ...], **told: Any) -> Call:
    """A call with the text that a person reads; its times come later."""
    arguments = tuple(one[:WORD] if isinstance(one, str) else one for one in arguments)
    if isinstance(told.get("says"), str):
        told["says"] = told["says"][:WORD]
    shown = tuple(f"{one:,} bytes" if i == 1 and name in WRITES and isinstance(one, int) else one
                  for i, one in enumerate(arguments))  # fmt: skip
    return Call(t_ns=0, until_ns=0, call=name, text=text_of(name, shown), arguments=arguments, **told)


def read(path: str | Path) -> list[Fact]:
    """The facts of a log, by time. Raises OSError; StraceError where it is none, or has not the times of -ttt.

    A log of `strace -ff` is one file for each process, LOG.PID.
    """
    path = Path(path)
    log = Log(int(path.suffix[1:]) if path.suffix[1:].isdigit() else 0)
    with path.open(encoding="utf-8", errors="replace") as file:
        while text := file.readline(LONGEST):
            log.line(text.rstrip("\n"))
            if not log.understood and log.lines > UNKNOWN:
                break
    if not log.understood:
        if log.without_times:
            raise StraceError(f"{path}: its times are not wall-clock times: record it with strace -f -ttt -yy")
        raise StraceError(f"{path}: no log of strace -f -ttt -yy")
    facts: list[Fact] = list(log.finish())
    first = facts[0].t_ns if facts else 0
    return [Source(t_ns=first, name=NAME, available=True), *facts]
