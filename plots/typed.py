"""Commands that a reader can type: names quoted, and nothing of them cut."""

from __future__ import annotations

import shlex

from ..analyze.story import Capture
from .visible import visible


def command(capture: Capture, verb: str = "explain", connection: int | None = None, most: int | None = None) -> str:
    """`finrst VERB FILE --server FILE --connection N` of a capture; of its files at most so many as `most`."""
    names = [shlex.quote(visible(name)) for name in capture.files]
    words = ["finrst", verb, *names[:most]]
    if most is not None and len(names) > most:
        words.append("…")
    for name in capture.server_files:
        words += ["--server", shlex.quote(visible(name))]
    if connection is not None:
        words += ["--connection", str(connection)]
    return " ".join(words)
