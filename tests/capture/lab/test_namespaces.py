"""The walls: private, whole, and gone afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from finrst.capture import facts, lab, recording
from finrst.capture.lab import Lab, LabError
from finrst.capture.lab.namespaces import remedy
from finrst.capture.truth import tracefs

from ...laboratory import Laboratory

ROOT = Path(__file__).parent.parent.parent.parent
NOBODY = 65534


def record_command(into: Path, *names: str) -> list[str]:
    return [sys.executable, "-m", "finrst", "record", *names, "-o", str(into), "-q"]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}


def test_a_lab_has_a_network_and_processes_of_its_own() -> None:
    def work() -> Any:
        return os.getpid(), sorted(name for _, name in socket.if_nameindex()), str(Path("/proc/self/ns/net").readlink())

    pid, interfaces, network = lab.inside(work)
    assert pid == 1
    assert interfaces == ["lo"]
    assert network != str(Path("/proc/self/ns/net").readlink())


def test_the_machines_own_network_is_not_touched(laboratory: Laboratory) -> None:
    def state() -> list[str]:
        paths = ["/proc/net/dev_mcast", "/proc/net/route", "/proc/net/if_inet6", "/proc/sys/net/ipv4/tcp_fin_timeout"]
        return [Path(path).read_text() for path in paths if Path(path).exists()]

    before = state()

    def work(one: Lab) -> None:
        one.sysctl("client", "net.ipv4.tcp_fin_timeout", 3)
        one.pair()

    for wire in lab.WIRES:
        laboratory(work, wire)
    assert state() == before


def test_an_error_in_a_lab_says_what_and_where() -> None:
    with pytest.raises(LabError, match=r"ZeroDivisionError: .*by zero \(test_namespaces.py:\d+\)"):
        lab.inside(lambda: 1 // 0)


def test_a_lab_that_hangs_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(LabError, match=r"ended after 0.2 s"):
        lab.inside(lambda: time.sleep(60), timeout=0.2)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("path", "value", "user", "says"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", True, "sysctl kernel.apparmor_restrict_unprivileged_us"),
        ("user/max_user_namespaces", "0", True, "sysctl user.max_user_namespaces"),
        ("kernel/unprivileged_userns_clone", "0", True, "sysctl kernel.unprivileged_userns_clone=1"),
        ("", "", True, "run it as root"),
        ("", "", False, "--cap-add SYS_ADMIN"),
    ],
)
def test_where_no_lab_is_allowed_one_line_has_the_remedy(
    monkeypatch: pytest.MonkeyPatch, path: str, value: str, user: bool, says: str
) -> None:
    def read(self: Path, **_: Any) -> str:
        if path and str(self) == f"/proc/sys/{path}":
            return value + "\n"
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", read)
    told = remedy(OSError(1, "Operation not permitted"), user)
    assert says in told
    assert "\n" not in told


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
@pytest.mark.parametrize("name", ["write-twice", "refused"])
def test_an_ordinary_user_gets_the_same_without_the_kernels_reasons(tmp_path: Path, name: str) -> None:
    where = Path("/var/tmp") / f"finrst-test-{os.getpid()}-{name}"  # tmp_path's parents are closed to others
    where.mkdir()
    os.chown(where, NOBODY, NOBODY)
    try:
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        done = subprocess.run(
            [*user, *record_command(where, name)], env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = recording.read(where / name)
        assert found.description.ended == "complete"
        assert found.description.differences == []
        sources = {fact.name: fact for fact in found.truth.facts if isinstance(fact, facts.Source)}
        assert sources["calls"].available
        assert not sources["tracefs"].available
        assert "needs root" in sources["tracefs"].why
    finally:
        subprocess.run(["rm", "-r", str(where)], check=True)


def left(into: Path) -> list[str]:
    """Processes of a recorder, and traces."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes()
        except OSError:
            continue
        if str(into).encode() in words:
            found.append(words.decode())
    return found


@pytest.mark.parametrize("milliseconds", [120, 200, 240, 280, 320, 360, 400])
def test_a_killed_recorder_leaves_nothing_but_a_readable_recording(tmp_path: Path, milliseconds: int) -> None:
    before = set(tracefs.TRACING.glob("instances/finrst-*"))
    process = subprocess.Popen(
        record_command(tmp_path, "write-twice"), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(milliseconds / 1000)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while left(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left(tmp_path) == []
    while time.monotonic() < deadline and set(tracefs.TRACING.glob("instances/finrst-*")) - before:
        time.sleep(0.01)
    assert set(tracefs.TRACING.glob("instances/finrst-*")) <= before
    folder = tmp_path / "write-twice"
    assert {path.name for path in folder.glob("*")} <= {
        "packets.pcapng", "truth.jsonl", "scenario.toml", ".scenario.toml", "diagram.svg"
    }  # fmt: skip
    if (folder / "packets.pcapng").exists() and (folder / "packets.pcapng").stat().st_size:
        found = recording.read(folder)
        assert found.truth.notes == []
        explained = subprocess.run(
            [sys.executable, "-m", "finrst", "explain", str(found.packets), "--format", "json"],
            env=environment(), capture_output=True, check=False,
        )  # fmt: skip
        assert explained.returncode == 0, explained.stderr
