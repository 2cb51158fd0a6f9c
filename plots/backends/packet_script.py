"""A packet script: packets and calls on one timeline, in packetdrill's syntax; `capture/packet_script.py` reads it.

It has every packet that the figure draws, folded ones as a comment with their number, and the calls of both ends. It is
told from one end: the one whose call failed, else whose calls are known, else that received the RST.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from typing import Any, ClassVar, Literal

from .. import words
from ..figures import Figure
from ..metrics import cells, wrap
from ..scene import Arrow, Break, Call, Fold, Header, Item, Note, Party, Said, Scene, Side, State
from . import Backend

WIDTH = 100  # of comments, in cells
WELL_FORMED = re.compile(r"[A-Za-z_]\w*\((?:[^()]|\([^()]*\))*\)")
READS = ("read", "recv", "recvfrom")


class PacketScript(Backend):
    """UTF-8 text; `side` is the end that it is told from."""

    suffixes: ClassVar[tuple[str, ...]] = ("pkt",)
    takes: ClassVar[Literal["placed", "scene"]] = "scene"

    @classmethod
    def draws(cls, figure: type[Figure]) -> bool:
        """A ladder: arrows between two ends, from the top down."""
        return issubclass(figure.says, Scene)

    @classmethod
    def scene(cls, scene: Said, *, side: Side | None = None, **options: Any) -> bytes:
        """The script's bytes."""
        assert isinstance(scene, Scene)
        return ("\n".join(_Script(scene, side).lines()) + "\n").encode()


def vantage(scene: Scene) -> tuple[Side, str]:
    """The end that a script is told from, and the key of why."""
    calls = [item for item in scene.items if isinstance(item, Call)]
    failed = next((call.side for call in reversed(calls) if call.kind == "err"), None)
    if failed is not None:
        return failed, "script-seen-error"
    if len({call.side for call in calls}) == 1:
        return calls[0].side, "script-seen-calls"
    reset = next((arrow for arrow in scene.arrows if arrow.kind == "rst"), None)
    if reset is not None:
        return ("server" if reset.side == "client" else "client"), "script-seen-reset"
    return "server", "script-seen"


def as_seen(scene: Scene, side: Side) -> Scene:
    """The scene by one end's times, where both were captured; a packet that it has no part in is a remark."""
    if all(arrow.arrives_ns is None or arrow.arrival_inferred for arrow in scene.arrows):
        return scene
    units: list[tuple[int, list[Item]]] = []  # what stands before a mark goes with it
    before: list[Item] = []
    for item in scene.items:
        after: tuple[State, ...] = ()
        if isinstance(item, Arrow):
            foreign = bool(item.origin) and item.arrives_ns is None
            if (item.lost and item.side != side) or (foreign and item.side == side):
                said = item.unanswered or item.origin_note or ""
                leaving, there = scene.entered(item)
                before += leaving
                after = there
                item = Note(t_ns=item.t_ns, text=f"{item.flags} {item.label}: {said}", source=item.source)
            elif item.side != side and item.arrives_ns is not None:
                item = replace(item, t_ns=item.arrives_ns)
        before.append(item)
        t_ns = None if isinstance(item, Break) else item.t_ns
        if t_ns is not None:
            units.append((t_ns, [*before, *after]))
            before = []
    units.sort(key=lambda unit: unit[0])
    return replace(scene, items=(*(item for _, unit in units for item in unit), *before))


