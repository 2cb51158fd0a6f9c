"""`finrst draw`."""

from __future__ import annotations

import contextlib
from typing import Any

import click

from ..captures import read_again, scanned, told_scene, with_server, write_figure
from ..options import (
    FILES,
    KERNEL,
    LANG,
    QUIET,
    SERVER,
    STRACE,
    THEME,
    Number,
    figure_options,
    known_suffix,
)
from ..terminal import lang_of_file, told_plainly, writable


@click.command()
@FILES
@click.option(
    "--connection", "number", type=Number(min=0), metavar="N",
    help="This one (Wireshark's tcp.stream); where there is one only, it needs no number.",
)  # fmt: skip
@SERVER
@click.option(
    "-o", "--output", "out", required=True, metavar="OUT",
    help="The suffix chooses: svg png pdf txt ansi mmd pkt json.",
)  # fmt: skip
@THEME
@figure_options("connection", "draw", "ladder")
@click.option("--untimed", is_flag=True, help="The ladder as the textbook's time line: no clock, no data.")
@click.option("--frame", type=Number(min=1), metavar="N", help="Of this packet (figures of one packet).")
@click.option("--side", type=click.Choice(["client", "server"]), help="What this side sent (figures of one direction).")
@STRACE
@KERNEL
@LANG
@QUIET
def draw(
    files: tuple[str, ...],
    number: int | None,
    server: str | None,
    out: str,
    theme: str | None,
    name: str,
    untimed: bool,
    frame: int | None,
    side: str | None,
    straces: tuple[str, ...],
    traces: tuple[str, ...],
    lang: str,
    quiet: bool,
) -> None:
    """Draw one connection: as a sequence diagram, or as another figure.

    FILE may be the folder of a recording (finrst record): then the calls of both programs, and the states and reasons
    that the kernel recorded, stand in the figure.
    """
    known_suffix(out)
    writable(out)
    with contextlib.ExitStack() as stack, told_plainly():
        found = scanned(read_again(files, stack), files, quiet, straces, traces)
        with_server(found, server, quiet)
        asked: dict[str, Any] = {"timed": False} if untimed else {}
        if frame is not None:
            asked["frame"] = frame
        if side is not None:
            asked["side"] = side
        write_figure(told_scene(found, number, lang_of_file(out, lang, quiet), quiet, name, **asked), out, theme)
