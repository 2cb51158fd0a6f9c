"""What tcpdump prints of a TCP segment, letter for letter: the text of `tcpdump -n -ttttt -r FILE`.

Read off tcpdump 4.99's output; its quirks are kept, since a reader compares the text with a terminal:
after the first ACK of a connection numbers are relative, each direction's to its own, but never where
the ACK flag is off; windows are not scaled. What is not told: the name that is printed for the data of
some ports, behind the length, and what stands inside an MPTCP option (an ellipsis).
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address
from struct import unpack_from

from ..analyze.story import ACK, FIN, RST, SYN, URG, Connection, Endpoint, Segment
from .tcp_header import FLAGS, LETTERS

M32 = 0xFFFFFFFF
EOL, NOP, MSS, SCALE, SACK_OK, SACK, TIMESTAMPS, MPTCP, FAST_OPEN, EXPERIMENT = 0, 1, 2, 3, 4, 5, 8, 30, 34, 254
NAMES = {
    EOL: "eol", NOP: "nop", MSS: "mss", SCALE: "wscale", SACK_OK: "sackOK", SACK: "sack", 6: "echo", 7: "echoreply",
    TIMESTAMPS: "TS", 11: "cc", 12: "ccnew", 13: "", 19: "md5", 20: "scps", 28: "uto", 29: "tcp-ao", MPTCP: "mptcp",
    FAST_OPEN: "tfo", EXPERIMENT: "exp",
}  # fmt: skip


def letters(flags: int) -> str:
    """The flags as tcpdump prints them: [S.]; no flag at all is [none]."""
    return "[" + ("".join(letter for bit, letter in enumerate(LETTERS) if flags >> bit & 1) or "none") + "]"


def flag_names(printed: str) -> str:
    """What such letters stand for: FIN+ACK of [F.]."""
    return "+".join(FLAGS[LETTERS.index(letter)] for letter in printed.strip("[]"))


def lines(connection: Connection) -> dict[int, str]:
    """Frame -> its line, without the time; of every packet of the connection, as if the capture began with it."""
    bases: dict[str, int] = {}  # of each side's numbers
    told: dict[int, str] = {}
    for segment in connection.segments:
        own, peer = connection.client, connection.server
        if segment.side == "server":
            own, peer = peer, own
        version = "IP6" if ":" in own.address else "IP"
        told[segment.frame] = f"{version} {_dotted(own)} > {_dotted(peer)}: {_segment(segment, bases)}"
    return told


def relative(connection: Connection) -> frozenset[int]:
    """The frames whose lines give numbers relative to earlier ones: all with ACK, behind the first of those."""
    acks = [s for s in connection.segments if s.flags & ACK]
    return frozenset(s.frame for s in acks[1:] if not s.flags & SYN)


def stamp(ts_ns: int, first_ns: int) -> str:
    """The time since the first packet as -ttttt prints it, which starts again after 24 hours."""
    micros = ts_ns // 1000 - first_ns // 1000
    seconds, micros = divmod(abs(micros), 10**6)
    sign = "-" if ts_ns // 1000 < first_ns // 1000 else ""
    return f"{sign}{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micros:06}"


def _dotted(end: Endpoint) -> str:
    """Address and port. An IPv4 address inside an IPv6 one is written with dots, "::0.1.0.2" too."""
    address = end.address
    if ":" in address:
        whole = int(IPv6Address(address))
        if whole >> 32 in (0, 0xFFFF) and (whole >> 32 or whole >> 16):
            dots = ".".join(str(whole >> shift & 255) for shift in (24, 16, 8, 0))
            address = f"::ffff:{dots}" if whole >> 32 else f"::{dots}"
    return f"{address}.{end.port}"


def _segment(segment: Segment, bases: dict[str, int]) -> str:
    header, payload = segment.header, segment.payload
    if len(header) < 20:
        return " [|tcp]"
    seq, ack, offset, flags, window, urgent = unpack_from(">IIBBHxxH", header, 4)
    flags |= (offset & 1) << 8
    size = (offset >> 4) * 4
    if size < 20:
        return f" tcp {payload} [bad hdr length {size} - too short, < 20]"
    text = f"Flags {letters(flags)}"
    other = "client" if segment.side == "server" else "server"
    if flags & ACK:
        if flags & SYN or segment.side not in bases:
            bases[segment.side], bases[other] = seq, (ack - 1) & M32
        else:
            seq, ack = (seq - bases[segment.side]) & M32, (ack - bases[other]) & M32
    if payload or flags & (SYN | FIN | RST):
        text += f", seq {seq}"
    if payload:
        text += f":{(seq + payload) & M32}"
    if flags & ACK:
        text += f", ack {ack}"
    text += f", win {window}"
    if flags & URG:
        text += f", urg {urgent}"
    if size > 20:
        read, complete = _Options(segment, size, bases[other] if flags & ACK else 0).text()
        text += f", options [{read}"
        if not complete:
            return text
        text += "]"
    text += f", length {payload}"
    if payload and len(header) < size:
        text += f" [remaining caplen({len(header)}) < header length({size})] [|tcp]"
    return text


class _StopError(Exception):
    """Reading the options ends here: what is printed in place of the rest."""


class _Options:
    """Reads the options as tcpdump does, byte by byte: `left` bytes should follow, those in `data` are there."""

    def __init__(self, segment: Segment, size: int, base: int) -> None:
        self.data = segment.header
        self.at = 20
        self.left = size - 20
        self.more = segment.captured > 0  # then no option is cut: it is wrong
        self.whole = len(self.data) == size and segment.captured == segment.payload
        self.base = base  # of the other side's numbers
        self.done: list[str] = []
        self.now = ""  # the option being read, as far as it is printed

    def text(self) -> tuple[str, bool]:
        """What stands between the brackets, or up to where reading failed."""
        try:
            while self.left > 0:
                self.now = ""
                kind = self._option()
                self.done.append(self.now)
                if kind == EOL:
                    break
        except _StopError as end:
            return ",".join([*self.done, self.now + str(end)]), False
        return ",".join(self.done), True

    def _option(self) -> int:
        kind = self._byte()
        size = 1
        if kind not in (EOL, NOP):
            size = self._byte()
            if not 2 <= size <= self.left:
                raise self._bad()
            self.left -= 1
        self.left -= 1
        self.now = NAMES.get(kind, f"unknown-{kind}")
        read = 0
        if size > 1 and kind != SACK_OK:
            read = self._value(kind, size - 2)
        self.at += read
        self.left -= read
        if read + min(size, 2) != size:
            self.now += f"[len {size}]"
        return kind

    def _value(self, kind: int, size: int) -> int:
        """Print an option's value; returns how many bytes of it were read."""
        known = _KNOWN.get(kind)
        if known is not None:
            size, form = known
            self.now += form(self._take(size))
        elif kind == SACK:
            self._sack(size)
        elif kind == 19:
            size = 16
            said = "shared secret not supplied with -M" if self.whole else "snaplen too short"
            self.now += f" {said}, can't check - {self._take(size).hex()}"
        elif kind == 29:
            self._authentication(size)
        elif kind == MPTCP:
            self._take(size)
            self.now += f" {size + 2} …"
        elif kind == FAST_OPEN:
            self.now += " " + _cookie(self._take(size))
        elif kind == EXPERIMENT:
            value = self._take(size)
            if size < 2:
                raise self._bad()
            self.now += "-tfo" + _cookie(value[2:]) if value[:2] == b"\xf9\x89" else f"-{value[:2].hex()}"
        elif size:
            self.now += " 0x"
            self._hex(0, size)
        return size

    def _sack(self, size: int) -> None:
        if size % 8:
            self.now += " invalid sack"
            return
        self.now += f" {size // 8} "
        for at in range(0, size, 8):
            left, right = unpack_from(">II", self._take(at + 8), at)
            self.now += f"{{{(left - self.base) & M32}:{(right - self.base) & M32}}}"

    def _authentication(self, size: int) -> None:
        if size < 2:
            self.now += " (invalid)"
            return
        self.now += f" keyid {self._take(1)[0]}"
        self.now += f" rnextkeyid {self._take(2)[1]}"
        if size > 2:
            self.now += " mac 0x"
            self._hex(2, size)

    def _hex(self, start: int, end: int) -> None:
        """Print byte by byte, as far as there are any."""
        for at in range(start, end):
            self.now += f"{self._take(at + 1)[at]:02x}"

    def _byte(self) -> int:
        if self.at >= len(self.data):
            if self.more:
                raise self._bad()
            raise _StopError(" [|tcp]")
        self.at += 1
        return self.data[self.at - 1]

    def _take(self, size: int) -> bytes:
        if size > self.left:
            raise self._bad()
        if self.at + size > len(self.data):
            raise _StopError(" [|tcp]" + (">" if self.done else ""))
        return self.data[self.at : self.at + size]

    def _bad(self) -> _StopError:
        return _StopError("[bad opt]" + ("]" if self.done else ""))


def _number(value: bytes) -> str:
    return f" {int.from_bytes(value, 'big')}"


def _cookie(value: bytes) -> str:
    """RFC 7413's option, as it is printed behind "tfo "."""
    if not value:
        return " cookiereq"
    return f" cookie {value.hex()}" if len(value) % 2 == 0 and 4 <= len(value) <= 16 else " (invalid)"


def _timestamps(value: bytes) -> str:
    return " val {} ecr {}".format(*unpack_from(">II", value))


def _timeout(value: bytes) -> str:
    """RFC 5482's user timeout: the granularity is the highest bit, but tcpdump tests the lowest."""
    (whole,) = unpack_from(">H", value)
    return f" 0x{whole:x} {(whole >> 1) * 60 if whole & 1 else whole >> 1}"


#: Kind -> how many bytes its value has, whatever its length says, and how they are printed.
_KNOWN: dict[int, tuple[int, Callable[[bytes], str]]] = {
    MSS: (2, _number),
    SCALE: (1, _number),
    TIMESTAMPS: (8, _timestamps),
    **dict.fromkeys((6, 7, 11, 12, 13), (4, _number)),
    20: (2, lambda value: f" cap {value[0]:02x} id {value[1]}"),
    28: (2, _timeout),
}
