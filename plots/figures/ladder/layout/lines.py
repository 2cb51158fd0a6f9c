"""An arrow's words in two lines: what it means, and what tcpdump prints of it; remarks stand behind either.

All forms that fit are weighed, each thing left out against smaller type. Where even the shortest do not fit, the
remarks take lines of their own: nothing is left out without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from ....placed import Pen, Run
from ....scene import Arrow

LABEL, DETAIL = (12.5, 10.0, 0.5), (10.5, 9.5, 0.25)  # px: the largest type, the smallest, a step between
OWN_LINE = 9.5  # of remarks that find no room in the two
SHORTER_LABEL, SHORTER_DETAIL = 2.0, 1.0  # what it costs to leave out a part of them
NO_DETAIL = 4.0
MORE_LINES = 9.0
SMALLER = 0.4  # per px of type
APART = 1.5  # below the chip, not beside it
SHORTER_REMARK, NO_REMARK, NO_REASON = 0.8, 1.5, 3.0  # the last: why a RST was ignored


@dataclass(frozen=True, slots=True)
class Row:
    """A line of words."""

    runs: tuple[Run, ...]
    size: float
    measured: float  # px
    mono: bool = False

    @property
    def text(self) -> str:
        """All runs."""
        return "".join(run.text for run in self.runs)


class Remark(NamedTuple):
    """Words of a mark: why a RST was ignored, what it answers, how long a segment took."""

    forms: tuple[tuple[float, str], ...]  # shorter ones behind, at what these cost
    token: str


class Fitted(NamedTuple):
    """A line, and what was given up for it."""

    cost: float
    row: Row


class Lines(Pen):
    """Puts words into lines."""

    def remarks(self, arrow: Arrow, *, crowded: bool) -> list[Remark]:
        """What its marks say in words: not what is seen where others cross it."""
        there = (arrow.took, arrow.dropped)
        found = [
            Remark(((0.0, text), (NO_REMARK, "")), "muted")
            for text in arrow.on_the_way if not crowded and text not in there
        ]  # fmt: skip
        found += [Remark(((0.0, arrow.took),), "ink")] if arrow.took else []
        found += [Remark(((0.0, arrow.dropped),), "rst")] if arrow.dropped else []
        if arrow.because:
            forms = (arrow.because, *arrow.shorter_because)
            found.append(Remark(tuple((SHORTER_REMARK * n, form) for n, form in enumerate(forms)), "ink"))
        if arrow.ignored:
            found.append(Remark(((0.0, arrow.ignored), (NO_REASON, arrow.shorter_ignored or arrow.ignored)), "rst"))
        return found

    def two(
        self, arrow: Arrow, remarks: Sequence[Remark], beside: float, below: float = 0.0
    ) -> tuple[float, tuple[Row, ...]]:
        """The lines, and what was given up for them: two, or those that the remarks need besides.

        Rooms are px: `beside` the chip, and `below` it.
        """
        labels = (arrow.label, *arrow.shorter_labels)
        details = tuple(dict.fromkeys((arrow.detail, *arrow.shorter_details)))
        style = Run("", "ink" if arrow.kind == "ack" else arrow.kind, bold=True)
        best: tuple[float, tuple[Row, ...]] | None = None
        for mask in range(1 << len(remarks)):
            above = [one for bit, one in enumerate(remarks) if mask >> bit & 1]
            under = [one for bit, one in enumerate(remarks) if not mask >> bit & 1]
            upper = self._fitted(labels, above, beside, style, mono=False)
            if upper is None or (best is not None and upper.cost >= best[0] - 1e-9):
                continue
            lower = self._second(details, under, beside, below)
            if lower is None and (under or details != ("",)):
                continue
            cost = upper.cost + (lower.cost if lower else 0.0)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, (upper.row, *((lower.row,) if lower else ())))
        if best is not None:
            return best
        rows = [self._cut(labels, beside, style, mono=False)]
        if details != ("",):
            rows.append(self._cut(details, max(beside, below), Run("", "muted"), mono=True))
        for one in remarks:
            lines = self.evened(one.forms[0][1], max(beside, below), OWN_LINE)
            rows += [self._row((Run(line, one.token),), OWN_LINE, mono=False) for line in lines]
        return MORE_LINES, tuple(rows)

    def _second(self, details: Sequence[str], remarks: Sequence[Remark], beside: float, below: float) -> Fitted | None:
        """The second line, beside the chip or lower; without tcpdump's numbers, if remarks need all of it."""
        forms = [*details, ""] if remarks and "" not in details else list(details)
        found = self._fitted(forms, remarks, beside, Run("", "muted"), mono=True)
        if found is not None and found.cost <= APART:
            return found
        lower = self._fitted(forms, remarks, below, Run("", "muted"), mono=True)
        if lower is not None and (found is None or lower.cost + APART < found.cost):
            return lower._replace(cost=lower.cost + APART)
        return found

    def _fitted(
        self, heads: Sequence[str], remarks: Sequence[Remark], room: float, style: Run, *, mono: bool
    ) -> Fitted | None:
        """The words on one line: those of their forms that fit at the least cost; None: none do, or there are none."""
        largest, least, step = DETAIL if mono else LABEL
        best: Fitted | None = None
        for place, head in enumerate(heads):
            left_out = place * (SHORTER_DETAIL if mono else SHORTER_LABEL)
            if mono and remarks and not head:
                left_out = max(left_out, NO_DETAIL)
            for forms in product(*(one.forms for one in remarks)):
                cost = left_out + sum(cost for cost, _ in forms)
                if best is not None and cost >= best.cost:
                    continue
                runs = self._joined(head, style, [(text, one) for (_, text), one in zip(forms, remarks, strict=True)])
                size = largest
                row = self._row(runs, size, mono=mono)
                while row.text and size >= least - 1e-9 and (best is None or cost < best.cost):
                    if row.measured <= room:
                        best = Fitted(cost, row)
                        break
                    size -= step
                    cost += SMALLER * step
                    row = Row(runs, size, row.measured * size / (size + step), mono)
        return best

    def _joined(self, head: str, style: Run, remarks: Sequence[tuple[str, Remark]]) -> tuple[Run, ...]:
        comma = "，" if self.lang == "zh" else ", "
        runs = [Run(head, style.fill, style.bold)] if head else []
        for text, one in remarks:
            if runs and text:
                runs[-1] = Run(runs[-1].text + comma, runs[-1].fill, runs[-1].bold)
            runs += [Run(text, one.token, one.token == "rst")] if text else []
        return tuple(runs)

    def _cut(self, forms: Sequence[str], room: float, style: Run, *, mono: bool) -> Row:
        largest, least, step = DETAIL if mono else LABEL
        text, size = self.fit(forms, room, largest, least, "mono" if mono else "sans", style.bold, step)
        return self._row((Run(text, style.fill, style.bold),), size, mono=mono)

    def _row(self, runs: tuple[Run, ...], size: float, *, mono: bool) -> Row:
        wide = sum(self.measure(run.text, size, "mono" if mono else "sans", run.bold) for run in runs)
        return Row(runs, size, wide, mono)
