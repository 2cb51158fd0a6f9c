"""What programs and kernels said (capture/facts.py), joined to the connections that it is about.

A fact belongs to the connection between its two endpoints; where endpoints were used again, to the one of its time. The
kernel's record of a RST is joined to the packet by order and nearest time. Where kernel and packets disagree the kernel
wins, and a note says so.

An event that is missing proves something only where that kernel was listened to, and the socket was one that reports:
in SYN_RCVD and TIME_WAIT a kernel takes an exact RST without a word.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from ..capture import facts
from ..capture.table import CaptureError
from .proxies import ACCEPTS, Proxies
from .story import FIN, Call, Connection, Endpoint, Exit, KernelEvent, Recorded, Reset, Segment, Side, Step

SKEW_NS = 100_000  # a kernel's event and its packet are stamped at different places
NEAR_NS = 2_000_000  # at most that far apart, on top of the way between them
LATE_NS = 100_000_000  # how long a packet may wait for a wire in user space, on a machine with much to do
MOST_LAGS = 200
#: Reasons of tcp_send_active_reset.
GIVES_UP = frozenset(
    (
        "TCP_STATE",
        "TCP_ABORT_ON_CLOSE",
        "TCP_ABORT_ON_LINGER",
        "TCP_DISCONNECT_WITH_DATA",
        "TCP_KEEPALIVE_TIMEOUT",
        "TCP_ABORT_ON_MEMORY",
    )
)
DELIVERED_NS = 20_000_000  # a packet that was captured may wait so long for its socket
AROUND_NS = 1_000_000_000  # a step so close to a connection is told with it
LIVE = frozenset(("SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK"))
MAKES = ("socket", *ACCEPTS)
CLOSES = ("close", "shutdown")
SETTINGS = frozenset(("fcntl", "setsockopt", "ioctl"))  # what they do to a descriptor decides what its calls return
SETTING = re.compile(r"\w+: sysctl ")  # a step that holds from then on
WILDCARDS = ("0.0.0.0", "[::]")

Kernel = facts.ResetSent | facts.ResetReceived | facts.StateChange | facts.SocketError
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Folder:
    """One recording among the paths: its packets, and what it can prove of them."""

    packets: str
    hosts: frozenset[str]  # whose kernels told every RST that they sent
    server: bool  # the server's end was captured, too


@dataclass
class Beside:
    """The facts of the recordings among the paths of one capture."""

    facts: list[facts.Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    recorded: Recorded | None = None
    folders: list[Folder] = field(default_factory=list)
    logs: bool = False  # of strace or the kernel, too, which belong to no recording
    server: list[str] = field(default_factory=list)  # the captures at the server's end, by the same clock
    complete: bool = True  # no recording was interrupted, and no packet dropped


def opened(paths: Sequence[str]) -> tuple[tuple[str, ...], Beside | None]:
    """A recording's folder stands for its packets: the files to read, and what was said beside them.

    Raises OSError, CaptureError for a folder that is none.
    """
    from ..capture import recording

    files: list[str] = []
    beside: Beside | None = None
    for path in paths:
        if path == "-" or not os.path.isdir(path):  # noqa: PTH112 -- also called for every plain file
            files.append(path)
            continue
        if not (Path(path) / recording.PACKETS).is_file():
            raise CaptureError(f"{path}: a directory, and no recording: it holds no {recording.PACKETS}")
        one = recording.read(path)
        files.append(str(one.packets))
        server = one.server
        beside = beside or Beside()
        beside.server += [] if server is None else [str(server)]
        beside.facts += one.truth.facts
        beside.notes += one.truth.notes
        sources = {fact.name: fact for fact in one.truth.facts if isinstance(fact, facts.Source)}
        beside.notes += [f"{name}: {source.why}" for name, source in sources.items() if source.why]
        beside.complete &= one.description.ended == "complete" and not one.description.dropped
        if one.description.ended == "interrupted":
            beside.notes.append("the recording was interrupted")
        kernel = one.description.kernel
        tracefs = sources.get("tracefs")
        told = tracefs and tracefs.available and one.description.ended == "complete" and tells_active_resets(kernel)
        hosts = frozenset(one.description.hosts if told else ())
        beside.folders.append(Folder(str(one.packets), hosts, server is not None))
        beside.recorded = beside.recorded or Recorded(
            name=one.description.name,
            title=one.description.title,
            kernel=kernel.partition("-")[0],
            sources=tuple(name for name, source in sources.items() if source.available),
            wire=one.description.wire,
        )
    if beside is not None:
        beside.facts.sort(key=lambda fact: fact.t_ns)
    return tuple(files), beside


def tells_active_resets(kernel: str) -> bool:
    """Whether `Linux 6.18.44` reports also the RSTs that a socket decides on: since 6.12."""
    found = re.match(r"Linux (\d+)\.(\d+)", kernel)
    return bool(found) and (int(found[1]), int(found[2])) >= (6, 12) if found else False


class Joining:
    """The facts beside one scanned capture, ready to be asked for by connection."""

    def __init__(
        self, beside: Beside, begun: Iterable[tuple[str, str, int]], of: Mapping[int, Folder] | None = None
    ) -> None:
        """`begun`: both endpoints of each connection of the capture, and when it began.

        `of`: whose each connection is, by number, where other captures were read with a recording.
        """
        self.recorded = beside.recorded
        self.notes = tuple(beside.notes)
        self._folder = beside.folders[0] if beside.folders else None
        self._folders = of
        self._logs = beside.logs
        self.steps = [fact for fact in beside.facts if isinstance(fact, facts.Step)]
        self._of: dict[Pair, list[facts.Call | Kernel]] = {}
        self._listening: dict[str, list[facts.Call]] = {}
        self._unbound: dict[str, list[facts.Call]] = {}  # by remote: a failed connect took the address back
        self._exits = [fact for fact in beside.facts if isinstance(fact, facts.Exit)]
        self._processes: dict[tuple[str, int], list[facts.Call]] = {}
        for fact in beside.facts:
            if isinstance(fact, facts.Call):
                self._processes.setdefault((fact.process, fact.pid), []).append(fact)
                if fact.remote == "AF_UNSPEC" and (before := self._before(fact)):
                    self._of[before].append(fact)  # taken out of the connection between these
                elif fact.local and fact.remote:
                    self._of.setdefault((fact.local, fact.remote), []).append(fact)
                elif fact.call == "bind" and fact.errno == "EADDRINUSE" and fact.local is None:
                    self._listening.setdefault(str(fact.arguments[1]), []).append(fact)  # where it wanted to listen
                elif fact.local:
                    self._listening.setdefault(fact.local, []).append(fact)
                elif fact.remote:
                    self._unbound.setdefault(fact.remote, []).append(fact)
            elif isinstance(fact, Kernel):
                self._of.setdefault((fact.local, fact.remote), []).append(fact)
        self._earlier = self._set_before()
        self._before_it: dict[Pair, str] = {}  # a socket's endpoints -> the address that it had before, and ...
        self._after_it: dict[Pair, str] = {}  # ... after
        self._reconnected()
        self._proxies = Proxies(self._processes)
        self._with_packets = {
            _pair(*ends)
            for ends, told in self._of.items()
            if self.recorded is not None or any(isinstance(fact, facts.Call) for fact in told)
        }
        self._begun: dict[Pair, list[int]] = {}  # when connections between these endpoints began
        pairs = {_pair(*pair) for pair in self._of}
        for one, other, first_ns in begun:
            if (pair := _pair(one, other)) in pairs:
                self._begun.setdefault(pair, []).append(first_ns)
        for times in self._begun.values():
            times.sort()

    def _before(self, call: facts.Call) -> Pair | None:
        """The endpoints of the last call before on the same descriptor."""
        for fact in reversed(self._processes[call.process, call.pid]):
            if fact.fd == call.fd and fact.local and fact.remote and fact.remote != call.remote:
                return fact.local, fact.remote
        return None

    def _reconnected(self) -> None:
        """Give a socket that is connected anew its SYN_SENT: reported before it had a port, under its old address."""
        for told in self._processes.values():
            had: dict[int | None, str] = {}
            for fact in told:
                if fact.call == "close":
                    had.pop(fact.fd, None)
                elif fact.local and fact.remote:
                    old = had.get(fact.fd, fact.local), fact.remote
                    if fact.call == "connect" and old[0] != fact.local and old in self._of:
                        mine = [one for one in self._of[old] if _sends_syn(one, fact)]
                        self._of[old] = [one for one in self._of[old] if one not in mine]
                        self._of[fact.local, fact.remote] += mine
                        self._before_it[fact.local, fact.remote], self._after_it[old] = old[0], fact.local
                    had[fact.fd] = fact.local

    def _set_before(self) -> dict[tuple[str, int, int], list[facts.Call]]:
        """What was done to a socket that had no address yet: by process, and by when the socket then got its address.

        Options that were set; and its making, where its descriptor had been another socket's, that was closed.
        """
        found: dict[tuple[str, int, int], list[facts.Call]] = {}
        for (process, pid), told in self._processes.items():
            next_ns: dict[int | None, int] = {}  # by descriptor
            made: list[tuple[facts.Call, int]] = []
            for fact in reversed(told):
                if fact.call in MAKES:
                    at = next_ns.pop(fact.result, None)
                    if fact.call == "socket" and at is not None:
                        made.append((fact, at))
                if fact.call in ("setsockopt", "fcntl") and not fact.local and not fact.remote:
                    if fact.fd in next_ns:
                        found.setdefault((process, pid, next_ns[fact.fd]), []).append(fact)
                elif fact.fd is not None:
                    next_ns[fact.fd] = fact.t_ns
                if fact.call == "close":
                    again = [(one, at) for one, at in made if one.result == fact.fd]
                    made = [one for one in made if one not in again]
                    for one, at in again:
                        found.setdefault((process, pid, at), []).append(one)
        return found

    def _with_options(self, side: Side, told: Iterable[facts.Call], *, on_listener: bool = False) -> Iterator[Call]:
        """These calls, and the options that were set before the first of them."""
        for fact in told:
            for earlier in (*self._earlier.get((fact.process, fact.pid, fact.t_ns), ()), fact):
                yield _call(side, earlier, on_listener=on_listener)

    def join(self, connection: Connection) -> Connection:
        """The connection with all that was said of it; its RSTs as the kernels know them."""
        folder = self._folder if self._folders is None else self._folders.get(connection.number)
        if self._folders is not None and folder is None and not self._logs:
            return connection
        client, server = str(connection.client), str(connection.server)
        of: dict[Side, list[facts.Call | Kernel]] = {
            "client": [fact for fact in self._of.get((client, server), ()) if self._its(connection, fact)],
            "server": [fact for fact in self._of.get((server, client), ()) if self._its(connection, fact)],
        }
        calls: list[Call] = []
        kernel: list[KernelEvent] = []
        for side, told in of.items():
            calls += self._with_options(side, (fact for fact in told if isinstance(fact, facts.Call)))
            kernel += [_event(side, fact) for fact in told if not isinstance(fact, facts.Call)]
        unbound = self._unbound.get(server, ())
        began = (f for f in unbound if f.t_ns <= connection.first_ns <= (f.until_ns or connection.first_ns))
        calls += self._with_options("client", (fact for fact in began if fact.call == "connect"))
        own = {(fact.process, fact.pid) for fact in of["client"] if isinstance(fact, facts.Call)}
        failed = (
            fact for fact in unbound
            if fact.errno == "EADDRNOTAVAIL" and (fact.process, fact.pid) in own and fact.t_ns > connection.first_ns
        )  # fmt: skip
        calls += self._with_options("client", failed)  # this connection has the only port that it may use
        accepts = [fact for fact in of["server"] if isinstance(fact, facts.Call) and fact.call == "accept"]
        calls += self._with_options("server", self._listener(connection, accepts), on_listener=True)
        taken = (fact for fact in self._listening.get(client, ()) if _wants_address(fact, connection))
        calls += self._with_options("client", taken, on_listener=True)
        calls += self._dispositions(calls)
        calls.sort(key=lambda call: call.t_ns)
        kernel.sort(key=lambda event: event.t_ns)
        owners = {(call.process, call.pid): call.side for call in calls}
        exits = tuple(
            Exit(owners[fact.process, fact.pid], fact.t_ns, fact.process, fact.pid, fact.status, fact.signal)
            for fact in self._exits
            if (fact.process, fact.pid) in owners
        )
        last = max([connection.last_ns, *(call.until_ns or call.t_ns for call in calls)])
        begun = self._begun.get(_pair(client, server), ())
        steps = tuple(
            Step(fact.t_ns, fact.text, earlier=any(fact.t_ns < t_ns < connection.first_ns for t_ns in begun))
            for fact in self.steps
            if connection.first_ns - AROUND_NS <= fact.t_ns <= last + AROUND_NS
            or (SETTING.match(fact.text) and fact.t_ns < connection.first_ns)
        )
        way_ns = connection.handshake_rtt_ns or 0
        kernel = _hand_overs(kernel)
        kernel, resets = _resets_sent(connection.resets, kernel, way_ns)
        kernel, resets, notes = _resets_received(resets, kernel, way_ns, "tracefs" in self._sources())
        ends: tuple[tuple[Side, Endpoint], ...] = (("client", connection.client), ("server", connection.server))
        silent = [
            side
            for side, end in ends
            if folder is not None
            and end.address in folder.hosts
            and not any(e.kind == "reset-sent" and e.side == side and e.frame is None for e in kernel)
        ]
        resets = tuple(
            replace(reset, forged=True) if reset.sender in silent and reset.kernel_reason is None else reset
            for reset in resets
        )
        own_ends: tuple[tuple[Side, Pair], ...] = (("client", (client, server)), ("server", (server, client)))
        once = len(begun) < 2  # else nothing says which of these had the socket
        joined = replace(
            connection,
            socket_before=next(
                ((side, self._before_it[pair]) for side, pair in own_ends if once and pair in self._before_it), None
            ),
            socket_after=next(
                ((side, self._after_it[pair]) for side, pair in own_ends if once and pair in self._after_it), None
            ),
            resets=resets,
            notes=connection.notes + notes,
            calls=tuple(calls),
            exits=exits,
            kernel=tuple(kernel),
            steps=steps,
            failed_elsewhere=self._failed_elsewhere(connection, calls),
        )
        return ended(joined) if notes or any(reset.forged for reset in resets) else joined

    def _dispositions(self, calls: Sequence[Call]) -> list[Call]:
        """What the connection's processes did about signals before their last call on it: SIGPIPE comes of a write."""
        owners = {(call.process, call.pid): (call.side, call.t_ns) for call in sorted(calls, key=lambda one: one.t_ns)}
        return [
            _call(side, fact)
            for process, (side, last_ns) in owners.items()
            for fact in self._processes.get(process, ())
            if fact.call == "signal" and fact.t_ns < last_ns
        ]

    def _failed_elsewhere(self, connection: Connection, calls: list[Call]) -> tuple[Side, str, Call] | None:
        """The call on its other connection that failed before a proxy closed this one: proxies.py."""
        ends = str(connection.client), str(connection.server)
        for close in (call for call in calls if call.call in CLOSES and not call.on_listener):
            failed = self._proxies.failed((close.process, close.pid), *ends, connection.first_ns, close.t_ns)
            if failed is not None:
                return close.side, failed.remote or "", _call(close.side, failed)
        return None

    def needs_packets(self, one: str, other: str) -> bool:
        """Whether a connection between these two is told with its packets: a program's calls of it, or a recording."""
        return _pair(one, other) in self._with_packets or one in self._unbound or other in self._unbound

    def settings(self, connection: Connection) -> Iterator[tuple[Side, Call]]:
        """The calls that set the descriptors of a joined connection, also those from before it had an address."""
        spans: dict[tuple[Side, str, int, int | None], tuple[int, int]] = {}
        for one in connection.calls:
            if not one.on_listener:
                fd = one.result if one.call in ACCEPTS else one.fd
                first, _ = spans.get((one.side, one.process, one.pid, fd), (one.t_ns, 0))
                spans[one.side, one.process, one.pid, fd] = first, one.t_ns
        for (side, process, pid, fd), (first, last) in spans.items():
            own = self._processes.get((process, pid), [])
            begins = [f for f in own if f.t_ns <= first and _begins(f, fd)]
            begun = begins[-1].t_ns if begins else 0
            for fact in own:
                its = fact is begins[-1] if begins else False
                if fd is not None and begun <= fact.t_ns <= last and (its or _sets(fact, fd)):
                    yield side, _call(side, fact)

    def _sources(self) -> tuple[str, ...]:
        return self.recorded.sources if self.recorded else ()

    def _its(self, connection: Connection, fact: facts.Call | Kernel) -> bool:
        """Whether the fact is of this connection, not of another one between the same endpoints."""
        times = self._begun.get(_pair(str(connection.client), str(connection.server)), [])
        if len(times) < 2:
            return True
        at = fact.t_ns + SKEW_NS
        if isinstance(fact, facts.Call) and fact.call == "connect":  # it begins before the SYN
            at = fact.until_ns if fact.until_ns is not None else times[min(bisect_right(times, at), len(times) - 1)]
        number = max(0, bisect_right(times, at) - 1)
        return times[number] == connection.first_ns

    def _listener(self, connection: Connection, accepts: Sequence[facts.Call]) -> Iterator[facts.Call]:
        """The calls on the listening socket: the one that it was accepted from, else all that listen there.

        Also those that wanted its address later, while the connection may still have held it.
        """
        own = {(fact.process, fact.pid, fact.fd) for fact in accepts}
        server = str(connection.server)
        port = server.rpartition(":")[2]
        for local in (server, *(f"{any_address}:{port}" for any_address in WILDCARDS)):
            for fact in self._listening.get(local, ()):
                if not own or (fact.process, fact.pid, fact.fd) in own or _wants_address(fact, connection):
                    yield fact


