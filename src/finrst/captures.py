"""The captures that a command is given: read, told, drawn."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from .terminal import USAGE, fail, progress_bar, write_shown

if TYPE_CHECKING:
    from .analyze.filter import Filter
    from .analyze.scan import Scan
    from .plots.scene import Said


SLOW_WITHOUT_COMPILER = 20_000_000  # bytes
OPTIONS = {"timed": "--untimed", "frame": "--frame", "side": "--side"}  # of figures, as they are typed


def compiled() -> bool:
    """Whether the engine is compiled."""
    from .analyze import track

    return not str(track.__file__).endswith(".py")


def read_again(files: tuple[str, ...], stack: contextlib.ExitStack) -> tuple[str, ...]:
    """Paths that can be read twice: standard input is kept in a temporary file."""
    if files != ("-",):
        return files
    kept = stack.enter_context(tempfile.NamedTemporaryFile(prefix="finrst-", suffix=".capture"))  # noqa: SIM115
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C ends the tcpdump before it and the copying, not the telling
        while chunk := os.read(sys.stdin.fileno(), 1 << 20):
            kept.write(chunk)
    kept.flush()
    return (kept.name,)


def scanned(
    paths: tuple[str, ...],
    shown: tuple[str, ...],
    quiet: bool,
    straces: tuple[str, ...] = (),
    traces: tuple[str, ...] = (),
) -> Scan:
    """One pass over the capture, with a progress bar on a terminal; recordings and logs bring their facts."""
    from .reading import scanned as scanned_with

    size = sum(Path(path).stat().st_size for path in paths if path != "-" and Path(path).is_file())
    if size > SLOW_WITHOUT_COMPILER and not compiled() and not quiet:
        click.echo("finrst: the engine is not compiled here: long captures are slow (see finrst --version)", err=True)
    with progress_bar(quiet, f"reading {', '.join(shown)}") as progress:
        found = scanned_with(paths, straces, traces, progress)
    found.shown = shown
    return found


def with_server(found: Scan, server: str | None, quiet: bool) -> None:
    """From here on, tell the capture's connections with what was captured of them at the server's end."""
    from .reading import with_server

    if server is None:
        return
    if server == "-" or Path(server).is_dir():
        fail(f"{server}: --server takes a file, the capture at the server's end", USAGE)
    with progress_bar(quiet, f"reading {server}") as progress:
        try:
            with_server(found, server, progress)
        except ValueError as error:
            fail(str(error), USAGE)


def told_scene(found: Scan, number: int | None, lang: str, quiet: bool, name: str = "ladder", **options: Any) -> Said:
    """The figure of one connection, from a second pass over the capture; None: of its only one."""
    from .analyze.tell import tell
    from .plots.figures import figure as figure_named

    figure = figure_named(name)
    for option in options:
        if option not in figure.options:
            fail(f"the figure {name!r} takes no {OPTIONS[option]}", USAGE)

    number = only_connection(found) if number is None else number
    with progress_bar(quiet, "reading its packets") as progress:
        try:
            story = tell(found, [number], progress)
        except KeyError:
            numbers = [c.number for c in found.connections]
            there = f"they are numbered {numbers[0]} to {numbers[-1]}" if numbers else "it has none"
            fail(f"no connection {number} in {', '.join(found.shown)}: {there}", USAGE)
    try:
        return figure.compose(story.connections[0], story.capture, lang=lang, **options)
    except ValueError as error:
        fail(str(error), USAGE)


def only_connection(found: Scan) -> int:
    """The number of a capture's only connection; where it holds more, or none, that is said instead."""
    where, many = ", ".join(found.shown), len(found.connections)
    if many == 0:
        fail(f"no TCP connection in {where}", USAGE)
    if many > 1:
        fail(f"{many} connections in {where}: choose one with --connection N (finrst explain lists them)", USAGE)
    return found.connections[0].number


def write_summary(found: Scan, chosen: Filter | None, width: int | None, stream: BinaryIO, lang: str) -> None:
    """The first screen."""
    from .reading import print_first_screen

    write_shown(stream, lambda console: print_first_screen(found, console, lang, chosen), width)


def write_figure(scene: Said, out: str, theme: str | None) -> None:
    """The figure to its file, in the form that the suffix names."""
    from .plots import backends

    suffix = Path(out).suffix
    options: dict[str, Any] = {} if theme is None else {"theme": theme}
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            rendered = backends.render(scene, suffix, **options)
    except ImportError as error:
        fail(f"{suffix} needs {error.name}: pip install 'finrst[figures]'", USAGE)
    except ValueError as error:
        fail(str(error), USAGE)
    for said in dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, backends.FontWarning)):
        click.echo(f"finrst: {said}", err=True)
    Path(out).write_bytes(rendered)
