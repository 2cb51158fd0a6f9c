"""How wide a text is, without a font file: advance widths in thousandths of an em.

Arial, Helvetica and Liberation Sans share one table. Where an SVG is opened decides its font, so a
figure is laid out with the wider of that table and DejaVu Sans: in either font nothing collides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

Family = Literal["sans", "mono"]
Measure = Callable[[str, float, Family, bool], float]  # text, size, family, bold -> px

MONO = 0.602  # em; DejaVu Sans Mono; Liberation Mono has 0.600
_CHARACTERS = "".join(map(chr, range(32, 127))) + "·×°±µ“”‘’…–→←≥≤−"

_ARIAL = """
    278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278
    584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944
    667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500
    278 556 500 722 500 500 500 334 260 334 584 278 584 400 549 576 333 333 222 222 1000 556 1000 1000 549 549 584
"""

_ARIAL_BOLD = """
    278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333
    584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944
    667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556
    333 611 556 778 556 556 500 389 280 389 584 278 584 400 549 576 500 500 278 278 1000 556 1000 1000 549 549 584
"""

_WIDER = """
    318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337 337
    838 838 838 556 1015 684 686 722 770 667 611 778 752 295 500 667 557 863 748 787 667 787 722 667 611 732 684 989
    685 667 685 390 337 390 838 556 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521
    392 634 592 818 592 592 525 636 337 636 838 318 838 500 838 636 518 518 318 318 1000 556 1000 1000 838 838 838
"""

_WIDER_BOLD = """
    348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696 696 696 400 400
    838 838 838 611 1000 774 762 734 830 683 683 821 837 372 556 775 637 995 837 850 733 850 770 720 682 812 774
    1103 771 724 725 457 365 457 838 556 500 675 716 593 716 678 435 716 712 343 343 665 343 1042 712 687 716 716
    493 595 478 712 652 924 645 652 582 712 365 712 838 380 838 500 838 736 657 657 380 380 1000 556 1000 1000 838
    838 838
"""


def _table(text: str) -> dict[str, float]:
    return {char: int(width) / 1000 for char, width in zip(_CHARACTERS, text.split(), strict=True)}


_TABLES = {
    ("arial", False): _table(_ARIAL),
    ("arial", True): _table(_ARIAL_BOLD),
    ("wider", False): _table(_WIDER),
    ("wider", True): _table(_WIDER_BOLD),
}


@lru_cache(maxsize=4096)
def _other(char: str) -> float:
    """Em width of a character in no table: East Asian wide = 1, combining = 0, else a generous guess."""
    if unicodedata.combining(char):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.9


@lru_cache(maxsize=1 << 14)
def _ems(text: str, font: str, bold: bool) -> float:
    """Em width of a text; kept, because lines are measured again and again until they are balanced."""
    total, table = 0.0, _TABLES[font, bold]
    for char in text:
        width = table.get(char)
        total += _other(char) if width is None else width
    return total


def mono(text: str) -> float:
    """Em width in a monospaced font."""
    if text.isascii():
        return len(text) * MONO
    return sum(MONO if char in _TABLES["wider", False] else _other(char) for char in text)


def arial(text: str, size: float, family: Family = "sans", bold: bool = False) -> float:
    """Width in px in Arial, Helvetica or Liberation Sans."""
    return size * (mono(text) if family == "mono" else _ems(text, "arial", bold))


def wider(text: str, size: float, family: Family = "sans", bold: bool = False) -> float:
    """Width in px in whichever of Arial and DejaVu Sans is wider, letter by letter."""
    return size * (mono(text) if family == "mono" else _ems(text, "wider", bold))


def cells(text: str) -> int:
    """Width in terminal cells."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


_NOT_FIRST = frozenset("。，、；：？！）》」』”’…,.;:?!)")
_NOT_LAST = frozenset("（《「『“‘(")


