"""Every human sentence of a figure by key, in English and Chinese: one file for each place where they are read.

States, flags, errno names and numbers stay as they are in both. A sentence claims only what packets
show: a RST that answers nothing is "active", and why the socket did that is not in the packets.
`{side}` and `{peer}` arrive as "client" or "server", or where a recording tells it as the name of a program ("proxy"),
and are written out; `{Side}` starts a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import (
    backends,
    clusters,
    endings,
    errors,
    happened,
    header,
    icmp,
    idle_gaps,
    ladder,
    listing,
    overview,
    proofs,
    reasons,
    resets,
    states,
    summary,
    time_sequence,
    verdicts,
)

LANGUAGES = ("en", "zh")

_SIDES = {
    "en": {"client": "the client", "server": "the server", "proxy": "the proxy", "other": "the other client"},
    "zh": {"client": "客户端", "server": "服务器", "proxy": "代理", "other": "另一个客户端"},
}

_TABLES = (
    ladder,
    endings,
    proofs,
    happened,
    reasons,
    time_sequence,
    states,
    header,
    listing,
    overview,
    idle_gaps,
    resets,
    backends,
    verdicts,
    icmp,
    clusters,
    errors,
    summary,
)
_WORDS: dict[str, tuple[str, str]] = {key: texts for table in _TABLES for key, texts in table.WORDS.items()}


#: Where Latin letters or digits meet Han characters; a value put into a sentence does not know its neighbours.
_HAN = re.compile("[\u4e00-\u9fff]")
_BESIDE_HAN = re.compile(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])")

_AFTER_MARK = re.compile(r"(?<=[，。；：、（）]) +")  # full-width marks have their space in them


def has(key: str) -> bool:
    """Whether there is a sentence by that key."""
    return key in _WORDS


def say(key: str, lang: str = "en", **values: object) -> str:
    """The sentence `key` in `lang`, with its values filled in."""
    texts = _WORDS[key]
    text = texts[1] if lang == "zh" else texts[0]
    if not values:
        return text
    sides = _SIDES[lang if lang == "zh" else "en"]
    filled: dict[str, object] = {}
    for name, value in values.items():
        if name in ("side", "peer") and str(value) in sides:
            written = sides[str(value)]
            filled[name] = written
            filled[name.capitalize()] = written[:1].upper() + written[1:]
        elif name == "trigger":
            filled[name] = value
            filled[name.capitalize()] = str(value)[:1].upper() + str(value)[1:]
        else:
            filled[name] = value
    said = text.format(**filled)
    return _AFTER_MARK.sub("", _BESIDE_HAN.sub(" ", said)) if lang == "zh" else said


def keys() -> tuple[str, ...]:
    """All keys, for tests."""
    return tuple(_WORDS)


def number(value: int) -> str:
    """With thousands separated: 3,012."""
    return f"{value:,}"


def count(value: int, what: str, lang: str) -> str:
    """1 connection, 2 connections: `what` is the key of the one, with s of the many."""
    return say(what if value == 1 else f"{what}s", lang, n=number(value))


def listed(parts: Iterable[str], lang: str) -> str:
    """The parts with commas between; behind Han characters one of their width."""
    text = before = ""
    for part in parts:
        comma = "，" if lang == "zh" and _HAN.search(before) else ", "
        text += f"{comma if before else ''}{part}"
        before = part
    return text


def amount(count: int, lang: str) -> str:
    """So many bytes: exact below 10 kB, three digits above."""
    if count == 1:
        return say("byte", lang)
    if count < 10_000:
        return say("bytes", lang, n=number(count))
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return f"{value:.1f} {unit}" if value < 99.95 else f"{value:,.0f} {unit}"
    raise AssertionError


def nth(count: int) -> str:
    """An English ordinal: 2nd."""
    suffix = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{suffix}"


def span(ns: int) -> str:
    """A length of time with three digits: 41 µs, 1.96 s, 2 h 5 min."""
    ns = abs(ns)
    if ns < 1_000:
        return f"{ns} ns" if ns else "0 s"
    for unit, size in (("µs", 10**3), ("ms", 10**6), ("s", 10**9)):
        value = ns / size
        if value < 999.5 or (unit == "s" and value < 600):
            return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
    minutes = round(ns / 60e9)
    if minutes < 60 * 48:
        hours, minutes = divmod(minutes, 60)
        return f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f"{round(ns / 86_400e9):,} d"
