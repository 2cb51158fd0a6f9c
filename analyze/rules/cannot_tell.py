"""Something that this capture does not show."""

from __future__ import annotations

import numpy as np

from ..story import Verdict
from . import Rule
from .facts import Facts, Mask, Row


class CannotTell(Rule):
    """Something that this capture does not show."""

    code = "cannot-tell"

    @classmethod
    def when(cls, f: Facts) -> Mask:
        return np.zeros(len(f), dtype=np.bool_)

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        return Verdict(cls.code, "implied", {}, (row.ends(),))
