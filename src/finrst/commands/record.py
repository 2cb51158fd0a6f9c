"""`finrst record`."""

from __future__ import annotations

from pathlib import Path

import click

from ..captures import scanned, told_scene, write_summary
from ..options import IPV6, LANG, QUIET, WIDTH
from ..terminal import UNREADABLE, fail, lang_of_terminal, output, told_plainly, write_text


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All scenarios.")
@click.option(
    "-o", "--output", "into", required=True, type=click.Path(file_okay=False), metavar="DIR", help="Where to."
)
@IPV6
@click.option("-i", "--interface", metavar="IFACE", help="Record this interface of the machine instead.")
@click.option("--bpf", default="", metavar="FILTER", help="With -i: only these packets, in tcpdump's syntax.")
@WIDTH
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
    from .. import laboratory
    from ..capture.lab import LabError

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
    from ..plots import backends

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
