"""A FIN that the server never sent."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import before_forgery, find_out, forge_from


class ForgedFin(Scenario):
    """A forged FIN tells the client that the server has said everything.

    Shows
        A FIN is as easy to forge as a RST, and its victim gets no error: read returns end of file, and an answer that
        was cut short looks complete. Protocols that matter say how long an answer is.

    Steps
        The client writes 6 bytes, which the server reads. A FIN reaches the client that carries the server's address
        and its next sequence number. The client reads. The server, which has not closed, writes 18 bytes, and reads.
        Then the client writes.

    Expect
        The client's read returns end of file. The server's 18 bytes come behind a FIN: the client's kernel takes that
        for a broken peer and resets the connection (TCP_ABORT_ON_DATA). The server's read fails with ECONNRESET; the
        client, which had its end of file before, writes and gets EPIPE.
    """

    title = "A forged FIN tells the client that the server has said everything"
    wire = "tun"
    needs = ("scapy",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="forged-fin",
        calls=(
            "client write = 6",
            "client write = EPIPE SIGPIPE",
            "client read = EOF",
            "server read = 6",
            "server write = 18",
            "server read = ECONNRESET",
        ),
        resets=("client TCP_ABORT_ON_DATA",),
    )

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        forge_from(server, client, "FIN ACK", ack=lab.next_seq(client), window=500)
        client.read()
        lab.until_quiet()  # the ends disagree about the FIN, and say so
        find_out(server, client)
        client.write(b"there?")
        client.close()
        server.close()
