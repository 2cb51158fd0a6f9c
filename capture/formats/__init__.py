"""The capture formats: one file each, found by being there.

A format is a subclass of `Format` in a module of this package. It turns a `ByteStream` into `Records` batches;
frame numbers count exactly as Wireshark's do, and reading stops where Wireshark's stops, with the reason in
`damage`.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import ClassVar

from ..stream import ByteStream, Window, open_stream
from ..table import CaptureError, Damage, Records

#: Bytes of the file that decide its format.
HEAD = 16

#: The largest packet that Wireshark reads, in bytes, by link type (wiretap/pcap-common.c); anything longer is damage.
LARGEST = 262_144
_LARGEST = {
    186: 134_217_728,  # USB_FREEBSD
    189: 134_217_728,  # USB_LINUX
    220: 134_217_728,  # USB_LINUX_MMAPPED
    231: 134_217_728,  # DBUS
    249: 134_217_728,  # USBPCAP
    266: 134_217_728,  # USB_DARWIN
    279: 8_388_608,  # EBHSCR
}

#: The smallest packet, in bytes, of link types that begin with a header of fixed length; a shorter one stops Wireshark.
_SMALLEST = {
    123: 4,  # SUNATM
    139: 4,  # MTP2_WITH_PHDR
    144: 16,  # LINUX_IRDA
    177: 16,  # LINUX_LAPD
    196: 5,  # SITA
    197: 16,  # ERF
    201: 4,  # BLUETOOTH_HCI_H4_WITH_PHDR
    204: 1,  # PPP_WITH_DIR
    209: 5,  # I2C_LINUX
    245: 2,  # NFC_LLCP
    254: 4,  # BLUETOOTH_LINUX_MONITOR
}


def largest(link: int) -> int:
    """The most bytes that a packet of link type `link` may have."""
    return _LARGEST.get(link, LARGEST)


def smallest(link: int) -> int:
    """The fewest bytes that a packet of link type `link` may have."""
    return _SMALLEST.get(link, 0)


class Format:
    """A capture file being read.

    description: for people ("pcap, big-endian, nanoseconds"); link_types: LINKTYPE numbers in the order seen;
    packets: records so far (Wireshark's frames); damage: what is wrong with the file, in the order met;
    dropped: packets that the capturing side says it lost, None where it does not say; notes: remarks for people.
    """

    name: ClassVar[str] = ""
    suffixes: ClassVar[tuple[str, ...]] = ()
    known: ClassVar[dict[str, type[Format]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Format.known.setdefault(cls.name, cls)

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self.description = self.name
        self.link_types: list[int] = []
        self.packets = 0
        self.damage: list[Damage] = []
        self.dropped: int | None = None
        self.notes: list[str] = []
        self._window = Window(stream)
        self._ended = False

    @classmethod
    def recognises(cls, head: bytes) -> bool:
        """Whether a file that begins with `head` (HEAD bytes, fewer if it is shorter) is of this format."""
        raise NotImplementedError

    def fill(self, records: Records) -> int:
        """Fill `records` with the next rows, at most BATCH_ROWS; the number of rows, 0 at the end.

        From a pipe, rows are handed on as they come. Never raises for what the file holds: damage goes to `damage`.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        self.stream.close()

    def _stop(self, offset: int, what: str) -> None:
        """Reading ends at `offset`, because of `what`."""
        self._ended = True
        self.damage.extend(self.stream.damage)
        self.damage.append(Damage(offset, what, f"everything before it: {_packets(self.packets)}"))

    def _end(self, offset: int, left: int, what: str) -> None:
        """The bytes are over at `offset`, with `left` bytes of a record (`what`) begun; none: a clean end."""
        if left:
            self._stop(offset, f"{what} cut after {left:,} byte{'s' if left != 1 else ''}")
        else:
            self._ended = True
            self.damage.extend(self.stream.damage)


def _packets(count: int) -> str:
    return f"{count:,} packet{'s' if count != 1 else ''}"


def formats() -> list[type[Format]]:
    """Every format, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return [Format.known[name] for name in sorted(Format.known)]


def open_capture(path: str) -> Format:
    """Open the capture `path` ("-" is standard input) with the format that its first bytes say.

    `CaptureError` for a file that cannot be opened or is no capture.
    """
    stream = open_stream(path)
    try:
        head = stream.peek(HEAD)
        for candidate in formats():
            if candidate.recognises(head):
                return candidate(stream)
        raise CaptureError(f"{stream.name}: {_not_a_capture(stream, head)}")
    except BaseException:
        stream.close()
        raise


def _not_a_capture(stream: ByteStream, head: bytes) -> str:
    inside = f" ({stream.compression})" if stream.compression else ""
    if not head:
        why = stream.damage[0].what if stream.damage else "nothing in it"
        return f"not a capture file{inside} ({why})"
    text = head.decode("latin-1")
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        return f"not a capture file{inside} (starts with {text!r})"
    return f"not a capture file{inside} (starts with the bytes {head[:8].hex(' ')})"
