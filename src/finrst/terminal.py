"""What goes to standard output and standard error: results, progress, and one line for what is wrong."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import click

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer
    from rich.console import Console

    from .plots.scene import Said


USAGE = 2
UNREADABLE = 3


def fail(message: str, status: int) -> NoReturn:
    """One line on standard error, and the exit status."""
    from .plots.visible import visible

    click.echo(f"finrst: {visible(message)}", err=True)
    raise SystemExit(status)


@contextlib.contextmanager
def told_plainly() -> Iterator[None]:
    """Bad input gets one line that says what and where, never a traceback."""
    from .capture.table import CaptureError

    try:
        yield
    except CaptureError as error:
        fail(str(error), UNREADABLE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or error}", UNREADABLE)


@contextlib.contextmanager
def progress_bar(quiet: bool, what: str) -> Iterator[Callable[[int], None] | None]:
    """Packets read so far, on standard error, and only where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from .plots.characters import has
    from .plots.visible import visible

    bar = Progress(
        SpinnerColumn("dots" if has(sys.stderr.encoding, "⠋") else "line"),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,} packets"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(visible(what).replace("[", r"\["), total=None)
        yield lambda packets: bar.update(task, completed=packets)


def console_for(width: int | None) -> Console:
    """Where results go; colours only on a terminal that wants them."""
    from rich.console import Console

    columns = os.environ.get("COLUMNS", "")
    if width is None and not sys.stdout.isatty() and not columns.isdigit():
        width = 100
    return Console(width=width, highlight=False, markup=False, emoji=False)


def writable(out: str) -> None:
    """Whether the folder of -o is there, before a long capture is read."""
    folder = Path(out).parent
    if not folder.is_dir():
        fail(f"{folder}: no such folder", UNREADABLE)


class _Late(io.RawIOBase):
    """A file that is opened with the first write: where the command fails before, what it held stays."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._file: io.FileIO | None = None

    def writable(self) -> bool:
        """Whether it can be written."""
        return True

    def write(self, data: Buffer) -> int:
        """Write so much of the bytes as goes at once; returns how many."""
        if self._file is None:
            self._file = io.FileIO(self._path, "wb")
        return self._file.write(data)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()
        super().close()


@contextlib.contextmanager
def output(out: str | None) -> Iterator[BinaryIO]:
    """Standard output, or the file of -o. A reader that goes away early (`| head`) is no error."""
    if out is None or out == "-":
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Python flushes standard output once more while it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        with io.BufferedWriter(_Late(out)) as stream:
            yield stream


def encoded(text: str, stream: BinaryIO) -> bytes:
    """A file is UTF-8, standard output what its reader takes: there, signs that it does not have become ASCII."""
    from .plots.characters import encoding_of, in_encoding

    return in_encoding(text, encoding_of(sys.stdout, os.environ) if stream is sys.stdout.buffer else "utf-8")


def write_text(stream: BinaryIO, scene: Said, width: int | None) -> None:
    """The ladder in the terminal."""
    from .plots.backends import render

    console = console_for(width)
    colour = console.is_terminal and not console.no_color and stream is sys.stdout.buffer
    stream.write(encoded(render(scene, "ansi" if colour else "txt", columns=console.width).decode(), stream))


def write_shown(stream: BinaryIO, show: Callable[[Console], None], width: int | None) -> None:
    """What is shown on a console, at once; in a pipe without the spaces that fill a line."""
    console = console_for(width)
    with console.capture() as captured:
        show(console)
    text = captured.get()
    if not console.is_terminal:
        text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    stream.write(encoded(text, stream))
    stream.flush()


@contextlib.contextmanager
def doing(quiet: bool) -> Iterator[Callable[[str], None]]:
    """What is being done right now ("": nothing), on standard error, and only where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda what: None
        return
    from rich.console import Console
    from rich.live import Live

    # Without a thread that draws: the lab forks, and only one thread goes along.
    live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)

    def tell(what: str) -> None:
        if not what:
            live.stop()
            return
        live.start()
        live.update(f"recording {what}", refresh=True)

    try:
        yield tell
    finally:
        live.stop()


def lang_of_file(out: str, lang: str, quiet: bool) -> str:
    """The language that a figure's file can be in: English, where this machine has no font for the other."""
    from .plots import backends

    return spoken(lang, "the figure", backends.backend(Path(out).suffix).lacks(lang), quiet)


def lang_of_terminal(lang: str, quiet: bool) -> str:
    """The language that standard output can be in: English, where its encoding has no signs for the other."""
    from .plots.characters import encoding_of, has

    encoding = encoding_of(sys.stdout, os.environ)
    if lang == "en" or has(encoding, "汉"):
        return lang
    return spoken(lang, "the text", f"{encoding} has no Chinese characters (try LC_ALL=C.UTF-8)", quiet)


def spoken(lang: str, what: str, lacks: str | None, quiet: bool) -> str:
    """The language, or English with one line that says why."""
    if lacks is None:
        return lang
    if not quiet:
        click.echo(f"finrst: {what} is in English: {lacks}", err=True)
    return "en"
