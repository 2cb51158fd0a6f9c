"""The catalogue of verdicts: one file per verdict, and how they are found in the columns of any number of connections.

A rule sees columns only: `when` is one expression over all connections at once, `tell` makes the verdict on one row.
Where several rules match a connection all are kept; `stronger_than` says which of them is the headline.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from graphlib import TopologicalSorter
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..story import Evidence, Rival, Verdict
from .facts import Facts, Mask, Row

__all__ = ["Evidence", "Facts", "Judged", "Mask", "Rival", "Row", "Rule", "Verdict", "judge", "rules", "verdicts"]

_BY_CODE: dict[str, type[Rule]] = {}

FALLBACK = "cannot-tell"


class Rule:
    """A verdict. Its docstring is its page: the first line completes "this connection ended by …"."""

    code: ClassVar[str] = ""
    stronger_than: ClassVar[tuple[str, ...]] = ()  # codes of which this one takes the headline
    benign: ClassVar[bool] = False  # nobody was hurt

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        _BY_CODE[cls.code] = cls

    @classmethod
    def when(cls, f: Facts) -> Mask:
        """The rows of which it is true; one expression of columns, so that it costs the same for each."""
        raise NotImplementedError

    @classmethod
    def tell(cls, row: Row) -> Verdict:
        """The verdict on one row of those."""
        raise NotImplementedError


@cache
def rules() -> dict[str, type[Rule]]:
    """Every rule by its code, the stronger before the weaker."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    before: dict[str, set[str]] = {code: set() for code in sorted(_BY_CODE)}
    for code, rule in _BY_CODE.items():
        for weaker in rule.stronger_than:
            before[weaker].add(code)
    order = TopologicalSorter(before).static_order()  # CycleError: two rules that are each stronger
    return {code: _BY_CODE[code] for code in order}


@dataclass(frozen=True, slots=True)
class Judged:
    """Which rules matched which rows; `headline` is a place in `codes` for each row."""

    codes: tuple[str, ...]  # the stronger before the weaker
    matched: npt.NDArray[np.bool_]  # one line per code, one column per row
    headline: npt.NDArray[np.uint8]

    def all(self, row: int) -> Iterator[str]:
        """The codes of one row, its headline first."""
        yield self.codes[self.headline[row]]
        for place in np.flatnonzero(self.matched[:, row]):
            if place != self.headline[row]:
                yield self.codes[place]


def judge(f: Facts) -> Judged:
    """Every rule over all rows; a row that none of them knows is FALLBACK's."""
    known = rules()
    codes = tuple(known)
    matched = np.zeros((len(codes), len(f)), dtype=np.bool_)
    for place, (code, rule) in enumerate(known.items()):
        if code != FALLBACK:
            matched[place] = rule.when(f)
    fallback = codes.index(FALLBACK)
    matched[fallback] = ~matched.any(axis=0)
    return Judged(codes, matched, matched.argmax(axis=0).astype(np.uint8))


def verdicts(f: Facts, judged: Judged, place: int) -> tuple[Verdict, ...]:
    """The verdicts on one row, its headline first."""
    row = Row(f, place)
    told = [rules()[code].tell(row) for code in judged.all(place)]
    return tuple(replace(verdict, headline=number == 0) for number, verdict in enumerate(told))
