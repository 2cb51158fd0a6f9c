"""A firewall resets a connection that is in use; the end in whose name it does so goes on talking."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import find_out, firewall, say


class FirewallResets(Scenario):
    """A firewall resets a connection in the middle; the server, in whose name it does so, goes on talking.

    Shows
        How to tell who sent a RST: its supposed sender has forgotten the connection if it sent it, and speaks on if it
        did not. The firewall tells one end only. The other one finds out when it writes next.

    Steps
        The client writes 6 bytes, which the server reads. A firewall on the server's host starts to reject data to its
        port "with tcp reset". The client writes 6 bytes, and reads. Then the server writes 18 bytes, and reads.

    Expect
        The client's read fails with ECONNRESET. The server has seen nothing of it: it writes, and is answered by the
        client's kernel, which has no such connection any more (NO_SOCKET). Its read fails with ECONNRESET, too.
    """

    title = "A firewall resets a connection in the middle, and its other end goes on talking"
    wire = "veth"
    needs = ("nft",)
    claims = ("N5c",)
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

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        say(client, server)
        firewall(lab, "tcp flags & psh == psh reject with tcp reset")
        client.write(b"there?")
        client.read()
        find_out(server, client)
        client.close()
        server.close()
