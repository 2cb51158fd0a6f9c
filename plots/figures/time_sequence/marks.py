"""The marks of a time-sequence graph as shapes, in the plot and in its legend."""

from __future__ import annotations

import math

from ...placed import Line, Poly, Rect, Role, Shape
from .scene import Mark

COLOUR = {
    "data": "data", "retransmission": "again", "out-of-order": "data", "full": "ink", "syn": "syn", "fin": "fin",
    "rst": "rst", "keepalive": "syn", "window-probe": "ink", "sack": "ink", "dsack": "ink", "copy": "muted",
    "unacked": "rst", "gave-up": "rst",
}  # fmt: skip
ORDER = ("copy", "data", "out-of-order", "retransmission", "sack", "dsack", "full", "keepalive", "window-probe",
         "syn", "fin", "unacked", "gave-up", "rst")  # fmt: skip

LEGEND = (
    "data", "retransmission", "out-of-order", "acked", "window", "room", "full", "zero-window", "sack", "dsack",
    "data-foreign", "narrow-window", "keepalive", "window-probe", "copy", "copy-made", "syn", "syn-peer", "fin",
    "fin-peer", "fin-foreign", "rst", "rst-peer", "rst-foreign", "rst-ignored", "rst-lost", "unacked",
    "gave-up", "missed", "outside", "cut",
)  # fmt: skip


def _ring(x: float, y: float, r: float, corners: int, turn: float = 0.0) -> tuple[tuple[float, float], ...]:
    angles = (math.tau * (i + turn) / corners for i in range(corners))
    return tuple((x + r * math.cos(angle), y + r * math.sin(angle)) for angle in angles)


def glyph(mark: Mark, x: float, y1: float, y2: float, merged: bool, owner: int) -> list[Rect | Line | Poly]:
    """A mark's shapes, from y1 (its highest number) down to y2."""
    colour = COLOUR[mark.kind]
    hollow = mark.accepted is False if mark.kind == "rst" else mark.by_peer
    fill = "bg" if hollow else colour
    if mark.outside:
        tip = -7 if mark.outside > 0 else 7
        if mark.kind == "rst":
            return [
                _poly(_ring(x, y1, 8, 8, 0.5), fill, colour, owner),
                _poly(_arrow(x, y1 + 2 * tip, tip), colour, colour, owner),
            ]
        return [_poly(_arrow(x, y1 + tip, tip), colour, colour, owner)]
    if mark.kind in ("data", "out-of-order", "retransmission"):
        again = mark.kind == "retransmission"
        tall = max(6.0 if again else 1.6, y2 - y1)
        wide = 1.4 if merged and not again else 3.0
        if again and not merged:
            bar: list[Rect | Line | Poly] = [
                Rect(x=x - 3, y=y1, w=6, h=tall, fill="bg", stroke=colour, width=1.8, role="mark", owner=owner)
            ]
        elif mark.fate == "foreign":
            colour = "rst"
            bar = [
                Poly(
                    points=((x - 3, y1), (x + 3, y1), (x + 3, y1 + tall), (x - 3, y1 + tall)),
                    fill="bg",
                    stroke=colour,
                    width=1.6,
                    dash=(3, 2),
                    role="mark",
                    owner=owner,
                )
            ]
        else:
            bar = [Rect(x=x - wide / 2, y=y1, w=wide, h=tall, fill=colour, role="mark", owner=owner)]
        if not merged and not again and mark.fate != "foreign" and tall > 8:
            bar.append(_poly(_arrow(x, y1, -5), colour, "none", owner))
            bar.append(_poly(_arrow(x, y2, 5), colour, "none", owner))
        if mark.kind == "out-of-order":
            bar.append(_poly(_ring(x, y1, 4.5, 4), "bg", colour, owner))
        return bar
    if mark.kind in ("sack", "dsack") and merged:
        return [Rect(x=x + 1, y=y1, w=1, h=max(1.6, y2 - y1), fill=colour, role="mark", owner=owner)]
    if mark.kind in ("sack", "dsack"):
        dash: tuple[float, ...] = (2, 2) if mark.kind == "dsack" else ()
        return [
            Poly(
                points=((x + 4, y1), (x + 8, y1), (x + 8, y2), (x + 4, y2)), stroke=colour, width=1.4, closed=False,
                dash=dash, role="mark", owner=owner,
            )
        ]  # fmt: skip
    if mark.kind == "unacked":
        return [
            Poly(
                points=((x + 5, y1), (x + 9, y1), (x + 9, y2), (x + 5, y2)), stroke=colour, width=2, closed=False,
                role="mark", owner=owner,
            )
        ]  # fmt: skip
    if mark.kind == "full":
        return [Line(x1=x - 6, y1=y1 - 2, x2=x + 6, y2=y1 - 2, stroke=colour, width=2.4, role="mark", owner=owner)]
    if mark.kind == "copy":
        return [
            Line(x1=x - 4, y1=y1 + dy, x2=x + 4, y2=y1 + dy, stroke=colour, width=1.1, role="mark", owner=owner)
            for dy in (-2, 1)
        ]
    if mark.kind == "rst":
        return [_poly(_ring(x, (y1 + y2) / 2, 8, 8, 0.5), fill, colour, owner, 2.0)]
    if mark.kind == "gave-up":
        return [
            Line(x1=x - 5, y1=y1 - dy, x2=x + 5, y2=y1 + dy, stroke=colour, width=2.4, role="mark", owner=owner)
            for dy in (-5, 5)
        ]
    if mark.kind == "syn":
        return [_poly(((x, y2 - 5), (x + 5, y2 + 4), (x - 5, y2 + 4)), fill, colour, owner)]
    if mark.kind == "fin" and mark.fate == "foreign" and not mark.by_peer:
        corners = ((x - 4, y1 - 4), (x + 4, y1 - 4), (x + 4, y1 + 4), (x - 4, y1 + 4))
        return [_poly(corners, "bg", "rst", owner, 1.8)]
    if mark.kind == "fin":
        return [_poly(((x - 4, y1 - 4), (x + 4, y1 - 4), (x + 4, y1 + 4), (x - 4, y1 + 4)), fill, colour, owner)]
    return [_poly(_ring(x, y1, 4, 12), "bg" if mark.kind == "keepalive" else colour, colour, owner, 1.8)]


