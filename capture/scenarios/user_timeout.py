"""A peer that cannot be reached any more, and how long a program waits for it."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class UserTimeout(Scenario):
    """The wire is cut, and the client's TCP_USER_TIMEOUT ends.

    Shows
        How to fail in time. Without it Linux sends the same data again for a quarter of an hour before the program
        hears of it. TCP_USER_TIMEOUT says how long sent data may stay unacknowledged. Nothing is sent at the end: the
        server never hears that the client has given up.

    Steps
        The client sets TCP_USER_TIMEOUT to 0.7 s, and a request goes through. The wire is cut. The client writes the
        next request, and waits in read. Then it writes again.

    Expect
        The write returns 8. The data is sent again a few times, at growing distances. The read fails with ETIMEDOUT,
        the write after it with EPIPE. No RST.
    """

    title = "The wire is cut, and the client gives up after its TCP_USER_TIMEOUT"
    wire = "tun"
    expect = Expect(
        ending="timed-out",
        ended_by="nobody",
        verdict="retransmission-timeout",
        calls=(
            "client write = 8",
            "client write = 8",
            "client read = ETIMEDOUT",
            "client write = EPIPE SIGPIPE",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.option("TCP_USER_TIMEOUT", 700)
        say(client, server, b"request\n")
        lab.cut()
        client.write(b"request\n")
        client.read()
        client.write(b"request\n")
