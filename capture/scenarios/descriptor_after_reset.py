"""Does a RST close the descriptor of the program that it reaches?"""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import close_unread


class DescriptorAfterReset(Scenario):
    """A program goes on calling a descriptor whose connection has been reset.

    Shows
        A RST ends the connection, not the descriptor. Nothing closes it: it stays the program's, with its number and
        its options, and every call on it is answered until the program itself calls close.

    Steps
        The client closes over 6 unread bytes. The server waits for the RST, and asks its descriptor for everything:
        poll, SO_ERROR twice, TCP_NODELAY, shutdown, read, write, and close.

    Expect
        SO_ERROR gives ECONNRESET, then 0. An option can still be set and read. shutdown says ENOTCONN, read end of
        file, write EPIPE: the answers of a socket without a connection. EBADF, "Bad file descriptor", comes from none,
        and close succeeds.
    """

    title = "A program goes on calling a descriptor whose connection has been reset"
    claims = ("N7c",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=(
            "server poll = IN OUT ERR HUP RDHUP",
            "server getsockopt = ECONNRESET",
            "server getsockopt = 0",
            "server setsockopt = 0",
            "server getsockopt = TCP_NODELAY = 1",
            "server shutdown = ENOTCONN",
            "server read = EOF",
            "server write = 6",
            "server write = EPIPE SIGPIPE",
            "server close = 0",
        ),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        close_unread(client, server)
        server.poll()
        server.so_error()
        server.so_error()
        server.option("TCP_NODELAY", 1)
        server.call("getsockopt", "TCP_NODELAY")
        server.shutdown("RDWR")
        server.read()
        server.write(b"there\n")
        server.close()


class Closed(DescriptorAfterReset):
    """The same, but the program closes its descriptor first.

    Shows
        What it looks like when a descriptor is closed: every call fails with EBADF. Only the program's own close leads
        here; the RST before it does not.

    Steps
        The client closes over 6 unread bytes. The server waits for the RST and closes its descriptor. Then it calls
        SO_ERROR, read, write and close on the same number.

    Expect
        The first close succeeds. Every call after it fails with EBADF, and the write raises no SIGPIPE.
    """

    variant = "closed"
    perturbs = "descriptor-after-reset"
    title = "A program closes a descriptor whose connection has been reset, and goes on calling it"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=(
            "server close = 0",
            "server getsockopt = EBADF",
            "server read = EBADF",
            "server write = 6",
            "server write = EBADF",
            "server close = EBADF",
        ),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        close_unread(client, server)
        server.close()
        server.so_error()
        server.read()
        server.write(b"there\n")
        server.close()
