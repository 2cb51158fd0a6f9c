"""A firewall drops packets and says nothing: at the first one, or in the middle of a connection."""

from __future__ import annotations

from typing import ClassVar

from ..lab import Lab
from . import Expect, Scenario
from .steps import firewall, say


class FirewallDrops(Scenario):
    """A firewall drops every SYN and says nothing.

    Shows
        Silence is the slowest answer. The client's kernel sends the SYN again, and gives up when its patience ends:
        "Connection timed out". It sends no RST, and the server never hears of the attempt.

    Steps
        The server listens. A firewall on its host (nftables) drops TCP to that port. The client lowers its patience
        from two minutes to 1.1 s (TCP_USER_TIMEOUT) and connects.

    Expect
        The SYN is sent twice. connect fails with ETIMEDOUT.
    """

    title = "A firewall drops every SYN and says nothing"
    wire = "veth"
    needs = ("nft",)
    claims = ("N5d",)
    expect = Expect(
        ending="unanswered", ended_by="nobody", verdict="unanswered", calls=("client connect = ETIMEDOUT",), resets=()
    )

    def run(self, lab: Lab) -> None:
        listener = lab.process("server").listen()
        firewall(lab, "drop")
        client = lab.process("client")
        attempt = client.socket()
        attempt.option("TCP_USER_TIMEOUT", 1100)
        assert listener.local
        attempt.connect(listener.local)
        lab.until_segment("SYN", source=attempt, count=2)
        attempt.close()


class MidStream(FirewallDrops):
    """A firewall begins to drop in the middle of a connection.

    Shows
        A write that nobody answers is sent again and again, each time after twice the wait. When the patience ends the
        program is told ETIMEDOUT, and the kernel lets go without a RST. The other end never learns that it is alone.

    Steps
        The client writes 6 bytes, which the server reads. A firewall on the server's host starts to drop what comes to
        its port. The client, which waits at most 0.7 s for an ACK (TCP_USER_TIMEOUT), writes 6 bytes again, and reads.

    Expect
        The write returns 6: the kernel has taken the data. It is sent at least three times. Then read fails with
        ETIMEDOUT, and the next write with EPIPE. At the server the connection stays established.
    """

    variant = "mid-stream"
    title = "A firewall begins to drop in the middle of a connection"
    expect = Expect(
        ending="timed-out",
        ended_by="nobody",
        verdict="retransmission-timeout",
        calls=(
            "client write = 6",
            "client write = 6",
            "client write = EPIPE SIGPIPE",
            "client read = ETIMEDOUT",
            "server read = 6",
        ),
        resets=(),
    )

    verdict: ClassVar[str] = "drop"

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.option("TCP_USER_TIMEOUT", 700)
        say(client, server)
        firewall(lab, self.verdict)
        client.write(b"there?")
        client.read()
        client.write(b"there?")
        lab.until_state(server, "ESTABLISHED")


class MidStreamIcmp(MidStream):
    """A firewall begins to drop in the middle of a connection, and says so by ICMP.

    Shows
        What an ICMP error does to a connection that is open: nothing at first, for anybody could have sent it. Linux
        keeps it in mind, and goes on trying. When its patience ends, the program is not told ETIMEDOUT but that error.

    Steps
        As in firewall-drops-mid-stream, but the firewall rejects with ICMP "host unreachable".

    Expect
        The data is sent at least three times, each time answered by ICMP. Then the client's read fails with
        EHOSTUNREACH, and its write with EPIPE.
    """

    variant = "mid-stream-icmp"
    title = "A firewall begins to drop in the middle of a connection, and says so by ICMP"
    expect = Expect(
        ending="timed-out",
        ended_by="nobody",
        verdict="retransmission-timeout",
        calls=(
            "client write = 6",
            "client write = 6",
            "client write = EPIPE SIGPIPE",
            "client read = EHOSTUNREACH",
            "server read = 6",
        ),
        resets=(),
    )
    verdict = "reject with icmpx type host-unreachable"
