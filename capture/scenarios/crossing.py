"""On a slow wire what one end sends crosses what the other one sends."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say

SLOW = 0.15  # seconds each way: longer than it takes the lab to make both calls


class CrossingResets(Scenario):
    """Both ends abort at the same time, and their RSTs cross.

    Shows
        Each RST arrives where the connection is gone already. A RST is never answered, so both are ignored, and nobody
        is told anything: the connection was ended by both.

    Steps
        On a wire of 150 ms each way both ends set SO_LINGER to 0 and close.

    Expect
        Two RSTs, each with the reason TCP_STATE. No kernel accepts the other one's.
    """

    variant = "resets"
    title = "Both ends abort at the same time, and their RSTs cross"
    wire = "tun"
    expect = Expect(
        ending="reset",
        ended_by="both",
        verdict="both-aborted",
        calls=("client close = 0", "server close = 0"),
        resets=("client TCP_STATE", "server TCP_STATE"),
    )

    def run(self, lab: Lab) -> None:
        lab.wire.delay = SLOW
        client, server = lab.pair()
        client.linger(0)
        server.linger(0)
        client.close()
        server.close()
        lab.until_segment("RST", source=client, at="server")
        lab.until_segment("RST", source=server)


class CrossingFins(CrossingResets):
    """Both ends close at the same time, and their FINs cross.

    Shows
        The simultaneous close: both ends go from FIN_WAIT_1 to CLOSING, and both to TIME_WAIT. Which of the two closed
        first has no answer.

    Steps
        The client writes 6 bytes, which the server reads. On a wire of 150 ms each way both close.

    Expect
        Every call succeeds, and each end acknowledges the other one's FIN. No RST is sent.
    """

    variant = "fins"
    claims = ("N1",)
    title = "Both ends close at the same time, and their FINs cross"
    expect = Expect(
        ending="closed",
        ended_by="both",
        verdict="simultaneous-close",
        calls=("client write = 6", "server read = 6", "client close = 0", "server close = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        lab.wire.delay = SLOW
        client, server = lab.pair()
        say(client, server)
        client.close()
        server.close()
        lab.until_fin_acked(client)
        lab.until_fin_acked(server)


class CrossingData(CrossingResets):
    """The server closes with unread data while more data is on its way to it.

    Shows
        Why one abort makes many RSTs: the first one is the server's decision, the others answer the segments that were
        still on their way. The client hears the first one and ignores the rest, for it has no connection any more.

    Steps
        On a wire of 150 ms each way the client writes 100 bytes; they reach the server, which does not read them. The
        client writes three times more, and before that arrives the server closes. The client reads, and writes.

    Expect
        Four RSTs of the server's kernel: TCP_ABORT_ON_CLOSE, and three times TCP_FLAGS, which is its word for a segment
        of an unknown connection to a port with a listener. The client's read fails with ECONNRESET, its write with
        EPIPE.
    """

    variant = "data"
    claims = ("N5b", "N5c")
    title = "The server closes with unread data while more is on its way: four RSTs"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="closed-without-answer",
        proved="aborted-with-unread-data",
        calls=(*("client write = 100",) * 4, "client write = EPIPE SIGPIPE", "client read = ECONNRESET"),
        resets=("server TCP_ABORT_ON_CLOSE", *("server TCP_FLAGS",) * 3),
    )

    def run(self, lab: Lab) -> None:
        lab.wire.delay = SLOW
        client, server = lab.pair()
        client.option("TCP_NODELAY", 1)
        client.write(100)
        lab.until_received(server, 100)
        for _ in range(3):
            client.write(100)
        server.close()
        client.read()
        client.write(100)
        lab.until_segment("RST", source=server, count=4)
        client.close()
