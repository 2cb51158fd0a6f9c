"""A RST is lost on its way."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class LostRst(Scenario):
    """A RST is lost on its way, and the other end learns with its next segment.

    Shows
        A RST is sent once: nobody acknowledges it, and nobody repeats it. If it is lost, the other end lives on half a
        connection, and gets its RST only when it sends something.

    Steps
        The server writes 6 bytes, which the client does not read. The client is killed; the wire drops its RST. The
        server writes 18 bytes, and reads.

    Expect
        The server's end is still established when it writes, and the write returns 18. The second RST has another
        reason than the first one: TCP_ABORT_ON_CLOSE, then NO_SOCKET. The server's read fails with ECONNRESET.
    """

    title = "A RST is lost on its way, and the other end learns with its next segment"
    wire = "tun"
    claims = ("N5b", "N5c")
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="lost-reset",
        calls=("server write = 6", "server write = 18", "server read = ECONNRESET"),
        resets=("client TCP_ABORT_ON_CLOSE", "client NO_SOCKET"),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        server.write(b"hello\n")
        lab.until_received(client, 6)
        lab.until_acked(server)
        lost = lab.drop(lab.is_from(client, "RST"), "the wire drops the client's RST", count=1)
        client.process.kill()
        lab.wait(lambda: lost.matched == 1, "the RST to be lost")
        lab.until_state(server, "ESTABLISHED")
        server.write(b"are you all right?")
        lab.until_segment("RST", source=client, count=2)
        server.read()
        server.close()
