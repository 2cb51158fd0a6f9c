"""A SYN in the middle of a connection."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import before_forgery, both_close, forge_from, say


class ForgedSyn(Scenario):
    """A SYN arrives on a connection that is in use.

    Shows
        A SYN could mean that the peer was rebooted and takes the same port again. RFC 5961 has the receiver ask: it
        answers with an ACK of where it stands. A peer that has forgotten the connection would answer RST; this one was
        never asked to forget, and goes on.

    Steps
        The client writes 6 bytes, which the server reads. A SYN reaches the client that carries the server's address.
        The server writes 18 bytes, and both close.

    Expect
        The client's kernel sends a challenge ACK. Every call succeeds, and no RST is sent. Wireshark, and finrst with
        it, counts a new connection from the SYN on: the close belongs to the second one, and is told of it.
    """

    title = "A forged SYN arrives on a connection that is in use"
    wire = "tun"
    needs = ("scapy",)
    expect = Expect(
        ending="open",
        ended_by="nobody",
        verdict="syn-in-the-middle",
        calls=("client write = 6", "server read = 6", "server write = 18", "client read = 18", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = before_forgery(lab)
        acks = sum(lab.is_from(client, "ACK")(one) for one in lab.packets)
        forge_from(server, client, "SYN", offset=70_000, window=64_240)
        lab.until_segment("ACK", source=client, count=acks + 1)
        say(server, client, b"are you all right?")
        both_close(client, server)
