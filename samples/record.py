"""Record the samples again, in the lab: `./dev samples [NAME ...]`; with --told only what finrst says of them.

Each scenario has one recording here, over IPv4, and beside it what finrst says of it: expected.json (the connections
of `finrst explain FOLDER --format json`) and diagram.svg (`finrst draw`), one for each connection that it is about.
A recording that came otherwise than its scenario expects, or is too large to be a sample, is not kept.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from finrst.capture.scenarios import Scenario, scenarios
from finrst.cli import finrst as command
from finrst.laboratory import recorded

HERE = Path(__file__).parent
LARGEST = 200_000  # bytes of packets
FILES = ("packets.pcapng", "server.pcapng", "truth.jsonl", "scenario.toml")


def finrst(*arguments: str) -> str:
    """What a command writes to its output file."""
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / "out.svg"
        command([*arguments, "-o", str(written)], standalone_mode=False)
        return written.read_text(encoding="utf-8")


def told(folder: Path) -> dict[str, str]:
    """What finrst says of a recording, by the file that it stands in: its connections, and figures of some as SVG."""
    connections = json.loads(finrst("explain", str(folder), "--format", "json"))["connections"]
    first, *more = scenarios()[folder.name].pictured
    numbers = {"diagram.svg": first, **{f"diagram-{number}.svg": number for number in more}}
    figures = {file: finrst("draw", str(folder), "--connection", str(number)) for file, number in numbers.items()}
    return {"expected.json": json.dumps(connections, indent=1, ensure_ascii=False) + "\n", **figures}


def write_told(folder: Path) -> None:
    """Its files."""
    for file, text in told(folder).items():
        (folder / file).write_text(text, encoding="utf-8")


def record(scenario: type[Scenario]) -> str | None:
    """Record one sample; None, or why it was not kept."""
    with tempfile.TemporaryDirectory() as scratch:
        outcome = recorded(scenario, Path(scratch), 4)
        made = Path(scratch) / scenario.name
        if outcome.problem or outcome.differences:
            return outcome.line()
        size = sum((made / name).stat().st_size for name in FILES[:2] if (made / name).is_file())
        if size > LARGEST:
            return f"{scenario.name}: {size:,} bytes of packets are too many for a sample"
        folder = HERE / scenario.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in FILES:
            if (made / name).is_file():
                shutil.copy(made / name, folder)
    return None


def main() -> int:
    """The exit status: 1 when one was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a scenario; all, if none is named")
    parser.add_argument("--told", action="store_true", help="record nothing: write again what is told")
    arguments = parser.parse_args()
    known = scenarios()
    if unknown := [name for name in arguments.names if name not in known]:
        parser.error(f"no sample is named {unknown[0]}; there are {', '.join(known)}")
    failed = 0
    for name in arguments.names or known:
        why = None if arguments.told else record(known[name])
        if why is None and (HERE / name).is_dir():
            write_told(HERE / name)
        print(why or name, file=sys.stderr if why else sys.stdout)
        failed += why is not None
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
