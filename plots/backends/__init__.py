"""One file per output; dropping a file in registers it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, ClassVar, Literal

from ..characters import Grid
from ..figures import figure_of
from ..metrics import Measure, wider
from ..placed import WIDTH, Display
from ..scene import Said

_BY_SUFFIX: dict[str, type[Backend]] = {}


class FontWarning(UserWarning):
    """This machine has no font for what a picture says."""


class Backend:
    """An output. A subclass names its suffixes, what it takes and how it renders."""

    suffixes: ClassVar[tuple[str, ...]] = ()
    takes: ClassVar[Literal["placed", "scene"]] = "placed"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for suffix in cls.suffixes:
            _BY_SUFFIX[suffix] = cls

    @classmethod
    def measure(cls) -> Measure:
        """What lays its figures out; never narrower than the font that draws."""
        return wider

    @classmethod
    def lacks(cls, lang: str) -> str | None:
        """Why this machine's output has no signs for the language; None: it has."""
        return None

    @classmethod
    def writable(cls, scene: Said) -> Said:
        """The scene in characters that the output can draw."""
        return scene

    @classmethod
    def placed(cls, display: Display, **options: Any) -> bytes:
        """The bytes of a placed figure."""
        raise NotImplementedError

    @classmethod
    def scene(cls, scene: Said, **options: Any) -> bytes:
        """The bytes of a scene; ValueError where this output has no form for such a figure."""
        raise NotImplementedError


def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def suffixes() -> tuple[str, ...]:
    """Every suffix that can be written, without its dot."""
    _load()
    return tuple(sorted(_BY_SUFFIX))


def backend(suffix: str) -> type[Backend]:
    """The output for a suffix, with or without its dot."""
    known = suffixes()
    name = suffix.lower().lstrip(".")
    if name not in _BY_SUFFIX:
        raise ValueError(f"no output for {suffix!r}: choose from {', '.join(known)}")
    return _BY_SUFFIX[name]


def render(scene: Said, suffix: str, *, width: float = WIDTH, **options: Any) -> bytes:
    """Draw the scene in the form that the suffix names: svg, png, pdf, txt, ansi, mmd, pkt, json."""
    chosen = backend(suffix)
    if chosen.takes == "scene":
        return chosen.scene(scene, **options)
    placed = figure_of(scene).place(chosen.writable(scene), width, chosen.measure())
    return chosen.placed(placed, suffix=suffix.lower().lstrip("."), **options)


def no_form(scene: Said, output: str) -> ValueError:
    """The error of an output that has no form for such a figure."""
    return ValueError(f"the figure {figure_of(scene).name!r} has no form as {output}: choose svg, png, pdf or json")


def in_characters(scene: Said, columns: int) -> Grid:
    """The figure as a grid, for the outputs made of characters; ValueError where it has no such form."""
    figure = figure_of(scene)
    if not figure.in_characters():
        raise ValueError(f"the figure {figure.name!r} has no form in characters: choose svg, png, pdf or json")
    return figure.grid(scene, columns)
