"""`finrst doctor`."""

from __future__ import annotations

import click

from ..captures import compiled
from ..options import FORMAT
from ..terminal import encoded, output


@click.command()
@FORMAT
def doctor(form: str) -> None:
    """Say what this machine allows: the lab, capturing, the kernel's reasons, programs, fonts; and each remedy."""
    from dataclasses import asdict

    from ..laboratory import as_json, checks

    with output(None) as stream:
        if form == "json":
            stream.write(as_json([asdict(check) for check in checks()]))
            return
        lines = [f"yes  {'engine':<24}  {'compiled' if compiled() else 'interpreted: slow'}"]
        lines += [check.line() for check in checks()]
        stream.write(encoded("\n".join(lines) + "\n", stream))
