"""A server closes an idle connection at the moment at which the client sends its next request."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import ask, close_unread

IDLE = 200  # milliseconds that the server waits for the next request


class IdleRace(Scenario):
    """The FIN of an idle server and the client's next request cross on the wire.

    Shows
        The race of every kept connection. The server's patience ends while a request is under way; neither end did
        anything wrong. The FIN arrives at the client before the RST that answers the request, so the client reads end
        of file, and never hears "Connection reset by peer".

    Steps
        One request is sent and answered. The server waits 0.2 s for another, then closes. What it sends is held on the
        wire; meanwhile the client sends its next request, which reaches the server. Then the wire lets go: FIN, RST.

    Expect
        The client's write returns 8: it has no way to know. Its read returns end of file, another write fails with
        EPIPE and raises SIGPIPE. The kernel's reason is TCP_ABORT_ON_DATA: data came to a socket that had closed.
    """

    title = "The close of an idle server and the client's next request cross on the wire"
    wire = "tun"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="idle-timeout-race",
        calls=(
            "server read = 8",
            "server read = EAGAIN",
            "client write = 8",
            "client write = 8",
            "client read = 3",
            "client read = EOF",
            "client write = EPIPE SIGPIPE",
        ),
        resets=("server TCP_ABORT_ON_DATA",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        kept_until_bored(lab, client, server)
        held = lab.hold(lab.is_from("server"), "everything that the server sends is held on the wire")
        server.process.exit()
        lab.until_segment("FIN", source="server", at="server")
        client.write(b"request\n")
        lab.until_segment("RST", source="server", at="server")
        lab.release(held, "the wire lets go of the FIN and the RST")
        lab.until_segment("RST", source="server")
        client.read()
        client.write(b"request\n")
        client.close()


class RequestFirst(IdleRace):
    """The request arrives just before the idle server closes, and is never read.

    Shows
        The same race, a moment earlier: the same two programs, another error. The request stands unread when the
        server closes, so there is no FIN, only RST, and the client does read "Connection reset by peer".

    Steps
        As in idle-race, but the next request reaches the server's kernel before the server closes; the program has
        given up waiting and does not read it.

    Expect
        The kernel's reason is TCP_ABORT_ON_CLOSE. The client's read fails with ECONNRESET.
    """

    variant = "request-first"
    title = "A request reaches an idle server just before it closes, and is never read"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=("server read = 8", "server read = EAGAIN", "client read = 3", "client read = ECONNRESET"),
        resets=("server TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        kept_until_bored(lab, client, server)
        close_unread(server, client, b"request\n")
        client.read()


class FinFirst(IdleRace):
    """The FIN has arrived, but the client writes its next request before it looks.

    Shows
        The same race, a moment later. The client's kernel has known for long that the server closed; a program that
        does not read does not know. A pool of connections must look (poll, or a read that does not block) before it
        takes one of them for the next request.

    Steps
        As in idle-race, but the server's FIN has been acknowledged when the client writes.

    Expect
        A poll before the write would have told: IN OUT RDHUP. The kernel's reason is TCP_TIMEWAIT_SOCKET. The client's
        write returns 8, its read end of file.
    """

    variant = "fin-first"
    title = "A client writes its next request to a connection that the idle server has closed"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="write-after-peer-closed",
        calls=(
            "server read = 8",
            "server read = EAGAIN",
            "client poll = IN OUT RDHUP",
            "client write = 8",
            "client write = 8",
            "client read = 3",
            "client read = EOF",
        ),
        resets=("server TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        kept_until_bored(lab, client, server)
        server.close()
        lab.until_fin_acked(server)
        client.poll()
        client.write(b"request\n")
        lab.until_segment("RST", source=server)
        client.read()


def kept_until_bored(lab: Lab, client: Socket, server: Socket) -> None:
    """A request and its answer; then the server waits for another one until its patience ends."""
    server.option("SO_RCVTIMEO", IDLE)
    ask(client, server, b"ok\n")
    server.read()
