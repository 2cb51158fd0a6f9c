"""Several files as one capture: parts of a rotation, or one file per interface.

Packets are merged by time; frames count through the files in the order given, so that each has the number
that it has in its own file plus the records of the files before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from .formats import open_capture
from .table import CaptureError, Damage, Records


class Merged:
    """Capture files read together, with what a `Format` has.

    Raises CaptureError when one of them is no capture, or is standard input.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        if "-" in paths:
            raise CaptureError("standard input cannot be merged with other files: give it alone")
        counts = [count_records(path) for path in paths[:-1]]
        self.parts = [Part(path, sum(counts[:i])) for i, path in enumerate(paths)]
        self.name = " + ".join(dict.fromkeys(part.source.name for part in self.parts))
        self.stream = self.parts[0].source.stream
        self.packets = 0
        self.gather()

    def fill(self, records: Records) -> int:
        """The next rows of one file, up to where another file's packets come in between."""
        waiting = [part for part in self.parts if part.ready()]
        self.gather()
        if not waiting:
            records.count = 0
            return 0
        first = min(waiting, key=Part.time)
        until = min((part.time() for part in waiting if part is not first), default=None)
        count = first.move(records, until)
        self.packets += count
        return count

    def gather(self) -> None:
        """What is known of the whole, from its parts."""
        sources = [part.source for part in self.parts]
        self.link_types = list(dict.fromkeys(link for source in sources for link in source.link_types))
        self.damage = [
            Damage(damage.offset, f"{part.path}: {damage.what}", damage.read)
            for part in self.parts
            for damage in part.source.damage
        ]
        self.notes = list(dict.fromkeys(note for source in sources for note in source.notes))
        dropped = [source.dropped for source in sources if source.dropped is not None]
        self.dropped = sum(dropped) if dropped else None

    def close(self) -> None:
        """Close the files."""
        for part in self.parts:
            part.source.close()


class Part:
    """One of the files, with the rows that wait for their turn."""

    def __init__(self, path: str, frames_before: int) -> None:
        self.path = path
        self.frames_before = frames_before
        self.source = open_capture(path)
        self.records = Records()
        self.row = 0
        self.ended = False

    def ready(self) -> bool:
        """Whether a row waits; reads on when all are taken."""
        if self.row >= self.records.count and not self.ended:
            self.ended = not self.source.fill(self.records)
            self.row = 0
        return not self.ended

    def time(self) -> int:
        """When the waiting row was captured, nanoseconds since 1970."""
        return self.records.ts[self.row]

    def move(self, to: Records, until: int | None) -> int:
        """Hand over the rows that are not later than `until`, at least one; how many."""
        mine = self.records
        end = self.row + 1
        while end < mine.count and (until is None or mine.ts[end] <= until):
            end += 1
        count = end - self.row
        to.data = mine.data
        for column in ("at", "captured", "length", "ts", "link"):
            getattr(to, column)[:count] = getattr(mine, column)[self.row : end]
        for row in range(count):
            to.frame[row] = mine.frame[self.row + row] + self.frames_before
        to.count = count
        self.row = end
        return count


def count_records(path: str) -> int:
    """How many records the file has: frames of the files after it count on from there."""
    source, records = open_capture(path), Records()
    try:
        while source.fill(records):
            pass
    finally:
        source.close()
    return source.packets
