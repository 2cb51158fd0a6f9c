"""shutdown of one half or both, and then data comes from the other end."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close


class ShutdownBoth(Scenario):
    """A client shuts down both halves but keeps its socket; then data comes.

    Shows
        After shutdown(SHUT_RDWR) the kernel may answer data with RST as if the program had closed. But the program is
        still there: its own read fails with "Connection reset by peer", though the RST was its own kernel's and no RST
        ever reached it. Look at who sent the RST before the other end is blamed.

    Steps
        The client shuts down both halves. The server waits until its kernel has acknowledged the FIN, and writes. Both
        read.

    Expect
        The client's kernel sends RST: TCP_ABORT_ON_DATA. The client's own read fails with ECONNRESET. The server,
        whom the RST was for, reads end of file: to it the FIN came first.
    """

    title = "A client shuts down both halves, data comes, and the client itself is told of a reset"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "client shutdown = 0",
            "server write = 6",
            "client read = ECONNRESET",
            "client read = EOF",
            "server read = EOF",
        ),
        resets=("client TCP_ABORT_ON_DATA",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.shutdown("RDWR")
        lab.until_fin_acked(client)
        server.write(b"hello\n")
        lab.until_segment("RST", source=client)
        client.read()
        client.read()
        server.read()


class ShutdownRead(ShutdownBoth):
    """A client shuts down its receiving half; data still comes, and can still be read.

    Shows
        shutdown(SHUT_RD) says nothing to the other end: no packet is sent. On Linux data that comes afterwards is even
        acknowledged and kept, and a read returns it; only when there is none does read return end of file.

    Steps
        The client shuts down its receiving half, and reads. The server writes 6 bytes. The client reads twice more,
        and both ends close.

    Expect
        No RST. The client's reads return end of file, then 6, then end of file again.
    """

    variant = "but-write"
    perturbs = "shutdown-both"
    title = "A client shuts down its receiving half, and reads what still comes"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client shutdown = 0", "client read = EOF", "server write = 6", "client read = 6", "client read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.shutdown("RD")
        client.read()
        server.write(b"hello\n")
        lab.until_received(client, 6)
        client.read()
        client.read()
        both_close(client, server, read=False)