class _Script:
    def __init__(self, scene: Scene, side: Side | None) -> None:
        chosen, self.why = vantage(scene)
        self.side = side or chosen
        self.whole = scene
        self.to_come: dict[Side, list[State]] = {
            "client": list(scene.states("client")), "server": list(scene.states("server")),
        }  # fmt: skip
        self.scene = scene = as_seen(scene, self.side)
        if self.side != chosen:
            self.why = "script-seen"
        self.usual: dict[Side, tuple[int, int, int | None, int | None]] = {  # window, ttl, id, flow label
            "client": (65535, 64, 1, 0), "server": (65535, 64, 1, 0),
        }  # fmt: skip
        stamps = [_seconds(item.t_ns) for item in scene.items if isinstance(item, Arrow | Call)]
        self.room = max(map(len, stamps), default=0)

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.scene.lang, **values)

    def lines(self) -> list[str]:
        """The whole script."""
        scene = self.scene
        proved = f" {self.say('proved')}" if scene.verdict.certainty == "proved" else ""
        told = [scene.title, scene.verdict.text + proved, scene.subtitle, self.say(self.why, side=self.side)]
        lines = [line for text in told for line in _comment(text)]
        own, peer = (scene.client, scene.server) if self.side == "client" else (scene.server, scene.client)
        lines += [
            f"local  {_end(own)}",
            f"remote {_end(peer)}",
            *_comment(self.states(scene.client_state, scene.server_state)),
        ]
        if scene.cut_start:
            lines += _comment(scene.torn_start)
        for item in scene.items:
            if isinstance(item, Arrow) and item.kind == "icmp":  # a script has segments and calls
                lines += _comment(" ".join(part for part in (f"[{item.flags}]", item.label, item.origin_note) if part))
            elif isinstance(item, Arrow):
                lines += self.segment(item)
            elif isinstance(item, Call):
                lines += self.call(item)
            elif isinstance(item, State):
                lines += _comment(self.states(item))
            elif isinstance(item, Break):
                lines += _comment(f"{item.text}{self.say('colon')}{item.detail}" if item.detail else item.text)
            elif isinstance(item, Fold):
                told_of = self.say(
                    "script-folded", title=item.title, to_server=item.to_server, to_client=item.to_client
                )
                lines += _comment("; ".join((told_of, *item.facts)))
            else:
                assert isinstance(item, Note)
                lines += _comment(item.text)
        if scene.cut_end:
            lines += _comment(scene.torn_end)
        return lines

    def states(self, *entered: State) -> str:
        """An end's states in their order, whichever packet the script has first: those before come along."""
        told: list[str] = []
        for state in entered:
            ahead = self.to_come[state.side]
            place = next((at for at, one in enumerate(ahead) if one is state), -1)
            told += [f"{self.say(one.side)} -> {one.name}" for one in ahead[: place + 1]]
            del ahead[: place + 1]
        return ", ".join(told)

    # --- segments

    def segment(self, arrow: Arrow) -> list[str]:
        header = arrow.header
        if header is None:
            raise ValueError("these packets came without their headers: a packet script needs them")
        end = (header.seq + header.length - self.base(arrow.side)) % 2**32
        seq = (header.seq - self.base(arrow.side)) % 2**32
        letters = arrow.flags.strip("[]")
        parts = [
            _seconds(arrow.t_ns).rjust(self.room),
            ">" if arrow.side == self.side else "<",
            "-" if letters == "none" else letters,
            f"{seq}:{end}({header.length})",
            *self.fields(arrow, header, letters),
        ]
        notes = [arrow.label] if arrow.retransmission_of is not None else []
        if arrow.copies > 1:
            notes.append(self.say("script-copies", n=arrow.copies))
        notes += [arrow.held] if arrow.held else []
        notes += arrow.remarks
        leaving, there = self.whole.entered(arrow)
        notes.append(self.states(*leaving, *there))
        said = "; ".join(note for note in notes if note)
        lines = [" ".join(parts) + (f"  // {said}" if said else "")]
        if arrow.why is not None:
            lines += _comment(f"{arrow.why.title} {arrow.why.text}")
            lines += _comment(arrow.why.proof) if arrow.why.proof else []
        return lines

    def base(self, side: Side) -> int:
        return self.scene.client.base if side == "client" else self.scene.server.base

    def fields(self, arrow: Arrow, header: Header, letters: str) -> list[str]:
        """What stands behind the sequence numbers: what a reader would not expect from the sender's segment before."""
        peer = self.base("server" if arrow.side == "client" else "client")
        window, ttl, ip_id, flow_label = self.usual[arrow.side]
        fields: list[str] = []
        if "." in letters or header.ack:
            fields.append(f"ack {(header.ack - peer) % 2**32}")
        if header.window != window:
            fields.append(f"win {header.window}")
        if "U" in letters or header.urgent:
            fields.append(f"urg {header.urgent}")
        if header.options:
            fields.append(f"<{','.join(header.options)}>")
        if header.ttl != ttl:
            fields.append(f"ttl {header.ttl}")
        if header.ip_id is not None and header.ip_id != ip_id:
            fields.append(f"id {header.ip_id}")
        if header.flow_label is not None and header.flow_label != flow_label:
            fields.append(f"flow {header.flow_label}")
        if header.bad_checksum:
            fields.append("bad-checksum")
        follows = None if header.ip_id is None else (header.ip_id + 1) & 0xFFFF
        self.usual[arrow.side] = (header.window, header.ttl, follows, header.flow_label)
        return fields

    # --- calls

    def call(self, call: Call) -> list[str]:
        """A blocking call is one line with both its times, where it begins."""
        if call.ends is not None:
            return []
        stamp, done = _seconds(call.t_ns).rjust(self.room), call
        if call.id is not None:
            stamp += "..."
            ended = next((c for c in self.scene.calls(call.side) if c.ends == call.id), None)
            if ended is not None:
                stamp, done = stamp + _seconds(ended.t_ns), ended
        text = call.text
        if call.signals and not WELL_FORMED.fullmatch(text):
            text = f"killed({call.signals[0]})"
        if not WELL_FORMED.fullmatch(text):
            return _comment(f"{stamp.lstrip()} {self.say(call.side)}: {text} {done.result or ''}".rstrip())
        line = f"{stamp} {'' if call.side == self.side else 'remote '}{_buffers(text)}"
        if not text.startswith(("exit(", "killed(")) and (call.id is None or done is not call):
            line += f" {_result(done)}"
        return [line]


def _seconds(t_ns: int) -> str:
    """Microseconds, as packetdrill takes them."""
    us = (abs(t_ns) + 500) // 1000
    return f"{'-' if t_ns < 0 and us else ''}{us // 10**6}.{us % 10**6:06d}"


def _end(party: Party) -> str:
    return f"{party.address} isn {party.base}"


def _comment(text: str) -> list[str]:
    return [f"// {line}" for line in wrap(text, WIDTH - 3, lambda part: float(cells(part)))]


def _buffers(text: str) -> str:
    """`write(4, 18 bytes)` as packetdrill writes it: `write(4, ..., 18)`."""
    name = text.partition("(")[0]
    if name in READS:
        return re.sub(r"^(\w+\((?:\d+, )?)(\d+)(?=[,)])", r"\1..., \2", text)
    return re.sub(r"(?<=[ (])(\d[\d,]*) bytes?(?=[,)])", lambda found: f"..., {found[1].replace(',', '')}", text)


def _result(call: Call) -> str:
    """`= -1 EPIPE (Broken pipe) SIGPIPE`."""
    result = call.result or "= 0"
    if not result.startswith("="):
        result = f"= 0: {result}"
    failed = re.fullmatch(r"= -1 (E[A-Z0-9]+)", result)
    number = getattr(errno, failed[1], None) if failed else None
    meaning = [f"({os.strerror(number)})"] if number is not None else []
    return " ".join([result, *meaning, *call.signals])
