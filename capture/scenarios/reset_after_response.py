"""A client has its complete response, and leaves with a RST: who notices depends on whether the server had closed."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import ask


class ResetAfterResponse(Scenario):
    """A client has read the response and the end of it, and closes with RST. Nobody notices.

    Shows
        A RST that is no fault. The server has sent everything, closed and gone; the client has read it to the end. That
        the client then saves itself a FIN costs no byte, and there is no program left to read an error. Many of the
        RSTs in an ordinary capture are of this kind.

    Steps
        Request and response; the server closes, and its FIN is acknowledged. The client reads the response and end of
        file, sets SO_LINGER 0 and closes.

    Expect
        Every call succeeds. The kernel's reason is TCP_STATE, and the server's kernel drops what it still knew of the
        connection.
    """

    title = "A client leaves with RST after a complete response: nobody notices"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="reset-instead-of-fin",
        calls=(
            "client write = 8",
            "server write = 9",
            "server close = 0",
            "client read = 9",
            "client read = EOF",
            "client close = 0",
        ),
        resets=("client TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = answered(lab)
        server.close()
        client.read()
        lab.until_fin_acked(server)
        lab.until_state(server, "FIN_WAIT_2")
        client.linger(0)
        client.close()
        lab.until_state(server, "CLOSED")


class StillOpen(ResetAfterResponse):
    """A client has read the response, and closes with RST a connection that the server would keep.

    Shows
        The same RST, noticed: the server waits for the next request, and its read fails. No byte was lost here either,
        and yet there is an error in the log.

    Steps
        As in reset-after-response, but the server keeps the connection, and reads.

    Expect
        The server's read fails with ECONNRESET.
    """

    variant = "kept"
    title = "A client leaves with RST after a complete response: the server waits for the next request"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-without-unread-data",
        calls=("client read = 9", "client close = 0", "server read = 8", "server read = ECONNRESET"),
        resets=("client TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = answered(lab)
        client.linger(0)
        client.close()
        lab.until_segment("RST", source=client)
        server.read()


def answered(lab: Lab) -> tuple[Socket, Socket]:
    """Both ends after a request and its complete response."""
    client, server = lab.pair()
    ask(client, server, b"complete\n")
    return client, server
