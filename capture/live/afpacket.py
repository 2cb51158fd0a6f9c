"""Packets of an interface from Linux's packet socket: a ring in shared memory (packet(7), TPACKET_V3).

The kernel stamps each packet when it takes it (CLOCK_REALTIME, ns) and writes it into a block of the ring; a block is
handed over when it is full or a millisecond old. The ring needs no rights beyond CAP_NET_RAW in the interface's network
namespace, while a receive buffer of its size would need CAP_NET_ADMIN on the machine.

On the loopback interface each packet passes twice, going out and coming in: the outgoing copy is passed over, as
libpcap does. A VLAN tag that the kernel took off is put back. Nothing is reordered.
"""

from __future__ import annotations

import mmap
import os
import socket
import struct
from collections.abc import Sequence

from ..table import LINKTYPE_ETHERNET, LINKTYPE_RAW
from . import Live

SOL_PACKET = 263
PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, PACKET_RESERVE = 5, 6, 10, 12
TPACKET_V3 = 2
ETH_P_ALL = 3
SO_ATTACH_FILTER = 26
SIOCGIFHWADDR = 0x8927
ARPHRD = {1: LINKTYPE_ETHERNET, 772: LINKTYPE_ETHERNET, 65534: LINKTYPE_RAW}  # Ethernet, loopback, none (tun)

STATUS_USER = 1  # the block is ours
VLAN_VALID, VLAN_TPID_VALID = 1 << 4, 1 << 6
OUTGOING = 4  # sll_pkttype
ADDRESS = 48  # of sockaddr_ll behind struct tpacket3_hdr

Instruction = tuple[int, int, int, int]  # of classic BPF: code, jt, jf, k


def available() -> tuple[bool, str]:
    """Whether packets can be captured here, and why not: needs Linux, and CAP_NET_RAW."""
    if not hasattr(socket, "AF_PACKET"):
        return False, "packet sockets are Linux's"
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError as error:
        return False, f"no packet socket: {error.strerror} (needs root, or: setcap cap_net_raw+ep on the Python)"
    return True, ""


def link_of(interface: str) -> int:
    """The LINKTYPE of an interface's packets. Raises OSError: ENODEV; ValueError for one that is not known here."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            request = fcntl.ioctl(any_socket, SIOCGIFHWADDR, struct.pack("16s24x", interface.encode()[:15]))
        except OSError as error:
            raise OSError(error.errno, error.strerror, interface) from None
    (hardware,) = struct.unpack_from("=H", request, 16)
    if hardware not in ARPHRD:
        raise ValueError(f"{interface}: link type {hardware} (ARPHRD) is not known here")
    return ARPHRD[hardware]


class AfPacket:
    """An interface being captured. `bpf` is a classic BPF program, e.g. of `tcpdump -ddd`.

    Raises OSError: ENODEV no such interface, EPERM without CAP_NET_RAW; ValueError for a link type not known here.
    """

    def __init__(
        self, interface: str, *, block: int = 1 << 18, blocks: int = 64, bpf: Sequence[Instruction] = ()
    ) -> None:
        self.interface = interface
        self._loopback = False
        self._received = self._dropped = 0
        # Protocol 0: takes nothing before it is bound, so no packet of another interface gets in.
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
        try:
            self._socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V3)
            self._socket.setsockopt(SOL_PACKET, PACKET_RESERVE, 4)  # room to put a VLAN tag back
            if bpf:
                self._filter(bpf)
            ring = struct.pack("=7I", block, blocks, 2048, block // 2048 * blocks, 1, 0, 0)  # 1: milliseconds
            self._socket.setsockopt(SOL_PACKET, PACKET_RX_RING, ring)
            self._ring = mmap.mmap(self._socket.fileno(), block * blocks)
            self._socket.bind((interface, ETH_P_ALL))
            self.link = link_of(interface)
            self._loopback = self._socket.getsockname()[3] == 772
        except OSError as error:
            self._socket.close()
            raise OSError(error.errno, error.strerror, interface) from None
        except BaseException:
            self._socket.close()
            raise
        self._block, self._blocks, self._next = block, blocks, 0

    def _filter(self, program: Sequence[Instruction]) -> None:
        import ctypes

        code = b"".join(struct.pack("=HBBI", *one) for one in program)
        held = ctypes.create_string_buffer(code, len(code))
        fprog = struct.pack("@HP", len(program), ctypes.addressof(held))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, fprog)

    def fileno(self) -> int:
        """Becomes readable when a block has been handed over."""
        return self._socket.fileno()

    def read(self) -> list[Live]:
        """The packets of the blocks that the kernel has handed over; does not wait."""
        ring, packets = self._ring, list[Live]()
        while True:
            start = self._next * self._block
            status, count, first = struct.unpack_from("=III", ring, start + 8)
            if not status & STATUS_USER:
                return packets
            at = start + first
            for _ in range(count):
                step, seconds, nanos, size, length, flags, mac, _net = struct.unpack_from("=IIIIIIHH", ring, at)
                kind = ring[at + ADDRESS + 10]
                if not (self._loopback and kind == OUTGOING):
                    data = ring[at + mac : at + mac + size]
                    if flags & VLAN_VALID:
                        tci, tpid = struct.unpack_from("=IH", ring, at + 32)
                        tag = struct.pack(">HH", tpid if flags & VLAN_TPID_VALID else 0x8100, tci & 0xFFFF)
                        data, length = data[:12] + tag + data[12:], length + 4
                    packets.append(Live(seconds * 1_000_000_000 + nanos, data, length, kind == OUTGOING))
                at += step
            struct.pack_into("=I", ring, start + 8, 0)  # back to the kernel
            self._next = (self._next + 1) % self._blocks

    def counts(self) -> tuple[int, int]:
        """Packets that the kernel has taken and dropped (PACKET_STATISTICS, which starts again when asked)."""
        taken, dropped, _freezes = struct.unpack("=III", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 12))
        self._received += taken
        self._dropped += dropped
        return self._received, self._dropped

    def close(self) -> None:
        """Give ring and socket back."""
        self._ring.close()
        self._socket.close()


def compiled_filter(expression: str, link: int) -> list[Instruction]:
    """A capture filter in libpcap's syntax, as BPF for a link type: compiled by tcpdump. Raises ValueError."""
    import subprocess

    kind = "RAW" if link == LINKTYPE_RAW else "EN10MB"
    try:
        done = subprocess.run(
            ["tcpdump", "-ddd", "-y", kind, "-s", str(1 << 18), *([expression] if expression else [])],
            capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except FileNotFoundError:
        raise ValueError("a capture filter needs tcpdump, which compiles it") from None
    if done.returncode:
        raise ValueError(f"{expression}: {done.stderr.strip().splitlines()[-1].removeprefix('tcpdump: ')}")
    rows = [tuple(int(word) for word in line.split()) for line in done.stdout.splitlines()[1:]]
    return [(code, yes, no, value) for code, yes, no, value in rows]
