"""A ninth flag, outside the byte that holds the other eight: accurate ECN."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say_and_leave, write_in_vain


class AccurateEcn(Scenario):
    """A segment of a connection with accurate ECN arrives: its ninth flag stands in another byte.

    Shows
        The figure of the header with one bit for each of eight flags is no longer all of it. Accurate ECN (RFC 9768)
        takes a ninth bit, AE, from the byte before, and reads AE, CWR and ECE together as a number from 0 to 7. A host
        that does not use it ignores the bit.

    Steps
        As in write-twice; but after the handshake an ACK with AE reaches the client, forged as from a server that
        counts congestion marks.

    Expect
        Nothing comes of it: what follows is as in write-twice.
    """

    title = "An ACK with a ninth flag arrives, as in a connection with accurate ECN"
    wire = "tun"
    needs = ("scapy",)
    claims = ("N3",)
    perturbs = "write-twice"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="write-after-peer-closed",
        calls=("client write = 6", "server read = 6", "server write = 18", "server write = EPIPE SIGPIPE"),
        resets=("client TCP_TIMEWAIT_SOCKET",),
    )

    def run(self, lab: Lab) -> None:
        from scapy.layers.inet import IP, TCP
        from scapy.layers.inet6 import IPv6

        from .. import segments

        client, server = lab.pair()
        assert client.local and server.local
        packet = (IP if lab.family == 4 else IPv6)(
            segments.forge(server.local, client.local, "ACK", lab.next_seq(server), lab.next_seq(client), window=500)
        )
        packet[TCP].flags = packet[TCP].flags.value | 1 << 8
        del packet[TCP].chksum
        raw = bytes(packet)
        lab.step("an ACK with a ninth flag reaches the client")
        lab.wire.put("client", raw)
        lab.wait(lambda: any(one.raw == raw for one in lab.packets), "the ACK with a ninth flag to arrive")
        say_and_leave(client, server)
        write_in_vain(server, client)
        server.write(b"the second answer\n")
        server.close()
