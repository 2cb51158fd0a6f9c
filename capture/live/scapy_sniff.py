"""Packets of an interface from Scapy, which knows the ways of BSD, macOS and Windows. Needs finrst[forge].

Scapy's times are the kernel's where it gets them; drops are not counted.
"""

from __future__ import annotations

import errno
import select
import sys
from typing import Any

from ..table import LINKTYPE_ETHERNET, LINKTYPE_NULL, LINKTYPE_RAW
from . import Live

NAME = "scapy_sniff"

SOL_PACKET, PACKET_IGNORE_OUTGOING = 263, 23  # packet(7)

#: Scapy's first layer of a packet, and the LINKTYPE of its bytes.
LAYERS = {"Ether": LINKTYPE_ETHERNET, "Loopback": LINKTYPE_NULL, "IP": LINKTYPE_RAW, "IPv6": LINKTYPE_RAW}


def available() -> tuple[bool, str]:
    """Whether Scapy is installed; whether it may capture shows when it is started."""
    from importlib.util import find_spec

    if find_spec("scapy") is None:
        return False, "pip install 'finrst[forge]'"
    return True, ""


class ScapySniff:
    """An interface that Scapy listens to. Raises OSError without the right to capture; ImportError without Scapy."""

    def __init__(self, interface: str, bpf: str = "") -> None:
        import scapy.arch  # chooses the sockets of this system
        import scapy.layers.inet6  # noqa: F401  the layers that the link types are bound to
        from scapy.config import conf
        from scapy.error import Scapy_Exception

        try:
            listen: Any = conf.L2listen
            self._socket = listen(iface=interface, filter=bpf or None)
        except Scapy_Exception as error:
            raise OSError(errno.EPERM, str(error), interface) from None
        except ValueError as error:
            raise OSError(errno.ENODEV, str(error), interface) from None
        self.link = LAYERS.get(self._socket.LL.__name__, LINKTYPE_ETHERNET)
        if sys.platform == "linux" and interface == conf.loopback_name:
            # Its packets pass twice, going out and coming in: once is enough.
            self._socket.ins.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self._received = 0

    def fileno(self) -> int:
        """Becomes readable when packets are there."""
        return int(self._socket.fileno())

    def read(self) -> list[Live]:
        """The packets that are there; does not wait."""
        packets = []
        while select.select([self._socket], [], [], 0)[0]:
            packet = self._socket.recv()
            if packet is None:
                continue
            data = bytes(packet.original or bytes(packet))
            packets.append(Live(int(packet.time * 1_000_000_000), data, packet.wirelen or len(data)))
        self._received += len(packets)
        return packets

    def counts(self) -> tuple[int, int]:
        """Packets received; what was dropped is not known."""
        return self._received, 0

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()
