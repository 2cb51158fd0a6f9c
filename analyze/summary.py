"""What a capture is, on one screen: endings counted, abnormal ones grouped by server and kind."""

from __future__ import annotations

import numpy as np

from .connections import ConnectionTable, Mask
from .story import Capture, EndingCount, Endpoint, Group, Summary
from .tell import address
from .vocabulary import (
    ENDING_CLOSED,
    ENDING_OPEN,
    ENDINGS,
    WHO,
)


def summarize(capture: Capture, table: ConnectionTable, mask: Mask | None = None, most: int = 8) -> Summary:
    """Count and group the rows of `table` that `mask` lets through; at most `most` groups."""
    chosen = np.arange(len(table)) if mask is None else np.flatnonzero(mask)
    how = table["ending"][chosen]
    counts = np.bincount(how, minlength=len(ENDINGS)) if len(chosen) else np.zeros(len(ENDINGS), dtype=np.int64)
    endings = tuple(EndingCount(ENDINGS[i], int(counts[i])) for i in np.argsort(-counts, kind="stable") if counts[i])

    bad = chosen[(how != ENDING_CLOSED) & (how != ENDING_OPEN)]
    groups: list[Group] = []
    left_out = 0
    if len(bad):
        kind = table["ending"].astype(np.uint64) << np.uint64(8) | table["ended_by"]
        keys = np.stack(
            [
                table["server_hi"][bad],
                table["server_lo"][bad],
                table["server_port"][bad].astype(np.uint64) << np.uint64(8) | table["version"][bad],
                kind[bad],
            ]
        )
        order = np.lexsort(keys[::-1])
        ordered = keys[:, order]
        starts = np.flatnonzero(np.r_[True, np.any(ordered[:, 1:] != ordered[:, :-1], axis=0)])
        sizes = np.diff(np.r_[starts, len(bad)])
        biggest = np.argsort(-sizes, kind="stable")
        left_out = max(0, len(biggest) - most)
        for g in biggest[:most]:
            rows = bad[order[starts[g] : starts[g] + sizes[g]]]
            example = int(rows.min())
            same = (
                (table["server_lo"] == table["server_lo"][example])
                & (table["server_hi"] == table["server_hi"][example])
                & (table["server_port"] == table["server_port"][example])
                & (table["version"] == table["version"][example])
            )
            groups.append(
                Group(
                    server=Endpoint(
                        address(
                            int(table["version"][example]),
                            int(table["server_hi"][example]),
                            int(table["server_lo"][example]),
                        ),
                        int(table["server_port"][example]),
                    ),
                    ending=ENDINGS[table["ending"][example]],
                    ended_by=WHO[table["ended_by"][example]],
                    count=int(sizes[g]),
                    of=int(np.count_nonzero(same)),
                    example=int(table["number"][example]),
                    first_ns=int(table["first_ns"][rows].min()),
                    last_ns=int(table["last_ns"][rows].max()),
                )
            )
    return Summary(capture, len(table), len(chosen), endings, tuple(groups), left_out)
