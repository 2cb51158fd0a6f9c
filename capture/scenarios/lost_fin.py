"""A FIN is lost, or its ACK."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say

CLOSED = Expect(
    ending="closed",
    ended_by="client",
    verdict="closed",
    calls=("client write = 6", "client close = 0", "server read = 6", "server read = EOF", "server close = 0"),
    resets=(),
)


class LostFin(Scenario):
    """The client's FIN is lost.

    Shows
        A FIN is sent again like data until it is acknowledged, though the program that closed is long done with it:
        close has returned 0 without waiting.

    Steps
        The client writes 6 bytes, which the server reads. The wire drops the client's next FIN. The client closes, the
        server reads the end of file, and closes.

    Expect
        The FIN is sent again after some 200 ms. The server's read returns end of file then, and not before.
    """

    title = "The client's FIN is lost, and sent again"
    wire = "tun"
    expect = CLOSED

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        lab.drop(lab.is_from(client, "FIN"), "the wire drops the client's FIN", count=1)
        both_close(client, server)


class LostFinAck(LostFin):
    """The last ACK of all is lost.

    Shows
        What TIME_WAIT is for: nobody acknowledges the last ACK, so its sender must stay for a while, in case the other
        end's FIN comes once more. Without TIME_WAIT it would be answered with RST.

    Steps
        As in lost-fin, but the wire drops the client's ACK of the server's FIN.

    Expect
        The server's end stays in LAST_ACK and sends its FIN again. The client's end, in TIME_WAIT, acknowledges it
        again, and the server's end is gone.
    """

    variant = "ack"
    claims = ("N1",)
    title = "The last ACK of all is lost: what TIME_WAIT is for"

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        client.close()
        server.read()
        lab.until_fin_acked(client)
        lab.drop(lab.is_from(client, "ACK"), "the wire drops the client's last ACK", count=1)
        server.close()
        lab.until_segment("FIN", source=server, count=2)
        lab.until_state(server, "CLOSED")
