"""What a capture is, on one screen: endings counted, equal ones clustered."""

from __future__ import annotations

import numpy as np

from .clusters import clusters
from .connections import Mask
from .story import Capture, EndingCount, Summary
from .verdicts import Verdicts
from .vocabulary import ENDINGS


def summarize(capture: Capture, held: Verdicts, mask: Mask | None = None) -> Summary:
    """Count and cluster the connections that `mask` lets through."""
    table = held.table
    how = table["ending"] if mask is None else table["ending"][mask]
    counts = np.bincount(how, minlength=len(ENDINGS))
    endings = tuple(EndingCount(ENDINGS[i], int(counts[i])) for i in np.argsort(-counts, kind="stable") if counts[i])
    return Summary(capture, len(table), len(how), endings, clusters(table, held.facts, held.judged, mask))
