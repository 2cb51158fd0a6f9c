"""The notes' claims about RST, FIN and the two errors: each is judged from recordings made on the reader's own kernel.

Dropping a file in is the whole registration: `n7b.py` holds a class that derives from `Claim`. Its docstring is its
page: what the note says, how it is measured, and what was found.

A claim's `judge` is a pure function of one recording. It looks at calls, packets and exits, never at a scenario's name,
so that it comes out either way. `scenarios` are the cases that the note's sentence covers: if it is true of all of
them the claim holds, if of some of them only, it holds only under what those have in common. `changed` are cases that
the sentence does not cover, in which the same measurement must turn out otherwise.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

from ...capture import facts
from ...capture.formats import open_capture
from ...capture.recording import Recording
from ...capture.segments import Segment, parse, split
from ...capture.table import LINKTYPE_ETHERNET, Records
from ..scan import scan
from ..story import Connection
from ..tell import tell

Verdict = Literal["holds", "does-not-hold", "holds-only-if"]

WRITES = ("write", "send")
READS = ("read", "recv")
#: Errors whose sentence the notes are about (glibc's words, in N6 they are asked for).
SENTENCES = {"EPIPE": "Broken pipe", "ECONNRESET": "Connection reset by peer", "ECONNREFUSED": "Connection refused"}


class NotMeasuredError(Exception):
    """The recording does not contain what the claim speaks of: one line says what is missing."""


class Evidence:
    """One recording as a claim sees it: what programs and kernel said, and the packets."""

    def __init__(self, recording: Recording) -> None:
        self.name = recording.description.name
        self.folder = recording.folder
        self.truth = recording.truth
        self.hosts = recording.description.hosts
        self._packets, self._server = recording.packets, recording.server

    @cached_property
    def packets(self) -> tuple[Segment, ...]:
        """Every TCP segment at the client's end, with its bytes."""
        return segments_of(self._packets)

    @cached_property
    def packets_at_server(self) -> tuple[Segment, ...]:
        """The same at the server's end: what was lost on the way, or came later, is so at one end only."""
        return segments_of(self._server) if self._server else self.packets

    def packets_at(self, host: str) -> tuple[Segment, ...]:
        """Every TCP segment at a host's end of the wire."""
        return self.packets_at_server if host == "server" else self.packets

    @cached_property
    def connections(self) -> tuple[Connection, ...]:
        """The connections with their segments, told as `finrst explain` tells them."""
        found = scan(str(self._packets))
        return tell(found, [c.number for c in found.connections]).connections

    @property
    def connection(self) -> Connection:
        """The connection that the scenario is about. Raises NotMeasuredError."""
        if not self.connections:
            raise NotMeasuredError("no TCP connection was captured")
        return self.connections[0]

    def host(self, endpoint: str) -> str:
        """The host of an endpoint: client, server, proxy."""
        return self.hosts.get(split(endpoint)[0], "?")

    def sent(self, host: str, *flags: str, after: int = 0) -> list[Segment]:
        """The segments with these flags that came from a host, after a time."""
        return [one for one in self.packets if self.host(one.src) == host and one.has(*flags) and one.t_ns >= after]

    def came(self, host: str, *flags: str, after: int = 0) -> list[Segment]:
        """The segments with these flags that reached a host, as captured there, after a time."""
        return [
            one for one in self.packets_at(host) if self.host(one.dst) == host and one.has(*flags) and one.t_ns >= after
        ]

    def calls(self, process: str, *names: str, after: int = 0) -> list[facts.Call]:
        """The calls of a process with these names, begun after a time."""
        return [
            one
            for one in self.truth.facts
            if isinstance(one, facts.Call) and one.process == process and one.t_ns >= after
            if not names or one.call in names
        ]

    def exits(self, process: str) -> list[facts.Exit]:
        """How a process ended; nothing if the recording ended it."""
        return [one for one in self.truth.facts if isinstance(one, facts.Exit) and one.process == process]

    def gone(self) -> tuple[str, int]:
        """The process that closed its connection or died first, and when. Raises NotMeasuredError."""
        ends = [
            (one.t_ns, one.process)
            for one in self.truth.facts
            if isinstance(one, facts.Exit) or (isinstance(one, facts.Call) and one.call == "close" and one.remote)
        ]
        if not ends:
            raise NotMeasuredError("neither end closed its connection, and neither died")
        t_ns, process = min(ends)
        return process, t_ns

    def finished(self) -> tuple[str, int]:
        """The end whose FIN came first, and when; without one, as `gone`. Raises NotMeasuredError."""
        fins = [segment for segment in self.packets if segment.has("FIN")]
        return (self.host(fins[0].src), fins[0].t_ns) if fins else self.gone()


