"""The scenarios: one file each, with real sockets on this machine's own kernel.

Dropping a file in is the whole registration: `write_twice.py` holds a class that derives from `Scenario`, and is
recorded by `finrst record write-twice`. Its docstring is its page, with the headings Shows, Steps and Expect. A file
may hold variants of its scenario, classes with a `variant`: their names are the file's with the variant behind it.

A scenario waits for what it depends on (the ACK of a FIN, a RST, a state), never for time, unless time is its subject:
then a second run comes to the same. Steps that three scenarios or more have in common stand in `steps.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from .. import facts

if TYPE_CHECKING:
    from ..lab import Lab, Wired

HEADINGS = ("Shows", "Steps", "Expect")


@dataclass(frozen=True, slots=True)
class Expect:
    """What has to come of a scenario, as a machine can check it.

    ending, ended_by: of its connection 0, in the words of the JSON output; None: not said.
    verdict: the code of the headline verdict on its connection 0, by the client's packets alone; None: not said.
    proved: the same by the whole recording, where it is another: only where the kernel can be asked.
    calls: "server write = EPIPE SIGPIPE", one for each call of that name by that process, in their order, and no
        others. Behind the = stands what it returned (a number, or an errno), then the signals that it raised; EOF for
        a read of 0; for getsockopt SO_ERROR the errno or 0; for poll the events; "blocked" if it did not return,
        "died SIGPIPE" if the process died in it; "any".
    resets: "client TCP_TIMEWAIT_SOCKET", one for each RST that a kernel sent, in their order: the sending host, and the
        reason's name. None: not checked. It is only where the kernel can be asked.
    """

    ending: str | None
    ended_by: str | None
    calls: tuple[str, ...] = ()
    resets: tuple[str, ...] | None = None
    verdict: str | None = None
    proved: str | None = None

    def differences(self, truth: facts.Truth, hosts: dict[str, str]) -> list[str]:
        """What came otherwise, one line each. `hosts`: the names of addresses."""
        wrong = []
        all_calls = [fact for fact in truth.facts if isinstance(fact, facts.Call)]
        wanted: dict[tuple[str, str], list[str]] = {}
        for one in self.calls:
            who, value = (part.strip() for part in one.split("=", 1))
            process, call = who.split()
            wanted.setdefault((process, call), []).append(value)
        for (process, call), values in wanted.items():
            made = [fact for fact in all_calls if (fact.process, fact.call) == (process, call)]
            if len(made) != len(values):
                wrong.append(f"{process} {call}: {len(values)} calls expected, {len(made)} made")
            for number, (fact, value) in enumerate(zip(made, values, strict=False), 1):
                if not matches(fact, value):
                    wrong.append(f"{process} {call} {number}: {value} expected, {came_to(fact)} came")
        sources = {fact.name: fact.available for fact in truth.facts if isinstance(fact, facts.Source)}
        if self.resets is not None and sources.get("tracefs"):
            sent = tuple(
                f"{hosts.get(fact.local.rpartition(':')[0].strip('[]'), '?')} {fact.reason}"
                for fact in truth.facts
                if isinstance(fact, facts.ResetSent)
            )
            if sent != self.resets:
                wrong.append(f"RSTs: {', '.join(self.resets) or 'none'} expected, {', '.join(sent) or 'none'} sent")
        return wrong


def came_to(fact: facts.Call) -> str:
    """What a call came to, in the words of `Expect.calls`."""
    if fact.until_ns is None:
        return " ".join(("died" if fact.signals else "blocked", *fact.signals))
    if fact.errno:
        value = fact.errno
    elif fact.says:
        value = fact.says.removeprefix("SO_ERROR = ")
    else:
        value = str(fact.result)
    return " ".join((value, *fact.signals))


def matches(fact: facts.Call, value: str) -> bool:
    """Whether a call came to what was expected."""
    return value == "any" or came_to(fact) == value


class Scenario:
    """One scenario. A new object for each recording."""

    title: ClassVar[str]  # a sentence without its full stop
    wire: ClassVar[Wired] = "loopback"  # "veth": two hosts; "tun": a wire that can be meddled with
    claims: ClassVar[tuple[str, ...]] = ()  # of the notes that this measures: "N7b"
    needs: ClassVar[tuple[str, ...]] = ()  # "nft", "java", "scapy" ...: see `missing`
    families: ClassVar[tuple[Literal[4, 6], ...]] = (4, 6)
    expect: ClassVar[Expect]
    variant: ClassVar[str] = ""
    pictured: ClassVar[tuple[int, ...]] = (0,)  # the connections that its title is about
    perturbs: ClassVar[str] = ""  # the scenario whose claim must turn out otherwise here

    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        stem = cls.__module__.rpartition(".")[2].replace("_", "-")
        variant = cls.__dict__.get("variant", "")
        cls.name = f"{stem}-{variant}" if variant else stem

    def run(self, lab: Lab) -> None:
        """Do it. What it leaves running is ended by the lab."""
        raise NotImplementedError

    @classmethod
    def sections(cls) -> dict[str, str]:
        """The docstring's text under each heading."""
        found: dict[str, list[str]] = {}
        current: list[str] = []
        for line in (cls.__doc__ or "").splitlines():
            if line.strip() in HEADINGS:
                current = found.setdefault(line.strip(), [])
            else:
                current.append(line.strip())
        return {heading: "\n".join(lines).strip() for heading, lines in found.items()}


def scenarios() -> dict[str, type[Scenario]]:
    """All scenarios by name, in order of name."""
    found: dict[str, type[Scenario]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Scenario) and value.__module__ == loaded.__name__:
                found[value.name] = value
    return dict(sorted(found.items()))


def _program(name: str) -> Callable[[], bool]:
    import shutil

    return lambda: shutil.which(name) is not None


def _module(name: str) -> Callable[[], bool]:
    from importlib.util import find_spec

    return lambda: find_spec(name) is not None


def missing(needs: tuple[str, ...]) -> str | None:
    """Why a scenario with these needs cannot run here, with the remedy; None if it can."""
    import os

    known: dict[str, tuple[Callable[[], bool], str]] = {
        "nft": (_program("nft"), "apt install nftables"),
        "ss": (_program("ss"), "apt install iproute2"),
        "java": (_program("javac"), "apt install default-jdk-headless"),
        "scapy": (_module("scapy"), "pip install 'finrst[forge]'"),
        "root": (lambda: os.geteuid() == 0, "run it with sudo"),
    }
    for need in needs:
        there, remedy = known[need]
        if not there():
            return f"needs {need}: {remedy}"
    return None
