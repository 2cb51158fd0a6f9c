"""Compare finrst with other programs on generated captures: `./dev bench`, or `python bench/run.py`.

Whole processes are measured: user and system CPU time, and peak memory, of one warmed-up command after
the other, in turn, for so many rounds. Absolute times drift with the machine; quote the ratios.
A program that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
# A child's peak memory starts from that of the process that forked it: this one stays small, captures are
# generated (with NumPy) in a process of their own, and a peak below its own is shown as "≤".
MIB = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss


@dataclass
class Row:
    """One command and what its runs cost."""

    name: str
    command: list[str]
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    failed: str = ""

    def run(self) -> None:
        quiet = subprocess.DEVNULL
        child = subprocess.Popen(self.command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE)
        assert child.stderr is not None
        said = child.stderr.read().decode(errors="replace").strip()
        child.stderr.close()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            self.failed = f"exit status {child.returncode}: {said.splitlines()[-1] if said else 'no message'}"
        self.cpu.append(used.ru_utime + used.ru_stime)
        self.peak.append(used.ru_maxrss / MIB)

    def memory(self) -> str:
        floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
        return f"{max(self.peak):.0f}" if max(self.peak) > floor + 1 else f"≤ {floor:.0f}"


def spread(values: list[float], form: str) -> str:
    return " ".join(format(value, form) for value in (min(values), median(values), max(values)))


def measure(title: str, rows: list[Row], rounds: int) -> None:
    """Run the rows in turn; ratios are taken within a round, against the first row."""
    print(f"\n{title}\n")
    missing = [row.name for row in rows if shutil.which(row.command[0]) is None]
    rows = [row for row in rows if row.name not in missing]
    for row in rows:
        row.run()  # warms the page cache, not counted
        row.cpu.clear()
        row.peak.clear()
    for _ in range(rounds):
        for row in rows:
            if not row.failed:
                row.run()
    first = rows[0]
    print("| command | CPU s: min, median, max | ratio: min, median, max | peak MiB |\n| --- | --- | --- | --- |")
    for row in rows:
        if row.failed or first.failed:
            print(f"| {row.name} | {row.failed or 'not compared: the first command failed'} | | |")
            continue
        ratios = [mine / base for mine, base in zip(row.cpu, first.cpu, strict=True)]
        print(f"| {row.name} | {spread(row.cpu, '.3f')} | {spread(ratios, '.2f')} | {row.memory()} |")
    for name in missing:
        print(f"| {name} | not installed here | | |")


def measure_stages(stages: list[tuple[str, str, Path]], rounds: int) -> None:
    """Parts of a command, each in a process that has read its capture before: (name, stage of stages.py, capture)."""
    print("\n**Stages, without start-up and reading**\n")
    print("| stage | CPU s: min, median, max | made |\n| --- | --- | --- |")
    for name, stage, path in stages:
        cpu: list[float] = []
        made = ""
        for _ in range(rounds):
            command = [sys.executable, str(HERE / "stages.py"), stage, str(path)]
            told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            cpu.append(told.pop("cpu"))
            made = ", ".join(f"{count:,} {what}" for what, count in told.items())
        print(f"| {name} | {spread(cpu, '.3f')} | {made} |")


def capture(folder: Path, name: str, *options: str) -> Path:
    """A generated capture, made once for these options and this generator."""
    path = folder / f"{name}.pcap"
    wanted = f"{' '.join(options)} {(HERE / 'generate.py').stat().st_mtime_ns}"
    stamp = folder / f"{name}.options"
    if not path.exists() or not stamp.exists() or stamp.read_text() != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        print(f"generating {path} …", file=sys.stderr)
        subprocess.run(
            [sys.executable, str(HERE / "generate.py"), str(path), *options], check=True, stdout=subprocess.DEVNULL
        )
        stamp.write_text(wanted)
    return path


def describe(path: Path) -> str:
    truth = json.loads(Path(f"{path}.json").read_text())
    return f"{truth['packets']:,} packets, {truth['connections']:,} connections, {path.stat().st_size / 2**20:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Compare finrst with other programs.")
    parser.add_argument("--packets", type=int, default=1_000_000, help="of the web-like capture (default: %(default)s)")
    parser.add_argument("--full", action="store_true", help="whole packets instead of their first 96 bytes")
    parser.add_argument("--scan", type=int, metavar="N", help="a port scan of N connections as well")
    parser.add_argument(
        "--overview",
        type=int,
        default=1_000_000,
        metavar="N",
        help="connections of the overview (default: %(default)s)",
    )
    parser.add_argument("--rounds", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="of the peers only these: tcpdump tcptrace tshark")
    parser.add_argument("--dir", type=Path, default=HERE.parent / ".cache" / "bench", help="where captures are kept")
    parser.add_argument("--finrst", help="the command to measure (default: the one beside this Python)")
    o = parser.parse_args()
    if o.packets < 1 or o.rounds < 1 or o.overview < 1 or (o.scan is not None and o.scan < 1):
        parser.error("--packets, --overview, --rounds and --scan take positive numbers")

    beside = Path(sys.executable).parent / "finrst"
    finrst = [o.finrst] if o.finrst else [str(beside)] if beside.exists() else [sys.executable, "-m", "finrst"]

    def rows(path: Path) -> list[Row]:
        peers = [
            Row("tcpdump -w /dev/null", ["tcpdump", "-n", "-r", str(path), "-w", os.devnull]),
            Row("tcptrace -n", ["tcptrace", "-n", str(path)]),
            Row("tshark -q -z conv,tcp", ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", str(path)]),
        ]
        chosen = [row for row in peers if o.only is None or row.command[0] in o.only]
        return [Row("finrst explain", [*finrst, "explain", str(path)]), *chosen]

    kind, snaplen = ("full", "262144") if o.full else ("headers", "96")
    web = capture(o.dir, f"web-{kind}-{o.packets}", "--packets", str(o.packets), "--snaplen", snaplen)
    measure(f"**Web-like, {describe(web)}**", rows(web), o.rounds)
    if o.scan:
        scan = capture(o.dir, f"scan-{o.scan}", "--scan", "--connections", str(o.scan), "--snaplen", snaplen)
        measure(f"**Port scan, {describe(scan)}**", rows(scan), o.rounds)
    small = capture(o.dir, "small", "--connections", "1", "--seed", "5")
    start = [
        Row("python -c 'import numpy'", [sys.executable, "-c", "import numpy"]),
        Row("finrst --help", [*finrst, "--help"]),
        Row("finrst explain", [*finrst, "explain", str(small)]),
    ]
    measure(f"**Start-up, {describe(small)}**", start, max(o.rounds, 5))
    many = capture(o.dir, f"many-{o.overview}", "--scan", "--connections", str(o.overview), "--snaplen", "96")
    ladder = capture(o.dir, "ladder", "--ladder", "--connections", "1")
    stages = [
        (f"overview of {o.overview:,} connections", "overview", many),
        (f"verdicts on {o.overview:,} connections", "verdicts", many),
        ("verdicts on the web-like capture", "verdicts", web),
        ("clusters of the web-like capture", "clusters", web),
        ("a log line in the web-like capture", "error", web),
        ("SVG of a 24-arrow ladder: 0.050 is the bar", "ladder", ladder),
    ]
    measure_stages(stages, o.rounds)


if __name__ == "__main__":
    main()
