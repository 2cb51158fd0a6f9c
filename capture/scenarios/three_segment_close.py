"""The close in three segments: the second FIN carries the ACK of the first."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class ThreeSegmentClose(Scenario):
    """The close in three segments: the second FIN carries the ACK of the first.

    Shows
        Why most captures show three segments where the books draw four. A kernel may wait a little with an ACK; if its
        own program closes in the meantime, FIN and ACK leave in one segment.

    Steps
        The client writes 6 bytes, and the server, which waits in read, takes them. The server waits in read again. The
        client closes; the server's read returns end of file, and it closes at once.

    Expect
        FIN, FIN with the ACK of the first, ACK. Every call succeeds, and no RST is sent.
    """

    title = "Handshake, data, and a close in three segments"
    claims = ("N1",)
    perturbs = "close-client-first"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client write = 6", "server read = 6", "server read = EOF", "client close = 0", "server close = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        server.option("TCP_QUICKACK", 0)  # a new connection would send its first ACKs at once
        waiting = server.begin_read()
        lab.until_blocked(waiting)
        client.close()
        waiting.result()
        server.close()
        lab.until_fin_acked(server)
        closing = [one for one in lab.packets if one.has("FIN")]
        lab.must_hold(
            len(closing) == 2 and closing[1].ack == closing[0].end and lab.packets[-1].ack == closing[1].end,
            "the second FIN to carry the ACK of the first",
        )
