"""The textbook's time line: handshake, close and reset as segments between two lifelines, without a clock."""

from __future__ import annotations

from typing import Any, ClassVar

from ..scene import Scene
from .ladder import Ladder


class TimeLine(Ladder):
    """The textbook's time line: handshake and close with states and calls, in order, without a clock."""

    name: ClassVar[str] = "timeline"
    options: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def compose(cls, *subject: Any, lang: str = "en", **options: Any) -> Scene:
        """The ladder's scene with `timed=False`, whose drawing it also shares."""
        return super().compose(*subject, lang=lang, timed=False)
