"""What a recording adds to the scene: calls with their results, ends of processes, the kernel's own states, steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .....analyze.programs import (
    ACCEPTS,
    CLOSES,
    DEAD,
    RECEIVES,
    SENDS,
    SIGNALS,
    failed,
    ignores_sigpipe,
    named_error,
)  # fmt: skip
from .....analyze.story import FIN, Connection, Exit, KernelEvent, Step
from .....analyze.story import Call as SystemCall
from .... import words
from ....of_connection import by_role
from ....scene import Call, CallKind, Note, Side, State
from ....visible import visible
from ....words.steps import told

if TYPE_CHECKING:
    from .timers import Limit

Mark = Call | Note | State

BLOCKS_NS = 1_000_000  # a call that takes so long is drawn as a bar
WRITE_BLOCKS_NS = 10_000_000  # one that only copies to the kernel: being traced, or not being scheduled, takes some ms
EARLY_NS = 1_000_000_000  # what was done longer before the SYN is not drawn
LONGEST_STEP = 120  # characters
MOST_CALLS = 14  # of one side

NFT = re.compile(r"(\w+): nft add (table|set|chain|rule) \w+ \w+ ?(.*)")
COMMAND = re.compile(r"(?:client|server): (.+)")

THROWN = re.compile(r"(?:[\w$]+\.)*([\w$]+(?:Exception|Error)): (.*)", re.DOTALL)  # by a virtual machine
WAITS = ("poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait")
SLEEPS = ("sleep", "nanosleep", "clock_nanosleep")
TURNS = ("listen", "accept", "accept4", "connect", "shutdown", "close")  # where a connection's life turns
WILDCARDS = ("", "0.0.0.0", "[::]", "*")  # every address of a host, as bind() is given it
OPTIONS = (
    "SO_ERROR", "SO_LINGER", "SO_KEEPALIVE", "SO_RCVBUF", "SO_RCVLOWAT", "SO_RCVTIMEO", "SO_SNDBUF", "SO_SNDTIMEO",
    "AF_UNSPEC", "O_NONBLOCK", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_LINGER2", "TCP_MAXSEG",
    "TCP_NODELAY", "TCP_QUICKACK", "TCP_REPAIR", "TCP_USER_TIMEOUT",
)  # fmt: skip
UNITS = {  # of the number that an option is set to: socket(7), tcp(7); both readers give timeouts in milliseconds
    "SO_RCVBUF": "bytes", "SO_SNDBUF": "bytes", "SO_RCVLOWAT": "bytes", "TCP_MAXSEG": "bytes",
    "SO_RCVTIMEO": "ms", "SO_SNDTIMEO": "ms", "TCP_USER_TIMEOUT": "ms",
    "TCP_KEEPIDLE": "s", "TCP_KEEPINTVL": "s", "TCP_LINGER2": "s", "TCP_DEFER_ACCEPT": "s",
}  # fmt: skip


def written(text: str) -> str:
    """A call as a program would write it, with units: SO_LINGER's value is a struct; a number has no commas."""
    text = re.sub(
        r"\b([A-Z_0-9]+), ([\d,]+)\)$",
        lambda found: f"{found[1]}, {found[2]} {UNITS[found[1]]})" if found[1] in UNITS else found[0],
        text,
    )
    text = re.sub(r"\b\d{1,3}(?:,\d{3})+(?= bytes\b)", lambda found: found[0].replace(",", ""), text)
    text = re.sub(r"\b(SO_LINGER, )(\d+, \d+)\)", r"\1{\2})", text)
    return re.sub(r"\b1 bytes\b", "1 byte", text)


