"""Keepalive probes go unanswered, and the connection is reset."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import say


class KeepaliveDeath(Scenario):
    """Keepalive probes go unanswered, and the connection is reset.

    Shows
        The one case in which Linux does send RST at the end of its patience. A keepalive probe is an empty segment that
        asks for an ACK; when too many of them stay without an answer, the kernel gives up with RST.

    Steps
        The client asks for probes after 1 s of silence, and gives up after one that stays unanswered for 1 s more
        (SO_KEEPALIVE, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT). It writes 6 bytes, which the server reads. From now on
        all that the server sends is lost. The client waits in read; then the server reads.

    Expect
        The client's read fails with ETIMEDOUT. The kernel's reason is TCP_KEEPALIVE_TIMEOUT. As only one direction of
        the wire is cut, the RST arrives, and the server's read fails with ECONNRESET.
    """

    title = "Keepalive probes go unanswered, and the connection is reset"
    wire = "tun"
    claims = ("N5d",)
    perturbs = "retransmissions"
    expect = Expect(
        ending="reset",
        ended_by="client",
        verdict="keepalive-timeout",
        calls=("client write = 6", "client read = ETIMEDOUT", "server read = 6", "server read = ECONNRESET"),
        resets=("client TCP_KEEPALIVE_TIMEOUT",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        client.option("TCP_KEEPIDLE", 1)
        client.option("TCP_KEEPINTVL", 1)
        client.option("TCP_KEEPCNT", 1)
        client.option("SO_KEEPALIVE", 1)
        say(client, server)
        lab.drop(lab.is_from("server"), "all that the server sends is lost")
        client.read()
        lab.until_segment("RST", source=client, at="server")
        server.read()
        client.close()
        server.close()
