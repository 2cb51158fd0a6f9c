"""Data that the server never sent."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import before_forgery, both_close, forge_from, say


class ForgedData(Scenario):
    """Forged data takes the place of the server's own.

    Shows
        Whoever knows the numbers can put words into a connection. The client reads the forger's bytes; of the server's
        own data, which has the same sequence numbers, the first bytes count as a repetition and are thrown away. No
        call fails, and nothing is reset: only encryption notices.

    Steps
        The client writes 6 bytes, which the server reads. 6 bytes reach the client that carry the server's address and
        its next sequence number; the client reads them. The server writes 18 bytes, and the client reads again. Both
        close.

    Expect
        The client's first read returns the 6 forged bytes, its second one 12: what is left of the server's 18. The
        client acknowledges data that the server has not sent, and the server objects with an ACK of its own.
    """

    title = "Forged data takes the place of the server's own"
    wire = "tun"
    needs = ("scapy",)
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "client write = 6",
            "client read = 6",
            "client read = 12",
            "server read = 6",
            "server write = 18",
            "server read = EOF",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        forge_from(server, client, "PSH ACK", ack=lab.next_seq(client), window=500, payload=b"trust!")
        client.read()
        lab.until_quiet()  # the ends disagree about six bytes, and say so
        say(server, client, b"are you all right?")
        both_close(client, server)
