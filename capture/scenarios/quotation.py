"""The notes' quotation: the first write says "connection reset by peer", the second "broken pipe"."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import close_unread, say


class Quotation(Scenario):
    """Two writes to a client that closed without reading: "reset by peer", then "broken pipe".

    Shows
        When the notes' quotation is right: `sock.write('foo')` fails with ECONNRESET and `sock.write('bar')` with EPIPE
        if the RST came first and no FIN before it. An error is told once, to the first call that asks; afterwards the
        connection is simply gone.

    Steps
        The server writes 6 bytes. They reach the client, which closes without reading them, and exits. The server waits
        for the RST, writes twice, and reads twice.

    Expect
        The first write fails with ECONNRESET and raises no signal. The second fails with EPIPE and raises SIGPIPE. Both
        reads return end of file: the error has been told already.
    """

    title = "Two writes to a client that closed without reading: reset by peer, then broken pipe"
    claims = ("N8",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=(
            "server write = 6",
            "server write = ECONNRESET",
            "server write = EPIPE SIGPIPE",
            "server read = EOF",
            "server read = EOF",
        ),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        close_unread(client, server)
        client.process.exit()
        server.write(b"foo")
        server.write(b"bar")
        server.read()
        server.read()
        server.close()


class ReadFirst(Quotation):
    """The same, but the server reads before it writes.

    Shows
        Which call says "Connection reset by peer" is a matter of order, not of kind: the first one that asks takes the
        error, here a read. Neither write gets to see it.

    Steps
        The client closes over 6 unread bytes, and exits. The server waits for the RST, reads twice, and writes twice.

    Expect
        The first read fails with ECONNRESET, the second returns end of file. Both writes fail with EPIPE and raise
        SIGPIPE.
    """

    variant = "read-first"
    perturbs = "quotation"
    title = "The same two writes after a read, which takes the error"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=(
            "server write = 6",
            "server read = ECONNRESET",
            "server read = EOF",
            "server write = EPIPE SIGPIPE",
            "server write = EPIPE SIGPIPE",
        ),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        close_unread(client, server)
        client.process.exit()
        server.read()
        server.read()
        server.write(b"foo")
        server.write(b"bar")
        server.close()


class OrdinaryClose(Quotation):
    """The same, but the client reads everything before it closes.

    Shows
        After an ordinary close the first write is no failure at all: it returns 3. Nothing has told the server's kernel
        that nobody reads any more; a FIN only says that the client will not write.

    Steps
        The server writes 6 bytes, the client reads them, closes and exits. The server waits until its kernel has
        acknowledged the FIN, writes, waits for the RST, and writes again.

    Expect
        The first write returns 3 and is answered with RST. The second fails with EPIPE and raises SIGPIPE. ECONNRESET
        comes from no call.
    """

    variant = "ordinary-close"
    perturbs = "quotation"
    title = "The same two writes to a client that had read everything before it closed"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("server write = 6", "client read = 6", "server write = 3", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(server, client)
        client.close()
        client.process.exit()
        lab.until_fin_acked(client)
        server.write(b"foo")
        lab.until_segment("RST", source=client)
        server.write(b"bar")
        server.close()
