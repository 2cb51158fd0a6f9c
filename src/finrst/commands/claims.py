"""`finrst claims`."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import FORMAT, IPV6, QUIET, WIDTH
from ..terminal import UNREADABLE, doing, fail, output, told_plainly, write_shown


@click.command()
@click.argument("codes", metavar="[CLAIM]...", nargs=-1)
@FORMAT
@click.option(
    "-o", "--output", "into", default="claims", show_default=True, type=click.Path(file_okay=False), metavar="DIR",
    help="Where the recordings go.",
)  # fmt: skip
@IPV6
@WIDTH
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

    from .. import claims as replay
    from ..capture.lab import LabError
    from ..laboratory import as_json

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
