"""The close in four segments, begun by the server."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say


class CloseServerFirst(Scenario):
    """The close in four segments, begun by the server.

    Shows
        Who connects does not decide who closes: here TIME_WAIT is the server's.

    Steps
        The client writes 6 bytes; the server reads them, answers with 6, and closes. The client reads the answer and
        the end of file, waits until its kernel has acknowledged the FIN, and closes.

    Expect
        Every call succeeds, and no RST is sent.
    """

    title = "Handshake, data, and a close in four segments that the server begins"
    claims = ("N1",)
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=(
            "client write = 6",
            "server read = 6",
            "server write = 6",
            "client read = 6",
            "client read = EOF",
            "server close = 0",
            "client close = 0",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.write(b"hello\n")
        server.read()
        say(server, client, b"there\n")
        both_close(server, client)
