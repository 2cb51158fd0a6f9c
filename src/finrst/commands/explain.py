"""`finrst explain`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ..captures import read_again, scanned, told_scene, with_server, write_summary
from ..options import (
    AT,
    ERROR,
    FILES,
    FILTER,
    HOST,
    KERNEL,
    LANG,
    QUIET,
    SERVER,
    STRACE,
    SYSTEMS,
    WIDTH,
    Number,
    parsed_endings,
)
from ..terminal import USAGE, fail, lang_of_terminal, output, told_plainly, writable, write_shown, write_text

if TYPE_CHECKING:
    from ..analyze.filter import Filter
    from ..analyze.scan import Scan
    from ..errors import Asked


@click.command()
@FILES
@click.option("--connection", "number", type=Number(min=0), metavar="N", help="Tell this one (Wireshark's tcp.stream).")
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
    "-o",
    "--output",
    "out",
    type=click.Path(dir_okay=False),
    metavar="OUT",
    help="Write here, not to standard output.",
)
@click.option(
    "--fail-on",
    "fatal",
    metavar="ENDING[,...]",
    callback=parsed_endings,
    help="Exit with 1 when a connection ended like this.",
)
@WIDTH
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
    if out is not None:
        writable(out)
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


def asked_error(line: str | None, at: str | None, host: str | None, number: int | None) -> Asked | None:
    """--error and what belongs to it, checked before a long capture is read."""
    if line is None:
        if at is not None or host is not None:
            raise click.UsageError("--at and --host belong to --error")
        return None
    if number is not None:
        raise click.UsageError("--error looks for connections: leave --connection out")
    from ..errors import asked

    try:
        return asked(line, at, host)
    except ValueError as wrong:
        fail(str(wrong), USAGE)


def write_error(
    found: Scan, line: Asked, chosen: Filter | None, form: str, stream: BinaryIO, lang: str, width: int | None
) -> None:
    """The connections behind a log line."""
    from .. import errors

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
    from ..analyze.connections import ConnectionTable

    return [c for c, wanted in zip(found.connections, chosen.mask(ConnectionTable(found)), strict=True) if wanted]


def write_records(
    found: Scan, number: int | None, chosen: Filter | None, form: str, stream: BinaryIO, lang: str = "en"
) -> None:
    """The contract's JSON, or one line for each connection."""
    import json

    from ..analyze.record import SCHEMA, capture_record, connection_record
    from ..analyze.tell import capture_story, stories
    from ..plots.verdicts import speaker_of

    told = capture_story(found)
    chosen_stories = stories(found, selected(found, number, chosen))
    records = (connection_record(one, speaker_of(one, told, lang)) for one in chosen_stories)
    capture = capture_record(told)
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
    from ..analyze import verdicts
    from ..analyze.clusters import clusters
    from ..analyze.record import cluster_record
    from ..plots.clusters import sentence

    held = verdicts.of(found)
    mask = None if chosen is None else chosen.mask(held.table)
    if number is not None:
        mask = held.table["number"] == number
    told = clusters(held.table, held.facts, held.judged, mask).clusters
    return [cluster_record(one, sentence(one, lang)) for one in told]


def any_ending(found: Scan, number: int | None, chosen: Filter | None, fatal: tuple[str, ...]) -> bool:
    """Whether a connection asked for ended in one of these ways."""
    from ..analyze.endings import ending
    from ..analyze.tell import stories
    from ..analyze.vocabulary import ENDINGS

    if found.vantage is not None:
        return any(one.ending in fatal for one in stories(found, selected(found, number, chosen)))
    return any(ENDINGS[ending(c)] in fatal for c in selected(found, number, chosen))
