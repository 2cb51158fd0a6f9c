"""The packet socket: each packet once, in order, with the kernel's time, and drops counted."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

import pytest

from finrst.capture import lab
from finrst.capture.lab import Lab
from finrst.capture.live import afpacket
from finrst.capture.live.afpacket import AfPacket, compiled_filter

from ...laboratory import Laboratory


def collected(source: AfPacket, count: int, seconds: float = 2.0) -> list[Any]:
    """So many packets, or as many as came."""
    found: list[Any] = []
    end = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < end:
        found += source.read()
        time.sleep(0.001)
    return found


def datagrams(count: int, port: int = 7) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(count):
            sender.sendto(struct.pack(">I", number), ("10.9.0.2", port))


def test_loopback_packets_are_taken_once_in_order_with_their_times(laboratory: Laboratory) -> None:
    def work(_one: Lab) -> Any:
        source = AfPacket("lo")
        before = time.time_ns()
        datagrams(500)
        packets = [one for one in collected(source, 1000, 0.5) if one.data[23] == 17]
        after = time.time_ns()
        times = [one.t_ns for one in packets]
        assert before <= times[0] and times == sorted(times) and times[-1] <= after
        return [struct.unpack(">I", one.data[42:46])[0] for one in packets], source.counts()[1]

    assert laboratory(work)[0] == [list(range(500)), 0]


def test_what_does_not_fit_is_counted(laboratory: Laboratory) -> None:
    def work(_one: Lab) -> Any:
        source = AfPacket("lo", block=1 << 12, blocks=2)
        datagrams(2_000)
        taken = len(collected(source, 4_000, 0.2))
        received, dropped = source.counts()
        assert source.counts() == (received, dropped), "they add up"
        source.close()
        return taken, received, dropped

    taken, received, dropped = laboratory(work)[0]
    assert 0 < taken < 2_000
    assert dropped > 0
    assert received >= 2_000


def test_a_filter_lets_only_its_packets_in(laboratory: Laboratory, tcpdump: str) -> None:
    def work(_one: Lab) -> Any:
        source = AfPacket("lo", bpf=compiled_filter("udp port 9", 1))
        datagrams(3, 7)
        datagrams(2, 9)
        return len(collected(source, 3, 0.3))

    assert laboratory(work)[0] == 2


def test_both_directions_of_a_veth_are_taken(laboratory: Laboratory) -> None:
    def work(one: Lab) -> Any:
        source = AfPacket("eth0")
        one.pair()
        return sorted(packet.outgoing for packet in collected(source, 3))

    assert laboratory(work, "veth")[0] == [False, True, True]


def test_a_wrong_filter_is_refused_in_one_line(tcpdump: str) -> None:
    with pytest.raises(ValueError, match="no such thing") as raised:
        compiled_filter("no such thing", 1)
    assert "\n" not in str(raised.value)


def test_an_interface_that_is_not_there_is_an_oserror() -> None:
    def work() -> Any:
        try:
            AfPacket("nowhere0")
        except OSError as error:
            return error.errno

    assert lab.inside(work) == 19  # ENODEV


def test_whether_it_can_be_used_is_known() -> None:
    assert lab.inside(afpacket.available) == [True, ""]
