"""The lab: a private network for real programs, on this machine's own kernel; the only folder that changes the machine.

What it changes is its own: everything happens within the walls of `namespaces.inside`, and nothing is written but into
the recording's folder.

`Lab` is what a scenario is given: hosts and wires, processes and their sockets, waits. It has one thread, which does
everything while it waits: it moves packets, writes down what was captured, and listens to the programs and the kernel.
"""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from .. import facts, segments
from ..live.afpacket import AfPacket
from ..live.wire import Rule, Test, Wire
from ..pcapng_file import PcapngFile
from ..segments import Segment, acknowledges
from ..truth import calls
from ..truth.tracefs import Placing, Tracefs
from .hosts import ADDRESSES, HOSTS, WIRES, Hosts, Wired
from .namespaces import LabError, UnavailableError, available, inside
from .programs import TIMEOUT, Foreign, Pending, Process, Result, Sigpipe, Socket

__all__ = [
    "ADDRESSES", "HOSTS", "TIMEOUT", "WIRES", "Foreign", "Lab", "LabError", "Pending", "Process", "Result", "Sigpipe",
    "Socket", "UnavailableError", "Wired", "available", "inside",
]  # fmt: skip

QUIET = 0.06  # seconds without a packet after which nothing more is expected: a delayed ACK takes 40 ms


class HasFileno(Protocol):
    """What can be waited for."""

    def fileno(self) -> int:
        """Its descriptor."""
        ...


@dataclass
class _Tap:
    """A capture running at one end of the wire."""

    host: str
    source: AfPacket
    file: PcapngFile
    seen: list[Segment] = field(default_factory=list)


def is_error(ip: bytes) -> bool:
    """Whether an IP packet is ICMP, or an error of ICMPv6: not what neighbours say to each other (RFC 4443, 2.1)."""
    if len(ip) >= 20 and ip[0] >> 4 == 4:
        return ip[9] == 1
    return len(ip) > 40 and ip[0] >> 4 == 6 and ip[6] == 58 and ip[40] < 128


