"""Random, legal socket operations at both ends of real connections, recorded; and what became of the predictions.

Each seed is one connection: how it is opened, what either program does next, and how it ends are drawn from the seed.
The packets and the calls are what the prediction is made from; what the kernel itself said is kept apart from it, and
only compared.

    python -m tests.property.operations SEED COUNT [WIRE]   says what came, and where a prediction was wrong
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from finrst.analyze.joining import opened
from finrst.analyze.outcomes.calls import observed
from finrst.analyze.scan import scan
from finrst.analyze.story import Connection, Reset
from finrst.analyze.tell import by_packets, join, tell
from finrst.analyze.track import Reset as ResetRecord
from finrst.capture import facts, lab
from finrst.capture.truth import tracefs

from ..analyze.outcomes.next_calls import first_after, said

AT_ONCE = 100  # connections of one laboratory, which has so many ports
NEAR_NS = 5_000_000
SIZES = (0, 1, 6, 18, 300, 1400, 5000, 60000)
FLAGS = ("0", "0", "MSG_NOSIGNAL", "MSG_DONTWAIT")
OPERATIONS: dict[str, float] = {
    "send": 8, "recv": 7, "recv and wait": 1, "peek": 0.7, "so_error": 2, "poll": 2, "shutdown WR": 1,
    "shutdown RD": 0.5, "shutdown RDWR": 1, "close": 2, "linger 0": 0.8, "kill": 0.3, "nonblocking": 1,
    "send much": 0.7, "wait": 1.5, "connect again": 0.3, "disconnect": 0.3, "low water": 0.2, "exit": 0.2,
}  # fmt: skip


@dataclass
class End:
    """One program's side of the connection while it is played."""

    process: lab.Process
    socket: lab.Socket | None = None  # None: not yet, or closed
    waits: bool = True  # the descriptor blocks
    pending: lab.Pending | None = None

    @property
    def free(self) -> bool:
        """Whether it can make a call."""
        if self.pending is not None and self.pending.done:
            self.pending = None
        return self.socket is not None and self.pending is None and self.process.ended is None


class Play:
    """One connection, played from its seed."""

    def __init__(
        self, one: lab.Lab, rng: random.Random, ends: dict[str, lab.Process], listener: lab.Socket, way: float
    ) -> None:
        self.lab, self.rng, self.listener, self.way = one, rng, listener, way
        self.client, self.server = End(ends["client"]), End(ends["server"])

    def run(self) -> None:
        """Open, do this and that, end."""
        rng = self.rng
        refused = rng.random() < 0.06
        where = self.lab.endpoint("server", 9) if refused else self.listener.local
        assert where is not None
        self.client.socket = self.client.process.socket()
        if rng.random() < 0.25:
            self.nonblocking(self.client)
        self.client.socket.connect(where)
        self.lab.pass_time(3 * self.way)  # whom nobody waits for there can be accepted
        late = rng.random() < 0.2
        if not refused and not late:
            self.accept()
        for _ in range(rng.randint(2, 12)):
            if not refused and self.server.socket is None and late and rng.random() < 0.3:
                late = False
                self.accept()
            self.one_of(rng.choice((self.client, self.server)))
            if rng.random() < 0.3:
                self.lab.pass_time(rng.choice((0.0005, 0.002, 0.045)))
        if not refused and late:
            self.accept()
        self.lab.pass_time(0.003)
        for end in rng.sample((self.client, self.server), 2):
            self.probe(end)
        self.over()

    def accept(self) -> None:
        """The server takes the connection."""
        self.server.socket = self.server.process.accept(self.listener)

    def one_of(self, end: End) -> None:
        """A random operation at one end."""
        if end.free:
            name = self.rng.choices(list(OPERATIONS), list(OPERATIONS.values()))[0]
            self.do(end, name)

    def do(self, end: End, name: str) -> None:
        """One operation. What may block is only begun."""
        socket, rng = end.socket, self.rng
        assert socket is not None
        if name == "send":
            self.begin(end, socket.begin("send", rng.choice(SIZES), rng.choice(FLAGS)))
        elif name == "send much":
            self.begin(end, socket.begin("send", 400_000, "MSG_DONTWAIT" if rng.random() < 0.5 else "0"))
        elif name in ("recv", "peek"):
            flags = "MSG_DONTWAIT" + ("|MSG_PEEK" if name == "peek" else "")
            socket.recv(rng.choice((1, 10, 4096, 99999)), flags)
        elif name == "recv and wait":
            self.begin(end, socket.begin_read(rng.choice((1, 100, 99999))))
        elif name == "so_error":
            socket.so_error()
        elif name == "poll":
            socket.poll(rng.choice(("IN OUT RDHUP", "IN", "OUT")))
        elif name.startswith("shutdown"):
            socket.call("shutdown", f"SHUT_{name.split()[1]}")
        elif name in ("close", "linger 0"):
            if name == "linger 0":
                socket.call("setsockopt", "SO_LINGER", 1, 0)
            self.close(end)
        elif name in ("kill", "exit"):
            (end.process.kill if name == "kill" else end.process.exit)()
            end.socket = None
        elif name == "nonblocking":
            self.nonblocking(end)
        elif name == "connect again":
            if end is self.client and not end.waits and self.listener.local:
                socket.connect(self.listener.local)
        elif name == "disconnect":
            if end is self.client and not self.client.waits:
                socket.disconnect()
        elif name == "low water":
            socket.call("setsockopt", "SO_RCVLOWAT", rng.choice((2, 50)))
        else:
            self.lab.pass_time(0.05)

    def begin(self, end: End, pending: lab.Pending) -> None:
        """Something that may block has begun: what it waits for may come from the other end."""
        end.pending = pending
        for _ in range(3):
            if pending.done:
                end.pending = None
                return
            self.lab.turn(0.002)

    def nonblocking(self, end: End) -> None:
        """O_NONBLOCK"""
        assert end.socket is not None
        end.socket.nonblocking()
        end.waits = False

    def close(self, end: End) -> None:
        """close(2)"""
        assert end.socket is not None
        end.socket.close()
        end.socket = None

    def probe(self, end: End) -> None:
        """At the end: what is the error, and what do calls say?"""
        if not end.free:
            return
        assert end.socket is not None
        asked = ["so_error", "poll", "read", "read", "write", "write"]
        for name in self.rng.sample(asked, self.rng.randint(1, len(asked))):
            if name == "so_error":
                end.socket.so_error()
            elif name == "poll":
                end.socket.poll()
            elif name == "read":
                end.socket.recv(99999, "MSG_DONTWAIT")
            else:
                end.socket.send(7, "MSG_DONTWAIT")

    def over(self) -> None:
        """Nothing stays open, and nobody waits any more."""
        for _ in range(2):
            for end in (self.client, self.server):
                self.settled(end)
                if end.free:
                    self.close(end)
        for end in (self.client, self.server):
            self.settled(end)
            if end.pending is not None and end.process.ended is None:
                end.process.kill()  # it waits for the other end, which waits for it
            elif end.free:
                self.close(end)

    def settled(self, end: End) -> None:
        """Give a call that waits the time to come back."""
        for _ in range(20):
            if end.pending is None or end.pending.done or end.process.ended is not None:
                return
            self.lab.turn(0.002)


