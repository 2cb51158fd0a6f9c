"""What the header figure says of one packet: every bit of its TCP header, and what each row of it proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ....analyze.findings import copies, proved, told_reset
from ....analyze.numbers import numbers
from ....analyze.story import ACK, FIN, PSH, RST, SYN, URG, Capture, Connection, Reset, Segment, Side
from ... import tcp_header, tcpdump, words
from ...of_connection import as_captured, by_role, file_name, numbers_from, roles
from ...scene import Said
from ...tcp_header import FLAGS, LETTERS, Option
from ...visible import visible

Token = Literal["", "syn", "ack", "data", "fin", "rst"]
WORD = 32  # bits of a row
M32 = 2**32
CHECKSUM = "bad checksum"  # why its receiver ignores it
TOKENS: dict[str, Token] = {"RST": "rst", "SYN": "syn", "FIN": "fin", "PSH": "data", "ACK": "ack", "URG": "data"}
FILTERS = {"FIN": "tcp-fin", "SYN": "tcp-syn", "RST": "tcp-rst", "PSH": "tcp-push", "ACK": "tcp-ack", "URG": "tcp-urg"}
TAUGHT = ("SYN", "ACK", "PSH", "FIN", "RST", "URG", "ECE", "CWR", "AE")  # the notes' five first
LETTER = dict(zip(FLAGS, LETTERS, strict=True))
OURS = {2: "MSS", 3: "wscale", 4: "sackOK", 5: "SACK", 8: "TS"}  # as tcpdump calls them; told bit by bit
KINDS = {  # IANA's names
    19: "TCP MD5", 20: "SCPS", 28: "User Timeout", 29: "TCP-AO", 30: "MPTCP", 34: "TCP Fast Open",
    69: "Encryption Negotiation", 172: "AccECN order 0", 174: "AccECN order 1", 253: "experiment", 254: "experiment",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bits:
    """A field, or the part of it that stands in one row."""

    name: str
    bit: int  # in its row: 0 to 31
    bits: int
    value: str = ""
    below: str = ""  # the same in hex, or as a relative number
    state: Literal["plain", "used", "void", "missing"] = "plain"  # used: by the verdict; void: without meaning
    flag: str = ""  # the flag's name, where it is one
    set: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """32 bits, and what they prove."""

    byte: int
    cells: tuple[Bits, ...]
    says: str
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What one flag is for."""

    name: str
    letter: str
    mask: int
    set: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderScene(Said):
    """The TCP header of one packet."""

    connection: int
    frame: int
    subtitle: str
    token: Token  # the colour of what this segment is
    line: str  # tcpdump's
    rows: tuple[Row, ...]
    bytes: tuple[int, ...]  # as captured
    used: tuple[int, ...]  # which of them the verdict uses
    marked: tuple[int, ...]  # which of them hold the flags that are set
    flags_byte: str  # what those are
    filters: tuple[str, ...]  # tcpdump's, that find such packets
    flags: tuple[Flag, ...]


def compose(connection: Connection, capture: Capture, lang: str = "en", *, frame: int | None = None) -> HeaderScene:
    """The scene of one packet; without `frame` of the RST that took effect, else the first FIN, else the first packet.

    Raises ValueError where the frame is not of this connection, or not a byte of its TCP header was captured.
    """
    segment = chosen(connection, frame)
    alone, both = as_captured(connection), connection.other_end is not None
    held = next((s for s in alone.segments if s.frame == segment.frame), None)
    if held is not None:
        connection, segment = alone, held
    if not segment.header:
        raise ValueError(f"the capture does not hold the TCP header of frame {segment.frame}")
    return _Composer(connection, capture, lang, segment, both).scene()


def chosen(connection: Connection, frame: int | None) -> Segment:
    """The packet that is asked for, or the one that tells most of the ending. Raises ValueError where there is none."""
    segments = connection.segments
    if not segments:
        raise ValueError(f"connection {connection.number} has no packet")
    if frame is None:
        told = told_reset(connection)
        wanted = (s for s in segments if (s.frame == told.frame if told else s.flags & FIN))
        return next(wanted, segments[0])
    found = next((segment for segment in segments if segment.frame == frame), None)
    if found is None:
        ends = f"{segments[0].frame} to {segments[-1].frame}"
        raise ValueError(f"frame {frame} is not of connection {connection.number}: its frames are among {ends}")
    return found


