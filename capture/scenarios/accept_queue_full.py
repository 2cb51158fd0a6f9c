"""The accept queue of a server is full when a handshake's last ACK arrives."""

from __future__ import annotations

from ..lab import Lab, Socket
from ..live.wire import Rule
from . import Expect, Scenario
from .steps import both_close


class AcceptQueueFull(Scenario):
    """A handshake's last ACK meets a full accept queue, and the server's kernel drops it.

    Shows
        What a full accept queue does by default: nothing that anybody is told. The client has its SYN-ACK, so its
        connect has succeeded and its request is sent. The server's kernel drops ACK and request alike until there is
        room. The client takes it for a slow server.

    Steps
        The server's queue has room for one connection. A client's SYN is answered, but its last ACK is held on the
        wire while another client takes the place. Then the ACK goes on. The client writes its request, which is sent
        again and again. When it has been sent three times the server accepts the one that waits: there is room.

    Expect
        Nothing fails and no RST is sent. The request is read at last, after half a second and more.
    """

    title = "The accept queue is full: a connection is open for the client only, and its request waits"
    wire = "tun"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client connect = 0", "client write = 8", "server accept = 4", "server accept = 5", "server read = 8"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener, client, held = full(lab)
        lab.release(held, "the ACK goes on")
        client.write(b"request\n")
        lab.until_segment("PSH", source=client, count=3, at="server")
        listener.process.accept(listener)
        server = listener.process.accept(listener)
        server.read()
        lab.until_acked(client)
        both_close(client, server, read=False)


class Abort(AcceptQueueFull):
    """The same with tcp_abort_on_overflow: the server's kernel says no.

    Shows
        With tcp_abort_on_overflow set, the last ACK of the handshake is answered with RST. The client's connect has
        succeeded by then, so it hears "Connection reset by peer" at its first read or write, not "Connection refused".

    Steps
        As in accept-queue-full, with net.ipv4.tcp_abort_on_overflow = 1 at the server. When its RST has come, the
        client writes and reads.

    Expect
        connect returns 0, the first write fails with ECONNRESET. The reason is INVALID_SYN.
    """

    variant = "abort"
    title = "The accept queue is full and tcp_abort_on_overflow is set: the handshake ends with RST"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="accept-queue-overflow",
        calls=("client connect = 0", "client write = ECONNRESET", "client read = EOF"),
        resets=("server INVALID_SYN",),
    )

    def run(self, lab: Lab) -> None:
        lab.sysctl("server", "net.ipv4.tcp_abort_on_overflow", 1)
        _listener, client, held = full(lab)
        lab.release(held, "the ACK goes on")
        lab.until_segment("RST", source="server")
        client.write(b"request\n")
        client.read()


class GivenUp(AcceptQueueFull):
    """The server's queue stays full until its kernel gives the half-open connection up.

    Shows
        How the silent wait ends when nothing is accepted: the server's kernel stops waiting for an ACK that it can
        use, without a word. The next time that the request is sent there is no connection any more, and it is answered
        with RST, long after connect returned 0.

    Steps
        As in accept-queue-full, but the server accepts nothing, and gives a half-open connection up after one second
        (tcp_synack_retries = 0). The client waits for the RST, and reads.

    Expect
        The reason is TCP_FLAGS: data without a connection, to a port that listens. The client's read fails with
        ECONNRESET.
    """

    variant = "given-up"
    title = "The accept queue stays full, and the request of an open connection is answered with RST"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="accept-queue-full",
        calls=("client connect = 0", "client write = 8", "client read = ECONNRESET"),
        resets=("server TCP_FLAGS",),
    )

    def run(self, lab: Lab) -> None:
        lab.sysctl("server", "net.ipv4.tcp_synack_retries", 0)
        _listener, client, held = full(lab)
        lab.release(held, "the ACK goes on")
        client.write(b"request\n")
        lab.until_segment("RST", source="server")
        client.read()


class NoAnswer(Scenario):
    """A SYN meets a full accept queue.

    Shows
        Where the queue is full already when the SYN comes, it is dropped, and no setting makes Linux answer it with
        RST. To the client it looks like a firewall or a host that is down.

    Steps
        A client connects, with a TCP_USER_TIMEOUT of 1.2 s so as not to wait for two minutes. Its SYN is held on the
        wire while another client takes the only place in the queue. Then the SYN goes on.

    Expect
        Two SYNs without an answer. connect fails with ETIMEDOUT.
    """

    variant = "syn"
    title = "The accept queue is full: a SYN is dropped, and the client never hears why"
    wire = "tun"
    expect = Expect(
        ending="unanswered",
        ended_by="nobody",
        verdict="unanswered",
        calls=("client connect = ETIMEDOUT", "other connect = 0"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen(backlog=0)
        held = lab.hold(lab.is_from("client"), "the SYN of the client is held on the wire", count=1)
        client = lab.process("client").socket()
        client.option("TCP_USER_TIMEOUT", 1200)
        assert listener.local
        connecting = client.begin_connect(listener.local)
        lab.until_segment("SYN", source="client")
        other = lab.process("other").connect(listener)
        lab.until_segment("ACK", source=other, at="server")
        lab.release(held, "the SYN goes on")
        connecting.result()


def full(lab: Lab) -> tuple[Socket, Socket, Rule]:
    """A listening socket with a full queue, a client for whose connection there is no room, and its ACK, held."""
    listener = lab.process("server").listen(backlog=0)
    held = lab.hold(
        lambda segment: lab.is_from("client")(segment) and not segment.has("SYN"),
        "the last ACK of the first handshake is held on the wire",
        count=1,
    )
    client = lab.process("client").connect(listener)
    lab.until_segment("ACK", source=client)
    other = lab.process("other").connect(listener)
    lab.until_segment("ACK", source=other, at="server")
    return listener, client, held
