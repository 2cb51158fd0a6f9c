"""Read a capture from its first byte to its last through the engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..capture.formats import Format, open_capture
from ..capture.merge import Merged
from ..capture.table import Records
from .continued import continued, replaced
from .track import Connection, IcmpError, Reset, Tracker

if TYPE_CHECKING:
    from .joining import Joining
    from .resets import Reasons
    from .vantage import Vantage
    from .verdicts import Verdicts

#: Link type numbers by tcpdump's names (tcpdump.org/linktypes.html); others are shown as numbers.
LINK_NAMES = {
    0: "NULL",
    1: "EN10MB",
    6: "IEEE802",
    8: "SLIP",
    9: "PPP",
    10: "FDDI",
    12: "RAW",
    14: "RAW",
    50: "PPP_SERIAL",
    51: "PPP_ETHER",
    100: "ATM_RFC1483",
    101: "RAW",
    104: "C_HDLC",
    105: "IEEE802_11",
    107: "FRELAY",
    108: "LOOP",
    109: "ENC",
    113: "LINUX_SLL",
    117: "PFLOG",
    119: "PRISM_HEADER",
    127: "IEEE802_11_RADIO",
    163: "IEEE802_11_RADIO_AVS",
    192: "PPI",
    204: "PPP_PPPD",
    228: "IPV4",
    229: "IPV6",
    239: "NFLOG",
    240: "NETANALYZER",
    242: "IPOIB",
    258: "PKTAP",
    276: "LINUX_SLL2",
}


@dataclass
class Scan:
    """What one pass over a capture has found: the engine's records, not yet told as a story.

    packets: records of the file; tcp_packets: of them, TCP; connections: one record per tcp.stream that
    has packets of its own; resets: one per RST.
    """

    paths: tuple[str, ...]
    source: Format | Merged
    tracker: Tracker
    connections: list[Connection] = field(default_factory=list)
    shown: tuple[str, ...] = ()  # the names that people see; a temporary copy of standard input is shown as "-"
    systems: tuple[str, str] = ("linux", "linux")  # that the client and the server run on (--os)
    joining: Joining | None = None  # what was said beside the packets, where they are a recording's
    verdicts: Verdicts | None = None  # once they have been asked for
    reasons: Reasons | None = None  # of its RSTs, once they have been asked for
    vantage: Vantage | None = None  # the same traffic, captured at the server's end
    _icmp: dict[int, list[IcmpError]] | None = None
    _continued: dict[int, int] | None = None
    _replaced: dict[int, tuple[int, int]] | None = None
    _replaced_by: dict[int, int] | None = None

    @property
    def packets(self) -> int:
        """Records of the file, TCP or not."""
        return self.source.packets

    @property
    def tcp_packets(self) -> int:
        """Packets with a TCP header of their own."""
        return self.tracker.tcp_packets

    @property
    def resets(self) -> list[Reset]:
        """One record per RST, in the file's order."""
        return self.tracker.resets

    @property
    def continued(self) -> dict[int, int]:
        """Connections that go on under another number, and that."""
        if self._continued is None:
            self._continued = continued(self.tracker)
        return self._continued

    @property
    def replaced(self) -> dict[int, tuple[int, int]]:
        """Connections that began in another one's TIME_WAIT: that one, and the side that was in it."""
        if self._replaced is None:
            self._replaced = replaced(self.tracker)
        return self._replaced

    @property
    def replaced_by(self) -> dict[int, int]:
        """Connections in whose TIME_WAIT another one began, and that."""
        if self._replaced_by is None:
            self._replaced_by = {before: number for number, (before, _) in self.replaced.items()}
        return self._replaced_by

    def icmp(self, number: int) -> list[IcmpError]:
        """The ICMP errors that quote a packet of this connection."""
        if self._icmp is None:
            self._icmp = {}
            for error in self.tracker.errors:
                self._icmp.setdefault(error.connection, []).append(error)
        return self._icmp.get(number, [])


def scan(
    path: str | Sequence[str],
    tracker: Tracker | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scan:
    """Read the capture `path` ("-": standard input); `progress` is told the records read so far.

    Several paths are one capture in parts. Raises CaptureError when one is no capture at all; a damaged one
    is read up to the damage. An interrupt (Ctrl-C) ends standard input; of files it ends the reading as usual.
    """
    paths = (path,) if isinstance(path, str) else tuple(path)
    source = open_capture(paths[0]) if len(paths) == 1 else Merged(paths)
    if tracker is None:
        tracker = Tracker(int.from_bytes(os.urandom(8), "little"))
    records = Records()
    try:
        while source.fill(records):
            tracker.feed(records)
            if progress is not None:
                progress(source.packets)
            if source.packets >= tracker.to_frame:
                break
    except KeyboardInterrupt:
        if paths != ("-",):
            raise
        source.notes.append("reading was interrupted")  # as the tcpdump before it was, by the same Ctrl-C
    finally:
        source.close()
    connections = (
        [c for c in tracker.connections if c.packets[0] or c.packets[1]] if tracker.quoted_only else tracker.connections
    )
    return Scan(paths, source, tracker, connections, paths)
