"""N4: tcpdump's letters, and what PSH does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ...capture.segments import FLAGS, Segment
from . import READS, Claim, Evidence, Finding, Measured, NotMeasuredError, other

#: The order in which tcpdump writes a segment's flags (print-tcp.c).
LETTERS = {"FIN": "F", "SYN": "S", "RST": "R", "PSH": "P", "ACK": ".", "URG": "U", "ECE": "E", "CWR": "W"}


class N4(Claim):
    """tcpdump's letters stand for flags; PSH asks TCP to hand the data to the layer above at once.

    Measured: the letters of every segment; and for each segment with data whether it carried PSH, and whether the
    program that waited for it had the data before more came. Linux wakes the reader for any data: it is handed over at
    once with PSH and without. What does make a reader wait is what it has asked for itself (SO_RCVLOWAT, MSG_WAITALL),
    and PSH does not overrule that.
    """

    says = (
        "tcpdump's S, F, ack, P and R are the flags SYN, FIN, ACK, PSH and RST; PSH asks TCP to hand the data to the "
        "layer above at once."
    )
    scenarios = ("push-with-psh", "push")
    changed = ("push-low-water",)

    @classmethod
    def judge(cls, one: Evidence) -> Finding:
        data = [segment for segment in one.packets if segment.length]
        if not data:
            raise NotMeasuredError("no data was sent")
        sender = one.host(data[0].src)
        had = deliveries(one, other(sender))
        arrived = [s for s in one.packets_at(other(sender)) if s.length and one.host(s.src) == sender]
        brought, texts, at_once = 0, [], True
        for number, segment in enumerate(arrived):
            brought += segment.length
            when = next((t_ns for count, t_ns in had if count >= brought), None)
            more = arrived[number + 1].t_ns if number + 1 < len(arrived) else None
            held = when is not None and more is not None and when >= more
            if when is None:
                kept = "never handed over"
            else:
                order = "only when more had come" if held else "handed over before anything else came"
                kept = f"{order} ({max(when - segment.t_ns, 0) / 1000:,.0f} µs later)"
            at_once = at_once and when is not None and not held
            psh = "with" if segment.has("PSH") else "without"
            texts.append(f"{segment.length:,} bytes came {psh} PSH [{letters(segment)}]: {kept}")
        counts = Counter(letters(segment) for segment in one.packets)
        shown = " ".join(f"{count}\u00d7[{text}]" for text, count in counts.most_common())
        pushed = any(segment.has("PSH") for segment in arrived)
        return Finding(at_once, f"{'; '.join(texts)} (all flags: {shown})", "with PSH" if pushed else "without PSH")

    @classmethod
    def measure(cls, recordings: Sequence[Evidence]) -> Measured:
        measured = super().measure(recordings)
        found = [cls.judge(one) for one in recordings]
        if len({one.when for one in found}) == 2 and len({one.holds for one in found}) == 1:
            return replace(measured, remark="PSH makes no difference to when the reader has its data")
        return measured


def deliveries(one: Evidence, reader: str) -> list[tuple[int, int]]:
    """How many bytes the reader had in all, and since when."""
    got, found = 0, []
    for call in one.calls(reader, *READS):
        if call.until_ns and (call.result or 0) > 0:
            got += call.result or 0
            found.append((got, call.until_ns))
    return found


def letters(segment: Segment) -> str:
    """The flags as tcpdump writes them: `P.`."""
    return "".join(letter for name, letter in LETTERS.items() if segment.flags & FLAGS[name]) or "none"
