"""A program has closed; the kernel waits for the other end's FIN for so long, and then forgets the connection."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class FinWait2(Scenario):
    """A client closes, the server does not; the kernel's patience ends, and late data finds no connection.

    Shows
        FIN_WAIT_2 is kept for a while only when no program holds the socket any more: tcp_fin_timeout, 60 s unless
        set otherwise. Afterwards the connection is forgotten, and data is answered as data to any closed port is. No
        packet tells the server that the time is over.

    Steps
        The client's tcp_fin_timeout is set to 1 s. The client closes, and its FIN is acknowledged. When its kernel has
        no trace of the connection left, the server writes, and after the RST it reads.

    Expect
        The kernel's reason is NO_SOCKET: nothing is there. The server sees what it would have seen earlier, too: its
        write returns 5, its read end of file, for the FIN came first.
    """

    title = "Data to a client that closed so long ago that its kernel has forgotten the connection"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        proved="fin-wait-2-expired",
        calls=("server write = 5", "server read = EOF", "server write = EPIPE SIGPIPE"),
        resets=("client NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        lab.sysctl("client", "net.ipv4.tcp_fin_timeout", 1)
        client, server = lab.pair()
        client.close()
        lab.until_fin_acked(client)
        lab.until_state(client, "FIN_WAIT_2")
        lab.until_state(client, "CLOSED")
        server.write(b"late\n")
        lab.until_segment("RST", source=client)
        server.read()
        server.write(b"late\n")


class InTime(FinWait2):
    """The same data while the kernel still waits in FIN_WAIT_2.

    Shows
        The same packets and the same calls, for another reason: the kernel still knows the connection, and knows that
        nobody will read. The data is answered with RST, and the connection is forgotten at once.

    Steps
        As in fin-wait-2, but the server writes as soon as the client's kernel is in FIN_WAIT_2.

    Expect
        The kernel's reason is TCP_TIMEWAIT_SOCKET. What the server sees is the same.
    """

    variant = "in-time"
    title = "Data to a client that closed a moment ago, and whose kernel remembers the connection"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("server write = 5", "server read = EOF", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.close()
        lab.until_fin_acked(client)
        lab.until_state(client, "FIN_WAIT_2")
        server.write(b"late\n")
        lab.until_segment("RST", source=client)
        lab.until_state(client, "CLOSED")
        server.read()
        server.write(b"late\n")


class LingerBelowZero(FinWait2):
    """A client does without FIN_WAIT_2: TCP_LINGER2 below zero.

    Shows
        A program may tell the kernel not to wait for the other end's FIN. Then close sends FIN, and as soon as the
        connection would stand in FIN_WAIT_2 with nobody to hold it, a RST ends it.

    Steps
        The client sets TCP_LINGER2 to -1, shuts down its sending half, waits for the ACK of its FIN, and closes. The
        server looks at what has come.

    Expect
        The kernel's reason is TCP_ABORT_ON_LINGER. The server's read returns end of file: the FIN came first. SO_ERROR
        is EPIPE.
    """

    variant = "linger2-below-zero"
    title = "A client asks its kernel not to wait in FIN_WAIT_2, and its close becomes a RST"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted-after-fin",
        proved="aborted-without-unread-data",
        calls=("server getsockopt = EPIPE", "server read = EOF", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_ABORT_ON_LINGER",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.option("TCP_LINGER2", -1)
        client.shutdown("WR")
        lab.until_fin_acked(client)
        client.close()
        lab.until_segment("RST", source=client)
        server.so_error()
        server.read()
        server.write(b"late\n")
