"""`finrst overview`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from ..captures import read_again, scanned, with_server, write_figure
from ..options import FILES, FILTER, LANG, QUIET, SERVER, THEME, Number, figure_options, known_suffix
from ..terminal import lang_of_file, lang_of_terminal, output, told_plainly, writable, write_text

if TYPE_CHECKING:
    from ..analyze.filter import Filter


@click.command()
@FILES
@click.option(
    "-o",
    "--output",
    "out",
    metavar="OUT",
    help="The suffix chooses: svg png pdf txt json. Without: the terminal.",
)
@figure_options("capture", "overview", "overview")
@SERVER
@FILTER
@THEME
@click.option("--width", type=Number(min=40), metavar="COLUMNS", help="Width of the output in a terminal.")
@LANG
@QUIET
def overview(
    files: tuple[str, ...],
    out: str | None,
    name: str,
    server: str | None,
    chosen: Filter | None,
    theme: str | None,
    width: int | None,
    lang: str,
    quiet: bool,
) -> None:
    """Draw a whole capture: how its connections ended, by service and time, and what stands out.

    Up to 80 connections have a bar each, of more each service has a strip. Other figures show the silences before
    the end (idle-gaps) and the RSTs (resets).
    """
    from ..plots.figures import figure
    from ..reading import overview_of

    if out is not None:
        known_suffix(out)
        writable(out)
    with contextlib.ExitStack() as stack, told_plainly():
        found = scanned(files if server is None else read_again(files, stack), files, quiet)
        with_server(found, server, quiet)
        lang = lang_of_terminal(lang, quiet) if out is None else lang_of_file(out, lang, quiet)
        scene = figure(name).compose(overview_of(found, chosen), lang=lang)
        if out is not None:
            write_figure(scene, out, theme)
            return
        with output(None) as stream:
            write_text(stream, scene, width)
