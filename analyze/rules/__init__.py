"""The catalogue of verdicts: one file per verdict, and how they are found in the columns of any number of connections.

A rule sees columns only: `when` is one expression over all connections at once, `tell` makes the verdict on one row.
Where several rules match a connection all are kept; `stronger_than` says which of them is the headline.

A verdict is *proved* by the kernel's or a system call's own record, *implied* where no other cause of such packets is
known, and *compatible* where others are: these are its rivals, each with the one observation that would decide.

## What packets cannot show

Some causes leave no packets of their own. What is said of them is the verdict in the second column.

==============================================================  =========================  =============================
cause                                                           verdict                    what would tell
==============================================================  =========================  =============================
SYN cookies behind a full accept queue                          accept-queue-full          the listener's counters
a middlebox that has forgotten an idle connection, and answers  idle-connection-forgotten  a capture at the other end
an age or number of requests that is the most (gRPC, proxies)   closed, aborted            the GOAWAY inside TLS
connection tracking that leaves packets untranslated            unknown-connection         a capture on that host
a backend that was removed, or another by a new route           unknown-connection         bursts over many connections
an old connection in IPVS, two flows that NAT mixes up          unanswered, port-reused    the other flow
one direction by another way, past a stateful device            retransmission-timeout     a capture there
a half-close that was taken for a close                         closed                     what the program meant
session tickets unread at the close, an alert before the RST    aborted, closed            the payload of TLS
a server's timeout on a slow request                            closed, aborted            where the request ends
no memory, too many orphans, no descriptors                     aborted, closed            the kernel's log
a WAN optimiser that gives up                                   both-aborted               captures on both sides
SO_LINGER 0, ss -K, a close with unread data                    aborted                    calls, the kernel's reason
timestamps that go back behind NAT                              unanswered                 the server's counters
two hosts with one address                                      unknown-connection         Ethernet addresses
exit, close, or a killed process, with nothing unread           closed                     calls
==============================================================  =========================  =============================
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from graphlib import TopologicalSorter
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ..story import Evidence, Rival, Verdict
from .facts import Facts, Mask
from .row import Row

__all__ = ["Evidence", "Facts", "Judged", "Mask", "Rival", "Row", "Rule", "Verdict", "judge", "rules", "verdicts"]

_BY_CODE: dict[str, type[Rule]] = {}

FALLBACK = "cannot-tell"
BLOCK = 1 << 16  # rows judged together, a multiple of 8: the columns that rules gather need memory

Certainty = Literal["proved", "implied", "compatible"]

#: The headings of a rule's page, in this order, behind its first line.
HEADINGS = (
    "What happened",
    "Why",
    "What each side sees",
    "Example",
    "Not to be confused with",
    "Fix",
    "References",
)
HEADING = re.compile(rf"^\*\*({'|'.join(HEADINGS)})\.\*\*", re.MULTILINE)


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

    @classmethod
    def held(
        cls, evidence: Sequence[Evidence], *rivals: tuple[str, str], proved: bool = False, **values: str | int
    ) -> Verdict:
        """The verdict: proved, or else compatible with its rivals (code, what decides), or implied without any."""
        others = () if proved else tuple(Rival(code, decides) for code, decides in rivals)
        certainty: Certainty = "proved" if proved else "compatible" if others else "implied"
        return Verdict(cls.code, certainty, values, tuple(evidence), others)

    @classmethod
    def first_line(cls) -> str:
        """What completes "this connection ended by"."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]

    @classmethod
    def sections(cls) -> dict[str, str]:
        """The page's text under each heading."""
        parts = HEADING.split(inspect.cleandoc(cls.__doc__ or ""))
        return {
            name: text.strip("\n ") if name != "Example" else text.strip("\n")
            for name, text in zip(parts[1::2], parts[2::2], strict=True)
        }

    @classmethod
    def page(cls) -> str:
        """The whole page, in Markdown."""
        text = inspect.cleandoc(cls.__doc__ or "")
        return HEADING.sub(lambda heading: f"\n{heading[0]}", text).replace("\n\n\n", "\n\n")

    @classmethod
    def recorded(cls) -> str | None:
        """The sample that is its example, where no packet script can be one."""
        named = re.match(r"Recorded: `([a-z0-9-]+)`", cls.sections().get("Example", "").strip())
        return None if named is None else named[1]

    @classmethod
    def examples(cls) -> list[str]:
        """Its packet scripts: each fires it."""
        blocks: list[list[str]] = [[]]
        for line in cls.sections().get("Example", "").splitlines():
            if line.startswith("    "):
                blocks[-1].append(line[4:])
            elif line.strip() and blocks[-1]:
                blocks.append([])
        return ["\n".join(block) + "\n" for block in blocks if block]

    @classmethod
    def neighbours(cls) -> tuple[str, ...]:
        """The codes that it is not to be confused with."""
        return tuple(re.findall(r"^- `([a-z0-9-]+)`", cls.sections().get("Not to be confused with", ""), re.MULTILINE))