def _poly(
    points: tuple[tuple[float, float], ...], fill: str, stroke: str, owner: int, width: float = 1.4, role: Role = "mark"
) -> Poly:
    return Poly(points=points, fill=fill, stroke=stroke, width=width, role=role, owner=owner)


def _arrow(x: float, y: float, tip: float) -> tuple[tuple[float, float], ...]:
    """A triangle whose point is at y; `tip` above 0 points down."""
    return ((x, y), (x + abs(tip) * 0.75, y - tip), (x - abs(tip) * 0.75, y - tip))


def sample(name: str, mark: Mark | None, x: float, y: float) -> list[Shape]:
    """A mark as the legend shows it, around (x, y)."""
    shapes: list[Shape] = []
    if name in ("acked", "window"):
        dash: tuple[float, ...] = (6, 3) if name == "window" else ()
        stroke = "syn" if name == "window" else "ack"
        shapes.append(Line(x1=x - 10, y1=y, x2=x + 10, y2=y, stroke=stroke, width=1.8, dash=dash))
    elif name == "room":
        shapes.append(Rect(x=x - 10, y=y - 6, w=20, h=12, fill="tint-syn"))
    elif name in ("zero-window", "narrow-window"):
        shapes.append(Rect(x=x - 9, y=y - 7, w=18, h=14, fill="tint-fin"))
        for at in (x - 9, x + 9):
            shapes.append(Line(x1=at, y1=y - 7, x2=at, y2=y + 7, stroke="fin", width=1, dash=(2, 2)))
    elif name == "missed":
        corners = ((x - 9, y - 5), (x + 9, y - 5), (x + 9, y + 5), (x - 9, y + 5))
        shapes.append(Poly(points=corners, fill="tint-unknown", stroke="muted", width=1.2, dash=(3, 2)))
    elif name == "cut":
        for edge in (x - 4, x + 4):
            points = tuple((edge + (2 if i % 2 else -2), y - 8 + 4 * i) for i in range(5))
            shapes.append(Poly(points=points, stroke="muted", width=1, closed=False))
    else:
        assert mark is not None
        y += 3.5 * mark.outside
        tall = 7 if mark.kind in ("data", "retransmission", "out-of-order", "sack", "dsack", "unacked") else 0
        shapes += glyph(mark, x, y - tall, y + tall, merged=False, owner=0)
    return shapes
