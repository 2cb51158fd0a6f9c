"""A server stops listening while connections wait to be accepted."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import both_close


class ListenerClosed(Scenario):
    """A server closes its listening socket while two connections wait to be accepted.

    Shows
        A connection is established before the program accepts it: the kernel answers the SYN and acknowledges data
        by itself. When the listening socket goes, so does everything that waits in its queue, each with a RST. That is
        a burst of "Connection reset by peer" at a restart, about connections of which the server's log knows nothing.

    Steps
        Two clients connect, and write 6 bytes each, which are acknowledged. The server accepts neither; it closes its
        listening socket. Both clients read.

    Expect
        Both connects and writes succeed. Two RSTs, both with the reason TCP_STATE. Both reads fail with ECONNRESET.
    """

    title = "A server stops listening, and the connections that it has not accepted are reset"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="closed-without-answer",
        proved="listener-gone",
        calls=(
            "client connect = 0",
            "client connect = 0",
            "client write = 6",
            "client write = 6",
            "client read = ECONNRESET",
            "client read = ECONNRESET",
        ),
        resets=("server TCP_STATE", "server TCP_STATE"),
    )

    def run(self, lab: Lab) -> None:
        listener, first, second = waiting(lab)
        listener.close()
        lab.until_segment("RST", source="server", count=2)
        first.read()
        second.read()


class Killed(ListenerClosed):
    """The server is killed while two connections wait to be accepted.

    Shows
        That it makes no difference how the listening socket goes: the kernel closes it for a dead process.

    Steps
        As in listener-closed, but the server is killed.

    Expect
        The same RSTs, the same errors.
    """

    variant = "by-kill"
    title = "A server is killed, and the connections that it has not accepted are reset"

    def run(self, lab: Lab) -> None:
        listener, first, second = waiting(lab)
        listener.process.kill()
        lab.until_segment("RST", source="server", count=2)
        first.read()
        second.read()


class Accepted(ListenerClosed):
    """A server closes its listening socket after it has accepted both connections.

    Shows
        The remedy: accept what waits, then stop listening. A connection that was accepted has a socket of its own.

    Steps
        As in listener-closed, but the server accepts both connections first. Then it reads and answers them.

    Expect
        No RST. Both clients read their 3 bytes.
    """

    variant = "after-accept"
    perturbs = "listener-closed"
    title = "A server accepts what waits before it stops listening: nobody is reset"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "client write = 6",
            "client write = 6",
            "client read = 3",
            "client read = 3",
            "server read = 6",
            "server read = 6",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener, first, second = waiting(lab)
        accepted = [listener.process.accept(listener) for _ in range(2)]
        listener.close()
        for one in accepted:
            one.read()
            one.write(b"ok\n")
        for client, server in zip((first, second), accepted, strict=True):
            client.read()
            both_close(client, server, read=False)


def waiting(lab: Lab) -> tuple[Socket, Socket, Socket]:
    """A listening socket, and two clients whose connections and data wait in its queue."""
    listener = lab.process("server").listen()
    process = lab.process("client")
    first, second = process.connect(listener), process.connect(listener)
    for client in (first, second):
        client.write(b"hello\n")
        lab.until_acked(client)
    return listener, first, second
