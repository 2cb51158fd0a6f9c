"""A program dies with data in its receive queue that it has not read."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class UnreadData(Scenario):
    """A client is killed while data stands in its receive queue, unread.

    Shows
        The kernel closes the sockets of a dead process. Data that came and was never read is lost, and the kernel says
        so: it sends RST and no FIN. Then, and only then, the other end's read says "Connection reset by peer".

    Steps
        The server writes 6 bytes. They reach the client, which does not read them, and is killed. The server waits for
        the RST, reads, reads again, and writes.

    Expect
        The kernel's reason is TCP_ABORT_ON_CLOSE. The server's first read fails with ECONNRESET: an error is told
        once, so the second one returns end of file. Its write fails with EPIPE and raises SIGPIPE.
    """

    title = "A client is killed while data stands in its receive queue, unread"
    claims = ("N5b",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=("server write = 6", "server read = ECONNRESET", "server read = EOF", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        server.write(b"hello\n")
        lab.until_received(client, 6)
        client.process.kill()
        lab.until_segment("RST", source=client)
        server.read()
        server.read()
        server.write(b"there\n")
        server.close()


class NothingUnread(UnreadData):
    """A client is killed when it has read everything.

    Shows
        That a process crashes is no reason for a RST: with nothing unread the kernel closes its connection as any
        other, with a FIN.

    Steps
        The server writes 6 bytes, the client reads them and is killed. The server reads, and closes.

    Expect
        No RST. The server's read returns end of file.
    """

    variant = "but-read"
    perturbs = "unread-data"
    title = "A client is killed when it has read everything"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("server write = 6", "client read = 6", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(server, client)
        client.process.kill()
        server.read()
        lab.until_fin_acked(client)
        server.close()
        lab.until_fin_acked(server)


class SoLinger(UnreadData):
    """A client that has read everything is killed, with SO_LINGER set to 0.

    Shows
        The second way for a dead process to send RST: it had asked for that in advance. SO_LINGER with 0 seconds makes
        every close a RST, and a kernel that cleans up after a process closes its sockets too.

    Steps
        The client sets SO_LINGER to 0. The server writes 6 bytes, the client reads them and is killed. The server waits
        for the RST, reads, reads again, and writes.

    Expect
        The kernel's reason is TCP_STATE. To the server it is the same RST as that over unread data: ECONNRESET, end of
        file, EPIPE.
    """

    variant = "linger-0"
    perturbs = "unread-data-but-read"
    title = "A client with SO_LINGER 0 is killed when it has read everything"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-without-unread-data",
        calls=(
            "server write = 6",
            "server write = EPIPE SIGPIPE",
            "client setsockopt = 0",
            "client read = 6",
            "server read = ECONNRESET",
            "server read = EOF",
        ),
        resets=("client TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.linger(0)
        say(server, client)
        client.process.kill()
        lab.until_segment("RST", source=client)
        server.read()
        server.read()
        server.write(b"there\n")
        server.close()
