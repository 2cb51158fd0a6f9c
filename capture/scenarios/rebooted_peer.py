"""A server forgets a connection, as by a reboot, and the client writes to it."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class RebootedPeer(Scenario):
    """A server forgets a connection, as by a reboot, and the client writes to it.

    Shows
        A connection is nothing but what two kernels remember. If one of them has forgotten, it answers whatever comes
        with RST: it knows of no such connection. The other end has not noticed anything until it writes.

    Steps
        The client writes 6 bytes, which the server reads. The server's connection and its listener vanish without a
        packet. The client writes 6 bytes, waits for the RST, reads, reads again, and writes.

    Expect
        The kernel's reason is NO_SOCKET. The client's write returned 6; its read fails with ECONNRESET, the next one
        returns end of file, and its last write fails with EPIPE and raises SIGPIPE.
    """

    title = "A server forgets a connection, as by a reboot, and the client writes to it"
    claims = ("N5c",)
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="unknown-connection",
        calls=(
            "client write = 6",
            "client write = 6",
            "client read = ECONNRESET",
            "client read = EOF",
            "client write = EPIPE SIGPIPE",
        ),
        resets=("server NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen()
        client = lab.process("client").connect(listener)
        server = listener.process.accept(listener)
        say(client, server)
        server.vanish()
        listener.close()
        client.write(b"there?")
        lab.until_segment("RST", source="server")
        client.read()
        client.read()
        client.write(b"there?")
        client.close()


class Listening(RebootedPeer):
    """The same, but the server's program is up again and listens when the client writes.

    Shows
        A listener does not save a connection. It takes new ones; the data of one that it never saw is answered with RST
        like any other stranger's.

    Steps
        As in rebooted-peer, but the listener stays.

    Expect
        To the client everything is the same. Only the kernel's reason differs, for the segment had come as far as a
        listening socket: TCP_FLAGS.
    """

    variant = "listening"
    title = "A server forgets a connection, and listens again when the client writes"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="unknown-connection",
        calls=(
            "client write = 6",
            "client write = 6",
            "client read = ECONNRESET",
            "client read = EOF",
            "client write = EPIPE SIGPIPE",
        ),
        resets=("server TCP_FLAGS",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        server.vanish()
        client.write(b"there?")
        lab.until_segment("RST", source="server")
        client.read()
        client.read()
        client.write(b"there?")
        client.close()


class Remembers(RebootedPeer):
    """The same writes to a server whose kernel remembers the connection.

    Shows
        Nothing but the server's memory makes the difference: the same segment is acknowledged, and no RST is sent.

    Steps
        The client writes 6 bytes, which the server reads. The client writes 6 bytes more, and waits for the ACK. The
        client closes; the server reads what is there and the end of file, and closes.

    Expect
        Every call succeeds.
    """

    variant = "remembers"
    perturbs = "rebooted-peer"
    title = "The same writes to a server whose kernel remembers the connection"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "client write = 6",
            "client write = 6",
            "server read = 6",
            "server read = 6",
            "server read = EOF",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        client.write(b"there?")
        lab.until_acked(client)
        client.close()
        server.read()
        server.read()
        lab.until_fin_acked(client)
        server.close()
        lab.until_fin_acked(server)
