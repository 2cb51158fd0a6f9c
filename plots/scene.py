"""What a figure says: marks in time order, words already chosen; no colour, no pixel.

Layout and every backend read a `Scene`; tests assert on it. Each mark says where its content comes
from: "captured" (in the packets), "traced" (a kernel's or program's own record) or "inferred".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

Source = Literal["captured", "traced", "inferred"]
Side = Literal["client", "server"]
Kind = Literal["syn", "ack", "data", "fin", "rst", "icmp"]  # the last is no segment: an error that quotes one
CallKind = Literal["call", "ok", "wait", "err", "exit"]

SAME_NS = 1_000_000  # what happens within it is told by one stamp
SILENCE_NS = 30_000_000  # before so long a wait, a call has its own


def other(side: Side) -> Side:
    """The other end of the connection."""
    return "server" if side == "client" else "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a figure says, whatever its kind; each kind adds what it shows."""

    title: str
    lang: str = "en"

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; each mark names itself in "mark"."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_json(self) -> str:
        """The scene as JSON text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One end: its address as printed in the lane head."""

    side: Side
    address: str
    role: str = ""  # what it is called, where that is not its side: a key of the words, "proxy"
    base: int = 0  # what its relative sequence numbers count from: its ISN, where the capture has its SYN
    source: Source = "captured"

    @property
    def called(self) -> str:
        """The key of its name."""
        return self.role or self.side


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What stands in the bar: who ended it and why; behind it, what calls returned and what happened on the way."""

    text: str
    kind: Literal["bad", "ok", "open"]
    certainty: Literal["proved", "implied", "compatible"]
    evidence: tuple[int, ...] = ()  # frames
    source: Source = "inferred"
    goes_on: bool = False  # what it tells did not end the connection
    also: str = ""  # the sentences of the text that are no answer to who and why

    @property
    def answer(self) -> str:
        """The text without them."""
        return self.text.removesuffix(self.also)

    @property
    def heading(self) -> str:
        """The key of what stands before it."""
        return "verdict" if self.kind == "open" or self.goes_on else "why-it-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The callout at a RST."""

    title: str
    text: str
    proof: str | None = None  # what of it is no inference: the kernel's own record
    source: Source = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One end enters a TCP state: at an arrow's end, or between arrows."""

    side: Side
    name: str
    t_ns: int | None = None
    source: Source = "inferred"
    told_until_ns: int | None = (
        None  # of a traced one: its record ends there, the state does not; inferred from then on
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a segment's headers hold, unrounded, for outputs that give the packets again."""

    seq: int  # absolute, as all numbers here
    ack: int
    length: int  # payload, bytes on the wire
    window: int  # not scaled
    urgent: int  # the pointer; means something with the flag only
    options: tuple[str, ...]  # in their order, as packetdrill writes them; SACK edges count from the peer's base
    ttl: int
    ip_id: int | None  # None: IPv6
    flow_label: int | None  # None: IPv4
    bad_checksum: bool
    source: Source = "captured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One segment on the wire."""

    frame: int
    t_ns: int  # since the scene's first packet
    side: Side  # who sent it
    kind: Kind
    flags: str  # as tcpdump prints them: "[S.]"; "ICMP"
    label: str
    detail: str  # second line, as tcpdump prints it
    shorter_labels: tuple[str, ...] = ()  # to fall back on where the line is too short
    shorter_details: tuple[str, ...] = ()
    sender_state: State | None = None  # entered as it leaves
    receiver_state: State | None = None  # entered as it arrives
    wait: str | None = None  # how long after the packet before, where that is long and not cut out: "+75 s"
    paused: str | None = None  # what for, in a word; inferred
    retransmission_of: int | None = None  # frame
    unanswered: str | None = None  # why its line ends half way: in words
    shorter_unanswered: str = ""
    ignored: str | None = None  # a RST that its receiver did not take: why
    shorter_ignored: str = ""
    origin: float = 0.0  # where on the wire it starts, 0: at its sender
    origin_note: str | None = None  # "not from the server"
    shorter_origin_note: str = ""
    crosses: int | None = None  # frame of the arrow that was still on its way
    arrives_ns: int | None = None  # where both ends were captured: when it arrived
    arrival_inferred: bool = False  # of one capture alone, by its receiver's ACKs: it came late, then at the latest
    lost: bool = False  # proved: its line ends half way; `unanswered` says so in words
    dropped: str | None = None  # it arrived, and was dropped there: where, in words
    because: str | None = None  # of a RST: why it was sent, in a few words, as far as its callout does not say it
    shorter_because: tuple[str, ...] = ()
    took: str | None = None  # its way, in words, where that is worth a word
    on_the_way: tuple[str, ...] = ()  # what is special about its way, in words: how long, what it crossed, `dropped`
    held: str | None = None  # of an ACK: that its sender held it back, and for how long; inferred; its label has it
    copy: bool = False  # it was made on the way
    copies: int = 1  # how often the capture holds this very packet
    why: Why | None = None
    header: Header | None = None
    source: Source = "captured"

    @property
    def remarks(self) -> tuple[str, ...]:
        """The words of its marks, for forms that have a line for each."""
        said = (self.unanswered, self.ignored, self.origin_note, self.because)
        return (*(text for text in said if text), *self.on_the_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A system call, or what it returned, in an application's lane; kind "wait": a -1 that is no failure (EAGAIN)."""

    t_ns: int
    side: Side
    text: str
    shorter_texts: tuple[str, ...] = ()  # to fall back on where the lane is too narrow
    kind: CallKind = "call"
    result: str | None = None
    note: str | None = None
    id: int | None = None  # a blocking call, drawn as a bar ...
    ends: int | None = None  # ... up to the call that ends this one
    returns: str = ""  # the blocking call that this is the result of, for forms without bars
    signals: tuple[str, ...] = ()  # that it raised, or that killed the process
    wait: str | None = None  # how long after the packet before, where it ended a long gap: "+11 ms"
    paused: None = None  # the call says it
    source: Source = "traced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A gap cut out of the ordinal rows: how long, and what went on."""

    dt_ns: int | None
    text: str
    detail: str = ""
    source: Source = "captured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A run of packets drawn as one box."""

    frames: tuple[int, ...]
    t_ns: int
    until_ns: int
    title: str
    to_server: str
    to_client: str
    facts: tuple[str, ...] = ()
    wait: str | None = None  # a long gap before it that is not cut out
    paused: str | None = None  # what for, in a word; inferred
    source: Source = "captured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark on the wire."""

    t_ns: int
    text: str
    boxed: bool = False
    typed: tuple[str, ...] = ()  # the parts of the text that one can type: commands, a firewall's rules; in its order
    source: Source = "inferred"


Item = Arrow | Call | State | Break | Fold | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """drawn + folded + copies = packets."""

    packets: int
    drawn: int
    folded: int
    copies: int  # the same packet captured again: counted, not drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Said):
    """One connection's ladder."""

    connection: int
    subtitle: str
    client: Party
    server: Party
    verdict: Verdict
    totals: Totals
    items: tuple[Item, ...]
    client_state: State  # before the first item
    server_state: State
    timed: bool = True
    slants: str = ""  # what a steep arrow means, for forms that have slants
    guessed: str = ""  # which states are inferred, by name, for forms that have no dashed edge
    decimals: int = 6  # of every time stamp
    cut_start: bool = False
    cut_end: bool = False
    torn_start: str = ""  # what stands there
    torn_end: str = ""  # what stands there
    ends_ns: int | None = None  # when the capture ends, where a silence until then is told: the last of `items`

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """The packets that are drawn: segments, and ICMP errors."""
        return tuple(item for item in self.items if isinstance(item, Arrow))

    @property
    def segments(self) -> tuple[Arrow, ...]:
        """The segments that are drawn."""
        return tuple(arrow for arrow in self.arrows if arrow.kind != "icmp")

    def calls(self, side: Side) -> tuple[Call, ...]:
        """What is known of one end's application."""
        return tuple(item for item in self.items if isinstance(item, Call) and item.side == side)

    def arrow_follows(self, call: Call) -> bool:
        """Whether an arrow comes after the call, before the next break: then that gives the time."""
        at = next(place for place, item in enumerate(self.items) if item is call)
        ahead = (item for item in self.items[at:] if isinstance(item, Break | Arrow))
        return isinstance(next(ahead, None), Arrow)

    def told_alone(self) -> frozenset[int]:
        """The places of the calls and states whose time no stamp tells: they have one of their own.

        The stamp of a packet tells what happened within a moment of it, a call's stamp what happened at its own end;
        none tells what a long silence follows: that would look as if it had been at the end of it. Nor what ended a
        long gap, and stands apart from the packet that it led to.
        """
        times = [item.t_ns for item in self.items if not isinstance(item, Break) and item.t_ns is not None]
        tenth = (max(times) - max(0, min(times))) // 10 if times else 0
        moment, silence = min(SAME_NS, tenth), max(SILENCE_NS, tenth)
        found: set[int] = set()
        following: int | None = None  # when the next packet leaves
        packets: list[int | None] = []
        for item in reversed(self.items):
            following = item.t_ns if isinstance(item, Arrow | Fold) else None if isinstance(item, Break) else following
            packets.append(following)
        told: int | None = None  # the last time that is written
        whose: Side | None = None  # the end that it tells of; None: both
        for place, (item, later) in enumerate(zip(self.items, reversed(packets), strict=True)):
            if isinstance(item, Break):
                told = None
            elif isinstance(item, Arrow | Fold):
                told, whose = item.t_ns, None
            elif isinstance(item, Call | State) and self.timed and item.t_ns is not None and item.t_ns >= 0:
                own = told if whose in (None, item.side) else None
                near = [t_ns for t_ns in (own, later) if t_ns is not None and abs(item.t_ns - t_ns) <= moment]
                waits = isinstance(item, Call) and item.text and later is not None and later - item.t_ns > silence
                ended = isinstance(item, Call) and item.wait is not None  # a long gap, whose length stands at its stamp
                if not near or ended or (waits and told != item.t_ns):
                    found.add(place)
                    told, whose = item.t_ns, item.side
        return frozenset(found)

    def entered(self, arrow: Arrow) -> tuple[tuple[State, ...], tuple[State, ...]]:
        """The states entered as the arrow leaves, and once it is there: what a crossed one brings comes after both."""
        crossing = [one.frame for one in self.arrows if one.crosses is not None and one.crosses == arrow.crosses]
        last = bool(crossing) and crossing[-1] == arrow.frame
        crossed = next((one for one in self.arrows if one.frame == arrow.crosses), None) if last else None
        later = any(one.crosses == arrow.frame for one in self.arrows)
        there = (crossed.receiver_state if crossed else None, None if later else arrow.receiver_state)
        return (
            () if arrow.sender_state is None else (arrow.sender_state,),
            tuple(state for state in there if state is not None),
        )

    def states(self, side: Side) -> tuple[State, ...]:
        """One end's states in their order, from before the first item on."""
        found = [self.client_state if side == "client" else self.server_state]
        for item in self.items:
            if isinstance(item, State):
                found.append(item)
            elif isinstance(item, Arrow):
                found += [state for part in self.entered(item) for state in part]
        return tuple(state for state in found if state.side == side)

    def stamp(self, t_ns: int) -> str:
        """A time since the first packet, in seconds, with the figure's decimals."""
        sign, t_ns = ("-", -t_ns) if t_ns < 0 else ("", t_ns)
        unit = 10 ** (9 - self.decimals)
        whole, part = divmod((t_ns + unit // 2) // unit, 10**self.decimals)
        return f"{sign}{whole}.{part:0{self.decimals}d}"


def _plain(value: object) -> object:
    if is_dataclass(value):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"mark": type(value).__name__.lower(), **named}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
