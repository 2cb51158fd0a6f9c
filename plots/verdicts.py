"""The sentences of verdicts: what one says, what it rests on, what would decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..analyze.story import Capture, Connection
from . import words
from .of_connection import by_role, roles
from .visible import visible

Say = Callable[[str, Mapping[str, str | int]], str]


def sentence(key: str, values: Mapping[str, object], lang: str = "en") -> str:
    """The sentence `key` with a verdict's or a finding's values.

    `ns` is {time} in it, `way_ns` {way}, `icmp` {what}; counts have commas.
    """
    filled: dict[str, object] = {}
    for name, value in values.items():
        if name == "ns" or name.endswith("_ns"):
            filled[name[:-3] or "time"] = words.span(int(str(value)))
        elif name == "why":
            filled[name] = words.say(f"why-{value}", lang)
        elif name in ("what", "icmp"):
            filled["what"] = words.say(f"icmp-{value}", lang)
        elif name == "address":
            filled[name] = visible(str(value))
        elif name == "bytes":
            filled[name] = words.amount(int(str(value)), lang)
        elif name == "syns":
            filled[name] = words.say("one-syn" if value == 1 else "n-syns", lang, n=value)
        elif name == "because":
            because = f"rst-lost-{value}"
            filled[name] = words.say(because if words.has(because) else "rst-lost-any", lang)
        elif name in ("seq", "ack", "port"):
            filled[name] = value
        elif name == "ticks":
            filled["old"] = words.say(name, lang, n=words.number(int(str(value))))
        else:
            filled[name] = words.number(value) if isinstance(value, int) else value
    return words.say(key, lang, **filled)


def speaker(lang: str, named: Mapping[object, str] | None = None) -> Say:
    """`sentence` in one language; `named`: what the ends are called in it."""
    return lambda key, values: sentence(key, by_role(named or {}, values), lang)


def speaker_of(connection: Connection, capture: Capture, lang: str) -> Say:
    """`sentence` in one language, of one connection: its ends are called what its figures call them."""
    return speaker(lang, roles(connection, capture))
