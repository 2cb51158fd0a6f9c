"""Forged RSTs that the receiver does not believe: the connection goes on."""

from __future__ import annotations

from ..lab import Lab, Pending, Socket
from ..live.wire import Rule
from . import Expect
from .forged_rst import ForgedRst, Handshake
from .steps import before_forgery, both_close, forge_from, say

GOES_ON = Expect(
    ending="closed",
    ended_by="client",
    verdict="reset-ignored",
    calls=("client write = 6", "server read = 6", "server write = 18", "client read = 18", "server read = EOF"),
    resets=(),
)


class IgnoredRst(ForgedRst):
    """A forged RST whose sequence number lies in the window, but is not the next one.

    Shows
        Since RFC 5961 a RST has to hit the one number that is expected next. One that lies elsewhere in the window is
        questioned, not believed: the receiver sends a challenge ACK. A sender that had really forgotten the connection
        would answer that with a RST of the right number; this one knows better, and the connection goes on.

    Steps
        The client writes 6 bytes, which the server reads. A RST reaches the client with the server's address and a
        sequence number 1,000 above the next one. The client's kernel answers. Then the server writes 18 bytes, and both
        close.

    Expect
        One ACK of the client goes to the server: the challenge. Every call succeeds.
    """

    title = "A forged RST whose sequence number lies in the window, but is not the next one"
    perturbs = "forged-rst"
    expect = GOES_ON

    def forged(self, lab: Lab, client: Socket, server: Socket) -> None:
        acks = sum(lab.is_from(client, "ACK")(one) for one in lab.packets)
        self.at(lab, client, server, 1000)
        lab.until_segment("ACK", source=client, count=acks + 1)

    def at(self, lab: Lab, client: Socket, server: Socket, offset: int, bad_checksum: bool = False) -> None:
        """A RST that lies so far from the next sequence number."""
        forge_from(server, client, "RST", offset, bad_checksum=bad_checksum)

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        self.forged(lab, client, server)
        say(server, client, b"are you all right?")
        both_close(client, server)


class OutsideWindow(IgnoredRst):
    """A forged RST whose sequence number lies outside the window.

    Shows
        A RST of a number that the receiver cannot be waiting for is dropped without a word: not even a challenge ACK.

    Steps
        As in ignored-rst, but the sequence number lies 1,000,000 above the next one.

    Expect
        The client's kernel sends nothing, and every call succeeds.
    """

    variant = "outside-window"
    title = "A forged RST whose sequence number lies outside the window"

    def forged(self, lab: Lab, client: Socket, server: Socket) -> None:
        self.at(lab, client, server, 1_000_000)
        lab.until_quiet()


class OneBelow(IgnoredRst):
    """A forged RST whose sequence number is one below the next.

    Shows
        The number below is what a peer has whose FIN was not acknowledged yet; so Linux takes it from a peer that has
        closed. From one that has not, it is outside the window.

    Steps
        As in ignored-rst, but the sequence number is one below the next one.

    Expect
        The client's kernel sends nothing, and every call succeeds.
    """

    variant = "one-below"
    title = "A forged RST whose sequence number is one below the next"

    def forged(self, lab: Lab, client: Socket, server: Socket) -> None:
        self.at(lab, client, server, -1)
        lab.until_quiet()


class TooLate(IgnoredRst):
    """A forged RST that arrives behind data of which its sender did not know.

    Shows
        The forger's number was right when it looked. Meanwhile data has arrived, so the number is below the window, and
        the RST is dropped. That is why some devices send several RSTs, each with a higher number.

    Steps
        The client writes 6 bytes, which the server reads. The server writes 18 bytes, which the client reads. Then the
        RST arrives, with the number in front of the 18 bytes. Both close.

    Expect
        The client's kernel sends nothing to the RST, and every call succeeds.
    """

    variant = "too-late"
    title = "A forged RST that arrives behind data of which its sender did not know"

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        say(server, client, b"are you all right?")
        self.at(lab, client, server, -18)
        lab.until_quiet()
        both_close(client, server)


class BadChecksum(IgnoredRst):
    """A forged RST with the right sequence number and a wrong checksum.

    Shows
        A capture shows packets that TCP never gets to see: a segment with a wrong checksum is dropped before anybody
        looks at its flags.

    Steps
        As in forged-rst, with the very number that the client expects, but the checksum is wrong.

    Expect
        The client's kernel sends nothing, and every call succeeds.
    """

    variant = "bad-checksum"
    title = "A forged RST with the right sequence number and a wrong checksum"

    def forged(self, lab: Lab, client: Socket, server: Socket) -> None:
        self.at(lab, client, server, 0, bad_checksum=True)
        lab.until_quiet()


class WrongAck(Handshake):
    """A forged RST answers the SYN, but acknowledges something else.

    Shows
        A client that has only sent its SYN has no window yet by which it could judge a sequence number. It judges the
        acknowledgement: a RST that does not acknowledge its SYN is dropped.

    Steps
        As in forged-rst-handshake, but the RST acknowledges 1,000 bytes that the client has not sent. Then the wire
        lets the SYN-ACK go. The client writes 6 bytes, which the server reads. Both close.

    Expect
        connect returns 0, and every other call succeeds.
    """

    variant = "handshake"
    perturbs = "forged-rst-handshake"
    title = "A forged RST answers the SYN, but acknowledges something else"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="reset-ignored",
        calls=("client connect = 0", "client write = 6", "server read = 6", "server read = EOF"),
        resets=(),
    )
    acknowledges = 1001

    def afterwards(self, lab: Lab, slow: Rule, listener: Socket, client: Socket, pending: Pending) -> None:
        lab.release(slow, "the wire lets the SYN-ACK go")
        pending.result()
        server = listener.process.accept(listener)
        say(client, server)
        both_close(client, server)