def _sends_syn(fact: facts.Call | Kernel, connect: facts.Call) -> bool:
    """Whether it is the change to SYN_SENT that this call made."""
    if not isinstance(fact, facts.StateChange) or fact.new != "SYN_SENT":
        return False
    return connect.t_ns <= fact.t_ns <= (connect.until_ns or fact.t_ns)


def _wants_address(fact: facts.Call, connection: Connection) -> bool:
    """Whether a socket was to get an address that the connection had used before."""
    return fact.call == "bind" and fact.t_ns > connection.first_ns


def _begins(fact: facts.Call, fd: int | None) -> bool:
    """Whether the descriptor is another one from here on."""
    return (fact.call in MAKES and fact.result == fd) or (fact.call == "close" and fact.fd == fd)


def _sets(fact: facts.Call, fd: int) -> bool:
    return fact.call in SETTINGS and fact.fd == fd


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _call(side: Side, fact: facts.Call, *, on_listener: bool = False) -> Call:
    return Call(
        side=side,
        t_ns=fact.t_ns,
        until_ns=fact.until_ns,
        process=fact.process,
        pid=fact.pid,
        call=fact.call,
        text=fact.text,
        result=fact.result,
        errno=fact.errno,
        says=fact.says,
        signals=fact.signals,
        on_listener=on_listener,
        fd=fact.fd,
        arguments=fact.arguments,
    )


