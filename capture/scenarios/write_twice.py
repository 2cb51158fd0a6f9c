"""The notes' experiment 2: a server writes twice to a client that has closed and gone."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class WriteTwice(Scenario):
    """A server writes twice to a client that has closed and gone.

    Shows
        A write succeeds when the kernel has taken the data, not when the peer has. The first write to a closed peer
        returns 18 and is answered with RST; only the second one fails: EPIPE, and SIGPIPE is raised.

    Steps
        The client connects, writes 6 bytes, closes and exits. The server reads them, and waits until its kernel has
        acknowledged the client's FIN. It writes 18 bytes, waits for the RST, and writes 18 bytes again.

    Expect
        The first write returns 18. The client's kernel, which has nobody left to give the data to, answers RST. The
        second write fails with EPIPE and raises SIGPIPE, and nothing of it reaches the wire.
    """

    title = "A server writes twice to a client that has closed and gone"
    claims = ("N7b",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        calls=("client write = 6", "server read = 6", "server write = 18", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.write(b"hello\n")
        server.read()
        client.close()
        client.process.exit()
        lab.until_fin_acked(client)
        server.write(b"the first answer.\n")
        lab.until_segment("RST", source=client)
        server.write(b"the second answer\n")
        server.close()
