"""A capture or a recording in Python, and as a figure in a notebook: `finrst.read` and `finrst.record`."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Callable, Iterator, Sequence
from html import escape
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from rich.console import Console

    from .analyze.connections import Mask
    from .analyze.filter import Filter
    from .analyze.scan import Scan
    from .analyze.story import BothEnds, Capture, Connection, Overview
    from .analyze.verdicts import Verdicts
    from .plots.scene import Said

ORDINARY = ("closed", "open")
Paths = str | PathLike[str] | Sequence[str | PathLike[str]]


def _written_in(lang: str, suffix: str) -> str:
    """The language, or English with a warning where such a file has no font for it here."""
    from .plots.backends import FontWarning, backend

    lacks = backend(suffix).lacks(lang)
    if lacks is None:
        return lang
    warnings.warn(f"the figure is in English: {lacks}", FontWarning, stacklevel=3)
    return "en"


class Told:
    """One connection with all its packets: its story, its record, its figure."""

    def __init__(self, story: Connection, capture: Capture) -> None:
        self.story = story  # the facts: analyze/story.py
        self.capture = capture

    @property
    def number(self) -> int:
        """Wireshark's tcp.stream."""
        return self.story.number

    @property
    def ending(self) -> str:
        """closed, reset, refused ..."""
        return self.story.ending

    @property
    def ended_by(self) -> str:
        """client, server, both, path, nobody or unknown."""
        return self.story.ended_by

    @property
    def says(self) -> str:
        """The verdict in a sentence."""
        from .plots.figures.ladder.compose import compose

        return compose(self.story, self.capture).verdict.text

    def record(self, lang: str = "en") -> dict[str, Any]:
        """The record that `finrst explain --format json` prints."""
        from .analyze.record import connection_record
        from .plots.verdicts import speaker_of

        return connection_record(self.story, speaker_of(self.story, self.capture, lang))

    def scene(self, lang: str = "en", figure: str = "ladder", **asked: Any) -> Said:
        """What a figure says, mark by mark. `asked`: timed=False (the ladder), frame=9 (a packet's header).

        Raises ValueError for an unknown figure, and where there is nothing to show in it.
        """
        from .plots.figures import figure as figure_named

        try:
            named = figure_named(figure)
        except KeyError:
            named = None
        if named is None or named.of != "connection":
            raise ValueError(f"no figure {figure!r} of a connection")
        return named.compose(self.story, self.capture, lang=lang, **asked)

    def draw(
        self, path: str | PathLike[str], lang: str = "en", figure: str = "ladder", *,
        theme: str | None = None, scale: float | None = None, **asked: Any,
    ) -> Path:  # fmt: skip
        """Write a figure; the suffix chooses: svg png pdf txt ansi mmd pkt json. `scale`: pixels per px of a png."""
        from .plots.backends import render

        written = Path(path)
        options: dict[str, Any] = {"theme": theme, "scale": scale}
        options = {name: value for name, value in options.items() if value is not None}
        lang = _written_in(lang, written.suffix)
        written.write_bytes(render(self.scene(lang, figure, **asked), written.suffix, **options))
        return written

    def text(self, columns: int = 100, lang: str = "en") -> str:
        """The ladder as plain text."""
        from .plots.backends import render

        return render(self.scene(lang), "txt", columns=columns).decode()

    def __repr__(self) -> str:
        story = self.story
        ends = f"{story.client} to {story.server}"
        return f"<connection {self.number}, {ends}: {self.ending}, by {self.ended_by}>"

    def _repr_svg_(self) -> str:
        from .plots.backends import render

        return render(self.scene(), "svg").decode()


class Connections(Sequence[Told]):
    """All connections of a capture by their place; each is told, with its packets, when it is asked for."""

    def __init__(self, reading: Reading, numbers: Sequence[int]) -> None:
        self._reading = reading
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Told: ...

    @overload
    def __getitem__(self, place: slice) -> Connections: ...

    def __getitem__(self, place: int | slice) -> Told | Connections:
        if isinstance(place, slice):
            return Connections(self._reading, self._numbers[place])
        return self._reading.connection(self._numbers[place])

    def __iter__(self) -> Iterator[Told]:
        """One pass over the file for all of them."""
        return iter(self._reading.told(self._numbers))

    def __repr__(self) -> str:
        from .plots.words import count

        return f"<{count(len(self), 'connection', 'en')}>"


