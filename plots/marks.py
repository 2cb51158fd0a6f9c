"""The marks of endings: a shape of its own for each, so that colour is never the only carrier (`theme.ENDING`)."""

from __future__ import annotations

import math

from .placed import Circle, Line, Poly, Shape
from .theme import ENDING


def colour(ending: str) -> str:
    """The token of an ending."""
    return ENDING[ending][0]


def character(ending: str) -> str:
    """The mark in a terminal."""
    return ENDING[ending][1]


def mark(shapes: list[Shape], ending: str, x: float, y: float, r: float = 4.5) -> None:
    """Put the mark of an ending down, about as large as a circle of radius `r`."""
    token, shape = ENDING[ending]
    if shape == "●":
        shapes.append(Circle(x=x, y=y, r=r, fill=token))
    elif shape in "◀▶":
        way = 1 if shape == "▶" else -1
        shapes.append(_poly(token, (x - way * r, y - r), (x + way * r, y), (x - way * r, y + r)))
    elif shape == "⋈":
        shapes.append(_poly(token, (x - r, y - r), (x, y), (x - r, y + r)))
        shapes.append(_poly(token, (x + r, y - r), (x + r, y + r), (x, y)))
    elif shape == "◇":
        r *= 1.15
        shapes.append(_outline(token, (x - r, y), (x, y - r), (x + r, y), (x, y + r)))
    elif shape == "□":
        r *= 0.9
        shapes.append(_outline(token, (x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)))
    elif shape == "△":
        shapes.append(_outline(token, (x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)))
    elif shape == "✕":
        r *= 0.85
        for way in (1, -1):
            shapes.append(Line(x1=x - r, y1=y - way * r, x2=x + r, y2=y + way * r, stroke=token, width=2))
    elif shape == "＞":
        points = ((x - r * 0.7, y - r), (x + r * 0.7, y), (x - r * 0.7, y + r))
        shapes.append(Poly(points=points, stroke=token, width=2, closed=False))
    elif shape in "◐◔":
        shapes.append(Circle(x=x, y=y, r=r * 0.9, fill="bg", stroke=token, width=1.6))
        start, turn = (90, 180) if shape == "◐" else (-90, 90)  # degrees, clockwise from the right
        around = [math.radians(start + turn * step / 12) for step in range(13)]
        shapes.append(_poly(token, (x, y), *((x + r * math.cos(a), y + r * math.sin(a)) for a in around)))
    else:
        shapes.append(Circle(x=x, y=y, r=r * 0.5, fill=token))


def _poly(fill: str, *points: tuple[float, float]) -> Poly:
    return Poly(points=points, fill=fill)


def _outline(stroke: str, *points: tuple[float, float]) -> Poly:
    return Poly(points=points, fill="bg", stroke=stroke, width=1.8)
