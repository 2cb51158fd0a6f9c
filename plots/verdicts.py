"""The sentences of verdicts: what one says, what it rests on, what would decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from . import words

Say = Callable[[str, Mapping[str, str | int]], str]


def sentence(key: str, values: Mapping[str, str | int], lang: str = "en") -> str:
    """The sentence `key` with a verdict's values: `ns` is {time} in it, `way_ns` {way}, counts have commas."""
    filled: dict[str, object] = {}
    for name, value in values.items():
        if name == "ns" or name.endswith("_ns"):
            filled[name[:-3] or "time"] = words.span(int(value))
        elif name == "why":
            filled[name] = words.say(f"why-{value}", lang)
        elif name == "what":
            filled[name] = words.say(f"icmp-{value}", lang)
        else:
            filled[name] = words.number(value) if isinstance(value, int) else value
    return words.say(key, lang, **filled)


def speaker(lang: str) -> Say:
    """`sentence` in one language."""
    return partial(sentence, lang=lang)
