"""One end has lost the connection without a word, the other has not: a half-open connection, and how it is found."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import ask


class HalfOpen(Scenario):
    """The server's machine loses the connection without a packet, and the client finds out when it sends.

    Shows
        A connection is only what two kernels remember. One may forget, as in a power cut, and no packet tells: to the
        other end a dead connection is the same as a silent one. Only its own next segment gets an answer: RST, from a
        kernel that knows nothing of it.

    Steps
        A request is sent and answered. The server's kernel forgets the connection. The client writes, waits for the
        RST, and reads.

    Expect
        The client's write returns 8. The kernel's reason is NO_SOCKET. The client's read fails with ECONNRESET: there
        was no FIN.
    """

    title = "The server has forgotten the connection, and the client finds out when it sends"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="unknown-connection",
        calls=("client write = 8", "client write = 8", "client read = 3", "client read = ECONNRESET"),
        resets=("server NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = used(lab)
        server.vanish()
        client.write(b"request\n")
        lab.until_segment("RST", source=server)
        client.read()


class ByKeepalive(HalfOpen):
    """The client only waits, and its kernel's keepalive probe finds out.

    Shows
        Who only reads never sends anything, and would wait for ever. A keepalive probe is the segment that gets an
        answer: an ACK from a peer that remembers, RST from one that does not.

    Steps
        As in half-open, but the client does not write: it waits in read, with SO_KEEPALIVE and a TCP_KEEPIDLE of 1 s.

    Expect
        The probe is answered with RST, reason NO_SOCKET, and the waiting read fails with ECONNRESET.
    """

    variant = "by-keepalive"
    title = "The server has forgotten the connection, and a keepalive probe finds out"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="half-open",
        calls=("client write = 8", "client read = 3", "client read = ECONNRESET"),
        resets=("server NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = used(lab)
        client.option("TCP_KEEPIDLE", 1)
        client.option("SO_KEEPALIVE", 1)
        server.vanish()
        client.read()


class ByClose(HalfOpen):
    """The client closes, and its FIN finds out: nobody is told.

    Shows
        The luckiest case: the FIN gets the RST, and there is no program left to hear of it.

    Steps
        As in half-open, but the client closes.

    Expect
        close returns 0. The reason is NO_SOCKET.
    """

    variant = "by-close"
    title = "The server has forgotten the connection, and the client's FIN finds out"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="unknown-connection",
        calls=("client write = 8", "client read = 3", "client close = 0"),
        resets=("server NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = used(lab)
        server.vanish()
        client.close()
        lab.until_segment("RST", source=server)


class Unnoticed(HalfOpen):
    """The client only waits, without keepalive, and never finds out.

    Shows
        What happens when nobody asks: nothing. The client's read waits for an answer that cannot come.

    Steps
        As in half-open, but the client waits in read, without keepalive.

    Expect
        No packet, no error; the read does not return.
    """

    variant = "unnoticed"
    perturbs = "half-open"
    title = "The server has forgotten the connection, and the client waits for ever"
    expect = Expect(
        ending="open",
        ended_by="nobody",
        verdict="still-open",
        calls=("client write = 8", "client read = 3", "client read = blocked"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = used(lab)
        server.vanish()
        client.begin_read()
        lab.until_quiet()


def used(lab: Lab) -> tuple[Socket, Socket]:
    """Both ends of a connection that has carried a request and its answer, and has no listening socket behind it."""
    process = lab.process("server")
    listener = process.listen()
    client = lab.process("client").connect(listener)
    server = process.accept(listener)
    listener.close()
    ask(client, server, b"ok\n")
    return client, server
