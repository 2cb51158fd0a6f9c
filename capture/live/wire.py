"""A wire in user space between two hosts of the lab: two TUN devices, and this between them.

It delays, drops, doubles, holds back and forges packets as a scenario says, by rules that see one packet at a time, so
that the same scenario always does the same. It has no thread: the lab turns it whenever it waits. What passes is not
captured here but at the two devices, by the packet sockets of both ends.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .. import segments
from ..segments import Segment

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000

Test = Callable[[Segment], bool]


def available() -> tuple[bool, str]:
    """Whether TUN devices can be made in a network namespace of one's own."""
    if not os.path.exists("/dev/net/tun"):  # noqa: PTH110
        return False, "no /dev/net/tun: modprobe tun"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return False, "/dev/net/tun cannot be opened"
    return True, ""


def device(name: str) -> int:
    """Make a TUN device in this network namespace; its descriptor, which does not block. Raises OSError."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    except OSError:
        os.close(fd)
        raise
    return fd


@dataclass(eq=False)
class Rule:
    """What happens to packets that match; the first rule that matches a packet decides."""

    test: Test
    copies: int  # 0: dropped; 2: doubled
    seconds: float  # more than the wire's own delay
    left: int | None  # for how many packets more; None: for all
    keep: bool = False  # hold them until `release`
    held: list[tuple[str, bytes]] = field(default_factory=list)
    matched: int = 0


class Wire:
    """The wire between `client` and `server`: descriptors of their TUN devices by host."""

    def __init__(self, devices: dict[str, int]) -> None:
        self.devices = devices
        self.delay = 0.0  # seconds each way
        self.rules: list[Rule] = []
        self._queue: list[tuple[float, int, str, bytes]] = []  # when (monotonic), order, to which host, packet
        self._count = 0

    def add(
        self, test: Test, *, copies: int, seconds: float = 0.0, left: int | None = None, keep: bool = False
    ) -> Rule:
        """A new rule, behind those that are there."""
        rule = Rule(test, copies, seconds, left, keep)
        self.rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """End a rule. What it holds goes on its way."""
        self.rules.remove(rule)
        self.release(rule)

    def release(self, rule: Rule) -> None:
        """Let the packets that a rule holds go now, in their order."""
        for to, raw in rule.held:
            self.put(to, raw)
        rule.held.clear()

    def put(self, to: str, raw: bytes, seconds: float = 0.0) -> None:
        """A packet that will come out at a host: also one that nobody sent."""
        self._count += 1
        heapq.heappush(self._queue, (time.monotonic() + seconds, self._count, to, raw))

    def turn(self) -> float | None:
        """Move what is due. Seconds until the next packet is due; None if none waits."""
        for host in self.devices:
            self._take(host)
        while self._queue and self._queue[0][0] <= time.monotonic():
            _when, _order, to, raw = heapq.heappop(self._queue)
            os.write(self.devices[to], raw)
            for host in self.devices:  # answers come before the next packet goes in
                self._take(host)
        return max(0.0, self._queue[0][0] - time.monotonic()) if self._queue else None

    def _take(self, host: str) -> None:
        to = "server" if host == "client" else "client"
        while True:
            try:
                raw = os.read(self.devices[host], 1 << 17)
            except BlockingIOError:
                return
            segment = segments.parse(raw)
            if segment is None:
                self.put(to, raw, self.delay)
                continue
            rule = next((one for one in self.rules if one.left != 0 and one.test(segment)), None)
            if rule is None:
                self.put(to, raw, self.delay)
                continue
            rule.matched += 1
            if rule.left is not None:
                rule.left -= 1
            if rule.keep:
                rule.held.append((to, raw))
            for _ in range(rule.copies):
                self.put(to, raw, self.delay + rule.seconds)

    def close(self) -> None:
        """The devices go away."""
        for fd in self.devices.values():
            os.close(fd)
