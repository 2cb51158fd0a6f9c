"""A packet of the handshake is lost."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say

CLOSED = Expect(
    ending="closed",
    ended_by="client",
    verdict="closed",
    calls=("client connect = 0", "client write = 6", "server read = 6", "server read = EOF"),
    resets=(),
)


class LostHandshake(Scenario):
    """The SYN-ACK is lost.

    Shows
        The first wait of a connection is a whole second, whatever the wire: nothing is known about it yet. A connect
        that takes a little more than 1, 3 or 7 s has lost packets.

    Steps
        The wire drops the first SYN-ACK. The client connects, writes 6 bytes, and closes; the server reads them, and
        closes.

    Expect
        After 1 s SYN or SYN-ACK is sent again: both ends wait for the other. connect returns 0, and all goes on as if
        nothing had been.
    """

    title = "The SYN-ACK is lost: a second passes, and it is sent again"
    wire = "tun"
    expect = CLOSED

    def run(self, lab: Lab) -> None:
        server, client = lab.process("server"), lab.process("client")
        listener = server.listen()
        lab.drop(lab.is_from("server", "SYN", "ACK"), "the wire drops the first SYN-ACK", count=1)
        here = client.connect(listener)
        there = server.accept(listener)
        say(here, there)
        both_close(here, there)


class LastAck(LostHandshake):
    """The handshake's last ACK is lost, and data follows.

    Shows
        The last ACK may be lost without harm: every segment of the client carries the same acknowledgement. For the
        client the connection is open already; for the server it opens with the first data.

    Steps
        The wire drops the handshake's last ACK. The client, whose connect has returned, writes 6 bytes. Only then can
        the server accept; it reads them. Both close.

    Expect
        Nothing is sent again. Every call succeeds.
    """

    variant = "last-ack"
    title = "The handshake's last ACK is lost: the first data stands in for it"

    def run(self, lab: Lab) -> None:
        server, client = lab.process("server"), lab.process("client")
        listener = server.listen()
        lost = lab.drop(
            lambda one: lab.is_from("client", "ACK")(one) and not one.has("SYN") and one.length == 0,
            "the wire drops the handshake's last ACK", count=1,
        )  # fmt: skip
        here = client.connect(listener)
        lab.wait(lambda: lost.matched == 1, "the ACK to be lost")
        here.write(b"hello\n")
        there = server.accept(listener)
        there.read()
        lab.until_acked(here)
        both_close(here, there)