def segments_of(capture: Path) -> tuple[Segment, ...]:
    """The TCP segments of one of the lab's captures."""
    found = []
    source, records = open_capture(str(capture)), Records()
    try:
        while count := source.fill(records):
            for row in range(count):
                at = records.at[row] + (14 if records.link[row] == LINKTYPE_ETHERNET else 0)
                raw = bytes(records.data[at : records.at[row] + records.captured[row]])
                if segment := parse(raw, records.ts[row]):
                    found.append(segment)
    finally:
        source.close()
    return tuple(found)


def other(process: str) -> str:
    """The process at the other end."""
    return "client" if process == "server" else "server"


def header(segment: Segment) -> bytes:
    """The bytes of a segment's TCP header, options included."""
    at = 40 if segment.raw[0] >> 4 == 6 else (segment.raw[0] & 15) * 4
    return segment.raw[at : at + (segment.raw[at + 12] >> 4) * 4]


def fin_before(one: Evidence, host: str) -> bool:
    """Whether a FIN reached the host before its first RST, or without one."""
    fins, resets = one.came(host, "FIN"), one.came(host, "RST")
    return bool(fins) and (not resets or fins[0].t_ns < resets[0].t_ns)


def said(call: facts.Call) -> str:
    """What a call came to, as a sentence's end: `write returned 18`."""
    signals = f" and {' and '.join(call.signals)} was raised" if call.signals else ""
    if call.until_ns is None:
        return f"{call.call} never returned"
    if call.errno:
        words = f' ("{SENTENCES[call.errno]}")' if call.errno in SENTENCES else ""
        return f"{call.call} failed with {call.errno}{words}{signals}"
    if call.says == "EOF":
        return f"{call.call} returned 0, end of file"
    if call.call == "getsockopt" and call.says:
        return call.says.replace("SO_ERROR = ", "SO_ERROR was ")
    if call.says:
        return f"{call.call} said {call.says}"
    return f"{call.call} returned {call.result:,}"


@dataclass(frozen=True)
class Finding:
    """What one recording says about a claim."""

    holds: bool
    text: str  # what was done and what came, with the recording's own numbers
    when: str = ""  # the circumstance, as measured: "the process left 6 bytes unread"


@dataclass(frozen=True)
class Measured:
    """What a claim came to."""

    verdict: Verdict
    text: str
    condition: str = ""  # behind "holds only if"
    remark: str = ""  # what only shows when the recordings are compared


class Claim:
    """One claim of the notes."""

    code: ClassVar[str]  # "N7b", from the file's name
    says: ClassVar[str]  # what the note says, one plain sentence
    scenarios: ClassVar[tuple[str, ...]]  # the cases that it covers
    changed: ClassVar[tuple[str, ...]]  # cases that it does not cover, in which it must turn out otherwise

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        stem = cls.__module__.rpartition(".")[2]
        cls.code = stem[0].upper() + stem[1:]

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        """Whether the note's sentence is true of this recording. Raises NotMeasuredError."""
        raise NotImplementedError

    @classmethod
    def measure(cls, recordings: Sequence[Evidence]) -> Measured:
        """The verdict from these recordings. Raises NotMeasuredError when there is none, or one says nothing."""
        if not recordings:
            raise NotMeasuredError("there is no recording")
        found = [cls.judge(one) for one in recordings]
        true = [one for one in found if one.holds]
        text = "; ".join(dict.fromkeys(one.text for one in found))
        if len(true) == len(found):
            return Measured("holds", text)
        if not true:
            return Measured("does-not-hold", text)
        return Measured("holds-only-if", text, " or ".join(dict.fromkeys(one.when for one in true)))


def claims() -> dict[str, type[Claim]]:
    """All claims by their code, in order."""
    found: dict[str, type[Claim]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Claim) and value.__module__ == loaded.__name__:
                found[value.code] = value
    return found


def evidence(folder: Path) -> Evidence:
    """A recording from its folder. Raises OSError."""
    from ...capture.recording import read

    return Evidence(read(folder))
