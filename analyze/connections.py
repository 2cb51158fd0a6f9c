"""The connection table as NumPy columns, and the words that filters and rules use on it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .columns import COLUMNS, RESET_COLUMNS, columns, reset_columns
from .scan import Scan
from .states import STATES
from .tell import by_packets
from .track import Reset
from .vocabulary import ENDINGS, NOBODY_CLOSED, WHO, ZEEK_CONN_STATES

if TYPE_CHECKING:
    from .joining import Joining

Column = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

DTYPES = {"B": np.uint8, "H": np.uint16, "I": np.uint32, "Q": np.uint64, "q": np.int64}


class ConnectionTable:
    """One row per connection, one NumPy column per fact (names and types: `columns.COLUMNS`)."""

    def __init__(self, found: Scan) -> None:
        arrays = columns(found.connections)
        self.size = len(found.connections)
        self.columns: dict[str, Column] = {
            name: np.frombuffer(arrays[name], dtype=DTYPES[code]) for name, code in COLUMNS.items()
        }
        if found.joining is not None:
            self.join(found, found.joining)

    def join(self, found: Scan, joining: Joining) -> None:
        """What kernels said of RSTs may change how a connection ended, and by whom."""
        resets: dict[int, list[Reset]] = {}
        for r in found.resets:
            resets.setdefault(r.connection, []).append(r)
        for row, c in enumerate(found.connections):
            if c.number in resets:
                told = joining.join(by_packets(found, c, resets[c.number]))
                self.columns["ending"][row] = ENDINGS.index(told.ending)
                self.columns["ended_by"][row] = WHO.index(told.ended_by)
                self.columns["closed_first"][row] = (
                    NOBODY_CLOSED if told.closed_first is None else WHO.index(told.closed_first)
                )
                self.columns["state_client"][row] = STATES.index(told.client_state)
                self.columns["state_server"][row] = STATES.index(told.server_state)

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __len__(self) -> int:
        return self.size

    def in_network(self, side: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> Mask:
        """Rows whose "client" or "server" address lies in `network`."""
        mask = int(network.netmask)
        base = int(network.network_address)
        hi, lo = self[f"{side}_hi"], self[f"{side}_lo"]
        low_mask, high_mask = np.uint64(mask & 0xFFFFFFFFFFFFFFFF), np.uint64(mask >> 64)
        found: Mask = self["version"] == network.version
        found = found & ((lo & low_mask) == np.uint64(base & 0xFFFFFFFFFFFFFFFF))
        if network.version == 6:
            found = found & ((hi & high_mask) == np.uint64(base >> 64))
        return found


class ResetTable:
    """One row per RST, one NumPy column per fact (names and types: `columns.RESET_COLUMNS`)."""

    def __init__(self, found: Scan) -> None:
        arrays = reset_columns(found.tracker.connections, found.resets)
        self.columns: dict[str, Column] = {
            name: np.frombuffer(arrays[name], dtype=DTYPES[code]) for name, code in RESET_COLUMNS.items()
        }

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["connection"])


#: Fields whose values are words: column and vocabulary.
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ending": ("ending", ENDINGS),
    "ended_by": ("ended_by", WHO),
    "closed_first": ("closed_first", WHO),
    "state.client": ("state_client", STATES),
    "state.server": ("state_server", STATES),
    "states.client": ("state_client", STATES),
    "states.server": ("state_server", STATES),
    "zeek.conn_state": ("conn_state", ZEEK_CONN_STATES),
    "direction": ("direction_seen", ("guessed", "seen")),
}

#: Fields whose values are numbers: the columns to add up.
NUMBERS: dict[str, tuple[str, ...]] = {
    "connection": ("number",),
    "client.port": ("client_port",),
    "server.port": ("server_port",),
    "packets": ("packets_client", "packets_server"),
    "packets.client": ("packets_client",),
    "packets.server": ("packets_server",),
    "bytes": ("bytes_client", "bytes_server"),
    "bytes.client": ("bytes_client",),
    "bytes.server": ("bytes_server",),
    "retransmissions": ("retransmissions_client", "retransmissions_server"),
    "retransmissions.client": ("retransmissions_client",),
    "retransmissions.server": ("retransmissions_server",),
    "rst": ("rst_client", "rst_server"),
    "rst.client": ("rst_client",),
    "rst.server": ("rst_server",),
    "first_frame": ("first_frame",),
    "last_frame": ("last_frame",),
    "ip.version": ("version",),
}
