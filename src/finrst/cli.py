"""The command line: arguments in, exit status out. Heavy imports wait until a command needs them."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from . import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from .analyze.filter import Filter
    from .analyze.scan import Scan
    from .errors import Asked
    from .plots.scene import Said

USAGE = 2
UNREADABLE = 3
SLOW_WITHOUT_COMPILER = 20_000_000  # bytes
OPTIONS = {"timed": "--untimed", "frame": "--frame", "side": "--side"}  # of figures, as they are typed


def compiled() -> bool:
    """Whether the engine is compiled."""
    from .analyze import track

    return not str(track.__file__).endswith(".py")


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


def known_suffix(out: str) -> None:
    """-o, checked before a long capture is read."""
    from .plots import backends

    try:
        backends.backend(Path(out).suffix)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="-o") from None


def version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """--version: also says whether the engine is compiled."""
    if wanted and not context.resilient_parsing:
        how = (
            "compiled"
            if compiled()
            else "interpreted: reading is about 100 times slower; install a C compiler, reinstall"
        )
        click.echo(f"finrst {__version__} (engine {how})")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=version, help="Print the version.")
def finrst() -> None:
    """How a TCP connection ended, who ended it, and why.

    \b
    finrst explain capture.pcap                    what ended how, and where it went wrong
    finrst explain capture.pcap --connection 3     the story of one connection
    finrst draw capture.pcap --connection 3 -o 3.svg
    finrst overview capture.pcap -o all.svg        the whole capture in one figure
    tcpdump -w - | finrst explain -
    """


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


@finrst.command()
@FILES
@click.option(
    "--connection", "number", type=click.IntRange(min=0), metavar="N", help="Tell this one (Wireshark's tcp.stream)."
)
@SERVER
@FILTER
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="For programs.",
)
@click.option(
    "-o", "--output", "out", type=click.Path(dir_okay=False), metavar="OUT", help="Write here, not to standard output."
)
@click.option(
    "--fail-on",
    "fatal",
    metavar="ENDING[,...]",
    callback=parsed_endings,
    help="Exit with 1 when a connection ended like this.",
)
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the output.")
@ERROR
@AT
@HOST
@STRACE
@KERNEL
@SYSTEMS
@LANG
@QUIET
def explain(
    files: tuple[str, ...],
    number: int | None,
    server: str | None,
    chosen: Filter | None,
    form: str,
    out: str | None,
    fatal: tuple[str, ...],
    width: int | None,
    error: str | None,
    at: str | None,
    host: str | None,
    straces: tuple[str, ...],
    traces: tuple[str, ...],
    systems: tuple[str, str] | None,
    lang: str,
    quiet: bool,
) -> None:
    """Say how every TCP connection in a capture ended, and who ended it.

    FILE is a pcap or pcapng file, plain or compressed; "-" is standard input. Several are one capture in
    parts: their packets are merged by time, and frames count through them in the order given.

    The folder of a recording (finrst record) stands for its packets.pcapng, and brings what the programs and the
    kernel said of them: system calls with their results, and the reason of each RST. The file alone does not.

    --strace brings the calls of any program: what each returned stands beside what the packets say that it returns.
    --kernel brings the reasons of RSTs and the states from a trace of the kernel.

    --error takes a line of a log, or a part of one, in the words of glibc, Python, Java, Go, Node.js, nginx, HAProxy,
    Envoy, OpenSSL, curl or Windows, and lists the connections in which some application can have seen exactly that.
    A time without a zone (--at) is this machine's local time.

    With --server, FILE was captured at the client's end, and the other file at the server's: the same connections are
    found in both, also through a NAT, and each packet is known to have arrived, to have been lost on the way, or to
    have been sent by neither end.
    """
    line = asked_error(error, at, host, number)
    with contextlib.ExitStack() as stack, told_plainly():
        twice = server is not None or straces != () or (number is not None and form == "text")
        found = scanned(read_again(files, stack) if twice else files, files, quiet, straces, traces)
        found.systems = systems or found.systems
        with_server(found, server, quiet)
        if form == "text" and out in (None, "-"):
            lang = lang_of_terminal(lang, quiet)
        with output(out) as stream:
            if line is not None:
                write_error(found, line, chosen, form, stream, lang, width)
            elif form != "text":
                write_records(found, number, chosen, form, stream, lang)
            elif number is not None:
                write_text(stream, told_scene(found, number, lang, quiet), width)
            else:
                write_summary(found, chosen, width, stream, lang)
        if fatal and any_ending(found, number, chosen, fatal):
            raise SystemExit(1)


@finrst.command()
@FILES
@click.option(
    "--connection", "number", type=click.IntRange(min=0), metavar="N", required=True, help="Wireshark's tcp.stream."
)
@SERVER
@click.option(
    "-o", "--output", "out", required=True, metavar="OUT",
    help="The suffix chooses: svg png pdf txt ansi mmd pkt json.",
)  # fmt: skip
@click.option(
    "--theme",
    type=click.Choice(["light", "dark", "print"]),
    default=None,
    help="Colours; an SVG without it follows the reader's.",
)
@click.option(
    "--figure",
    "name",
    metavar="NAME",
    default="ladder",
    show_default=True,
    callback=parsed_figure("connection"),
    help="What to draw of it; finrst draw --figures lists them.",
)
@click.option(
    "--figures",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=listed_figures("connection"),
    help="List the figures.",
)
@click.option("--untimed", is_flag=True, help="The ladder as the textbook's time line: no clock, no data.")
@click.option("--frame", type=click.IntRange(min=1), metavar="N", help="Of this packet (figures of one packet).")
@click.option("--side", type=click.Choice(["client", "server"]), help="What this side sent (figures of one direction).")
@STRACE
@KERNEL
@LANG
@QUIET
def draw(
    files: tuple[str, ...],
    number: int,
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
    with contextlib.ExitStack() as stack, told_plainly():
        found = scanned(read_again(files, stack), files, quiet, straces, traces)
        with_server(found, server, quiet)
        asked: dict[str, Any] = {"timed": False} if untimed else {}
        if frame is not None:
            asked["frame"] = frame
        if side is not None:
            asked["side"] = side
        write_figure(told_scene(found, number, lang_of_file(out, lang, quiet), quiet, name, **asked), out, theme)


@finrst.command()
@FILES
@click.option(
    "-o", "--output", "out", metavar="OUT", help="The suffix chooses: svg png pdf txt json. Without: the terminal."
)
@click.option(
    "--figure",
    "name",
    metavar="NAME",
    default="overview",
    show_default=True,
    callback=parsed_figure("capture"),
    help="What to draw of it; finrst overview --figures lists them.",
)
@click.option(
    "--figures",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=listed_figures("capture"),
    help="List the figures.",
)
@SERVER
@FILTER
@click.option(
    "--theme",
    type=click.Choice(["light", "dark", "print"]),
    default=None,
    help="Colours; an SVG without it follows the reader's.",
)
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the output in a terminal.")
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

    Up to 200 connections have a bar each, of more each service has a strip. Other figures show the silences before
    the end (idle-gaps) and the RSTs (resets).
    """
    from .plots.figures import figure
    from .reading import overview_of

    if out is not None:
        known_suffix(out)
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


