"""What others recorded beside a capture: logs of strace (--strace), text traces of the kernel (--kernel).

A trace's clock is not that of the packets. It is set by what both saw: the RSTs, or else the beginnings of connections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING

from ..capture import facts
from ..capture.table import CaptureError
from ..capture.truth import kernel_log, strace
from .joining import Beside, Kernel
from .story import Endpoint

if TYPE_CHECKING:
    from .scan import Scan

SLOT_NS = 1_000_000  # offsets so close together are one
LATE_NS = 1_000_000  # a SYN is captured at most so long after its connect, which does not wait for it
MOST = 200  # offsets between the events and the packets of one pair of endpoints
TRUSTED = 2  # matches that make a clock certain


def add_strace(beside: Beside, paths: Sequence[str]) -> None:
    """The calls in these logs. Raises CaptureError where one is no log of strace, OSError."""
    beside.logs |= bool(paths)
    for path in paths:
        try:
            found = strace.read(path)
        except strace.StraceError as error:
            raise CaptureError(str(error)) from None
        beside.facts += found
        if not any(isinstance(one, facts.Call) for one in found):
            beside.notes.append(f"{path}: no call on a TCP socket")
    beside.facts.sort(key=lambda one: one.t_ns)


def bind(beside: Beside, found: Scan) -> None:
    """Give calls that know only their remote end the local one: of the connection whose SYN their connect sent."""
    waiting: dict[str, list[facts.Call]] = {}
    for one in beside.facts:
        if isinstance(one, facts.Call) and one.call == "connect" and one.remote and not one.local:
            waiting.setdefault(one.remote, []).append(one)
    if not waiting:
        return
    begun: dict[str, list[tuple[int, str]]] = {}
    for c in found.connections:
        pair = _ends(c)
        for remote, local in (pair, pair[::-1]):
            if remote in waiting:
                begun.setdefault(remote, []).append((c.first_ts, local))
    known: dict[tuple[int, int | None], tuple[str, str]] = {}  # descriptor -> remote, local
    for place, one in enumerate(beside.facts):
        if not isinstance(one, facts.Call):
            continue
        key = one.pid, one.fd
        if one.call in ("socket", "accept"):
            known.pop((one.pid, one.result), None)
        elif one.call == "connect" and one in waiting.get(one.remote or "", ()):
            until = (one.until_ns or one.t_ns) + LATE_NS
            sent = [local for t_ns, local in begun.get(str(one.remote), ()) if one.t_ns <= t_ns <= until]
            if len(sent) == 1:
                known[key] = str(one.remote), sent[0]
        if one.remote and not one.local and known.get(key, ("", ""))[0] == one.remote:
            beside.facts[place] = replace(one, local=known[key][1])
        if one.call == "close":
            known.pop(key, None)


def add_kernel(beside: Beside, paths: Sequence[str], found: Scan) -> None:
    """The kernel's events in these traces, by the packets' clock. Raises CaptureError, OSError."""
    beside.logs |= bool(paths)
    for path in paths:
        try:
            events, wall = kernel_log.read(path)
        except kernel_log.KernelLogError as error:
            raise CaptureError(str(error)) from None
        offset, note = (0, f"{path}: its times are wall-clock times") if wall else clock(path, events, found)
        beside.notes.append(note)
        if offset is not None:
            beside.facts += [replace(one, t_ns=one.t_ns + offset) for one in events]
    beside.facts.sort(key=lambda one: one.t_ns)


def clock(path: str, events: Iterable[facts.Fact], found: Scan) -> tuple[int | None, str]:
    """What turns the trace's times into those of the packets, and how it is known; None where nothing tells."""
    sent: dict[tuple[str, str], list[int]] = {}
    begun: dict[tuple[str, str], int] = {}
    for event in events:
        if isinstance(event, facts.ResetSent):
            sent.setdefault((event.local, event.remote), []).append(event.t_ns)
        elif isinstance(event, Kernel):
            begun.setdefault((event.local, event.remote), event.t_ns)
    ends = {c.number: _ends(c) for c in found.connections}
    offsets: list[int] = []
    for reset in found.resets:
        if reset.connection in ends:
            one, other = ends[reset.connection]
            pair = (one, other) if reset.side == 0 else (other, one)
            offsets += [reset.ts - t_ns for t_ns in sent.get(pair, ())[:MOST]]
    what = "RSTs"
    if not offsets:
        what = "beginnings of connections"
        for c in found.connections:
            pair = ends[c.number]
            offsets += [c.first_ts - begun[one] for one in (pair, pair[::-1]) if one in begun]
    if not offsets:
        return None, f"{path}: no event fits a packet of this capture: it was not used"
    slots = Counter(offset // SLOT_NS for offset in offsets)
    best = max(slots, key=lambda slot: (slots[slot] + slots.get(slot + 1, 0), slot))
    fits = sorted(offset for offset in offsets if best <= offset // SLOT_NS <= best + 1)
    spread = (fits[-1] - fits[0]) // 1000
    doubt = "" if len(fits) >= TRUSTED else ", too few to be sure of"
    said = f"{path}: its clock was set by {len(fits):,} {what} that are in both{doubt}; they differ by {spread:,} µs"
    return median_low(fits), said


def _ends(c: object) -> tuple[str, str]:
    from .tell import address

    version, hi, lo, port = (getattr(c, name) for name in ("version", "hi", "lo", "port"))
    one, other = (str(Endpoint(address(version, hi[side], lo[side]), port[side])) for side in (0, 1))
    return one, other


def opened(beside: Beside | None, straces: Sequence[str]) -> Beside:
    """The facts that can be had before the capture is read; missing files are told now, not after a long scan."""
    beside = Beside() if beside is None else beside
    add_strace(beside, straces)
    return beside


def readable(paths: Sequence[str]) -> None:
    """Raises OSError for the first that cannot be read."""
    for path in paths:
        with Path(path).open("rb"):
            pass
