"""What each recorded call should have returned: the automaton, run over one end's packets and calls in order of time.

A call is tried on the socket as it is when the call begins. One that blocks waits for the packets that come while it
lasts. Where a packet came so close to a call that their times do not tell which was first, both are tried: the other
result is `may_be`. What was observed is used for one thing only: to know which of those it was, and how many bytes a
read took, so that one surprise is not counted again with every later call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from ..story import ACK, Call, Connection, Returns, Side
from .arrivals import Arrival, arrivals
from .automaton import BLOCKS, GONE, POLLED, Returned, Socket

READS = frozenset(("read", "recv", "recvfrom", "recvmsg", "readv"))
WRITES = frozenset(("write", "send", "sendto", "sendmsg", "writev", "sendfile"))
POLLS = frozenset(("poll", "ppoll", "select", "epoll_wait"))
NONBLOCKING = ("O_NONBLOCK", "SOCK_NONBLOCK")
GAVE_UP = frozenset(("ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"))
ELSEWHERE = frozenset(("EINTR", "EFAULT", "ENOMEM", "ENOTSOCK", "EADDRINUSE", "EADDRNOTAVAIL"))  # no errors of its own
CLOSE_BY_NS = 25_000  # a packet is captured up to so long before its socket has it
LOOPBACK_NS = 100_000  # a way so short is none
LATE_NS = 2_000_000  # a timeout ends at most so much too soon
STALLED_NS = 100_000_000
HELD = (
    44_000  # bytes that the first send buffer takes (tcp_sndbuf_expand): ten segments, two or three times, less headers
)
FIRST_WINDOW = 10  # segments (RFC 6928); each that is acknowledged makes it one larger, as long as it starts slowly
SEGMENT = 1448
UNSURE = 16_384  # tcp_wmem's default: with less in it, no buffer is full
MANY = 6  # packets so close to one call: as many orders are tried


def observed(call: Call) -> Returns | None:
    """What a call came to, in the words of the contract's "outcomes"; None where it has none: a number."""
    if call.until_ns is None:
        return "EPIPE" if "SIGPIPE" in call.signals else "blocks"
    if call.errno is not None:
        return call.errno
    if call.call in READS and call.says == "EOF":
        return "EOF"
    if call.says is not None and call.says.startswith("SO_ERROR = "):
        return call.says.removeprefix("SO_ERROR = ")
    if call.call in POLLS and call.says is not None:
        return tuple(call.says.split()) if call.says != "nothing" else ()
    return "ok" if call.call in READS | WRITES | {"connect", "accept", "accept4", "shutdown", "close"} else None


