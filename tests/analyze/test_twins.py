"""Which connection of one capture is which of the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from finrst.analyze.scan import scan
from finrst.analyze.tell import both_ends
from finrst.analyze.twins import Twins

from .conversation import Talk, Wire
from .two_ends import Ends


def twins(ends: Ends, folder: Path) -> Twins:
    view = ends.found(folder).vantage
    assert view is not None
    return view.twins


def talked(ends: Ends) -> Ends:
    c, s = ends.open(tsval=5)
    for number in range(4):
        c.data(100 + number, tsval=100 + number), s.data(900 + number, tsval=200 + number)
    return ends


def test_a_connection_is_found_behind_a_nat(tmp_path: Path) -> None:
    assert twins(talked(Ends(nat=("203.0.113.9", 61_000))), tmp_path).of == {0: 0}


def test_a_connection_is_found_behind_a_firewall_that_chooses_its_own_numbers(tmp_path: Path) -> None:
    ends = Ends(nat=("203.0.113.9", 61_000), rewritten=(123_456_789, 4_000_000_000))
    assert twins(talked(ends), tmp_path).of == {0: 0}


def test_without_a_syn_the_same_addresses_do(tmp_path: Path) -> None:
    ends = Ends()
    c, s = ends.established()
    c.data(10), s.ack()
    assert twins(ends, tmp_path).of == {0: 0}


def test_without_syn_and_addresses_the_timestamps_do(tmp_path: Path) -> None:
    ends = Ends(nat=("203.0.113.9", 61_000))
    c, s = ends.established()
    for number in range(4):
        c.data(10, tsval=100 + number), s.data(20, tsval=200 + number)
    assert twins(ends, tmp_path).of == {0: 0}


def files(near: Wire, far: Wire, folder: Path) -> Twins:
    one = scan(str(near.write(folder / "near.pcap")))
    both_ends(one, scan(str(far.write(folder / "far.pcap"))))
    assert one.vantage is not None
    return one.vantage.twins


def connection(wire: Wire, **more: Any) -> None:
    c, s = Talk(wire=wire, **more).open()
    c.data(6), s.data(18)


def test_each_of_many_finds_its_own_in_any_order(tmp_path: Path) -> None:
    near, far = Wire(), Wire()
    for number in range(20):
        connection(near, isn=(1000 * number, 77 * number), ports=(5000 + number, 80))
    for number in reversed(range(20)):
        connection(far, isn=(1000 * number, 77 * number), ports=(5000 + number, 80))
    assert files(near, far, tmp_path).of == {number: 19 - number for number in range(20)}


def test_a_port_that_is_used_again_is_another_connection(tmp_path: Path) -> None:
    near, far = Wire(), Wire()
    connection(near, isn=(5, 6))
    connection(far, isn=(500_000, 600_000))
    assert files(near, far, tmp_path).of == {}


def test_what_fits_several_is_not_chosen_by_chance(tmp_path: Path) -> None:
    near, far = Wire(), Wire()
    connection(near, isn=(5, 6), ports=(5000, 80))
    connection(far, isn=(5, 6), ports=(7000, 80))
    connection(far, isn=(5, 6), ports=(7001, 80))
    found = files(near, far, tmp_path)
    assert (found.of, found.ambiguous) == ({}, [0])


def test_the_same_ports_single_out_one_of_several(tmp_path: Path) -> None:
    near, far = Wire(), Wire()
    connection(near, isn=(5, 6), ports=(5000, 80))
    connection(far, isn=(5, 6), ports=(7000, 80))
    connection(far, isn=(5, 6), ports=(5000, 80))
    assert files(near, far, tmp_path).of == {0: 1}


def test_of_a_simultaneous_open_each_capture_has_its_own_client(tmp_path: Path) -> None:
    near, far = Wire(), Wire()
    for wire, first in ((near, 0), (far, 1)):
        talk = Talk(wire=wire, isn=(5, 6), ports=(9001, 9002))
        ends = (talk.client, talk.server)
        ends[first].send("S"), ends[1 - first].send("S", ack=0)
        talk.client.heard = talk.server.heard = 1
        talk.client.send("S.", seq=0), talk.server.send("S.", seq=0)
    found = files(near, far, tmp_path)
    assert (found.of, found.turned) == ({0: 0}, {0})