class Reading:
    """A capture, read once: what it holds, and its connections.

        reading = finrst.read("capture.pcap")     # or the folder of a recording
        reading.connection(3).draw("3.svg")
        [c.number for c in reading.connections if c.ending == "reset"]

    In a notebook it shows itself: the first connection that ended otherwise than by FIN, or its only one.
    """

    def __init__(self, found: Scan) -> None:
        from .analyze.tell import capture_story

        self._found = found
        self._told: dict[int, Told] = {}
        self.capture: Capture = capture_story(found)

    @property
    def connections(self) -> Connections:
        """All of them, in the order of their numbers."""
        return Connections(self, [c.number for c in self._found.connections])

    def connection(self, number: int) -> Told:
        """The connection with Wireshark's number. Raises KeyError."""
        if number not in self._told:
            (self._told[number],) = self.told([number])
        return self._told[number]

    def told(self, numbers: Sequence[int]) -> list[Told]:
        """These connections, from one more pass over the file. Raises KeyError."""
        from .analyze.tell import tell

        return [Told(one, self.capture) for one in tell(self._found, numbers).connections]

    def summary(self, columns: int = 100, lang: str = "en") -> str:
        """The first screen of `finrst explain`."""
        from rich.console import Console

        console = Console(width=columns, highlight=False, markup=False, emoji=False, color_system=None)
        with console.capture() as captured:
            print_first_screen(self._found, console, lang)
        return captured.get()

    def scene(self, lang: str = "en", figure: str = "overview", filter: str | None = None) -> Said:
        """What a figure of the whole capture says: overview, idle-gaps, resets. `filter`: as in `--filter`.

        Raises ValueError for an unknown figure, and finrst.analyze.filter.FilterError.
        """
        from .analyze.filter import Filter
        from .plots.figures import figure as figure_named

        try:
            named = figure_named(figure)
        except KeyError:
            named = None
        if named is None or named.of != "capture":
            raise ValueError(f"no figure {figure!r} of a capture")
        return named.compose(overview_of(self._found, None if filter is None else Filter(filter)), lang=lang)

    def overview(
        self, path: str | PathLike[str], lang: str = "en", figure: str = "overview", *,
        filter: str | None = None, theme: str | None = None, scale: float | None = None,
    ) -> Path:  # fmt: skip
        """Write a figure of the whole capture; the suffix chooses: svg png pdf txt json."""
        from .plots.backends import render

        written = Path(path)
        options: dict[str, Any] = {"theme": theme, "scale": scale}
        options = {name: value for name, value in options.items() if value is not None}
        lang = _written_in(lang, written.suffix)
        written.write_bytes(render(self.scene(lang, figure, filter), written.suffix, **options))
        return written

    def shown(self) -> Told | None:
        """The connection that a notebook shows: the first abnormal one, or the only one."""
        from .analyze.endings import ending
        from .analyze.vocabulary import ENDINGS

        connections = self._found.connections
        wanted = next((c for c in connections if ENDINGS[ending(c)] not in ORDINARY), None)
        if wanted is None and len(connections) == 1:
            wanted = connections[0]
        return None if wanted is None else self.connection(wanted.number)

    def __repr__(self) -> str:
        from .plots.words import count

        files = ", ".join(self.capture.files)
        connections = count(len(self._found.connections), "connection", "en")
        return f"<{files}: {count(self.capture.packets, 'packet', 'en')}, {connections}>"

    def _repr_html_(self) -> str:
        told = self.shown()
        summary = f"<pre>{escape(self.summary())}</pre>"
        if told is None:
            return summary
        # As an image of its own: the figure's style stays in it.
        figure = base64.b64encode(told._repr_svg_().encode()).decode()
        image = f'<img src="data:image/svg+xml;base64,{figure}" alt="{escape(told.says)}"/>'
        return image if len(self._found.connections) == 1 else summary + image


def overview_of(found: Scan, chosen: Filter | None = None) -> Overview:
    """The figures of a capture, of the connections that the filter lets through."""
    from .analyze.clusters import clusters
    from .analyze.columns import after_close
    from .analyze.overview import overview
    from .analyze.tell import capture_story

    held, mask, _ = held_of(found, chosen)
    told = clusters(held.table, held.facts, held.judged, mask)

    def after_us(row: int) -> int:
        return after_close(found.connections[row])

    return overview(capture_story(found), held.table, held.resets, told, mask, after_us)


