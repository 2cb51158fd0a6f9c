"""Write a large capture whose truth is known: `python bench/generate.py OUT.pcap --packets 1000000`.

Web-like connections, one tenth of them IPv6, end in the ways of `KINDS` and overlap in time. Each kind
is a short script of packets (`Talk`); a connection is a script with its own addresses, numbers, start
and round-trip time, all of them functions of its index, so that NumPy writes millions of packets in
blocks and memory stays bounded. Beside the capture, OUT.pcap.json holds the truth. Only the proportions of
the kinds are chosen: nothing here is a statement about real traffic.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
CLIENT, SERVER = 0, 1
SEGMENT = 1428  # payload of a full segment: with timestamps, IPv6 fills an MTU of 1500
FILL = ord("x")  # every payload byte
RATE = 1500  # connections that start each second
START = 1_767_225_600_000_000  # the first packet's time, µs
BLOCK = 16384  # connections expanded at once
BATCH = 32768  # packets assembled at once
#: TCP options of a packet, and the bytes they take.
NO_OPTIONS, TIMESTAMPS, SYN_OPTIONS = 0, 1, 2
OPTION_BYTES = (0, 12, 20)

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Talk:
    """The script of one connection: packets with relative numbers and times.

    A packet's time is `rtts` round trips plus `seconds` since the connection's start.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[float, float, int, int, int, int, int, int]] = []
        self.rtts = 0.0
        self.seconds = 0.0
        self.next = [0, 0]  # the next sequence number of each side
        self.acked = [0, 0]  # what each side has acknowledged of the other

    def send(self, side: int, flags: int, length: int = 0, *, seq: int | None = None, ack: int | None = None) -> Talk:
        """One packet; `seq` or `ack` given: an exception that leaves the side's numbers alone."""
        if ack is None:
            ack = self.acked[side] = self.next[1 - side]
        options = SYN_OPTIONS if flags & SYN else TIMESTAMPS
        if flags == RST or (flags == RST | ACK and not self.next[side]):
            options = NO_OPTIONS
        at = self.next[side] if seq is None else seq
        self.rows.append((self.rtts, self.seconds, side, flags, length, at, ack if flags & ACK else -1, options))
        if seq is None:
            self.next[side] += length + (flags & SYN) // SYN + (flags & FIN)
        self.rtts += 0.01
        return self

    def pause(self, seconds: float = 0.0, rtts: float = 0.0) -> Talk:
        self.seconds += seconds
        self.rtts += rtts
        return self

    def open(self) -> Talk:
        return self.send(CLIENT, SYN).pause(rtts=0.5).send(SERVER, SYN | ACK).pause(rtts=0.5).send(CLIENT, ACK)

    def exchange(self, segments: int) -> Talk:
        """A request, and an answer of so many segments; every second one is acknowledged."""
        self.send(CLIENT, PSH | ACK, 411).pause(rtts=0.5).send(SERVER, ACK).pause(seconds=0.004)
        for i in range(1, segments + 1):
            self.send(SERVER, ACK | (PSH if i == segments else 0), 700 if i == segments else SEGMENT)
            if i % 2 == 0 or i == segments:
                self.pause(rtts=0.1).send(CLIENT, ACK)
        return self

    def start(self, segments: int) -> Talk:
        return self.open().exchange(segments).pause(seconds=0.05)

    def close(self, first: int) -> Talk:
        for side in (first, 1 - first):
            self.send(side, FIN | ACK).pause(rtts=0.5).send(1 - side, ACK)
        return self


def three_segment_close(segments: int) -> Talk:
    talk = Talk().start(segments).send(CLIENT, FIN | ACK).pause(rtts=0.5)
    return talk.send(SERVER, FIN | ACK).pause(rtts=0.5).send(CLIENT, ACK)


def unanswered(_: int) -> Talk:
    talk = Talk().send(CLIENT, SYN)
    for wait in (1, 2, 4, 8):
        talk.pause(seconds=wait).send(CLIENT, SYN, seq=0)
    return talk


