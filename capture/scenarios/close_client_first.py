"""Handshake, six bytes, and the close in four segments, begun by the client."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say


class CloseClientFirst(Scenario):
    """Handshake, six bytes, and the close in four segments, begun by the client.

    Shows
        The notes' first figure: three segments open the connection, four close it; the end that closes first goes
        through FIN_WAIT_1 and FIN_WAIT_2, and stays in TIME_WAIT.

    Steps
        The client connects, writes 6 bytes, and closes. The server reads them and the end of file, waits until its
        kernel has acknowledged the FIN, and closes.

    Expect
        Every call succeeds, and no RST is sent.
    """

    title = "Handshake, data, and a close in four segments that the client begins"
    claims = ("N1", "N2", "N4")
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
        both_close(client, server)
