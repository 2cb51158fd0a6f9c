"""A server answers before it has read the request, and closes while the client still sends."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario


class EarlyAnswer(Scenario):
    """A server refuses an upload: it answers after the first bytes, and closes while the rest stands unread.

    Shows
        What "413 Content Too Large" often comes to. The answer arrives whole, but the RST of the close arrives right
        behind it, and the client, still writing, is told of the reset first. On Linux the answer is still there to be
        read. Most programs give up at the failed write and never look; other systems throw it away.

    Steps
        The client sends 1,000 bytes of an upload. The server reads 100 of them, answers 30 bytes, and closes. The
        client has not looked for an answer: after the RST has come it writes 1,000 bytes more, and then it reads.

    Expect
        The client's write fails with ECONNRESET, without SIGPIPE. Its first read returns all 30 bytes of the answer,
        its second one end of file: the error has been told.
    """

    title = "A server answers an upload early and closes: the answer is there, behind an error"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted",
        proved="aborted-with-unread-data",
        calls=("client write = 1000", "client write = ECONNRESET", "client read = 30", "client read = EOF"),
        resets=("server TCP_ABORT_ON_CLOSE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.write(1000)
        lab.until_received(server, 1000)
        server.read(100)
        server.write(b"HTTP/1.1 413 Content Too Large")
        lab.until_received(client, 30)
        server.close()
        lab.until_segment("RST", source=server)
        client.write(1000)
        client.read()
        client.read()


class Drained(EarlyAnswer):
    """A server answers an upload early, but shuts down its sending half and reads on before it closes.

    Shows
        The remedy, known as a lingering close: shutdown says that no more will come, and what the client still sends
        is read and thrown away. Then nothing is unread, and nothing is lost.

    Steps
        As in early-answer, but after its answer the server calls shutdown, reads until end of file, and closes. The
        client finishes its upload, reads the answer, and closes.

    Expect
        No RST. Every call succeeds, and the client reads the 30 bytes.
    """

    variant = "drained"
    perturbs = "early-answer"
    title = "A server answers an upload early, and reads on before it closes: nobody is reset"
    expect = Expect(
        ending="closed",
        ended_by="server",
        verdict="closed",
        calls=(
            "client write = 1000",
            "client write = 1000",
            "client read = 30",
            "client read = EOF",
            "server shutdown = 0",
            "server close = 0",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.write(1000)
        lab.until_received(server, 1000)
        server.read(100)
        server.write(b"HTTP/1.1 413 Content Too Large")
        server.shutdown("WR")
        lab.until_fin_acked(server)
        client.write(1000)
        lab.until_received(server, 1900)
        client.read()
        client.read()
        client.close()
        lab.until_fin_acked(client)
        server.read(4000)
        server.read()
        server.close()
