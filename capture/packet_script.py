"""Packet scripts: packets and calls on one timeline, in packetdrill's syntax, reduced. Text in, a recording out.

    // The notes' experiment, seen from the server: < arrives there, > leaves it.
    local  192.0.2.2:9000 isn 5000
    remote 192.0.2.1:47304 isn 1000
    0.000 < S 0:0(0) win 64240 <mss 1460>
    0.000 > S. 0:0(0) ack 1 win 65160 <mss 1460>
    0.000 < . 1:1(0) ack 1
    0.050 < P. 1:7(6) ack 1
    0.051 < F. 7:7(0) ack 1
    0.052 > . 1:1(0) ack 8
    2.054 write(4, ..., 18) = 18
    2.054 > P. 1:19(18) ack 8
    2.054 < R 8:8(0) win 0
    2.554 write(4, ..., 18) = -1 EPIPE (Broken pipe) SIGPIPE

A line is one of these; `//` begins a comment, and empty lines are passed over.

    local ADDRESS:PORT isn NUMBER      the end whose story it is; both parts may be left out
    remote ADDRESS:PORT isn NUMBER     the other end
    TIME < FLAGS SEQ:END(LENGTH) ...   a segment that arrives at the local end
    TIME > FLAGS SEQ:END(LENGTH) ...   a segment that leaves it
    TIME CALL(ARGUMENTS) = RESULT      a system call of the program at the local end
    TIME remote CALL(ARGUMENTS) = ...  ... at the other end
    TIME exit(STATUS)                  that program ends; killed(SIGKILL): by a signal

**Ends.** IPv6 addresses stand in brackets: `[2001:db8::1]:80`; `:81` is the same address and another port. What is
left out is 192.0.2.2:80 and 192.0.2.1:40000. After the first segment or call `local` and `remote` begin another
connection on the same clock; what they leave out stays.

**Time** is in seconds: `0.050` on the script's clock, `+0.050` after the line before. A call that took long has both
its ends, `0.100...2.054 read(4, ..., 100) = 0`, where `...+2` counts from its begin; one that did not return has no
end, `0.100... read(4, ..., 100)`, and no result.

**Segments.** FLAGS are tcpdump's letters: F S R P . (ACK) U E W e (AE); `-` is none. SEQ, END and `ack` count from the
sender's and the receiver's `isn`, modulo 2³², as tcpdump prints them. Behind them, in any order:

    ack N            the acknowledgement number; a segment with `.` has one
    win N            as in the header, not scaled
    urg N            the urgent pointer
    <OPTION,...>     mss 1460, wscale 7, sackOK, sack 1:11 21:31, TS val 1 ecr 2, nop, eol, kind-30 0x0102, bytes 0x02
    ttl N            or hop limit
    id N             the identification of IPv4
    flow N           the flow label of IPv6
    bad-checksum     of TCP, made wrong

What is left out is as in that sender's segment before: `win`, `ttl`, `flow`; `id` goes up by one. In its first: win
65535, ttl 64, flow 0, id 1. Options do not stay. The payload is zeros, options are filled up with zeros to four bytes.

**Calls.** `...` stands for a buffer, behind it its bytes. RESULT is a number, then the name of the error, what the C
library says of it, and signals: `= -1 EPIPE (Broken pipe) SIGPIPE`; or what came back beside it: `= 1: IN HUP`.
"""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

from . import facts
from .table import CaptureError

START_NS = 1_700_000_000_000_000_000  # 2023-11-14 22:13:20 UTC: where a script's clock stands at 0
RAW_IP = 101  # LINKTYPE_RAW
LETTERS = {"F": 1, "S": 2, "R": 4, "P": 8, ".": 16, "U": 32, "E": 64, "W": 128, "e": 256}
SYN, ACK = 2, 16
RECEIVES = ("read", "recv", "recvfrom")
M32 = 0xFFFFFFFF
LATEST = 10**9  # seconds


