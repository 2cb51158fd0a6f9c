"""The legend: only what the figure shows."""

from __future__ import annotations

from .... import words
from ....placed import MARGIN, Line, Rect, Shape
from .placing import Placing


class Legend(Placing):
    """Draws it."""

    def _legend(self, y: float) -> float:
        shapes = self.cuts
        y += 8
        shapes.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint", width=1))
        row = y + 22
        start = MARGIN + self.text(shapes, MARGIN, row + 4, self.say("legend"), 11, "muted", bold=True) + 14
        x = start
        order = {"syn": 0, "ack": 1, "data": 2, "fin": 3, "rst": 4}
        entries: list[tuple[str, str, float]] = []
        for flags, kind in sorted(self.flags_used.items(), key=lambda entry: (order[entry[1]], len(entry[0]))):
            wide = self.measure(flags, 11.5, "mono", True) + (16 if kind == "rst" else 10)
            entries.append((flags, self._flag_names(flags), wide))
        ignored = self.measure(self.ignored_flags, 11.5, "mono", True) + 16
        widths = {"ignored": max(40.0, ignored), "inferred": 8.0, "traced": 8.0}
        for mark in (
            "retransmission",
            "unanswered",
            "lost",
            "ignored",
            "origin",
            "fold",
            "blocks",
            "exit",
            "error",
            "traced",
            "inferred",
        ):
            if mark in self.used:
                entries.append(
                    (
                        mark,
                        self.say(f"legend-{mark}"),
                        widths.get(mark, 26.0),
                    )
                )
        for mark, text, wide in entries:
            needed = wide + 6 + self.measure(text, 11, "sans", False)
            if x + needed > self.width - MARGIN and x > start:
                x, row = start, row + 26
            self.owner += 1
            self._legend_mark(shapes, mark, x, row, wide)
            self.text(shapes, x + wide + 6, row + 4, text, 11)
            x += needed + 16
        return row + 22

    def _flag_names(self, flags: str) -> str:
        key = f"legend-{flags}"
        if words.has(key):
            return self.say(key)
        names = {"F": "FIN", "S": "SYN", "R": "RST", "P": "PSH", ".": "ACK", "U": "URG", "E": "ECE", "W": "CWR"}
        return "+".join(names.get(letter, letter) for letter in flags.strip("[]")) if flags != "[none]" else "no flags"

    def _legend_mark(self, shapes: list[Shape], mark: str, x: float, y: float, wide: float) -> None:
        if mark in self.flags_used:
            self._chip(shapes, x + wide / 2, y, wide, mark, self.flags_used[mark], False)
        elif mark == "retransmission":
            shapes.append(Line(x1=x, y1=y, x2=x + wide, y2=y, stroke="data", width=1.9, dash=(7, 4)))
        elif mark in ("unanswered", "lost"):
            shapes.append(Line(x1=x, y1=y, x2=x + wide - 6, y2=y, stroke="data", width=1.9))
            self._cross(shapes, x + wide - 6, y, 5, "rst", 2.2)
        elif mark == "ignored":
            self._chip(shapes, x + wide / 2, y, wide, self.ignored_flags, "rst", True)
        elif mark == "origin":
            self._diamond(shapes, x + 13, y)
        elif mark == "fold":
            for shift in (5, 2.5, 0):
                fill = "bg" if shift else "tint-est"
                shapes.append(Rect(x=x + shift, y=y - 8 + shift, w=wide - 6, h=11, fill=fill, stroke="data", radius=2))
        elif mark == "blocks":
            shapes.append(Rect(x=x + wide - 12, y=y - 8, w=8, h=16, fill="bg", stroke="ink", width=1.3))
        elif mark == "exit":
            self._cross(shapes, x + wide - 9, y, 6, "ink", 2)
        elif mark == "error":
            self._cross(shapes, x + wide - 9, y, 4.5, "rst", 2.2)
        else:
            dash = (9.0, 2.5) if mark == "inferred" else ()
            shapes.append(Line(x1=x + 3, y1=y - 9, x2=x + 3, y2=y + 9, stroke="data", width=4, dash=dash))
