"""The other marks: states, notes, folds, calls, and what was cut out."""

from __future__ import annotations

import re
from typing import Literal

from .... import metrics
from ....metrics import Family
from ....placed import MARGIN, Line, Poly, Rect, Run
from ....scene import SAME_NS, Arrow, Break, Call, Fold, Note, State
from .departures import Departures
from .placing import APP, BELOW, STATE_ROOM, Lane
from .skyline import Quad

Pieces = tuple[tuple[str, float, Family], ...]  # of a line: text, size, letters

BREAK = 28.0
UNDATED = 12.0  # px below the last arrow: a change of which no packet tells the time
PADDING = 16.0  # px, of a box's, that a command may take so as to stay on one line
SEARCHED = 160  # px down from where a note may stand: for a place where it hides no arrow
FLAG = re.compile(r", ((?:MSG|SHUT|SIG)_\w+\))$")  # what changes a call's meaning is not left out


class Boxes(Departures):
    """Places what is no arrow."""

    def _place_state(self, state: State) -> None:
        lane = self.lanes[state.side]
        first = lane.since == self.cut_bottom and (not self.both or lane.last == self.cut_bottom)
        if lane.repeated and first and id(state) not in self.alone:
            # It changed somewhere in the gap.
            lane.state, lane.repeated, lane.told = state, False, None
            lane.since += 4
            return
        between = UNDATED if state.source == "inferred" and state.t_ns is not None else 0.0  # no arrow brought it
        y = between + self._moment(
            state, max(self.anchor + 2, lane.since + STATE_ROOM, lane.last + 10 if self.both else 0.0)
        )
        self._enter(state, y)
        lane.last = y
        self.anchor = max(self.anchor, y - 4)

    def _place_note(self, note: Note) -> None:
        start = self.anchor + 8
        if self.both:
            start = max(start, *(lane.last + 6 for lane in self.lanes.values()))
        pad = 8 if note.boxed else 2
        apart = 10 if note.boxed else 6
        below = max(start, self.skyline.lowest() + apart)
        places = []
        for room in (self.wire - 60, self.wire / 2, self.wire / 3):  # a narrow one finds room beside arrows
            lines = self._steps(note, room)
            wide = min(max(self._long(line) for line in lines) + 24, self.wire - 28)
            found = self._between_lines(wide, 2 * pad + 16 * len(lines), start, apart) if self.flying else None
            places.append((lines, wide, found))
        lines, wide, found = next((place for place in places if place[2] is not None), places[0])
        middle, start = ((self.left + self.right) / 2, below) if found is None else found
        if note.boxed:
            self.over.append(
                Rect(
                    x=middle - wide / 2, y=start, w=wide, h=2 * pad + 16 * len(lines), fill="panel",
                    stroke="muted", radius=5, role="mark", owner=self.owner,
                )
            )  # fmt: skip
        y = start + pad
        for line in lines:
            y += 16
            *head, (text, size, family) = line
            x = middle
            anchor: Literal["start", "middle"] = "middle"
            for whose, tall, letters in head:
                x, anchor = middle - self._long(line) / 2 + self.measure(whose, tall, letters, False), "start"
                space = 4 if whose.endswith(" ") else 0  # none behind a full-width colon
                self.text(
                    self.over, x - space, y - 4, whose.rstrip(), tall, "muted", italic=True, family=letters,
                    anchor="end", owner=self.owner,
                )  # fmt: skip
            self.text(
                self.over, x, y - 4, text, size, "muted", italic=family == "sans", family=family, anchor=anchor,
                owner=self.owner,
            )  # fmt: skip
        if note.boxed or not self.scene.timed:
            self._box(self.left + 16, self.right - 16, start, y + pad)
        elif found is not None:  # a remark is no event: what is on its way need not wait for it
            self.skyline.add((Quad(middle - wide / 2, y + pad, middle + wide / 2, y + pad, 0, 3),), 0)
        else:
            self._beside(self.left + 16, self.right - 16, y + pad)

    def _steps(self, note: Note, room: float) -> list[Pieces]:
        """A note's lines: a step on lines of its own, where one is not enough for all; what can be typed is in mono."""
        if not note.typed:
            lines = self.lines(note.text, room, 11.5)
            steps = re.split(r"(?<=;) |(?<=；)", note.text)
            if len(lines) > 1:
                lines = [line for step in steps for line in self.evened(step, room, 11.5)]
            return [((line, 11.5, "sans"),) for line in lines]
        found: list[Pieces] = []
        rest = note.text
        for typed in note.typed:
            head, _, rest = rest.partition(typed)
            *before, head = re.split(r"(?<=;) |(?<=；)", head.lstrip("；; "))
            found += [((line, 11.5, "sans"),) for step in before for line in self.evened(step, room, 11.5)]
            found += self._typed(head, typed, room + PADDING)
        after = rest.lstrip("；; ")
        return found + [((line, 11.5, "sans"),) for line in self.evened(after, room, 11.5) if after]

    def _typed(self, head: str, typed: str, room: float) -> list[Pieces]:
        """A command behind whose it is; broken so that `name = value` stays whole."""
        glued = re.sub(r"\S+ = .+$", lambda found: found[0].replace(" ", "\xa0"), typed)

        def pieces(line: str, size: float) -> Pieces:
            begins = line.startswith(head.rstrip()) and bool(head)
            said: Pieces = ((line[: len(head)], 11.5, "sans"),) if begins else ()
            behind = line[len(head) :] if begins else line
            return (*said, (behind.replace("\xa0", " "), size, "mono")) if behind else said

        def form(size: float) -> list[Pieces]:
            lines = metrics.wrap(head + glued, room, lambda part: self._long(pieces(part, size)))
            return [pieces(line, size) for line in lines]

        return min((form(size) for size in (11.0, 10.5, 10.0, 9.5)), key=len)

    def _long(self, line: Pieces) -> float:
        return sum(self.measure(text, size, family, False) for text, size, family in line)

    def _between_lines(self, wide: float, tall: float, start: float, apart: float) -> tuple[float, float] | None:
        """Where a box on the wire hides no arrow on its way: its middle and its top, near the middle and `start`."""
        middle, most = (self.left + self.right) / 2, int((self.wire - wide) / 2 - 16)
        found: list[tuple[float, float, float]] = []
        for lower in range(0, SEARCHED, 6):
            top = start + lower
            passing = []
            for plan, y in self.flying.values():
                edges = (plan.tail + (max(y, edge) - y) / plan.slope for edge in (top - 6, top + tall + 6))
                at = sorted(edges)
                passing.append((at[0] - wide / 2 - 8, at[1] + wide / 2 + 8))
            for aside in range(0, max(0, most) + 1, 8):
                for x in (middle + aside, middle - aside):
                    clear = not any(low < x < high for low, high in passing)
                    if clear and self.skyline.lowest(x - wide / 2 - 4, x + wide / 2 + 4) + apart <= top:
                        found.append((lower + aside / 3, x, top))
        return min(found)[1:] if found else None

    def _place_fold(self, fold: Fold) -> None:
        self.used.add("fold")
        x, w = self.left + 16, self.wire - 32 - 8
        inner = w - 28
        facts: list[str] = []
        line = ""
        for fact in fold.facts:
            longer = f"{line} · {fact}" if line else fact
            if line and self.measure(longer, 11, "sans", False) > inner:
                facts.append(line)
                longer = fact
            line = longer
        facts.append(line)
        facts = [part for fact in facts if fact for part in self.lines(fact, inner, 11)]
        self._explain()
        top = max(self.anchor + 10, self.skyline.lowest() + 8)
        h = 22 + 2 * 18 + 15 * len(facts) + 9
        for shift in (8, 4, 0):
            self.over.append(
                Rect(
                    x=x + shift, y=top + shift, w=w, h=h, fill="tint-est" if not shift else "bg", stroke="data",
                    width=1.3, radius=5, role="mark", owner=self.owner,
                )
            )  # fmt: skip
        middle = x + w / 2
        title, size = self.fit([fold.title], inner, 12.5, 10, "sans", True)
        self.text(self.over, middle, top + 18, title, size, bold=True, anchor="middle", owner=self.owner)
        for row, (text, rightwards) in enumerate(((fold.to_server, True), (fold.to_client, False))):
            y = top + 36 + 18 * row
            shown, size = self.fit([text], inner * 0.6, 11.5, 9.5, "sans", True)
            wide = self.measure(shown, size, "sans", True)
            anchor: Literal["start", "end"] = "start" if rightwards else "end"
            self.text(
                self.over, x + 14 if rightwards else x + w - 14, y, shown, size, "data", bold=True, anchor=anchor,
                owner=self.owner,
            )  # fmt: skip
            sign = 1 if rightwards else -1
            tail = x + 14 + wide + 10 if rightwards else x + w - 14 - wide - 10
            tip = x + w - 14 if rightwards else x + 14
            self.over.append(
                Line(x1=tail, y1=y - 4, x2=tip - sign * 8, y2=y - 4, stroke="data", width=1.9, owner=self.owner)
            )
            self.over.append(
                Poly(
                    points=((tip, y - 4), (tip - sign * 10, y - 8.2), (tip - sign * 10, y + 0.2)),
                    fill="data",
                    owner=self.owner,
                )
            )
        y = top + 36 + 18 + 3
        for fact in facts:
            y += 15
            self.text(self.over, middle, y - 1, fact, 11, anchor="middle", owner=self.owner)
        self._wait(fold, stamp := max(top + 14, self._stamped(fold)))
        self._stamp(stamp, fold.t_ns)
        self._box(x, x + w + 8, top, top + h + 8)

    def _place_call(self, call: Call, following: object = None) -> None:
        lane = self.lanes[call.side]
        client = call.side == "client"
        at = lane.outer + (-12 if client else 12)
        anchor: Literal["start", "end"] = "end" if client else "start"
        y = max(self.anchor + 6, lane.calls + 12)
        # A little below what has arrived: a call's stamp is not the time of the arrival.
        y = max([y, *(at + BELOW for t_ns, at in lane.arrivals if t_ns is None or t_ns <= call.t_ns)])
        if self.both:
            y = max(y, lane.last + BELOW)
        if isinstance(following, Arrow) and following.side == call.side and not self.on_their_way:
            departure = self._take_off(following, self._flown(following)) if self.both else self._departure(following)
            y = max(y, departure - 12)  # right above the packet that it sends
            if id(call) not in self.alone and following.t_ns - call.t_ns <= SAME_NS:
                self.led.add(id(following))
        y = self._moment(call, y)
        out = -3 if client else 3  # away from the name of a state beside it
        room = APP - 24
        names, size = self._named(call, room)
        self.over.append(
            Line(
                x1=lane.outer + out - 5, y1=y, x2=lane.outer + out + 5, y2=y, stroke="ink", width=1.8, owner=self.owner
            )
        )
        if call.ends is not None and call.ends in lane.blocking:
            begun = lane.blocking.pop(call.ends)
            self.over.append(Rect(x=lane.outer - 4, y=begun, w=8, h=y - begun, fill="bg", stroke="ink", width=1.3))
        if call.id is not None:
            lane.blocking[call.id] = y
            self.used.add("blocks")
        bottom = y - 10
        for name in names:
            fill = {"ok": "data", "err": "rst"}.get(call.kind, "ink") if call.result is None else "ink"
            bottom += 15 if bottom < y else 14
            self.text(
                self.over, at, bottom - 1, name, size, fill, bold=True, anchor=anchor, family="mono", owner=self.owner
            )
        if call.result is not None:
            bottom = max(y + 5, self._result(call, lane, bottom, room))
        elif call.note:
            for line in self._remark(call.note, room):
                bottom += 14
                self.text(self.over, at, bottom - 2, line, 10.5, "muted", italic=True, anchor=anchor, owner=self.owner)
        if call.kind == "exit":
            self._cross(self.over, lane.outer, y + 9, 6, "ink", 2)
            lane.gone = y + 9
            bottom = max(bottom, y + 16)
            self.used.add("exit")
        lane.calls = bottom
        self.anchor = lane.last = y
        if call.text and y > self.stamp_bottom + 4 and not self.scene.arrow_follows(call):
            self._stamp(y, call.t_ns)

    def _result(self, call: Call, lane: Lane, bottom: float, room: float) -> float:
        client = call.side == "client"
        at = lane.outer + (-12 if client else 12)
        anchor: Literal["start", "end"] = "end" if client else "start"
        if call.kind != "err":
            fill = "muted" if call.kind == "wait" else "data"
            lines, size = self._whole(call.result or "", room, 11.5)
            for line in lines:
                bottom += 14
                self.text(self.over, at, bottom - 1, line, size, fill, bold=True, anchor=anchor, owner=self.owner)
            for line in self._remark(call.note or "", room):
                bottom += 14
                self.text(self.over, at, bottom - 2, line, 10.5, "muted", italic=True, anchor=anchor, owner=self.owner)
            return bottom
        notes = self._remark(call.note or "", room - 14)
        x = at - room if client else at
        results, size = self._whole(call.result or "", room - 14, 12)
        h = 10 + 15 + 14 * (len(results) - 1 + len(notes))
        top = bottom + 4
        self.over.append(
            Rect(x=x, y=top, w=room, h=h, fill="warn", stroke="rst", width=1.4, radius=4, role="mark", owner=self.owner)
        )
        for number, line in enumerate(results):
            self.text(self.over, x + 8, top + 16 + 14 * number, line, size, "rst", bold=True, owner=self.owner)
        for number, line in enumerate(notes, len(results)):
            self.text(self.over, x + 8, top + 16 + 14 * number, line, 10.5, owner=self.owner)
        return top + h + 2

    def _whole(self, result: str, room: float, size: float) -> tuple[list[str], float]:
        """What a call returned, exactly: in smaller letters, else in lines; never with a part left out."""
        text, fits = self.fit([result], room, size, 9.5, "sans", True)
        return ([text], fits) if text == result else (self.evened(result, room, 10.5, True), 10.5)

    def _named(self, call: Call, room: float) -> tuple[list[str], float]:
        """The call in the lane, and the size of its letters: a flag that has no room stands on the next line."""
        name, size = self.fit([call.text, *call.shorter_texts], room, 12, 10, "mono", True, 0.25)
        flag = FLAG.search(call.text)
        if flag is not None and name != call.text:
            first, fits = self.fit([call.text[: flag.start() + 1]], room, 12, 10, "mono", True, 0.25)
            if first == call.text[: flag.start() + 1]:
                return [first, flag[1]], fits
        return [name] if name else [], size

    def _remark(self, note: str, room: float) -> list[str]:
        """A remark below a call: as few lines as fit, each but the last filled; a part of it on lines of its own."""
        if not note:
            return []
        whole = self._unorphaned(note, room)
        parts = [line for part in re.split(r"(?<=;) |(?<=；)", note) for line in self._unorphaned(part, room)]
        return parts if len(parts) <= len(whole) else whole

    def _unorphaned(self, text: str, room: float) -> list[str]:
        """The text in as few lines as fit, filled as far as no short word is left alone in the last."""
        best = lines = self.lines(text, room, 10.5)
        narrower = room
        while len(lines) == len(best) > 1:
            if " " in lines[-1] or self.measure(lines[-1], 10.5, "sans", False) >= room / 3:
                return lines
            narrower -= 4
            lines = self.lines(text, narrower, 10.5)
        return best

    def _place_break(self, cut: Break) -> None:
        self._explain()
        y = max(self._floor() + 5, max(lane.calls for lane in self.lanes.values()) + 11)
        self._zigzag(y, y + BREAK)
        runs = [Run(cut.text, "ink", True)]
        room = self.width - 2 * MARGIN - 40
        if cut.detail:
            runs.append(Run("    " + cut.detail, "muted"))
        size = 12.0
        while size > 9.5 and sum(self.measure(run.text, size, "sans", run.bold) for run in runs) > room:
            size -= 0.5
        self.text(
            self.cuts, (MARGIN + self.width - MARGIN) / 2, y + BREAK / 2 + 4.2, tuple(runs), size, anchor="middle"
        )
        bottom = self.cut_bottom = y + BREAK
        self.cut_spans.append((y, bottom))
        for lane in self.lanes.values():
            self._close_span(lane, y + 6)
            lane.since = bottom
            lane.repeated = True
            lane.calls = max(lane.calls, bottom)
            lane.last = bottom
        self.skyline.fill(bottom + 6)
        self.anchor = bottom + 8
        self.middle = None
        self.stamp_bottom = bottom + 2

    def _zigzag(self, top: float, bottom: float) -> None:
        def edge(y: float) -> list[tuple[float, float]]:
            count = round((self.width - 2 * MARGIN) / 12) * 2
            step = (self.width - 2 * MARGIN) / count
            return [(MARGIN + i * step, y + (3.2 if i % 2 else -3.2)) for i in range(count + 1)]

        upper, lower = edge(top), edge(bottom)
        self.cuts.append(Poly(points=(*upper, *reversed(lower)), fill="bg"))
        for points in (upper, lower):
            self.cuts.append(Poly(points=tuple(points), stroke="muted", width=1.2, closed=False, role="line", owner=-1))

    def _torn(self, y: float, text: str, *, starts: bool) -> float:
        """A torn edge: the connection goes on beyond the capture."""
        if starts:
            top, bottom, base = y, y + 26, y + 14
            edge = bottom - 5
        else:
            top, bottom, base = y - 3, y + 26, y + 19
            edge = top + 3
        count = round((self.width - 2 * MARGIN) / 12) * 2
        step = (self.width - 2 * MARGIN) / count
        zigzag = [(MARGIN + i * step, edge + (3.2 if i % 2 else -3.2)) for i in range(count + 1)]
        far = top if starts else bottom
        if not starts:
            cover = ((MARGIN, far), *zigzag, (self.width - MARGIN, far))
            self.cuts.append(Poly(points=cover, fill="bg"))
        self.cuts.append(Poly(points=tuple(zigzag), stroke="muted", width=1.2, closed=False, role="line", owner=-1))
        self.text(self.cuts, self.width / 2, base, text, 11.5, "muted", italic=True, anchor="middle")
        return bottom if not starts else edge