@dataclass
class End:
    """One end while its calls are replayed."""

    socket: Socket = field(default_factory=Socket)
    blocks: bool = True
    low_water: int = 1
    read_timeout_ns: int = 0
    write_timeout_ns: int = 0
    closed: bool = False
    handed: int = 0  # bytes that write calls have taken
    arrived: int = 0  # acknowledged: of them, and of a write that has not returned yet
    owed: int = 0  # bytes that were read, and whose packets are still to come here
    holds: int = HELD  # bytes that the send buffer takes: a guess, and what writes have shown since

    @property
    def buffered(self) -> int:
        """Bytes in the send buffer."""
        return max(0, self.handed - self.arrived)

    @property
    def crowded(self) -> bool:
        """Whether poll finds no room in it: it wants a third of it to be free (sk_stream_is_writeable)."""
        full = self.socket.full or 3 * self.buffered > 2 * self.holds
        return full and self.socket.state not in GONE

    def grown(self, arrived: int) -> int:
        """What the send buffer takes if it had to grow: it follows the congestion window (tcp_new_space)."""
        return HELD * (FIRST_WINDOW + arrived // SEGMENT) // FIRST_WINDOW

    def takes(self, more: int) -> None:
        """A read took so many bytes more than had come before it began: they came while it was on its way."""
        self.socket.queue -= more
        self.owed, self.socket.queue = self.owed + max(0, -self.socket.queue), max(0, self.socket.queue)

    def happens(self, event: Arrival) -> None:
        """A packet, or a timer."""
        if event.kind == "data":
            known = min(self.owed, event.size)
            self.owed -= known
            self.socket.data(event.size - known)
        elif event.kind == "acked":
            self.arrived += event.size
            self.socket.full = False
        elif event.kind == "unreachable":
            self.socket.unreachable(event.errno or "EHOSTUNREACH")
        elif event.kind == "timeout":
            self.socket.soft = event.errno if event.errno != "ETIMEDOUT" else self.socket.soft
            self.socket.timeout()
        elif event.kind == "established":
            if self.socket.state in ("CLOSED", "SYN_SENT", "SYN_RCVD") and not self.closed and not self.socket.err:
                self.socket.established()
        else:
            self.socket.happens(event.kind)

    def copy(self) -> End:
        """The same end, to try on."""
        return replace(self, socket=self.socket.copy())


Try = Callable[[End], Returned]


@dataclass
class Waiting:
    """A call that blocks."""

    number: int
    call: Call
    tries: Try


class Replay:
    """One end's calls, replayed."""

    def __init__(self, connection: Connection, side: Side, calls: Sequence[Call], settings: Sequence[Call]) -> None:
        self.connection = connection
        self.side = side
        self.end = End()
        self.given = list(calls)
        closes = [c.t_ns for c in calls if c.call == "close" and not c.on_listener]
        closes += [c.t_ns for c in calls if c.call == "connect" and "AF_UNSPEC" in c.text]
        closes += [one.t_ns for one in connection.exits if one.side == side]
        closes += [c.t_ns for c in settings if c.call == "setsockopt" and "TCP_REPAIR" in c.arguments]
        self.events = arrivals(connection, side, closes)
        self.next = 0
        way_ns = 0 if side == "client" else (connection.handshake_rtt_ns or 0) // 2
        self.slack_ns = CLOSE_BY_NS + (way_ns if way_ns > LOOPBACK_NS and connection.other_end is None else 0)
        self.waiting: list[Waiting] = []
        self.ends_ns = {(one.process, one.pid): one.t_ns for one in connection.exits if one.side == side}
        self.settings = list(settings)
        self.sent_ns = [s.at(side) for s in connection.segments if s.side == side and s.payload]
        self.spoke_ns = [s.at(side) for s in connection.segments if s.side == side and s.flags & ACK]
        self.retried = [s.ts_ns for s in connection.segments if s.side == side and s.retransmission_of is not None]
        self.retried += [s.ts_ns for s in connection.segments if s.side == side and (s.keepalive or s.window_probe)]
        if not any(c.call == "connect" for c in calls):
            self.end.socket.accepted()  # by accept, or before anything that is known here
            if connection.cut_start or not any(c.call.startswith("accept") for c in calls):
                self.end.socket.established()

    def run(self) -> list[Call]:
        """The calls with what is predicted."""
        steps: list[tuple[int, int, int | Call]] = [(c.t_ns, 1, i) for i, c in enumerate(self.given)]
        steps += [(c.t_ns, 0, c) for c in self.settings]
        for t_ns, _, what in sorted(steps, key=lambda step: step[:2]):
            self.until(t_ns - self.slack_ns)
            if isinstance(what, int):
                self.begins(what)
            else:
                self.set(what)
        self.until(None)
        for one in self.waiting:
            self.settle(one.number, "blocks", None, self.limits(one.call))
        return self.given

    def until(self, t_ns: int | None) -> None:
        """Let come what came before, and see which of the blocked calls it wakes."""
        while self.next < len(self.events) and (t_ns is None or self.events[self.next].t_ns <= t_ns):
            event = self.events[self.next]
            self.expire(event.t_ns)
            self.next += 1
            self.end.happens(event)
            for one in list(self.waiting):
                self.wake(one)
        self.expire(t_ns)

    def wake(self, one: Waiting) -> None:
        """Try a blocked call again. What came right behind may have been there, too, when the program woke up."""
        if one.tries(self.end.copy()).value == "blocks":
            return
        self.waiting.remove(one)
        self.decide(one.number, one.tries, 0, self.near(one.call.until_ns))

    def near(self, until_ns: int | None) -> list[Arrival]:
        """The events to come that may still have been before that time."""
        if until_ns is None:
            return []
        return [e for e in self.events[self.next : self.next + MANY] if e.t_ns <= until_ns + self.slack_ns]

    def decide(self, number: int, tries: Try, before: int, close: Sequence[Arrival]) -> None:
        """The result of a call that may come before or after each of the events in `close`; `before`: after so many.

        The order that fits what was observed is the one that happened; the prediction stays what the times say.
        """
        call = self.given[number]
        trial = self.end.copy()
        results = [tries(trial.copy())]
        for event in close:
            trial.happens(event)
            results.append(tries(trial.copy()))
        told = [self.instead(call, result.value) for result in results]
        seen = observed(call)
        fits = [k for k, value in enumerate(told) if value == seen]
        happened = min(fits, key=lambda k: abs(k - before)) if fits else before
        for event in close[:happened]:
            self.end.happens(event)
        self.next += happened
        result = tries(self.end)
        came, size = told[before], results[before].size
        others = [value for value in told if value != came]
        if any(one.size != size for one in results):
            size = None
        if call.call in WRITES and came != seen and {came, seen} <= {"ok", "EAGAIN"}:
            others.append("EAGAIN" if came == "ok" else "ok")  # how much a buffer holds, packets do not tell
        if (
            call.call in POLLS
            and isinstance(came, tuple)
            and self.end.buffered > UNSURE
            and not self.end.socket.shut_wr
        ):
            others.append(self.turned(call, came))
        if came != seen and not fits and seen in GAVE_UP and (others := [*others, *self.limits(call)]):
            others = list(dict.fromkeys([*([seen] if isinstance(seen, str) else []), *others]))[:2]
            self.follow(call, seen)
        self.settle(number, came, size if came == "ok" else None, others)
        self.account(call, result, seen)

    def turned(self, call: Call, came: tuple[str, ...]) -> Returns:
        """What poll says if the send buffer has, or has not, the room that it was taken to have."""
        if "OUT" in came or "OUT" not in str(call.arguments[1]).split():
            return tuple(word for word in came if word != "OUT")
        return tuple(word for word in POLLED if word in came or word == "OUT")

    def expire(self, t_ns: int | None) -> None:
        """Blocked calls that have returned without a packet: their timeout, or a timer of the kernel's."""
        for one in list(self.waiting):
            call = one.call
            until = call.until_ns or self.ends_ns.get((call.process, call.pid))
            if until is None or (t_ns is not None and until + self.slack_ns >= t_ns):
                continue
            self.waiting.remove(one)
            limit = self.end.read_timeout_ns if call.call in READS else self.end.write_timeout_ns
            seen = observed(call)
            if limit and until - call.t_ns >= limit - LATE_NS:
                self.settle(one.number, "EINPROGRESS" if call.call == "connect" else "EAGAIN", None, [])
            elif call.call in POLLS:
                self.settle(one.number, (), None, [])
            elif call.call in WRITES and seen == "ok":  # how much a buffer holds, packets do not tell
                self.settle(one.number, "ok", None, ["blocks"])
                self.account(call, _OK, seen)
            else:
                self.settle(one.number, "blocks", None, self.limits(call))
                self.follow(call, seen)

    def limits(self, call: Call) -> list[Returns]:
        """What it may return though no packet says so: a limit of retransmissions, or of probes, was reached."""
        opening = self.end.socket.state == "SYN_SENT"
        until = call.until_ns or call.t_ns
        if not opening and not any(t_ns <= until for t_ns in self.retried):
            return []
        known = self.connection.outcomes
        told = (known.client if self.side == "client" else known.server) if known else None
        kinds = (*(told.may_be.get("connect", ()) if told else ()), "ETIMEDOUT")
        return list(dict.fromkeys(kinds))[:2]

    def follow(self, call: Call, seen: Returns | None) -> None:
        """A timer gave up: from here on its error has been reported."""
        if isinstance(seen, str) and seen in GAVE_UP | {"ECONNREFUSED"}:
            self.end.socket.err = seen
            self.end.socket._over()
            if call.call == "connect":
                self.end.socket.connect()
            self.end.socket.err = None

    def begins(self, number: int) -> None:
        """A call begins: its result, if it has one at once."""
        call = self.given[number]
        if call.on_listener:
            return
        if self.end.closed and call.call in READS | WRITES | POLLS | {"close", "shutdown", "getsockopt"}:
            self.settle(number, "EBADF", None, [])
            return
        tries = self.trial(call) if call.errno not in ELSEWHERE else None
        if tries is None:
            return
        close = self.close_by(call)
        before = sum(event.t_ns <= call.t_ns for event in close)
        trial = self.end.copy()
        for event in close[:before]:
            trial.happens(event)
        if tries(trial).value == "blocks" and self.can_block(call):
            for event in close[:before]:
                self.end.happens(event)
            self.next += before
            if call.call == "connect":
                tries(self.end)  # sends its SYN
            self.waiting.append(Waiting(number, call, tries))
            return
        self.decide(number, tries, before, close)

    def close_by(self, call: Call) -> list[Arrival]:
        """The events of which it is not certain that they came before the call was decided, or after."""
        until = min(call.until_ns or call.t_ns, call.t_ns + STALLED_NS) + self.slack_ns
        waits = call.call in WRITES and self.end.buffered > UNSURE  # for room: what leaves meanwhile was there before
        if call.call in WRITES | {"shutdown"} and not waits:
            # What it sent itself shows when it was decided: an answer to it is no reason for its result.
            until = min([until, *(t_ns for t_ns in self.sent_ns if t_ns >= call.t_ns - self.slack_ns)])
        elif call.call in READS:
            until = min([until, *(t_ns for t_ns in self.spoke_ns if t_ns > call.t_ns)])
        return [event for event in self.events[self.next : self.next + MANY] if event.t_ns <= until]

    def instead(self, call: Call, came: Returns) -> Returns:
        """`blocks` in the words of a call that does not wait."""
        if came != "blocks":
            return came
        if call.call == "connect":
            return "EINPROGRESS" if call.errno != "EALREADY" else "EALREADY"
        if call.call in POLLS:
            return ()
        return "EAGAIN"

    def account(self, call: Call, result: Returned, seen: Returns | None) -> None:
        """What the call did beside its result: bytes handed over, bytes taken."""
        if call.call in WRITES and seen == "ok" and call.result:
            self.end.handed += call.result
        if call.call in WRITES and seen in ("ok", "EAGAIN") and _size(call):
            soon = self.acknowledged_by(call.until_ns)
            held = self.end.buffered - soon
            self.end.socket.full = seen == "EAGAIN" or (call.result or 0) < _size(call)
            if not self.end.socket.full:
                waited = (call.result or 0) > 2 * self.end.holds
                grown = self.end.grown(self.end.arrived + soon) if waited else 0
                self.end.holds = max(self.end.holds, held, grown)
            elif held > UNSURE:
                self.end.holds = held
        took = call.call in READS and "MSG_PEEK" not in _flags(call) and "MSG_OOB" not in _flags(call)
        if took and seen == result.value == "ok" and call.result is not None:
            self.end.takes(call.result - (result.size or 0))

    def acknowledged_by(self, until_ns: int | None) -> int:
        """Bytes that are acknowledged from now until then."""
        coming = takewhile(lambda event: event.t_ns <= (until_ns or 0), self.events[self.next :])
        return sum(event.size for event in coming if event.kind == "acked")

    def can_block(self, call: Call) -> bool:
        """Whether it waits."""
        if call.call in POLLS:
            timeout = call.arguments[-1] if call.arguments else 0
            return isinstance(timeout, int) and timeout != 0
        return self.end.blocks and "MSG_DONTWAIT" not in _flags(call)

    def trial(self, call: Call) -> Try | None:
        """The call as something to try on a socket; None: its result is no matter of TCP."""
        name = call.call
        flags = _flags(call)
        if name in READS:
            if "MSG_OOB" in flags:
                return lambda end: end.socket.read_oob()
            size, peek = _size(call), "MSG_PEEK" in flags
            whole = size if "MSG_WAITALL" in flags else min(self.end.low_water, size or 1)
            return lambda end: _read(end, size, peek, whole, self.can_block(call))
        if name in WRITES:
            if call.fd is None and not _size(call):
                return lambda end: _OK
            return lambda end: _write(end, _size(call))
        if name == "connect":
            if "AF_UNSPEC" in call.text:
                return _disconnect
            return _connect if self.reached(call) else None
        if name.startswith("accept"):
            return lambda end: BLOCKS if end.socket.state in ("CLOSED", "SYN_RCVD") and not end.socket.err else _OK
        if name == "getsockopt" and "SO_ERROR" in call.text:
            return lambda end: end.socket.so_error()
        if name in POLLS and call.fd is not None and len(call.arguments) > 2:
            wanted = str(call.arguments[1]).split()
            return lambda end: _poll(end, wanted, name == "select")
        if name == "shutdown":
            how = next((word for word in ("RDWR", "WR", "RD") if word in call.text), "")
            return lambda end: _shutdown(end, how)
        if name == "close":
            return self.close
        return None

    def reached(self, call: Call) -> bool:
        """Whether a connect sent its SYN: otherwise it failed at home, or is a later call on the same socket."""
        if self.end.socket.connecting != "no" or self.end.socket.state != "CLOSED":
            return True
        return call.errno not in ("EADDRNOTAVAIL", "EADDRINUSE", "EAFNOSUPPORT", "ENETUNREACH", "EINVAL")

    def close(self, end: End) -> Returned:
        """The descriptor is gone, if no other process has it."""
        end.closed = not self.shared
        return _OK

    @property
    def shared(self) -> bool:
        """Whether several processes have the socket."""
        return len({call.pid for call in self.given if not call.on_listener and call.call not in ("accept",)}) > 1

    def set(self, call: Call) -> None:
        """A setting of the descriptor."""
        words = [str(one) for one in call.arguments]
        if any(word in one for one in words for word in NONBLOCKING):
            self.end.blocks = False
        elif "F_SETFL" in words or call.text.endswith("FIONBIO, 0)"):
            self.end.blocks = True
        if "FIONBIO" in call.text and not call.text.endswith("0)"):
            self.end.blocks = False
        value = call.arguments[2] if len(call.arguments) > 2 else None
        if isinstance(value, int) and call.errno is None:
            if "SO_RCVLOWAT" in words:
                self.end.low_water = max(1, value)
            if "SO_RCVTIMEO" in words:
                self.end.read_timeout_ns = value * 1_000_000
            if "SO_SNDBUF" in words:
                self.end.holds = 3 * value // 2  # of twice as much a part is for headers and unused pages
            if "SO_SNDTIMEO" in words:
                self.end.write_timeout_ns = value * 1_000_000

    def settle(self, number: int, came: Returns, size: int | None, others: Iterable[Returns]) -> None:
        """Write down what is predicted."""
        call = self.given[number]
        others = tuple(dict.fromkeys(one for one in others if one != came))
        self.given[number] = replace(call, predicted=came, predicted_bytes=size, may_be=others)


_OK = Returned("ok")


def _size(call: Call) -> int:
    """The bytes that it was asked to move."""
    numbers = [one for one in call.arguments[1:] if isinstance(one, int)]
    return numbers[0] if numbers else 0


def _flags(call: Call) -> str:
    return " ".join(one for one in call.arguments if isinstance(one, str) and "MSG_" in one)


def _read(end: End, size: int, peek: bool, whole: int, blocking: bool) -> Returned:
    """A read that waits for `whole` bytes, if it waits; less is handed over when no more can come."""
    socket = end.socket
    ended = socket.done or socket.shut_rd or socket.err is not None or socket.state == "CLOSED"
    if blocking and size and socket.queue < whole and not ended:
        return BLOCKS
    return socket.read(size, peek)


def _write(end: End, size: int) -> Returned:
    """Nothing finds room in a full buffer, too."""
    result = end.socket.write()
    return _OK if result.value == "blocks" and end.socket.state not in ("SYN_SENT", "SYN_RCVD") and not size else result


def _connect(end: End) -> Returned:
    if end.socket.connecting == "no" and end.socket.state == "CLOSED":
        end.socket.syn_sent()
    return end.socket.connect()


def _disconnect(end: End) -> Returned:
    end.socket.disconnected()
    return _OK


def _poll(end: End, wanted: Sequence[str], selects: bool = False) -> Returned:
    socket = end.socket.copy()
    socket.full = end.crowded
    if socket.queue < end.low_water:
        socket.queue = 0
    found = socket.poll(wanted)
    if selects:  # which knows no others: an error or a hang-up makes it readable, an error writable (do_select)
        says = set(socket.poll().value)
        meant = {"IN": says & {"IN", "ERR", "HUP"}, "OUT": says & {"OUT", "ERR"}}
        found = Returned(tuple(word for word in meant if word in wanted and meant[word]))
    return found if found.value else BLOCKS


def _shutdown(end: End, how: str) -> Returned:
    result = end.socket.shutdown(how)
    return _OK if result.value == "0" else result


def predicted(connection: Connection, settings: Any = ()) -> Connection:
    """The connection with its calls' results predicted. `settings`: (side, call) that set its descriptors.

    Needs the packets: a connection that is not being told comes back as it was.
    """
    if not connection.calls or not connection.segments:
        return connection
    done: dict[int, Call] = {}
    sides: tuple[Side, ...] = ("client", "server")
    for side in sides:
        places = [i for i, call in enumerate(connection.calls) if call.side == side]
        own = [connection.calls[i] for i in places]
        told = Replay(connection, side, own, [call for one, call in settings if one == side]).run()
        done |= dict(zip(places, told, strict=True))
    return replace(connection, calls=tuple(done[i] for i in range(len(connection.calls))))
