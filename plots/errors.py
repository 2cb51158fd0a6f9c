"""The connections behind a log line, in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from ..analyze.story import Capture, Clustering, Match, Matches, Outcome, Sight
from .clusters import verdict_sentence
from .summary import ROOM, clock, cluster_lines, count
from .visible import visible
from .words import number, say, span

SHOWN = 8  # connections
CALLS = {"so_error": "SO_ERROR"}
SURE = {"next": "error-next", "after": "error-after-call", "may-be": "error-may-be", "if-shutdown": "error-if-shutdown"}


def print_matches(
    matches: Matches,
    clustering: Clustering,
    capture: Capture,
    at_ns: int | None,
    console: Console,
    lang: str = "en",
) -> None:
    """Write the answer to `console`: connections; of many, where no time tells them apart, their clusters."""
    of = count(matches.looked_at, "connection") if lang == "en" else f"{number(matches.looked_at)} 个连接"
    when = "" if at_ns is None else f"{clock(at_ns)} UTC"
    console.print(Text(title(matches, lang), "bold"))
    if matches.system is not None:
        console.print(Text(say("error-system", lang, system=matches.system), "dim"))
    if matches.found:
        weak = sum(match.sure == "if-shutdown" for match in matches.found)
        found = say("error-found", lang, n=number(len(matches.found) - weak), of=of)
        found += say("error-weak", lang, n=number(weak)) if weak else ""
        console.print(Text(found + (say("error-nearest-first", lang, at=when) if when else "")))
    else:
        console.print(Text(say("error-none", lang, of=of), "yellow"))
        for result in matches.results:
            console.print(Text(say(f"error-why-{result}", lang), "dim"))
        if matches.nearest and not matches.too_late:
            console.print()
            console.print(Text(say("error-come-nearest", lang)))
    if matches.too_late:
        console.print(Text(say("error-too-late", lang, n=number(matches.too_late), at=when), "yellow"))
    shown = (matches.found or matches.nearest)[:SHOWN]
    example = shown[0].connection.number if shown else None
    if len(matches.found) > SHOWN and at_ns is None:
        console.print()
        for text in cluster_lines(clustering, console, lang, ROOM):
            console.print(text, soft_wrap=True)
        example = clustering.clusters[0].example
    else:
        print_connections(shown, console, lang)
        if len(matches.found) > SHOWN:
            console.print()
            console.print(Text("  " + say("error-more", lang, n=number(len(matches.found) - SHOWN)), "dim"))
    if example is not None:
        file = " ".join(shlex.quote(visible(name)) for name in capture.files)
        console.print()
        command = f"finrst explain {file} --connection {example}"
        console.print(Text.assemble("  ", (command, "cyan")), soft_wrap=True)


def print_connections(shown: tuple[Match, ...], console: Console, lang: str) -> None:
    """Each with its number."""
    digits = max((len(str(match.connection.number)) for match in shown), default=0)
    for match in shown:
        console.print()
        mark = str(match.connection.number)
        for text in lines(match, lang):
            for part in text.wrap(console, max(20, console.width - digits - 4)):
                part.rstrip()
                console.print(Text.assemble((f"  {mark:>{digits}}  ", "bold"), part), soft_wrap=True)
                mark = ""


def title(matches: Matches, lang: str = "en") -> str:
    """What the log line says of a call."""
    results = one_of(list(matches.results), lang)
    calls = one_of([CALLS.get(call, call) for call in matches.calls], lang)
    means = say("error-means", lang, calls=calls, results=results) if calls else say("error-means-itself", lang)
    return say("error-title", lang, text=visible(matches.text), family=matches.family, means=means)


def one_of(names: list[str], lang: str) -> str:
    """read, write or SO_ERROR."""
    if lang == "zh" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def lines(match: Match, lang: str = "en") -> Iterator[Text]:
    """One connection: its ends, what each application can have seen, and why."""
    one = match.connection
    head = say("error-head", lang, client=one.client, server=one.server)
    if match.away_ns is not None:
        key = "error-before" if match.away_ns >= 0 else "error-after"
        head += ("，" if lang == "zh" else ", ") + say(key, lang, time=span(match.away_ns))
    yield Text(head, "bold")
    if match.sights:
        for text in seen(match.sights, lang):
            yield Text(text)
    elif one.outcomes is not None:
        yield Text(calls_of("client", one.outcomes.client, lang))
        yield Text(calls_of("server", one.outcomes.server, lang))
    yield Text(verdict_sentence(match.verdict, lang), "dim")


def seen(sights: tuple[Sight, ...], lang: str = "en") -> Iterator[str]:
    """What each application can have seen: calls of one result in one sentence."""
    together: dict[tuple[str, str, str, str | None], list[str]] = {}
    for one in sights:
        together.setdefault((one.side, one.sure, one.returns, one.after), []).append(CALLS.get(one.call, one.call))
    for (side, sure, value, before), calls in together.items():
        key = "error-itself" if value == "closed-itself" else SURE[sure]
        key = "error-may-be-after" if sure == "may-be" and before else key
        yield say(key, lang, side=side, calls=", ".join(calls), value=value, before=CALLS.get(before or "", before))


def calls_of(side: str, outcome: Outcome, lang: str = "en") -> str:
    """What the next calls of an application return instead."""
    if outcome.next is None:
        return say("error-no-call", lang, side=side, why=outcome.why)
    told = [f"{CALLS.get(call, call)} {value}" for call, value in outcome.next.items() if isinstance(value, str)]
    return say("error-calls", lang, side=side, calls=", ".join(told))
