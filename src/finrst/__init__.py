"""finrst: how a TCP connection ended, who ended it, why, and what each application saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from .reading import Reading

__all__ = ["__version__", "read", "record"]
__version__ = "0.1.0"


def read(
    *paths: str | PathLike[str],
    server: str | PathLike[str] | None = None,
    strace: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
    kernel: str | PathLike[str] | Sequence[str | PathLike[str]] = (),
    os: str | None = None,
) -> Reading:
    """Read a capture, several files as one, or the folder of a recording; in a notebook it shows itself.

        reading = finrst.read("capture.pcap")
        reading.connection(3).draw("3.svg")

    The others are those of the command:

    - `server`: the same traffic, captured at the server's end;
    - `strace`: what a program's calls returned, one log or several of strace -f -ttt -yy;
    - `kernel`: what the kernel said, one text trace or several;
    - `os`: what the ends run on, for what their calls return: "windows", or "client=linux,server=windows".

    Raises CaptureError (finrst.capture.table) with one line that says what is wrong, OSError, and ValueError for an
    unknown system, and for a `server` in which no connection of the capture is.
    """
    from .reading import read

    return read(*paths, server=server, strace=strace, kernel=kernel, os=os)


def record(name: str, into: str | PathLike[str] = "recordings", *, ipv6: bool = False) -> Reading:
    """Run a scenario with real sockets on this machine's own kernel, and read its recording in `into`/`name`.

    finrst.record("write-twice")
    """
    from .reading import record

    return record(name, into, ipv6=ipv6)