def _event(side: Side, fact: Kernel) -> KernelEvent:
    if isinstance(fact, facts.ResetSent):
        return KernelEvent(side, fact.t_ns, "reset-sent", state=fact.state, reason=fact.reason)
    if isinstance(fact, facts.ResetReceived):
        return KernelEvent(side, fact.t_ns, "reset-received", state=fact.state)
    if isinstance(fact, facts.StateChange):
        return KernelEvent(side, fact.t_ns, "state", state=fact.new, before=fact.old)
    return KernelEvent(side, fact.t_ns, "error", errno=fact.errno)


def _hand_overs(kernel: list[KernelEvent]) -> list[KernelEvent]:
    """Mark the changes to CLOSED that end no connection: a socket whose FIN is acknowledged leaves a minisocket.

    Linux (tcp_time_wait) then frees the socket and reports CLOSED; RFC 9293's state goes on, unreported. When a RST or
    an error ends a socket in the same state, the kernel says that too.
    """
    ends: dict[Side, list[int]] = {"client": [], "server": []}
    for event in kernel:
        if event.kind in ("reset-received", "error") or (event.kind == "reset-sent" and event.state != "TIME_WAIT"):
            ends[event.side].append(event.t_ns)
    return [
        replace(event, handed_over=True)
        if event.kind == "state"
        and event.state == "CLOSED"
        and event.before in ("FIN_WAIT_2", "CLOSING", "TIME_WAIT")
        and not any(abs(t_ns - event.t_ns) < SKEW_NS for t_ns in ends[event.side])
        else event
        for event in kernel
    ]


