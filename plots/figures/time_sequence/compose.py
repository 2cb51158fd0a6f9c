"""Story to the scene of a time-sequence graph: its panels, lines and bands, and which labels matter most.

A graph of more than `MOST_SINGLE` packets is merged in `COLUMNS` columns of time: marks of one kind that
touch in a column become one, with their count. So the figure stays small, and no fact is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from ....analyze.story import ACK, FIN, RST, SYN, Capture, Connection, Side
from ... import words
from ...of_connection import file_name, numbers_from, roles
from ...scene import Verdict
from ...visible import visible
from ..ladder.compose import compose as ladder
from . import scales
from .columns import COLUMNS, column, in_columns, steps, thinned
from .directions import Direction, Heard, directions, probes
from .packets import Packets
from .scales import TimeAxis
from .scene import Band, Mark, Panel, Sums, TimeSequence

MOST_SINGLE = 700
MOST_LABELS = 12  # call-outs of one panel
MOST_OF_KIND = 4  # ... of one kind of mark
MOST_BANDS = 40
ROOM_FOR_WINDOW = 1.7  # the window's line may stretch the axis so much

SCALED = ("data", "retransmission", "out-of-order", "syn", "fin")  # what the axis must hold


def compose(connection: Connection, capture: Capture, lang: str = "en", *, side: str | None = None) -> TimeSequence:
    """The scene; `side` chooses whose data. Without it: whoever sent more, and the other too if it sent data.

    Raises ValueError where there is nothing to draw.
    """
    if side not in (None, "client", "server"):
        raise ValueError(f"no side {side!r}: choose client or server")
    if not connection.segments:
        raise ValueError(f"no packet of connection {connection.number} is told")
    told = ladder(connection, capture, lang)
    found = directions(connection)
    if side is None:
        sizes = {name: sum(one.segment.payload for one in way.sent) for name, way in found.items()}
        order = sorted(found, key=lambda name: (-sizes[name], not found[name].sent, name))
        sides = order if sizes[order[1]] else order[:1]
    else:
        sides = [cast(Side, side)]
    if connection.other_end is not None:
        found = directions(connection, sides[0])
    if all(not found[name].sent and found[name].acked is None for name in sides):
        raise ValueError(f"the capture has nothing that the {sides[0]} sent, and nothing that acknowledges it")
    return _Composer(connection, capture, lang, found, sides).scene(told.title, told.verdict)


class _Composer(Packets):
    def __init__(
        self, connection: Connection, capture: Capture, lang: str, found: dict[Side, Direction], sides: list[Side]
    ) -> None:
        super().__init__(connection, lang, sides, roles(connection, capture))
        self.capture = capture
        self.found = found
        times = [packet.t_ns for packet in self.packets]
        waits = self.waits()
        if self.given_up is not None and self.given_up[1] > times[-1]:
            times.append(self.given_up[1])
            waits.append(len(times) - 1)
        self.stretches = scales.stretches(times, waits)
        ends = {times[index] for index in waits}
        self.cut_waits = any(piece.pause_ns and piece.from_ns in ends for piece in self.stretches)
        self.axis = TimeAxis(self.stretches, 0, COLUMNS, 0, 0)
        self.merged = len(times) > MOST_SINGLE
        self.notes: list[str] = []

    def waits(self) -> list[int]:
        """Packets before which someone waited for an answer, or for the window to open."""
        sent = {one.segment.frame: one for way in self.found.values() for one in way.sent}
        heard = {one.segment.frame: (way, one) for way in self.found.values() for one in way.heard}
        due: dict[Side, int] = {"client": 0, "server": 0}  # end of the data that wants an answer
        acked: dict[Side, int] = {"client": 0, "server": 0}
        listens = {name: any(one.acked is not None for one in way.heard) for name, way in self.found.items()}
        largest = {name: max((one.segment.payload for one in way.sent), default=0) for name, way in self.found.items()}
        narrow: dict[Side, bool] = {"client": False, "server": False}  # less room than a full segment needs
        probing = False
        found: list[int] = []
        for index, segment in enumerate(packet.segment for packet in self.packets):
            open_data = any(due[name] > acked[name] and listens[name] for name in due)
            again = segment.retransmission_of is not None or segment.window_probe
            if open_data or again or probing or any(narrow.values()):
                found.append(index)
            one = sent.get(segment.frame)
            if one is not None and one.believed and segment.payload:
                due[segment.side] = max(due[segment.side], one.high)
            if segment.frame in heard:
                way, answer = heard[segment.frame]
                acked[way.side] = answer.acked or 0
                room = None if answer.edge is None else answer.edge - max(due[way.side], acked[way.side])
                narrow[way.side] = due[way.side] > 0 and room is not None and room < largest[way.side]
            probing = probes(segment)
        return found

    # --- the scene

    def scene(self, title: str, verdict: Verdict) -> TimeSequence:
        panels = tuple(self.panel(self.found[side]) for side in self.sides)
        sums = self.sums(panels)
        if self.back:
            self.notes.append(self.say("ts-clock-back", n=words.number(self.back)))
        if self.connection.direction == "guessed":
            self.notes.append(self.say("guessed"))
        total = sum(piece.until_ns - piece.from_ns for piece in self.stretches)
        column_ns = max(1, total // COLUMNS) if self.merged else 0
        return TimeSequence(
            title=title,
            lang=self.lang,
            connection=self.connection.number,
            subtitle=self.subtitle(sums, column_ns),
            verdict=verdict,
            panels=panels,
            stretches=self.stretches,
            sums=sums,
            column_ns=column_ns,
            notes=tuple(self.notes),
        )

    def sums(self, panels: Sequence[Panel]) -> Sums:
        packets = len(self.packets)
        copies = sum(
            packet.segment.duplicate_of is not None and packet.segment.frame not in self.made for packet in self.packets
        )
        marked = sum(mark.packets for panel in panels for mark in panel.marks)
        acks = sum(self.only_acknowledges(one) for side in self.sides for one in self.found[side].heard)
        return Sums(
            packets=packets,
            marked=marked,
            acknowledgements=acks,
            copies=copies,
            left_out=packets - copies - marked - acks,
        )

    @staticmethod
    def only_acknowledges(heard: Heard) -> bool:
        segment = heard.segment
        return not (segment.payload or segment.flags & (SYN | FIN | RST) or probes(segment))

    def subtitle(self, sums: Sums, column_ns: int) -> str:
        parts = [self.say("ts-marked", n=words.number(sums.marked))]
        acks = sums.acknowledgements
        if acks:
            parts.append(self.say("ts-ack" if acks == 1 else "ts-acks", n=words.number(acks)))
        if sums.copies:
            parts.append(self.say("ts-copies", n=words.number(sums.copies)))
        if sums.left_out:
            parts.append(self.say("ts-left-out", n=words.number(sums.left_out)))
        packets = self.say("ts-sum", n=words.number(sums.packets), parts=" + ".join(parts))
        if sums.marked == sums.packets:
            packets = words.count(sums.packets, "ts-marked-all", self.lang)
        file = file_name(self.capture, self.lang)
        said = [self.say("subtitle", file=file, number=self.connection.number, packets=packets)]
        said.append(numbers_from(self.connection, self.lang))
        if self.connection.other_end is not None:
            said.append(self.say("ts-seen-at", side=self.sides[0]))
        if column_ns:
            said.append(self.say("ts-merged", columns=COLUMNS, time=words.span(column_ns)))
        if len(self.stretches) > 1:
            said.append(self.say("ts-cut"))
        if self.cut_waits:
            said.append(self.say("ts-cut-wait"))
        return ("" if self.lang == "zh" else " ").join(said)

    # --- one direction

    def panel(self, way: Direction) -> Panel:
        marks = [mark for one in way.sent for mark in self.sent(one)]
        acked = [(one.t_ns, one.acked) for one in way.heard if one.acked is not None]
        window = [(one.t_ns, one.edge) for one in way.heard if one.edge is not None]
        low, high = self.range(marks, way, acked)
        marks += self.answers(way)
        ends = {one.segment.frame: one.high for one in way.sent}
        for packet in way.copies:
            at = ends.get(packet.segment.duplicate_of or 0, low)
            made = packet.segment.frame in self.made
            marks.append(
                Mark(
                    kind="copy", t_ns=packet.t_ns, low=at, high=at, frame=packet.segment.frame, packets=made,
                    fate="made" if made else "", label=self.say("copy-on-the-way") if made else "", rank=3.6,
                )
            )  # fmt: skip
        marks += self.unacked(way) + self.gave_up(way, low)
        marks.sort(key=lambda mark: mark.t_ns)
        top = max((edge for _, edge in window), default=high)
        above = ""
        if high < top <= low + ROOM_FOR_WINDOW * (high - low):
            high = top
        elif top > high:
            acks = dict(acked)
            above = self.say(
                "ts-window-above", bytes=words.amount(max(e - acks.get(t, e) for t, e in window), self.lang)
            )
        marks = [self.clipped(mark, low, high) for mark in marks]
        if self.merged:
            marks = in_columns(marks, self.axis, high - low)
            acked, window = thinned(acked, self.axis), thinned(window, self.axis)
        bands = self.bands(way, low, high)
        self.remarks(way)
        return Panel(
            side=way.side,
            head=self.head(way),
            detail=self.detail(way),
            low=low,
            high=high,
            marks=tuple(self.labelled(marks)),
            acked=tuple(steps(acked)),
            window=tuple(steps(window)),
            window_above=above,
            bands=tuple(bands),
        )

    @staticmethod
    def range(marks: Sequence[Mark], way: Direction, acked: Sequence[tuple[int, int]]) -> tuple[int, int]:
        held = [mark for mark in marks if mark.kind in SCALED and not mark.outside]
        numbers = [mark.low for mark in held] + [mark.high for mark in held] + [so_far for _, so_far in acked[-1:]]
        numbers += [hole.low for hole in way.missed] + [hole.high for hole in way.missed]
        low = min(numbers, default=0)
        return low, max(low + 1, max(numbers, default=1))

    def clipped(self, mark: Mark, low: int, high: int) -> Mark:
        """What lies outside the axis, at its edge."""
        if mark.kind == "rst" and mark.label and (mark.outside or mark.low > high or mark.high < low):
            mark = replace(mark, label=f"{mark.label} ({self.say('ts-outside', seq=words.number(mark.low % 2**32))})")
        if mark.low > high:
            return replace(mark, outside=1, low=high, high=high)
        if mark.high < low:
            return replace(mark, outside=-1, low=low, high=low)
        if mark.outside:
            edge = high if mark.outside > 0 else low
            return replace(mark, low=edge, high=edge)
        return replace(mark, low=max(low, mark.low), high=min(high, mark.high))

    # --- words

    def labelled(self, marks: Sequence[Mark]) -> list[Mark]:
        """The same marks with the labels that matter most, each text once."""
        chosen: set[int] = set()
        said: set[tuple[str, bool]] = set()
        of_kind: Counter[str] = Counter()
        for index in sorted(range(len(marks)), key=lambda i: (marks[i].rank, marks[i].t_ns)):
            mark = marks[index]
            if not mark.label or len(chosen) == MOST_LABELS or (mark.label, mark.by_peer) in said:
                continue
            if of_kind[mark.kind] == MOST_OF_KIND:
                continue
            of_kind[mark.kind] += 1
            said.add((mark.label, mark.by_peer))
            chosen.add(index)
        return [
            mark if index in chosen or not mark.label else replace(mark, label="") for index, mark in enumerate(marks)
        ]

    def bands(self, way: Direction, low: int, high: int) -> list[Band]:
        shut = [
            Band(
                kind="narrow-window" if one.most else "zero-window",
                t_ns=one.from_ns, until_ns=one.until_ns, low=low, high=high,
                label=self.say(
                    "ts-narrow-window" if one.most else "ts-zero-window", bytes=words.amount(one.most, self.lang),
                    time=words.span(one.until_ns - one.from_ns),
                ),
            )
            for one in way.shut
        ]  # fmt: skip
        if len(shut) > MOST_BANDS:
            merged: list[Band] = []
            for band in shut:
                near = merged and merged[-1].kind == band.kind
                if near and column(self.axis, band.t_ns) - column(self.axis, merged[-1].until_ns) <= 1:
                    merged[-1] = replace(merged[-1], until_ns=band.until_ns, label="")
                else:
                    merged.append(band)
            shut = merged
        if shut:
            longest = max(range(len(shut)), key=lambda i: shut[i].until_ns - shut[i].t_ns)
            shut = [band if index == longest else replace(band, label="") for index, band in enumerate(shut)]
        largest = sorted(way.missed, key=lambda hole: hole.low - hole.high)
        if len(largest) > MOST_BANDS:
            left = largest[MOST_BANDS:]
            amount = words.amount(sum(hole.high - hole.low for hole in left), self.lang)
            self.notes.append(self.say("ts-missed-more", n=words.number(len(left)), bytes=amount))
        missed = [
            Band(
                kind="missed", t_ns=hole.t_ns, until_ns=hole.until_ns, low=hole.low, high=hole.high,
                label="" if place else self.say("ts-missed", bytes=words.amount(hole.high - hole.low, self.lang)),
            )
            for place, hole in enumerate(largest[:MOST_BANDS])
        ]  # fmt: skip
        return shut + missed

    def remarks(self, way: Direction) -> None:
        """What the capture does not show of this direction."""
        peer: Side = "server" if way.side == "client" else "client"
        if not any(heard.segment.flags & ACK for heard in way.heard):
            if any(one.segment.payload and one.segment.fate is None for one in way.sent):
                self.notes.append(self.say("ts-no-acks", side=way.side, peer=peer))
        elif self.connection.isn[peer == "server"] is None and any(not h.segment.flags & RST for h in way.heard):
            self.notes.append(self.say("ts-no-scale", side=peer))
        wild = sum(not one.believed for one in way.sent) + sum(not one.believed for one in way.heard)
        if wild:
            self.notes.append(self.say("ts-wild", n=words.number(wild), side=way.side))

    def head(self, way: Direction) -> str:
        own = [one.segment for one in way.sent if self.fate(one.segment) != "foreign"]
        first = sum(segment.payload for segment in own if segment.retransmission_of is None)
        again = sum(segment.retransmission_of is not None for segment in own)
        said = self.say("ts-head", side=way.side, bytes=words.amount(first, self.lang))
        if not first:
            said = self.say("ts-head-none", side=way.side)
        comma = self.say("comma")
        said += comma + words.count(again, "ts-resent", self.lang) if again else ""
        unacked, never = self.left(way)
        for key, left in (("ts-unacked", unacked if way.heard else 0), ("ts-never-sent", never)):
            said += comma + self.say(key, bytes=words.amount(left, self.lang)) if left else ""
        return said

    def detail(self, way: Direction) -> str:
        ends = (self.connection.client, self.connection.server)
        one, other = ends if way.side == "client" else ends[::-1]
        return f"{visible(str(one))} → {visible(str(other))}"