def scanned(
    paths: Sequence[str],
    straces: Sequence[str] = (),
    traces: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Scan:
    """One pass over the capture; recordings, logs of strace and traces of the kernel bring their facts.

    Raises CaptureError and OSError, before the capture is read where a log cannot be.
    """
    from .analyze.scan import scan

    files, beside = tuple(paths), None
    if any(Path(path).is_dir() for path in paths):
        from .analyze.joining import opened

        files, beside = opened(paths)
    if straces or traces:
        from .analyze import evidence

        evidence.readable(traces)
        beside = evidence.opened(beside, straces)
    found = scan(files, None, progress)
    if beside is not None:
        from .analyze.tell import join

        if straces or traces:
            evidence.bind(beside, found)
            evidence.add_kernel(beside, traces, found)
        join(found, beside)
    return found


def with_server(found: Scan, server: str, progress: Callable[[int], None] | None = None) -> None:
    """From here on, tell the capture's connections with what was captured of them at the server's end.

    Raises ValueError where none of them is in both captures, CaptureError, OSError.
    """
    from .analyze.scan import scan
    from .analyze.tell import both_ends

    both_ends(found, scan(server, None, progress))
    assert found.vantage is not None
    if not found.vantage.twins.of and found.connections:
        several = len(found.vantage.twins.ambiguous)
        why = f"{several:,} fit several there, none surely" if several else "none is the same in both"
        raise ValueError(f"no connection of {', '.join(found.shown)} was found in {server}: {why}")


def print_first_screen(found: Scan, console: Console, lang: str = "en", chosen: Filter | None = None) -> None:
    """What `finrst explain` says of a whole capture, of the connections that the filter lets through."""
    from .analyze.summary import summarize
    from .analyze.tell import capture_story
    from .plots.summary import print_both_ends, print_summary

    held, mask, ends = held_of(found, chosen)
    print_summary(summarize(capture_story(found), held, mask), console, lang)
    if ends is not None and ends.connections:
        print_both_ends(ends, console, lang)


def held_of(found: Scan, chosen: Filter | None) -> tuple[Verdicts, Mask | None, BothEnds | None]:
    """What is held of the connections, which of them the filter lets through, and what both captures say of these.

    The filter goes by what one capture tells; from then on counts what both do.
    """
    from collections import deque

    from .analyze import verdicts
    from .analyze.tell import stories

    held = verdicts.of(found)
    mask = None if chosen is None else chosen.mask(held.table)
    if found.vantage is None:
        return held, mask, None
    rows = range(len(held.table)) if mask is None else mask.nonzero()[0]
    told = held.by_both(stories(found, [found.connections[row] for row in rows]))
    if found.vantage.recorded:  # one recording: no two captures to compare
        deque(told, maxlen=0)
        return held, mask, None
    return held, mask, found.vantage.summed(told)


def read(
    *paths: str | PathLike[str],
    server: str | PathLike[str] | None = None,
    strace: Paths = (),
    kernel: Paths = (),
    os: str | None = None,
) -> Reading:
    """Read a capture, several files as one, or the folder of a recording (finrst.read).

    Raises finrst.capture.table.CaptureError, with one line that says what is wrong, OSError, and ValueError for an
    unknown system, and for a `server` that has no connection of this capture.
    """
    from .analyze.outcomes.table import parse_systems

    systems = None if os is None else parse_systems(os)
    shown = tuple(fspath(path) for path in paths)
    found = scanned(shown, several(strace), several(kernel))
    found.shown = shown
    found.systems = systems or found.systems
    if server is not None:
        with_server(found, fspath(server))
    return Reading(found)


def several(paths: Paths) -> tuple[str, ...]:
    """One path, or several, as text."""
    return (fspath(paths),) if isinstance(paths, str | PathLike) else tuple(fspath(path) for path in paths)


def record(name: str, into: str | PathLike[str] = "recordings", *, ipv6: bool = False) -> Reading:
    """Run a scenario on this machine's own kernel, and read its recording in the folder `into`/`name` (finrst.record).

    Raises KeyError where no scenario has the name, and finrst.capture.lab.LabError where it cannot be run here: why,
    and the remedy.
    """
    from .capture.lab import LabError
    from .laboratory import chosen, recorded

    (scenario,) = chosen([name], False)
    outcome = recorded(scenario, Path(into), 6 if ipv6 else 4)
    if outcome.problem:
        raise LabError(outcome.line())
    return read(Path(into) / scenario.name)
