"""Record the samples again: real sockets on this machine's own kernel, in a network namespace of their own.

    python samples/record.py [NAME ...] [--ipv6] [-o DIR]

Each scenario is two small programs, a client and a server, in processes of their own. tcpdump writes what
passes on the loopback interface (MTU 1500, so that the MSS is an Ethernet's 1460), and every program logs
what its calls returned. The namespace goes away with the last process in it.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLIENT, SERVER, PORT = "10.9.0.1", "10.9.0.2", 9000
CLIENT6, SERVER6 = "fd00:9::1", "fd00:9::2"


class Calls:
    """A program's log: each call with the clock, and what it returned."""

    def __init__(self, side: str, path: Path) -> None:
        self.side = side
        self.path = path
        self.rows: list[dict[str, Any]] = []
        self.endpoints: dict[str, str] = {}
        self.signals: list[str] = []
        signal.signal(signal.SIGPIPE, lambda number, frame: self.signals.append("SIGPIPE"))

    def __call__(self, text: str, call: Callable[..., Any], *arguments: Any) -> Any:
        started = time.clock_gettime_ns(time.CLOCK_REALTIME)
        value, failed = None, None
        try:
            value = call(*arguments)
        except OSError as problem:
            failed = errno.errorcode[problem.errno or 0]
        ended = time.clock_gettime_ns(time.CLOCK_REALTIME)
        row: dict[str, Any] = {"ts_ns": started, "until_ns": ended, "pid": os.getpid(), "side": self.side, "call": text}
        result = len(value) if isinstance(value, bytes) else value if isinstance(value, int) else 0
        row |= {"result": -1, "errno": failed} if failed else {"result": result}
        if self.signals:
            row["signals"] = list(self.signals)
            self.signals.clear()
        self.rows.append(row)
        return value

    def connected(self, connection: socket.socket, local: str, remote: str) -> None:
        """Each line will say of which connection it speaks."""
        for name, address in ((local, connection.getsockname()), (remote, connection.getpeername())):
            self.endpoints[name] = f"[{address[0]}]:{address[1]}" if ":" in address[0] else f"{address[0]}:{address[1]}"

    def write(self) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row | self.endpoints) + "\n" for row in self.rows)


def connect(calls: Calls, family: int) -> socket.socket:
    source, target = (CLIENT6, SERVER6) if family == socket.AF_INET6 else (CLIENT, SERVER)
    client = socket.socket(family, socket.SOCK_STREAM)
    client.bind((source, 0))
    calls("connect()", client.connect, (target, PORT))
    calls.connected(client, "client", "server")
    return client


def accept(calls: Calls, listener: socket.socket) -> socket.socket:
    connection: socket.socket = calls("accept()", listener.accept)[0]
    calls.connected(connection, "server", "client")
    return connection


class WriteTwice:
    """The client writes, closes and is gone; the server then writes twice."""

    @staticmethod
    def client(calls: Calls, family: int) -> None:
        client = connect(calls, family)
        time.sleep(0.05)
        calls('write("hello\\n", 6)', client.send, b"hello\n")
        calls("close()", client.close)

    @staticmethod
    def server(calls: Calls, listener: socket.socket) -> None:
        connection = accept(calls, listener)
        calls("read()", connection.recv, 4096)
        calls("sleep(2)", time.sleep, 2)
        calls("read()", connection.recv, 4096)
        calls('write("the first answer.\\n", 18)', connection.send, b"the first answer.\n")
        calls("sleep(0.5)", time.sleep, 0.5)
        calls('write("the second answer\\n", 18)', connection.send, b"the second answer\n")
        calls("close()", connection.close)


