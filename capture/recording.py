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
import select
import subprocess
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import facts

if TYPE_CHECKING:
    from .scenarios import Scenario

PACKETS, SERVER, TRUTH, SCENARIO = "packets.pcapng", "server.pcapng", "truth.jsonl", "scenario.toml"
LINGERS = 0.2  # seconds without a packet after which a command's connections are over
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


def capture(
    interface: str,
    folder: Path,
    bpf: str = "",
    command: Sequence[str] = (),
    version: str = "",
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Recording, int | None]:
    """Record an interface of this machine until `stop()`, Ctrl-C, or the end of `command`; and its exit status.

    Raises OSError: no such interface, no right to capture, no such command; ValueError for a filter that is none.
    """
    from . import segments
    from .live.afpacket import AfPacket, compiled_filter, link_of
    from .pcapng_file import PcapngFile
    from .truth import tracefs
    from .truth.calls import now

    source = AfPacket(interface, block=1 << 20, bpf=compiled_filter(bpf, link_of(interface)) if bpf else ())
    folder.mkdir(parents=True, exist_ok=True)
    for name in (PACKETS, SERVER, TRUTH, SCENARIO):
        (folder / name).unlink(missing_ok=True)
    uname = os.uname()
    title = f"{interface}: {' '.join(command)}" if command else interface
    description = Description(
        name=folder.name, title=title, kernel=f"{uname.sysname} {uname.release}", finrst=version,
        started_ns=time.time_ns(),
    )  # fmt: skip
    write(folder, description)
    kernel, (there, why) = None, tracefs.available()
    if there:
        try:
            kernel = tracefs.Tracefs()
        except OSError as error:
            there, why = False, f"the trace could not be set up: {error.strerror}"
    said = facts.Source(t_ns=now(), name=tracefs.NAME, available=there, why=why)
    if kernel:
        said = replace(said, offset_ns=kernel.offset_ns, uncertainty_ns=kernel.uncertainty_ns)
    facts.write(folder / TRUTH, [said])
    placing = tracefs.Placing(kernel) if kernel else None
    program, status, quiet_since = None, None, None
    with PcapngFile(folder / PACKETS, source.link, interface, f"finrst {version}") as file:

        def take(last: bool = False) -> int:
            packets = source.read()
            file.packets((one.t_ns, one.data, one.length) for one in packets)
            if placing:
                for one in packets:
                    if segment := segments.parse(one.data[14:] if source.link == 1 else one.data):
                        placing.seen(segment.src, segment.dst, one.t_ns if segment.has("RST") else None)
                facts.write(folder / TRUTH, placing.facts(last))
            return len(packets)

        try:
            if command:
                program = subprocess.Popen(command)
                facts.write(folder / TRUTH, [facts.Step(t_ns=now(), text=" ".join(command))])
            while not stop():
                select.select([source], [], [], 0.02)
                took = take()
                if program and (status := program.poll()) is not None:
                    # The command is done; the last packets of its connections may still be on their way.
                    quiet_since = time.monotonic() if took or quiet_since is None else quiet_since
                    if time.monotonic() - quiet_since > LINGERS:
                        break
        except KeyboardInterrupt:
            pass  # how a recording of an interface ends
        finally:
            if program and program.poll() is None:
                program.terminate()
                status = program.wait()
            time.sleep(0.005)  # the ring hands over what is a millisecond old
            take(last=True)
            received, description.dropped = source.counts()
            file.statistics(now(), received, description.dropped)
            source.close()
            if kernel:
                kernel.close()
    description.ended = "complete"
    write(folder, description)
    return read(folder), status


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