@finrst.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: for programs.")
def scenarios(form: str) -> None:
    """List the scenarios that can be run on this machine's own kernel."""
    from .laboratory import as_json, listed, scenario_lines

    records = listed()
    columns = shutil.get_terminal_size((100, 24)).columns
    lines = "\n".join(scenario_lines(records, columns)) + "\n"
    with output(None) as stream:
        stream.write(as_json(records) if form == "json" else encoded(lines, stream))


@finrst.command()
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All scenarios.")
@click.option(
    "-o", "--output", "into", required=True, type=click.Path(file_okay=False), metavar="DIR", help="Where to."
)
@click.option("--ipv6", is_flag=True, help="Over IPv6.")
@click.option("-i", "--interface", metavar="IFACE", help="Record this interface of the machine instead.")
@click.option("--bpf", default="", metavar="FILTER", help="With -i: only these packets, in tcpdump's syntax.")
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the output.")
@LANG
@QUIET
def record(
    names: tuple[str, ...],
    every: bool,
    into: str,
    ipv6: bool,
    interface: str | None,
    bpf: str,
    width: int | None,
    lang: str,
    quiet: bool,
) -> None:
    """Run scenarios with real sockets on this machine's own kernel, and record them, each in DIR/NAME/.

    \b
    finrst record write-twice -o recordings     packets, calls and the kernel's reasons; then its story
    finrst scenarios                            what there is

    Everything happens in a network of its own: the machine's network is not touched. As root the kernel also says
    why it sent each RST.

    \b
    finrst record -i eth0 --bpf 'port 443' -o DIR -- curl https://example.com

    With -i what is recorded, in DIR itself, is live traffic: until Ctrl-C, or while the command behind -- runs.
    """
    from . import laboratory
    from .capture.lab import LabError

    if interface is not None:
        if every or ipv6:
            raise click.UsageError("-i records an interface: --all and --ipv6 are for scenarios")
        with told_plainly():
            try:
                click.echo(laboratory.captured(interface, Path(into), bpf, names), err=True)
            except ValueError as error:
                raise click.BadParameter(str(error)) from None
            found = scanned((into,), (into,), quiet)
            with output(None) as stream:
                write_summary(found, None, width, stream, lang_of_terminal(lang, quiet))
        return
    if bool(names) == every:
        raise click.UsageError("name scenarios (finrst scenarios lists them), or say --all")
    try:
        wanted = laboratory.chosen(names, every)
    except KeyError as error:
        raise click.UsageError(f"no scenario {error.args[0]!r}: finrst scenarios lists them") from None
    otherwise = False
    with told_plainly():
        try:
            for scenario in wanted:
                outcome = laboratory.recorded(scenario, Path(into), 6 if ipv6 else 4)
                alone = len(wanted) == 1 and outcome.recording
                if outcome.recording:
                    tell_recording(outcome.recording.folder, lang, quiet, width if alone else None, bool(alone))
                click.echo(outcome.line(), err=bool(alone))
                otherwise = otherwise or bool(outcome.problem and not outcome.skipped) or bool(outcome.differences)
        except LabError as error:
            fail(str(error), UNREADABLE)
        except KeyboardInterrupt:
            fail(f"interrupted; what was recorded is in {into}", 130)
    if otherwise:
        raise SystemExit(1)