class Lab(Hosts):
    """One laboratory, within the walls: two hosts and a wire. Made by `capture/recording.py`, given to scenarios."""

    def __init__(
        self,
        folder: Path,
        *,
        wire: Wired = "loopback",
        family: Literal[4, 6] = 4,
        kernel: Tracefs | None = None,
        why_no_kernel: str = "not asked for",
        program: str = "finrst",
    ) -> None:
        super().__init__(wire, family)
        self.folder = folder
        self.hosts = dict(zip(ADDRESSES[family], HOSTS, strict=True))
        self.settings: dict[str, dict[str, str]] = {}  # host -> what was set with `sysctl`
        self.processes: list[Process | Foreign] = []
        self._selector = selectors.DefaultSelector()
        self._truth = os.open(
            folder / "truth.jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o666
        )
        self._kernel = kernel
        self._placing = Placing(kernel) if kernel else None
        self._last_packet = time.monotonic()
        self._wire = Wire(self.devices) if self.devices else None
        self._taps: list[_Tap] = []
        for one in self.devices.values():
            self._selector.register(one, selectors.EVENT_READ, None)
        for host, interface in self.interfaces.items():
            self._tap(host, interface, program)
        self.write(facts.Source(t_ns=calls.now(), name=calls.NAME, available=True))
        if kernel:
            self.write(
                facts.Source(
                    t_ns=calls.now(), name="tracefs", available=True,
                    offset_ns=kernel.offset_ns, uncertainty_ns=kernel.uncertainty_ns,
                )
            )  # fmt: skip
        else:
            self.write(facts.Source(t_ns=calls.now(), name="tracefs", available=False, why=why_no_kernel))

    def _tap(self, host: str, interface: str, program: str) -> None:
        """Capture at one end of the wire."""
        with self.at(host):
            source = AfPacket(interface)
        name = "packets.pcapng" if host == "client" else "server.pcapng"
        comment = "" if len(self.interfaces) == 1 else f"captured at the {host}"
        tap = _Tap(host, source, PcapngFile(self.folder / name, source.link, interface, program, comment))
        self._taps.append(tap)
        self._selector.register(source.fileno(), selectors.EVENT_READ, None)

    # Hosts and the wire.

    def sysctl(self, host: str, name: str, value: int | str) -> None:
        """Set a kernel parameter of one host: "net.ipv4.tcp_fin_timeout". Raises LabError."""
        with self.at(host):
            try:
                Path("/proc/sys", *name.split(".")).write_text(str(value))
            except OSError as error:
                raise LabError(f"sysctl {name}: {error.strerror}") from None
        self.settings.setdefault(host, {})[name] = str(value)
        self.step(f"{host}: sysctl {name} = {value}")

    def run(self, host: str, *command: str, step: str | None = None) -> str:
        """Run a program in a host's network namespace to its end (`ss`, `nft`); its output. Raises LabError."""
        self.step(step or f"{host}: {' '.join(command)}")
        with self.at(host):
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
            except FileNotFoundError:
                raise LabError(f"{command[0]} is not installed") from None
        if done.returncode:
            raise LabError(f"{' '.join(command)}: {' '.join(done.stderr.split())}")
        self.turn(0)
        return done.stdout

    def nft(self, host: str, *rules: str) -> None:
        """Add rules of nftables to a host's own table "lab": "add chain inet lab in { … }"."""
        for rule in ("add table inet lab", *rules):
            self.run(host, "nft", rule)

    @property
    def wire(self) -> Wire:
        """The wire in user space. Raises LabError on any other."""
        if self._wire is None:
            raise LabError(f'the wire is "{self.kind}": a scenario that meddles with it needs wire = "tun"')
        return self._wire

    def drop(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Drop the packets that match, or only the first `count` of them."""
        self.step(text)
        return self.wire.add(test, copies=0, left=count)

    def duplicate(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Deliver the packets that match twice."""
        self.step(text)
        return self.wire.add(test, copies=2, left=count)

    def delay(self, test: Test, seconds: float, text: str, count: int | None = None) -> Rule:
        """Deliver the packets that match later: others overtake them."""
        self.step(text)
        return self.wire.add(test, copies=1, seconds=seconds, left=count)

    def hold(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Keep the packets that match on the wire until `release`."""
        self.step(text)
        return self.wire.add(test, copies=0, left=count, keep=True)

    def copy(self, test: Test, text: str, count: int | None = None) -> Rule:
        """Deliver the packets that match, and keep a copy of each on the wire until `release`."""
        self.step(text)
        return self.wire.add(test, copies=1, left=count, keep=True)

    def release(self, rule: Rule, text: str) -> None:
        """Let go what a rule holds, and end it (also a rule that drops)."""
        self.step(text)
        self.wire.remove(rule)
        self.turn(0)

    def cut(self, text: str = "the wire is cut") -> Rule:
        """Drop everything both ways."""
        return self.drop(lambda segment: True, text)

    def forge(
        self,
        to: str,
        flags: str,
        *,
        src: str,
        dst: str,
        seq: int,
        ack: int = 0,
        text: str | None = None,
        through: str | None = None,
        **more: Any,
    ) -> None:
        """A segment that its `src` never sent arrives at a host; `more` as in `segments.forge`. Needs Scapy.

        It appears on the wire in user space; or, on any wire, a raw socket of the host `through` sends it.
        """
        raw = segments.forge(src, dst, flags, seq, ack, **more)
        self.step(text or f"a forged {flags} reaches the {to}")
        before = len(self.packets_at(to))
        if through:
            family = socket.AF_INET if self.family == 4 else socket.AF_INET6
            with self.at(through), socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
                sender.sendto(raw, (segments.split(dst)[0], 0))
        else:
            self.wire.put(to, raw)
        self.wait(
            lambda: any(one.raw == raw for one in self.packets_at(to)[before:]),
            f"the forged {flags} to arrive",
            TIMEOUT,
        )

    # Programs.

    def process(
        self,
        name: str,
        host: str | None = None,
        *,
        sigpipe: Sigpipe = "record",
    ) -> Process:
        """Start a program on a host: by default the one of its name, or the client."""
        one = Process(self, name, host or (name if name in HOSTS else "client"), sigpipe)
        self.processes.append(one)
        return one

    def program(self, name: str, *command: str, host: str | None = None) -> Foreign:
        """Start a program of another make (`java Experiment.java`) on a host; see `Foreign`."""
        one = Foreign(self, name, host or (name if name in HOSTS else "client"), command)
        self.processes.append(one)
        return one

    def pair(self, port: int = 9000, sigpipe: Sigpipe = "record") -> tuple[Socket, Socket]:
        """A server that listens, a client that connects, the connection accepted: both ends' sockets, client first."""
        server = self.process("server", sigpipe=sigpipe)
        listener = server.listen(port)
        client = self.process("client", sigpipe=sigpipe)
        one = client.connect(listener)
        return one, server.accept(listener)

    # Waiting.

    def listen(self, channel: HasFileno, heard: Callable[[], None]) -> None:
        """Call `heard` whenever the channel is readable."""
        self._selector.register(channel, selectors.EVENT_READ, heard)

    def unlisten(self, channel: HasFileno) -> None:
        """The channel ends."""
        self._selector.unregister(channel)

    def turn(self, seconds: float) -> None:
        """Do what there is to do, waiting at most so long for something."""
        due = self._wire.turn() if self._wire else None
        ready = self._selector.select(seconds if due is None else min(seconds, due))
        if self._wire:
            self._wire.turn()
        # Packets first: what a program says about a call is told after the packets of the call.
        for tap in self._taps:
            self._captured(tap)
        self._heard()
        for key, _events in ready:
            if key.data is not None:
                key.data()

    def wait(self, done: Callable[[], bool], what: str, timeout: float = TIMEOUT, step: float = 0.05) -> None:
        """Wait until `done()`. Raises LabError: what was waited for, and the last packets that were seen."""
        deadline = time.monotonic() + timeout
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                last = "; ".join(str(one) for one in self.packets[-3:]) or "none"
                raise LabError(f"waited {timeout:g} s for {what}. The last packets: {last}")
            self.turn(min(left, step))

    def must_hold(self, true: bool, what: str) -> None:
        """What a scenario shows, where calls and reasons do not. Raises LabError with what was expected."""
        if not true:
            last = "; ".join(str(one) for one in self.packets[-3:]) or "none"
            raise LabError(f"expected {what}. The last packets: {last}")

    def until(self, condition: Callable[[list[Segment]], bool], what: str, timeout: float = TIMEOUT) -> None:
        """Wait until the segments captured so far (at the client's end) fulfil a condition."""
        self.wait(lambda: condition(self.packets), what, timeout)

    def until_segment(
        self,
        *flags: str,
        source: Socket | str | None = None,
        count: int = 1,
        test: Test | None = None,
        at: str = "client",
        timeout: float = TIMEOUT,
    ) -> Segment:
        """Wait until `count` segments with these flags from a socket's end or a host were captured; the last of them.

        `at` is the host at whose end of the wire they are looked for: what is lost on the way is at one end only.
        """
        found: list[Segment] = []

        def there() -> bool:
            found[:] = [
                one
                for one in self.packets_at(at)
                if one.has(*flags) and self._from(one, source) and (test is None or test(one))
            ]
            return len(found) >= count

        whose = f" from {source}" if source else ""
        self.wait(there, f"{' '.join(flags) or 'a segment'}{whose}{f' ({count} times)' if count > 1 else ''}", timeout)
        return found[count - 1]

    def until_acked(self, source: Socket | str, timeout: float = TIMEOUT) -> None:
        """Wait until the other end has acknowledged everything that this end has sent, a FIN included."""

        def acked() -> bool:
            sent = [one for one in self.packets if self._from(one, source) and one.end != one.seq]
            if not sent:
                return False
            last = sent[-1]
            return any(
                one.src == last.dst and one.dst == last.src and one.has("ACK") and acknowledges(one.ack, last.end)
                for one in self.packets
            )

        self.wait(acked, f"the ACK of all that {source} has sent", timeout)

    def until_fin_acked(self, source: Socket | str, timeout: float = TIMEOUT) -> None:
        """Wait until this end has sent a FIN and the other end has acknowledged it."""
        self.until_segment("FIN", source=source, timeout=timeout)
        self.until_acked(source, timeout)

    def until_state(self, end: Socket, state: str, timeout: float = TIMEOUT) -> None:
        """Wait until the kernel has this end in a state, RFC 9293's name (CLOSED: it has no such socket)."""
        seen = ""

        def there() -> bool:
            nonlocal seen
            seen = self.state(end)
            return seen == state

        try:
            self.wait(there, f"{end} to be in {state}", timeout, step=0.002)
        except LabError as error:
            raise LabError(f"{error} It is in {seen}.") from None

    def until_blocked(self, pending: Pending, timeout: float = TIMEOUT) -> None:
        """Wait until the process of a begun call sleeps in it. Raises LabError if the call has returned."""
        self.wait(pending.process.asleep, f"{pending.process.name} to wait in {pending.call}", timeout, step=0.002)
        self.turn(0)  # its answer may be there
        if pending.done:
            raise LabError(f"{pending.process.name}'s {pending.done.fact.text} did not wait")

    def until_received(self, end: Socket, size: int, timeout: float = TIMEOUT) -> None:
        """Wait until so many bytes stand in a socket's receive queue, unread."""
        self.wait(lambda: self._row(end)[1] >= size, f"{size} bytes in the queue of {end}", timeout, step=0.002)

    def until_quiet(self, seconds: float = QUIET, timeout: float = TIMEOUT) -> None:
        """Wait until no packet has been seen for so long."""
        begun = time.monotonic()
        self.wait(
            lambda: time.monotonic() - max(self._last_packet, begun) >= seconds,
            f"{seconds:g} s without a packet",
            timeout,
            step=seconds / 4,
        )

    def pass_time(self, seconds: float) -> None:
        """Let time pass, where time is what the scenario is about."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end, "time to pass", seconds + 1)

    def state(self, end: Socket) -> str:
        """The state of an end's socket as the kernel lists it (/proc/net/tcp); CLOSED if it lists none."""
        return self._row(end)[0]

    def _row(self, end: Socket) -> tuple[str, int]:
        """State and bytes in the receive queue."""
        with self.at(end.process.host):
            table = Path("/proc/thread-self/net", "tcp6" if self.family == 6 else "tcp").read_text()
        for line in table.splitlines()[1:]:
            words = line.split()
            if _spelled(words[1]) == end.local and (end.remote is None or _spelled(words[2]) == end.remote):
                return TCP_STATES[int(words[3], 16)], int(words[4].partition(":")[2], 16)
        return "CLOSED", 0

    def _from(self, segment: Segment, source: Socket | str | None) -> bool:
        if source is None:
            return True
        if isinstance(source, Socket):
            return segment.src == source.local and segment.dst == source.remote
        return self.hosts.get(segments.split(segment.src)[0]) == source

    def is_from(self, source: Socket | str, *flags: str) -> Test:
        """A test for rules of the wire: segments from this end or host with these flags."""
        return lambda segment: self._from(segment, source) and segment.has(*flags)

    # What was recorded.

    @property
    def packets(self) -> list[Segment]:
        """The lab's segments captured so far at the client's end (on loopback: at the only place there is)."""
        return self._taps[0].seen if self._taps else []

    def packets_at(self, host: str) -> list[Segment]:
        """The lab's segments captured so far at a host's end."""
        return next((tap.seen for tap in self._taps if tap.host == host), self.packets)

    def catch_up(self) -> None:
        """See to it that what has passed by now stands in `packets`: the capture holds it for up to a millisecond."""
        end = time.monotonic() + 0.005
        while time.monotonic() < end:
            self.turn(0.001)

    def last(self, source: Socket | str) -> Segment:
        """The last segment from an end or host that was no RST: what a forger would go by."""
        self.catch_up()
        return next(one for one in reversed(self.packets) if self._from(one, source) and not one.has("RST"))

    def next_seq(self, source: Socket | str) -> int:
        """The sequence number that the other end expects from this one next, by what has passed the wire."""
        self.catch_up()
        sent = [one for one in self.packets if self._from(one, source) and not one.has("RST")]
        if not sent:
            raise LabError(f"{source} has sent nothing yet")
        highest = sent[0].end
        for one in sent:
            if acknowledges(one.end, highest):
                highest = one.end
        return highest

    def source_of_syn(self, call: facts.Call) -> str | None:
        """Where the SYN of a connect came from that the kernel has forgotten. It may still be in the capture's ring."""
        for _ in range(25):
            self._captured(self._taps[0])
            for one in reversed(self.packets):
                if (
                    one.has("SYN")
                    and not one.has("ACK")
                    and one.dst == call.remote
                    and one.t_ns > call.t_ns - 1_000_000
                ):
                    return one.src
            time.sleep(0.002)
        return None

    def step(self, text: str) -> None:
        """Write down what the scenario does to the world."""
        self.write(facts.Step(t_ns=calls.now(), text=text))

    def write(self, fact: facts.Fact) -> None:
        """Append a fact, at once."""
        os.write(self._truth, facts.line(fact).encode())

    def _captured(self, tap: _Tap) -> None:
        packets = tap.source.read()
        if not packets:
            return
        kept = []
        for one in packets:
            ip = one.data[14:] if tap.source.link == 1 else one.data
            segment = segments.parse(ip, one.t_ns)
            if segment is None and not is_error(ip):
                continue
            kept.append((one.t_ns, one.data, one.length))
            if segment:
                tap.seen.append(segment)
                if self._placing and self._own_port(segment):
                    here = len(self._taps) == 1 or self._from(segment, tap.host)  # not at the other end, later
                    self._placing.seen(segment.src, segment.dst, one.t_ns if here and segment.has("RST") else None)
        if kept:
            tap.file.packets(kept)
            self._last_packet = time.monotonic()

    def _heard(self, last: bool = False) -> None:
        """Write what the kernel has said."""
        for fact in self._placing.facts(last) if self._placing else ():
            self.write(fact)

    def _own_port(self, segment: Segment) -> bool:
        """Whether no other laboratory can have this connection at the same time: its client's port is of our range.

        Ports that a scenario chose itself are believed.
        """
        ports = [segments.split(one)[1] for one in (segment.src, segment.dst)]
        return any(self._ports <= port < self._ports + 256 for port in ports) or all(port < 32_768 for port in ports)

    def finish(self, quiet: bool = True) -> dict[str, int]:
        """End the recording: wait for the last packets, end the programs. Packets written and dropped."""
        if quiet:
            self.until_quiet()
        else:
            self.catch_up()
        self.turn(0)
        for one in self.processes:
            one.blocks()
        # The programs go when the capture has ended: the FINs of a killed program are not what the scenario was about.
        dropped = 0
        for tap in self._taps:
            self._captured(tap)
            received, lost = tap.source.counts()
            tap.file.statistics(calls.now(), received, lost)
            tap.file.close()
            tap.source.close()
            dropped += lost
        self._heard(last=True)
        os.close(self._truth)
        for one in self.processes:
            one.at_end()
        return {"packets": self._taps[0].file.written, "dropped": dropped}


#: /proc/net/tcp's numbers (include/net/tcp_states.h), with RFC 9293's names.
TCP_STATES = {
    1: "ESTABLISHED",
    2: "SYN_SENT",
    3: "SYN_RCVD",
    4: "FIN_WAIT_1",
    5: "FIN_WAIT_2",
    6: "TIME_WAIT",
    7: "CLOSED",
    8: "CLOSE_WAIT",
    9: "LAST_ACK",
    10: "LISTEN",
    11: "CLOSING",
    12: "SYN_RCVD",
}


def _spelled(word: str) -> str:
    """An endpoint of /proc/net/tcp: hexadecimal, 32-bit words of the address in this machine's byte order."""
    address, _, port = word.partition(":")
    raw = bytes.fromhex(address)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    family = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
    return facts.endpoint(socket.inet_ntop(family, raw), int(port, 16))
