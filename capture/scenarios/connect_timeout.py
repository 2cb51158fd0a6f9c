"""A connect that is not answered, or not waited for."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class ConnectTimeout(Scenario):
    """A client connects over a cut wire, and its kernel gives up.

    Shows
        The one failure of connect that takes time. The SYN is sent again and again; Linux tries for two minutes unless
        told otherwise. What was lost, the SYN or its answer, the client cannot know.

    Steps
        The wire is cut. The client sets TCP_USER_TIMEOUT to 1.2 s, and connects.

    Expect
        Two SYNs, a second apart, and no answer. connect fails with ETIMEDOUT.
    """

    title = "A connection attempt that nobody answers"
    wire = "tun"
    expect = Expect(
        ending="unanswered", ended_by="nobody", verdict="unanswered", calls=("client connect = ETIMEDOUT",), resets=()
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen()
        client = lab.process("client").socket()
        client.option("TCP_USER_TIMEOUT", 1200)
        lab.cut()
        assert listener.local
        client.connect(listener.local)


class Cancelled(ConnectTimeout):
    """A client gives its connection attempt up before the answer comes.

    Shows
        A timeout in the program is shorter than the kernel's. To close a socket that is still connecting costs no
        packet: the kernel forgets it. The server's SYN-ACK then arrives at nobody, and is answered with RST. That ends
        the half-open connection at the server before its program has heard of it.

    Steps
        The client's socket does not block, so connect returns at once. The SYN-ACK is held on the wire. The client
        closes its socket; then the SYN-ACK goes on.

    Expect
        connect returns EINPROGRESS, close 0. The reason is NO_SOCKET.
    """

    variant = "cancelled"
    title = "A connection attempt that the client gives up before the answer comes"
    expect = Expect(
        ending="handshake-incomplete",
        ended_by="client",
        verdict="handshake-abandoned",
        calls=("client connect = EINPROGRESS", "client close = 0"),
        resets=("client NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen()
        held = lab.hold(lab.is_from("server", "SYN"), "the SYN-ACK is held on the wire", count=1)
        client = lab.process("client").socket()
        client.nonblocking()
        assert listener.local
        client.connect(listener.local)
        lab.until_segment("SYN", "ACK", source="server", at="server")
        client.close()
        lab.release(held, "the SYN-ACK goes on")
        lab.until_segment("RST", source="client", at="server")
