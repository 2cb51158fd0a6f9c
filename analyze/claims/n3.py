"""N3: the flags in the TCP header."""

from __future__ import annotations

from ...capture.segments import Segment
from . import Claim, Evidence, Finding, NotMeasuredError, header

#: Where in the header the notes' figure has the flags: its 14th byte.
FLAGS = 13


class N3(Claim):
    """The flags are one bit each in the TCP header.

    Measured in the bytes of captured headers, without knowing the bits: connect sends SYN, its answer adds ACK, the
    third segment is the ACK alone; what a write sends adds PSH, what a close sends adds FIN, and what comes back from
    a closed socket is RST. Each has to be one bit of byte 13, and no other than the rest. With accurate ECN (RFC 9768)
    there is a ninth flag, in byte 12, and three of the bits together are a counter.
    """

    says = "The flags (SYN, ACK, PSH, FIN, RST ...) are one bit each in the TCP header."
    scenarios = ("write-twice",)
    changed = ("accurate-ecn",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        packets = one.packets
        if len(packets) < 3 or not one.calls("client", "connect"):
            raise NotMeasuredError("no handshake was captured")
        syn, answer, third = (header(segment)[FLAGS] for segment in packets[:3])
        bits = {"SYN": syn, "ACK": third}
        left, since = one.gone()
        data = [segment for segment in packets if segment.length]
        if data:
            bits["PSH"] = header(data[0])[FLAGS] & ~third
        for segment in one.sent(left, after=since):
            added = header(segment)[FLAGS] & ~third
            if added and not segment.length:  # a FIN takes a sequence number and is acknowledged, a RST is not
                bits.setdefault("FIN" if acked(one, segment) else "RST", added)
        beyond = sum(header(segment)[FLAGS - 1] & 15 != 0 for segment in packets)
        single = all(bit and bit & (bit - 1) == 0 for bit in bits.values()) and len(set(bits.values())) == len(bits)
        names = ", ".join(f"{name} 0x{bit:02x}" for name, bit in bits.items())
        whole = f"SYN and ACK together 0x{answer:02x}"
        outside = f"; {beyond} of {len(packets)} segments have a flag in byte {FLAGS - 1}, too" if beyond else ""
        return Finding(
            holds=single and answer == syn | third and not beyond,
            text=f"byte {FLAGS} of the headers, counted from 0: {names}; {whole}{outside}",
            when="all flags are in one byte",
        )


def acked(one: Evidence, segment: Segment) -> bool:
    """Whether the other end acknowledged that the segment took one sequence number."""
    behind = (segment.seq + segment.length + 1) & 0xFFFFFFFF
    return any(answer.src == segment.dst and answer.ack == behind for answer in one.packets)
