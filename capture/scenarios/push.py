"""Does the PSH flag change when a program gets its data?"""

from __future__ import annotations

from ..lab import Lab, Socket
from . import Expect, Scenario
from .steps import both_close


class Push(Scenario):
    """Data arrives without PSH at a program that waits in read.

    Shows
        The notes say that PSH asks TCP to hand the data to the program at once. Linux does so anyway: a reader is woken
        by data, with PSH or without.

    Steps
        Segments are agreed to be small (TCP_MAXSEG), so that 1000 bytes fill one. The server waits in read. The client
        sends 1000 bytes with MSG_MORE, which says that there is more to come: the segment goes out without PSH.

    Expect
        The server's read returns 1000 as soon as the segment has arrived. When the client closes, then the server, no
        segment has carried PSH.
    """

    title = "Data arrives without PSH at a program that waits in read"
    claims = ("N4",)
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client send = 1000", "server read = 1000", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = self.small_segments(lab)
        waiting = server.begin_read()
        lab.until_blocked(waiting)
        client.send(1000, "MSG_MORE")
        waiting.result()
        lab.must_hold(not any(one.has("PSH") for one in lab.packets), "no PSH in any segment")
        lab.until_acked(client)
        both_close(client, server)

    def small_segments(self, lab: Lab) -> tuple[Socket, Socket]:
        """Both ends of a connection whose segments hold 1000 bytes, over IPv4 and IPv6 alike."""
        listener = lab.process("server").listen()
        client = lab.process("client").socket()
        client.option("TCP_MAXSEG", 1012)  # 12 of them for timestamps
        client.connect(listener.local or "")
        return client, listener.process.accept(listener)


class Pushed(Push):
    """The same data arrives with PSH.

    Shows
        The other half of the comparison: an ordinary write sets PSH in its last segment, and the reader gets the data
        neither sooner nor later.

    Steps
        As in push, but the client sends its 1000 bytes without MSG_MORE.

    Expect
        The segment carries PSH. The server's read returns 1000 as soon as it has arrived.
    """

    variant = "with-psh"
    title = "The same data arrives with PSH"

    def run(self, lab: Lab) -> None:
        client, server = self.small_segments(lab)
        waiting = server.begin_read()
        lab.until_blocked(waiting)
        client.send(1000)
        waiting.result()
        lab.must_hold(lab.last(client).has("PSH"), "PSH in the segment with the data")
        lab.until_acked(client)
        both_close(client, server)


class LowWater(Push):
    """Data arrives with PSH at a program that has asked not to be woken for so little.

    Shows
        What does hold data back from a reader: its own wish. SO_RCVLOWAT asks for a least number of bytes, and PSH does
        not overrule it.

    Steps
        The server asks for 2000 bytes at least, and waits in read. The client sends 1000 bytes with PSH; they arrive,
        and the server's read goes on waiting. The client sends 1000 bytes more.

    Expect
        The server's read returns 2000, and only once the second segment has arrived.
    """

    variant = "low-water"
    perturbs = "push"
    title = "Data arrives with PSH at a program that waits for more"
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client send = 1000", "client send = 1000", "server read = 2000", "server read = EOF"),
        resets=(),
    )

    def run(self, lab: Lab) -> None:
        client, server = self.small_segments(lab)
        server.option("SO_RCVLOWAT", 2000)
        waiting = server.begin_read()
        lab.until_blocked(waiting)
        client.send(1000)
        lab.until_received(server, 1000)
        lab.must_hold(lab.last(client).has("PSH"), "PSH in the segment with the data")
        lab.until_quiet()  # time enough to be woken in
        lab.must_hold(waiting.done is None, "the server's read to wait for more")
        client.send(1000)
        waiting.result()
        lab.until_acked(client)
        both_close(client, server)
