"""finrst: how a TCP connection ended, who ended it, why, and what each application saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from .reading import Reading

__all__ = ["__version__", "read", "record"]
__version__ = "0.1.0"


def read(*paths: str | PathLike[str], server: str | PathLike[str] | None = None) -> Reading:
    """Read a capture, several files as one, or the folder of a recording; in a notebook it shows itself.

    reading = finrst.read("capture.pcap")
    reading.connection(3).draw("3.svg")

    `server`: the same traffic, captured at the server's end.
    """
    from .reading import read

    return read(*paths, server=server)


def record(name: str, into: str | PathLike[str] = "recordings", *, ipv6: bool = False) -> Reading:
    """Run a scenario with real sockets on this machine's own kernel, and read its recording in `into`/`name`.

    finrst.record("write-twice")
    """
    from .reading import record

    return record(name, into, ipv6=ipv6)
