"""One file per figure; dropping a file in registers it.

A figure turns what is told of a connection or of a whole capture into a scene (what is said), the scene
into a placed figure (where it stands), and, where it makes sense, into a grid of characters.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from typing import Any, ClassVar, Literal

from ..characters import Grid
from ..metrics import Measure
from ..placed import Display
from ..scene import Said

_BY_NAME: dict[str, type[Figure]] = {}


class Figure:
    """A kind of figure. Its docstring's first line is what `finrst draw --help` says of it."""

    name: ClassVar[str] = ""  # the word for --figure
    of: ClassVar[Literal["connection", "capture"]] = "connection"
    says: ClassVar[type[Said]] = Said  # its scenes
    options: ClassVar[tuple[str, ...]] = ()  # what `compose` takes beside the language

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        _BY_NAME[cls.name] = cls

    @staticmethod
    def compose(*subject: Any, **options: Any) -> Said:
        """The scene; `subject` is (Connection, Capture), or of a capture's figure its Overview; `lang` is an option.

        Raises ValueError, with one line for the reader, where the subject has nothing for this figure.
        """
        raise NotImplementedError

    @staticmethod
    def place(scene: Any, width: float, measure: Measure) -> Display:
        """The placed figure."""
        raise NotImplementedError

    @staticmethod
    def grid(scene: Any, columns: int) -> Grid:
        """The figure in characters."""
        raise NotImplementedError

    @classmethod
    def in_characters(cls) -> bool:
        """Whether there is such a form."""
        return cls.grid is not Figure.grid


def figure(name: str) -> type[Figure]:
    """The figure of that name: only its own module is loaded. Raises KeyError."""
    if name not in _BY_NAME:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    return _BY_NAME[name]


def figures() -> dict[str, type[Figure]]:
    """Every figure by name, the ladder first."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_BY_NAME.items(), key=lambda item: (item[0] != "ladder", item[0])))


def figure_of(scene: Said) -> type[Figure]:
    """The figure that a scene was composed for."""
    if not any(known.says is type(scene) for known in _BY_NAME.values()):  # no module is loaded without need
        figure("ladder")
    if not any(known.says is type(scene) for known in _BY_NAME.values()):
        figures()
    return next(known for known in _BY_NAME.values() if known.says is type(scene))