def write_after_close(segments: int) -> Talk:
    talk = Talk().start(segments).send(CLIENT, FIN | ACK).pause(rtts=0.5).send(SERVER, ACK).pause(seconds=0.5)
    return talk.send(SERVER, PSH | ACK, 180).pause(rtts=0.5).send(CLIENT, RST)


def half_closed(segments: int) -> Talk:
    talk = Talk().start(segments).send(CLIENT, FIN | ACK).pause(rtts=0.5).send(SERVER, ACK).pause(seconds=0.2)
    return talk.send(SERVER, PSH | ACK, 180).pause(rtts=0.5).send(CLIENT, ACK)


def keepalive_death(segments: int) -> Talk:
    talk = Talk().start(segments).pause(seconds=15)
    for _ in range(9):
        talk.send(SERVER, ACK, seq=talk.next[SERVER] - 1).pause(seconds=2)
    return talk.send(SERVER, RST | ACK)


def timed_out(segments: int) -> Talk:
    talk = Talk().start(segments).send(SERVER, PSH | ACK, 1200)
    for wait in (0.2, 0.4, 0.8, 1.6, 3.2, 6.4):
        talk.pause(seconds=wait).send(SERVER, PSH | ACK, 1200, seq=talk.next[SERVER] - 1200)
    return talk


def idle_timeout_race(segments: int) -> Talk:
    """The server's FIN and the client's next request cross; the late acknowledgement meets no socket."""
    talk = Talk().start(segments).pause(seconds=10)
    end = talk.next[SERVER]
    talk.send(SERVER, FIN | ACK).send(CLIENT, PSH | ACK, 411, ack=end).send(SERVER, RST, seq=end)
    return talk.pause(rtts=1).send(CLIENT, ACK).send(SERVER, RST)


def ladder(_: int) -> Talk:
    """24 segments of which none is folded: four answers come twice, then the client gives up."""
    talk = Talk().open()
    for _ in range(4):
        talk.exchange(1).pause(seconds=0.2).send(SERVER, PSH | ACK, 700, seq=talk.next[SERVER] - 700)
    return talk.send(CLIENT, RST | ACK)


@dataclass(frozen=True)
class Kind:
    """One kind of connection: its share (in 1,000), how it ended, who ended it, and its script."""

    share: int
    ending: str
    ended_by: str
    script: Callable[[int], Talk]


KINDS = {
    "client-closes": Kind(385, "closed", "client", lambda n: Talk().start(n).close(CLIENT)),
    "server-closes": Kind(195, "closed", "server", lambda n: Talk().start(n).close(SERVER)),
    "three-segment-close": Kind(100, "closed", "client", three_segment_close),
    "refused": Kind(
        30, "refused", "server", lambda _: Talk().send(CLIENT, SYN).pause(rtts=0.5).send(SERVER, RST | ACK, seq=0)
    ),
    "unanswered": Kind(20, "unanswered", "nobody", unanswered),
    "client-aborts": Kind(50, "reset", "client", lambda n: Talk().start(n).send(CLIENT, RST | ACK)),
    "server-aborts": Kind(50, "reset", "server", lambda n: Talk().start(n).send(SERVER, RST | ACK)),
    "write-after-close": Kind(40, "reset", "client", write_after_close),
    "half-closed": Kind(15, "half-closed", "nobody", half_closed),
    "keepalive-death": Kind(10, "reset", "server", keepalive_death),
    "timed-out": Kind(10, "timed-out", "nobody", timed_out),
    "reset-after-close": Kind(
        25, "closed", "client", lambda n: Talk().start(n).close(CLIENT).pause(rtts=1).send(SERVER, RST)
    ),
    "half-open-scan": Kind(
        20,
        "handshake-incomplete",
        "client",
        lambda _: Talk().send(CLIENT, SYN).pause(rtts=0.5).send(SERVER, SYN | ACK).send(CLIENT, RST),
    ),
    "open": Kind(30, "open", "nobody", lambda n: Talk().start(n)),
    "idle-timeout-race": Kind(20, "reset", "server", idle_timeout_race),
}
SCAN = {
    "unanswered": Kind(500, "unanswered", "nobody", lambda _: Talk().send(CLIENT, SYN)),
    "refused": KINDS["refused"],
}
SCAN["refused"] = Kind(500, "refused", "server", KINDS["refused"].script)
LADDER = {"ladder": Kind(1000, "reset", "client", ladder)}
#: Segments of the answer, and their weight in 1,000: many small ones, few large ones.
ANSWERS = {1: 275, 2: 180, 4: 170, 8: 150, 16: 120, 32: 67, 64: 38}


