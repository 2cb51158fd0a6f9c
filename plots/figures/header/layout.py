"""The TCP header of one packet, bit by bit: the notes' claim N3, drawn from the bytes of the capture."""

from __future__ import annotations

from ...metrics import Measure
from ...placed import MARGIN, Display, Line, Pen, Poly, Rect, Run, Shape
from . import scene as header_scene
from .scene import WORD, Bits, HeaderScene, Row

LABEL = 52.0  # "byte 12", left of the rows
LEAST_ROW, LETTER = 50.0, 10.0
TINTS = {"syn": "tint-syn", "ack": "tint-closed", "data": "tint-est", "fin": "tint-fin", "rst": "warn", "": "panel"}


def layout(scene: HeaderScene, width: float, measure: Measure) -> Display:
    """The placed header."""
    return _Layout(scene, width, measure).display()


class _Layout(Pen):
    def __init__(self, scene: HeaderScene, width: float, measure: Measure) -> None:
        super().__init__(scene.lang, measure)
        self.scene = scene
        self.width = max(width, 640.0)
        self.tint = TINTS[scene.token]
        self.strong = scene.token or "muted"
        self.left = MARGIN + LABEL
        said = max(190.0, 0.25 * self.width)
        self.column = (self.width - MARGIN - said - 22 - self.left) / WORD
        self.right = self.left + WORD * self.column
        self.fills: list[Shape] = []
        self.lines_: list[Shape] = []
        self.texts: list[Shape] = []

    def display(self) -> Display:
        """From the title to the flags."""
        scene = self.scene
        y = self.heading(self.texts, self.width, scene.title, scene.subtitle)
        y = self.typed(self.fills, self.texts, y + 9, self.width, "tcpdump", scene.line)
        y = self._ruler(y + 22)
        for row in scene.rows:
            y = self._row(row, y)
        y = self._bytes(y + 16)
        y = self._flags(y + 14) + MARGIN
        said = [scene.subtitle, scene.line, *(row.says for row in scene.rows), scene.flags_byte, *scene.filters]
        return self.page(
            scene, self.width, y, (*self.fills, *self.lines_, *self.texts), "\n".join(part for part in said if part)
        )

    def _ruler(self, y: float) -> float:
        """The bits' numbers."""
        self.text(self.texts, self.left - 10, y, self.say("header-bit"), 10.5, "muted", anchor="end")
        for bit in range(WORD):
            byte = bit % 8 == 0
            at = self.left + (bit + 0.5) * self.column
            fill = "ink" if byte else "muted"
            self.text(self.texts, at, y, str(bit), 10, fill, bold=byte, anchor="middle", family="mono")
            x = self.left + bit * self.column
            self.lines_.append(Line(x1=x, y1=y + 4, x2=x, y2=y + 8, stroke="faint"))
        return y + 8

    # --- one row

    def _row(self, row: Row, y: float) -> float:
        room = self.width - MARGIN - self.right - 22
        said = self.filled(row.says, room, 11.5) if row.says else []
        height = max(LEAST_ROW, 15.0 * len(said) + 8)
        middle = y + height / 2
        label = self.say("header-byte", n=row.byte)
        self.text(self.texts, self.left - 10, middle + 4, label, 10.5, "muted", anchor="end")
        for cell in row.cells:
            self._cell(cell, y, height, row.used)
        outline = Rect(
            x=self.left, y=y, w=self.right - self.left, h=height, stroke="muted", width=1.2,
        )  # fmt: skip
        self.lines_.append(outline)
        fill = self.strong if row.used and self.strong in ("rst", "fin", "syn") else "ink"
        if said:
            x = self.right + 4
            stroke = fill if row.used else "muted"
            self.lines_.append(Line(x1=x, y1=middle, x2=x + 10, y2=middle, stroke=stroke, width=1.2))
        top = middle - 7.5 * len(said)
        for number, line in enumerate(said):
            self.text(self.texts, self.right + 20, top + 11.5 + 15 * number, line, 11.5, fill)
        return y + height

    def _cell(self, cell: Bits, y: float, height: float, used: bool) -> None:
        x, w = self.left + cell.bit * self.column, cell.bits * self.column
        if cell.flag and cell.set:
            self.fills.append(Rect(x=x, y=y, w=w, h=height, fill=_token(cell.flag)))
        elif cell.state == "used":
            self.fills.append(Rect(x=x, y=y, w=w, h=height, fill=self.tint))
        elif cell.state in ("void", "missing"):
            self.fills.append(Rect(x=x, y=y, w=w, h=height, fill="panel"))
        if cell.bit:
            self.lines_.append(Line(x1=x, y1=y, x2=x, y2=y + height, stroke="muted", role="line"))
        middle, centre = x + w / 2, y + height / 2
        if cell.flag:
            self._flag(cell, middle, centre)
            return
        room = w - 8
        faded = cell.state in ("void", "missing")
        value = self.say("header-missing") if cell.state == "missing" else cell.value
        parts = [(cell.name, 10.5, 9.5, "sans", False, "muted")]
        if value and cell.state == "missing":
            parts.append((value, 10.5, 9.5, "sans", False, "muted"))
        elif value:
            strong = "rst" if used and cell.state == "used" and self.strong == "rst" else "ink"
            parts.append((value, 13.5, 9.5, "mono", not faded, "muted" if faded else strong))
        if cell.below:
            parts.append((cell.below, 10, 9.5, "mono", False, "muted"))
        baselines = {1: (4.0,), 2: (-4.0, 12.0), 3: (-11.5, 4.5, 17.5)}[len(parts)]
        for number, (text, size, least, family, bold, fill) in enumerate(parts):
            mono = "mono" if family == "mono" else "sans"
            shown, at = self.fit(_shorter(text), room, size, least, mono, bold)  # type: ignore[arg-type]
            baseline = centre + baselines[number]
            self.text(
                self.texts, middle, baseline, shown, at, fill, bold=bold, anchor="middle", family=mono  # type: ignore[arg-type]
            )  # fmt: skip

    def _flag(self, cell: Bits, middle: float, centre: float) -> None:
        """Its name from top to bottom, and its bit."""
        ink = "chip" if cell.set else "muted"
        value = "?" if cell.state == "missing" else cell.value
        top = centre - (LETTER * 3 + 14) / 2 + (3 - len(cell.name)) * LETTER / 2
        for number, letter in enumerate(cell.name):
            self.text(
                self.texts, middle, top + LETTER * number + 7.8, letter, 9.5, ink,
                bold=cell.set, anchor="middle", family="mono",
            )  # fmt: skip
        bottom = centre + (LETTER * 3 + 14) / 2
        self.text(
            self.texts, middle, bottom - 2.5, value, 12.5, ink, bold=True, anchor="middle", family="mono"
        )  # fmt: skip

    # --- below the rows

    def _bytes(self, y: float) -> float:
        """The bytes as captured, twenty in a line; under the first line, what the 13th says."""
        scene, size = self.scene, 12.5
        wide = self.measure("00", size, "mono", True)
        step, gap = wide + 6.0, 14.0
        self.text(self.texts, self.left - 10, y + 12, self.say("header-bytes"), 10.5, "muted", anchor="end")
        for start in range(0, len(scene.bytes), 20):
            if start:
                y += 22
            for at in range(start, min(start + 20, len(scene.bytes))):
                place = at - start
                x = self.left + place * step + place // 4 * gap
                mark = at in scene.marked
                if mark or at in scene.used:
                    whole = Rect(x=x - 3, y=y - 2, w=wide + 6, h=19, fill=self.strong if mark else self.tint, radius=2)
                    self.fills.append(whole)
                ink = "chip" if mark else "rst" if at in scene.used and self.strong == "rst" else "ink"
                bold = mark or at in scene.used
                self.text(self.texts, x, y + 12, f"{scene.bytes[at]:02x}", size, ink, bold=bold, family="mono")
            if start == 0 and scene.flags_byte:
                y = self._marked(self.left + 13 * step + 3 * gap + wide / 2, y + 17)
        return y + 20

    def _marked(self, x: float, y: float) -> float:
        """What byte 13 is, tied to it; beside its line, or below where there is no room."""
        scene = self.scene
        needed = self.measure(scene.flags_byte, 11.5, "sans", True)
        start = min(x + 20, self.width - MARGIN - needed)
        bend = y + 14
        points: tuple[tuple[float, float], ...] = ((x, y + 1), (x, bend), (x + 14, bend))
        if start < x + 20:
            start, bend = self.left, y + 24
            points = ((x, y + 1), (x, y + 10))
        self.lines_.append(Poly(points=points, stroke=self.strong, width=1.4, closed=False))
        self.text(self.texts, start, bend + 4, scene.flags_byte, 11.5, self.strong, bold=True)
        room = self.width - MARGIN - start
        at = bend + 4
        joint = f"   {self.say('header-or')}   "
        lines: list[list[Run]] = []
        taken = room + 1
        for filter_ in scene.filters:
            wide = self.measure(filter_, 11.5, "mono", True)
            between = self.measure(joint, 11.5, "mono", False)
            if taken + between + wide <= room:
                lines[-1] += [Run(joint, "muted"), Run(filter_, "ink", True)]
                taken += between + wide
            else:
                lines.append([Run(filter_, "ink", True)])
                taken = wide
        for runs in lines:
            at += 17
            self.text(self.texts, start, at, tuple(runs), 11.5, family="mono")
        return at - 8

    def _flags(self, y: float) -> float:
        """What each flag is for, in two columns."""
        scene = self.scene
        self.lines_.append(Line(x1=MARGIN, y1=y, x2=self.width - MARGIN, y2=y, stroke="faint"))
        y += 20
        self.text(self.texts, MARGIN, y, self.say("header-flags"), 11.5, "muted", bold=True)
        y += 10
        half = (len(scene.flags) + 1) // 2
        wide = (self.width - 2 * MARGIN - 16) / 2
        chip = self.measure("WWW", 10.5, "mono", True) + 14
        for number, flag in enumerate(scene.flags):
            x = MARGIN + (wide + 16) * (number // half)
            top = y + 22 * (number % half)
            token = _token(flag.name)
            self.fills.append(
                Rect(x=x, y=top, w=chip, h=17, fill=token if flag.set else "bg", stroke=token, width=1.3, radius=4)
            )
            ink = "chip" if flag.set else token
            self.text(
                self.texts, x + chip / 2, top + 12.4, flag.name, 10.5, ink, bold=True, anchor="middle", family="mono"
            )
            at = x + chip + 10
            mask = f"{flag.mask:#05x}" if flag.mask > 255 else f"{flag.mask:#04x}"
            self.text(self.texts, at, top + 12.4, f"[{flag.letter}]", 10.5, "muted", family="mono")
            at += self.measure("[W]", 10.5, "mono", False) + 8
            self.text(self.texts, at, top + 12.4, mask, 10.5, "muted", family="mono")
            at += self.measure("0x100", 10.5, "mono", False) + 10
            shown, size = self.fit([flag.text], x + wide - at, 12, 9.5, "sans", flag.set)
            self.text(self.texts, at, top + 12.6, shown, size, "ink" if flag.set else "muted", bold=flag.set)
        return y + 22 * half


def _token(flag: str) -> str:
    return header_scene.TOKENS.get(flag, "ack")


def _shorter(text: str) -> list[str]:
    """The text, and without what follows two blanks: the hex alone."""
    return [text, text.split("  ")[0]] if "  " in text else [text]
