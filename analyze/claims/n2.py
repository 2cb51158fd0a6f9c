"""N2: the MSS, and how much data one segment carries."""

from __future__ import annotations

from . import Claim, Evidence, Finding, NotMeasuredError, header


class N2(Claim):
    """The MSS is the largest data field of one segment, the TCP header not counted.

    Measured: the largest payload that was sent, the MSS that its receiver had announced in its SYN, and the bytes of
    options in that segment's header. The MSS leaves out the fixed 20 bytes of the header only (RFC 6691): options, as
    the timestamps that Linux sends, take their bytes from the data.
    """

    says = "The MSS is the largest data field of one segment, the TCP header not counted."
    scenarios = ("full-segment", "full-segment-no-timestamps")
    changed = ()

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        data = [segment for segment in one.packets if segment.length]
        if not data:
            raise NotMeasuredError("no data was sent")
        largest = max(data, key=lambda segment: segment.length)
        ends = {"client": str(one.connection.client), "server": str(one.connection.server)}
        announced = [
            segment.options.mss
            for segment in one.connection.segments
            if segment.options.mss and ends[segment.side] == largest.dst
        ]
        if not announced:
            raise NotMeasuredError("the receiver of the data announced no MSS")
        size, options = announced[0], len(header(largest)) - 20
        if largest.length + options < size:
            raise NotMeasuredError(f"no segment was full: {largest.length:,} bytes of data, an MSS of {size:,}")
        beside = f"{options} bytes of TCP options" if options else "no TCP options"
        return Finding(
            holds=largest.length == size,
            text=f"the largest segment carried {largest.length:,} bytes of data and {beside}; the MSS was {size:,}",
            when="segments carry TCP options" if options else "segments carry no TCP options",
        )