def tell_recording(folder: Path, lang: str, quiet: bool, width: int | None, aloud: bool) -> None:
    """Draw a recording's first connection into its folder, and tell its story."""
    from .plots import backends

    packets = str(folder)
    found = scanned((packets,), (packets,), quiet)
    if not found.connections:
        return
    scene = told_scene(found, 0, lang, quiet)
    (folder / "diagram.svg").write_bytes(backends.render(scene, ".svg"))
    if aloud:
        spoken_lang = lang_of_terminal(lang, quiet)
        with output(None) as stream:
            write_text(stream, scene if spoken_lang == lang else told_scene(found, 0, spoken_lang, quiet), width)


@finrst.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: for programs.")
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the output.")
def rules(form: str, width: int | None) -> None:
    """List the verdicts: what a connection may have ended by."""
    from .catalogue import catalogue, listed, rows
    from .laboratory import as_json

    with output(None) as stream:
        if form == "json":
            stream.write(as_json([listed(rule) for rule in catalogue().values()]))
            return
        text = "".join(f"{line}\n" for line in rows(console_for(width).width))
        stream.write(encoded(text, stream))


@finrst.command()
@click.argument("code", metavar="CODE")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: for programs.")
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the output.")
def rule(code: str, form: str, width: int | None) -> None:
    """Show the page of one verdict: what happened, why, an example, what it is easily confused with, the fix."""
    from .catalogue import catalogue, near, print_page, record
    from .laboratory import as_json

    known = catalogue()
    if code not in known:
        others = near(code)
        raise click.UsageError(
            f"no rule {code!r}: {'is it ' + ', '.join(others) + '?' if others else 'finrst rules lists them'}"
        )
    with output(None) as stream:
        if form == "json":
            stream.write(as_json(record(known[code])))
            return
        console = console_for(width)
        with console.capture() as captured:
            print_page(known[code], console)
        stream.write(encoded(captured.get(), stream))


