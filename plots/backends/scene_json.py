"""The scene as JSON: what the figure says, for programs."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ..scene import Said
from . import Backend


class SceneJson(Backend):
    """Every mark in time order, with where its content comes from."""

    suffixes: ClassVar[tuple[str, ...]] = ("json",)
    takes: ClassVar[Literal["placed", "scene"]] = "scene"

    @classmethod
    def scene(cls, scene: Said, **options: Any) -> bytes:
        """UTF-8 JSON with a newline at its end."""
        return (scene.to_json() + "\n").encode()
