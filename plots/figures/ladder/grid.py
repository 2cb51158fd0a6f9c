"""Scene to a character grid: the ladder for terminals and text files.

Another geometry than pixels: no slant, whole cells, Han characters two cells wide. Meaning sits in
chip text, line weight and words, so it survives without colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ... import words
from ...characters import Grid, head_of_page
from ...metrics import cells, wrap
from ...scene import Arrow, Break, Call, Fold, Item, Note, Scene, Side, State
from ...tcpdump import flag_names
from ...theme import TINT
from . import crossings

LEAST_WITH_APPS = 96  # columns; in fewer, calls stand on lines of their own
STATE = 10
APP = 18


@dataclass(slots=True)
class _Lane:
    side: Side
    state: str
    row: int = -1  # where the state's name was last written
    shown: bool = False
    faded: bool = False


def grid(scene: Scene, columns: int = 100) -> Grid:
    """Draw the scene into a grid of `columns` (60 at least)."""
    return _Drawing(scene, max(60, columns)).draw()


def _lines(text: str, room: int) -> list[str]:
    return wrap(text, room, lambda part: float(cells(part)))


def _call_lines(forms: Sequence[str], room: int) -> list[str]:
    """A call in its lane: whole if it can be, in two lines if need be; left out is only where it connects to."""
    tight = [re.sub(r", (?=[^{}]*\})", ",", form) for form in forms]  # {1, 0}
    whole = [form for form in tight if "…" not in form]
    if forms[0].startswith("connect(") and "AF_" not in forms[0]:
        whole = []
    fits = next((form for form in whole if cells(form) <= room), None)
    if fits is not None:
        return [fits]
    for form in reversed(whole):
        lines = _lines(form, room)
        if len(lines) == 2 and max(map(cells, form.split())) <= room:
            return lines
    for form in reversed(whole):
        first, _, rest = form.rpartition("_")  # TCP_USER_ TIMEOUT 700
        if rest and "(" not in form and cells(first) < room and cells(rest) <= room:
            return [f"{first}_", rest]
    return [next((form for form in tight if cells(form) <= room), forms[-1])]


def _waited(mark: Arrow | Call | Fold) -> list[str]:
    """The gap before it, and what it was for, a line each."""
    return [line for line in (mark.wait, mark.paused) if line]


class _Drawing:
    def __init__(self, scene: Scene, columns: int) -> None:
        self.scene = scene
        self.columns = columns
        self.grid = Grid(columns)
        stamps = [scene.stamp(item.t_ns) for item in scene.items if isinstance(item, Arrow | Call | Fold)]
        self.gutter = 0
        if scene.timed and stamps:
            timed = [item for item in scene.items if isinstance(item, Arrow | Call | Fold)]
            waits = [cells(line) + 1 for item in timed for line in _waited(item)]
            self.gutter = max(9, max(map(len, stamps)) + 1, cells(self.say("time")) + 1, *waits)
        apart = columns >= LEAST_WITH_APPS
        self.apps: dict[Side, bool] = {
            "client": apart and bool(scene.calls("client")),
            "server": apart and bool(scene.calls("server")),
        }
        self.client_state = self.gutter + (APP - 1 if self.apps["client"] else 0)
        self.left = self.client_state + STATE + 2  # the wire begins, right of the client's lifeline
        self.right = columns - (APP if self.apps["server"] else 1) - STATE - 2  # the server's lifeline
        self.lanes: dict[Side, _Lane] = {
            "client": _Lane("client", scene.client_state.name),
            "server": _Lane("server", scene.server_state.name),
        }
        self.blocking: dict[Side, set[int]] = {"client": set(), "server": set()}  # calls that have not returned
        self.alone = {id(scene.items[place]) for place in scene.told_alone()}  # marks with a stamp of their own
        self.pending: State | None = None  # a crossed arrow's: it arrives after the next departs
        self.crossed = {arrow.crosses for arrow in scene.arrows if arrow.crosses is not None}
        self.chip = 0  # column of the last flags that were drawn
        self.flags: dict[str, str] = {}
        self.used: list[str] = []

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.scene.lang, **values)

    def use(self, mark: str) -> None:
        if mark not in self.used:
            self.used.append(mark)

    # --- the page

    def draw(self) -> Grid:
        scene, page = self.scene, self.grid
        dashed = self.say("dashed-states")  # there is no such edge here
        subtitle = scene.subtitle.replace(dashed, scene.guessed) if scene.guessed else scene.subtitle
        head_of_page(page, scene.title, subtitle, scene.verdict, scene.lang)
        self._heads()
        page.put(page.row(), 0, "─" * self.columns, "muted")
        if scene.cut_start:
            self._rule("~", scene.torn_start, "")
        row = self._row()
        self._name("client", row)
        self._name("server", row)
        late: set[int] = set()  # frames of arrows whose arrival has a row of its own
        for item, begins, is_late in self._in_order():
            if isinstance(item, Arrow):
                if begins:
                    late |= {item.frame} if is_late else set()
                    self._arrow(item, is_late)
                elif item.frame in late:
                    self._arrival(item)
            elif isinstance(item, Call):
                self._call(item)
            elif isinstance(item, State):
                self._state(item)
            elif isinstance(item, Break):
                self._break(item)
            elif isinstance(item, Fold):
                self._fold(item)
            else:
                self._note(item)
        if scene.cut_end:
            self._rule("~", scene.torn_end, "")
        page.put(page.row(), 0, "─" * self.columns, "muted")
        self._legend()
        return page

    def _in_order(self) -> Iterator[tuple[Item, bool, bool]]:
        """Marks as they begin, arrows again as they arrive; whether such an arrival comes after others at that end."""
        order = list(crossings.in_order(self.scene))
        there = {item.frame: at for at, (item, begins) in enumerate(order) if isinstance(item, Arrow) and not begins}
        for at, (item, begins) in enumerate(order):
            late = False
            if begins and isinstance(item, Arrow) and item.arrives_ns is not None:
                for other, starts in order[at + 1 : there.get(item.frame, at)]:
                    if isinstance(other, Arrow):
                        both_move = not starts and item.receiver_state is not None and other.receiver_state is not None
                        meets = starts == (other.side != item.side) and other.unanswered is None
                        late = late or meets or both_move
                    elif isinstance(other, Call | State):
                        late = late or other.side != item.side
                    else:
                        late = late or item.receiver_state is not None
            yield item, begins, late

    def _process(self, side: Side) -> str:
        party = self.scene.client if side == "client" else self.scene.server
        return self.say(f"{party.called}-process")

    def _heads(self) -> None:
        page, row = self.grid, self.grid.row()
        if self.gutter:
            page.put(row, 0, self.say("time"), "muted")
        client, server = self.say(self.scene.client.called), self.say(self.scene.server.called)
        if self.apps["client"]:
            name = self._process("client")
            page.put(row, self.client_state - cells(name), name, "bold")
        if self.apps["server"]:
            page.put(row, self.right + STATE + 4, self._process("server"), "bold")
        page.put(row, self.client_state + (STATE - cells(client)) // 2, client, "bold")
        page.put(row, self.right + 2 + (STATE - cells(server)) // 2, server, "bold")
        self._centred(row, self.say("wire"), "bold")
        own, peer = self.scene.client.address, self.scene.server.address
        row = page.row()
        room = self.right - self.left - 1
        if cells(own) + cells(peer) + 2 <= room:
            page.put(row, self.left, own, "muted")
            page.put(row, self.right + 1 - cells(peer), peer, "muted")
            return
        for number, (name, address) in enumerate(((client, own), (server, peer))):
            for line in _lines(f"{name} {address}", self.columns - self.gutter):
                page.put(row if number == 0 else page.row(), self.gutter, line, "muted")

    def _legend(self) -> None:
        order = {"syn": 0, "ack": 1, "data": 2, "fin": 3, "rst": 4, "icmp": 5}
        entries = [
            (flags, f"chip-{kind}", self._flag_names(flags))
            for flags, kind in sorted(self.flags.items(), key=lambda entry: (order[entry[1]], len(entry[0])))
        ]
        signs = {
            "retransmission": "╌╌", "unanswered": "✕", "lost": "✕", "ignored": "·▷", "origin": "◇", "copy": "◇",
            "fold": "╭╮",
            "exit": "⊗", "blocks": "║", "inferred": "", "on-its-way": "┄┄", "wait": "+", "wait-for": "+",
        }  # fmt: skip
        styles = {"unanswered": "rst", "lost": "rst", "ignored": "rst", "origin": "rst", "copy": "rst"}
        for mark in self.used:
            if mark == "wait" and "wait-for" in self.used:
                continue
            entries.append((signs[mark], styles.get(mark, "muted"), self.say(f"legend-{mark}")))
        page, row = self.grid, self.grid.row()
        start = column = page.put(row, 0, self.say("legend"), "muted") + 2
        for sign, style, name in entries:
            if column + cells(f"{sign} {name}") > self.columns and column > start:
                row, column = page.row(), start
            column = page.put(row, column, sign, style)
            column = page.put(row, column + bool(sign), name, "muted") + 2

    def _flag_names(self, flags: str) -> str:
        key = f"legend-{flags}"
        return self.say(key) if words.has(key) else flag_names(flags)

    # --- rows of the lanes

    def _row(self) -> int:
        """A row with lifelines and both ribbons."""
        row = self.grid.row()
        for side, lane in self.lanes.items():
            at = self.client_state if side == "client" else self.right + 2
            self.grid.put(row, at, " " * STATE, TINT.get(lane.state, "tint-unknown"))
            self.grid.put(row, self.left - 1 if side == "client" else self.right, "│", "line")
            if self.blocking[side] and self.apps[side]:
                self.grid.put(row, self.client_state - 1 if side == "client" else self.right + STATE + 2, "║", "line")
        return row

    def _row_for(self, side: Side) -> int:
        """A row on which that side's state may be named: the last one, or a new one."""
        last = len(self.grid.rows) - 1
        return self._row() if self.lanes[side].row >= last else last

    def _name(self, side: Side, row: int) -> None:
        lane = self.lanes[side]
        name = {"ESTABLISHED": "ESTAB"}.get(lane.state, lane.state)
        at = self.client_state if side == "client" else self.right + 2
        style = TINT.get(lane.state, "tint-unknown")
        self.grid.put(row, at, " " * STATE, style)
        left = (STATE - len(name)) // 2
        self.grid.put(row, at + left, name, style if lane.faded else f"bold {style}")
        lane.row = row
        lane.faded = False

    def _enter(self, state: State | None, row: int) -> None:
        if state is not None:
            self.lanes[state.side].state = state.name
            self._name(state.side, row)

    def _centred(self, row: int, text: str, style: str = "", left: int | None = None, right: int | None = None) -> None:
        first = self.left if left is None else left
        last = self.right if right is None else right
        self.grid.put(row, first + max(0, (last - first - cells(text)) // 2), text, style)

    # --- marks

    def _state(self, state: State) -> None:
        row = self._row_for(state.side)
        if self.gutter and id(state) in self.alone and state.t_ns is not None:
            row = self._row() if self.grid.rows[row][0].char != " " else row
            self._stamp(row, state.t_ns)
        self._enter(state, row)

    def _stamp(self, row: int, t_ns: int) -> None:
        self.grid.put(row, 0, self.scene.stamp(t_ns), "muted")

    def _wait(self, row: int, mark: Arrow | Call | Fold) -> int:
        """Write the gap before it, and what it was for, above its time; returns where that stands."""
        said = _waited(mark)
        free = 0
        while free < len(said) and self._is_free(row - free - 1):
            free += 1
        for _ in said[free:]:
            row = self._row()
        for number, line in enumerate(said):
            self.grid.put(row - len(said) + number, 0, line, "muted")
        if said:
            self.use("wait" if len(said) == 1 else "wait-for")
        return row

    def _is_free(self, row: int) -> bool:
        """Whether no time and no call stands there."""
        line = self.grid.rows[row]
        return all(cell.char in " │║" for cell in (*line[: self.client_state], *line[self.right + STATE + 2 :]))

    def _arrow(self, arrow: Arrow, late: bool) -> None:
        """A segment as it leaves; `late`: what comes next at the other end comes before it is there."""
        page, sender = self.grid, self.lanes[arrow.side]
        row = self._row()
        while arrow.sender_state is not None and sender.row >= row:
            row = self._row()
        if self.gutter:
            row = self._wait(row, arrow)
            page.put(row, 0, self.scene.stamp(arrow.t_ns), "muted")
        self._enter(arrow.sender_state, row)
        left_over = self._line(arrow, row, late)
        waiting: State | None = None
        if arrow.crosses is not None and self.pending is not None:
            waiting, self.pending = self.pending, None
        receiver = None if late else arrow.receiver_state
        if arrow.frame in self.crossed and arrow.arrives_ns is None:
            self.pending, receiver = receiver, None
        below = [(line, style) for text, style in left_over for line in _lines(text, self.right - self.left - 2)]
        if not below and (receiver is not None or waiting is not None):
            below = [("", "")]
        for number, (line, style) in enumerate(below):
            row = self._row()
            self._centred(row, line, style)
            for state in (waiting, receiver) if number == 0 else ():
                if state is not None:
                    self._enter(state, row if self.lanes[state.side].row < row else self._row())
        if arrow.why is not None:
            self._why(arrow)

    def _arrival(self, arrow: Arrow) -> None:
        """A segment arrives, rows after it left: what it is, and the state that it brings."""
        row = self._row()
        if self.gutter and arrow.arrives_ns is not None and not arrow.arrival_inferred:
            self._stamp(row, arrow.arrives_ns)
        style = f"bold {arrow.kind}" if arrow.kind == "rst" else arrow.kind
        forms = (arrow.label.partition("  (")[0], *arrow.shorter_labels)  # (M = K+4) stands where it left
        texts = [self.say("arrived", what=form) for form in forms]
        text = next((one for one in texts if cells(one) <= self.right - self.left - 6), texts[-1])
        to_right, to_left = ("┄┄┄▶", "◀┄┄┄") if arrow.ignored is None else ("···▷", "◁···")
        if arrow.side == "client":
            self.grid.put(row, self.right - 4, to_right, style)
            self.grid.put(row, self.right - 5 - cells(text), text, style)
        else:
            self.grid.put(row, self.left, to_left, style)
            self.grid.put(row, self.left + 5, text, style)
        receiver = arrow.receiver_state
        if receiver is not None:
            self._enter(receiver, row if self.lanes[receiver.side].row < row else self._row())

    def _line(self, arrow: Arrow, row: int, late: bool) -> list[tuple[str, str]]:
        """Draw the arrow in one row; returns the texts that belong below it."""
        page, token = self.grid, arrow.kind
        if arrow.ignored is None:
            self.flags.setdefault(arrow.flags, token)
        rightwards = arrow.side == "client"
        stroke = "━" if token == "rst" else "─"
        if arrow.retransmission_of is not None:
            stroke = "╌"
            self.use("retransmission")
        head = "▶" if rightwards else "◀"
        if arrow.ignored is not None:
            stroke, head = "·", "▷" if rightwards else "◁"
            self.use("ignored")
        first, last = self.left, self.right - 1  # the wire's cells
        room = last - first + 1
        if arrow.unanswered is not None:
            head = "✕"
            self.use("lost" if arrow.lost else "unanswered")
            cut = round(room * 0.3)
            first, last = (first, last - cut) if rightwards else (first + cut, last)
        if arrow.origin:
            self.use("copy" if arrow.copy else "origin")
            cut = round(room * arrow.origin)
            dotted = range(first, first + cut) if rightwards else range(last - cut + 1, last + 1)
            for column in dotted:
                page.put(row, column, "┄", "muted")
            first, last = (first + cut, last) if rightwards else (first, last - cut)
            page.put(row, first if rightwards else last, "◇", "bold rst")
            first, last = (first + 1, last) if rightwards else (first, last - 1)
        else:
            page.put(row, self.left - 1 if rightwards else self.right, "●", token)
        room = last - first + 1
        line_style = f"bold {token}" if token == "rst" else token
        page.put(row, first, stroke * room, line_style)
        if late:  # it is there only further down
            self.use("on-its-way")
            tail = min(4, room)
            page.put(row, last - tail + 1 if rightwards else first, "┄" * tail, line_style)
        else:
            page.put(row, last if rightwards else first, head, "bold rst" if head == "✕" else line_style)
        chip = self.chip = first + 1 if rightwards else last - len(arrow.flags)
        page.put(row, chip, arrow.flags, f"chip-{token}" if arrow.ignored is None else "bold rst")
        space = room - len(arrow.flags) - 5
        label = next((text for text in (arrow.label, *arrow.shorter_labels) if cells(text) <= space), None)
        below: list[tuple[str, str]] = []
        if arrow.retransmission_of is not None and label not in (None, arrow.label):
            below.append((arrow.label.removeprefix(label or "").lstrip(" ,:，："), "muted"))  # which try, or a probe
        ink = "bold" if token == "ack" else f"bold {token}"
        if label is None:
            below.append((arrow.label, ink))
        else:
            written = f" {label} "
            page.put(row, chip + len(arrow.flags) if rightwards else chip - cells(written), written, ink)
        if arrow.detail:
            details = (arrow.detail, *arrow.shorter_details)
            wide = self.right - self.left - 2
            below.append((next((text for text in details if cells(text) <= wide), arrow.detail), "muted"))
        if arrow.held and label is not None and arrow.held not in label:
            below.append((arrow.held, "muted"))
        if arrow.on_the_way:
            below.append((words.listed(arrow.on_the_way, self.scene.lang), "muted"))
        if arrow.because:
            below.append((arrow.because, "muted"))
        if arrow.unanswered:
            below.append((arrow.unanswered, "rst"))
        if arrow.ignored:
            below.append((arrow.ignored, "bold rst"))
        if arrow.origin_note:
            below.append((arrow.origin_note, "bold rst"))
        return below

    def _why(self, arrow: Arrow) -> None:
        assert arrow.why is not None
        left = self.left + 1
        right = self.columns - 2 if self.apps["server"] else self.right - 2
        inner = right - left - 1
        row = self._row()
        title, before = (
            f" {arrow.why.title} ",
            max(self.chip + 1, left + 2) - left - 1,
        )  # cells left of the chip's middle
        if cells(title) < before:
            head = f"─{title}"
            head += "─" * (before - cells(head)) + "▲"
        elif before + 1 + cells(title) <= inner:
            head = "─" * before + "▲" + title
        else:
            head = f"─{title}"
        head = f"╭{head}{'─' * (inner - cells(head))}╮"
        self.grid.put(row, left, head, "bold rst")
        for line in _lines(arrow.why.text, inner - 2):
            row = self._row()
            self.grid.put(row, left, "│", "rst")
            self.grid.put(row, left + 1, " " * inner)
            self.grid.put(row, left + 2, line)
            self.grid.put(row, right, "│", "rst")
        for line in _lines(arrow.why.proof or "", inner - 2):
            row = self._row()
            self.grid.put(row, left, "│", "rst")
            self.grid.put(row, left + 1, " " * inner)
            self.grid.put(row, left + 2, line, "bold data")
            self.grid.put(row, right, "│", "rst")
        self.grid.put(self._row(), left, "╰" + "─" * inner + "╯", "rst")

    def _fold(self, fold: Fold) -> None:
        self.use("fold")
        left, right = self.left + 1, self.right - 2
        inner = right - left - 1
        row = self._row()
        if self.gutter:
            row = self._wait(row, fold)
            self.grid.put(row, 0, self.scene.stamp(fold.t_ns), "muted")
        self.grid.put(row, left, "╭" + "─" * inner + "╮", "data")
        body: list[tuple[str, str]] = [(line, "bold") for line in _lines(fold.title, inner - 2)]
        long = inner - 6 - cells(fold.to_server)
        body.append((f"{fold.to_server} {'─' * max(1, long)}▶", "data"))
        long = inner - 6 - cells(fold.to_client)
        body.append((f"◀{'─' * max(1, long)} {fold.to_client}", "data"))
        body += [(line, "muted") for line in _lines(" · ".join(fold.facts), inner - 2)]
        for line, style in body:
            row = self._row()
            self.grid.put(row, left, "│", "data")
            self._centred(row, line, style, left + 1, right)
            self.grid.put(row, right, "│", "data")
        self.grid.put(self._row(), left, "╰" + "─" * inner + "╯", "data")

    def _break(self, cut: Break) -> None:
        self._rule("╌", cut.text, cut.detail)
        for lane in self.lanes.values():
            lane.faded = True
        row = self._row()
        self._name("client", row)
        self._name("server", row)

    def _rule(self, char: str, text: str, detail: str) -> None:
        whole = f"{text}{self.say('colon')}{detail}" if detail else text
        for line in _lines(whole, self.columns - 8):
            row = self.grid.row()
            self.grid.put(row, 0, char * self.columns, "muted")
            self._centred(row, f" {line} ", "bold", 0, self.columns)

    def _note(self, note: Note) -> None:
        for line in _lines(note.text, self.right - self.left - 3):
            self._centred(self._row(), line, "italic muted")

    def _call_on_the_wire(self, call: Call) -> None:
        """In few columns: on a line of its own, at its side."""
        room = self.right - self.left - 4
        tail = f" {call.result}" if call.result else ""
        tail += " ⊗" if call.kind == "exit" else ""
        forms = [call.text or call.returns, *(form for form in call.shorter_texts if "…" not in form)]
        names = (self._process(call.side), self.say(call.side))
        bare = [who + self.say("colon") + form for form in forms for who in names]
        style = "bold rst" if call.kind == "err" else "bold"
        whole = next((text + tail for text in bare if cells(text + tail) <= room), None)
        apart = next((text for text in bare if cells(text) <= room), None)
        if whole is None and apart is not None:  # its result on the next line
            rows = [(line, style) for text in (apart, tail.strip()) for line in _lines(text, room)]
        else:
            rows = [(line, style) for line in _lines(whole or bare[-1] + tail, room)]
        rows += [(line, "muted") for line in _lines(call.note or "", room)]
        for number, (line, tone) in enumerate(rows):
            row = self._row()
            if number == 0 and self.gutter and (id(call) in self.alone or not self.scene.arrow_follows(call)):
                row = self._wait(row, call)
                self._stamp(row, call.t_ns)
            at = self.left + 1 if call.side == "client" else self.right - 1 - cells(line)
            self.grid.put(row, at, line, tone)

    def _call(self, call: Call) -> None:
        if call.kind == "exit":
            self.use("exit")
        if not self.apps[call.side]:
            self._call_on_the_wire(call)
            return
        self.blocking[call.side].discard(call.ends or 0)
        style = "bold" if call.result else {"ok": "data", "err": "bold rst"}.get(call.kind, "bold")
        texts: list[tuple[str, str]] = []
        if call.text:
            texts = [(line, style) for line in _call_lines((call.text, *call.shorter_texts), APP - 3)]
        if call.result:
            texts.append((call.result, {"err": "bold rst", "wait": "muted"}.get(call.kind, "data")))
        if call.note:
            texts.append((call.note, "muted"))
        rows = [(line, style) for text, style in texts for line in _lines(text, APP - 3)]
        for number, (line, style) in enumerate(rows):
            row = self._row()
            if number == 0 and self.gutter and (id(call) in self.alone or not self.scene.arrow_follows(call)):
                row = self._wait(row, call)
                self._stamp(row, call.t_ns)
            if call.side == "client":
                end = self.client_state
                sign = ("⊗" if call.kind == "exit" else "┤") if number == 0 else " "
                self.grid.put(row, end - 2 - cells(line), line, style)
                self.grid.put(row, end - 1, sign, "line")
            else:
                start = self.right + STATE + 2
                sign = ("⊗" if call.kind == "exit" else "├") if number == 0 else " "
                self.grid.put(row, start, sign, "line")
                self.grid.put(row, start + 2, line, style)
        if call.kind == "exit":
            self.blocking[call.side].clear()
        if call.id is not None:
            self.blocking[call.side].add(call.id)
            self.use("blocks")
