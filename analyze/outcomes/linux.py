"""Linux: the rules of `automaton`, measured on 6.18 with every call's result beside its packets."""

from __future__ import annotations

from .automaton import Socket

SYSTEMS = ("linux",)


class System(Socket):
    """Linux's own."""

    __slots__ = ()
