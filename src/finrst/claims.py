"""What `finrst claims` does: replays the notes' claims on this machine's kernel, and says which of them hold."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import __version__

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from .analyze.claims import Claim, Evidence, Measured

STYLE = {"holds": "bold green", "does-not-hold": "bold red", "holds-only-if": "bold yellow", "not-measured": "dim"}


@dataclass
class Case:
    """One recording of a claim, and what it came to."""

    name: str
    folder: Path
    measured: Measured | None = None
    problem: str = ""  # why there is nothing measured


@dataclass
class Judged:
    """One claim, replayed."""

    claim: type[Claim]
    measured: Measured | None = None  # None: not one of its cases could be recorded
    cases: list[Case] = field(default_factory=list)  # those that the note speaks of
    changed: list[Case] = field(default_factory=list)  # those in which it must turn out otherwise

    @property
    def verdict(self) -> str:
        """The verdict's name in JSON."""
        return self.measured.verdict if self.measured else "not-measured"

    @property
    def missing(self) -> str:
        """Why its cases could not be measured; empty if they could."""
        return "; ".join(dict.fromkeys(case.problem for case in self.cases if case.problem))

    def record(self) -> dict[str, Any]:
        """For programs."""
        condition = self.measured.condition if self.measured else ""
        return {
            "claim": self.claim.code,
            "verdict": self.verdict,
            "measured": "; ".join(filter(None, (self.measured.text, self.measured.remark)))
            if self.measured
            else self.missing,
            "recording": str(self.look.folder),
            "says": self.claim.says,
            "condition": condition or None,
            "cases": [told(case) for case in self.cases],
            "perturbed": [told(case) for case in self.changed],
        }

    @property
    def look(self) -> Case:
        """The recording to look at first."""
        return next((case for case in self.cases if case.measured), self.cases[0])


def told(case: Case) -> dict[str, Any]:
    """One case, for programs."""
    return {
        "scenario": case.name,
        "verdict": case.measured.verdict if case.measured else "not-measured",
        "measured": case.measured.text if case.measured else case.problem,
        "recording": str(case.folder),
    }


def chosen(words: Sequence[str]) -> list[type[Claim]]:
    """The claims asked for, all if none is: "N7b", "n7b", or "N7" for N7a, N7b and N7c. Raises KeyError."""
    from .analyze.claims import claims

    known = claims()
    wanted = set()
    for word in words:
        found = {code for code in known if code.lower() == word.lower() or code.rstrip("abcd").lower() == word.lower()}
        if not found:
            raise KeyError(word)
        wanted |= found
    return [claim for code, claim in known.items() if not words or code in wanted]


def replayed(
    wanted: Sequence[type[Claim]], into: Path, family: Literal[4, 6], doing: Callable[[str], None]
) -> Iterator[Judged]:
    """Record what each claim needs, once, and judge it; `doing` is told what is being recorded.

    Raises lab.UnavailableError where the machine allows no laboratory; OSError where nothing can be written.
    """
    seen: dict[str, Evidence | str] = {}

    def case(claim: type[Claim], name: str) -> Case:
        if name not in seen:
            doing(f"{claim.code}: {name}")
            seen[name] = recorded(name, into, family)
        evidence = seen[name]
        if isinstance(evidence, str):
            return Case(name, into / name, problem=evidence)
        return judged(claim, Case(name, into / name), evidence)

    for claim in wanted:
        one = Judged(claim, cases=[case(claim, name) for name in claim.scenarios])
        one.changed = [case(claim, name) for name in claim.changed]
        usable = [seen[case.name] for case in one.cases if case.measured]
        if usable:
            one.measured = claim.measure([evidence for evidence in usable if not isinstance(evidence, str)])
        yield one


def recorded(name: str, into: Path, family: Literal[4, 6]) -> Evidence | str:
    """Record one scenario; why it could not be, in one line."""
    from .analyze.claims import Evidence
    from .capture import lab, recording
    from .capture.scenarios import missing, scenarios

    scenario = scenarios()[name]
    if why := missing(scenario.needs):
        return why
    if family not in scenario.families:
        return f"it has no IPv{family} form"
    if "scapy" in scenario.needs:
        import scapy.layers.inet6  # noqa: F401  (takes its time: once here, not in each scenario's process)
    try:
        return Evidence(recording.record(scenario, into, family, __version__))
    except lab.UnavailableError:
        raise
    except lab.LabError as error:
        return str(error).removeprefix(f"{name}: ")


def judged(claim: type[Claim], case: Case, evidence: Evidence) -> Case:
    """The case with what it came to."""
    from .analyze.claims import NotMeasuredError

    try:
        case.measured = claim.measure([evidence])
    except NotMeasuredError as error:
        case.problem = str(error)
    return case


def verdict_line(one: Judged) -> Text:
    """N5b  holds only if the dead process left data unread"""
    from rich.text import Text

    words = {
        "holds": "holds",
        "does-not-hold": "does not hold",
        "holds-only-if": "holds only if",
        "not-measured": "could not be measured here",
    }[one.verdict]
    line = Text.assemble((f"{one.claim.code:<5}", "bold"), (words, STYLE[one.verdict]))
    if one.measured and one.measured.condition:
        line.append(f" {one.measured.condition}", STYLE[one.verdict])
    return line


def print_claim(one: Judged, console: Console) -> None:
    """One claim for people: what the note says, what this kernel did, where to look."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console.print(verdict_line(one))
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.add_column(no_wrap=True, style="dim", width=13)
    rows.add_column()
    rows.add_row("the note says", one.claim.says)
    for heading, cases in (("this kernel", one.cases), ("compare", one.changed)):
        for number, case in enumerate(cases):
            text = Text(case.measured.text if case.measured else f"not measured: {case.problem}")
            if heading == "compare" or len(one.cases) > 1:
                outcome = {"holds": "holds", "does-not-hold": "does not hold"}
                if case.measured:
                    text.append(f": {outcome[case.measured.verdict]}", STYLE[case.measured.verdict].split()[-1])
                text.append(f" ({case.name})", "dim")
            rows.add_row("" if number else heading, text)
    if one.measured and one.measured.remark:
        rows.add_row("so", one.measured.remark)
    console.print(Padding(rows, (0, 0, 0, 5)))
    command = f"finrst explain {shlex.quote(str(one.look.folder))} --connection 0"
    console.print(Text.assemble(("     look at it    ", "dim"), (command, "cyan")), soft_wrap=True)
    console.print()


def print_end(all_of_them: Sequence[Judged], into: Path, console: Console) -> None:
    """How many hold, where the recordings are, what to type next."""
    from rich.text import Text

    uname = os.uname()
    counts = [
        f"{number} {words}"
        for verdict, words in (
            ("holds", "hold"),
            ("holds-only-if", "only under a condition"),
            ("does-not-hold", "not"),
            ("not-measured", "could not be measured"),
        )
        if (number := sum(one.verdict == verdict for one in all_of_them))
    ]
    if len(all_of_them) > 1:
        of_all = f"Of {len(all_of_them)} claims, on {uname.sysname} {uname.release}"
        console.print(Text(f"{of_all}: {', '.join(counts)}.", "bold"))
    console.print(f"The recordings are in {into}. Look at any of them:")
    look = next((one for one in all_of_them if one.verdict == "does-not-hold"), all_of_them[0]).look
    for command in (
        f"finrst explain {shlex.quote(str(look.folder))} --connection 0",
        f"finrst draw {shlex.quote(str(look.folder))} --connection 0 -o {look.name}.svg",
    ):
        console.print(Text(f"  {command}", "cyan"), soft_wrap=True)