class ScriptError(CaptureError):
    """A packet script that cannot be read: line, column, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a connection; sequence numbers of what it sends count from `isn`."""

    address: str
    port: int
    isn: int

    def __str__(self) -> str:
        return facts.endpoint(self.address, self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One segment. Numbers are absolute, as in its headers."""

    t_ns: int  # on the script's clock
    sender: End
    receiver: End
    flags: int
    seq: int
    ack: int = 0
    length: int = 0  # payload, bytes
    window: int = 65535
    urgent: int = 0
    options: bytes = b""  # filled up to four bytes
    ttl: int = 64
    ip_id: int = 1
    flow_label: int = 0
    bad_checksum: bool = False

    def raw(self) -> bytes:
        """The IP packet, with its checksums."""
        size = 20 + len(self.options)
        tcp = struct.pack(
            ">HHIIBBHHH", self.sender.port, self.receiver.port, self.seq, self.ack,
            size << 2 | self.flags >> 8, self.flags & 0xFF, self.window, 0, self.urgent,
        )  # fmt: skip
        tcp += self.options + bytes(self.length)
        src, dst = ip_address(self.sender.address), ip_address(self.receiver.address)
        pseudo = src.packed + dst.packed + struct.pack(">II", len(tcp), socket.IPPROTO_TCP)
        checksum = _checksum(pseudo + tcp) ^ (0x1111 if self.bad_checksum else 0)
        tcp = tcp[:16] + struct.pack(">H", checksum) + tcp[18:]
        if src.version == 6:
            head = struct.pack(">IHBB", 6 << 28 | self.flow_label, len(tcp), socket.IPPROTO_TCP, self.ttl)
            return head + src.packed + dst.packed + tcp
        total = 20 + len(tcp)
        head = struct.pack(">BBHHHBBH", 0x45, 0, total, self.ip_id, 0x4000, self.ttl, socket.IPPROTO_TCP, 0)
        head += src.packed + dst.packed
        return head[:10] + struct.pack(">H", _checksum(head)) + head[12:] + tcp


def _checksum(data: bytes) -> int:
    """RFC 1071."""
    data += bytes(len(data) % 2)
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


@dataclass(frozen=True, slots=True)
class Script:
    """A packet script, read: its segments, and what was said beside them, on the script's clock."""

    packets: tuple[Packet, ...]
    facts: tuple[facts.Call | facts.Exit, ...] = ()

    def pcap(self) -> bytes:
        """The segments as a pcap file: raw IP, nanoseconds."""
        parts = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 1 << 18, RAW_IP)]
        for packet in self.packets:
            raw = packet.raw()
            at = START_NS + packet.t_ns
            parts.append(struct.pack("<IIII", at // 10**9, at % 10**9, len(raw), len(raw)) + raw)
        return b"".join(parts)

    def write(self, path: str | Path) -> None:
        """A pcap file, where the path ends in .pcap; else a recording's folder, with the calls. Raises OSError."""
        from . import recording
        from .pcapng_file import PcapngFile

        path = Path(path)
        if path.suffix == ".pcap":
            path.write_bytes(self.pcap())
            return
        path.mkdir(parents=True, exist_ok=True)
        for name in (recording.PACKETS, recording.SERVER, recording.TRUTH, recording.SCENARIO):
            (path / name).unlink(missing_ok=True)
        with PcapngFile(path / recording.PACKETS, RAW_IP, "packet script") as file:
            raws = [(START_NS + packet.t_ns, packet.raw()) for packet in self.packets]
            file.packets((t_ns, raw, len(raw)) for t_ns, raw in raws)
        said: list[facts.Fact] = [facts.Source(t_ns=START_NS, name="calls", available=True)] if self.facts else []
        for fact in self.facts:
            moved = replace(fact, t_ns=START_NS + fact.t_ns)
            if isinstance(moved, facts.Call) and moved.until_ns is not None:
                moved = replace(moved, until_ns=START_NS + moved.until_ns)
            said.append(moved)
        facts.write(path / recording.TRUTH, said)
        recording.write(path, recording.Description(name=path.name, title="a packet script", ended="complete"))


def parse(text: str) -> Script:
    """Read a packet script. Raises ScriptError."""
    return _Reading().read(text)


class _Line:
    """One line, read from left to right."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text
        self.at = 0
        self.skip()

    def skip(self) -> None:
        """Pass over blanks, and over a comment."""
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1
        if self.text.startswith("//", self.at):
            self.at = len(self.text)

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def fail(self, what: str, at: int | None = None) -> NoReturn:
        raise ScriptError(f"line {self.number}, column {(self.at if at is None else at) + 1}: {what}")

    def maybe(self, pattern: str) -> re.Match[str] | None:
        """What stands here, if it is that."""
        found = re.compile(pattern).match(self.text, self.at)
        if found:
            self.at = found.end()
            self.skip()
        return found

    def take(self, pattern: str, what: str) -> re.Match[str]:
        """What stands here, which must be that."""
        found = self.maybe(pattern)
        if found is None:
            here = re.compile(r"\S+").match(self.text, self.at)
            self.fail(f"{what} is missing" if here is None else f"{here[0][:20]!r} is no {what}")
        return found

    def number_up_to(self, most: int, what: str) -> int:
        at = self.at
        value = int(self.take(r"\d{1,20}(?![\w.])", what)[0])
        if value > most:
            self.fail(f"{what} is at most {most}", at)
        return value


@dataclass(slots=True)
class _Sender:
    """What an end's next segment has, where the line does not say it."""

    window: int = 65535
    ttl: int = 64
    ip_id: int = 1
    flow_label: int = 0


@dataclass(slots=True)
class _Conversation:
    """One connection of the script."""

    local: End
    remote: End
    local_sends: _Sender = field(default_factory=_Sender)
    remote_sends: _Sender = field(default_factory=_Sender)
    begun: bool = False  # has a segment or a call
    client_is_local: bool | None = None  # by the first SYN
    listening: set[tuple[bool, int]] = field(default_factory=set)  # (local, descriptor)

    def role(self, local: bool) -> str:
        return "client" if local == bool(self.client_is_local) else "server"


class _Reading:
    def __init__(self) -> None:
        self.now = _Conversation(End("192.0.2.2", 80, 5000), End("192.0.2.1", 40000, 1000))
        self.conversations = [self.now]
        self.last_ns = 0
        self.packets: list[Packet] = []
        self.said: list[tuple[_Conversation, bool, facts.Call | facts.Exit]] = []

    def read(self, text: str) -> Script:
        for number, written in enumerate(text.splitlines(), 1):
            line = _Line(number, written)
            if line.done:
                continue
            if setup := line.maybe(r"(local|remote)\b"):
                self.setup(line, setup[1])
            else:
                self.event(line)
            if not line.done:
                line.fail(f"{line.text[line.at :].split()[0][:20]!r} is not expected here")
        packets, said = self.packets, [self.placed(*one) for one in self.said]
        if len(self.conversations) > 1:
            packets = sorted(packets, key=lambda packet: packet.t_ns)
        return Script(tuple(packets), tuple(said))

    # --- ends

    def setup(self, line: _Line, which: str) -> None:
        if self.now.begun:
            self.now = _Conversation(self.now.local, self.now.remote)
            self.conversations.append(self.now)
        end: End = getattr(self.now, which)
        if not line.done and not line.text.startswith("isn", line.at):
            at = line.at
            named = line.take(r"(?:\[([0-9a-fA-F:.]+)(?:%[\w.-]+)?\]|([0-9.]+))?:(\d{1,5})(?!\S)", "ADDRESS:PORT")
            try:
                address = str(ip_address(named[1] or named[2] or end.address))
            except ValueError:
                line.fail(f"{named[1] or named[2]!r} is no IP address", at)
            if not 0 < int(named[3]) < 65536:
                line.fail("a port is 1 to 65535", at)
            end = End(address, int(named[3]), end.isn)
        if line.maybe(r"isn\b"):
            end = replace(end, isn=line.number_up_to(M32, "initial sequence number"))
        setattr(self.now, which, end)

    # --- events

    def event(self, line: _Line) -> None:
        begin = line.at
        t_ns = self.time(line, self.last_ns)
        direction = line.maybe("[<>]")
        here, there = self.now.local, self.now.remote
        if ip_address(here.address).version != ip_address(there.address).version:
            line.fail(f"one end is IPv4, the other IPv6: {here} and {there}", begin)
        self.now.begun = True
        if direction:
            self.packets.append(self.segment(line, t_ns, direction[0] == ">"))
        else:
            self.call(line, t_ns)
        self.last_ns = t_ns

    def time(self, line: _Line, before_ns: int) -> int:
        at = line.at
        found = line.take(r"([+-]?)(\d{1,12})(?:\.(?!\.)(\d{0,9}))?(?=\s|\.\.\.|$)", "time")
        ns = int(found[2]) * 10**9 + int((found[3] or "").ljust(9, "0"))
        if ns > LATEST * 10**9:
            line.fail(f"a time is at most {LATEST} s", at)
        return before_ns + ns if found[1] == "+" else -ns if found[1] == "-" else ns

    def segment(self, line: _Line, t_ns: int, leaves: bool) -> Packet:
        now = self.now
        sender, receiver = (now.local, now.remote) if leaves else (now.remote, now.local)
        usual = now.local_sends if leaves else now.remote_sends
        letters = line.take(r"([FSRP.UEWe]+|-)(?=\s)", "flags (letters of FSRP.UEWe, or -)")[0]
        flags = sum({LETTERS[letter] for letter in letters if letter != "-"})
        if flags & (SYN | ACK) == SYN and now.client_is_local is None:
            now.client_is_local = leaves
        at = line.at
        seq = line.number_up_to(M32, "sequence number")
        line.take(":", "':' and the sequence number behind the data")
        end = line.number_up_to(M32, "sequence number")
        line.take(r"\(", "'(' and the length")
        length = line.number_up_to(65_535, "length")
        line.take(r"\)", "')'")
        if (seq + length) & M32 != end:
            line.fail(f"{seq} and {length} bytes are {(seq + length) & M32}, not {end}", at)
        got = self.rest(line, receiver)
        ack, options = got.get("ack"), got.get("options", b"")
        if flags & ACK and ack is None:
            line.fail("a segment with '.' has an ack")
        assert isinstance(options, bytes) and not isinstance(ack, bytes)
        if length + len(options) + 40 > 65_535:
            line.fail("the packet is longer than 65,535 bytes", at)
        for name, value in got.items():
            if name in ("window", "ttl", "ip_id", "flow_label"):
                setattr(usual, name, value)
        packet = Packet(
            t_ns=t_ns, sender=sender, receiver=receiver, flags=flags, seq=(sender.isn + seq) & M32,
            ack=0 if ack is None else (receiver.isn + ack) & M32, length=length, window=usual.window,
            urgent=int(got.get("urgent", 0)), options=options, ttl=usual.ttl, ip_id=usual.ip_id,
            flow_label=usual.flow_label, bad_checksum="bad_checksum" in got,
        )  # fmt: skip
        usual.ip_id = (usual.ip_id + 1) & 0xFFFF
        return packet

    def rest(self, line: _Line, receiver: End) -> dict[str, int | bytes]:
        """What stands behind the sequence numbers."""
        got: dict[str, int | bytes] = {}
        version = ip_address(receiver.address).version
        fields = {
            "ack": ("ack", M32), "win": ("window", 0xFFFF), "urg": ("urgent", 0xFFFF), "ttl": ("ttl", 255),
            "id": ("ip_id", 0xFFFF), "flow": ("flow_label", 0xFFFFF),
        }  # fmt: skip
        while not line.done:
            at = line.at
            value: int | bytes
            if line.maybe("<"):
                name, value = "options", self.options(line, receiver.isn)
            elif line.maybe(r"bad-checksum(?!\S)"):
                name, value = "bad_checksum", 1
            else:
                word = line.take(
                    rf"({'|'.join(fields)})(?=\s)", "ack, win, urg, ttl, id, flow, bad-checksum or <options>"
                )
                if word[1] == ("id" if version == 6 else "flow"):
                    line.fail(f"IPv{version} has no {word[1]}", at)
                name, most = fields[word[1]]
                value = line.number_up_to(most, word[1])
            if name in got:
                line.fail("that stands here twice", at)
            got[name] = value
        return got

    # --- options

    def options(self, line: _Line, base: int) -> bytes:
        at = line.at
        data = b""
        while not line.maybe(">"):
            if data:
                line.take(",", "',' or '>'")
            data += self.option(line, base)
        data += bytes(-len(data) % 4)
        if len(data) > 40:
            line.fail(f"{len(data)} bytes of options: 40 is the most", at)
        return data

    def option(self, line: _Line, base: int) -> bytes:
        """One option's bytes; the edges of SACK blocks count from `base`."""
        if line.maybe(r"nop\b"):
            return b"\x01"
        if line.maybe(r"eol\b"):
            return b"\x00"
        if line.maybe(r"mss\b"):
            return b"\x02\x04" + struct.pack(">H", line.number_up_to(0xFFFF, "mss"))
        if line.maybe(r"wscale\b"):
            return bytes((3, 3, line.number_up_to(255, "wscale")))
        if line.maybe(r"sackOK\b"):
            return b"\x04\x02"
        if line.maybe(r"TS\b"):
            line.take(r"val\b", "'val'")
            value = line.number_up_to(M32, "timestamp")
            line.take(r"ecr\b", "'ecr'")
            return b"\x08\x0a" + struct.pack(">II", value, line.number_up_to(M32, "timestamp"))
        if line.maybe(r"sack\b"):
            edges = b""
            while not edges or re.compile(r"\d").match(line.text, line.at):
                left = line.number_up_to(M32, "left edge")
                line.take(":", "':' and the right edge")
                right = line.number_up_to(M32, "right edge")
                edges += struct.pack(">II", (base + left) & M32, (base + right) & M32)
            return bytes((5, 2 + len(edges))) + edges
        if line.maybe(r"bytes\b"):
            return bytes.fromhex(line.take(r"0x((?:[0-9a-fA-F]{2})+)\b", "0x and bytes in hexadecimal")[1])
        kind = line.take(r"kind-(\d{1,3})\b", "option")
        data = bytes.fromhex(line.take(r"0x((?:[0-9a-fA-F]{2})*)(?![\w])", "0x and bytes in hexadecimal")[1])
        if int(kind[1]) > 255 or len(data) > 38:
            line.fail("an option's kind is at most 255, its data at most 38 bytes", kind.start())
        return bytes((int(kind[1]), len(data) + 2)) + data

    # --- calls

    def call(self, line: _Line, t_ns: int) -> None:
        until_ns: int | None = t_ns
        if line.maybe(r"\.\.\."):
            ends = re.compile(r"[+-]?\d").match(line.text, line.at)
            until_ns = self.time(line, t_ns) if ends else None
            if until_ns is not None and until_ns < t_ns:
                line.fail("the call ends before it begins")
        local = not line.maybe(r"remote\b")
        name = line.take(r"[A-Za-z_]\w*(?=\()", "'<', '>' or call")[0]
        arguments = self.arguments(line)
        if name == "exit" or name == "killed":
            self.said.append((self.now, local, self.end_of_process(line, t_ns, name, arguments)))
            return
        fact = facts.Call(t_ns=t_ns, until_ns=until_ns, process="", pid=1 if local else 2, call=name, text="")
        if until_ns is not None:
            fact = self.result(line, fact)
        given = [one.strip() for one in arguments.split(",")] if arguments.strip() else []
        fd = int(given[0]) if given and re.fullmatch(r"\d{1,9}", given[0]) else None
        if name in RECEIVES and fact.result == 0 and fact.says is None:
            fact = replace(fact, says="EOF")
        self.said.append((self.now, local, replace(fact, text=f"{name}({_as_told(name, given)})", fd=fd)))

    def arguments(self, line: _Line) -> str:
        """What stands in the brackets, which may hold others."""
        begin, depth = line.at, 0
        for at in range(begin, len(line.text)):
            depth += {"(": 1, ")": -1}.get(line.text[at], 0)
            if depth == 0:
                line.at = at + 1
                line.skip()
                return line.text[begin + 1 : at]
        return line.fail("')' is missing", len(line.text))

    def end_of_process(self, line: _Line, t_ns: int, name: str, argument: str) -> facts.Exit:
        if name == "killed":
            if not re.fullmatch(r"SIG[A-Z0-9+]+", argument):
                line.fail("killed has the name of a signal: killed(SIGKILL)")
            return facts.Exit(t_ns=t_ns, process="", pid=0, signal=argument)
        if not re.fullmatch(r"\d{1,3}", argument):
            line.fail("exit has a status: exit(0)")
        return facts.Exit(t_ns=t_ns, process="", pid=0, status=int(argument))

    def result(self, line: _Line, call: facts.Call) -> facts.Call:
        line.take("=", "'=' and the result")
        value = int(line.take(r"-?\d{1,18}(?![\w.])", "result")[0])
        errno = line.maybe(r"E[A-Z0-9]+\b") if value == -1 else None
        if line.maybe(r"\("):  # the C library's words: for the reader
            line.take(r"[^()]*\)", "')'")
        signals: list[str] = []
        while signal := line.maybe(r"SIG[A-Z0-9+]+(?!\w)"):
            signals.append(signal[0])
        says = None
        if line.maybe(":"):
            says = line.take(r"(?:(?!\s*//).)+", "what came back")[0].strip()
        return replace(call, result=value, errno=errno and errno[0], signals=tuple(signals), says=says)

    def placed(self, now: _Conversation, local: bool, fact: facts.Call | facts.Exit) -> facts.Call | facts.Exit:
        """With its process and its socket: known when the whole connection is."""
        process = now.role(local)
        if isinstance(fact, facts.Exit):
            return replace(fact, process=process, pid=1 if local else 2)
        here, there = (now.local, now.remote) if local else (now.remote, now.local)
        at = (local, -1 if fact.fd is None else fact.fd)
        if fact.call == "listen":
            now.listening.add(at)
        listener = fact.call == "bind" or (at in now.listening and not (fact.call == "accept" and fact.errno is None))
        if listener and fact.call == "close":
            now.listening.discard(at)
        return replace(fact, process=process, local=str(here), remote=None if listener else str(there))


def _as_told(call: str, arguments: list[str]) -> str:
    """The arguments as facts tell them: `4, ..., 18` is `4, 18 bytes`, of a call that reads `4, 18`."""
    told: list[str] = []
    buffer = False
    for one in arguments:
        if buffer and one.isdecimal():
            told.append(one if call in RECEIVES else f"{int(one):,} bytes")
        elif one != "...":
            told.append(one)
        buffer = one == "..."
    return ", ".join(told)
