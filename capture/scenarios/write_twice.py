"""The notes' experiment 2: a server writes twice to a client that has closed and gone."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say, say_and_leave, write_in_vain


class WriteTwice(Scenario):
    """A server writes twice to a client that has closed and gone.

    Shows
        A write succeeds when the kernel has taken the data, not when the peer has. The first write to a closed peer
        returns 18 and is answered with RST; only the second one fails: EPIPE, and SIGPIPE is raised.

    Steps
        The client connects, writes 6 bytes, closes and exits. The server reads them, and waits until its kernel has
        acknowledged the client's FIN. It writes 18 bytes, waits for the RST, and writes 18 bytes again.

    Expect
        The first write returns 18. The client's kernel, which has nobody left to give the data to, answers RST. The
        second write fails with EPIPE and raises SIGPIPE, and nothing of it reaches the wire.
    """

    title = "A server writes twice to a client that has closed and gone"
    claims = ("N7b",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("client write = 6", "server read = 6", "server write = 18", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say_and_leave(client, server)
        write_in_vain(server, client)
        server.write(b"the second answer\n")
        server.close()


class Empty(WriteTwice):
    """The same, but the second write is empty.

    Shows
        A write of no bytes still asks the socket, and a socket that cannot send says so: EPIPE. The notes insist that
        both buffers hold data, and so it is in Java, which does not call the kernel for an empty buffer at all
        (java-write-twice).

    Steps
        As in write-twice; but after the RST the server writes 0 bytes, and then 18.

    Expect
        The empty write fails with EPIPE and raises SIGPIPE, and so does the one after it.
    """

    variant = "empty"
    title = "A server writes twice to a client that has gone, the second time nothing at all"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "server read = 6",
            "server write = 18",
            "server write = EPIPE SIGPIPE",
            "server write = EPIPE SIGPIPE",
        ),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say_and_leave(client, server)
        write_in_vain(server, client)
        server.write(b"")
        server.write(b"the second answer\n")
        server.close()


class BackToBack(WriteTwice):
    """The same, but the second write comes before the RST of the first is back.

    Shows
        That the second write fails is not because it is the second. It is because the RST has arrived, and an answer
        takes a journey there and back. Whatever is written until then succeeds, and is lost.

    Steps
        As in write-twice; but the client's RST is held on the wire until the server has written a second time. Then it
        is let go, and the server writes a third time.

    Expect
        The first two writes return 18. The third fails with EPIPE and raises SIGPIPE. The second answer never leaves
        the server's host: its kernel waits for the ACK of the first (Nagle's algorithm), and the RST comes instead.
    """

    variant = "back-to-back"
    perturbs = "write-twice"
    wire = "tun"
    title = "A server writes twice to a client that has gone, before the RST is back"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("server read = 6", "server write = 18", "server write = 18", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say_and_leave(client, server)
        held = lab.hold(lab.is_from(client, "RST"), "the client's RST takes its time")
        write_in_vain(server, client)
        server.write(b"the second answer\n")
        lab.release(held, "the RST goes on")
        lab.until_segment("RST", source=client, at="server")
        server.write(b"the third answer.\n")
        server.close()


class ClientStays(WriteTwice):
    """The same two writes to a client that is still there.

    Shows
        The same program, without an error: what made its second write fail was the client's close, and nothing that
        the server did.

    Steps
        The client writes 6 bytes, which the server reads. It writes 18 bytes, waits for their ACK, and writes 18 again.
        The client reads both answers, and closes; then the server does.

    Expect
        Both writes return 18, both answers are read, and no RST is sent.
    """

    variant = "client-stays"
    perturbs = "write-twice"
    title = "A server writes twice to a client that is still there"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "server read = 6",
            "server write = 18",
            "client read = 18",
            "server write = 18",
            "client read = 18",
            "server read = EOF",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.write(b"hello\n")
        server.read()
        say(server, client, b"the first answer.\n")
        say(server, client, b"the second answer\n")
        both_close(client, server)
