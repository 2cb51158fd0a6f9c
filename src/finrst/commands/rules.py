"""`finrst rules`."""

from __future__ import annotations

import click

from ..options import FORMAT, WIDTH
from ..terminal import console_for, encoded, output


@click.command()
@FORMAT
@WIDTH
def rules(form: str, width: int | None) -> None:
    """List the verdicts: what a connection may have ended by."""
    from ..catalogue import catalogue, listed, rows
    from ..laboratory import as_json

    with output(None) as stream:
        if form == "json":
            stream.write(as_json([listed(rule) for rule in catalogue().values()]))
            return
        text = "".join(f"{line}\n" for line in rows(console_for(width).width))
        stream.write(encoded(text, stream))
