"""A connection attempt to a port on which nobody listens."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close


class Refused(Scenario):
    """A connection attempt to a port on which nobody listens.

    Shows
        Where no socket listens, the kernel answers the SYN with RST at once: "Connection refused". No program at the
        server's end is asked, or hears of it.

    Steps
        The client connects to port 9 of the server.

    Expect
        connect fails with ECONNREFUSED. The kernel's reason is NO_SOCKET.
    """

    title = "A connection attempt to a port on which nobody listens"
    claims = ("N5a",)
    expect = Expect(
        ending="refused",
        ended_by="server",
        verdict="refused",
        calls=("client connect = ECONNREFUSED",),
        resets=("server NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client = lab.process("client")
        attempt = client.connect(lab.endpoint("server", 9))
        attempt.close()


class UnlessListening(Refused):
    """A connection attempt to the same port, with a listener.

    Shows
        The same SYN, answered by SYN-ACK: one socket in LISTEN is all the difference. The program need not even be
        awake; the kernel answers, and accept only fetches what is there.

    Steps
        A server listens at port 9. The client connects; only then does the server accept. The client closes, and the
        server reads the end of file and closes.

    Expect
        connect succeeds before accept is called, and no RST is sent.
    """

    variant = "unless-listening"
    perturbs = "refused"
    title = "A connection attempt to the same port, with a listener"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client connect = 0", "server accept = 4", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen(9)
        client = lab.process("client").connect(listener)
        server = listener.process.accept(listener)
        both_close(client, server)
