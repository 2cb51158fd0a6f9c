"""The subtitle: which file and packets a figure was drawn from, and what each thing in it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .... import words
from ....of_connection import file_name, numbers_from
from ....scene import Arrow, Item, Note, Scene, Source, State, Totals
from ....visible import visible
from .ending import Ending
from .facts import Facts, Part

MOST_NAMED = 70  # letters of the names of states; more are not read, and the dashes say it of each


class Provenance(Part):
    """Says where everything comes from."""

    def __init__(self, facts: Facts, ending: Ending) -> None:
        super().__init__(facts)
        self.ending = ending

    def subtitle(self, scene: Scene) -> str:
        """Where each thing in the figure comes from, once calls and kernel have their place in it."""
        comma = "、" if self.lang == "zh" else ", "
        kernel_told = any(event.kind == "state" for event in self.connection.kernel)
        sources = {
            "calls": self.connection.calls, "states": kernel_told,
            "steps": any(isinstance(item, Note) and item.boxed and item.source == "traced" for item in scene.items),
            "reason": any(reset.kernel_reason for reset in self.connection.resets),
        }  # fmt: skip
        what = comma.join(self.say(f"traced-{source}") for source, there in sources.items() if there)
        if not what:
            return self.written(scene.totals, self.sources(), scene.items)
        said = self.say("traced", what=what)
        if not kernel_told and sources["reason"] and self.named(scene, "traced"):
            said += self.say("traced-so", states=self.named(scene, "traced"))  # who had no socket was in CLOSED
        elif not kernel_told:
            said += self.say("traced-end") + ("" if self.lang == "zh" else " ")
            return self.written(scene.totals, said + self.say(f"inferred-{scene.verdict.certainty}"), scene.items)
        guessed = self.named(scene, "inferred")
        guessed = guessed if len(guessed) <= MOST_NAMED else self.say("dashed-states")
        said += self.say("traced-but", states=guessed) if guessed else self.say("traced-end")
        if scene.verdict.certainty == "compatible":
            said += ("" if self.lang == "zh" else " ") + self.say("several-causes")
        return self.written(scene.totals, said, scene.items)

    def named(self, scene: Scene, source: Source) -> str:
        """Whose states come from there; UNKNOWN comes from nowhere."""
        states = [scene.client_state, scene.server_state]
        states += [item for item in scene.items if isinstance(item, State)]
        states += [s for arrow in scene.arrows for s in (arrow.sender_state, arrow.receiver_state) if s is not None]
        comma, apart = ("、", "，") if self.lang == "zh" else (", ", "; ")
        ends: list[str] = []
        for side in ("client", "server"):
            own = [s for s in states if s.side == side and s.name != "UNKNOWN"]
            twice = {"CLOSED"} <= {s.name for s in own if s.source != source}  # recorded after the connection, too
            names: list[str] = []
            for s in own:
                if s.source == source:
                    before = source == "inferred" and twice and s.name == "CLOSED"
                    names.append(self.say("closed-before") if before else s.name)
                elif source == "inferred" and s.told_until_ns is not None:
                    names.append(self.say("rest-of", state=s.name))
            if names:
                ends.append(f"{self.say(self.facts.roles.get(side, side))} {comma.join(dict.fromkeys(names))}")
        return apart.join(ends)

    def written(self, totals: Totals, sources: str, items: Sequence[Item]) -> str:
        connection = self.connection
        file = file_name(self.facts.capture, self.lang)
        n, drawn = words.number(totals.packets), words.number(totals.drawn)
        folded, copies = words.number(totals.folded), words.number(totals.copies)
        if totals.folded and totals.copies:
            sums = self.say("sum-both", n=n, drawn=drawn, folded=folded, copies=copies)
        elif totals.folded:
            sums = self.say("sum-folded", n=n, drawn=drawn, folded=folded)
        elif totals.copies:
            again = all(s.deliveries > 1 for s in self.segments if s.frame in self.facts.copies)
            sums = self.say("sum-delivered" if again else "sum-copies", n=n, drawn=drawn, copies=copies)
            more = sum(segment.deliveries for segment in self.segments) - totals.packets
            if again and more > 0:  # copies that came to the end of the other capture
                sums += self.say("sum-elsewhere", n=words.number(more))
        else:
            sums = self.say("one-drawn") if totals.packets == 1 else self.say("all-drawn", n=n)
        errors = len(self.facts.icmp)
        if errors:
            key = "sum-icmp" if errors > 1 else "sum-icmp-one"
            sums = self.say(key, packets=sums, n=words.number(errors))
        parts = [
            self.say("subtitle", file=file, number=connection.number, packets=sums),
            numbers_from(connection, self.lang) if self.facts.timed else self._untimed(items),
        ]
        if self.facts.timed and self.facts.capture.recorded is not None and self.facts.capture.recorded.kernel:
            parts.append(self.say("recorded", kernel=visible(self.facts.capture.recorded.kernel)))
        parts += self._both_ends()
        parts.append(sources)
        if connection.direction == "guessed":
            parts.append(self.say("guessed"))
        return ("" if self.lang == "zh" else " ").join(parts)

    def _untimed(self, items: Sequence[Item]) -> str:
        """That there is no clock, and what the letters are that stand in the figure."""
        said = self.say("untimed")
        arrows = [item for item in items if isinstance(item, Arrow)]
        labels = " ".join(arrow.label for arrow in arrows)
        letters = [letter for letter in "JKMN" if re.search(rf"\b{letter}\b", labels)]
        if not letters:
            return said
        flags = [flag for flag in ("SYN", "FIN") if re.search(rf"\b{flag}\b", labels)]
        comma, last = ("、", "、") if self.lang == "zh" else (", ", " and ")
        named = last.join([part for part in (comma.join(letters[:-1]), letters[-1]) if part])
        key = "untimed-letters" if len(letters) > 1 else "untimed-letter"
        apart = "" if self.lang == "zh" else " "
        said += apart + self.say(key, letters=named)
        if flags:
            each = self.say("untimed-both" if len(flags) > 1 else "untimed-one", flags=last.join(flags))
            said = said.rstrip("。.") + each
        return said

    def sources(self) -> str:
        """Where states and verdict come from."""
        certainty = self.ending.verdict.certainty
        unsent = certainty == "proved" and self.told is not None and self.told.unsent
        return self.say("inferred-both" if unsent else f"inferred-{certainty}")

    def slants(self, items: Sequence[Item]) -> str:
        """What a steep arrow means, where there is one: ways' lengths are known, and time is told."""
        there = self.connection.other_end
        known = self.facts.timed and there is not None and (there.clock.same or there.clock.uncertainty_ns is not None)
        steep = any(isinstance(item, Arrow) and (item.took or item.crosses is not None) for item in items)
        if not known or not steep:
            return ""
        return self.say("steep" if self.facts.ways_alike is None else "steep-alike")

    def _both_ends(self) -> list[str]:
        """That both ends were captured, and how their clocks differ."""
        there = self.connection.other_end
        if there is None:
            return []
        clock = there.clock
        alike = self.facts.ways_alike if self.facts.crossing else None
        took = [] if alike is None else [self.say("all-took", time=words.span(alike))]
        if clock.same:
            return [self.say("both-one-clock"), *took]
        if clock.uncertainty_ns is None:
            return [self.say("both-one-way")]
        ahead = clock.offset(self.facts.start_ns) * (-1 if there.reversed else 1)
        key = "both-ahead" if ahead >= 0 else "both-behind"
        return [self.say(key, time=words.span(ahead), give=words.span(clock.uncertainty_ns)), *took]
