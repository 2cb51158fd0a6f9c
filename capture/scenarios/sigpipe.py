"""SIGPIPE: what becomes of a program that writes to a connection which is gone."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say_and_leave, write_in_vain


class Sigpipe(Scenario):
    """A program that does nothing about SIGPIPE writes to a connection that is gone, and dies of it.

    Shows
        Why most programs never see EPIPE: with the error comes a signal, and what SIGPIPE does by default is to end the
        process, in the middle of its write. The write does not return, and no line of code after it runs.

    Steps
        The client writes 6 bytes, closes and exits. The server reads them, waits until its kernel has acknowledged the
        FIN, writes 18 bytes and waits for the RST. It writes again.

    Expect
        The first write returns 18. In the second the server dies, by SIGPIPE.
    """

    title = "A program that does nothing about SIGPIPE writes to a connection that is gone, and dies"
    claims = ("N6",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("server read = 6", "server write = 18", "server write = died SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair(sigpipe="default")
        say_and_leave(client, server)
        write_in_vain(server, client)
        server.write(b"the second answer\n")


class Ignored(Sigpipe):
    """The same, but the program ignores SIGPIPE.

    Shows
        Where the words come from. A program that ignores the signal gets the error instead: its write returns EPIPE,
        and the C library has a sentence for that number, "Broken pipe". The Java runtime, Python and most servers do
        the same, and pass the C library's words on.

    Steps
        As in sigpipe, but first the server calls signal(SIGPIPE, SIG_IGN). In the end it asks the C library for the
        sentences of EPIPE and ECONNRESET (strerror).

    Expect
        The second write fails with EPIPE, and the server lives. strerror gives "Broken pipe" and "Connection reset by
        peer".
    """

    variant = "ignored"
    perturbs = "sigpipe"
    title = "A program that ignores SIGPIPE writes to a connection that is gone, and is told: broken pipe"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "server read = 6",
            "server write = 18",
            "server write = EPIPE",
            "server strerror = Broken pipe",
            "server strerror = Connection reset by peer",
            "server close = 0",
        ),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair(sigpipe="default")
        server.process.ignore("SIGPIPE")
        say_and_leave(client, server)
        write_in_vain(server, client)
        server.write(b"the second answer\n")
        server.process.strerror("EPIPE")
        server.process.strerror("ECONNRESET")
        server.close()