def shorter(text: str) -> tuple[str, ...]:
    """Shorter forms of a call, the longest first: what it asks for goes last, the descriptor before it."""
    name, bracket, rest = text.partition("(")
    if not bracket:
        return ()
    arguments = re.split(r", (?![^{]*})", rest.rstrip(")"))
    flag = arguments[-1] if len(arguments) > 1 and arguments[-1].startswith(("SHUT_", "MSG_", "AF_")) else None
    forms: list[str] = []
    counted = [re.sub(r"^([\d,.]+) bytes?$", r"\1 B", argument) for argument in arguments]
    if counted != arguments:
        forms.append(f"{name}({', '.join(counted)})")
        if len(arguments) > 1 and flag is None:
            forms.append(f"{name}({', '.join(counted[1:])})")
    if name == "setsockopt" and len(arguments) > 2:
        option, value = arguments[1], ", ".join(arguments[2:])
        short = f"{option} {re.sub(r' bytes?$', ' B', value)}"
        bare = re.sub("^(TCP|SO)_", "", short)  # where there is least room
        return tuple(dict.fromkeys((f"{name}({option}, {value})", f"{option} {value}", short, bare)))
    if name == "getsockopt" and len(arguments) > 1:
        return f"{name}({arguments[1]})", f"{name}(…)"  # its result names the option, too
    if name == "fcntl" and len(arguments) > 2:
        return f"{name}({', '.join(arguments[1:])})", f"{name}({arguments[-1]})", arguments[-1]
    if name in WAITS and len(arguments) > 1:
        return f"{name}({arguments[1]})", f"{name}(…)"  # which descriptor, and how long, is said last
    if name == "bind" and len(arguments) > 1:
        host, _, port = arguments[1].rpartition(":")
        address = "" if host in WILDCARDS else "…"  # ":9000" is every address of the host
        forms.append(f"{name}({arguments[0]}, {address}:{port})")
    if name == "signal":
        return ()  # what it does about which: neither can be left out
    if flag is not None:
        forms.append(f"{name}({flag})")
    elif len(arguments) > 1:
        forms.append(f"{name}({arguments[0]}, …)")
    return (*forms, f"{name}(…)")


