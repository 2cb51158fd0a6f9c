"""Which packets are drawn and which are folded into a box, and what the box says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise

from .....analyze.matching import space
from .....analyze.story import FIN, RST, SYN, Segment
from .... import words
from ....scene import Fold, Note, Side
from .facts import Part

MOST_ARROWS = 24
GAP_NS = 150_000_000  # no shorter gap is cut out; Linux waits 200 ms, at the least, before it sends again
HIDDEN_NS = 10_000_000  # no longer gap is hidden in a box, if it is more than half of the box's time
MOST_CUTS = 3  # of a box, at such gaps
FEW_PACKETS = 100
MOST_BURSTS = 3  # retransmission bursts drawn; earlier ones are counted in their fold
FEW_LEFT = 2  # packets of a box that was cut
MOST_AFTER_IDLE, FEW_AFTER_IDLE = 14, 4  # packets after the last silence that are drawn; of more than these, the first
MOST_AT_OVERTAKING = 8  # packets from one that was overtaken to the ACK that it drew
LAST_PROBES = 6  # probes so near to the end are the textbook's, too
SHORTEST_FOLD = 6  # packets; shorter runs are drawn unless there are too many arrows

Run = tuple[bool, list[Segment]]  # whether they are drawn, and packets in a row


def _at_silences(run: list[Segment]) -> list[list[Segment]]:
    """The packets apart where a silence is most of their time: a box would hide it."""
    parts = [run]
    while len(parts) <= MOST_CUTS:
        widest = [(b.ts_ns - a.ts_ns, number, place) for number, part in enumerate(parts)
                  for place, (a, b) in enumerate(pairwise(part), 1)
                  if 2 * (b.ts_ns - a.ts_ns) > part[-1].ts_ns - part[0].ts_ns]  # fmt: skip
        gap_ns, number, place = max(widest, default=(0, 0, 0))
        if gap_ns < HIDDEN_NS:
            break
        parts[number : number + 1] = [parts[number][:place], parts[number][place:]]
    return parts


def median(values: list[int]) -> int:
    """The middle value, the upper of two."""
    return sorted(values)[len(values) // 2]


class Folding(Part):
    """Chooses the packets that are drawn."""

    def _ranks(self) -> dict[int, int]:
        """Frame -> how much the figure needs it; lower is more."""
        rank: dict[int, int] = {}

        def want(segment: Segment | None, level: int) -> None:
            if segment is not None:
                rank[segment.frame] = min(level, rank.get(segment.frame, level))

        segments = self.segments
        seen: set[object] = set()
        bursts: list[int] = []
        for index, segment in enumerate(segments):
            again = segment.retransmission_of is not None
            for bit in (SYN, FIN, RST):
                if segment.flags & bit:
                    first = (bit, segment.side) not in seen
                    seen.add((bit, segment.side))
                    want(segment, 0 if first else 3 if index in (len(segments) - 1,) else 5)
                    if first and bit == FIN:
                        want(self.facts.acknowledgement(segment, index), 2)
            if not again and not segment.flags & (SYN | FIN | RST):
                if segment.payload and ("data", segment.side) not in seen:
                    seen.add(("data", segment.side))
                    want(segment, 2)
                    want(self.facts.acknowledgement(segment, index), 6)
                elif not segment.payload and "handshake" not in seen and segments[0].flags & SYN:
                    seen.add("handshake")
                    want(segment, 2)
            if again and (index == 0 or segments[index - 1].retransmission_of is None):
                bursts.append(index)
        if len(segments) > FEW_PACKETS:  # there, recovered losses of long ago are a line in their fold
            bursts = [i for i in bursts if i > len(segments) - MOST_ARROWS or not self.facts.recovered(segments[i], i)]
        for index in bursts[-MOST_BURSTS:]:
            want(segments[index], 4)
            original = self.facts.by_frame.get(segments[index].retransmission_of or -1)
            if original is not None and original in segments[max(0, index - 8) : index]:
                want(original, 4)
        if self.told is not None:
            want(self.facts.by_frame.get(self.told.frame), 0)
            want(self.facts.by_frame.get(self.told.answers_frame or -1), 0)
        for reset in self.connection.resets[:4]:
            want(self.facts.by_frame.get(reset.frame), 3)
            want(self.facts.by_frame.get(reset.answers_frame or -1), 4)
        idle = self._last_idle()
        if idle is not None:
            for segment in segments[max(0, idle - 2) : idle]:
                want(segment, 1)
            rest = segments[idle:]
            for position, segment in enumerate(rest if len(rest) <= MOST_AFTER_IDLE else rest[:FEW_AFTER_IDLE]):
                want(segment, 1 if position < 2 else 5)
        for segment in segments[:1] + segments[-2:]:
            want(segment, 1)
        for segment in self._overtaking():
            want(segment, 3)
        return rank

    def _overtaking(self) -> list[Segment]:
        """The first segment that was overtaken, up to the ACK that it drew, where that is the connection's story."""
        frame, ack = next(iter(self.facts.overtaken.items()), (-1, None))
        if ack is None or self.connection.ending != "closed":
            return []
        run = self.segments[self.facts.position[frame] : self.facts.position[ack.frame] + 1]
        return run if len(run) <= MOST_AT_OVERTAKING else []

    def _threshold_ns(self, times: list[int]) -> float:
        gaps = [b - a for a, b in pairwise(times)]
        return max(GAP_NS, 20 * median(gaps)) if gaps else GAP_NS

    def _last_idle(self) -> int | None:
        """Index of the packet after the last gap worth a break."""
        times = [segment.ts_ns for segment in self.segments]
        least = self._threshold_ns(times)
        found = [i for i in range(1, len(times)) if times[i] - times[i - 1] > least]
        return found[-1] if found else None

    def runs(self) -> list[Run]:
        """The packets in order as (drawn, run)."""
        rank = self._ranks()
        if not self.facts.timed:
            drawn = self._textbook()
        else:
            by_rank = sorted(rank, key=lambda frame: (rank[frame], frame))
            drawn = set(by_rank[:MOST_ARROWS])
            if len(self.segments) <= MOST_ARROWS:
                drawn |= {s.frame for run in self._gaps(drawn) if len(run) < SHORTEST_FOLD for s in run}
            else:
                for run in sorted(self._gaps(drawn), key=len):
                    if len(run) < SHORTEST_FOLD and len(drawn) + len(run) <= MOST_ARROWS:
                        drawn |= {s.frame for s in run}
        runs: list[Run] = []
        for segment in self.segments:
            keep = segment.frame in drawn
            if not runs or runs[-1][0] != keep:
                runs.append((keep, []))
            runs[-1][1].append(segment)
        return self._parted(runs, _at_silences) if self.facts.timed else runs

    def cut(self, runs: list[Run], moments: Iterable[int]) -> list[Run]:
        """The runs with no box around any of `moments`, at which something is drawn beside the packets."""
        times = sorted(moments)

        def apart(run: list[Segment]) -> list[list[Segment]]:
            parts = [[run[0]]]
            for earlier, later in pairwise(run):
                if bisect_right(times, earlier.ts_ns) < bisect_right(times, later.ts_ns):
                    parts.append([])
                parts[-1].append(later)
            return parts

        return self._parted(runs, apart)

    def _parted(self, runs: list[Run], apart: Callable[[list[Segment]], list[list[Segment]]]) -> list[Run]:
        """The runs with their boxes in parts; of what is left of a box, one packet or two are drawn."""
        drawn = sum(len(run) for keep, run in runs if keep)
        found: list[Run] = []
        for keep, run in runs:
            parts = [run] if keep else apart(run)
            for part in parts:
                few = len(parts) > 1 and len(part) <= FEW_LEFT and drawn + len(part) <= MOST_ARROWS
                drawn += len(part) if few else 0
                found.append((keep or few, part))
        return found

    def _gaps(self, drawn: set[int]) -> list[list[Segment]]:
        gaps: list[list[Segment]] = [[]]
        for segment in self.segments:
            if segment.frame in drawn:
                gaps.append([])
            else:
                gaps[-1].append(segment)
        return [gap for gap in gaps if gap]

    def _textbook(self) -> set[int]:
        """Frames of handshake, close and reset, lost or never answered, probes, and what drew a RST."""
        facts, drawn = self.facts, set[int]()
        special = facts.made_copies.union(facts.unanswered)

        def want(segment: Segment | None) -> None:
            if segment is not None:
                drawn.add(segment.frame)

        opening = True
        lost = False
        for index, segment in enumerate(self.segments):
            again = segment.retransmission_of is not None
            opening = opening and not segment.payload and not segment.flags & (FIN | RST)
            if segment.flags & (SYN | FIN | RST) or opening or (again and lost):
                want(segment)
                want(facts.acknowledgement(segment, index) if space(segment) and not segment.flags & RST else None)
                lost = lost and not again
            probe = (segment.keepalive or segment.window_probe) and index >= len(self.segments) - LAST_PROBES
            if probe:  # with its answer: that there was one tells who is alive
                want(next((s for s in self.segments[index + 1 : index + 2] if s.side != segment.side), None))
            if probe or segment.fate in ("lost", "unsent") or segment.frame in special:
                want(segment)
                lost = lost or segment.fate == "lost"
        for frame in (
            reset.answers_frame for reset in (*self.connection.resets[:4], *([self.told] if self.told else []))
        ):
            want(facts.by_frame.get(frame or -1))
        frames = sorted(drawn)
        return set(frames if len(frames) <= MOST_ARROWS else frames[:8] + frames[8 - MOST_ARROWS :])

    def fold(self, run: list[Segment]) -> Fold:
        first, last = run[0].ts_ns, run[-1].ts_ns
        count = words.number(len(run))
        facts: list[str] = []
        again = [segment for segment in run if segment.retransmission_of is not None]
        if again:
            recovered = all(self.facts.recovered(segment, self.facts.position[segment.frame]) for segment in again)
            key = "retransmissions-recovered" if recovered else "retransmissions"
            facts.append(self.say(key, n=words.number(len(again))))
        else:
            facts.append(self.say("no-retransmission"))
        gaps = [b.ts_ns - a.ts_ns for a, b in pairwise(run)]
        if gaps:
            facts.append(self.say("max-gap", time=words.span(max(gaps))))
        for side in ("client", "server"):
            ttls = {segment.ttl for segment in run if segment.side == side}
            if len(ttls) == 1 and (side == "server" or len({s.side for s in run}) == 1):
                facts.append(self.say("ttl-constant", side=side, ttl=ttls.pop()))
            elif len(ttls) > 1:
                facts.append(self.say("ttl-range", side=side, low=min(ttls), high=max(ttls)))
        lost = sum(segment.fate == "lost" for segment in run)
        if lost:
            facts.insert(0, self.say("holds-lost", n=words.number(lost)))
        for bit, key in ((RST, "holds-rst"), (FIN, "holds-fin"), (SYN, "holds-syn")):
            found = sum(bool(segment.flags & bit) for segment in run)
            if found:
                facts.insert(0, self.say(key, n=words.number(found)))
        return Fold(
            frames=tuple(segment.frame for segment in run),
            t_ns=first - self.facts.start_ns,
            until_ns=last - self.facts.start_ns,
            title=self.say("packets-in", n=count, time=words.span(last - first))
            if len(run) > 1
            else self.say("packet-in"),
            to_server=self._direction(run, "client"),
            to_client=self._direction(run, "server"),
            facts=tuple(facts),
        )

    def _direction(self, run: list[Segment], side: Side) -> str:
        sent = [segment for segment in run if segment.side == side]
        if not sent:
            return self.say("unseen-segments" if side == self.facts.unseen else "no-segments")
        amount = words.amount(sum(segment.payload for segment in sent), self.lang)
        return self.say("segment" if len(sent) == 1 else "segments", n=words.number(len(sent)), bytes=amount)

    def data_note(self, run: list[Segment], states: dict[Side, str]) -> Note | None:
        """What the packets of the run carried, if anything; that the connection was open, only while it was."""
        carried = {
            side: sum(s.payload for s in run if s.side == side and s.retransmission_of is None) for side in states
        }
        if not any(carried.values()):
            return None
        there = set(states.values()) == {"ESTABLISHED"}
        return Note(
            t_ns=run[-1].ts_ns - self.facts.start_ns,  # what was sent before has arrived then
            text=self.say(
                "data-flowed" if there else "data-only",
                to_server=words.amount(carried["client"], self.lang),
                to_client=words.amount(carried["server"], self.lang),
            ),
        )
