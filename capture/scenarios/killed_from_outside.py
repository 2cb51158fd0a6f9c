"""An administrator ends a connection of a running program: ss -K."""

from __future__ import annotations

from ..lab import Lab
from ..segments import split
from . import Expect, Scenario


class KilledFromOutside(Scenario):
    """`ss --kill` ends a connection over the heads of both programs.

    Shows
        That a RST need not be any program's doing. The kernel aborts the connection as told: the other end reads
        "Connection reset by peer"; the end whose own kernel did it gets an error of its own, "Software caused
        connection abort". In the packets it looks like SO_LINGER 0.

    Steps
        Client and server are connected and idle. `ss --kill` runs on the server's host. Both programs read.

    Expect
        The kernel's reason is TCP_STATE. The server reads ECONNABORTED, the client ECONNRESET.
    """

    title = "An administrator ends a connection with ss --kill"
    needs = ("ss",)
    wire = "veth"
    expect = Expect(
        ending="reset",
        ended_by="server",
        verdict="aborted-without-unread-data",
        calls=("server read = ECONNABORTED", "server read = EOF", "client read = ECONNRESET", "client read = EOF"),
        resets=("server TCP_STATE",),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.pair()
        assert client.local
        port = split(client.local)[1]
        lab.run("server", "ss", "--kill", "--tcp", "state", "established", "dport", "=", f":{port}")
        lab.until_segment("RST", source=server)
        server.read()
        server.read()
        client.read()
        client.read()
