"""A load balancer looks whether a server is there, and goes away with a RST."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class HealthCheck(Scenario):
    """A client connects, and resets the connection without having sent a byte.

    Shows
        What a load balancer's health check looks like. It wants to know whether the port answers, no more, and RST is
        the cheapest way to go. To the server's program it is a client that came and failed: "Connection reset by peer"
        in the log every few seconds, with nothing wrong anywhere.

    Steps
        The client connects, sets SO_LINGER 0 and closes. When the RST has come, the server accepts and reads.

    Expect
        accept returns a socket, though the connection is dead already: the error waits in it. The first read fails
        with ECONNRESET. The kernel's reason is TCP_STATE.
    """

    title = "A health check: connect, and RST without a byte of data"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="health-check",
        calls=("client connect = 0", "client close = 0", "server accept = 4", "server read = ECONNRESET"),
        resets=("client TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen()
        client = lab.process("client").connect(listener)
        client.linger(0)
        client.close()
        lab.until_segment("RST", source=client)
        listener.process.accept(listener).read()


class Polite(HealthCheck):
    """A client connects, and closes without having sent a byte.

    Shows
        The same question asked politely: FIN in place of RST costs three packets more, and the log stays clean.

    Steps
        As in health-check, without SO_LINGER.

    Expect
        No RST. The server's first read returns end of file.
    """

    variant = "polite"
    perturbs = "health-check"
    title = "A health check: connect, and an ordinary close without a byte of data"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client close = 0", "server read = EOF", "server close = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen()
        client = lab.process("client").connect(listener)
        client.close()
        lab.until_fin_acked(client)
        server = listener.process.accept(listener)
        server.read()
        server.close()
        lab.until_fin_acked(server)
