"""`finrst scenarios`."""

from __future__ import annotations

import shutil

import click

from ..options import FORMAT
from ..terminal import encoded, output


@click.command()
@FORMAT
def scenarios(form: str) -> None:
    """List the scenarios that can be run on this machine's own kernel."""
    from ..laboratory import as_json, listed, scenario_lines

    records = listed()
    columns = shutil.get_terminal_size((100, 24)).columns
    lines = "\n".join(scenario_lines(records, columns)) + "\n"
    with output(None) as stream:
        stream.write(as_json(records) if form == "json" else encoded(lines, stream))