def clipped(text: str) -> str:
    """A step as a figure can hold it: a recorded command may be a whole program."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= LONGEST_STEP else text[: LONGEST_STEP - 1] + "…"


@dataclass
class Marks:
    """The marks of one connection's recording; times count from `start_ns`."""

    connection: Connection
    start_ns: int
    lang: str
    folded: Sequence[tuple[int, int]]  # stretches that are drawn as one box
    timed: bool = True
    limit: Limit | None = None  # that a kernel kept when it gave up
    #: Writes, by side and time: how many bytes of them were never sent, and whether Nagle's algorithm held them back.
    never_sent: Mapping[tuple[Side, int], tuple[int, bool]] = field(default_factory=dict)
    roles: Mapping[object, str] = field(default_factory=dict)  # what sentences call each end
    room_found: SystemCall | None = None  # the accept that found the queue empty in which there had been no place

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.lang, **by_role(self.roles, values))

    def all(self) -> list[Mark]:
        """Calls, ends of processes, states that no packet brought, steps."""
        marks: list[Mark] = []
        for side in ("client", "server"):
            marks += self._calls(side)
            marks += [self._exit(end) for end in self._exits(side)]
        marks += self._states()
        if self.timed:
            marks += self._steps()
        marks += self._errors()
        return sorted(marks, key=lambda mark: mark.t_ns or 0)

    def at(self, t_ns: int) -> int:
        return t_ns - self.start_ns

    # --- calls

    def chosen(self, side: Side) -> tuple[list[SystemCall], list[SystemCall]]:
        """The calls that are drawn, and those that are left out for want of room."""
        worth = [call for call in self.connection.calls if call.side == side and self._worth(call)]
        rank: dict[int, int] = {}
        seen: set[str] = set()
        for place, call in enumerate(worth):
            level = 5
            if any(low <= call.t_ns <= high for low, high in self.folded):
                level = 9
            if call.call not in seen or place >= len(worth) - 4:
                level = min(level, 3)
            if call.call in TURNS or call.says == "EOF":
                level = min(level, 2)
            if named_error(call) or call.signals or call.until_ns is None:
                level = 1 if call.call not in seen or level < 9 else 4
            if self._drew_reset(call):
                level = 0
            seen.add(call.call)
            rank[place] = level
        kept = sorted(sorted(rank, key=lambda place: (rank[place], place))[:MOST_CALLS])
        kept = [place for place in kept if rank[place] < 9]
        return [worth[place] for place in kept], [worth[place] for place in rank if place not in kept]

    def _worth(self, call: SystemCall) -> bool:
        """Whether the call says something of the connection's life."""
        if call.call == "socket":
            return self.timed and self._anew(call)
        if call.on_listener and failed(call):
            return True
        if call.on_listener and self.at(call.t_ns) < -EARLY_NS:
            return False
        if call.call == "listen" and self.connection.replaces is not None:
            return False  # before the connection that this one takes the place of
        if call.on_listener and call.call in ("bind", "setsockopt", "close") and self._wanted_again(call):
            return True
        if call.on_listener and call.call not in ("listen", "accept", "close", "setsockopt"):
            return False
        if call.on_listener and call.call == "close":
            accepted = any(one.call.startswith("accept") and not one.on_listener for one in self.connection.calls)
            last = max((s.ts_ns for s in self.connection.segments if s.payload), default=0)
            if (accepted and call.t_ns > last) or self.at(call.t_ns) < 0:
                return False
        if not self.timed:
            heard = call.says == "EOF" or named_error(call) in DEAD or self._drew_reset(call)
            return call.call in TURNS or heard or self._after_reset(call)
        if call.call in SLEEPS:
            return call.until_ns is None or call.until_ns - call.t_ns >= BLOCKS_NS
        if call.call in (*TURNS, *SENDS, *RECEIVES, *WAITS):
            return True
        if call.call in SIGNALS:
            return "SIGPIPE" in call.text
        return failed(call) or any(option in call.text for option in OPTIONS)

    def _anew(self, made: SystemCall) -> bool:
        """Whether a new socket has the number of one whose close is drawn: else that would seem to be used again."""
        calls = (c for c in self.connection.calls if (c.side, c.process, c.pid) == (made.side, made.process, made.pid))
        return any(c.call == "close" and c.fd == made.result and c.t_ns < made.t_ns and self._worth(c) for c in calls)

    def _wanted_again(self, call: SystemCall) -> bool:
        """Whether an address of the connection was bound again, or tried to be, in the calls from this one on."""
        if self.at(call.t_ns) <= 0 or (call.call == "setsockopt" and "SO_REUSEADDR" not in call.text):
            return False
        binds = (c for c in self.connection.calls if c.call == "bind" and (c.side, c.pid) == (call.side, call.pid))
        return any(one.t_ns >= call.t_ns and (one.fd == call.fd or call.call == "close") for one in binds)

    def _drew_reset(self, call: SystemCall) -> bool:
        """Whether this write's data was answered with the RST that ended the connection."""
        trigger = next((r.answers_frame for r in self.connection.resets if r.accepted and r.answers_frame), None)
        segment = next((s for s in self.connection.segments if s.frame == trigger), None)
        if segment is None or not segment.payload or call.side != segment.side or call.call not in SENDS:
            return False
        return call.t_ns <= segment.ts_ns <= (call.until_ns or segment.ts_ns) and not failed(call)

    def _after_reset(self, call: SystemCall) -> bool:
        """Whether this write came after the one whose data drew the RST that ended the connection."""
        frames = [reset.answers_frame for reset in self.connection.resets if reset.accepted]
        drew = [s for s in self.connection.segments if s.frame in frames and s.side == call.side and s.payload]
        return call.call in SENDS and any(segment.ts_ns < call.t_ns for segment in drew)

    def _calls(self, side: Side) -> list[Mark]:
        marks: list[Mark] = []
        drawn, left_out = self.chosen(side)
        for number, call in enumerate(drawn, 1):
            text = visible(written(call.text))
            kind, result, note = self._result(call)
            turn = self._turn(call) if not self.timed else self.say("call-room") if call is self.room_found else None
            lasted = None if call.until_ns is None else call.until_ns - call.t_ns
            short = shorter(text)
            if lasted is not None and not self._bar(call, lasted):
                marks.append(
                    Call(
                        t_ns=self.at(call.t_ns), side=side, text=text, shorter_texts=short, kind=kind, result=result,
                        note=note or turn, signals=call.signals,
                    )
                )  # fmt: skip
                continue
            bar = number if side == "client" else -number
            marks.append(Call(t_ns=self.at(call.t_ns), side=side, text=text, shorter_texts=short, note=turn, id=bar))
            if call.until_ns is not None:
                result = f"= {call.result}" if result is None else result  # a bar's end says what it is
                marks.append(
                    Call(
                        t_ns=self.at(call.until_ns), side=side, text="", kind=kind, result=result, note=note, ends=bar,
                        returns=text, signals=call.signals,
                    )
                )  # fmt: skip
            else:
                marks[-1] = Call(
                    t_ns=self.at(call.t_ns), side=side, text=text, shorter_texts=short, id=bar,
                    note=self.say("call-never-returns"),
                )  # fmt: skip
        if left_out and self.timed:
            text = self.say("calls-left-out", side=side, n=words.number(len(left_out)))
            marks.append(Note(t_ns=self.at(left_out[0].t_ns), text=text, source="traced"))
        return marks

    def _bar(self, call: SystemCall, lasted: int) -> bool:
        """Whether the call is drawn as a bar: it took long, or waited for the packets that came in the meantime."""
        if self.timed and lasted >= (WRITE_BLOCKS_NS if call.call in SENDS else BLOCKS_NS):
            return True
        if call.errno == "EINPROGRESS":
            return False  # it does not wait: that is what it says
        waits = call.call in ("connect", "accept", "accept4", *RECEIVES, *WAITS)
        return waits and any(call.t_ns < s.ts_ns < call.t_ns + lasted for s in self.connection.segments)

    def _turn(self, call: SystemCall) -> str | None:
        """What the textbook calls this call: an active or a passive open or close."""
        if call.call == "connect" and "AF_UNSPEC" not in call.text:
            return self.say("active-open")
        if call.call == "listen":
            return self.say("passive-open")
        first = next(
            (c for c in self.connection.calls if c.side == call.side and c.call in CLOSES and not c.on_listener), None
        )
        sent = any(s.side == call.side and s.flags & FIN and s.ts_ns >= call.t_ns for s in self.connection.segments)
        if call is not first or not sent or self.connection.closed_first is None:
            return None
        return self.say("active-close" if self.connection.closed_first in (call.side, "both") else "passive-close")

    def _result(self, call: SystemCall) -> tuple[CallKind, str | None, str | None]:
        if call.until_ns is None:
            return "call", None, None
        signals = ", ".join(call.signals)
        if call.errno is not None:
            thrown = THROWN.match(call.says or "")
            if thrown is not None:
                result, said = self.say("call-throws", what=visible(thrown[1])), visible(thrown[2])
                return "err", result, self.say("call-error", meaning=said)
            note = self.say("call-error", meaning=visible(call.says)) if call.says else self.meaning(call.errno)
            if call.errno in ("EAGAIN", "EWOULDBLOCK") and (limit := self._patience(call)) is not None:
                note = self.say("call-patience", option=limit[0], time=words.span(limit[1]))
            if signals:
                note = self.say("call-signal", meaning=note, signal=signals) if note else signals
            elif call.errno == "EPIPE" and note and ignores_sigpipe(self.connection, call):
                note = self.say("call-signal-ignored", meaning=note)
            if self.timed and note and self._unsent(call):
                note = self.say("nothing-sent", meaning=note)
            return ("err" if failed(call) else "wait"), f"= -1 {call.errno}", note
        if named_error(call):
            return "err", f"= {call.result or 0}: {call.says}", self.meaning(named_error(call) or "")
        if call.says == "EOF":
            return "call", f"= {call.result or 0}", self.say("call-eof")
        if call.says:
            return "call", f"= {call.result}: {visible(call.says)}", None
        note = self.say("call-copied") if self._drew_reset(call) else self._thrown_away(call)
        if self._never_asked(call):
            note = self.say("call-never-asked")
        if call.call == "close" and call.on_listener:
            note = self.say("call-listener")
        elif self._forgets(call):
            note = self.say("call-forgets")
        if call.result == 0 and call.call in (*SLEEPS, *SIGNALS, "listen", "close", "shutdown", "setsockopt", "fcntl"):
            return "call", None, note  # nothing but "done"
        if call.call in ACCEPTS and call.fd is None:  # of a virtual machine: what it returns is no descriptor
            return "call", None, note
        return "call", f"= {call.result}", note

    def _patience(self, call: SystemCall) -> tuple[str, int] | None:
        """The option that ended a call's waiting, and how long it let it wait, in nanoseconds."""
        option = "SO_SNDTIMEO" if call.call in SENDS else "SO_RCVTIMEO"
        for one in reversed(self._before(call)):
            found = re.search(rf"\b{option}, ([\d,]+)\)", one.text) if one.fd == call.fd else None
            if found is not None:
                limit_ns = int(found[1].replace(",", "")) * 1_000_000
                waited_ns = (call.until_ns or call.t_ns) - call.t_ns
                return (option, limit_ns) if waited_ns * 10 >= limit_ns * 9 > 0 else None
        return None

    def _thrown_away(self, call: SystemCall) -> str | None:
        """That what a write handed over never left, or how much of it."""
        lost = self.never_sent.get((call.side, call.t_ns))
        if lost is None:
            return None
        n, held_back = lost
        if held_back:
            return self.say("call-held-back")
        return self.say("call-never-sent" if n == call.result else "call-partly-sent", n=words.number(n))

    def _never_asked(self, call: SystemCall) -> bool:
        """Whether a write of nothing returned 0 on a socket that a RST had ended: a kernel would have said so.

        Runtimes do so with an empty buffer, Java's channels for one: they do not call the kernel.
        """
        if call.call not in SENDS or call.result != 0 or not re.search(r"\b0 bytes\b", call.text):
            return False
        return any(
            reset.accepted and reset.sender != call.side and reset.ts_ns < call.t_ns for reset in self.connection.resets
        )

    def _unsent(self, call: SystemCall) -> bool:
        """Whether the kernel failed it without a packet: it knew already that the connection was dead."""
        late = call.call in SENDS and call.t_ns > self.connection.last_ns and self.connection.ending != "open"
        return late and named_error(call) in DEAD

    def _before(self, call: SystemCall) -> list[SystemCall]:
        """The same end's calls before it."""
        return [one for one in self.connection.calls if one.side == call.side and one.t_ns < call.t_ns]

    def meaning(self, errno: str) -> str | None:
        """What the C library says of an errno: “Broken pipe”."""
        return self.say("call-error", meaning=self.say(f"errno-{errno}")) if words.has(f"errno-{errno}") else None

    # --- ends of processes

    def _exits(self, side: Side) -> list[Exit]:
        """Those that the connection's story needs: a killing, or an end while the connection still is."""
        last = max([self.connection.last_ns, *(call.t_ns for call in self.connection.calls)])
        return [
            end
            for end in self.connection.exits
            if end.side == side and (end.signal is not None or end.t_ns <= last or not self._closed(end))
        ]

    def _closed(self, end: Exit) -> bool:
        return any(
            call.call == "close" and call.pid == end.pid and call.process == end.process and not call.on_listener
            for call in self.connection.calls
        )

    def _exit(self, end: Exit) -> Mark:
        others = any(
            call.side == end.side and (call.process, call.pid) != (end.process, end.pid) and call.t_ns > end.t_ns
            for call in self.connection.calls
        )
        text = f"exit({end.status})" if end.signal is None else self.say("killed", signal=end.signal)
        aborted = any(r.sender == end.side and r.shape == "active" for r in self.connection.resets)
        goes_on = self.connection.last_ns > end.t_ns and not others and not aborted
        return Call(
            t_ns=self.at(end.t_ns),
            side=end.side,
            text=text,
            kind="call" if others else "exit",
            note=self.say("process-gone") if goes_on and self.timed else None,
            signals=() if end.signal is None else (end.signal,),
        )

    # --- the kernel, the world

    def _states(self) -> list[Mark]:
        """Changes that the kernel recorded and that no packet brought, or long before the packet that shows them."""
        sent = {segment.frame: segment for segment in self.connection.segments}

        def alone(event: KernelEvent) -> bool:
            if event.frame is None or event.frame not in sent:
                return event.frame is None
            return sent[event.frame].ts_ns - event.t_ns > BLOCKS_NS

        return [
            State(side=event.side, name=event.state, t_ns=self.at(event.t_ns), source="traced")
            for event in self.connection.kernel
            if event.kind == "state" and not event.handed_over and event.state is not None and alone(event)
            and event.t_ns > self.start_ns and event.state != "SYN_SENT"  # that is the socket's next connection
        ]  # fmt: skip

    def _steps(self) -> list[Mark]:
        """One box for steps between which nothing else happened."""
        connection = self.connection
        other = [s.ts_ns for s in connection.segments] + [c.t_ns for c in connection.calls if self._worth(c)]
        marks: list[Note] = []
        last, last_ns = "", 0
        for step in self._own_steps():
            text, typed = self._step(step)
            if not text or self.at(step.t_ns) < -EARLY_NS:
                continue
            one = Note(t_ns=self.at(step.t_ns), text=text, boxed=True, typed=(typed,) if typed else (), source="traced")
            if not marks or any(last_ns < other_ns <= step.t_ns for other_ns in other):
                marks.append(one)
            else:
                said = self._joined(marks[-1].text, last, text, NFT.match(step.text) is not None)
                marks[-1] = replace(marks[-1], text=said, typed=marks[-1].typed + one.typed)
            last, last_ns = text, step.t_ns
        return list(marks)

    def _forgets(self, call: SystemCall) -> bool:
        """Whether it closed a socket under TCP_REPAIR: without a packet."""
        if call.call != "close" or call.on_listener:
            return False
        return any("TCP_REPAIR, 1" in one.text and one.fd == call.fd for one in self._before(call))

    def _own_steps(self) -> list[Step]:
        """The steps of no earlier connection; what was held on the wire, if something of this one was, by both ends."""
        steps = [step for step in self.connection.steps if not step.earlier]
        released = [step.t_ns for step in steps if step.text.endswith(" goes on")]
        ways = [(s.ts_ns, s.arrived_ns) for s in self.connection.segments if s.fate == "arrived"]
        known = self.connection.other_end is not None and released and all(there is not None for _, there in ways)
        held = any(left <= t_ns <= (there or 0) for left, there in ways for t_ns in released)
        if not known or held:
            return steps
        return [step for step in steps if not step.text.endswith((" goes on", " is held on the wire"))]

    def _joined(self, one: str, last: str, other: str, rule: bool) -> str:
        """One step more behind a text, `last` at its end; whose firewall they are stands there once."""
        head, colon, rest = other.partition(self.say("colon"))
        again = rule and last.startswith(head + colon)
        return one + ("；" if self.lang == "zh" else "; ") + (rest if again else other)

    def _step(self, step: Step) -> tuple[str, str]:
        """In the figure's language where it is known in it, else as it was recorded, and quoted; what of it is typed.

        Of a firewall its rules, and a policy that is not to accept: "" for the table and the chain that hold them.
        """
        found = NFT.match(step.text)
        if found is None:
            text = clipped(step.text)
            command = COMMAND.fullmatch(text)
            said = told(text, self.lang) or (text if self.lang == "en" else f"“{text}”")
            return said, "" if command is None else command[1]
        host, what, rest = found.groups()
        policy = re.search(r"policy (\w+)", rest) if what == "chain" else None
        if what == "rule":
            said = clipped(rest.partition(" ")[2])  # behind the chain's name
        elif policy is not None and policy[1] != "accept":
            said = policy[0]
        else:
            return "", ""
        whose = self.say(host) if host in ("client", "server") else visible(host)
        return self.say("firewall", host=whose) + self.say("colon") + said, said

    def _kernel_error(self, event: KernelEvent) -> str:
        """What the kernel reports, and from when the limit counted that made it do so."""
        found = self.limit
        if found is None or found.since is None or found.side != event.side:
            return self.say("kernel-error", side=event.side, errno=event.errno)
        late = self.say("kernel-error-late", time=words.span(found.late_ns)) if found.late_ns else ""
        said = self.say(
            f"kernel-error-{found.option}" + ("" if found.nth else "-probe"), side=event.side, errno=event.errno,
            value=found.value, time=words.span(found.ns), n=found.nth, nth=words.nth(found.nth),
        )  # fmt: skip
        return said + late

    def _errors(self) -> list[Mark]:
        """Errors that no packet brought."""
        connection, marks = self.connection, list[Mark]()
        received = [event.t_ns for event in connection.kernel if event.kind == "reset-received"]
        for event in connection.kernel:
            alone = event.kind == "error" and all(abs(event.t_ns - t_ns) > BLOCKS_NS for t_ns in received)
            if alone and self.timed and event.errno is not None and event.errno.startswith("E"):
                text = self._kernel_error(event)
                marks.append(Note(t_ns=self.at(event.t_ns), text=text, source="traced"))
        return marks
