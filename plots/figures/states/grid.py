"""The TCP state diagram with the way that each end of this connection took through it."""

from __future__ import annotations

from ....analyze.story import SIDES
from ... import words
from ...characters import Grid, head_of_page
from ...metrics import cells, wrap
from ...scene import Side
from .scene import Paths, Step

LANE = 18  # columns of a state


def grid(scene: Paths, columns: int) -> Grid:
    """Both ways beside each other: in each row what one segment did to its two ends."""
    return _List(scene, max(60, columns)).draw()


class _List:
    """The diagram in characters: a row for each segment that moved an end, states left and right of it."""

    def __init__(self, scene: Paths, columns: int) -> None:
        self.scene = scene
        self.grid = Grid(columns)
        self.columns = columns
        head = self.say("time")
        self.left = max([cells(head), *(len(step.stamp) for step in scene.steps)]) + 2
        self.right = columns - LANE

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.scene.lang, **values)

    def draw(self) -> Grid:
        scene = self.scene
        head_of_page(self.grid, scene.title, scene.subtitle, scene.verdict, scene.lang)
        row = self.grid.row()
        self.grid.put(row, 0, self.say("time"), "muted")
        self._states(row, {side: self.say(side) for side in SIDES}, "bold")
        self._rule()
        self._states(self.grid.row(), {side: self.scene.start(side) for side in SIDES}, "muted")
        steps = list(self.scene.steps)
        while steps:
            step = steps.pop(0)
            both = [step]
            if steps and step.frame is not None and steps[0].frame == step.frame and steps[0].side != step.side:
                both.append(steps.pop(0))
            self._row(both)
        self._rule()
        row = self.grid.row()
        self.grid.put(row, 0, self.say("ends-in"), "muted")
        self._states(row, {side: self.scene.end(side) for side in SIDES}, "bold")
        if self.scene.awaited:
            row = self.grid.row()
            self._states(row, dict.fromkeys(self.scene.awaited, "CLOSED"), "muted")
            self._middle(row, self.say("step-awaited-2-msl"), "muted")
        self._notes()
        return self.grid

    def _lines(self, text: str, room: int) -> list[str]:
        return wrap(text, room, lambda part: float(cells(part)))

    def _rule(self) -> None:
        self.grid.put(self.grid.row(), 0, "─" * self.columns, "muted")

    def _states(self, row: int, names: dict[Side, str], style: str) -> None:
        for side, name in names.items():
            self.grid.put(row, self.left + 4 if side == "client" else self.right + 4, name, style)

    def _middle(self, row: int, text: str, style: str) -> None:
        first, last = self.left + LANE, self.right - 2
        self.grid.put(row, first + max(0, (last - first - cells(text)) // 2), text, style)

    def _row(self, steps: list[Step]) -> None:
        """One segment, or what no packet brought: who moved where by it."""
        step = steps[0]
        row = self.grid.row()
        self.grid.put(row, 0, step.stamp, "muted")
        for one in steps:
            at = self.left if one.side == "client" else self.right
            style = "rst" if one.reset else "syn" if one.side == "client" else "fin"
            self.grid.put(row, at, f"{one.number:2} ", style)
            end = self.grid.put(row, at + 4, one.after, f"bold {style}")
            self.grid.put(row, end, "*" if one.source == "traced" else "", "muted")
        if step.frame is None:
            traced = step.source == "traced"
            self._middle(
                row, f"{step.call}()" if step.call else self.say("step-none" if traced else "step-by"), "muted"
            )
            return
        first, last = self.left + LANE, self.right - 2
        rightwards = (step.side == "client") == step.sent
        stroke, style = ("━", "bold rst") if step.kind == "rst" else ("─", step.kind or "")
        self.grid.put(row, first, stroke * (last - first), style)
        self.grid.put(row, last - 1 if rightwards else first, "▶" if rightwards else "◀", style)
        self._middle(row, f" #{step.frame} {step.segment} ", f"bold {style}")

    def _notes(self) -> None:
        scene = self.scene
        notes = [
            self.say("step-elsewhere", before=step.before, after=step.after, what=step.text)
            for step in scene.steps
            if not scene.in_diagram(step) and step.before != "UNKNOWN"
        ]
        notes += [self.say("no-state", side=side) for side in SIDES if set(scene.visited(side)) == {"UNKNOWN"}]
        if scene.left_out:
            notes.append(self.say("steps-left-out", n=scene.left_out))
        if any(step.source == "traced" for step in scene.steps):
            notes.append(self.say("states-starred"))
        for note in notes:
            for line in self._lines(note, self.columns):
                self.grid.put(self.grid.row(), 0, line, "muted")
