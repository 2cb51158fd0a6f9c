"""`finrst rule`."""

from __future__ import annotations

import click

from ..options import FORMAT, WIDTH
from ..terminal import console_for, encoded, output


@click.command()
@click.argument("code", metavar="CODE")
@FORMAT
@WIDTH
def rule(code: str, form: str, width: int | None) -> None:
    """Show the page of one verdict: what happened, why, an example, what it is easily confused with, the fix."""
    from ..catalogue import catalogue, near, print_page, record
    from ..laboratory import as_json

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
