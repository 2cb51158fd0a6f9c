"""`finrst claims` as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from finrst.analyze.claims import claims
from finrst.capture import recording
from finrst.claims import chosen

ROOT = Path(__file__).parent.parent


def finrst(*arguments: str, cwd: Path, columns: int = 80) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": str(columns)}
    return subprocess.run(
        [sys.executable, "-m", "finrst", *arguments],
        cwd=cwd, capture_output=True, text=True, env=environment, timeout=60, check=False,
    )  # fmt: skip


def test_all_claims_are_judged_and_their_recordings_kept(tmp_path: Path) -> None:
    done = finrst("claims", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    records = json.loads(done.stdout)
    assert [record["claim"] for record in records] == list(claims())
    for record in records:
        assert record["verdict"] in ("holds", "does-not-hold", "holds-only-if")
        assert record["measured"] and record["says"]
        for case in (record, *record["cases"], *record["perturbed"]):
            kept = recording.read(tmp_path / case["recording"])
            assert kept.description.ended == "complete"
    assert [path.name for path in tmp_path.iterdir()] == ["claims"]


@pytest.mark.parametrize("columns", [80, 100])
def test_a_learner_reads_it_without_documentation(tmp_path: Path, columns: int) -> None:
    done = finrst("claims", "N7", "-o", "here", cwd=tmp_path, columns=columns)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "progress is for terminals"
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert "\x1b" not in done.stdout
    assert all(line == line.rstrip() for line in lines)
    assert "N7a  does not hold" in lines and "N7b  holds" in lines and "N7c  does not hold" in lines
    assert '"Broken pipe"' in done.stdout
    assert "     look at it    finrst explain here/write-twice --connection 0" in lines
    assert "The recordings are in here." in done.stdout
    for line in lines:
        if line.startswith("  finrst "):  # what it says to type next works as it stands
            _, *arguments = line.split()
            assert finrst(*arguments, cwd=tmp_path).returncode == 0, line
    assert (tmp_path / "write-once.svg").read_text().startswith("<svg")


def test_the_same_over_ipv6(tmp_path: Path) -> None:
    done = finrst("claims", "n7B", "--ipv6", "-o", ".", "--format", "json", cwd=tmp_path)
    (record,) = json.loads(done.stdout)
    assert (record["claim"], record["verdict"]) == ("N7b", "holds")
    assert recording.read(tmp_path / "write-twice").description.family == "IPv6"


def test_an_unknown_claim_is_wrong_usage(tmp_path: Path) -> None:
    done = finrst("claims", "N9", cwd=tmp_path)
    assert done.returncode == 2
    assert "no claim 'N9': they are N1, " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_ends_with_3_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = finrst("claims", "N7b", "-o", "file/below", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr


def test_a_number_stands_for_all_of_its_letters() -> None:
    assert [claim.code for claim in chosen(["n7", "N1"])] == ["N1", "N7a", "N7b", "N7c"]
    assert len(chosen([])) == len(claims())
    with pytest.raises(KeyError):
        chosen(["N"])
