"""The lab's commands as a user types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from finrst.capture import recording
from finrst.laboratory import Check, scenario_lines

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}


def finrst(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "finrst", *arguments],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False,
    )  # fmt: skip


def test_scenarios_are_listed_for_people_and_for_programs() -> None:
    text, records = finrst("scenarios").stdout, json.loads(finrst("scenarios", "--format", "json").stdout)
    assert "write-twice" in text
    (one,) = (record for record in records if record["name"] == "write-twice")
    assert one["claims"] == ["N7b"]
    assert one["expect"]["ending"] == "reset"
    assert one["Shows"] and one["Steps"] and one["Expect"]


def test_what_a_scenario_lacks_is_said_beside_it() -> None:
    record = {"name": "wall", "title": "A wall", "claims": [], "missing": "needs nft: apt install nftables"}
    assert list(scenario_lines([record]))[:2] == ["wall  A wall", "      not here: needs nft: apt install nftables"]


@pytest.mark.parametrize("family", [(), ("--ipv6",)], ids=["IPv4", "IPv6"])
def test_record_tells_the_story_and_draws_it(tmp_path: Path, family: tuple[str, ...]) -> None:
    done = finrst("record", "write-twice", "-o", str(tmp_path), *family)
    assert done.returncode == 0, done.stderr
    assert "RST" in done.stdout
    assert "write-twice: reset, by client" in done.stderr
    assert (tmp_path / "write-twice" / "diagram.svg").read_text().startswith("<svg")
    assert recording.read(tmp_path / "write-twice").description.ended == "complete"


def test_several_are_told_in_a_line_each(tmp_path: Path) -> None:
    done = finrst("record", "refused", "close-client-first", "-o", str(tmp_path))
    assert [line.rpartition(" (")[0] for line in done.stdout.splitlines()] == [
        "refused: refused, by server",
        "close-client-first: closed, by client",
    ]


@pytest.mark.parametrize(
    "arguments",
    [("record", "-o", "x"), ("record", "nothing-like-it", "-o", "x"), ("record", "--all", "-i", "lo", "-o", "x")],
    ids=["nothing", "unknown", "both"],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    done = finrst(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_interface_that_is_not_there_ends_with_3_and_one_line(tmp_path: Path) -> None:
    done = finrst("record", "-i", "nowhere0", "-o", str(tmp_path / "x"))
    assert done.returncode == 3
    assert done.stderr == "finrst: nowhere0: No such device\n"


def test_ctrl_c_ends_a_scenario_and_leaves_what_was_recorded(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "finrst", "record", "--all", "-o", str(tmp_path)],
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while not list(tmp_path.glob("*/truth.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 130
    assert said == f"finrst: interrupted; what was recorded is in {tmp_path}\n"


def test_doctor_says_what_there_is_and_each_remedy() -> None:
    done = finrst("doctor")
    assert done.returncode == 0
    assert done.stderr == ""
    records = json.loads(finrst("doctor", "--format", "json").stdout)
    assert {"laboratory", "kernel's reasons", "live capture", "tshark", "nft"} <= {record["what"] for record in records}
    assert all(record["says"] for record in records)
    assert Check("nft", False, "apt install nftables").line() == "no   nft                       apt install nftables"
