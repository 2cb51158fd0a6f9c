"""A recording on disk: a folder with the packets, what was said beside them, and what was done.

    packets.pcapng   the packets, at the client's end
    server.pcapng    the same at the server's end, where there are two ends
    truth.jsonl      what programs and kernel said (capture/facts.py)
    scenario.toml    what this is a recording of: written first as interrupted, and again when it is complete

A recording that was killed is readable up to that moment: packets and facts are appended as they come.
"""

from __future__ import annotations

import json
import os
import time
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import facts

if TYPE_CHECKING:
    from .scenarios import Scenario

PACKETS, SERVER, TRUTH, SCENARIO = "packets.pcapng", "server.pcapng", "truth.jsonl", "scenario.toml"
LONGEST = 30.0  # seconds: a scenario that hangs is ended


@dataclass(kw_only=True)
class Description:
    """scenario.toml: what a recording is of, where and how it was made, and how it ended."""

    name: str
    title: str
    ended: Literal["complete", "interrupted"] = "interrupted"
    claims: list[str] = field(default_factory=list)
    wire: str = ""  # loopback, veth, tun; "" for an interface of the machine
    family: str = ""  # IPv4, IPv6
    kernel: str = ""
    finrst: str = ""
    started_ns: int = 0
    dropped: int | None = None  # packets that the capture lost
    hosts: dict[str, str] = field(default_factory=dict)  # address -> client, server, proxy
    sysctls: dict[str, str] = field(default_factory=dict)  # "server net.ipv4.tcp_fin_timeout" -> value
    expect: dict[str, Any] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)  # what came otherwise than expected


def dumps(description: Description) -> str:
    """As TOML; what is empty is left out."""
    told = asdict(description)
    plain = {name: value for name, value in told.items() if not isinstance(value, dict)}
    lines = [f"{name} = {_value(value)}" for name, value in plain.items() if value not in (None, "", [])]
    for name, table in told.items():
        if isinstance(table, dict) and table:
            lines += ["", f"[{name}]"]
            lines += [f"{json.dumps(key)} = {_value(value)}" for key, value in table.items() if value is not None]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """A TOML value: its strings and numbers are JSON's, but for DEL."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def loads(text: str) -> Description:
    """From TOML. Raises ValueError; keys that are not known here are passed over."""
    told = tomllib.loads(text)
    known = {name: value for name, value in told.items() if name in Description.__dataclass_fields__}
    if not isinstance(known.get("name"), str):
        raise ValueError("it has no name")
    known.setdefault("title", known["name"])
    return Description(**known)


@dataclass
class Recording:
    """A recording, read. Its packets are a capture like any other: `packets` is its path."""

    folder: Path
    description: Description
    truth: facts.Truth

    @property
    def packets(self) -> Path:
        """The capture at the client's end."""
        return self.folder / PACKETS

    @property
    def server(self) -> Path | None:
        """The capture at the server's end, where there is one."""
        path = self.folder / SERVER
        return path if path.is_file() else None


def read(folder: str | Path) -> Recording:
    """A recording from its folder. Raises OSError (without packets.pcapng it is none); damage is noted."""
    folder = Path(folder)
    (folder / PACKETS).stat()
    truth, description = facts.Truth(), Description(name=folder.name, title=folder.name)
    try:
        truth = facts.read(folder / TRUTH)
    except OSError as error:
        truth.notes.append(f"{error.filename}: {error.strerror}")
    try:
        description = loads((folder / SCENARIO).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        truth.notes.append(f"{folder / SCENARIO}: {error}")
    return Recording(folder, description, truth)


def write(folder: Path, description: Description) -> None:
    """Write scenario.toml, in one step: a kill leaves the old one or the new one."""
    path = folder / SCENARIO
    part = folder / f".{SCENARIO}"
    part.write_text(dumps(description), encoding="utf-8")
    part.replace(path)


def record(scenario: type[Scenario], into: Path, family: Literal[4, 6] = 4, version: str = "") -> Recording:
    """Run a scenario in a laboratory of its own and record it in `into`/NAME.

    What came otherwise than expected stands in the recording's description. Raises lab.LabError where there can be no
    laboratory, or the scenario stopped half way; OSError where the folder cannot be written.
    """
    from . import lab
    from .scenarios import missing
    from .truth import tracefs

    if why := missing(scenario.needs):
        raise lab.UnavailableError(f"{scenario.name} {why}")
    if family not in scenario.families:
        raise lab.UnavailableError(f"{scenario.name} has no IPv{family} form")
    folder = into / scenario.name
    folder.mkdir(parents=True, exist_ok=True)
    for name in (PACKETS, SERVER, TRUTH, SCENARIO):
        (folder / name).unlink(missing_ok=True)
    uname = os.uname()
    description = Description(
        name=scenario.name,
        title=scenario.title,
        claims=list(scenario.claims),
        wire=scenario.wire,
        family=f"IPv{family}",
        kernel=f"{uname.sysname} {uname.release}",
        finrst=version,
        started_ns=time.time_ns(),
        hosts=dict(zip(lab.ADDRESSES[family], lab.HOSTS, strict=True)),
        expect={
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(scenario.expect).items()
            if value is not None
        },
    )
    write(folder, description)

    kernel, why = None, ""
    there, why = tracefs.available()
    if there:
        try:
            kernel = tracefs.Tracefs()
        except OSError as error:
            why = f"the trace could not be set up: {error.strerror}"

    def work() -> dict[str, Any]:
        one = lab.Lab(
            folder, wire=scenario.wire, family=family, kernel=kernel, why_no_kernel=why, program=f"finrst {version}"
        )
        complete = False
        try:
            scenario().run(one)
            complete = True
        finally:
            counts = one.finish(quiet=complete)
        return {"dropped": counts["dropped"], "settings": one.settings}

    try:
        told = lab.inside(work, timeout=LONGEST)
    except lab.UnavailableError:
        raise
    except lab.LabError as error:
        raise lab.LabError(f"{scenario.name}: {error}") from None
    finally:
        if kernel:
            kernel.close()
    description.dropped = told["dropped"]
    description.sysctls = {
        f"{host} {name}": value for host, settings in told["settings"].items() for name, value in settings.items()
    }
    truth = facts.read(folder / TRUTH)
    description.differences = scenario.expect.differences(truth, description.hosts)
    description.ended = "complete"
    write(folder, description)
    return Recording(folder, description, truth)
