"""The notes' experiment 1: a server writes once to a client that has closed, then selects and reads."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import close_unread, say, say_and_leave, write_in_vain


class WriteOnce(Scenario):
    """A server writes once to a client that has closed, then selects and reads.

    Shows
        The notes expect "Connection reset by peer" from the read, and Linux returns end of file: the client's FIN came
        before its RST, and a stream that has ended stays ended. What the RST changes is the error that is kept for
        the next call that asks: EPIPE, for a connection whose other end had already closed.

    Steps
        The client connects, writes 6 bytes, closes and exits. The server reads them, waits until its kernel has
        acknowledged the client's FIN, writes 18 bytes and waits for the RST. It polls, reads, and asks for SO_ERROR.

    Expect
        poll reports everything at once: IN OUT ERR HUP RDHUP. The read returns end of file and leaves the error where
        it is; SO_ERROR then gives EPIPE. ECONNRESET comes from no call.
    """

    title = "A server writes once to a client that has closed, then selects and reads"
    claims = ("N7a",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "server read = 6",
            "server write = 18",
            "server poll = IN OUT ERR HUP RDHUP",
            "server read = EOF",
            "server getsockopt = EPIPE",
        ),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say_and_leave(client, server)
        write_in_vain(server, client)
        self.look(server)

    def look(self, server: Socket) -> None:
        """The server polls, reads, asks for SO_ERROR, and closes."""
        server.poll()
        server.read()
        server.so_error()
        server.close()


class Unread(WriteOnce):
    """The same, but the client closes without having read what the server had sent.

    Shows
        What makes the difference is the FIN. A client that closes over unread data sends RST and no FIN, and the
        server's read does fail with ECONNRESET.

    Steps
        The client writes 6 bytes, the server reads them and writes 18. They reach the client, which closes without
        reading, and exits. The server waits for the RST, polls, reads, and asks for SO_ERROR.

    Expect
        The read fails with ECONNRESET. That took the error away: SO_ERROR gives 0.
    """

    variant = "unread"
    perturbs = "write-once"
    title = "A server writes once, and the client closes without reading it"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=(
            "server read = 6",
            "server write = 18",
            "server poll = IN OUT ERR HUP RDHUP",
            "server read = ECONNRESET",
            "server getsockopt = 0",
        ),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.write(b"hello\n")
        server.read()
        close_unread(client, server, b"the first answer.\n")
        client.process.exit()
        self.look(server)


class Vanished(WriteOnce):
    """The same, but the client's kernel forgets the connection and sends no FIN.

    Shows
        The notes' result, word for word: one write that succeeds, and a read that fails with ECONNRESET. It takes a
        client whose machine has lost the connection, as by a reboot.

    Steps
        The client writes 6 bytes, the server reads them. The client's connection vanishes without a packet. The server
        writes 18 bytes, waits for the RST, polls, reads, and asks for SO_ERROR.

    Expect
        The kernel's reason is NO_SOCKET. The read fails with ECONNRESET, and SO_ERROR then gives 0.
    """

    variant = "vanished"
    perturbs = "write-once"
    title = "A server writes once to a client whose connection has vanished without a FIN"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="unknown-connection",
        calls=(
            "server read = 6",
            "server write = 18",
            "server poll = IN OUT ERR HUP RDHUP",
            "server read = ECONNRESET",
            "server getsockopt = 0",
        ),
        resets=("client NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        client.vanish()
        write_in_vain(server, client)
        self.look(server)