def played(one: lab.Lab, seeds: range, way: float) -> None:
    """Play all seeds, with the same two processes as long as they live."""
    ends: dict[str, lab.Process] = {}
    listener: lab.Socket | None = None
    for seed in seeds:
        for name in ("server", "client"):
            if name not in ends or ends[name].ended is not None:
                ends[name] = one.process(f"{name}{seed}", host=name)
                if name == "server":
                    listener = None
        if listener is None:
            listener = ends["server"].listen(9000 + seed % 1000, 64)
        one.step(f"seed {seed}")
        Play(one, random.Random(seed), ends, listener, way).run()
    one.pass_time(0.1)


def record(folder: Path, seeds: range, wire: lab.Wired = "loopback", family: Literal[4, 6] = 4, way: float = 0) -> None:
    """Record the connections of these seeds in `folder`, with what the kernel says where it can be asked.

    way: how many seconds a packet is on its way, on the wire in user space ("tun").
    """
    trace = tracefs.Tracefs() if tracefs.available()[0] else None

    def work() -> None:
        one = lab.Lab(folder, wire=wire, family=family, kernel=trace)
        try:
            if way:
                one.delay(lambda segment: True, way, f"the wire is {way} s long")
            played(one, seeds, way)
        finally:
            one.finish()

    try:
        lab.inside(work, timeout=60 + len(seeds))
    finally:
        if trace:
            trace.close()


