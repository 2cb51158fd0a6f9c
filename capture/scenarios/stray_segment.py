"""A segment arrives for a connection that there never was."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import forge_from


class StraySegment(Scenario):
    """A segment arrives for a connection that there never was.

    Shows
        A kernel answers a stranger's segment with RST even if no connection ever existed. The RST takes its sequence
        number from the segment's own ACK number, so that whoever sent it would believe it.

    Steps
        A program on the client sends a segment of its own making with 6 bytes, to port 9000 of the server: sequence
        number 1000, ACK 2000. Nothing was ever sent between its two ports, and nobody listens there.

    Expect
        The server answers RST with sequence number 2000. The client's kernel, which knows of no connection either, lets
        the matter rest: a RST is never answered.
    """

    title = "A segment arrives for a connection that there never was"
    claims = ("N5c",)
    needs = ("scapy",)
    expect = Expect(ending="reset", ended_by="server", verdict="unknown-connection", resets=("server NO_SOCKET",))

    flags = "PSH ACK"
    ack = 2000
    answer = (2000, 0)  # sequence and ACK number of the RST

    def run(self, lab: Lab) -> None:
        lab.forge(
            "server",
            self.flags,
            src=lab.endpoint("client", lab.port()),
            dst=lab.endpoint("server", 9000),
            seq=1000,
            ack=self.ack,
            window=500,
            payload=b"hello\n",
            through="client",
            text="a program on the client sends a segment of its own making",
        )
        came = lab.until_segment("RST", source="server")
        lab.must_hold((came.seq, came.ack) == self.answer, f"RST with the numbers (sequence, ACK) {self.answer}")


class NoAck(StraySegment):
    """The same segment without an ACK number.

    Shows
        Where the stranger's segment has no ACK number to go by, the RST begins at 0 and acknowledges the segment
        instead. A SYN to a closed port has none either: the same rule makes "Connection refused".

    Steps
        As in stray-segment, but the segment has no ACK flag.

    Expect
        The server answers RST with sequence number 0 and ACK 1006.
    """

    variant = "no-ack"
    title = "A segment without ACK arrives for a connection that there never was"

    flags = "PSH"
    ack = 0
    answer = (0, 1006)


class Known(StraySegment):
    """The same segment arrives for a connection that exists.

    Shows
        What is a stranger's segment in one case is data in the other: with the right numbers nothing tells it from the
        client's own, and the server's program reads it.

    Steps
        The client connects. Another program on the client sends a segment of its own making with 6 bytes, between the
        same two ports and with the numbers that the server expects next. The server reads.

    Expect
        The server's read returns 6, and no RST is sent.
    """

    variant = "known"
    perturbs = "stray-segment"
    title = "The same segment arrives for a connection that exists"
    expect = Expect(
        ending="open",
        ended_by="nobody",
        verdict="still-open",
        calls=("client connect = 0", "server read = 6"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        forge_from(
            client,
            server,
            "PSH ACK",
            ack=lab.next_seq(server),
            window=500,
            payload=b"hello\n",
            through="client",
            text="another program on the client sends a segment of its own making",
        )
        server.read()
