"""The ladder as plain text, for files, mails and issue reports."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ..figures import Figure, figure_of
from ..scene import Said
from . import Backend


class Plain(Backend):
    """UTF-8 text without escape sequences; ascii_only=True for old pipes."""

    suffixes: ClassVar[tuple[str, ...]] = ("txt",)
    takes: ClassVar[Literal["placed", "scene"]] = "scene"

    @classmethod
    def draws(cls, figure: type[Figure]) -> bool:
        """A figure with a form in characters."""
        return figure.in_characters()

    @classmethod
    def scene(cls, scene: Said, *, columns: int = 100, ascii_only: bool = False, **options: Any) -> bytes:
        """The text's bytes."""
        return figure_of(scene).grid(scene, columns).text(ascii_only).encode()
