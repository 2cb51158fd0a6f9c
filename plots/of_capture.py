"""What the figures of a whole capture share: their grey line, names of endings, places on an axis."""

from __future__ import annotations

import math
from pathlib import PurePath

from ..analyze.story import Capture, Overview
from . import words
from .axes import clock_range, length
from .visible import visible


def share(part: int, whole: int) -> str:
    """A percentage; what is there is never 0."""
    percent = 100 * part / whole
    return f"{percent:.1f} %" if percent >= 0.05 or not part else "<0.1 %"


def files(capture: Capture, lang: str) -> str:
    """Where the packets come from."""
    first = visible(PurePath(capture.files[0]).name or capture.files[0])
    first = first if len(first) <= 60 else f"{first[:40]}…{first[-19:]}"
    if len(capture.files) == 1:
        return first
    more = len(capture.files) - (lang == "en")
    return words.say("files-more", lang, file=first, n=more)


def when(first_ns: int, last_ns: int, lang: str) -> str:
    """From when to when, as short as it is clear; in UTC."""
    start, end = clock_range(first_ns, last_ns)
    return start if start.endswith(end) else words.say("clock-range", lang, start=start, end=end)


def provenance(overview: Overview, lang: str) -> str:
    """The grey line: file, time, packets, and what a filter left out."""
    capture = overview.capture
    packets = words.count(capture.packets, "packet", lang)
    if not overview.connections:
        return f"{files(capture, lang)}, {packets}." if lang == "en" else f"{files(capture, lang)}，{packets}。"
    time = when(overview.first_ns, overview.last_ns, lang)
    text = words.say("overview-file", lang, file=files(capture, lang), time=time, packets=packets)
    if overview.connections != overview.total:
        said = words.say(
            "overview-filtered", lang, n=words.number(overview.connections), total=words.number(overview.total)
        )
        return joined([text, said], lang)
    return text


def joined(sentences: list[str], lang: str) -> str:
    """Sentences one after the other."""
    return ("" if lang == "zh" else " ").join(sentence for sentence in sentences if sentence)


def timer(ns: int) -> str:
    """A length that many share: 60.0 s, 200 ms."""
    return f"{ns / 1e9:.1f} s" if 10**9 <= ns < 600 * 10**9 else length(ns)


def label(ending: str, lang: str) -> str:
    """An ending's name."""
    return words.say(f"class-{ending}", lang)


def at(ns: int, first_ns: int, last_ns: int) -> float:
    """Where a time lies in the range, 0 to 1."""
    return min(1.0, max(0.0, (ns - first_ns) / (last_ns - first_ns))) if last_ns > first_ns else 0.5


def along(ns: int, edges: tuple[int, ...]) -> float:
    """Where a length stands between the first and the last edge, 0 to 1, on a logarithmic scale."""
    place = math.log(max(ns, 1) / edges[0]) / math.log(edges[-1] / edges[0])
    return min(1.0, max(0.0, place))