def _nearest(events: Sequence[KernelEvent], resets: Sequence[Reset], way_ns: int) -> dict[int, int]:
    """RSTs and the kernel's records of them: index of the RST -> of the event, in `events`.

    All of one end's are captured equally late, up to the way between the ends: that lag is chosen by which most find
    each other, and then the nearest. Where there are as many of both, and near each other, they are the same in order.
    """
    near = NEAR_NS + 2 * way_ns
    if len(events) == len(resets) and all(
        -SKEW_NS <= reset.ts_ns - event.t_ns <= near + LATE_NS and _same_form(event, reset)
        for event, reset in zip(events, resets, strict=True)
    ):
        return {number: number for number in range(len(events))}
    lags = {reset.ts_ns - event.t_ns for event in events for reset in resets}
    best: tuple[int, int, dict[int, int]] = (0, 0, {})
    for lag in sorted(lags | {0}, key=abs)[:MOST_LAGS]:
        if abs(lag) <= near:
            found = _with_lag(events, resets, lag)
            off = sum(abs(resets[number].ts_ns - events[at].t_ns) for number, at in found.items())
            best = max(best, (len(found), -off, found), key=lambda one: one[:2])
    return best[2]


def _same_form(event: KernelEvent, reset: Reset) -> bool:
    """Whether the RST looks as one sent for that reason: of a socket that gives up, or an answer."""
    return event.reason is None or (event.reason in GIVES_UP) == (reset.shape == "active")


