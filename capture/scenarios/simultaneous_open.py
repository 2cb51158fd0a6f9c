"""Two programs connect to each other at the same moment, and no one listens."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close, say


class SimultaneousOpen(Scenario):
    """Two programs connect to each other at the same moment, and no one listens.

    Shows
        A connection needs no server. Two SYNs that cross on the wire make one connection, in four segments instead of
        three: each end goes from SYN_SENT to SYN_RCVD, and the SYN-ACKs cross too.

    Steps
        Client and server each bind a port, and call connect to that of the other. Both SYNs are on the wire
        before either arrives. The client writes 6 bytes, which the server reads. The client closes, then the server.

    Expect
        Both calls to connect succeed: it is one connection, for which nobody called listen or accept.
    """

    title = "Two programs connect to each other at the same moment, and no one listens"
    wire = "tun"
    claims = ("N1",)
    perturbs = "close-client-first"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=(
            "client connect = 0",
            "server connect = 0",
            "client write = 6",
            "server read = 6",
            "server read = EOF",
            "client close = 0",
            "server close = 0",
        ),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = lab.process("client").socket(), lab.process("server").socket()
        here, there = lab.endpoint("client", lab.port()), lab.endpoint("server", lab.port())
        client.bind(here)
        server.bind(there)
        held = lab.hold(lambda one: one.has("SYN") and not one.has("ACK"), "the wire holds both SYNs")
        pending = [client.begin_connect(there)]
        lab.until_segment("SYN", source="client")
        pending.append(server.begin_connect(here))
        lab.until_segment("SYN", source="server", at="server")
        lab.release(held, "they arrive")
        for one in pending:
            one.result()
        lab.until_state(server, "ESTABLISHED")
        say(client, server)
        both_close(client, server)
