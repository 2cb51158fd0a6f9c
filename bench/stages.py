"""What one stage of finrst costs, in a process of its own: `python bench/stages.py STAGE CAPTURE`.

The capture is read, and what the stage needs is imported, before the clock starts; then what a user waits for on top:

overview    from the engine's connection records to the bytes of the overview's SVG
verdicts    from the engine's connection records to the headline of each
clusters    from the tables and the verdicts to the clusters of the first screen
error       from the tables and the verdicts to the connections behind "Connection reset by peer"
ladder      from the story of connection 0 to the bytes of its SVG

Prints one JSON object: seconds of this process's CPU time, and what was made.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any


def overview(path: str) -> tuple[Callable[[], bytes], dict[str, int]]:
    from finrst.analyze.scan import scan
    from finrst.plots.backends import render, suffixes
    from finrst.plots.figures import figure
    from finrst.reading import overview_of

    importlib.import_module("finrst.analyze.overview"), suffixes()  # loaded
    found, drawn = scan(path), figure("overview")
    return lambda: render(drawn.compose(overview_of(found)), "svg"), {"connections": len(found.connections)}


def verdicts(path: str) -> tuple[Callable[[], bytes], dict[str, int]]:
    from finrst.analyze.rules import rules
    from finrst.analyze.scan import scan
    from finrst.analyze.verdicts import of

    rules()  # loaded
    found = scan(path)
    return lambda: of(found).judged.headline.tobytes(), {"connections": len(found.connections)}


def clusters(path: str) -> tuple[Callable[[], bytes], dict[str, int]]:
    from finrst.analyze.clusters import clusters
    from finrst.analyze.scan import scan
    from finrst.analyze.verdicts import of

    found = scan(path)
    held = of(found)
    made = {"connections": len(found.connections)}
    return lambda: repr(clusters(held.table, held.facts, held.judged)).encode(), made


def error(path: str) -> tuple[Callable[[], bytes], dict[str, int]]:
    from finrst.analyze.errors import matches
    from finrst.analyze.scan import scan
    from finrst.analyze.verdicts import of
    from finrst.analyze.wordings import understood

    wording = understood("Connection reset by peer")
    assert wording is not None
    found = scan(path)
    of(found)  # judged
    return lambda: repr(matches(found, wording, most=8).numbers).encode(), {"connections": len(found.connections)}


def ladder(path: str) -> tuple[Callable[[], bytes], dict[str, int]]:
    import finrst
    from finrst.plots.backends import render, suffixes
    from finrst.plots.figures import figure

    figure("ladder"), suffixes()  # loaded
    told = finrst.read(path).connection(0)
    made: dict[str, int] = {"arrows": len(told.story.segments)}
    return lambda: render(told.scene(), "svg"), made


def main() -> None:
    name, path = sys.argv[1:]
    stages: dict[str, Callable[[str], tuple[Callable[[], bytes], dict[str, Any]]]] = {
        "overview": overview,
        "verdicts": verdicts,
        "clusters": clusters,
        "error": error,
        "ladder": ladder,
    }
    gc.disable()  # as the command does
    stage, made = stages[name](path)
    start = time.process_time()
    written = stage()
    print(json.dumps({"cpu": time.process_time() - start, "bytes": len(written), **made}))


if __name__ == "__main__":
    main()
