"""A firewall refuses a connection attempt, and in three ways."""

from __future__ import annotations

from typing import ClassVar

from ..lab import Lab
from . import Expect, Scenario
from .steps import firewall


class FirewallRejects(Scenario):
    """A firewall answers the SYN with a RST, though a server listens on the port.

    Shows
        A refused connection is no proof of a closed port. A firewall that rejects with a RST forges it in the server's
        name, and what the client gets is what an unused port would have sent.

    Steps
        The server listens. A firewall on its host (nftables) rejects TCP to that port "with tcp reset". The client
        connects.

    Expect
        connect fails with ECONNREFUSED. The server's TCP has sent no RST and never saw the SYN: the kernel gives no
        reason for this RST, because it was not TCP that sent it.
    """

    title = "A firewall answers the SYN with a RST, though a server listens"
    wire = "tun"
    needs = ("nft",)
    expect = Expect(
        ending="refused",
        ended_by="server",
        verdict="refused",
        proved="reset-by-firewall",
        calls=("client connect = ECONNREFUSED",),
        resets=(),
    )
    verdict: ClassVar[str] = "tcp reset"

    def run(self, lab: Lab) -> None:
        # An ICMP error that comes while connect still sends the SYN is put off until the SYN is sent again.
        lab.wire.delay = 0.01
        listener = lab.process("server").listen()
        firewall(lab, f"reject with {self.verdict}")
        attempt = lab.process("client").connect(listener)
        attempt.close()


class PortUnreachable(FirewallRejects):
    """A firewall answers the SYN with ICMP: port unreachable.

    Shows
        "Connection refused" needs no RST. While a connection is being made, Linux believes an ICMP error at once, and
        turns "port unreachable" into the errno that a RST would have given.

    Steps
        The server listens. A firewall on its host rejects TCP to that port with ICMP "port unreachable". The client
        connects.

    Expect
        connect fails with ECONNREFUSED, and there is no RST: a capture of TCP only shows a SYN that nobody answered.
    """

    variant = "port-unreachable"
    title = "A firewall answers the SYN with ICMP: port unreachable"
    expect = Expect(
        ending="unanswered",
        ended_by="nobody",
        verdict="refused-by-icmp",
        calls=("client connect = ECONNREFUSED",),
        resets=(),
    )
    verdict = "icmpx type port-unreachable"


class HostUnreachable(FirewallRejects):
    """A firewall answers the SYN with ICMP: host unreachable.

    Shows
        The errno of a failed connect names the messenger: ECONNREFUSED for a RST or "port unreachable", EHOSTUNREACH
        ("No route to host") for "host unreachable", ETIMEDOUT for nothing at all.

    Steps
        The server listens. A firewall on its host rejects TCP to that port with ICMP "host unreachable" (in IPv6
        "address unreachable"). The client connects.

    Expect
        connect fails with EHOSTUNREACH, though the host is there and answered.
    """

    variant = "host-unreachable"
    title = "A firewall answers the SYN with ICMP: host unreachable"
    expect = Expect(
        ending="unanswered",
        ended_by="nobody",
        verdict="refused-by-icmp",
        calls=("client connect = EHOSTUNREACH",),
        resets=(),
    )
    verdict = "icmpx type host-unreachable"
