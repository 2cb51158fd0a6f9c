"""A program that does nothing about SIGPIPE, and still sees EPIPE."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say_and_leave, write_in_vain


class MsgNosignal(Scenario):
    """A program that does nothing about SIGPIPE forbids it for one call, and sees EPIPE.

    Shows
        There is a third way beside handling the signal and ignoring it: send with MSG_NOSIGNAL fails with EPIPE and
        raises nothing, whatever the process does about signals. Libraries use it, which have no business with the
        signals of the program that they are part of.

    Steps
        As in sigpipe, where the server dies; but its last call is send with MSG_NOSIGNAL.

    Expect
        write returns 18, send fails with EPIPE without a signal, and the server goes on: it closes.
    """

    title = "A program that does nothing about SIGPIPE sends with MSG_NOSIGNAL, and sees EPIPE"
    claims = ("N6",)
    perturbs = "sigpipe"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("server read = 6", "server write = 18", "server send = EPIPE", "server close = 0"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair(sigpipe="default")
        say_and_leave(client, server)
        write_in_vain(server, client)
        server.send(b"the second answer\n", "MSG_NOSIGNAL")
        server.close()
