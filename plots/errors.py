"""The connections behind a log line, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from ..analyze.story import Capture, Clustering, Match, Matches, Outcome, Sight
from .axes import DATED, clock
from .clusters import verdict_sentence
from .metrics import cells, wrap
from .summary import ROOM, cluster_lines, in_lines
from .typed import command
from .visible import visible
from .words import count, number, say, span

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
    of = count(matches.looked_at, "connection", lang)

    def put(text: str, style: str = "") -> None:
        console.print(in_lines(text, console.width, style), soft_wrap=True)

    when = "" if at_ns is None else f"{clock(at_ns, DATED)} UTC"
    put(title(matches, lang), "bold")
    if matches.system is not None:
        put(say("error-system", lang, system=matches.system), "dim")
    if matches.found:
        found = say("error-found", lang, n=number(len(matches.numbers) - matches.weak), of=of)
        found += say("error-weak", lang, n=number(matches.weak)) if matches.weak else ""
        put(found + (say("error-nearest-first", lang, at=when) if when else ""))
    else:
        put(say("error-none", lang, of=of), "yellow")
        for result in matches.results:
            put(say(f"error-why-{result}", lang), "dim")
        if matches.nearest and not matches.too_late:
            console.print()
            put(say("error-come-nearest", lang))
    if matches.too_late:
        put(say("error-too-late", lang, n=number(matches.too_late), at=when), "yellow")
    shown = (matches.found or matches.nearest)[:SHOWN]
    example = shown[0].connection.number if shown else None
    if len(matches.numbers) > SHOWN and at_ns is None:
        console.print()
        for text in cluster_lines(clustering, console.width, lang, ROOM):
            console.print(text, soft_wrap=True)
        example = clustering.clusters[0].example
    else:
        print_connections(shown, console, lang)
        if len(matches.numbers) > SHOWN:
            console.print()
            put("  " + say("error-more", lang, n=number(len(matches.numbers) - SHOWN)), "dim")
    if example is not None:
        console.print()
        console.print(Text.assemble("  ", (command(capture, connection=example), "cyan")), soft_wrap=True)


def print_connections(shown: tuple[Match, ...], console: Console, lang: str) -> None:
    """Each with its number."""
    digits = max((len(str(match.connection.number)) for match in shown), default=0)
    for match in shown:
        console.print()
        mark = str(match.connection.number)
        for text, style in lines(match, lang):
            for part in wrap(text, max(20, console.width - digits - 4), cells):
                console.print(Text.assemble((f"  {mark:>{digits}}  ", "bold"), (part, style)), soft_wrap=True)
                mark = ""


def title(matches: Matches, lang: str = "en") -> str:
    """What the log line says of a call."""
    results = one_of(list(matches.results), lang)
    calls = one_of([CALLS.get(call, call) for call in matches.calls], lang)
    means = say("error-means", lang, calls=calls, results=results) if calls else say("error-means-itself", lang)
    return say("error-title", lang, text=visible(matches.text), family=matches.family, means=means)


def one_of(names: list[str], lang: str) -> str:
    """read, write or SO_ERROR."""
    if len(names) < 2:
        return "".join(names)
    return say("one-of", lang, names=say("comma-of-names", lang).join(names[:-1]), last=names[-1])


def lines(match: Match, lang: str = "en") -> Iterator[tuple[str, str]]:
    """One connection: its ends, what each application can have seen, and why; each with its style."""
    one = match.connection
    head = say("error-head", lang, client=one.client, server=one.server)
    if match.away_ns is not None:
        key = "error-before" if match.away_ns >= 0 else "error-after"
        head += say("comma", lang) + say(key, lang, time=span(match.away_ns))
    yield head, "bold"
    if match.sights:
        for text in seen(match.sights, lang):
            yield text, ""
    elif one.outcomes is not None:
        yield calls_of("client", one.outcomes.client, lang), ""
        yield calls_of("server", one.outcomes.server, lang), ""
    yield verdict_sentence(match.verdict, lang), "dim"


def seen(sights: tuple[Sight, ...], lang: str = "en") -> Iterator[str]:
    """What each application can have seen: calls of one result in one sentence."""
    together: dict[tuple[str, str, str, str | None], list[str]] = {}
    for one in sights:
        together.setdefault((one.side, one.sure, one.returns, one.after), []).append(CALLS.get(one.call, one.call))
    for (side, sure, value, before), calls in together.items():
        key = "error-itself" if value == "closed-itself" else SURE[sure]
        key = "error-may-be-after" if sure == "may-be" and before else key
        its = say("comma-of-names", lang).join(calls)
        yield say(key, lang, side=side, calls=its, value=value, before=CALLS.get(before or "", before))


def calls_of(side: str, outcome: Outcome, lang: str = "en") -> str:
    """What the next calls of an application return instead."""
    if outcome.next is None:
        return say("error-no-call", lang, side=side, why=say(f"no-call-{outcome.why}", lang))
    told = [f"{CALLS.get(call, call)} {value}" for call, value in outcome.next.items() if isinstance(value, str)]
    return say("error-calls", lang, side=side, calls=say("comma", lang).join(told))