@dataclass
class Truth:
    """What the capture holds."""

    packets: int = 0
    connections: int = 0
    ipv6: int = 0
    syn: int = 0
    fin: int = 0
    rst: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    endings: dict[str, int] = field(default_factory=dict)
    ended_by: dict[str, int] = field(default_factory=dict)


class Scripts:
    """All scripts, one after the other, as columns."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        self.kind: list[str] = []
        weights: list[float] = []
        rows: list[tuple[float, float, int, int, int, int, int, int]] = []
        lengths: list[int] = []
        for name, kind in kinds.items():
            for segments, weight in ANSWERS.items():
                talk = kind.script(segments)
                rows += talk.rows
                lengths.append(len(talk.rows))
                self.kind.append(name)
                weights.append(kind.share * weight)
        self.weights = np.array(weights) / sum(weights)
        self.length: Ints = np.array(lengths, np.int64)
        self.first: Ints = np.cumsum(self.length) - self.length
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        self.rtts, self.seconds, self.side, self.flags, self.payload, self.seq, self.ack, self.options = columns

    def counts(self, connections: int) -> Ints:
        """How often each script occurs: the shares, exactly."""
        edges = np.rint(np.cumsum(self.weights) * connections).astype(np.int64)
        return np.diff(edges, prepend=0)


def mixed(index: Ints, salt: int) -> Ints:
    """A number in [0, 2³²) for each connection that looks random."""
    value = (index + salt * 0x632BE5AB).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((value ^ (value >> np.uint64(29))) >> np.uint64(16)).astype(np.int64) & 0xFFFFFFFF


class Writer:
    """Rows of (time, connection, packet of its script) → pcap records."""

    def __init__(self, scripts: Scripts, seed: int, snaplen: int) -> None:
        self.scripts = scripts
        self.seed = seed
        self.snaplen = snaplen

    def is_ipv6(self, connection: Ints) -> NDArray[np.bool_]:
        chosen: NDArray[np.bool_] = mixed(connection, self.seed + 1) % 10 == 0
        return chosen

    def block(self, connection: Ints, script: Ints) -> Ints:
        """All packets of these connections: columns time, connection, packet."""
        s = self.scripts
        length = s.length[script]
        owner = np.repeat(connection, length)
        packet = np.arange(len(owner)) + np.repeat(s.first[script] - (np.cumsum(length) - length), length)
        rtt = 200 + mixed(owner, self.seed + 2) % 60_000  # µs
        begin = owner * 1_000_000 // RATE
        time = begin + (s.rtts[packet] * rtt).astype(np.int64) + (s.seconds[packet] * 1e6).astype(np.int64)
        return np.stack([time, owner, packet])

    def records(self, rows: Ints) -> Bytes:
        """The bytes of these packets, in this order."""
        _, connection, packet = rows
        s = self.scripts
        ipv6 = self.is_ipv6(connection)
        header = 54 + 20 * ipv6 + np.array(OPTION_BYTES)[s.options[packet]]
        length = header + s.payload[packet]
        captured = np.minimum(length, self.snaplen)
        out = np.full((len(packet), 16 + int(captured.max())), FILL, np.uint8)
        for version in (False, True):
            for options in (NO_OPTIONS, TIMESTAMPS, SYN_OPTIONS):
                which = np.flatnonzero((ipv6 == version) & (s.options[packet] == options))
                if len(which):
                    made = self.headers(rows[:, which], version, options, length[which], captured[which])
                    width = min(made.shape[1], out.shape[1])
                    out[which, :width] = made[:, :width]
        flat: Bytes = out[np.arange(out.shape[1]) < 16 + captured[:, None]]
        return flat

    def headers(self, rows: Ints, ipv6: bool, options: int, length: Ints, captured: Ints) -> Bytes:
        """Record, Ethernet, IP and TCP headers of packets that have the same ones."""
        time, connection, packet = rows
        s = self.scripts
        at_tcp = 16 + 14 + (40 if ipv6 else 20)
        size = at_tcp + 20 + OPTION_BYTES[options]
        made = np.zeros((len(packet), size), np.uint8)

        def put(at: int, width: int, value: Any, order: str = ">") -> None:
            column = np.broadcast_to(np.asarray(value, np.int64), len(packet)).astype(f"{order}u{width}")
            made[:, at : at + width] = column.view(np.uint8).reshape(-1, width)

        side = s.side[packet]
        now = START + time
        for at, value in ((0, now // 1_000_000), (4, now % 1_000_000), (8, captured), (12, length)):
            put(at, 4, value, "<")
        # Ethernet: locally administered addresses, the side in the last byte
        put(16, 4, 0x02000000)
        put(21, 1, 1 - side)
        put(22, 4, 0x02000000)
        put(27, 1, side)
        put(28, 2, 0x86DD if ipv6 else 0x0800)
        segment = length - (at_tcp - 16)  # TCP header and payload
        ends = connection % 5003, connection % 97  # the client's host, the server's
        ports = 32768 + connection // 5003 % 28000, np.where(connection % 97 < 70, 443, 80)
        if ipv6:
            put(30, 4, 0x60000000)
            put(34, 2, segment)
            put(36, 2, 0x0640)
            for at, mine in ((38, side == CLIENT), (54, side == SERVER)):
                put(at, 4, 0x20010DB8)
                put(at + 7, 1, np.where(mine, 1, 2))
                put(at + 12, 4, np.where(mine, ends[CLIENT], ends[SERVER]) + 1)
            addresses = 38
        else:
            put(30, 2, 0x4500)
            put(32, 2, length - 14)
            put(34, 2, mixed(connection, self.seed + 4) + packet)
            put(36, 2, 0x4000)
            put(38, 2, 0x4006)
            for at, mine in ((42, side == CLIENT), (46, side == SERVER)):
                put(at, 4, np.where(mine, 0x0A000001 + ends[CLIENT], 0xC6120001 + ends[SERVER]))
            put(40, 2, self.checksum(made[:, 30:50], 0))
            addresses = 42
        first = mixed(connection, self.seed + 5), mixed(connection, self.seed + 6)
        put(at_tcp, 2, np.where(side == CLIENT, ports[CLIENT], ports[SERVER]))
        put(at_tcp + 2, 2, np.where(side == CLIENT, ports[SERVER], ports[CLIENT]))
        put(at_tcp + 4, 4, np.where(side == CLIENT, first[CLIENT], first[SERVER]) + s.seq[packet])
        other = np.where(side == CLIENT, first[SERVER], first[CLIENT])
        put(at_tcp + 8, 4, np.where(s.ack[packet] < 0, 0, other + s.ack[packet]))
        put(at_tcp + 12, 1, (20 + OPTION_BYTES[options]) << 2)
        put(at_tcp + 13, 1, s.flags[packet])
        put(at_tcp + 14, 2, np.where(s.flags[packet] & RST, 0, np.where(s.flags[packet] & SYN, 64240, 502)))
        if options == SYN_OPTIONS:
            put(at_tcp + 20, 4, 0x02040000 + SEGMENT + 12)
            put(at_tcp + 24, 4, 0x0402080A)
            put(at_tcp + 36, 4, 0x01030307)
        elif options == TIMESTAMPS:
            put(at_tcp + 20, 4, 0x0101080A)
        if options != NO_OPTIONS:
            clock = time // 1000 + 1
            stamp = at_tcp + (28 if options == SYN_OPTIONS else 24)
            put(stamp, 4, mixed(connection, 7) + (1 - 2 * side) * 0x1234567 + clock)
            echo = mixed(connection, 7) - (1 - 2 * side) * 0x1234567 + clock - 1
            put(stamp + 4, 4, np.where(s.flags[packet] & ACK, echo, 0))
        payload = s.payload[packet]
        filling = (payload // 2) * (FILL * 257) + payload % 2 * (FILL << 8)
        put(at_tcp + 16, 2, self.checksum(made[:, addresses:], 6 + segment + filling))
        return made

    @staticmethod
    def checksum(part: Bytes, more: Ints | int) -> Ints:
        words = part.reshape(len(part), -1, 2).astype(np.int64)
        total = (words[:, :, 0] << 8 | words[:, :, 1]).sum(1) + more
        while (total >> 16).any():
            total = (total & 0xFFFF) + (total >> 16)
        inverted: Ints = 0xFFFF - total
        return inverted


def in_order(writer: Writer, script: Ints) -> Iterator[Ints]:
    """All packets by time: what later connections can still precede waits for the next block."""
    waiting = np.empty((3, 0), np.int64)
    for begin in range(0, len(script), BLOCK):
        index = np.arange(begin, min(begin + BLOCK, len(script)))
        rows = np.concatenate([waiting, writer.block(index, script[index])], axis=1)
        rows = rows[:, np.argsort(rows[0], kind="stable")]
        last = index[-1] + 1 == len(script)
        ready = rows.shape[1] if last else int(np.searchsorted(rows[0], (index[-1] + 1) * 1_000_000 // RATE))
        yield rows[:, :ready]
        waiting = rows[:, ready:]


def generate(
    path: Path,
    packets: int = 1_000_000,
    *,
    connections: int | None = None,
    scan: bool = False,
    ladder: bool = False,
    snaplen: int = 262144,
    seed: int = 1,
) -> Truth:
    """Write `path` with about so many packets, or exactly so many connections; the truth stands in `path`.json too."""
    kinds = SCAN if scan else LADDER if ladder else KINDS
    scripts = Scripts(kinds)
    if connections is None:
        connections = max(1, round(packets / float(scripts.length @ scripts.weights)))
    counts = scripts.counts(connections)
    script = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    writer = Writer(scripts, seed, snaplen)
    truth = Truth(connections=connections, ipv6=int(writer.is_ipv6(np.arange(connections)).sum()))
    per_packet = np.repeat(counts, scripts.length)
    truth.packets = int(per_packet.sum())
    truth.syn, truth.fin, truth.rst = (int(per_packet[(scripts.flags & flag) > 0].sum()) for flag in (SYN, FIN, RST))
    for name, count in zip(scripts.kind, counts.tolist(), strict=True):
        tallies = (truth.kinds, name), (truth.endings, kinds[name].ending), (truth.ended_by, kinds[name].ended_by)
        for tally, key in tallies:
            tally[key] = tally.get(key, 0) + count
    with path.open("wb") as out:
        out.write(np.array([0xA1B2C3D4, 2 | 4 << 16, 0, 0, snaplen, 1], "<u4").tobytes())
        for rows in in_order(writer, script):
            step = BATCH if snaplen <= 256 else BATCH // 8
            for begin in range(0, rows.shape[1], step):
                writer.records(rows[:, begin : begin + step]).tofile(out)
    Path(f"{path}.json").write_text(json.dumps(asdict(truth), indent=1) + "\n")
    return truth


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a large capture whose truth is known.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--packets", type=int, default=1_000_000, help="about so many (default: %(default)s)")
    parser.add_argument("--connections", type=int, help="exactly so many connections instead")
    parser.add_argument("--scan", action="store_true", help="a port scan: SYN, or SYN and RST")
    parser.add_argument("--ladder", action="store_true", help="connections of 24 segments that a ladder draws all")
    parser.add_argument("--snaplen", type=int, default=262144, help="96: headers only (default: whole packets)")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    truth = generate(
        o.out, o.packets, connections=o.connections, scan=o.scan, ladder=o.ladder, snaplen=o.snaplen, seed=o.seed
    )
    print(json.dumps(asdict(truth)))


if __name__ == "__main__":
    main()
