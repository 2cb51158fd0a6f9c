"""Where arrows depart and arrive: one after another, or by the times of both ends."""

from __future__ import annotations

from ....scene import Arrow, other
from .. import crossings
from .labels import Labels
from .placing import STATE_ROOM
from .plans import ROW, ROW_LIFT, Plan
from .skyline import Quad

SLANT = 30.0
MOST_SLANT = 90.0
CROSSING_SLANT = 110.0
CROSSING_LAG = 14.0  # the second departs so far below the first
STEEPEST_HEAD_ON = 0.9  # dy per dx to which an arrow is bent down for the words of one that it meets
NOISE_NS = 1_000_000  # shorter ways are all drawn alike
LANDING = 14.0  # between two arrivals at one end, and from a departure to an arrival
PASSING = 34.0  # between two arrivals of arrows that cross others
DIAMOND = 20.0  # from the mark of an unknown sender to a line that passes it
LATER = 2.0  # below what happened before at the other end
MOST_ROOM = 60.0  # that an arrow leaves for the label of one that overtakes it; one that is explained below it:
LEAVES_WHOLE = 150.0
PITCH, PITCH_DETAILED = 34.0, 48.0


class Departures(Labels):
    """Finds the arrows' places."""

    def _place_arrow(self, arrow: Arrow) -> None:
        y = self._departure(arrow)
        self._wait(arrow, y)
        self._stamp(y, arrow.t_ns)
        self._enter(arrow.sender_state, y)
        self.dots[arrow.frame] = (y, arrow.side)
        self.anchor = y
        self.detailed = bool(arrow.detail)
        self.on_their_way.append((arrow, y, self.owner))
        group = self.groups.get(arrow.frame)
        if group is None or arrow is group[-1]:
            self._arrive()

    def _departure(self, arrow: Arrow) -> float:
        """Where the arrow departs."""
        group = self.groups.get(arrow.frame, (arrow,))
        if arrow is group[0]:
            y = self._least(arrow, self._planned(arrow))
            for place, later in enumerate(group[1:], 1):  # those that cross it must fit too, a little below
                y = max(y, self.skyline.room(self._planned(later).boxes, 3.0) - place * CROSSING_LAG)
                if later.sender_state is not None:
                    y = max(y, self.lanes[later.side].since + STATE_ROOM - place * CROSSING_LAG)
            return y
        pitch = PITCH_DETAILED if self.detailed or arrow.detail else PITCH
        y = max(self.on_their_way[-1][1] + CROSSING_LAG, self._stamped(arrow))
        y = max([y, *(above + pitch for one, above, _ in self.on_their_way if one.side == arrow.side)])
        if self.anchor > self.on_their_way[-1][1]:  # a call in between
            y = max(y, self.anchor + 6)
        if arrow.sender_state is not None:
            y = max(y, self.lanes[arrow.side].since + STATE_ROOM)
        return y

    def _arrive(self) -> None:
        """Draw what has departed: all at one slant, so steep that each is there after the last has left."""
        departed, self.on_their_way = self.on_their_way, []
        slant = self._slant(departed[0][0]) if len(departed) == 1 else CROSSING_SLANT
        for place, (one, y, _) in enumerate(departed):
            for two, below, _ in departed[place + 1 :]:
                if one.side != two.side:  # each label stands where the other arrow does not pass
                    slant = max(slant, (below - y + 20) / (1 - 2 * self.planner.crowded))
            if len(departed) > 1 and one.receiver_state is not None:
                slant = max(slant, self.lanes[other(one.side)].since + STATE_ROOM - y)
        plans = [self.planner.plan(arrow, slant, crowded=len(departed) > 1) for arrow, _, _ in departed]
        last = self.owner
        for (arrow, y, self.owner), plan in zip(departed, plans, strict=True):
            self._draw_arrow(arrow, plan, y)
        self.owner = last
        for (arrow, y, _), plan in zip(departed, plans, strict=True):
            lane = self.lanes[other(arrow.side)]
            if arrow.unanswered is None:
                lane.arrivals.append((arrow.arrives_ns, y + slant))
            if arrow.receiver_state is not None:
                self._enter(arrow.receiver_state, max(y + slant, lane.since + STATE_ROOM))
            self.skyline.add(plan.boxes, y)
            self.landed = max(self.landed, y + plan.slope * (plan.reach - plan.tail))
        self.departed_ns = max(arrow.t_ns for arrow, _, _ in departed)
        self.middle = departed[-1][1] + slant / 2
        for (arrow, y, _), plan in zip(departed, plans, strict=True):
            if arrow.why is not None:
                self._callout(arrow, plan, y, pointing=len(departed) == 1)

    def _leave(self, arrow: Arrow) -> None:
        """The arrow departs."""
        frame, lane = arrow.frame, self.lanes[arrow.side]
        plan = self._flown(arrow)
        y = self._take_off(arrow, plan)
        for number, (theirs, above) in self.flying.items():
            if theirs.sign == plan.sign:
                continue
            # Head on: the other must pass below this one's labels, which stand near its tail.
            bottoms = [(abs(q.x2 - theirs.end), abs(q.x1 - theirs.end), q) for q in plan.boxes[1:]]
            for far1, far2, q in bottoms:
                far, at = (far1, q.y2) if far1 > far2 else (far2, q.y1)
                part = far / abs(theirs.end - theirs.tail)
                if part < 0.55:
                    least = (y + at + q.below + 4 - above * part) / (1 - part)
                    least = min(least, above + STEEPEST_HEAD_ON * self.wire)
                    self.least_landing[number] = max(self.least_landing.get(number, 0.0), least)
        self._wait(arrow, y)
        self._stamp(y, arrow.t_ns)
        self._enter(arrow.sender_state, y)
        self.dots[frame] = (y, arrow.side)
        self.anchor = lane.last = y
        self.departed_ns = arrow.t_ns
        self.detailed = bool(arrow.detail)
        self._draw_arrow(arrow, plan, y)
        if arrow.why is not None:
            self.unexplained.append((arrow, plan, y))
        if crossings.arrival(arrow) is None:
            ahead = [above + theirs.slant for theirs, above in self.flying.values() if theirs.sign == plan.sign]
            beside = bool(ahead)
            if beside:  # no faster than those before it
                self.falls[frame] = max(SLANT, max(ahead) + PASSING / 2 - y)
            self.skyline.add(plan.boxes[1:] if beside else plan.boxes, y)  # it falls as they do, above the next
            if beside:
                self.fading.append((plan, y))
            self.middle = y + SLANT / 2
            self.landed = max(self.landed, y + plan.slope * (plan.reach - plan.tail))
            if not self.flying:
                self._explain()
        else:
            self.skyline.add(plan.boxes[1:], y)
            self.flying[frame] = (plan, y)

    def _flown(self, arrow: Arrow) -> Plan:
        """The arrow's geometry, falling as far as the passes before this one have found."""
        crowded, others = arrow.frame in self.passing, bool(self.flying)
        return self.planner.plan(arrow, self.falls[arrow.frame], crowded, others)

    def _take_off(self, arrow: Arrow, plan: Plan) -> float:
        """The least y at which the arrow may depart."""
        lane = self.lanes[arrow.side]
        pitch = PITCH_DETAILED if self.detailed or arrow.detail else PITCH
        y = max(self.anchor + 6, lane.last + 6, self.wire_floor, self.skyline.room(plan.boxes, 3.0))
        if self.middle is not None:
            y = max(y, self.middle + pitch - min(plan.slant, SLANT) / 2)
        y = max(y, self._stamped(arrow))
        if arrow.sender_state is not None:
            y = max(y, lane.since + STATE_ROOM)
        for number, (theirs, above) in self.flying.items():
            if theirs.sign != plan.sign:
                continue
            if arrow.origin and abs(above + (plan.tail - theirs.tail) * theirs.slope - y) < DIAMOND:
                y = above + (plan.tail - theirs.tail) * theirs.slope + DIAMOND  # its sender's mark hides no line
            # Of the same way: this one's labels stand below the other's line, as far as that is not too steep.
            tops = [
                (abs(x - theirs.tail), at - q.above) for q in plan.boxes[1:] for x, at in ((q.x1, q.y1), (q.x2, q.y2))
            ]
            below = max(far * abs(theirs.slope) - top + 3 for far, top in tops)
            y = max(y, above + pitch, above + min(below, LEAVES_WHOLE if number in self.explained else MOST_ROOM))
        return y

    def _least_fall(self, arrow: Arrow) -> float:
        """How far the arrow falls at the least: in proportion to its way, where that is more than noise."""
        if arrow.arrives_ns is None or not self.scene.timed:
            return SLANT
        way = arrow.arrives_ns - arrow.t_ns
        for crossed in self.passing.get(arrow.frame, ()):
            theirs = 0 if crossed.arrives_ns is None else crossed.arrives_ns - crossed.t_ns
            if crossed.side != arrow.side and 3 * way >= theirs:
                return CROSSING_SLANT
        return self._slant(arrow) if way >= NOISE_NS else SLANT

    def _land(self, arrow: Arrow) -> None:
        """The arrow arrives: below all that was before, at either end."""
        plan, y = self.flying.pop(arrow.frame)
        lane = self.lanes[other(arrow.side)]
        there = max(y + plan.slant, lane.last + LANDING, self.anchor + LATER)
        if arrow.frame in self.passing:  # words may stand between it and the one before
            above, lines = self.passed.get(arrow.side, (0.0, 0))
            there = max(there, above + max(PASSING, ROW_LIFT + ROW * lines))
        there = max(there, self.wire_floor, self.least_landing.get(arrow.frame, 0.0))
        if arrow.receiver_state is not None:
            there = max(there, lane.since + STATE_ROOM)
            self._enter(arrow.receiver_state, there)
        if there > y + plan.slant + 0.05:
            self.falls[arrow.frame] = there - y
        self.anchor = lane.last = there
        self.passed[arrow.side] = (there, len(plan.rows) if plan.level else 0)
        lane.arrivals.append((arrow.arrives_ns, there))
        self.skyline.add((Quad(plan.tail, 0, plan.end, there - y, 3.0, 3.0),), y)
        for lost, above in self.fading:
            self.skyline.add(lost.boxes, above)
        self.fading.clear()
        self.middle = there - SLANT / 2
        if not self.flying:
            self._explain()

    def _explain(self) -> None:
        """The reasons of RSTs, once nothing is on its way."""
        waiting, self.unexplained = self.unexplained, []
        for arrow, plan, y in waiting:
            alone = arrow.frame not in self.passing and arrow.frame == next(reversed(self.dots))
            self._callout(arrow, plan, y, pointing=alone)

    def _planned(self, arrow: Arrow) -> Plan:
        crowded = arrow.frame in self.groups
        return self.planner.plan(arrow, CROSSING_SLANT if crowded else self._slant(arrow), crowded=crowded)

    def _slant(self, arrow: Arrow) -> float:
        """How far an arrow falls that crosses none: where its way was measured, in proportion to the usual one."""
        if arrow.arrives_ns is None or not self.usual_ns or not self.scene.timed:
            return SLANT
        return min(MOST_SLANT, SLANT * max(1.0, (arrow.arrives_ns - arrow.t_ns) / self.usual_ns))

    def _least(self, arrow: Arrow, plan: Plan) -> float:
        """The least y at which the arrow may depart."""
        least = max(self.anchor + 6, self.wire_floor, self.skyline.room(plan.boxes, 3.0))
        if self.middle is not None:
            pitch = PITCH_DETAILED if self.detailed or arrow.detail else PITCH
            least = max(least, self.middle + pitch - plan.slant / 2)
        least = max(least, self._stamped(arrow))
        if arrow.sender_state is not None:
            least = max(least, self.lanes[arrow.side].since + STATE_ROOM)
        if arrow.receiver_state is not None:
            least = max(least, self.lanes[other(arrow.side)].since + STATE_ROOM - plan.slant)
        return least
