"""What the kernel and the programs themselves said, beside the packets: `truth.jsonl` of a recording.

One fact a line, each a JSON object whose "fact" names its class here. Times are integers of nanoseconds
since 1970 on the clock of the packets (CLOCK_REALTIME); what a source's own clock said was moved by
`Source.offset_ns`. Endpoints are "address:port", "[address]:port" for IPv6. A fact belongs to the connection
whose two endpoints are its `local` and `remote`; a call on a listener has no `remote`.

Lines are appended as things happen, so that a recording which was killed is readable up to that moment; they
stand in the order in which they were written, `read` sorts them by time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TextIO

SCHEMA = 1
LONGEST = 1 << 20  # characters of a line

Argument = int | str | None


class FactError(ValueError):
    """A line of truth.jsonl that says nothing that can be used: where, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of facts: whether it could be used in this recording, and how good its clock was."""

    fact: ClassVar[str] = "source"
    t_ns: int
    name: str  # the module in capture/truth or capture/live
    available: bool
    why: str = ""  # why not
    offset_ns: int = 0  # what was added to its clock
    uncertainty_ns: int = 0  # of that offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call of a program: its arguments, what it returned, and the signals that it raised."""

    fact: ClassVar[str] = "call"
    t_ns: int
    until_ns: int | None  # None: it had not returned when the recording ended, or the process died in it
    process: str  # the scenario's name of it: client, server, proxy ...
    pid: int
    call: str  # write
    text: str  # as a person reads it: write(4, 18 bytes)
    fd: int | None = None
    arguments: tuple[Argument, ...] = ()
    result: int | None = None  # -1 with errno
    errno: str | None = None  # EPIPE
    says: str | None = None  # what else came back: IN OUT ERR HUP RDHUP, SO_ERROR = EPIPE, EOF
    signals: tuple[str, ...] = ()  # raised by it: SIGPIPE
    local: str | None = None
    remote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A process has ended."""

    fact: ClassVar[str] = "exit"
    t_ns: int
    process: str
    pid: int
    status: int | None = None
    signal: str | None = None  # SIGPIPE


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetSent:
    """The kernel sends a RST (tracepoint tcp:tcp_send_reset): `reason` is its sk_rst_reason without SK_RST_REASON_."""

    fact: ClassVar[str] = "reset-sent"
    t_ns: int
    reason: str
    state: str  # RFC 9293's name; UNKNOWN where there is no socket
    local: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetReceived:
    """The kernel has accepted a RST (tracepoint tcp:tcp_receive_reset)."""

    fact: ClassVar[str] = "reset-received"
    t_ns: int
    state: str
    local: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """A socket has changed its state (tracepoint sock:inet_sock_set_state)."""

    fact: ClassVar[str] = "state"
    t_ns: int
    old: str
    new: str
    local: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketError:
    """The kernel reports an error to a socket (tracepoint sock:inet_sk_error_report)."""

    fact: ClassVar[str] = "error"
    t_ns: int
    errno: str
    local: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the scenario did to the world between the calls: a firewall rule, a cut wire, a forged segment."""

    fact: ClassVar[str] = "step"
    t_ns: int
    text: str


Fact = Source | Call | Exit | ResetSent | ResetReceived | StateChange | SocketError | Step

KINDS: dict[str, type[Fact]] = {
    kind.fact: kind for kind in (Source, Call, Exit, ResetSent, ResetReceived, StateChange, SocketError, Step)
}


def endpoint(address: str, port: int) -> str:
    """An endpoint as facts name it."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def line(fact: Fact) -> str:
    """The fact as one line of JSON; what is empty is left out."""
    told = {name: value for name, value in asdict(fact).items() if value not in (None, "", ()) or name == "until_ns"}
    return json.dumps({"fact": fact.fact, **told}, ensure_ascii=False) + "\n"


def parse(text: str) -> Fact:
    """One line's fact. Raises FactError; fields that are not known here are passed over."""
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError) as error:  # brackets without end
        raise FactError("no JSON") from error
    if not isinstance(told, dict) or not isinstance(told.get("fact"), str) or told["fact"] not in KINDS:
        raise FactError("no fact that is known")
    kind = KINDS[told["fact"]]
    values: dict[str, Any] = {}
    for one in fields(kind):
        if one.name in told:
            value = told[one.name]
            if not _fits(str(one.type), value):
                raise FactError(f"{one.name} is no {one.type}")
            values[one.name] = tuple(value) if isinstance(value, list) else value
        elif one.default is MISSING:
            if "None" not in str(one.type):
                raise FactError(f"{one.name} is missing")
            values[one.name] = None
    return kind(**values)


def _fits(annotation: str, value: object) -> bool:
    """Whether a JSON value may stand in a field with this annotation."""
    if annotation.startswith("tuple"):
        allowed: tuple[type, ...] = (str,) if "str, ..." in annotation else (int, str, type(None))
        return isinstance(value, list) and all(isinstance(item, allowed) for item in value)
    if value is None:
        return "None" in annotation
    if isinstance(value, bool):
        return annotation == "bool"
    return isinstance(value, int if annotation.startswith("int") else str) and annotation != "bool"


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one line of truth.jsonl."""
    kinds = []
    for kind in KINDS.values():
        properties: dict[str, Any] = {"fact": {"const": kind.fact}}
        required = ["fact"]
        for one in fields(kind):
            properties[one.name] = _schema_of(str(one.type))
            if one.default is MISSING:
                required.append(one.name)
        about = (kind.__doc__ or "").strip()
        kinds.append({"description": about, "type": "object", "properties": properties, "required": required})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One line of truth.jsonl, version {SCHEMA}",
        "oneOf": kinds,
    }


def _schema_of(annotation: str) -> dict[str, Any]:
    """The JSON Schema of a field with this annotation."""
    plain = {"int": "integer", "str": "string", "bool": "boolean", "None": "null"}
    if annotation == "tuple[str, ...]":
        return {"type": "array", "items": {"type": "string"}}
    if annotation == "tuple[Argument, ...]":
        return {"type": "array", "items": {"type": ["integer", "string", "null"]}}
    types = [plain[name] for name in annotation.split(" | ")]
    return {"type": types[0] if len(types) == 1 else types}


@dataclass
class Truth:
    """The facts of one recording in order of time, and the lines that could not be read."""

    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, local: str, remote: str) -> Iterator[Fact]:
        """The facts of one end of a connection, and of the listener that it came from."""
        for fact in self.facts:
            at = getattr(fact, "local", None)
            if at == local and getattr(fact, "remote", None) in (remote, None):
                yield fact


def read(path: str | Path) -> Truth:
    """All facts of a truth.jsonl, by time; damaged or cut lines are passed over: one note names the first of them.

    Raises OSError.
    """
    truth = Truth()
    damaged, first = 0, ""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(_lines(file), 1):
            try:
                truth.facts.append(parse(text))
            except FactError as error:
                damaged += 1
                first = first or f"line {number}: {error}"
    if damaged:
        others = f"; {damaged - 1:,} more lines like it" if damaged > 1 else ""
        truth.notes.append(f"{path}: {first}; passed over{others}")
    truth.facts.sort(key=lambda fact: fact.t_ns)
    return truth


def _lines(file: TextIO) -> Iterator[str]:
    """The lines; of one that is longer than LONGEST only so much, which is no fact then."""
    while text := file.readline(LONGEST):
        yield text
        while text and not text.endswith("\n"):
            text = file.readline(LONGEST)


def write(path: str | Path, facts: Iterable[Fact]) -> None:
    """Append the facts."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.writelines(line(fact) for fact in facts)
