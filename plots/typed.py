"""Commands that a reader can type: names quoted, and nothing of them cut."""

from __future__ import annotations

import shlex

from ..analyze.story import Capture
from .visible import visible


def command(capture: Capture, verb: str = "explain", connection: int | None = None, most: int | None = None) -> str:
    """`finrst VERB FILE --server FILE --connection N` of a capture; of more files than `most` only the first."""
    names = [shlex.quote(visible(name)) for name in capture.files]
    words = ["finrst", verb, *(names if most is None or len(names) <= most else [names[0], "…"])]
    for name in capture.server_files:
        words += ["--server", shlex.quote(visible(name))]
    if connection is not None:
        words += ["--connection", str(connection)]
    return " ".join(words)
