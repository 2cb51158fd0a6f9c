"""The textbook's time line: handshake, close and reset as segments between two lifelines, without a clock."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from .ladder import Ladder


class TimeLine(Ladder):
    """The textbook's time line: handshake and close with states and calls, in order, without a clock."""

    name: ClassVar[str] = "timeline"
    options: ClassVar[tuple[str, ...]] = ()
    compose = staticmethod(partial(Ladder.compose, timed=False))
