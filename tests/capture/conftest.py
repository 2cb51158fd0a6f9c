"""What the tests of the lab share: a laboratory for one piece of work, and its facts afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from finrst.capture import facts, lab
from finrst.capture.truth import tracefs

from ..laboratory import Laboratory


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    """A laboratory that records into `tmp_path`."""

    def run(
        work: Callable[[lab.Lab], Any], wire: lab.Wired = "loopback", family: Literal[4, 6] = 4, kernel: bool = False
    ) -> tuple[Any, list[facts.Fact]]:
        trace = tracefs.Tracefs() if kernel else None

        def inner() -> Any:
            one = lab.Lab(tmp_path, wire=wire, family=family, kernel=trace)
            try:
                return work(one)
            finally:
                one.finish(quiet=False)

        try:
            came = lab.inside(inner, timeout=30)
        finally:
            if trace:
                trace.close()
        return came, facts.read(tmp_path / "truth.jsonl").facts

    return run
