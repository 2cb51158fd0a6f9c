"""What `finrst scenarios`, `finrst record` and `finrst doctor` do: the lab, as a reader meets it."""

from __future__ import annotations

import json
import shutil
import textwrap
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import __version__

if TYPE_CHECKING:
    from .capture.recording import Recording
    from .capture.scenarios import Scenario


def listed() -> list[dict[str, Any]]:
    """Every scenario as a record: name, title, claims, wire, needs, expect, and why it cannot run here, if so."""
    from .capture.scenarios import missing, scenarios

    return [
        {
            "name": name,
            "title": one.title,
            "claims": list(one.claims),
            "wire": one.wire,
            "families": [f"IPv{family}" for family in one.families],
            "needs": list(one.needs),
            "missing": missing(one.needs),
            "expect": asdict(one.expect),
        }
        | one.sections()
        for name, one in scenarios().items()
    ]


def scenario_lines(records: Sequence[dict[str, Any]], columns: int = 100) -> Iterator[str]:
    """The list for people, in lines of so many columns."""
    indent = " " * (2 + max((len(record["name"]) for record in records), default=0))
    for record in records:
        claims = f" ({', '.join(record['claims'])})" if record["claims"] else ""
        said = [f"{record['title']}{claims}"]
        if record["missing"]:
            said.append(f"not here: {record['missing']}")
        lines = [line for one in said for line in textwrap.wrap(one, max(columns - len(indent), 30))]
        yield f"{record['name']:<{len(indent)}}{lines[0]}"
        yield from (indent + line for line in lines[1:])
    yield ""
    yield "finrst record NAME -o DIR runs one on this machine's own kernel, in a network of its own."


def chosen(names: Sequence[str], every: bool) -> list[type[Scenario]]:
    """The scenarios asked for. Raises KeyError with a name that is none."""
    from .capture.scenarios import scenarios

    known = scenarios()
    return list(known.values()) if every else [known[name] for name in names]


@dataclass
class Outcome:
    """One scenario, recorded or not."""

    scenario: type[Scenario]
    seconds: float
    recording: Recording | None = None
    problem: str = ""  # why there is no recording, or only a part of one
    skipped: bool = False
    ending: str = ""
    ended_by: str = ""
    verdict: str = ""  # the headline's code, by packets alone
    proved: str = ""  # by the whole recording

    @property
    def differences(self) -> list[str]:
        """What came otherwise than the scenario expects."""
        if self.recording is None:
            return []
        from .capture.facts import Source

        expect, found = self.scenario.expect, list(self.recording.description.differences)
        if expect.ending is not None and (self.ending, self.ended_by) != (expect.ending, expect.ended_by):
            found.append(f"{expect.ending} by {expect.ended_by} expected, {self.ending} by {self.ended_by} came")
        if expect.verdict is not None and self.verdict != expect.verdict:
            found.append(f"the verdict {expect.verdict} expected, {self.verdict or 'none'} came")
        asked = any(
            isinstance(one, Source) and one.name == "tracefs" and one.available for one in self.recording.truth.facts
        )
        proved = expect.proved or expect.verdict
        if proved is not None and asked and self.proved != proved:
            found.append(f"the verdict {proved} expected of the recording, {self.proved or 'none'} came")
        if self.recording.description.dropped:
            found.append(f"{self.recording.description.dropped} packets were lost by the capture")
        return found

    def line(self) -> str:
        """The outcome in one line."""
        if self.skipped:
            return f"{self.scenario.name}: skipped: {self.problem}"
        if self.problem:
            return f"{self.scenario.name}: failed: {self.problem}"
        wrong = "; ".join(self.differences)
        said = f"OTHERWISE THAN EXPECTED: {wrong}" if wrong else f"{self.ending}, by {self.ended_by}"
        return f"{self.scenario.name}: {said} ({self.seconds:.1f} s)"


def recorded(scenario: type[Scenario], into: Path, family: Literal[4, 6]) -> Outcome:
    """Run one scenario and record it. Raises lab.UnavailableError only where the machine allows no lab at all."""
    from .capture import lab, recording
    from .capture.scenarios import missing

    if why := missing(scenario.needs):
        return Outcome(scenario, 0.0, problem=why, skipped=True)
    if family not in scenario.families:
        return Outcome(scenario, 0.0, problem=f"it has no IPv{family} form", skipped=True)
    started = time.monotonic()
    try:
        one = recording.record(scenario, into, family, __version__)
    except lab.UnavailableError:
        raise
    except lab.LabError as error:
        return Outcome(scenario, time.monotonic() - started, problem=str(error).removeprefix(f"{scenario.name}: "))
    outcome = Outcome(scenario, time.monotonic() - started, one)
    outcome.ending, outcome.ended_by, outcome.verdict, outcome.proved = ending_of(one.packets)
    return outcome


