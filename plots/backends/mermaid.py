"""Mermaid: the ladder as a sequence diagram that GitHub, GitLab and many wikis draw from text.

It has no time axis, no slanted lines and no lanes, so times stand beside the numbers, states and breaks are notes, and
an arrow tells its kind by its form: `-x` no answer, `-->>` sent again, `--)` a RST that was not taken.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Literal

from .. import words
from ..figures import Figure
from ..metrics import cells, wrap
from ..scene import Arrow, Break, Call, Fold, Note, Said, Scene, Side, State, other
from . import Backend

NOTE = 40  # cells in a line of a note: Mermaid does not wrap, and a longer one leaves its box
NARROW = 24  # ... over one participant
RED = "rgba(184, 15, 46, 0.16)"  # behind a RST: a tint that leaves dark text and light text readable
INDENT = "    "


class Mermaid(Backend):
    """UTF-8 text, to stand in a code block named mermaid."""

    suffixes: ClassVar[tuple[str, ...]] = ("mmd",)
    takes: ClassVar[Literal["placed", "scene"]] = "scene"

    @classmethod
    def draws(cls, figure: type[Figure]) -> bool:
        """A ladder: arrows between two ends, from the top down."""
        return issubclass(figure.says, Scene)

    @classmethod
    def scene(cls, scene: Said, **options: Any) -> bytes:
        """The diagram's bytes."""
        assert isinstance(scene, Scene)
        return ("\n".join(_Diagram(scene).lines()) + "\n").encode()


def escaped(text: str) -> str:
    """Text that cannot end its statement: what means something to Mermaid becomes a code of its own.

    `;` ends a statement, `#` begins such a code, `%%{` a directive, `$$` mathematics, `<` and `&` HTML; `wrap:` at the
    beginning is an order, and ﬂ begins what Mermaid itself puts for such a code.
    """
    return re.sub(r"[;#%$<>&\"`\\{}ﬂ]|^\s*(?:no)?wrap(?=:)", _code, text)


def _code(found: re.Match[str]) -> str:
    return "".join(f"#{ord(char)};" for char in found[0])


def _lines(*parts: str | None, width: int = NOTE) -> str:
    """A note's text, cut into lines; each part begins one."""
    lines = [line for part in parts if part for line in wrap(part, width, lambda text: float(cells(text)))]
    return "<br/>".join(map(escaped, lines))


