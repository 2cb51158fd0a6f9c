"""Packets of an interface from tcpdump, where it may capture and this Python may not; it also compiles the filter.

It writes the classic pcap format with nanoseconds to a pipe (`-w -`, `-U`: each packet at once). Where it is started as
root of a user namespace it must not change its user (`-Z root`): the namespace has no other.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess

from . import Live

NAME = "tcpdump"
MAGIC = 0xA1B23C4D  # nanoseconds


def available() -> tuple[bool, str]:
    """Whether there is a tcpdump; whether it may capture shows when it is started."""
    if shutil.which("tcpdump") is None:
        return False, "apt install tcpdump"
    return True, ""


class Tcpdump:
    """A running tcpdump. Raises OSError with what it said when it does not begin to listen."""

    def __init__(self, interface: str, bpf: str = "", buffer_kib: int = 16_384) -> None:
        command = ["tcpdump", "-i", interface, "-U", "--immediate-mode", "-B", str(buffer_kib)]
        command += ["--time-stamp-precision=nano", "-w", "-", *(["-Z", "root"] if os.geteuid() == 0 else [])]
        self._program = subprocess.Popen(
            [*command, *([bpf] if bpf else [])],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the recorder's: it ends tcpdump when it has read the rest
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        assert self._program.stdout and self._program.stderr
        self._out, self._err = self._program.stdout, self._program.stderr
        said = b""
        while b"listening on" not in said:
            line = self._err.readline()
            if not line:
                self._program.wait()
                raise OSError(1, said.decode("utf-8", "replace").strip().removeprefix("tcpdump: "), interface)
            said = line
        head = self._out.read(24)
        (magic,) = struct.unpack_from("=I", head)
        if magic != MAGIC:
            self._program.kill()
            raise OSError(5, f"tcpdump wrote no pcap with nanoseconds but {magic:#x}", interface)
        (self.link,) = struct.unpack_from("=H", head, 20)
        os.set_blocking(self._out.fileno(), False)
        self._rest = b""
        self._counts = (0, 0)

    def fileno(self) -> int:
        """Becomes readable when packets are there."""
        return self._out.fileno()

    def read(self) -> list[Live]:
        """The packets that are there; does not wait."""
        packets = []
        while True:
            try:
                chunk = os.read(self._out.fileno(), 1 << 20)
            except BlockingIOError:
                break
            if not chunk:
                break
            self._rest += chunk
        at = 0
        while at + 16 <= len(self._rest):
            seconds, nanos, size, length = struct.unpack_from("=IIII", self._rest, at)
            if at + 16 + size > len(self._rest):
                break
            packets.append(Live(seconds * 1_000_000_000 + nanos, self._rest[at + 16 : at + 16 + size], length))
            at += 16 + size
        self._rest = self._rest[at:]
        return packets

    def stop(self) -> list[Live]:
        """End it, and take what it still had; then `counts` knows what it says."""
        self._program.terminate()
        os.set_blocking(self._out.fileno(), True)
        self._program.wait()
        last = self.read()
        said = self._err.read().decode("utf-8", "replace")
        received = re.search(r"(\d+) packets? received by filter", said)
        dropped = re.findall(r"(\d+) packets? dropped by (?:kernel|interface)", said)
        self._counts = int(received[1]) if received else 0, sum(int(number) for number in dropped)
        return last

    def counts(self) -> tuple[int, int]:
        """Packets received and dropped, known after `stop`."""
        return self._counts

    def close(self) -> None:
        """End it, if that was not done."""
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait()
        self._out.close()
        self._err.close()