def captured(interface: str, folder: Path, bpf: str, command: Sequence[str]) -> str:
    """Record live traffic; one line that says what came. Raises OSError, ValueError as `recording.capture`."""
    from .capture import recording

    one, status = recording.capture(interface, folder, bpf, command, __version__)
    lost = one.description.dropped
    said = f"{folder}: recorded {interface}" + (f"; {lost:,} packets were lost" if lost else "; no packet was lost")
    return said + (f"; {command[0]} ended with {status}" if command else "")


def ending_of(path: Path) -> tuple[str, str, str, str]:
    """How the first connection of a recording's packets ended, by whom, and its headline verdict.

    The verdict is a code: by these packets alone, and by the whole recording.
    """
    from .analyze import verdicts
    from .analyze.joining import opened
    from .analyze.record import connection_record
    from .analyze.scan import scan
    from .analyze.tell import connection_story, join

    found = scan((str(path),))
    if not found.connections:
        return "nothing", "nobody", "", ""
    first = found.connections[0].number
    resets = [reset for reset in found.resets if reset.connection == first]
    record = connection_record(connection_story(found, found.connections[0], resets))
    verdict = verdicts.of(found).of(first)[0].code
    paths, beside = opened((str(path.parent),))
    if beside is None:
        return record["ending"], record["ended_by"], verdict, verdict
    whole = scan(paths)
    join(whole, beside)
    return record["ending"], record["ended_by"], verdict, verdicts.of(whole).of(first)[0].code


@dataclass(frozen=True)
class Check:
    """One thing that this machine allows or does not."""

    what: str
    there: bool
    says: str  # what it is good for; where it is not there, the remedy

    def line(self) -> str:
        """As `finrst doctor` prints it."""
        return f"{'yes' if self.there else 'no ':<3}  {self.what:<24}  {self.says}"


def checks() -> Iterator[Check]:
    """What this machine allows, tried and not guessed."""
    from .capture import lab
    from .capture.live import afpacket, wire
    from .capture.truth import tracefs

    there, why = lab.available()
    yield Check("laboratory", there, why or "namespaces of its own: finrst record NAME")
    there, why = wire.available()
    yield Check("wire in user space", there, why or "scenarios that delay, drop and forge packets")
    there, why = tracefs.available()
    if there:
        try:
            tracefs.Tracefs().close()
        except OSError as error:
            there, why = False, f"the trace could not be set up: {error.strerror}"
    yield Check("kernel's reasons", there, why or "tracepoints: each RST with its reason")
    there, why = afpacket.available()
    yield Check("live capture", there, why or "packet sockets: finrst record -i INTERFACE")
    for program, package, good in (
        ("ip", "iproute2", "the lab's interfaces"),
        ("nft", "nftables", "scenarios with a firewall"),
        ("ss", "iproute2", "scenarios that kill a socket from outside"),
        ("java", "default-jdk-headless", "the notes' experiment in Java"),
        ("tcpdump", "tcpdump", "capture filters (--bpf)"),
        ("tshark", "tshark", "dissection of chosen frames"),
    ):
        found = shutil.which(program) is not None
        yield Check(program, found, good if found else f"apt install {package} ({good})")
    from importlib.util import find_spec

    for module, extra, good in (
        ("matplotlib", "figures", "figures as PNG and PDF"),
        ("scapy", "forge", "scenarios that forge segments"),
        ("pyshark", "deep", "dissection of chosen frames"),
    ):
        found = find_spec(module) is not None
        yield Check(module, found, good if found else f"pip install 'finrst[{extra}]' ({good})")
    yield _fonts()


def _fonts() -> Check:
    import subprocess

    if shutil.which("fc-list") is None:
        return Check("fonts", False, "apt install fontconfig (which fonts there are cannot be asked)")
    done = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    found = bool(done.stdout.strip())
    return Check("Chinese font", found, "figures with --lang zh" if found else "apt install fonts-noto-cjk")


def as_json(value: Any) -> bytes:
    """For programs."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
