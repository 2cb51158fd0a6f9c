"""What overlaps in a placed figure: every text against every other text, line, mark and the edges.

Oriented boxes, by the separating axis theorem. Layout makes overlap impossible by construction; this
is the proof that it did, over every figure and language.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from .placed import ASCENT, DESCENT, Display, Line, Poly, Rect, Text

Points = tuple[tuple[float, float], ...]


def audit(display: Display, slack: float = 0.5, to_scale: bool = False) -> list[str]:
    """One line per overlap or clipped text; none for a sound figure.

    `to_scale`: marks stand where their values are, and may fall on one another.
    """
    found: list[str] = []
    texts = [(shape, box(shape)) for shape in display.shapes if isinstance(shape, Text)]
    for text, corners in texts:
        if any(
            not -slack <= x <= display.width + slack or not -slack <= y <= display.height + slack for x, y in corners
        ):
            found.append(f"clipped: {text.text!r}")
    for index, (text, corners) in enumerate(texts):
        for other, others in texts[index + 1 :]:
            if overlap(corners, others, slack):
                found.append(f"text on text: {text.text!r} and {other.text!r}")
    obstacles = list(_obstacles(display))
    for text, corners in texts:
        own = [(name, shape) for owner, name, shape in obstacles if owner == text.owner != 0]
        inside = any(name == "mark" and _within(corners, shape) for name, shape in own)  # its own chip or box
        for owner, name, shape in obstacles:
            if inside and owner == text.owner:
                continue
            if overlap(corners, shape, slack):
                found.append(f"text on {name}: {text.text!r}")
    marks = [(owner, shape) for owner, name, shape in obstacles if name == "mark" and not to_scale]
    for index, (owner, shape) in enumerate(marks):
        lowest = max(y for _, y in shape)
        for beside, their in marks[index + 1 :]:
            if beside != owner and min(y for _, y in their) < lowest and overlap(shape, their, 1.0):
                found.append(f"mark on mark at {_where(shape)} and {_where(their)}")
    return found


def hidden(display: Display) -> list[float]:
    """The px that are missing of each line that was cut, where something of another owner stands on it."""
    pieces: dict[tuple[int, str], list[Line]] = {}
    for shape in display.shapes:
        if isinstance(shape, Line) and shape.role == "line" and shape.owner > 0:
            pieces.setdefault((shape.owner, f"{shape.stroke} {shape.dash}"), []).append(shape)
    return [
        sum(math.hypot(later.x1 - one.x2, later.y1 - one.y2) for one, later in pairwise(lines))
        for lines in pieces.values()
        if len(lines) > 1
    ]


def _where(shape: Points) -> str:
    return f"({sum(x for x, _ in shape) / len(shape):.0f}, {sum(y for _, y in shape) / len(shape):.0f})"


def box(text: Text) -> Points:
    """The corners of a text's box, turned with it."""
    left = {"start": 0.0, "middle": -0.5, "end": -1.0}[text.anchor] * text.measured
    top, bottom = -ASCENT * text.size, DESCENT * text.size
    radians = math.radians(text.angle)
    cos, sin = math.cos(radians), math.sin(radians)
    plain = ((left, top), (left + text.measured, top), (left + text.measured, bottom), (left, bottom))
    return tuple((text.x + x * cos - y * sin, text.y + x * sin + y * cos) for x, y in plain)


def overlap(one: Points, other: Points, slack: float = 0.0) -> bool:
    """Whether two convex polygons share more than `slack` px on every axis."""
    for shape in (one, other):
        for (x1, y1), (x2, y2) in zip(shape, (*shape[1:], shape[0]), strict=True):
            length = math.hypot(x2 - x1, y2 - y1)
            if length < 1e-9:
                continue
            nx, ny = (y2 - y1) / length, (x1 - x2) / length
            a = [x * nx + y * ny for x, y in one]
            b = [x * nx + y * ny for x, y in other]
            if max(a) - slack <= min(b) or max(b) - slack <= min(a):
                return False
    return True


def _within(corners: Points, shape: Points) -> bool:
    xs, ys = [x for x, _ in shape], [y for _, y in shape]
    return all(min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys) for x, y in corners)


def _obstacles(display: Display) -> Iterator[tuple[int, str, Points]]:
    """Lines as thin strips, marks as polygons, with their owner."""
    for shape in display.shapes:
        if isinstance(shape, Line) and shape.role:
            yield shape.owner, shape.role, _strip(shape.x1, shape.y1, shape.x2, shape.y2, shape.width)
        elif isinstance(shape, Poly) and shape.role:
            if shape.closed:
                yield shape.owner, shape.role, shape.points
            else:
                for (x1, y1), (x2, y2) in zip(shape.points, shape.points[1:], strict=False):
                    yield shape.owner, shape.role, _strip(x1, y1, x2, y2, shape.width)
        elif isinstance(shape, Rect) and shape.role:
            x, y, w, h = shape.x, shape.y, shape.w, shape.h
            yield shape.owner, shape.role, ((x, y), (x + w, y), (x + w, y + h), (x, y + h))


def _strip(x1: float, y1: float, x2: float, y2: float, width: float) -> Points:
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    nx, ny = (y1 - y2) / length * width / 2, (x2 - x1) / length * width / 2
    return ((x1 + nx, y1 + ny), (x2 + nx, y2 + ny), (x2 - nx, y2 - ny), (x1 - nx, y1 - ny))
