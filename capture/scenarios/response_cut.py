"""A server closes with a byte of the request unread: the end of its response is lost."""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import little_room

REQUEST, RESPONSE = b"GET /\n", 20_000


class ResponseCut(Scenario):
    """A server writes its response and closes, but has not read the last byte of the request.

    Shows
        How a response is cut although every call of the server succeeded. A close with unread data is no orderly
        close: the kernel throws away what it has not sent yet, and sends RST. What had already arrived survives: on
        Linux the client still reads it after the RST, and only then hears of the reset.

    Steps
        The client, with a receive buffer of 4 KiB, sends a request of 6 bytes. The server reads 5 of them and writes a
        response of 20,000 bytes. As much of it as the client has room for crosses the wire; the rest waits in the
        server's kernel. The server closes. The client has read nothing so far: it waits for the RST, then reads.

    Expect
        The server's write returns 20,000 and its close 0. The kernel's reason is TCP_ABORT_ON_CLOSE. The client reads
        what had arrived, a quarter of the response or so, and then ECONNRESET. Nobody ever gets the rest.
    """

    title = "A server closes with a byte of the request unread, and its response is cut"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=("server write = 20000", "server close = 0", "client read = any", "client read = ECONNRESET"),
        resets=("server TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = answered(lab, read=5)
        server.close()
        lab.until_segment("RST", source=server)
        client.read(RESPONSE)
        client.read(RESPONSE)


class ReadBefore(ResponseCut):
    """The client reads some of the response before the RST arrives, and the rest after it.

    Shows
        That the RST does not reach into the client's receive queue: a byte that had arrived is readable before the RST
        and after it. What is lost was lost at the server, where it still waited to be sent.

    Steps
        As in response-cut, but the client reads 1,000 bytes before the server closes, and the others after the RST.

    Expect
        Both reads return data; together they come to what had arrived. The third one fails with ECONNRESET.
    """

    variant = "read-before"
    title = "A response is cut: the client reads some of it before the RST, the rest after it"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=("server write = 20000", "client read = 1000", "client read = any", "client read = ECONNRESET"),
        resets=("server TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = answered(lab, read=5)
        client.read(1000)
        server.close()
        lab.until_segment("RST", source=server)
        client.read(RESPONSE)
        client.read(RESPONSE)


class Linger(ResponseCut):
    """A server has read everything, but closes with SO_LINGER 0.

    Shows
        The other way to lose a response. SO_LINGER with 0 seconds makes close send RST whatever has been read: some
        programs set it to be rid of TIME_WAIT. What still waits to be sent goes the same way as in response-cut.

    Steps
        As in response-cut, but the server reads all 6 bytes of the request, and sets SO_LINGER to 0 seconds before it
        closes.

    Expect
        The same for the client. The kernel's reason is another one, TCP_STATE; the packets look the same.
    """

    variant = "linger-0"
    title = "A server closes with SO_LINGER 0, and its response is cut"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted",
        proved="aborted-without-unread-data",
        calls=("server write = 20000", "server close = 0", "client read = any", "client read = ECONNRESET"),
        resets=("server TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = answered(lab, read=6)
        server.linger(0)
        server.close()
        lab.until_segment("RST", source=server)
        client.read(RESPONSE)
        client.read(RESPONSE)


class RequestRead(ResponseCut):
    """A server reads the whole request before it closes: the whole response arrives.

    Shows
        That it was the one unread byte. With everything read, close is orderly: it returns at once, and the kernel
        goes on sending what was written, as fast as the client makes room. The FIN comes behind the last byte.

    Steps
        As in response-cut, but the server reads all 6 bytes of the request.

    Expect
        No RST. The client reads 20,000 bytes, then end of file.
    """

    variant = "request-read"
    perturbs = "response-cut"
    title = "A server has read the whole request when it closes, and all of its response arrives"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=("server write = 20000", "client recv = 20000", "client read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = answered(lab, read=6)
        server.close()
        client.recv(RESPONSE, "MSG_WAITALL")
        client.read()
        lab.until_fin_acked(server)
        client.close()
        lab.until_fin_acked(client)


def answered(lab: Lab, read: int) -> tuple[Socket, Socket]:
    """Both ends, when as much of the response has arrived as the client has room for. `read`: of the request."""
    client, server = little_room(lab, sending=100_000)  # for the whole response: the write need not wait
    client.write(REQUEST)
    lab.until_received(server, len(REQUEST))
    server.read(read)
    server.write(RESPONSE)
    lab.until_quiet()
    return client, server
