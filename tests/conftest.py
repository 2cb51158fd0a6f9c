"""What tests share: where captures and tools are, and the rule that nothing is skipped in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).parent.parent
IN_CI = os.environ.get("CI") == "true"
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# Under AddressSanitizer (./dev fuzz) this process has its library and its engine; processes that it starts get neither.
if "libasan" in os.environ.get("LD_PRELOAD", ""):
    del os.environ["LD_PRELOAD"], os.environ["PYTHONPATH"]

#: Reasons to skip that no installation takes away.
NOTHING_IS_MISSING = ("root may read everything",)


#: Tests that run laboratories or listen to interfaces: one after the other, beside all others (pytest-xdist).
LIVE = (
    "analyze/claims/test_claims.py",
    "capture/live/",
    "capture/scenarios/",
    "capture/lab/",
    "capture/test_lab.py",
    "capture/test_recording.py",
    "capture/truth/",
    "property/test_operations.py",
    "test_laboratory.py",
    "test_reading.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what is live in one process; `--dist loadgroup` reads the mark."""
    for item in items:
        if item.path.relative_to(ROOT / "tests").as_posix().startswith(LIVE):
            item.add_marker(pytest.mark.xdist_group("live"))
            item.add_marker(pytest.mark.live)


def _no_skip(report: Report) -> Report:
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if reason.endswith(NOTHING_IS_MISSING):
            return report
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped in CI: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skip((yield))


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (./dev test installs it)")
    return found


@pytest.fixture(scope="session")
def tshark() -> str:
    """Path of tshark."""
    return _tool("tshark")


@pytest.fixture(scope="session")
def tcpdump() -> str:
    """Path of tcpdump."""
    return _tool("tcpdump")


@pytest.fixture(scope="session")
def shared_captures() -> Path:
    """The folder of other projects' captures, which stands beside the repository."""
    folder = ROOT.parent / "shared" / "captures"
    if not folder.is_dir():
        pytest.skip("no ../shared/captures beside the repository")
    return folder


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Path]:
    """`sample(name)`: the recorded packets of samples/name."""

    def path(name: str) -> Path:
        found = ROOT / "samples" / name / "packets.pcapng"
        assert found.is_file(), f"no such sample: {name}"
        return found

    return path


@pytest.fixture(scope="session")
def mutations() -> int:
    """How many damaged copies of a capture a test reads: few at hand, many under `./dev fuzz`."""
    return int(os.environ.get("FINRST_MUTATIONS", "200"))
