"""connect(2) to AF_UNSPEC takes a connection back."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class Disconnect(Scenario):
    """A client takes its connection back with connect() to AF_UNSPEC, and connects again.

    Shows
        A little known way to abort: connect with the address family AF_UNSPEC. The connection ends with RST, the
        descriptor stays, and may be connected anew. To the server it is a reset like any other.

    Steps
        The client connects, and disconnects. Both programs read. Then the client connects again with the same socket:
        the server's kernel completes the handshake.

    Expect
        The kernel's reason is TCP_STATE. The server's read fails with ECONNRESET. So does the client's, who did it
        himself; after that he is told ENOTCONN, and his second connect succeeds.
    """

    title = "A client takes its connection back with connect() to AF_UNSPEC"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="health-check",
        proved="aborted-without-unread-data",
        calls=(
            "client connect = 0",
            "client connect = 0",
            "client connect = 0",
            "client read = ECONNRESET",
            "client read = ENOTCONN",
            "server read = ECONNRESET",
        ),
        resets=("client TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        local, remote = client.local, client.remote
        client.disconnect()
        lab.until(lambda seen: any(one.has("RST") and (one.src, one.dst) == (local, remote) for one in seen), "the RST")
        client.read()
        client.read()
        server.read()
        assert remote
        client.connect(remote)
