"""How much data fits into one segment."""

from __future__ import annotations

from ..lab import Lab
from . import Expect, Scenario
from .steps import both_close


class FullSegment(Scenario):
    """A write of more than one segment, which fills the segments to the brim.

    Shows
        The MSS that a SYN announces is not quite the data that a segment carries: TCP options count against it. With
        timestamps, which nearly every connection uses, 12 bytes of each segment are theirs, and 1448 of 1460 are left
        for data (over IPv6 1428 of 1440).

    Steps
        The client writes 4000 bytes at once. The server waits until all are there, and reads them. The client closes,
        then the server.

    Expect
        The largest payload on the wire is the announced MSS less 12.
    """

    title = "A write that fills its segments: how much data fits into one"
    claims = ("N2",)
    expect = Expect(
        ending="closed",
        ended_by="client",
        verdict="closed",
        calls=("client write = 4000", "server read = 4000", "server read = EOF"),
        resets=(),
    )
    timestamps = True

    def run(self, lab: Lab) -> None:
        if not self.timestamps:
            lab.sysctl("client", "net.ipv4.tcp_timestamps", 0)
        client, server = lab.pair()
        client.write(4000)
        lab.until_received(server, 4000)
        server.read()
        lab.until_acked(client)
        both_close(client, server)
        mss = 1460 if lab.family == 4 else 1440
        room = mss - 12 if self.timestamps else mss
        largest = max(one.length for one in lab.packets)
        lab.must_hold(largest == room, f"{room} bytes in the largest segment: {largest} came")


class NoTimestamps(FullSegment):
    """The same write without timestamps.

    Shows
        The notes' sentence taken at its word: without options, the largest data field of a segment is the MSS itself.

    Steps
        As in full-segment, with timestamps switched off at the client (net.ipv4.tcp_timestamps = 0).

    Expect
        The largest payload on the wire is the announced MSS.
    """

    variant = "no-timestamps"
    perturbs = "full-segment"
    title = "The same write without timestamps: segments as large as the MSS says"
    timestamps = False
