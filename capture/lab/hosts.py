"""The hosts of a laboratory and what joins them: network namespaces, addresses, and one of three wires."""

from __future__ import annotations

import contextlib
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from .. import facts
from ..live.wire import device
from .namespaces import LabError, enter_network, new_network, open_namespace

HOSTS = ("client", "server", "proxy")
ADDRESSES = {4: [f"10.9.0.{n}" for n in (1, 2, 3)], 6: [f"fd00:9::{n}" for n in (1, 2, 3)]}

Wired = Literal["loopback", "veth", "tun"]
WIRES: tuple[Wired, ...] = ("loopback", "veth", "tun")


class Hosts:
    """A client, a server and (at the client's) a proxy, joined by a loopback interface, a veth pair, or two TUNs.

    interfaces: the name of each host's own; devices: the TUNs' descriptors, none on other wires.
    """

    def __init__(self, kind: Wired, family: Literal[4, 6]) -> None:
        self.kind, self.family = kind, family
        self.devices: dict[str, int] = {}
        self._namespaces: dict[str, int] = {}
        # A port range of its own: the kernel's events do not say which laboratory they come from.
        self._ports = 32_768 + 256 * random.randrange(100)
        self._named = 0
        self.interfaces = self._build()

    def _build(self) -> dict[str, str]:
        self._namespaces["client"] = open_namespace()
        if self.kind == "loopback":
            self._namespaces["server"] = self._namespaces["client"]
        else:
            self._namespaces["server"] = new_network()
        self._namespaces["proxy"] = self._namespaces["client"]
        one, two, three = ADDRESSES[self.family]
        length = "24" if self.family == 4 else "64 nodad"
        for namespace in dict.fromkeys(self._namespaces.values()):
            enter_network(namespace)
            self._put("net/ipv4/ip_local_port_range", f"{self._ports} {self._ports + 247}")
            self._put("net/ipv6/conf/default/router_solicitations", "0")
            if self.family == 4:
                self._put("net/ipv6/conf/all/disable_ipv6", "1")
                self._put("net/ipv6/conf/default/disable_ipv6", "1")
        if self.kind == "loopback":
            self.enter("client")
            # One segment a packet: the loopback interface would pass 64 KiB at once, whatever its MTU.
            self._ip(
                "link set lo mtu 1500 gso_max_segs 1 up",
                *(f"addr add {address}/{length} dev lo" for address in (one, two, three)),
            )
            # What the client sends to another host comes from the client's address, not from that host's own.
            for address in (two, three):
                if self.family == 6:
                    self._unroute(address)
                self._ip(f"route replace local {address} dev lo table local src {one}", six=self.family == 6)
            interfaces = {"client": "lo"}
        elif self.kind == "veth":
            self.enter("client")
            twin = f"/proc/self/fd/{self._namespaces['server']}"
            self._ip(f"link add eth0 mtu 1500 gso_max_segs 1 type veth peer name eth0 netns {twin}")
            for host, address, other in (("client", one, two), ("server", two, one)):
                self.enter(host)
                self._ip(
                    "link set lo up",
                    f"link set eth0 address {self._mac(host)} gso_max_segs 1 addrgenmode none up",
                    f"addr add {address}/{length} dev eth0",
                    f"neigh add {other} lladdr {self._mac('server' if host == 'client' else 'client')} dev eth0",
                )
            interfaces = {"client": "eth0", "server": "eth0"}
        else:
            for host, address in (("client", one), ("server", two)):
                self.enter(host)
                self.devices[host] = device("tun0")
                self._ip(
                    "link set lo up",
                    "link set tun0 mtu 1500 addrgenmode none up",
                    f"addr add {address}/{length} dev tun0",
                )
            interfaces = {"client": "tun0", "server": "tun0"}
        self.enter("client")
        return interfaces

    def _unroute(self, address: str) -> None:
        """Take away the kernel's own route to an IPv6 address: it makes one a moment after the address is there."""
        for left in reversed(range(100)):
            try:
                self._ip(f"route del local {address} dev lo table local", six=True)
                return
            except LabError:
                if not left:
                    raise
                time.sleep(0.005)

    def _mac(self, host: str) -> str:
        return "02:00:00:00:09:01" if host == "client" else "02:00:00:00:09:02"

    def _ip(self, *commands: str, six: bool = False) -> None:
        done = subprocess.run(
            ["ip", *(["-6"] if six else []), "-batch", "-"],
            input="\n".join(commands) + "\n", capture_output=True, text=True, check=False,
            pass_fds=tuple(self._namespaces.values()),
        )  # fmt: skip
        if done.returncode:
            raise LabError(f"ip: {' '.join(done.stderr.split())}")

    def _put(self, path: str, value: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            Path("/proc/sys", path).write_text(value)

    def enter(self, host: str) -> None:
        """Move this process into a host's network namespace. Raises OSError."""
        enter_network(self._namespaces[host])

    @contextlib.contextmanager
    def at(self, host: str) -> Iterator[None]:
        """Do something in a host's network namespace."""
        self.enter(host)
        try:
            yield
        finally:
            self.enter("client")

    def address(self, host: str) -> str:
        """A host's address."""
        return ADDRESSES[self.family][HOSTS.index(host)]

    def endpoint(self, host: str, port: int) -> str:
        """A host's endpoint, as facts and calls name it."""
        return facts.endpoint(self.address(host), port)

    def port(self) -> int:
        """A port for a scenario that must name one, of the range that no other laboratory's programs use."""
        self._named += 1
        return self._ports + 256 - self._named
