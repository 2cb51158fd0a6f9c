"""TIME_WAIT: the end that closed first keeps the pair of ports for a while. What that prevents, and what ends it."""

from __future__ import annotations

from typing import ClassVar

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import both_close


class TimeWait(Scenario):
    """A client that closed first connects again from the same port.

    Shows
        What TIME_WAIT costs. The pair of endpoints is taken for a minute, so that late segments of the old connection
        cannot be mistaken for the new one's. A client that makes and closes more connections to one server within a
        minute than it has ports (28,000 by default) cannot connect any more.

    Steps
        The client's host has one port to give away, 7000. The client connects, closes, and so does the server. Then
        the client connects to the same server again.

    Expect
        connect fails with EADDRNOTAVAIL, "Cannot assign requested address". No packet is sent.
    """

    title = "A client has all its ports in TIME_WAIT, and cannot connect again"
    wire = "veth"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client connect = 0", "client connect = EADDRNOTAVAIL"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener, client, _server = closed(lab, first="client")
        client.process.connect(listener)


class Reused(TimeWait):
    """A client connects again from the same port, with tcp_tw_reuse = 1.

    Shows
        The way around it on the client's side. With tcp_tw_reuse = 1 the kernel gives a pair of endpoints away again
        once it is a second old: the timestamps in the segments (RFC 7323) tell old ones from new ones.

    Steps
        As in time-wait, but with net.ipv4.tcp_tw_reuse = 1, and a second later.

    Expect
        connect succeeds: two connections with the same four numbers in one capture.
    """

    variant = "reused"
    pictured = (1,)
    perturbs = "time-wait"
    title = "A client connects again from a port that is in TIME_WAIT, with tcp_tw_reuse"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client connect = 0", "client connect = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        lab.sysctl("client", "net.ipv4.tcp_tw_reuse", 1)
        listener, client, _server = closed(lab, first="client")
        lab.pass_time(1.05)
        client.process.connect(listener)


class AtTheServer(TimeWait):
    """The server closed first; the client connects again from the same port.

    Shows
        TIME_WAIT at the server is no obstacle. A SYN that can only be new, by its timestamp or its sequence number,
        ends the old connection's TIME_WAIT and opens the new one (RFC 9293, 3.10.7.4).

    Steps
        As in time-wait, but the server closes first, then the client, who connects again at once.

    Expect
        connect succeeds: two connections with the same four numbers in one capture.
    """

    variant = "at-server"
    pictured = (1,)
    title = "A client connects again while the server has the same connection in TIME_WAIT"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=("client connect = 0", "client connect = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener, client, _server = closed(lab, first="server")
        client.process.connect(listener)
        listener.process.accept(listener)


class Restart(TimeWait):
    """A server that closed first is restarted, and cannot have its port.

    Shows
        "Address already in use": the listening socket is gone, but a connection in TIME_WAIT still holds the port.
        SO_REUSEADDR is what servers set for this, on each of their listening sockets.

    Steps
        The server's listening socket has SO_REUSEADDR. The server closes the connection first, then the client. The
        server closes its listening socket as well, makes a new one, and binds it to the same port: without
        SO_REUSEADDR, and then with it.

    Expect
        The first bind fails with EADDRINUSE, the second one succeeds.
    """

    variant = "restart"
    title = "A server is restarted while a connection of its port is in TIME_WAIT"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=("server bind = 0", "server bind = EADDRINUSE", "server bind = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener, _client, server = closed(lab, first="server")
        listener.close()
        assert server.local
        listener.process.socket().bind(server.local)
        free = listener.process.socket()
        free.option("SO_REUSEADDR", 1)
        free.bind(server.local)


class Assassinated(Scenario):
    """A late copy of an old segment ends the TIME_WAIT (RFC 1337).

    Shows
        How TIME_WAIT can be ended by the very thing that it is there for. A copy of old data arrives; TIME_WAIT
        answers with an ACK, as it must. The server, who has forgotten the connection, answers that ACK with RST, and
        the RST ends the TIME_WAIT. RFC 1337 calls it assassination.

    Steps
        The server sends 6 bytes, and the wire keeps a copy. The client closes first, then the server. Then the copy
        arrives at the client. When the RST has come, the client binds a new socket to its old port, 7000.

    Expect
        RST with the reason TCP_FLAGS: a segment without a connection, at a port that listens. bind succeeds: TIME_WAIT
        is gone. The connection has been closed in order all the same, and no program hears of the RST.
    """

    variant = "assassinated"
    title = "A late copy of an old segment ends the client's TIME_WAIT"
    wire = "tun"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="reset-after-close",
        calls=("client bind = 0",),
        resets=("server TCP_FLAGS",),
    )

    protected: ClassVar[bool] = False

    def run(self, lab: Lab) -> None:
        if self.protected:
            lab.sysctl("client", "net.ipv4.tcp_rfc1337", 1)
        copy = lab.copy(
            lambda segment: lab.is_from("server")(segment) and segment.length > 0, "the wire keeps a copy of the data"
        )
        _listener, client, _server = closed(lab, first="client", data=b"hello\n")
        lab.release(copy, "the copy of the data arrives")
        lab.until_segment("RST", source="server")
        if not self.protected:
            lab.until_state(client, "CLOSED")
        assert client.local
        client.process.socket().bind(client.local)


class Protected(Assassinated):
    """The same with tcp_rfc1337 = 1: TIME_WAIT ignores the RST.

    Shows
        The remedy that RFC 1337 names: in TIME_WAIT a RST is ignored.

    Steps
        As in time-wait-assassinated, with net.ipv4.tcp_rfc1337 = 1 at the client.

    Expect
        The same packets. bind fails with EADDRINUSE: TIME_WAIT goes on.
    """

    variant = "protected"
    perturbs = "time-wait-assassinated"
    title = "A late copy of an old segment, and a TIME_WAIT that ignores the RST"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="reset-after-close",
        calls=("client bind = EADDRINUSE",),
        resets=("server TCP_FLAGS",),
    )

    protected = True


def closed(lab: Lab, first: str, data: bytes = b"") -> tuple[Socket, Socket, Socket]:
    """A listening socket, and both ends of a connection that is closed: the end that closed first is in TIME_WAIT."""
    lab.sysctl("client", "net.ipv4.ip_local_port_range", "7000 7000")
    listener = lab.process("server").socket()
    listener.option("SO_REUSEADDR", 1)
    listener.bind(lab.endpoint("server", 9000))
    listener.listen()
    client = lab.process("client").connect(listener)
    server = listener.process.accept(listener)
    if data:
        server.write(data)
        client.read()
        lab.until_acked(server)
    one, other = (client, server) if first == "client" else (server, client)
    both_close(one, other, read=False)
    lab.until_state(one, "TIME_WAIT")
    lab.until_state(other, "CLOSED")
    return listener, client, server
