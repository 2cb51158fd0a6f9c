"""The notes' experiments as they were made: a server on Java's channels."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from ..lab import Foreign, Lab, Socket
from . import Expect, Scenario

SERVER = Path(__file__).with_name("NioServer.java")


class JavaWriteTwice(Scenario):
    """A Java server writes to a client that has closed and gone: once, nothing, and once more.

    Shows
        The notes' experiment 2 in the language in which it was made. Java ignores SIGPIPE, so that its programs get an
        exception instead, and its message is the C library's sentence: "Broken pipe". A write of an empty buffer never
        reaches the kernel, and so it finds no fault: this is why the notes insist that both buffers hold data.

    Steps
        The client connects, writes 6 bytes, closes and exits. The server selects and reads, waits until its kernel has
        acknowledged the FIN, writes 18 bytes and waits for the RST. It writes an empty buffer, and 18 bytes again.

    Expect
        The first write returns 18, the empty one 0. The last throws IOException: Broken pipe. The raw call answers an
        empty write with EPIPE (write-twice-empty).
    """

    variant = "write-twice"
    title = "A Java server writes to a client that has closed and gone: once, nothing, and once more"
    claims: ClassVar[tuple[str, ...]] = ("N7b", "N6")
    needs = ("java",)
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "client write = 6",
            "server select = 1",
            "server read = 6",
            "server write = 18",
            "server write = 0",
            "server write = EPIPE",
        ),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        server, client = self.begun(lab)
        client.close()
        client.process.exit()
        lab.until_fin_acked(client)
        self.order(server, "write 18")
        lab.until_segment("RST", source=client)
        self.order(server, "write 0", "write 18", "close")

    def begun(self, lab: Lab) -> tuple[Foreign, Socket]:
        """A Java server, and a client that has connected and written 6 bytes, which the server has read."""
        address = lab.address("server")
        settings = ["-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # no file in /tmp; a quick start
        settings.append(f"-Djava.net.preferIPv4Stack={'true' if lab.family == 4 else 'false'}")
        server = lab.program("server", "java", *settings, str(SERVER), address, "9000")
        server.line(timeout=10)  # it is compiled first
        client = lab.process("client").connect(lab.endpoint("server", 9000))
        self.order(server, f"accept {client.remote} {client.local}")
        client.write(b"hello\n")
        self.order(server, "select", "read")
        return server, client

    def order(self, server: Foreign, *orders: str) -> None:
        """Have the server do one thing after the other, and wait until it has."""
        for one in orders:
            server.tell(one)
            server.line()


class JavaWriteOnce(JavaWriteTwice):
    """A Java server writes once to a client that has closed, then selects and reads.

    Shows
        The notes' experiment 1 in Java. They expect "Connection reset by peer"; on Linux the channel becomes readable,
        and the read returns -1, Java's end of file. No exception is thrown.

    Steps
        The client connects, writes 6 bytes, closes and exits. The server selects and reads, waits until its kernel has
        acknowledged the FIN, writes 18 bytes and waits for the RST. It selects, reads, and reads again.

    Expect
        select returns 1, both reads return -1.
    """

    variant = "write-once"
    claims = ("N7a",)
    title = "A Java server writes once to a client that has closed, then selects and reads"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=(
            "client write = 6",
            "server select = 1",
            "server select = 1",
            "server read = 6",
            "server read = EOF",
            "server read = EOF",
            "server write = 18",
        ),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        server, client = self.begun(lab)
        client.close()
        client.process.exit()
        lab.until_fin_acked(client)
        self.order(server, "write 18")
        lab.until_segment("RST", source=client)
        self.order(server, "select", "read", "read", "close")


class JavaVanished(JavaWriteTwice):
    """A Java server writes once to a client whose connection has vanished, then selects and reads.

    Shows
        The notes' result in Java, and whose words it says. Without a FIN before the RST the read throws. But where the
        C library has "Connection reset by peer", today's Java says "Connection reset": that sentence is the JDK's own.
        "Broken pipe" at the write is the C library's.

    Steps
        The client connects and writes 6 bytes. The server selects and reads. The client's connection vanishes without a
        packet. The server writes 18 bytes and waits for the RST. It selects, reads, and writes.

    Expect
        select returns 1. The read throws SocketException: Connection reset (Java 17; an older one may pass on the
        C library's words). The write throws IOException: Broken pipe.
    """

    variant = "vanished"
    claims = ("N7a", "N6")
    perturbs = "java-write-once"
    title = "A Java server writes once to a client whose connection has vanished, then selects and reads"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="unknown-connection",
        calls=(
            "client write = 6",
            "server select = 1",
            "server select = 1",
            "server read = 6",
            "server read = ECONNRESET",
            "server write = 18",
            "server write = EPIPE",
        ),
        resets=("client NO_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        server, client = self.begun(lab)
        lab.until_acked(client)
        client.vanish()
        self.order(server, "write 18")
        lab.until_segment("RST", source=client)
        self.order(server, "select", "read", "write 18", "close")