class CloseClientFirst:
    """Handshake, six bytes, and the close in four segments, begun by the client."""

    @staticmethod
    def client(calls: Calls, family: int) -> None:
        client = connect(calls, family)
        time.sleep(0.05)
        calls('write("hello\\n", 6)', client.send, b"hello\n")
        time.sleep(0.05)
        calls("shutdown(SHUT_WR)", client.shutdown, socket.SHUT_WR)
        calls("read()", client.recv, 4096)
        calls("close()", client.close)

    @staticmethod
    def server(calls: Calls, listener: socket.socket) -> None:
        connection = accept(calls, listener)
        calls("read()", connection.recv, 4096)
        calls("read()", connection.recv, 4096)
        time.sleep(0.2)  # longer than a delayed ACK: the answer to the FIN and the other FIN stay two segments
        calls("close()", connection.close)


SCENARIOS: dict[str, Any] = {"write-twice": WriteTwice, "close-client-first": CloseClientFirst}


def in_process(program: Callable[..., None], side: str, log: Path, *arguments: Any) -> int:
    """Run one of the two programs in a process of its own; its number."""
    number = os.fork()
    if number == 0:
        status = 1
        try:
            calls = Calls(side, log)
            program(calls, *arguments)
            calls.write()
            status = 0
        finally:
            os._exit(status)
    return number


def run(scenario: Any, family: int, log: Path) -> None:
    listener = socket.create_server((SERVER6 if family == socket.AF_INET6 else SERVER, PORT), family=family)
    server = in_process(scenario.server, "server", log, listener)
    listener.close()
    client = in_process(scenario.client, "client", log, family)
    for number in (client, server):
        if os.waitpid(number, 0)[1] != 0:
            raise SystemExit("one of the two programs failed")
    time.sleep(0.3)  # for the last segments, and for tcpdump to write them


def record(name: str, family: int, into: Path) -> None:
    """One scenario: packets.pcapng and truth.jsonl in the folder of its name."""
    folder = into / name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        raw, log = Path(scratch) / "packets.pcap", Path(scratch) / "truth.jsonl"
        options = ["-i", "lo", "-Z", "root", "--immediate-mode", "-U", "--time-stamp-precision=nano", "-w", str(raw)]
        tcpdump = subprocess.Popen(["tcpdump", *options, "tcp"], stderr=subprocess.PIPE, text=True)
        assert tcpdump.stderr
        while "listening on" not in (line := tcpdump.stderr.readline()):
            if not line:
                raise SystemExit("tcpdump does not listen")
        run(SCENARIOS[name], family, log)
        tcpdump.send_signal(signal.SIGINT)
        counts = tcpdump.communicate()[1]
        if "\n0 packets dropped by kernel" not in "\n" + counts:
            raise SystemExit(f"packets were lost: {counts}")
        subprocess.run(["editcap", "-F", "pcapng", raw, folder / "packets.pcapng"], check=True)
        calls = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        calls.sort(key=lambda call: call["ts_ns"])
        (folder / "truth.jsonl").write_text("".join(json.dumps(call) + "\n" for call in calls), encoding="utf-8")
    print(f"{folder}: {counts.splitlines()[0]}")


def prepare_loopback() -> None:
    """The namespace's own loopback interface, with two hosts' addresses."""
    for words in (
        "link set lo mtu 1500 up",
        f"addr add {CLIENT}/24 dev lo",
        f"addr add {SERVER}/24 dev lo",
        f"addr add {CLIENT6}/64 dev lo nodad",
        f"addr add {SERVER6}/64 dev lo nodad",
    ):
        subprocess.run(["ip", *words.split()], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Record the samples again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--ipv6", action="store_true", help="over IPv6")
    parser.add_argument("-o", "--into", type=Path, default=Path(__file__).parent, metavar="DIR")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(SCENARIOS)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    if not chosen.inside:
        alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-current-user", "--keep-caps"]
        os.execvp(alone[0], [*alone, sys.executable, __file__, *sys.argv[1:], "--inside"])
    prepare_loopback()
    for name in chosen.names or SCENARIOS:
        record(name, socket.AF_INET6 if chosen.ipv6 else socket.AF_INET, chosen.into)


if __name__ == "__main__":
    main()
