"""The wire is cut, and mended again: too late, or in time."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, find_out, say


class WireCut(Scenario):
    """The wire is cut until the client gives up; then it is mended, and the server speaks.

    Shows
        Half a connection: the client has given up without a RST, for nobody could have heard it. The server knows of
        nothing, for as long as it is silent. A RST only comes when it speaks after the wire is mended.

    Steps
        The client writes 6 bytes, which the server reads. The wire is cut. The client writes 6 bytes, of which no ACK
        comes within 0.7 s (TCP_USER_TIMEOUT), and reads. The wire is mended. The server writes 18 bytes, and reads.

    Expect
        The client's read fails with ETIMEDOUT. The server's write returns 18; the client's kernel answers it with RST
        (NO_SOCKET), and the server's read fails with ECONNRESET.
    """

    title = "The wire is cut until the client gives up; mended, it brings the server a RST"
    wire = "tun"
    claims = ("N5d", "N5c")
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="retransmission-timeout",
        calls=(
            "client write = 6",
            "client write = 6",
            "client read = ETIMEDOUT",
            "server read = 6",
            "server write = 18",
            "server read = ECONNRESET",
        ),
        resets=("client NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.option("TCP_USER_TIMEOUT", 700)
        say(client, server)
        cut = lab.cut()
        client.write(b"there?")
        client.read()
        lab.until_state(server, "ESTABLISHED")
        lab.release(cut, "the wire is mended")
        find_out(server, client)
        client.close()
        server.close()


class InTime(WireCut):
    """The wire is cut, and mended while the client still tries.

    Shows
        A connection is nothing but what its two ends remember. The wire may be gone for a while: if both ends are
        patient, no program ever hears of it.

    Steps
        As in wire-cut, but the wire is mended after the client has sent its data three times in vain. Then both close.

    Expect
        The fourth try arrives, and every call succeeds.
    """

    variant = "in-time"
    perturbs = "wire-cut"
    title = "The wire is cut, and mended while the client still tries"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client write = 6", "client write = 6", "server read = 6", "server read = 6", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        cut = lab.cut()
        client.write(b"there?")
        lab.wait(lambda: cut.matched == 3, "the third try")
        lab.release(cut, "the wire is mended")
        server.read()
        lab.until_acked(client)
        both_close(client, server)
