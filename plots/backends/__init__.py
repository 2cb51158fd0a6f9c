"""One file per output; dropping a file in registers it."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any, ClassVar, Literal

from ..figures import Figure, figure_of
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
    def draws(cls, figure: type[Figure]) -> bool:
        """Whether it has a form for the scenes of such a figure."""
        return True

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
        """The bytes of a scene."""
        raise NotImplementedError


@cache
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
        what = f"no output for {suffix!r}" if suffix else "no suffix to tell the output by"
        raise ValueError(f"{what}: choose from {', '.join(known)}")
    return _BY_SUFFIX[name]


def render(scene: Said, suffix: str, *, width: float = WIDTH, **options: Any) -> bytes:
    """Draw the scene in the form that the suffix names: svg, png, pdf, txt, ansi, mmd, pkt, json.

    Raises ValueError, with those that there are, where the figure has no such form.
    """
    chosen, figure = backend(suffix), figure_of(scene)
    name = suffix.lower().lstrip(".")
    if not chosen.draws(figure):
        forms = ", ".join(one for one in suffixes() if backend(one).draws(figure))
        raise ValueError(f"the figure {figure.name!r} has no form as {name}: choose from {forms}")
    if chosen.takes == "scene":
        return chosen.scene(scene, **options)
    placed = figure.place(chosen.writable(scene), width, chosen.measure())
    return chosen.placed(placed, suffix=name, **options)