def _with_lag(events: Sequence[KernelEvent], resets: Sequence[Reset], lag: int) -> dict[int, int]:
    pairs = sorted(
        (abs(reset.ts_ns - event.t_ns - lag), at, number)
        for at, event in enumerate(events)
        for number, reset in enumerate(resets)
        if abs(reset.ts_ns - event.t_ns - lag) <= NEAR_NS and _same_form(event, reset)
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, number in pairs:
        if number in found or at in taken:
            continue
        # Both are in order: none overtakes another of its side.
        if any((number < other) != (at < found[other]) for other in found):
            continue
        found[number] = at
        taken.add(at)
    return found


def _resets_sent(
    resets: tuple[Reset, ...], kernel: list[KernelEvent], way_ns: int
) -> tuple[list[KernelEvent], tuple[Reset, ...]]:
    """Each RST with the reason that its sender's kernel gave."""
    known = {reset.frame: reset for reset in resets}
    for side in ("client", "server"):
        places = [i for i, event in enumerate(kernel) if event.kind == "reset-sent" and event.side == side]
        sent = [reset for reset in resets if reset.sender == side]
        for number, at in _nearest([kernel[i] for i in places], sent, way_ns).items():
            frame = sent[number].frame
            kernel[places[at]] = replace(kernel[places[at]], frame=frame)
            known[frame] = replace(known[frame], kernel_reason=kernel[places[at]].reason)
    return kernel, tuple(known[reset.frame] for reset in resets)


def _resets_received(
    resets: tuple[Reset, ...], kernel: list[KernelEvent], way_ns: int, traced: bool
) -> tuple[list[KernelEvent], tuple[Reset, ...], tuple[str, ...]]:
    """Whether each RST was accepted, as its receiver's kernel knows, and notes where the packets said otherwise."""
    known = {reset.frame: reset for reset in resets}
    notes: list[str] = []
    for side in ("client", "server"):
        # A socket that answers data with TCP_ABORT_ON_DATA resets itself, by the same function: no RST came.
        own = [event.t_ns for event in kernel if event.side == side and event.reason == "TCP_ABORT_ON_DATA"]
        places = [
            i
            for i, event in enumerate(kernel)
            if event.kind == "reset-received"
            and event.side == side
            and not any(abs(event.t_ns - t_ns) < SKEW_NS for t_ns in own)
        ]
        came = [reset for reset in resets if reset.sender != side]
        likely = [reset for reset in came if reset.accepted is not False]
        events = [kernel[i] for i in places]
        proved: dict[int, bool] = {}
        for among in (likely, came):  # one that the packets, too, take for accepted comes before a nearer one
            for number, at in _nearest(events, among, way_ns).items():
                if kernel[places[at]].frame is None and among[number].frame not in proved:
                    kernel[places[at]] = replace(kernel[places[at]], frame=among[number].frame)
                    proved[among[number].frame] = True
        missing = [i for i in places if kernel[i].frame is None]
        if missing:
            notes.append(f"the {side}'s kernel accepted a RST that is not in this capture")
        for reset in came:
            if reset.frame not in proved and traced and _took_nothing(reset, side, kernel, way_ns):
                proved[reset.frame] = False
        for reset in came:
            if reset.frame not in proved:
                continue
            accepted = proved[reset.frame]
            changed = replace(known[reset.frame], accepted=accepted, accepted_proved=True)
            event = next(
                (event for event in kernel if event.kind == "reset-received" and event.frame == reset.frame), None
            )
            if accepted and event is not None:
                changed = replace(changed, why_not_accepted=None)
                if event.state in LIVE:
                    changed = replace(changed, receiver_state=event.state, pending_error=_pending(event.state))
            elif not accepted and reset.accepted is not False:
                changed = replace(changed, pending_error=None)
            known[reset.frame] = changed
            if reset.accepted is not None and reset.accepted != accepted:
                said = "accepted" if reset.accepted else "ignored"
                did = "accepted" if accepted else "ignored"
                notes.append(
                    f"frame {reset.frame}: by the packets the {side} {said} this RST; its kernel says that it {did} it"
                )
    return kernel, tuple(known[reset.frame] for reset in resets), tuple(notes)


def _pending(state: str) -> str | None:
    """The errno that an accepted RST leaves at its receiver (Linux tcp_reset)."""
    return {"SYN_SENT": "ECONNREFUSED", "CLOSE_WAIT": "EPIPE"}.get(state, "ECONNRESET")


def _took_nothing(reset: Reset, side: Side, kernel: list[KernelEvent], way_ns: int) -> bool:
    """Whether the socket that the RST came to is known to have lived on: in a state that reports RSTs, and still there.

    A RST can wait in the socket's backlog; so the socket has to be alive a good while later.
    """
    changes = [event for event in kernel if event.kind == "state" and event.side == side]
    before = [event for event in changes if event.t_ns <= reset.ts_ns]
    after = [event for event in changes if event.t_ns > reset.ts_ns]
    if not before and after and (after[0].before, after[0].state) == ("SYN_SENT", "ESTABLISHED"):
        return True  # a RST that is taken in SYN_SENT leaves nothing to be established
    if not before or before[-1].handed_over or before[-1].state not in LIVE:
        return False
    if any(event.side == side and event.kind == "reset-received" for event in kernel):
        return True  # that was another RST
    return bool(after) and not (
        after[0].state == "CLOSED" and after[0].t_ns - reset.ts_ns <= NEAR_NS + 2 * way_ns + 50_000_000
    )


def ended(connection: Connection) -> Connection:
    """How it ended, once the kernel has said which RSTs were accepted and the packets had it otherwise."""
    accepted = [reset for reset in connection.resets if reset.accepted is not False]
    how, who, first = connection.ending, connection.ended_by, connection.closed_first
    client, server = connection.client_state, connection.server_state
    fins = [side for side in ("client", "server") if getattr(connection.fin, side)]
    if how == "closed" or who == "both":
        return connection
    if accepted:
        one = accepted[0]
        if how in ("reset", "refused"):
            who = one.sender if who != "path" else who
        elif one.accepted_proved and how != "handshake-incomplete":
            how, who = "refused" if one.receiver_state == "SYN_SENT" else "reset", one.sender
            first = first if fins else one.sender
            client, server = "CLOSED", "CLOSED"
        if (one.forged or one.unsent) and how == "reset":
            who = "path"
    elif how in ("reset", "refused"):
        how = "unanswered" if how == "refused" else "half-closed" if len(fins) == 1 else "open"
        who, first = "nobody", (fins[0] if len(fins) == 1 else None)
    else:
        return connection
    return replace(
        connection, ending=how, ended_by=who, closed_first=first, client_state=client, server_state=server,
        cut_end=how in ("open", "half-closed"),
    )  # fmt: skip


def with_states(segments: tuple[Segment, ...], connection: Connection) -> tuple[tuple[Segment, ...], Connection]:
    """Join the kernel's state changes to the packets that brought them, in order.

    Where the kernel said that a RST was or was not accepted and the packets had it otherwise, the receiver's states
    from there on are the kernel's.
    """
    kernel = list(connection.kernel)
    for reset in connection.resets:
        if reset.forged:
            segments = tuple(_unmoved(segments, reset))
    for side in ("client", "server"):
        places = [
            i
            for i, event in enumerate(kernel)
            if event.kind == "state" and event.side == side and not event.handed_over
        ]
        if not places:
            continue
        for reset in connection.resets:
            inferred = next((s.reset for s in segments if s.frame == reset.frame), None)
            if reset.sender != side and reset.accepted_proved and inferred and inferred.accepted != reset.accepted:
                segments = tuple(_overruled(segments, side, reset, [kernel[i] for i in places]))
        brought = [
            (segment, _state(segment, side))
            for before, segment in pairwise((None, *had_by(side, segments)))
            if segment is not None and (before is None or _state(before, side) != _state(segment, side))
        ]
        way_ns = 2 * (connection.handshake_rtt_ns or 0)
        same = [
            [kernel[i].state == name and _together(segment, kernel[i], kernel, way_ns) for i in places]
            for segment, name in brought
        ]
        for number, at in _in_order(same):
            kernel[places[at]] = replace(kernel[places[at]], frame=brought[number][0].frame)
    known = {reset.frame: reset for reset in connection.resets}
    segments = tuple(replace(s, reset=known[s.frame]) if s.frame in known else s for s in segments)
    return segments, replace(connection, kernel=tuple(kernel))


def had_by(side: Side, segments: Sequence[Segment]) -> list[Segment]:
    """The packets as one end had them: those that it sent or received, in the order of its own times."""
    had = [s for s in segments if s.seen in (None, "both", side)]
    return sorted(had, key=lambda s: s.at(side)) if any(s.seen for s in had) else had


def _state(segment: Segment, side: Side) -> str:
    return segment.client_state if side == "client" else segment.server_state


def _together(segment: Segment, change: KernelEvent, kernel: Sequence[KernelEvent], way_ns: int) -> bool:
    """Whether a state change may be this packet's, by their times; of a RST, by the kernel's own event of it."""
    side = change.side
    if segment.side == side and segment.flags & FIN and change.state in ("FIN_WAIT_1", "LAST_ACK"):
        return (
            change.t_ns <= segment.at(side) + NEAR_NS
        )  # the change is the sending, however late its packet is captured
    own = [
        event.t_ns for event in kernel if event.frame == segment.frame and event.side == side and event.kind != "state"
    ]
    if own:
        return abs(own[0] - change.t_ns) <= SKEW_NS
    return -SKEW_NS - way_ns <= change.t_ns - segment.at(side) <= DELIVERED_NS + way_ns


def _unmoved(segments: Sequence[Segment], reset: Reset) -> Iterator[Segment]:
    """A RST that another sent in its name changes nothing at an end: its state stays, until its packets move it."""
    kept = moved = None
    before = None
    for segment in segments:
        name = _state(segment, reset.sender)
        if segment.frame == reset.frame and before is not None:
            kept, moved = before, name
        elif name != moved:
            kept = moved = None
        before = name
        if kept is not None:
            side = "client_state" if reset.sender == "client" else "server_state"
            segment = replace(segment, **{side: kept})  # type: ignore[arg-type]
        yield segment


def _overruled(
    segments: Sequence[Segment], side: Side, reset: Reset, changes: Sequence[KernelEvent]
) -> Iterator[Segment]:
    passed = False
    for segment in segments:
        passed = passed or segment.frame == reset.frame
        if passed:
            name = "CLOSED" if reset.accepted else None
            name = name or next((e.state for e in reversed(changes) if e.t_ns <= segment.ts_ns + SKEW_NS), None)
            if name is not None:
                segment = (
                    replace(segment, client_state=name) if side == "client" else replace(segment, server_state=name)
                )
        yield segment


def _in_order(same: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int]]:
    """The longest common subsequence of two, as pairs of places; `same` says which of them are the same."""
    rows, columns = len(same), len(same[0]) if same else 0
    length = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            found = length[i + 1][j + 1] + 1 if same[i][j] else 0
            length[i][j] = max(found, length[i + 1][j], length[i][j + 1])
    i = j = 0
    while i < rows and j < columns:
        if same[i][j] and length[i][j] == length[i + 1][j + 1] + 1:
            yield i, j
            i, j = i + 1, j + 1
        elif length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            j += 1
