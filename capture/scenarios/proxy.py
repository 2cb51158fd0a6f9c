"""A proxy between client and server: two connections, and what becomes of a RST on its way."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import both_close


class Proxy(Scenario):
    """A server aborts in the middle of its answer, and the proxy passes that on as a RST.

    Shows
        A RST ends at the socket that it reaches. A proxy has two connections: what the client is told is what the
        proxy's program makes of the error. Here it closes with SO_LINGER 0, so the client's "Connection reset by peer"
        comes from the proxy, though the proxy only repeats it. Two captures, or one at the proxy, tell who began.

    Steps
        The client connects to the proxy, which connects to the server. A request goes through, and 100 bytes of an
        answer come back. The server sets SO_LINGER 0 and closes. The proxy reads ECONNRESET, and does the same to the
        client.

    Expect
        Two RSTs with the reason TCP_STATE, the server's first. The client reads the 100 bytes, then ECONNRESET.
    """

    title = "A server aborts, and the proxy before it passes the RST on"
    pictured = (0, 1)  # before the proxy and behind it
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted",
        proved="aborted-without-unread-data",
        calls=(
            "proxy read = 8",
            "proxy read = 100",
            "proxy read = ECONNRESET",
            "client read = 100",
            "client read = ECONNRESET",
        ),
        resets=("server TCP_STATE", "proxy TCP_STATE"),
    )

    def run(self, lab: Lab) -> None:
        client, front, back, server = answered(lab)
        server.linger(0)
        server.close()
        lab.until_segment("RST", source=server)
        back.read()
        back.close()
        front.linger(0)
        front.close()
        lab.until_segment("RST", source=front)
        client.read()


class ProxyCloses(Proxy):
    """A server aborts in the middle of its answer, and the proxy closes as if the answer were complete.

    Shows
        The more harmful way to pass an error on. The client gets an ordinary FIN, and reads end of file: without a
        length in the answer it cannot know that the rest is missing. Between client and proxy nothing looks wrong.

    Steps
        As in proxy, but the proxy closes the client's connection without SO_LINGER.

    Expect
        One RST, the server's. The client reads the 100 bytes, then end of file.
    """

    variant = "closes"
    perturbs = "proxy"
    title = "A server aborts, and the proxy before it makes an ordinary close of it"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=(
            "proxy read = 8",
            "proxy read = 100",
            "proxy read = ECONNRESET",
            "client read = 100",
            "client read = EOF",
        ),
        resets=("server TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, front, back, server = answered(lab)
        server.linger(0)
        server.close()
        lab.until_segment("RST", source=server)
        back.read()
        back.close()
        both_close(front, client)


class ClientGone(Proxy):
    """The client goes away while the proxy waits for the server: one close, and two different RSTs.

    Shows
        How the end of an impatient client travels backwards. The proxy learns of it only when it passes the answer on:
        that is answered with RST. It gives up and closes the server's connection, too, with the rest of the answer
        unread: another RST, of another kind. The server's log blames the proxy.

    Steps
        A request goes through. The client closes. The server answers 100 bytes, the proxy passes them on and gets RST.
        The server writes 100 bytes more, which reach the proxy; the proxy closes. The server writes again.

    Expect
        TCP_TIMEWAIT_SOCKET from the client, then TCP_ABORT_ON_CLOSE from the proxy. The server's last write fails with
        ECONNRESET.
    """

    variant = "client-gone"
    title = "A client goes away, and the proxy behind it resets the connection to the server"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "server write = 100",
            "server write = 100",
            "server write = ECONNRESET",
            "proxy getsockopt = EPIPE",
        ),
        resets=("client TCP_TIMEWAIT_SOCKET", "proxy TCP_ABORT_ON_CLOSE"),
    )

    def run(self, lab: Lab) -> None:
        client, front, back, server = joined(lab)
        client.close()
        lab.until_fin_acked(client)
        server.write(100)
        back.read()
        front.write(100)
        lab.until_segment("RST", source=client)
        front.so_error()
        server.write(100)
        lab.until_received(back, 100)
        front.close()
        back.close()
        lab.until_segment("RST", source=back)
        server.write(100)


def joined(lab: Lab) -> tuple[Socket, Socket, Socket, Socket]:
    """Client, the proxy's two ends, server; a request has gone through."""
    origin = lab.process("server").listen(9000)
    middle = lab.process("proxy").listen(8080)
    client = lab.process("client").connect(middle)
    front = middle.process.accept(middle)
    back = middle.process.connect(origin)
    server = origin.process.accept(origin)
    client.write(b"request\n")
    front.read()
    back.write(b"request\n")
    server.read()
    return client, front, back, server


def answered(lab: Lab) -> tuple[Socket, Socket, Socket, Socket]:
    """The same, and the first 100 bytes of the answer have come through."""
    client, front, back, server = joined(lab)
    server.write(100)
    back.read()
    front.write(100)
    client.read()
    lab.until_acked(server)
    lab.until_acked(front)
    return client, front, back, server
