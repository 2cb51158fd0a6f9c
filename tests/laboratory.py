"""What a test of the lab is given: the fixture `laboratory` (tests/capture/conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from finrst.capture import facts, lab


class Laboratory(Protocol):
    """Runs work in a laboratory; what the work returned, and the facts that were recorded."""

    def __call__(
        self, work: Callable[[lab.Lab], Any], wire: lab.Wired = ..., family: Literal[4, 6] = ..., kernel: bool = ...
    ) -> tuple[Any, list[facts.Fact]]: ...
