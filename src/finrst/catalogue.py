"""What `finrst rules` and `finrst rule` do: the catalogue of verdicts, as a list and page by page."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from .analyze.rules import Rule


def catalogue() -> dict[str, type[Rule]]:
    """Every rule by its code, in the order of codes."""
    from .analyze.rules import rules

    return dict(sorted(rules().items()))


def listed(rule: type[Rule]) -> dict[str, Any]:
    """One line of the list, for programs."""
    return {
        "code": rule.code,
        "says": rule.first_line(),
        "benign": rule.benign,
        "stronger_than": sorted(rule.stronger_than),
    }


def record(rule: type[Rule]) -> dict[str, Any]:
    """A page, for programs: the text under each heading; its examples are packet scripts."""
    sections = {heading: text for heading, text in rule.sections().items() if heading != "Example"}
    return listed(rule) | {"sections": sections, "examples": rule.examples(), "neighbours": list(rule.neighbours())}


def markdown(rule: type[Rule]) -> str:
    """A page, in Markdown, without its title."""
    return f"{rule.page()}\n\n*Nobody is hurt by it.*" if rule.benign else rule.page()


def near(code: str) -> list[str]:
    """Codes that are spelt nearly so, or that hold one of its words."""
    known = list(catalogue())
    close = get_close_matches(code.lower(), known, n=4, cutoff=0.5)
    parts = [part for part in code.lower().split("-") if len(part) > 3]
    return (close + [one for one in known if one not in close and any(part in one for part in parts)])[:4]


def rows(columns: int) -> Iterator[str]:
    """The list for people, in lines of so many columns."""
    import textwrap

    known = catalogue()
    indent = 2 + max(len(code) for code in known)
    for code, rule in known.items():
        said = rule.first_line() + (" (benign)" if rule.benign else "")
        lines = textwrap.wrap(said, max(columns - indent, 30))
        yield f"{code:<{indent}}{lines[0]}"
        yield from (" " * indent + line for line in lines[1:])
    yield ""
    yield "finrst rule CODE shows the page of one: why, an example, what it is easily confused with, the fix."


def print_page(rule: type[Rule], console: Console) -> None:
    """A page for people: with headings and colour on a terminal, as it stands in a pipe."""
    if not console.is_terminal:
        console.print(f"{rule.code}\n\n{markdown(rule)}", soft_wrap=True)
        return
    from rich.markdown import Markdown

    console.print(Markdown(f"# {rule.code}\n\n{markdown(rule)}"))
