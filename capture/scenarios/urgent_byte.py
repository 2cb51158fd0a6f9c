"""An urgent byte that was read, and counts as unread all the same."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close


class UrgentByte(Scenario):
    """A client reads everything, the urgent byte too, and its close still becomes a RST.

    Shows
        A trap of MSG_OOB. The urgent byte is read by a call of its own, but keeps its place in the receive queue. For
        close there is a byte that no read has passed, and so the kernel sends RST as if data were unread.

    Steps
        The server sends one urgent byte, "!". The client reads it with recv(MSG_OOB), and closes. The server reads.

    Expect
        The client's recv returns 1, its close 0. The kernel's reason is TCP_ABORT_ON_CLOSE; the server's read fails
        with ECONNRESET.
    """

    title = "A client has read the urgent byte, and its close becomes a RST all the same"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=("server send = 1", "client recv = 1", "client close = 0", "server read = ECONNRESET"),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        server.send(b"!", "MSG_OOB")
        lab.until_received(client, 1)
        client.recv(1, "MSG_OOB")
        client.close()
        lab.until_segment("RST", source=client)
        server.read()


class Passed(UrgentByte):
    """The client's ordinary read passes the urgent byte, too.

    Shows
        What clears the queue: an ordinary read beyond the place of the urgent byte. It returns the data behind it.

    Steps
        As in urgent-byte, but the server writes 6 ordinary bytes behind the urgent one, and the client reads those,
        too, before it closes.

    Expect
        No RST. The server reads end of file.
    """

    variant = "passed"
    perturbs = "urgent-byte"
    title = "A client has read the urgent byte and what came behind it, and closes with FIN"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("server send = 1", "server write = 6", "client recv = 1", "client read = 6", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        server.send(b"!", "MSG_OOB")
        server.write(b"hello\n")
        lab.until_received(client, 7)
        client.recv(1, "MSG_OOB")
        client.read()
        both_close(client, server)