@lru_cache(maxsize=256)
def _pieces(text: str) -> tuple[str, ...]:
    """Cut where a line may break: after spaces and around Han characters."""
    pieces: list[str] = []
    for char in text:
        if not pieces:
            pieces.append(char)
            continue
        last = pieces[-1][-1]
        wide = unicodedata.east_asian_width(char) in "WF" or unicodedata.east_asian_width(last) in "WF"
        may_break = (last == " " and char not in " =" and not pieces[-1].endswith("= ")) or wide
        if char.isdigit() and pieces[-1][0].isupper() and pieces[-1].rstrip().isalpha() and pieces[-1].isascii():
            may_break = False  # Linux 6.18, RFC 9293
        if may_break and char not in _NOT_FIRST and last not in _NOT_LAST and char != " ":
            pieces.append(char)
        else:
            pieces[-1] += char
    return tuple(_bound(pieces))


_LAST_NUMBER = re.compile(r"\d[\d,.]*[。，、；：,.;:)] *")
_UNIT = re.compile(r"(?:ns|µs|ms|s|bytes?|B|kB|MB)[。，、；：）,.;:)]* *")
SHORT = 8  # letters of a word that a number stays with


def _bound(pieces: list[str]) -> list[str]:
    """The same: no number is torn from what it counts, nor from the short word before it where it ends a sentence."""
    found: list[str] = []
    for piece in pieces:
        before = found[-1] if found else ""
        unit = before.rstrip()[-1:].isdigit() and _UNIT.fullmatch(piece)
        counted = unit or (before.rstrip()[-1:].isdigit() and "一" <= piece[0] <= "鿿")  # 332 个
        last = 0 < len(before.rstrip()) <= SHORT and not before.rstrip()[-1].isdigit() and _LAST_NUMBER.fullmatch(piece)
        if before.endswith(" ") and (counted or last):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def widest(text: str, measure: Callable[[str], float]) -> float:
    """The width of the longest piece of the text that no line break parts."""
    return max((measure(piece.rstrip()) for piece in _pieces(text)), default=0.0)


def _joint(word: str, at: int) -> bool:
    """Whether a word may be parted there: after a dot, a comma, a slash or an underscore, or at a camel's hump."""
    before, after = word[at - 1], word[at]
    return before == " " or (before in "./,_-=" and after not in _NOT_FIRST) or (before.islower() and after.isupper())


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than `width`; a word that is wider alone is parted, at a joint if it has one, never dropped."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece
        while measure(line.rstrip()) > width and len(line.rstrip()) > 1:
            most = next((n for n in range(len(line) - 1, 1, -1) if measure(line[:n]) <= width), 1)
            fits = max((n for n in range(2, most + 1) if _joint(line, n)), default=most)
            lines.append(line[:fits].rstrip())
            line = line[fits:].lstrip()
    if line.strip():
        lines.append(line.rstrip())
    return lines


_PAUSES = "，；：。、）！？"
INSIDE = 0.08  # what a break inside a clause costs; lines that differ by 28 % of their length cost as much


def by_clauses(text: str, width: float, measure: Callable[[str], float], count: int) -> list[str]:
    """The text in `count` lines no wider than `width`, about equally long, broken behind punctuation that is near.

    For Chinese, where a line may break anywhere, in the middle of a word, too. Without such lines: those of `wrap`.
    """
    pieces = _pieces(text)
    ends = [0.0]
    for piece in pieces:
        ends.append(ends[-1] + measure(piece))
    mean = ends[-1] / count
    #: By lines: where they may end -> what it costs until there, and where the last of them begins.
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for line in range(1, count + 1):
        found: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            for end in range(start + 1, len(pieces) + 1):
                long = ends[end] - ends[start]
                if long > width:
                    break
                last = end == len(pieces)
                inside = 0.0 if last or pieces[end - 1].rstrip()[-1:] in _PAUSES else INSIDE
                whole = cost + inside + (long / mean - 1) ** 2
                if last == (line == count) and (end not in found or whole < found[end][0]):
                    found[end] = whole, start
        best.append(found)
    lines: list[str] = []
    end = len(pieces)
    for line in range(count, 0, -1):
        if end not in best[line]:
            return wrap(text, width, measure)
        start = best[line][end][1]
        lines.append("".join(pieces[start:end]).strip())
        end = start
    return lines[::-1]
