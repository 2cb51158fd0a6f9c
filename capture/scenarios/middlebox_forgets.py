"""A middlebox that keeps a table of connections forgets an idle one."""

from __future__ import annotations

from typing import ClassVar

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, find_out, say


class MiddleboxForgets(Scenario):
    """A middlebox forgets a connection that was idle, and answers its next packet with a RST.

    Shows
        Load balancers and address translators keep a table of connections, and strike out what was idle: after 350 s
        in AWS, after 4 minutes in Azure. Some answer the next packet with a RST. Neither end has closed, and the server
        does not learn of it.

    Steps
        A firewall on the server's host keeps a table with a lifetime of 0.5 s: a SYN enters a connection, every packet
        renews it, and what is not in the table is rejected "with tcp reset". The client writes 6 bytes, then both are
        silent for 0.7 s. The client writes again, and reads; the server writes, and reads.

    Expect
        The client's read fails with ECONNRESET. The server's end is still established; only when it writes, its own
        read fails with ECONNRESET, by the RST of the client's kernel.
    """

    title = "A middlebox forgets an idle connection, and answers its next packet with a RST"
    wire = "veth"
    needs = ("nft",)
    expect = Expect(
        ending="reset",
        ended_by="path",
        verdict="reset-by-firewall",
        calls=(
            "client write = 6",
            "client write = 6",
            "client read = ECONNRESET",
            "server read = 6",
            "server write = 18",
            "server read = ECONNRESET",
        ),
        resets=("client NO_SOCKET",),
    )
    verdict: ClassVar[str] = "reject with tcp reset"
    lifetime: ClassVar[int] = 500  # milliseconds

    def forgotten(self, lab: Lab) -> None:
        """The table, and the server's only rules."""
        lab.nft(
            "server",
            "add set inet lab known { type inet_service; flags dynamic, timeout; size 64; }",
            "add chain inet lab in { type filter hook input priority 0; policy drop; }",
            # A RST is never answered with a RST: it passes, as through most middleboxes.
            "add rule inet lab in tcp flags & rst == rst accept",
            f"add rule inet lab in tcp flags & (syn | ack) == syn add @known {{ tcp sport timeout {self.lifetime}ms }}",
            f"add rule inet lab in tcp sport @known update @known {{ tcp sport timeout {self.lifetime}ms }} accept",
            f"add rule inet lab in meta l4proto tcp {self.verdict}",
        )

    def run(self, lab: Lab) -> None:
        self.forgotten(lab)
        client, server = lab.pair()
        say(client, server)
        lab.pass_time(0.7)
        client.write(b"there?")
        client.read()
        lab.until_state(server, "ESTABLISHED")
        find_out(server, client)
        client.close()
        server.close()


class Silently(MiddleboxForgets):
    """A middlebox forgets a connection that was idle, and drops its next packets.

    Shows
        The other habit of middleboxes, and the costlier one: nothing is answered. Only retransmissions show it, and the
        program waits until its patience ends, by default a quarter of an hour.

    Steps
        As in middlebox-forgets, but what is not in the table is dropped. The client waits at most 0.7 s for an ACK
        (TCP_USER_TIMEOUT).

    Expect
        The client's write returns 6 and is sent at least three times. Its read fails with ETIMEDOUT. No RST is sent,
        and the server's end stays established.
    """

    variant = "silently"
    title = "A middlebox forgets an idle connection, and drops its next packets"
    expect = Expect(
        ending="timed-out",
        ended_by="nobody",
        verdict="retransmission-timeout",
        calls=("client write = 6", "client write = 6", "client read = ETIMEDOUT", "server read = 6"),
        resets=(),
    )
    verdict = "drop"

    def run(self, lab: Lab) -> None:
        self.forgotten(lab)
        client, server = lab.pair()
        client.option("TCP_USER_TIMEOUT", 700)
        say(client, server)
        lab.pass_time(0.7)
        client.write(b"there?")
        client.read()
        client.close()
        lab.until_state(server, "ESTABLISHED")


class KeptAlive(MiddleboxForgets):
    """A middlebox would forget an idle connection, but keepalive probes renew it.

    Shows
        The remedy: something must pass before the middlebox's lifetime ends. A keepalive probe carries no data, no
        program sees it, and it counts as a packet.

    Steps
        As in middlebox-forgets, but with a lifetime of 1.3 s, and the client sends a keepalive probe after 1 s without
        traffic (TCP_KEEPIDLE). Both are silent for 1.5 s, longer than the lifetime.

    Expect
        The client's next write arrives, and the connection is closed in the ordinary way. No RST is sent.
    """

    variant = "but-kept-alive"
    perturbs = "middlebox-forgets"
    title = "A middlebox would forget an idle connection, but keepalive probes renew it"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "client write = 6",
            "client write = 6",
            "server read = 6",
            "server read = 6",
            "server read = EOF",
        ),
        resets=(),
    )
    lifetime = 1300

    def run(self, lab: Lab) -> None:
        self.forgotten(lab)
        client, server = lab.pair()
        client.option("SO_KEEPALIVE", 1)
        client.option("TCP_KEEPIDLE", 1)
        client.option("TCP_KEEPINTVL", 1)
        say(client, server)
        lab.pass_time(1.5)
        say(client, server, b"there?")
        both_close(client, server)
