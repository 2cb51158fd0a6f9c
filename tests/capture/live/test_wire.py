"""The wire between two TUN devices, with pipes in their place: rules, order, delay."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator

import pytest

from finrst.capture import lab
from finrst.capture.live import wire
from finrst.capture.live.wire import Wire
from finrst.capture.segments import forge, parse

ENDS = ("10.9.0.1:40000", "10.9.0.2:9000")


class Ends:
    """A wire, and the far side of its two devices."""

    def __init__(self) -> None:
        self.pairs = {
            host: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
            for host in ("client", "server")
        }
        self.wire = Wire({host: os.dup(near.fileno()) for host, (near, _far) in self.pairs.items()})

    def send(self, *payloads: bytes) -> None:
        for payload in payloads:
            self.pairs["client"][1].send(forge(*ENDS, "PSH ACK", 1, payload=payload))

    def arrived(self) -> list[bytes]:
        self.wire.turn()
        found: list[bytes] = []
        while True:
            try:
                segment = parse(self.pairs["server"][1].recv(9999))
            except BlockingIOError:
                return found
            assert segment
            found.append(segment.payload)


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.wire.close()
    for near, far in made.pairs.values():
        near.close()
        far.close()


def test_packets_pass_in_order(ends: Ends) -> None:
    ends.send(b"1", b"2", b"3")
    assert ends.arrived() == [b"1", b"2", b"3"]


def test_what_is_no_tcp_passes_whatever_the_rules(ends: Ends) -> None:
    ends.wire.add(lambda segment: True, copies=0)
    ends.pairs["client"][1].send(b"\x45" + bytes(30))
    ends.wire.turn()
    assert len(ends.pairs["server"][1].recv(99)) == 31


def test_the_first_rule_that_matches_decides_and_is_used_up(ends: Ends) -> None:
    ends.wire.add(lambda segment: segment.payload == b"1", copies=2, left=1)
    rule = ends.wire.add(lambda segment: segment.payload in (b"1", b"2"), copies=0)
    ends.send(b"1", b"1", b"2", b"3")
    assert ends.arrived() == [b"1", b"1", b"3"]
    assert rule.matched == 2


def test_held_packets_go_when_they_are_released(ends: Ends) -> None:
    rule = ends.wire.add(lambda segment: segment.payload < b"3", copies=0, keep=True)
    ends.send(b"1", b"2", b"3")
    assert ends.arrived() == [b"3"]
    ends.wire.remove(rule)
    assert ends.arrived() == [b"1", b"2"]


def test_a_delay_is_kept_and_announced(ends: Ends) -> None:
    ends.wire.delay = 0.03
    ends.send(b"1")
    due = ends.wire.turn()
    assert due is not None and 0 < due <= 0.03
    assert ends.arrived() == []
    time.sleep(0.035)
    assert ends.arrived() == [b"1"]
    assert ends.wire.turn() is None


def test_whether_tun_devices_can_be_made_is_known() -> None:
    assert lab.inside(wire.available) == [True, ""]
