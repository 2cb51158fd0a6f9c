"""A client that has said everything still listens: the half-close."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class HalfClose(Scenario):
    """A client ends its half of the connection, and the server goes on sending.

    Shows
        A FIN closes one direction. Data may flow in the other for as long as it likes: this is what shutdown(SHUT_WR)
        is for, and why a server cannot conclude from end of file that nobody reads its answer.

    Steps
        The client writes 6 bytes and shuts down its sending half. The server reads them and the end of file, and writes
        18 bytes twice. The client reads each, and writes: its own half is closed. The server closes, then the client.

    Expect
        Both answers arrive, no RST is sent. The client's write fails with EPIPE and raises SIGPIPE, although the
        connection is in the best of health.
    """

    title = "A client ends its half of the connection, and the server goes on sending"
    claims = ("N1",)
    perturbs = "close-client-first"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "client write = 6",
            "client write = EPIPE SIGPIPE",
            "client shutdown = 0",
            "server read = 6",
            "server read = EOF",
            "server write = 18",
            "server write = 18",
            "client read = 18",
            "client read = 18",
            "client read = EOF",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        client.shutdown("WR")
        server.read()
        lab.until_fin_acked(client)
        for answer in (b"the first answer.\n", b"the second answer\n"):
            say(server, client, answer)
        client.write(b"there\n")
        server.close()
        client.read()
        lab.until_fin_acked(server)
        client.close()
