"""The options of the commands, each declared once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from .analyze.filter import Filter

Command = Callable[..., Any]


def parsed_filter(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Filter | None:
    """--filter, checked before a long capture is read."""
    if text is None:
        return None
    from .analyze.filter import Filter, FilterError

    try:
        return Filter(text)
    except FilterError as error:
        raise click.BadParameter(str(error)) from None


def parsed_endings(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[str, ...]:
    """--fail-on: endings, separated by commas."""
    from .analyze.vocabulary import ENDINGS

    chosen = tuple(word.strip() for word in (text or "").split(",") if word.strip())
    for word in chosen:
        if word not in ENDINGS:
            raise click.BadParameter(f"{word!r} is no ending: choose from {', '.join(ENDINGS)}")
    return chosen


def parsed_figure(of: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """--figure: one of those that draw a connection, or a capture."""

    def parsed(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
        from .plots.figures import figure, figures

        with contextlib.suppress(KeyError):
            if figure(name).of == of:
                return name
        known = [one.name for one in figures().values() if one.of == of]
        raise click.BadParameter(f"{name!r} is no figure of a {of}: choose from {', '.join(known)}")

    return parsed


def listed_figures(of: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    """--figures: their names, and what each shows."""

    def listed(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
        from .plots.figures import figures

        if wanted and not context.resilient_parsing:
            for figure in figures().values():
                if figure.of == of:
                    click.echo(f"{figure.name:<16}  {(figure.__doc__ or '').splitlines()[0]}")
            context.exit()

    return listed


def parsed_systems(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[str, str] | None:
    """--os: what the ends run on."""
    if text is None:
        return None
    from .analyze.outcomes.table import parse_systems

    try:
        return parse_systems(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


class Number(click.IntRange):
    """A whole number; click itself calls it an integer range where it is none."""

    name = "number"


def known_suffix(out: str) -> None:
    """-o, checked before a long capture is read."""
    from .plots import backends

    try:
        backends.backend(Path(out).suffix)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="-o") from None


FILES = click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
SERVER = click.option(
    "--server",
    type=click.Path(dir_okay=True),
    metavar="CAPTURE",
    help="The same traffic, captured at the server's end (FILE: at the client's).",
)
FILTER = click.option(
    "--filter",
    "chosen",
    metavar="EXPR",
    callback=parsed_filter,
    help="Only these connections, e.g. 'server.port==443 and ending==reset'.",
)
STRACE = click.option(
    "--strace", "straces", metavar="LOG", multiple=True, type=click.Path(dir_okay=False),
    help="What a program's calls returned: a log of strace -f -ttt -yy.",
)  # fmt: skip
KERNEL = click.option(
    "--kernel", "traces", metavar="TRACE", multiple=True, type=click.Path(dir_okay=False),
    help="What the kernel said: a text trace of tcp_send_reset and the like.",
)  # fmt: skip
SYSTEMS = click.option(
    "--os", "systems", metavar="SYSTEM", callback=parsed_systems,
    help="What the ends run on, for what their calls return: linux, macos, windows, or client=linux,server=windows.",
)  # fmt: skip
ERROR = click.option(
    "--error", metavar="TEXT", help="Which connections are behind this line of a log: 'Connection reset by peer'."
)
AT = click.option("--at", metavar="TIME", help="With --error: when it was written; ISO 8601, 12:00:00, or since 1970.")
HOST = click.option("--host", metavar="ADDRESS", help="With --error: only connections of this address or network.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress, no warnings.")
LANG = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of what is told and drawn.",
)
WIDTH = click.option("--width", type=Number(min=40), metavar="COLUMNS", help="Width of the output.")
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: for programs."
)
IPV6 = click.option("--ipv6", is_flag=True, help="Over IPv6.")
THEME = click.option(
    "--theme",
    type=click.Choice(["light", "dark", "print"]),
    default=None,
    help="Colours; an SVG without it follows the reader's.",
)


def figure_options(of: str, command: str, default: str) -> Callable[[Command], Command]:
    """--figure and --figures, of a connection or of a capture."""
    chosen = click.option(
        "--figure", "name", metavar="NAME", default=default, show_default=True, callback=parsed_figure(of),
        help=f"What to draw of it; finrst {command} --figures lists them.",
    )  # fmt: skip
    listed = click.option(
        "--figures", is_flag=True, is_eager=True, expose_value=False, callback=listed_figures(of),
        help="List the figures.",
    )  # fmt: skip
    return lambda command: chosen(listed(command))
