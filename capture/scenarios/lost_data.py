"""Data is lost, comes in another order, or comes twice: the programs do not notice."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say


class LostData(Scenario):
    """The only segment on its way is lost.

    Shows
        With nothing behind it no ACK can tell that a segment is missing. A timer of the sender has to. Linux sends the
        last segment again after some 200 ms, as a tail loss probe (RFC 8985); were that lost, too, the retransmission
        timeout would follow, as long, and twice as long with each one after it. One copy alone does not tell which.

    Steps
        The wire drops the client's next segment. The client writes 6 bytes, the server reads them. Both close.

    Expect
        The segment is sent twice. Write and read return 6.
    """

    title = "The only segment on its way is lost, and its sender's timer notices"
    wire = "tun"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client write = 6", "server read = 6", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        lab.drop(lab.is_from(client, "PSH"), "the wire drops the client's next segment", count=1)
        say(client, server)
        both_close(client, server)


class OneOfMany(LostData):
    """One segment of six is lost.

    Shows
        What arrives behind a gap is acknowledged, too: each time the receiver repeats the number that it waits for, and
        says in an option (SACK) what it has beyond. After the third repetition the sender does not wait for its timer.

    Steps
        On a wire of 10 ms each way the client writes six times 100 bytes; the wire drops the second segment. When all
        of it stands in the server's queue, the server reads. Both close.

    Expect
        The second segment is sent again one round trip later. The server's read returns 600: the bytes behind the gap
        waited in its kernel.
    """

    variant = "one-of-many"
    title = "One segment of six is lost, and the ACKs of the others tell"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(*("client write = 100",) * 6, "server read = 600", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        lab.wire.delay = 0.01
        client, server = lab.pair()
        client.option("TCP_NODELAY", 1)
        first = lab.next_seq(client)
        lab.drop(
            lambda one: lab.is_from(client, "PSH")(one) and one.seq == (first + 100) & 0xFFFFFFFF,
            "the wire drops the client's second segment", count=1,
        )  # fmt: skip
        for _ in range(6):
            client.write(100)
        lab.until_received(server, 600)
        server.read()
        lab.until_acked(client)
        both_close(client, server)


class Reordered(LostData):
    """Two segments swap places on the way.

    Shows
        A gap is not yet a loss: the segment may only be late. The receiver waits for it and passes on nothing until it
        is there; the sender waits a moment, too, before it sends again.

    Steps
        On a wire of 20 ms each way the client writes twice 100 bytes. The wire holds the first segment until the second
        one has arrived. Then the server reads. Both close.

    Expect
        The server acknowledges the second segment with SACK, then both. Nothing is sent again. Its read returns 200, in
        the right order.
    """

    variant = "reordered"
    title = "Two segments swap places on the way"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client write = 100", "client write = 100", "server read = 200", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        lab.wire.delay = 0.02
        client, server = lab.pair()
        client.option("TCP_NODELAY", 1)
        first = lab.hold(lab.is_from(client, "PSH"), "the wire holds the client's first segment", count=1)
        client.write(100)
        client.write(100)
        lab.until_segment("PSH", source=client, at="server")
        lab.release(first, "the wire lets it go")
        lab.until_received(server, 200)
        server.read()
        lab.until_acked(client)
        both_close(client, server)


class Duplicated(LostData):
    """Every packet arrives twice.

    Shows
        TCP counts bytes, so that a second copy of data or of a FIN is known for what it is: it is acknowledged again
        and thrown away. Only a copy of the very last ACK does more: it arrives where the connection is over already.

    Steps
        The wire delivers every packet twice. The client writes 6 bytes, the server reads them. Both close.

    Expect
        Every call succeeds, and read returns 6 once. The server's FIN comes twice and is acknowledged twice, and each
        of these ACKs comes twice: the first of the four ends the server's connection, the other three are answered with
        RST. No program sees them.
    """

    variant = "duplicated"
    title = "Every packet arrives twice"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="reset-after-close",
        calls=("client write = 6", "server read = 6", "server read = EOF"),
        resets=("server TCP_FLAGS",) * 3,
    )

    def run(self, lab: Lab) -> None:
        lab.duplicate(lambda one: True, "the wire delivers every packet twice")
        client, server = lab.pair()
        say(client, server)
        both_close(client, server)
        lab.until_segment("RST", source=server, count=3)
