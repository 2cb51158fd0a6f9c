"""A RST that nobody at either end sent: which ones the receiver believes."""

from __future__ import annotations

from typing import ClassVar

from ..lab import Lab, Pending, Socket
from ..live.wire import Rule
from . import Expect, Scenario
from .steps import before_forgery, find_out, forge_from


class ForgedRst(Scenario):
    """A forged RST with the very sequence number that the client expects next.

    Shows
        TCP believes whoever knows the four addresses and one number. The client is reset by a stranger, and the server
        does not know it: it goes on talking, and that gives the forgery away.

    Steps
        The client writes 6 bytes, which the server reads. A RST reaches the client that carries the server's address
        and the next sequence number. The client reads. The server writes 18 bytes, and reads.

    Expect
        The client's read fails with ECONNRESET. The server's write returns 18; the client's kernel has no such
        connection any more and answers RST (NO_SOCKET), so that the server's read fails with ECONNRESET, too.
    """

    title = "A forged RST with the very sequence number that the client expects next"
    wire = "tun"
    needs = ("scapy",)
    expect = Expect(
        ending="reset",
        ended_by="path",
        verdict="reset-forged",
        calls=(
            "client write = 6",
            "client read = ECONNRESET",
            "server read = 6",
            "server write = 18",
            "server read = ECONNRESET",
        ),
        resets=("client NO_SOCKET",),
    )

    def forged(self, lab: Lab, client: Socket, server: Socket) -> None:
        """The RST arrives."""
        forge_from(server, client, "RST")

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        self.forged(lab, client, server)
        client.read()
        find_out(server, client)
        client.close()
        server.close()


class OldTimestamp(ForgedRst):
    """A forged RST with the right sequence number and a timestamp that is long over.

    Shows
        Data with an old timestamp is dropped (PAWS, RFC 7323), a RST with one is not: the RFC exempts it, so that the
        timestamps are no protection from forged RSTs.

    Steps
        As in forged-rst, but the RST carries the timestamp option with a TSval that is older than the server's last one
        by 100 s.

    Expect
        The same as without the option: the RST is accepted.
    """

    variant = "old-timestamp"
    title = "A forged RST with the right sequence number and a timestamp that is long over"

    def forged(self, lab: Lab, client: Socket, server: Socket) -> None:
        stamps = lab.last(server).timestamps
        assert stamps
        old = (stamps[0] - 100_000) & 0xFFFFFFFF, stamps[1]
        forge_from(server, client, "RST", timestamps=old)


class BeforeData(ForgedRst):
    """A forged RST overtakes data that the server has sent already.

    Shows
        Whoever forges a RST has to be faster than the data. This one is: data of the server is still on its way, so the
        forger's sequence number is the one that the client expects. The data that arrives behind the RST is the proof
        of the forgery, for no TCP sends data after its own RST.

    Steps
        The client writes 6 bytes, which the server reads. The server writes 18 bytes, which the wire holds back. A
        forged RST reaches the client, then the 18 bytes do. Both read.

    Expect
        The client's read fails with ECONNRESET, and the 18 bytes are lost: its kernel answers them with RST. The
        server's read fails with ECONNRESET.
    """

    variant = "before-data"
    title = "A forged RST overtakes data that the server has sent already"

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        slow = lab.hold(lab.is_from(server), "the wire holds the server's next segment", count=1)
        server.write(b"are you all right?")
        lab.until_segment("PSH", source=server, at="server")
        self.forged(lab, client, server)
        client.read()
        lab.release(slow, "the wire lets the server's segment go")
        lab.until_segment("RST", source=client)
        server.read()
        client.close()
        server.close()


class BothEnds(ForgedRst):
    """Forged RSTs to both ends at once.

    Shows
        A middlebox that wants a connection gone resets it towards both ends, each time in the other one's name. Both
        programs see "Connection reset by peer", and neither of them did it.

    Steps
        The client writes 6 bytes, which the server reads. A RST with the next sequence number reaches the client, and
        another one the server. Both read.

    Expect
        Both reads fail with ECONNRESET. Neither kernel has sent a RST. A capture at one end puts it down to the other
        end: that it was neither shows only when both captures are compared.
    """

    variant = "both-ends"
    title = "Forged RSTs to both ends at once"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="unprompted-reset",
        proved="reset-forged",
        calls=("client write = 6", "client read = ECONNRESET", "server read = 6", "server read = ECONNRESET"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        self.forged(lab, client, server)
        forge_from(client, server, "RST")
        client.read()
        server.read()
        client.close()
        server.close()


class Handshake(ForgedRst):
    """A forged RST answers the SYN before the server's SYN-ACK does.

    Shows
        A race again: whoever answers the SYN first is believed, if only the acknowledgement number is right. The
        program hears "Connection refused", although the server has accepted: its SYN-ACK comes too late, and is
        answered with RST.

    Steps
        The server listens. The client connects; the wire holds the SYN-ACK back. A RST with the server's address
        arrives that acknowledges the SYN. Then the wire lets the SYN-ACK go.

    Expect
        connect fails with ECONNREFUSED. The client's kernel answers the SYN-ACK with RST (NO_SOCKET).
    """

    variant = "handshake"
    title = "A forged RST answers the SYN before the server's SYN-ACK does"
    claims = ()
    expect = Expect(
        ending="refused",
        ended_by="path",
        verdict="reset-forged",
        calls=("client connect = ECONNREFUSED",),
        resets=("client NO_SOCKET",),
    )
    acknowledges: ClassVar[int] = 1  # behind the SYN's sequence number

    def run(self, lab: Lab) -> None:
        import scapy.layers.inet6  # noqa: F401  (takes its time: now, not between two packets)

        listener = lab.process("server").listen()
        assert listener.local
        slow = lab.hold(lab.is_from("server", "SYN", "ACK"), "the wire holds the SYN-ACK", count=1)
        client, pending = lab.process("client").begin_connect(listener)
        syn = lab.until_segment("SYN", source="client")
        lab.until_segment("SYN", "ACK", source="server", at="server")
        lab.forge("client", "RST ACK", src=syn.dst, dst=syn.src, seq=0, ack=syn.seq + self.acknowledges)
        self.afterwards(lab, slow, listener, client, pending)

    def afterwards(self, lab: Lab, slow: Rule, listener: Socket, client: Socket, pending: Pending) -> None:
        """The SYN-ACK comes when the client has given up."""
        pending.result()
        lab.release(slow, "the wire lets the SYN-ACK go")
        lab.until_segment("RST", source="client")
        client.close()
