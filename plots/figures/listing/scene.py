"""What the listing says: tcpdump's line of each packet that the ladder draws, and what is new in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ....analyze.numbers import numbers
from ....analyze.story import ACK, RST, SYN, Capture, Connection, Segment
from ... import tcpdump, words
from ...of_connection import as_captured, file_name, numbers_from
from ...scene import Arrow, Break, Fold, Party, Said, Scene, Verdict
from ...tcp_header import FLAGS, LETTERS
from ..ladder import compose as ladder

NAME = dict(zip(LETTERS, FLAGS, strict=True))
TOKENS = {"S": "syn", "F": "fin", "R": "rst", "P": "data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A word in the margin, in the colour of what it is about."""

    text: str
    token: str = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One packet: its arrow, and its line letter for letter."""

    arrow: Arrow
    stamp: str
    line: str
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingScene(Said):
    """One connection as tcpdump prints it, beside its arrows."""

    connection: int
    subtitle: str
    verdict: Verdict
    client: Party
    server: Party
    command: str
    items: tuple[Printed | Break | Fold, ...]


def compose(connection: Connection, capture: Capture, lang: str = "en") -> ListingScene:
    """The scene: the packets that the ladder draws, its folds and its gaps."""
    whole = ladder.compose(connection, capture, lang)
    printed = as_captured(connection)
    packets_only = replace(printed, calls=(), exits=(), kernel=(), steps=())
    drawn = ladder.compose(packets_only, capture, lang) if packets_only != connection else whole
    return ListingScene(
        title=whole.title,
        lang=lang,
        connection=connection.number,
        subtitle=_subtitle(printed, capture, drawn),
        verdict=whole.verdict,
        client=whole.client,
        server=whole.server,
        command=command(connection, capture),
        items=tuple(_items(printed, _told(drawn, whole), {arrow.frame: arrow.ignored for arrow in whole.arrows})),
    )


def command(connection: Connection, capture: Capture) -> str:
    """What prints these lines; from a pipe where the capture is compressed or in several files.

    Where the same addresses and ports are those of two connections, editcap picks the frames: tcpdump has no filter
    for their numbers, and counts times from the first packet that it is given. A file that holds nothing else needs no
    filter, which would also find nothing behind a VLAN tag or in a tunnel.
    """
    client, server = connection.client, connection.server
    ends = f"host {client.address} and port {client.port} and host {server.address} and port {server.port}"
    plain = len(capture.files) == 1 and capture.files[0] != "-" and "," not in capture.format
    name = file_name(capture, "en")
    if capture.recorded is not None and not name.endswith(".pcapng"):  # the recording's folder was named
        name += "/packets.pcapng"
    file = shlex.quote(name) if plain else "-"
    one = connection
    if plain and capture.packets == len(as_captured(one).segments):
        return f"tcpdump -n -ttttt -r {file}"
    if (one.continues, one.continued_by, one.replaces, one.replaced_by) == (None, None, None, None):
        return f"tcpdump -n -ttttt -r {file} 'tcp and {ends}'"
    frames = [segment.frame for segment in as_captured(one).segments]
    picked = f"editcap -r {file} - {min(frames)}-{max(frames)}"
    return f"{picked} | tcpdump -n -ttttt -r - 'tcp and {ends}'"


def _told(drawn: Scene, whole: Scene) -> Scene:
    """The scene of the packets, its gaps with the reasons that the whole scene gives: calls tell more than packets."""
    reasons: dict[int, Break] = {}
    cut: Break | None = None
    for item in whole.items:
        if isinstance(item, Break) and (cut is None or (item.dt_ns or 0) > (cut.dt_ns or 0)):
            cut = item
        elif isinstance(item, Arrow):
            if cut is not None:
                reasons[item.frame] = cut
            cut = None
    items = list(drawn.items)
    for place, gap in enumerate(drawn.items):
        after = next((item for item in drawn.items[place:] if isinstance(item, Arrow)), None)
        if isinstance(gap, Break) and after is not None and after.frame in reasons:
            items[place] = replace(gap, detail=reasons[after.frame].detail)
    return replace(drawn, items=tuple(items))


def _subtitle(connection: Connection, capture: Capture, scene: Scene) -> str:
    lang, totals = scene.lang, scene.totals
    parts = [("folded", totals.folded), ("copies", totals.copies)]
    there = [name for name, count in parts if count]
    key = "sum-both" if len(there) == 2 else f"sum-{there[0]}" if there else "all-drawn"
    sums = words.say(
        "one-drawn" if totals.packets == 1 else key, lang, n=words.number(totals.packets),
        drawn=words.number(totals.drawn), **{name: words.number(count) for name, count in parts},
    )  # fmt: skip
    where = words.say("subtitle", lang, file=file_name(capture, lang), number=connection.number, packets=sums)
    counted = connection.isn != (None, None) or tcpdump.relative(connection)
    said = [where, *([numbers_from(connection, lang)] if counted else []), words.say("listing-about", lang)]
    return ("" if lang == "zh" else " ").join(said)


def _items(connection: Connection, scene: Scene, ignored: Mapping[int, str | None]) -> Iterator[Printed | Break | Fold]:
    """The lines; `ignored`: what both ends and all calls say of a RST that was not taken, by frame."""
    lines = tcpdump.lines(connection)
    by_frame = {segment.frame: segment for segment in connection.segments}
    first = connection.segments[0] if connection.segments else None
    remarks = _Remarks(connection, scene.lang)
    for item in scene.items:
        if isinstance(item, Break | Fold):
            yield item
        elif isinstance(item, Arrow) and item.kind != "icmp" and first is not None:
            segment = by_frame[item.frame]
            arrow = replace(item, ignored=item.ignored or ignored.get(item.frame))
            yield Printed(
                arrow=arrow,
                stamp=tcpdump.stamp(segment.ts_ns, first.ts_ns),
                line=lines[item.frame],
                remarks=tuple(remarks.of(segment, arrow)),
            )


class _Remarks:
    """Each thing is explained where it first occurs."""

    def __init__(self, connection: Connection, lang: str) -> None:
        self.connection = connection
        self.lang = lang
        self.numbers = numbers(connection)
        self.known: set[str] = set()
        self.relative = tcpdump.relative(connection)

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.lang, **values)

    def new(self, what: str) -> bool:
        if what in self.known:
            return False
        self.known.add(what)
        return True

    def of(self, segment: Segment, arrow: Arrow) -> Iterator[Remark]:
        """What is new in this line."""
        refused = arrow.ignored
        for letter in arrow.flags.strip("[]") if segment.flags else "":
            if self.new(letter):
                name = NAME[letter]
                key = "flag-in-syn" if segment.flags & SYN and name in ("ECE", "CWR", "AE") else f"flag-{name}"
                if letter == "R" and arrow.ignored:
                    key = "flag-RST-ignored"
                    refused = None if refused == self.say("ignored") else refused  # said with the letter
                text = self.say("listing-letter", letter=letter, name=name, text=self.say(key))
                yield Remark(text=text, token=TOKENS.get(letter, "ack"))
        yield from self._numbers(segment)
        yield from self._window(segment)
        if arrow.retransmission_of is not None:
            known = arrow.retransmission_of != arrow.frame
            yield Remark(text=self.say("listing-again" if known else "listing-again-only", n=arrow.retransmission_of))
        for said in (arrow.unanswered, arrow.dropped, refused, arrow.because, arrow.origin_note):
            if said:
                yield Remark(text=said, token="rst")
        if arrow.copies > 1:
            yield Remark(text=self.say("listing-copies", n=arrow.copies))

    def _numbers(self, segment: Segment) -> Iterator[Remark]:
        if segment.frame in self.relative and self.new("relative"):
            both = None not in self.connection.isn
            letter = "K" if segment.side == "client" else "J"
            acked = words.number(self.numbers.ack(segment))
            key = "listing-relative" if both else "listing-relative-cut"
            yield Remark(text=self.say(key, symbol=letter, n=acked))
        isn = self.connection.isn[0 if segment.side == "client" else 1]
        bare = segment.flags & RST and not segment.flags & ACK and isn is not None
        if bare and "relative" in self.known and self.new("bare"):
            at = self.numbers.seq(segment)
            if at < 2**31:
                letter = "J" if segment.side == "client" else "K"
                yield Remark(text=self.say("listing-absolute", symbol=letter, n=words.number(at)))

    def _window(self, segment: Segment) -> Iterator[Remark]:
        raw = int.from_bytes(segment.header[14:16], "big")
        if raw and segment.window > raw and segment.window % raw == 0 and self.new("window"):
            factor, scaled = words.number(segment.window // raw), words.number(segment.window)
            yield Remark(text=self.say("listing-window", raw=raw, n=factor, whole=scaled))