@cache
def rules() -> dict[str, type[Rule]]:
    """Every rule by its code, the stronger before the weaker."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    before: dict[str, list[str]] = {code: [] for code in sorted(_BY_CODE)}
    for code in sorted(_BY_CODE):  # no sets: their order is another in every process
        for weaker in _BY_CODE[code].stronger_than:
            before[weaker].append(code)
    order = TopologicalSorter(before).static_order()  # CycleError: two rules that are each stronger
    return {code: _BY_CODE[code] for code in order}


@dataclass(frozen=True, slots=True)
class Judged:
    """Which rules matched which rows; `headline` is a place in `codes` for each row."""

    codes: tuple[str, ...]  # the stronger before the weaker
    bits: npt.NDArray[np.uint8]  # one line per code, one bit per row (numpy.packbits)
    headline: npt.NDArray[np.uint8]
    told: dict[int, tuple[Verdict, ...]] = field(default_factory=dict)  # of rows on which more than columns is known

    def tell(self, row: int, told: tuple[Verdict, ...]) -> None:
        """From here on, these are the verdicts on a row, the headline first."""
        self.told[row] = told
        places = [self.codes.index(one.code) for one in told]
        bit = 0x80 >> (row & 7)
        self.bits[:, row >> 3] &= 0xFF - bit
        self.bits[places, row >> 3] |= bit
        self.headline[row] = places[0]

    def matched(self, code: str) -> Mask:
        """The rows that a rule matched."""
        found: Mask = np.unpackbits(self.bits[self.codes.index(code)], count=len(self.headline)).view(np.bool_)
        return found

    def all(self, row: int) -> Iterator[str]:
        """The codes of one row, its headline first."""
        yield self.codes[self.headline[row]]
        for place in np.flatnonzero(self.bits[:, row >> 3] & (0x80 >> (row & 7))):
            if place != self.headline[row]:
                yield self.codes[place]


def judge(f: Facts) -> Judged:
    """Every rule over all rows; a row that none of them knows is FALLBACK's."""
    known = rules()
    codes = tuple(known)
    fallback = codes.index(FALLBACK)
    bits = np.zeros((len(codes), (len(f) + 7) // 8), dtype=np.uint8)
    headline = np.full(len(f), fallback, dtype=np.uint8)
    for start in range(0, len(f), BLOCK):
        rows = slice(start, min(start + BLOCK, len(f)))
        octets = slice(start // 8, (rows.stop + 7) // 8)
        part = f if len(f) <= BLOCK else f.block(rows)
        strength = np.zeros(len(part), dtype=np.uint8)  # of the strongest rule so far; 0: none
        for place, (code, rule) in enumerate(known.items()):
            if code != FALLBACK:
                found = rule.when(part)
                bits[place, octets] = np.packbits(found)
                np.maximum(strength, found.view(np.uint8) * np.uint8(len(codes) - place), out=strength)
        bits[fallback, octets] = np.packbits(strength == 0)
        np.subtract(len(codes), strength, out=headline[rows], where=strength > 0)
    return Judged(codes, bits, headline)


def verdicts(f: Facts, judged: Judged, place: int) -> tuple[Verdict, ...]:
    """The verdicts on one row, its headline first."""
    if place in judged.told:
        return judged.told[place]
    row = Row(f, place)
    first, *others = (rules()[code].tell(row) for code in judged.all(place))
    return (replace(first, headline=True, evidence=(*first.evidence, *row.signed())), *others)