@finrst.command()
@click.argument("codes", metavar="[CLAIM]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: for programs.")
@click.option(
    "-o", "--output", "into", default="claims", show_default=True, type=click.Path(file_okay=False), metavar="DIR",
    help="Where the recordings go.",
)  # fmt: skip
@click.option("--ipv6", is_flag=True, help="Over IPv6.")
@click.option("--width", type=click.IntRange(min=40), metavar="COLUMNS", help="Width of the output.")
@QUIET
def claims(codes: tuple[str, ...], form: str, into: str, ipv6: bool, width: int | None, quiet: bool) -> None:
    """Replay the notes' claims on this machine's own kernel: which of them hold here.

    \b
    finrst claims              all of them
    finrst claims N7           how "Broken pipe" and "Connection reset by peer" come about

    Each claim's scenario is recorded with real sockets in a network of its own, and measured. A case in which
    something was changed so that the claim must come out otherwise is measured in the same way.
    """
    from functools import partial

    from . import claims as replay
    from .capture.lab import LabError
    from .laboratory import as_json

    try:
        wanted = replay.chosen(codes)
    except KeyError as error:
        known = ", ".join(claim.code for claim in replay.chosen(()))
        raise click.UsageError(f"no claim {error.args[0]!r}: they are {known}") from None
    judged: list[replay.Judged] = []
    with told_plainly():
        try:
            # One output for all: when its reader goes away, nothing more is recorded.
            with doing(quiet) as told, output(None) as stream:
                for one in replay.replayed(wanted, Path(into), 6 if ipv6 else 4, told):
                    judged.append(one)
                    told("")
                    if form == "text":
                        write_shown(stream, partial(replay.print_claim, one), width)
                if form == "text":
                    write_shown(stream, partial(replay.print_end, judged, Path(into)), width)
                else:
                    stream.write(as_json([one.record() for one in judged]))
        except LabError as error:
            fail(str(error), UNREADABLE)
        except KeyboardInterrupt:
            fail(f"interrupted; what was recorded is in {into}", 130)
    if any(one.measured is None for one in judged):
        raise SystemExit(1)


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


@finrst.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: for programs.")
def doctor(form: str) -> None:
    """Say what this machine allows: the lab, capturing, the kernel's reasons, programs, fonts; and each remedy."""
    from dataclasses import asdict

    from .laboratory import as_json, checks

    with output(None) as stream:
        if form == "json":
            stream.write(as_json([asdict(check) for check in checks()]))
            return
        lines = [f"yes  {'engine':<24}  {'compiled' if compiled() else 'interpreted: slow'}"]
        lines += [check.line() for check in checks()]
        stream.write(encoded("\n".join(lines) + "\n", stream))


def told_scene(found: Scan, number: int, lang: str, quiet: bool, name: str = "ladder", **options: Any) -> Said:
    """The figure of one connection, from a second pass over the capture."""
    from .analyze.tell import tell
    from .plots.figures import figure as figure_named

    figure = figure_named(name)
    for option in options:
        if option not in figure.options:
            fail(f"the figure {name!r} takes no {OPTIONS[option]}", USAGE)

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
        with Path(out).open("wb") as stream:
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


def write_summary(found: Scan, chosen: Filter | None, width: int | None, stream: BinaryIO, lang: str) -> None:
    """The first screen."""
    from .reading import print_first_screen

    write_shown(stream, lambda console: print_first_screen(found, console, lang, chosen), width)