@dataclass
class Verdict:
    """What became of the predictions."""

    calls: int = 0
    wrong: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # right only as the other value that times leave open
    sizes: int = 0
    wrong_sizes: list[str] = field(default_factory=list)
    errors: int = 0
    wrong_errors: list[str] = field(default_factory=list)
    nexts: int = 0  # first calls after the last packet
    wrong_nexts: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        right = self.calls - len(self.wrong) - len(self.open)
        return (
            f"{self.calls} calls: {right} as predicted, {len(self.open)} as the other value, "
            f"{len(self.wrong)} otherwise; {self.sizes} sizes, {len(self.wrong_sizes)} otherwise; "
            f"{self.errors} pending errors, {len(self.wrong_errors)} otherwise; "
            f"{self.nexts} next calls, {len(self.wrong_nexts)} otherwise"
        )

    def add(self, other: Verdict) -> None:
        """Both."""
        for name in ("wrong", "open", "wrong_sizes", "wrong_errors", "wrong_nexts"):
            getattr(self, name).extend(getattr(other, name))
        for name in ("calls", "sizes", "errors", "nexts"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds += other.kinds


def told(folder: Path) -> tuple[tuple[Connection, ...], list[facts.Fact]]:
    """The connections, told from packets and calls alone; and all facts."""
    paths, beside = opened([str(folder)])
    assert beside is not None
    everything = beside.facts
    beside.facts = [one for one in everything if isinstance(one, facts.Call | facts.Exit | facts.Step)]
    beside.folders = []
    beside.recorded = replace(beside.recorded, sources=("calls",)) if beside.recorded else None
    found = scan(paths)
    join(found, beside)
    return tell(found, [c.number for c in found.connections]).connections, everything


def judged(folder: Path) -> Verdict:
    """Compare."""
    verdict = Verdict()
    connections, everything = told(folder)
    steps = [one for one in everything if isinstance(one, facts.Step) and one.text.startswith("seed")]
    for connection in connections:
        seed = next((one.text for one in reversed(steps) if one.t_ns <= connection.first_ns), "")
        for call in connection.calls:
            if call.predicted is None:
                continue
            seen = observed(call)
            where = f"{folder} {seed} connection {connection.number}: {call.side} {call.text}: {call.predicted}"
            verdict.calls += 1
            verdict.kinds[f"{call.call} {seen}"] += 1
            if call.predicted != seen:
                (verdict.open if seen in call.may_be else verdict.wrong).append(f"{where} {call.may_be}, was {seen}")
            if call.predicted_bytes is not None and seen == "ok":
                verdict.sizes += 1
                if call.predicted_bytes != call.result:
                    verdict.wrong_sizes.append(f"{where} {call.predicted_bytes}, was {call.result}")
        assert connection.outcomes is not None
        for side, outcome in (("client", connection.outcomes.client), ("server", connection.outcomes.server)):
            after = first_after(connection, side)  # type: ignore[arg-type]
            if after is not None:
                verdict.nexts += 1
                if not said(outcome, after):
                    where = f"{folder} {seed} connection {connection.number}: {side} {after.text}"
                    verdict.wrong_nexts.append(f"{where}: {outcome.next} {outcome.may_be}, was {observed(after)}")
    for where, right in errors(connections, everything):
        verdict.errors += 1
        if not right:
            verdict.wrong_errors.append(f"{folder} {where}")
    return verdict


def reasons(folder: Path) -> Iterator[tuple[str, Reset]]:
    """Each RST of which its sender's kernel said why; by the capture at the client's end, then by the server's."""
    paths, beside = opened([str(folder)])
    assert beside is not None
    ends, beside.server = [paths, *([tuple(beside.server)] if beside.server else [])], []
    for end in ends:
        found = scan(end)
        join(found, beside)
        assert found.joining is not None
        of: dict[int, list[ResetRecord]] = {}
        for one in found.resets:
            of.setdefault(one.connection, []).append(one)
        for c in found.connections:
            if c.number in of:
                for reset in found.joining.join(by_packets(found, c, of[c.number])).resets:
                    if reset.kernel_reason is not None:
                        yield f"{end[0]} frame {reset.frame}", reset


def errors(connections: tuple[Connection, ...], everything: list[facts.Fact]) -> Iterator[tuple[str, bool]]:
    """Each error that a RST left at a socket, by the kernel's own report: is it the one that the packets tell?"""
    for connection in connections:
        for reset in connection.resets:
            own = connection.server if reset.sender == "client" else connection.client
            other = connection.client if reset.sender == "client" else connection.server
            reported = [
                one
                for one in everything
                if isinstance(one, facts.SocketError)
                and (one.local, one.remote) == (str(own), str(other))
                and abs(one.t_ns - reset.ts_ns) < NEAR_NS
                and one.errno in ("EPIPE", "ECONNRESET", "ECONNREFUSED")
            ]
            received = [
                one
                for one in everything
                if isinstance(one, facts.ResetReceived)
                and (one.local, one.remote) == (str(own), str(other))
                and abs(one.t_ns - reset.ts_ns) < NEAR_NS
            ]
            if reported and received and reset.accepted:
                where = f"connection {connection.number} frame {reset.frame}"
                yield (
                    f"{where}: {reset.pending_error}, was {reported[0].errno}",
                    reported[0].errno == reset.pending_error,
                )


def main() -> None:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    wire: lab.Wired = sys.argv[3] if len(sys.argv) > 3 else "loopback"  # type: ignore[assignment]
    whole = Verdict()
    for start in range(first, first + count, AT_ONCE):
        folder = Path(tempfile.mkdtemp(prefix="operations-"))
        record(folder, range(start, min(start + AT_ONCE, first + count)), wire)
        verdict = judged(folder)
        for name in ("wrong", "open", "wrong_sizes", "wrong_errors", "wrong_nexts"):
            for one in getattr(verdict, name):
                print(name, one)
        whole.add(verdict)
    print(whole)
    for kind, number in sorted(whole.kinds.items()):
        print(f"  {number:6} {kind}")


if __name__ == "__main__":
    main()