class _Diagram:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.apps = {side: bool(scene.calls(side)) for side in ("client", "server")}
        self.active: dict[int, Side] = {}  # calls that block
        self.alone = {id(scene.items[place]) for place in scene.told_alone()}  # marks whose time no arrow tells

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.scene.lang, **values)

    def lines(self) -> list[str]:
        """The whole diagram."""
        scene = self.scene
        lines = ["sequenceDiagram", f"{INDENT}accTitle: {escaped(scene.title)}", *self.participants()]
        body = self.across(scene.title)  # Mermaid's own title is cut off where the diagram is narrow
        body += self.states(scene.client_state, scene.server_state)
        if scene.cut_start:
            body += self.across(scene.torn_start)
        for item in scene.items:
            if isinstance(item, Arrow):
                body += self.arrow(item)
            elif isinstance(item, Call):
                body += self.call(item)
            elif isinstance(item, State):
                body += self.states(item)
            elif isinstance(item, Break):
                body += self.across(f"{item.text}{self.say('colon')}{item.detail}" if item.detail else item.text)
            elif isinstance(item, Fold):
                body += self.fold(item)
            else:
                assert isinstance(item, Note)
                body += self.across(item.text)
        if scene.cut_end:
            body += self.across(scene.torn_end)
        body += [f"deactivate {self.app(side)}" for side in self.active.values()]
        proved = f" {self.say('proved')}" if scene.verdict.certainty == "proved" else ""
        body += self.across(f"{self.say('verdict')}{self.say('colon')}{scene.verdict.text}{proved}")
        body += self.across(scene.subtitle)
        return lines + [INDENT + line for line in body]

    # --- who takes part

    def participants(self) -> list[str]:
        scene = self.scene
        named = [(self.app("client"), self.say(f"{scene.client.called}-process"))] if self.apps["client"] else []
        named.append(("client", f"{self.say(scene.client.called)}\n{scene.client.address}"))
        if any(arrow.origin for arrow in scene.arrows):
            named.append(("path", f"?\n{self.say('mermaid-path')}"))
        named.append(("server", f"{self.say(scene.server.called)}\n{scene.server.address}"))
        named += [(self.app("server"), self.say(f"{scene.server.called}-process"))] if self.apps["server"] else []
        return [
            f"{INDENT}participant {name} as {'<br/>'.join(map(escaped, text.split(chr(10))))}" for name, text in named
        ]

    def app(self, side: Side) -> str:
        return f"{side}_process"

    def across(self, text: str) -> list[str]:
        return [f"Note over client,server: {_lines(text)}"]

    def states(self, *entered: State) -> list[str]:
        return [f"Note over {state.side}: {escaped(state.name)}" for state in entered]

    # --- marks

    def arrow(self, arrow: Arrow) -> list[str]:
        sender = "path" if arrow.origin else arrow.side
        form = "->>"
        if arrow.ignored is not None:
            form = "--)"
        elif arrow.unanswered is not None:
            form = "--x" if arrow.retransmission_of is not None else "-x"
        elif arrow.retransmission_of is not None:
            form = "-->>"
        below = [arrow.detail] if arrow.detail else []
        if self.scene.timed:
            below = ["  ".join([self.stamp(arrow), *below])]
        below += arrow.remarks
        text = "<br/>".join(escaped(line) for line in (f"{arrow.flags} {arrow.label}", *below))
        lines = [f"{sender}{form}{other(arrow.side)}: {text}"]
        if arrow.why is not None:
            lines.append(f"Note over client,server: {_lines(arrow.why.title, arrow.why.text, arrow.why.proof)}")
        if arrow.kind == "rst":
            lines = [f"rect {RED}", *(INDENT + line for line in lines), "end"]
        leaving, there = self.scene.entered(arrow)
        return [*self.states(*leaving), *lines, *self.states(*there)]

    def stamp(self, mark: Arrow | Call) -> str:
        """Its time, and the gap before it."""
        waited = ": ".join(filter(None, (mark.wait, mark.paused)))
        return self.scene.stamp(mark.t_ns) + (f" ({waited})" if waited else "")

    def call(self, call: Call) -> list[str]:
        """What a program asks of its kernel, with what came back; a call that blocks is a bar between the two."""
        app = self.app(call.side)
        told = self.stamp(call) if id(call) in self.alone else None  # else an arrow tells its time
        if call.kind == "exit":
            mine = [bar for bar, side in self.active.items() if side == call.side]
            self.active = {bar: side for bar, side in self.active.items() if side != call.side}
            note = f"Note over {app}: {_lines(call.text, told, call.note, width=NARROW)}"
            return [*(f"deactivate {app}" for _ in mine), note]
        text = _lines(f"{call.text or call.returns} {call.result or ''}".rstrip(), told, call.note)
        if call.ends is not None:
            ended = [f"deactivate {app}"] if self.active.pop(call.ends, None) else []
            return [f"{call.side}->>{app}: {text}", *ended]
        if call.id is None:
            return [f"{app}->>{call.side}: {text}"]
        self.active[call.id] = call.side
        return [f"{app}->>{call.side}: {text}", f"activate {app}"]

    def fold(self, fold: Fold) -> list[str]:
        lines = _lines(fold.wait, fold.paused, fold.title, f"{fold.to_server} →", f"← {fold.to_client}", *fold.facts)
        return [f"Note over client,server: {lines}"]
