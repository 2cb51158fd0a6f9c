"""The packets of a connection as marks in sequence space: what each is, what became of it, and its label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from ....analyze.findings import told_reset
from ....analyze.findings.copies import late_copy
from ....analyze.programs import never_sent
from ....analyze.story import FIN, RST, SYN, Connection, Segment, Side
from ... import words
from ...of_connection import by_role
from .directions import Direction, Sent, gave_up, moments, probes
from .scene import Mark, MarkKind

_RANK = {"rst": 0, "gave-up": 0, "unacked": 1, "full": 3, "fin": 5, "syn": 6, "window-probe": 4, "keepalive": 4}


class Packets:
    """Those of the directions that are drawn; `sides`: whose data, the first of whom looks on; `named`: by roles."""

    def __init__(self, connection: Connection, lang: str, sides: Sequence[Side], named: Mapping[object, str]) -> None:
        self.connection = connection
        self.named = named
        self.lang = lang
        self.sides = sides
        self.packets, self.back = moments(connection, sides[0])
        self.told = told_reset(connection)
        given = gave_up(connection)
        self.given_up = given if given is not None and given[0].side in sides else None
        by_frame = {segment.frame: segment for segment in connection.segments}
        self.made = {
            s.frame for s in connection.segments
            if s.duplicate_of in by_frame and late_copy(s, by_frame[s.duplicate_of])
        }  # fmt: skip

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.lang, **by_role(self.named, values))

    def sent(self, one: Sent) -> list[Mark]:
        """What a packet of the sender is: one mark for the packet, more for what else it says."""
        segment = one.segment
        flags = segment.flags
        facts: list[MarkKind] = []
        if flags & RST:
            facts.append("rst")
        if segment.retransmission_of is not None:
            facts.append("retransmission")
        if segment.out_of_order:
            facts.append("out-of-order")
        if probes(segment):
            facts.append("keepalive" if segment.keepalive else "window-probe")
        facts += [kind for kind, bit in (("syn", SYN), ("fin", FIN)) if flags & bit]  # type: ignore[misc]
        if segment.payload and not facts[:1]:
            facts.append("data")
        elif segment.payload and not {"rst", "retransmission", "out-of-order", "keepalive", "window-probe"} & {*facts}:
            facts.insert(0, "data")
        if one.fills_window:
            facts.append("full")
        marks: list[Mark] = []
        for place, kind in enumerate(facts):
            low, high = one.low, one.high
            if kind == "fin":
                low = high - 1
            elif kind == "full":
                low = high
            label, rank = self.label(kind, one)
            marks.append(
                Mark(
                    kind=kind,
                    t_ns=one.t_ns,
                    low=low,
                    high=high,
                    frame=segment.frame,
                    packets=not place,
                    accepted=segment.reset.accepted if segment.reset is not None and kind == "rst" else None,
                    fate=self.fate(segment),
                    repeats_ns=one.earlier.t_ns if one.earlier is not None and kind == "retransmission" else None,
                    outside=0 if one.believed else 1 if low > 0 else -1,
                    label=label,
                    rank=rank,
                )
            )
        return marks

    def fate(self, segment: Segment) -> Literal["", "lost", "foreign"]:
        """What is to be known of a packet besides its kind."""
        reset = segment.reset
        if reset is not None:
            if reset.lost:
                return "lost"
            by_path = self.connection.ended_by == "path" and self.told is not None and self.told.frame == segment.frame
            return "foreign" if reset.forged or reset.unsent or by_path else ""
        return "lost" if segment.fate == "lost" else "foreign" if segment.fate == "unsent" else ""

    def label(self, kind: MarkKind, one: Sent) -> tuple[str, float]:
        segment = one.segment
        rank = float(_RANK.get(kind, 9))
        if kind == "data" and segment.fate == "unsent":
            return self.say("not-its-own", side=segment.side), 1.5
        if kind == "rst":
            return self.reset_label(segment), rank
        if kind == "retransmission":
            if one.waited_ns is None:
                return self.say("ts-again-any"), 4.5
            longest = min(1.0, one.waited_ns / 1e12)  # the longest waits first
            waited = words.span(one.waited_ns)
            if one.tries > 2:
                return self.say("ts-again-nth", n=one.tries, nth=words.nth(one.tries), time=waited), 2.9 - longest
            return self.say("ts-again", time=waited), 2.9 - longest
        if not one.believed:
            return self.say("ts-outside", seq=words.number(one.low % 2**32)), 3.5
        if kind in ("syn", "fin"):
            said = {"lost": "lost-on-the-way", "foreign": "not-its-own"}.get(self.fate(segment))
            comma = self.say("comma")
            text = kind.upper() + (f"{comma}{self.say(said, side=segment.side)}" if said else "")
            return text, 1.5 if said == "not-its-own" else rank
        if kind in ("keepalive", "window-probe"):
            return self.say(kind), rank
        if kind in ("full", "out-of-order"):
            return self.say(f"ts-{kind}"), rank
        if segment.fate == "lost":
            return self.say("lost-on-the-way"), 3.2
        return "", 9.0

    def reset_label(self, segment: Segment) -> str:
        reset = segment.reset
        if reset is None:
            return "RST"
        fate = self.fate(segment)
        if fate:
            return self.say("ts-rst-name" if fate == "foreign" else "ts-rst-lost", side=segment.side)
        return self.say("ts-rst-ignored" if reset.accepted is False else "ts-rst", side=segment.side)

    def answers(self, way: Direction) -> list[Mark]:
        """What the receiver's packets are beside steps of the lines."""
        marks: list[Mark] = []
        alone = len(self.sides) == 1
        for one in way.heard:
            segment, at = one.segment, one.acked or 0
            for left, right in one.sack:
                twice = right <= at
                kind: MarkKind = "dsack" if twice else "sack"
                marks.append(
                    Mark(
                        kind=kind, t_ns=one.t_ns, low=left, high=right, frame=segment.frame,
                        label=self.say(f"ts-{kind}"), rank=4.2,
                    )
                )  # fmt: skip
            if not alone:
                continue
            kinds = [kind for kind, bit in (("rst", RST), ("syn", SYN), ("fin", FIN)) if segment.flags & bit]
            for place, name in enumerate(kinds):
                text = self.reset_label(segment) if name == "rst" else ""
                if name == "fin":
                    text = self.say("ts-fin-from", side=segment.side)
                marks.append(
                    Mark(
                        kind=cast(MarkKind, name), t_ns=one.t_ns, low=at, high=at, frame=segment.frame,
                        packets=not place, by_peer=True, label=text, rank=_RANK[name], fate=self.fate(segment),
                        accepted=segment.reset.accepted if segment.reset is not None and name == "rst" else None,
                    )
                )  # fmt: skip
        return marks

    def left(self, way: Direction) -> tuple[int, int]:
        """Bytes that were sent and never acknowledged; bytes that the kernel took and never sent."""
        left: int = getattr(self.connection.undelivered, way.side)
        own = (one for one in way.sent if one.believed and one.segment.payload and one.segment.fate != "unsent")
        top = max((one.high - bool(one.segment.flags & FIN) for one in own), default=0)
        sent = min(left, max(0, top - (way.acked or 0)))
        if any(self.fate(one.segment) == "foreign" for one in way.sent):  # what is acknowledged may not be its own
            return min(left, max(0, top - 1)), 0
        never = left - sent if self.connection.calls and not way.missed else 0
        if self.given_up is not None and self.given_up[0].side == way.side:  # no packet says that it ended
            never = max(never, sum(never_sent(self.connection, way.side).values()))
        return sent, never

    def gave_up(self, way: Direction, at: int) -> list[Mark]:
        """When the sender's kernel gave up: its own record, no packet, and so at no number but the axis's lowest."""
        if self.given_up is None or self.given_up[0].side != way.side:
            return []
        event, t_ns = self.given_up
        label = self.say("ts-gave-up", side=way.side, errno=event.errno)
        return [
            Mark(
                kind="gave-up", t_ns=t_ns, low=at, high=at, frame=self.packets[-1].segment.frame, label=label,
                rank=_RANK["gave-up"],
            )
        ]  # fmt: skip

    def unacked(self, way: Direction) -> list[Mark]:
        """Data that was never acknowledged."""
        left, _ = self.left(way)
        if not left or not way.heard:
            return []
        t_ns = self.packets[-1].t_ns
        if self.given_up is not None and self.given_up[0].side == way.side:
            t_ns = max(t_ns, self.given_up[1])
        low = way.acked or 0
        text = self.say("ts-legend-unacked")
        return [
            Mark(
                kind="unacked", t_ns=t_ns, low=low, high=low + left, frame=self.packets[-1].segment.frame,
                label=text, rank=_RANK["unacked"],
            )
        ]  # fmt: skip
