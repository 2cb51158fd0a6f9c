"""A connection attempt to a port on which nobody listens."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


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
        ending="refused", ended_by="server", calls=("client connect = ECONNREFUSED",), resets=("server NO_SOCKET",)
    )

    def run(self, lab: Lab) -> None:
        client = lab.process("client")
        attempt = client.connect(lab.endpoint("server", 9))
        attempt.close()