def decisive(flags: int) -> str:
    """The flag that says what the segment is; "" without any."""
    order = ("RST", "SYN", "FIN", "URG", "PSH", "ACK", *FLAGS)
    return next((name for name in order if flags >> FLAGS.index(name) & 1), "")


class _Composer:
    def __init__(self, connection: Connection, capture: Capture, lang: str, segment: Segment, both: bool) -> None:
        self.connection = connection
        self.capture = capture
        self.lang = lang
        self.segment = segment
        self.both = both  # ends were captured
        self.header = segment.header
        self.values = {field.name: field.value for field in tcp_header.fields(self.header)}
        self.flags = sum((self.values[name] or 0) << bit for bit, name in enumerate(FLAGS))
        self.peer: Side = "server" if segment.side == "client" else "client"
        self.numbers = numbers(connection)
        self.told = told_reset(connection)
        self.reset = next((r for r in connection.resets if r.frame == segment.frame), segment.reset)
        by_frame = {s.frame: s for s in connection.segments}
        self.answered = by_frame.get(self.reset.answers_frame or -1) if self.reset else None
        answer = by_frame.get(self.told.frame) if self.told and self.told.answers_frame == segment.frame else None
        self.answer = answer  # the RST that answers this segment
        self.is_told = self.told is not None and self.told.frame == segment.frame
        reset = self.reset
        self.foreign = segment.fate == "unsent" or (reset is not None and (reset.forged or reset.unsent))  # not its own
        found = proved(connection) if self.is_told else None
        #: The RST came to an end that was told to stay in TIME_WAIT.
        self.kept = found is not None and found.key.startswith("time-wait-kept")
        self.ignored = self.kept or (reset is not None and reset.accepted is False)
        original = by_frame.get(segment.duplicate_of or -1)
        self.copy_of = original.frame if original is not None and copies.late_copy(segment, original) else None
        self.roles = roles(connection, capture)
        self.sides: dict[str, object] = {"side": segment.side, "peer": self.peer}

    def say(self, key: str, **values: object) -> str:
        return words.say(key, self.lang, **by_role(self.roles, values))

    def scene(self) -> HeaderScene:
        """Put it together."""
        segment = self.segment
        rows = (*self._fixed(), *self._options())
        used = [row.byte + cell.bit // 8 + i for row in rows for cell in row.cells if cell.state == "used"
                for i in range(max(1, cell.bits // 8))]  # fmt: skip
        name = decisive(self.flags)
        flags_byte = ""
        marked: tuple[int, ...] = ()
        filters: tuple[str, ...] = ()
        if len(self.header) > 13:
            ae = bool(self.values["AE"])
            marked = (12, 13) if ae else (13,)
            key = "header-bytes-12-13" if ae else "header-byte-13"
            flags_byte = self.say(key, value=f"0x{self.header[13]:02x}", first=f"0x{self.header[12]:02x}")
            filters = (*self._filters("AE" if ae and name == "ACK" else ""), *self._filters(name))
        return HeaderScene(
            title=self._title(name),
            lang=self.lang,
            connection=self.connection.number,
            frame=segment.frame,
            subtitle=self._subtitle(),
            token=TOKENS.get(name, "ack"),
            line=tcpdump.lines(self.connection)[segment.frame],
            rows=rows,
            bytes=tuple(self.header),
            used=tuple(sorted(set(used))),
            marked=marked,
            flags_byte=flags_byte,
            filters=filters,
            flags=tuple(
                Flag(
                    name=flag, letter=LETTER[flag], mask=1 << FLAGS.index(flag),
                    set=bool(self.flags >> FLAGS.index(flag) & 1), text=self._meaning(flag),
                )
                for flag in TAUGHT
            ),
        )  # fmt: skip

    def _meaning(self, flag: str) -> str:
        """In few words; set in a SYN, what tells of congestion asks for that (RFC 3168 6.1.1, RFC 9768)."""
        if flag == "RST" and self.ignored:
            return self.say("flag-RST-ignored")
        asks = self.flags & SYN and self.values[flag] and flag in ("ECE", "CWR", "AE")
        return self.say("flag-in-syn" if asks else f"flag-{flag}")

    # --- the head

    def _title(self, name: str) -> str:
        if name == "ACK" and self.segment.payload:
            what = self.say("header-data")
        else:
            what = f"{name}+ACK" if name in ("SYN", "RST") and self.flags & ACK else name
        return self.say("header-title", what=what) if what else self.say("header-title-none")

    def _subtitle(self) -> str:
        segment = self.segment
        first = self.connection.segments[0].ts_ns
        where = "header-where-copy" if self.copy_of else "header-where-foreign" if self.foreign else "header-where"
        parts = [
            self.say(
                where, file=file_name(self.capture, self.lang), number=self.connection.number, frame=segment.frame,
                time=words.span(segment.ts_ns - first), n=self.copy_of, **self.sides,
            )
        ]  # fmt: skip
        size = tcp_header.size(self.header)
        key = "header-size" if size > tcp_header.SIZE else "header-size-plain"
        data = self.say("header-no-data")
        if segment.payload:
            data = self.say("header-size-data", bytes=words.amount(segment.payload, self.lang))
        parts.append(self.say(key, n=size, options=size - tcp_header.SIZE, data=data))
        if self.foreign:
            listened = self.reset is not None and self.reset.forged
            unsent = "header-unsent" if self.both else "header-stray"
            parts.append(self.say("header-forged" if listened else unsent, **self.sides))
        elif self.is_told and self.connection.ended_by == "path":
            parts.append(self.say("header-path", **self.sides))
        if self.connection.isn != (None, None) or segment.frame in tcpdump.relative(self.connection):
            parts.append(numbers_from(self.connection, self.lang))
        if len(self.header) < max(size, tcp_header.SIZE):
            parts.append(self.say("header-cut", n=len(self.header)))
        return ("" if self.lang == "zh" else " ").join(parts)

    def _filters(self, name: str) -> tuple[str, ...]:
        """Filters for the segment's flag, in tcpdump's language: tcp[] looks into IPv4 only."""
        if not name:
            return ()
        mask = 1 << FLAGS.index(name)
        at, mask = (12, 1) if name == "AE" else (13, mask)
        if ":" in self.connection.client.address:
            return (f"ip6[6] = 6 and ip6[{40 + at}] & {mask} != 0",)
        named = (f"tcp[tcpflags] & {FILTERS[name]} != 0",) if name in FILTERS else ()
        return (f"tcp[{at}] & {mask} != 0", *named)

    # --- the five rows that every header has

    def _fixed(self) -> Iterator[Row]:
        rows: dict[int, list[Bits]] = {}
        for field in tcp_header.fields(self.header):
            rows.setdefault(field.bit // WORD * 4, []).append(self._cell(field))
        for byte, cells in rows.items():
            says, used = {0: self._ports, 4: self._seq, 8: self._ack, 12: self._kind, 16: self._checksum}[byte]()
            if all(cell.state == "missing" for cell in cells):
                says, used = self.say("header-not-captured"), False
            if used and byte in (4, 8):
                cells = [replace(cell, state="used") for cell in cells]
            elif used and byte == 16:
                cells = [replace(cells[0], state="used"), *cells[1:]]
            yield Row(byte=byte, cells=tuple(cells), says=says, used=used)

    def _cell(self, field: tcp_header.Field) -> Bits:
        name, value = field.name, field.value
        flag = name if name in FLAGS else ""
        cell = Bits(
            name=flag or self.say(f"header-{name}"), bit=field.bit % WORD, bits=field.bits, flag=flag,
            value="" if value is None else str(value),
        )  # fmt: skip
        if value is None:
            return replace(cell, state="missing")
        if flag:
            return replace(cell, set=value == 1)
        digits = f"0x{value:0{field.bits // 4}x}" if field.bits >= 16 else f"{value:0{field.bits}b}"
        if name == "ack" and not self.flags & ACK:
            return replace(cell, state="void", below=f"{digits}  {self.say('header-no-ack')}")
        if name == "urgent" and not self.flags & URG:
            return replace(cell, state="void", below=f"{digits}  {self.say('header-no-urg')}")
        if name == "checksum":
            return replace(cell, value=digits, below=self.say(f"header-checksum-{self.segment.checksum}"))
        if name in ("seq", "ack"):
            digits += self._relative(self.segment.side if name == "seq" else self.peer, value)
        elif name == "window":
            digits += self._scale(value)
        elif name == "offset":
            digits += f"  × 4 = {value * 4}"
        return replace(cell, below=digits)

    def _relative(self, side: Side, value: int) -> str:
        """ " = J+8", where the side's ISN is known."""
        isn = self.connection.isn[0 if side == "client" else 1]
        if isn is None or (side == self.segment.side and self.flags & RST and value == 0 != isn):
            return ""
        at = (value - isn) % M32
        letter = "J" if side == "client" else "K"
        if at >= M32 // 2:
            return f"  =  {letter} − {words.number(M32 - at)}"
        return f"  =  {letter} + {words.number(at)}" if at else f"  =  {letter}"

    def _scale(self, raw: int) -> str:
        """What the window's number stands for, in bytes."""
        if self.flags & SYN:
            return f"  {self.say('header-unscaled')}"
        scaled = self.segment.window
        if not raw or scaled == raw or scaled % raw:
            return ""
        return f"  × {words.number(scaled // raw)} = {self.say('bytes', n=words.number(scaled))}"

    # --- what the rows prove: the sentence, and whether the verdict rests on it

    def _ports(self) -> tuple[str, bool]:
        if self.copy_of is not None:
            return self.say("header-says-ports-copy", n=self.copy_of, **self.sides), False
        return self.say("header-says-ports-foreign" if self.foreign else "header-says-ports", **self.sides), False

    def _seq(self) -> tuple[str, bool]:
        segment, reset = self.segment, self.reset
        bytes_ = words.amount(segment.payload, self.lang)
        if self.flags & RST and reset is not None:
            said, used = self._seq_of_reset(reset)
            return said, used and self.is_told
        if self.flags & SYN:
            letter = self._relative(segment.side, segment.seq).strip(" =")
            key = "header-says-isn" if letter in ("J", "K") else "header-says-other-isn"
            return self.say(key, symbol=letter, **self.sides), False
        if self.copy_of is not None:
            return self.say("header-says-copy", n=self.copy_of), False
        if segment.retransmission_of is not None and segment.retransmission_of != segment.frame:
            return self.say("header-says-again", n=segment.retransmission_of), False
        if segment.keepalive:
            return self.say("header-says-keepalive"), False
        if self.flags & FIN and not self.flags & RST:
            several = "header-says-fin-data" if segment.payload > 1 else "header-says-fin-byte"
            key = several if segment.payload else "header-says-fin"
            return self.say(key, bytes=bytes_), not self.told
        if segment.payload:
            return self.say("header-says-data" if segment.payload > 1 else "header-says-byte", bytes=bytes_), False
        return self.say("header-says-no-data-foreign" if self.foreign else "header-says-no-data", **self.sides), False

    def _seq_of_reset(self, reset: Reset) -> tuple[str, bool]:
        why = reset.why_not_accepted or "?"
        if why == CHECKSUM:  # the number was right or wrong: nobody looked at it
            return self.say("header-says-rst-seq", **self.sides), False
        if reset.accepted is False:
            key = f"why-{why}"
            said = self.say(key) if words.has(key) else visible(why)
            return self.say("ignored-why", why=said), True
        if self.answered is not None and not self.flags & ACK and self.segment.seq == self.answered.ack:
            return self.say("header-says-echo", n=self.answered.frame), True
        if self.flags & ACK and not self.segment.seq and self._answers_no_ack():
            key = "header-says-zero" if reset.shape == "syn-reply" else "header-says-zero-data"
            return self.say(key, n=reset.answers_frame), False
        if reset.distance == 0:
            return self.say("header-says-exact", **self.sides), True
        return self.say("header-says-rst-seq", **self.sides), False

    def _answers_no_ack(self) -> bool:
        """Whether it is the RST of a segment that had no ACK number to take (RFC 9293, 3.10.7.1)."""
        return bool(self.flags & RST) and self.answered is not None and not self.answered.flags & ACK

    def _ack(self) -> tuple[str, bool]:
        if not self.flags & ACK:
            return self.say("header-says-no-ack"), False
        segment, answered = self.segment, self.answered
        if self.foreign:
            return self.say("header-says-ack-foreign", **self.sides), False
        if self.answer is not None and not self.answer.flags & ACK and self.answer.seq == segment.ack:
            return self.say("header-says-source", n=self.answer.frame), True
        counted = answered is not None and self._answers_no_ack() and not answered.flags & (SYN | FIN)
        if counted and answered is not None and segment.ack == (answered.seq + answered.payload) % M32:
            bytes_ = words.amount(answered.payload, self.lang)
            return self.say("header-says-counted", n=answered.frame, seq=answered.seq, bytes=bytes_), self.is_told
        to_syn = answered if answered is not None and self.flags & RST and answered.flags & SYN else None
        if to_syn is not None and segment.ack == (to_syn.seq + to_syn.payload + 1) % M32:
            return self.say("header-says-answers-syn", n=to_syn.frame), self.is_told
        for earlier in self.connection.segments:
            if earlier.frame >= segment.frame or earlier.side == segment.side:
                continue
            if segment.ack == (earlier.seq + earlier.payload + 1) % M32 and earlier.flags & (SYN | FIN):
                flag = "SYN" if earlier.flags & SYN else "FIN"
                return self.say("header-says-acks", flag=flag, n=earlier.frame), False
        return self.say("header-says-ack", **self.sides), False

    def _kind(self) -> tuple[str, bool]:
        flags, reset = self.flags, self.reset
        if (self.values["offset"] or 5) < 5:
            return self.say("header-says-too-short"), False
        if flags & RST:
            shape: str = reset.shape if reset is not None else ""
            if shape == "active" and not flags & ACK:
                shape = ""
            if self.foreign:
                shape = "foreign"
            elif self.kept:
                shape = "kept"
            return (
                self.say(f"header-says-rst-{shape}" if shape else "header-says-rst", **self.sides),
                self.is_told and not self.ignored,
            )
        if flags & SYN:
            return self.say("header-says-syn-ack" if flags & ACK else "header-says-syn", **self.sides), False
        if flags & FIN:
            key = "header-says-fin-flag-foreign" if self.foreign else "header-says-fin-flag"
            return self.say(key, **self.sides), not self.told
        if flags & URG:
            return self.say("header-says-urg"), False
        if flags & PSH:
            return self.say("header-says-psh"), False
        if flags & ACK:
            ecn = [name for name in ("AE", "CWR", "ECE") if self.values[name]]
            if ecn:
                return self.say("header-says-ack-ecn", flags=" + ".join(ecn)), False
            return self.say(f"header-says-ack-{self._plain()}", **self.sides), False
        return self.say("header-says-none"), False

    def _plain(self) -> str:
        """What a segment with ACK and no other flag does: an ACK alone may close the window, or open it again."""
        segment = self.segment
        if segment.payload:
            return "data"
        if segment.window == 0:
            return "closes"
        own = [s for s in self.connection.segments if s.side == segment.side and s.frame < segment.frame]
        return "opens" if own and own[-1].window == 0 and not own[-1].flags & RST else "alone"

    def _checksum(self) -> tuple[str, bool]:
        said = self.say(f"header-says-checksum-{self.segment.checksum}")
        if self.flags & URG:
            said += ("" if self.lang == "zh" else " ") + self.say("header-says-urgent")
        return said, self.segment.checksum == "bad"

    # --- options

    def _options(self) -> Iterator[Row]:
        """Rows of 32 bits, each option's bytes where they stand; a value that goes over two rows is in both."""
        cells: dict[int, list[Bits]] = {}
        notes: dict[int, list[str]] = {}
        for option in tcp_header.options(self.header):
            said = self._option_says(option)
            if said and not any(said in earlier for earlier in notes.values()):
                notes.setdefault(option.at // 4, []).append(said)
            for at, size, name, value, below in self._pieces(option):
                missing = option.fault == "cut" and at + size > len(self.header)
                for row, cell in _split(at, size, name, value, below, missing):
                    cells.setdefault(row, []).append(cell)
        between = "" if self.lang == "zh" else " "
        for row in sorted(cells):
            yield Row(byte=4 * row, cells=tuple(cells[row]), says=between.join(notes.get(row, [])))

    def _pieces(self, option: Option) -> Iterator[tuple[int, int, str, str, str]]:
        """First byte, bytes, name, value and what stands below it."""
        at, kind = option.at, option.kind
        if option.fault == "padding":
            yield at, option.size, self.say("header-padding"), option.data.hex(" "), ""
            return
        if kind in (tcp_header.EOL, tcp_header.NOP):
            yield at, 1, self.say("header-kind"), str(kind), "EOL" if kind == tcp_header.EOL else "NOP"
            return
        if option.fault == "length" or (option.fault and at + 1 >= len(self.header)):
            yield at, option.size, self.say("header-unreadable"), self.header[at : at + option.size].hex(" "), ""
            return
        yield at, 1, self.say("header-kind"), str(kind), OURS.get(kind, f"0x{kind:02x}")
        yield at + 1, 1, self.say("header-length"), str(option.size), f"0x{option.size:02x}"
        data, whole = option.data, int.from_bytes(option.data, "big")
        if option.fault:
            yield at + 2, option.size - 2, self.say("header-value"), data.hex(" "), ""
        elif kind == tcp_header.MSS and len(data) == 2:
            yield at + 2, 2, "MSS", str(whole), f"0x{whole:04x}"
        elif kind == tcp_header.SCALE and len(data) == 1:
            yield at + 2, 1, self.say("header-shift"), str(whole), f"× {words.number(1 << min(whole, 14))}"
        elif kind == tcp_header.TIMESTAMPS and len(data) == 8:
            yield at + 2, 4, "TSval", str(whole >> 32), f"0x{whole >> 32:08x}"
            yield at + 6, 4, "TSecr", str(whole % M32), f"0x{whole % M32:08x}"
        elif kind == tcp_header.SACK and data and len(data) % 8 == 0:
            for n in range(0, len(data), 4):
                edge = int.from_bytes(data[n : n + 4], "big")
                name = self.say("header-right-edge" if n % 8 else "header-left-edge")
                yield at + 2 + n, 4, name, str(edge), f"0x{edge:08x}{self._relative(self.peer, edge)}"
        elif data:
            yield at + 2, len(data), KINDS.get(kind, self.say("header-value")), data.hex(" "), ""

    def _option_says(self, option: Option) -> str:
        kind, data = option.kind, option.data
        if option.fault:
            return self.say(f"header-says-{option.fault}")
        whole = int.from_bytes(data, "big")
        if kind == tcp_header.MSS and len(data) == 2:
            return self.say("header-says-mss", n=words.number(whole), **self.sides)
        if kind == tcp_header.SCALE and len(data) == 1:
            return self.say("header-says-scale", n=words.number(1 << min(whole, 14)), **self.sides)
        if kind == tcp_header.SACK_PERMITTED and not data:
            return self.say("header-says-sack-permitted")
        if kind == tcp_header.SACK and data and len(data) % 8 == 0:
            return self.say("header-says-sack")
        if kind == tcp_header.TIMESTAMPS and len(data) == 8:
            newer = self._newer(whole >> 32)
            if newer is not None:
                key = "header-says-timestamps-old-rst" if self.flags & RST else "header-says-timestamps-old"
                return self.say(key, n=newer)
            return self.say("header-says-timestamps")
        if kind == tcp_header.NOP:
            return self.say("header-says-nop")
        if kind == tcp_header.EOL:
            return self.say("header-says-eol")
        if kind in OURS:
            return self.say("header-says-odd", name=OURS[kind])
        return self.say("header-says-other", n=kind, name=KINDS.get(kind, self.say("header-unknown")))

    def _newer(self, tsval: int) -> int | None:
        """An earlier frame of the same side with a later timestamp (RFC 7323, 5.3: modulo 2**32)."""
        for earlier in reversed(self.connection.segments):
            if earlier.frame >= self.segment.frame or earlier.side != self.segment.side:
                continue
            known = earlier.options.tsval
            if known is not None and 0 < (known - tsval) % M32 < M32 // 2:
                return earlier.frame
        return None


def _split(at: int, size: int, name: str, value: str, below: str, missing: bool) -> list[tuple[int, Bits]]:
    """A run of bytes as cells of rows; what is written stands in the widest."""
    parts: list[tuple[int, int, int]] = []  # row, first byte in it, bytes
    while size > 0:
        here = min(size, 4 - at % 4)
        parts.append((at // 4, at % 4, here))
        at, size = at + here, size - here
    written = max(range(len(parts)), key=lambda index: parts[index][2])
    return [
        (
            row,
            Bits(
                name=name if index == written else "…", bit=8 * first, bits=8 * here,
                value=value if index == written else "", below=below if index == written else "",
                state="missing" if missing else "plain",
            ),
        )
        for index, (row, first, here) in enumerate(parts)
    ]  # fmt: skip
