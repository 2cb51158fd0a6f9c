"""A receiver stops reading: its window closes, and the sender stands still."""

from __future__ import annotations

from ..lab import Lab, Pending, Socket
from . import Expect, Scenario
from .steps import both_close, little_room

SIZE = 30_000


class ZeroWindow(Scenario):
    """A client stops reading, the server's write blocks, and then the client closes.

    Shows
        Flow control, and its hard end. The client's window is 0: the server's kernel may send nothing but probes, its
        own buffer is full, and so the program stands in write. When the client closes over all that unread data, the
        RST wakes it up. What write returns then is what the kernel had taken, most of which nobody will ever get.

    Steps
        Both ends have small buffers. The server writes 30,000 bytes, the client reads none of them. When its window is
        0, the client closes. The server writes again.

    Expect
        The blocked write returns less than 30,000. The next one fails with ECONNRESET. The kernel's reason is
        TCP_ABORT_ON_CLOSE.
    """

    title = "A client stops reading until the server stands in write, and closes"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="zero-window-stall",
        proved="aborted-with-unread-data",
        calls=("server write = any", "server write = ECONNRESET", "client close = 0"),
        resets=("client TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server, writing = stuck(lab)
        client.close()
        writing.result()
        server.write(1000)


class ReadOn(ZeroWindow):
    """The client reads on after its window was 0.

    Shows
        That a closed window is no error, however long it lasts. When the client reads, its kernel says so, and the
        server goes on where it stood.

    Steps
        As in zero-window, but the client reads all 30,000 bytes. Then the server closes.

    Expect
        No RST. The write returns 30,000, and every byte arrives.
    """

    variant = "read-on"
    perturbs = "zero-window"
    title = "A client stops reading until the server stands in write, and reads on"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=("server write = 30000", "client recv = 30000", "client read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server, writing = stuck(lab)
        client.recv(SIZE, "MSG_WAITALL")
        writing.result()
        both_close(server, client)


class Impatient(ZeroWindow):
    """The server has a TCP_USER_TIMEOUT, and the client's window stays 0.

    Shows
        A connection that times out though its peer is alive and answers probes. TCP_USER_TIMEOUT counts from the time
        at which data could no longer be delivered; why it could not does not matter. Nothing is sent to say so.

    Steps
        As in zero-window, but the server gives up after 0.7 s, and the client does nothing.

    Expect
        The blocked write returns what the kernel had taken, the next one fails with ETIMEDOUT. No RST: the client's
        connection stands open.
    """

    variant = "user-timeout"
    title = "A client stops reading, and the server gives up after its TCP_USER_TIMEOUT"
    expect = Expect(
        ending="open",
        ended_by="nobody",
        verdict="zero-window-stall",
        proved="retransmission-timeout",
        calls=("server write = any", "server write = ETIMEDOUT"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        _client, server, writing = stuck(lab, user_timeout=700)
        writing.result()
        server.write(1000)


class WriterCloses(ZeroWindow):
    """The server has closed while the client's window is 0, and its kernel goes on alone.

    Shows
        That close does not wait. What was written is the kernel's business: it probes the closed window and delivers
        the rest when the client reads, though the program that wrote it is gone.

    Steps
        The server writes 10,000 bytes, which all fit into its buffer, and exits. The client's window is 0. Then the
        client reads.

    Expect
        No RST. The client gets all 10,000 bytes, then end of file.
    """

    variant = "writer-gone"
    title = "A server writes, exits, and its kernel delivers the rest when the client reads"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=("server write = 10000", "client recv = 10000", "client read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = little_room(lab, sending=50_000)
        server.write(10_000)
        server.process.exit()
        lab.until_segment("ACK", source=client, test=lambda segment: segment.window == 0)
        client.recv(10_000, "MSG_WAITALL")
        client.read()
        lab.until_fin_acked(server)
        client.close()
        lab.until_fin_acked(client)


def stuck(lab: Lab, user_timeout: int = 0) -> tuple[Socket, Socket, Pending]:
    """Both ends when the client's window is 0, and the server's write, which stands."""
    client, server = little_room(lab, sending=4096)
    if user_timeout:
        server.option("TCP_USER_TIMEOUT", user_timeout)
    writing = server.begin_write(SIZE)
    lab.until_segment("ACK", source=client, test=lambda segment: segment.window == 0)
    return client, server, writing