def asked_error(line: str | None, at: str | None, host: str | None, number: int | None) -> Asked | None:
    """--error and what belongs to it, checked before a long capture is read."""
    if line is None:
        if at is not None or host is not None:
            raise click.UsageError("--at and --host belong to --error")
        return None
    if number is not None:
        raise click.UsageError("--error looks for connections: leave --connection out")
    from .errors import asked

    try:
        return asked(line, at, host)
    except ValueError as wrong:
        fail(str(wrong), USAGE)


def write_error(
    found: Scan, line: Asked, chosen: Filter | None, form: str, stream: BinaryIO, lang: str, width: int | None
) -> None:
    """The connections behind a log line."""
    from . import errors

    answer = errors.answered(found, line, chosen, form)
    if form != "text":
        errors.write(found, answer, form, stream, lang)
        return
    write_shown(stream, lambda console: errors.show(found, answer, console, lang), width)


def selected(found: Scan, number: int | None, chosen: Filter | None) -> list[Any]:
    """The engine's records of the connections asked for."""
    if number is not None:
        one = [c for c in found.connections if c.number == number]
        if not one:
            fail(f"no connection {number} in {', '.join(found.shown)}", USAGE)
        return one
    if chosen is None:
        return found.connections
    from .analyze.connections import ConnectionTable

    return [c for c, wanted in zip(found.connections, chosen.mask(ConnectionTable(found)), strict=True) if wanted]


def write_records(
    found: Scan, number: int | None, chosen: Filter | None, form: str, stream: BinaryIO, lang: str = "en"
) -> None:
    """The contract's JSON, or one line for each connection."""
    import json

    from .analyze.record import SCHEMA, capture_record, connection_record
    from .analyze.tell import capture_story, stories
    from .plots.verdicts import speaker

    say = speaker(lang)
    records = (connection_record(one, say) for one in stories(found, selected(found, number, chosen)))
    capture = capture_record(capture_story(found))
    if form == "jsonl":
        stream.write(json.dumps({"capture": capture}).encode() + b"\n")
        for record in records:
            stream.write(json.dumps(record).encode() + b"\n")
        return
    stream.write(f'{{"schema": {SCHEMA}, "capture": {json.dumps(capture)},\n"connections": ['.encode())
    separator = "\n"
    for record in records:
        stream.write((separator + json.dumps(record)).encode())
        separator = ",\n"
    stream.write(f'\n],\n"clusters": {json.dumps(cluster_records(found, number, chosen, lang))}}}\n'.encode())


def cluster_records(found: Scan, number: int | None, chosen: Filter | None, lang: str) -> list[dict[str, Any]]:
    """The contract's "clusters", of the connections asked for."""
    from .analyze import verdicts
    from .analyze.clusters import clusters
    from .analyze.record import cluster_record
    from .plots.clusters import sentence

    held = verdicts.of(found)
    mask = None if chosen is None else chosen.mask(held.table)
    if number is not None:
        mask = held.table["number"] == number
    told = clusters(held.table, held.facts, held.judged, mask).clusters
    return [cluster_record(one, sentence(one, lang)) for one in told]


def any_ending(found: Scan, number: int | None, chosen: Filter | None, fatal: tuple[str, ...]) -> bool:
    """Whether a connection asked for ended in one of these ways."""
    from .analyze.endings import ending
    from .analyze.tell import stories
    from .analyze.vocabulary import ENDINGS

    if found.vantage is not None:
        return any(one.ending in fatal for one in stories(found, selected(found, number, chosen)))
    return any(ENDINGS[ending(c)] in fatal for c in selected(found, number, chosen))


def main() -> None:
    """The command `finrst`."""
    # NumPy's linear algebra is not used here; its threads would only wait, and waiting costs processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name in a locale that cannot write it
    gc.disable()  # a run is short, and the records of the engine make no cycles
    finrst(prog_name="finrst")
