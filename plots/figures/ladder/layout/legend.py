"""The legend: only what the figure shows."""

from __future__ import annotations

from .... import words
from ....placed import MARGIN, Circle, Line, Poly, Rect, Shape
from ....tcpdump import flag_names
from .placing import Placing

KINDS = ("syn", "ack", "data", "fin", "rst", "icmp")
MARKS = (
    "retransmission", "same", "unanswered", "lost", "ignored", "origin", "copy", "fold", "blocks", "exit", "error",
    "errors", "traced", "inferred", "badge", "wait", "wait-for",
)  # fmt: skip
APART = 16.0


class Legend(Placing):
    """Draws it."""

    def _legend(self, y: float) -> float:
        shapes = self.cuts
        y += 8
        shapes.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint", width=1))
        row = y + 22
        start = MARGIN + self.text(shapes, MARGIN, row + 4, self.say("legend"), 11, "muted", bold=True) + 14
        x = start
        entries: list[tuple[str, str, str, float]] = []  # mark, its kind, what it means, how wide it is
        for flags, kind in sorted(self.flags_used, key=lambda used: (KINDS.index(used[1]), len(used[0]), used[0])):
            wide = self.measure(flags, 11.5, "mono", True) + (16 if kind == "rst" else 10)
            entries.append((flags, kind, self._flag_names(flags, kind), wide))
        ignored = self.measure(self.ignored_flags, 11.5, "mono", True) + 16
        widths = {
            "ignored": max(40.0, ignored),
            "inferred": 8.0,
            "traced": 8.0,
            "badge": 14.0,
            "wait": 7.0,
            "wait-for": 7.0,
        }
        self.used -= {"wait"} if "wait-for" in self.used else set()
        for mark in MARKS:
            if mark in self.used:
                entries.append((mark, "", self.say(f"legend-{mark}"), widths.get(mark, 26.0)))
        needed = [wide + 6 + self.measure(text, 11, "sans", False) for _, _, text, wide in entries]
        for (mark, kind, text, wide), starts, room in zip(entries, self._rows(needed, start), needed, strict=True):
            if starts:
                x, row = start, row + 26
            self.owner += 1
            self._legend_mark(shapes, mark, kind, x, row, wide)
            self.text(shapes, x + wide + 6, row + 4, text, 11)
            x += room + APART
        return row + 22

    def _rows(self, needed: list[float], start: float) -> list[bool]:
        """Which entries begin a row: in as few rows as there must be, and these about equally long."""

        def begun(room: float) -> list[bool]:
            found, x = [], 0.0
            for number, wide in enumerate(needed):
                found.append(number > 0 and x + wide > room)
                x = (0.0 if found[-1] else x) + wide + APART
            return found

        least = begun(self.width - MARGIN - start)
        best, room = least, self.width - MARGIN - start
        while sum(least) and sum(best) == sum(least):
            least, room = best, room - 10
            best = begun(room)
        return least

    def _flag_names(self, flags: str, kind: str) -> str:
        for key in (f"legend-{flags} {kind}", f"legend-{flags}"):
            if words.has(key):
                return self.say(key)
        return flag_names(flags)

    def _legend_mark(self, shapes: list[Shape], mark: str, kind: str, x: float, y: float, wide: float) -> None:
        if kind:
            self._chip(shapes, x + wide / 2, y, wide, mark, kind, False)
        elif mark == "retransmission":
            shapes.append(Line(x1=x, y1=y, x2=x + wide, y2=y, stroke="data", width=1.9, dash=(7, 4)))
        elif mark == "same":
            points = ((x + 10, y - 9), (x + 17, y - 4), (x + 17, y + 4), (x + 10, y + 9))
            shapes.append(Poly(points=points, stroke="data", width=1.4, dash=(1.5, 2.5), closed=False))
        elif mark in ("unanswered", "lost"):
            shapes.append(Line(x1=x, y1=y, x2=x + wide - 6, y2=y, stroke="data", width=1.9))
            self._cross(shapes, x + wide - 6, y, 5, "rst", 2.2)
        elif mark == "ignored":
            self._chip(shapes, x + wide / 2, y, wide, self.ignored_flags, "rst", True)
        elif mark in ("origin", "copy"):
            self._diamond(shapes, x + 13, y)
        elif mark == "fold":
            for shift in (5, 2.5, 0):
                fill = "bg" if shift else "tint-est"
                shapes.append(Rect(x=x + shift, y=y - 8 + shift, w=wide - 6, h=11, fill=fill, stroke="data", radius=2))
        elif mark == "blocks":
            shapes.append(Rect(x=x + wide - 12, y=y - 8, w=8, h=16, fill="bg", stroke="ink", width=1.3))
        elif mark == "badge":
            shapes.append(Circle(x=x + 7, y=y, r=7, fill="bg", stroke="rst", width=1.4))
            self.text(shapes, x + 7, y + 3.6, "1", 10, "rst", bold=True, anchor="middle", owner=self.owner)
        elif mark in ("wait", "wait-for"):
            self.text(shapes, x, y + 4, "+", 11, "muted", family="mono", owner=self.owner)
        elif mark == "exit":
            self._cross(shapes, x + wide - 9, y, 6, "ink", 2)
        elif mark in ("error", "errors"):
            at = x + wide - (9 if mark == "error" else 16)
            self._cross(shapes, at, y, 4.5, "rst", 2.2)
            if mark == "errors":
                self.text(shapes, at + 6, y - 3, "n", 9.5, "rst", bold=True, owner=self.owner)
        else:
            dash = (9.0, 2.5) if mark == "inferred" else ()
            shapes.append(Line(x1=x + 3, y1=y - 9, x2=x + 3, y2=y + 9, stroke="data", width=4, dash=dash))
