"""The ladder as plain text, for files, mails and issue reports."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ..scene import Said
from . import Backend, in_characters


class Plain(Backend):
    """UTF-8 text without escape sequences; ascii_only=True for old pipes."""

    suffixes: ClassVar[tuple[str, ...]] = ("txt",)
    takes: ClassVar[Literal["placed", "scene"]] = "scene"

    @classmethod
    def scene(cls, scene: Said, *, columns: int = 100, ascii_only: bool = False, **options: Any) -> bytes:
        """The text's bytes."""
        return in_characters(scene, columns).text(ascii_only).encode()
