"""Marks of many packets, merged in columns of time: what touches in one becomes one mark, and no fact is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .scales import TimeAxis
from .scene import Mark

COLUMNS = 720
COLUMNS_OUTSIDE = 12  # merged to one, of what stands at the edge
MOST_RUNS = 6  # marks of a kind in one column that do not touch


def column(axis: TimeAxis, t_ns: int) -> int:
    """In which column of the axis a time lies."""
    return min(COLUMNS - 1, int(axis.at(t_ns)))


def in_columns(marks: Iterable[Mark], axis: TimeAxis, span: int) -> list[Mark]:
    """Marks of one kind that touch in one column, as one; `span`: of the axis of numbers."""
    near = max(1, span // 300)
    groups: dict[tuple[object, ...], list[Mark]] = {}
    for mark in marks:
        at = column(axis, mark.t_ns)
        if mark.outside:  # these stand beside each other on one line
            at -= at % COLUMNS_OUTSIDE
        key = (mark.kind, mark.by_peer, mark.accepted, mark.fate, mark.outside, at)
        groups.setdefault(key, []).append(mark)
    merged: list[Mark] = []
    for group in groups.values():
        group.sort(key=lambda mark: (mark.low, mark.t_ns))
        runs: list[list[Mark]] = []
        top = 0
        for mark in group:
            if runs and (mark.low <= top + near or len(runs) == MOST_RUNS):
                runs[-1].append(mark)
                top = max(top, mark.high)
            else:
                runs.append([mark])
                top = mark.high
        merged += [_one(run) for run in runs]
    return sorted(merged, key=lambda mark: mark.t_ns)


def thinned(points: Sequence[tuple[int, int]], axis: TimeAxis) -> list[tuple[int, int]]:
    """Of each column the first, the lowest, the highest and the last."""
    kept: list[tuple[int, int]] = []
    columns: dict[int, list[tuple[int, int]]] = {}
    for point in points:
        columns.setdefault(column(axis, point[0]), []).append(point)
    for held in columns.values():
        by_value = sorted(range(len(held)), key=lambda i: held[i][1])
        kept += [held[i] for i in sorted({0, len(held) - 1, by_value[0], by_value[-1]})]
    return kept


def _one(run: list[Mark]) -> Mark:
    """Several marks as one, with the most wanted label."""
    if len(run) == 1:
        return run[0]
    best = min(run, key=lambda mark: (mark.rank, mark.t_ns))
    first = min(run, key=lambda mark: (mark.t_ns, mark.frame))
    return replace(
        first,
        low=min(mark.low for mark in run),
        high=max(mark.high for mark in run),
        count=sum(mark.count for mark in run),
        packets=sum(mark.packets for mark in run),
        repeats_ns=best.repeats_ns,
        label=best.label,
        rank=best.rank,
    )


def steps(points: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Only where the value changes."""
    kept: list[tuple[int, int]] = []
    for t_ns, value in points:
        if kept and kept[-1][1] == value:
            continue
        kept.append((t_ns, value))
    return kept
