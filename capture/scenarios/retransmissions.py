"""The ACKs stay away, and the client's kernel gives up."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class Retransmissions(Scenario):
    """Data is sent again and again, no ACK comes, and the client's kernel gives up.

    Shows
        What the end of patience looks like. The kernel sends the data again and again, each time after a longer wait;
        then it tells its own program ETIMEDOUT. To the peer it says nothing: the RST that the notes expect never comes.

    Steps
        net.ipv4.tcp_retries2, which limits the retransmissions, is lowered from 15 to 1: seconds instead of a quarter
        of an hour. The client writes 6 bytes, which the server reads. The wire is cut. The client writes 6 bytes more,
        reads twice, and writes.

    Expect
        The client's read fails with ETIMEDOUT within 2 s, its next one returns end of file, its last write fails with
        EPIPE. No RST is sent. The server's connection is open, and nothing will ever tell its program otherwise.
    """

    title = "Data is sent again and again, no ACK comes, and the client's kernel gives up"
    wire = "tun"
    claims = ("N5d",)
    expect = Expect(
        ending="timed-out",
        ended_by="nobody",
        verdict="retransmission-timeout",
        calls=(
            "client write = 6",
            "client write = 6",
            "client write = EPIPE SIGPIPE",
            "server read = 6",
            "client read = ETIMEDOUT",
            "client read = EOF",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        lab.sysctl("client", "net.ipv4.tcp_retries2", 1)
        client, server = lab.pair()
        say(client, server)
        lab.cut()
        client.write(b"there?")
        client.read()
        client.read()
        client.write(b"there?")
        client.close()
        lab.until_state(server, "ESTABLISHED")
