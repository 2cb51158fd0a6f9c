"""Packet by packet: which of one capture is which of the other."""

from __future__ import annotations

from pathlib import Path

from finrst.analyze.matching import Matching, Ranges
from finrst.analyze.scan import scan
from finrst.analyze.story import Clock
from finrst.analyze.tell import with_packets

from .two_ends import Ends

ONE_CLOCK = Clock(0, 0, 0)


def matching(ends: Ends, folder: Path) -> Matching:
    near, far = (with_packets(scan(str(path)), [0])[0] for path in ends.write(folder))
    isn = ((near.isn[0], far.isn[0]), (near.isn[1], far.isn[1]))
    found = Matching(near.segments, far.segments, isn)
    found.finish(ONE_CLOCK)
    return found


def test_every_packet_that_arrives_finds_itself(tmp_path: Path) -> None:
    ends = Ends(rewritten=(999, 2**32 - 5))
    c, s = ends.open()
    c.data(100), s.ack(), s.data(200), c.ack(), c.fin(), s.ack(), s.fin(), c.ack()
    found = matching(ends, tmp_path)
    assert found.pairs == {place: place for place in range(11)}


def test_the_copy_that_arrives_is_the_one_that_is_not_lost(tmp_path: Path) -> None:
    """By its timestamps, its IP-ID, or without both by its time."""
    for more in ({"tsval": 1}, {"ip_id": 7}, {"ip_id": 0}):
        ends = Ends()
        c, s = ends.open()
        again = {"tsval": 2} if "tsval" in more else {"ip_id": 8} if more["ip_id"] else {"ip_id": 0}
        c.data(100, lost=True, **more)
        c.data(100, seq=1, gap=0.3, **again)
        s.ack()
        found = matching(ends, tmp_path)
        assert found.pairs == {0: 0, 1: 1, 2: 2, 4: 3, 5: 4}, more


def test_of_a_lost_last_copy_the_first_arrived(tmp_path: Path) -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(100, ip_id=0), s.ack(gap=0.02, lost=True), c.data(100, seq=1, gap=0.3, ip_id=0, lost=True)
    found = matching(ends, tmp_path)
    assert found.pairs[3] == 3 and 4 not in found.pairs


def test_data_that_a_network_card_cuts_is_found_by_its_range(tmp_path: Path) -> None:
    ends = Ends()
    c, _ = ends.open()
    c.data(2920, missed="server")
    ends.talk.client.next = 1
    c.data(1460, missed="client", gap=0.01), c.data(1460, missed="client", gap=0)
    found = matching(ends, tmp_path)
    assert found.parts == {3: [3, 4]}
    assert found.joined == {3: [3], 4: [3]}


def test_data_that_arrives_in_part_only_is_not_found(tmp_path: Path) -> None:
    ends = Ends()
    c, _ = ends.open()
    c.data(2920, missed="server")
    ends.talk.client.next = 1
    c.data(1460, missed="client", gap=0.01)
    found = matching(ends, tmp_path)
    assert found.parts == {}
    assert found.joined == {3: [3]}


def test_a_packet_that_the_network_doubles_is_not_another(tmp_path: Path) -> None:
    ends = Ends()
    c, s = ends.open()
    c.data(10, twice=0.05), s.ack()
    found = matching(ends, tmp_path)
    assert found.pairs[3] == 3 and list(found.doubled.values()) == [3]


def test_ranges_wrap_with_the_sequence_numbers(tmp_path: Path) -> None:
    ends = Ends(isn=(2**32 - 50, 7))
    c, _ = ends.open()
    c.data(100)
    near = scan(str(ends.write(tmp_path)[0]))
    segments = with_packets(near, [0])[0].segments
    ranges = Ranges([s for s in segments if s.side == "client"], segments[0].seq)
    assert ranges.holds(1, 101) and not ranges.holds(1, 102)
    assert ranges.top == 101
