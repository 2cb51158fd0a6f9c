"""The lengths of long gaps, beside the times."""

from __future__ import annotations

from dataclasses import replace

import finrst
from finrst.plots.figures.ladder.compose.gaps import with_waits
from finrst.plots.scene import Arrow, Break, Call, Fold, Item, Note, Scene, Side

from .... import conversations as talk
from ..scenes import SAMPLES, arrow, sample, scene

MS = 1_000_000


def nothing_said(_frame: int) -> None:
    return None


def spaced(*gaps_ms: float, acks: bool = True) -> Scene:
    """A handshake, and data from the client after each of these gaps, acknowledged 20 microseconds later."""
    one, now = talk.Talk().handshake(), 0.000041
    for number, gap in enumerate(gaps_ms):
        now += gap / 1e3
        one.add(now, "client", "P.", 1 + 6 * number, 1, 6)
        if acks:
            now += 0.00002
            one.add(now, "server", ".", 1, 7 + 6 * number)
    return scene(one.connection("open", "", None))


def between(figure: Scene, frame: int, *marks: Item) -> Scene:
    """The scene with these marks before an arrow, its gaps found anew."""
    bare = [replace(item, wait=None) if isinstance(item, Arrow) else item for item in figure.items]
    at = figure.items.index(arrow(figure, frame))
    return with_waits(replace(figure, items=(*bare[:at], *marks, *bare[at:])), nothing_said)


def waits(figure: Scene) -> dict[int, str]:
    return {one.frame: one.wait for one in figure.arrows if one.wait is not None}


def test_a_gap_of_more_than_twenty_times_the_median_has_its_length() -> None:
    assert waits(spaced(12, 0.3, 41.3)) == {4: "+12 ms", 8: "+41.3 ms"}
    assert waits(spaced(5, 5, 5, 5, 50, acks=False)) == {}, "here such gaps are usual"
    assert waits(spaced(0.9)) == {}, "one stamp tells both"


def test_what_is_written_counts_from_the_packet_before_whatever_is_called_between() -> None:
    figure = spaced(41.3)
    for at in (20, 30, 41):
        parted = between(figure, 4, Call(t_ns=at * MS, side="client", text="read(3, 4096)"))
        assert waits(parted) == {4: "+41.3 ms"} and [one.wait for one in parted.calls("client")] == [None]


def called(t_ms: float, side: Side) -> Call:
    return Call(t_ns=int(t_ms * MS), side=side, text="read(3, 4096)")


def test_a_call_that_ended_the_gap_and_stands_apart_from_its_packet_has_the_length_and_a_stamp() -> None:
    figure = spaced(41.3)  # the packet leaves at 41.341
    two = between(figure, 4, called(40.9, "client"), called(41, "client"))
    others = between(figure, 4, called(40.9, "server"))
    boxed = between(figure, 4, called(40.9, "client"), Note(t_ns=41 * MS, text="a rule is set", boxed=True))
    for told in (two, others, boxed):
        assert waits(told) == {}
        calls = [item for item in told.items if isinstance(item, Call)]
        assert [one.wait for one in calls] == ["+40.9 ms", *([None] * (len(calls) - 1))]
        assert {told.items.index(calls[0])} == told.told_alone()


def test_a_call_that_a_stamp_above_tells_leaves_the_length_to_its_packet() -> None:
    told = between(spaced(41.3), 4, *(called(at, "client") for at in (40.2, 40.4, 41)))
    assert waits(told) == {4: "+41.3 ms"} and {one.wait for one in told.calls("client")} == {None}
    later = between(spaced(41.3), 4, *(called(at, "client") for at in (30, 40.4, 41)))
    assert waits(later) == {} and [one.wait for one in later.calls("client")] == [None, "+40.4 ms", None]


def test_where_the_packets_tell_what_the_gap_was_for_its_length_stays_with_that() -> None:
    bare = tuple(replace(item, wait=None) if isinstance(item, Arrow) else item for item in spaced(41.3).items)
    at = next(place for place, item in enumerate(bare) if isinstance(item, Arrow) and item.frame == 4)
    figure = replace(spaced(41.3), items=(*bare[:at], called(40.9, "server"), *bare[at:]))
    assert waits(with_waits(figure, lambda _frame: "window 24")) == {4: "+41.3 ms"}


def test_after_the_last_packet_the_first_call_has_it() -> None:
    figure = spaced(1)
    late = [Call(t_ns=at * MS, side="client", text="read(3, 4096)") for at in (50, 90)]
    told = with_waits(replace(figure, items=(*figure.items, *late)), nothing_said)
    assert [one.wait for one in told.calls("client")] == ["+48.9 ms", None]


def test_after_the_last_packet_its_way_is_no_wait_of_the_call() -> None:
    figure = spaced(1)
    *early, last = figure.items
    assert isinstance(last, Arrow)
    late = Call(t_ns=50 * MS, side="client", text="close(3)")
    for arrives_ns, wait in ((20 * MS, "+48.9 ms"), (40 * MS, None), (60 * MS, None)):
        told = with_waits(replace(figure, items=(*early, replace(last, arrives_ns=arrives_ns), late)), nothing_said)
        assert [one.wait for one in told.calls("client")] == [wait], arrives_ns


def test_a_break_or_a_box_tells_the_gap_itself() -> None:
    figure = spaced(41.3)
    assert waits(between(figure, 4, Break(dt_ns=41 * MS, text="41 ms later"))) == {}
    box = Fold(frames=(9,), t_ns=1 * MS, until_ns=30 * MS, title="", to_server="", to_client="")
    told = between(figure, 4, box)
    assert waits(told) == {4: "+11.3 ms"}, "counted from its end"


def test_the_way_of_a_packet_is_no_gap() -> None:
    assert waits(sample("lost-data-one-of-many")) == {18: "+52.2 ms"}
    assert waits(sample("crossing-data")) == {}


def test_without_a_clock_there_are_no_lengths() -> None:
    one = talk.Talk().handshake()
    one.add(3, "client", "P.", 1, 1, 6)
    assert waits(scene(one.connection("open", "", None), timed=False)) == {}


def test_an_inferred_arrival_shortens_no_gap() -> None:
    told = finrst.read(SAMPLES / "lost-data-reordered" / "packets.pcapng").connection(0).scene("en")
    assert isinstance(told, Scene)
    bare = [replace(item, wait=None) if isinstance(item, Arrow) else item for item in told.items]
    at_once = [
        replace(item, arrives_ns=None, arrival_inferred=False) if isinstance(item, Arrow) else item for item in bare
    ]
    assert any(one.arrival_inferred for one in told.arrows)
    both = [waits(with_waits(replace(told, items=tuple(items)), nothing_said)) for items in (bare, at_once)]
    assert both[0] == both[1]
